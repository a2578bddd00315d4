"""The rows of a frame, told apart by all that their answers hang on: their keys, and the days that count.

Rows with one key are answered alike, but for the days that are said. So the driver is told of each key once,
and then of each key with the days that count; it asks the core, and what that says is joined to the rows.
Where known days are compared with unknown ones, it is told of those in between.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from attrs import define, field
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf

from hokensha.dates import CalendarError
from hokensha.engine import Answering, Left, Met, Said, over
from hokensha.errors import Finding, HokenshaError
from hokensha.facts import Member, Unknown
from hokensha_spark.cells import FAULT, Cell, named
from hokensha_spark.local import distinct, table

CASE: Final = "case"
"""The column that says which case a row is; null, if the driver was not told of it."""
_EPOCH: Final = date(1970, 1, 1).toordinal()
_NO_DAY: Final = 3_000_000
"""No day, or one that does not count."""
_ALL: Final = (date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH)
"""Between these lie all days: none of them counts."""
_NONE: Final = (0, -1)
"""Between these lies no day: each counts."""


def fact_column(fact: str) -> str:
    """The column of a fact."""
    return f"fact_{fact}"


@define(eq=False)
class Situations:
    """What the rows of a frame come to.

    Attributes:
        answering: What is asked.
        cells: How the columns of the facts are read that answers may hang on.
        words: The columns of the keys.
        said: What is said of each case; or why nothing can be.
    """

    answering: Answering
    cells: Mapping[str, Cell]
    words: tuple[str, ...]
    said: list[Said | str] = field(factory=list, init=False)
    _lefts: list[Left] = field(factory=list, init=False)
    _members: list[Member] = field(factory=list, init=False)
    _met: list[Met] = field(factory=list, init=False)
    _turns: dict[Hashable, int] = field(factory=dict, init=False)

    def of(self, rows: DataFrame) -> DataFrame:
        """The rows, with their cases."""
        return self._with_cases(self._with_places(self._with_kinds(rows)))

    def _with_kinds(self, rows: DataFrame) -> DataFrame:
        """The rows, with the number of their key; and which of their days are compared with unknown ones."""
        told = list(self._told(rows, self.words))
        for key, member in told:
            self._agree(key, member)
            self._members.append(member)
            self._lefts.append(self.answering.left(member))
        flags = self._compared()
        found = [
            (*key, kind, *(fact in _known(self._lefts[kind]) for fact in flags))
            for kind, (key, _) in enumerate(told)
        ]
        columns = {**dict.fromkeys(self.words, "bigint"), "kind": "int"}
        columns.update({f"compared_{fact}": "boolean" for fact in flags})
        return rows.join(table(rows.sparkSession, found, columns), list(self.words), "left")

    def _agree(self, key: Sequence[object], member: Member) -> None:
        """See that the key that Spark found for a member is the core's."""
        keys = self.answering.keys
        if tuple(key) != keys.split(keys.key(member.facts)):
            message = f"Spark finds the key {key} where it is {keys.split(keys.key(member.facts))}"
            raise HokenshaError(Finding("the frame", message, "keys-differ"))

    def _compared(self) -> list[str]:
        return sorted({fact for left in self._lefts for fact in _known(left)})

    def _with_places(self, rows: DataFrame) -> DataFrame:
        """The rows, with the place of what was met; and between which days all come to the same."""
        turns = {f"turn_{fact}": _day_if(named(f"compared_{fact}"), fact) for fact in self._compared()}
        rows, by = rows.withColumns(turns), ("kind", *turns)
        told = self._told(rows, by) if turns else (((kind,), one) for kind, one in enumerate(self._members))
        found = [(*key, self._meet(key[0], member)) for key, member in told]
        hanging = self._hanging()
        columns = {**dict.fromkeys(by, "int"), "place": "int"}
        columns.update({f"{end}_{fact}": "int" for fact in hanging for end in ("first", "last")})
        ends = [[end for fact in hanging for end in _alike(met, fact)] for met in self._met]
        return rows.join(
            table(rows.sparkSession, [(*each, *ends[each[-1]]) for each in found], columns), list(by), "left"
        )

    def _meet(self, kind: int, member: Member) -> int:
        left = self._lefts[kind]
        turn = (kind, self.answering.turns(left.compared, member.facts))
        place = self._turns.setdefault(turn, len(self._met))
        if place == len(self._met):
            self._met.append(self.answering.meet(left, member))
        return place

    def _hanging(self) -> list[str]:
        return sorted({fact for met in self._met for fact, _ in met.hangs})

    def _with_cases(self, rows: DataFrame) -> DataFrame:
        """The rows, with the number of their case."""
        counting = {
            f"counts_{fact}": _day_if(
                ~_day(fact).between(named(f"first_{fact}"), named(f"last_{fact}")), fact
            )
            for fact in self._hanging()
        }
        rows, by = rows.withColumns(counting), ("place", *counting)
        found = []
        for key, member in self._told(rows, by):
            found.append((*key, len(self.said)))
            self.said.append(self._say(self._met[key[0]], member))
        columns = {**dict.fromkeys(by, "int"), CASE: "int"}
        return rows.join(table(rows.sparkSession, found, columns), list(by), "left")

    def _say(self, met: Met, member: Member) -> Said | str:
        try:
            said = self.answering.say(met, member)
        except CalendarError as error:  # a day of these members lies where no holidays are known
            return str(error)
        return over(self.answering.rulebook, said.answers.values(), self.answering.on) or said

    def _told(self, rows: DataFrame, by: Sequence[str]) -> Iterator[tuple[tuple[int, ...], Member]]:
        """What some columns hold together in rows that can be decided, each with one of its members."""
        facts = {fact_column(fact): fact for fact in self.cells}
        can_be = rows.where(named(FAULT).isNull() & named(by[0]).isNotNull())
        for row in distinct(can_be, by, list(facts)):
            read = ((fact, self.cells[fact].admit(row[name])) for name, fact in facts.items())
            known = {fact: value for fact, value in read if not isinstance(value, Unknown)}
            yield tuple(row[name] for name in by), Member("", known)


def _known(left: Left) -> set[str]:
    """The known facts that are compared with unknown ones."""
    return {each.known for each in left.compared}


def _alike(met: Met, fact: str) -> tuple[int, int]:
    """Between which days of a fact all come to the same."""
    hangs = dict(met.hangs)
    if fact not in hangs:
        return _ALL
    same = hangs[fact]
    return (same[0].toordinal() - _EPOCH, same[1].toordinal() - _EPOCH) if same else _NONE


def _day(fact: str) -> Column:
    return sf.coalesce(sf.unix_date(named(fact_column(fact))), sf.lit(_NO_DAY))


def _day_if(condition: Column, fact: str) -> Column:
    """A day where it counts."""
    return sf.when(condition, _day(fact)).otherwise(_NO_DAY)
