"""The decision boundary: 100 × 100 activations by our grid, and point by point as one first writes it."""

from __future__ import annotations

import numpy as np

from benchmarks import jobs
from benchmarks.measure import QUICK, Contender, Effort, Local, medians
from benchmarks.objects import PLAYGROUND
from benchmarks.objects import contenders as in_javascript
from benchmarks.report import Report, Row, at_least
from core.pictures.maps import neuron_maps
from core.pictures.plane import negated_layers, plane_of
from core.propagation import predict

RESOLUTION = 100
LOW, HIGH = -1.25, 1.25
OURS, WHOLE, ROWS, POINTS = (
    "Deltaboard",
    "Deltaboard, with its grid and limits",
    "numpy, all points at once, float64",
    "numpy, point by point",
)
# The playgrounds in the browser evaluate their neuron objects for every point.
TARGETS = {PLAYGROUND: at_least(60)}


def measure(quick: bool = False, effort: Effort | None = None) -> Report:
    """Measure the map of a 2-8-8-1 tanh network's output."""
    effort = effort or (QUICK if quick else Effort(15, 0.1))
    resolution = 10 if quick else RESOLUTION
    job = jobs.plane("sgd")
    axis = np.linspace(LOW, HIGH, resolution)
    grid = np.stack([np.tile(axis, resolution), np.repeat(axis, resolution)])
    single = grid.astype(np.float32)
    layers = job.start

    def ours(count: int) -> None:
        for _ in range(count):
            for _ in negated_layers(job.problem.network, job.vector, single):
                pass

    def whole(count: int) -> None:
        for _ in range(count):
            plane = plane_of(job.problem.data, (0, 1), resolution)
            neuron_maps(job.problem.network, job.vector, job.problem.data, plane, ("a.3.0",))

    def rows(count: int) -> None:
        for _ in range(count):
            a = grid.T
            for W, b in layers:
                a = np.tanh(a @ W + b)

    def points(count: int) -> None:
        for _ in range(count):
            values = np.empty((resolution, resolution))
            for i, y in enumerate(axis):
                for k, x in enumerate(axis):
                    a = np.array([x, y])
                    for W, b in layers:
                        a = np.tanh(a @ W + b)
                    values[i, k] = a[0]

    contenders: dict[str, Contender] = {
        OURS: Local(ours),
        WHOLE: Local(whole),
        ROWS: Local(rows),
        POINTS: Local(points),
    }
    report = Report(f"The boundary: {resolution} × {resolution} outputs of a 2-8-8-1 tanh network")
    area = {"resolution": resolution, "low": LOW, "high": HIGH}
    graphs, report.left_out = in_javascript(job, "map", **area)
    expected = predict(job.problem.network, job.vector, grid.T)[-1][1].sum()
    for name, graph in graphs.items():
        found = graph.ask("map", count=1, **area)["sum"]
        assert abs(found - expected) < 1e-6 * grid.shape[1], f"{name} computes something else"
        contenders[name] = graph
    times = medians(contenders, effort)
    for graph in graphs.values():
        graph.close()
    for name, seconds in times.items():
        figure = None if name == OURS else seconds / times[OURS]
        target = TARGETS.get(name)
        row = Row("", name, 1e6 * seconds, "µs", figure, "" if figure is None else "of ours", target)
        report.rows.append(row)
    return report
