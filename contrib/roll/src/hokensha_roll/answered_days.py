"""What a scalar definition answers for days, looked up for many rows at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from hokensha.facts import Unknown
from hokensha_roll.alike import Numbers
from hokensha_roll.blocks import NONE_DAY, code_of, day_of

_SPAN: Final = 1 << 17
"""So many days a table holds, and none and unknown at its end."""
_BEFORE: Final = 40_300
"""How many of them lie before 1970-01-01: they are those from 1859 to 2218."""
_KNOWN: Final = 1_000_000
"""Added to a day's code in a table, so that zero says that nobody has looked yet."""


@frozen(eq=False)
class Day:
    """A function from days to days, asked once for each day that turns up, but for far off ones.

    Attributes:
        function: The scalar definition.
    """

    function: Callable[[date | None], date | None]
    _table: NDArray[np.int32] = field(factory=lambda: np.zeros(_SPAN, np.int32), init=False)
    _far: dict[int, int] = field(factory=dict, init=False)

    def __call__(self, codes: Numbers) -> NDArray[np.int32]:
        """The function of each day; what is unknown stays unknown."""
        # None and unknown stand at the end of the table.
        places = np.where(codes >= NONE_DAY, codes - NONE_DAY + (_SPAN - 2), codes + _BEFORE)
        near = (places >= 0) & (places < _SPAN)
        if near.all():
            return self._near(places, codes)
        found = np.empty(len(codes), np.int32)
        found[near] = self._near(places[near], codes[near])
        far = codes[~near].tolist()
        self._far.update((code, self._of(code)) for code in {*far} - self._far.keys())
        found[~near] = [self._far[code] for code in far]
        return found

    def _near(self, places: Numbers, codes: Numbers) -> NDArray[np.int32]:
        found = self._table[places]
        if not found.all():
            for code, place in {*zip(codes[found == 0].tolist(), places[found == 0].tolist(), strict=True)}:
                self._table[place] = _KNOWN + self._of(code)
            found = self._table[places]
        days: NDArray[np.int32] = found - np.int32(_KNOWN)
        return days

    def _of(self, code: int) -> int:
        day = day_of(code)
        return code_of(day if isinstance(day, Unknown) else self.function(day))
