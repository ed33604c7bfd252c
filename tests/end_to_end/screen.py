"""The pointer, the keyboard and the picture of an X display: what stands between a test and the real window.

Events go in through the X server's XTEST extension, as if a hand had made them; nothing here knows about Chainrule.
There is no window manager, so the one duty of one that matters is done here: the topmost window has the keyboard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtGui import QImage
from Xlib import XK, X, display
from Xlib.error import BadWindow
from Xlib.ext import xtest

KEYS = {
    "Enter": "Return", "Esc": "Escape", "Space": "space", "Backspace": "BackSpace", "Ctrl": "Control_L",
    "Shift": "Shift_L", "Alt": "Alt_L", ".": "period", ",": "comma", "=": "equal", "-": "minus", "+": "plus",
}  # fmt: skip

BETWEEN_CLICKS = 5  # milliseconds, kept by the X server: two presses at the same instant are no double click to Qt

Point = tuple[float, float]
Found = TypeVar("Found")


def wait_until(condition: Callable[[], Found | None], what: str, timeout: float = 20.0) -> Found:
    """What ``condition`` returns as soon as it is true; AssertionError with ``what`` was awaited if it never is."""
    deadline = time.monotonic() + timeout
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout:g} s in vain for {what}")
        time.sleep(0.02)


class Screen:
    """The pointer, the keyboard and the picture of one display."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.display = display.Display(name)
        self.root = self.display.screen().root

    # The pointer

    def move(self, point: Point) -> None:
        """Put the pointer at ``point``, in pixels from the top left of the screen."""
        xtest.fake_input(self.display, X.MotionNotify, x=round(point[0]), y=round(point[1]))
        self.display.sync()

    def click(self, point: Point, *, button: int = 1, times: int = 1, holding: str = "") -> None:
        """Click at ``point``, ``times`` times in quick succession."""
        self._focus_topmost()
        self.move(point)
        with self._held(holding):
            for _ in range(times):
                self._button(X.ButtonPress, button)
                self._button(X.ButtonRelease, button)

    def drag(self, start: Point, end: Point, *, button: int = 1, holding: str = "") -> None:
        """Press at ``start``, move to ``end`` in steps as a hand does, and let go."""
        self._focus_topmost()
        self.move(start)
        with self._held(holding):
            self._button(X.ButtonPress, button)
            for i in range(1, 13):
                self.move(tuple(a + (b - a) * i / 12 for a, b in zip(start, end, strict=True)))
            self._button(X.ButtonRelease, button)

    def wheel(self, point: Point, notches: int) -> None:
        """Turn the wheel at ``point``, away from the hand if ``notches`` is positive."""
        self.move(point)
        for _ in range(abs(notches)):
            self._button(X.ButtonPress, 4 if notches > 0 else 5)
            self._button(X.ButtonRelease, 4 if notches > 0 else 5)

    # The keyboard

    def type(self, text: str) -> None:
        """Type ``text``, character by character, with Shift where the key needs it."""
        self._focus_topmost()
        for character in text:
            code, shifted = self._key(character)
            with self._held("Shift" if shifted else ""):
                self._press(code)

    def key(self, chord: str) -> None:
        """Press a chord such as ``F6`` or ``Ctrl+Shift+Z``."""
        self._focus_topmost()
        *modifiers, last = [chord] if chord == "+" else chord.split("+")
        with self._held("+".join(modifiers)):
            self._press(self._key(last if len(last) > 1 else last.lower())[0])

    # Windows

    def windows(self) -> list[Any]:
        """The mapped windows that are not menus or tool tips, topmost last."""
        shown = []
        for window in self.root.query_tree().children:
            with suppress(BadWindow):  # it may close while we look
                attributes = window.get_attributes()
                if attributes.map_state == X.IsViewable and not attributes.override_redirect:
                    shown.append(window)
        return shown

    def picture(self, path: Path) -> None:
        """Save what the screen shows as a PNG."""
        box = self.root.get_geometry()
        data = self.root.get_image(0, 0, box.width, box.height, X.ZPixmap, 0xFFFFFFFF).data
        QImage(data, box.width, box.height, QImage.Format.Format_RGB32).save(str(path))

    # How

    def _focus_topmost(self) -> None:
        """Give the topmost window the keyboard, as a window manager would."""
        top = wait_until(lambda: next(reversed(self.windows()), None), "a window")
        if self.display.get_input_focus().focus != top:
            top.set_input_focus(X.RevertToParent, X.CurrentTime)
            self.display.sync()

    def _button(self, event: int, button: int) -> None:
        xtest.fake_input(self.display, event, button, time=BETWEEN_CLICKS)
        self.display.sync()

    def _press(self, code: int) -> None:
        xtest.fake_input(self.display, X.KeyPress, code)
        xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()

    @contextmanager
    def _held(self, modifiers: str) -> Iterator[None]:
        codes = [self._key(name)[0] for name in modifiers.split("+") if name]
        for code in codes:
            xtest.fake_input(self.display, X.KeyPress, code)
        yield
        for code in reversed(codes):
            xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()

    def _key(self, name: str) -> tuple[int, bool]:
        """The key code of a character or a named key, and whether it needs Shift."""
        keysym = ord(name) if len(name) == 1 else XK.string_to_keysym(KEYS.get(name, name))
        code = self.display.keysym_to_keycode(keysym)
        if not code:
            raise ValueError(f"there is no key for {name!r}")
        return code, self.display.keycode_to_keysym(code, 0) != keysym
