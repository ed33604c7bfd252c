"""Tensor: an array, its place on the tape, and the queries that PyTorch answers about them.

What operations do to tensors is not here: methods and operators that belong to an operation are found in the rule book
by ``calls`` when they are first asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes, errors, passes, printing, tape
from chainrule.core.engine.brackets import plain_index
from chainrule.core.engine.hooks import Hook, RemovableHandle, register
from chainrule.core.engine.modes import modes
from chainrule.core.engine.recording import Recording
from chainrule.core.engine.size import Size
from chainrule.core.engine.tape import Version
from chainrule.core.ops import checks
from chainrule.core.ops.indexing import parse_index

if TYPE_CHECKING:
    from chainrule.core.signatures.methods import OperationMethods
else:
    OperationMethods = object

Array = NDArray[Any]


class Tensor(OperationMethods):
    """A tensor on the CPU. ``_data`` is its array (0-d for a scalar), ``_target`` where gradients for it go.

    A leaf that requires grad has an accumulator there; a result the backward node that made it. ``_socket`` is what a
    graph calls the way there, ``_changes`` counts writes to the memory, ``_base`` is the tensor that this is a view of.
    """

    __hash__ = object.__hash__
    __array_priority__ = 1000

    _socket: str | None = None
    _base: Tensor | None = None
    _grad: Tensor | None = None
    _blind = False  # a view that was made where nothing is tracked
    _ticket: tape.Ticket | None = None
    label: Hashable = None

    _data: Array
    _target: tape.Node | tape.Accumulator | None
    _changes: tape.Version
    _of: Callable[[Array], Tensor]  # ``tensor_of``, for modules that come before this one

    if TYPE_CHECKING:  # how users make tensors is put here by ``constructors``

        def __init__(self, *data: Any, device: str | None = None) -> None: ...

    # What it is

    @property
    def shape(self) -> Size:
        return Size(self._data.shape)

    @property
    def ndim(self) -> int:
        return self._data.ndim

    @property
    def dtype(self) -> dtypes.dtype:
        return dtypes.of(self._data)

    @property
    def data(self) -> Tensor:
        """The same memory, untracked and with a version of its own."""
        return tensor_of(self._data)

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
        refit = self.requires_grad and self.is_leaf and value._data.shape != self._data.shape
        if refit:
            self.requires_grad = False
        self._data = value._data
        if refit:
            self.grad = None
            self.requires_grad = True
        elif isinstance(self._target, tape.Accumulator):
            self._own(self._target)

    def size(self, dim: int | None = None) -> Size | int:
        """The shape, or one side of it."""
        if dim is None:
            return self.shape
        if not isinstance(dim, (int, np.integer)):
            raise TypeError(f"size(): argument 'dim' (position 1) must be int, not {type(dim).__name__}")
        side: int = self._data.shape[checks.wrap_dim(dim, self._data.ndim)]
        return side

    def dim(self) -> int:
        """The number of dimensions."""
        return self._data.ndim

    def numel(self) -> int:
        """The number of elements."""
        return int(self._data.size)

    ndimension = dim
    nelement = numel

    @property
    def itemsize(self) -> int:
        return int(self._data.itemsize)

    @property
    def nbytes(self) -> int:
        return int(self._data.nbytes)

    def element_size(self) -> int:
        """The bytes of one element."""
        return int(self._data.itemsize)

    def stride(self, dim: int | None = None) -> tuple[int, ...] | int:
        """How many elements lie between neighbours along each dimension, or along one."""
        shape, steps = self._data.shape, self._data.strides
        if 0 in shape:  # PyTorch counts an empty side as 1, NumPy has 0 all over
            steps = tuple(int(np.prod(np.maximum(shape[place + 1 :], 1))) * self.itemsize for place in range(self.ndim))
        strides = tuple(step // self.itemsize for step in steps)
        return strides if dim is None else strides[checks.wrap_dim(dim, self.ndim)]

    def storage_offset(self) -> int:
        """How many elements lie in memory before the first, of those that this tensor is a view of."""
        base = self._data
        while isinstance(base.base, np.ndarray):
            base = base.base
        return (self.data_ptr() - int(base.ctypes.data)) // self.itemsize

    def cpu(self) -> Tensor:
        """The tensor itself: it is on the CPU."""
        return self

    def type(self, dtype: dtypes.dtype | str | None = None, non_blocking: bool = False) -> Any:
        """PyTorch's name of the tensor's type, such as ``torch.FloatTensor``; or its values in ``dtype``, which such a
        name may also stand for.
        """
        return dtypes.torch_type_name(self._data) if dtype is None else self.to(dtypes.of_type(dtype))

    def is_floating_point(self) -> bool:
        """Whether it holds floating-point numbers."""
        return self.dtype.is_floating_point

    def is_contiguous(self) -> bool:
        """Whether its elements lie in memory in order."""
        return bool(self._data.flags.c_contiguous)

    def data_ptr(self) -> int:
        """The address of its memory."""
        return int(self._data.ctypes.data)

    # Its place on the tape

    @property
    def requires_grad(self) -> bool:
        return self._target is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise RuntimeError(errors.SWITCH)
        self._set_requires_grad(value, errors.INTEGER_REQUIRES_GRAD)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Switch tracking of this leaf; RuntimeError for integers and for results."""
        if not isinstance(requires_grad, bool):
            raise TypeError(errors.not_a_switch(requires_grad))
        if self.is_leaf or not requires_grad:
            self._set_requires_grad(requires_grad, errors.INTEGER_REQUIRES_GRAD_)
        return self

    def _set_requires_grad(self, value: bool, integer_message: str) -> None:
        if not self.is_leaf:
            raise RuntimeError(errors.NON_LEAF_FLAG_ON if value else errors.NON_LEAF_FLAG)
        if value and not self.dtype.is_floating_point:
            raise RuntimeError(integer_message)
        if value and self.is_inference() and not modes.inference:
            raise RuntimeError(errors.INFERENCE_REQUIRES_GRAD)
        if not value:
            if self._target is not None:
                self._grad = self.grad
            self._target = None
        elif self._target is None:
            accumulator = tape.Accumulator(self._data.shape, self._data.dtype, fresh)
            accumulator.label = self.label
            self._own(accumulator)
            accumulator.grad, self._grad = self._grad, None
            self._target = accumulator

    def _own(self, accumulator: tape.Accumulator) -> None:
        """Be the leaf of ``accumulator``, which holds the memory, but not this tensor: that would be a cycle."""
        accumulator.owner = ref(self)
        memory, changes = self._data, self._changes
        accumulator.revive = lambda target: tensor_of(memory, target, changes)

    @property
    def is_leaf(self) -> bool:
        return not isinstance(self._target, tape.Node)

    @property
    def grad_fn(self) -> tape.Node | None:
        return self._target if isinstance(self._target, tape.Node) else None

    @property
    def _accumulator(self) -> tape.Accumulator | None:
        return self._target.retained if isinstance(self._target, tape.Node) else self._target

    @property
    def _version(self) -> int:
        """How often its memory was changed in place."""
        if self._changes.count is None:
            raise RuntimeError(errors.INFERENCE_VERSION)
        return self._changes.count

    def is_inference(self) -> bool:
        """Whether it was made in inference mode, so that autograd may not use it."""
        return self._changes.count is None

    @property
    def grad(self) -> Any:
        """The gradient that backward has accumulated, a Tensor; None where there is none."""
        if not self.is_leaf and self._accumulator is None:
            warnings.warn(errors.NON_LEAF_GRAD, UserWarning, stacklevel=2)
            return None
        accumulator = self._accumulator
        return accumulator.grad if accumulator else self._grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None:
            self._check_grad(value)
        if self._accumulator is not None:
            self._accumulator.grad = value
        else:
            self._grad = value

    def _check_grad(self, value: Any) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(
                f"assigned grad expected to be a Tensor or None but got grad of type {type(value).__name__}"
            )
        if value._data.shape != self._data.shape:
            raise RuntimeError(errors.grad_of_other_size(value.shape, self.shape))
        if value._data.dtype != self._data.dtype:
            raise RuntimeError(errors.grad_of_other_dtype(value.dtype.c_name, self.dtype.type_name))

    def retain_grad(self) -> None:
        """Keep this result's gradient in ``.grad`` too; on a leaf nothing happens, it keeps its own anyway."""
        if self._target is None:
            raise RuntimeError(errors.RETAIN_UNTRACKED)
        node = self.grad_fn
        if node is not None and node.retained is None:
            node.retained = tape.Accumulator(node.shape, node.dtype, fresh)
            node.retained.label = self.label

    @property
    def retains_grad(self) -> bool:
        return self.grad_fn is not None and self.grad_fn.retained is not None

    def register_hook(self, hook: Hook) -> RemovableHandle:
        """Call ``hook(grad)`` whenever a gradient for this tensor has been computed; what it returns replaces it."""
        if self._target is None:
            raise RuntimeError(errors.HOOK_UNTRACKED)
        return register(self._target.hooked().arriving, hook)

    def register_post_accumulate_grad_hook(self, hook: Hook) -> RemovableHandle:
        """Call ``hook(self)`` whenever this leaf's ``.grad`` has been added to."""
        if self._target is None:
            raise RuntimeError(errors.HOOK_UNTRACKED)
        if isinstance(self._target, tape.Node):
            raise RuntimeError(errors.HOOK_NON_LEAF)
        return register(self._target.hooked().accumulated, hook)

    def through(self, socket: str) -> Tensor:
        """This tensor as it enters by ``socket``: what is sent back to it will carry that name."""
        entering = tensor_of(self._data, self._target, self._changes)
        entering._socket = socket
        return entering

    def labelled_leaf(self, label: Hashable) -> Tensor:
        """Name this leaf in recordings; returns it."""
        self.label = label
        if self._accumulator is not None:
            self._accumulator.label = label
        return self

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
        *,
        recording: Recording | None = None,
    ) -> None:
        """Accumulate into ``.grad`` of every leaf below, for the upstream vector ``gradient`` (1 for a scalar).

        Fills ``recording``, if given, with what happened. Raises RuntimeError and TypeError in PyTorch's words.
        """
        passes.backward(self, gradient, retain_graph, create_graph, inputs, recording=recording)

    # Leaving tensors for Python and NumPy

    def item(self) -> Any:
        """The single element as a Python number."""
        if self._data.size != 1:
            raise RuntimeError(f"a Tensor with {self._data.size} elements cannot be converted to Scalar")
        return self._data.item()

    def tolist(self) -> Any:
        """Nested lists of Python numbers; a number for a scalar."""
        return self._data.tolist()

    def numpy(self, *, force: bool = False) -> Array:
        """The array itself, memory shared; RuntimeError where tracked, unless by ``force``."""
        if not isinstance(force, bool):
            raise TypeError(f"numpy(): argument 'force' must be bool, not {type(force).__name__}")
        if self.requires_grad and modes.grad_enabled and not force:
            raise RuntimeError(errors.NUMPY_TRACKED)
        return self._data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.numpy(), dtype, copy=copy)

    def __array_wrap__(self, array: Array, context: Any = None, return_scalar: bool = False) -> Tensor:
        """What one of NumPy's functions has made of this tensor: a tensor too, with bytes for truth values."""
        dtypes.of(array)  # TypeError for an element type that torch has not
        return fresh(array.astype(np.uint8) if array.dtype.kind == "b" else array)

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise RuntimeError(errors.AMBIGUOUS if self._data.size else errors.AMBIGUOUS_EMPTY)
        return bool(self._data)

    def __float__(self) -> float:
        return float(self._scalar())

    def __int__(self) -> int:
        return int(self._scalar())

    def _scalar(self) -> Any:
        if self._data.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self._data.item()

    def __index__(self) -> int:
        if self._data.dtype.kind not in "iu":
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self.item())

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError("len() of a 0-d tensor")
        return len(self._data)

    def __contains__(self, element: Any) -> bool:
        if not isinstance(element, (Tensor, bool, int, float, np.generic)):
            raise RuntimeError(errors.CONTAINS.format(type(element)))
        return bool(np.any(self._data == getattr(element, "_data", element)))

    def __iter__(self) -> Iterator[Any]:
        if not self._data.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return (self[place] for place in range(len(self._data)))

    def __repr__(self) -> str:
        if self.grad_fn is not None:
            return printing.tensor_text(self._data, suffixes=(f"grad_fn=<{self.grad_fn.short_name()}>",))
        return printing.tensor_text(self._data, suffixes=("requires_grad=True",) if self.requires_grad else ())

    def __format__(self, spec: str) -> str:
        return object.__format__(self, spec) if self._data.ndim else format(self.item(), spec)

    # Writing into it

    def _may_write(self, tracked: bool = False) -> None:
        """RuntimeError where an in-place change (of tracked values, perhaps) would leave the tape untrue."""
        self._changes.check()
        if not modes.tracking:
            return
        if self.requires_grad and self.is_leaf:
            raise RuntimeError(errors.LEAF_IN_PLACE)
        base = self._base
        if base is not None and base.requires_grad and self._blind:
            raise RuntimeError(errors.NO_GRAD_VIEW_IN_PLACE)
        if base is not None and base.requires_grad and base.is_leaf:
            raise RuntimeError(errors.LEAF_VIEW_IN_PLACE)
        entangled = base is not None or self._changes.has_views
        if entangled and (tracked or self.requires_grad or (base is not None and base.requires_grad)):
            raise RuntimeError(errors.VIEW_IN_PLACE)

    def write(self, result: Tensor) -> Tensor:
        """Take ``result``'s values, and its place on the tape: what every in-place operation comes down to."""
        self._may_write(result.requires_grad)
        if result._data.shape != self._data.shape:
            raise RuntimeError(
                f"output with shape {list(self.shape)} doesn't match the broadcast shape {list(result.shape)}"
            )
        if not dtypes.can_cast(result._data.dtype, self._data.dtype):
            raise RuntimeError(
                f"result type {result.dtype.type_name} can't be cast to the desired output type {self.dtype.type_name}"
            )
        if not self._data.flags.writeable:
            raise RuntimeError(errors.OVERLAPPING_IN_PLACE)
        if type(result._data) is np.ndarray and type(self._data) is np.ndarray:
            self._data[...] = result._data
        else:  # a trace has no memory to write into; whoever traces finds the new value here
            self._data = np.astype(result._data, self._data.dtype, copy=False)
        self._changes.changed()
        if modes.tracking:
            self._move_to(result._target)
        return self

    def reshape_to(self, view: Tensor) -> Tensor:
        """Become ``view``, which is one of this tensor's own memory: what ``t_`` and its kin come down to."""
        self._data = view._data
        self._changes.changed()
        if modes.tracking:
            self._move_to(view._target)
        return self

    def _move_to(self, target: tape.Node | tape.Accumulator | None) -> None:
        """Take another place on the tape; that the gradient is to be retained comes along."""
        before, self._target = self._target, target
        if isinstance(before, tape.Node) and isinstance(target, tape.Node):
            before.retained, target.retained = None, before.retained

    def __setitem__(self, at: Any, value: Any) -> None:
        self._changes.check()
        if modes.tracking and (self.requires_grad or getattr(value, "requires_grad", False)):
            raise RuntimeError(
                errors.LEAF_VIEW_IN_PLACE if self.requires_grad and self.is_leaf else errors.PART_IN_PLACE
            )
        if not isinstance(value, (Tensor, bool, int, float, np.generic)):
            raise TypeError(f"can't assign a {errors.kind_of(value)} to a {self.type()}")
        source = value._data if isinstance(value, Tensor) else np.asarray(value)
        part, at = self[at]._data, parse_index(plain_index(at))  # checks the index, in PyTorch's words
        checks.assignable(source, part, at)
        self._data[at] = source.reshape(source.shape[max(source.ndim - part.ndim, 0) :])
        self._changes.changed()

    def detach_(self) -> Tensor:
        """Make this tensor an untracked leaf; RuntimeError for a view."""
        if self._base is not None:
            raise RuntimeError(errors.DETACHED_VIEW)
        self._grad, self._target = self.grad if self.is_leaf else None, None
        return self

    def _is_view(self) -> bool:
        return self._base is not None

    if not TYPE_CHECKING:  # whoever checks types sees OperationMethods, and what it has not as a mistake

        def __getattr__(self, name: str) -> Any:
            return find_attribute(self, name)


def tensor_of(
    data: Array, target: tape.Node | tape.Accumulator | None = None, changes: tape.Version | None = None
) -> Tensor:
    """A tensor of that array, which is not copied, and in that place on the tape: how all of them are made."""
    made = _blank(Tensor)
    made._data = data
    made._target = target
    made._changes = Version() if changes is None else changes
    return made


_blank: Callable[[type[Tensor]], Tensor] = object.__new__
Tensor._of = staticmethod(tensor_of)


def fresh(array: Array) -> Tensor:
    """A new tensor of ``array``; in inference mode, one that autograd will never see."""
    made = tensor_of(array)
    if modes.inference:
        made._changes.count = None
    return made


def _missing(tensor: Tensor, name: str) -> Any:
    raise AttributeError(f"'Tensor' object has no attribute {name!r}")


# ``calls`` puts the search in the rule book here: this module comes before it and knows no operation.
find_attribute: Callable[[Tensor, str], Any] = _missing
