"""Every number of one step of backpropagation, fetched from a running Deltaboard.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/worked_example.py

The network has two inputs, two hidden neurons and two outputs, sigmoid everywhere and no biases. It is
trained on one sample with half the squared error and a learning rate of 0.5. Only the standard library is
needed.
"""

import argparse
import json
import urllib.request

NETWORK = {
    "layers": [
        {"units": 2, "activation": "sigmoid", "bias": {"mode": "absent"}},
        {"units": 2, "activation": "sigmoid", "bias": {"mode": "absent"}},
    ],
    "parameters": {
        # weights[layer][i][j] leads from neuron i to neuron j of the next layer.
        "weights": [
            [[0.3, 0.4], [0.25, 0.35]],
            [[0.45, 0.7], [0.4, 0.6]],
        ],
        "biases": [None, None],
    },
}
TRAINING = {
    "loss": {"name": "squared_error", "coefficient": 0.5, "outputs": "sum", "batch": "sum"},
    "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.5}},
}
DATA = {"inputs": [[0.1, 0.2]], "targets": [[0.4, 0.6]]}


def call(method, address, body=None):
    """Send a request with an optional JSON body, return the JSON reply."""
    request = urllib.request.Request(address, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def show(name, numbers):
    """Print a name and its numbers, eight decimals each."""
    print(f"  {name:26s}", "  ".join(f"{number:11.8f}" for number in numbers))


def show_weights(name, layer, matrix):
    """Print weights neuron by neuron: first all that lead to the first neuron, then to the second, ..."""
    # The matrix is (n_in, n_out); zip(*matrix) turns its columns into rows.
    show(f"{name}, layer {layer}", [weight for column in zip(*matrix, strict=True) for weight in column])


def show_trace(trace):
    """Print the forward pass, the loss, the backward pass and the update of one step."""
    print("Forward pass")
    for layer in trace["layers"]:
        show(f"net input z, layer {layer['layer']}", layer["net_input"])
        show(f"activation a, layer {layer['layer']}", layer["activation"])

    print("Loss")
    show("part of each output", trace["loss"]["parts"])
    show("total", [trace["loss"]["batch"]])

    print("Backward pass, from the outputs to the inputs")
    for layer in reversed(trace["layers"]):
        number = layer["layer"]
        show(f"dE/da, layer {number}", layer["upstream"])
        show(f"da/dz, layer {number}", layer["local"])
        show(f"delta = dE/dz, layer {number}", layer["delta"])
        show_weights("dE/dw", number, layer["batch_weight_gradient"])

    print("Update")
    for moment in ("before", "after"):
        for number, matrix in enumerate(trace[moment]["weights"], start=1):
            show_weights(f"weights {moment}", number, matrix)


def main():
    """Create the session, apply one update, print its trace and the next forward pass."""
    parser = argparse.ArgumentParser(description="Print every number of one step of backpropagation.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    sessions = parser.parse_args().url.rstrip("/") + "/api/v1/sessions"

    session = call("POST", sessions, {"network": NETWORK, "training": TRAINING, "data": DATA})
    address = f"{sessions}/{session['id']}"

    step = call("POST", f"{address}/step", {"count": 1, "trace": True})
    show_trace(step["trace"])

    # Without `step`, the trace is that of the next update, which is computed but not applied.
    print("The next forward pass")
    upcoming = call("GET", f"{address}/trace")
    for layer in upcoming["layers"]:
        show(f"activation a, layer {layer['layer']}", layer["activation"])
    show("total loss", [upcoming["loss"]["batch"]])

    call("DELETE", address)


if __name__ == "__main__":
    main()
