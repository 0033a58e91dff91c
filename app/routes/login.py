"""The page that asks for the access code; it works without JavaScript."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.gate import LOGIN, own_path
from app.i18n import LANGUAGES
from app.problems import ProblemError
from app.routes.pages import render
from app.services import services

router = APIRouter(include_in_schema=False)

MAX_FORM_BYTES = 4096
_REASONS = ("access-wrong", "access-throttled")


@router.get(LOGIN)
async def ask(request: Request) -> Response:
    """Ask for the code; who has given it goes on to `next`."""
    parts = services(request)
    onward = own_path(request.query_params.get("next", "/"))
    cookies = {b"cookie": request.headers.getlist("cookie")}
    if not parts.access.required or parts.gate.has_cookie(cookies):
        return parts.gate.pass_on(onward)
    why = request.query_params.get("why", "")
    if _from_elsewhere(request):
        # A browser that follows another site's link keeps its cookie back. It sends it to the same address
        # when this page asks for that: who has it need not type the code again.
        query = {"next": onward, "here": "1"} | ({"why": why} if why in _REASONS else {})
        return _page(request, "arrive.html", 200, onward=f"{LOGIN}?{urlencode(query, safe='/')}")
    return _form(request, onward, why if why in _REASONS else None, 200)


@router.post(LOGIN)
async def answer(request: Request) -> Response:
    """Take the code: the cookie and the page that was wanted, or the form once more."""
    parts = services(request)
    onward = own_path(request.query_params.get("next", "/"))
    if not parts.access.required:
        return parts.gate.pass_on(onward)
    code = (await _fields(request)).get("code", [""])[-1]
    try:
        parts.access.check(code, request.client.host if request.client else "")
    except ProblemError as error:
        return _form(request, onward, error.code, error.status, error.headers)
    return parts.gate.admit(onward)


def _from_elsewhere(request: Request) -> bool:
    """Whether the cookie may have been kept back; to an http address browsers do not say it."""
    return (
        request.headers.get("sec-fetch-site") not in ("same-origin", "none")
        and "here" not in request.query_params
    )


async def _fields(request: Request) -> dict[str, list[str]]:
    """Return the form's fields; 415 and 413 for what no form of this page sends."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise ProblemError("access-form", 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise ProblemError("body-too-large", 413, limit=MAX_FORM_BYTES, headers={"connection": "close"})
    return parse_qs(body.decode("utf-8", "replace"))


def _form(
    request: Request, onward: str, why: str | None, status: int, headers: dict[str, str] | None = None
) -> Response:
    others = {
        language: f"{LOGIN}?{urlencode({'next': onward, 'here': '1', 'lang': language}, safe='/')}"
        for language in LANGUAGES
    }
    return _page(request, "login.html", status, headers, reason=why and f"access.{why}", others=others)


def _page(
    request: Request, template: str, status: int, headers: dict[str, str] | None = None, **context: object
) -> Response:
    page = render(request, template, **context)
    page.status_code = status
    # With no referrer at all a form's origin would be "null", and the guard refuses that.
    page.headers.update({**(headers or {}), "referrer-policy": "same-origin", "cache-control": "no-store"})
    return page
