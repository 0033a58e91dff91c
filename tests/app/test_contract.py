"""Every operation of the API's description, called with what fits it and with what does not.

schemathesis makes the requests from the OpenAPI document; they go over a real socket. A reply's status,
content type and body must be among the documented ones, a request that breaks the description must be
refused, and no refusal may be larger, or tell more, than promised. FUZZ_EXAMPLES=200 makes that many of each
kind, at random.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    status_code_conformance,
)

from app.i18n import LANGUAGES
from app.main import create_app
from app.settings import Settings
from tests.app.conftest import SESSIONS, WORKED_EXAMPLE

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
DOCUMENT = create_app(Settings()).openapi()
# What is too large may be refused as that, before anything is made of it.
REFUSALS = {"expected-statuses": [400, 404, 405, 409, 413, 415, 422]}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, negative_data_rejection]
PLACEHOLDER = re.compile(r"\{[a-z]+\}")
METHODS = {"get", "put", "post", "delete", "options", "patch", "trace", "head"}


def operations() -> Iterator[Any]:
    """Every operation, its description copied: the tool changes what it is given."""
    config = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": REFUSALS}})
    copied = json.loads(json.dumps(DOCUMENT))
    for found in schemathesis.openapi.from_dict(copied, config=config).get_all_operations():
        yield found.ok()


@cache
def validator(path: str, method: str, status: str) -> Any:
    """What a JSON reply must fit; None where no JSON reply is described."""
    reply = DOCUMENT["paths"][path][method]["responses"][status]
    for media_type in ("application/json", "application/problem+json"):
        described = reply.get("content", {}).get(media_type, {})
        if "schema" in described:
            schema = {**described["schema"], "components": DOCUMENT["components"]}
            return jsonschema_rs.Draft202012Validator(schema)
    return None


STARTS: list[tuple[dict[str, Any], dict[str, Any] | None]] = [
    ({"preset": "xor-2-2-1"}, {"count": 3}),
    (WORKED_EXAMPLE, None),
    ({"preset": "xor-2-2-1", "training": {"batch": {"mode": "full"}}}, {"count": 20, "unit": "epoch"}),
    # Diverged at once.
    (
        {
            "network": {"layers": [{"units": 1, "activation": "identity"}]},
            "training": {"optimizer": {"name": "sgd", "parameters": {"learning_rate": 1e6}}},
            "data": {"inputs": [[1e6, 1], [2, 3]], "targets": [[1], [0]]},
        },
        {"count": 1000},
    ),
]


@pytest.fixture(scope="module")
def begun(live_url: str) -> Iterator[Callable[[], str]]:
    """Call it for the id of a session, of several kinds in turn."""
    with httpx.Client(base_url=live_url, timeout=60) as client:
        originals = []
        for body, steps in STARTS:
            made = client.post(SESSIONS, json=body)
            assert made.status_code == 201, made.text
            originals.append(made.json()["id"])
            if steps is not None:
                assert client.post(f"{SESSIONS}/{originals[-1]}/step", json=steps).status_code == 200
        turns = itertools.cycle(originals)
        copies: list[str] = []

        def copy() -> str:
            while copies:
                client.delete(f"{SESSIONS}/{copies.pop()}")
            forked = client.post(f"{SESSIONS}/{next(turns)}/fork", json={})
            assert forked.status_code == 201, forked.text
            copies.append(forked.json()["id"])
            return copies[-1]

        yield copy
        for id in [*originals, *copies]:
            client.delete(f"{SESSIONS}/{id}")


@pytest.mark.parametrize("operation", list(operations()), ids=lambda found: found.label)
def test_every_reply_is_a_documented_one(operation: Any, live_url: str, begun: Callable[[], str]) -> None:
    numbers = itertools.count()

    def call(case: Case) -> None:
        if "id" in case.path_parameters:
            case.path_parameters["id"] = begun()
        language = LANGUAGES[next(numbers) % len(LANGUAGES)]
        # Asked for a stream, training would answer for ever.
        told = {"accept": "application/json", "accept-language": language}
        with requests.Session() as connection:
            reply = case.call(base_url=live_url, session=connection, headers=told, timeout=20)
        case.validate_response(reply, checks=CHECKS)
        check_body(case, reply, language)

    for mode in MODES:
        made = given(case=operation.as_strategy(generation_mode=mode))(call)
        bounded = settings(
            max_examples=EXAMPLES or 5,
            derandomize=not EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(made)
        try:
            bounded()
        except Unsatisfiable:
            # Nothing can be wrong about a call without parameters.
            assert mode is GenerationMode.NEGATIVE


def check_body(case: Case, reply: Any, language: str) -> None:
    """JSON fits its description; a refusal says in the caller's language, in 4 KB, what is wrong."""
    if not reply.content or "json" not in reply.headers.get("content-type", [""])[0]:
        return
    document = json.loads(reply.text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    described = validator(case.operation.path, case.method.lower(), str(reply.status_code))
    if described is not None:
        described.validate(document)
    if reply.status_code >= 400:
        assert len(reply.content) <= 4096
        sentences = [document["title"], document["detail"], *(each["detail"] for each in document["errors"])]
        for sentence in sentences:
            assert not PLACEHOLDER.search(sentence)
            assert "Traceback" not in sentence
        assert reply.headers["content-language"] == [language]


@pytest.mark.parametrize("path", list(DOCUMENT["paths"]))
def test_methods_that_are_not_described_are_refused(path: str, live_url: str) -> None:
    # What stands for an id may be a word of another path.
    same = {path, "/api/v1/sessions/{id}"} if path == "/api/v1/sessions/import" else {path}
    described = METHODS & {method for each in same for method in DOCUMENT["paths"][each]}
    with httpx.Client(base_url=live_url) as client:
        for method in sorted(METHODS - described):
            reply = client.request(method, path.replace("{id}", "unknown"))
            assert reply.status_code == 405, method
            assert described <= {name.strip().lower() for name in reply.headers["allow"].split(",")}
