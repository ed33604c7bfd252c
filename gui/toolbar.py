"""The run bar: Forward, Backward, Zero grad, a step and Train, the root and its seed, and the training settings.

It shows what would happen before a press: the one primary button is the sensible next step, and a Backward that would
stop on a spent tape is announced. What the buttons do is in the table of actions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QIntValidator, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from chainrule.core.document.edits import set_training
from chainrule.gui.editor import Editor
from chainrule.gui.line_field import GraphLine
from chainrule.gui.run_button import RunButton
from chainrule.gui.theme import INSET, Look

BAR_HEIGHT = 48
FOLDED_HEIGHT = 86
GAP = 11
RUN_ACTIONS = ("forward", "backward", "zero_grad", "step", "train")
MOST_TIMES = 99
WIDEST_FIELD = 230
ONE_FOR_EACH = "One number for each element of the root, with commas between them"


class RunBar(QFrame):
    """The bar below the menus. It reads and changes the editor; ``entered`` says that Enter ended what was typed."""

    entered = Signal()

    def __init__(self, editor: Editor, look: Look, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("run_bar")
        self._editor = editor
        self._look = look
        self.buttons = {name: RunButton(actions[name], look) for name in RUN_ACTIONS}
        self.stop = RunButton(actions["stop"], look)
        self.reset = RunButton(actions["reset"], look)
        self.times = GraphLine("1")
        self.root = QComboBox()
        self.seed = GraphLine()
        self.lr = GraphLine()
        self.epochs = GraphLine()
        self.zero_grad = QCheckBox("zero grad each epoch")
        self.progress = QProgressBar()
        self._presses = QWidget()
        self._fields = QWidget()
        self._separator = QFrame()
        self._separator.setObjectName("separator")
        self._separator.setFixedSize(1, 22)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._folded = False
        self._indent = 0
        self._prepare_fields()
        self._lay_out()
        self._connect()
        self.restyle()
        self.refresh()

    @property
    def repeats(self) -> int:
        """How often Forward and Backward run at one press of Backward."""
        return max(1, int(self.times.text() or 1))

    def set_indent(self, width: int) -> None:
        """Begin above the canvas, which begins at ``width``, where there is room, and else above the library."""
        self._indent = width
        self._fold()

    def restyle(self) -> None:
        """Take sizes from the look."""
        px = self._look.px
        self.times.setFixedWidth(px(34))
        for field in (self.times, self.root, self.seed, self.lr, self.epochs):
            field.setFixedHeight(px(26))
        self._resize_fields()

    def refresh(self) -> None:
        """Show root, seed, training settings and the sensible next step as they are now."""
        self._refresh_root()
        self._refresh_seed()
        self._refresh_training()
        spent, training = self._editor.spent_at is not None, self._editor.training.running
        self.buttons["forward"].set_kind("primary" if spent and not training else "")
        root = self._editor.session.state.nodes.get(self._editor.root) if self._editor.root is not None else None
        ready = root is not None and bool(root.grad_fn) and not training
        self.buttons["backward"].set_kind("" if not ready else "announced" if spent else "primary")

    def _prepare_fields(self) -> None:
        for field in (self.times, self.root, self.seed, self.lr, self.epochs):
            field.setProperty("role", "mono")
        self.times.setAccessibleName("times: how often Forward and Backward run at one press")
        self.times.setToolTip("More than once, Forward and Backward run this often, and the gradients add up")
        self.times.setValidator(QIntValidator(1, MOST_TIMES, self))
        self.times.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.root.setAccessibleName("root: where Backward starts")
        self.seed.setAccessibleName("seed: the vector given to Backward")
        self.lr.setAccessibleName("learning rate")
        self.epochs.setAccessibleName("epochs")
        self.epochs.setToolTip("How many epochs Train runs")
        self.zero_grad.setProperty("role", "muted")
        self.zero_grad.setToolTip("Off, the gradients of all epochs add up, as they do in PyTorch without zero_grad()")
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("training progress")
        self.progress.hide()
        self.stop.hide()
        self.reset.hide()

    def _lay_out(self) -> None:
        presses = QHBoxLayout(self._presses)
        for name, button in self.buttons.items():
            presses.addWidget(button)
            if name == "backward":
                presses.addWidget(_muted("\u00d7", self.times))
                presses.addWidget(self.times)
        presses.addWidget(self.stop)
        presses.addWidget(self.reset)
        fields = QHBoxLayout(self._fields)
        fields.addWidget(self._separator)
        for text, field in (("root", self.root), ("seed", self.seed), ("lr", self.lr), ("epochs", self.epochs)):
            fields.addSpacing(5)
            fields.addWidget(_muted(text, field))
            fields.addWidget(field)
        fields.addSpacing(5)
        fields.addWidget(self.zero_grad)
        for row in (presses, fields):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(7)
        self._rows.addWidget(self._presses)
        self._rows.addWidget(self._fields)
        self._rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._rows, 1)
        column.addWidget(self.progress)

    def minimumSizeHint(self) -> QSize:
        """One row as narrow as it can be: where both do not fit side by side, they stand one above the other."""
        widest = max(self._presses.minimumSizeHint().width(), self._fields.minimumSizeHint().width())
        return QSize(widest + 2 * self._look.px(INSET), self._look.px(BAR_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Stand in one row or in two, as there is room."""
        px = self._look.px
        narrowest = self._presses.minimumSizeHint().width() + self._fields.minimumSizeHint().width()
        needed = narrowest + px(GAP) + 2 * px(INSET)
        folded = needed > self.width()
        if folded != self._folded:
            self._folded = folded
            down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
            self._rows.setDirection(down if folded else right)
            self._separator.setVisible(not folded)
        edge = px(6) if folded else 0
        left = px(INSET) + (self._indent if self._indent + needed <= self.width() else 0)
        self._rows.setContentsMargins(left, edge, px(INSET), edge)
        self._rows.setSpacing(px(GAP))
        for row in (self._presses, self._fields):
            self._rows.setAlignment(row, Qt.AlignmentFlag.AlignLeft if folded else Qt.AlignmentFlag(0))
        self.setFixedHeight(px(FOLDED_HEIGHT if folded else BAR_HEIGHT))

    def _connect(self) -> None:
        self.root.activated.connect(self._choose_root)
        self.seed.textEdited.connect(self._type_seed)
        self.times.editingFinished.connect(partial(self.times.setModified, False))
        self.seed.editingFinished.connect(self._end_seed)
        self.lr.editingFinished.connect(self._take_lr)
        self.epochs.editingFinished.connect(self._take_epochs)
        for field in (self.times, self.seed, self.lr, self.epochs):
            field.returnPressed.connect(self.entered)
        for field in (self.seed, self.lr, self.epochs):
            field.textChanged.connect(self._resize_fields)
        self.zero_grad.clicked.connect(self._take_zero_grad)
        self._editor.document_replaced.connect(self._forget_typing)
        for signal in (
            self._editor.state_changed,
            self._editor.root_changed,
            self._editor.training_changed,
            self._editor.document_replaced,
        ):
            signal.connect(self.refresh)

    # What the reader changes

    def _forget_typing(self) -> None:
        for field in (self.lr, self.epochs):
            field.setModified(False)

    def _choose_root(self, index: int) -> None:
        self._editor.choose_root(self.root.itemData(index))

    def _type_seed(self, text: str) -> None:
        self._editor.set_seed(text)

    def _end_seed(self) -> None:
        """A seed that will not do is explained, and stays as it was typed, to be mended."""
        self.seed.setModified(False)
        if self._editor.seed_error:
            self._editor.refuse(self._editor.seed_error)

    def _take_lr(self) -> None:
        self._take(self.lr, "lr", float, "a number")

    def _take_epochs(self) -> None:
        self._take(self.epochs, "epochs", _positive, "a whole number above 0")

    def _take(self, field: QLineEdit, name: str, read: Callable[[str], float], kind: str) -> None:
        """Write what was typed to the setting ``name``; what will not do is explained, and the field goes back."""
        field.setModified(False)
        training = self._editor.graph.training
        try:
            value = read(field.text())
        except ValueError:
            self._editor.refuse(f"{name}: {field.text()!r} is not {kind}")
        else:
            if value != getattr(training, name):
                self._editor.do(set_training(self._editor.graph, **{name: value}))
        self._refresh_training()

    def _take_zero_grad(self, checked: bool) -> None:
        self._editor.do(set_training(self._editor.graph, zero_grad=checked))

    # What is shown

    def _refresh_root(self) -> None:
        editor = self._editor
        state = editor.session.state.nodes
        choices = [i for i in editor.graph.order() if i in state and state[i].grad_fn]
        root = editor.root
        if root is not None and root not in choices:
            choices.append(root)
        names = [editor.graph.nodes[i].name for i in choices]
        if [self.root.itemText(i) for i in range(self.root.count())] != names:
            self.root.clear()
            for node, name in zip(choices, names, strict=True):
                self.root.addItem(name, node)
        else:
            for index, node in enumerate(choices):
                self.root.setItemData(index, node)
        self.root.setCurrentIndex(choices.index(root) if root is not None else -1)
        self.root.setPlaceholderText("choose" if choices else "none")
        where = f"Backward starts at {editor.graph.nodes[root].name}. " if root is not None else ""
        self.root.setToolTip(f"{where}Selecting an operation on the canvas makes it the root")
        self._resize_fields()

    def _resize_fields(self) -> None:
        """Make every field wide enough for what stands in it; only what is very long is cut."""
        px = self._look.px
        metrics = QFontMetrics(self._look.mono(13))
        places = (self.seed.placeholderText(), self.seed.text())
        for field, texts, least, more in (
            (self.root, (self.root.currentText(),), 82, 40),
            (self.seed, places, 42, 26),
            (self.lr, (self.lr.text(),), 62, 26),
            (self.epochs, (self.epochs.text(),), 54, 26),
        ):
            wanted = max(metrics.horizontalAdvance(text) for text in texts) + px(more)
            field.setFixedWidth(min(max(wanted, px(least)), px(WIDEST_FIELD)))
        self._fold()

    def _refresh_seed(self) -> None:
        shape = self._editor.root_shape
        scalar = shape == ()
        text = self._editor.seed_text or ("1" if scalar else "")
        # While it is typed, what stands there stays, unless undo has brought another seed.
        fitting = {text, self._editor.seed_text} if self.seed.hasFocus() else {text}
        if self.seed.text() not in fitting:
            self.seed.setText(text)
        count = math.prod(shape or ())
        self.seed.setPlaceholderText("" if scalar or shape is None else ", ".join(["_"] * min(count, 6)))
        self.seed.setEnabled(shape is not None)
        self._mark_seed(self._editor.seed_error, "d root / d root, so 1" if scalar else ONE_FOR_EACH)
        self._resize_fields()

    def _mark_seed(self, error: str, meaning: str) -> None:
        """Frame a seed that will not do and say why: beside the field, and in the strip where nobody is typing it."""
        self.seed.setToolTip(error or meaning)
        self.seed.setAccessibleDescription(error)
        if bool(self.seed.property("wrong")) == bool(error):
            return
        self.seed.setProperty("wrong", bool(error))
        self.seed.style().unpolish(self.seed)
        self.seed.style().polish(self.seed)
        if error and not self.seed.hasFocus():  # the root has another shape now
            self._editor.message.emit(error)

    def _refresh_training(self) -> None:
        training = self._editor.graph.training
        self.lr.setToolTip(f"Learning rate of {training.optimizer} step and Train")
        for field, text in ((self.lr, _shortest(training.lr)), (self.epochs, str(training.epochs))):
            if not field.isModified() and field.text() != text:
                field.setText(text)
                field.setCursorPosition(0)
        self.zero_grad.setChecked(training.zero_grad)
        run = self._editor.training_run
        running = run is not None and not run.finished
        self.progress.setVisible(running)
        if run is not None:
            self.progress.setRange(0, run.epochs)
            self.progress.setValue(run.epoch)
        self.stop.setVisible(running)
        self.reset.setVisible(self._editor.training.can_reset)
        self._fold()


def _positive(text: str) -> int:
    """ValueError for what is no whole number above 0."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _shortest(number: float) -> str:
    """The shortest text that reads back as ``number``: 1e-05, 0.01, 1."""
    text = f"{number:g}"
    return text if float(text) == number else repr(number)


def _muted(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setBuddy(buddy)
    return label
