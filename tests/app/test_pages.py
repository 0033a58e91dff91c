"""The pages, their languages, the static files, and health."""

import re

import pytest
from starlette.testclient import TestClient

from app.assets import asset
from app.i18n import page_catalogue


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        ("", "", "", "en"),
        ("", "", "ko-KR,ko;q=0.9", "ko"),
        ("", "ko", "en", "ko"),
        ("?lang=en", "ko", "ko", "en"),
        ("?lang=xx", "", "ko", "ko"),
    ],
)
def test_language_of_the_page(
    client: TestClient, query: str, cookie: str, accept: str, language: str
) -> None:
    headers = {"accept-language": accept}
    if cookie:
        headers["cookie"] = f"lang={cookie}"
    page = client.get(f"/{query}", headers=headers)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert page.headers["content-language"] == language


@pytest.mark.parametrize("language", ["en", "ko"])
def test_catalogue_of_messages(client: TestClient, language: str) -> None:
    sent = client.get(f"/locales/{language}.json").json()
    assert sent == page_catalogue(language)
    assert not [key for key in sent if key.startswith(("problems.", "microsteps.", "answers."))]


def test_unknown_catalogue(client: TestClient) -> None:
    assert client.get("/locales/xx.json").status_code == 404


@pytest.mark.parametrize("path", ["/", "/api", "/licences"])
def test_everything_that_a_page_loads_is_there_and_ours(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    loaded = re.findall(r"""<(?:script|link|img)[^>]*(?:src|href)="([^"]+)""", page.text)
    for address in loaded:
        assert address.startswith(("/static/", "/locales/"))
        assert client.get(address).status_code == 200, address


def test_licences_name_both_kinds_of_parts(client: TestClient) -> None:
    page = client.get("/licences").text
    for name in ("preact", "katex", "fastapi", "numpy", "starlette"):
        assert re.search(rf"<h2>{name} [\d.]+</h2>", page, re.IGNORECASE), name


def test_versioned_files_are_kept_and_others_asked_about(client: TestClient) -> None:
    address = asset("vendor/preact.js")
    kept = client.get(address)
    assert "immutable" in kept.headers["cache-control"]
    assert kept.headers["content-encoding"] == "gzip"
    for other in ("/static/vendor/preact.js", "/static/vendor/preact.js?v=0"):
        assert client.get(other).headers["cache-control"] == "no-cache"
    asked = client.get("/static/vendor/preact.js", headers={"if-none-match": kept.headers["etag"]})
    assert asked.status_code == 304


@pytest.mark.parametrize(
    "path", ["/static/../app/main.py", "/static/%2e%2e/app/main.py", "/static//etc/passwd"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
