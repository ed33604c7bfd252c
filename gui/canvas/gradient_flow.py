"""The gradients on their way: bands and pills on the wires, and the stages of the beat that the player is showing.

At rest every contribution of the state is a whole band. While a beat is animated, the gradient arrives, the local
derivative lights, they multiply, and the result goes on: the bands that this beat sends grow only in the last stage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from typing import Any, cast

from numpy.typing import NDArray

from chainrule.core.document.graph import NodeId
from chainrule.core.engine.recording import Accumulated, Computed, Propagated
from chainrule.core.run.timeline import State
from chainrule.gui.canvas.band_item import BandItem, PillItem
from chainrule.gui.canvas.callout import Callout
from chainrule.gui.canvas.label_places import free_place
from chainrule.gui.canvas.now_text import ARRIVES, GOES_ON, LOCAL, MULTIPLIES, now_text
from chainrule.gui.canvas.stage import ROUGHLY, Stage
from chainrule.gui.canvas.wire_item import WireKey
from chainrule.gui.canvas.wire_labels import WireLabels

Array = NDArray[Any]

MOST_PILLS = 60  # beyond this nobody reads them, and finding room for all takes too long
FLOWING = 60.0  # how far dashes move in one stage


class GradientFlow:
    """The bands of a scene; it owns their items."""

    def __init__(self, scene: Stage, labels: WireLabels) -> None:
        self.scene = scene
        self.labels = labels
        self.callout = Callout(scene)
        self.bands: dict[WireKey, BandItem] = {}
        self.pills: dict[WireKey, PillItem] = {}
        self.told: frozenset[WireKey] = frozenset()  # the bands whose pills are shown
        self.ringed: NodeId | None = None
        self.poured: frozenset[NodeId] = frozenset()  # the leaf that is shown in the state before, if there is one
        self._said: tuple[object, ...] | None = None
        self._placed: dict[WireKey, object] = {}  # what surrounded each pill when it found its place
        self._moving: set[WireKey] = set()  # the bands that are not at rest

    def clear(self) -> None:
        """Take everything away: there is another document."""
        for key in tuple(self.bands):
            self._carry(key, None)
        self.told, self.poured = frozenset(), frozenset()

    def follow(self, state: State, keys: Collection[WireKey]) -> None:
        """Show the contributions of ``state`` on ``keys``, the wires on which anything is other than it was shown."""
        self.labels.follow(state, keys)
        for key in keys:
            self._carry(key, state.sent.get(key) if key in self.scene.wires else None)
        self.lay({*keys, *self._tell(state)})
        self._said = None  # the callout finds its place once, among what stands here now
        self.poured = frozenset()
        self.animate()

    def restyle(self) -> None:
        """Take the scene's theme and scale."""
        for key, band in self.bands.items():
            if band.contribution is not None:
                self._carry(key, band.contribution)

    def told_under(self, nodes: Iterable[NodeId]) -> set[WireKey]:
        """The bands whose pills the cards of ``nodes`` cover."""
        areas = [rect for i in nodes for rect in self.scene.nodes[i].solid()]
        items = chain.from_iterable(self.scene.items(area, ROUGHLY) for area in areas)
        return {item.key for item in items if isinstance(item, PillItem)}

    def _carry(self, key: WireKey, contribution: Array | None) -> None:
        """Have a band with ``contribution`` beside the wire into ``key``, or none."""
        scene = self.scene
        if contribution is None:
            if key in self.bands:
                scene.removeItem(self.bands.pop(key))
                scene.removeItem(self.pills.pop(key))
                self._placed.pop(key, None)
            return
        theme = scene.look.theme
        if key not in self.bands:
            self.bands[key], self.pills[key] = BandItem(key, theme, scene.scale), PillItem(key, theme)
            self.pills[key].hide()  # until it has found its place
            scene.addItem(self.bands[key])
            scene.addItem(self.pills[key])
        self.bands[key].set_gradient(contribution, theme, scene.scale, summed=key in self.labels.spreads)
        self.pills[key].set_gradient(contribution, theme)

    def _tell(self, state: State) -> frozenset[WireKey]:
        """Choose the pills that are shown, those of the last to be sent; the ones for which that is new."""
        before, self.told = self.told, frozenset(tuple(state.sent)[-MOST_PILLS:]) & self.pills.keys()
        for key in (before - self.told) & self.pills.keys():
            self.pills[key].hide()
        return self.told - before

    def lay(self, keys: Iterable[WireKey]) -> None:
        """Run the bands of ``keys`` beside their wires as those lie now, and find room for their pills."""
        keys = list(keys)
        self.labels.lay(keys)
        self._place_pills(self._run_bands(keys))

    def pass_by(self, keys: Iterable[WireKey]) -> None:
        """Run the bands of ``keys`` beside wires on their way elsewhere; pills wait until those arrive."""
        for key in self._run_bands(keys):
            self.pills[key].hide()

    def _run_bands(self, keys: Iterable[WireKey]) -> list[WireKey]:
        moved = [key for key in keys if key in self.bands and key in self.scene.wires]
        for key in moved:
            wire = self.scene.wires[key]
            self.bands[key].set_run(*wire.run)
        return moved

    def _place_pills(self, keys: Iterable[WireKey]) -> None:
        """Give the pills of ``keys`` a free place each; one whose surroundings did not change keeps its own."""
        keys = sorted(self.told.intersection(keys))
        under_way = {self.pills[key] for key in keys}
        for key in keys:
            pill, band = self.pills[key], self.bands[key]
            under_way.discard(pill)
            pill.show()
            near = band.boundingRect().adjusted(-110, -80, 110, 80)
            obstacles, lines = self.scene.surroundings(near, {pill, *under_way})
            around = (
                band.run,
                pill.rect,
                obstacles,
                [(*line.points[:: len(line.points) - 1], line.length) for line in lines],
            )
            if self._placed.get(key) != around:
                self._placed[key] = around
                pill.setPos(free_place(pill.rect, band.course, obstacles, lines))

    # The beat that is shown

    def animate(self) -> None:
        """Show the stage and the progress that the player is at."""
        player = self.scene.player
        stage, progress = player.stage, player.progress
        beat = player.beat
        resting = player.at_end or not player.animating
        for key in self._moving & self.bands.keys():
            self.bands[key].set_progress(1.0)
            self.pills[key].setOpacity(1.0)
        self._moving = set()
        if isinstance(beat, Propagated) and not resting:
            self._show_propagation(beat, stage, progress)
        self._ring(stage, progress, resting)

    def _show_propagation(self, beat: Propagated, stage: int, progress: float) -> None:
        node = cast(NodeId, beat.label)
        if stage == ARRIVES:
            self._move(self._incoming(node), 1.0, FLOWING * progress)
        grown = progress if stage == GOES_ON else 0.0
        sending = self.bands.keys() & {(node, sent.socket) for sent in beat.sent if sent.socket is not None}
        self._move(sending, grown)
        for key in sending:
            self.pills[key].setOpacity(1.0 if grown > 0.6 else 0.0)

    def _move(self, keys: Collection[WireKey], progress: float, phase: float = 0.0) -> None:
        """Show the bands of ``keys`` as far as they have come."""
        self._moving.update(keys)
        for key in keys:
            self.bands[key].set_progress(progress, phase)

    def _incoming(self, node: NodeId) -> set[WireKey]:
        """The bands that lead back to ``node``: those of the wires that come out of it."""
        return self.bands.keys() & self.scene.editor.graph.consumers(node)

    def _ring(self, stage: int, progress: float, resting: bool) -> None:
        scene, player = self.scene, self.scene.player
        beat = player.beat
        label = beat.label if beat is not None else None
        quiet = isinstance(beat, Computed) and player.at_end
        node = label if label in scene.nodes and not quiet else None
        if self.ringed is not None and self.ringed != node and self.ringed in scene.nodes:
            scene.nodes[self.ringed].set_marks(now=False, filling=1.0, chip="")
        self.ringed = node
        if node is None:
            self._said = None
            scene.now.say("", (), scene.look.theme)
            return
        pouring = isinstance(beat, Accumulated) and not resting
        filling = self._pour(node, stage, progress) if pouring else 1.0
        chip = "*" if isinstance(beat, Propagated) and not resting and stage in (LOCAL, MULTIPLIES) else ""
        scene.nodes[node].set_marks(now=True, filling=filling, chip=chip)
        self._say_now(stage)

    def _say_now(self, stage: int) -> None:
        """The words of this stage; they are the same in each of its frames, so they are made once."""
        scene, player = self.scene, self.scene.player
        moment = (player.step, stage, player.state, scene.look.theme, scene.editor.graph)
        said, self._said = self._said, moment
        if said is not None and all(a is b or a == b for a, b in zip(said, moment, strict=True)):
            return
        title, lines = now_text(scene.editor.session, player.state, player.before, player.beat, stage)
        scene.now.say(title, lines, scene.look.theme)
        if said is not None and said[0] == player.step and self.ringed is not None and title:
            self.callout.grow(self.ringed)
        else:
            self.place_now()

    def _pour(self, node: NodeId, stage: int, progress: float) -> float:
        """AccumulateGrad: the gradient arrives at a tank as it was before, and is then poured in, so far (0 to 1)."""
        scene = self.scene
        arriving = stage < MULTIPLIES
        shown = scene.player.before if arriving else scene.player.state
        if node in shown.nodes and scene.nodes[node].state is not shown.nodes[node]:
            scene.nodes[node].display(scene.editor.graph.nodes[node], shown.nodes[node], scene.editor.graph)
            self.poured = frozenset([node])
        if not arriving:
            return min(1.0, (stage - MULTIPLIES + progress) / 2 + 0.1)
        self._move(self._incoming(node), 1.0, FLOWING * (stage + progress))
        return 1.0

    def place_now(self) -> None:
        """Put the callout beside its card."""
        if self.ringed is not None and self.ringed in self.scene.nodes and self.scene.now.title:
            self.callout.place(self.ringed)
