"""What else one does with the real window: open a file, undo, step through the timeline, change the theme, close."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from driver import Program, middle
from screen import wait_until

Start = Callable[..., Program]
Example = Callable[[str], str]


def test_the_first_start_opens_the_regression_ready_for_backward(start: Start) -> None:
    program = start()
    state = program.state
    assert state["title"] == "linear_regression.chainrule"
    assert set(state["nodes"]) == {"x", "w", "y", "pred", "error", "loss"}
    assert state["root"] == "loss"
    assert program.backward()["nodes"]["w"]["grad"] == -2.0


def test_a_file_on_the_command_line_is_opened(start: Start, example: Example) -> None:
    program = start(example("two_paths"))
    assert program.state["file"] == example("two_paths")
    assert program.node("e")["value"] == 6.0
    nodes = program.backward()["nodes"]
    assert (nodes["a"]["grad"], nodes["b"]["grad"]) == (2.0, 5.0)


def test_a_file_brings_its_seed(start: Start, example: Example) -> None:
    nodes = start(example("blitz_vector")).backward()["nodes"]
    assert (nodes["a"]["grad"], nodes["b"]["grad"]) == ([36.0, 81.0], [-12.0, -8.0])


def test_a_file_that_is_no_graph_is_explained_and_the_window_opens(start: Start, tmp_path: Path) -> None:
    corrupt = tmp_path / "corrupt.chainrule"
    corrupt.write_text('{"format": "chainrule", "version": 1, "nodes": [{')
    state = start(str(corrupt)).wait(lambda s: s["message"], "an explanation")
    assert "JSON" in state["message"]


def test_undo_and_redo_of_an_edit(start: Start, example: Example) -> None:
    program = start(example("two_paths"))
    program.set_value("a", 7)
    program.wait(lambda s: s["nodes"]["e"]["value"] == 16.0, "the values downstream")
    program.screen.key("Ctrl+Z")
    program.wait(lambda s: s["nodes"]["a"]["value"] == 2.0 and s["nodes"]["e"]["value"] == 6.0, "undo")
    program.screen.key("Ctrl+Shift+Z")
    program.wait(lambda s: s["nodes"]["a"]["value"] == 7.0 and s["nodes"]["e"]["value"] == 16.0, "redo")


def test_a_dragged_card_moves_and_comes_back_as_one_step(start: Start, example: Example) -> None:
    program = start(example("two_paths"))
    x, y, width, height = program.node("e")["rect"]
    grip = (x + width / 2, y + height - 6)
    program.screen.drag(grip, (grip[0] + 60, grip[1] + 100))
    program.wait(lambda s: s["nodes"]["e"]["rect"][1] > y + 60, "the card to follow")
    program.screen.key("Ctrl+Z")
    program.wait(lambda s: s["nodes"]["e"]["rect"][:2] == [x, y], "the card to come back")


def test_a_deleted_node_comes_back_with_its_wires(start: Start, example: Example) -> None:
    program = start(example("two_paths"))
    wires = program.state["wires"]
    x, y, width, height = program.node("c")["rect"]
    program.screen.click((x + width / 2, y + height - 6))
    program.wait(lambda s: s["selection"] == ["c"], "c to be selected")
    program.screen.key("Delete")
    program.wait(lambda s: "c" not in s["nodes"], "c to go")
    program.screen.key("Ctrl+Z")
    state = program.wait(lambda s: "c" in s["nodes"], "c to come back")
    assert sorted(map(str, state["wires"])) == sorted(map(str, wires))


def test_a_wire_that_would_make_a_circle_is_refused_with_a_reason(start: Start, example: Example) -> None:
    program = start(example("two_paths"))
    wires = program.state["wires"]
    output = next(iter(program.node("e")["outputs"].values()))
    program.screen.drag(output, program.node("c")["sockets"]["input"])
    state = program.wait(lambda s: s["message"], "the reason")
    assert state["wires"] == wires


def test_the_timeline_steps_both_ways_by_keys(start: Start, example: Example) -> None:
    program = start(example("linear_regression"))
    total = program.backward()["total"]
    for step in range(total - 1, total - 4, -1):
        program.screen.key(",")
        program.wait(lambda s, step=step: s["step"] == step, f"step {step}")
    assert program.node("w")["grad"] is None
    program.screen.key(".")
    program.wait(lambda s: s["step"] == total - 2, "one step on")
    program.screen.key("Ctrl+End")
    program.wait(lambda s: s["at_end"] and s["nodes"]["w"]["grad"] == -2.0, "the present")


def test_the_timeline_plays_to_its_end(start: Start, example: Example) -> None:
    program = start(example("linear_regression"))
    program.backward()
    program.screen.key("Ctrl+Home")
    program.wait(lambda s: s["step"] == 0, "the start")
    program.screen.key("Ctrl+Space")
    seen: set[int] = set()
    program.wait(lambda s: seen.add(s["step"]) or s["at_end"], "the end", timeout=40)
    assert len(seen) > 3


def test_gradients_accumulate_and_zero_grad_empties_them(start: Start, example: Example) -> None:
    program = start(example("accumulate"))
    for passes in (1, 2, 3):
        assert program.backward()["nodes"]["weights"]["grad"] == [3.0 * passes] * 3
        program.screen.key("F5")
        program.wait(lambda s: not s["nodes"]["tripled"]["freed"], "a fresh tape")
    program.screen.key("F7")
    program.wait(lambda s: s["nodes"]["weights"]["grad"] is None, "None")


def test_the_theme_is_switched_by_the_command_search(start: Start) -> None:
    program = start()
    for theme in ("light", "dark"):
        program.screen.key("Ctrl+Shift+P")
        program.screen.type(f"theme: {theme}")
        program.screen.key("Enter")
        program.wait(lambda s, theme=theme: s["theme"] == theme, f"the {theme} theme")


def test_one_key_enlarges_everything_and_back(start: Start) -> None:
    program = start()
    before = program.node("w")["rect"]
    program.screen.key("F11")
    program.wait(lambda s: s["scale"] == 1.5, "projector size")
    program.screen.key("F11")
    program.wait(lambda s: s["scale"] == 1.0 and s["nodes"]["w"]["rect"][2:] == before[2:], "normal size")


def test_closing_without_changes_asks_nothing(start: Start, example: Example) -> None:
    program = start(example("two_paths"))
    program.screen.key("Ctrl+Q")
    wait_until(lambda: program.process.poll() is not None, "the program to end")
    assert program.process.returncode == 0


def test_closing_with_unsaved_changes_asks_once(start: Start, example: Example, tmp_path: Path) -> None:
    path = tmp_path / "work.chainrule"
    path.write_bytes(Path(example("two_paths")).read_bytes())
    program = start(str(path))
    program.set_value("a", 7)
    program.screen.key("Ctrl+Q")
    wait_until(lambda: len(program.screen.windows()) == 2, "the question")
    program.screen.key("Esc")
    wait_until(lambda: len(program.screen.windows()) == 1, "the question to go")
    assert program.process.poll() is None
    assert program.node("a")["value"] == 7.0
    program.screen.key("Ctrl+Q")
    wait_until(lambda: len(program.screen.windows()) == 2, "the question")
    program.screen.key("Enter")
    wait_until(lambda: program.process.poll() is not None, "the program to end")
    assert '"value": 7.0' in path.read_text()


def test_a_number_follows_the_hand_that_drags_it(start: Start, example: Example) -> None:
    program = start(example("linear_regression"))
    x, y = middle(program.node("w")["value_rect"])
    program.screen.drag((x, y), (x + 80, y))
    state = program.wait(lambda s: s["nodes"]["w"]["value"] > 1.0, "w to grow")
    assert state["nodes"]["pred"]["value"] == state["nodes"]["w"]["value"]
    program.screen.key("Ctrl+Z")
    program.wait(lambda s: s["nodes"]["w"]["value"] == 1.0, "one step of undo")


def test_the_window_answers_while_training_which_can_be_paused_and_stopped(
    start: Start, example: Example, tmp_path: Path
) -> None:
    # Through so many points that no loop, however fast, comes to an end.
    document = json.loads(Path(example("linear_regression")).read_text())
    document["training"] |= {"epochs": 100_000_000, "lr": 1e-6, "loss": "mean"}
    for node in document["nodes"]:
        if node["name"] in ("x", "y"):
            node["value"] = [node["value"]] * 2000
    document["nodes"].append({"name": "mean", "kind": "mean", "position": [960, 40]})
    document["wires"].append({"from": "loss", "to": "mean.input"})
    path = tmp_path / "long.chainrule"
    path.write_text(json.dumps(document))
    program = start(str(path))
    program.screen.key("F9")
    program.wait(lambda s: s["training"]["state"] == "running" and s["training"]["epoch"] > 0, "epochs", timeout=60)
    x, y, width, height = program.node("error")["rect"]
    program.screen.click((x + width / 2, y + height - 6))
    state = program.wait(lambda s: s["selection"] == ["error"], "the selection")
    assert state["training"]["state"] == "running"
    program.screen.key("F9")
    program.wait(lambda s: s["training"]["state"] == "paused", "the pause")
    program.screen.key("F9")
    program.wait(lambda s: s["training"]["state"] == "running", "the training to go on")
    program.screen.key("Shift+F9")
    state = program.wait(lambda s: s["training"]["state"] == "stopped" and s["unsaved"], "the end")
    assert state["nodes"]["w"]["value"] > 1.0
    program.screen.key("Ctrl+Z")
    program.wait(lambda s: s["nodes"]["w"]["value"] == 1.0, "the values from before")
