"""Undo commands: an edit with its inverse, already applied when pushed, and optionally the ``.grad`` on both sides.

What an edit may not do is refused before a command exists, so ``redo`` and ``undo`` only repeat what was possible.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from chainrule.core.document.edits import Edit
from chainrule.core.run.grads import GradSnapshot

# Every merging command has this Qt id; which of them belong together is decided by their keys.
MERGING = 1

Grads = GradSnapshot | None
Replay = Callable[[Edit, Grads], None]


class EditCommand(QUndoCommand):
    """``edit`` and its ``inverse``; ``replay(edit, grads)`` applies one of them and puts ``grads`` back unless None.

    Commands with the same ``key`` (not None) that follow each other are one step of undo, such as a drag.
    """

    def __init__(
        self,
        edit: Edit,
        inverse: Edit,
        replay: Replay,
        *,
        key: str | None = None,
        grads: tuple[Grads, Grads] = (None, None),
    ) -> None:
        super().__init__(edit.label)
        self.edit = edit
        self.inverse = inverse
        self.key = key
        self._replay = replay
        self._grads_before, self._grads_after = grads
        self._applied = True

    def id(self) -> int:
        return -1 if self.key is None else MERGING

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditCommand) or other.key != self.key:
            return False
        self.inverse = then(other.inverse, self.inverse)
        self.edit = then(self.edit, other.edit)
        self._grads_after = other._grads_after
        other.let_go()
        return True

    def let_go(self) -> None:
        """Hold nothing any more: what was merged into another command is deleted by Qt, and lives on in Python."""
        nothing = Edit(label=self.edit.label)
        self.edit = self.inverse = nothing
        self._grads_before = self._grads_after = None

    def redo(self) -> None:
        if self._applied:
            self._applied = False
        else:
            self._replay(self.edit, self._grads_after)

    def undo(self) -> None:
        self._replay(self.inverse, self._grads_before)


def then(first: Edit, second: Edit) -> Edit:
    """The one patch that does what ``first`` and then ``second`` do, under the label of ``second``."""
    return Edit(
        label=second.label,
        nodes={**first.nodes, **second.nodes},
        regions={**first.regions, **second.regions},
        training=second.training or first.training,
        about=second.about or first.about,
    )
