"""`python3 -m benchmarks NAME`: measure, and print figures beside their targets."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from app import bootstrap

NAMES = {
    "training": "a training step of the jobs J1 to J4 against textbook numpy, other programs, bare products",
    "boundary": "the decision boundary's grid against evaluation point by point",
    "requests": "requests over a socket against an empty endpoint of the same application",
    "load": "many learners, viewers and endless runs at once",
    "crashes": "kill -9 in the middle of work, again and again: is what was acknowledged there?",
    "page": "script size, first paint, and frame times while training at full rate",
}


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    listing = "\n".join(f"  {name:10} {what}" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="python3 -m benchmarks",
        description=f"Measure ratios in one run. Benchmarks:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", choices=list(NAMES), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="the smallest size: does it run at all?")
    parser.add_argument(
        "--python", metavar="PATH", help="run in another Python, one that has PyTorch or scikit-learn"
    )
    parser.add_argument(
        "--playground", metavar="PATH", help="a checkout of TensorFlow Playground, to compare with its engine"
    )
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.name is None:
        parser.print_help()
    return options


def main() -> int:
    """Run one benchmark in this process, or in the Python that was asked for."""
    options = parse()
    if options.name is None:
        return 0
    if options.playground is not None:
        os.environ["DELTABOARD_PLAYGROUND"] = str(Path(options.playground).resolve())
    venv = bootstrap.venv_python()
    python = options.python
    if python is None and not options.here and venv.is_file() and Path(sys.prefix) != bootstrap.VENV:
        python = str(venv)
    if python:
        # In a Python of the user's only core is imported, which needs nothing but numpy.
        command = [python, "-m", "benchmarks", "--here", options.name]
        return subprocess.run(command + ["--quick"] * options.quick, check=False).returncode
    # Read once, when the libraries are first imported.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    import importlib

    module = importlib.import_module(f"benchmarks.{options.name}")
    print(module.measure(quick=options.quick).text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
