"""The one table of all commands: menus, toolbar, command search, the shortcuts page and outside tests read it.

A command's ``slot`` is a path from the main window, such as ``editor.forward``; ``keys`` are its shortcuts. Commands of
the ``canvas`` scope answer only while the canvas has the focus, so that they never steal a key from a text field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from chainrule.core.document.leaves import is_drawn
from chainrule.gui.canvas.view import CanvasView
from chainrule.gui.editor import Editor
from chainrule.gui.settings import Settings

MENUS = ("File", "Edit", "View", "Graph", "Run", "Help")


class Window(Protocol):
    """The part of the main window that commands look at; what they call, they name by its path."""

    editor: Editor
    canvas: CanvasView
    settings: Settings

    def refresh(self) -> None: ...
    def addAction(self, action: QAction, /) -> None: ...


def _always(window: Window) -> bool:
    return True


def _selected(window: Window) -> bool:
    return bool(window.editor.selection or window.editor.selected_sockets)


def _focused(window: Window) -> bool:
    return window.canvas.focused in window.editor.graph.nodes


def _idle(window: Window) -> bool:
    return not window.editor.training.running


def _training(window: Window) -> bool:
    return window.editor.training.running


def _drawn(window: Window) -> bool:
    return any(is_drawn(window.editor.graph.nodes[i]) for i in window.editor.selection)


def _undoable(window: Window) -> bool:
    return window.editor.undo_stack.canUndo()


def _redoable(window: Window) -> bool:
    return window.editor.undo_stack.canRedo()


def _resettable(window: Window) -> bool:
    return window.editor.training.can_reset


def _filled(window: Window) -> bool:
    return bool(window.editor.graph.nodes)


@dataclass(frozen=True)
class Command:
    """One thing the program can do. ``checked`` is the path of the state that a switch shows; "" where it is none."""

    id: str
    text: str
    menu: str
    slot: str
    keys: tuple[str, ...] = ()
    help: str = ""
    enabled: Callable[[Window], bool] = _always
    scope: str = "window"
    checked: str = ""
    arguments: tuple[Any, ...] = ()
    begins_group: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("new", "New", "File", "files.new", ("Ctrl+N",), "An empty canvas"),
    Command("open", "Open\u2026", "File", "files.open", ("Ctrl+O",), "Open a graph file"),
    Command("save", "Save", "File", "files.save", ("Ctrl+S",), "Write the graph to its file", begins_group=True),
    Command("save_as", "Save As\u2026", "File", "files.save_as", ("Ctrl+Shift+S",), "Write the graph to another file"),
    Command("export", "Export Picture\u2026", "File", "files.export_picture", ("Ctrl+E",),
            "The canvas as PNG, SVG or PDF", _filled, begins_group=True),
    Command("quit", "Quit", "File", "close", ("Ctrl+Q",), "Close the window", begins_group=True),
    Command("undo", "Undo", "Edit", "editor.undo", ("Ctrl+Z",), "Take back the last edit", _undoable),
    Command("redo", "Redo", "Edit", "editor.redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do again what was taken back",
            _redoable),
    Command("cut", "Cut", "Edit", "canvas.cut", ("Ctrl+X",), "Copy the selection as text and delete it", _selected,
            scope="canvas", begins_group=True),
    Command("copy", "Copy", "Edit", "canvas.copy", ("Ctrl+C",), "Copy the selection as text", _selected,
            scope="canvas"),
    Command("paste", "Paste", "Edit", "canvas.paste", ("Ctrl+V",), "Add the nodes in the clipboard", scope="canvas"),
    Command("duplicate", "Duplicate", "Edit", "canvas.duplicate", ("Ctrl+D",), "Copy the selection beside itself",
            _selected,
            scope="canvas"),
    Command("delete", "Delete", "Edit", "canvas.delete_selection", ("Delete", "Backspace"),
            "Delete the selection; a node with one path through it heals the wire", _selected, scope="canvas"),
    Command("delete_only", "Delete Without Healing", "Edit", "delete_only", ("Ctrl+Delete", "Ctrl+Backspace"),
            "Delete the selection and every wire at it", _selected, scope="canvas"),
    Command("rename", "Rename", "Edit", "rename", ("F2",), "Give the node in focus another name", _focused,
            scope="canvas"),
    Command("toggle_grad", "Switch requires_grad", "Edit", "toggle_grad", ("G",),
            "Turn the switch of the leaf in focus over", _focused, scope="canvas"),
    Command("select_all", "Select All", "Edit", "canvas.select_all", ("Ctrl+A",), "Select every node", _filled,
            scope="canvas", begins_group=True),
    Command("select_upstream", "Select Upstream", "Edit", "canvas.select_connected", ("L",),
            "Select all that the selection depends on", _selected, scope="canvas", arguments=("upstream",)),
    Command("select_downstream", "Select Downstream", "Edit", "canvas.select_connected", ("Shift+L",),
            "Select all that depends on the selection", _selected, scope="canvas", arguments=("downstream",)),
    Command("frame_all", "Fit All", "View", "canvas.frame_all", ("F",), "Show the whole graph", scope="canvas"),
    Command("frame_selection", "Fit Selection", "View", "canvas.frame_selection", ("Shift+F",), "Show the selection",
            _selected, scope="canvas"),
    Command("zoom_in", "Zoom In", "View", "canvas.zoom_by", ("+", "="), "Look closer", scope="canvas",
            arguments=(1.25,)),
    Command("zoom_out", "Zoom Out", "View", "canvas.zoom_by", ("-",), "Step back", scope="canvas", arguments=(0.8,)),
    Command("enlarge", "Enlarge Everything", "View", "look.enlarge", ("Ctrl++", "Ctrl+="),
            "Larger text, cards and panels", arguments=(1,), begins_group=True),
    Command("reduce", "Reduce Everything", "View", "look.enlarge", ("Ctrl+-",), "Smaller text, cards and panels",
            arguments=(-1,)),
    Command("normal_size", "Normal Size", "View", "look.set_scale", ("Ctrl+0",), "Text, cards and panels as designed",
            arguments=(1.0,)),
    Command("projector", "Projector Size", "View", "look.toggle_projector", ("F11", "Ctrl+Shift+L"),
            "Everything large enough for the last row, and back"),
    Command("theme_system", "Theme: Follow System", "View", "look.choose", (), "Dark or light as the desktop is",
            checked="look.choice", arguments=("system",), begins_group=True),
    Command("theme_dark", "Theme: Dark", "View", "look.choose", (), "The dark theme", checked="look.choice",
            arguments=("dark",)),
    Command("theme_light", "Theme: Light", "View", "look.choose", (), "The light theme", checked="look.choice",
            arguments=("light",)),
    Command("reduced_motion", "Reduced Motion", "View", "toggle_reduced_motion", (), "Show each step at once, unmoving",
            checked="look.reduced_motion"),
    Command("toggle_library", "Library", "View", "toggle_library", ("Ctrl+Shift+B",), "Fold or unfold the library",
            checked="library_shown", begins_group=True),
    Command("toggle_inspector", "Inspector", "View", "toggle_inspector", ("Ctrl+Shift+I",),
            "Fold or unfold the inspector",
            checked="inspector_shown"),
    Command("toggle_bottom", "Timeline and Tabs", "View", "toggle_bottom", ("Ctrl+Shift+T",),
            "Fold or unfold the timeline and the tabs beside it", checked="bottom_shown"),
    Command("add_node", "Add Node\u2026", "Graph", "adding.ask_at_pointer", ("Space", "Shift+A"),
            "Search for a node to add, or type = and an expression", scope="canvas"),
    Command("tidy", "Tidy Up", "Graph", "canvas.tidy", ("Ctrl+L",), "Lay the graph out from left to right", _filled),
    Command("redraw", "Redraw Random Numbers", "Graph", "editor.redraw", (),
            "Draw the numbers of the selected rand and randn leaves anew", _drawn),
    Command("forward", "Forward", "Run", "editor.forward", ("F5", "Ctrl+1"),
            "Run every operation with a fresh tape", _idle),
    Command("backward", "Backward", "Run", "backward", ("F6", "Ctrl+2"), "Send the seed back from the root", _idle),
    Command("zero_grad", "Zero grad", "Run", "editor.zero_grad", ("F7", "Ctrl+3"), "Empty every .grad to None", _idle),
    Command("step", "Optimiser step", "Run", "editor.step", ("F8", "Ctrl+4"), "One step against the gradient", _idle),
    Command("train", "Train", "Run", "train", ("F9", "Ctrl+5"), "Run the epoch loop, or pause it and go on"),
    Command("stop", "Stop Training", "Run", "editor.stop_training", ("Shift+F9", "Ctrl+Shift+5"),
            "End the epoch loop and keep what was learnt", _training),
    Command("reset", "Reset", "Run", "editor.reset_values", (), "Bring back the values from before training",
            _resettable),
    Command("retain_graph", "Retain Graph", "Run", "toggle_retain_graph", (),
            "Keep the saved tensors, so that Backward can run again", checked="editor.retain_graph", begins_group=True),
    Command("play", "Play or Pause", "Run", "toggle_play", ("Ctrl+Space",), "Play the timeline, or hold it",
            begins_group=True),
    Command("next", "Step Forward", "Run", "player.next", (".",), "One step on in the timeline", scope="canvas"),
    Command("back", "Step Back", "Run", "player.back", (",",), "One step back in the timeline", scope="canvas"),
    Command("to_start", "To the Start", "Run", "player.to_start", ("Ctrl+Home",), "The beginning of the timeline"),
    Command("to_end", "To the End", "Run", "player.to_end", ("Ctrl+End",), "The present"),
    Command("search", "Search Commands", "Help", "search_commands", ("Ctrl+Shift+P",), "Find any command by name"),
    Command("examples", "Examples and Recent Files", "Help", "show_start_page", (), "Graphs to begin with"),
    Command("hints", "First Steps", "Help", "show_hints", (), "The hints of the first start"),
    Command("shortcuts", "Shortcuts", "Help", "show_shortcuts", ("F1",), "Every key and gesture"),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}


def resolve(window: object, path: str) -> Any:
    """What the dotted ``path`` names, starting at the window; AttributeError where it names nothing."""
    return reduce(getattr, path.split("."), window)


def in_menu(menu: str) -> Iterator[Command]:
    return (command for command in COMMANDS if command.menu == menu)


def keys_of(command: Command, settings: Settings) -> list[QKeySequence]:
    """The shortcuts of ``command``: the reader's own, else those of the table."""
    own = settings.shortcut(command.id)
    return [QKeySequence(key) for key in (command.keys if own is None else own)]


def make_actions(window: Window) -> dict[str, QAction]:
    """One action for every command, with shortcuts that reach the whole window or the canvas alone."""
    made = {}
    for command in COMMANDS:
        action = QAction(command.text)
        action.setObjectName(command.id)
        action.setShortcuts(keys_of(command, window.settings))
        action.setToolTip(command.help)
        action.setStatusTip(command.help)
        action.setCheckable(bool(command.checked))
        if command.scope == "canvas":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            window.canvas.addAction(action)
        else:
            window.addAction(action)
        action.triggered.connect(partial(_run, window, command))
        made[command.id] = action
    return made


def take_keys(actions: dict[str, QAction], settings: Settings) -> None:
    """Give every action the keys that it has now."""
    for command in COMMANDS:
        actions[command.id].setShortcuts(keys_of(command, settings))


def clashes(command: Command, keys: QKeySequence, settings: Settings) -> Command | None:
    """The other command that has ``keys`` already."""
    others = (other for other in COMMANDS if other is not command)
    return next((other for other in others if keys in keys_of(other, settings)), None)


def refresh_actions(window: Window, actions: dict[str, QAction]) -> None:
    """Enable and check every action as the window is now."""
    for command in COMMANDS:
        action = actions[command.id]
        action.setEnabled(command.enabled(window))
        if command.checked:
            state = resolve(window, command.checked)
            action.setChecked(state == command.arguments[0] if command.arguments else bool(state))


def _run(window: Window, command: Command, _checked: bool = False) -> None:
    resolve(window, command.slot)(*command.arguments)
    window.refresh()
