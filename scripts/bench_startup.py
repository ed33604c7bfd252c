"""How long from the command to the first window, beside a bare PySide6 window in the same run; and what was imported.

Time is taken from outside, on a virtual X screen: a window counts once it has painted over the black of the root, and
is ready once the program says so itself (`--state-file`). Cold means that the files were dropped from the page cache.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import setup
from virtual_display import virtual_display
from Xlib import X, display

BARE_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView, QMainWindow
app = QApplication([])
window, scene = QMainWindow(), QGraphicsScene()
window.setCentralWidget(QGraphicsView(scene))
window.resize(1280, 800)
window.show()
QTimer.singleShot(0, lambda: open(sys.argv[1], "w").write("{}"))
app.exec()
"""
# The Python that a person would type; `sys.executable` is the private environment's.
PYTHON = getattr(sys, "_base_executable", sys.executable)
PATIENCE = 30.0  # seconds until a start counts as failed
POLL = 0.002


@dataclass(frozen=True)
class Start:
    """One start, in seconds from the command: the window painted, and the program's word that it shows the graph."""

    window: float
    ready: float


@dataclass(frozen=True)
class Imported:
    """What one package cost at start, its own modules only."""

    package: str
    modules: int
    milliseconds: float


def main(arguments: list[str]) -> None:
    """Measure and print: a table, or one JSON object with ``--json``."""
    parser = argparse.ArgumentParser(prog="bench.py startup")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--runs", type=int, default=9, help="starts of each kind (medians are shown)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, virtual_display() as name:
        bench = Bench(Path(folder), name)
        results = bench.measure(options.runs)
        imports = bench.imports()
    print(json.dumps(as_json(results, imports, options.runs), indent=1) if options.json else as_text(results, imports))


class Bench:
    """The commands that are compared, on one virtual screen with one home folder."""

    def __init__(self, folder: Path, screen: str) -> None:
        self.display = display.Display(screen)
        self.said = folder / "state.json"
        self.errors = folder / "stderr.txt"
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "XDG_"))}
        self.environment |= {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "HOME": str(folder)}
        said = str(self.said)
        self.commands: Mapping[str, list[str]] = {
            "bare window": [setup.PYTHON, "-c", BARE_WINDOW, said],
            "chainrule": [setup.PYTHON, "-P", "-m", "chainrule.gui", "--state-file", said],
            "scripts/run.py": [PYTHON, os.path.join(setup.ROOT, "scripts", "run.py"), "--state-file", said],
        }

    def measure(self, runs: int) -> dict[str, dict[str, list[Start]]]:
        """Every command cold and warm, in turns, so that a busy moment of the machine hits all alike."""
        for command in self.commands.values():
            self.start(command)  # the first start ever writes bytecode and settings
        results: dict[str, dict[str, list[Start]]] = {"cold": defaultdict(list), "warm": defaultdict(list)}
        for _ in range(runs):
            for name, command in self.commands.items():
                forget_files()
                results["cold"][name].append(self.start(command))
                results["warm"][name].append(self.start(command))
        return results

    def start(self, command: list[str]) -> Start:
        """Start ``command``, wait for its window, end it."""
        started = time.perf_counter()
        with self._running(command) as process:
            window = self._await(process, started, self._painted)
            return Start(window, self._await(process, started, self.said.exists))

    def imports(self) -> list[Imported]:
        """What the program had imported when its window was ready, by package, dearest first."""
        command = list(self.commands["chainrule"])
        command[1:1] = ["-X", "importtime"]
        with self._running(command) as process:
            self._await(process, time.perf_counter(), self.said.exists)
        return by_package(self.errors.read_text().splitlines())

    @contextmanager
    def _running(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        self.said.unlink(missing_ok=True)
        with self.errors.open("w") as errors:
            process = subprocess.Popen(command, env=self.environment, stderr=errors)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    def _await(self, process: subprocess.Popen[bytes], started: float, happened: Callable[[], bool]) -> float:
        while not happened():
            if process.poll() is not None:
                said = self.errors.read_text().strip().splitlines()[-1:]
                raise SystemExit(f"the program ended before its window was there: {''.join(said)}")
            if time.perf_counter() - started > PATIENCE:
                raise SystemExit(f"no window within {PATIENCE:g} s")
            time.sleep(POLL)
        return time.perf_counter() - started

    def _painted(self) -> bool:
        """Whether anything stands in the middle of the screen, whose root is black."""
        root = self.display.screen().root
        box = root.get_geometry()
        column = root.get_image(box.width // 3, 0, 1, box.height // 2, X.ZPixmap, 0x00FFFFFF).data
        return any(column)


def forget_files() -> None:
    """Drop the environment's and the program's files from the page cache, as far as nobody else has them mapped."""
    if not hasattr(os, "posix_fadvise"):
        return
    folders = [
        Path(sys.prefix),
        Path(sys.base_prefix) / "lib",
        *(Path(setup.ROOT) / part for part in ("core", "gui", "assets")),
    ]
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def by_package(report: Iterable[str]) -> list[Imported]:
    """Sum up the report of ``-X importtime``; Chainrule's own rooms are counted one by one."""
    modules: dict[str, list[int]] = defaultdict(list)
    for line in report:
        found = re.match(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", line)
        if found:
            modules[package_of(found[2])].append(int(found[1]))
    costs = [Imported(name, len(times), sum(times) / 1000) for name, times in modules.items()]
    return sorted(costs, key=lambda cost: cost.milliseconds, reverse=True)


def package_of(module: str) -> str:
    """The package a module is counted under."""
    parts = module.split(".")
    if parts[0] == "chainrule":
        return ".".join(parts[:3])
    if parts[0] in sys.stdlib_module_names:
        return "standard library"
    return ".".join(parts[:2]) if parts[0] == "PySide6" else parts[0]


def as_json(results: Mapping[str, Mapping[str, list[Start]]], imports: list[Imported], runs: int) -> dict[str, Any]:
    """Medians in seconds, and the imports."""
    medians = {
        kind: {
            name: {"window": median(s.window for s in starts), "ready": median(s.ready for s in starts)}
            for name, starts in commands.items()
        }
        for kind, commands in results.items()
    }
    return {"runs": runs, "medians": medians, "imports": [asdict(cost) for cost in imports]}


def as_text(results: Mapping[str, Mapping[str, list[Start]]], imports: list[Imported]) -> str:
    """Two tables: the starts, and what was imported."""
    lines = ["seconds from the command (median, fastest to slowest)", ""]
    for kind, commands in results.items():
        bare = median(start.window for start in commands["bare window"])
        for name, starts in commands.items():
            windows = [start.window for start in starts]
            ready = median(start.ready for start in starts)
            lines.append(
                f"  {kind}  {name:<16} window {median(windows):5.2f} ({min(windows):.2f} to {max(windows):.2f})"
                f"  ready {ready:5.2f}  {median(windows) / bare:4.1f} x the bare window"
            )
    lines += ["", "imported before the window was ready (own time, under -X importtime)", ""]
    lines += [f"  {cost.milliseconds:7.1f} ms  {cost.modules:4d} modules  {cost.package}" for cost in imports[:25]]
    total = sum(cost.milliseconds for cost in imports)
    return "\n".join([*lines, f"  {total:7.1f} ms  {sum(cost.modules for cost in imports):4d} modules  in all"])
