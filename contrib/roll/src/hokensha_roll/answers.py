"""Answers for keys that were counted where the data are: some thousands of lines, to be joined to rows."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import define, field, frozen

from hokensha.dates import CalendarError
from hokensha.engine import Answering, Axis, Met, Said, example, over
from hokensha.errors import Finding, HokenshaError
from hokensha.facts import FactValue, Member
from hokensha.policy import Rulebook, open_file
from hokensha_roll.keys.counted import ASKED, COUNT, DAYS, NO_DAYS, asked, counting, names
from hokensha_roll.keys.engine import Engine
from hokensha_roll.output.replacing import beside, explained, real, refused, take_place
from hokensha_roll.output.tables import TABLES, issuance_cells, lines, missing_cells, return_cells

Span: TypeAlias = tuple[date, date]
Row: TypeAlias = "tuple[object, ...]"
SCHEMA: Final = "hokensha/keys/1"
SUMMARY: Final = "summary.json"
EVERY: Final = (date.max, date.min)
"""No day lies between these: each one counts."""
KINDS: Final = ("decided", "undetermined", "hanging", "rejected", "without_key")
_FILES: Final = {"issuance": "answers", "return": "returns"}
_CELLS: Final[Mapping[str, Callable[[Any], tuple[object, ...]]]] = {
    "issuance": issuance_cells,
    "return": return_cells,
}


@frozen
class Case:
    """What one line counted.

    Attributes:
        words: Those of the key; none if it could not be told.
        days: The days that were given for some facts; none if days were not counted.
        text: The same as it was written.
        count: How many members have them; one if that was not counted.
    """

    line: int
    words: tuple[int, ...] | None
    days: Mapping[str, date] | None
    text: str
    count: int


@frozen
class Outcome:
    """What a line comes to.

    Attributes:
        kind: As what its members are counted.
        rows: For each file what is to be written.
    """

    kind: str
    rows: Mapping[str, list[Row]] = field(factory=dict)


@frozen(eq=False)
class Found:
    """What was found out of a key.

    Attributes:
        member: A made-up member that has it.
        met: What is said of all of them; none if that hangs on how known days lie to unknown ones.
        hangs: The facts on whose very days that hangs, each with days between which all come to the same.
    """

    member: Member
    met: Met | None
    hangs: Mapping[str, Span]


def decide_keys(rulebook: Rulebook, on: date, source: Path, out: Path) -> Mapping[str, Any]:
    """Decide keys, and write what that comes to.

    Args:
        rulebook: The policy.
        on: The day asked.
        source: CSV, as counting gives it.
        out: The folder that is written.

    Returns:
        The summary.

    Raises:
        HokenshaError: The file does not fit, or the folder cannot be written. Nothing is written then.
    """
    answers = Answers(rulebook, on)
    files = {name: [header] for name, header in answers.headers().items()}
    check_target(out, files)
    counts: Counter[str] = Counter()
    for case in answers.read(source):
        outcome = answers.of(case)
        counts[outcome.kind] += case.count
        for name, rows in outcome.rows.items():
            files[name].extend(rows)
    summary = {
        "schema": SCHEMA,
        "counted": counts.total(),
        **{kind: counts[kind] for kind in KINDS},
        "policy_digest": rulebook.policy.digest,
        ASKED: answers.asked,
        "on": on.isoformat(),
    }
    text = {f"{name}.csv": lines(rows) for name, rows in files.items()}
    text[SUMMARY] = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    _write(out, text)
    return summary


def check_target(out: Path, files: Mapping[str, Any]) -> None:
    """See that a folder may be written.

    Raises:
        OutputError: It is no folder, or holds anything else than answers for keys.
    """
    with explained(out):
        if not out.exists():
            return
        if not out.is_dir():
            raise refused(out, "is no folder; expected one, or a name that is free")
        strange = sorted(
            {entry.name for entry in out.iterdir()} - {f"{name}.csv" for name in files} - {SUMMARY}
        )
    if strange:
        raise refused(out, f"holds {strange[0]!r}; expected a new folder, or one with answers for keys alone")


def _write(out: Path, text: Mapping[str, str]) -> None:
    with explained(out), beside(final := real(out)) as folder:
        for name, content in text.items():
            (folder / name).write_text(content, encoding="utf-8", newline="")
        take_place(folder, final)


@define(eq=False)
class Answers:
    """What a policy says on a day of the members with a key, whoever they are."""

    rulebook: Rulebook
    on: date
    asked: str = field(init=False)
    _answering: Answering = field(init=False)
    _names: list[str] = field(init=False)
    _counting: tuple[str, ...] = field(init=False)
    _keys: dict[int, Found] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._answering = Engine(self.rulebook, self.on).answering
        keys = self._answering.keys
        self.asked = asked(self.rulebook, self.on, keys)
        self._names = names(keys)
        self._counting = counting(self.rulebook, self.on, keys)

    def headers(self) -> Mapping[str, Row]:
        """The header of each file."""
        key = (ASKED, *self._names)
        hangs = [f"{fact}_{end}" for fact in self._counting for end in ("first", "last")]
        tables = {table.name: (*key, DAYS, *table.columns[1:]) for table in TABLES}
        return {
            "answers": tables["issuances"],
            "returns": tables["returns"],
            "undetermined": tables["undetermined"],
            "rejected": (*key, DAYS, "reason"),
            "hangs": (*key, *hangs),
        }

    def read(self, source: Path) -> Iterator[Case]:
        """The lines of a file.

        Raises:
            HokenshaError: It cannot be read, or does not fit the policy and the day.
        """
        where = str(source)
        try:
            with TextIOWrapper(open_file(source), encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file, strict=True)
                self._check(rows.fieldnames or (), where)
                for row in rows:
                    yield self._case(row, rows.line_num, where)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise HokenshaError(Finding(where, f"cannot be read: {reason}", "keys-unreadable")) from None
        except (csv.Error, UnicodeDecodeError):
            raise HokenshaError(Finding(where, "is no CSV in UTF-8", "keys-unreadable")) from None

    def _check(self, header: Sequence[str], where: str) -> None:
        missing = [name for name in (ASKED, *self._names) if name not in header]
        known = {ASKED, *self._names, DAYS, COUNT}
        strange = [name for name in header if name not in known]
        if missing or strange:
            expected = ", ".join((ASKED, *self._names, f"{DAYS} (if they are counted)", COUNT))
            message = f"expected the columns {expected}; found {', '.join(header) or 'none'}"
            raise HokenshaError(Finding(f"{where}: line 1", message, "keys-header"))

    def _case(self, row: Mapping[str, str], line: int, where: str) -> Case:
        """A line.

        Raises:
            HokenshaError: It does not fit.
        """
        at = f"{where}: line {line}"
        if row[ASKED] != self.asked:
            message = (
                f"counted for {row[ASKED]}, but {self.asked} is asked: another day, or another state of the "
                "policy and its plugins; count again"
            )
            raise HokenshaError(Finding(at, message, "keys-asked"))
        try:
            cells = [row[name] for name in self._names]
            words = tuple(map(int, cells)) if all(cells) else None
            days = row.get(DAYS)
            return Case(line, words, self._days(days), days or NO_DAYS, int(row.get(COUNT) or 1))
        except (TypeError, ValueError):
            message = "does not hold numbers and days as counting gives them"
            raise HokenshaError(Finding(at, message, "keys-cell")) from None

    def _days(self, text: str | None) -> Mapping[str, date] | None:
        """The days that a text gives.

        Raises:
            ValueError: It is none of those that counting gives.
        """
        if text is None:
            return None
        start, *pairs = text.split(" ")
        given = dict(pair.split("=") for pair in pairs)
        if start != NO_DAYS or not given.keys() <= {*self._counting}:
            raise ValueError(text)
        return {fact: date.fromisoformat(day) for fact, day in given.items()}

    def of(self, case: Case) -> Outcome:
        """What a line comes to.

        Raises:
            HokenshaError: Nobody has that key and those days, or days are missing.
        """
        if case.words is None:
            return Outcome("without_key")
        start, key = (self.asked, *case.words), self._answering.keys.joined(case.words)
        found = self._found(key)
        if case.days is None and found.hangs:
            ends = (end for fact in self._counting for end in found.hangs.get(fact, ("", "")))
            return Outcome("hanging", {"hangs": [(*start, *ends)]})
        told = (*start, case.text)
        try:
            said = self._said(key, found, case)
        except CalendarError as error:  # a day of these members lies where no holidays are known
            return Outcome("rejected", {"rejected": [(*told, str(error))]})
        if ended := over(self.rulebook, said.answers.values(), self.on):
            return Outcome("rejected", {"rejected": [(*told, ended)]})
        rows: dict[str, list[Row]] = {}
        for part, answer in said.answers.items():
            if answer is not None and part.kind in _FILES:
                rows.setdefault(_FILES[part.kind], []).append((*told, *_CELLS[part.kind](answer)))
        if said.missing:
            rows["undetermined"] = [(*told, *missing_cells(said.missing))]
        return Outcome("undetermined" if said.missing else "decided", rows)

    def _found(self, key: int) -> Found:
        """What the answers of a key hang on."""
        if key not in self._keys:
            self._keys[key] = self._find(example(self._answering.keys, key))
        return self._keys[key]

    def _find(self, member: Member) -> Found:
        left = self._answering.left(member)
        dated = {axis.fact: axis for axis in self._answering.keys.axes if axis.dated}
        if left.compared:  # how an unknown day lies to the known ones counts as well
            known = (fact for fact in self._counting if isinstance(member.read(fact), date))
            return Found(member, None, dict.fromkeys(known, EVERY))
        met = self._answering.meet(left, member)
        hangs = {fact: same or EVERY for fact, same in met.hangs if isinstance(member.read(fact), date)}
        hangs = {
            fact: same for fact, same in hangs.items() if not _within(dated[fact], member.facts[fact], same)
        }
        assert hangs.keys() <= {*self._counting}  # noqa: S101 - nothing else can be counted
        return Found(member, met, hangs)

    def _said(self, key: int, found: Found, case: Case) -> Said:
        days = case.days or {}
        lacking = [fact for fact, same in found.hangs.items() if same == EVERY and fact not in days]
        if lacking:
            message = f"lacks days of {', '.join(lacking)}; count them with the table of what hangs on days"
            raise HokenshaError(Finding(f"line {case.line}", message, "keys-days"))
        member = found.member
        if found.hangs:
            among = {**found.hangs, **{fact: (day, day) for fact, day in days.items()}}
            member = example(self._answering.keys, key, among)
        return self._answering.say(found.met, member) if found.met else self._answering.answer(member)


def _within(axis: Axis, day: FactValue, same: Span) -> bool:
    """Whether all days of a day's class come to the same."""
    place = axis.place(day)
    first, following = (date.min, *axis.cuts)[place], (*axis.cuts, None)[place]
    last = date.max if following is None else following
    return same[0] <= first and last <= same[1]
