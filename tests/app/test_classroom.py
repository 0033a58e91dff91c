"""What a server for other machines tells of itself: addresses, access code, QR code."""

import io
import os
import re
from pathlib import Path

import pytest
import segno
from pydantic import SecretStr

from app import classroom
from app.classroom import BLACK_ON_WHITE, PLAIN, QUIET, entrance, for_class, link, network_addresses, qr_lines
from app.remembered import recall
from app.settings import Settings

CODE = "K7QM-2XNA"
OWN = "http://127.0.0.1:8000"


class Screen(io.StringIO):
    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True


def test_this_machine_alone_needs_no_code() -> None:
    door = entrance(Settings(), OWN, None)
    assert (door.code, door.link, door.shown) == (None, OWN, OWN)
    assert door.settings.access_token is None


def test_other_machines_need_one_and_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classroom, "network_addresses", lambda: ["192.0.2.7", "198.51.100.7"])
    monkeypatch.setattr("socket.gethostname", lambda: "Teacher")
    door = entrance(Settings(host="0.0.0.0"), OWN, CODE)
    assert door.settings.access_token == SecretStr(CODE)
    assert door.shown == door.link == f"{OWN}/?token={CODE}"
    assert door.addresses == ("http://192.0.2.7:8000", "http://198.51.100.7:8000")
    assert {"localhost", "teacher", "teacher.local", "192.0.2.7"} <= set(door.settings.allowed_hosts)


def test_a_code_of_ones_own_is_kept_and_not_printed() -> None:
    token = SecretStr("my/own&code")
    door = entrance(Settings(access_token=token), OWN, None)
    assert door.settings.access_token == token
    assert door.shown == OWN
    assert door.link == f"{OWN}/?token=my%2Fown%26code"


def test_an_address_can_be_given_where_the_machine_cannot_know_it() -> None:
    settings = Settings(host="0.0.0.0", public_address="https://Class.example:8443")
    door = entrance(settings, OWN, CODE)
    assert door.addresses == ("https://Class.example:8443",)
    assert "class.example" in door.settings.allowed_hosts
    six = entrance(Settings(host="2001:db8::7"), OWN, CODE)
    assert six.addresses == ("http://[2001:db8::7]:8000",)
    assert "[2001:db8::7]" in six.settings.allowed_hosts


def test_addresses_are_of_networks() -> None:
    assert not [address for address in network_addresses() if address.startswith("127.")]


def test_a_teacher_sees_address_code_and_qr_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classroom, "network_addresses", lambda: ["192.0.2.7"])
    door = entrance(Settings(host="0.0.0.0"), OWN, CODE)
    said = for_class(door, Screen())
    assert "http://192.0.2.7:8000\n" in said
    assert f"access code  {CODE}\n" in said
    # Drawn again as modules, it is the code of the address with the access code in it.
    lines = re.findall(f"{re.escape(BLACK_ON_WHITE)}(.*){re.escape(PLAIN)}", said)
    rows = [[glyph in glyphs for glyph in line] for line in lines for glyphs in ("█▀", "█▄")]
    expected = segno.make_qr(link("http://192.0.2.7:8000", CODE), error="l").matrix
    inner = [row[QUIET:-QUIET] for row in rows[QUIET : QUIET + len(expected)]]
    assert inner == [[bool(module) for module in row] for row in expected]
    # No line is wider than the narrowest terminal.
    assert max(len(line) for line in lines) <= 80
    assert "▀" not in for_class(door, io.StringIO())


def test_a_terminal_without_block_characters_gets_spaces() -> None:
    lines = qr_lines([[1, 0], [0, 1]], "ascii")
    assert len(lines) == 2 + 2 * QUIET
    assert all(line.isascii() and line.endswith(PLAIN) for line in lines)
    assert lines[QUIET].count("\x1b[40m  ") == 1


def test_a_server_that_starts_again_lets_the_same_people_in(tmp_path: Path) -> None:
    first = recall(tmp_path)
    first.save()
    assert recall(tmp_path) == first
    file = tmp_path / "access.json"
    if os.name != "nt":
        assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["access.json"]
    # Until the old code is to end, or the file is not what was written.
    anew = recall(tmp_path, anew=True)
    assert (anew.code != first.code, anew.key != first.key) == (True, True)
    for broken in (
        "",
        "{",
        "[]",
        '{"code": "K7QM-2XNA"}',
        '{"code": "1234", "key": "00"}',
        '{"code": 1, "key": 2}',
    ):
        file.write_text(broken, "ascii")
        assert recall(tmp_path).key != first.key
    assert recall(None).file is None
    recall(None).save()
