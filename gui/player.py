"""Plays a recording as immutable states: which step is shown, how far its animation is, and the transport controls.

Canvas and panels draw ``player.state`` and never the session's. Nothing is computed or drawn here.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from chainrule.core.engine.recording import Beat, Seeded
from chainrule.core.run.timeline import State, Timeline
from chainrule.gui.beats import Step, steps_of
from chainrule.gui.editor import Editor
from chainrule.gui.theme import Look

STAGES = 4
STAGE_MS = 400
FRAME_MS = 16
LONGEST_PLAY_MS = 12_000
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)


class Player(QObject):
    """Shows ``state`` after ``step`` of ``total`` steps; at rest ``stage`` is 3 and ``progress`` 1.

    While a step is animated ``state`` is already the one it leads to and ``before`` the one it comes from; ``stage``
    (0..3) and ``progress`` (0..1 inside the stage) say how far it is.
    """

    state_changed = Signal()
    stage_changed = Signal()
    timeline_changed = Signal()

    def __init__(self, editor: Editor, look: Look) -> None:
        super().__init__()
        self.speed = 1.0
        self.steps: tuple[Step, ...] = ()
        self.step = 0
        self.stage = STAGES - 1
        self.progress = 1.0
        self.playing = False
        self._editor = editor
        self._look = look
        self._visible = True
        self._hurry = 1.0  # how much faster an automatic play runs so that a long recording ends in time
        self._late = 0.0  # how far the present step was already over when it was entered, in stages
        self._until_step = 0
        self._timeline: Timeline | None = None
        self._beats_seen = 0
        self._state: State = editor.session.state
        self._before: State = editor.session.state
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        editor.document_replaced.connect(self._take_document)
        editor.state_changed.connect(self._follow_editor)
        self._follow_editor()

    @property
    def state(self) -> State:
        return self._state

    @property
    def before(self) -> State:
        """The state that the present step comes from."""
        return self._before

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def at_end(self) -> bool:
        """The present is shown: the last step, at rest."""
        return self.step == self.total and not self.animating

    @property
    def animating(self) -> bool:
        return self._timer.isActive()

    @property
    def beat(self) -> Beat | None:
        """The beat that the present step shows; None at the start."""
        return self.steps[self.step - 1].beat if self.step else None

    @property
    def title(self) -> str:
        """The present step in plain words, such as "AccumulateGrad on w"."""
        return self.steps[self.step - 1].title if self.step else "before forward"

    def next(self) -> None:
        """Go one step on and show it stage by stage."""
        if self.step < self.total:
            self._play_until(self.step + 1)

    def back(self) -> None:
        self.seek(self.step - 1)

    def play(self) -> None:
        """Play on to the end; from the end, play backward again, or everything where there was none."""
        if self.step == self.total:
            self._show(self._first_of_last_backward())
        self._hurry = 1.0
        self._play_until(self.total)

    def pause(self) -> None:
        """Stop where it is; the step that is shown comes to rest."""
        self.seek(self.step)

    def to_start(self) -> None:
        self.seek(0)

    def to_end(self) -> None:
        self.seek(self.total)

    def seek(self, step: int) -> None:
        """Show ``step`` (taken into range) at rest."""
        self._rest()
        self._show(min(max(step, 0), self.total))

    def set_speed(self, speed: float) -> None:
        """Play at ``speed`` times 400 ms a stage, from 0.25 to 4."""
        self.speed = min(max(speed, SPEEDS[0]), SPEEDS[-1])
        self.timeline_changed.emit()

    def set_visible(self, visible: bool) -> None:
        """Nobody watches a hidden window: an animation goes to its end at once."""
        self._visible = visible
        if not visible and self.animating:
            self.to_end()

    def _take_document(self) -> None:
        """Another document: whoever shows it anew finds its state here, and not what the old one had by the same ids.

        That there is another state is told when the editor says so, once everything of the old document is gone.
        """
        self._timer.stop()
        self._timeline, self._beats_seen = None, 0
        self.steps, self.step = (), 0
        self._before = self._state = self._editor.session.state

    def _follow_editor(self) -> None:
        session = self._editor.session
        timeline = session.timeline
        fresh = timeline is not self._timeline or len(timeline.beats) < self._beats_seen
        seen = 0 if fresh else self._beats_seen
        begin = self._begin_of_news(timeline, seen, fresh=fresh)
        self._timeline, self._beats_seen = timeline, len(timeline.beats)
        nodes = self._editor.graph.nodes
        self.steps = steps_of(
            timeline.beats,
            is_leaf=lambda label: label in nodes and nodes[label].leaf is not None,
            named=lambda label: nodes[label].name if label in nodes else "a node",
        )
        moving = self._stand_still()
        first = self._steps_until(begin)
        training = self._editor.training.running  # its epochs come faster than they could be played
        plays = begin < len(timeline.beats) and first < self.total and self._visible and not training
        self._take(first if plays else self.total)
        self.timeline_changed.emit()
        self.state_changed.emit()
        if moving:
            self.stage_changed.emit()
        if plays:
            self._hurry = max(1.0, self._duration(first) / LONGEST_PLAY_MS)
            self._play_until(self.total)

    @staticmethod
    def _begin_of_news(timeline: Timeline, seen: int, *, fresh: bool) -> int:
        """After how many beats something happened that was not seen yet; on a fresh tape only Backward is news."""
        if not fresh:
            return seen
        seeds = [i for i, beat in enumerate(timeline.beats) if isinstance(beat, Seeded)]
        return seeds[0] if seeds else len(timeline.beats)

    def _first_of_last_backward(self) -> int:
        beats = self._timeline.beats if self._timeline else []
        seeds = [i for i, beat in enumerate(beats) if isinstance(beat, Seeded)]
        return self._steps_until(seeds[-1]) if seeds else 0

    def _steps_until(self, position: int) -> int:
        return sum(step.position <= position for step in self.steps)

    @property
    def planned_ms(self) -> float:
        """How long the play that is under way takes from the present step to the end."""
        return self._duration(self.step - 1) / self._hurry

    def _duration(self, begin: int) -> float:
        return sum(step.stages for step in self.steps[begin:]) * STAGE_MS / self.speed

    def _play_until(self, step: int) -> None:
        if self.step >= step:
            return
        self._until_step = step
        self.playing = step == self.total
        self._enter(self.step + 1)

    def _enter(self, step: int, late: float = 0.0) -> None:
        """Begin to show ``step``: its state at once, its stages as time goes by."""
        self._clock.start()
        self._late = late
        if not self._timer.isActive():
            self._timer.start()
        if not self._look.reduced_motion:
            self.stage, self.progress = 0, 0.0
        self._show(step)
        self.stage_changed.emit()

    def _tick(self) -> None:
        passed = self._late + self._clock.elapsed() * self.speed * self._hurry / STAGE_MS
        stages = self._stages(self.step)
        if passed < stages:
            stage, progress = divmod(passed * STAGES / stages, 1)
            self._at(int(stage), progress)
        elif self.step < self._until_step:
            self._enter(*self._after(self.step, passed))
        else:
            self._rest()
            self.state_changed.emit()

    def _after(self, step: int, passed: float) -> tuple[int, float]:
        """The step that follows ``step``, which began ``passed`` stages ago, and how far it is over already.

        Who hurries keeps the time, and passes over the steps for which there is none; else every step is shown whole.
        """
        if self._hurry == 1.0:
            return step + 1, 0.0
        while step < self._until_step and passed >= self._stages(step):
            step, passed = step + 1, passed - self._stages(step)
        return step, min(passed, float(self._stages(step)))

    def _stages(self, step: int) -> int:
        return self.steps[step - 1].stages if step else 1

    def _at(self, stage: int, progress: float) -> None:
        if self._look.reduced_motion:
            stage, progress = STAGES - 1, 1.0
        if (stage, progress) != (self.stage, self.progress):
            self.stage, self.progress = stage, progress
            self.stage_changed.emit()

    def _rest(self) -> None:
        if self._stand_still():
            self.stage_changed.emit()

    def _stand_still(self) -> bool:
        """End the animation; True if it was in the middle of a step."""
        self._timer.stop()
        self.playing = False
        self._hurry = 1.0
        moving = (self.stage, self.progress) != (STAGES - 1, 1.0)
        self.stage, self.progress = STAGES - 1, 1.0
        return moving

    def _show(self, step: int) -> None:
        self._take(step)
        self.state_changed.emit()

    def _take(self, step: int) -> None:
        self.step = step
        self._before = self._state_of(max(step - 1, 0))  # first: from there to the next the timeline has one step to go
        self._state = self._state_of(step)

    def _state_of(self, step: int) -> State:
        if step == self.total:
            return self._editor.session.state
        timeline = self._editor.session.timeline
        return timeline.state_at(self.steps[step - 1].position if step else self._beginning())

    def _beginning(self) -> int:
        """Leaves have their values before the first step."""
        return self.steps[0].position - 1 if self.steps else 0
