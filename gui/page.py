"""A place in the window whose panel is made late, so that the first window does not wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

Panel = TypeVar("Panel", bound=QWidget)


class Page(QWidget, Generic[Panel]):
    """Empty until ``build`` is first called; then it is filled by what ``make`` makes."""

    def __init__(self, make: Callable[[], Panel]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._make = make
        self._panel: Panel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def panel(self) -> Panel | None:
        """The panel, where it is there."""
        return self._panel

    def build(self) -> Panel:
        """The panel, made now if it is not there yet."""
        if self._panel is None:
            self._panel = self._make()
            self._column.addWidget(self._panel)
        return self._panel
