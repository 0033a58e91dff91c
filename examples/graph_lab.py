"""Differentiate an expression by hand and by graph, with a running Deltaboard as the calculator.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/graph_lab.py
    python3 examples/graph_lab.py "t = x + y; z = t^2" x=1 y=2
    python3 examples/graph_lab.py --layers

It prints the value over every wire and the gradient under it, the way back edge by edge (downstream = local x
upstream), and the proof. Without an expression it computes the apples and oranges of the course; with
--layers a network as matrices, then one of its samples gate by gate. Only the standard library is needed.
"""

import argparse
import json
import urllib.error
import urllib.request


def post(address, body):
    """Send a JSON body, return the JSON reply; a refusal ends the program with its sentence."""
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as reply:
            return json.loads(reply.read())
    except urllib.error.HTTPError as refusal:
        problem = json.loads(refusal.read())
        if body.get("expression") and "position" in (problem["errors"] or [{}])[0]:
            print(body["expression"])
            print(" " * problem["errors"][0]["position"] + "^")
        raise SystemExit(problem["detail"]) from None


def shown(number):
    """Return a number for people; what is not finite comes as null."""
    return "not finite" if number is None else f"{number:.8g}"


def show_layers(url):
    """Print a network's matrices with their shapes and gradients; return one sample of it for the graph."""
    reply = post(f"{url}/graph/layers", {})
    for wire in reply["wires"]:
        print(f"{wire['id']:4s} {tuple(wire['shape'])!s:8s} {wire['values']}")
        if wire["differentiated"]:
            print(f"  dL{'':10s} {wire['gradient']}")
    return {name: reply["scalar"][name] for name in ("expression", "values")}


def main():
    """Print the graph, the way back and the proof."""
    parser = argparse.ArgumentParser(description="Differentiate an expression through its graph of gates.")
    parser.add_argument("expression", nargs="?", help='such as "t = x + y; z = t^2"')
    parser.add_argument("values", nargs="*", help="such as x=1 y=2")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    parser.add_argument("--layers", action="store_true", help="a network as layers with matrices")
    given = parser.parse_args()
    url = f"{given.url.rstrip('/')}/api/v1"
    body = {}
    if given.layers:
        body = show_layers(url)
    elif given.expression:
        pairs = (pair.partition("=") for pair in given.values)
        body = {"expression": given.expression, "values": {name: float(value) for name, _, value in pairs}}
    reply = post(f"{url}/graph", body)

    print(reply["request"]["expression"])
    for wire in reply["wires"]:
        gradient = shown(wire["gradient"]) if wire["differentiated"] else "no variable"
        print(f"  {wire['source']:>10s} -> {wire['target']:10s} {shown(wire['value']):>12s}  d {gradient}")

    steps = {step["id"]: step for step in reply["explanation"]["microsteps"]}
    sentences = reply["explanation"]["sentences"]
    print("The way back")
    for step in steps.values():
        for line in step["lines"] if step["phase"] == "backward" else ():
            numbers = ", ".join(f"{ref} = {shown(value)}" for ref, value in line["values"].items())
            text = sentences[line["sentence"]]["en"].format(**line["refs"])
            made = f"{line['result_ref']:10s} {shown(line['result']):>12s}"
            print(f"  {made}   from {numbers or 'itself'}: {text}")

    proof = reply["explanation"]["verification"]
    if proof:
        apart = proof["largest_relative_difference"]
        print(f"difference quotients: {proof['verdict']}, at most {apart:.1e} apart")


if __name__ == "__main__":
    main()
