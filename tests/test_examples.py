"""Every shipped example gives the numbers that its source published, through the command line as a script runs it.

The numbers were printed by others, some of them rounded; each case says how many digits its source gives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chainrule.core import cli

EXAMPLES = Path(__file__).parents[1] / "assets" / "examples"
ROUNDED_TO_FOUR_PLACES = 5.1e-5  # 1.53125 is printed as 1.5312


@dataclass(frozen=True)
class Published:
    """What a source says: the seed it gives to backward, values, gradients, and the largest error of its printing."""

    root: str
    values: Mapping[str, Any]
    grads: Mapping[str, Any]
    gradient: str | None = None
    within: float = 1e-6


PUBLISHED = {
    "notebook_vector": Published(
        "z",
        {"y": [2.6867, 1.6335, 0.8750], "z": [14.4367, 5.3366, 1.5312]},
        {"x": [1.0747, 6.5340, 0.0035]},
        gradient="[0.1, 1.0, 0.001]",
        within=ROUNDED_TO_FOUR_PLACES,
    ),
    "accumulate": Published("model_output", {"model_output": 9.0}, {"weights": [3.0, 3.0, 3.0]}),
    "linear_regression": Published("loss", {"loss": 1.0}, {"w": -2.0, "x": None, "y": None}),
    "micrograd": Published("g", {"g": 24.70408163265306}, {"a": 138.83381924, "b": 645.57725948}, within=1e-8),
    "tanh_neuron": Published(
        "o", {"o": 0.70710678}, {"x1": -1.5, "x2": 0.5, "w1": 1.0, "w2": 0.0, "b": 0.5}, within=1e-8
    ),
    "sum_times_z": Published("f", {"q": 3.0, "f": -12.0}, {"x": -4.0, "y": -4.0, "z": 3.0}),
    "sigmoid_circuit": Published(
        "f",
        {"f": 0.73105858},
        {"w0": -0.19661193, "w1": -0.39322387, "w2": 0.19661193, "x0": 0.39322387, "x1": -0.58983580},
        within=1e-8,
    ),
    "max_gate": Published("f", {"f": -20.0}, {"x": -8.0, "y": 6.0, "z": 2.0, "w": 0.0}),
    "two_paths": Published("e", {"e": 6.0}, {"a": 2.0, "b": 5.0}),
    "mean_of_squares": Published("out", {"out": 27.0}, {"x": [[4.5, 4.5], [4.5, 4.5]]}),
    "blitz_vector": Published("Q", {"Q": [-12.0, 65.0]}, {"a": [36.0, 81.0], "b": [-12.0, -8.0]}, gradient="[1, 1]"),
    "seed_vector": Published(
        "y",
        {},
        {"a": [0.3, 3.0, 0.0003], "b": [1.2, 16.0, 0.002], "c": [0.016667, 0.142857, 1.25e-5]},
        gradient="[0.1, 1.0, 0.0001]",
    ),
    "seed_vector_expanded": Published(
        "y", {}, {"a": 3.3003, "b": 4.4004, "c": 1.1001}, gradient="[0.1, 1.0, 0.0001]"
    ),
    "sgd_by_hand": Published("loss", {"prediction": 7.0, "loss": 4.0}, {"w": -8.0, "b": -4.0}),
    "mse_aligned": Published("loss", {"loss": 1.0}, {"out": [1.0, 1.0]}),
    "mse_broadcast": Published("loss", {"loss": 1.5}, {"out": [0.5, 1.5]}),
}  # fmt: skip


def chainrule(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What a headless command prints under ``--json``."""
    assert cli.main([*arguments, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def example(name: str) -> str:
    return str(EXAMPLES / f"{name}.chainrule")


def test_every_example_is_here() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.chainrule")} == set(PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_numbers(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    published = PUBLISHED[name]
    seed = ["--gradient", published.gradient] if published.gradient else []
    nodes = chainrule(capsys, "run", example(name), "--backward", published.root, *seed)["nodes"]
    for node, value in published.values.items():
        assert_close(nodes[node]["value"], value, published.within)
    for node, grad in published.grads.items():
        assert_close(nodes[node]["grad"], grad, published.within)


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_example_says_where_it_comes_from_and_what_to_look_at(name: str) -> None:
    about = json.loads(Path(example(name)).read_text(encoding="utf-8"))["about"]
    assert all(about[part] for part in ("title", "source", "text"))


@pytest.mark.parametrize("name", [name for name, published in PUBLISHED.items() if published.gradient])
def test_the_seed_is_in_the_file(name: str) -> None:
    training = json.loads(Path(example(name)).read_text(encoding="utf-8"))["training"]
    assert training["gradient"] == json.loads(PUBLISHED[name].gradient or "null")


def test_the_notebooks_loop_accumulates(capsys: pytest.CaptureFixture[str]) -> None:
    for times, grad in [(1, 3.0), (2, 6.0), (3, 9.0)]:
        loop = ["run", example("accumulate"), "--backward", "model_output", "--times", str(times)]
        assert chainrule(capsys, *loop)["nodes"]["weights"]["grad"] == [grad] * 3
        assert chainrule(capsys, *loop, "--zero-grad")["nodes"]["weights"]["grad"] == [3.0] * 3


def test_training_the_regression_takes_the_notebooks_steps(capsys: pytest.CaptureFixture[str]) -> None:
    """w goes to 1.02 and 1.0396 (lr 0.01), on the gradients -2, -1.96 and -1.9208."""
    for epochs, w, grad in [(1, 1.02, -2.0), (2, 1.0396, -1.96), (3, 1.058808, -1.9208)]:
        result = chainrule(capsys, "train", example("linear_regression"), "--epochs", str(epochs))
        assert len(result["losses"]) == epochs
        assert result["losses"][0] == 1.0
        assert_close(result["nodes"]["w"]["value"], w, 1e-6)
        assert_close(result["nodes"]["w"]["grad"], grad, 1e-6)


@pytest.mark.parametrize(("lr", "ends"), [("0.5", 0.0), ("0.99", 0.0), ("1.0", 1.0), ("1.01", float("inf"))])
def test_the_regression_converges_below_lr_1_and_diverges_above(
    lr: str, ends: float, capsys: pytest.CaptureFixture[str]
) -> None:
    losses = chainrule(capsys, "train", example("linear_regression"), "--epochs", "1000", "--lr", lr)["losses"]
    if ends == float("inf"):
        assert losses[-1] > 1e6
    else:
        assert_close(losses[-1], ends, 1e-6)


def test_one_step_of_sgd_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    after = chainrule(capsys, "train", example("sgd_by_hand"), "--epochs", "1")["nodes"]
    assert_close([after["w"]["value"], after["b"]["value"]], [3.4, 1.2], 1e-6)
    losses = chainrule(capsys, "train", example("sgd_by_hand"), "--epochs", "2")["losses"]
    assert_close(losses, [4.0, 1.0], 1e-5)


def test_moving_every_leaf_along_its_gradient_is_what_training_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "trained.chainrule"
    chainrule(capsys, "train", example("sgd_by_hand"), "--epochs", "1", "--save", str(saved))
    nodes = chainrule(capsys, "run", str(saved))["nodes"]
    assert_close([nodes["prediction"]["value"], nodes["loss"]["value"]], [8.0, 1.0], 1e-5)


def assert_close(found: Any, expected: Any, within: float) -> None:
    """Equal up to ``within``, element by element, or both None."""
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_close(one, other, within)
    elif expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, abs=within, rel=0)
