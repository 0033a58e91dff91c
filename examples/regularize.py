"""Train one network plainly, with penalties and with dropout through a running Deltaboard; look into a step.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/regularize.py

It prints where each run came to, then one step with everything switched on: which neurons dropout leaves
out, the objective as loss plus penalty, the clipped gradient, the learning rate of the schedule. Only the
standard library is needed.
"""

import argparse
import json
import math
import urllib.request

EPOCHS = 300
WAYS = {
    "plain": {},
    "L1": {"regularization": {"l1": 0.001}},
    "L2": {"regularization": {"l2": 0.002}},
    "dropout": {"dropout": 0.25},
}
EVERYTHING = {
    "regularization": {"l1": 0.0002, "l2": 0.0005},
    "dropout": 0.25,
    "clipping": {"name": "norm", "parameters": {"limit": 0.02}},
    "schedule": {"name": "step", "parameters": {"every": 100, "factor": 0.5}},
}


def call(method, address, body=None):
    """Send a request with an optional JSON body, return the JSON reply."""
    request = urllib.request.Request(address, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        return json.loads(reply.read())


def train(sessions, training):
    """Return a session of the circles after EPOCHS epochs, from the same weights whatever the settings."""
    session = call(
        "POST", sessions, {"preset": "circles", "training": {"batch": {"mode": "full"}, **training}}
    )
    stepped = call("POST", f"{sessions}/{session['id']}/step", {"count": EPOCHS, "unit": "epoch"})
    return stepped["session"]


def weights_of(values):
    """Return all weights as one list."""
    return [weight for layer in values["weights"] for row in layer for weight in row]


def report(name, session):
    """Print what became of the weights."""
    weights = weights_of(session["parameters"])
    small = sum(abs(weight) < 0.05 for weight in weights)
    print(
        f"{name:8s} loss {session['loss']:.4f}  right {session['accuracy']:.2f}  "
        f"sum |w| {sum(map(abs, weights)):7.3f}  near 0: {small} of {len(weights)}"
    )


def look_into(trace):
    """Print one step: the numbers are the server's, so they add up."""
    for layer in trace["layers"]:
        if layer["mask"] is not None:
            dropped = [str(j + 1) for j, factor in enumerate(layer["mask"]) if factor == 0]
            print(f"dropped for sample {trace['sample'] + 1}: {', '.join(dropped) or 'none'}")
    loss, clipping, schedule = trace["loss"], trace["clipping"], trace["schedule"]
    print(f"objective {loss['objective']:.6f} = loss {loss['batch']:.6f} + penalty {loss['penalty']:.6f}")
    received = weights_of(trace["received"])
    received += [bias for layer in trace["received"]["biases"] if layer for bias in layer]
    print(
        f"norm {clipping['norm']:.6f} x factor {clipping['factor']:.6f} = "
        f"{math.sqrt(sum(one * one for one in received)):.6f}"
    )
    print(f"learning rate {schedule['base']:g} -> {schedule['rate']:g} after {trace['epoch']} epochs")


def main():
    """Train all ways, then look into a step."""
    parser = argparse.ArgumentParser(description="Penalties, dropout, clipping and a schedule.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    sessions = parser.parse_args().url.rstrip("/") + "/api/v1/sessions"
    for name, training in WAYS.items():
        report(name, train(sessions, training))
    print()
    session = train(sessions, EVERYTHING)
    look_into(call("GET", f"{sessions}/{session['id']}/trace"))


if __name__ == "__main__":
    main()
