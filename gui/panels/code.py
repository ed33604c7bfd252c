"""The graph as a Python script, for PyTorch or for Chainrule's own ``torch``, ready to copy.

The script itself is written by ``core.document.languages.pytorch``; here it is shown and coloured.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QShowEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from chainrule.core.document.languages.pytorch import CHAINRULE, PYTORCH, script, training_script
from chainrule.gui.editor import Editor
from chainrule.gui.panels.parts import Panel
from chainrule.gui.theme import INSET, Look, Theme

COPIED_MS = 1500
KEYWORDS = re.compile(r"\b(import|as|with|for|in|range|print|True|False|None)\b")
NUMBERS = re.compile(r"(?<![\w.])-?\d[\d_.]*(?:e[+-]?\d+)?\b\.?")
COMMENTS = re.compile(r"#.*")


class CodePanel(Panel):
    """The script, which module it imports, what it does, and a button that copies it."""

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("Code")
        self._editor = editor
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "mono")
        self.text.setAccessibleName("The graph as a Python script")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._colours = _Colours(self.text.document(), look.theme)
        self.modules = self._choice({PYTORCH: "PyTorch", CHAINRULE: "Chainrule"}, "Import torch from")
        self.loops = self._choice({"once": "One pass", "train": "Training loop"}, "The script runs")
        self.copy = QPushButton("Copy")
        self.copy.clicked.connect(self._copy)
        self._choices = QVBoxLayout()
        for group in (self.modules, self.loops):
            row = QHBoxLayout()
            row.setSpacing(look.px(2))
            for button in group.buttons():
                row.addWidget(button)
            row.addStretch()
            self._choices.addLayout(row)
        self._choices.addStretch()
        self._choices.addWidget(self.copy)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.text, 1)
        self._row.addLayout(self._choices)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._write)
        for signal in (editor.document_changed, editor.document_replaced, editor.root_changed):
            signal.connect(self._stale)
        self.look_changed()

    def look_changed(self) -> None:
        px = self.look.px
        self._row.setContentsMargins(px(INSET), px(8), px(INSET), px(8))
        self._row.setSpacing(px(12))
        self._choices.setSpacing(px(4))
        self._colours.take(self.look.theme)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(500), self.look.px(160))

    @property
    def script(self) -> str:
        """What is shown."""
        return self.text.toPlainText()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._write()

    def _stale(self) -> None:
        if self.isVisible():
            self._later.start()

    def _choice(self, choices: dict[str, str], name: str) -> QButtonGroup:
        group = QButtonGroup(self)
        for key, text in choices.items():
            button = QPushButton(text)
            button.setObjectName("segment")
            button.setCheckable(True)
            button.setChecked(not group.buttons())
            button.setProperty("choice", key)
            button.setAccessibleName(f"{name} {text}")
            group.addButton(button)
        group.buttonClicked.connect(self._write)
        return group

    def _write(self) -> None:
        editor = self._editor
        module = _chosen(self.modules)
        root = editor.training_root
        if _chosen(self.loops) == "train" and root is not None:
            text = training_script(editor.graph, module=module, root=root)
        else:
            text = script(editor.graph, module=module, root=editor.root)
        if text != self.script:
            bar = self.text.verticalScrollBar()
            place = bar.value()
            self.text.setPlainText(text)
            bar.setValue(place)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.script)
        self.copy.setText("Copied")
        QTimer.singleShot(COPIED_MS, self.copy, lambda: self.copy.setText("Copy"))


def _chosen(group: QButtonGroup) -> str:
    button = group.checkedButton()
    return "" if button is None else str(button.property("choice"))


class _Colours(QSyntaxHighlighter):
    """Keywords, numbers and comments, lightly."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme

    def take(self, theme: Theme) -> None:
        self._theme = theme
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for pattern, colour in code_colours(self._theme):
            for match in pattern.finditer(text):
                self.setFormat(match.start(), match.end() - match.start(), _format(colour))


def code_colours(theme: Theme) -> tuple[tuple[re.Pattern[str], QColor], ...]:
    """What is coloured in a script, and how; a later entry wins over an earlier one."""
    return (NUMBERS, theme.leaf), (KEYWORDS, theme.families["pointwise"]), (COMMENTS, theme.text_faint)


def _format(colour: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colour)
    return made
