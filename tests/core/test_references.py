"""Chainrule does what PyTorch 2.13 does: every case of references/, run here, against what was recorded there."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest
import transcript

import chainrule.core

CASES = [(subject, name) for subject in transcript.subjects() for name in transcript.cases(subject)]


def differences(subject: str, name: str, torch: ModuleType) -> list[str]:
    recorded = transcript.references(subject)[name]
    return transcript.differences(recorded, transcript.run(transcript.cases(subject)[name], torch))


@pytest.mark.parametrize(("subject", "name"), CASES)
def test_chainrule_shows_what_pytorch_showed(subject: str, name: str) -> None:
    assert differences(subject, name, chainrule.core) == []


@pytest.mark.optional("the recorded references are what PyTorch does", needs="torch")
def test_pytorch_still_shows_it() -> None:
    torch = importlib.import_module("torch")
    assert [(subject, name) for subject, name in CASES if differences(subject, name, torch)] == []


def test_every_reference_belongs_to_a_case() -> None:
    recorded = [(subject, name) for subject in transcript.subjects() for name in transcript.references(subject)]
    assert recorded == CASES
