"""Deciding the members of a frame: what Spark does, what the driver does, and how both come together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Final

from attrs import field, frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf

from hokensha.engine import Said, reason
from hokensha.policy import Rulebook, open_rulebook
from hokensha_roll import Engine, key_columns, refused_columns
from hokensha_spark.cells import FAULT, Cells, named
from hokensha_spark.local import gathered, table
from hokensha_spark.situations import CASE, Situations, fact_column
from hokensha_spark.tables import ISSUANCES, RETURNS, UNDETERMINED, Table

_UNTOLD: Final = "has no key: it compares a day too far off, or holds a text of more than 11 characters"
_CHANGED: Final = "was another row when the situations were gathered: the frame changes while it is read"


@frozen(eq=False)
class Decided:
    """What the members of a frame come to.

    A member is in ``rejected``, or decided; of those who are decided, whoever is owed nothing and has to give
    nothing back is in none of these.

    Attributes:
        issuances: Each document that is owed.
        returns: Each document that has to come back, or to be destroyed.
        undetermined: Each member on whom nothing final can be said, with the facts that are missing.
        rejected: Each row that cannot be decided: its id, the column that is at fault, and why.
        keys: The rows' keys, which Spark keeps: so the frame is read once.
    """

    issuances: DataFrame
    returns: DataFrame
    undetermined: DataFrame
    rejected: DataFrame
    keys: DataFrame

    def unpersist(self) -> None:
        """Let Spark forget the keys, once the tables are written."""
        self.keys.unpersist()


def decide(
    frame: DataFrame, policy: str | Rulebook, on: date, columns: Mapping[str, str] | None = None
) -> Decided:
    """What a policy says of the members in a frame on a day.

    Args:
        frame: A row for each member. Days are of type DATE; all else is as the policy's ``[tool.roll]`` says
            of rolls, or under the facts' own names.
        policy: The policy, or its file.
        on: The day asked; nothing here reads a clock.
        columns: For facts the columns that hold them, where those are not called as the policy says.

    Raises:
        HokenshaError: The policy or the frame is at fault, or a rule raised.
    """
    rulebook = open_rulebook(policy) if isinstance(policy, str) else policy
    return Deciding(rulebook, on, Cells.of(frame, rulebook, columns or {})).decided()


@frozen(eq=False)
class Deciding:
    """A frame that is decided."""

    rulebook: Rulebook
    on: date
    cells: Cells
    situations: Situations = field(init=False)

    @situations.default
    def _of_facts_that_count(self) -> Situations:
        answering = Engine(self.rulebook, self.on).answering
        held = {cell.fact.id: cell for cell in self.cells.cells}
        read = {axis.fact: held[axis.fact] for axis in answering.keys.axes if axis.fact in held}
        return Situations(answering, read, tuple(f"key{n}" for n, _ in enumerate(answering.keys.words())))

    def decided(self) -> Decided:
        """What its members come to."""
        keyed = self._keyed().persist()
        try:
            rows = self.situations.of(self._without_repeated(keyed))
        except Exception:
            keyed.unpersist()
            raise
        issuances, returns, undetermined = (
            self._table(rows, each) for each in (ISSUANCES, RETURNS, UNDETERMINED)
        )
        return Decided(issuances, returns, undetermined, self._rejected(rows), keyed)

    def _keyed(self) -> DataFrame:
        """The members with their keys, and with the facts that answers may hang on."""
        read, cells = self.cells.read(), self.situations.cells
        headers = [cell.header for cell in self.cells.cells]
        keys = key_columns(self.rulebook, self.on, headers, "spark")
        facts = [named(cell.header).alias(fact_column(fact)) for fact, cell in cells.items()]
        words = [sf.expr(sql).alias(name) for name, sql in keys.items()]
        refused = sf.coalesce(named(FAULT), *self._refusals(headers)).alias(FAULT)
        rows = read.select(named(self.cells.key.header).alias("id"), *facts, *words, refused)
        unknown = reduce(or_, (named(word).isNull() for word in keys))
        untold = sf.when(unknown, self.cells.faults.place("", _UNTOLD))
        return rows.withColumn(FAULT, sf.coalesce(named(FAULT), untold))

    def _refusals(self, headers: Sequence[str]) -> Iterator[Column]:
        """For each way in which facts cannot stand together the place of that fault, where it is so."""
        sources = {cell.fact.id: cell.source for cell in self.cells.cells}
        for each, sql in refused_columns(self.rulebook, self.on, headers, "spark"):
            why = reason(each, self.rulebook.catalogue)
            yield sf.when(sf.expr(sql), self.cells.faults.place(sources[each.facts[0]], why))

    def _without_repeated(self, rows: DataFrame) -> DataFrame:
        """The same rows; those with the same key as another are at fault."""
        counted = rows.where(named("id").isNotNull()).groupBy("id").count().where("count > 1")
        found = [(row["id"], True) for row in gathered(counted.select("id"), "repeated keys")]
        if not found:
            return rows
        repeated = table(rows.sparkSession, found, {"id": "string", "repeated": "boolean"})
        another = sf.when(
            named("repeated"), self.cells.faults.place(self.cells.key.source, "the key of another row")
        )
        return rows.join(repeated, "id", "left").withColumn(FAULT, sf.coalesce(named(FAULT), another))

    def _table(self, rows: DataFrame, each: Table) -> DataFrame:
        found = [
            (case, *each.cells(record))
            for case, said in enumerate(self.situations.said)
            if isinstance(said, Said)
            for record in _records(said, each.kind)
        ]
        said = table(rows.sparkSession, found, {CASE: "int", **each.types})
        return rows.where(named(FAULT).isNull()).join(said, CASE).select("id", *each.columns)

    def _rejected(self, rows: DataFrame) -> DataFrame:
        faults = self.cells.faults
        undecided = {
            case: faults.place("", said)
            for case, said in enumerate(self.situations.said)
            if isinstance(said, str)
        }
        found = table(rows.sparkSession, undecided.items(), {CASE: "int", "undecided": "int"})
        changed = sf.when(named(CASE).isNull(), faults.place("", _CHANGED))
        fault = sf.coalesce(named(FAULT), named("undecided"), changed).alias(FAULT)
        words = [(place, *words) for place, words in enumerate(faults.every)]
        said = table(rows.sparkSession, words, {FAULT: "int", "column": "string", "reason": "string"})
        return rows.join(found, CASE, "left").select("id", fault).join(said, FAULT).drop(FAULT)


def _records(said: Said, kind: str) -> Iterator[object]:
    """What a table's rows say of a case."""
    if not kind:
        yield from [said.missing] if said.missing else []
        return
    yield from (answer for part, answer in said.answers.items() if part.kind == kind and answer is not None)
