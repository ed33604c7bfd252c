"""Bad input, headless: whatever is wrong with a graph, the command line says it in one line, and says where.

Each graph is a file as a person might have left it, and goes through the installed command in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

OK, BAD_GRAPH, BAD_USAGE = 0, 1, 2


def leaf(name: str, value: Any = 1.0, dtype: str = "float32", requires_grad: bool = False) -> dict[str, Any]:
    return {"name": name, "kind": "tensor", "dtype": dtype, "value": value, "requires_grad": requires_grad}


def op(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, **more}


def graph(*nodes: dict[str, Any], wires: str = "", **more: Any) -> str:
    """The text of a file; ``wires`` are pairs such as ``"x>y.input w>y.other"``."""
    ends = [wire.split(">") for wire in wires.split()]
    listed = [{"from": source, "to": target} for source, target in ends]
    return json.dumps({"format": "chainrule", "version": 1, "nodes": nodes, "wires": listed, **more})


VECTOR = leaf("w", [1.0, 2.0], requires_grad=True)
SQUARE = op("y", "mul")
SQUARED = "w>y.input w>y.other"


@dataclass
class Fault:
    """A file, the command that is given it, and what the one line has to say, among it where."""

    what: str
    text: str
    command: list[str] = field(default_factory=lambda: ["run"])
    says: tuple[str, ...] = ()
    status: int = BAD_GRAPH

    def __str__(self) -> str:
        return self.what


FAULTS = [
    Fault(
        "a cycle",
        graph(op("a", "relu"), op("b", "exp"), wires="b>a.input a>b.input"),
        says=("node ", "this would close a cycle", "a", "b", "$.nodes["),
    ),
    Fault(
        "a node wired to itself",
        graph(op("a", "relu"), wires="a>a.input"),
        says=("node a: a cannot be wired to itself", "$.nodes[0].inputs"),
    ),
    Fault(
        "an unconnected socket",
        graph(leaf("x"), op("y", "mul"), wires="x>y.input"),
        says=("node y: other of y is not connected", "Wire a tensor into it"),
    ),
    Fault(
        "shapes that do not fit",
        graph(leaf("x", [1.0, 2.0]), leaf("z", [1.0, 2.0, 3.0]), op("y", "add"), wires="x>y.input z>y.other"),
        says=(
            "node y: The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
            "The shapes do not fit",
        ),
    ),
    Fault(
        "an integer tensor that requires a gradient",
        graph(leaf("n", [1, 2], "int64", requires_grad=True)),
        says=(
            "node n: only Tensors of floating point and complex dtype can require gradients",
            "$.nodes[0].requires_grad",
        ),
    ),
    Fault("a file that is cut off", graph(VECTOR, SQUARE, wires=SQUARED)[:90], says=("this is no JSON", "line 1")),
    Fault("an empty file", "", says=("this is no JSON",)),
    Fault("somebody else's file", '{"nodes": []}', says=('it has no "format": "chainrule"',)),
    Fault("an archive that is damaged", "PK\x03\x04 and no more", says=("archive",)),
    Fault(
        "a file from the future",
        json.dumps({"format": "chainrule", "version": 99}),
        says=("it was written by a newer Chainrule (format version 99",),
    ),
    Fault(
        "a wire that comes from nowhere",
        graph(op("y", "relu"), wires="x>y.input"),
        says=("a wire comes from 'x', which is no node", "$.wires[0].from"),
    ),
    Fault(
        "an unknown operation",
        graph(leaf("x"), op("y", "sigmoud"), wires="x>y.input"),
        says=("node y: there is no operation called 'sigmoud'; did you mean sigmoid?", "$.nodes[1].kind"),
    ),
    Fault(
        "an operation that is the engine's own",
        graph(leaf("x"), op("y", "max_whole"), wires="x>y.input"),
        says=("node y: there is no operation called 'max_whole'", "$.nodes[1].kind"),
    ),
    Fault(
        "a parameter of the wrong sort",
        graph(leaf("x", [1.0]), op("y", "sum", params={"dim": "a"}), wires="x>y.input"),
        says=("node y: dim of sum is 'a'; it has to be an integer, or a list of integers", "$.nodes[1].params.dim"),
    ),
    Fault(
        "a name taken twice",
        graph(leaf("x"), leaf("x")),
        says=("the name x is taken twice", "$.nodes[1].name"),
    ),
    Fault(
        "a name with a space",
        graph(leaf("my loss")),
        says=("'my loss' is not a Python name", "$.nodes[0].name"),
    ),
    Fault(
        "a name that is Python's",
        graph(leaf("lambda")),
        says=("'lambda' is a word of Python's own", "$.nodes[0].name"),
    ),
    Fault(
        "a root that tracks nothing",
        graph(leaf("x"), op("y", "exp"), wires="x>y.input"),
        command=["run", "--backward", "y"],
        says=("node y: element 0 of tensors does not require grad", "nothing to send one to"),
    ),
    Fault(
        "a loss that tracks nothing",
        graph(leaf("x"), op("y", "exp"), wires="x>y.input"),
        command=["train"],
        says=("node y: optimizer got an empty parameter list; turn on requires_grad of x",),
    ),
    Fault(
        "a seed of the wrong shape",
        graph(VECTOR, SQUARE, wires=SQUARED),
        command=["run", "--backward", "y", "--gradient", "[1, 2, 3]"],
        says=("node y: Mismatch in shape: grad_output[0] has a shape of torch.Size([3])", "exactly the shape"),
    ),
    Fault(
        "a seed of the wrong shape in the file",
        graph(VECTOR, SQUARE, wires=SQUARED, training={"loss": "y", "gradient": [1, 2, 3]}),
        command=["train"],
        says=("node y: Mismatch in shape: grad_output[0] has a shape of torch.Size([3])",),
    ),
    Fault(
        "no seed where one is needed",
        graph(VECTOR, SQUARE, wires=SQUARED),
        command=["run", "--backward", "y"],
        says=("node y: grad can be implicitly created only for scalar outputs", "a seed of the same shape"),
    ),
    Fault(
        "a seed that is none",
        graph(VECTOR, SQUARE, wires=SQUARED),
        command=["run", "--backward", "y", "--gradient", "[[1, 2], [3]]"],
        says=("node y: ", "expected sequence"),
    ),
    Fault(
        "a node that is not there",
        graph(VECTOR, SQUARE, wires=SQUARED),
        command=["run", "--backward", "loss"],
        says=("there is no node called 'loss'; there are w, y",),
        status=BAD_USAGE,
    ),
]


def chainrule(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "chainrule.gui", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_one_line_that_says_what_and_where(fault: Fault, tmp_path: Path) -> None:
    file = tmp_path / "bad.chainrule"
    file.write_text(fault.text, encoding="utf-8")
    command, *options = fault.command

    ran = chainrule(command, str(file), *options)

    assert ran.returncode == fault.status, ran.stderr
    assert ran.stdout == ""
    assert ran.stderr.startswith(f"chainrule: {file}: ")
    assert ran.stderr.count("\n") == 1, ran.stderr
    for part in fault.says:
        assert part in ran.stderr
    assert file.read_text(encoding="utf-8") == fault.text


def test_the_same_file_without_a_fault_runs(tmp_path: Path) -> None:
    file = tmp_path / "good.chainrule"
    file.write_text(graph(VECTOR, SQUARE, wires=SQUARED), encoding="utf-8")
    ran = chainrule("run", str(file), "--backward", "y", "--gradient", "[1, 1]", "--json")
    assert (ran.returncode, ran.stderr) == (OK, "")
    assert json.loads(ran.stdout)["nodes"]["w"]["grad"] == [2.0, 4.0]
