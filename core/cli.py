"""The command line without a window: run, train, check and validate graph files.

Every fault is one line on standard error, with status 1 for a bad graph and 2 for bad usage; Qt is never imported. The
picture of a graph, ``chainrule snapshot``, needs Qt and lives in ``chainrule.gui``.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, NoReturn

from chainrule.core.document import edits
from chainrule.core.document.files import FileError, load_graph, save_graph
from chainrule.core.document.graph import Graph, GraphError, NodeId
from chainrule.core.document.numerals import from_json, plain, to_json
from chainrule.core.document.spelling import did_you_mean
from chainrule.core.engine.printing import tensor_text
from chainrule.core.run.problems import RunError, meaning_of
from chainrule.core.run.session import Session
from chainrule.core.run.timeline import NodeState

OK, BAD_GRAPH, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """A command line that asks for something there is not."""


class _Parser(argparse.ArgumentParser):
    """One that says in one line what is wrong, and what may have been meant by an option that there is not."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Unknown options are refused here, where those that there are are known."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            hint = did_you_mean(unknown[0], (option for each in self._actions for option in each.option_strings))
            self.error(f"there is no place for {' '.join(unknown)}{hint.removesuffix('?')}")
        return found, unknown


def main(argv: Sequence[str] | None = None) -> int:
    """Run the sub-command in ``argv`` and return the exit status."""
    try:
        options = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    except SystemExit as stopped:  # argparse has said what is wrong
        return int(stopped.code or 0)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name that the terminal cannot write
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *where, **more: _warn(options.file, str(message))
            status: int = options.command(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever was reading has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except UsageError as error:
        return _complain(options.file, str(error), BAD_USAGE)
    except FileError as error:
        return _complain("", str(error), BAD_GRAPH)
    except (GraphError, RunError) as error:
        return _complain(options.file, str(error), BAD_GRAPH)
    except KeyboardInterrupt:
        return _complain(options.file, "interrupted", INTERRUPTED)
    except Exception as error:  # the last line of defence: a script that reads our output wants a line, not a traceback
        return _complain(options.file, f"unexpected {type(error).__name__}: {error}", BAD_GRAPH)


def _warn(file: str, message: str) -> None:
    """PyTorch's warnings are meant for whoever built the graph; where in our code they arise is no help."""
    print(f"chainrule: warning: {file}: {' '.join(message.split())}", file=sys.stderr)


def _complain(file: str, message: str, status: int) -> int:
    line = " ".join(message.split())
    print(f"chainrule: {file}: {line}" if file else f"chainrule: {line}", file=sys.stderr)
    return status


# The arguments


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="chainrule", description="Run graph files without a window.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = _command(commands, "run", _run, "run a graph forward and, if asked, backward")
    run.add_argument("--backward", metavar="NODE", help="run backward from NODE")
    run.add_argument("--gradient", metavar="V", type=_nested, help="the seed: a number or nested lists, as JSON")
    run.add_argument("--times", metavar="N", type=_count, help="forward and backward N times over")
    run.add_argument("--zero-grad", action="store_true", help="zero .grad before each pass")

    train = _command(commands, "train", _train, "run the epoch loop that the file describes")
    train.add_argument("--epochs", metavar="N", type=_count, help="how many epochs")
    train.add_argument("--lr", metavar="X", type=float, help="the learning rate")
    train.add_argument("--optimizer", metavar="NAME", help="the optimiser, such as Adam, with its own defaults")
    train.add_argument("--momentum", metavar="X", type=float, help="the momentum, where the optimiser has one")
    train.add_argument("--loss", metavar="NODE", help="the node to make small")
    train.add_argument("--save", metavar="OUT", help="write the trained graph to OUT")

    _command(commands, "check", _check, "compare every leaf's gradient with finite differences")

    validate = commands.add_parser("validate", help="is it a sound graph file?")
    validate.add_argument("file", metavar="FILE")
    validate.set_defaults(command=_validate)
    return parser


def _command(
    commands: Any, name: str, function: Callable[[argparse.Namespace], int], purpose: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.")
    parser.add_argument("file", metavar="FILE", help="a .chainrule file")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.set_defaults(command=function)
    return parser


def _nested(text: str) -> Any:
    try:
        return from_json(json.loads(text))
    except (ValueError, RecursionError):
        raise argparse.ArgumentTypeError(f"{text!r} is no number and no nested list, such as [1, 0.5]") from None


def _count(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    if int(text) < 0:
        raise argparse.ArgumentTypeError(f"{text} is below zero")
    return int(text)


# The commands


def _run(options: argparse.Namespace) -> int:
    graph = load_graph(options.file)
    if options.backward is None and (options.gradient is not None or options.times is not None or options.zero_grad):
        raise UsageError("--gradient, --times and --zero-grad say how to run backward; add --backward NODE")
    session = _sound_session(graph, options.file)
    if options.backward is not None:
        root = _node(graph, options.backward)
        gradient = options.gradient
        if gradient is None and options.backward == graph.training.loss:
            gradient = graph.training.gradient
        for _ in range(1 if options.times is None else options.times):
            session.forward()
            if options.zero_grad:
                session.zero_grad()
            _backward(session, root, gradient)
    _show(session, options.json)
    return OK


def _train(options: argparse.Namespace) -> int:
    from chainrule.core.run.training import Trainer, trained_edit

    graph = load_graph(options.file)
    named = {name: getattr(options, name) for name in ("epochs", "optimizer", "lr", "momentum")}
    given = {name: value for name, value in named.items() if value is not None}
    try:
        edits.apply(graph, edits.set_training(graph, **given))
    except GraphError as error:
        raise UsageError(str(error)) from None
    sound = _sound_session(graph, options.file)
    loss = graph.nodes[_root(sound, options.loss)].name
    epochs = graph.training.epochs
    try:
        trainer = Trainer(graph, loss=loss)
        losses = trainer.run(epochs, progress=_progress_bar(epochs))
    except Exception as error:
        raise _failed_at(loss, error) from None
    edits.apply(graph, trained_edit(graph, trainer))
    session = Session(graph)
    session.put_grads(session.grads_of(trainer.grads))
    if options.save is not None:
        save_graph(graph, options.save)
    if not options.json and len(losses):
        print(f"{len(losses)} epochs, loss {losses[0]:.6g} -> {losses[-1]:.6g}")
        print("after the last update; gradients are those that led to it:")
    _show(session, options.json, losses=to_json(losses))
    return OK


def _check(options: argparse.Namespace) -> int:
    from chainrule.core.run.explain import gradient_check

    session = _sound_session(load_graph(options.file), options.file)
    root = session.find_root()
    nodes = session.graph.nodes
    above = session.graph.upstream([root])
    leaves = sorted((n.name, i) for i, n in nodes.items() if i in above and n.leaf is not None and n.leaf.requires_grad)
    if not leaves:
        raise _at(nodes[root].name, "no leaf above it requires a gradient", "There is nothing to check.")
    gradient = session.graph.training.gradient if nodes[root].name == session.graph.training.loss else None
    try:
        checks = {name: gradient_check(session, root, leaf, gradient) for name, leaf in leaves}
    except Exception as error:
        raise _failed_at(nodes[root].name, error) from None
    if options.json:
        report = {
            name: {"ok": check.ok, "difference": plain(check.difference), "text": check.text}
            for name, check in checks.items()
        }
        print(json.dumps({"root": nodes[root].name, "checks": report}))
    else:
        for name, check in checks.items():
            print(f"{'ok  ' if check.ok else 'FAIL'}  {nodes[root].name} by {name}: {check.text}")
    return OK if all(check.ok for check in checks.values()) else BAD_GRAPH


def _validate(options: argparse.Namespace) -> int:
    graph = load_graph(options.file)
    wires = sum(1 for node in graph.nodes.values() for _ in node.wires())
    print(f"{options.file}: a sound graph file with {len(graph.nodes)} nodes and {wires} wires")
    return OK


# Running


def _node(graph: Graph, name: str) -> NodeId:
    if name not in graph:
        names = sorted(node.name for node in graph.nodes.values())
        there = ", ".join(names) or "none"
        raise UsageError(f"there is no node called {name!r}; there are {there}{did_you_mean(name, names)}")
    return graph.named(name).id


def _root(session: Session, name: str | None) -> NodeId:
    return session.find_root() if name is None else _node(session.graph, name)


def _sound_session(graph: Graph, file: str) -> Session:
    """A session in which every node could be computed; RunError, for the first that could not, otherwise."""
    session = Session(graph)
    for kind in ("error", "incomplete"):
        for i, problem in session.problems.items():
            if problem.kind == kind:
                raise _at(graph.nodes[i].name, problem.message, problem.meaning)
    for i, warning in session.warnings:
        _warn(file, f"node {graph.nodes[i].name}: {warning}")
    return session


def _at(node: str, message: str, meaning: str) -> RunError:
    """What went wrong at ``node``, in PyTorch's words and, where there are any, in plain ones."""
    return RunError(f"node {node}: {message} ({meaning})" if meaning else f"node {node}: {message}", node)


def _failed_at(node: str, error: Exception) -> RunError:
    """Whatever was raised, located; an operation may raise anything."""
    node = getattr(error, "node", "") or node
    message = str(error).removeprefix(f"{node}: ")
    return _at(node, message, meaning_of(message))


def _backward(session: Session, root: NodeId, gradient: Any) -> None:
    try:
        session.backward(root, gradient)
    except Exception as error:
        raise _failed_at(session.graph.nodes[root].name, error) from None


def _progress_bar(epochs: int) -> Callable[[int, Any], None] | None:
    """A bar on a terminal; nothing elsewhere, so that logs stay readable."""
    if not sys.stderr.isatty() or not epochs:
        return None

    def report(epoch: int, losses: Any) -> None:
        filled = 30 * epoch // epochs
        end = "\n" if epoch == epochs else ""
        bar = f"\r[{'#' * filled}{'.' * (30 - filled)}] {epoch}/{epochs}  loss {losses[-1]:<12.6g}"
        print(bar, end=end, file=sys.stderr, flush=True)

    return report


# Printing


def _show(session: Session, as_json: bool, **more: Any) -> None:
    if as_json:
        print(json.dumps({"nodes": _nodes(session), **more}, allow_nan=False))
    else:
        print(_table(session))


def _nodes(session: Session) -> dict[str, dict[str, Any]]:
    """Every node as ``--json`` shows it, by name; one with several outputs lists them too."""
    shown = {}
    for i, state in session.state.nodes.items():
        node = session.graph.nodes[i]
        shown[node.name] = {"kind": node.kind, **_fields(state)}
        if len(state.values) > 1:
            shown[node.name]["outputs"] = {name: to_json(value) for name, value in state.values.items()}
    return dict(sorted(shown.items()))


def _fields(state: NodeState) -> dict[str, Any]:
    value = state.value
    return {
        "shape": None if value is None else list(value.shape),
        "dtype": None if value is None else value.dtype.name,
        "value": None if value is None else to_json(value),
        "requires_grad": state.requires_grad,
        "is_leaf": state.is_leaf,
        "grad_fn": state.grad_fn[-1] if state.grad_fn else None,
        "grad": None if state.grad is None else to_json(state.grad),
    }


def _table(session: Session) -> str:
    """Every node in running order, its tensors printed as PyTorch prints them."""
    rows: list[tuple[str, ...]] = [("node", "kind", "value", "grad")]
    for i, state in session.state.nodes.items():
        node = session.graph.nodes[i]
        grad = "" if state.grad is None else tensor_text(state.grad)
        rows.append((node.name, node.kind, "\n".join(_texts(state)), grad))
    if not any(row[3] for row in rows[1:]):
        rows = [row[:3] for row in rows]
    lines = [line for row in rows for line in zip_longest(*(cell.split("\n") for cell in row), fillvalue="")]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


def _texts(state: NodeState) -> list[str]:
    suffixes = (f"grad_fn=<{state.grad_fn[-1]}>",) if state.grad_fn else ()
    if state.is_leaf and state.requires_grad:
        suffixes = ("requires_grad=True",)
    return [tensor_text(value, suffixes=suffixes if value.dtype.kind == "f" else ()) for value in state.values.values()]


if __name__ == "__main__":
    sys.exit(main())
