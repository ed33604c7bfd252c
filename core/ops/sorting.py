"""Order: sorting, the largest few, the k-th smallest, medians, and the different elements.

nan counts as greater than every number; in which order equals come is ``ordering``'s to say. Each operation finds
places, and takes the values from there by a rule of ``placing``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.ops.checks import not_empty, one_dim, wrap_dim
from chainrule.core.ops.extremes import among_equals
from chainrule.core.ops.ordering import INSERTED, place_of_kth, places_in_order, places_of_most, stable_order
from chainrule.core.ops.placing import Placed, folded, lined, values_at
from chainrule.core.ops.reduction import MATRIX, ROWS, mean
from chainrule.core.ops.registry import register
from chainrule.core.ops.rule import Composite, Rule, Sample
from chainrule.core.ops.vocabulary import unique

DOWN = Sample(MATRIX.inputs, {"dim": 0, "descending": True})
KEPT = Sample(MATRIX.inputs, {"dim": 1, "keepdim": True})


def _argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    line = lined(input)
    steady = stable or line.shape[dim] <= INSERTED  # insertion leaves equals in their order
    return np.reshape((stable_order if steady else places_in_order)(line, dim, descending), input.shape)


register(Rule(
    "argsort", _argsort,
    vjps=(None,),
    doc="Where the elements stand that sorting brings first, second, ... It has no derivative.", family="reduction",
    symbol="argsort", synonyms=("order", "rank"), dtype="as is",
    overloads=("Tensor input, *, bool stable, int dim = -1, bool descending = False, Tensor out = None",
               "Tensor input, int dim = -1, bool descending = False"),
    check=lambda input, dim=-1, **params: one_dim("argsort", input, dim), samples=(MATRIX, DOWN),
))  # fmt: skip


def _sort(F: Any, input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    indices = F.argsort(input, dim, descending, stable)
    values = F.stable_sort_values if stable else F.sort_values
    return Sorted(values(input, indices, dim), indices)


Sorted = type("sort", (Placed,), {})
values_at("sort", "SortBackward0")
values_at("stable_sort", "SortBackward1")

register(Composite(
    "sort", _sort, doc="The elements in order along a dimension, with the places they came from.", family="reduction",
    symbol="sort", synonyms=("order", "ascending", "descending"), outputs=lambda params: ("values", "indices"),
    overloads=("Tensor input, *, bool stable, int dim = -1, bool descending = False, tuple of Tensors out = None",
               "Tensor input, int dim = -1, bool descending = False, *, tuple of Tensors out = None"),
    samples=(MATRIX, DOWN),
))  # fmt: skip

register(Composite(
    "msort", lambda F, input: F.sort(input, 0)[0], doc="The elements in order along the first dimension.",
    family="reduction", symbol="sort₀", synonyms=("sort rows",), samples=(MATRIX,),
))  # fmt: skip


def _has_k(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> None:
    one_dim("topk", input, dim)
    if input.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    if not 0 <= k <= (input.shape[dim] if input.ndim else 1):
        raise RuntimeError("selected index k out of range")


def _topk_places(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    first = places_of_most(lined(input), dim, k, largest, sorted)
    return first if input.ndim else np.reshape(first, ())


register(Rule(
    "topk_places", _topk_places,
    vjps=(None,),
    doc="Where the k largest or smallest stand. It has no derivative.", family="reduction", public=False,
    dtype="as is", check=_has_k, samples=(Sample(MATRIX.inputs, {"k": 2}),),
))  # fmt: skip


def _topk(F: Any, input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    indices = F.topk_places(input, k, dim, largest, sorted)
    return Topmost(F.topk_values(input, indices, dim), indices)


Topmost = type("topk", (Placed,), {})
values_at("topk", "TopkBackward0")

register(Composite(
    "topk", _topk, doc="The k largest or smallest elements along a dimension, with their places.", family="reduction",
    symbol="top k", synonyms=("largest k", "k largest", "k smallest", "beam"),
    outputs=lambda params: ("values", "indices"),
    samples=(Sample(MATRIX.inputs, {"k": 2}), Sample(MATRIX.inputs, {"k": 1, "dim": 0, "largest": False})),
))  # fmt: skip


def _at_rank(input: Any, dim: int, rank: Any) -> Any:
    """Where the element stands before which ``rank`` others come along ``dim``."""
    return np.take_along_axis(stable_order(input, dim, False), rank, axis=dim)


def _known(input: Any, dim: int) -> Any:
    """How many elements along ``dim`` are not nan; in order, these come first."""
    return np.sum(np.logical_not(np.isnan(input)), axis=dim, keepdims=True)


def _middle(input: Any, dim: int) -> Any:
    """The rank of the median, the lower of two; of the first nan, if there is one."""
    size, known = input.shape[dim], _known(input, dim)
    return np.where(known == size, (size - 1) // 2, known)


def _middle_of_known(input: Any, dim: int) -> Any:
    return np.maximum(_known(input, dim) - 1, 0) // 2


def _median(name: str, rank: Callable[[Any, int], Any], which: str) -> None:
    """torch.median or torch.nanmedian: of everything, or along a dimension with its place."""

    def whole(input: Any) -> Any:
        if 0 in input.shape:
            return mean(input)  # nan
        line = np.reshape(input, (-1,))
        return np.reshape(np.take_along_axis(line, _at_rank(line, 0, rank(line, 0)), axis=0), ())

    register(Rule(
        f"{name}_whole", whole, vjps=(lambda g, y, input: among_equals(g, y, input),),
        doc=f"The median of all {which}; equals share the gradient.", family="reduction", public=False,
        dtype="as is", check=lambda input: _ordered("median_cpu", input),
        grad_fn=f"{name.capitalize()}Backward0", samples=(MATRIX,),
    ))  # fmt: skip

    def check(input: Any, dim: int, keepdim: bool = False) -> None:
        one_dim(name, input, dim)
        not_empty("median", input, dim)
        _ordered("median_out", input)

    def places(input: Any, dim: int, keepdim: bool = False) -> Any:
        line = lined(input)
        return folded(_at_rank(line, dim, rank(line, dim)), input, dim, keepdim)

    register(Rule(
        f"{name}_places", places, vjps=(None,), doc=f"Where the median of the {which} stands. It has no derivative.",
        family="reduction", public=False, dtype="as is", check=check, samples=(ROWS, KEPT),
    ))  # fmt: skip
    values_at(name, f"{name.capitalize()}Backward1")
    pair = type(name, (Placed,), {})

    def median(F: Any, input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
        if dim is None:
            return getattr(F, f"{name}_whole")(input)
        indices = getattr(F, f"{name}_places")(input, dim, keepdim)
        return pair(getattr(F, f"{name}_values")(input, indices, dim, keepdim), indices)

    register(Composite(
        name, median, doc=f"The median of all {which}, the lower of two, or along a dimension with its place.",
        family="reduction", symbol="x̃" if name == "median" else "x̃≠nan", synonyms=("middle", "50 percent quantile"),
        overloads=("Tensor input",
                   "Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None"),
        outputs=lambda params: () if params.get("dim") is None else ("values", "indices"), samples=(MATRIX, ROWS, KEPT),
    ))  # fmt: skip


def _ordered(kernel: str, input: Any) -> None:
    if input.dtype.kind == "b":
        raise NotImplementedError(f"\"{kernel}\" not implemented for 'Bool'")


_median("median", _middle, "elements")
_median("nanmedian", _middle_of_known, "elements that are not nan")


def _has_kth(input: Any, k: int, dim: int = -1, keepdim: bool = False) -> None:
    dim = wrap_dim(dim, input.ndim)
    not_empty("kthvalue", input, dim)
    if not 1 <= k <= (input.shape[dim] if input.ndim else 1):
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {dim}")
    _ordered("kthvalue_cpu", input)


def _kth_places(input: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    line = lined(input)
    return folded(place_of_kth(line, dim, k), input, dim, keepdim)


register(Rule(
    "kthvalue_places", _kth_places,
    vjps=(None,),
    doc="Where the k-th smallest stands. It has no derivative.", family="reduction", public=False, dtype="as is",
    check=_has_kth, samples=(Sample(MATRIX.inputs, {"k": 2}),),
))  # fmt: skip


def _kthvalue(F: Any, input: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    indices = F.kthvalue_places(input, k, dim, keepdim)
    return Kth(F.kthvalue_values(input, indices, dim, keepdim), indices)


Kth = type("kthvalue", (Placed,), {})
values_at("kthvalue", "KthvalueBackward0")

register(Composite(
    "kthvalue", _kthvalue, doc="The k-th smallest element along a dimension, with its place.", family="reduction",
    symbol="k-th", synonyms=("order statistic", "quantile"), outputs=lambda params: ("values", "indices"),
    samples=(Sample(MATRIX.inputs, {"k": 2}), Sample(MATRIX.inputs, {"k": 1, "dim": 0, "keepdim": True})),
))  # fmt: skip


def _no_way_back(numbers: object, params: Any) -> Exception:
    called = "_unique2" if params["dim"] is None else "unique_dim"
    return NotImplementedError(f"the derivative for '{called}' is not implemented.")


def _unique_part(part: int, name: str, doc: str) -> None:
    register(Rule(
        f"unique_{name}", lambda input, dim=None: unique(input, part, dim),
        vjps=(None,), refuses=_no_way_back if name == "values" else None,
        grad_fn=lambda numbers, params: "Unique2Backward0" if params["dim"] is None else "UniqueDimBackward0",
        doc=doc, family="reduction", public=False, dtype="as is",
        check=lambda input, dim=None: one_dim("unique", input, dim), samples=(MATRIX, ROWS),
    ))  # fmt: skip


_unique_part(0, "values", "The different elements, in order. It has no derivative, and backward stops at it.")
_unique_part(1, "inverse", "Which of the different elements each one is.")
_unique_part(2, "counts", "How often each of the different elements is there.")


def _unique(
    F: Any,
    input: Any,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    parts = [F.unique_values(input, dim)]
    parts += [F.unique_inverse(input, dim)] if return_inverse else []
    parts += [F.unique_counts(input, dim)] if return_counts else []
    return tuple(parts) if len(parts) > 1 else parts[0]


def _unique_outputs(params: Any) -> tuple[str, ...]:
    """A plain tuple's places, where more than the elements is asked for."""
    asked = bool(params.get("return_inverse")) + bool(params.get("return_counts"))
    return tuple(str(place) for place in range(asked + 1)) if asked else ()


register(Composite(
    "unique", _unique, doc="The different elements, or slices along a dimension, in order. Backward stops at it.",
    family="reduction", symbol="{x}", synonyms=("distinct", "set"), outputs=_unique_outputs,
    samples=(MATRIX, ROWS, Sample(MATRIX.inputs, {"return_inverse": True, "return_counts": True})),
))  # fmt: skip
