"""Every benchmark runs in its smallest size and prints sane numbers; how large they are is not tested."""

from __future__ import annotations

import ast
import importlib
import math
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from benchmarks.measure import Effort, Local, medians, quantile
from benchmarks.report import Report, Row, at_least, at_most

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("page", "crashes")])
def test_a_benchmark_runs(name: str) -> None:
    report: Report = importlib.import_module(f"benchmarks.{name}").measure(quick=True)
    assert report.rows
    text = report.text()
    for row in report.rows:
        assert math.isfinite(row.measured), row
        assert row.measured >= 0.0, row
        assert row.figure is None or math.isfinite(row.figure), row
        assert row.name in text
        if row.target is not None:
            assert str(row.target) in text


def test_the_command_lists_them() -> None:
    command = [sys.executable, "-m", "benchmarks"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"  {name} " in shown for name in NAMES)


def test_medians_are_those_of_each_contender() -> None:
    taken: dict[str, int] = {"one": 0, "other": 0}

    def contender(name: str) -> Local:
        def run(count: int) -> None:
            taken[name] += count

        return Local(run, unit=3)

    found = medians({name: contender(name) for name in taken}, Effort(4, 0.0))
    assert set(found) == {"one", "other"}
    assert all(seconds >= 0.0 for seconds in found.values())
    # One turn of three to warm up, one to count, then four rounds.
    assert taken == {"one": 18, "other": 18}


def test_a_target_is_met_or_missed() -> None:
    rows = [
        Row("a", "fast", 1.0, "µs", 5.0, "of ours", at_least(4.0)),
        Row("a", "slow", 2000.0, "µs", 1.2, "ours of it", at_most(1.1)),
        Row("b", "alone", 0.5, "ms"),
    ]
    lines = Report("Title", rows, ["a peer"]).text().splitlines()
    assert [line.split() for line in lines[4:]] == [
        ["measured", "figure", "target"],
        ["a", "fast", "1", "µs", "5", "of", "ours", "≥", "4", "met"],
        ["slow", "2,000", "µs", "1.2", "ours", "of", "it", "≤", "1.1", "MISSED"],
        ["b", "alone", "0.5", "ms"],
        [],
        ["Left", "out:", "a", "peer"],
    ]
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0


def test_no_product_code_imports_them() -> None:
    for folder in ("app", "core"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                assert not [name for name in names if name.partition(".")[0] == "benchmarks"], path
