"""Written by scripts/make_stubs.py from the rule book."""

from collections.abc import Sequence
from typing import Literal, overload
from chainrule.core.engine.dtypes import dtype
from chainrule.core.engine.tensor import Tensor

def adaptive_avg_pool1d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    """A sequence cut into as many parts as asked for, and their means."""

def adaptive_avg_pool2d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    """An image cut into as many parts as asked for, and their means."""

def avg_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window of a sequence."""

def avg_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of an image."""

def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Each channel brought to mean 0 and variance 1 over the batch, or by running statistics when not training."""

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wₖ y + b for each matrix Wₖ of the weight."""

def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """Minus the log of the probability of what is true: input where target is 1, 1 - input where it is 0."""

def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """binary_cross_entropy of sigmoid(input), without overflow."""

def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The element where it is positive, else alpha (exp(x / alpha) - 1)."""

def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """``celu`` in place."""

def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """A filter moved over a sequence: what a convolutional layer computes."""

def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """A filter moved over an image: what a convolutional layer computes."""

def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """A filter moved over a volume: what a convolutional layer computes."""

def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """Each element spreads a filter over a sequence; overlaps add."""

def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """Each element spreads a filter over an image; overlaps add."""

def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """Each element spreads a filter over a volume; overlaps add."""

def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """1 - cosine where target is 1; the cosine beyond the margin where it is -1."""

def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors: 1 for one direction."""

def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    ignore_index: int = -100,
    reduction: Literal["mean", "sum", "none"] = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Minus the log of the probability that softmax gives to the target class."""

def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each element made 0 with probability p and the others divided by 1 - p, anew each time; nothing if not training."""

def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The element where it is positive, else alpha (exp(x) - 1)."""

def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """``elu`` in place."""

def embedding(input: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    """The rows of a table that the integers name; that of padding_idx gets no gradient."""

def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-06,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """Minus the log-likelihood of normal targets with mean input and variance var."""

def gelu(input: Tensor, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """The element times the probability that a normal variable is smaller."""

def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half along a dimension, let through by the sigmoid of the second."""

def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-05
) -> Tensor:
    """Groups of channels brought to mean 0 and variance 1, example by example."""

def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The element where it is farther from 0 than lambd, else 0."""

def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """A sigmoid of three straight lines."""

def hardsigmoid_(input: Tensor) -> Tensor:
    """``hardsigmoid`` in place."""

def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """The element times its hardsigmoid."""

def hardswish_(input: Tensor) -> Tensor:
    """``hardswish`` in place."""

def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """Each element brought between min_val and max_val; at the bounds the gradient is 0."""

def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """``hardtanh`` in place."""

def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """The distance where target is 1; what it lacks to the margin where it is -1."""

def huber_loss(
    input: Tensor, target: Tensor, reduction: Literal["mean", "sum", "none"] = "mean", delta: float = 1.0
) -> Tensor:
    """Squared below delta, absolute above, of slope delta."""

def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Each channel of each example brought to mean 0 and variance 1."""

def kl_div(
    input: Tensor,
    target: Tensor,
    reduction: Literal["mean", "sum", "none", "batchmean"] = "mean",
    log_target: bool = False,
) -> Tensor:
    """The Kullback-Leibler divergence of target from input, which is a log-probability."""

def l1_loss(input: Tensor, target: Tensor, reduction: Literal["mean", "sum", "none"] = "mean") -> Tensor:
    """The mean of the absolute differences."""

def layer_norm(
    input: Tensor,
    normalized_shape: int | Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """Each example brought to mean 0 and variance 1 over its last dimensions."""

def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """The element where it is positive, else a small multiple of it."""

def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """``leaky_relu`` in place."""

def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wᵀ + b: what a layer of `nn.Linear` computes."""

def log_softmax(input: Tensor, dim: int | None = None, dtype: dtype | None = None) -> Tensor:
    """The logarithm of softmax, computed without overflow."""

def logsigmoid(input: Tensor) -> Tensor:
    """The logarithm of sigmoid, computed without overflow."""

def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """0 where the first leads by the margin (target 1) or the second (-1)."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of a sequence."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, ...]:
    """The largest element of each window of a sequence."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of an image."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, ...]:
    """The largest element of each window of an image."""

def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """The element times the tanh of its softplus."""

def mish_(input: Tensor) -> Tensor:
    """``mish`` in place."""

def mse_loss(input: Tensor, target: Tensor, reduction: Literal["mean", "sum", "none"] = "mean") -> Tensor:
    """The mean of the squared differences."""

def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    ignore_index: int = -100,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """Minus the log-probability of the target class."""

def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """Vectors divided by their norm, which makes them one long."""

def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """A row for each integer, 1 at its place, else 0. It has no derivative."""

def pad(
    input: Tensor,
    pad: Sequence[int],
    mode: Literal["constant", "reflect", "replicate", "circular"] = "constant",
    value: float | None = None,
) -> Tensor:
    """A tensor made larger at its edges; the last dimension's two widths come first."""

def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False) -> Tensor:
    """The norm of the difference of vectors, row by row."""

def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-08,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """Minus the log-likelihood of counts whose mean is exp(input)."""

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """Leaky relu whose slopes are learned, one for all or one a channel."""

def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """The element where it is positive, else 0."""

def relu_(input: Tensor) -> Tensor:
    """``relu`` in place."""

def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """relu that goes no higher than 6."""

def relu6_(input: Tensor) -> Tensor:
    """``relu6`` in place."""

def rms_norm(
    input: Tensor, normalized_shape: int | Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Each example divided by the root of its mean square over its last dimensions."""

def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """elu scaled so that what is normally distributed stays so."""

def selu_(input: Tensor) -> Tensor:
    """``selu`` in place."""

def sigmoid(input: Tensor) -> Tensor:
    """The logistic function: between 0 and 1."""

def sigmoid_(input: Tensor) -> Tensor:
    """``sigmoid`` in place."""

def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """The element times its sigmoid: a smooth relu, also called swish."""

def silu_(input: Tensor) -> Tensor:
    """``silu`` in place."""

def smooth_l1_loss(
    input: Tensor, target: Tensor, reduction: Literal["mean", "sum", "none"] = "mean", beta: float = 1.0
) -> Tensor:
    """Squared below beta, absolute above, of slope 1."""

def soft_margin_loss(input: Tensor, target: Tensor, reduction: Literal["mean", "sum", "none"] = "mean") -> Tensor:
    """ln(1 + exp(-target input)): small where the signs agree."""

def softmax(input: Tensor, dim: int | None = None, dtype: dtype | None = None) -> Tensor:
    """Exponentials that sum to 1 along a dimension: scores made probabilities."""

def softmin(input: Tensor, dim: int | None = None, dtype: dtype | None = None) -> Tensor:
    """softmax of the opposite: the smallest gets the most."""

def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """ln(1 + exp(beta x)) / beta: a smooth relu; the element itself where beta x exceeds the threshold."""

def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The element brought closer to 0 by lambd, and no farther than to 0."""

def softsign(input: Tensor) -> Tensor:
    """x / (1 + |x|): between -1 and 1."""

def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent: between -1 and 1."""

def tanh_(input: Tensor) -> Tensor:
    """``tanh`` in place."""

def tanhshrink(input: Tensor) -> Tensor:
    """The element minus its tanh."""

def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """The element where it exceeds the threshold, else the value."""

def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """``threshold`` in place."""
