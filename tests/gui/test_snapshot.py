"""``chainrule snapshot``: pictures of the canvas and the window, and one clear line where none can be made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from chainrule.gui import snapshot
from chainrule.gui.examples import FIRST_EXAMPLE, examples_folder

EXAMPLE = str(examples_folder() / FIRST_EXAMPLE)


@pytest.mark.parametrize(("suffix", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_suffix_says_what_kind_of_picture_it_is(qtbot: QtBot, tmp_path: Path, suffix: str, begins: bytes) -> None:
    target = tmp_path / f"picture.{suffix}"
    assert snapshot.main([EXAMPLE, "-o", str(target), "--backward", "loss"]) == 0
    assert target.read_bytes().startswith(begins)


def test_scale_says_how_many_pixels_a_unit_has(qtbot: QtBot, tmp_path: Path) -> None:
    sizes = []
    for scale in ("1", "2"):
        target = tmp_path / f"{scale}.png"
        snapshot.main([EXAMPLE, "-o", str(target), "--scale", scale])
        sizes.append(QImage(str(target)).size())
    assert sizes[1].width() == pytest.approx(2 * sizes[0].width(), abs=1)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_whole_window_in_either_theme(qtbot: QtBot, tmp_path: Path, theme: str) -> None:
    target = tmp_path / "window.png"
    given = [EXAMPLE, "-o", str(target), "--window", "--theme", theme, "--size", "1280x800", "--scale", "1"]
    assert snapshot.main(given) == 0
    image = QImage(str(target))
    assert (image.width(), image.height()) == (1280, 800)
    assert (image.pixelColor(640, 8).lightnessF() < 0.5) == (theme == "dark")


def test_qt_has_nothing_to_say_about_a_picture_of_the_window(qtbot: QtBot, qtlog: Any, tmp_path: Path) -> None:
    assert snapshot.main([EXAMPLE, "-o", str(tmp_path / "window.png"), "--window", "--scale", "1"]) == 0
    assert [record.message for record in qtlog.records] == []


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["no.chainrule", "-o", "a.png"], "no.chainrule"),
        ([EXAMPLE, "-o", "a.gif"], "a picture is .png, .svg or .pdf, not .gif"),
        ([EXAMPLE, "-o", "no such folder/a.png"], "cannot be written"),
        ([EXAMPLE, "-o", "a.png", "--scale", "9999"], "the picture would be too large"),
        ([EXAMPLE, "-o", "no such folder/a.svg"], "cannot be written"),
        ([EXAMPLE, "-o", "a.svg", "--window"], "a picture of the whole window is .png"),
        ([EXAMPLE, "-o", "a.png", "--window", "--size", "10x10"], "the window cannot be 10x10; the nearest"),
        ([EXAMPLE, "-o", "a.png", "--backward", "lost"], "there is no node called 'lost'"),
    ],
)
def test_what_cannot_be_drawn_is_one_line_and_status_1(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert snapshot.main(arguments) == 1
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1
    assert line in error[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scale", ["0", "-1", "nan", "inf", "large"])
def test_a_scale_is_a_number_above_zero(capsys: pytest.CaptureFixture[str], scale: str) -> None:
    with pytest.raises(SystemExit):
        snapshot.main([EXAMPLE, "-o", "a.png", f"--scale={scale}"])
    assert f"'{scale}' is no number above 0" in capsys.readouterr().err
