"""A session as what a store keeps of it: an image, and the changes since, so that nothing is computed again.

The image holds what the session starts from, its timeline with every edit, its curves, and states some way
apart. A change is what one call did. The state at which the session stands need not be among the states: it
is repeated from the nearest one before it, bit for bit, and that is never far.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.history import LossCurve, MetricCurve, Segment, Timeline
from core.network import DataSet
from core.pictures.meter import columns
from core.session.editing import unchanged_problem
from core.session.journal import Journal
from core.session.packing import UnreadableError
from core.session.record import Record
from core.session.shell import Session
from core.session.specification import Edit
from core.training import Snapshot

# Of image and changes; another number is that of another version.
FORMAT = 1


class Scribe:
    """Writes down one session as it changes."""

    def __init__(self, session: Session, stored: Iterable[int] = ()) -> None:
        """Begin with a session of whose states those of the nodes `stored` are stored already."""
        self.session = session
        self._record = session.record
        self._stored = set(stored)
        # The last node that was looked at, and how far the nearest stored state lies before it.
        self._seen: tuple[int, int] | None = None
        self._record.journal = Journal()

    @property
    def changed(self) -> bool:
        """Whether something was done since the last image or changes."""
        return bool(self._record.journal)

    def image(self, apart: int) -> dict[str, Any]:
        """Return everything, with states about `apart` updates from each other."""
        record, timeline = self._record, self._record.timeline
        states = record.states(apart)
        self._stored, self._seen = set(states), None
        states |= self._states_here(apart)
        record.journal = Journal()
        return {
            "format": FORMAT,
            "spec": self.session.spec,
            "segments": [(s.first, s.parent, s.step, s.change, s.count) for s in timeline.segments],
            "preferred": timeline.preferred,
            "cursor": timeline.cursor,
            "diverged": sorted(record.diverged),
            "width": record.curve.width,
            "losses": record.curve.numbers(),
            "level": record.metrics.level,
            "metrics": record.metrics.numbers(),
            "spacing": record.spacing,
            "states": list(states.items()),
        }

    def changes(self, apart: int) -> dict[str, Any]:
        """Return what was done since the last image or changes; the state here if the last is `apart`."""
        record, journal = self._record, self._record.journal
        assert journal is not None
        states = self._states_here(apart)
        record.journal = Journal()
        parts = {
            "path": journal.path,
            "losses": journal.losses,
            "metrics": journal.metrics,
            "diverged": journal.diverged,
            "states": list(states.items()),
        }
        return {name: part for name, part in parts.items() if part}

    def _states_here(self, apart: int) -> dict[int, Snapshot]:
        """Return the states to be stored so that the present one has one near it."""
        record = self._record
        here = record.timeline.cursor
        distance = self._distance(here)
        states: dict[int, Snapshot] = {}
        if distance >= apart:
            # Where many updates were made at once, some on the way too.
            after = max(here - distance, record.timeline.segment_of(here).first - 1)
            states = record.states(apart, after, here)
            if here not in states:
                states[here] = record.state(here)
            self._stored |= set(states)
            distance = 0
        self._seen = (here, distance)
        return states

    def _distance(self, node: int) -> int:
        """Return how many nodes the nearest stored state lies before `node`."""
        timeline = self._record.timeline
        if self._seen is not None:
            before, distance = self._seen
            # Nearly always: it went on where it was.
            if before <= node and timeline.segment_of(node).first <= before:
                return distance + node - before
        distance = 0
        for stretch in reversed(timeline.path(node)):
            stored = [n for n in self._stored if stretch.first <= n <= stretch.last]
            if stored:
                return distance + stretch.last - max(stored)
            distance += stretch.last - stretch.first + 1
        return distance


def restored(image: Mapping[str, Any], changes: Iterable[Mapping[str, Any]]) -> Scribe:
    """Return the scribe of the session that was written down; UnreadableError where that is not one.

    Nothing is computed again but the state at which the session stands, when it is first asked for.
    """
    try:
        if image["format"] != FORMAT:
            raise UnreadableError(f"format {image['format']}")
        spec = image["spec"]
        assert isinstance(spec.data, DataSet)
        states = dict(image["states"])
        timeline: Timeline[Edit] = Timeline.of(
            (Segment(*segment) for segment in image["segments"]), image["preferred"], image["cursor"]
        )
        record = Record.of(
            unchanged_problem(spec.network, spec.training, spec.data),
            timeline,
            LossCurve.of(image["width"], image["losses"]),
            MetricCurve.of(columns(spec.network), image["level"], image["metrics"]),
            set(image["diverged"]),
            image["spacing"],
            states,
        )
        for change in changes:
            more = dict(change.get("states", ()))
            record.repeat(
                change.get("path", ()),
                change.get("losses", ()),
                change.get("metrics", ()),
                change.get("diverged", ()),
                more,
            )
            states |= more
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UnreadableError(str(error)) from error
    return Scribe(Session(spec, record), states)
