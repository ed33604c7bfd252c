"""The timeline: transport buttons, what the present step is, and the track on which one scrubs through the recording.

It shows the player's steps and asks the player to go elsewhere; the steps' words come from ``gui.beats``.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout

from chainrule.gui.editor import Editor
from chainrule.gui.panels import icons
from chainrule.gui.panels.parts import Panel, label
from chainrule.gui.panels.scrubber import Scrubber
from chainrule.gui.player import SPEEDS, Player
from chainrule.gui.theme import INSET, Look

TRANSPORT = ("to start", "back", "play", "next", "to end")
HINTS = {
    "to start": "To the start",
    "back": "One step back (,)",
    "play": "Play",
    "next": "One step on (.)",
    "to end": "To the end: the present",
}


class TimelinePanel(Panel):
    """Transport controls over the scrubber."""

    def __init__(self, editor: Editor, player: Player, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("Timeline")
        self._player = player
        self.scrubber = Scrubber(player, look)
        self.buttons = {name: self._button(name) for name in TRANSPORT}
        self.speed = self._speed_menu()
        self.where = label("", "strong")
        self._row = QHBoxLayout()
        for button in self.buttons.values():
            self._row.addWidget(button)
        self._row.addWidget(self.speed)
        self._row.addWidget(self.where)
        self._row.addStretch()
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addWidget(self.scrubber)
        self._column.addStretch()
        player.state_changed.connect(self._show)
        player.timeline_changed.connect(self._show)
        player.stage_changed.connect(self._show)
        self.look_changed()
        self._show()

    def look_changed(self) -> None:
        px = self.look.px
        self._column.setContentsMargins(px(INSET), px(10), px(INSET), px(6))
        self._column.setSpacing(px(8))
        self._row.setSpacing(px(5))
        for button in self.buttons.values():
            button.setFixedSize(px(32), px(30))
            button.setIconSize(QSize(px(20), px(20)))
        self._shown_icon = ""
        self._dress()
        self.scrubber.restyle()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(700), self.look.px(136))

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("transport")
        button.setToolTip(HINTS[name])
        button.setAccessibleName(HINTS[name].partition(" (")[0])
        actions = {
            "to start": self._player.to_start,
            "back": self._player.back,
            "play": self._play_or_pause,
            "next": self._player.next,
            "to end": self._player.to_end,
        }
        button.clicked.connect(actions[name])
        return button

    def _speed_menu(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("chip")
        button.setProperty("kind", "quiet")
        button.setToolTip("How fast it plays")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for speed in SPEEDS:
            action = QAction(_speed_text(speed), menu, checkable=True, checked=speed == self._player.speed)
            action.setData(speed)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._choose_speed)
        button.setMenu(menu)
        return button

    def _choose_speed(self, action: QAction) -> None:
        self._player.set_speed(float(action.data()))

    def _play_or_pause(self) -> None:
        if self._player.playing:
            self._player.pause()
        else:
            self._player.play()

    def _show(self) -> None:
        player = self._player
        if player.step > player.total:
            return  # a new timeline is told of before the player has moved onto it
        self.where.setText(
            f"{player.step} of {player.total} · {player.title}" if player.total else "Nothing has run yet"
        )
        self.speed.setText(_speed_text(player.speed))
        self.speed.setAccessibleName(f"Speed {_speed_text(player.speed)}")
        self.buttons["to start"].setEnabled(player.step > 0)
        self.buttons["back"].setEnabled(player.step > 0)
        self.buttons["play"].setEnabled(player.total > 0)
        self.buttons["next"].setEnabled(player.step < player.total)
        self.buttons["to end"].setEnabled(not player.at_end)
        self._dress()

    def _dress(self) -> None:
        """Icons in the theme's colours; the play button shows what it would do."""
        face = "pause" if self._player.playing else "play"
        if face == self._shown_icon:
            return
        self._shown_icon = face
        theme, size = self.look.theme, self.look.px(20)
        for name, button in self.buttons.items():
            shown = face if name == "play" else name
            button.setIcon(icons.icon(shown, theme.text, theme.text_faint, size))
        self.buttons["play"].setToolTip(face.capitalize())
        self.buttons["play"].setAccessibleName(face.capitalize())


def _speed_text(speed: float) -> str:
    return f"{speed:g}×"
