"""The page's benchmark runs in its smallest size."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_measured() -> None:
    # A process of its own: it drives a browser and a server, as the tests here do.
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks", "page", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    figures = re.findall(r"\s(\d[\d.,]*)(?=\s)", made.stdout)
    assert len(figures) > 5, made.stdout
    assert "nan" not in made.stdout
    assert "inf" not in made.stdout
