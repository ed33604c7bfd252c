"""What the engine's benchmark found, as tables of at most 120 columns and as plain data; and which targets were met.

Nothing is measured here.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contestants import BARE_TORCH, FUSED, GENERAL, PROGRAM, TAPE, TORCH
from growth import Chain
from peers import PEERS
from race import Race

WIDTH = 120
NAMES = tuple(each.name for each in (*GENERAL, *PEERS))
DEAREST = 10  # operations of the eager table are shown


@dataclass(frozen=True)
class Target:
    """What was to be reached: ``measured`` is None where it could not be measured."""

    what: str
    measure: str
    measured: float | None
    wanted: float
    sense: str = "at least"

    @property
    def met(self) -> bool | None:
        """Whether it was; None if nobody can say."""
        if self.measured is None:
            return None
        return self.measured >= self.wanted if self.sense == "at least" else self.measured <= self.wanted


def base_of(race: Race) -> str:
    """Whose time ratios are taken against: PyTorch's in its faster way, or, without it, the tape's."""
    torches = [each.name for each in (TORCH, BARE_TORCH) if each.name in race.rounds]
    return min(torches, key=race.time, default=TAPE.name)


def torch_targets(race: Race) -> list[Target]:
    """What a workload's own targets came to."""
    base = base_of(race)
    targets = []
    for loop, wanted in race.workload.targets.items():
        known = loop in race.rounds and base != TAPE.name
        measured = race.ratio(base, loop) if known else None
        targets.append(Target(race.workload.name, f"{loop}, times PyTorch", measured, wanted))
    return targets


def tape_targets(races: Sequence[Race]) -> list[Target]:
    """That no workload is slower in a compiled loop than on the tape: the one that gains least."""
    targets = []
    for loop in (PROGRAM.name, FUSED.name):
        gains = [(race.ratio(TAPE.name, loop), race) for race in races if {TAPE.name, loop} <= race.rounds.keys()]
        if gains:
            least, race = min(gains, key=lambda gain: gain[0])
            targets.append(Target(race.workload.name, f"{loop}, times the tape, least", least, 1.0))
    return targets


def race_json(race: Race) -> dict[str, Any]:
    """One workload's numbers: microseconds a step, and times faster than the base."""
    base = base_of(race)
    timed = base in race.rounds
    return {
        "name": race.workload.name,
        "operations": race.workload.operations,
        "base": base,
        "us": {name: {"median": race.time(name), "spread": race.spread(name)} for name in race.rounds},
        "ratio": {name: race.ratio(base, name) for name in race.rounds} if timed else {},
        "refused": race.refused,
    }


# Text


def heading(about: Mapping[str, Any]) -> str:
    """What was measured, how, and with what."""
    there = ", ".join(f"{name} {version}" for name, version in about["versions"].items() if version)
    missing = ", ".join(name for name, version in about["versions"].items() if not version)
    lines = [
        "A training step in float32 on one thread: forward, backward, SGD, the loss recorded. Microseconds of",
        f"processor time, the median of {about['rounds']} rounds in turns (± half of what lies between the quartiles).",
        there + (f"; not installed: {missing}" if missing else ""),
    ]
    if not about["versions"]["torch"]:
        lines.append("PyTorch is not installed in this Python: ratios are against Chainrule's own tape.")
    return "\n".join(lines)


def race_table(title: str, races: Sequence[Race]) -> str:
    """Times of those that do every workload, ratios of all, and who was not timed."""
    there = [name for name in NAMES if any(name in race.rounds for race in races)]
    general = [each.name for each in GENERAL if each.name in there]
    bases = {base_of(race) for race in races}
    against = TAPE.name if bases == {TAPE.name} else "PyTorch, in its faster way"
    lines = [f"{title}: µs a step", _row("", "ops", general, 16)]
    for race in races:
        cells = [
            f"{number(race.time(name))} ±{race.spread(name):3.0%}" if name in race.rounds else "-" for name in general
        ]
        lines.append(_row(race.workload.name, str(race.workload.operations), cells, 16))
    lines += ["", f"{title}: times faster than {against}", _row("", "ops", there, 11)]
    for race in races:
        base = base_of(race)
        cells = [f"{number(race.ratio(base, name))}" if {name, base} <= race.rounds.keys() else "-" for name in there]
        lines.append(_row(race.workload.name, str(race.workload.operations), cells, 11))
    return "\n".join([*lines, *_refusals(races)])


def _refusals(races: Sequence[Race]) -> list[str]:
    """Who was not timed, and why, the workloads with the same reason together."""
    where: dict[str, list[str]] = {}
    for race in races:
        for name, why in race.refused.items():
            where.setdefault(f"{name}: {why}", []).append(race.workload.name)
    lines = [f"  {why} ({', '.join(names) if len(names) < len(races) else 'all'})" for why, names in where.items()]
    return (
        ["", "not timed", *(part for line in lines for part in textwrap.wrap(line, WIDTH, subsequent_indent="    "))]
        if lines
        else []
    )


def _row(name: str, operations: str, cells: Sequence[str], width: int) -> str:
    return f"  {name:<18}{operations:>6}" + "".join(f"{cell:>{width}}" for cell in cells)


def number(value: float) -> str:
    """Three figures where that is enough."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - max(0, math.floor(math.log10(value))))}f}" if value >= 0.1 else f"{value:.2g}"


def chain_table(chains: Sequence[Chain]) -> str:
    """Compiling and running by the number of nodes."""
    lines = [
        "Chains: processor time to compile the step, and µs a step",
        f"  {'nodes':>8}{'trace, ms':>12}{'build, ms':>12}{'both, ms':>12}"
        f"{'program, µs':>14}{'a node':>10}{'tape, µs':>14}",
    ]
    for each in chains:
        trace, build = each.trace * 1000, each.build * 1000
        lines.append(
            f"  {each.nodes:>8,}{number(trace):>12}{number(build):>12}{number(trace + build):>12}"
            f"{number(each.program):>14}{number(each.program / each.nodes):>10}{number(each.tape):>14}"
        )
    return "\n".join(lines)


def memory_table(grown: Mapping[str, float], peaks: Mapping[str, float | None], elements: int) -> str:
    """By loop: growth with the epochs, and the peak of a step."""
    lines = [
        f"Memory: bytes that a run grows by every epoch, and the peak of steps of 20 ops x {elements:,} elements",
        f"  {'':<12}{'bytes an epoch':>16}{'peak, MB':>12}",
    ]
    for name, each in grown.items():
        most = peaks.get(name)
        lines.append(f"  {name:<12}{each:>16.2f}{'-' if most is None else f'{most:,.0f}':>12}")
    return "\n".join(lines)


def eager_table(rows: Sequence[Any]) -> str:
    """Of operations one by one: the mean ratios to PyTorch's, and the dearest."""
    compared = [row for row in rows if not math.isnan(row.torch)]
    if not compared:
        return f"Operations one by one: {len(rows)} measured; without PyTorch there is nothing to compare with."
    lines = [f"Operations one by one, in float32 on a few numbers: {len(compared)} that PyTorch has too"]
    for what, ratios in (
        ("a call", [row.ours / row.torch for row in compared]),
        ("a call and its backward", [row.ours_both / row.torch_both for row in compared]),
    ):
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        lines.append(f"  {what:<26}{mean:6.2f} times PyTorch's time (geometric mean), {max(ratios):.1f} at most")
    lines.append(f"  the dearest {DEAREST:<14}{'call, µs':>10}{'torch':>8}{'both, µs':>11}{'torch':>8}{'ratio':>8}")
    for row in sorted(compared, key=lambda row: -row.ours_both / row.torch_both)[:DEAREST]:
        ratio = row.ours_both / row.torch_both
        lines.append(
            f"  {row.name:<26}{row.ours:>10.2f}{row.torch:>8.2f}"
            f"{row.ours_both:>11.2f}{row.torch_both:>8.2f}{ratio:>8.2f}"
        )
    return "\n".join(lines)


def target_table(targets: Sequence[Target]) -> str:
    """Every target with what was measured."""
    lines = ["Targets", f"  {'':<22}{'':<34}{'measured':>12}{'target':>18}"]
    for each in targets:
        measured = "-" if each.measured is None else number(each.measured) if each.measured > 0 else "0"
        verdict = {None: "not measured", True: "met", False: "missed"}[each.met]
        wanted = f"{each.sense} {each.wanted:g}"
        lines.append(f"  {each.what:<22}{each.measure:<34}{measured:>12}{wanted:>18}  {verdict}")
    met = sum(each.met is True for each in targets)
    missed = sum(each.met is False for each in targets)
    return "\n".join([*lines, f"  {met} met, {missed} missed, {len(targets) - met - missed} not measured"])
