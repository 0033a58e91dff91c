"""How every topic writes a line: keys of this lab's own locale area, and titles apart from sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.lab import Notebook
from core.microsteps.records import LineKind, PhaseName

_AREA = "told_losses"


class Telling:
    """A notebook whose lines are told in this lab's words."""

    def __init__(self) -> None:
        self.book = Notebook()

    def tell(
        self,
        phase: PhaseName,
        group: Sequence[str],
        kind: LineKind,
        ref: str,
        template: str,
        result: float,
        title: str,
        sentence: str,
        refs: Mapping[str, str],
        *,
        badge: int | None = None,
        reads: Sequence[str] = (),
        parts: Sequence[tuple[str, float]] = (),
    ) -> float:
        """Write one line, as Notebook.line does; `title` and `sentence` are keys within the area."""
        return self.book.line(
            phase,
            kind,
            ref,
            template,
            # −0 + 0 is 0: a product of nothing has no sign.
            float(result) + 0.0,
            sentence=f"{_AREA}.{sentence}",
            title=f"{_AREA}.title.{title}",
            refs=refs,
            group=group,
            badge=badge,
            reads=reads,
            parts=parts,
        )
