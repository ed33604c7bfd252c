"""The gradients on their way: bands and pills on the wires, and the stages of the beat that the player is showing.

At rest every contribution of the state is a whole band. While a beat is animated, the gradient arrives, the local
derivative lights, they multiply, and the result goes on: the bands that this beat sends grow only in the last stage.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF

from chainrule.core.document.graph import NodeId
from chainrule.core.engine.recording import Accumulated, Computed, Propagated
from chainrule.core.run.timeline import State
from chainrule.gui.canvas.band_item import BandItem, PillItem
from chainrule.gui.canvas.label_places import FAR, callout_place, free_place, leader
from chainrule.gui.canvas.now_item import NARROW, WIDEST
from chainrule.gui.canvas.now_text import ARRIVES, GOES_ON, LOCAL, MULTIPLIES, now_text
from chainrule.gui.canvas.stage import WORLD, Stage
from chainrule.gui.canvas.wire_item import WireKey
from chainrule.gui.canvas.wire_labels import WireLabels

MOST_PILLS = 60  # beyond this nobody reads them, and finding room for all takes too long
FLOWING = 60.0  # how far dashes move in one stage


class GradientFlow:
    """The bands of a scene; it owns their items."""

    def __init__(self, scene: Stage, labels: WireLabels) -> None:
        self.scene = scene
        self.labels = labels
        self.bands: dict[WireKey, BandItem] = {}
        self.pills: dict[WireKey, PillItem] = {}
        self._ringed: NodeId | None = None
        self._said: tuple[object, ...] | None = None
        self._placed: dict[WireKey, object] = {}  # what surrounded each pill when it found its place

    def follow(self, state: State) -> None:
        """Show the contributions of ``state``."""
        scene = self.scene
        self.labels.follow(state)
        keys = {key for key in state.sent if key in scene.wires}
        for key in [key for key in self.bands if key not in keys]:
            scene.removeItem(self.bands.pop(key))
            scene.removeItem(self.pills.pop(key))
            self._placed.pop(key, None)
        theme = scene.look.theme
        for key in keys:
            if key not in self.bands:
                self.bands[key], self.pills[key] = BandItem(key, theme, scene.scale), PillItem(theme)
                scene.addItem(self.bands[key])
                scene.addItem(self.pills[key])
            self.bands[key].set_gradient(state.sent[key], theme, scene.scale, summed=key in self.labels.spreads)
            self.pills[key].set_gradient(state.sent[key], theme)
        self.lay(keys)
        self._said = None  # the callout finds its place once, among what stands here now
        self.animate()

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

    def _place_pills(self, keys: list[WireKey]) -> None:
        """Give the pills of ``keys`` a free place each; one whose surroundings did not change keeps its own."""
        keys = sorted(keys)
        under_way = {self.pills[key] for key in keys}
        for number, key in enumerate(keys):
            pill, band = self.pills[key], self.bands[key]
            under_way.discard(pill)
            pill.setVisible(number < MOST_PILLS)
            if number >= MOST_PILLS:
                continue
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
        for key, band in self.bands.items():
            band.set_progress(1.0)
            self.pills[key].setOpacity(1.0)
        if isinstance(beat, Propagated) and not resting:
            self._show_propagation(beat, stage, progress)
        self._ring(stage, progress, resting)

    def _show_propagation(self, beat: Propagated, stage: int, progress: float) -> None:
        if stage == ARRIVES:
            for key in self._incoming(beat.label):
                self.bands[key].set_progress(1.0, FLOWING * progress)
        grown = progress if stage == GOES_ON else 0.0
        sockets = {sent.socket for sent in beat.sent}
        for key in self.bands:
            if key[0] == beat.label and key[1] in sockets:
                self.bands[key].set_progress(grown)
                self.pills[key].setOpacity(1.0 if grown > 0.6 else 0.0)

    def _incoming(self, label: object) -> list[WireKey]:
        """The bands that lead back to ``label``: those of the wires that come out of it."""
        return [key for key in self.bands if self.scene.wires[key].source == label]

    def _ring(self, stage: int, progress: float, resting: bool) -> None:
        scene, player = self.scene, self.scene.player
        beat = player.beat
        label = beat.label if beat is not None else None
        quiet = isinstance(beat, Computed) and player.at_end
        node = label if label in scene.nodes and not quiet else None
        if self._ringed is not None and self._ringed != node and self._ringed in scene.nodes:
            scene.nodes[self._ringed].set_marks(now=False, filling=1.0, chip="")
        self._ringed = node
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
        if self._said is not None and all(a is b or a == b for a, b in zip(self._said, moment, strict=True)):
            return
        self._said = moment
        title, lines = now_text(scene.editor.session, player.state, player.before, player.beat, stage)
        scene.now.say(title, lines, scene.look.theme)
        self.place_now()

    def _pour(self, node: NodeId, stage: int, progress: float) -> float:
        """AccumulateGrad: the gradient arrives at a tank as it was before, and is then poured in, so far (0 to 1)."""
        scene = self.scene
        arriving = stage < MULTIPLIES
        shown = scene.player.before if arriving else scene.player.state
        if node in shown.nodes and scene.nodes[node].state is not shown.nodes[node]:
            scene.nodes[node].display(scene.editor.graph.nodes[node], shown.nodes[node], scene.editor.graph)
        if not arriving:
            return min(1.0, (stage - MULTIPLIES + progress) / 2 + 0.1)
        for key in self._incoming(node):
            self.bands[key].set_progress(1.0, FLOWING * (stage + progress))
        return 1.0

    def place_now(self) -> None:
        """Put the callout under its card, or where it covers no other card and can be seen."""
        node = self._ringed
        scene = self.scene
        if node is None or node not in scene.nodes or not scene.now.title:
            return
        card = scene.nodes[node].occupied()
        for widest in (WIDEST, NARROW):
            scene.now.fold(widest)
            box, covers = self._place_callout(card)
            if not covers:
                break
        line = leader(box.translated(scene.now.pos()), scene.nodes[node].card_rect())
        scene.now.lead(None if line is None else (scene.now.mapFromScene(line[0]), scene.now.mapFromScene(line[1])))

    def _place_callout(self, card: QRectF) -> tuple[QRectF, bool]:
        """Put the callout near ``card``; its size in the scene, and whether it covers anything there."""
        scene = self.scene
        larger = scene.enlargement()
        box = QRectF(0, 0, scene.now.box.width() * larger, scene.now.box.height() * larger)
        reach = FAR if scene.seen() != WORLD else 420.0
        reach = max(reach, 420 * larger + box.width())
        others, lines = scene.surroundings(card.adjusted(-reach, -reach, reach, reach), set())
        place = callout_place(box, card, others, lines, scene.seen())
        scene.now.setScale(larger)
        scene.now.setPos(place)
        return box, any(other.intersects(box.translated(place)) for other in others)
