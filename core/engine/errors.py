"""PyTorch's messages that the engine itself raises, each once and word for word.

Messages about one operation's arguments stand with that operation, in the rule book.
"""

from __future__ import annotations

NON_SCALAR = "grad can be implicitly created only for scalar outputs"

SPENT = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)

NO_INPUTS = "`inputs` argument to `{}()` cannot be empty."
UNTRACKED_INPUT = "One of the differentiated Tensors does not require grad"
CREATE_GRAPH = (
    "Using backward() with create_graph=True will create a reference cycle between the parameter and its gradient "
    "which can cause a memory leak. We recommend using autograd.grad when creating the graph to avoid this. If you "
    "have to use this function, make sure to reset the .grad fields of your parameters to None after use to break the "
    "cycle and avoid the leak."
)

HOOK_UNTRACKED = "cannot register a hook on a tensor that doesn't require gradient"
HOOK_NON_LEAF = "post accumulate grad hooks cannot be registered on non-leaf tensors"

INFERENCE_SAVED = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in "
    "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in "
    "autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`."
)
INFERENCE_IN_PLACE = (
    "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal "
    "tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details."
)
INFERENCE_REQUIRES_GRAD = "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed."
INFERENCE_VERSION = "Inference tensors do not track version counter."

NEW_INTEGER_LEAF = "Only Tensors of floating point and complex dtype can require gradients"
INTEGER_REQUIRES_GRAD_ = "only Tensors of floating point dtype can require gradients"
INTEGER_REQUIRES_GRAD = "only Tensors of floating point and complex dtype can require gradients"

SWITCH = "requires_grad must be a bool"

LEAF_IN_PLACE = "a leaf Variable that requires grad is being used in an in-place operation."
NO_GRAD_VIEW_IN_PLACE = (
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case "
    "is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace "
    "either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want "
    "the inplace to be tracked)."
)
OVERLAPPING_IN_PLACE = (
    "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please "
    "clone() the tensor before performing the operation."
)
DETACHED_VIEW = (
    "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, "
    "and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be "
    "called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() function in "
    "torch/optim/optimizer.py as the solution."
)
LEAF_VIEW_IN_PLACE = "a view of a leaf Variable that requires grad is being used in an in-place operation."

VIEW_IN_PLACE = (
    "changing a tracked tensor in place that is a view of another, or has views, is not supported here: PyTorch would "
    "rewrite their history (CopySlices). Write the result to a new tensor instead."
)
PART_IN_PLACE = (
    "writing into a part of a tracked tensor, or tracked values into a part, is not supported here: PyTorch would "
    "rewrite its history (CopySlices). Use where, cat or stack to build a new tensor instead."
)

DEEPCOPY_NON_LEAF = (
    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  If you "
    "were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, see "
    "https://github.com/pytorch/pytorch/pull/103001"
)
NON_LEAF_FLAG = (
    "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph "
    "that doesn't require differentiation use var_no_grad = var.detach()."
)
NON_LEAF_FLAG_ON = "you can only change requires_grad flags of leaf variables."
RETAIN_UNTRACKED = "can't retain_grad on Tensor that has requires_grad=False"
NUMPY_TRACKED = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
AMBIGUOUS = "Boolean value of Tensor with more than one value is ambiguous"
AMBIGUOUS_EMPTY = "Boolean value of Tensor with no values is ambiguous"

NON_LEAF_GRAD = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
    "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf Tensor, "
    "use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access the "
    "leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information."
)


COPY_CONSTRUCT = (
    "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
    "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor)."
)


CONTAINS = "Tensor.__contains__ only supports Tensor or scalar, but you passed in a {}."


def not_here(module: str, name: str) -> AttributeError:
    """The error for what torch may have as ``module.name``, and this package has not."""
    return AttributeError(f"module {module!r} has no attribute {name!r}: not every part of torch is here")


def kind_of(given: object) -> str:
    """The type of ``given`` as PyTorch's messages have it: NumPy's with its module."""
    kind = type(given)
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__


def not_a_switch(given: object) -> str:
    """The message for what ``requires_grad_`` is given in the place of True or False."""
    return f"requires_grad_(): argument 'requires_grad' (position 1) must be bool, not {type(given).__name__}"


def untracked(place: int) -> str:
    """The message for a root that nothing tracked led to."""
    return f"element {place} of tensors does not require grad and does not have a grad_fn"


def grad_of_other_size(grad: tuple[int, ...], tensor: tuple[int, ...]) -> str:
    """The message for a ``.grad`` of another shape than its tensor's."""
    return (
        f"attempting to assign a gradient of size '{list(grad)}' to a tensor of size '{list(tensor)}'. Please ensure "
        "that the gradient and the tensor are the same size"
    )


def grad_of_other_dtype(grad: str, tensor: str) -> str:
    """The message for a ``.grad`` of another dtype than its tensor's, each in the spelling that PyTorch has for it."""
    return (
        f"attempting to assign a gradient with dtype '{grad}' to a tensor with grad_dtype '{tensor}'. The gradient"
        " must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's "
        "grad_dtype attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. "
        "Diverging the dtypes of a tensor and its gradient may break downstream systems that assume they match."
    )


def seed_mismatch(seed: tuple[int, ...], output: tuple[int, ...]) -> str:
    """The message for a seed of another shape than the root."""
    return (
        f"Mismatch in shape: grad_output[0] has a shape of torch.Size({list(seed)}) and output[0] has a shape of "
        f"torch.Size({list(output)})."
    )


def modified(
    type_name: str, shape: tuple[int, ...], maker: str, version: int, expected: int, explained: bool = False
) -> str:
    """The message for a saved tensor that was changed in place; ``maker`` is the operation it came from, "" for a
    leaf. ``explained`` says that the forward call has been shown.
    """
    origin = f", which is output 0 of {maker}," if maker else ""
    hint = (
        "the backtrace further above shows the operation that failed to compute its gradient. The variable in question "
        "was changed in there or anywhere later. Good luck!"
        if explained
        else "enable anomaly detection to find the operation that failed to compute its gradient, with "
        "torch.autograd.set_detect_anomaly(True, check_nan=False)."
    )
    return (
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[{type_name} {list(shape)}]{origin} is at version {version}; expected version {expected} instead. Hint: "
        f"{hint}"
    )


def unused(place: int) -> str:
    """The message for a tensor that a gradient was asked for and that the graph does not contain."""
    return (
        f"The differentiated Tensor at index {place} appears to not have been used in the graph. Set allow_unused=True "
        "if this is the desired behavior."
    )
