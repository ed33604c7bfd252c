"""Bad input from a shell: one clear line that says where, the right exit status, and never a traceback."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from chainrule.core import cli

REGRESSION = Path(str(files("chainrule.assets") / "examples" / "linear_regression.chainrule"))


def changed(folder: Path, change: Any) -> Path:
    """The regression's file with its JSON changed by ``change``."""
    content = json.loads(REGRESSION.read_text(encoding="utf-8"))
    change(content)
    path = folder / "bad.chainrule"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def node(content: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in content["nodes"] if each["name"] == name)
    return found


def complaint(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str]:
    """The exit status, and what stands on standard error: nothing else may have been printed."""
    status = cli.main([str(argument) for argument in argv])
    output = capsys.readouterr()
    assert output.out == ""
    assert "Traceback" not in output.err
    assert output.err.count("\n") == 1
    return status, output.err


def rewire(target: str, source: str) -> Any:
    def change(content: dict[str, Any]) -> None:
        wire = next(each for each in content["wires"] if each["to"] == target)
        wire["from"] = source

    return change


def unwire(target: str) -> Any:
    def change(content: dict[str, Any]) -> None:
        content["wires"] = [each for each in content["wires"] if each["to"] != target]

    return change


def put(place: str, **fields: Any) -> Any:
    return lambda content: node(content, place).update(fields)


def rename(old: str, new: str) -> Any:
    def change(content: dict[str, Any]) -> None:
        node(content, old)["name"] = new
        content["training"]["loss"] = new
        for wire in content["wires"]:
            wire["to"] = wire["to"].replace(f"{old}.", f"{new}.")

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(rewire("pred.input", "loss"), ["pred", "cycle: error -> loss -> pred -> error"], id="a cycle"),
        pytest.param(
            put("w", dtype="int64", value=1), ["w", "can require gradients"], id="an integer with requires_grad"
        ),
        pytest.param(put("pred", kind="mull"), ["pred", "'mull'", "did you mean mul?"], id="an unknown operation"),
        pytest.param(put("x", name="w"), ["w", "name"], id="a duplicate name"),
        pytest.param(rename("loss", "2x"), ["'2x'", "name"], id="an illegal name"),
        pytest.param(put("x", dtype="float31"), ["x", "float31"], id="an unknown dtype"),
        pytest.param(lambda content: content.update(version=2), ["version"], id="a newer version"),
    ],
)
def test_what_no_graph_may_have_is_refused_by_node_and_field(
    change: Any, said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(tmp_path, change)
    for command in ("validate", "run", "train", "check"):
        status, line = complaint(capsys, command, path)
        assert status == 1
        assert str(path) in line
        assert [word for word in said if word not in line] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(unwire("pred.input"), ["pred", "input", "not connected"], id="an unconnected socket"),
        pytest.param(
            lambda content: (put("x", value=[1.0, 2.0])(content), put("y", value=[1.0, 2.0, 3.0])(content)),
            ["error", "The size of tensor a (3) must match the size of tensor b (2)"],
            id="shapes that do not fit",
        ),
    ],
)
def test_what_cannot_run_is_told_at_its_node_in_pytorchs_words(
    change: Any, said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(tmp_path, change)
    assert cli.main(["validate", str(path)]) == 0
    capsys.readouterr()
    status, line = complaint(capsys, "run", path)
    assert status == 1
    assert [word for word in said if word not in line] == []


def test_a_root_that_tracks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = changed(tmp_path, put("w", requires_grad=False))
    status, line = complaint(capsys, "run", path, "--backward", "loss")
    assert status == 1
    assert "loss" in line
    assert "element 0 of tensors does not require grad and does not have a grad_fn" in line


def test_a_seed_of_the_wrong_shape(capsys: pytest.CaptureFixture[str]) -> None:
    status, line = complaint(capsys, "run", REGRESSION, "--backward", "loss", "--gradient", "[1, 2]")
    assert status == 1
    assert "Mismatch in shape: grad_output[0] has a shape of torch.Size([2])" in line


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"PK\x03\x04 but no archive", REGRESSION.read_bytes()[:200]],
    ids=["empty", "half", "no text", "half an archive", "cut off"],
)
def test_a_corrupt_file(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "corrupt.chainrule"
    path.write_bytes(content)
    status, line = complaint(capsys, "run", path)
    assert status == 1
    assert str(path) in line
    assert path.read_bytes() == content


def test_bad_usage_has_a_status_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    status, line = complaint(capsys, "run", REGRESSION, "--backward", "lost")
    assert status == 2
    assert "there is no node called 'lost'" in line
