"""The pages for people, and the message catalogues that they read."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from app import __version__, built
from app.assets import asset, import_map
from app.i18n import LANGUAGE_COOKIE, LANGUAGES, catalogue, choose, page_catalogue
from app.licences import collect
from app.paths import TEMPLATES
from app.problems import ProblemError
from app.services import services

router = APIRouter(include_in_schema=False)
# The labs beside the Network lab that have a page, as static/js/lib/labs.js lists them.
LABS: tuple[str, ...] = ("perceptron", "descent", "regression", "losses", "graph")


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(request: Request, template: str, **context: object) -> HTMLResponse:
    """Return a page in the reader's language: `?lang=`, else the cookie `lang`, else Accept-Language."""
    language = choose(
        request.url.query, request.headers.get("accept-language", ""), request.cookies.get(LANGUAGE_COOKIE)
    )
    messages = catalogue(language)
    html = (
        _templates()
        .get_template(template)
        .render(
            lang=language,
            languages=LANGUAGES,
            # A text that is missing shows as its key; tests/test_locales.py finds it.
            t=lambda key: messages.get(key, key),
            asset=asset,
            built=built.current(),
            asset_version=__version__,
            version=__version__,
            closed=services(request).access.required,
            # The text whose hash the content security policy allows: it must reach the page unescaped.
            import_map=Markup(import_map()),
            **context,
        )
    )
    headers = {"content-language": language, "cache-control": "no-cache", "vary": "accept-language, cookie"}
    return HTMLResponse(html, headers=headers)


@router.get("/")
async def network(request: Request) -> HTMLResponse:
    """Show the network lab."""
    return render(request, "network.html", title="page.title")


@router.get("/labs/{name}")
async def lab(request: Request, name: str) -> HTMLResponse:
    """Show one of the other labs; the page's script finds which in the address."""
    if name not in LABS:
        raise ProblemError("not-found", 404)
    return render(request, "network.html", title=f"labs.title.{name}")


@router.get("/api")
async def api(request: Request) -> HTMLResponse:
    """Show the reader for the API's description."""
    return render(request, "api.html")


@router.get("/licences")
async def licences(request: Request) -> HTMLResponse:
    """Show the licence of every part that is shipped or needed at run time."""
    return render(request, "licences.html", parts=collect())


@router.get("/locales/{language}.json")
async def locale(language: str) -> JSONResponse:
    """Return every message of a language that the page shows, keys as `file.key`."""
    if language not in LANGUAGES:
        raise ProblemError("not-found", 404)
    return JSONResponse(
        page_catalogue(language), headers={"cache-control": "no-cache", "content-language": language}
    )
