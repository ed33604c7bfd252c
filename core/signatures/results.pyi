"""Written by scripts/make_stubs.py from the rule book."""

from typing import NamedTuple
from chainrule.core.engine.tensor import Tensor

class SignLogabsdet(NamedTuple):
    sign: Tensor
    logabsdet: Tensor

class ValuesIndices(NamedTuple):
    values: Tensor
    indices: Tensor
