"""Fit a line to points through a running Deltaboard: descent, closed form, and three learning rates.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/regression_lab.py

It prints both partial derivatives of the first iteration summand by summand, where descent came to beside the
closed form, and what learning rates below and above the largest stable one do. Only the standard library is
needed.
"""

import argparse
import json
import urllib.request

POINTS = [[0, 1], [1, 3], [2, 2], [3, 5], [4, 4]]


def post(address, body):
    """Send a JSON body, return the JSON reply."""
    request = urllib.request.Request(address, method="POST", data=json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        return json.loads(reply.read())


def results(reply):
    """Return the number of every line of the explanation under its reference."""
    steps = reply["explanation"]["microsteps"]
    return {line["result_ref"]: line["result"] for step in steps for line in step["lines"]}


def main():
    """Ask for one descent, then for its closed form."""
    parser = argparse.ArgumentParser(description="A line through points.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    regression = parser.parse_args().url.rstrip("/") + "/api/v1/regression"

    body = {"points": POINTS, "learning_rate": 0.1, "steps": 100}
    reply = post(regression, body)
    told = results(reply)
    print("point   residual   -e for w0   -x e for w1")
    for i in range(1, len(POINTS) + 1):
        print(f"{i:5d} {told[f'e.{i}']:10.4f} {told[f's.0.{i}']:11.4f} {told[f's.1.{i}']:13.4f}")
    print(f"sum              {told['S.0']:11.4f} {told['S.1']:13.4f}")
    print(f"2/N times the sum{told['gw.0']:11.4f} {told['gw.1']:13.4f}")
    print(f"proof: {reply['explanation']['verification']['verdict']}")

    path, best = reply["path"], reply["closed_form"]["line"]
    print(f"descent: y = {path['w0'][-1]:.6f} + {path['w1'][-1]:.6f} x, loss {path['losses'][-1]:.6f}")
    print(f"closed form: y = {best['w0']:.6f} + {best['w1']:.6f} x, loss {best['loss']:.6f}")

    closed = results(post(regression, {**body, "told": "closed_form"}))
    print(f"w1 = covariance / variance = {closed['cov']:g} / {closed['var']:g} = {closed['w.1']:g}")

    print(f"largest stable learning rate: {reply['stability']['limit']:.6f}")
    for rate in reply["rates"]:
        print(f"  {rate['learning_rate']:<8g} {rate['verdict']:10s} loss {rate['path']['losses'][-1]:.6g}")


if __name__ == "__main__":
    main()
