"""What a session is made from, and what may be changed in it, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.network import Array, DataSet, NetworkSpec, Preparation, TrainingSpec


@dataclass(frozen=True)
class InitializerSpec:
    """The initializer's name and those of its parameters that are not left at their defaults."""

    name: str = "glorot_uniform"
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class DataChoice:
    """A data set of the catalogue, made from the session's seed; targets suit the output activation.

    `expression` is the formula of a data set that has one; empty: its own.
    """

    name: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    expression: str = ""
    preparation: Preparation = field(default_factory=Preparation)


@dataclass(frozen=True)
class SessionSpec:
    """Everything a session starts from.

    `initial` are given values of all parameters, flat (P,); None: the initializer draws them from the seed.
    `preset` is the name of the preset that the specification came from, if it did.
    """

    network: NetworkSpec
    training: TrainingSpec
    data: DataSet | DataChoice
    seed: int = 0
    initializer: InitializerSpec = InitializerSpec()
    initial: Array | None = None
    preset: str | None = None


@dataclass(frozen=True)
class ParameterEdit:
    """A new value for the weight or bias `element`, or whether updates leave it alone; None: as it is."""

    element: str
    value: float | None = None
    frozen: bool | None = None


@dataclass(frozen=True)
class Edit:
    """A change of a running session; what is None or empty stays as it is.

    `current_sample` is the row to be trained next where batches hold one sample; with larger batches it is a
    matter of view and changes nothing.
    """

    training: TrainingSpec | None = None
    parameters: tuple[ParameterEdit, ...] = ()
    current_sample: int | None = None
    data: DataSet | DataChoice | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.training or self.parameters or self.data) and self.current_sample is None
