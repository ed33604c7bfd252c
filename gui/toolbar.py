"""The run bar: Forward, Backward, Zero grad, SGD step and Train, the root and its seed, and the training settings.

It shows what would happen before a press: the one primary button is the sensible next step, and a Backward that would
stop on a spent tape is announced. What the buttons do is in the table of actions.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QIntValidator, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from chainrule.core.document.edits import set_training
from chainrule.gui.editor import Editor
from chainrule.gui.theme import Look

BAR_HEIGHT = 48
RUN_ACTIONS = ("forward", "backward", "zero_grad", "step", "train")
MOST_TIMES = 99


class RunButton(QPushButton):
    """A button that follows an action and shows its shortcut to the right of its text."""

    def __init__(self, action: QAction, look: Look) -> None:
        super().__init__()
        self._action = action
        self._look = look
        self.setObjectName(action.objectName())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow_action)
        self._follow_action()

    def set_kind(self, kind: str) -> None:
        """ "primary", "announced" or "" (plain), as in the style sheet."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        key = self._key()
        width = (
            metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(key) + self._look.px(24 + 16 * bool(key))
        )
        return QSize(width, self._look.px(30))

    def minimumSizeHint(self) -> QSize:
        # The key is a hint and may be cut away in a narrow window; the text may not.
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + self._look.px(22), self._look.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        theme = self._look.theme
        primary = self.property("kind") == "primary"
        inner = self.rect().adjusted(self._look.px(11), 0, -self._look.px(9), 0)
        key = self._key()
        room = inner.width() - self.fontMetrics().horizontalAdvance(self.text()) - self._look.px(8)
        font = self._look.ui(13, 600)
        painter.setFont(font)
        painter.setPen(self._text_colour(primary))
        centred = Qt.AlignmentFlag.AlignVCenter
        if room < self._look.px(14):
            painter.drawText(inner, centred | Qt.AlignmentFlag.AlignHCenter, self.text())
            return
        painter.drawText(inner, centred | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setFont(self._look.ui(11))
        painter.setPen(theme.accent_text if primary else theme.text_muted)
        painter.drawText(inner, centred | Qt.AlignmentFlag.AlignRight, key)

    def _text_colour(self, primary: bool) -> QColor:
        theme = self._look.theme
        if not self.isEnabled():
            return theme.text_faint
        return theme.accent_text if primary else theme.text

    def _key(self) -> str:
        return self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def _follow_action(self) -> None:
        self.setText(self._action.text())
        self.setEnabled(self._action.isEnabled())
        key = self._key()
        self.setToolTip(f"{self._action.toolTip()} ({key})" if key else self._action.toolTip())
        self.setAccessibleName(self._action.text())
        self.setAccessibleDescription(self._action.toolTip())
        self.updateGeometry()


class RunBar(QFrame):
    """The bar below the menus. It reads and changes the editor."""

    def __init__(self, editor: Editor, look: Look, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("run_bar")
        self._editor = editor
        self._look = look
        self.buttons = {name: RunButton(actions[name], look) for name in RUN_ACTIONS}
        self.stop = RunButton(actions["stop"], look)
        self.reset = RunButton(actions["reset"], look)
        self.times = QLineEdit("1")
        self.root = QComboBox()
        self.seed = QLineEdit()
        self.lr = QLineEdit()
        self.epochs = QLineEdit()
        self.zero_grad = QCheckBox("zero grad each epoch")
        self.progress = QProgressBar()
        self._space = QWidget()
        self._prepare_fields()
        self._lay_out()
        self._connect()
        self.restyle()
        self.refresh()

    @property
    def repeats(self) -> int:
        """How often Forward and Backward run at one press of Backward."""
        return int(self.times.text() or 1)

    def set_indent(self, width: int) -> None:
        """Begin where the canvas begins, as far as there is room."""
        self._space.setMaximumWidth(max(0, width))

    def restyle(self) -> None:
        """Take sizes from the look."""
        px = self._look.px
        self.setFixedHeight(px(BAR_HEIGHT))
        self.times.setFixedWidth(px(34))
        for button in (*self.buttons.values(), self.stop, self.reset):
            button.setFont(self._look.ui(13, 600))
        for field in (self.times, self.root, self.seed, self.lr, self.epochs):
            field.setFont(self._look.mono(13))
            field.setFixedHeight(px(26))
        self.root.setFixedWidth(px(82))
        self.lr.setFixedWidth(px(56))
        self.epochs.setFixedWidth(px(54))
        self._resize_seed()

    def refresh(self) -> None:
        """Show root, seed, training settings and the sensible next step as they are now."""
        self._refresh_root()
        self._refresh_seed()
        self._refresh_training()
        spent = self._editor.spent_at is not None
        self.buttons["forward"].set_kind("primary" if spent else "")
        self.buttons["backward"].set_kind("announced" if spent else "primary")

    def _prepare_fields(self) -> None:
        self.times.setAccessibleName("times: how often Forward and Backward run at one press")
        self.times.setToolTip("More than once, Forward and Backward run this often, and the gradients add up")
        self.times.setValidator(QIntValidator(1, MOST_TIMES, self))
        self.times.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.root.setAccessibleName("root: where Backward starts")
        self.root.setToolTip("Where Backward starts. Selecting an operation on the canvas makes it the root")
        self.seed.setAccessibleName("seed: the vector given to Backward")
        self.lr.setAccessibleName("learning rate")
        self.lr.setToolTip("Learning rate of SGD step and Train")
        self.epochs.setAccessibleName("epochs")
        self.epochs.setToolTip("How many epochs Train runs")
        self.epochs.setValidator(QIntValidator(1, 10_000_000, self))
        self.zero_grad.setProperty("role", "muted")
        self.zero_grad.setToolTip("Off, the gradients of all epochs add up, as they do in PyTorch without zero_grad()")
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("training progress")
        self.progress.hide()
        self.stop.hide()
        self.reset.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(7)
        self._space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self._space, 1)
        for name, button in self.buttons.items():
            row.addWidget(button)
            if name == "backward":
                row.addWidget(_muted("\u00d7", self.times))
                row.addWidget(self.times)
        row.addWidget(self.stop)
        row.addWidget(self.reset)
        separator = QFrame()
        separator.setObjectName("separator")
        separator.setFixedSize(1, 22)
        row.addSpacing(4)
        row.addWidget(separator)
        for text, field in (("root", self.root), ("seed", self.seed), ("lr", self.lr), ("epochs", self.epochs)):
            row.addSpacing(5)
            row.addWidget(_muted(text, field))
            row.addWidget(field)
        row.addSpacing(5)
        row.addWidget(self.zero_grad)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.progress)

    def _connect(self) -> None:
        self.root.activated.connect(self._choose_root)
        self.seed.textEdited.connect(self._type_seed)
        self.lr.editingFinished.connect(self._take_lr)
        self.epochs.editingFinished.connect(self._take_epochs)
        self.zero_grad.clicked.connect(self._take_zero_grad)
        for signal in (
            self._editor.state_changed,
            self._editor.root_changed,
            self._editor.training_changed,
            self._editor.document_replaced,
        ):
            signal.connect(self.refresh)

    # What the reader changes

    def _choose_root(self, index: int) -> None:
        self._editor.choose_root(self.root.itemData(index))

    def _type_seed(self, text: str) -> None:
        self._editor.set_seed(text)

    def _take_lr(self) -> None:
        try:
            lr = float(self.lr.text())
        except ValueError:
            self._editor.refuse(f"lr: {self.lr.text()!r} is not a number")
            self._refresh_training()
            return
        if lr != self._editor.graph.training.lr:
            self._editor.do(set_training(self._editor.graph, lr=lr))

    def _take_epochs(self) -> None:
        epochs = int(self.epochs.text())
        if epochs != self._editor.graph.training.epochs:
            self._editor.do(set_training(self._editor.graph, epochs=epochs))

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

    def _refresh_seed(self) -> None:
        shape = self._editor.root_shape
        scalar = shape == ()
        text = self._editor.seed_text or ("1" if scalar else "")
        if not self.seed.hasFocus() and self.seed.text() != text:
            self.seed.setText(text)
        count = 1
        for size in shape or ():
            count *= size
        self.seed.setPlaceholderText("" if scalar or shape is None else ", ".join(["_"] * min(count, 6)))
        self.seed.setEnabled(shape is not None)
        error = self._editor.seed_error
        self.seed.setToolTip(
            error
            or (
                "d root / d root, so 1"
                if scalar
                else "One number for each element of the root, with commas between them"
            )
        )
        if self.seed.property("wrong") != bool(error):
            self.seed.setProperty("wrong", bool(error))
            self.seed.style().unpolish(self.seed)
            self.seed.style().polish(self.seed)
        self._resize_seed()

    def _resize_seed(self) -> None:
        shape = self._editor.root_shape
        self.seed.setFixedWidth(self._look.px(42 if not shape else 96))

    def _refresh_training(self) -> None:
        training = self._editor.graph.training
        for field, text in ((self.lr, f"{training.lr:g}"), (self.epochs, str(training.epochs))):
            if not field.hasFocus() or field.isReadOnly():
                field.setText(text)
        self.zero_grad.setChecked(training.zero_grad)
        run = self._editor.training_run
        running = run is not None and not run.finished
        self.progress.setVisible(running)
        if run is not None:
            self.progress.setRange(0, run.epochs)
            self.progress.setValue(run.epoch)
        self.stop.setVisible(running)
        self.reset.setVisible(self._editor.training.can_reset)


def _muted(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setBuddy(buddy)
    return label
