"""Recovery: unsaved work outlives a program that did not end properly, and only then."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import set_value
from chainrule.gui.editor import Editor
from chainrule.gui.recovery import Recovery
from tests.gui.conftest import node, value

GONE = 2**22 + 1  # above the largest process number


def keep(editor: Editor, folder: Path, qtbot: QtBot) -> Recovery:
    recovery = Recovery(editor, folder)
    editor.do(set_value(editor.graph, node(editor, "w"), 7.0))
    qtbot.waitUntil(lambda: len(list(folder.glob("*.chainrule"))) == 1)
    return recovery


def test_unsaved_work_of_an_ended_process_is_brought_back_unsaved(editor: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    keep(editor, tmp_path, qtbot)
    (kept,) = tmp_path.glob("*.chainrule")
    kept.rename(tmp_path / f"{GONE}-mine.chainrule")
    other = Editor()
    assert Recovery(other, tmp_path).bring_back()
    assert value(other, "w") == 7
    assert other.unsaved
    assert other.title == "mine.chainrule"
    assert other.path is None


def test_work_of_a_running_process_is_left_alone(editor: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    keep(editor, tmp_path, qtbot)
    assert not Recovery(Editor(), tmp_path).bring_back()


def test_what_is_saved_or_closed_properly_is_not_kept(editor: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "recovery"
    recovery = keep(editor, folder, qtbot)
    editor.save(tmp_path / "saved.chainrule")
    qtbot.waitUntil(lambda: not list(folder.glob("*.chainrule")))
    recovery.finish()
    assert not Recovery(Editor(), folder).bring_back()
