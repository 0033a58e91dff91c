"""The built page: sent while it matches its sources, compressed as the browser can read it, kept for long."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import assets, built
from app.bootstrap import digest
from app.paths import STATIC

SCRIPT = re.compile(r'type="module" src="(/static/built/[\w-]+-[A-Z0-9]{8}\.js)"')
STYLE = re.compile(r'rel="stylesheet" href="([^"]+)"')


def send(client: TestClient, address: str, encodings: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Return the headers of a reply and its bytes as they were sent."""
    with client.stream("GET", address, headers={"accept-encoding": encodings, **headers}) as reply:
        return dict(reply.headers), b"".join(reply.iter_raw())


@pytest.fixture
def address(client: TestClient) -> str:
    """The address of the page's script."""
    found = SCRIPT.search(client.get("/").text)
    assert found, "the page is not built; tools/build_page.py builds it"
    return found[1]


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        ("", {""}),
        ("gzip, deflate, br, zstd", {"gzip", "deflate", "br", "zstd"}),
        ("br;q=0, gzip;q=0.5", {"gzip"}),
        ("BR ; q=0.000,identity", {"identity"}),
    ],
)
def test_encodings_that_a_browser_can_read(header: str, allowed: set[str]) -> None:
    assert assets.accepted(header) == allowed


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_the_smallest_copy_that_the_browser_reads_is_sent(
    client: TestClient, address: str, accepted: str, encoding: str | None
) -> None:
    headers, body = send(client, address, accepted)
    path = STATIC / address.removeprefix("/static/")
    copy = path.with_name(path.name + (assets.ENCODINGS[encoding] if encoding else ""))
    assert headers.get("content-encoding") == encoding
    assert body == copy.read_bytes()
    assert encoding != "gzip" or gzip.decompress(body) == path.read_bytes()
    # The middleware that compresses other replies may say it again.
    assert set(headers["vary"].lower().split(", ")) == {"accept-encoding"}
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert int(headers["content-length"]) == len(body)


def test_each_copy_has_its_own_tag(client: TestClient, address: str) -> None:
    tags = {accepted: send(client, address, accepted)[0]["etag"] for accepted in ("br", "gzip", "identity")}
    assert len(set(tags.values())) == 3
    for accepted, tag in tags.items():
        again = client.get(address, headers={"accept-encoding": accepted, "if-none-match": tag})
        assert again.status_code == 304
        assert again.headers["vary"].lower() == "accept-encoding"
        assert "content-encoding" not in again.headers


def test_style_and_fonts_come_with_the_page(client: TestClient) -> None:
    page = client.get("/").text
    [style] = STYLE.findall(page)
    text = client.get(style).text
    fonts = re.findall(r"url\([\"']?([^\"')]+)", text)
    assert len(fonts) > 20
    for font in fonts:
        reply = client.get(f"/static/built/{font.removeprefix('./')}", headers={"accept-encoding": "br"})
        assert reply.status_code == 200
        assert "immutable" in reply.headers["cache-control"]
    for font in re.findall(r'rel="preload" href="([^"]+)" as="font"', page):
        assert Path(font).name in text
    # What the templates name, in their order: the last rule wins.
    order = [text.index(mark) for mark in ('font-family:"Source Sans 3"', ":root{", ".katex{")]
    assert order == sorted(order)


def test_only_the_files_of_the_page_are_kept_for_ever(client: TestClient) -> None:
    for name in ("stamp.json", "manifest.json"):
        assert client.get(f"/static/built/{name}").headers["cache-control"] == "no-cache"
    assert client.get("/static/built/main-AAAAAAAA.js").status_code == 404


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with a built page."""
    (tmp_path / "static" / "js").mkdir(parents=True)
    shutil.copytree(STATIC / "built", tmp_path / "static" / "built")
    source = tmp_path / "static" / "js" / "main.js"
    source.write_bytes(b"let a = 1;\n")
    stamp = {"static/js/main.js": digest(source), "tools/build_page.py": "not in a wheel"}
    (tmp_path / "static" / "built" / "stamp.json").write_text(json.dumps(stamp))
    monkeypatch.setattr(built, "STATIC", tmp_path / "static")
    monkeypatch.setattr(built, "FOLDER", tmp_path / "static" / "built")
    return source


def test_the_sources_are_sent_as_soon_as_one_has_changed(copy: Path, client: TestClient) -> None:
    assert built.current() is not None
    copy.write_bytes(b"let a = 1;\r\n")
    assert built.current() is not None, "line ends are not a change"
    copy.write_bytes(b"let a = 2;\n")
    assert built.current() is None
    page = client.get("/").text
    assert 'src="/static/js/main.js?v=' in page
    assert len(STYLE.findall(page)) > 10
    assert "/static/built/" not in page
    copy.write_bytes(b"let a = 1;\n")
    assert built.current() is not None
    copy.unlink()
    assert built.current() is None


def test_a_page_that_was_never_built(copy: Path) -> None:
    (built.FOLDER / "stamp.json").unlink()
    assert built.current() is None
