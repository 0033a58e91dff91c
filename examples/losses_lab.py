"""Softmax, likelihood and a saturated neuron in numbers, from a running Deltaboard.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/losses_lab.py

It prints a prediction over three classes with its cross-entropy and gradient, the likelihood of four points
under two models, and how far three losses move the same saturated neuron. Only the standard library is
needed.
"""

import argparse
import json
import urllib.request


def post(address, body):
    """Send JSON, return the JSON reply."""
    request = urllib.request.Request(address, data=json.dumps(body).encode(), method="POST")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def row(name, numbers):
    """Print a name and its numbers."""
    print(f"{name:24s}" + "".join(f"{number:12.6f}" for number in numbers))


def main():
    """Ask for three topics of the losses lab, and check a number that was worked out on paper."""
    parser = argparse.ArgumentParser(description="Losses in numbers.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    losses = parser.parse_args().url.rstrip("/") + "/api/v1/losses"

    softmax = post(losses, {"topic": "softmax", "softmax": {"temperature": 1.0, "target": 1}})
    found = softmax["softmax"]
    row("scores", found["scores"])
    row("softmax", found["probabilities"])
    row("argmax", found["argmax"])
    row("cross-entropy", [found["loss"]])
    row("gradient y - t", found["gradient"])
    proof = softmax["explanation"]["verification"]
    print(f"{proof['checked']} derivatives computed in three ways: {proof['verdict']}")

    models = post(losses, {"topic": "likelihood"})["likelihood"]["models"]
    for model in models:
        row("likelihood, -sum of ln", [model["product"], model["negative_log_sum"]])

    steps = 20
    trained = post(losses, {"topic": "saturated", "saturated": {"steps": steps}})["saturated"]
    for path in trained["paths"]:
        row(f"{path['name']}, output", [path["output"][0], path["output"][steps]])

    answers = [{"ref": "gz.1", "value": 0.639}]
    (checked,) = post(f"{losses}/answers", {"answers": answers})["answers"]
    print(f"gz.1 = 0.6390 on paper: {checked['verdict']}, {checked['slip']['text']['en']}")


if __name__ == "__main__":
    main()
