"""A server with an access code: every route is closed, the code opens them, guessing it is throttled."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from app.access import LETTERS, MAX_ADDRESSES, Access, new_code
from app.gate import own_path
from app.main import create_app
from app.problems import ProblemError
from app.settings import Settings

CODE = "K7QM-2XNA"
SESSIONS = "/api/v1/sessions"
BROWSER = {"accept": "text/html,*/*;q=0.8", "sec-fetch-mode": "navigate", "sec-fetch-site": "none"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What answers without the code, and nothing else; health, and the page that asks for the code.
OPEN = {
    *((method, path) for method in ("GET", "HEAD") for path in ("/healthz", "/readyz", "/login")),
    ("POST", "/login"),
}
OPEN_FILES = {"icon.svg", "css/tokens.css", "css/login.css", "js/arrive.js"}


@pytest.fixture
def closed(make_client: Callable[..., TestClient]) -> TestClient:
    return make_client(access_token=SecretStr(CODE))


def all_routes(routes: Any) -> list[tuple[str, set[str]]]:
    """Every path with its methods, those of included routers too; a parameter as some value."""
    found: list[tuple[str, set[str]]] = []
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            prefix = getattr(getattr(route, "include_context", None), "prefix", "")
            found += [(prefix + path, methods) for path, methods in all_routes(inner.routes)]
        elif isinstance(route, Route):
            found.append((re.sub(r"\{\w+(:\w+)?\}", "x", route.path), set(route.methods or ())))
        elif isinstance(route, Mount):
            found.append((f"{route.path}/x", {"GET", "HEAD"}))
        else:
            found.append((str(getattr(route, "path", route)), set(METHODS)))
    return found


def test_every_route_is_closed_but_for_those_named_here(closed: TestClient) -> None:
    routes = all_routes(closed.app.routes)  # type: ignore[attr-defined]
    paths = {path for path, _ in routes}
    described = {
        re.sub(r"\{\w+\}", "x", path)
        for path in closed.app.openapi()["paths"]  # type: ignore[attr-defined]
    }
    assert described <= paths, "the routes were not all found"
    assert len(paths) > 40
    open_routes = set()
    for path in [*paths, "/", "/nothing", "/static/x", "/static/js/main.js", "/api/v1/nothing"]:
        for method in METHODS:
            reply = closed.request(method, path, follow_redirects=False)
            if reply.status_code == 401:
                assert reply.headers["www-authenticate"].startswith("Bearer")
                assert method == "HEAD" or reply.json()["type"] == "/problems/access-needed"
            else:
                open_routes.add((method, path))
    assert open_routes == OPEN


def test_what_is_open_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "classroom.md").read_text("utf-8")
    rows = re.findall(r"^\| (`/.*?) \|", text, re.MULTILINE)
    documented = {path for row in rows for path in re.findall("`(.+?)`", row)}
    assert documented == {path for _, path in OPEN} | {f"/static/{name}" for name in OPEN_FILES}


def test_of_the_files_only_those_of_the_login_page_are_open(closed: TestClient) -> None:
    page = closed.get("/login?here=1")
    loaded = set(re.findall(r"/static/([\w./-]+)", page.text + closed.get("/login").text))
    assert loaded == OPEN_FILES
    for name in loaded:
        assert closed.get(f"/static/{name}").status_code == 200
        assert closed.post(f"/static/{name}").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/healthz/", "//healthz", "/HEALTHZ", "/healthz/../api/v1/catalog", "/login/", "/login/x",
        "/static/css/tokens.css/../../js/main.js", "/static/css/", "/%6cogin/../api",
        "/api/v1/catalog?/healthz", "/api/v1/catalog?token", "/api/v1/catalog#/login",
    ],
)  # fmt: skip
def test_nothing_that_looks_like_an_open_path_is_open(closed: TestClient, path: str) -> None:
    assert closed.get(path, follow_redirects=False).status_code == 401


def test_a_stream_is_closed_too(closed: TestClient) -> None:
    bearer = {"authorization": f"Bearer {CODE}"}
    id = closed.post(SESSIONS, json={}, headers=bearer).json()["id"]
    stream = {"accept": "text/event-stream"}
    assert closed.get(f"{SESSIONS}/{id}/train", headers=stream).status_code == 401
    assert closed.post(f"{SESSIONS}/{id}/train", json={}, headers=stream).status_code == 401


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {CODE}", 200),
        (f"bearer {CODE.lower().replace('-', '')}", 200),
        ("Bearer K7QM-2XNB", 401),
        (f"Basic {CODE}", 401),
        (CODE, 401),
        ("Bearer", 401),
        ("Bearer \u00ff", 401),
    ],
)
def test_scripts_send_it_as_a_bearer(closed: TestClient, authorization: str, status: int) -> None:
    reply = closed.get("/api/v1/catalog", headers={"authorization": authorization.encode("latin-1")})
    assert reply.status_code == status
    assert CODE not in reply.text


def test_two_authorizations_are_none(closed: TestClient) -> None:
    headers = [("authorization", f"Bearer {CODE}"), ("authorization", "Bearer wrong")]
    assert closed.get("/api/v1/catalog", headers=headers).status_code == 401


def test_in_the_address_it_is_taken_once_and_removed(closed: TestClient) -> None:
    reply = closed.get(f"/labs/graph?lang=ko&token={CODE}&x=%2F", headers=BROWSER, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "/labs/graph?lang=ko&x=%2F")
    assert reply.headers["cache-control"] == "no-store"
    cookie = reply.headers["set-cookie"]
    assert CODE not in cookie
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=2592000"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert closed.get("/api/v1/catalog").status_code == 200
    # Where the cookie is there already the address is cleaned all the same.
    again = closed.get("/?token=wrong", headers=BROWSER, follow_redirects=False)
    assert (again.status_code, again.headers["location"]) == (303, "/")
    # It is for opening a page: nothing is changed by a link.
    closed.cookies.clear()
    assert closed.post(f"{SESSIONS}?token={CODE}", json={}).status_code == 401


def test_a_wrong_one_in_the_address_leads_to_the_form(closed: TestClient) -> None:
    reply = closed.get("/api?token=wrong", headers=BROWSER, follow_redirects=False)
    assert reply.headers["location"] == "/login?next=/api&why=access-wrong"
    assert "set-cookie" not in reply.headers
    assert closed.get("/api?token=wrong", follow_redirects=False).status_code == 401
    assert closed.get("/api", headers=BROWSER | {"sec-fetch-mode": "cors"}).status_code == 401


@pytest.mark.parametrize(("language", "word"), [("en", "Access code"), ("ko", "접속 코드")])
def test_a_browser_is_asked_for_it(closed: TestClient, language: str, word: str) -> None:
    headers = BROWSER | {"accept-language": language}
    page = closed.get("/labs/graph", headers=headers)
    assert page.url.path == "/login"
    assert page.url.params["next"] == "/labs/graph"
    assert page.status_code == 200
    assert word in page.text
    assert "<form" in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    wrong = closed.post(page.url, data={"code": "1234-5678"}, headers=headers)
    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.text
    assert "1234-5678" not in wrong.text
    right = closed.post(page.url, data={"code": f" {CODE.lower()} "}, follow_redirects=False)
    assert (right.status_code, right.headers["location"]) == (303, "/labs/graph")
    assert closed.get("/login?next=/labs/graph", follow_redirects=False).headers["location"] == "/labs/graph"
    assert closed.get("/").status_code == 200


def test_a_link_from_another_site_is_followed_once_more_from_here(closed: TestClient) -> None:
    # To an http address of a network browsers do not say where a request comes from.
    for headers in ({"sec-fetch-site": "cross-site"}, {}):
        page = closed.get("/login?next=/api", headers=headers)
        assert "<form" not in page.text
        assert 'href="/login?next=/api&amp;here=1"' in page.text
    assert "<form" in closed.get("/login?next=/api&here=1").text


def test_forms_of_other_sites_and_of_other_kinds_are_refused(closed: TestClient) -> None:
    body = {"code": CODE}
    assert closed.post("/login", data=body, headers={"origin": "http://evil.example"}).status_code == 403
    assert closed.post("/login", json=body).status_code == 415
    assert closed.post("/login", data={"code": "x" * 5000}).status_code == 413
    assert closed.post("/login", data={"other": "x"}).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "", "x" * 3000, "/é"],
)
def test_it_leads_to_no_other_server(path: str) -> None:
    assert own_path(path) == "/"


def test_the_answer_does_not_depend_on_what_an_earlier_server_gave(closed: TestClient) -> None:
    other = Access(Settings(access_token=SecretStr("ABCD-EFGH")), key=b"k")
    same = Access(Settings(access_token=SecretStr("ABCD-EFGH")), key=b"k")
    changed = Access(Settings(access_token=SecretStr("ABCD-EFGJ")), key=b"k")
    assert other.cookie_value == same.cookie_value != changed.cookie_value
    closed.cookies.set(other.cookie_name, other.cookie_value)
    assert closed.get("/api/v1/catalog").status_code == 401


def test_without_a_code_everybody_gets_in(client: TestClient) -> None:
    assert client.get("/api/v1/catalog").status_code == 200
    assert client.get("/login?next=/api", follow_redirects=False).headers["location"] == "/api"
    assert client.post("/login", data={"code": "x"}, follow_redirects=False).headers["location"] == "/"


def test_wrong_codes_are_throttled_by_address() -> None:
    now = 0.0
    settings = Settings(access_token=SecretStr(CODE), max_wrong_codes=3, wrong_code_seconds=60)
    access = Access(settings, clock=lambda: now)

    def status(code: str, address: str) -> int:
        try:
            access.check(code, address)
        except ProblemError as error:
            return error.status
        return 200

    assert [status("wrong", "192.0.2.1") for _ in range(4)] == [401, 401, 401, 429]
    now = 30.0
    # The right one is not looked at: whoever guesses would learn it. Others' addresses know nothing of it.
    assert status(CODE, "192.0.2.1") == 429
    assert status(CODE, "::ffff:192.0.2.1") == 429
    assert status(CODE, "192.0.2.2") == 200
    with pytest.raises(ProblemError) as refused:
        access.check(CODE, "192.0.2.1")
    assert refused.value.headers["retry-after"] == "30"
    now = 60.0
    assert status(CODE, "192.0.2.1") == 200
    # All of an IPv6 network's addresses are one guesser's.
    assert [status("wrong", f"2001:db8::{n}") for n in range(1, 5)] == [401, 401, 401, 429]
    assert status(CODE, "2001:db8:0:1::1") == 200
    assert (access.wrong, access.throttled) == (6, 5)
    for number in range(MAX_ADDRESSES + 10):
        status("wrong", str(number))
    assert len(access._failures) == MAX_ADDRESSES


def test_who_is_in_stays_in_while_others_guess(make_client: Callable[..., TestClient]) -> None:
    client = make_client(access_token=SecretStr(CODE), max_wrong_codes=2)
    client.post("/login", data={"code": CODE})
    for _ in range(3):
        refused = client.post("/login", data={"code": "wrong"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert client.get("/api/v1/catalog").status_code == 200


def test_with_a_code_any_address_is_a_host_but_no_other_name(closed: TestClient) -> None:
    for host, status in [("192.0.2.7:8000", 200), ("[2001:db8::1]:8000", 200), ("evil.example", 421),
                         ("192.0.2.7.evil.example", 421), ("0x7f.1", 421)]:  # fmt: skip
        assert closed.get("/healthz", headers={"host": host}).status_code == status


def test_no_web_socket_comes_in(closed: TestClient) -> None:
    with pytest.raises(Exception) as closing, closed.websocket_connect("/api/v1/catalog"):  # noqa: PT011
        pass
    assert getattr(closing.value, "code", None) == 1008


def test_codes_are_fresh_and_can_be_told_apart() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(re.fullmatch(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}", code) for code in codes)
    assert not set("0O1ILU") & set(LETTERS)


@pytest.mark.parametrize("token", ["short", "with a space", "줄임말줄임말줄임말", "x" * 129])
def test_a_code_of_ones_own_must_not_be_guessed_soon(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELTABOARD_ACCESS_TOKEN", token)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert token not in str(refused.value)
    assert "8 to 128" in str(refused.value)


def test_a_code_of_ones_own_is_taken_letter_by_letter() -> None:
    access = Access(Settings(access_token=SecretStr("correct-Horse")))
    access.check("correct-Horse", "")
    for wrong in ("correct-horse", "correctHorse"):
        with pytest.raises(ProblemError):
            access.check(wrong, "")
    assert "correct" not in repr(Settings(access_token=SecretStr("correct-Horse")))
    assert create_app(Settings(access_token=SecretStr("correct-Horse")))
