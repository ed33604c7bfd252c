"""The tabs below the canvas. Each panel is made when first shown, so that the first window does not wait for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from chainrule.gui.editor import Editor
from chainrule.gui.page import Page
from chainrule.gui.player import Player
from chainrule.gui.problem_counts import ProblemCounts
from chainrule.gui.theme import Look


class BottomTabs(QTabWidget):
    """Timeline, Plots, Code, History and Problems. ``go_to`` carries the id of a node to bring into view."""

    go_to = Signal(object)

    def __init__(self, editor: Editor, player: Player, look: Look) -> None:
        super().__init__()
        self._editor = editor
        self._player = player
        self._look = look
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setAccessibleName("Panels")
        self._pages = {
            "Timeline": Page(self._timeline),
            "Plots": Page(self._plots),
            "Code": Page(self._code),
            "History": Page(self._history),
            "Problems": Page(self._problems),
        }
        for title, page in self._pages.items():
            self.addTab(page, title)
        self.currentChanged.connect(self._build)

    def build(self) -> None:
        """Fill the tab that is shown."""
        self._build(self.currentIndex())

    def show_plots(self) -> None:
        self.setCurrentWidget(self._pages["Plots"])

    def leave_plots(self) -> None:
        """Back to the timeline, where what comes next is shown, unless another tab is looked at."""
        if self.currentWidget() is self._pages["Plots"]:
            self.setCurrentWidget(self._pages["Timeline"])

    def count_problems(self, counts: ProblemCounts) -> None:
        """Say in the tab's title how many nodes are wrong, and how many are warned of or unfinished."""
        index = self.indexOf(self._pages["Problems"])
        title = " \u00b7 ".join((f"Problems {counts.wrong or ''}".rstrip(), *counts.besides))
        if self.tabText(index) != title:
            self.setTabText(index, title)

    def _build(self, index: int) -> None:
        page = self.widget(index)
        if isinstance(page, Page):
            page.build()

    def _timeline(self) -> QWidget:
        from chainrule.gui.panels.timeline import TimelinePanel

        return TimelinePanel(self._editor, self._player, self._look)

    def _plots(self) -> QWidget:
        from chainrule.gui.panels.plots import PlotsPanel

        return PlotsPanel(self._editor, self._look)

    def _code(self) -> QWidget:
        from chainrule.gui.panels.code import CodePanel

        return CodePanel(self._editor, self._look)

    def _history(self) -> QWidget:
        from chainrule.gui.panels.history import HistoryPanel

        return HistoryPanel(self._editor, self._look)

    def _problems(self) -> QWidget:
        from chainrule.gui.panels.problems import ProblemsPanel

        panel = ProblemsPanel(self._editor, self._player, self._look)
        panel.go_to.connect(self.go_to)
        return panel
