"""The command line: find a port, start the server, open the browser.

Importing this needs only the standard library, and the syntax is that of Python 3.8, so that `--help` answers
at once, before any set-up. The server's own modules are imported in `run`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import gc
import ipaddress
import os
import socket
import sys
import threading
import webbrowser
from typing import Mapping, Sequence

LOG_LEVELS = ("critical", "error", "warning", "info", "debug")
LOG_FORMATS = ("text", "json")
# How many ports after the wanted one are tried.
PORTS_TRIED = 100
# For ending all training, then for what connections still have to send: within six seconds in all.
RUNS_END_SECONDS = 1.0
SHUTDOWN_SECONDS = 4


class StartError(Exception):
    """The server cannot start; the message says why and what to do, in words for the user."""


def parse(arguments: Sequence[str] | None = None, program: str = "deltaboard") -> argparse.Namespace:
    """Read the command line; --help and wrong options end the program here."""
    parser = argparse.ArgumentParser(
        prog=program,
        description="Deltaboard shows every number of backpropagation, in your browser.",
        epilog="Settings come from environment variables that begin with DELTABOARD_; options outrank them.",
    )
    parser.add_argument(
        "--port", type=port_number, help="port to serve on (default 8000, or the next free one)"
    )
    parser.add_argument(
        "--host",
        help="address to serve on (default 127.0.0.1: this machine alone); any other asks for an access code",
    )
    parser.add_argument(
        "--classroom",
        action="store_true",
        help="serve the whole network, and print address, access code and QR code for a class",
    )
    parser.add_argument(
        "--data-dir",
        help="directory in which sessions are kept (default: this user's own for data; "
        ":memory: keeps them only as long as the server runs)",
    )
    parser.add_argument(
        "--new-code", action="store_true", help="make a new access code; who has the old one is asked again"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--log-level", choices=LOG_LEVELS, help="from info on, requests are logged too")
    parser.add_argument("--log-format", choices=LOG_FORMATS, help="text (the default), or JSON documents")
    return parser.parse_args(arguments)


def port_number(text: str) -> int:
    """A port between 0 (any free one) and 65535."""
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return port


def main(arguments: Sequence[str] | None = None) -> int:
    """The `deltaboard` command; returns the exit status."""
    return run(parse(arguments))


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; returns the exit status."""
    try:
        serve(options)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # uvicorn has shut down in order, and passes the signal on
        print("\nStopped.")
    return 0


def serve(options: argparse.Namespace) -> None:
    """Bind the socket, then hand it and the application to uvicorn. Raises StartError."""
    # One thread gives the same bits on every run; numpy reads this once, when it is first imported.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import uvicorn
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    # Whoever asks waits for the compute thread's Python this often, not ten times as long; it costs training
    # nothing that can be measured.
    sys.setswitchinterval(0.0005)
    from app.classroom import entrance, for_class
    from app.connections import connection
    from app.logs import configuration
    from app.main import create_app
    from app.remembered import recall
    from app.settings import Settings
    from app.storage.place import PlaceError, data_directory, own_directory

    try:
        settings = Settings()
    except (ValidationError, SettingsError) as error:
        raise StartError(f"A DELTABOARD_ environment variable cannot be read:\n{error}") from error
    try:
        place = options.data_dir or settings.data_dir or str(own_directory())
        settings = settings.model_copy(update={"data_dir": place})
        kept = recall(data_directory(settings.data_dir), anew=options.new_code)
    except PlaceError as error:
        raise StartError(str(error)) from error
    host = options.host or ("0.0.0.0" if options.classroom else settings.host)
    wanted = settings.port if options.port is None else options.port
    listener = listen(host, wanted)
    port = listener.getsockname()[1]
    if wanted and port != wanted:
        print(f"Port {wanted} is in use; taking {port} instead.")
    settings = settings.model_copy(update={"host": host, "port": port})
    own = f"http://{shown_host(host)}:{port}"
    asks = options.classroom or not is_loopback(host)
    door = entrance(settings, own, kept.code if asks else None)
    settings = door.settings
    where = for_class(door, sys.stdout) if options.classroom else f"Deltaboard is running at {door.shown}"

    try:
        application = create_app(settings, kept.key)
    except PlaceError as error:
        listener.close()
        raise StartError(str(error)) from error
    if door.code is not None:
        kept.save()

    class Server(uvicorn.Server):
        """Says where it is only when it answers there, and ends open streams as soon as it is to stop."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            application.state.services.phase.name = "stopping"
            # A stream that is still open would hold the end up; its readers are told.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RUNS_END_SECONDS):
                    await application.state.services.runner.stop()
            await super().shutdown(sockets)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                # What the start has made stays; without it a full collection takes 5 ms instead of 45.
                gc.freeze()
                print(f"{where}\nPress Ctrl-C to stop", flush=True)
                if not options.no_browser and has_screen(os.environ, sys.platform):
                    # A browser may take its time, and the loop must answer it meanwhile.
                    threading.Thread(target=webbrowser.open, args=(door.link,), daemon=True).start()

    level = options.log_level or settings.log_level
    form = options.log_format or settings.log_format
    config = uvicorn.Config(
        application,
        # h11 refuses malformed requests that the faster parser lets through. A moment more than for a body,
        # which is refused in words.
        http=connection(settings.request_seconds + 2.0),
        ws="none",
        workers=1,
        log_config=configuration(form, level, application.state.services.access.secrets),
        access_log=False,  # it would show addresses, and with them access codes and sessions' ids
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    with listener:
        Server(config).run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether every address of a host name is this machine's own."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise StartError(f"The host {host!r} is unknown: {error.strerror}.") from error
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found)


def listen(host: str, wanted: int) -> socket.socket:
    """A listening socket on the wanted port, or on the next free one. Raises StartError.

    It listens before it is returned: a port that is only bound could still go to another program.
    """
    family, _, _, _, address = socket.getaddrinfo(host, wanted, type=socket.SOCK_STREAM)[0]
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        # With the protocol named, asyncio turns Nagle's delay off, which costs 40 ms a reply otherwise.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        # Elsewhere this lets a restart use the port at once; on Windows it would share a port in use.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address[0], port, *address[2:]))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise StartError(why_not_bound(host, port, error)) from error
        else:
            return listener
    raise StartError(f"Ports {wanted} and those after it are in use; name another with --port.")


def why_not_bound(host: str, port: int, error: OSError) -> str:
    """Words for a port that can't be had for another reason than being in use."""
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this account; name one above 1023 with --port."
    return f"Cannot serve on {host}, port {port}: {error.strerror}."


def shown_host(host: str) -> str:
    """The host for the printed address: this machine's own where the server listens on all of them."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a browser opened here would be seen: not over SSH, in CI or without a display."""
    if environment.get("SSH_CONNECTION") or environment.get("CI"):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
