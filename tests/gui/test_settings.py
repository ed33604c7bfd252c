"""The settings: what they remember, and that a spoilt file does no harm."""

from __future__ import annotations

from pathlib import Path

from chainrule.gui.settings import RECENT_FILES, Settings


def test_recent_files_are_newest_first_without_doubles(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.ini")
    for name in ("a", "b", "c", "a"):
        settings.add_recent(tmp_path / name)
    assert [path.name for path in settings.recent] == ["a", "c", "b"]
    settings.forget_recent(tmp_path / "c")
    assert [path.name for path in settings.recent] == ["a", "b"]
    for number in range(20):
        settings.add_recent(tmp_path / str(number))
    assert len(settings.recent) == RECENT_FILES


def test_paths_with_commas_and_spaces_survive(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.ini")
    settings.add_recent(tmp_path / "a, b; c.chainrule")
    settings.save()
    assert Settings(tmp_path / "s.ini").recent == [tmp_path / "a, b; c.chainrule"]


def test_a_fresh_start_has_defaults(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.ini")
    assert (settings.theme, settings.scale, settings.reduced_motion, settings.recent) == ("system", 1.0, False, [])
    assert not settings.started_before
    assert not settings.hints_dismissed
    assert settings.shortcut("forward") is None
    assert settings.unfolded is None


def test_a_library_that_was_folded_up_is_not_one_that_nobody_has_touched(tmp_path: Path) -> None:
    for sections in ([], ["common/", "pointwise/rounding"]):
        settings = Settings(tmp_path / "s.ini")
        settings.unfolded = sections
        settings.save()
        assert Settings(tmp_path / "s.ini").unfolded == sections


def test_nonsense_in_the_file_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "s.ini"
    path.write_text("[look]\nscale=huge\n[layout]\nwindow=nonsense\n")
    settings = Settings(path)
    assert settings.scale == 1.0
    assert settings.layout("window") is None
