"""Train a small network on XOR through a running Deltaboard, and save its loss curve and its output map.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/train_xor.py results

It writes results/curve.csv (step, loss) and results/boundary.csv (x1, x2, output). Only the standard library
is needed; any spreadsheet can plot the files.
"""

import argparse
import csv
import json
import urllib.request
from pathlib import Path

NETWORK = {
    "layers": [
        {"units": 4, "activation": "tanh"},
        {"units": 1, "activation": "sigmoid"},
    ]
}
TRAINING = {
    "loss": {"name": "squared_error", "coefficient": 0.5, "outputs": "sum", "batch": "sum"},
    "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.5}},
    "batch": {"mode": "full"},
}
SEED = 1
STEPS = 5000
STEPS_A_CALL = 1000  # the server applies at most this many updates in one call
RESOLUTION = 41


def call(method, address, body=None):
    """Send a request with an optional JSON body, return the JSON reply."""
    request = urllib.request.Request(address, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def save(path, header, rows):
    """Write a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    print("wrote", path)


def between(limits, count):
    """Return `count` numbers from the first limit to the second, evenly spaced."""
    low, high = limits
    return [low + (high - low) * index / (count - 1) for index in range(count)]


def main():
    """Create the session, train it, print what it learnt, save the curve and the map."""
    parser = argparse.ArgumentParser(description="Train XOR and save its loss curve and output map as CSV.")
    parser.add_argument("folder", type=Path, help="where to write the files")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    options = parser.parse_args()
    sessions = options.url.rstrip("/") + "/api/v1/sessions"

    session = call(
        "POST", sessions, {"seed": SEED, "network": NETWORK, "training": TRAINING, "data": {"name": "xor"}}
    )
    address = f"{sessions}/{session['id']}"

    for _ in range(STEPS // STEPS_A_CALL):
        reply = call("POST", f"{address}/step", {"count": STEPS_A_CALL})
        print(f"step {reply['after']['step']:5d}  loss {reply['after']['loss']:.6f}")

    session = call("GET", address)
    data = session["data"]
    for inputs, target, output in zip(data["inputs"], data["targets"], session["outputs"], strict=True):
        print(f"inputs {inputs}  target {target[0]:.0f}  output {output[0]:.4f}")

    options.folder.mkdir(parents=True, exist_ok=True)
    curve = call("GET", f"{address}/curve")
    save(options.folder / "curve.csv", ["step", "loss"], zip(curve["steps"], curve["last"], strict=True))

    grid = call("GET", f"{address}/boundary?resolution={RESOLUTION}")
    points = [
        (x, y) for y in between(grid["y_range"], RESOLUTION) for x in between(grid["x_range"], RESOLUTION)
    ]
    rows = [(x, y, value) for (x, y), value in zip(points, grid["values"], strict=True)]
    save(options.folder / "boundary.csv", ["x1", "x2", "output"], rows)

    call("DELETE", address)


if __name__ == "__main__":
    main()
