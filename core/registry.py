"""Named entries: the catalogue, the page's controls and the parametrised tests all read these tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from core.errors import InvalidInputError, UnknownNameError


@dataclass(frozen=True)
class Label:
    """A name for people, in both languages."""

    en: str
    ko: str


@dataclass(frozen=True)
class Parameter:
    """One settable number of an entry, with its default and its range.

    `exclusive_minimum` and `exclusive_maximum` say that the bound itself is not allowed; `integer` that only
    whole numbers are.
    """

    name: str
    label: Label
    tex: str
    default: float
    minimum: float
    maximum: float
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    integer: bool = False

    def check(self, value: float, pointer: str) -> float:
        """Return `value` when it lies in the range, else raise InvalidInputError naming the range."""
        low = value <= self.minimum if self.exclusive_minimum else value < self.minimum
        high = value >= self.maximum if self.exclusive_maximum else value > self.maximum
        # `not (value == value)` catches NaN, for which every comparison above is False.
        if low or high or value != value or (self.integer and value != int(value)):
            raise InvalidInputError(
                code="parameter-range",
                pointer=pointer,
                name=self.name,
                minimum=self.minimum,
                maximum=self.maximum,
                exclusive_minimum=self.exclusive_minimum,
                exclusive_maximum=self.exclusive_maximum,
                integer=self.integer,
            )
        return value


class Named(Protocol):
    """What a registry holds: anything frozen with a name."""

    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


class Registry(Generic[Entry]):
    """An ordered table of entries under their names; `kind` names the table in error messages."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> Entry:
        """Register `entry`; a second entry of the same name is a programming error (ValueError)."""
        if entry.name in self._entries:
            raise ValueError(f"{self.kind} {entry.name!r} is registered twice")
        self._entries[entry.name] = entry
        return entry

    def get(self, name: str, pointer: str = "") -> Entry:
        """Return the entry, or raise UnknownNameError that lists the choices."""
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownNameError(pointer=pointer, kind=self.kind, choices=list(self._entries)) from None

    def names(self) -> list[str]:
        """Return every name, in the order of registration."""
        return list(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries


def complete_parameters(
    parameters: tuple[Parameter, ...], given: Mapping[str, float], pointer: str = ""
) -> dict[str, float]:
    """Return a value for every parameter: the given one, checked, or the default.

    Raises UnknownNameError for a name that is not among `parameters`, InvalidInputError for one out of range.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            raise UnknownNameError(pointer=f"{pointer}/{name}", kind="parameter", choices=list(known))
    return {
        name: parameter.check(float(given.get(name, parameter.default)), f"{pointer}/{name}")
        for name, parameter in known.items()
    }
