"""The scripts' own judgement: what counts as set up, as a skipped test, as a complete run.

What they start (pip, pytest, Xvfb) is not tried here; every run of `scripts/test.py` tries it.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
JUNIT = """<testsuites><testsuite>
  <testcase classname="a" name="good"/>
  <testcase classname="a" name="bad"><failure message="assert"/></testcase>
  <testcase classname="a" name="broken"><error message="fixture"/></testcase>
  <testcase classname="a" name="expected"><skipped type="pytest.xfail" message="known"/></testcase>
  <testcase classname="a" name="torch"><skipped type="pytest.skip" message="optional: oracle, no torch"/></testcase>
  <testcase classname="a" name="late"><skipped type="pytest.skip" message="no time today"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def setup_script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return importlib.import_module("setup")


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return importlib.import_module("results")


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_stamp_of_these_very_files_means_ready(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ingredient = write(tmp_path / "constraints.txt", "numpy==2.0.0")
    monkeypatch.setattr(setup_script, "INGREDIENTS", (ingredient,))
    monkeypatch.setattr(setup_script, "PYTHON", sys.executable)
    monkeypatch.setattr(setup_script, "LINKS", str(tmp_path))
    monkeypatch.setattr(setup_script, "STAMP", str(tmp_path / "stamp"))
    assert not setup_script.is_ready()
    write(tmp_path / "stamp", setup_script.fingerprint())
    assert setup_script.is_ready()
    write(tmp_path / "constraints.txt", "numpy==2.0.1")
    assert not setup_script.is_ready()


def test_a_stamp_without_its_environment_means_nothing(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setup_script, "PYTHON", str(tmp_path / "python"))
    monkeypatch.setattr(setup_script, "STAMP", write(tmp_path / "stamp", setup_script.fingerprint()))
    assert not setup_script.is_ready()


def test_every_ingredient_of_the_stamp_is_there(setup_script: ModuleType) -> None:
    assert [path for path in setup_script.INGREDIENTS if not os.path.exists(path)] == []


def test_tests_are_counted_by_what_became_of_them(results: ModuleType, tmp_path: Path) -> None:
    tests = results.read_junit(write(tmp_path / "junit.xml", JUNIT))
    assert str(tests) == "2 passed, 2 failed, 2 skipped"
    assert dict(tests.optional) == {"oracle, no torch": 1}
    assert dict(tests.undeclared) == {"a.late: no time today": 1}


def test_a_run_that_died_has_no_tests(results: ModuleType, tmp_path: Path) -> None:
    assert str(results.read_junit(str(tmp_path / "absent.xml"))) == "0 passed, 0 failed"


def test_a_run_is_complete_when_everything_ran_or_was_optional(results: ModuleType, tmp_path: Path) -> None:
    tests = results.read_junit(write(tmp_path / "junit.xml", JUNIT))
    checks = [
        results.Check("tests", results.Outcome.PASSED, tests=tests),
        results.Check("window tests", results.Outcome.NOT_RUN, note="no Xvfb"),
    ]
    assert results.gaps(checks) == ["tests skipped a.late: no time today", "window tests did not run: no Xvfb"]
