"""Find the first wrong number of a calculation on paper, with a running Deltaboard as the teacher.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/check_my_numbers.py

It prints one iteration of the worked example term by term: every product, sum, slope, delta and gradient,
with the micro-steps that each one uses. Then it hands in four numbers, three of them wrong, and prints which
slip explains them. Only the standard library is needed.
"""

import argparse
import json
import urllib.request

# What a learner has on paper: dE/do1, then two deltas and a new weight that are each wrong in a usual way.
ON_PAPER = {"up.2.0": 0.2094, "d.2.0": 0.2094, "d.1.0": -0.0081, "nw.2.0.0": 0.4241}


def call(method, address, body=None):
    """Send a request with an optional JSON body, return the JSON reply."""
    request = urllib.request.Request(address, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def show_microsteps(reply):
    """Print every micro-step: its place, what it makes, its result, and the places of those that it uses."""
    places = {step["id"]: place for place, step in enumerate(reply["microsteps"], start=1)}
    for phase in reply["phases"]:
        print(f"{phase['name']}: {phase['count']} micro-steps")
        for step in reply["microsteps"][phase["first"] : phase["first"] + phase["count"]]:
            (line,) = step["lines"]
            used = ", ".join(str(places[name]) for name in line["uses"])
            uses = f"   uses {used}" if used else ""
            print(f"  {places[step['id']]:2d}  {line['result_ref']:10s} {line['result']:12.8f}{uses}")


def show_answers(reply):
    """Print what became of each number that was handed in."""
    for answer in reply["answers"]:
        told = {"right": "right", "wrong": "wrong, and no usual slip explains it"}.get(answer["verdict"])
        if answer["slip"]:
            slip = answer["slip"]
            told = f"{slip['name']}: {slip['text']['en'].format(**slip['refs'])}"
        print(f"  {answer['ref']:10s} {answer['value']:9.4f}   {told}")
    print(f"  {reply['right']} of {reply['asked']} right")


def main():
    """Tell one iteration term by term, then check the numbers on paper."""
    parser = argparse.ArgumentParser(description="Check a calculation on paper, number by number.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    sessions = parser.parse_args().url.rstrip("/") + "/api/v1/sessions"

    session = call("POST", sessions, {"preset": "worked-example"})
    address = f"{sessions}/{session['id']}"
    show_microsteps(call("GET", f"{address}/microsteps?granularity=term"))

    answers = [{"ref": ref, "value": value} for ref, value in ON_PAPER.items()]
    print("On paper")
    show_answers(call("POST", f"{address}/answers", {"answers": answers}))
    call("DELETE", address)


if __name__ == "__main__":
    main()
