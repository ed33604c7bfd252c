"""The items of the canvas, kept in step with the document and with the state that the player shows.

The items themselves and where they are is in ``stage``, which this is the upper half of. Nothing in this room changes
the document or answers the mouse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF

from chainrule.core.document.graph import NodeId, Wire
from chainrule.core.engine.recording import Accumulated, Propagated
from chainrule.core.run.timeline import NodeState
from chainrule.gui.canvas.bubbles import Bubbles
from chainrule.gui.canvas.differences import NOTHING, difference
from chainrule.gui.canvas.glide import Glide
from chainrule.gui.canvas.gradient_flow import GradientFlow
from chainrule.gui.canvas.gradient_scale import scale_for
from chainrule.gui.canvas.node_item import NodeItem
from chainrule.gui.canvas.region_item import RegionItem
from chainrule.gui.canvas.stage import ROUGHLY, Stage
from chainrule.gui.canvas.ways import Ways
from chainrule.gui.canvas.wire_item import WireItem, WireKey
from chainrule.gui.canvas.wire_labels import WireLabels
from chainrule.gui.editor import Editor
from chainrule.gui.player import Player
from chainrule.gui.seeds import SeedError, parse_seed
from chainrule.gui.theme import Look

EXPORT_MARGIN = 30.0


class CanvasScene(Stage):
    """What the canvas shows of ``editor.graph`` in ``player.state``."""

    def __init__(self, editor: Editor, player: Player, look: Look) -> None:
        super().__init__(editor, player, look)
        self.labels = WireLabels(self)
        self.flow = GradientFlow(self, self.labels)
        self.ways = Ways(self)
        self.bubbles = Bubbles(self)
        self._flagged: NodeId | None = None
        self._coloured: set[NodeId] = set()  # the cards that show a gradient
        self._shown = player.state
        self._glide = Glide(self, self.pass_by, self.try_places)
        editor.document_changed.connect(self._on_document)
        editor.document_replaced.connect(self.rebuild)
        editor.selection_changed.connect(self._on_selection)
        editor.root_changed.connect(self._on_root)
        player.state_changed.connect(self._on_state)
        player.stage_changed.connect(self.flow.animate)
        player.timeline_changed.connect(self._on_timeline)
        look.changed.connect(self._on_look)
        self.rebuild()

    # The document

    def rebuild(self) -> None:
        """Drop every item and make them anew: another document was opened."""
        for item in (*self.nodes.values(), *self.wires.values(), *self.regions.values()):
            self.removeItem(item)
        self.nodes, self.wires, self.regions = {}, {}, {}
        self.measure_anew()
        self._flagged, self._coloured = None, set()
        self.ways.clear()
        self.bubbles.clear()
        self.labels.clear()
        self.flow.clear()
        self.hovered_wire = None
        self._on_timeline()
        self._shown = self.player.state
        self._on_document(frozenset(self.editor.graph.nodes))
        self._on_selection()

    def _on_document(self, touched: Iterable[NodeId]) -> None:
        graph = self.editor.graph
        near = set(touched)
        for i in tuple(near):
            if i not in graph.nodes and i in self.nodes:
                self.removeItem(self.nodes.pop(i))
                self._coloured.discard(i)
                self.bubbles.note(i)
                self.measure_anew()
        for i in tuple(near & graph.nodes.keys()):
            near.update(consumer for consumer, _ in graph.consumers(i))
            near.update(wire.source for _, wire in graph.nodes[i].wires())
        cut = self._stale_wires()
        near.update(key[0] for key in cut)
        near.update(item_wire for item_wire in self._once_wired(touched))
        for i in near & graph.nodes.keys():
            self._show_node(i)
        self._drop_wires(cut)
        self._sync_wires(near)
        led = self._find_ways(near)
        self._sync_regions()
        self._on_root()
        self.bubbles.place()
        self.flow.follow(self._shown, {*cut, *led, *self.wires_at(near), *self.flow.told})

    def _once_wired(self, touched: Iterable[NodeId]) -> set[NodeId]:
        """The nodes that a touched node was wired to before, as the items still have it."""
        changed = set(touched)
        return {item.source for key, item in self.wires.items() if key[0] in changed or item.source in changed}

    def _stale_wires(self) -> list[WireKey]:
        graph = self.editor.graph
        return [
            (i, socket)
            for i, socket in self.wires
            if i not in graph.nodes or not isinstance(graph.nodes[i].inputs.get(socket), Wire)
        ]

    def _show_node(self, i: NodeId) -> None:
        new = i not in self.nodes
        if new:
            self.nodes[i] = NodeItem(i, self.look.theme, self.scale, self.measure_anew)
        self._show_state(i)
        self.put(i, QPointF(*self.editor.graph.nodes[i].position))
        if new:
            self.addItem(self.nodes[i])

    def _show_state(self, i: NodeId) -> None:
        state = self._state_of(i)
        self.nodes[i].display(self.editor.graph.nodes[i], state, self.editor.graph)
        self.bubbles.note(i)
        plain = state.gradient is None and state.grad is None
        (self._coloured.discard if plain else self._coloured.add)(i)

    @property
    def shows_gradients(self) -> bool:
        """Whether any card has a gradient."""
        return bool(self._coloured)

    def _state_of(self, i: NodeId) -> NodeState:
        return self._shown.nodes.get(i, NOTHING)

    def _drop_wires(self, keys: Iterable[WireKey]) -> None:
        for key in keys:
            self.removeItem(self.wires.pop(key))
            if self.hovered_wire == key:
                self.hovered_wire = None

    def _sync_wires(self, ids: set[NodeId]) -> None:
        graph = self.editor.graph
        for i in ids & graph.nodes.keys():
            for socket, wire in graph.nodes[i].wires():
                item = self.wires.get((i, socket))
                if item is None:
                    item = self.wires[i, socket] = WireItem((i, socket))
                    self.addItem(item)
                item.source, item.output = wire.source, wire.output
                self.lay_wire((i, socket))
            for consumer, socket in graph.consumers(i):
                if (consumer, socket) in self.wires:
                    self.lay_wire((consumer, socket))

    def lay_wire(self, key: WireKey) -> None:
        """Run the wire into ``key`` between its sockets as they stand now, and give it the pen that says what it is."""
        item = self.wires[key]
        source, target = self.nodes.get(item.source), self.nodes.get(key[0])
        if source is None or target is None:
            return
        start, end = source.port_at("output", item.output), target.port_at("input", key[1])
        if start is not None and end is not None:
            item.set_run(start, end, self.ways.of(key, start, end))
        item.set_look(
            self.look.theme,
            tracked=self._state_of(item.source).requires_grad,
            selected=key in self.editor.selected_sockets,
            hovered=key == self.hovered_wire,
        )

    def _find_ways(self, changed: Collection[NodeId]) -> list[WireKey]:
        """Lead the wires past the cards as they stand now, of which ``changed`` may stand or be other than before.

        Tells which of them were led elsewhere.
        """
        led = self.ways.look(changed)
        for key in led:
            self.lay_wire(key)
        return led

    def wires_at(self, nodes: Iterable[NodeId]) -> set[WireKey]:
        """The wires that end or begin at ``nodes``."""
        graph = self.editor.graph
        found: set[WireKey] = set()
        for i in graph.nodes.keys() & nodes:
            found.update((i, socket) for socket, _ in graph.nodes[i].wires())
            found.update(graph.consumers(i))
        return found & self.wires.keys()

    def _sync_regions(self) -> None:
        regions = self.editor.graph.regions
        for name in [name for name in self.regions if name not in regions]:
            self.removeItem(self.regions.pop(name))
        for name, region in regions.items():
            if name not in self.regions:
                self.regions[name] = RegionItem(region, self.look.theme)
                self.addItem(self.regions[name])
            area = self.region_area(region.members)
            over = [item.card_rect() for item in self.items(area, ROUGHLY) if isinstance(item, NodeItem)]
            self.regions[name].display(region, area, self.look.theme, over)

    # Places that a gesture tries out before the document has them

    def try_places(self, places: Mapping[NodeId, QPointF]) -> None:
        """Show nodes elsewhere than the document has them, with their wires and labels."""
        self.flow.lay(self._put(places))
        self.flow.place_now()

    def pass_by(self, places: Mapping[NodeId, QPointF]) -> None:
        """Show nodes on their way to another place, with their wires; labels wait until they arrive."""
        self.flow.pass_by(self._put(places))

    def _put(self, places: Mapping[NodeId, QPointF]) -> set[WireKey]:
        for i, place in places.items():
            self.put(i, place)
        touched = self.wires_at(places)
        for key in touched:
            self.lay_wire(key)
        if self.regions:
            self._sync_regions()
        return touched

    def glide(self, before: Mapping[NodeId, QPointF]) -> None:
        """Let nodes glide from ``before`` to where the document has them, where motion is wanted and seen."""
        if not self.look.reduced_motion and any(view.isVisible() for view in self.views()):
            self._glide.begin(before)

    # The state

    def _on_state(self) -> None:
        new = difference(self._shown, self.player.state)
        self._shown = self.player.state
        cards = self.editor.graph.nodes.keys() & (new.nodes | self.flow.poured)
        before = {i: self.nodes[i].solid() for i in cards}
        for i in cards:
            self._show_state(i)
        for key in self.wires_at(cards):
            self.lay_wire(key)
        self._on_root()
        self.bubbles.place_at(cards)
        grown = {i for i in cards if self.nodes[i].solid() != before[i]}
        moved = self._make_room(grown) if grown else set()
        self.flow.follow(self._shown, self.wires_at(new.values) | new.sent | moved)

    def _make_room(self, grown: Collection[NodeId]) -> set[WireKey]:
        """Lead wires past cards that take other room than before; those whose bands or labels have to give way."""
        led = self._find_ways(grown)
        if self.regions:
            self._sync_regions()
        return self.wires_at(grown).union(led, self.flow.told_under(grown))

    def settle(self) -> None:
        """Bring labels out from under what lies over the canvas, where their cards can be seen."""
        seen = self.seen()

        def hidden(label: QRectF, card: QRectF) -> bool:
            return seen.intersects(card) and not seen.contains(label)

        if any(hidden(bubble, card) for bubble, card in self.bubbles.covered()):
            self.bubbles.place()
        now = self.nodes.get(self.flow.ringed) if self.flow.ringed is not None and self.now.isVisible() else None
        if now is not None and hidden(self.now.sceneBoundingRect(), now.card_rect()):
            self.flow.place_now()

    def _on_timeline(self) -> None:
        """One scale for every step of the timeline, so that frames can be compared."""
        gradients = []
        for beat in self.editor.session.timeline.beats:
            if isinstance(beat, Propagated):
                gradients.append(beat.upstream)
                gradients.extend(sent.contribution for sent in beat.sent)
            elif isinstance(beat, Accumulated):
                gradients.append(beat.contribution)
        scale = scale_for(gradients)
        if scale != self.scale:
            self.scale = scale
            for item in self.nodes.values():
                item.set_look(self.look.theme, scale)
            self.flow.restyle()

    def _on_root(self) -> None:
        root = self.editor.root if self.editor.root in self.nodes else None
        value = self._state_of(root).value if root is not None and self._state_of(root).requires_grad else None
        flagged = None if value is None else root
        if self._flagged is not None and self._flagged != flagged and self._flagged in self.nodes:
            self.nodes[self._flagged].drop_flag()
        self._flagged = flagged
        if flagged is None or value is None:
            return
        try:
            seed = parse_seed(self.editor.seed_text, value.shape)
        except SeedError:
            seed = None
        self.nodes[flagged].set_flag(value.shape, seed)

    def _on_selection(self) -> None:
        for i, item in self.nodes.items():
            item.set_marks(selected=i in self.editor.selection)
        for key in self.wires:
            self.lay_wire(key)

    def _on_look(self) -> None:
        for item in self.nodes.values():
            item.set_look(self.look.theme, self.scale)
        for key in self.wires:
            self.lay_wire(key)
        self._sync_regions()
        self.flow.restyle()
        self.flow.follow(self._shown, self.wires)

    def hover_wire(self, key: WireKey | None) -> None:
        """Thicken the wire under the pointer."""
        if key == self.hovered_wire:
            return
        old, self.hovered_wire = self.hovered_wire, key
        for each in (old, key):
            if each is not None and each in self.wires:
                self.lay_wire(each)

    def pictured(self) -> QRectF:
        """The rectangle that an exported picture shows: cards, regions and labels, with a margin."""
        area = self.content()
        labels = (self.now, *self.flow.pills.values(), *self.labels.spreads.values(), *self.labels.cuts.values())
        for item in (*self.regions.values(), *(label for label in labels if label.isVisible())):
            area = area.united(item.sceneBoundingRect())
        return area.adjusted(-EXPORT_MARGIN, -EXPORT_MARGIN, EXPORT_MARGIN, EXPORT_MARGIN)
