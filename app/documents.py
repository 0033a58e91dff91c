"""A session as a document to keep and send: its recipe, with checksums of it and of what it led to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from app import __version__
from app.store import Handle
from core.session import Session

# The page's files have the same form and number.
FORMAT = 1


def session_document(handle: Handle) -> dict[str, Any]:
    """Return the document: `recipe` leads to this state, the checksums tell whether it did."""
    session = handle.session
    recipe = session.recipe()
    return {
        "deltaboard": FORMAT,
        "program": __version__,
        "label": handle.label,
        "recipe": recipe,
        "recipe_sha256": recipe_checksum(recipe),
        "step": session.step_count,
        "parameters_sha256": parameter_checksum(session),
    }


def recipe_checksum(recipe: Any) -> str:
    """Return the SHA-256 of the recipe as JSON with sorted keys; 1.0 and 1 are the same number."""
    text = json.dumps(_canonical(recipe), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def parameter_checksum(session: Session) -> str:
    """Return the SHA-256 of all weights and biases as little-endian float64; -0 counts as 0."""
    return hashlib.sha256((session.snapshot.vector + 0.0).astype("<f8").tobytes()).hexdigest()


def _canonical(value: Any) -> Any:
    """Return the value with every whole number as an int: other programs write 1.0 as 1."""
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        return value
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
