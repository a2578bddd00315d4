"""What a roll's rows are, whatever file they stand in; which rows are rejected, which files are refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tracemalloc
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rolls import CATALOGUE, OTHER, told
from rolls import reading as read_by

from hokensha.errors import MemberError
from hokensha.facts import UNKNOWN
from hokensha_roll.alike import alike, difference
from hokensha_roll.frames import NONE_DAY, Rejected
from hokensha_roll.intake.asof import AsOf
from hokensha_roll.intake.columns import Reader
from hokensha_roll.intake.keys import knowing_repeated
from hokensha_roll.intake.making import compared
from hokensha_roll.intake.opening import open_roll
from hokensha_roll.intake.sizes import Sizes
from hokensha_roll.tool import Column, Roll

NUMBER = "123456789018"
"""An individual number, its check digit correct."""
SMALL = Sizes(block=2, piece=8)


def reading(path: Path, roll: Roll = Roll(), sizes: Sizes = SMALL, **asked: Any) -> Any:  # noqa: B008 - frozen
    return read_by(path, roll, sizes, **asked)


def refused(path: Path, roll: Roll = Roll(), sizes: Sizes = SMALL) -> list[str]:  # noqa: B008 - frozen
    """What is at fault; the file is called by its name."""
    with pytest.raises(MemberError) as caught:
        reading(path, roll, sizes)
    return [str(finding).replace(f"{path.parent}/", "") for finding in caught.value.findings]


@pytest.fixture
def csv(tmp_path: Path) -> Any:
    """Writes a CSV file."""

    def write(text: str | bytes, name: str = "roll.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def parquet(tmp_path: Path) -> Any:
    """Writes a Parquet file."""

    def write(name: str = "roll.parquet", rows: int = 1 << 20, **columns: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table(columns), path, row_group_size=rows)
        return path

    return write


# --- cells


def test_a_row_of_parquet_is_what_the_same_row_of_csv_is(csv: Any, parquet: Any):
    """Days, codes, yes and no, text, and nothing."""
    expected = {
        "id": "A1",
        "number": "12",
        "symbol": OTHER,
        "birth_date": date(1980, 5, 5),
        "relation": "insured",
        "continuation": True,
        "left_on": None,
    }
    wanted = {**dict.fromkeys(expected, ()), "number": ("7", "12"), "continuation": (False, True)}
    wanted["relation"] = ("insured", "dependent")
    header = ",".join(expected)
    found = reading(csv(f"{header}\nA1,12,S,1980-05-05,insured,true,\n"), wanted=wanted)
    assert found.facts == [(2, expected)]
    columns = {fact: ["S" if value == OTHER else value] for fact, value in expected.items()}
    assert reading(parquet(**columns), wanted=wanted).facts == [(2, expected)]


def test_what_columns_of_a_batch_look_like(csv: Any):
    """The fact that is wanted and has no column has none here either."""
    path = csv("left_on,id,number\n2026-04-01,A,1\n,B,\n")
    wanted = {"number": ("1",), "left_on": (), "enrolled_on": ()}
    (batch,) = reading(path, sizes=Sizes(), wanted=wanted).batches
    assert dict(batch.frame.schema) == {"id": pl.String, "number": pl.UInt16, "left_on": pl.Int32}
    assert batch.frame.rows() == [("A", 0, 20544), ("B", 1, NONE_DAY)]
    assert batch.lines.dtype == pl.UInt32


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (Column("left_on"), None),
        (Column("left_on", empty="unknown"), UNKNOWN),
        (Column("left_on", empty="default", default="2026-04-01"), date(2026, 4, 1)),
    ],
)
def test_an_empty_day_means_what_the_policy_says(csv: Any, parquet: Any, column: Column, value: Any):
    """In text and in days."""
    roll = Roll(columns={"left_on": column})
    days = pa.array([None, date(2026, 5, 1)], pa.date32())
    for path in (parquet(id=["A", "B"], left_on=days), csv("id,left_on\nA, \nB,2026-05-01\n")):
        assert [facts["left_on"] for _, facts in reading(path, roll).facts] == [value, date(2026, 5, 1)]


def test_a_day_beyond_those_that_are_believed_rejects_the_row(parquet: Any):
    """Parquet counts days from 1970: 1868-01-01 is -37255, 2200-12-31 is 84370, and 9999-12-31 is 2932896."""
    days = pa.array([84370, 84371, 2932896, 2932897, -37255, -37256, 3_000_000], pa.int32())
    found = reading(parquet(id=[*"ABCDEFG"], left_on=days.cast(pa.date32())))
    assert [facts["left_on"] for _, facts in found.facts] == [date(2200, 12, 31), date(1868, 1, 1)]
    assert [(each.line, each.column, each.value) for each in found.rejected] == [
        (3, "left_on", "2201-01-01"),
        (4, "left_on", "9999-12-31"),
        (5, "left_on", "+2932897 days from 1970-01-01"),
        (7, "left_on", "1867-12-31"),
        (8, "left_on", "+3000000 days from 1970-01-01"),
    ]


@pytest.mark.parametrize("form", ["iso", "yyyymmdd"])
def test_a_filler_for_no_end_is_no_day(csv: Any, form: str):
    """Those of a table say 9999-12-31; what they mean is for the policy to say."""
    cells = ["2200-12-31", "2201-01-01", "9999-12-31", "1868-01-01", "1867-12-31", "0001-01-01"]
    cells = cells if form == "iso" else [cell.replace("-", "") for cell in cells]
    rows = "".join(f"{number},{cell}\n" for number, cell in enumerate(cells))
    found = reading(csv(f"id,left_on\n{rows}"), Roll(columns={"left_on": Column("left_on", form=form)}))
    assert [facts["left_on"] for _, facts in found.facts] == [date(2200, 12, 31), date(1868, 1, 1)]
    assert {"expected a day from 1868-01-01 to 2200-12-31"} == {each.reason for each in found.rejected}


@pytest.mark.parametrize(
    "kind",
    [
        *(pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()),
        pa.dictionary(pa.int8(), pa.large_string()),
    ],
)
def test_text_is_text_however_arrow_keeps_it(parquet: Any, kind: pa.DataType):
    cells = {"id": ["A1", " A2 "], "left_on": ["2026-04-01", None], "relation": ["insured", "dependent"]}
    path = parquet(**{fact: pa.array(values, pa.string()).cast(kind) for fact, values in cells.items()})
    assert reading(path).facts == [
        (2, {"id": "A1", "left_on": date(2026, 4, 1), "relation": "insured"}),
        (3, {"id": "A2", "left_on": None, "relation": "dependent"}),
    ]


@pytest.mark.parametrize("width", [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint32()])
@pytest.mark.parametrize("fact", ["number", "symbol"])
def test_distinct_cells_may_be_counted_in_numbers_of_any_width(parquet: Any, fact: str, width: pa.DataType):
    places = pa.array([0, 1, None, 0, 2, 1], pa.int32()).cast(width)
    cells = pa.DictionaryArray.from_arrays(places, ["00000001", "00000002", "123456789018"])
    found = reading(parquet(id=[*"ABCDEF"], **{fact: cells}), wanted={fact: ("00000001",)})
    assert [facts[fact] for _, facts in found.facts] == ["00000001", OTHER, None, "00000001", OTHER]
    assert [(each.line, each.reason) for each in found.rejected] == [
        (6, "holds an individual number (個人番号)")
    ]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (pa.array([1]), "integer"),
        (pa.array([1.5]), "float"),
        (pa.array([["A"]]), "list"),
        (pa.array([True]), "boolean"),
        (pa.array([1], pa.int8()).dictionary_encode(), "integer"),
        (pa.array([time(1)]), "time"),
    ],
)
def test_columns_of_other_types_are_refused_with_what_was_found(parquet: Any, cells: pa.Array, found: str):
    """The as-of column, too."""
    roll = Roll(as_of_header="asof")
    expected = "expected cells of type text or day or timestamp for"
    assert refused(parquet(id=["A"], left_on=cells, asof=cells), roll) == [
        f"roll.parquet: column 2 (left_on): {expected} the fact 'left_on', found {found}",
        f"roll.parquet: column 3 (asof): {expected} the as-of day, found {found}",
    ]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_a_timestamp_at_midnight_is_a_day_and_another_is_refused(parquet: Any, unit: str, zone: str | None):
    """By the clocks of its own time zone."""
    roll = Roll(as_of_header="asof")
    midnight = datetime(2026, 11, 1, tzinfo=zone and ZoneInfo(zone))
    kind = pa.timestamp(unit, zone)
    cells = pa.array([midnight, None], kind)
    found = reading(parquet(id=["A", "B"], left_on=cells, asof=pa.array([midnight] * 2, kind)), roll)
    assert [facts["left_on"] for _, facts in found.facts] == [date(2026, 11, 1), None]
    assert [batch.as_of for batch in found.batches] == [((date(2026, 11, 1), 2),)]
    timed = pa.array([None, None, midnight + timedelta(hours=9)], kind)
    assert refused(parquet(id=[*"ABC"], left_on=timed)) == [
        "roll.parquet: line 4, column left_on: expected a day, found a timestamp that is not at midnight"
    ]


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint64(), pa.float32(), pa.float64(), pa.decimal128(30)])
def test_whole_numbers_are_the_codes_that_they_are_written_as(parquet: Any, kind: pa.DataType):
    """Floats too, as others write whole numbers of which some are missing; their NaN is nothing."""
    roll = Roll(columns={"relation": Column("relation", values={"1": "insured", "2": "dependent"})})
    cells = pa.array([1, 2, 3], pa.int32()).cast(kind)
    found = reading(parquet(id=[*"ABC"], relation=cells, continuation=pa.array([0, 1, 2]).cast(kind)), roll)
    assert [facts for _, facts in found.facts] == [
        {"id": "A", "relation": "insured", "continuation": False},
        {"id": "B", "relation": "dependent", "continuation": True},
    ]
    assert [each.column for each in found.rejected] == ["relation"]
    nothing = reading(parquet(id=["A"], relation=pa.array([float("nan")])), Roll())
    assert [each.reason.split(",")[0] for each in nothing.rejected] == ["is empty"]


def test_keys_and_days_in_figures_may_be_numbers_but_text_no_floats(parquet: Any):
    """A day in ISO's form has dashes, and is no number."""
    days = pa.array([20261121, None, 20261121.5])
    roll = Roll(columns={"left_on": Column("left_on", form="yyyymmdd")})
    found = reading(parquet(id=[1000000000, 123456789018, 7], left_on=days), roll)
    assert [facts for _, facts in found.facts] == [{"id": "1000000000", "left_on": date(2026, 11, 21)}]
    assert [(each.line, each.column, each.value) for each in found.rejected] == [
        (3, "id", ""),
        (4, "left_on", "20261121.5"),
    ]
    assert refused(parquet(id=[1.0])) == [
        "roll.parquet: column 1 (id): expected cells of type text or integer for the fact 'id', found float"
    ]


def test_only_the_facts_asked_for_become_columns_but_all_are_checked(csv: Any):
    path = csv("id,number,left_on,relation\nA,1,,insured\nB,2,soon,insured\n")
    assert set(reading(path).batches[0].frame.columns) == {"id", "number", "left_on", "relation"}
    found = reading(path, wanted={"number": ("1",)})
    assert found.facts == [(2, {"id": "A", "number": "1"})]
    assert [each.column for each in found.rejected] == ["left_on"]


def test_the_key_is_a_column_of_its_own_whatever_is_wanted_of_it(csv: Any):
    found = reading(csv("id,symbol\nA,S\n B,S\n"), wanted={"id": ("A",)})
    assert [facts for _, facts in found.facts] == [{"id": "A"}, {"id": "B"}]


# --- digits


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1234567", "expected 8 digits 0-9, found 7 characters"),
        ("123456789", "expected 8 digits 0-9, found 9 characters"),
        ("1234-678", "expected 8 digits 0-9, found 8 characters, some of them no digits"),
        ("１２３４５６７８", "expected 8 digits 0-9, found 8 characters, some of them no digits"),
    ],
)
def test_a_number_of_the_wrong_length_rejects_the_row(csv: Any, parquet: Any, cell: str, reason: str):
    """A certificate with a figure too few is never printed; the number, being sensitive, is not repeated."""
    roll = Roll(columns={"number": Column("番号", digits=8)})
    expected = [Rejected(3, "番号", "", reason)]
    assert reading(csv(f"id,番号\nA,12345678\nB,{cell}\nC, 00000000\n"), roll).rejected == expected
    assert reading(parquet(id=[*"ABC"], 番号=["12345678", cell, "00000000 "]), roll).rejected == expected


def test_the_length_of_a_key_is_repeated_for_it_says_which(csv: Any):
    roll = Roll(columns={"id": Column("id", digits=4)})
    assert reading(csv("id\n0001\n002\n"), roll).rejected == [
        Rejected(3, "id", "002", "expected 4 digits 0-9, found 3 characters")
    ]


def test_an_empty_cell_has_no_number_of_digits(csv: Any):
    """It means what the policy says that empty cells mean."""
    roll = Roll(
        columns={"number": Column("number", digits=8), "branch": Column("branch", empty="unknown", digits=2)}
    )
    facts = reading(csv("id,number,branch\nA,,\n"), roll).facts
    assert facts == [(2, {"id": "A", "number": None, "branch": UNKNOWN})]


# --- individual numbers


@pytest.mark.parametrize("cell", [NUMBER, f"K{NUMBER}", "1234-5678-9018", "１２３４５６７８９０１８"])
@pytest.mark.parametrize("place", range(4))
def test_an_individual_number_is_never_repeated(csv: Any, parquet: Any, cell: str, place: int):
    """In no column, be the row otherwise fit or not."""
    header = ["id", "number", "symbol", "left_on"]
    row = ["A1", "12", "S", "2026-04-01"]
    row[place] = cell
    expected = Rejected(2, header[place], "", "holds an individual number (個人番号)")
    lines = [",".join(header), ",".join(row), ",".join(["B1", "x" * 30, "S", ""])]
    for style in (lines, [lines[0], lines[1] + ",more", lines[2]]):
        assert reading(csv("\n".join(style))).rejected == [expected]
    columns = {
        fact: [cell, "z"] if fact != "left_on" else [cell, None]
        for fact, cell in zip(header, row, strict=True)
    }
    assert reading(parquet(**columns)).rejected == [expected]


def test_an_individual_number_beyond_the_header_is_not_repeated(csv: Any):
    found = reading(csv(f"id,symbol\nA,S,{NUMBER}\nB,S\n"))
    assert found.rejected == [Rejected(2, "", "", "holds an individual number (個人番号)")]


# --- rows of CSV


def test_lines_are_those_of_the_file_and_blank_ones_are_no_rows(csv: Any):
    """A key may go on in a second line; a line of a space or of a comma is a row in which nothing stands."""
    text = 'id,symbol\r\n\r\n"A\r\n1",S\r\n\r\nB\r\n \r\n"C",""\r\n,\r\n'
    found = reading(csv(text))
    assert [(line, facts["id"]) for line, facts in found.facts] == [(3, "A\r\n1"), (8, "C")]
    assert [(each.line, each.reason) for each in found.rejected] == [
        (6, "expected 2 cells as in the header, found 1"),
    ]
    assert sum(batch.skipped for batch in found.batches) == 2


def test_words_that_elsewhere_mean_nothing_are_words(csv: Any):
    """NULL, NaN and the like are text like any other."""
    words = ["NULL", "null", "NaN", "nan", "NA", "N/A", "#N/A", "None", "-nan", "1.#IND"]
    path = csv("id,symbol,number\n" + "".join(f"A{word},{word},{word}\n" for word in words))
    found = reading(path, wanted={"symbol": tuple(words), "number": tuple(words)})
    assert [facts["symbol"] for _, facts in found.facts] == words
    assert [facts["number"] for _, facts in found.facts] == words


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (b'A,"S\nB,T\n', "roll.csv: line 2: cannot be read as CSV: unexpected end of data"),
        (b'A,S\n"B"x,T\n', "roll.csv: line 3: cannot be read as CSV: ',' expected after '\"'"),
        (
            b"A,S\nB,T\rC,U\n",
            "roll.csv: line 3: cannot be read as CSV: new-line character seen in unquoted field",
        ),
        (
            b"A,S\n\nB,\xff\n",
            "roll.csv: line 4: expected utf-8 (the policy's [tool.roll].encoding), found other bytes",
        ),
        (
            b"A,S\nB,\xed\xa0\x80\n",
            "roll.csv: line 3: expected utf-8 (the policy's [tool.roll].encoding), found other bytes",
        ),
        (
            b'A,"S\n\xff"\n',
            "roll.csv: line 3: expected utf-8 (the policy's [tool.roll].encoding), found other bytes",
        ),
        (
            b"A,S\nB," + b"x" * 131_073,
            "roll.csv: line 3: cannot be read as CSV: field larger than field limit (131072)",
        ),
    ],
)
@pytest.mark.parametrize("sizes", [SMALL, Sizes()])
def test_csv_that_is_none_stops_everything_and_says_where(csv: Any, rows: bytes, message: str, sizes: Sizes):
    (found,) = refused(csv(b"id,symbol\n" + rows), sizes=sizes)
    assert found.startswith(message)


def test_a_quote_that_is_never_closed_is_found_before_the_file_is_in_memory(csv: Any):
    """The strict reader gives up after 131,072 characters, wherever the file ends."""
    path = csv('id,symbol\nA,S\n"B,T\n' + "C,U\n" * 1_000_000)
    with open_roll(path, Roll(), CATALOGUE, Sizes(piece=1 << 16)) as opened:
        with pytest.raises(MemberError, match="line 3: cannot be read as CSV: field larger than field limit"):
            told(opened)
        assert opened.done() < 0.2


def test_a_mark_at_the_beginning_is_passed_over_and_elsewhere_is_a_letter(csv: Any):
    """Files that were joined have one in the middle."""
    mark = "\ufeff"
    found = reading(csv(f"{mark}id,symbol\nA,S\n{mark}B,T\n"), Roll(encoding="cp932"))
    assert [facts["id"] for _, facts in found.facts] == ["A", f"{mark}B"]


def test_cp932_is_read_as_japanese_systems_write_it(csv: Any):
    """With the kanji of IBM and NEC; 髙 stands in no JIS X 0208."""
    text = "管理番号,symbol,relation\n髙1,①㈱,本人\n熊-2,~∥－,家族\n"
    roll = Roll(
        encoding="cp932",
        columns={
            "id": Column("管理番号"),
            "relation": Column("relation", values={"本人": "insured", "家族": "dependent"}),
        },
    )
    wanted = {"symbol": ("①㈱", "~∥－"), "relation": ("insured", "dependent")}
    found = reading(csv(text.encode("cp932")), roll, Sizes(), wanted=wanted)
    assert [facts for _, facts in found.facts] == [
        {"id": "髙1", "symbol": "①㈱", "relation": "insured"},
        {"id": "熊-2", "symbol": "~∥－", "relation": "dependent"},
    ]
    assert refused(csv(text.encode("cp932") + b"A\x81,S,\n"), roll, Sizes()) == [
        "roll.csv: line 4: expected cp932 (the policy's [tool.roll].encoding), found other bytes"
    ]


@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_packed_data_that_end_too_early_say_after_which_line(csv: Any, kept: float):
    lines = "".join(f"A{n:05},S\n" for n in range(20_000))
    whole = gzip.compress(b"id,symbol\n" + lines.encode(), mtime=0)
    path = csv(whole[: int(len(whole) * kept)], "roll.csv.gz")
    read = []
    with pytest.raises(EOFError), gzip.open(path) as file:
        read.extend(file)
    (found,) = refused(path, sizes=Sizes())
    assert (
        found
        == f"roll.csv.gz: after line {len(read)}: is damaged: the compressed data end too early or do not fit"
    )


def test_what_is_wrong_before_the_damage_is_said_instead(csv: Any):
    packed = gzip.compress(b'id,symbol\nA,S\n"B"x,T\n' + os.urandom(10_000).hex().encode(), mtime=0)
    (found,) = refused(csv(packed[:-2000], "roll.csv.gz"))
    assert found.startswith("roll.csv.gz: line 3: cannot be read as CSV")


@pytest.mark.parametrize("text", ["id,symbol", "id,symbol\n", "id,symbol\n\n\r\n"])
def test_a_header_alone_is_a_roll_without_rows(csv: Any, text: str):
    assert reading(csv(text)).batches == []


def test_a_header_may_go_on_in_a_second_line(csv: Any):
    found = reading(
        csv('\n"i\nd","記\n号"\nA,S\n'), Roll(columns={"id": Column("i\nd"), "symbol": Column("記\n号")})
    )
    assert found.facts == [(5, {"id": "A", "symbol": OTHER})]


# --- rows that repeat a key


def test_a_row_that_is_said_to_repeat_a_key_is_rejected_before_anything_else_but_a_number(csv: Any):
    text = f"id,left_on\nA,soon\nB,\n C ,\nD,{NUMBER}\n"
    found = reading(csv(text), sizes=Sizes(block=3), repeated=[0, 2, 3])
    assert found.rejected == [
        Rejected(2, "id", "A", "the key of an earlier row"),
        Rejected(4, "id", "C", "the key of an earlier row"),
        Rejected(5, "left_on", "", "holds an individual number (個人番号)"),
    ]
    assert [facts["id"] for _, facts in found.facts] == ["B"]


# --- the day as of which rows were extracted


def test_days_are_told_with_the_first_line_that_says_so(csv: Any):
    roll = Roll(as_of_header="asof", as_of_form="yyyymmdd")
    text = "id,asof\nA,20261031,\nB,20261101\nC, 20261031\n,20261031\nD,20261101\n"
    (batch,) = reading(csv(text), roll, Sizes()).batches
    assert batch.as_of == ((date(2026, 11, 1), 3), (date(2026, 10, 31), 4))


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "is empty; expected the day as of which the row was extracted"),
        ("soon", "expected a day as YYYY-MM-DD"),
    ],
)
def test_a_row_that_says_no_day_stops_everything(csv: Any, parquet: Any, cell: str, message: str):
    roll = Roll(as_of_header="asof")
    days = ["2026-10-31", "2026-10-31", cell]
    lines = "".join(f"{key},{day}\n" for key, day in zip("ABC", days, strict=True))
    assert refused(csv(f"id,asof\n{lines}"), roll) == [f"roll.csv: line 4, column asof: {message}"]
    assert refused(parquet(id=[*"ABC"], asof=days), roll) == [f"roll.parquet: line 4, column asof: {message}"]


def test_days_of_parquet_beyond_the_calendar_stop_everything(parquet: Any):
    days = pa.array([3_000_000], pa.int32()).cast(pa.date32())
    assert refused(parquet(id=["A"], asof=days), Roll(as_of_header="asof")) == [
        "roll.parquet: line 2, column asof: no such day in the calendar"
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            None,
            "roll.csv: line 4, column asof: is the state of 2026-11-01, but the rows before said 2026-10-31",
        ),
        (
            date(2026, 11, 1),
            "roll.csv: line 2, column asof: is the state of 2026-10-31, but --as-of said 2026-11-01",
        ),
    ],
)
def test_rows_of_another_day_are_found_in_the_rolls_order(csv: Any, given: date | None, message: str):
    roll = Roll(as_of_header="asof")
    path = csv("id,asof\nA,2026-10-31\nB,2026-10-31\nC,2026-11-01\n")
    with open_roll(path, roll, CATALOGUE, SMALL) as opened:
        guard = AsOf(roll, opened.fitted, "roll.csv", date(2026, 11, 21), given)
        batches = told(opened).batches
    with pytest.raises(MemberError) as caught:
        list(map(guard.see, batches))
    assert str(caught.value) == message


def test_before_the_first_day_there_is_no_month(csv: Any):
    """The end of the month before 0001-01-01 is none; that is said, not raised."""
    roll = Roll(as_of="end-of-previous-month")
    with (
        open_roll(csv("id\nA\n"), roll, CATALOGUE) as opened,
        pytest.raises(MemberError, match="no such day"),
    ):
        AsOf(roll, opened.fitted, "roll.csv", date.min, None)


# --- folders


def test_a_folder_of_parquet_files_is_one_roll(parquet: Any, tmp_path: Path):
    """By name; lines count on from file to file; the digest is that of a list of digests and names."""
    last = parquet("all/b.parquet", id=["C"], left_on=pa.nulls(1))
    first = parquet("all/A.PARQUET", id=["A", "B"], left_on=["", "soon"])
    (tmp_path / "all" / ".c.parquet").write_text("hidden")
    (tmp_path / "all" / "_SUCCESS").write_text("")
    with open_roll(tmp_path / "all", Roll(), CATALOGUE) as opened:
        found = told(opened)
        lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (first, last)]
        assert opened.digest() == f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"
        assert opened.where == str(tmp_path / "all")
    assert [(line, facts["id"]) for line, facts in found.facts] == [(2, "A"), (4, "C")]
    assert [(each.line, each.column) for each in found.rejected] == [(3, "left_on")]


def test_files_whose_columns_differ_are_one_error_with_the_files_names(parquet: Any, tmp_path: Path):
    parquet("all/1.parquet", id=["A"], left_on=[""], symbol=["S"])
    parquet("all/2.parquet", id=["A"], symbol=["S"], left_on=[""])
    parquet("all/3.parquet", id=["A"], leftt=[""], number=["1"])
    parquet("all/4.parquet", id=[1.0], left_on=[""], symbol=["S"])
    assert refused(tmp_path / "all") == [
        "all/2.parquet: has its columns in another order than 1.parquet",
        "all/3.parquet: has no column 'left_on', as 1.parquet has",
        "all/3.parquet: has no column 'symbol', as 1.parquet has",
        "all/3.parquet: column 2: the header 'leftt' is none that the policy knows (did you mean 'left_on'?)",
        "all/3.parquet: has a column 'number', which 1.parquet has not",
        "all/4.parquet: column 1 (id): expected cells of type text or integer for the fact 'id', found float",
    ]


def test_files_of_a_folder_that_cannot_be_read_are_all_named(parquet: Any, tmp_path: Path):
    parquet("all/1.parquet", id=["A"])
    (tmp_path / "all" / "2.parquet").write_text("x")
    (tmp_path / "all" / "3.parquet").mkdir()
    found = refused(tmp_path / "all")
    assert [finding.split(": ")[:2] for finding in found] == [
        ["all/2.parquet", "cannot be read as Parquet"],
        ["all/3.parquet", "cannot be read"],
    ]


def test_a_folder_without_parquet_files_is_no_roll(tmp_path: Path):
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "roll.csv").write_text("id\n")
    assert refused(tmp_path / "all") == ["all: holds no file *.parquet"]


# --- files


@pytest.mark.parametrize("name", ["roll.csv", "roll.csv.gz"])
def test_the_digest_is_that_of_the_files_bytes(csv: Any, name: str):
    """Read as the rows are; or, if they were not read to the end, by itself."""
    raw = b"id\n" + b"".join(b"A%06d\n" % n for n in range(50_000))
    path = csv(gzip.compress(raw) if name.endswith("gz") else raw, name)
    expected = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    with open_roll(path, Roll(), CATALOGUE, Sizes(piece=1 << 14)) as opened:
        assert sum(batch.rows for batch in told(opened).batches) == 50_000
        assert opened.done() == 1.0
        assert opened.digest() == expected
        assert sum(batch.rows for batch in told(opened).batches) == 50_000
        assert opened.digest() == expected
    with open_roll(path, Roll(), CATALOGUE, Sizes(piece=1 << 14)) as opened:
        next(iter(opened.batches({})))
        assert name.endswith("gz") or 0 < opened.done() < 1
        assert opened.digest() == expected


def test_a_file_that_is_changed_while_it_is_read_is_refused(csv: Any, parquet: Any):
    for path in (csv("id\nA\n"), parquet(id=["A"])):
        with open_roll(path, Roll(), CATALOGUE) as opened:
            told(opened)
            with path.open("ab") as file:
                file.write(b"B\n")
            with pytest.raises(MemberError, match="was changed while it was read"):
                opened.digest()


def test_a_damaged_row_group_says_after_which_row(parquet: Any):
    path = parquet(id=[f"A{n:03}" for n in range(100)], rows=50)
    start = pq.ParquetFile(path).metadata.row_group(1).column(0).dictionary_page_offset
    data = bytearray(path.read_bytes())
    data[start : start + 20] = b"\xff" * 20
    path.write_bytes(data)
    (found,) = refused(path)
    assert found.startswith("roll.parquet: after row 50: is damaged: ")


def test_headers_that_stand_twice_are_refused_and_not_repeated(tmp_path: Path):
    table = pa.Table.from_arrays([pa.array(["A"])] * 3, ["id", NUMBER, NUMBER])
    pq.write_table(table, tmp_path / "roll.parquet")
    assert refused(tmp_path / "roll.parquet") == [
        "roll.parquet: cannot be read as Parquet: two columns have the same name"
    ]


def test_bytes_that_are_no_text_are_damage(parquet: Any):
    wrong = pa.array([b"A", b"\xe4\xb8"]).view(pa.string())
    for columns in ({"id": wrong}, {"id": ["A", "B"], "symbol": wrong}, {"id": ["A", "B"], "number": wrong}):
        (found,) = refused(parquet(**columns))
        assert found.startswith("roll.parquet: after row 0: is damaged: ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("roll.xlsx", "expected a name that ends in .csv, .csv.gz or .parquet, or a folder of the latter"),
        ("roll.csv", "cannot be read: No such file or directory"),
        ("roll.parquet", "cannot be read: No such file or directory"),
        ("a\0.csv", "cannot be read: no file has such a name"),
        ("a\n.csv", "cannot be read: No such file or directory"),
    ],
)
def test_files_that_are_none_are_refused_on_one_line(tmp_path: Path, name: str, message: str):
    (found,) = refused(tmp_path / name)
    assert found.endswith(f": {message}")
    assert "\n" not in found


@pytest.mark.parametrize("name", [b"\xff.csv", b"\xff.parquet", b"file:x.parquet", b"s3:x.parquet"])
def test_a_files_name_may_be_any(tmp_path: Path, name: bytes):
    """Bytes that are no text, and what elsewhere would be an address."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": ["A", "="]}), buffer)
    path.write_bytes(buffer.getvalue() if name.endswith(b"parquet") else b"id\nA\n=\n")
    with open_roll(path, Roll(), CATALOGUE) as opened:
        assert [each.line for each in told(opened).rejected] == [3]
        opened.where.encode()


# --- what looks the same, and what looks different


@pytest.mark.parametrize(
    ("written", "mapped"),
    [("\u30ab\u3099", "\u30ac"), ("\u30ac", "\u30ab\u3099"), ("記号～", "記号〜"), ("－", "−"), ("∥", "‖")],
)
def test_headers_and_codes_are_the_same_however_signs_are_composed_or_encoded(
    csv: Any, parquet: Any, written: str, mapped: str
):
    """Macs take letters apart; CP932 reads a wave dash or a minus as its wide neighbour."""
    column = Column(mapped, values={mapped: "insured", "2": "dependent"}, empty="unknown")
    roll = Roll(columns={"relation": column}, as_of_header=f"日{mapped}")
    for path in (
        csv(f"id,{written},日{written}\nA,{written},2026-10-31\n"),
        parquet(**{"id": ["A"], written: [written], f"日{written}": ["2026-10-31"]}),
    ):
        found = reading(path, roll)
        assert found.facts == [(2, {"id": "A", "relation": "insured"})]
        assert found.batches[0].as_of == ((date(2026, 10, 31), 2),)


def test_every_sign_that_windows_reads_otherwise_is_the_same():
    """Of all of JIS X 0208 as the standard reads it, and as CP932 does."""
    for first in (*range(0x81, 0xA0), *range(0xE0, 0xF0)):
        for second in range(0x40, 0xFD):
            pair = bytes([first, second])
            try:
                standard, windows = pair.decode("shift_jis"), pair.decode("cp932")
            except UnicodeDecodeError:
                continue
            assert alike(standard) == alike(windows) or standard == "\\", pair


def test_where_a_text_only_looks_the_same_the_sign_is_named(csv: Any):
    roll = Roll(columns={"relation": Column("続柄", values={"1": "insured"})})
    message = "the header '続\\u200b柄' is none that the policy knows: it looks like '続柄', but sign 2 is "
    header = "id,続\u200b柄,left_on\nA,1,\n"
    assert refused(csv(header), roll) == [f"roll.csv: column 2: {message}U+200B, not U+67C4"]
    (found,) = reading(csv("id,続柄\nA,１\n"), roll).rejected
    assert found.reason == "expected one of 1; looks like '1', but sign 1 is U+FF11, not U+0031"


@pytest.mark.parametrize("other", ["１０", "1\u200b0", "\ufeff10", "1\u00ad0", " 10", "10\u2060\u3000"])
def test_a_key_is_the_same_in_either_width_and_with_signs_that_nobody_sees(
    csv: Any, parquet: Any, other: str
):
    """In the order of the rows; what is written has the key as it stands."""
    for keys in (["10", "11", other], [other, "11", "10"]):
        for path in (csv("id\n" + "".join(f"{key}\n" for key in keys)), parquet(id=keys)):
            with open_roll(path, Roll(), CATALOGUE, SMALL) as opened:
                found = knowing_repeated(lambda places, opened=opened: told(opened, repeated=places))
            assert [(each.line, each.reason) for each in found.rejected] == [(4, "the key of an earlier row")]
            assert [facts["id"] for _, facts in found.facts] == [key.strip() for key in keys[:2]]


def test_many_combining_signs_take_no_time():
    """Sorting them, as normalising does in Python, takes time with the square of their number."""
    many = "a" + "\u0301\u0316" * 60_000
    begun = process_time()
    for fact, column in (
        ("left_on", Column("left_on", form="wareki", fillers=("〜",))),
        ("relation", Column("relation", values={"1": "insured"})),
    ):
        with pytest.raises(ValueError, match="expected"):
            Reader(0, fact, CATALOGUE[fact], column).read(many)
    assert difference(many, "続柄") == ""
    assert len(compared(pl.Series([many, "é"]))) == 2
    assert process_time() - begun < 1


# --- what other programs write


def test_rows_in_which_nothing_stands_are_passed_over_and_counted(csv: Any, parquet: Any):
    """However many cells they have; the as-of day is not asked of them."""
    roll = Roll(as_of_header="asof")
    text = 'id,asof,symbol\nA,2026-10-31,S\n,,\n"","",""\n , \n,,,,\nB,2026-10-31,\n\x1a\n'
    for sizes in (SMALL, Sizes()):
        found = reading(csv(text), roll, sizes)
        assert [line for line, _ in found.facts] == [2, 7]
        assert found.rejected == []
        assert sum(batch.skipped for batch in found.batches) == 5
        assert sum(batch.rows for batch in found.batches) == 2
    path = parquet(id=["A", None, ""], symbol=["S", None, " "], left_on=pa.nulls(3))
    found = reading(path)
    assert ([line for line, _ in found.facts], sum(batch.skipped for batch in found.batches)) == ([2], 2)


@pytest.mark.parametrize("sizes", [SMALL, Sizes()])
@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\r\n\x1a\x1a", "\r\n\x1a\r\n"])
def test_a_file_of_dos_ends_with_ctrl_z(csv: Any, end: str, sizes: Sizes):
    found = reading(csv(f"id,symbol\r\nA,S\r\nB,T{end}"), sizes=sizes, wanted={"symbol": ("S", "T")})
    assert [facts["symbol"] for _, facts in found.facts] == ["S", "T"]
    assert found.rejected == []


@pytest.mark.parametrize("sizes", [SMALL, Sizes()])
@pytest.mark.parametrize("name", ["roll.csv", "roll.csv.gz"])
def test_lines_of_old_macs_end_with_carriage_returns(csv: Any, name: str, sizes: Sizes):
    raw = b'id,symbol\rA,S\r\r"B","T,"\rC,U'
    path = csv(gzip.compress(raw) if name.endswith("gz") else raw, name)
    found = reading(path, sizes=sizes, wanted={"symbol": ("S", "T,", "U")})
    assert [(line, facts["symbol"]) for line, facts in found.facts] == [(2, "S"), (4, "T,"), (5, "U")]


HEADER = "管理番号,生年月日,続柄,記号\n"


@pytest.mark.parametrize(
    ("expected", "raw", "line", "found"),
    [
        ("utf-8", HEADER.encode("utf-16"), "", "UTF-16"),
        ("utf-8", HEADER.encode("utf-16-be"), "", "UTF-16"),
        ("cp932", ("\ufeff" + HEADER).encode("utf-16-be"), "", "UTF-16"),
        ("utf-8", HEADER.encode("utf-32"), "", "UTF-32"),
        ("utf-8", HEADER.encode("iso-2022-jp"), "", "ISO-2022-JP"),
        ("cp932", HEADER.encode(), ": line 1", "utf-8"),
        ("utf-8", HEADER.encode("cp932"), ": line 1", "cp932"),
        ("utf-8", HEADER.encode("euc_jp"), ": line 1", "euc_jp"),
        ("utf-8", f"id,symbol\nA,S\nB,{HEADER}".encode("cp932"), ": line 3", "cp932"),
    ],
)
def test_a_file_in_another_encoding_is_told_which(csv: Any, expected: str, raw: bytes, line: str, found: str):
    said = f"expected {expected} (the policy's [tool.roll].encoding), found what seems to be {found}"
    assert refused(csv(raw), Roll(encoding=expected)) == [f"roll.csv{line}: {said}"]


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("yyyy/mm/dd", "2026/11/21"),
        ("wareki", "R8.11.21"),
        ("wareki", "令8.11.21"),
        ("wareki", "R081121"),
        ("wareki", "令和8年11月21日"),
    ],
)
def test_days_may_be_written_in_any_of_the_forms_and_fillers_mean_none(csv: Any, form: str, cell: str):
    """Fillers are no days at all, and need not be of the form; they are known to be none, not unknown."""
    column = Column("left_on", form=form, empty="unknown", fillers=("99999999", "00000000", "－"))
    text = f"id,left_on\nA,{cell}\nB,99999999\nC, 00000000\nD,\nE,−\nF,88888888\n"
    found = reading(csv(text), Roll(columns={"left_on": column}))
    expected = [date(2026, 11, 21), None, None, UNKNOWN, None]
    assert [facts["left_on"] for _, facts in found.facts] == expected
    assert [each.line for each in found.rejected] == [7]


def test_a_filler_is_the_day_of_parquet_that_it_says(parquet: Any):
    for form, filler in (("iso", "9999-12-31"), ("yyyymmdd", "99991231")):
        roll = Roll(columns={"left_on": Column("left_on", form=form, empty="unknown", fillers=(filler,))})
        days = pa.array([date.max, None, date(2026, 11, 1)])
        found = reading(parquet(id=[*"ABC"], left_on=days), roll)
        assert [facts["left_on"] for _, facts in found.facts] == [None, UNKNOWN, date(2026, 11, 1)]


def test_a_filler_that_the_policy_does_not_name_is_explained(csv: Any):
    roll = Roll(columns={"left_on": Column("left_on", form="yyyymmdd")})
    (found,) = reading(csv("id,left_on\nA,99999999\n"), roll).rejected
    hint = 'if it stands for none, say fillers = ["99999999"] in the policy'
    assert found.reason == f"no such day in the calendar; {hint}"


# --- far too much


@pytest.mark.parametrize("first", ["A,山田花子,S", "山田花子,registered,1980-05-05"])
def test_a_file_without_its_header_line_is_refused_and_none_of_it_is_repeated(csv: Any, first: str):
    """A cell may be the name of a fact by chance."""
    for text in (f"{first}\nB,鈴木一郎,T\n", f"{first},left_on\n"):
        (found,) = refused(csv(text))
        assert "known to the policy; expected those of [tool.roll.columns], or fact names" in found
        assert "山田" not in found
    assert refused(csv("id,090-1234-5678\n")) == [
        "roll.csv: column 2: the header is none that the policy knows, and looks like a cell"
    ]


def test_of_very_many_wrong_columns_the_first_are_named_and_the_others_counted(csv: Any):
    wrong = ",".join(f"wrong{n}" for n in range(10_000))
    found = refused(csv(f"id,{wrong}\n"))
    assert len(found) == 21
    assert found[0].startswith("roll.csv: column 2: the header 'wrong0' is none that the policy knows")
    assert found[20] == "roll.csv: line 1: ... and 9,980 more"


@pytest.mark.parametrize("cells", [b"x,", b'"x",', b'"', b'x"'])
@pytest.mark.parametrize("header", [b"", b"id,symbol\nA,S\n"])
def test_a_row_without_an_end_is_refused_before_it_is_in_memory(csv: Any, header: bytes, cells: bytes):
    path = csv(header + cells * (60_000_000 // len(cells)))
    tracemalloc.start()
    (found,) = refused(path, sizes=Sizes())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.startswith(f"roll.csv: line {3 if header else 1}: ")
    assert ("found no end of one in 16,777,216 bytes" in found) or ("field limit" in found)
    assert most < 300_000_000


def test_decimals_are_whole_numbers_if_they_have_no_places(parquet: Any):
    assert reading(parquet(id=pa.array([Decimal(7)], pa.decimal128(10)))).facts == [(2, {"id": "7"})]
    (found,) = refused(parquet(id=pa.array([Decimal("7.5")], pa.decimal128(10, 1))))
    assert found.endswith("expected cells of type text or integer for the fact 'id', found decimal")
