"""The conditions under which every test runs: no screen, no settings of the user's, no chance that cannot be repeated.

Fixtures for the core or for the GUI stand in the folders of those tests, not here.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator

import hypothesis
import pytest

# Before anything imports NumPy or Qt, which read these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# How long an example takes says more about the machine than about the code; test runs have a timeout of their own.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither read nor change what the user's own copy of the program has saved."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs an optional package; `scripts/test.py` recognises the reason and names it in its summary."""
    for marker in item.iter_markers("optional"):
        what, needs = marker.args[0], marker.kwargs["needs"]
        if importlib.util.find_spec(needs) is None:
            pytest.skip(f"optional: {what}, {needs} is not installed")
