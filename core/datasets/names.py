"""Names of columns and classes: what a table of one's own may call them."""

from __future__ import annotations

import re

from core.errors import InvalidInputError
from core.network import DataSet

MAXIMUM_NAME = 32
COLUMN_NAME = re.compile(r"[A-Za-z_가-힣][\w .]{0,31}")


def is_column_name(name: str) -> bool:
    """Return whether a column may be called so: a letter first, then letters, digits, `_`, `.`, blanks."""
    return COLUMN_NAME.fullmatch(name) is not None


def check_names(data: DataSet) -> None:
    """Raise InvalidInputError unless the names fit the set.

    `column-name` for one that is not allowed, `column-twice` for a repeated one, `names-count` (`limit`)
    where there are not as many as columns; `class-name` for a class's name that is empty or too long.
    """
    # Two classes are one column of targets.
    classes = data.targets.shape[1] if data.targets.shape[1] > 1 else 2
    for field, count in (
        ("columns", data.inputs.shape[1]),
        ("target_columns", data.targets.shape[1]),
        ("classes", classes),
    ):
        names: tuple[str, ...] = getattr(data, field)
        if field == "classes" and not names:
            continue
        if len(names) != count:
            raise InvalidInputError(code="names-count", pointer=f"/data/{field}", limit=count)
        for place, name in enumerate(names):
            pointer = f"/data/{field}/{place}"
            if field == "classes":
                if not name.strip() or len(name) > MAXIMUM_NAME or not name.isprintable():
                    raise InvalidInputError(code="class-name", pointer=pointer, limit=MAXIMUM_NAME)
            elif not is_column_name(name):
                raise InvalidInputError(code="column-name", pointer=pointer)
            if name in names[:place]:
                raise InvalidInputError(code="column-twice", pointer=pointer)
