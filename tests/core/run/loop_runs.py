"""What tests of the loops do over and over: train a graph by one loop, compare what two have left.

Nothing is tested here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.document.building import Graph
from chainrule.core.run.training import Trainer


def trained(graph: Graph, loop: str, epochs: int = 12, **settings: Any) -> tuple[Trainer, NDArray[Any]]:
    trainer = Trainer(graph, loss="loss", loop=loop, **settings)
    losses = trainer.run(epochs)
    assert trainer.ran == loop
    return trainer, losses


def assert_same(one: dict[str, Any], other: dict[str, Any], tolerance: float = 1e-12) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_allclose(array, other[name], rtol=tolerance, atol=tolerance, err_msg=name)


def leaf(graph: Graph, name: str, value: Any, trained: bool = True) -> None:
    graph.add("tensor", name=name, value=value, dtype="float64", requires_grad=trained)
