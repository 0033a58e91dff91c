"""The examples run as a reader runs them: in a process of their own, against a live server."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import live_url

__all__ = ["live_url"]

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd=EXAMPLES
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_worked_example(live_url: str) -> None:
    printed = run("worked_example.py", "--url", live_url)
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    for expected in (
        "activation a, layer 1 0.51998934 0.52747230",
        "activation a, layer 2 0.60944600 0.66384491",
        "total 0.02397190",
        "dE/da, layer 2 0.20944600 0.06384491",
        "dE/dw, layer 2 0.02592286 0.02629590 0.00740844 0.00751506",
        "dE/dw, layer 1 0.00080888 0.00161775 0.00071009 0.00142017",
        "weights before, layer 1 0.30000000 0.25000000 0.40000000 0.35000000",
        "weights after, layer 1 0.29959556 0.24919112 0.39964496 0.34928991",
        "weights after, layer 2 0.43703857 0.38685205 0.69629578 0.59624247",
        "total loss 0.02323634",
    ):
        assert expected in lines


def test_check_my_numbers(live_url: str) -> None:
    printed = run("check_my_numbers.py", "--url", live_url)
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    for expected in (
        "backward: 24 micro-steps",
        "32 up.1.0 0.03240681 uses 30, 31",
        "up.2.0 0.2094 right",
        "1 of 4 right",
    ):
        assert expected in lines
    slips = {
        line.split()[0]: line.split()[2].rstrip(":") for line in lines[-5:-1] if line.split()[2] != "right"
    }
    assert slips == {
        "d.2.0": "slope_forgotten",
        "d.1.0": "sign_flipped",
        "nw.2.0.0": "learning_rate_forgotten",
    }
    assert "{" not in printed


def test_train_xor(live_url: str, tmp_path: Path) -> None:
    printed = run("train_xor.py", str(tmp_path / "results"), "--url", live_url)
    assert "step  5000" in printed
    with (tmp_path / "results" / "curve.csv").open(encoding="utf-8") as file:
        curve = list(csv.DictReader(file))
    assert int(curve[-1]["step"]) == 5000
    assert float(curve[-1]["loss"]) < 0.05 < float(curve[0]["loss"])
    with (tmp_path / "results" / "boundary.csv").open(encoding="utf-8") as file:
        grid = list(csv.DictReader(file))
    assert len(grid) == 41 * 41
    assert all(0.0 <= float(row["output"]) <= 1.0 for row in grid)


def test_stream_training(live_url: str) -> None:
    lines = run("stream_training.py", "--url", live_url).splitlines()
    assert lines[0].startswith("epoch      0  loss ")
    assert lines[0].endswith("#" * 50)
    last = re.fullmatch(r"ended: (\S+) at epoch (\d+), loss ([\d.]+)", lines[-1])
    assert last
    assert last[1] in ("epochs", "loss", "no-improvement")
    assert 0 < int(last[2]) <= 3000


def test_compare_optimizers(live_url: str, tmp_path: Path) -> None:
    printed = run("compare_optimizers.py", str(tmp_path / "results"), "--url", live_url)
    assert "optimizers: 6 runs from the same weights" in printed
    for name, count in (("optimizers", 6), ("rates", 8)):
        with (tmp_path / "results" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        firsts = [row for row in rows if row["step"] == "0"]
        assert len(firsts) == count
        # The same start: the same loss, to the last digit.
        assert len({row["loss"] for row in firsts}) == 1


def test_regularize(live_url: str) -> None:
    printed = run("regularize.py", "--url", live_url)
    lines = [line.split() for line in printed.splitlines()]
    sums = {line[0]: float(line[line.index("|w|") + 1]) for line in lines if "|w|" in line}
    assert sums["L1"] < sums["plain"]
    assert sums["L2"] < sums["plain"]
    (objective,) = [line for line in lines if line[:1] == ["objective"]]
    assert float(objective[1]) == pytest.approx(float(objective[4]) + float(objective[7]), abs=2e-6)
    (norm,) = [line for line in lines if line[:1] == ["norm"]]
    assert float(norm[1]) * float(norm[4]) == pytest.approx(float(norm[6]), abs=2e-6)
    assert "-> 0.00625 after 300 epochs" in printed


def test_regression_lab(live_url: str) -> None:
    lines = [" ".join(line.split()) for line in run("regression_lab.py", "--url", live_url).splitlines()]
    for expected in (
        "4 5.0000 -5.0000 -15.0000",
        "sum -15.0000 -38.0000",
        "2/N times the sum -6.0000 -15.2000",
        "proof: agree",
        "closed form: y = 1.400000 + 0.800000 x, loss 0.720000",
        "w1 = covariance / variance = 1.6 / 2 = 0.8",
        "largest stable learning rate: 0.149219",
    ):
        assert expected in lines
    assert [line.split()[1] for line in lines[-3:]] == ["small", "good", "diverges"]


def test_graph_lab(live_url: str) -> None:
    lines = [" ".join(line.split()) for line in run("graph_lab.py", "--url", live_url).splitlines()]
    assert "in.apple -> mul.1 100 d 2.2" in lines
    assert "mul.3 -> out 715 d 1" in lines
    assert "difference quotients: agree, at most" in " ".join(lines)
    square = run("graph_lab.py", "t = x + y; z = t^2", "x=1", "y=2", "--url", live_url)
    assert "in.x -> add.1 1 d 6" in " ".join(square.split())
    layers = run("graph_lab.py", "--layers", "--url", live_url)
    assert "W.1  (2, 3)" in layers
    assert "L=-" in layers.replace(" ", "") or "L=(" in layers


def test_losses_lab(live_url: str) -> None:
    lines = [" ".join(line.split()) for line in run("losses_lab.py", "--url", live_url).splitlines()]
    for expected in (
        "softmax 0.440905 0.360983 0.198112",
        "cross-entropy 1.018925",
        "15 derivatives computed in three ways: agree",
        "likelihood, -sum of ln 0.008400 4.779524",
        "likelihood, -sum of ln 0.302400 1.196005",
        "gz.1 = 0.6390 on paper: slip, The number is right, its sign is not.",
    ):
        assert expected in lines


def test_perceptron_lab(live_url: str) -> None:
    lines = [" ".join(line.split()) for line in run("perceptron_lab.py", "--url", live_url).splitlines()]
    for expected in (
        "iteration 4 (1, 1) error +1 -> w = (1, 1), b = 0",
        "separated after 6 epochs, 11 corrections",
        "the convergence theorem allows 51 corrections at most",
        "the weights after epoch 3 are those after epoch 2",
        "added up: 1*w1 + 1*w2 + 2*b >= 0, and the same < 0",
        "0 1 NAND 1 OR 1 AND of both 1 target 1",
        "in the Network lab: weights [[[-1.0, 1.0], [-1.0, 1.0]], [[1.0], [1.0]]]",
    ):
        assert expected in lines


def test_descent_lab(live_url: str) -> None:
    printed = run("descent_lab.py", "--url", live_url)
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    for expected in (
        "f'(x) = 2\\,(x-3) = 2\\,x-6, proof: agree",
        "95 4.02701132062644 11.054752252694865",
        "100 3.9283368912632715 10.861809383680356",
        "0.01 slow after 100 steps, x = 3.928337",
        "0.1 good after 64 steps, x = 3.000004",
        "1 adagrad -0.8945 0.0000 0.040010",
        "6 momentum -2.8089 0.9265 1.252920",
    ):
        assert expected in lines
