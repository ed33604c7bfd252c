"""Everything that can be added to a graph, as the library and the search box list it: leaves, operations, regions.

The operations come from the registry, so that a new record appears here by itself. No widget is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chainrule.core.document.leaves import CONSTRUCTORS
from chainrule.core.ops import registry
from chainrule.core.ops.rule import REQUIRED, Composite, Operation, Rule
from chainrule.gui.theme import FAMILIES

MIME_TYPE = "application/x-chainrule-kind"
NO_GRAD = "no_grad"
TENSOR = "tensor"

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
    """One entry of the library. ``takes`` is how many tensors it can be wired to."""

    request: Request
    name: str
    family: str
    doc: str
    symbol: str = ""
    signature: str = ""
    takes: int = 0
    words: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Symbol and name; a symbol that is only another word is left out."""
        word = len(self.symbol) > 2 and self.symbol.isalpha() and self.symbol.isascii()
        return self.name if word or not self.symbol else f"{self.symbol} {self.name}"

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


def search(text: str, fits: Fits = anything) -> list[Choice]:
    """The choices that ``text`` may mean, best first: by name, symbol, torch name or synonym, misspelt or not."""
    if not text.strip():
        return [choice for choice in choices() if fits(choice)]
    wanted = text.strip().lower()
    found = [_operation(operation) for operation in registry.search(wanted)]
    others = [choice for choice in [*map(_constructor, CONSTRUCTORS), _REGION] if _matches(wanted, choice)]
    exact = [choice for choice in found if choice.name == wanted or choice.symbol == text.strip()]
    exact.sort(key=lambda choice: not _is_operator(choice))
    begins = sorted(
        (choice for choice in [*found, *others] if choice.name.startswith(wanted)), key=lambda choice: len(choice.name)
    )
    ordered = _once([*exact, *begins, *found, *others])
    return [choice for choice in ordered if fits(choice)]


def _public() -> Iterable[Operation]:
    return (operation for operation in registry.entries().values() if operation.public)


def _operation(operation: Operation) -> Choice:
    takes = len(operation.inputs) if isinstance(operation, Rule | Composite) else 0
    return Choice(
        Request(operation.name),
        operation.name,
        operation.family,
        operation.doc,
        operation.symbol,
        signature(operation),
        takes,
    )


def _constructor(name: str) -> Choice:
    return Choice(Request(TENSOR, name), name, "leaf", CONSTRUCTORS[name], signature=f"torch.{name}", words=("leaf",))


_REGION = Choice(
    Request(NO_GRAD),
    "no_grad region",
    "control",
    "A tinted area: what runs inside it is not recorded on the tape.",
    signature="with torch.no_grad():",
    words=("no_grad", "nograd", "inference", "stop gradient"),
)


def signature(operation: Operation) -> str:
    """How torch is called, such as ``torch.sum(input, dim=None, keepdim=False)``."""
    arguments: list[str] = []
    if isinstance(operation, Rule | Composite):
        arguments += [f"{s.name}=None" if s.optional else s.name for s in operation.inputs]
        arguments += [p.name if p.default is REQUIRED else f"{p.name}={p.default!r}" for p in operation.params]
    path = f"torch.{operation.torch_name}" if operation.paths else f"Tensor.{operation.name}"
    return f"{path}({', '.join(arguments)})"


def _is_operator(choice: Choice) -> bool:
    """Whether Python's own sign means this operation: ``@`` is matmul, though mm and mv are written with it too."""
    return bool(registry.get(choice.request.kind).operators)


def _matches(wanted: str, choice: Choice) -> bool:
    return any(wanted in word or _in_order(wanted, word) for word in (choice.name, *choice.words))


def _in_order(wanted: str, word: str) -> bool:
    letters = iter(word)
    return len(wanted) > 1 and all(letter in letters for letter in wanted)


def _once(found: Iterable[Choice]) -> list[Choice]:
    first: dict[str, Choice] = {}
    for choice in found:
        first.setdefault(choice.key, choice)
    return list(first.values())
