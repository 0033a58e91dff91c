"""Where a server is reached by others: its addresses, its access code, and both as a QR code for a class."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO
from urllib.parse import quote, urlsplit

import segno
from pydantic import SecretStr

from app.settings import Settings

# Nothing is sent to these: the system only tells which of its own addresses it would send from. The first
# is the documentation's, reached by the default route; the others are for networks without one.
PROBES = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")
# Light modules around a QR code: four are asked for (ISO/IEC 18004), two are enough for phones.
QUIET = 2
BLACK_ON_WHITE, PLAIN = "\x1b[30;107m", "\x1b[0m"

CLASS = """\
Deltaboard is running for your class:

  address      {addresses}
  access code  {code}
"""
SCAN = """\
{qr}
The QR code holds both. On this machine: {own}"""
NO_QR = "\nBoth in one link, for this machine: {own}"
PLAIN_HTTP = "The connection is not encrypted: use a network that you trust."


@dataclass(frozen=True)
class Entrance:
    """The settings with the code and the host names, and what is told of them.

    `link` lets in whoever opens it on this machine, `shown` is what is printed of it, `addresses` are the
    others' ways here, `code` is None where nobody is asked for one.
    """

    settings: Settings
    link: str
    shown: str
    addresses: tuple[str, ...]
    code: str | None


def entrance(settings: Settings, own: str, code: str | None) -> Entrance:
    """Return how a server is entered that this machine reaches at `own`.

    Its code is that of the settings, else `code`; where both are None, nobody is asked for one.
    """
    made = settings.access_token is None
    if settings.access_token is not None:
        code = settings.access_token.get_secret_value()
    if code is None:
        return Entrance(settings, own, own, (own,), None)
    addresses = _addresses(settings)
    names = [*settings.allowed_hosts, *_host_names(), *(urlsplit(each).netloc for each in addresses)]
    hosts = tuple(re.sub(r":\d+$", "", name).lower() for name in names)
    settings = settings.model_copy(update={"access_token": SecretStr(code), "allowed_hosts": hosts})
    entry = link(own, code)
    # A code that somebody chose they know; one that was made is told here and nowhere else.
    return Entrance(settings, entry, entry if made else own, addresses, code)


def _addresses(settings: Settings) -> tuple[str, ...]:
    """Return what others type, the likeliest first."""
    if settings.public_address is not None:
        return (settings.public_address.rstrip("/"),)
    wildcard = settings.host in ("0.0.0.0", "::")
    hosts = (network_addresses() or ["127.0.0.1"]) if wildcard else [settings.host]
    return tuple(f"http://{f'[{host}]' if ':' in host else host}:{settings.port}" for host in hosts)


def network_addresses() -> list[str]:
    """Return this machine's IPv4 addresses in its networks, that of the default route first."""
    found: list[str] = []
    for probe in PROBES:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            asked.connect((probe, 9))
            address = asked.getsockname()[0]
            ip = ipaddress.ip_address(address)
            if not (ip.is_loopback or ip.is_unspecified or address in found):
                found.append(address)
    return found


def _host_names() -> list[str]:
    """Return the names under which others in the network may know this machine."""
    name = socket.gethostname().lower()
    return [name] if "." in name else [name, f"{name}.local"]


def link(address: str, code: str) -> str:
    """Return the address that lets in whoever opens it."""
    return f"{address}/?token={quote(code, safe='')}"


def for_class(door: Entrance, terminal: TextIO) -> str:
    """Return what the teacher sees; the QR code only where it is drawn on a screen."""
    assert door.code is not None
    said = CLASS.format(addresses=f"\n{'':15}".join(door.addresses), code=door.code)
    if terminal.isatty():
        modules = segno.make_qr(link(door.addresses[0], door.code), error="l").matrix
        said += SCAN.format(qr="\n".join(qr_lines(modules, terminal.encoding)), own=door.link)
    else:
        said += NO_QR.format(own=door.link)
    return f"{said}\n{PLAIN_HTTP}" if door.addresses[0].startswith("http:") else said


def qr_lines(modules: Iterable[Iterable[int]], encoding: str) -> list[str]:
    """Return the lines of a QR code, black on white whatever the terminal's colours are.

    Two rows of modules stand in one line as half blocks, where the terminal's encoding has them; else each
    module is two spaces.
    """
    rows = [[bool(module) for module in row] for row in modules]
    width = len(rows[0]) + 2 * QUIET
    side, blank = [False] * QUIET, [False] * width
    rows = [*[blank] * QUIET, *([*side, *row, *side] for row in rows), *[blank] * QUIET]
    try:
        "█▀▄".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ["".join(("\x1b[40m  " if dark else "\x1b[107m  ") for dark in row) + PLAIN for row in rows]
    if len(rows) % 2:
        rows.append(blank)
    blocks = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    return [
        BLACK_ON_WHITE + "".join(blocks[pair] for pair in zip(upper, lower, strict=True)) + PLAIN
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
