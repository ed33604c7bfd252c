"""The settings of the epoch loop: which of them are the optimiser's, and which cannot be.

What the optimisers compute, and which options they have, stands in ``core.optim``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chainrule.core.document.graph import GraphError, Training
from chainrule.core.document.spelling import did_you_mean
from chainrule.core.engine import dtypes
from chainrule.core.optim.rules import TITLES, UPDATES

USUAL = Training()

# The settings that are an option of some optimiser, by torch's names.
_OWN = frozenset[str]().union(*(each.defaults for each in UPDATES.values()))
OPTIONS = tuple(name for name in Training.__dataclass_fields__ if name in _OWN)


def optimizer_options(training: Training) -> dict[str, Any]:
    """The settings that are the optimiser's, by its own names; its own default where the settings leave it open."""
    given = {name: getattr(training, name) for name in UPDATES[training.optimizer].defaults}
    return {
        name: UPDATES[training.optimizer].defaults[name] if value is None else value for name, value in given.items()
    }


def changed(training: Training, changes: Mapping[str, Any]) -> Training:
    """``training`` with other settings. Another optimiser comes with its own defaults for options that are not given.

    TypeError for names that are no settings; what the values are is not checked.
    """
    optimizer = changes.get("optimizer", training.optimizer)
    if optimizer != training.optimizer:
        changes = _beginning(optimizer) | dict(changes)
    if isinstance(changes.get("betas"), list):
        changes = {**changes, "betas": tuple(changes["betas"])}
    return replace(training, **changes)


def _beginning(optimizer: str) -> dict[str, Any]:
    """The options that ``optimizer`` begins with: torch's defaults, where the settings do not leave them open."""
    usual = {name: getattr(USUAL, name) for name in OPTIONS}
    own = UPDATES[optimizer].defaults if _is_known(optimizer) else {}
    return usual | {name: type(usual[name])(own[name]) for name in own if usual[name] is not None}


def check_settings(training: Training) -> None:
    """Raise GraphError, in PyTorch's words where it has any, for settings that cannot be."""
    if not _is_known(training.optimizer):
        raise GraphError(
            f"there is no optimizer {training.optimizer!r}; there is {', '.join(UPDATES)}"
            + did_you_mean(training.optimizer, UPDATES),
            field="training.optimizer",
        )
    options = optimizer_options(training)
    for name in OPTIONS:
        if name not in options and getattr(training, name) != getattr(USUAL, name):
            raise GraphError(
                f"{training.optimizer} has no {name}; it has {', '.join(options)}", field=f"training.{name}"
            )
    for name, value in options.items():
        if name in TITLES and not _is_number(value):
            raise GraphError(f"Invalid {TITLES[name]}: {value}", field=f"training.{name}")
    _check_betas(training.betas)
    for name, fault in UPDATES[training.optimizer].faults(options):
        raise GraphError(fault, field=f"training.{name}")
    if isinstance(training.epochs, bool) or not isinstance(training.epochs, int) or training.epochs < 0:
        raise GraphError(f"{training.epochs!r} is not a number of epochs", field="training.epochs")
    if training.gradient is not None:
        _check_seed(training.gradient)


def _is_known(optimizer: Any) -> bool:
    return isinstance(optimizer, str) and optimizer in UPDATES


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _check_betas(betas: Any) -> None:
    if not isinstance(betas, tuple) or len(betas) != 2 or not all(map(_is_number, betas)):
        raise GraphError(f"betas are two numbers, not {betas!r}", field="training.betas")


def _check_seed(gradient: Any) -> None:
    """The vector given to backward is an array, a number or nested lists of numbers."""
    try:
        dtypes.from_python(gradient)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise GraphError(f"the gradient given to backward: {error}", field="training.gradient") from None
