"""docs/promises.md names tests that exist, and limits that are those of the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.settings import Settings
from core.datasets.csv_table import LARGEST_CELL, MAXIMUM_COLUMNS
from core.datasets.entry import MAXIMUM_ROWS
from core.datasets.names import MAXIMUM_NAME
from core.expressions import MAXIMUM_CHARACTERS, MAXIMUM_DEPTH, MAXIMUM_NODES
from core.history.timeline import MAXIMUM_SEGMENTS
from core.session import MAXIMUM_LAYERS, MAXIMUM_UNITS
from core.session.shell import MAXIMUM_DATA_BYTES

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "promises.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_named_test_exists(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert [name for other, name in NAMED if other == file and name not in there] == []


def test_every_promise_has_a_test() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not row.startswith(("| what ", "| what|"))]
    promises = [row for row in promises if not re.fullmatch(r"\| what.*\| shown by \|", row)]
    assert [row for row in promises if "::" not in row and "shown by" not in row] == []
    assert len(NAMED) > 50


def test_the_limits_are_those_of_the_code() -> None:
    limits = {
        "8 layers": MAXIMUM_LAYERS,
        "64 neurons": MAXIMUM_UNITS,
        "5,000 rows": MAXIMUM_ROWS,
        "16 columns": MAXIMUM_COLUMNS,
        "±1,000,000": LARGEST_CELL,
        "32 characters": MAXIMUM_NAME,
        "500 characters": MAXIMUM_CHARACTERS,
        "200 nodes": MAXIMUM_NODES,
        "32 levels": MAXIMUM_DEPTH,
    }
    for text, value in limits.items():
        assert text in TEXT
        assert value == int(re.sub(r"\D", "", text))
    settings = Settings()
    assert (settings.max_json_bytes, settings.max_data_bytes) == (64 * 1024, 1024 * 1024)
    assert (settings.max_json_depth, settings.max_json_members) == (64, 1000)
    assert (settings.max_body_bytes, settings.request_seconds) == (1_100_000, 30.0)
    assert (settings.max_steps_per_call, settings.max_run_epochs) == (1000, 10_000_000)
    assert (settings.max_sessions, settings.max_live_sessions, settings.max_streams) == (10_000, 1000, 1000)
    assert (settings.session_idle_seconds, settings.session_kept_seconds) == (3600.0, 86_400.0)
    assert (MAXIMUM_DATA_BYTES, MAXIMUM_SEGMENTS) == (4_000_000, 2000)
