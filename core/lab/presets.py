"""A lab's ready examples: plain request bodies with a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.registry import Label


@dataclass(frozen=True, slots=True)
class LabPreset:
    """A ready example of a lab: `body` is what to post to it."""

    name: str
    label: Label
    body: Mapping[str, Any]
