"""What all models share: strict on the way in, `null` for what is not finite on the way out."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=64)]
Parameters = Annotated[dict[Name, float], Field(max_length=16)]
ElementId = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-zA-Z]+(\.[a-z0-9_]+){1,5}$")]

# Numbers in replies: a number that is not finite is null, its kind stands in `nonfinite`.
Number = float | None
Vector = list[Number]
Matrix = list[Vector]


class Input(BaseModel):
    """A part of a request: no unknown fields, no text for numbers, nothing that is not finite."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class Reply(BaseModel):
    """A part of a reply."""

    model_config = ConfigDict(frozen=True)


class Text(Reply):
    """A text for people, in both languages."""

    en: str
    ko: str


class Named(Reply):
    """A named choice with its own numbers: an initializer, an optimizer."""

    name: str
    parameters: dict[str, float]


class WithNonfinite(Reply):
    """A reply whose numbers may be null: `nonfinite` has the JSON pointer and the kind of each."""

    nonfinite: Annotated[
        dict[str, str],
        Field(default_factory=dict, description='JSON pointer of each null number: "inf", "-inf" or "nan".'),
    ]


class ProblemItem(Reply):
    """One thing that is wrong with the request.

    Where the pointer leads to a text, `position` is the character in it, from 0; for CSV `row` and `column`
    are the table's, the header being row 1.
    """

    pointer: str
    detail: str
    position: int | None = None
    row: int | None = None
    column: str | None = None


class Problem(Reply):
    """An error as RFC 9457 describes it, in the caller's language."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemItem]
