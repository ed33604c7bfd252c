"""Everything that can be added to a graph, as the library and the search box list it: leaves, operations, regions.

The operations come from the registry, so that a new record appears here by itself: its family and the page of the rule
book that it stands on say where. No widget is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chainrule.core.document.leaves import CONSTRUCTORS
from chainrule.core.ops import registry
from chainrule.core.ops.closeness import KnownAs, closest
from chainrule.core.ops.rule import REQUIRED, Composite, Operation, Rule
from chainrule.gui.examples import common_kinds
from chainrule.gui.theme import FAMILIES

MIME_TYPE = "application/x-chainrule-kind"
NO_GRAD = "no_grad"
TENSOR = "tensor"
LEAF_WORDS = ("parameter", "variable", "constant", "input", "weight")
MOST_COMMON = 16
LONGEST_SIGN = 2

TITLES = {
    "leaf": "Leaf",
    "pointwise": "Pointwise",
    "reduction": "Reduction",
    "linalg": "Linear algebra",
    "shape": "Shape",
    "activation": "Activation",
    "loss": "Loss",
    "indexing": "Indexing",
    "control": "Control",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants added: an operation's ``kind``, a leaf by ``constructor`` (its kind is "tensor"), a no_grad
    region (kind "no_grad"), or the nodes of an ``expression`` (no kind)."""

    kind: str = ""
    constructor: str = ""
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the library. ``subject`` is its page of the rule book, ``takes`` the number of its sockets."""

    request: Request
    name: str
    family: str
    doc: str
    known_as: KnownAs
    subject: str = ""
    symbol: str = ""
    signature: str = ""
    takes: int = 0

    @property
    def sign(self) -> str:
        """The symbol where it is short enough for a list and says more than the name; else nothing."""
        word = len(self.symbol) > 2 and self.symbol.isalpha() and self.symbol.isascii()
        return "" if word or len(self.symbol) > LONGEST_SIGN else self.symbol

    @property
    def key(self) -> str:
        """What a drag carries: the constructor's name, or else the kind."""
        return self.request.constructor or self.request.kind


Fits = Callable[[Choice], bool]


def anything(choice: Choice) -> bool:
    """The filter that lets everything through."""
    return True


def takes_a_tensor(choice: Choice) -> bool:
    """The filter for a wire that comes out of a node: only what has a socket for it."""
    return choice.takes > 0


def gives_a_tensor(choice: Choice) -> bool:
    """The filter for a wire that goes into a socket: only what has an output."""
    return choice.request.kind != NO_GRAD


def request_for(key: str) -> Request:
    """The request that a drag's text stands for."""
    return Request(TENSOR, key) if key in CONSTRUCTORS else Request(key)


def choices() -> list[Choice]:
    """Everything there is, families in the library's order, each in the rule book's."""
    made = [*map(_constructor, CONSTRUCTORS), *map(_operation, _public()), _REGION]
    place = {family: number for number, family in enumerate(FAMILIES)}
    return sorted(made, key=lambda choice: place.get(choice.family, len(place)))


def common() -> list[Choice]:
    """What the shipped examples are made of, in the library's order."""
    kinds = common_kinds()[:MOST_COMMON]
    return [choice for choice in choices() if choice.key in kinds]


def search(text: str, fits: Fits = anything) -> list[Choice]:
    """The choices that ``text`` may mean, best first: by name, symbol, torch name or synonym, misspelt or not."""
    if not text.strip():
        found = list({choice.key: choice for choice in [*common(), *choices()]}.values())
    else:
        found = closest(text, choices(), lambda choice: choice.known_as)
    return [choice for choice in found if fits(choice)]


def _public() -> Iterable[Operation]:
    return (operation for operation in registry.entries().values() if operation.public)


def _operation(operation: Operation) -> Choice:
    takes = len(operation.inputs) if isinstance(operation, Rule | Composite) else 0
    return Choice(
        Request(operation.name),
        operation.name,
        operation.family,
        operation.sentence,
        registry.known_as(operation),
        operation.subject,
        operation.symbol,
        signature(operation),
        takes,
    )


def _constructor(name: str) -> Choice:
    words = ("leaf", *(LEAF_WORDS if name == TENSOR else ()))
    return Choice(
        Request(TENSOR, name), name, "leaf", CONSTRUCTORS[name], KnownAs((name,), words), signature=f"torch.{name}"
    )


_REGION = Choice(
    Request(NO_GRAD),
    "no_grad region",
    "control",
    "A tinted area: what runs inside it is not recorded on the tape.",
    KnownAs(("no_grad", "no_grad region"), ("inference", "stop gradient")),
    signature="with torch.no_grad():",
)


def signature(operation: Operation) -> str:
    """How torch is called, such as ``torch.sum(input, dim=None, keepdim=False)``."""
    arguments: list[str] = []
    if isinstance(operation, Rule | Composite):
        arguments += [f"{s.name}=None" if s.optional else s.name for s in operation.inputs]
        arguments += [p.name if p.default is REQUIRED else f"{p.name}={p.default!r}" for p in operation.params]
    path = f"torch.{operation.torch_name}" if operation.paths else f"Tensor.{_on_tensors(operation)}"
    return f"{path}({', '.join(arguments)})"


def _on_tensors(operation: Operation) -> str:
    """The name of the method that only tensors have: ``half``, or ``__getitem__`` where it is written by a sign."""
    return operation.name if operation.method or not operation.operators else operation.operators[0]
