"""`kill -9` at random moments under load; `python3 -m benchmarks crashes` does it a hundred times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.crashes import rounds


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_what_was_acknowledged_outlives_the_process(tmp_path: Path) -> None:
    calls, starts = rounds(3, tmp_path)
    assert (calls > 50, len(starts)) == (True, 4)
