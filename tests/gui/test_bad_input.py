"""Bad input, by the gestures of a reader: each is explained where it was made, and loses nothing; no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from chainrule.core.document.edits import set_dtype
from chainrule.core.document.writing import encode
from chainrule.gui.main_window import MainWindow
from tests.gui.canvas.conftest import Hand
from tests.gui.conftest import node, value


@pytest.fixture
def hand(window: MainWindow, capfd: pytest.CaptureFixture[str]) -> Iterator[Hand]:
    """The mouse over the window's canvas. In the end no box has stood in the way, and nothing was written to stderr."""
    window.player.set_visible(False)
    yield Hand(window.canvas)
    assert window.findChildren(QMessageBox) == []
    assert "Traceback" not in capfd.readouterr().err


def problem(window: MainWindow, name: str) -> tuple[str, str]:
    """The kind and message of what is wrong at the card ``name``."""
    found = window.player.state.nodes[node(window.editor, name)].problem
    assert found is not None
    return found.kind, found.message


def file_of(folder: Path, nodes: str) -> Path:
    path = folder / "given.chainrule"
    path.write_text(f'{{"format": "chainrule", "version": 1, "nodes": [{nodes}], "wires": []}}')
    return path


@pytest.mark.parametrize("content", [b"", b"not json {", b"\x00\xff\xfe", b"PK\x03\x04 no archive", b"[1, 2]"])
def test_a_corrupt_file_is_named_and_the_document_stays(
    window: MainWindow, hand: Hand, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "broken.chainrule"
    path.write_bytes(content)
    before = encode(window.editor.graph)
    window.files.open_file(path)
    assert window.strip.isVisible()
    assert "broken.chainrule" in window.strip.text
    assert encode(window.editor.graph) == before
    assert path.read_bytes() == content


def test_an_unknown_operation_in_a_file_is_named_with_its_node(window: MainWindow, hand: Hand, tmp_path: Path) -> None:
    before = encode(window.editor.graph)
    window.files.open_file(file_of(tmp_path, '{"name": "widget", "kind": "frobnicate"}'))
    assert "frobnicate" in window.strip.text
    assert "widget" in window.strip.text
    assert encode(window.editor.graph) == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [("w", "taken"), *((name, "Python") for name in ("1x", "for", "a b", ""))],
)
def test_a_name_that_is_taken_or_illegal_is_refused_in_the_field(
    window: MainWindow, hand: Hand, name: str, reason: str
) -> None:
    window.canvas.rename(node(window.editor, "x"))
    field = window.canvas.value_editor
    field.line.selectAll()
    QTest.keyClick(field.line, Qt.Key.Key_Delete)
    QTest.keyClicks(field.line, name)
    QTest.keyClick(field.line, Qt.Key.Key_Return)
    assert field.isVisible()
    assert reason in field.error.text(), field.error.text()
    assert field.line.text() == name
    QTest.keyClick(field.line, Qt.Key.Key_Escape)
    assert "x" in window.editor.graph
    assert window.editor.undo_stack.count() == 0


def test_an_integer_tensor_cannot_require_grad(window: MainWindow, hand: Hand) -> None:
    editor = window.editor
    editor.do(set_dtype(editor.graph, node(editor, "x"), "int64"))
    hand.click(hand.switch("x"))
    assert "floating point" in window.strip.text
    leaf = editor.graph.named("x").leaf
    assert leaf is not None
    assert not leaf.requires_grad
    assert editor.undo_stack.count() == 1


@pytest.mark.parametrize("typed", ["1, 2", "one", "1, 2, 3"])
def test_a_seed_of_the_wrong_shape_is_marked_before_and_refused_at_backward(
    window: MainWindow, hand: Hand, typed: str
) -> None:
    seed = window.run_bar.seed
    seed.selectAll()
    QTest.keyClicks(seed, typed)
    assert seed.property("wrong") is True
    QTest.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert window.strip.text == seed.toolTip()
    assert seed.text() == typed
    assert window.editor.session["w"].grad is None
    assert window.editor.undo_stack.count() == 0


def test_a_root_that_tracks_nothing_says_so_at_the_node_and_offers_the_switches(
    window: MainWindow, hand: Hand, qtbot: QtBot
) -> None:
    hand.click(hand.switch("w"))
    QTest.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert problem(window, "loss") == (
        "error",
        "element 0 of tensors does not require grad and does not have a grad_fn",
    )
    found = window.player.state.nodes[node(window.editor, "loss")].problem
    assert found is not None
    repair = next(each for each in found.repairs if each.label == "Turn on requires_grad for w")
    window.editor.run_repair(repair)
    QTest.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert window.editor.session["w"].grad is not None


def test_a_wire_that_would_close_a_cycle_is_refused_with_a_reason(window: MainWindow, hand: Hand) -> None:
    before = encode(window.editor.graph)
    hand.drag(hand.socket("loss", "output"), hand.socket("pred", "input", "input"))
    assert "cycle" in window.strip.text
    assert encode(window.editor.graph) == before


def test_shapes_that_do_not_fit_are_pytorchs_error_at_the_node_and_undo_mends_it(
    window: MainWindow, hand: Hand, qtbot: QtBot
) -> None:
    for name, text in (("x", "[1, 2, 3]"), ("w", "[1, 2]")):
        window.canvas.edit_value(node(window.editor, name))
        line = window.canvas.value_editor.line
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert problem(window, "pred") == (
        "error",
        "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 0",
    )
    assert problem(window, "loss")[0] == "waiting"
    qtbot.waitUntil(lambda: window.bottom.tabText(4) == "Problems 1")
    window.editor.undo()
    assert window.editor.session["loss"].tolist() == [1.0, 0.0, 1.0]


def test_a_backward_on_what_cannot_be_computed_says_why(window: MainWindow, hand: Hand) -> None:
    editor = window.editor
    hand.press(hand.socket("pred", "input", "other"))
    hand.move(hand.socket("pred", "input", "other") + QPoint(-60, 120))
    hand.release(hand.socket("pred", "input", "other") + QPoint(-60, 120))
    assert problem(window, "pred") == ("incomplete", "other of pred is not connected")
    QTest.mouseClick(window.run_bar.buttons["backward"], Qt.MouseButton.LeftButton)
    assert window.strip.isVisible()
    assert window.strip.text
    editor.undo()
    assert value(editor, "loss") == 1
