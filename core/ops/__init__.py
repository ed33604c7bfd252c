"""The rule book: every operation once, as a short record in plain NumPy.

Nothing here knows of tensors, tapes or graphs; the rooms above read these records as numbers, as text, as programs.
Importing the package reads the whole book into the registry.
"""

from chainrule.core.ops import pointwise, reduction, extremes, linalg, shape, indexing, activation, loss  # noqa: F401, I001
from chainrule.core.ops import spread  # noqa: F401
from chainrule.core.ops import sorting  # noqa: F401
from chainrule.core.ops import scans  # noqa: F401
