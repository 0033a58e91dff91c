"""Records as bytes and back, exactly: what a store keeps of a session.

The bytes are the length of a JSON text (four bytes, the least significant first), the text, and the arrays'
numbers one after another. In the text a list is a tuple, and an object is a mapping, unless "!" says that it
is an array, by its number, or a record of that name. Only the records named here are made, so that reading
runs no code of whoever wrote the bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.network import (
    BatchSpec,
    BiasSpec,
    ClippingSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    Preparation,
    RegularizationSpec,
    ScheduleSpec,
    SplitSpec,
    Table,
    TrainingSpec,
)
from core.session.specification import Edit, InitializerSpec, ParameterEdit, SessionSpec
from core.snapshot import Snapshot
from core.transforms import Scaling, Transform

_RECORDS: dict[str, Any] = {
    record.__name__: record
    for record in (
        BatchSpec,
        BiasSpec,
        ClippingSpec,
        DataSet,
        Edit,
        InitializerSpec,
        LayerSpec,
        LossSpec,
        NetworkSpec,
        OptimizerSpec,
        ParameterEdit,
        Preparation,
        RegularizationSpec,
        Scaling,
        ScheduleSpec,
        SessionSpec,
        Snapshot,
        SplitSpec,
        Table,
        TrainingSpec,
        Transform,
    )
}
_FIELDS = {record: tuple(field.name for field in fields(record)) for record in _RECORDS.values()}
# No mapping that is stored has a key like this one.
_KIND, _ARRAY = "!", "array"
# Numbers only: an array of Python objects would be more than numbers.
_KINDS = "fib"


class UnreadableError(ValueError):
    """Bytes that are none of `pack`, or those of a version that knows more."""


def pack(value: Any) -> bytes:
    """Return the value as bytes: records, tuples, mappings with text as keys, arrays, numbers, text."""
    writer = _Writer()
    text = json.dumps(value, default=writer.plain, separators=(",", ":"))
    # What the arrays are is known only now.
    described = json.dumps(writer.described) if writer.described else "[]"
    whole = f"[{text},{described}]".encode()
    return b"".join((len(whole).to_bytes(4, "little"), whole, *writer.parts))


def unpack(content: bytes) -> Any:
    """Return the value; UnreadableError where the bytes are not those of `pack`."""
    try:
        end = 4 + int.from_bytes(content[:4], "little")
        value, described = json.loads(content[4:end])
        return _made(value, _arrays(content, end, described))
    # Whatever is wrong with the bytes: a name, a type, a length.
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise UnreadableError() from error


class _Writer:
    """The value with arrays put aside; one that comes twice is written once."""

    def __init__(self) -> None:
        self.described: list[tuple[str, tuple[int, ...], str]] = []
        self.parts: list[bytes] = []
        # The arrays themselves are kept too: the number of one that is gone could be another's.
        self._known: dict[int, tuple[int, NDArray[Any]]] = {}

    def plain(self, value: Any) -> Any:
        """Return what JSON has no form for as what it has."""
        if isinstance(value, np.ndarray):
            return {_KIND: _ARRAY, "number": self._number(value)}
        if isinstance(value, np.generic):
            return value.item()
        if type(value) in _FIELDS:
            names = _FIELDS[type(value)]
            return {_KIND: type(value).__name__, **{name: getattr(value, name) for name in names}}
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"{type(value).__name__} is not to be stored")

    def _number(self, array: NDArray[Any]) -> int:
        known = self._known.get(id(array))
        if known is not None:
            return known[0]
        if array.dtype.kind not in _KINDS:
            raise TypeError(f"an array of {array.dtype} is not to be stored")
        # Columns one after another stay so: sums over them are made in the order in which they lie.
        order: Literal["C", "F"] = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        number = len(self.described)
        self.described.append((array.dtype.newbyteorder("<").str, array.shape, order))
        self.parts.append(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes(order))
        self._known[id(array)] = (number, array)
        return number


def _arrays(content: bytes, at: int, described: list[Any]) -> list[NDArray[Any]]:
    arrays: list[NDArray[Any]] = []
    for name, shape, order in described:
        dtype = np.dtype(name)
        if dtype.kind not in _KINDS:
            raise ValueError(name)
        count = int(np.prod(shape, dtype=np.int64))
        flat = np.frombuffer(content, dtype, count, at).astype(dtype.newbyteorder("="))
        array = flat.reshape(shape, order=order)
        array.flags.writeable = False
        arrays.append(array)
        at += count * dtype.itemsize
    if at != len(content):
        raise ValueError("the arrays do not fill the content")
    return arrays


def _made(value: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(value, list):
        return tuple(_made(item, arrays) for item in value)
    if not isinstance(value, dict):
        return value
    made = {name: _made(item, arrays) for name, item in value.items()}
    kind = made.pop(_KIND, None)
    if kind is None:
        return made
    return arrays[made["number"]] if kind == _ARRAY else _RECORDS[kind](**made)
