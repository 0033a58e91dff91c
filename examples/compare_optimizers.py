"""Train the six optimizers from the same weights through a running Deltaboard, then sweep the learning rate.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/compare_optimizers.py results

It prints where each run came to and writes results/optimizers.csv and results/rates.csv, one row a reading:
optimizer, learning_rate, epoch, step, loss. Only the standard library is needed.
"""

import argparse
import csv
import json
import time
import urllib.request
from pathlib import Path

PRESET = "xor-2-2-1"
EPOCHS = 500
RATES = {"lowest": 0.01, "highest": 100, "count": 8}


def call(method, address, body=None):
    """Send a request with an optional JSON body, return the JSON reply."""
    request = urllib.request.Request(address, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def experiment(sessions, start, body):
    """Begin one session a variant from `start`, train each, and return them compared with it."""
    begun = call("POST", f"{sessions}/{start}/experiments", {**body, "epochs": EPOCHS})
    ids = [run["id"] for run in begun["runs"][1:]]
    while True:
        compared = call("GET", f"{sessions}/{start}/comparison?with={','.join(ids)}")
        runs = compared["runs"][1:]
        if all(run["status"] != "training" for run in runs):
            return runs
        time.sleep(0.2)


def report(title, runs):
    """Print one line a run."""
    print(title)
    for run in runs:
        optimizer = run["training"]["optimizer"]
        name = f"{optimizer['name']:9s} rate {optimizer['parameters']['learning_rate']:<8g}"
        loss = "diverged" if run["status"] == "diverged" else f"loss {run['loss']:.6f}"
        print(f"  {name} epoch {run['epoch']:4d}  {loss}")


def save(path, runs):
    """Write the curves as CSV, one row a reading."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["optimizer", "learning_rate", "epoch", "step", "loss"])
        for run in runs:
            optimizer, curve = run["training"]["optimizer"], run["curve"]
            for epoch, step, loss in zip(curve["epochs"], curve["steps"], curve["last"], strict=True):
                writer.writerow(
                    [optimizer["name"], optimizer["parameters"]["learning_rate"], epoch, step, loss]
                )
    print("wrote", path)


def main():
    """Make the session, run both experiments from its start, and save them."""
    parser = argparse.ArgumentParser(description="Compare optimizers and learning rates from one start.")
    parser.add_argument("folder", type=Path, help="where to write the files")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    options = parser.parse_args()
    sessions = options.url.rstrip("/") + "/api/v1/sessions"
    options.folder.mkdir(parents=True, exist_ok=True)

    start = call("POST", sessions, {"preset": PRESET})["id"]
    for name, body in (("optimizers", {"optimizers": True}), ("rates", {"learning_rates": RATES})):
        runs = experiment(sessions, start, {"step": 0, **body})
        report(f"{name}: {len(runs)} runs from the same weights, {EPOCHS} epochs each", runs)
        save(options.folder / f"{name}.csv", runs)


if __name__ == "__main__":
    main()
