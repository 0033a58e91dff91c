"""How quantities are written: the notation of a reply, and the catalogue's ready notations and choices."""

from __future__ import annotations

from app.schemas.base import Reply, Text


class NotationReply(Reply):
    """A notation in force; `name` is null where single choices make it no ready one.

    `loss` is the session's loss in its letters, `rate_symbol` the learning rate's as a character.
    """

    name: str | None
    weights: str
    index_base: str
    output: str
    target: str
    net_input: str
    activation: str
    rate: str
    difference: str
    orientation: str
    loss: str
    rate_symbol: str


class NotationChoiceReply(Reply):
    """One way to write something."""

    name: str
    label: Text
    tex: str


class NotationFieldReply(Reply):
    """Something that books write differently; `name` is also the query parameter of the micro-steps."""

    name: str
    label: Text
    choices: list[NotationChoiceReply]


class NotationPresetReply(Reply):
    """A ready notation; `losses` names the forms of the squared error that its document uses."""

    name: str
    label: Text
    description: Text
    source: Text
    choices: dict[str, str]
    losses: list[str]


class NotationsReply(Reply):
    """Every ready notation, and the fields from which others are made."""

    presets: list[NotationPresetReply]
    fields: list[NotationFieldReply]
