"""Torch's faces: what torch has there and this package has not is said to be missing, wherever it is asked for."""

from __future__ import annotations

import pytest

import chainrule.core as torch


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", "stft"),
        ("linalg", "svd"),
        ("nn", "Linear"),
        ("nn.functional", "ctc_loss"),
        ("optim", "NAdam"),
        ("optim.lr_scheduler", "CosineAnnealingWarmRestarts"),
        ("autograd", "Function"),
        ("autograd.functional", "vhv"),
    ],
)
def test_a_part_of_torch_that_is_not_here_is_said_not_to_be(path: str, name: str) -> None:
    module = torch
    for step in filter(None, path.split(".")):
        module = getattr(module, step)
    with pytest.raises(AttributeError, match=f"has no attribute '{name}': not every part of torch is here"):
        getattr(module, name)


def test_nor_can_it_be_imported() -> None:
    with pytest.raises(ImportError):
        from chainrule.core.optim import NAdam  # type: ignore[attr-defined]  # noqa: F401
