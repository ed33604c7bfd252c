"""Tensor: an array, its place on the tape, and the queries that PyTorch answers about them.

What operations do to tensors is not here: methods and operators that belong to an operation are found in the rule book
by ``calls`` when they are first asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chainrule.core.engine import dtypes, errors, printing, tape
from chainrule.core.engine.modes import modes
from chainrule.core.engine.recording import Recording
from chainrule.core.ops import checks

if TYPE_CHECKING:
    from chainrule.core.signatures.methods import OperationMethods
else:
    OperationMethods = object

Array = NDArray[Any]


class Size(tuple[int, ...]):
    """A shape, printed as PyTorch prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    def numel(self) -> int:
        """The number of elements."""
        return int(np.prod(self))

    def __getitem__(self, at: Any) -> Any:
        part = super().__getitem__(at)
        return Size(part) if isinstance(at, slice) else part


class Tensor(OperationMethods):
    """A tensor on the CPU. ``_data`` is its array (0-d for a scalar), ``_edge`` where gradients for it go.

    A leaf that requires grad has an accumulator behind its edge; a result has the backward node that made it.
    """

    __slots__ = ("__weakref__", "_base", "_data", "_edge", "_grad", "_version", "label")
    __hash__ = object.__hash__
    __array_priority__ = 1000
    __array_ufunc__ = None

    def __init__(self, data: Array, edge: tape.Edge | None = None, version: tape.Version | None = None) -> None:
        self._data = data
        self._edge = edge
        self._version = version or tape.Version()
        self._base: Tensor | None = None
        self._grad: Tensor | None = None
        self.label: Hashable = None

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
        return Tensor(self._data)

    @data.setter
    def data(self, value: Tensor) -> None:
        refit = self.requires_grad and self.is_leaf and value._data.shape != self._data.shape
        if refit:
            self.requires_grad = False
        self._data = value._data
        if refit:
            self.grad = None
            self.requires_grad = True

    def size(self, dim: int | None = None) -> Size | int:
        """The shape, or one side of it."""
        return self.shape if dim is None else self._data.shape[checks.wrap_dim(dim, self._data.ndim)]

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

    def is_signed(self) -> bool:
        """Whether its dtype has negative values."""
        return self.dtype.is_signed

    def is_complex(self) -> bool:
        """Always False: there are no complex numbers here."""
        return False

    def is_nonzero(self) -> bool:
        """Whether the single element is not 0."""
        return bool(self)

    def is_same_size(self, other: Tensor) -> bool:
        """Whether ``other`` has the same shape."""
        return self._data.shape == other._data.shape

    def type(self) -> str:
        """PyTorch's name of the tensor's type, such as ``torch.FloatTensor``."""
        return dtypes.torch_type_name(self._data)

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
        return self._edge is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self._set_requires_grad(value, errors.INTEGER_REQUIRES_GRAD)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Switch tracking of this leaf; RuntimeError for integers and for results."""
        if self.is_leaf or not requires_grad:
            self._set_requires_grad(requires_grad, errors.INTEGER_REQUIRES_GRAD_)
        return self

    def _set_requires_grad(self, value: bool, integer_message: str) -> None:
        if not self.is_leaf:
            raise RuntimeError(errors.NON_LEAF_FLAG_ON if value else errors.NON_LEAF_FLAG)
        if value and not self.dtype.is_floating_point:
            raise RuntimeError(integer_message)
        if not value:
            if self._edge is not None:
                self._grad = self.grad
            self._edge = None
        elif self._edge is None:
            accumulator = tape.Accumulator(self._data.shape, self._data.dtype, Tensor)
            accumulator.label = self.label
            accumulator.grad, self._grad = self._grad, None
            self._edge = tape.Edge(accumulator)

    @property
    def is_leaf(self) -> bool:
        return self._edge is None or isinstance(self._edge.target, tape.Accumulator)

    @property
    def grad_fn(self) -> tape.Node | None:
        target = self._edge.target if self._edge else None
        return target if isinstance(target, tape.Node) else None

    @property
    def _accumulator(self) -> tape.Accumulator | None:
        target = self._edge.target if self._edge else None
        return target.retained if isinstance(target, tape.Node) else target

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
            raise RuntimeError(
                f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
                f"'{list(self.shape)}'. Please ensure that the gradient and the tensor are the same size"
            )
        if value._data.dtype != self._data.dtype:
            raise RuntimeError(
                f"attempting to assign a gradient with dtype '{value.dtype.c_name}' to a tensor with grad_dtype "
                f"'{self.dtype.type_name}'. The gradient must match the tensor's grad_dtype (defaults to the tensor's "
                "dtype). You can set the tensor's grad_dtype attribute with a specific dtype, or None to allow any "
                "dtype. Set grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break "
                "downstream systems that assume they match."
            )

    def retain_grad(self) -> None:
        """Keep this result's gradient in ``.grad`` too; on a leaf nothing happens, it keeps its own anyway."""
        if self._edge is None:
            raise RuntimeError(errors.RETAIN_UNTRACKED)
        target = self._edge.target
        if isinstance(target, tape.Node) and target.retained is None:
            target.retained = tape.Accumulator(target.shape, target.dtype, Tensor)
            target.retained.label = self.label

    @property
    def retains_grad(self) -> bool:
        return self.grad_fn is not None and self.grad_fn.retained is not None

    def through(self, socket: str) -> Tensor:
        """This tensor as it enters by ``socket``: what is sent back to it will carry that name."""
        edge = tape.Edge(self._edge.target, socket) if self._edge else None
        return Tensor(self._data, edge, self._version)

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
        *,
        recording: Recording | None = None,
    ) -> None:
        """Accumulate into ``.grad`` of every leaf below, for the upstream vector ``gradient`` (1 for a scalar).

        Fills ``recording``, if given, with what happened. Raises RuntimeError and TypeError in PyTorch's words.
        """
        if self._edge is None:
            raise RuntimeError(errors.UNTRACKED)
        seed = self._seed(gradient)
        tape.backward([(self._edge.target, seed)], retain_graph=bool(retain_graph), recording=recording)

    def _seed(self, gradient: Any) -> Array:
        if gradient is None:
            if self._data.size != 1:
                raise RuntimeError(errors.NON_SCALAR)
            return np.ones(self._data.shape, self._data.dtype)
        if not isinstance(gradient, Tensor):
            kind = gradient.dtype.name if isinstance(gradient, np.ndarray) else _element_type(gradient)
            raise TypeError(f"gradients can be either Tensors or None, but got {kind}")
        if gradient._data.shape != self._data.shape:
            raise RuntimeError(errors.seed_mismatch(gradient._data.shape, self._data.shape))
        return gradient._data.astype(self._data.dtype)

    # Leaving tensors for Python and NumPy

    def item(self) -> Any:
        """The single element as a Python number."""
        if self._data.size != 1:
            raise RuntimeError(f"a Tensor with {self._data.size} elements cannot be converted to Scalar")
        return self._data.item()

    def tolist(self) -> Any:
        """Nested lists of Python numbers; a number for a scalar."""
        return self._data.tolist()

    def numpy(self) -> Array:
        """The array itself, memory shared; RuntimeError where tracked."""
        if self.requires_grad:
            raise RuntimeError(errors.NUMPY_TRACKED)
        return self._data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.numpy(), dtype, copy=copy)

    def equal(self, other: Tensor) -> bool:
        """Whether ``other`` has the same shape and the same elements; nan equals nothing."""
        _check_tensor("equal", other)
        return bool(np.array_equal(self._data, other._data))

    def allclose(self, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
        """Whether every element is within ``atol + rtol * |other|`` of the one in ``other``, of the same dtype."""
        _check_tensor("allclose", other)
        if self._data.dtype != other._data.dtype:
            raise RuntimeError(f"{self.dtype.type_name} did not match {other.dtype.type_name}")
        checks.broadcast(self._data.shape, other._data.shape)
        return bool(np.allclose(self._data, other._data, rtol, atol, equal_nan))

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

    def __iter__(self) -> Iterator[Any]:
        if not self._data.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return (self[place] for place in range(len(self._data)))

    def __repr__(self) -> str:
        if self.grad_fn is not None:
            return printing.tensor_text(self._data, suffixes=(f"grad_fn=<{self.grad_fn.name()}>",))
        return printing.tensor_text(self._data, suffixes=("requires_grad=True",) if self.requires_grad else ())

    def __format__(self, spec: str) -> str:
        return object.__format__(self, spec) if self._data.ndim else format(self.item(), spec)

    def __deepcopy__(self, memo: Any) -> Tensor:
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user support the deepcopy protocol at the moment."
            )
        copy = Tensor(self._data.copy())
        if self.requires_grad:
            copy.requires_grad_()
        copy.grad = None if self.grad is None else Tensor(self.grad._data.copy())
        return copy

    # Writing into it

    def _may_write(self, tracked: bool = False) -> None:
        """RuntimeError where an in-place change (of tracked values, perhaps) would leave the tape untrue."""
        if not modes.grad_enabled:
            return
        if self.requires_grad and self.is_leaf:
            raise RuntimeError(errors.LEAF_IN_PLACE)
        base = self._base
        if base is not None and base.requires_grad and base.is_leaf:
            raise RuntimeError(errors.LEAF_VIEW_IN_PLACE)
        entangled = base is not None or bool(self._version.views)
        if entangled and (tracked or self.requires_grad or (base is not None and base.requires_grad)):
            raise RuntimeError(errors.VIEW_IN_PLACE)

    def write(self, result: Tensor) -> Tensor:
        """Take ``result``'s values, and its place on the tape, in place: what every in-place operation comes down
        to.
        """
        self._may_write(result.requires_grad)
        if result._data.shape != self._data.shape:
            raise RuntimeError(
                f"output with shape {list(self.shape)} doesn't match the broadcast shape {list(result.shape)}"
            )
        if not dtypes.can_cast(result._data.dtype, self._data.dtype):
            raise RuntimeError(
                f"result type {result.dtype.type_name} can't be cast to the desired output type {self.dtype.type_name}"
            )
        if type(result._data) is np.ndarray and type(self._data) is np.ndarray:
            self._data[...] = result._data
        else:  # a trace has no memory to write into; whoever traces finds the new value here
            self._data = np.astype(result._data, self._data.dtype, copy=False)
        self._version.count += 1
        if modes.grad_enabled:
            self._edge = result._edge
        return self

    def reshape_to(self, view: Tensor) -> Tensor:
        """Become ``view``, which is one of this tensor's own memory: what ``t_`` and its kin come down to."""
        self._data = view._data
        self._version.count += 1
        if modes.grad_enabled:
            self._edge = view._edge
        return self

    def __setitem__(self, at: Any, value: Any) -> None:
        if modes.grad_enabled and (self.requires_grad or getattr(value, "requires_grad", False)):
            raise RuntimeError(
                errors.LEAF_VIEW_IN_PLACE if self.requires_grad and self.is_leaf else errors.PART_IN_PLACE
            )
        source = value if isinstance(value, Tensor) else Tensor(np.asarray(value))
        part = self[at]  # checks the index, in PyTorch's words
        checks.expandable(source._data.shape, part._data.shape)
        self._data[plain_index(at)] = source._data
        self._version.count += 1

    def detach_(self) -> Tensor:
        """Make this tensor an untracked leaf."""
        self._grad, self._edge = self.grad if self.is_leaf else None, None
        return self

    if not TYPE_CHECKING:  # whoever checks types sees OperationMethods, and what it has not as a mistake

        def __getattr__(self, name: str) -> Any:
            return find_attribute(self, name)


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
) -> None:
    """One backward pass from several roots at once, each with its own seed; torch.autograd.backward."""
    roots = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    seeds = [grad_tensors] if isinstance(grad_tensors, Tensor) else list(grad_tensors or [None] * len(roots))
    walks = []
    for place, (root, seed) in enumerate(zip(roots, seeds, strict=True)):
        if root._edge is None:
            raise RuntimeError(errors.UNTRACKED.replace("0", str(place), 1))
        walks.append((root._edge.target, root._seed(seed)))
    tape.backward(walks, retain_graph=bool(retain_graph))


def plain_index(at: Any) -> Any:
    """What stands between brackets, with arrays for tensors and lists."""
    if isinstance(at, tuple):
        return tuple(map(plain_index, at))
    if isinstance(at, Tensor):
        return at._data
    return np.asarray(at) if isinstance(at, list) else at


def _element_type(value: Any) -> str:
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return type(value).__name__


def _check_tensor(function: str, other: Any) -> None:
    if not isinstance(other, Tensor):
        raise TypeError(f"{function}(): argument 'other' (position 2) must be Tensor, not {type(other).__name__}")


def _missing(tensor: Tensor, name: str) -> Any:
    raise AttributeError(f"'Tensor' object has no attribute {name!r}")


# ``calls`` puts the search in the rule book here: this module comes before it and knows no operation.
find_attribute: Callable[[Tensor, str], Any] = _missing
