"""The library: everything that can be added, by family, with a field that narrows it down as one types.

What is listed comes from ``catalogue``, how it folds is in ``library_tree``; where a new node goes is the window's
business (signal ``request``). What the field's text would add, or why it finds nothing, is said below it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QVBoxLayout
from shiboken6 import isValid

from chainrule.core.ops import registry
from chainrule.gui.editor import Editor
from chainrule.gui.panels import catalogue
from chainrule.gui.panels.catalogue import Choice, Request
from chainrule.gui.panels.expression_preview import expression_in, preview_of
from chainrule.gui.panels.library_rows import CHOICE, OUTER
from chainrule.gui.panels.library_tree import LibraryTree
from chainrule.gui.panels.nothing_found import nothing_found
from chainrule.gui.panels.parts import Panel, label, set_role
from chainrule.gui.panels.search_field import SearchField
from chainrule.gui.theme import INSET, Look


class LibraryPanel(Panel):
    """The field and the tree below it. ``request`` carries a ``catalogue.Request`` when something is to be added."""

    request = Signal(object)

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__(look)
        self._editor = editor
        self.setAccessibleName("Library")
        self.field = SearchField()
        self.field.setPlaceholderText("Add a node...")
        self.field.setAccessibleName("Add a node")
        self.field.setToolTip("A name, a symbol such as * or @, or an expression: = (y - x*w)**2")
        self._hint = label("Space", "faint")
        inside = QHBoxLayout(self.field)
        inside.addStretch()
        inside.addWidget(self._hint)
        self.note = label("", "muted", wrap=True)
        self.note.hide()
        self.tree = LibraryTree(look)
        self._column = QVBoxLayout(self)
        self._top = QVBoxLayout()
        self._top.addWidget(self.field)
        self._top.addWidget(self.note)
        self._column.addLayout(self._top)
        self._column.addWidget(self.tree)
        self.field.textChanged.connect(self._narrow)
        self.field.walked.connect(self.tree.walk)
        self.field.taken.connect(self._add)
        self.field.escaped.connect(self.field.clear)
        self.tree.itemActivated.connect(self._activated)
        registry.on_change(_while_alive(self))
        self.look_changed()
        self.refill()

    def look_changed(self) -> None:
        px = self.look.px
        self._column.setContentsMargins(px(INSET), px(13), px(OUTER), px(OUTER))
        self._column.setSpacing(px(10))
        self._top.setContentsMargins(0, 0, px(INSET - OUTER), 0)
        self._top.setSpacing(px(10))
        self.field.setMinimumHeight(px(28))
        inner = self.field.layout()
        if inner is not None:
            inner.setContentsMargins(0, 0, px(8), 0)
        self.tree.restyle()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(220), self.look.px(600))

    def refill(self) -> None:
        """List what there is now."""
        self.tree.fill(catalogue.common(), catalogue.choices())
        self._narrow(self.field.text())

    def _narrow(self, text: str) -> None:
        self._hint.setVisible(not text)
        if not text.strip() or expression_in(text) is not None:
            self.tree.show_all()
        else:
            self.tree.show_only([choice.key for choice in catalogue.search(text)])
        self._say_about(text)

    def _say_about(self, text: str) -> None:
        """What an expression would add or what is wrong with it, or that nothing is called so."""
        said, role = "", "muted"
        if expression_in(text) is not None:
            preview = preview_of(self._editor.graph, text)
            said, role = preview.text, "mono muted" if preview.ok else "mono error"
        elif text.strip() and self.tree.chosen() is None:
            said = nothing_found(text, self._editor.graph)
        set_role(self.note, role)
        self.note.setText(said)
        self.note.setVisible(bool(said))
        self.field.setAccessibleDescription(said)

    def _add(self) -> None:
        """Ask for what was typed or chosen; an expression that cannot be read stays, to be mended."""
        expression = expression_in(self.field.text())
        if expression is not None:
            if not preview_of(self._editor.graph, self.field.text()).ok:
                return
            self.request.emit(Request(expression=expression))
        else:
            choice = self.tree.chosen()
            if choice is None:
                return
            self.request.emit(choice.request)
        self.field.clear()

    def _activated(self, item: QTreeWidgetItem) -> None:
        choice = item.data(0, CHOICE)
        if isinstance(choice, Choice):
            self.request.emit(choice.request)


def _while_alive(library: LibraryPanel) -> Callable[[], None]:
    """Refills ``library`` for as long as it is there: the registry outlives every window and forgets no listener."""
    reference = weakref.ref(library)

    def changed() -> None:
        alive = reference()
        if alive is not None and isValid(alive):
            alive.refill()

    return changed
