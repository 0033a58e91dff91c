"""Let one neuron learn AND, see why it never learns XOR, and build XOR from three, with a running Deltaboard.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/perceptron_lab.py

It prints every correction of the perceptron rule, the contradiction that keeps any line from XOR, and the
truth table of NAND, OR and AND put together, which it hands on to the Network lab. Only the standard library
is needed.
"""

import argparse
import json
import urllib.request


def post(address, body):
    """Send a JSON body, return the JSON reply."""
    request = urllib.request.Request(address, method="POST", data=json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        return json.loads(reply.read())


def show_path(reply):
    """Print every iteration that changed the weights."""
    path = reply["path"]
    for step, changed in enumerate(path["changed"]):
        if changed:
            (w1, w2), b = path["weights"][step + 1], path["biases"][step + 1]
            x1, x2 = reply["inputs"][path["samples"][step]]
            print(f"  iteration {step + 1:2d}  ({x1:g}, {x2:g})  error {path['errors'][step]:+g}"
                  f"  ->  w = ({w1:g}, {w2:g}), b = {b:g}")  # fmt: skip
    print(f"  {reply['outcome']} after {len(reply['epochs'])} epochs, {reply['corrections']} corrections")


def main():
    """Learn AND, fail at XOR, compose XOR."""
    parser = argparse.ArgumentParser(description="One neuron, and three.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    api = parser.parse_args().url.rstrip("/") + "/api/v1"

    print("AND")
    learnt = post(
        f"{api}/perceptron", {"data": {"name": "and"}, "weights": [0, 0], "bias": 0, "learning_rate": 1}
    )
    show_path(learnt)
    print(f"  the convergence theorem allows {learnt['most_corrections']} corrections at most")

    print("XOR")
    tried = post(f"{api}/perceptron", {"data": {"name": "xor"}, "weights": [0, 0], "bias": 0, "epochs": 5})
    cycle = tried["cycle"]
    print(f"  the weights after epoch {cycle['again']} are those after epoch {cycle['first']}")
    proof = tried["separability"]
    for condition in proof["conditions"]:
        x1, x2 = tried["inputs"][condition["sample"]]
        print(f"  w1*{x1:g} + w2*{x2:g} + b {condition['relation']} 0")
    w1, w2, b = proof["contradiction"]["total"]
    print(f"  added up: {w1:g}*w1 + {w2:g}*w2 + {b:g}*b >= 0, and the same < 0")

    print("XOR from NAND, OR and AND")
    composed = post(f"{api}/perceptron/xor", {})
    for row in composed["rows"]:
        x1, x2 = row["inputs"]
        nand, either, both = row["outputs"]
        gates = f"NAND {nand:g}  OR {either:g}   AND of both {both:g}"
        print(f"  {x1:g} {x2:g}   {gates}   target {row['target']:g}")
    session = post(f"{api}/sessions", composed["session"])
    print(f"  in the Network lab: weights {session['parameters']['weights']}")


if __name__ == "__main__":
    main()
