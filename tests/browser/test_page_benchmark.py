"""The page's benchmark runs in its smallest size."""

from __future__ import annotations

import math

from benchmarks.page import measure


def test_the_page_is_measured() -> None:
    report = measure(quick=True)
    assert len(report.rows) > 5
    assert all(math.isfinite(row.measured) and row.measured > 0.0 for row in report.rows)
