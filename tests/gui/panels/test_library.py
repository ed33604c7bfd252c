"""The library: what it lists, how typing narrows it, and what it asks to be added."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from chainrule.core.ops import registry
from chainrule.core.ops.rule import Rule
from chainrule.gui.editor import Editor
from chainrule.gui.examples import examples
from chainrule.gui.panels.catalogue import MIME_TYPE, TITLES, Request, choices, common, request_for
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


def head(library: LibraryPanel, title: str) -> QTreeWidgetItem:
    """A family, or a subject of one."""
    exactly = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchCaseSensitive
    (found,) = [item for item in library.tree.findItems(title, exactly) if item.childCount()]
    return found


def seen(library: LibraryPanel) -> list[str]:
    """Every row that is neither hidden nor folded away, from top to bottom."""
    rows = []
    item = library.tree.topLevelItem(0)
    while item is not None:
        if not item.isHidden():
            rows.append(item.text(0))
        item = library.tree.itemBelow(item)
    return rows


def entry(library: LibraryPanel, text: str) -> QTreeWidgetItem:
    """The entry called ``text`` where its family lists it."""
    exactly = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    (found,) = [item for item in library.tree.findItems(text, exactly) if "Common" not in parents(item)]
    return found


def parents(item: QTreeWidgetItem) -> list[str]:
    above, names = item.parent(), []
    while above is not None:
        names.append(above.text(0))
        above = above.parent()
    return names


def middle(library: LibraryPanel, item: QTreeWidgetItem) -> QPoint:
    library.tree.scrollToItem(item)
    return library.tree.visualItemRect(item).center()


def click(library: LibraryPanel, item: QTreeWidgetItem) -> None:
    QTest.mouseClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=middle(library, item) + QPoint(0, 4))


# What is listed, and how it folds


def test_what_is_common_comes_first_then_the_families_of_the_rule_book(library: LibraryPanel) -> None:
    assert [head.text(0) for head in heads(library)][:5] == [
        "Common",
        "Leaf",
        "Pointwise",
        "Reduction",
        "Linear algebra",
    ]


def test_at_first_all_is_folded_but_what_is_common_and_nothing_has_to_be_scrolled(library: LibraryPanel) -> None:
    rows = seen(library)
    assert {"tensor", "mul", "sum", "relu"} <= set(rows)
    assert {"eye", "cosh", "cross_entropy", "Trigonometry"}.isdisjoint(rows)
    assert library.tree.verticalScrollBar().maximum() == 0


def test_what_is_common_is_what_the_examples_are_made_of(library: LibraryPanel) -> None:
    kinds = {
        node["kind"] for example in examples() for node in json.loads(example.path.read_text(encoding="utf-8"))["nodes"]
    }
    listed = [choice.key for choice in common()]
    assert set(listed) <= kinds
    assert {"tensor", "mul", "add", "pow"} <= set(listed)
    assert len(listed) == len(set(listed)) <= 16


def test_every_operation_stands_once_in_its_family_on_the_page_of_its_module(library: LibraryPanel) -> None:
    assert parents(entry(library, "cosh")) == ["Trigonometry", "Pointwise"]
    assert parents(entry(library, "sum")) == ["Reduction"]  # the page has the family's own name
    assert parents(entry(library, "dropout")) == ["Pointwise"]  # alone on its page
    assert parents(entry(library, "cross_entropy")) == ["Loss"]  # a family so small that it needs no subjects
    for choice in choices():
        assert parents(entry(library, choice.name))[-1] == TITLES[choice.family]


def test_no_list_is_longer_than_a_screen(library: LibraryPanel) -> None:
    longest = {
        head.text(0): sum(head.child(i).childCount() == 0 for i in range(head.childCount())) for head in every(library)
    }
    assert max(longest.values()) < 20, longest


def every(library: LibraryPanel) -> list[QTreeWidgetItem]:
    inner = [head.child(i) for head in heads(library) for i in range(head.childCount())]
    return [item for item in [*heads(library), *inner] if item is not None and item.childCount()]


def test_every_entry_says_what_it_does_and_how_torch_calls_it(library: LibraryPanel) -> None:
    assert entry(library, "sum").toolTip(0).endswith("torch.sum(input, dim=None, keepdim=False, dtype=None)")
    assert entry(library, "getitem").toolTip(0).endswith("Tensor.__getitem__(input, index)")
    assert all(choice.doc and choice.signature for choice in choices())


def test_a_screen_reader_hears_what_a_row_is(library: LibraryPanel) -> None:
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert head(library, "Loss").data(0, spoken) == "Loss, 15 entries"
    assert entry(library, "relu").data(0, spoken).startswith("relu: ")


def test_clicks_unfold_a_family_and_a_subject_and_fold_them_again(library: LibraryPanel) -> None:
    click(library, head(library, "Pointwise"))
    assert "Trigonometry" in seen(library)
    assert "cosh" not in seen(library)
    click(library, head(library, "Trigonometry"))
    assert "cosh" in seen(library)
    click(library, head(library, "Pointwise"))
    assert "Trigonometry" not in seen(library)


def test_what_is_open_can_be_told_and_opened_again_also_while_a_search_shows_something_else(
    library: LibraryPanel,
) -> None:
    click(library, head(library, "Pointwise"))
    click(library, head(library, "Rounding"))
    opened = seen(library)
    QTest.keyClicks(library.field, "sigm")
    assert library.tree.unfolded == ["common/", "pointwise/", "pointwise/rounding"]
    library.field.clear()
    library.tree.unfold([])
    assert "tensor" not in seen(library)
    library.tree.unfold(["common/", "pointwise/", "pointwise/rounding", "gone/"])
    assert seen(library) == opened


def test_keys_unfold_and_fold_and_add(library: LibraryPanel, qtbot: QtBot) -> None:
    tree = library.tree
    tree.setFocus()
    tree.setCurrentItem(head(library, "Loss"))
    QTest.keyClick(tree, Qt.Key.Key_Right)
    assert "nll_loss" in seen(library)
    QTest.keyClick(tree, Qt.Key.Key_Left)
    assert "nll_loss" not in seen(library)
    QTest.keyClick(tree, Qt.Key.Key_Space)
    QTest.keyClick(tree, Qt.Key.Key_Down)
    with qtbot.waitSignal(library.request) as asked:
        QTest.keyClick(tree, Qt.Key.Key_Return)
    assert asked.args == [Request("mse_loss")]
    QTest.keyClick(tree, Qt.Key.Key_Up)
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert "nll_loss" not in seen(library)


def test_rows_end_below_the_end_of_the_field_with_and_without_a_scroll_bar(library: LibraryPanel) -> None:
    """Measured in the picture: the row that is chosen is lit as far as the field is wide."""
    library.tree.setCurrentItem(head(library, "Common"))
    ends = []
    for height in (900, 300):
        library.resize(220, height)
        library.tree.doItemsLayout()
        assert library.tree.verticalScrollBar().isVisible() == (height == 300)
        row = library.tree.visualItemRect(head(library, "Common"))
        place = library.tree.viewport().mapTo(library, QPoint(0, row.center().y()))
        picture = library.grab().toImage()
        lit = library.look.theme.button_hover
        across = [x for x in range(picture.width()) if picture.pixelColor(x, place.y()) == lit]
        ends.append((across[0], across[-1]))
    field = library.field.geometry()
    assert ends == [(field.left(), field.right())] * 2


# Searching


def test_typing_unfolds_what_it_finds_and_enter_adds_the_best(library: LibraryPanel, qtbot: QtBot) -> None:
    click(library, head(library, "Shape"))
    before = seen(library)
    library.field.setFocus()
    QTest.keyClicks(library.field, "sigm")
    assert {"Activation", "sigmoid", "Rectifiers", "hardsigmoid"} <= set(seen(library))
    assert {"Common", "mul", "Shape"}.isdisjoint(seen(library))
    with qtbot.waitSignal(library.request) as asked:
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    assert asked.args == [Request("sigmoid")]
    assert library.field.text() == ""
    assert seen(library) == before


def test_what_enter_would_add_is_in_view_under_its_headings(library: LibraryPanel) -> None:
    library.resize(220, 300)
    QTest.keyClicks(library.field, "log")
    view = library.tree.viewport().rect()
    assert view.contains(library.tree.visualItemRect(entry(library, "log")))
    assert view.contains(library.tree.visualItemRect(head(library, "Exponential")))


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
    assert asked.args == [common()[1].request]


def test_an_expression_is_handed_on_as_it_stands(library: LibraryPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(library.field, "= (y - x*w)**2")
    assert "sub = sub(y, mul)" in library.note.text()
    with qtbot.waitSignal(library.request) as asked:
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    assert asked.args == [Request(expression="(y - x*w)**2")]
    assert not library.note.isVisible()


def test_a_wrong_expression_says_where_and_stays_to_be_mended(library: LibraryPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(library.field, "twice = 2 * (y - ")
    with qtbot.assertNotEmitted(library.request):
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    assert library.field.text() == "twice = 2 * (y - "
    assert library.note.text().startswith("column ")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("xyzzy", "Nothing is called 'xyzzy'."),
        ("attention", "Nothing is called 'attention'."),
        ("transformer", "Nothing is called 'transformer'; did you mean transpose?"),
        ("x*w", "An expression begins with =, or with a name and =."),
    ],
)
def test_nothing_found_is_said_with_what_may_have_been_meant(
    library: LibraryPanel, qtbot: QtBot, typed: str, said: str
) -> None:
    QTest.keyClicks(library.field, typed)
    assert seen(library) == []
    assert (library.note.isVisible(), library.note.text()) == (True, said)
    with qtbot.assertNotEmitted(library.request):
        QTest.keyClick(library.field, Qt.Key.Key_Return)
    QTest.keyClick(library.field, Qt.Key.Key_Escape)
    assert not library.note.isVisible()
    assert "Common" in seen(library)


def test_a_double_click_adds(library: LibraryPanel, qtbot: QtBot) -> None:
    click(library, head(library, "Leaf"))
    place = middle(library, entry(library, "ones"))
    viewport = library.tree.viewport()
    with qtbot.waitSignal(library.request) as asked:
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [Request("tensor", "ones")]


def test_a_drag_carries_the_kind_or_the_constructor(library: LibraryPanel) -> None:
    for text, key, request in (("mul", "mul", Request("mul")), ("eye", "eye", Request("tensor", "eye"))):
        data = library.tree.mimeData([entry(library, text)])
        assert bytes(data.data(MIME_TYPE).data()).decode() == key
        assert request_for(key) == request


def test_a_drag_of_the_mouse_takes_the_entry_along(library: LibraryPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[str] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: carried.append(drag.mimeData().text()))
    click(library, head(library, "Loss"))
    viewport, place = library.tree.viewport(), middle(library, entry(library, "cross_entropy"))
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place)
    for by in (5, 15, 40, 80):
        QTest.mouseMove(viewport, place + QPoint(by, 0))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place + QPoint(80, 0))
    assert carried[:1] == ["cross_entropy"]


def every_entry(library: LibraryPanel) -> set[str]:
    return {
        item.text(0) for item in library.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    }


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
        assert "twice" in every_entry(library)
    finally:
        registry.unregister("twice")
    assert "twice" not in every_entry(library)
