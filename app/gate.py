"""The door of a server that asks for an access code: what is open without it, and how it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from app.access import Access, refusal
from app.problems import ProblemError
from app.settings import Settings

Headers = Mapping[bytes, Sequence[str]]

LOGIN = "/login"
# Everything else is closed, a route that is added tomorrow too. Health tells whether the server works and
# nothing more; the files are those that the page which asks for the code is made of.
OPEN = {
    LOGIN: ("GET", "HEAD", "POST"),
    "/healthz": ("GET", "HEAD"),
    "/readyz": ("GET", "HEAD"),
    "/static/icon.svg": ("GET", "HEAD"),
    "/static/css/tokens.css": ("GET", "HEAD"),
    "/static/css/login.css": ("GET", "HEAD"),
    "/static/js/arrive.js": ("GET", "HEAD"),
}
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_LONGEST_PATH = 2000


class Gate:
    """Lets in who has the cookie or sends the code as a bearer; shows a browser where to type it."""

    def __init__(self, access: Access, settings: Settings) -> None:
        self._access = access
        self._settings = settings

    def answer(self, scope: Scope, headers: Headers) -> Response | None:
        """Return what is answered in place of the request, None where it may pass.

        Raises ProblemError: 401 without the code, 429 after too many wrong ones.
        """
        if not self._access.required or scope["method"] in OPEN.get(scope["path"], ()):
            return None
        address = scope["client"][0] if scope.get("client") else ""
        known = self.has_cookie(headers)
        if scope["method"] in ("GET", "HEAD"):
            given, rest = _token_of(scope)
            if given is not None:
                return self._take(given, rest, known, address, headers)
        if known:
            return None
        authorizations = headers.get(b"authorization", ())
        if authorizations:
            scheme, _, code = authorizations[0].partition(" ")
            if len(authorizations) > 1 or scheme.lower() != "bearer":
                raise refusal()
            self._access.check(code.strip(), address)
            return None
        if scope["method"] in ("GET", "HEAD") and _is_navigation(headers):
            return _to_login(own_path(_address(scope["path"], scope["query_string"].decode("latin-1"))))
        raise refusal()

    def has_cookie(self, headers: Headers) -> bool:
        """Whether the request comes from a browser that has given the code."""
        cookies = cookie_parser("; ".join(headers.get(b"cookie", ())))
        return self._access.holds_cookie(cookies.get(self._access.cookie_name, ""))

    def pass_on(self, to: str) -> Response:
        """Return the redirect of a browser that need not give the code."""
        return _redirect(to)

    def admit(self, to: str) -> Response:
        """Return the redirect that takes the browser in, with its cookie."""
        response = _redirect(to)
        response.set_cookie(
            self._access.cookie_name,
            self._access.cookie_value,
            max_age=self._settings.access_cookie_seconds,
            secure=self._settings.access_cookie_secure,
            httponly=True,
            samesite="strict",
        )
        return response

    def _take(self, given: str, rest: str, known: bool, address: str, headers: Headers) -> Response:
        """Return the same address without the code in it, which stays in no history and on no projector."""
        if known:
            return _redirect(rest)
        try:
            self._access.check(given, address)
        except ProblemError as error:
            if not _is_navigation(headers):
                raise
            return _to_login(rest, error.code)
        return self.admit(rest)


def own_path(text: str) -> str:
    """Return a path of this server, with its query; the start page for anything that leads elsewhere."""
    return text if len(text) <= _LONGEST_PATH and _OWN_PATH.fullmatch(text) else "/"


def _token_of(scope: Scope) -> tuple[str | None, str]:
    """Return the code in the address, None where there is none, and the address without it."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    tokens = [value for name, value in pairs if name == "token"]
    if not tokens:
        return None, ""
    rest = urlencode([(name, value) for name, value in pairs if name != "token"])
    return tokens[0], own_path(_address(scope["path"], rest))


def _address(path: str, query: str) -> str:
    path = quote(path, safe="/:@!$&'()*+,;=~-._", errors="replace")
    return f"{path}?{query}" if query else path


def _is_navigation(headers: Headers) -> bool:
    """Whether somebody looks at the reply: a page that is opened, not a script's call or a page's part."""
    modes = headers.get(b"sec-fetch-mode", ("navigate",))
    return "text/html" in ",".join(headers.get(b"accept", ())) and list(modes) == ["navigate"]


def _to_login(path: str, why: str | None = None) -> Response:
    query = {"next": path} if why is None else {"next": path, "why": why}
    return _redirect(f"{LOGIN}?{urlencode(query, safe='/')}")


def _redirect(to: str) -> Response:
    return RedirectResponse(to, 303, {"cache-control": "no-store"})
