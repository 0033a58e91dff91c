"""The training jobs J1 to J4: our plan against textbook numpy, other programs and bare matrix products."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks import jobs, textbook
from benchmarks.jobs import Job
from benchmarks.measure import QUICK, Contender, Effort, Local, medians
from benchmarks.objects import PLAYGROUND
from benchmarks.objects import contenders as in_javascript
from benchmarks.peers import PEERS
from benchmarks.report import Report, Row, Target, at_least, at_most
from core.network import Parameters

OURS, TEXTBOOK, BARE = "Deltaboard", "textbook numpy", "bare products"
TORCH = "PyTorch eager"
# How far the parameters of two contenders may be apart after a few steps, of the largest parameter.
AGREEMENT = {np.float64: 1e-9, np.float32: 1e-3}
CHECKED_STEPS = 20

TARGETS: dict[str, dict[str, Target]] = {
    "J1 2-6-1": {TEXTBOOK: at_least(3.8), TORCH: at_least(30)},
    "J2 sgd": {TEXTBOOK: at_least(4), TORCH: at_least(28), PLAYGROUND: at_least(3)},
    "J2 adam": {TEXTBOOK: at_least(4), TORCH: at_least(28)},
    "J3": {BARE: at_most(1.10), TORCH: at_most(0.85)},
    "J4": {BARE: at_most(1.6)},
}


def bare_products(job: Job) -> Local:
    """The matrix products of a step and nothing else, each array contiguous and in place."""
    random = np.random.default_rng(0)

    def fill(rows: int, columns: int) -> Any:
        return random.normal(0.0, 0.05, (rows, columns)).astype(job.dtype)

    sizes, B = job.sizes, job.batch
    A, D = [fill(B, n) for n in sizes], [fill(B, n) for n in sizes]
    W = [fill(a, b) for a, b in pairwise(sizes)]
    Z, G = [fill(B, n) for n in sizes], [np.empty_like(w) for w in W]

    def run(count: int) -> None:
        for _ in range(count):
            for layer, w in enumerate(W):
                np.dot(A[layer], w, Z[layer + 1])
            for layer in range(len(W), 0, -1):
                np.dot(A[layer - 1].T, D[layer], G[layer - 1])
                if layer > 1:
                    np.dot(D[layer], W[layer - 1].T, Z[layer - 1])

    return Local(run)


def measure(quick: bool = False, effort: Effort | None = None) -> Report:
    """Measure every job."""
    effort = effort or (QUICK if quick else Effort())
    report = Report("Training: processor time of a step, and how many of ours it is")
    left_out: dict[str, None] = {}
    sizes = (1, 1) if quick else (16, 32)
    for job in (
        jobs.xor(6),
        jobs.xor(2),
        jobs.plane("sgd"),
        jobs.plane("adam"),
        jobs.wide(sizes[0]),
        jobs.deep(sizes[1]),
    ):
        report.rows += _rows(job, effort, left_out)
    report.left_out += left_out
    return report


def _rows(job: Job, effort: Effort, left_out: dict[str, None]) -> Iterable[Row]:
    trainer, restart = job.trainer()
    written, network = textbook.contender(job)
    contenders: dict[str, Contender] = {OURS: Local(trainer.run, restart), TEXTBOOK: written}
    checked: dict[str, Callable[[], Any]] = {TEXTBOOK: network.parameters}
    for name, (module, make) in PEERS.items():
        if find_spec(module) is None:
            left_out[f"{name} is not installed here (see benchmarks/README.md)"] = None
            continue
        contenders[name], parameters = make(job)
        if parameters is not None:
            checked[name] = parameters
    if job.dtype is np.float32:
        contenders[BARE] = bare_products(job)
    graphs = {}
    if job.name.startswith("J1") or job.name == "J2 sgd":
        graphs, missing = in_javascript(job)
        left_out.update(dict.fromkeys(missing))
    for name, graph in graphs.items():
        contenders[name], checked[name] = graph, graph.parameters
    for name, parameters in checked.items():
        _agree(job, contenders[name], parameters, name)
    found = medians(contenders, effort, job.most)
    for graph in graphs.values():
        graph.close()
    ours = found[OURS]
    targets = TARGETS.get(job.name, {})
    for name, seconds in found.items():
        target = targets.get(name)
        # Where less is asked of us than of the other, ours is the numerator.
        inverted = name == BARE or (target is not None and target.relation == "≤")
        figure = None if name == OURS else ours / seconds if inverted else seconds / ours
        meaning = "" if figure is None else "ours of it" if inverted else "of ours"
        yield Row(job.name, name, 1e6 * seconds, "µs", figure, meaning, target)


def _agree(job: Job, contender: Contender, parameters: Callable[[], Any], name: str) -> None:
    """Refuse to compare with a program that does not compute the same."""
    trainer, _ = job.trainer()
    trainer.run(CHECKED_STEPS)
    contender.reset()
    contender.timed(CHECKED_STEPS)
    ours = Parameters(job.problem.network, trainer.snapshot().vector)
    for layer, (W, b) in enumerate(parameters(), start=1):
        for mine, theirs in ((ours.weights(layer), W), (ours.bias(layer), b)):
            assert mine is not None
            if np.abs(mine - np.asarray(theirs)).max() > AGREEMENT[job.dtype] * np.abs(mine).max():
                raise AssertionError(f"{job.name}: {name} does not compute what we do")
