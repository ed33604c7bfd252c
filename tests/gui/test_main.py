"""The command: what needs no window never waits for Qt, and a stray exception never ends the program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.gui.__main__ import main
from chainrule.gui.editor import Editor
from chainrule.gui.examples import FIRST_EXAMPLE, examples, examples_folder
from chainrule.gui.recovery import Recovery
from chainrule.gui.settings import Settings
from chainrule.gui.start import open_first, reporter

EXAMPLE = str(examples_folder() / FIRST_EXAMPLE)


def test_a_headless_command_never_imports_qt() -> None:
    code = (
        "import sys; from chainrule.gui.__main__ import main; status = main(['validate', sys.argv[1]]);"
        "assert 'PySide6' not in sys.modules; sys.exit(status)"
    )
    subprocess.run([sys.executable, "-c", code, EXAMPLE], check=True, capture_output=True)


def test_the_first_window_waits_for_neither_plots_nor_graph_algorithms() -> None:
    code = "import sys, chainrule.gui.start; print({'pyqtgraph', 'networkx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_what_is_neither_file_nor_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bogus"]) == 2
    assert capsys.readouterr().err == "chainrule: there is no file or command called bogus\n"


@pytest.mark.parametrize(("given", "meant"), [("trian", "train"), ("Run", "run"), ("snapshop", "snapshot")])
def test_a_mistyped_command_is_told_before_its_options(
    given: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([given, "graph.chainrule", "--json"]) == 2
    said = f"chainrule: there is no file or command called {given}; did you mean {meant}?\n"
    assert capsys.readouterr().err == said


def test_without_a_display_there_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main([EXAMPLE]) == 2
    assert capsys.readouterr().err.startswith("chainrule: there is no display")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(word in text for word in ("run FILE", "train FILE", "check FILE", "validate FILE", "snapshot FILE"))


def test_the_first_start_opens_the_linear_regression(editor: Editor, settings: Settings, tmp_path: Path) -> None:
    assert not open_first(editor, Recovery(editor, tmp_path), settings, None)
    assert {node.name for node in editor.graph.nodes.values()} == {"x", "w", "y", "pred", "error", "loss"}
    assert editor.title == "linear_regression.chainrule"
    assert editor.path is None
    assert not editor.unsaved


def test_a_later_start_opens_the_last_file(editor: Editor, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mine.chainrule"
    editor.save(path)
    settings.mark_started()
    settings.add_recent(path)
    other = Editor()
    open_first(other, Recovery(other, tmp_path), settings, None)
    assert other.path == path


def test_an_exception_that_nobody_caught_is_said_and_logged(editor: Editor, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise KeyError("lost")
    except KeyError as error:
        reporter(editor)(KeyError, error, error.__traceback__)
    assert "KeyError: 'lost'" in editor.last_error
    assert "Traceback" in capsys.readouterr().err


def test_every_example_has_a_title_and_a_source() -> None:
    assert len(examples()) >= 14
    for example in examples():
        assert example.title, example.path
        assert example.source, example.path
