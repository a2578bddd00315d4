"""Reading by columns says of every row what reading it cell by cell says, however the roll is cut up."""

from __future__ import annotations

import gzip
import io
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import CATALOGUE, OTHER, everything, told

from hokensha.errors import MemberError
from hokensha_roll.intake.cells import FarDay, Faults
from hokensha_roll.intake.columns import as_of_day
from hokensha_roll.intake.keys import knowing_repeated
from hokensha_roll.intake.opening import open_roll
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.intake.strictly import rows as strict_rows
from hokensha_roll.tool import Column, Roll

NUMBERS = (
    *("123456789018", "1234-5678-9018", "１２３４５６７８９０１８", "K123456789018", "987654321098"),
    *("K1234.5678.9018", "1234/5678/9018号", "番一二三四五六七八九〇一八", "番号12三四567八九〇一8地区"),
    "1234\u200b5678\u00ad9018",
)
SIZES = st.just(Sizes()) | st.builds(
    Sizes,
    block=st.integers(1, 5),
    piece=st.integers(1, 400),
    hash_bits=st.sampled_from([1, 3, 64]),
)

# --- rolls


YES_NO = {"○": True, "×": False}
COLUMNS = {
    "id": [Column("管理番号"), Column("管理番号", digits=3)],
    "insurer_number": [
        Column("保険者番号"),
        Column("保険者番号", digits=8),
        Column("保険者番号", empty="unknown"),
    ],
    "symbol": [Column("記号"), Column("記号", values={"A": "甲", "B": "乙"})],
    "number": [Column("番号"), Column("番号", digits=4), Column("番号", empty="default", default="0000")],
    "branch": [Column("枝番", digits=2), Column("枝番", fillers=("99", "〜"))],
    "birth_date": [Column("生年月日", form="wareki"), Column("生年月日", form="wareki", empty="unknown")],
    "enrolled_on": [Column("取得日", form="yyyymmdd"), Column("取得日", form="yyyy/mm/dd")],
    "left_on": [Column("喪失日"), Column("喪失日", empty="unknown", fillers=("9999-12-31", "99999999"))],
    "relation": [Column("続柄", values={"本人": "insured", "家族": "dependent"})],
    "continuation": [Column("任継", empty="default", default=False), Column("任継", values=YES_NO)],
    "insurance_use": [Column("利用登録", empty="unknown"), Column("利用登録")],
}
WANTED = {"insurer_number": ("06130991",), "symbol": ("甲", "A"), "branch": ("00", "１")}
"""Of texts, the values that columns tell apart."""
GOOD = {
    "id": ["001", "002", "003", "A1", "1234567890", "熊本", "K-1"],
    "insurer_number": ["39430996", "06130991"],
    "symbol": ["A", "B", "甲", "119"],
    "number": ["1234", "0001", "12345678"],
    "branch": ["00", "01", "99", "～", "９９"],
    "birth_date": ["S55.5.5", "昭和55年5月5日", "3550505"],
    "enrolled_on": ["20100401", "２０１００４０１", "2010/04/01", "2010/4/1"],
    "left_on": ["2026-04-01", "0001-01-01", "9999-12-31"],
    "relation": ["本人", "家族"],
    "continuation": ["true", "FALSE", "○", "×"],
    "insurance_use": ["registered", "unregistered"],
}
ANYTHING = [
    *("", " ", "　", "0", "=1", "＝1", "+1", "-1", "@1", "a b", " 001", "001\u3000", "\t002", "x" * 30),
    *("2026-02-30", "20260230", "S99.1.1", "true", "None", "NULL", "NaN", "NA", "#N/A", "\x0b", "\x1c1"),
    *(
        "12345678",
        "1234567",
        "123456789",
        "99999999",
        "①",
        "㏳",
        "½",
        "ﾊﾝｶｸ",
        "123456789012",
        "1234567890123",
    ),
    *NUMBERS,
]
PARTS = st.sampled_from([*"0123456789", *"=- .,年ー　 ", "12", "90", "熊", "é", "\x85"])


def cells(fact: str) -> st.SearchStrategy[str]:
    """What may stand in a fact's column, mostly what should."""
    good = st.sampled_from(GOOD[fact])
    odd = st.one_of(st.sampled_from(ANYTHING), st.lists(PARTS, max_size=14).map("".join))
    return st.one_of(good, good, good, good, good, odd)


@frozen
class Made:
    """A roll that was drawn: how it is read, and its rows."""

    roll: Roll
    facts: tuple[str, ...]
    rows: list[list[Any]]

    @property
    def headers(self) -> list[str]:
        named = [self.roll.columns[fact].header for fact in self.facts]
        return [*named, *filter(None, [self.roll.as_of_header])]


@st.composite
def rolls(draw: st.DrawFn) -> Made:
    """A roll of up to a dozen rows, some of its keys repeated."""
    others = draw(st.lists(st.sampled_from([fact for fact in COLUMNS if fact != "id"]), unique=True))
    facts = draw(st.permutations(["id", *others]))
    columns = {fact: draw(st.sampled_from(COLUMNS[fact])) for fact in facts}
    as_of = draw(st.sampled_from([None, "基準日"]))
    width = [cells(fact) for fact in facts]
    if as_of:
        days = st.sampled_from(
            ["2026-10-31", "2026-10-31", "2026-10-31", " 2026-10-31", "2026-11-30", "", "soon"]
        )
        width.append(days)
    rows = draw(st.lists(st.tuples(*width).map(list), max_size=12))
    return Made(Roll(as_of_header=as_of, columns=columns), tuple(facts), rows)


# --- what each row is, cell by cell


def expected(fitted: Any, lines: list[tuple[int, list[Any]]], repeated: set[int], wanted: Any) -> list[Any]:
    """For each row its line, and the facts by id, or why it is rejected."""
    found = []
    for place, (line, row) in enumerate(lines):
        if blank(row):
            continue
        facts = {}
        fit = len(row) == fitted.width and place not in repeated
        try:
            for reader in fitted.readers if fit else ():
                facts[reader.fact.id] = shown(reader, reader.admit(row[reader.index]), wanted)
        except ValueError:
            fit = False
        repeats = place in repeated
        found.append((line, facts if fit else Faults(fitted).of(line, row, repeated=repeats)))
    return found


def shown(reader: Any, value: Any, wanted: Any) -> Any:
    """What a column shows of a fact: of texts, those that are wanted."""
    free = reader.fact.kind == "text" and reader.fact.id != "id"
    return OTHER if free and isinstance(value, str) and value not in wanted[reader.fact.id] else value


def blank(row: list[Any]) -> bool:
    """Whether nothing stands in a row."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def repeating(fitted: Any, lines: list[tuple[int, list[Any]]]) -> set[int]:
    """The places of rows whose key stood in an earlier row."""
    seen: set[str] = set()
    found = set()
    for place, (_, row) in enumerate(lines):
        key = str(row[fitted.id_reader.index] or "") if len(row) == fitted.width else ""
        key = normalize("NFKC", "".join(sign for sign in key if category(sign) != "Cf")).strip()
        if key and key in seen:
            found.add(place)
        seen.add(key)
    return found


def days_of(fitted: Any, lines: list[tuple[int, list[Any]]]) -> list[tuple[date, int]]:
    """Each day that rows say they are as of, where it comes first."""
    found: dict[date, int] = {}
    for line, row in lines:
        if fitted.as_of and len(row) == fitted.width and not blank(row):
            found.setdefault(as_of_day(row[fitted.as_of[0]], fitted.as_of[1]), line)
    return list(found.items())


# --- what the batches say


def agrees(path: Path, made: Made, lines: list[tuple[int, list[Any]]], sizes: Sizes) -> None:
    """The batches of a roll say what its rows, read one by one, say."""
    with open_roll(path, made.roll, CATALOGUE, sizes) as opened:
        wanted = everything(opened, WANTED)

        def attempt(places: Any) -> tuple[Any, Any]:
            return told(opened, wanted, places), places

        try:
            days = days_of(opened.fitted, lines)
        except ValueError as error:
            with pytest.raises(MemberError, match=re.escape(str(error))):
                attempt(())
            return
        found, places = knowing_repeated(attempt)
        repeated = repeating(opened.fitted, lines)
        assert set(places) == repeated
        assert found.rows() == expected(opened.fitted, lines, repeated, wanted)
        assert sum(batch.rows + batch.skipped for batch in found.batches) == len(lines)
        assert sum(batch.skipped for batch in found.batches) == sum(blank(row) for _, row in lines)
        assert all(0 < batch.rows + batch.skipped <= sizes.block for batch in found.batches)
        told_days: dict[date, int] = {}
        for batch in found.batches:
            for day, line in batch.as_of:
                told_days.setdefault(day, line)
        assert list(told_days.items()) == days


# --- CSV


@frozen
class Style:
    """How a CSV file is written."""

    end: str
    quoted: bool
    encoding: str
    mark: bytes
    packed: bool
    last_end: bool

    def line(self, row: list[str]) -> str:
        return ",".join(self._cell(cell) for cell in row)

    def _cell(self, cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if self.quoted or set(cell) & {*',"\r\n'} else cell

    def write(self, path: Path, lines: list[str]) -> bytes:
        data = self.end.join(lines) + (self.end if self.last_end else "")
        raw = self.mark + data.encode(self.encoding, "replace")
        path.write_bytes(gzip.compress(raw, mtime=0) if self.packed else raw)
        return raw


STYLES = st.builds(
    Style,
    end=st.sampled_from(["\n", "\r\n"]),
    quoted=st.booleans(),
    encoding=st.sampled_from(["utf-8", "cp932"]),
    mark=st.just(b""),
    packed=st.booleans(),
    last_end=st.booleans(),
).map(lambda style: evolve(style, mark=BOM) if style.encoding == "utf-8" and style.packed else style)
BOM = b"\xef\xbb\xbf"


def strictly(raw: bytes, encoding: str, where: str) -> list[tuple[int, list[str]]]:
    """The rows of a file, by the reader of the standard library."""
    return [(row.line, row.cells) for row in strict_rows(io.BytesIO(raw), encoding, where)][1:]


@settings(max_examples=200, deadline=None)
@given(made=rolls(), style=STYLES, sizes=SIZES, data=st.data())
def test_csv(shared: Path, made: Made, style: Style, sizes: Sizes, data: st.DataObject):
    lines = [style.line(made.headers)]
    for row in made.rows:
        shape = data.draw(st.sampled_from(["", "", "", "", "", "", "short", "long", "blank", "broken"]))
        cells = [*row[:-1]] if shape == "short" else [*row, "123456789018"] if shape == "long" else row
        lines.append(style.line([cell + "\n" if shape == "broken" else cell for cell in cells]))
        lines += [""] if shape == "blank" else []
    path = shared / ("roll.csv.gz" if style.packed else "roll.csv")
    raw = style.write(path, lines)
    made = evolve(made, roll=evolve(made.roll, encoding=style.encoding))
    rows = strictly(raw, style.encoding, str(path))
    agrees(path, made, rows, sizes)


@settings(max_examples=400, deadline=None)
@given(made=rolls(), style=STYLES, sizes=SIZES, data=st.data())
def test_csv_with_odd_bytes(shared: Path, made: Made, style: Style, sizes: Sizes, data: st.DataObject):
    """Quotes, ends of lines, bytes that are no text, anywhere: read alike, or refused with the same words."""
    style = evolve(style, packed=False, mark=b"", last_end=style.last_end or not made.rows)
    made = evolve(
        made,
        roll=evolve(made.roll, encoding=style.encoding, as_of_header=None),
        rows=[row[: len(made.facts)] for row in made.rows],
    )
    path = shared / "roll.csv"
    raw = style.write(path, [style.line(made.headers), *map(style.line, made.rows)])
    header = len(style.line(made.headers).encode(style.encoding)) + len(style.end)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(min(header, len(raw)), len(raw)))
        odd = st.sampled_from(
            [b'"', b'""', b"\r", b"\n", b"\0", b",", b"\xff", b"\x81", BOM, b"\n\n", b'"\n', b'",']
        )
        raw = raw[:place] + data.draw(odd) + raw[place + data.draw(st.integers(0, 1)) :]
    path.write_bytes(raw)
    findings: Any = ()
    try:
        rows = strictly(raw, style.encoding, str(path))
    except MemberError as error:
        findings = error.findings
    if findings:
        with open_roll(path, made.roll, CATALOGUE, sizes) as opened, pytest.raises(MemberError) as caught:
            knowing_repeated(lambda places: told(opened, repeated=places))
        assert caught.value.findings == findings
    else:
        agrees(path, made, rows, sizes)


# --- Parquet

TEXTS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
DAYS = [-(1 << 31), -719163, -719162, -1, 0, 20000, 20000, 20000, 2932896, 2932897, 3_000_000, 3_000_001]


@st.composite
def columns(draw: st.DrawFn, fact: str, rows: int) -> tuple[pa.Array, list[Any]]:
    """A column of a Parquet file that may hold a fact, and its cells."""
    kind = CATALOGUE[fact].kind
    form = draw(st.sampled_from(["text", "text", "null", kind if kind in ("day", "boolean") else "text"]))
    drawn = {"text": cells(fact), "day": st.sampled_from(DAYS), "boolean": st.booleans(), "null": st.none()}[
        form
    ]
    found = draw(st.lists(st.one_of(drawn, drawn, drawn, st.none()), min_size=rows, max_size=rows))
    if form == "text":
        return pa.array(found, pa.string()).cast(draw(st.sampled_from(TEXTS))), found
    if form == "day":
        return pa.array(found, pa.int32()).cast(pa.date32()), [None if n is None else a_day(n) for n in found]
    return pa.array(found, pa.bool_() if form == "boolean" else pa.null()), found


def a_day(number: int) -> date | FarDay:
    """The day so many days after 1970-01-01, which has the number 719163 since the year 1."""
    return (
        date.fromordinal(number + 719163) if 1 <= number + 719163 <= date.max.toordinal() else FarDay(number)
    )


@settings(max_examples=200, deadline=None)
@given(made=rolls(), sizes=SIZES, data=st.data())
def test_parquet(shared: Path, made: Made, sizes: Sizes, data: st.DataObject):
    count = data.draw(st.integers(0, 12))
    drawn = [data.draw(columns(fact, count)) for fact in made.facts]
    if made.roll.as_of_header:
        days = [row[-1] for row in made.rows[:count]] + ["2026-10-31"] * (count - len(made.rows))
        drawn.append((pa.array(days, pa.string()), days))
    table = pa.table([array for array, _ in drawn], names=made.headers)
    rows = list(zip(*(found for _, found in drawn), strict=True))
    path = shared / "roll.parquet"
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
    writing = {"row_group_size": data.draw(st.integers(1, 6)), "use_dictionary": data.draw(st.booleans())}
    if data.draw(st.booleans()):
        pq.write_table(table, path, **writing)
    else:
        path.mkdir()
        cut = data.draw(st.integers(0, count))
        pq.write_table(table[:cut], path / "1.parquet", **writing)
        pq.write_table(table[cut:], path / "2.parquet", **writing)
    agrees(path, made, [(line, list(row)) for line, row in enumerate(rows, start=2)], sizes)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rolls")
