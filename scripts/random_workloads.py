"""Workloads drawn at random: graphs of 5 to 60 operations, from scalars to 64 x 64, the same again for the same seed.

A graph grows value by value, each computed as it is drawn, so that shapes fit and numbers stay small. A graph whose
gradients are not finite, or depend on rounding, is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from contestants import TAPE
from numpy.typing import NDArray
from race import Reference, disagreement, first_steps
from workloads import LOSS, Workload, leaf

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.engine.calls import call
from chainrule.core.engine.tensor import Tensor, tensor_of

Array = NDArray[Any]
Fits = Callable[[Array], bool]

FEWEST, MOST = 5, 60  # operations
LARGEST = 64  # of a dimension
BOUND = 30.0  # for every value
JOLT, JOLTS = 1e-6, 4  # of a leaf's numbers, and how often they are shaken
STEP = 0.02  # of the loss is what one training step takes away, roughly
TARGETS = {"program": 1.5}

POINTWISE = (
    *("neg", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "square", "reciprocal", "abs", "erf"),
    *("sin", "cos", "atan", "sinh", "asinh", "tanh", "sigmoid"),
    *("relu", "softplus", "gelu", "silu", "elu", "leaky_relu", "logsigmoid", "softsign", "mish"),
)
BINARY = ("add", "sub", "mul", "div", "maximum", "minimum", "hypot", "logaddexp")
REDUCTIONS = ("sum", "mean", "amax", "amin", "logsumexp", "var", "std")
# How often each way to grow is taken.
WAYS = {"pointwise": 8, "number": 2, "binary": 6, "matmul": 3, "softmax": 2, "reduction": 3, "shape_change": 1}


def random_workload(seed: int, number: int) -> Workload:
    """The workload ``number`` of ``seed``."""
    random = np.random.default_rng([seed, number])
    # Once for all tries, or small graphs would be drawn most; the last step of growing may bring two more.
    operations = int(random.integers(FEWEST, MOST - 2, endpoint=True))
    while True:
        graph = _Growing(random).graph_of(operations)
        workload = Workload(f"random {seed}.{number}", graph, 1.0, TARGETS)
        with np.errstate(all="ignore"):
            trained = _with_rate(workload)
        if trained is not None:
            return trained


def _with_rate(workload: Workload) -> Workload | None:
    """The workload with a learning rate that lets the first steps be seen; None if it is not fit to be compared."""
    exact = _finite(workload.exact())
    if exact is None or len(exact.gradients) < len(workload.trained) or not all(map(np.any, exact.gradients.values())):
        return None
    steepness = sum(float((grad**2).sum()) for grad in exact.gradients.values())
    if not 1e-8 < steepness < 1e8 or abs(exact.losses[0]) < 1e-3:
        return None
    lr = float(f"{STEP * abs(exact.losses[0]) / steepness:.2g}")
    trained = Workload(workload.name, workload.graph, lr, workload.targets)
    expected, found = _finite(trained.exact()), _finite(trained)
    # An order of magnitude inside the tolerance, so that who rounds otherwise is inside it too.
    agree = expected and found and not disagreement(found, expected, strictness=10) and _calm(trained, expected)
    seen = expected and abs(expected.losses[0] - expected.losses[-1]) > STEP * abs(expected.losses[0])
    return trained if agree and seen else None


def _calm(workload: Workload, expected: Reference) -> bool:
    """Whether leaves that are off by rounding errors have much the same gradients: no maximum changes its place."""
    random = np.random.default_rng(0)
    for _ in range(JOLTS):
        shaken = workload.exact()
        for name, value in shaken.leaves.items():
            jolted = value * (1 + JOLT * random.normal(size=value.shape))
            edits.apply(shaken.graph, edits.set_value(shaken.graph, shaken.graph.named(name).id, jolted))
        found = _finite(shaken)
        if found is None or disagreement(found, expected, strictness=2):
            return False
    return True


def _finite(workload: Workload) -> Reference | None:
    found = first_steps(TAPE.start(workload))
    arrays = [found.losses, *found.gradients.values()]
    return found if all(np.isfinite(array).all() for array in arrays) else None


class _Growing:
    """A graph, the values in it, and the nodes that nothing reads yet."""

    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        self.graph = Graph()
        self.values: dict[str, Tensor] = {}
        self.unread: list[str] = []
        self.sizes = [1, *random.integers(2, LARGEST, 2, endpoint=True).tolist()]
        self.operations = 0

    def graph_of(self, operations: int) -> Graph:
        """Grow a graph of so many operations, the last of them a scalar that all others lead to."""
        for number in range(int(self.random.integers(2, 5))):
            self.leaf(self.shape(), trained=number < 2)
        ways = [way for way, times in WAYS.items() for _ in range(times)]
        while self.operations + self.to_join() < operations:
            getattr(self, self.one_of(ways))()
        self.join(operations)
        return self.graph

    def to_join(self) -> int:
        """How many operations it takes to bring everything unread into one scalar, with one to spare."""
        scalars = sum(not self.values[name]._data.ndim for name in self.unread)
        return 2 * len(self.unread) - scalars

    def join(self, operations: int) -> None:
        """Means of what is unread, and their sum; where that is too few operations, halves of it."""
        means = [self.node("mean", input=name) if self.values[name]._data.ndim else name for name in list(self.unread)]
        total = means[0]
        for mean in means[1:]:
            total = self.node("add", input=total, other=mean)
        while self.operations < operations - 1:
            total = self.node("mul", input=total, other=0.5)
        self.graph.add("mul", name=LOSS, input=total, other=0.5)

    # Drawing

    def one_of(self, options: Any) -> Any:
        return options[int(self.random.integers(len(options)))]

    def shape(self) -> tuple[int, ...]:
        return tuple(self.one_of(self.sizes) for _ in range(int(self.random.integers(3))))

    def value(self, fits: Fits = lambda value: True) -> str:
        """A node whose value ``fits``, rather one that nothing reads yet; "" where there is none."""
        fitting = [name for name, value in self.values.items() if fits(value._data)]
        fresh = [name for name in self.unread if name in fitting]
        options = fresh if fresh and self.random.random() < 0.8 else fitting
        return str(self.one_of(options)) if options else ""

    def leaf(self, shape: tuple[int, ...], *, trained: bool = True) -> str:
        """A new leaf of numbers about 1, smaller where there are many."""
        value = self.random.normal(size=shape) / max(1, *shape, 1) ** 0.5
        name = leaf(self.graph, f"{'w' if trained else 'x'}{len(self.values)}", value, trained=trained)
        self.values[name] = tensor_of(value.astype(np.float32))
        self.unread.append(name)
        return name

    def node(self, kind: str, **given: Any) -> str:
        """A new node, whatever its value."""
        name = self.graph.add(kind, name=f"v{self.operations}", **given).name
        self.values[name] = self.computed(kind, given)
        sources = {source for value in given.values() for source in (value if isinstance(value, list) else [value])}
        self.unread = [*(each for each in self.unread if each not in sources), name]
        self.operations += 1
        return name

    def computed(self, kind: str, given: dict[str, Any]) -> Tensor:
        def tensor(value: Any) -> Any:
            return self.values[value] if isinstance(value, str) else value

        arguments = {
            name: [tensor(each) for each in value] if isinstance(value, list) else tensor(value)
            for name, value in given.items()
        }
        with np.errstate(all="ignore"):
            result: Tensor = call(kind, **arguments)
        return result

    def moderate_node(self, kind: str, **given: Any) -> None:
        """A new node, if its numbers are of a moderate size and its shape is too."""
        data = self.computed(kind, given)._data
        fits = data.ndim <= 2 and data.size > 0 and max(data.shape, default=1) <= LARGEST
        if fits and np.isfinite(data).all() and np.abs(data).max() <= BOUND:
            self.node(kind, **given)

    # Ways to grow

    def pointwise(self) -> None:
        self.moderate_node(self.one_of(POINTWISE), input=self.value())

    def number(self) -> None:
        number = round(float(self.random.uniform(0.3, 2.0)), 2)
        kind, name = self.one_of((("add", "other"), ("mul", "other"), ("sub", "other"), ("div", "other")))
        self.moderate_node(kind, input=self.value(), **{name: number})

    def binary(self) -> None:
        """Two values that broadcast, of which one may be new."""
        one = self.value()
        first = self.values[one]._data
        shape = first.shape

        def broadcasts(other: Array) -> bool:
            pairs = zip(reversed(shape), reversed(other.shape), strict=False)
            return other is not first and all(a == b or 1 in (a, b) for a, b in pairs)

        other = self.value(broadcasts) if self.random.random() < 0.8 else ""
        other = other or self.leaf(shape[len(shape) // 2 :])
        self.moderate_node(self.one_of(BINARY), input=one, other=other)

    def matmul(self) -> None:
        """A product with a new or an old matrix."""
        one = self.value(lambda value: value.ndim == 2)
        if one:
            inner = self.values[one]._data.shape[1]
            old = self.value(lambda value: value.ndim > 0 and value.shape[0] == inner)
            other = old if old and self.random.random() < 0.5 else self.leaf((inner, self.one_of(self.sizes)))
            self.moderate_node("matmul", input=one, other=other)

    def softmax(self) -> None:
        one = self.value(lambda value: value.ndim > 0)
        if one:
            dim = int(self.random.integers(self.values[one]._data.ndim))
            self.moderate_node(self.one_of(("softmax", "log_softmax")), input=one, dim=dim)

    def reduction(self) -> None:
        """Along one dimension of at least two."""
        one = self.value(lambda value: value.ndim > 0 and min(value.shape) > 1)
        if one:
            dim, keep = int(self.random.integers(self.values[one]._data.ndim)), bool(self.random.integers(2))
            self.moderate_node(self.one_of(REDUCTIONS), input=one, dim=dim, keepdim=keep)

    def shape_change(self) -> None:
        one = self.value(lambda value: value.ndim == 2)
        if one:
            kind, given = self.one_of((("t", {}), ("flatten", {}), ("unsqueeze", {"dim": 0}), ("cat", {"dim": 0})))
            sources = {"tensors": [one, one]} if kind == "cat" else {"input": one}
            self.moderate_node(kind, **sources, **given)
