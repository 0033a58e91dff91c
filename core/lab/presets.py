"""A lab's ready examples, plain request bodies with a name, and what its registries offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.registry import Label


@dataclass(frozen=True, slots=True)
class LabPreset:
    """A ready example of a lab: `body` is what to post to it.

    `mode` is the part of the lab's page that it belongs to, None where there is one only.
    """

    name: str
    label: Label
    body: Mapping[str, Any]
    mode: str | None = None


class LabChoice(Protocol):
    """What a lab's registry holds, where it is to be chosen from."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> Label: ...

    @property
    def tex(self) -> str: ...
