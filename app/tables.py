"""Tables as CSV files (RFC 4180, UTF-8, a header row) that give every number back bit for bit."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Cell = str | float | int | bool | None

# A spreadsheet would take such a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    """Named columns and rows of as many cells."""

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def to_csv(table: Table) -> bytes:
    """Return the table as CSV.

    Numbers are written so that reading them gives the same float64 (`repr`); `inf`, `-inf`, `nan` where they
    are not finite; nothing where there is no value. A text that a spreadsheet would run as a formula begins
    with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_written(name) for name in table.header])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8")


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        # numpy's floats have a repr of their own.
        return repr(float(cell)) if math.isfinite(cell) else _kind(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _kind(value: float) -> str:
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
