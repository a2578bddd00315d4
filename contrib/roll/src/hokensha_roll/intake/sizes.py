"""How much is read at once."""

from __future__ import annotations

from typing import Final

from attrs import field, frozen
from attrs.validators import and_, ge, le


@frozen
class Sizes:
    """How much of a roll is read at once. What is read never depends on it.

    Attributes:
        block: Rows of a batch at most.
        piece: Bytes of a CSV file (unpacked) that are read at once, about.
        hash_bits: How many bits of a key's hash count. Fewer make keys collide; tests want that.
    """

    block: int = field(default=1 << 17, validator=ge(1))
    piece: int = field(default=1 << 23, validator=ge(1))
    hash_bits: int = field(default=64, validator=and_(ge(1), le(64)))


USUAL: Final = Sizes()
