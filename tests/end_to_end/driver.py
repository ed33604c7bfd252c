"""The real program on a virtual screen, as its user has it: hands in through ``screen``, eyes through ``--state-file``.

Every wait is for something that the state file says; nothing here sleeps for a fixed time or reads pixels.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from screen import Point, Screen, wait_until

State = dict[str, Any]


class Program:
    """One run of Chainrule. ``state`` is what it last said it shows."""

    def __init__(self, screen: Screen, folder: Path, *arguments: str) -> None:
        self.screen = screen
        self.folder = folder
        self.state_file = folder / "state.json"
        self.errors = folder / "stderr.txt"
        home = folder / "home"
        home.mkdir(exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "XDG_"))}
        environment |= {
            "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"), "XDG_RUNTIME_DIR": str(home),
        }  # fmt: skip
        command = [sys.executable, "-m", "chainrule.gui", "--state-file", str(self.state_file), *arguments]
        self.state_file.unlink(missing_ok=True)
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(command, env=environment, stderr=errors, cwd=folder)
        self.wait(lambda state: True, "the window", timeout=30)
        self.window = wait_until(lambda: next(iter(screen.windows()), None), "the window on the screen")

    # What it shows

    @property
    def state(self) -> State:
        """What the program shows now; empty before it has said anything."""
        try:
            return dict(json.loads(self.state_file.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def wait(self, condition: Callable[[State], Any], what: str, timeout: float = 20.0) -> State:
        """The first state in which ``condition`` holds; fails with a picture of the screen and the program's errors."""

        def fitting() -> State | None:
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended with {self.process.returncode} before {what}")
            state = self.state
            try:
                return state if state and condition(state) else None
            except (KeyError, IndexError, TypeError):
                return None  # not there yet

        try:
            return wait_until(fitting, what, timeout)
        except AssertionError as failure:
            self.screen.picture(self.folder / "failure.png")
            raise AssertionError(f"{failure}; see {self.folder}\n{self.errors.read_text()[-3000:]}") from None

    def node(self, name: str) -> State:
        """What the card called ``name`` shows."""
        return dict(self.state["nodes"][name])

    # What a user does with it

    def press(self, action: str) -> None:
        """Click the button of ``action``."""
        self.screen.click(self.state["buttons"][action])

    def flip(self, name: str) -> None:
        """Click the requires_grad switch of a leaf."""
        self.screen.click(self.node(name)["switch"])

    def wire(self, source: str, target: str, socket: str) -> None:
        """Drag a wire from a node's output into a socket and wait until it is there."""
        start = next(iter(self.node(source)["outputs"].values()))
        self.screen.drag(start, self.node(target)["sockets"][socket])
        self.wait(lambda s: wired(s, source, target, socket), f"a wire from {source} to {target}.{socket}")

    def add(self, kind: str, name: str, place: Point) -> None:
        """Double-click the empty canvas, choose ``kind`` in the search box, and call the new node ``name``."""
        before = set(self.state["nodes"])
        self.screen.click(place, times=2)
        self.screen.type(kind)
        self.screen.key("Enter")
        state = self.wait(lambda s: set(s["nodes"]) - before, f"a node of kind {kind}")
        [given] = set(state["nodes"]) - before
        if given != name:
            self.edit(self.node(given)["name_rect"], name)
            self.wait(lambda s: name in s["nodes"], f"{given} to be called {name}")

    def set_value(self, name: str, value: float) -> None:
        """Double-click the number on a leaf's card and type another."""
        self.edit(self.node(name)["value_rect"], f"{value:g}")
        self.wait(lambda s: s["nodes"][name]["value"] == value, f"{name} to be {value}")

    def set_literal(self, name: str, socket: str, value: int) -> None:
        """Double-click a socket and type the number that is to stand in it."""
        self.screen.click(self.node(name)["sockets"][socket], times=2)
        self.screen.type(f"{value}")
        self.screen.key("Enter")
        self.wait(lambda s: s["nodes"][name]["literals"][socket] == value, f"{name}.{socket} to be {value}")

    def edit(self, rect: list[float], text: str) -> None:
        """Double-click what stands in ``rect`` and type ``text`` over it."""
        self.screen.click(middle(rect), times=2)
        self.screen.key("Ctrl+A")
        self.screen.type(text)
        self.screen.key("Enter")

    def backward(self) -> State:
        """Press Backward's key, and Esc to see at once where its animation ends."""
        before = self.state["total"]
        self.screen.key("F6")
        self.screen.key("Esc")
        return self.wait(lambda s: s["total"] != before and s["at_end"], "the end of backward")

    def repair(self, name: str) -> None:
        """Click the first repair that the problem at a node offers."""
        self.screen.click(next(iter(self.node(name)["repairs"].values())))

    def save_as(self, path: Path) -> None:
        """Save under a new name through the dialog."""
        self.screen.key("Ctrl+Shift+S")
        self.type_into_dialog(str(path))
        self.wait(lambda s: s["file"] == str(path) and not s["unsaved"], f"{path.name} to be saved")

    def type_into_dialog(self, text: str) -> None:
        """Wait for a dialog, type over what its first field holds, and press Enter."""
        wait_until(lambda: len(self.screen.windows()) > 1, "a dialog")
        self.screen.key("Ctrl+A")
        self.screen.type(text)
        self.screen.key("Enter")
        wait_until(lambda: len(self.screen.windows()) == 1, "the dialog to go")

    def on_canvas(self, column: float, row: float) -> Point:
        """A point of the canvas by its share of the width and the height."""
        x, y, width, height = self.state["canvas"]
        return x + width * column, y + height * row

    def close(self) -> str:
        """End the program as its owner would end a stuck one, and return what it wrote to standard error."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=10)
        return self.errors.read_text()


def wired(state: State, source: str, target: str, socket: str) -> bool:
    """Whether ``source`` feeds ``target.socket`` (whichever output it is)."""
    return any((wire["from"], wire["to"], wire["socket"]) == (source, target, socket) for wire in state["wires"])


def middle(rect: list[float]) -> Point:
    """The middle of ``[x, y, width, height]``."""
    return rect[0] + rect[2] / 2, rect[1] + rect[3] / 2
