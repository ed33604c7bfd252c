"""torch's face: torch's own names over this package's engine, so that a notebook runs with only its import changed.

Functions that belong to an operation are found in the rule book when they are asked for. Nothing is implemented here.
"""

from __future__ import annotations

from importlib import import_module
from math import e, inf, nan, pi
from typing import TYPE_CHECKING, Any

from chainrule.core import nn, ops, optim
from chainrule.core.engine import refilling  # noqa: F401 - gives tensors their methods
from chainrule.core.engine.anomaly import is_anomaly_check_nan_enabled, is_anomaly_enabled
from chainrule.core.engine.calls import shown
from chainrule.core.engine.constructors import (
    arange,
    as_tensor,
    bernoulli,
    empty,
    eye,
    from_numpy,
    full,
    linspace,
    logspace,
    normal,
    ones,
    rand,
    randint,
    randn,
    randperm,
    tensor,
    tril_indices,
    triu_indices,
    zeros,
)
from chainrule.core.engine.dtypes import bool_ as bool
from chainrule.core.engine.dtypes import (
    dtype,
    float16,
    float32,
    float64,
    get_default_dtype,
    int8,
    int16,
    int32,
    int64,
    set_default_dtype,
    uint8,
)
from chainrule.core.engine.dtypes import float16 as half
from chainrule.core.engine.dtypes import float32 as float
from chainrule.core.engine.dtypes import float64 as double
from chainrule.core.engine.dtypes import int16 as short
from chainrule.core.engine.dtypes import int32 as int
from chainrule.core.engine.dtypes import int64 as long
from chainrule.core.engine.likes import (
    empty_like,
    full_like,
    ones_like,
    rand_like,
    randint_like,
    randn_like,
    zeros_like,
)
from chainrule.core.engine.modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from chainrule.core.engine.printing import set_printoptions
from chainrule.core.engine.queries import (
    allclose,
    broadcast_shapes,
    can_cast,
    equal,
    finfo,
    iinfo,
    is_complex,
    is_floating_point,
    is_nonzero,
    is_same_size,
    is_signed,
    numel,
    promote_types,
    result_type,
)
from chainrule.core.engine.random import Generator, initial_seed, manual_seed
from chainrule.core.engine.size import Size
from chainrule.core.engine.tensor import Tensor
from chainrule.core.ops import registry

newaxis = None

# The document and the run are imported when they are first asked for: a script that only computes need not wait.
_ELSEWHERE = {
    "Graph": "chainrule.core.document.building",
    "load_graph": "chainrule.core.document.files",
    "save_graph": "chainrule.core.document.files",
    "Session": "chainrule.core.run.session",
    "Trainer": "chainrule.core.run.training",
    "autograd": "chainrule.core.autograd",
    "linalg": "chainrule.core.linalg",
}


def is_tensor(obj: Any) -> Any:
    """Whether ``obj`` is a Tensor."""
    return isinstance(obj, Tensor)


if TYPE_CHECKING:
    from chainrule.core import autograd, linalg
    from chainrule.core.document.building import Graph
    from chainrule.core.document.files import load_graph, save_graph
    from chainrule.core.run.session import Session
    from chainrule.core.run.training import Trainer
    from chainrule.core.signatures.functions import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        if name in _ELSEWHERE:
            module = import_module(_ELSEWHERE[name])
            return module if _ELSEWHERE[name].endswith(f".{name}") else getattr(module, name)
        return shown("", name, globals())


def __dir__() -> Any:
    return sorted({*__all__, *(name for name in registry.names() if registry.at_path("", name))})


__all__ = [
    "Generator",
    "Graph",
    "Session",
    "Size",
    "Tensor",
    "Trainer",
    "allclose",
    "arange",
    "as_tensor",
    "autograd",
    "bernoulli",
    "bool",
    "broadcast_shapes",
    "can_cast",
    "double",
    "dtype",
    "e",
    "empty",
    "empty_like",
    "enable_grad",
    "equal",
    "eye",
    "finfo",
    "float",
    "float16",
    "float32",
    "float64",
    "from_numpy",
    "full",
    "full_like",
    "get_default_dtype",
    "half",
    "iinfo",
    "inf",
    "inference_mode",
    "initial_seed",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled",
    "is_complex",
    "is_floating_point",
    "is_grad_enabled",
    "is_inference_mode_enabled",
    "is_nonzero",
    "is_same_size",
    "is_signed",
    "is_tensor",
    "linalg",
    "linspace",
    "load_graph",
    "logspace",
    "long",
    "manual_seed",
    "nan",
    "newaxis",
    "nn",
    "no_grad",
    "normal",
    "numel",
    "ones",
    "ones_like",
    "ops",
    "optim",
    "pi",
    "promote_types",
    "rand",
    "rand_like",
    "randint",
    "randint_like",
    "randn",
    "randn_like",
    "randperm",
    "result_type",
    "save_graph",
    "set_default_dtype",
    "set_grad_enabled",
    "set_printoptions",
    "short",
    "tensor",
    "tril_indices",
    "triu_indices",
    "uint8",
    "zeros",
    "zeros_like",
]  # fmt: skip
