"""Every check, as the continuous integration runs them: `python3 scripts/test.py`.

Sets up first, then lints, checks types and floors, runs the tests offscreen, and drives the real window under Xvfb.
Goes on after a check that failed and sums up at the end. Arguments go to pytest, and nothing else is run:
`python3 scripts/test.py tests/core -k tape`. With `--ci`, or CI=true in the environment, a check that could not run and
a test that was skipped without being declared optional count as failures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import setup
from results import Check, Outcome, Tests, gaps, read_junit, table
from system_libraries import provide_qt, provide_xvfb

WINDOW_TESTS = os.path.join("tests", "end_to_end")
STATIC_CHECKS = {
    "ruff check": ["-m", "ruff", "check", "--output-format", "concise"],
    "ruff format": ["-m", "ruff", "format", "--check", "--output-format", "concise"],
    "mypy": ["-m", "mypy", "--no-error-summary"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo"],
}
# Only pytest knows these: its exit status when it found no test at all.
NO_TESTS = 5

# The same on every machine: no hash seed of the day; one BLAS thread, or parallel tests fight for the cores.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "QT_QPA_PLATFORM": "offscreen",
}


def main() -> None:
    """Set up, then all checks, or only pytest where arguments say what to test."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--ci"]
    ci = len(arguments) < len(sys.argv[1:]) or os.environ.get("CI", "").lower() in ("1", "true")
    setup.ensure()
    os.chdir(setup.ROOT)
    complaint = provide_qt()
    if complaint:
        print(complaint, file=sys.stderr)
    sys.exit(only_pytest(arguments) if arguments else all_checks(ci))


def only_pytest(arguments: list[str]) -> int:
    """Pytest with the user's arguments; Xvfb is provided if they name the tests of the real window."""
    complaint = provide_xvfb() if any("end_to_end" in argument for argument in arguments) else None
    if complaint:
        print(complaint, file=sys.stderr)
        return 1
    return subprocess.call([setup.PYTHON, "-m", "pytest", *arguments], env={**os.environ, **ENVIRONMENT})


def all_checks(ci: bool) -> int:
    """Run everything, then say how it went; the last line counts the tests."""
    checks = [*static_checks(), offscreen_tests(), window_tests()]
    tests = sum((check.tests for check in checks), Tests())
    lacking = gaps(checks)
    print("\n" + table(checks))
    for reason, count in sorted(tests.optional.items()):
        print(f"  skipped, optional: {reason} ({count} tests)")
    for gap in lacking:
        print(f"  {'FAILED' if ci else 'incomplete'}: {gap}")
    failed = any(check.outcome is Outcome.FAILED for check in checks) or (ci and bool(lacking))
    print("\n" + ("Some checks failed." if failed else "Every check that ran passed."))
    print(tests, flush=True)
    return int(failed)


def static_checks() -> list[Check]:
    """Linters and type checker, side by side; they do not touch what the others read."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(static_check, STATIC_CHECKS))


def static_check(name: str) -> Check:
    """Run one and print what it has to say, if it complains."""
    started = time.monotonic()
    done = subprocess.run([setup.PYTHON, *STATIC_CHECKS[name]], capture_output=True, text=True)
    outcome = Outcome.FAILED if done.returncode else Outcome.PASSED
    if outcome is Outcome.FAILED:
        print(f"--- {name}\n{done.stdout}{done.stderr}", flush=True)
    return Check(name, outcome, time.monotonic() - started)


def offscreen_tests() -> Check:
    """All tests that need no display, on every core."""
    arguments = ["--ignore", WINDOW_TESTS, "--numprocesses", "auto"]
    return pytest_check("tests", arguments, {**os.environ, **ENVIRONMENT})


def window_tests() -> Check:
    """The tests of the real window, on every core: each starts a virtual screen with a pointer of its own."""
    name = "window tests"
    if sys.platform != "linux":
        return Check(name, Outcome.NOT_RUN, note="they drive the window through X11")
    complaint = provide_xvfb()
    if complaint:
        return Check(name, Outcome.NOT_RUN, note=complaint)
    if not os.path.isdir(WINDOW_TESTS):
        return Check(name, Outcome.NOT_RUN, note=f"there is no {WINDOW_TESTS}")
    return pytest_check(name, [WINDOW_TESTS, "--numprocesses", "auto"], {**os.environ, **ENVIRONMENT})


def pytest_check(name: str, arguments: list[str], environment: Mapping[str, str]) -> Check:
    """One pytest run, seen on the terminal as it goes, and counted from its JUnit file."""
    print(f"--- {name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        junit = os.path.join(folder, "junit.xml")
        command = [setup.PYTHON, "-m", "pytest", "--quiet", "--durations=5", f"--junitxml={junit}", *arguments]
        status = subprocess.call(command, env=environment)
        tests = read_junit(junit)
    seconds = time.monotonic() - started
    if status == NO_TESTS:
        return Check(name, Outcome.NOT_RUN, seconds, "there are none")
    return Check(name, Outcome.FAILED if status else Outcome.PASSED, seconds, str(tests), tests)


if __name__ == "__main__":
    main()
