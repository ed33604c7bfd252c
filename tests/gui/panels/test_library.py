"""The library: what it lists, how typing narrows it, and what it asks to be added."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule
from chainrule.gui.editor import Editor
from chainrule.gui.panels.catalogue import MIME_TYPE, Request, choices, request_for
from chainrule.gui.panels.library import LibraryPanel
from chainrule.gui.theme import Look

Show = Callable[..., None]


@pytest.fixture
def library(editor: Editor, look: Look, show: Show) -> LibraryPanel:
    panel = LibraryPanel(editor, look)
    show(panel, 220, 700)
    return panel


def heads(library: LibraryPanel) -> list[QTreeWidgetItem]:
    found = [library.tree.topLevelItem(i) for i in range(library.tree.topLevelItemCount())]
    return [head for head in found if head is not None]


def visible(library: LibraryPanel) -> list[str]:
    return [
        child.text(0)
        for head in heads(library)
        if not head.isHidden()
        for child in (head.child(i) for i in range(head.childCount()))
        if child is not None and not child.isHidden()
    ]


def entry(library: LibraryPanel, text: str) -> QTreeWidgetItem:
    (found,) = library.tree.findItems(text, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return found


def middle(library: LibraryPanel, item: QTreeWidgetItem) -> QPoint:
    library.tree.scrollToItem(item)
    return library.tree.visualItemRect(item).center()


def test_leaves_come_first_then_the_families_of_the_rule_book(library: LibraryPanel) -> None:
    assert [head.text(0) for head in heads(library)][:4] == ["Leaf", "Pointwise", "Reduction", "Linear algebra"]
    assert {"tensor", "× mul", "xⁿ pow", "Σ sum", "@ matmul", "σ sigmoid", "no_grad region"} <= set(visible(library))


def test_every_entry_says_what_it_does_and_how_torch_calls_it(library: LibraryPanel) -> None:
    assert entry(library, "Σ sum").toolTip(0).endswith("torch.sum(input, dim=None, keepdim=False, dtype=None)")
    assert all(choice.doc and choice.signature for choice in choices())


def test_typing_narrows_the_list_and_enter_adds_the_best(library: LibraryPanel, qtbot: QtBot) -> None:
    library.field.setFocus()
    QTest.keyClicks(library.field, "sigm")
    assert "σ sigmoid" in visible(library)
    assert "× mul" not in visible(library)
    with qtbot.waitSignal(library.request) as asked:
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    assert asked.args == [Request("sigmoid")]
    assert library.field.text() == ""
    assert "× mul" in visible(library)


@pytest.mark.parametrize(("typed", "kind"), [("@", "matmul"), ("*", "mul"), ("σ", "sigmoid"), ("average", "mean")])
def test_symbols_and_synonyms_find_their_operation(library: LibraryPanel, qtbot: QtBot, typed: str, kind: str) -> None:
    library.field.setText(typed)
    with qtbot.waitSignal(library.request) as asked:
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    assert asked.args == [Request(kind)]


def test_arrows_walk_from_the_field(library: LibraryPanel, qtbot: QtBot) -> None:
    library.field.setFocus()
    QTest.keyClick(library.field, Qt.Key.Key_Down)
    QTest.keyClick(library.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(library.request) as asked:
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    assert asked.args == [choices()[1].request]


def test_an_expression_is_handed_on_as_it_stands(library: LibraryPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(library.field, "= (y - x*w)**2")
    with qtbot.waitSignal(library.request) as asked:
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    assert asked.args == [Request(expression="(y - x*w)**2")]


def test_enter_on_nothing_found_asks_for_nothing(library: LibraryPanel, qtbot: QtBot) -> None:
    library.field.setText("no such thing at all")
    with qtbot.assertNotEmitted(library.request):
        QTest.keyClick(library.field, Qt.Key.Key_Return)


def test_a_double_click_adds(library: LibraryPanel, qtbot: QtBot) -> None:
    place = middle(library, entry(library, "ones"))
    viewport = library.tree.viewport()
    with qtbot.waitSignal(library.request) as asked:
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [Request("tensor", "ones")]


def test_a_click_on_a_family_folds_it_and_another_unfolds_it(library: LibraryPanel) -> None:
    head = heads(library)[1]
    place = middle(library, head) + QPoint(0, 4)
    QTest.mouseClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not head.isExpanded()
    QTest.mouseClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert head.isExpanded()


def test_a_drag_carries_the_kind_or_the_constructor(library: LibraryPanel) -> None:
    for text, key, request in (("× mul", "mul", Request("mul")), ("eye", "eye", Request("tensor", "eye"))):
        data = library.tree.mimeData([entry(library, text)])
        assert bytes(data.data(MIME_TYPE).data()).decode() == key
        assert request_for(key) == request


def test_an_operation_registered_later_appears(library: LibraryPanel) -> None:
    registry.register(
        Rule(
            "twice",
            lambda input: np.add(input, input),
            vjps=(lambda g, y, input: g + g,),
            doc="Two times the input.",
            family="pointwise",
        )
    )
    try:
        assert "twice" in visible(library)
    finally:
        registry.unregister("twice")
    assert "twice" not in visible(library)
