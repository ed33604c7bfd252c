"""The stubs in core/signatures, written from the rule book: `python3 scripts/make_stubs.py` after a change to a record.

A function for each operation at each of torch's paths, and the methods, operators and attributes of Tensor. How an
operation is called, with types, is read in `signatures.py`.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import FunctionType

import setup

if __name__ == "__main__":
    setup.ensure()
    if os.path.abspath(sys.prefix) != os.path.abspath(os.path.dirname(os.path.dirname(setup.PYTHON))):
        os.execv(setup.PYTHON, [setup.PYTHON, os.path.abspath(__file__), *sys.argv[1:]])

from signatures import Argument, Signature, bare, hinted, signatures, writes_over

from chainrule.core.engine import calls
from chainrule.core.engine.tensor import Tensor
from chainrule.core.ops import registry
from chainrule.core.ops.rule import Operation

ROOT = Path(setup.ROOT)
FOLDER = ROOT / "core" / "signatures"
# Each stub of functions: torch's path, and our module that has them.
MODULES = {
    "functions": ("", "chainrule.core"),
    "functional": ("nn.functional", "chainrule.core.nn.functional"),
    "linalg": ("linalg", "chainrule.core.linalg"),
}
# Where the names that stubs use are imported from; methods called int, float and bool hide Python's from their class.
ORIGINS = {
    "builtins": ("bool as _bool", "float as _float", "int as _int"),
    "collections.abc": ("Sequence",),
    "types": ("EllipsisType",),
    "typing": ("Any", "Literal", "NamedTuple", "overload"),
    "chainrule.core.engine.dtypes": ("dtype",),
    "chainrule.core.engine.random": ("Generator",),
    "chainrule.core.engine.tensor": ("Tensor",),
}
# What could be written over its input here, but has no such form in torch.
NEVER_IN_PLACE = {
    "argsort", "bool", "byte", "char", "clone", "contiguous", "cross", "double", "flip", "fliplr", "flipud",
    "float", "fmax", "fmin", "half", "hardshrink", "index_select", "inner", "int", "inverse", "isclose", "isfinite",
    "isinf", "isnan", "log_softmax", "logaddexp", "logaddexp2", "logcumsumexp", "long", "matrix_power", "maximum",
    "minimum", "msort", "positive", "prelu", "roll", "rot90", "short", "signbit", "softmax", "to", "type_as",
}  # fmt: skip
# Python expects a bool of these two, for any object.
COMPARISONS = ("__eq__", "__ne__")


def main() -> None:
    """Write the stubs that have changed."""
    for path, text in stubs().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"written: {path.relative_to(ROOT)}")


def stubs() -> dict[Path, str]:
    """The text of every stub."""
    texts = {name: "\n".join(functions(*where)) for name, where in MODULES.items()}
    texts["methods"] = "class OperationMethods:\n" + "\n".join(f"    {line}" for line in methods())
    texts["results"] = "\n".join(named_tuple(name, fields) for name, fields in result_types().items())
    return {FOLDER / f"{name}.pyi": formatted(name, with_imports(text)) for name, text in texts.items()}


def functions(path: str, module: str) -> Iterator[str]:
    """What torch has at ``path``, by name, except what ``module`` has of its own."""
    members = vars(import_module(module))
    own = {name for name, each in members.items() if getattr(each, "__module__", "") != calls.__name__}
    for name, operation in sorted(at_path(path).items()):
        if name in own:
            continue
        ways = list(signatures(operation) if path == "nn.functional" else map(bare, insisting(operation)))
        ways = [way for way in ways if not (operation.ints and way.arguments[-1].stars)]  # methods alone take these
        yield from definition(name, ways, operation.doc)
        if operation.inplace or (in_place(operation) and len(operation.inputs) == 1):
            yield from definition(f"{name}_", over(operation), in_place_doc(operation))


def insisting(operation: Operation) -> list[Signature]:
    """How it is called where nothing may be left out that has a default in torch.nn.functional alone."""
    ways = list(signatures(operation))
    for name in operation.insists:
        ways = [
            replace(way, arguments=tuple(_required(each) if each.name == name else each for each in way.arguments))
            for way in ways
        ]
    return ways


def _required(argument: Argument) -> Argument:
    return replace(argument, type=argument.type.removesuffix(" | None"), default="")


def at_path(path: str) -> Mapping[str, Operation]:
    """The operations that torch has at ``path``, by each of their names there."""
    names = {*registry.names(), *(each.spelled for each in registry.entries().values())} - {""}
    found = {name: registry.at_path(path, name) for name in names}
    return {name: operation for name, operation in found.items() if operation is not None}


def methods() -> Iterator[str]:
    """What the rule book gives to Tensor, and what other modules of the engine do."""
    for name, operation in sorted(registry.names().items()):
        if registry.as_method(name) and name not in own_members():
            yield from definition(name, map(as_method, map(bare, insisting(operation))), operation.doc)
        if in_place(operation) and f"{name}_" not in own_members():
            yield from definition(f"{name}_", map(as_method, over(operation)), in_place_doc(operation))
    for operation in sorted(registry.entries().values(), key=lambda each: each.attribute):
        if operation.attribute:
            yield "@property"
            yield from definition(operation.attribute, [Signature((Argument("self"),), "Tensor")], operation.doc)
    yield from operators()
    for name, member in own_members().items():
        if isinstance(member, FunctionType) and member.__module__ != Tensor.__module__:
            yield from definition(name, [as_method(hinted(member))], inspect.getdoc(member) or "")


def operators() -> Iterator[str]:
    """The special methods: one operand, two, or an index."""
    for operation in registry.entries().values():
        for name in (*operation.operators, *operation.in_place_operators):
            plain = as_method(signatures(operation)[0])
            required = [str(each) for each in plain.arguments if not each.default]
            comment = "  # type: ignore[override]" if name in COMPARISONS else ""
            yield f"def {name}({', '.join(required)}) -> Tensor: ...{comment}"


def own_members() -> Mapping[str, object]:
    """What Tensor has in its class, not counting what was found in the rule book."""
    functions = {name: getattr(member, "fget", member) for name, member in vars(Tensor).items()}
    return {name: each for name, each in functions.items() if getattr(each, "__module__", "") != calls.__name__}


def as_method(signature: Signature) -> Signature:
    """``self`` in front, for the argument called input or for the first; Python's types by names that no method has."""
    names = [each.name for each in signature.arguments]
    place = names.index("input") if "input" in names else 0
    others = [each for at, each in enumerate(signature.arguments) if at != place]
    typed = [replace(each, type=_of_python(each.type)) for each in others]
    return replace(signature, arguments=(Argument("self"), *typed), result=_of_python(signature.result))


def _of_python(kind: str) -> str:
    return re.sub(r"\b(bool|float|int)\b", r"_\1", kind)


def in_place(operation: Operation) -> bool:
    """Whether torch has it as a method in place."""
    can = operation.public and operation.method and (operation.reshaping or writes_over(operation))
    return can and operation.name not in NEVER_IN_PLACE


def over(operation: Operation) -> list[Signature]:
    """How the form in place is called: always with one result, in the place of the input."""
    return [bare(each) for each in signatures(operation) if each.result == "Tensor"]


def in_place_doc(operation: Operation) -> str:
    return f"``{operation.name}`` in place."


def result_types() -> Mapping[str, tuple[str, ...]]:
    """The named tuples that operations return, by the fields of each."""
    public = (operation for operation in registry.entries().values() if operation.public)
    found = {each.result: each.fields for operation in public for each in signatures(operation) if each.fields}
    return dict(sorted(found.items()))


def named_tuple(name: str, fields: Iterable[str]) -> str:
    return "\n".join([f"class {name}(NamedTuple):", *(f"    {field}: Tensor" for field in fields)])


def definition(name: str, overloads: Iterable[Signature], doc: str) -> Iterator[str]:
    """The function called ``name``, once for each way to call it."""
    ways = list(overloads)
    for way in ways:
        if len(ways) > 1:
            yield "@overload"
        yield f"def {name}({', '.join(listed(way))}) -> {way.result}:"
        yield f'    """{doc}"""'


def listed(signature: Signature) -> Iterator[str]:
    """The arguments; those that stand behind a star, or without a default behind one with one, by keyword only."""
    keyword = defaults = False
    for argument in signature.arguments:
        late = argument.keyword or (defaults and not argument.default and not argument.stars)
        if late and not keyword:
            yield "*"
        keyword = keyword or late or bool(argument.stars)
        defaults = defaults or bool(argument.default)
        yield str(argument)


def formatted(name: str, text: str) -> str:
    """``text`` as ruff lays it out."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(FOLDER / f"{name}.pyi"), "-"]
    return subprocess.run(command, input=text, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def with_imports(text: str) -> str:
    """``text`` under a docstring and the imports that it needs."""
    words = set(re.findall(r"\w+", re.sub(r'""".*"""', "", text)))
    lines = []
    for module, names in {**ORIGINS, "chainrule.core.signatures.results": tuple(result_types())}.items():
        needed = [name for name in names if name.split()[-1] in words and f"class {name}(" not in text]
        lines += [f"from {module} import {', '.join(needed)}"] if needed else []
    return "\n".join(['"""Written by scripts/make_stubs.py from the rule book."""', "", *lines, "", text])


if __name__ == "__main__":
    main()
