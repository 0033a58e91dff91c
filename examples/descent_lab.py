"""Descend a function and let optimizers race, through a running Deltaboard.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/descent_lab.py

It prints the derivative of a typed function by the rules of calculus and by difference quotients for h going
to 0, the last iterations of a course's program digit for digit, three learning rates, and the standings of
six optimizers after 14 steps. Only the standard library is needed.
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


def one_variable(reply):
    """Print the derivative, the quotients' errors, the end of the path and the rates."""
    derivative = reply["derivative"]
    verdict = reply["explanation"]["verification"]["verdict"]
    print(f"f'(x) = {derivative['tex']} = {derivative['expanded']}, proof: {verdict}")

    quotients = reply["quotients"]
    print("h       forward error   central error")
    errors = zip(quotients["h"], quotients["forward"]["error"], quotients["central"]["error"], strict=True)
    for h, forward, central in errors:
        print(f"{h:<7.0e} {forward:13.2e} {central:15.2e}")

    run = reply["run"]
    print("step                   x                   y")
    for step in range(run["steps"] - 5, run["steps"] + 1):
        print(f"{step:4d} {run['x'][step]!r:>19} {run['y'][step]!r:>19}")
    print(run["reason"]["en"])
    for rate in reply["rates"]:
        end = f"after {rate['steps']} steps, x = {rate['x'][-1]:.6f}"
        print(f"{rate['learning_rate']:<5g} {rate['verdict']} {end}")


def two_variables(reply):
    """Print where every run stands, the lowest value first."""
    rows = sorted(zip(reply["standings"], reply["paths"], strict=True), key=lambda pair: pair[0]["rank"])
    for standing, path in rows:
        x, y = standing["point"]
        print(f"{standing['rank']} {path['optimizer']:9s} {x:8.4f} {y:8.4f} {standing['value']:9.6f}")


def main():
    """Ask for the course's descent, then for a race."""
    parser = argparse.ArgumentParser(description="Gradient descent in one variable and in two.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    descent = parser.parse_args().url.rstrip("/") + "/api/v1/descent"
    one_variable(post(descent, {"expression": "(x-3)^2 + 10", "start": 10, "learning_rate": 0.01}))
    two_variables(post(f"{descent}/race", {"surface": "ravine", "at": 14}))


if __name__ == "__main__":
    main()
