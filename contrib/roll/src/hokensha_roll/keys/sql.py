"""Situation keys where the data are: the SQL that computes the key of each row of a table.

What tells members apart, :class:`~hokensha.engine.Keys` says, and how cells are read, the policy under
``[tool.roll]``. A row of which the key cannot be told has none: it has a cell that the policy does
not know, or compares days so far off that nobody asked how they compare. Nor has one whose facts cannot
stand together: a run rejects it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Final

from attrs import define, field
from sqlglot import ErrorLevel, exp

from hokensha.engine import Axis, Keys, OrderAxis
from hokensha.facts import FIRST_DAY, LAST_DAY, UNKNOWN, Contradiction
from hokensha.policy import Rulebook
from hokensha_roll.intake.columns import Reader, fit, header_of
from hokensha_roll.keys.contradicting import refusals
from hokensha_roll.keys.counted import ASKED, DAYS, NO_DAYS, asked, counting, keys_of, names
from hokensha_roll.keys.sqlcells import FAULT, SqlCell, column, is_null, literal
from hokensha_roll.keys.stretches import Between, Reckoning, Stretch, Sum, stretches
from hokensha_roll.tool import Roll, roll_of

_FLAT: Final = 4
_LONGEST_TEXT: Final = 11
"""A longer text could hold an individual number, which a run rejects."""


def key_columns(rulebook: Rulebook, on: date, columns: Sequence[str] | None, dialect: str) -> dict[str, str]:
    """The key of each row, as expressions over a table's columns.

    Args:
        rulebook: The policy.
        on: The day asked.
        columns: The table's columns that hold facts; none: all that the policy reads.
        dialect: How the table's database writes SQL: one of :data:`~hokensha_roll.keys.dialects.DIALECTS`.

    Returns:
        For each column of the key, its expression: a whole number, or null where the key cannot be told.

    Raises:
        HokenshaError: The columns do not fit the policy.
    """
    sql = KeySql(rulebook, on, columns)
    return {name: written(word, dialect) for name, word in sql.words().items()}


def refused_columns(
    rulebook: Rulebook, on: date, columns: Sequence[str] | None, dialect: str
) -> tuple[tuple[Contradiction, str], ...]:
    """What a run rejects rows for, although each of their cells fits: facts that cannot stand together.

    Args:
        rulebook: The policy.
        on: The day asked.
        columns: As for :func:`key_columns`.
        dialect: As for :func:`key_columns`.

    Returns:
        Each contradiction, and whether a row says it, as an expression over the columns: null, too, where
        that is not certain. A row that says one has no key.

    Raises:
        HokenshaError: The columns do not fit the policy.
    """
    found = KeySql(rulebook, on, columns).refusals
    return tuple((each, written(holds, dialect)) for each, holds in found)


def key_sql(  # noqa: PLR0913 - one parameter for each option of the command
    rulebook: Rulebook,
    on: date,
    dialect: str,
    table: str,
    *,
    columns: Sequence[str] | None = None,
    hangs: str | None = None,
    count: bool = False,
) -> str:
    """The query that computes the key of each row of a table.

    Args:
        rulebook: The policy.
        on: The day asked.
        dialect: One of :data:`~hokensha_roll.keys.dialects.DIALECTS`.
        table: The table's name.
        columns: Its columns that hold facts; none: all that the policy reads.
        hangs: The table that says on which days the answers of which keys hang; none to leave days out.
        count: Whether rows are counted, those that are alike as one.

    Raises:
        HokenshaError: The columns do not fit the policy.
    """
    sql = KeySql(rulebook, on, columns)
    query = sql.rows(table, dialect)
    told = [ASKED, *names(sql.keys)]
    if hangs is not None:
        query = sql.with_days(query, hangs, dialect)
        told.append(DAYS)
    if count:
        query = _counted(query, told)
    return written(query, dialect)


def written(expression: exp.Expression, dialect: str) -> str:
    """SQL in a dialect.

    Raises:
        UnsupportedError: The dialect has no word for a part of it.
    """
    return expression.sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)


def _counted(query: exp.Select, told: list[str]) -> exp.Select:
    columns = [column(name) for name in told]
    count = exp.alias_(exp.Count(this=exp.Star()), "count")
    counted = exp.select(*columns, count).from_(query.subquery("counted"))
    return counted.group_by(*(each.copy() for each in columns)).order_by(*(each.copy() for each in columns))


@define(eq=False)
class KeySql:
    """The expressions of one policy's keys on one day, over the columns of one table."""

    rulebook: Rulebook
    on: date
    columns: Sequence[str] | None = None
    keys: Keys = field(init=False)
    refusals: tuple[tuple[Contradiction, exp.Expression], ...] = field(init=False)
    _cells: Mapping[str, SqlCell] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.keys = keys_of(self.rulebook, self.on)
        self._cells = self._fitted()
        self.refusals = tuple(refusals(self.rulebook, self.on, self._cells))

    def _fitted(self) -> Mapping[str, SqlCell]:
        """For each fact that is read, its column."""
        roll, catalogue = roll_of(self.rulebook.policy), self.rulebook.catalogue
        held = [header_of(fact, roll) for fact in self._read(roll)] if self.columns is None else self.columns
        key = header_of("id", roll)  # a roll has to have it, and here nobody reads it
        headers = [*held, *([] if key in held or "id" in held else [key])]
        where = f"{self.rulebook.policy.path}: columns"
        fitted = fit(headers, ["text"] * len(headers), roll, catalogue, where)
        return {reader.fact.id: SqlCell(reader) for reader in fitted.readers}

    def _read(self, roll: Roll) -> Iterable[str]:
        """What answers hang on; and what may contradict it, if the policy gives that a column."""
        looked_at = (fact for each in self.rulebook.contradictions for fact in each.facts)
        axes = (axis.fact for axis in self.keys.axes)
        return dict.fromkeys((*axes, *(fact for fact in looked_at if fact in roll.columns)))

    def rows(self, table: str, dialect: str) -> exp.Select:
        """All of a table, each row with its key."""
        told = exp.alias_(exp.Literal.string(asked(self.rulebook, self.on, self.keys)), ASKED)
        words = [exp.alias_(word, name) for name, word in self.words().items()]
        return exp.select(exp.Star(), told, *words).from_(exp.to_table(table, dialect=dialect))

    def with_days(self, query: exp.Select, hangs: str, dialect: str) -> exp.Select:
        """The rows, each with the days that count: those on which the answer of its key hangs."""
        # However the table was loaded, its columns are taken for what they are.
        same = [
            _equal(column(ASKED, "keyed"), exp.cast(column(ASKED, "hangs"), "text")),
            *(
                _equal(column(name, "keyed"), exp.cast(column(name, "hangs"), "bigint"))
                for name in names(self.keys)
            ),
        ]
        texts = [exp.Literal.string(NO_DAYS), *map(self._counting, self._dated())]
        everything = exp.Column(this=exp.Star(), table=exp.to_identifier("keyed"))
        days = exp.alias_(exp.Concat(expressions=texts, safe=False, coalesce=False), DAYS)
        other = exp.alias_(exp.to_table(hangs, dialect=dialect), "hangs", table=True)
        found = exp.select(everything, days).from_(query.subquery("keyed"))
        return found.join(other, on=exp.and_(*same), join_type="left")

    def _dated(self) -> list[str]:
        return [fact for fact in counting(self.rulebook, self.on, self.keys) if fact in self._cells]

    def _counting(self, fact: str) -> exp.Expression:
        """What says that a day counts: beyond those that come to the same."""
        day = self._cells[fact].day("keyed")
        first, last = (exp.cast(column(f"{fact}_{end}", "hangs"), "date") for end in ("first", "last"))
        beyond = exp.or_(exp.LT(this=day, expression=first), exp.GT(this=day.copy(), expression=last))
        text = exp.TimeToStr(this=day.copy(), format=exp.Literal.string("%Y-%m-%d"))
        said = exp.Concat(expressions=[exp.Literal.string(f" {fact}="), text], safe=False, coalesce=False)
        return exp.case().when(beyond, said).else_(exp.Literal.string(""))

    def words(self) -> dict[str, exp.Expression]:
        """The columns of the key."""
        first, *others = map(self._word, self.keys.words())
        told = (self._unless_refused(first), *others)  # one that is null is enough for a row without a key
        return dict(zip(names(self.keys), told, strict=True))

    def _unless_refused(self, word: exp.Expression) -> exp.Expression:
        """A word of the key; null where facts cannot stand together."""
        if not self.refusals:
            return word
        wrong = exp.or_(*(holds.copy() for _, holds in self.refusals))
        return exp.case().when(wrong, exp.cast(exp.Null(), "bigint")).else_(word)

    def _word(self, word: Iterable[tuple[Axis | OrderAxis, int]]) -> exp.Expression:
        absent = 0
        digits: list[exp.Expression] = []
        for axis, weight in word:
            if isinstance(axis, Axis) and axis.fact not in self._cells:
                absent += axis.place(UNKNOWN) * weight
            elif isinstance(axis, Axis):
                digits.append(self._class(axis, weight))
            elif {axis.fact, axis.base} <= self._cells.keys():
                digits.append(self._order(axis, weight))
        start: exp.Expression = exp.cast(_number(absent), "bigint")
        return reduce(lambda sum_, digit: exp.Add(this=sum_, expression=digit), digits, start)

    def _class(self, axis: Axis, weight: int) -> exp.Expression:
        """The digit of a fact."""
        cell = self._cells[axis.fact]
        case = _dated_class(axis, cell, weight) if axis.dated else _coded_class(axis, cell, weight)
        case.add_comments([axis.fact])
        return case

    def _order(self, order: OrderAxis, weight: int) -> exp.Expression:
        """The digit of two facts that are compared."""
        fact, base = self._cells[order.fact].day(), self._cells[order.base].day()
        nothing: list[exp.Expression] = [is_null(fact), is_null(base)]
        if not order.planned:
            nothing.append(exp.GT(this=fact.copy(), expression=literal(order.day)))
        compared = _Compared(fact, base, weight).among(stretches(order.since, order.day))
        case = exp.case().when(exp.or_(*nothing), _number(0)).else_(compared)
        case.add_comments([f"{order.fact} / {order.order.since}"])
        return case


def _dated_class(axis: Axis, cell: SqlCell, weight: int) -> exp.Expression:
    day, case = cell.day(), exp.case()
    if cell.reader.days():
        case = case.when(cell.filled(), _number(axis.place(None) * weight))
    if not isinstance(cell.empty, date) and cell.empty is not FAULT:
        case = case.when(is_null(day), _number(axis.place(cell.empty) * weight))
    firsts = (date.min, *axis.cuts)
    lasts = (*(date.fromordinal(cut.toordinal() - 1) for cut in axis.cuts), date.max)
    for place, ends in enumerate(zip(firsts, lasts, strict=True)):
        first, last = max(ends[0], FIRST_DAY), min(ends[1], LAST_DAY)  # no member has another day
        if first <= last:
            among = exp.Between(this=day.copy(), low=literal(first), high=literal(last))
            case = case.when(among, _number(place * weight))
    return case


def _coded_class(axis: Axis, cell: SqlCell, weight: int) -> exp.Expression:
    reader, case = cell.reader, exp.Case(this=cell.text())
    if cell.empty is not FAULT:
        case = case.when(exp.Literal.string(""), _number(axis.place(cell.empty) * weight))
    for code, value in cell.codes(axis.values):
        case = case.when(exp.Literal.string(code), _number(axis.place(value) * weight))
    if axis.text and not reader.column.values and reader.fact.problem is None:
        case = case.else_(_other_text(cell.trimmed(), reader, _number((axis.size - 1) * weight)))
    return case if case.args["ifs"] else exp.cast(exp.Null(), "bigint")


@define(eq=False)
class _Compared:
    """A fact compared with what another fact's day gives."""

    fact: exp.Expression
    base: exp.Expression
    weight: int

    def among(self, found: Sequence[Stretch]) -> exp.Expression:
        """The digit, for days of the other fact that lie in one of some stretches."""
        if len(found) > _FLAT:
            middle = len(found) // 2
            lower = exp.LTE(this=self.base.copy(), expression=literal(found[middle - 1].last))
            return exp.case().when(lower, self.among(found[:middle])).else_(self.among(found[middle:]))
        case = exp.case()
        for stretch in found[:-1]:
            within = exp.LTE(this=self.base.copy(), expression=literal(stretch.last))
            case = case.when(within, self._digit(stretch.how))
        rest = self._digit(found[-1].how)
        return case.else_(rest) if case.args["ifs"] else rest

    def _digit(self, how: Reckoning) -> exp.Expression:
        if how is None:
            return _number(0)
        before, since = _number(self.weight), _number(2 * self.weight)
        least, most = (how.least, how.most) if isinstance(how, Between) else (how, how)
        if least is None or most is None:
            return exp.cast(exp.Null(), "bigint")
        case = exp.case().when(exp.GTE(this=self.fact.copy(), expression=self._day(most)), since)
        if least is most:
            return case.else_(before)
        if least == date.min:
            return case
        return case.when(exp.LT(this=self.fact.copy(), expression=self._day(least)), before)

    def _day(self, how: Sum | date) -> exp.Expression:
        if isinstance(how, date):
            return literal(how)
        day = _on(self.base.copy(), how.shift, "DAY")
        if how.first:
            day = exp.DateTrunc(this=day, unit=exp.var("MONTH"))  # type: ignore[no-untyped-call]  # sqlglot's own
        found = _on(_on(day, how.months, "MONTH"), how.days, "DAY")
        return exp.cast(found, "date") if isinstance(found, exp.DateAdd | exp.DateTrunc) else found


def _other_text(text: exp.Expression, reader: Reader, digit: exp.Expression) -> exp.Expression:
    """The digit of a text that nobody asks for, if a run would let it pass."""
    digits = reader.column.digits
    fits: exp.Expression = exp.LTE(this=exp.Length(this=text.copy()), expression=_number(_LONGEST_TEXT))
    if digits is not None:
        pattern = exp.Literal.string(f"^[0-9]{{{digits}}}$")
        fits = exp.And(this=fits, expression=exp.RegexpLike(this=text.copy(), expression=pattern))
    return exp.case().when(fits, digit)


def _equal(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.EQ(this=one, expression=other)


def _on(day: exp.Expression, count: int, unit: str) -> exp.Expression:
    return exp.DateAdd(this=day, expression=_number(count), unit=exp.var(unit)) if count else day


def _number(number: int) -> exp.Expression:
    literal = exp.Literal.number(abs(number))
    return exp.Neg(this=literal) if number < 0 else literal
