"""Random graphs that can be trained: leaves, operations of all families on what is there already, and a loss of it all.

Every node is evaluated as it is drawn, so that what follows fits it in shape, and keeps away from kinks and poles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from chainrule.core.document import edits
from chainrule.core.document.building import Graph
from chainrule.core.document.graph import Node, Wire
from chainrule.core.document.languages.pytorch import script
from chainrule.core.engine.random import manual_seed
from chainrule.core.engine.tensor import Tensor, tensor_of
from chainrule.core.run.forward import run_node

Array = NDArray[Any]

LARGEST = 30.0
LOSS = "loss"

SMOOTH = (
    *("sin", "cos", "tanh", "sigmoid", "softplus", "gelu", "silu", "neg", "square", "erf", "atan", "logsigmoid"),
    *("exp", "expm1", "sinh", "asinh", "mish", "clone", "double", "detach"),
)  # fmt: skip
POSITIVE = ("log", "sqrt", "reciprocal", "rsqrt", "log1p", "log2")
KINKED = ("relu", "abs", "leaky_relu", "elu", "selu", "celu", "hardsigmoid", "hardtanh", "relu6", "softsign", "sign")
PAIRS = ("add", "sub", "mul", "atan2", "logaddexp", "hypot")
KINKED_PAIRS = ("maximum", "minimum")
FOLDS = ("sum", "mean", "prod", "logsumexp", "std", "var")
KINKED_FOLDS = ("amax", "amin", "max", "min", "median", "sort", "cummax")
ALONG = ("softmax", "log_softmax", "cumsum", "cumprod", "logcumsumexp")
LOSSES = ("mse_loss", "huber_loss", "smooth_l1_loss", "binary_cross_entropy_with_logits", "soft_margin_loss")


@dataclass
class Growing:
    """A graph with the value of each of its outputs, by the name that a wire has for it."""

    draw: Any
    dtypes: tuple[str, ...]
    rows: int = 0
    stateful: bool = True
    graph: Graph = field(default_factory=Graph)
    values: dict[str, Tensor] = field(default_factory=dict)

    def leaf(self, shape: tuple[int, ...], *, trained: bool | None = None, integers: int = 0) -> str:
        """A new leaf; of whole numbers below ``integers``, if that is given."""
        rng = np.random.default_rng(self.draw(st.integers(0, 2**16)))
        value: Any
        if integers:
            value, dtype, wanted = rng.integers(0, integers, shape), "int64", False
        else:
            value = np.round(rng.uniform(0.2, 1.2, shape) * rng.choice([-1, 1], shape), 3)
            dtype = self.draw(st.sampled_from(self.dtypes))
            wanted = self.draw(st.booleans()) if trained is None else trained
        name = f"x{len(self.graph.nodes)}"
        self.graph.add("tensor", name=name, value=value, dtype=dtype, requires_grad=wanted)
        self.values[name] = tensor_of(np.asarray(value, dtype))
        return name

    def add(self, kind: str, **given: Any) -> None:
        """A new node, if it can be evaluated and its values are neither large nor nan."""
        node = self.graph.add(kind, **given)
        try:
            outputs = run_node(node, self._source)
        except (RuntimeError, ValueError, IndexError, TypeError):
            outputs = {}
        if not outputs or not all(map(_tame, outputs.values())):
            edits.apply(self.graph, edits.remove(self.graph, [node.id]))
            return
        self.values |= {f"{node.name}.{name}" if name else node.name: each for name, each in outputs.items()}

    def _source(self, wire: Wire, socket: str) -> Tensor:
        name = self.graph.nodes[wire.source].name
        return self.values[f"{name}.{wire.output}" if wire.output else name]

    def pick(self, wanted: Callable[[Array], bool] = lambda value: True) -> str | None:
        """Something that is there already, of floats, the newest first."""
        fits = [name for name, each in self.values.items() if each._data.dtype.kind == "f" and wanted(each._data)]
        return self.draw(st.sampled_from(fits[::-1])) if fits else None

    def array(self, name: str) -> Array:
        value: Array = self.values[name]._data
        return value


def _tame(value: Tensor) -> bool:
    array = value._data
    return bool(array.size > 0 and np.isfinite(array).all() and np.abs(array).max() < LARGEST and array.size <= 200)


def clear(value: Array) -> bool:
    """No two elements are nearly the same, and none is near a place where some function has a kink."""
    ordered = np.sort(np.concatenate([value.reshape(-1), [0.0, 1.0, -1.0, 3.0, -3.0, 6.0, 0.5, -0.5]]))
    return bool(np.min(np.diff(ordered), initial=1.0) > 1e-3)


def positive(value: Array) -> bool:
    return bool((value > 0.1).all())


# What can be added, each by a function that draws the rest


def _smooth(g: Growing) -> None:
    g.add(g.draw(st.sampled_from(SMOOTH if g.stateful else SMOOTH[:-1])), input=g.pick())


def _positive(g: Growing) -> None:
    if (name := g.pick(positive)) is None:
        g.add("exp", input=g.pick())
    else:
        g.add(g.draw(st.sampled_from(POSITIVE)), input=name)


def _kinked(g: Growing) -> None:
    if name := g.pick(clear):
        g.add(g.draw(st.sampled_from(KINKED)), input=name)


def _number(g: Growing) -> None:
    kind, number = g.draw(
        st.sampled_from([("add", 2), ("mul", 0.5), ("sub", 1.5), ("div", 3), ("pow", 2), ("pow", 3), ("mul", -1)])
    )
    g.add(kind, **{"input": g.pick(), "exponent" if kind == "pow" else "other": number})


def _pair(g: Growing) -> None:
    kind = g.draw(st.sampled_from(PAIRS))
    wanted = clear if kind == "atan2" else lambda value: True  # on either side of zero it is another angle
    input, other = g.pick(wanted), g.pick(wanted)
    if input and other:
        g.add(kind, input=input, other=other)


def _beside_a_new_leaf(g: Growing) -> None:
    name = g.pick() or ""
    shape = g.array(name).shape
    cut = shape[g.draw(st.integers(0, len(shape))) :]
    new = tuple(1 if g.draw(st.integers(0, 3)) == 3 else side for side in cut)
    g.add(g.draw(st.sampled_from(PAIRS)), input=name, other=g.leaf(new))


def _quotient(g: Growing) -> None:
    if below := g.pick(lambda value: bool((np.abs(value) > 0.2).all())):
        g.add("div", input=g.pick(), other=below)


def _extreme_of_two(g: Growing) -> None:
    one, other = g.pick() or "", g.pick() or ""
    try:
        apart = np.abs(g.array(one) - g.array(other))
    except ValueError:
        return
    if (apart > 1e-3).all():
        g.add(g.draw(st.sampled_from(KINKED_PAIRS)), input=one, other=other)


def _choice(g: Growing) -> None:
    if name := g.pick(clear):
        condition = g.graph.add("gt", input=name, other=0).name
        g.values[condition] = tensor_of(g.array(name) > 0)
        other = g.pick(lambda value: value.shape == g.array(name).shape)
        g.add("where", condition=condition, input=name, other=other)


def _dim(g: Growing, name: str) -> int:
    ndim = g.array(name).ndim
    return int(g.draw(st.integers(-ndim, ndim - 1)))


def _fold(g: Growing) -> None:
    if name := g.pick(lambda value: value.ndim > 0):
        kind = g.draw(st.sampled_from(FOLDS))
        if kind in ("sum", "mean", "logsumexp") and g.draw(st.booleans()):
            dims = tuple(range(g.draw(st.integers(1, g.array(name).ndim))))
            g.add(kind, input=name, dim=dims, keepdim=g.draw(st.booleans()))
        elif kind != "logsumexp" and g.draw(st.integers(0, 3)) == 3:
            g.add(kind, input=name)
        else:
            g.add(kind, input=name, dim=_dim(g, name), keepdim=g.draw(st.booleans()))


def _kinked_fold(g: Growing) -> None:
    if name := g.pick(lambda value: value.ndim > 0 and clear(value)):
        kind = g.draw(st.sampled_from(KINKED_FOLDS))
        more = {} if kind in ("sort", "cummax") else {"keepdim": g.draw(st.booleans())}
        g.add(kind, input=name, dim=_dim(g, name), **more)


def _along(g: Growing) -> None:
    if name := g.pick(lambda value: value.ndim > 0):
        g.add(g.draw(st.sampled_from(ALONG)), input=name, dim=_dim(g, name))


def _last(g: Growing) -> None:
    """Along the last dimension only, for graphs that are fed rows."""
    if name := g.pick(lambda value: value.ndim > 1):
        g.add(g.draw(st.sampled_from(("softmax", "log_softmax", "cumsum", "sum", "mean", "var"))), input=name, dim=-1)


def _product(g: Growing) -> None:
    if name := g.pick(lambda value: value.ndim > 0):
        inner = g.array(name).shape[-1]
        wide = g.draw(st.integers(1, 4))
        if g.draw(st.booleans()):
            more = {"bias": g.leaf((wide,))} if g.draw(st.booleans()) else {}
            g.add("linear", input=name, weight=g.leaf((wide, inner)), **more)
        else:
            g.add("matmul", input=name, other=g.leaf((inner, wide) if g.draw(st.booleans()) else (inner,)))


def _product_of_both(g: Growing) -> None:
    if name := g.pick(lambda value: value.ndim > 0):
        inner = g.array(name).shape[-1]
        other = g.pick(lambda value: value.ndim > 0 and value.shape[max(-2, -value.ndim)] == inner)
        if other is not None:
            g.add("matmul", input=name, other=other)


def _rearranged(g: Growing) -> None:
    if not (name := g.pick(lambda value: value.ndim > 0)):
        return
    shape = g.array(name).shape
    first, second = _dim(g, name), _dim(g, name)
    side = shape[first]
    kind, params = g.draw(
        st.sampled_from(
            [
                ("reshape", {"shape": (-1,)}),
                ("reshape", {"shape": (shape[-1], -1)}),
                ("transpose", {"dim0": first, "dim1": second}),
                ("permute", {"dims": tuple(range(len(shape)))[::-1]}),
                ("flatten", {}),
                ("unsqueeze", {"dim": first}),
                ("squeeze", {}),
                ("expand", {"size": (2, *shape)}),
                ("flip", {"dims": (first,)}),
                ("roll", {"shifts": 1, "dims": first}),
                ("getitem", {"index": 0}),
                ("getitem", {"index": "..., ::2"}),
                ("getitem", {"index": ":, None"}),
                ("chunk", {"chunks": 2, "dim": first}),
                ("split", {"split_size_or_sections": [1, side - 1], "dim": first}),
                ("tril", {}),
                ("diagonal", {}),
                ("repeat_interleave", {"repeats": 2, "dim": first}),
            ]
        )
    )
    socket = "tensor" if kind == "split" else "input"
    g.add(kind, **{socket: name}, **params)


def _joined(g: Growing) -> None:
    name = g.pick(lambda value: value.ndim > 0)
    if name is not None:
        like = [g.pick(lambda value: value.shape == g.array(name).shape) for _ in range(g.draw(st.integers(1, 2)))]
        kind = g.draw(st.sampled_from(["cat", "stack", "hstack"]))
        g.add(kind, tensors=[name, *like], **({} if kind == "hstack" else {"dim": _dim(g, name)}))


def _loss(g: Growing) -> None:
    if (name := g.pick(lambda value: value.ndim > 0)) is None:
        return
    value = g.array(name)
    if value.ndim == 2 and g.draw(st.booleans()):
        target = g.leaf(value.shape[:1], integers=value.shape[1])
        g.add("cross_entropy", input=name, target=target)
        return
    reduction = g.draw(st.sampled_from(["mean", "sum", "none"]))
    kind = g.draw(st.sampled_from(LOSSES))
    other = g.leaf(value.shape, trained=False)
    g.add(kind, input=name, target=other, reduction=reduction)


def _normalised(g: Growing) -> None:
    if not (name := g.pick(lambda value: value.ndim > 1 and value.shape[-1] > 1 and bool(np.ptp(value) > 0.1))):
        return
    shape = g.array(name).shape
    kind = g.draw(st.sampled_from(["layer_norm", "normalize", "batch_norm", "rms_norm"]))
    if kind in ("layer_norm", "rms_norm"):
        g.add(kind, input=name, normalized_shape=(shape[-1],), weight=g.leaf(shape[-1:]))
    elif kind == "normalize":
        g.add(kind, input=name, dim=-1)
    elif not g.stateful:
        g.add(kind, input=name, running_mean=None, running_var=None, training=True)
    elif g.rows == 0:
        mean, var = g.leaf((shape[1],), trained=False), g.leaf((shape[1],), trained=False)
        g.add(kind, input=name, running_mean=mean, running_var=var, training=True)


def _dropped(g: Growing) -> None:
    g.add("dropout", input=g.pick(), p=0.25)


FREE = (
    *(_smooth, _positive, _kinked, _number, _pair, _beside_a_new_leaf, _quotient, _extreme_of_two, _choice, _fold),
    *(_kinked_fold, _along, _product, _product_of_both, _rearranged, _joined, _loss, _normalised, _dropped),
)  # fmt: skip
BY_ROWS = (_smooth, _kinked, _number, _pair, _quotient, _extreme_of_two, _choice, _last, _product, _normalised)


@st.composite
def graphs(
    draw: st.DrawFn, dtypes: tuple[str, ...] = ("float64",), most: int = 14, rows: int = 0, stateful: bool = True
) -> Graph:
    """A graph whose node ``LOSS`` can be trained. With ``rows``, its first leaf has so many and may be fed by them;
    ``stateful`` says that there may be in it what no derivative knows of: dropout, running statistics, detached nodes.
    """
    manual_seed(0)  # dropout has to do the same whenever this graph is drawn
    g = Growing(draw, dtypes, rows, stateful)
    side = draw(st.integers(1, 4))
    shape = (rows, side) if rows else draw(st.sampled_from([(side,), (3, side), (side, 2), (2, side, 3), ()]))
    g.leaf(shape, trained=not rows)
    if rows:
        g.add("linear", input="x0", weight=g.leaf((draw(st.integers(1, 3)), side), trained=True))
    steps = [each for each in (BY_ROWS if rows else FREE) if stateful or each is not _dropped]
    for _ in range(draw(st.integers(1, most))):
        draw(st.sampled_from(steps))(g)
    _close(g)
    if stateful:
        _without_gradients(g)
    return g.graph


def _close(g: Growing) -> None:
    """Make one number of all ends: the mean of each, added up."""
    ends = [node for node in g.graph.nodes.values() if not g.graph.consumers(node.id) and _counts(g, node)]
    total = ""
    for node in ends:
        output = next(name for name in g.values if name == node.name or name.startswith(f"{node.name}."))
        mean = g.graph.add("mean", input=output).name
        total = g.graph.add("add", input=total, other=mean).name if total else mean
    g.graph.add("mul", name=LOSS, input=total, other=1.5)


def _counts(g: Growing, node: Node) -> bool:
    return any(each._data.dtype.kind == "f" for name, each in g.values.items() if name.split(".")[0] == node.name)


def _without_gradients(g: Growing) -> None:
    """Sometimes, put some nodes where no gradient is recorded."""
    inner = [i for i, node in g.graph.nodes.items() if node.leaf is None and node.name != LOSS]
    if inner and g.draw(st.integers(0, 4)) == 4:
        chosen = g.draw(st.sets(st.sampled_from(inner), max_size=2))
        if chosen:
            edits.apply(g.graph, edits.set_region(g.graph, "frozen", chosen))


def told(graph: Graph) -> str:
    """The graph as the script that a reader can run."""
    return script(graph, root=graph.named(LOSS).id)
