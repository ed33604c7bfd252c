"""The record that describes one operation, and the record for a composite of several.

Nothing here is about any one operation: the records themselves stand in the sibling modules, one module a family.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Forward = Callable[..., Any]
Vjp = Callable[..., Any]
GradFnName = str | Callable[[frozenset[str], Mapping[str, Any]], str]
Promotion = str | Callable[[Mapping[str, Any]], str]

REQUIRED = inspect.Parameter.empty


# What torch's parameters hold, by the names it gives them everywhere; where a name is not here, the default says.
_KINDS = {
    **dict.fromkeys(("dim0", "dim1", "dim2", "axis0", "axis1", "start_dim", "end_dim", "ignore_index"), "integer"),
    **dict.fromkeys(("start", "length", "chunks", "diagonal", "offset", "k", "n", "decimals"), "integer"),
    **dict.fromkeys(
        ("dim", "dims", "size", "sizes", "shape", "shifts", "repeats", "source", "destination"), "integers"
    ),
    **dict.fromkeys(("split_size", "indices_or_sections"), "integers"),
    **dict.fromkeys(("alpha", "beta", "min", "max", "value", "eps", "nan", "posinf", "neginf"), "number"),
    **dict.fromkeys(("rtol", "atol", "correction", "dx"), "number"),
    **dict.fromkeys(("min_val", "max_val", "negative_slope", "beta", "threshold", "value", "lambd"), "number"),
    **dict.fromkeys(("delta", "margin", "label_smoothing"), "number"),
    **dict.fromkeys(("groups", "num_groups", "num_classes", "padding_idx"), "integer"),
    **dict.fromkeys(("kernel_size", "stride", "dilation", "normalized_shape", "pad"), "integers"),
    "index": "index",
    "dtype": "dtype",
    "equation": "text",
}


@dataclass(frozen=True)
class Param:
    """A setting that is not a tensor, such as ``dim``; ``default`` is ``REQUIRED`` where there is none."""

    name: str
    default: Any = REQUIRED
    choices: tuple[Any, ...] = ()

    @property
    def kind(self) -> str:
        """What it holds: "integer", "integers", "number", "switch", "choice", "index", "dtype", "text", or "" for
        anything.
        """
        if isinstance(self.default, bool):
            return "switch"
        return "choice" if self.choices else _KINDS.get(self.name, "")


@dataclass(frozen=True)
class Socket:
    """A place for a tensor; ``number`` says that a plain number may stand there, ``optional`` that it may be empty."""

    name: str
    number: bool = False
    optional: bool = False
    variadic: bool = False


@dataclass(frozen=True)
class Sample:
    """Inputs that an operation is tested and documented with: nested lists or numbers (None leaves one empty), and
    parameters.
    """

    inputs: tuple[Any, ...]
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Operation:
    """What a rule and a composite have in common: how they are called, found and described.

    ``aliases`` are torch's other names for it; it is called, found and read from files by them, and listed once.
    ``paths`` are torch's module paths ("" for ``torch.mul``, "nn.functional" for ``torch.nn.functional.linear``).
    ``method`` says that torch also has it as a method of ``Tensor``; ``operators`` names the special methods that it
    serves (``__mul__``; ``in_place_operators``: ``__imul__``) and ``attribute`` the attribute (``T``).
    ``spelled`` is torch's name where the book has another operation of that name (``norm`` for ``linalg_norm``).
    ``insists`` names parameters whose default only torch.nn.functional has: elsewhere they have to be given.
    ``of_numbers`` says that torch's function also takes numbers alone.
    ``overloads`` are the readings that PyTorch names where arguments fit none, such as ``Tensor input, int dim``.
    ``ints`` names the parameter whose integers the method also takes one by one, as ``x.view(2, 3)`` does;
    ``leading`` those that torch takes before the tensors, which then may stand one by one: ``einsum("i,i", x, w)``.
    ``outputs`` names the results, from the parameters; an operation with a single result names none.
    ``reshaping`` says that its in-place form, such as ``t_``, writes no numbers: it makes the tensor the view.
    ``order`` names all arguments as torch takes them, where a parameter stands before a tensor. ``inplace`` says that
    torch.nn.functional's takes ``inplace=True`` as its last argument, and torch has a twin with a final underscore.
    ``check(*inputs, **params)`` raises in PyTorch's words, before any promotion, or returns PyTorch's warning. It asks
    for parameters, shapes and dtypes; what it says holds for all calls alike in these.
    ``writes`` names the sockets whose tensors it changes in place, as running statistics are.
    """

    name: str
    forward: Forward
    doc: str
    family: str
    spelled: str = ""
    symbol: str = ""
    synonyms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    paths: tuple[str, ...] = ("",)
    method: bool = True
    operators: tuple[str, ...] = ()
    in_place_operators: tuple[str, ...] = ()
    attribute: str = ""
    public: bool = True
    numbers: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    insists: tuple[str, ...] = ()
    of_numbers: bool = False
    overloads: tuple[str, ...] = ()
    ints: str = ""
    leading: tuple[str, ...] = ()
    choices: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    outputs: Callable[[Mapping[str, Any]], tuple[str, ...]] = lambda params: ()
    reshaping: bool = False
    order: tuple[str, ...] = ()
    inplace: bool = False
    check: Callable[..., object] | None = None
    writes: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of all sockets and parameters, in the order in which torch takes them."""
        if self.order:
            return self.order
        named = list(inspect.signature(self.forward).parameters)[isinstance(self, Composite) :]
        return (*self.leading, *(name for name in named if name not in self.leading))

    @property
    def inputs(self) -> tuple[Socket, ...]:
        """The places for tensors, in order."""
        raise NotImplementedError

    @property
    def params(self) -> tuple[Param, ...]:
        """The settings that are not tensors, in order."""
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        """``doc`` as it stands in a window: without the marks around names and code."""
        return self.doc.replace("`", "")

    @property
    def subject(self) -> str:
        """The page of the rule book that it stands on: its module's name, such as "trigonometry"; "" without one."""
        return (self.forward.__module__ or "").rpartition(".")[2]

    @property
    def torch_name(self) -> str:
        """The name under which torch has it, with its path: ``nn.functional.linear``."""
        name = self.spelled or self.name
        return f"{self.paths[0]}.{name}" if self.paths and self.paths[0] else name


@dataclass(frozen=True, eq=False)
class Rule(Operation):
    """One operation: its forward and one vector-Jacobian product per input, side by side.

    ``forward(*inputs, **params)`` takes arrays and returns an array; its parameter names are torch's.
    ``vjps[i](g, y, *inputs, **params)`` takes the upstream gradient ``g`` (shape of the result ``y``) and returns the
    gradient for input ``i``, in a shape that broadcasts to it or from it: the engine sums to the input's shape, casts
    to its dtype and accumulates. ``None`` stands where there is no derivative. With ``variadic`` there is one vjp,
    ``vjps[0](g, y, *inputs, at=i, **params)``, for every input alike. An ``optional`` input is a number: the default
    that ``forward`` has for it stands in for an empty one.

    ``dtype`` says what the public layer does before calling: "promote" the inputs to one dtype, also to "float", cast
    them to that of the "first", or leave them "as is", or which of these by the parameters; ``uncast`` names inputs
    that keep their own, ``promoting`` parameters that count as numbers do.
    ``view`` says that the result may share its input's memory. ``grad_fn`` is PyTorch's name of the backward node where
    it is not made from ``name``; a function of (the inputs that are plain numbers, params) where it varies.
    ``saved_params`` names the parameters that PyTorch keeps as saved tensors, as it does with tensors of indices.
    ``tensor_form`` names the operation that is called instead where a parameter is given as a tensor.
    ``check_values`` is a check that looks at the inputs' values (or at how they lie in memory), and so is made at every
    call; it has no warning.
    ``alone`` names the operation that is called instead, and its parameters, where the first input alone is given.
    ``refuses`` makes, of the inputs that are numbers and the parameters, what backward raises where torch tracks a
    result although it knows no derivative of it; None where it knows one. ``undefined`` names the inputs without a vjp
    for which torch tracks the result all the same: what they receive is no gradient, not one of zeros.
    ``piecewise_linear`` says that torch can differentiate its gradients again, though they stand still: to 0.
    """

    vjps: tuple[Vjp | None, ...] = ()
    variadic: bool = False
    dtype: Promotion = "promote"
    uncast: tuple[str, ...] = ()
    promoting: tuple[str, ...] = ()
    grad_fn: GradFnName = ""
    view: bool = False
    saved_params: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    tensor_form: str = ""
    check_values: Callable[..., object] | None = None
    alone: tuple[str, Mapping[str, Any]] | None = None
    refuses: Callable[[frozenset[str], Mapping[str, Any]], Exception | None] | None = None
    undefined: tuple[str, ...] = ()
    piecewise_linear: bool = False

    @cached_property
    def inputs(self) -> tuple[Socket, ...]:
        names = list(inspect.signature(self.forward).parameters)[: 1 if self.variadic else len(self.vjps)]
        return tuple(Socket(n, n in self.numbers, n in self.optional, self.variadic) for n in names)

    @cached_property
    def params(self) -> tuple[Param, ...]:
        taken = {socket.name for socket in self.inputs}
        return tuple(
            Param(p.name, p.default, self.choices.get(p.name, ()))
            for p in inspect.signature(self.forward).parameters.values()
            if p.name not in taken
        )

    @cached_property
    def differentiable(self) -> bool:
        """Whether there is a derivative for any input."""
        return any(self.vjps)

    @cached_property
    def tracks(self) -> tuple[bool, ...]:
        """Of each vjp's input, whether the result is tracked for it."""
        sockets = zip(self.inputs, self.vjps, strict=True)
        return tuple(vjp is not None or self.refuses is not None or at.name in self.undefined for at, vjp in sockets)

    def refusal(self, numbers: frozenset[str], params: Mapping[str, Any]) -> Exception | None:
        """What backward raises instead of running, where it does."""
        return None if self.refuses is None else self.refuses(numbers, params)

    @cached_property
    def uncast_places(self) -> frozenset[int]:
        """The places of the inputs that keep their own dtype."""
        return frozenset(place for place, socket in enumerate(self.inputs) if socket.name in self.uncast)

    def promotion(self, params: Mapping[str, Any]) -> str:
        """What ``dtype`` says where the parameters are ``params``."""
        return self.dtype(params) if callable(self.dtype) else self.dtype

    def grad_fn_name(self, numbers: frozenset[str], params: Mapping[str, Any]) -> str:
        """PyTorch's name of the backward node, such as ``MulBackward0``; ``numbers`` are the inputs given as
        numbers.
        """
        if callable(self.grad_fn):
            return self.grad_fn(numbers, params)
        return self.grad_fn or "".join(part.capitalize() for part in self.name.split("_")) + "Backward0"


@dataclass(frozen=True, eq=False)
class Composite(Operation):
    """A plain function over other operations, without a vjp of its own.

    ``forward(F, *inputs, **params)`` calls operations as ``F.name(...)``; whoever runs it says what ``F`` is. With
    ``variadic`` its one input is a sequence of tensors, which torch also takes one by one.
    """

    tensors: tuple[str, ...] = ("input",)
    variadic: bool = False

    @cached_property
    def inputs(self) -> tuple[Socket, ...]:
        return tuple(Socket(n, n in self.numbers, n in self.optional, self.variadic) for n in self.tensors)

    @cached_property
    def params(self) -> tuple[Param, ...]:
        parameters = list(inspect.signature(self.forward).parameters.values())[1:]
        return tuple(
            Param(p.name, p.default, self.choices.get(p.name, ())) for p in parameters if p.name not in self.tensors
        )
