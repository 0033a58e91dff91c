"""A table of one's own from CSV text: its columns and types, and the data set that is chosen from them.

Rows are named as a spreadsheet counts them: the header is row 1. Commas, semicolons and tabs part columns;
where it is no comma, a comma may be the decimal mark.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from core.datasets.entry import MAXIMUM_ROWS, Array, Kind
from core.datasets.names import MAXIMUM_NAME, is_column_name
from core.errors import InvalidInputError, UnknownNameError
from core.network import DataSet, Preparation, read_only

MAXIMUM_COLUMNS = 16
MAXIMUM_TABLE_CLASSES = 16
LARGEST_CELL = 1e6
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
# So many distinct whole numbers are taken for classes, unless the caller says otherwise.
FEW = 10
_SNIFFED_ROWS = 20
# Blank lines count for nothing, but a megabyte of them would take half a second to pass over.
_LINES = 4 * MAXIMUM_ROWS
# What float() reads and people write; not "1_000", "nan" or "infinity".
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d{1,4})?", re.ASCII)

Target = Literal["auto", "classes", "regression"]


@dataclass(frozen=True)
class Column:
    """One column: its name, its cells as text, the row of each, and its numbers, nan where there is none."""

    name: str
    cells: tuple[str, ...]
    rows: tuple[int, ...]
    numbers: Array

    @cached_property
    def numeric(self) -> bool:
        """Whether every cell is a number."""
        return bool(np.isfinite(self.numbers).all())

    @cached_property
    def first_text_row(self) -> int | None:
        """The row of the first cell that is no number, in a column that has numbers; else None."""
        wrong = np.flatnonzero(~np.isfinite(self.numbers))
        return self.rows[wrong[0]] if 0 < len(wrong) < len(self.cells) else None

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The distinct cells, numbers in their order, texts in theirs; at most 17 of them."""
        distinct = set(self.cells)
        if self.numeric:
            # "1" and "1.0" are one class, written as they come first.
            first = np.unique(self.numbers, return_index=True)[1]
            return tuple(self.cells[place] for place in first[: MAXIMUM_TABLE_CLASSES + 1])
        return tuple(sorted(distinct)[: MAXIMUM_TABLE_CLASSES + 1])

    @property
    def kind(self) -> Kind:
        """What the column is as a target, if nobody says: texts and few whole numbers are classes."""
        if not self.numeric:
            return "classes"
        whole = bool((self.numbers == np.round(self.numbers)).all())
        return "classes" if whole and len(self.classes) <= FEW else "regression"


@dataclass(frozen=True)
class CsvTable:
    """A table that was read: the columns, what parts them, and the mark of decimals."""

    columns: tuple[Column, ...]
    delimiter: str
    decimal: str

    @property
    def rows(self) -> int:
        """How many rows there are, without the header."""
        return len(self.columns[0].cells)

    def column(self, name: str, pointer: str) -> Column:
        """Return the column of that name; UnknownNameError with those that there are."""
        for each in self.columns:
            if each.name == name:
                return each
        choices = [each.name for each in self.columns]
        raise UnknownNameError(pointer=pointer, kind="column", choices=choices)

    @cached_property
    def guessed_target(self) -> str:
        """The only column of texts, or else the last one."""
        texts = [each for each in self.columns if not each.numeric]
        return (texts[0] if len(texts) == 1 else self.columns[-1]).name


def read_csv(text: str, delimiter: str = "auto", pointer: str = "") -> CsvTable:
    """Return the table that CSV text holds; a byte-order mark at its start is skipped.

    Raises InvalidInputError that names row and column: `csv-empty`, `csv-quotes`, `csv-one-column`,
    `csv-too-many-columns`, `csv-header`, `csv-column-name`, `csv-column-twice`, `csv-no-rows`,
    `csv-too-many-rows`, `csv-row-length`, `csv-cell-range`.
    """
    text = text.removeprefix("\ufeff")
    if delimiter != "auto" and delimiter not in DELIMITERS:
        raise InvalidInputError(
            code="not-a-choice", pointer=f"{pointer}/delimiter", choices=["auto", *DELIMITERS]
        )
    mark = DELIMITERS[delimiter] if delimiter != "auto" else _sniffed(text)
    records = _records(text, mark, pointer)
    if not records:
        raise InvalidInputError(code="csv-empty", pointer=pointer)
    header_row, header = records[0]
    names = tuple(name.strip() for name in header)
    _check_header(names, header_row, pointer)
    body = records[1:]
    if not body:
        raise InvalidInputError(code="csv-no-rows", pointer=pointer)
    for row, record in body:
        if len(record) != len(names):
            raise InvalidInputError(
                code="csv-row-length", pointer=pointer, row=row, count=len(record), limit=len(names)
            )
    rows = tuple(row for row, _ in body)
    columns = [tuple(record[place].strip() for _, record in body) for place in range(len(names))]
    # A decimal comma: where commas part nothing, and some cell is a number only with one.
    comma = mark != "," and any(_DECIMAL_COMMA.fullmatch(cell) for cells in columns for cell in cells)
    made = []
    for name, cells in zip(names, columns, strict=True):
        numbers = np.array([_number(cell, comma) for cell in cells])
        large = np.flatnonzero(np.abs(numbers) > LARGEST_CELL)
        if large.size:
            raise InvalidInputError(
                code="csv-cell-range", pointer=pointer, row=rows[large[0]], column=name, limit=LARGEST_CELL
            )
        made.append(Column(name, cells, rows, read_only(numbers)))
    return CsvTable(tuple(made), mark, "," if comma else ".")


def choose(
    table: CsvTable,
    columns: Sequence[str] | None = None,
    target: str | None = None,
    kind: Target = "auto",
    pair: tuple[float, float] = (0.0, 1.0),
    preparation: Preparation | None = None,
    pointer: str = "",
) -> DataSet:
    """Return the chosen columns of a table as a data set; `pair` are the targets that mean no and yes.

    Without a choice the target is guessed, and every other numeric column is an input. Raises
    InvalidInputError that names row and column: `csv-cell`, `csv-cell-empty`, `csv-class-name`; and
    `csv-target-input`, `csv-no-inputs`, `csv-classes`, `csv-one-class`, `column-twice`.
    """
    aim = table.column(target or table.guessed_target, f"{pointer}/target")
    if columns is None:
        inputs = [each for each in table.columns if each.numeric and each is not aim]
    else:
        inputs = [table.column(name, f"{pointer}/columns/{place}") for place, name in enumerate(columns)]
    if not inputs:
        raise InvalidInputError(code="csv-no-inputs", pointer=f"{pointer}/columns")
    for place, each in enumerate(inputs):
        if each is aim:
            raise InvalidInputError(code="csv-target-input", pointer=f"{pointer}/columns/{place}")
        if each in inputs[:place]:
            raise InvalidInputError(code="column-twice", pointer=f"{pointer}/columns/{place}")
        _check_numbers(each, f"{pointer}/columns/{place}")
    kind = aim.kind if kind == "auto" else kind
    if kind == "regression":
        _check_numbers(aim, f"{pointer}/target")
        targets = aim.numbers[:, None]
        names: tuple[str, ...] = (aim.name,)
        classes: tuple[str, ...] = ()
    else:
        targets, names, classes = _one_hot(aim, pair, f"{pointer}/target")
    return DataSet(
        inputs=np.column_stack([each.numbers for each in inputs]),
        targets=targets,
        columns=tuple(each.name for each in inputs),
        target_columns=names,
        classes=classes,
        preparation=preparation or Preparation(),
    )


def _sniffed(text: str) -> str:
    """Return what parts the columns: that which gives the first rows one and the same width, the widest."""
    best, score = ",", (False, 0)
    for mark in DELIMITERS.values():
        widths = [len(cells) for _, cells in _parsed(text, mark, _SNIFFED_ROWS)]
        width = min(widths, default=0)
        found = (width > 1 and len(set(widths)) == 1, width)
        if found > score:
            best, score = mark, found
    return best


def _parsed(text: str, mark: str, limit: int) -> list[tuple[int, list[str]]]:
    """Return at most `limit` records that are not blank, each with its row."""
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for row, cells in enumerate(reader, start=1):
            if row > _LINES:
                break
            if any(cell.strip() for cell in cells):
                found.append((row, cells))
            if len(found) >= limit:
                break
    except csv.Error:
        # Where nothing else is wrong, this is told when the whole text is read.
        return found
    return found


def _records(text: str, mark: str, pointer: str) -> list[tuple[int, list[str]]]:
    """Return the records that are not blank, each with its row; the header is the first."""
    records: list[tuple[int, list[str]]] = []
    row = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for cells in reader:
            row += 1
            if row > _LINES:
                raise InvalidInputError(code="csv-too-many-rows", pointer=pointer, limit=MAXIMUM_ROWS)
            if not any(cell.strip() for cell in cells):
                continue
            records.append((row, cells))
            if len(records) == 1 and len(cells) > MAXIMUM_COLUMNS:
                raise InvalidInputError(code="csv-too-many-columns", pointer=pointer, limit=MAXIMUM_COLUMNS)
            if len(records) > MAXIMUM_ROWS + 1:
                raise InvalidInputError(code="csv-too-many-rows", pointer=pointer, limit=MAXIMUM_ROWS)
    except csv.Error:
        raise InvalidInputError(code="csv-quotes", pointer=pointer, row=row + 1) from None
    return records


def _check_header(names: tuple[str, ...], row: int, pointer: str) -> None:
    if all(not name or not math.isnan(_number(name, True)) for name in names):
        raise InvalidInputError(code="csv-header", pointer=pointer)
    if len(names) < 2:
        raise InvalidInputError(code="csv-one-column", pointer=pointer)
    for place, name in enumerate(names):
        if not is_column_name(name):
            raise InvalidInputError(code="csv-column-name", pointer=pointer, row=row, place=place + 1)
        if name in names[:place]:
            raise InvalidInputError(code="csv-column-twice", pointer=pointer, row=row, place=place + 1)


def _number(cell: str, comma: bool) -> float:
    """Return the cell's number, nan where it is none; one that is too large for a float is infinite."""
    if comma and "." not in cell and _DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    return float(cell) if _NUMBER.fullmatch(cell) else math.nan


def _check_numbers(column: Column, pointer: str) -> None:
    if column.numeric:
        return
    place = int(np.flatnonzero(~np.isfinite(column.numbers))[0])
    code = "csv-cell" if column.cells[place] else "csv-cell-empty"
    raise InvalidInputError(code=code, pointer=pointer, row=column.rows[place], column=column.name)


def _one_hot(
    column: Column, pair: tuple[float, float], pointer: str
) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
    """Return targets (N, 1) for two classes or (N, C), the names of their columns, and the classes."""
    names = column.classes
    if len(names) > MAXIMUM_TABLE_CLASSES:
        raise InvalidInputError(
            code="csv-classes", pointer=pointer, column=column.name, limit=MAXIMUM_TABLE_CLASSES
        )
    if len(names) < 2:
        raise InvalidInputError(code="csv-one-class", pointer=pointer, column=column.name)
    for row, cell in zip(column.rows, column.cells, strict=True):
        if not cell:
            raise InvalidInputError(code="csv-cell-empty", pointer=pointer, row=row, column=column.name)
        if len(cell) > MAXIMUM_NAME or not cell.isprintable():
            raise InvalidInputError(
                code="csv-class-name", pointer=pointer, row=row, column=column.name, limit=MAXIMUM_NAME
            )
    if column.numeric:
        order = np.unique(column.numbers)
        places = np.searchsorted(order, column.numbers)
    else:
        index = {name: place for place, name in enumerate(names)}
        places = np.array([index[cell] for cell in column.cells])
    if len(names) == 2:
        return np.where(places[:, None] == 1, pair[1], pair[0]), (column.name,), names
    yes = places[:, None] == np.arange(len(names))
    columns = tuple(f"{column.name[:28]} {place + 1}" for place in range(len(names)))
    return np.where(yes, pair[1], pair[0]), columns, names
