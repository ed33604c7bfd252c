"""The window: top bar, run bar, library, canvas, inspector and the tabs below, put together and wired to each other.

Canvas and panels know the editor and the player but never each other: what one asks of another goes through here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QSplitter, QVBoxLayout, QWidget

from chainrule.gui import window_layout
from chainrule.gui.actions import make_actions, refresh_actions, take_keys
from chainrule.gui.add_box import AddBox
from chainrule.gui.bottom_tabs import BottomTabs
from chainrule.gui.canvas.keyboard import rename_focused, toggle_focused
from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.dropping import Drops
from chainrule.gui.editor import Editor
from chainrule.gui.empty_canvas import EmptyCanvas
from chainrule.gui.filing import Filing
from chainrule.gui.hints import Hints
from chainrule.gui.message_strip import MessageStrip
from chainrule.gui.page import Page
from chainrule.gui.player import Player
from chainrule.gui.problem_counts import problem_counts
from chainrule.gui.settings import Settings
from chainrule.gui.style import style_sheet
from chainrule.gui.theme import Look
from chainrule.gui.toolbar import RunBar
from chainrule.gui.top_bar import TopBar
from chainrule.gui.window_layout import Desk

if TYPE_CHECKING:
    from chainrule.gui.panels.inspector import InspectorPanel
    from chainrule.gui.panels.library import LibraryPanel

SIZE = (1440, 900)
# Time for the first picture to reach the screen.
FILL_AFTER_MS = 20
SPENT = "tape spent \u00b7 Forward first"
LIBRARY_WIDTH, INSPECTOR_WIDTH, BOTTOM_HEIGHT = 220, 302, 172


class MainWindow(QMainWindow):
    """Everything one sees. Commands of the table of actions that belong to no other room are methods here."""

    def __init__(self, editor: Editor, look: Look, settings: Settings) -> None:
        super().__init__()
        self.editor = editor
        self.look = look
        self.settings = settings
        self._wear_look()  # before there are widgets: each is then polished once
        self.player = Player(editor, look)
        self.canvas = CanvasView(editor, self.player, look)
        self.actions_by_id = make_actions(self)
        self.top_bar = TopBar(editor, look, self.actions_by_id)
        self.run_bar = RunBar(editor, look, self.actions_by_id)
        self.left = Page(self._make_library)
        self.drops = Drops(self.canvas)
        self.right = Page(self._make_inspector)
        self.bottom = BottomTabs(editor, self.player, look)
        self.hints = Hints(look)
        self.ground = QWidget()
        self.spent = QLabel(SPENT, self.ground)
        self.empty = EmptyCanvas(self.ground, editor, look, self.actions_by_id["add_node"])
        self.strip = MessageStrip(
            self.ground, look, self.canvas.overlays.dock, self.canvas.reading, self.canvas.cards_seen
        )
        self.files = Filing(self, self.canvas, editor, settings)
        self.adding = AddBox(self, self.canvas, editor, look)
        self._scale = look.scale
        self._desk: Desk | None = None  # the layout to come back to from projector size
        self._desk_view = self.canvas.shown_viewport()
        self._closing = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        self._connect()
        self._restore()
        self.refresh()

    # Commands

    def backward(self) -> None:
        self.bottom.leave_plots()
        self.editor.backward(self.run_bar.repeats)

    def train(self) -> None:
        run = self.editor.training_run
        if run is None or run.finished:
            self.bottom.show_plots()
            self.editor.train()
        elif run.state == "paused":
            self.editor.resume_training()
        else:
            self.editor.pause_training()

    def toggle_retain_graph(self) -> None:
        self.editor.set_retain_graph(not self.editor.retain_graph)

    def toggle_play(self) -> None:
        if self.player.playing:
            self.player.pause()
        else:
            self.player.play()

    def toggle_reduced_motion(self) -> None:
        self.look.set_reduced_motion(not self.look.reduced_motion)

    def toggle_library(self) -> None:
        self.left.setVisible(self.left.isHidden())
        QTimer.singleShot(0, self, self._indent)  # when the canvas has taken its new place

    def toggle_inspector(self) -> None:
        self.right.setVisible(self.right.isHidden())

    def toggle_bottom(self) -> None:
        self.bottom.setVisible(self.bottom.isHidden())

    @property
    def library_shown(self) -> bool:
        return not self.left.isHidden()

    @property
    def inspector_shown(self) -> bool:
        return not self.right.isHidden()

    @property
    def bottom_shown(self) -> bool:
        return not self.bottom.isHidden()

    def delete_only(self) -> None:
        self.canvas.delete_selection(heal=False)

    def rename(self) -> None:
        rename_focused(self.canvas)

    def toggle_grad(self) -> None:
        toggle_focused(self.canvas)

    def search_commands(self) -> None:
        self.top_bar.search.open()

    def show_hints(self) -> None:
        self.hints.show()

    def show_start_page(self) -> None:
        from chainrule.gui.start_page import StartPage

        page = StartPage(self, self.settings, self.look)
        page.example_chosen.connect(self.files.open_example)
        page.file_chosen.connect(self.files.open_file)
        page.show()

    def show_shortcuts(self) -> None:
        from chainrule.gui.shortcuts_page import ShortcutsPage

        page = ShortcutsPage(self, self.settings, self.look)
        page.keys_changed.connect(self._take_keys)
        page.show()

    def _take_keys(self) -> None:
        take_keys(self.actions_by_id, self.settings)

    # The panels that come after the first window

    @property
    def library(self) -> LibraryPanel:
        return self.left.build()

    @property
    def inspector(self) -> InspectorPanel:
        return self.right.build()

    def _make_library(self) -> LibraryPanel:
        from chainrule.gui.panels.library import LibraryPanel

        panel = LibraryPanel(self.editor, self.look)
        panel.request.connect(self.adding.add_in_view)
        if self.settings.unfolded is not None:
            panel.tree.unfold(self.settings.unfolded)
        return panel

    def _make_inspector(self) -> InspectorPanel:
        from chainrule.gui.panels.inspector import InspectorPanel

        return InspectorPanel(self.editor, self.player, self.look)

    def fill(self) -> None:
        """Make the panels that are in view; the window shows itself first."""
        for place in (self.left, self.right, self.bottom):
            place.build()

    # What is shown

    def refresh(self) -> None:
        """Bring actions, titles and announcements in line with the editor."""
        run = self.editor.training_run
        train = {"running": "Pause", "paused": "Resume"}.get("" if run is None else run.state, "Train")
        self.actions_by_id["train"].setText(train)
        self.actions_by_id["step"].setText(f"{self.editor.graph.training.optimizer} step")
        self._describe_backward()
        self._describe_undo()
        refresh_actions(self, self.actions_by_id)
        self.bottom.count_problems(problem_counts(self.editor.session.state))
        self.top_bar.file_name.refresh()
        self.setWindowTitle(f"{self.editor.title}[*] \u2014 Chainrule")
        self.setWindowModified(self.editor.unsaved)

    def _describe_backward(self) -> None:
        action = self.actions_by_id["backward"]
        stop = self.editor.spent_at
        self.spent.setVisible(stop is not None)
        if stop is None:
            root = self.editor.root
            name = "" if root is None else f" {self.editor.graph.nodes[root].name}"
            action.setToolTip(f"Send the seed back from the root{name}")
        else:
            name = self.editor.graph.nodes[stop].name
            action.setToolTip(
                f"Would stop at {name}: what it saved is freed, and no .grad would change. Forward makes a fresh tape"
            )
        self.spent.setToolTip(action.toolTip())
        self._place_spent()

    def _describe_undo(self) -> None:
        stack = self.editor.undo_stack
        self.actions_by_id["undo"].setText(f"Undo {stack.undoText()}".rstrip())
        self.actions_by_id["redo"].setText(f"Redo {stack.redoText()}".rstrip())

    # Putting together

    def _lay_out(self) -> None:
        ground = QVBoxLayout(self.ground)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(self.canvas)
        self.spent.setObjectName("spent")
        self.spent.setProperty("role", "warning")
        self.spent.raise_()
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.addWidget(self.ground)
        self.rows.addWidget(self.bottom)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.hints)
        column.addWidget(self.rows, 1)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.left, middle, self.right):
            self.columns.addWidget(widget)
        for splitter, stretching in ((self.rows, 0), (self.columns, 1)):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            for index in range(splitter.count()):
                splitter.setStretchFactor(index, int(index == stretching))
        shell = QWidget()
        shell.setObjectName("shell")
        whole = QVBoxLayout(shell)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for widget in (self.top_bar, self.run_bar):
            whole.addWidget(widget)
        whole.addWidget(self.columns, 1)
        self.setCentralWidget(shell)
        self.hints.setVisible(not self.settings.hints_dismissed)

    def _connect(self) -> None:
        editor = self.editor
        for signal in (
            editor.state_changed,
            editor.selection_changed,
            editor.root_changed,
            editor.path_changed,
            editor.training_changed,
            editor.document_replaced,
            editor.undo_stack.indexChanged,
            editor.undo_stack.cleanChanged,
        ):
            signal.connect(self.refresh_soon)
        # At once: a key that comes before the refresh would find them as they were, and be lost.
        editor.undo_stack.canUndoChanged.connect(self.actions_by_id["undo"].setEnabled)
        editor.undo_stack.canRedoChanged.connect(self.actions_by_id["redo"].setEnabled)
        editor.message.connect(self.strip.say)
        editor.done.connect(self.strip.dismiss)
        self.player.state_changed.connect(self.strip.dodge)  # the canvas has heard of it before
        self.player.stage_changed.connect(self.strip.dodge)
        self.look.changed.connect(self._restyle)
        self.columns.splitterMoved.connect(self._indent)
        self.top_bar.search.done.connect(self.canvas.setFocus)
        self.run_bar.entered.connect(self.canvas.setFocus)
        self.top_bar.recent.aboutToShow.connect(partial(self.files.list_recent, self.top_bar.recent))
        self.files.done.connect(self.strip.say)
        self.hints.dismissed.connect(self._dismiss_hints)
        self.empty.examples_wanted.connect(self.show_start_page)
        self.drops.watch(self.empty.button)
        self.canvas.request_add.connect(self.adding.ask)
        self.drops.added.connect(self.adding.add_dropped)
        self.drops.opened.connect(self.files.open_file)
        self.bottom.go_to.connect(self.canvas.frame_selection)

    def _spared(self) -> list[QRect]:
        """What a message should cover only where it must: cards, and the lines above them."""
        lines = (self.spent, self.canvas.overlays.back_to_now)
        return [*self.canvas.cards_seen(), *(line.geometry() for line in lines if line.isVisible())]

    def refresh_soon(self) -> None:
        """Refresh once this turn of the event loop is done, however many signals ask for it."""
        self._soon.start()

    def _restyle(self) -> None:
        look = self.look
        self._wear_look()
        for bar in (self.top_bar, self.run_bar):
            bar.restyle()
        if look.scale != self._scale:
            self._divide(look.scale / self._scale)
            self._scale = look.scale
        self.refresh_soon()

    def _wear_look(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setFont(self.look.ui(13))
        application.setStyleSheet(style_sheet(self.look.theme, self.look.scale))

    @property
    def foldable(self) -> tuple[QWidget, QWidget, QWidget]:
        """Library, inspector and the tabs below."""
        return self.left, self.right, self.bottom

    def _divide(self, factor: float) -> None:
        """Divide the window for text that is ``factor`` larger; the desk's layout waits for the projector's end."""
        if self.look.projecting:
            self._desk = window_layout.take(self, self._scale)
            self._desk_view = self.canvas.shown_viewport()
            window_layout.give_way(self, factor)
            QTimer.singleShot(0, self, self._enter_projector)  # when the panels are as large as they will be
        elif self._desk is not None:
            QTimer.singleShot(0, self, self._leave_projector)  # when the panels can be as small as they were
        else:
            window_layout.grow(self, factor)
        self._indent()

    def _enter_projector(self) -> None:
        if self.look.projecting:
            window_layout.fold_what_crowds(self)
            QTimer.singleShot(0, self, self.canvas.frame_all)

    def _leave_projector(self) -> None:
        desk, self._desk = self._desk, None
        if desk is not None:
            window_layout.bring_back(self, desk)
            window_layout.grow(self, self.look.scale / desk.scale)
            self._indent()
            QTimer.singleShot(0, self, partial(self.canvas.show_viewport, self._desk_view))

    def _dismiss_hints(self) -> None:
        self.hints.hide()
        self.settings.dismiss_hints()

    # The window itself

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.editor.unsaved and not self._closing:
            event.ignore()
            self.files.unless_unsaved(self._close_now)
            return
        self.editor.training.forget()
        self._remember()
        event.accept()

    def _close_now(self) -> None:
        self._closing = True
        self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._indent()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._indent()
        self.player.set_visible(True)
        QTimer.singleShot(FILL_AFTER_MS, self, self.fill)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.player.set_visible(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.player.set_visible(not self.isMinimized())

    def _indent(self) -> None:
        """Let the run bar begin above the canvas, and the announcement stand below its button."""
        self.run_bar.set_indent(self.columns.sizes()[0] + self.columns.handleWidth() if self.library_shown else 0)
        QTimer.singleShot(0, self, self._place_spent)

    def _place_spent(self) -> None:
        """Stand below the button; where that is not above the canvas, the announcement names it."""
        button, px = self.run_bar.buttons["backward"], self.look.px
        below = self.ground.mapFromGlobal(button.mapToGlobal(QPoint(0, button.height())))
        left = max(below.x() - px(4), px(4))
        self.spent.setText(SPENT if left <= below.x() + button.width() // 2 else f"Backward: {SPENT}")
        self.spent.adjustSize()
        self.spent.move(left, px(5))

    def _restore(self) -> None:
        px = self.look.px
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize()))
        self.columns.setSizes([px(LIBRARY_WIDTH), SIZE[0] - px(LIBRARY_WIDTH + INSPECTOR_WIDTH), px(INSPECTOR_WIDTH)])
        self.rows.setSizes([SIZE[1] - px(88 + BOTTOM_HEIGHT), px(BOTTOM_HEIGHT)])
        for name, restore in (
            ("window", self.restoreGeometry),
            ("columns", self.columns.restoreState),
            ("rows", self.rows.restoreState),
        ):
            state = self.settings.layout(name)
            if state is not None:
                restore(state)

    def _remember(self) -> None:
        desk = self._desk or window_layout.take(self, self.look.scale)
        states: dict[str, QByteArray] = {
            "window": self.saveGeometry(),
            "columns": desk.columns,
            "rows": desk.rows,
        }
        for name, state in states.items():
            self.settings.remember_layout(name, state)
        if self.left.panel is not None:
            self.settings.unfolded = self.left.panel.tree.unfolded
        self.settings.theme = self.look.choice
        self.settings.scale = desk.scale
        self.settings.reduced_motion = self.look.reduced_motion
        self.settings.save()
