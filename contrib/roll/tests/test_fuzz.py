"""Whatever stands in a roll's file, a run ends with an answer or a finding, never with a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha.errors import HokenshaError
from hokensha_roll.running import Request, run_roll

# No NUL: on Python 3.10 the writer that these tests use refuses it; no surrogates: no file can hold them.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "none", "held", "registered", "2026-11-21", "9999-12-31", "0001-01-01", "123456789018"]
    ),
    WORDS,
    st.dates().map(str),
)


def ends_well(bench: Any, path: Path) -> None:
    out = bench.folder / "out"
    fault: HokenshaError | None = None
    try:
        summary = run_roll(bench.once(), Request(path, out, bench.on))
    except HokenshaError as error:
        fault = error
    if fault is not None:
        assert fault.findings
        assert "123456789018" not in str(fault)
        assert not out.exists()
    else:
        assert summary.read == summary.decided + summary.undetermined + summary.rejected
        written = "".join(each.read_text("utf-8") for each in out.iterdir())
        assert "123456789018" not in written
        shutil.rmtree(out)


@settings(max_examples=700, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=14, max_size=14), max_size=6), data=st.data())
def test_any_cells(shared_bench: Any, rows: list[list[str]], data: st.DataObject):
    base = [shared_bench.row(id=f"A{n}") for n in range(len(rows))]
    mixed = [
        [cell if data.draw(st.booleans()) else usual for cell, usual in zip(drawn, given_, strict=True)]
        for drawn, given_ in zip(rows, base, strict=True)
    ]
    ends_well(shared_bench, shared_bench.csv(mixed))


@settings(max_examples=700, deadline=None)
@given(data=st.data())
def test_any_header(shared_bench: Any, data: st.DataObject):
    names = st.one_of(st.sampled_from(shared_bench.facts), WORDS)
    header = data.draw(st.lists(names, max_size=14))
    ends_well(shared_bench, shared_bench.csv([shared_bench.row()], header))


@settings(max_examples=700, deadline=None)
@given(data=st.data())
def test_any_bytes(shared_bench: Any, data: st.DataObject):
    path = shared_bench.csv([shared_bench.row(), shared_bench.row(id="A2")])
    good = path.read_bytes()
    first = data.draw(st.integers(0, len(good)))
    last = data.draw(st.integers(first, min(len(good), first + 20)))
    path.write_bytes(good[:first] + data.draw(st.binary(max_size=12)) + good[last:])
    ends_well(shared_bench, path)
