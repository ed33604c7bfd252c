"""What is asked before work would be lost, and where files are chosen: never with ``exec``, so the program goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

GRAPHS = "Graphs (*.chainrule)"
PICTURES = "PNG picture (*.png);;SVG drawing (*.svg);;PDF page (*.pdf)"

Chosen = Callable[[Path], object]


def ask_unsaved(parent: QWidget, title: str, save: Callable[[], object], discard: Callable[[], object]) -> QMessageBox:
    """Ask once whether to keep the changes; one of the two is called unless the reader cancels."""
    box = QMessageBox(parent)
    box.setObjectName("unsaved")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setText(f"Save the changes to {title}?")
    box.setInformativeText("Without saving, they are lost.")
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)

    def decide(result: int) -> None:
        if result == buttons.Save:
            save()
        elif result == buttons.Discard:
            discard()

    box.finished.connect(decide)
    box.open()
    return box


def choose_file(parent: QWidget, folder: Path, then: Chosen) -> QFileDialog:
    """Let the reader choose a graph file to open."""
    dialog = _dialog(parent, "Open a Graph", folder, GRAPHS, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def choose_target(parent: QWidget, title: str, target: Path, filters: str, then: Chosen) -> QFileDialog:
    """Let the reader choose where to write; ``target`` is proposed."""
    dialog = _dialog(parent, title, target.parent, filters, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(target.suffix.lstrip("."))
    dialog.selectFile(target.name)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, folder: Path, filters: str, then: Chosen) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder), filters)
    dialog.setObjectName("files")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # Qt's own dialog looks like the program and can be driven by outside tests.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)

    def take(name: str) -> None:
        then(Path(name))

    dialog.fileSelected.connect(take)
    return dialog
