"""The engine: what a policy says of the rows of a frame on a day, field by field what ``decide`` says of each.

Rows with one key are answered alike, but for the days that are said. So one row of each key is asked what its
answer hangs on, and one of each key and days is asked for the answer itself; a roll of millions has some
thousands of them, and all else is joining.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl
from attrs import define, field

from hokensha.dates import CalendarError
from hokensha.engine import Answering, Met, Part, Said, parts
from hokensha.policy import Rulebook
from hokensha_roll.frames import EPOCH, NONE_DAY, Rejected, Wanted
from hokensha_roll.keys.expressions import FrameKeys
from hokensha_roll.keys.outcome import Listed, Outcome

_EVERY: Final = (1 << 31) - 1
"""In place of the first day from which on all come to the same: every day counts."""
_NO: Final = -(1 << 31)
"""In its place: no day counts."""
_TABLES: Final = ("issuance", "return")


@define(eq=False)
class Engine:
    """Decides frames by one policy on one day.

    Attributes:
        only_owed: Say only what is to be issued, and whether that hangs on facts that are not known; which
            those are, and all else that a decision says, is left out.
    """

    rulebook: Rulebook
    on: date
    only_owed: bool = False
    answering: Answering = field(init=False)
    _keys: FrameKeys = field(init=False)
    _met: _Met = field(init=False)
    _cases: _Cases = field(init=False)

    def __attrs_post_init__(self) -> None:
        every = parts(self.rulebook, self.on)
        asked = tuple(part for part in every if part.kind == "issuance") if self.only_owed else every
        self.answering = Answering(
            self.rulebook, asked, self.on, not self.only_owed, lambda part: part.kind in _TABLES or may_fail(part)
        )
        self._keys = FrameKeys(self.answering.keys)
        self._met = _Met(self._keys.names())
        self._cases = _Cases()

    @property
    def wanted(self) -> Wanted:
        """The facts that a decision may read, as columns of frames; those of a code with its values."""
        return {axis.fact: axis.values for axis in self.answering.keys.axes}

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that a decision may read."""
        return frozenset(self.wanted)

    def decide(self, frame: pl.DataFrame, lines: pl.Series) -> Outcome:
        """What the rows of a frame come to.

        Args:
            frame: See :class:`~hokensha_roll.frames.Batch`.
            lines: The line of each row.

        Raises:
            PluginError: A rule raised; the message names it and its plugin.
        """
        met = self._met.of(self._keys.of(frame), lambda row: self._meet(frame, row))
        days = [fact for fact in self._met.limits if fact in frame.columns]
        rows = met.hstack(frame.select(days).select(pl.all().gather(met["row"])))
        cases = self._cases.of(rows, self._met.limits, lambda row: self._say(frame, row))
        return self._cases.outcome(cases, lines, frame.height)

    def _meet(self, frame: pl.DataFrame, row: int) -> Met:
        member = self._keys.member(frame, row)
        return self.answering.meet(self.answering.keys.key(member.facts), member)

    def _say(self, frame: pl.DataFrame, row: int) -> Said | str:
        """What is said of a row; or why that cannot be said."""
        try:
            return self.answering.answer(self._keys.member(frame, row))
        except CalendarError as error:  # a day of these members lies where no holidays are known
            return str(error)


def may_fail(part: Part) -> bool:
    """Whether a day that a part says may lie where no holidays are known."""
    return part.hangs((1 << len(part.tests)) - 1).on_business_days(part.rulebook.figures)


@define(eq=False)
class _Met:
    """The keys met so far.

    Attributes:
        names: The columns of a key.
        limits: Of each fact that answers hang on, by the key's place: the first day that does not count.
    """

    names: list[str]
    limits: dict[str, list[int]] = field(factory=dict, init=False)
    _said: list[bool] = field(factory=list, init=False)
    _table: pl.DataFrame | None = field(default=None, init=False)

    def of(self, keys: pl.DataFrame, meet: Callable[[int], Met]) -> pl.DataFrame:
        """The rows of whom something may be said: ``row``, and the ``place`` of its key."""
        keys = keys.with_row_index("row")
        found = self._places(keys)
        if found["place"].null_count():
            new = found.filter(pl.col("place").is_null()).unique(self.names, keep="first", maintain_order=True)
            self._add(new, [meet(row) for row in new["row"]])
            found = self._places(keys)
        return found.filter("said").select("row", "place")

    def _places(self, keys: pl.DataFrame) -> pl.DataFrame:
        if self._table is None:
            return keys.with_columns(place=pl.lit(None, pl.UInt32), said=pl.lit(None, pl.Boolean))
        return keys.join(self._table, on=self.names, how="left", maintain_order="left")

    def _add(self, keys: pl.DataFrame, met: list[Met]) -> None:
        first = len(self._said)
        for each in met:
            hangs = dict(each.hangs)
            for fact in hangs:
                self.limits.setdefault(fact, [_NO] * len(self._said))
            for fact, limits in self.limits.items():
                beyond = hangs.get(fact)
                limits.append(
                    (_EVERY if beyond is None else beyond.toordinal() - EPOCH) if fact in hangs else _NO
                )
            self._said.append(bool(each.answered or each.open))
        table = keys.select(
            *self.names,
            place=pl.int_range(first, len(self._said), dtype=pl.UInt32),
            said=pl.Series(self._said[first:], dtype=pl.Boolean),
        )
        self._table = table if self._table is None else self._table.vstack(table).rechunk()


@define(eq=False)
class _Cases:
    """Members who are answered word for word alike: one key, and the same days as far as they count.

    Attributes:
        entries: What there is to say of each case, by table.
    """

    entries: dict[str, _Entries] = field(init=False)
    _faults: dict[int, str] = field(factory=dict, init=False)
    _table: pl.DataFrame | None = field(default=None, init=False)

    @entries.default
    def _each(self) -> dict[str, _Entries]:
        return {name: _Entries() for name in ("issuance", "return", "undetermined")}

    def of(
        self, rows: pl.DataFrame, limits: Mapping[str, Sequence[int]], say: Callable[[int], Said | str]
    ) -> pl.DataFrame:
        """The ``case`` of each ``row``.

        Args:
            rows: The ``row``, the ``place`` of its key, and the day of each fact that is not unknown to all.
            limits: Of each fact that answers hang on, by the place of a key: the first day that does not count.
            say: What is said of a row; or why that cannot be said.
        """
        days = [fact for fact in limits if fact in rows.columns]
        table = pl.DataFrame({fact: pl.Series(limits[fact], dtype=pl.Int32) for fact in days})
        counted = rows.select("row", "place").hstack(
            rows.select(
                pl.when(pl.col(fact) < table[fact].gather(rows["place"]))
                .then(pl.col(fact))
                .otherwise(NONE_DAY)
                .alias(fact)
                for fact in days
            )
        )
        found = self._known(counted, days)
        if found["case"].null_count():
            new = found.filter(pl.col("case").is_null()).unique(
                ["place", *days], keep="first", maintain_order=True
            )
            self._add(new.select("place", *days), [say(row) for row in new["row"]])
            found = self._known(counted, days)
        return found.select("row", "case")

    def _known(self, counted: pl.DataFrame, days: list[str]) -> pl.DataFrame:
        if self._table is None:
            return counted.with_columns(case=pl.lit(None, pl.UInt32))
        absent = [fact for fact in days if fact not in self._table.columns]
        self._table = self._table.with_columns(pl.lit(NONE_DAY, pl.Int32).alias(fact) for fact in absent)
        keys = ["place", *(fact for fact in self._table.columns if fact in days)]
        return counted.join(self._table, on=keys, how="left", maintain_order="left")

    def _add(self, new: pl.DataFrame, said: list[Said | str]) -> None:
        first = 0 if self._table is None else self._table.height
        for case, each in enumerate(said, first):
            if isinstance(each, str):
                self._faults[case] = each
                continue
            for part, answer in each.answers.items():
                if answer is not None and part.kind in self.entries:
                    self.entries[part.kind].add(case, answer)
            if each.missing:
                self.entries["undetermined"].add(case, each.missing)
        table = new.with_columns(case=pl.int_range(first, first + new.height, dtype=pl.UInt32))
        self._table = table if self._table is None else pl.concat([self._table, table], how="diagonal")

    def outcome(self, cases: pl.DataFrame, lines: pl.Series, rows: int) -> Outcome:
        """What these rows come to."""
        listed = {name: entries.of(cases) for name, entries in self.entries.items()}
        faults: list[Rejected] = []
        if self._faults:
            wrong = cases.filter(pl.col("case").is_in(list(self._faults)))
            for row, case in wrong.iter_rows():
                faults.append(Rejected(lines[row], "", "", self._faults[case]))
        decided = rows - len(listed["undetermined"].rows) - len(faults)
        return Outcome(
            rows, decided, listed["issuance"], listed["return"], listed["undetermined"], tuple(faults)
        )


@define(eq=False)
class _Entries:
    """What one table says of cases.

    Attributes:
        records: What there is to say, each once.
    """

    records: list[Any] = field(factory=list, init=False)
    _places: dict[Hashable, int] = field(factory=dict, init=False)
    _new: list[tuple[int, int]] = field(factory=list, init=False)
    _table: pl.DataFrame = field(init=False)

    @_table.default
    def _empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema={"case": pl.UInt32, "record": pl.UInt32})

    def add(self, case: int, record: Hashable) -> None:
        """Say something of a case; cases come in ascending order."""
        place = self._places.setdefault(record, len(self.records))
        if place == len(self.records):
            self.records.append(record)
        self._new.append((case, place))

    def of(self, cases: pl.DataFrame) -> Listed:
        """What is said of rows, in their order."""
        if self._new:
            new = pl.DataFrame(self._new, schema=self._table.schema, orient="row")
            self._table, self._new = self._table.vstack(new).rechunk(), []
        found = cases.join(self._table, on="case", how="inner", maintain_order="left_right")
        return Listed(found["row"], found["record"], self.records)
