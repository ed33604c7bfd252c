"""The command line: numbers on standard output, one clear line for every fault, and never Qt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule.core import cli
from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.files import load_graph, save_graph


def save(path: Path, change: Any = None) -> str:
    """The notebook's regression as a file; the gradient by w is -2."""
    graph = Graph()
    graph.add("tensor", name="x", value=1.0)
    graph.add("tensor", name="w", value=1.0, requires_grad=True)
    graph.add("tensor", name="y", value=2.0)
    graph.add("mul", name="pred", input="x", other="w")
    graph.add("sub", name="error", input="y", other="pred")
    graph.add("pow", name="loss", input="error", exponent=2)
    edits.apply(graph, edits.set_training(graph, loss="loss", lr=0.01, epochs=2))
    if change is not None:
        change(graph)
    file = path / "regression.chainrule"
    save_graph(graph, file)
    return str(file)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return save(tmp_path)


class Ran:
    """One call: its status, and what it wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.status = cli.main(arguments)
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        assert self.status == 0, self.err
        return json.loads(self.out)


class TestRun:
    def test_prints_what_torch_would(self, file: str, capsys: pytest.CaptureFixture[str]) -> None:
        ran = Ran(capsys, "run", file, "--backward", "loss")
        assert ran.status == 0
        assert ran.out.splitlines() == [
            "node   kind    value                               grad",
            "x      tensor  tensor(1.)",
            "w      tensor  tensor(1., requires_grad=True)      tensor(-2.)",
            "y      tensor  tensor(2.)",
            "pred   mul     tensor(1., grad_fn=<MulBackward0>)",
            "error  sub     tensor(1., grad_fn=<SubBackward0>)",
            "loss   pow     tensor(1., grad_fn=<PowBackward0>)",
        ]
        assert ran.err == ""

    def test_json_is_one_object_with_every_node(self, file: str, capsys: pytest.CaptureFixture[str]) -> None:
        nodes = Ran(capsys, "run", file, "--backward", "loss", "--json").json["nodes"]
        assert list(nodes) == ["error", "loss", "pred", "w", "x", "y"]
        assert nodes["w"] == {
            "kind": "tensor", "shape": [], "dtype": "float32", "value": 1.0, "requires_grad": True, "is_leaf": True,
            "grad_fn": None, "grad": -2.0,
        }  # fmt: skip
        assert nodes["loss"] == {
            "kind": "pow", "shape": [], "dtype": "float32", "value": 1.0, "requires_grad": True, "is_leaf": False,
            "grad_fn": "PowBackward0", "grad": None,
        }  # fmt: skip

    def test_gradients_accumulate_over_times_unless_they_are_zeroed(
        self, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def grad(*more: str) -> Any:
            return Ran(capsys, "run", file, "--backward", "loss", "--json", *more).json["nodes"]["w"]["grad"]

        assert [grad("--times", times) for times in ("0", "1", "3")] == [None, -2, -6]
        assert grad("--times", "3", "--zero-grad") == -2
        assert grad("--gradient", "0.5") == -1

    def test_numbers_that_are_not_finite_are_strings(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        def strange(graph: Graph) -> None:
            graph.add("tensor", name="s", value=[np.nan, np.inf, -np.inf, 0.1])

        nodes = Ran(capsys, "run", save(tmp_path, strange), "--json").json["nodes"]
        assert nodes["s"]["value"] == ["nan", "inf", "-inf", 0.1]

    def test_the_seed_may_be_nested_lists_or_the_documents(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def vector(graph: Graph) -> None:
            graph.add("tensor", name="v", value=[1.0, 2.0], requires_grad=True)
            graph.add("mul", name="q", input="v", other=3)
            edits.apply(graph, edits.set_training(graph, loss="q", gradient=[1, 10]))

        path = save(tmp_path, vector)
        assert Ran(capsys, "run", path, "--backward", "q", "--json").json["nodes"]["v"]["grad"] == [3, 30]
        given = Ran(capsys, "run", path, "--backward", "q", "--gradient", "[2, 0]", "--json")
        assert given.json["nodes"]["v"]["grad"] == [6, 0]

    def test_several_outputs_are_all_there(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        def maximum(graph: Graph) -> None:
            graph.add("tensor", name="v", value=[1.0, 2.0])
            graph.add("max", name="m", input="v", dim=0)

        node = Ran(capsys, "run", save(tmp_path, maximum), "--json").json["nodes"]["m"]
        assert (node["value"], node["outputs"]) == (2, {"values": 2, "indices": 1})


class TestTrain:
    def test_adds_a_loss_for_every_epoch_taken_before_the_update(
        self, file: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shown = Ran(capsys, "train", file, "--json").json
        assert shown["losses"] == pytest.approx([1, 0.9604])
        assert shown["nodes"]["w"]["value"] == pytest.approx(1.0396)
        assert shown["nodes"]["w"]["grad"] == pytest.approx(-1.96)

    def test_options_override_the_file_and_out_is_saved(
        self, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "out.chainrule"
        ran = Ran(capsys, "train", file, "--epochs", "1", "--lr", "0.5", "--momentum", "0.1", "--loss", "loss",
                  "--save", str(out))  # fmt: skip
        assert ran.status == 0
        assert ran.out.startswith("1 epochs, loss 1 -> 1\n")
        leaf = load_graph(out).named("w").leaf
        assert leaf is not None
        assert leaf.value == 2
        unchanged = load_graph(file).named("w").leaf
        assert unchanged is not None
        assert unchanged.value == 1

    def test_shows_a_bar_on_a_terminal(
        self, file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        err = Ran(capsys, "train", file, "--json").err
        assert err.endswith(f"\r[{'#' * 30}] 2/2  loss 0.9604      \n")


class TestCheck:
    def test_says_how_closely_finite_differences_agree(self, file: str, capsys: pytest.CaptureFixture[str]) -> None:
        ran = Ran(capsys, "check", file)
        assert ran.status == 0
        assert ran.out.startswith("ok    loss by w: finite differences agree")
        assert Ran(capsys, "check", file, "--json").json["checks"]["w"]["ok"] is True

    def test_fails_where_one_does_not(
        self, file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from chainrule.core.run import explain

        monkeypatch.setattr(explain, "gradient_check", lambda *args: explain.Check(False, 3.0, "3 is not 6"))
        ran = Ran(capsys, "check", file)
        assert (ran.status, ran.out) == (1, "FAIL  loss by w: 3 is not 6\n")


def test_validate_says_that_a_file_is_sound(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "validate", file)
    assert (ran.status, ran.out) == (0, f"{file}: a sound graph file with 6 nodes and 5 wires\n")


def untracked(graph: Graph) -> None:
    edits.apply(graph, edits.set_requires_grad(graph, graph.named("w").id, False))


def unconnected(graph: Graph) -> None:
    edits.apply(graph, edits.disconnect(graph, graph.named("pred").id, "input"))


def mismatched(graph: Graph) -> None:
    edits.apply(graph, edits.set_value(graph, graph.named("x").id, [1.0, 2.0]))
    edits.apply(graph, edits.set_value(graph, graph.named("y").id, [1.0, 2.0, 3.0]))


def vector(graph: Graph) -> None:
    edits.apply(graph, edits.set_value(graph, graph.named("x").id, [1.0, 2.0]))


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (untracked, ["run", "--backward", "loss"], "node loss: element 0 of tensors does not require grad"),
        (
            untracked,
            ["train"],
            "node loss: optimizer got an empty parameter list; turn on requires_grad of w or x or y",
        ),
        (untracked, ["check"], "node loss: no leaf above it requires a gradient"),
        (unconnected, ["run"], "node pred: input of pred is not connected"),
        (unconnected, ["train"], "node pred: input of pred is not connected"),
        (mismatched, ["run", "--json"], "node error: The size of tensor a (3) must match the size of tensor b (2)"),
        (vector, ["run", "--backward", "loss"], "node loss: grad can be implicitly created only for scalar outputs"),
        (vector, ["run", "--backward", "loss", "--gradient", "1"], "node loss: Mismatch in shape"),
        (vector, ["train"], "node loss: grad can be implicitly created only for scalar outputs"),
        (None, ["run", "--backward", "x"], "node x: element 0 of tensors"),
    ],
)
def test_a_bad_graph_is_one_clear_line_and_status_1(
    change: Any, arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path, change)
    command, *more = arguments
    ran = Ran(capsys, command, path, *more)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"chainrule: {path}: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_a_warning_names_the_file_and_the_node(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def misaligned(graph: Graph) -> None:
        graph.add("tensor", name="column", value=[[1.0], [2.0]])
        graph.add("tensor", name="row", value=[1.0, 2.0])
        graph.add("mse_loss", name="spread", input="column", target="row")

    path = save(tmp_path, misaligned)
    ran = Ran(capsys, "run", path)
    assert ran.status == 0
    assert ran.err.startswith(f"chainrule: warning: {path}: node spread: Using a target size")
    assert ran.err.count("\n") == 1


def test_what_nobody_thought_of_is_one_line_too(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "load_graph", lambda path: 1 / 0)
    ran = Ran(capsys, "run", file)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"chainrule: {file}: unexpected ZeroDivisionError: division by zero\n"


@pytest.mark.parametrize("command", ["run", "train", "check", "validate"])
def test_a_file_that_is_none_is_one_clear_line_and_status_1(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(save(tmp_path)).read_text()
    for content, field in [(text.replace("float32", "floaty", 1), "dtype"), (text[:300], "JSON"), ("", "JSON")]:
        (tmp_path / "bad.chainrule").write_text(content)
        ran = Ran(capsys, command, str(tmp_path / "bad.chainrule"))
        assert (ran.status, ran.out) == (1, "")
        assert field in ran.err
        assert ran.err.count("\n") == 1
    assert Ran(capsys, command, str(tmp_path / "nowhere")).status == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["fly", "FILE"], "invalid choice: 'fly'"),
        (["run"], "the following arguments are required: FILE"),
        (["run", "FILE", "--gradient", "one", "--backward", "loss"], "'one' is no number and no nested list"),
        (["run", "FILE", "--times", "-1", "--backward", "loss"], "-1 is below zero"),
        (["run", "FILE", "--times", "2"], "add --backward NODE"),
        (["run", "FILE", "--backward", "lost"], "there is no node called 'lost'; there are error, loss, pred, w, x, y"),
        (["train", "FILE", "--loss", "lost"], "there is no node called 'lost'"),
        (["train", "FILE", "--lr", "-1"], "Invalid learning rate: -1.0"),
        (["train", "FILE", "--optimizer", "adam"], "there is no optimizer 'adam'; there is SGD, Adam, AdamW, RMSprop"),
        (["train", "FILE", "--optimizer", "adam"], "; did you mean Adam?"),
        (
            ["run", "FILE", "--bakward", "loss"],
            "no place for --bakward loss; did you mean --backward; see chainrule run",
        ),
        (["run", "FILE", "--backward", "los"], "; did you mean loss?"),
        (["run", "FILE", "more"], "there is no place for more; see chainrule run --help"),
        (["train", "FILE", "--optimizer", "Adam", "--momentum", "1"], "Adam has no momentum; it has lr, betas"),
        (["train", "FILE", "--epochs", "many"], "'many' is no whole number"),
        (["train", "FILE", "--epochs=-1"], "-1 is below zero"),
        (["run", "FILE", "--backward", "loss", "--times=-3"], "-3 is below zero"),
    ],
)
def test_bad_usage_is_told_and_status_2(
    arguments: list[str], message: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Ran(capsys, *(file if each == "FILE" else each for each in arguments))
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_the_module_runs_as_a_command(file: str) -> None:
    command = [sys.executable, "-m", "chainrule.core.cli", "validate", file]
    assert "a sound graph file" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_reader_that_has_had_enough_is_no_fault(file: str) -> None:
    script = f"from chainrule.core import cli; import sys; sys.exit(cli.main(['run', {file!r}]))"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait() == 0


def test_a_terminal_that_cannot_write_a_name_is_no_fault(tmp_path: Path) -> None:
    def hat(graph: Graph) -> None:
        edits.apply(graph, edits.rename(graph, graph.named("pred").id, "ŷ"))

    script = f"from chainrule.core import cli; import sys; sys.exit(cli.main(['run', {save(tmp_path, hat)!r}]))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u0177" in done.stdout


def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert Ran(capsys, "--help").status == 0
    for command in ("run", "train", "check", "validate"):
        assert "FILE" in Ran(capsys, command, "--help").out


def test_no_command_loads_qt(file: str) -> None:
    script = (
        "import sys; from chainrule.core import cli; "
        f"statuses = [cli.main([each, {file!r}]) for each in ('run', 'train', 'check', 'validate')]; "
        "sys.exit(any(statuses) or any('PySide6' in name for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
