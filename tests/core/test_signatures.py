"""What editors and type checkers are told: the stubs are those of the rule book, whole, and say what a program may do.

How operations behave is not tried here; the program below is only read by mypy.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import chainrule.core as torch
from chainrule.core.ops import registry

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "core" / "signatures"
PATHS = {
    "functions": ("", "chainrule.core"),
    "functional": ("nn.functional", "chainrule.core.nn.functional"),
    "linalg": ("linalg", "chainrule.core.linalg"),
}

RIGHT = """\
import chainrule.core as torch
import chainrule.core.nn.functional as F
from chainrule.core import Tensor, arccos, linalg, optim

x = torch.randn(3, 4, requires_grad=True)
y: Tensor = torch.sum(torch.exp(x).sin_() * 2 + 1 - x.mean(dim=(0, 1), keepdim=True))
z: Tensor = (2 - x) @ x.T ** 2 / 3 // 1 % 2
chosen: Tensor = x[(x > 0) & ~(x == 1)].to(torch.float64).float()
shaped: Tensor = x.view(-1, 2).reshape((3, 4)).permute(1, 0)[0, ..., None]
largest: Tensor = x.max() + torch.max(x, x) + x.sort(descending=True).values
values, indices = torch.max(x, dim=1)
parts: tuple[Tensor, ...] = torch.split(x, [1, 2])
different, counts = x.unique(return_counts=True)
joined: Tensor = torch.cat([x, x], 1) + torch.stack((x, x)).clamp(min=0, max=x) + torch.einsum("ij->", x)
hidden: Tensor = F.relu(F.linear(x, x, bias=None), inplace=True)
loss: Tensor = F.cross_entropy(x, torch.tensor([0, 1, 2]), reduction="sum")
length: Tensor = linalg.norm(x, dim=1) + torch.linalg.det(z) + arccos(x) + x.multiply(2).negative()
with torch.no_grad():
    x += 1
    x.add_(1, alpha=2).t_()
optimizer = optim.SGD([x], lr=0.1)
optimizer.zero_grad()
torch.autograd.backward([y])
loss.backward()
optimizer.step()
"""
# What is wrong, and mypy's code for it.
WRONG = {
    "x.sum(dmi=1)": "call-arg",
    "torch.sum(x, dim='rows')": "arg-type",
    "torch.smu(x)": "attr-defined",
    "x.smu()": "attr-defined",
    "F.rleu(x)": "attr-defined",
    "linalg.dte(x)": "attr-defined",
    "F.mse_loss(x, x, reduction='average')": "arg-type",
    "x + 'one'": "operator",
    "x.view('flat')": "arg-type",
    "torch.cat(x)": "arg-type",
    "number: float = x.sum()": "assignment",
    "torch.median(x, 0).places": "attr-defined",
}


@pytest.fixture
def make_stubs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return importlib.import_module("make_stubs")


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What mypy finds in the program, strictly: the line, and the code of the error."""
    lines = [*RIGHT.splitlines(), *WRONG]
    program = tmp_path_factory.mktemp("typed") / "program.py"
    program.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--no-error-summary", str(program)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    errors = re.findall(r":(\d+): error: .* \[([\w-]+)\]", done.stdout)
    assert errors, done.stdout + done.stderr
    return {lines[int(number) - 1]: code for number, code in errors}


def stated(stub: str) -> Iterator[ast.FunctionDef]:
    """The functions in a stub, or the methods of its class."""
    tree = ast.parse((FOLDER / f"{stub}.pyi").read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def names(stub: str) -> set[str]:
    return {function.name for function in stated(stub)}


def test_the_stubs_are_those_of_the_rule_book(make_stubs: ModuleType) -> None:
    stale = [path.name for path, text in make_stubs.stubs().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `python3 scripts/make_stubs.py`"


def test_a_right_program_passes(complaints: dict[str, str]) -> None:
    assert {line: code for line, code in complaints.items() if line not in WRONG} == {}


def test_what_is_wrong_is_reported(complaints: dict[str, str]) -> None:
    assert complaints == WRONG


def test_every_path_of_torch_has_a_stub() -> None:
    paths = {path for operation in registry.entries().values() for path in operation.paths}
    assert paths == {path for path, _ in PATHS.values()}


@pytest.mark.parametrize("stub", PATHS)
def test_every_function_is_stated_and_there(stub: str) -> None:
    path, module = PATHS[stub][0], importlib.import_module(PATHS[stub][1])
    spelled = {operation.spelled for operation in registry.entries().values() if operation.spelled}
    public = {name for name in registry.names().keys() | spelled if registry.at_path(path, name)}
    assert public - names(stub) - vars(module).keys() == set()
    assert [name for name in names(stub) if not callable(getattr(module, name, None))] == []


def test_every_method_operator_and_attribute_is_stated_and_there() -> None:
    operations = registry.entries().values()
    special = {name for each in operations for name in (*each.operators, *each.in_place_operators)}
    attributes = {each.attribute for each in operations if each.attribute}
    methods = {name for name in registry.names() if registry.as_method(name)}
    assert methods | special | attributes <= names("methods")
    tensor = torch.ones(2, 2)
    assert [name for name in names("methods") if not hasattr(tensor, name)] == []


def test_every_in_place_twin_is_stated() -> None:
    twins = {f"{name}_" for name, each in registry.names().items() if each.inplace and each.public}
    assert twins <= names("functional") | names("functions")


def test_everything_stated_has_its_line_of_documentation() -> None:
    silent = [each.name for stub in (*PATHS, "methods") for each in stated(stub) if not ast.get_docstring(each)]
    assert [name for name in silent if not name.startswith("__")] == []
