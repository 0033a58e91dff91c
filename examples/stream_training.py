"""Train a network at full speed through a running Deltaboard, and draw its loss curve as it falls.

Start the server in one terminal, run this in another:

    python3 -m app
    python3 examples/stream_training.py

The server trains by itself and tells how far it has come as an event stream; this prints one line for every
frame. Ctrl-C ends the run where it stands. It needs httpx (`python3 -m pip install httpx`), any other client
that reads a reply line by line does as well.
"""

import argparse
import json

import httpx

RUN = {
    "epochs": 3000,
    "stop_at_loss": 0.01,
    # Early stopping: 500 epochs without any fall of the loss, and back to the best of them.
    "patience": {"epochs": 500},
    "restore_best": True,
    "frames_per_second": 10,
}
WIDTH = 50


def events(reply):
    """Yield the name and the data of each event; lines that begin with a colon only keep the line open."""
    name = ""
    for line in reply.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def bar(loss, first):
    """Return a bar as long as the loss is, of that at the beginning."""
    return "#" * max(1, round(WIDTH * min(1.0, loss / first)))


def main():
    """Create a session, follow its training, and say how it ended."""
    parser = argparse.ArgumentParser(description="Train XOR at full speed and print its loss as it falls.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running server")
    parser.add_argument("--preset", default="xor-2-2-1", help="what to train; /api/v1/catalog lists all")
    options = parser.parse_args()

    # A frame may take a while to come at a slow pace; the server says something at least every ten seconds.
    with httpx.Client(base_url=options.url, timeout=30) as client:
        created = client.post("/api/v1/sessions", json={"preset": options.preset})
        created.raise_for_status()
        session = created.json()
        address = f"/api/v1/sessions/{session['id']}"
        try:
            follow(client, address, session["loss"])
        except KeyboardInterrupt:
            # Without this it would go on for a minute: closing the stream loses no step.
            print("paused at step", client.post(f"{address}/pause").json()["step"])
        finally:
            client.delete(address)


def follow(client, address, first):
    """Begin the run and print a line for each frame, then why it ended."""
    accept = {"accept": "text/event-stream"}
    with client.stream("POST", f"{address}/train", json=RUN, headers=accept) as reply:
        reply.raise_for_status()
        for name, data in events(reply):
            if name == "frame":
                print(f"epoch {data['epoch']:6d}  loss {data['loss']:.6f}  {bar(data['loss'], first)}")
            else:
                session = data["session"]
                print(f"ended: {data['reason']} at epoch {session['epoch']}, loss {session['loss']:.6f}")


if __name__ == "__main__":
    main()
