"""What numbers are kept in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def read_only(array: Array) -> Array:
    """Return a copy of `array` that cannot be written to, so that a record stays what it was."""
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy
