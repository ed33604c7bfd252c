"""What the program remembers between starts: theme, scale, recent files, panels, hints already dismissed.

Nothing that belongs to a document is kept here. The settings are one INI file that a person can read.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

RECENT_FILES = 8


def settings_folder() -> Path:
    """Where settings and recovered work live: the platform's folder for a program's configuration."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)) / "chainrule"


class Settings:
    """Typed access to the settings file at ``path`` (by default in ``settings_folder()``)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or settings_folder() / "settings.ini"
        self._store = QSettings(str(self.path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> str:
        """ "system", "dark" or "light"."""
        return self._text("look/theme", "system")

    @theme.setter
    def theme(self, choice: str) -> None:
        self._store.setValue("look/theme", choice)

    @property
    def scale(self) -> float:
        try:
            return min(max(float(self._text("look/scale", "1.0")), 0.5), 3.0)
        except ValueError:
            return 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._store.setValue("look/scale", repr(scale))

    @property
    def reduced_motion(self) -> bool:
        return self._text("look/reduced_motion", "false") == "true"

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._store.setValue("look/reduced_motion", "true" if reduced else "false")

    @property
    def recent(self) -> list[Path]:
        """The files opened or saved last, newest first."""
        return [Path(line) for line in self._text("files/recent", "").split("\n") if line]

    def add_recent(self, path: Path) -> None:
        paths = [path.absolute(), *(p for p in self.recent if p != path.absolute())]
        self._store.setValue("files/recent", "\n".join(map(str, paths[:RECENT_FILES])))

    def forget_recent(self, path: Path) -> None:
        self._store.setValue("files/recent", "\n".join(str(p) for p in self.recent if p != path))

    @property
    def started_before(self) -> bool:
        return self._text("start/done", "false") == "true"

    def mark_started(self) -> None:
        self._store.setValue("start/done", "true")

    @property
    def hints_dismissed(self) -> bool:
        return self._text("start/hints_dismissed", "false") == "true"

    def dismiss_hints(self) -> None:
        self._store.setValue("start/hints_dismissed", "true")

    @property
    def unfolded(self) -> list[str] | None:
        """The sections of the library that were left open; None before anybody has left any."""
        text = self._text("library/unfolded", "\0")
        return None if text == "\0" else [name for name in text.split(" ") if name]

    @unfolded.setter
    def unfolded(self, names: list[str]) -> None:
        self._store.setValue("library/unfolded", " ".join(names))

    def layout(self, name: str) -> QByteArray | None:
        """The remembered geometry or splitter state called ``name``; None if there is none."""
        value = self._store.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else None

    def remember_layout(self, name: str, state: QByteArray) -> None:
        self._store.setValue(f"layout/{name}", state)

    def shortcut(self, action: str) -> list[str] | None:
        """The keys the reader gave ``action``; None where it has its own."""
        text = self._text(f"shortcuts/{action}", "\0")
        return None if text == "\0" else [key for key in text.split(" ") if key]

    def set_shortcut(self, action: str, keys: list[str]) -> None:
        """Give ``action`` other keys; none at all is allowed."""
        self._store.setValue(f"shortcuts/{action}", " ".join(keys))

    def forget_shortcuts(self) -> None:
        """Give every action its own keys again."""
        self._store.remove("shortcuts")

    def save(self) -> None:
        self._store.sync()

    def _text(self, key: str, default: str) -> str:
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default
