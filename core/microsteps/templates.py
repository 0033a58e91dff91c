"""Templates of equations: TeX with `<ref>` or `<ref|tex>` where a quantity stands.

The symbolic side puts a quantity's symbol there (or the given TeX), the substituted side a slot for its
number. A thin space that stands for a product, and a dot, become a cross between numbers.
"""

from __future__ import annotations

import re

_SLOT = re.compile(r"<([A-Za-z][^<>|]*)(?:\|([^<>]*))?>")
_PRODUCT = re.compile(r"\\cdot |(?<!,)\\,")

# A template in pieces: literal TeX for the symbolic and for the substituted side, a slot's name, its own TeX.
Piece = tuple[str, str, str | None, str | None]


def pieces(template: str) -> tuple[Piece, ...]:
    """Return a template in pieces."""
    texts = _SLOT.split(template)
    crosses = [_PRODUCT.sub(r"\\times ", text) for text in texts[::3]]
    names, own = (*texts[1::3], None), (*texts[2::3], None)
    return tuple(zip(texts[::3], crosses, names, own, strict=True))
