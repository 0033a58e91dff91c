"""What a benchmark prints: the machine, figures with their targets, what was left out."""

from __future__ import annotations

import os
import platform
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Target:
    """What is asked of a figure: at least or at most a value."""

    relation: str  # "≥" or "≤"
    value: float

    def met(self, figure: float) -> bool:
        """Whether the figure is good enough."""
        return figure >= self.value if self.relation == "≥" else figure <= self.value

    def __str__(self) -> str:
        return f"{self.relation} {self.value:g}"


def at_least(value: float) -> Target:
    """Return the target of a figure that is to be large."""
    return Target("≥", value)


def at_most(value: float) -> Target:
    """Return the target of a figure that is to be small."""
    return Target("≤", value)


@dataclass(frozen=True)
class Row:
    """One line: what was measured, its measurement in `unit`, and the figure made of it with its target."""

    group: str
    name: str
    measured: float
    unit: str
    figure: float | None = None
    meaning: str = ""
    target: Target | None = None

    def cells(self) -> tuple[str, ...]:
        """Return the printed cells."""
        figure = "" if self.figure is None else f"{_short(self.figure)} {self.meaning}".rstrip()
        verdict = ""
        if self.target is not None and self.figure is not None:
            verdict = "met" if self.target.met(self.figure) else "MISSED"
        target = "" if self.target is None else str(self.target)
        return self.group, self.name, f"{_short(self.measured)} {self.unit}".rstrip(), figure, target, verdict


@dataclass
class Report:
    """A benchmark's result."""

    title: str
    rows: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the table, the machine above it and what was left out below."""
        cells = [("", "", "measured", "figure", "target", ""), *(row.cells() for row in self.rows)]
        widths = [max(_width(line[column]) for line in cells) for column in range(len(cells[0]))]
        lines = [self.title, *(f"{name}: {value}" for name, value in machine().items()), ""]
        previous = ""
        for index, line in enumerate(cells):
            shown = list(line)
            if index and line[0] == previous:
                shown[0] = ""
            previous = line[0]
            padded = (cell + " " * (width - _width(cell)) for cell, width in zip(shown, widths, strict=True))
            lines.append("  ".join(padded).rstrip())
        lines += ["", *(f"Left out: {what}" for what in self.left_out)]
        return "\n".join(lines).rstrip() + "\n"


def machine() -> dict[str, str]:
    """Return processor, cores, Python, numpy and its BLAS."""
    import numpy as np

    blas: dict[str, Any] = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "software": (
            f"Python {platform.python_version()}, numpy {np.__version__},"
            f" {blas['name']} {blas['version']}, one BLAS thread"
        ),
    }


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
