"""A list in JSON is read element by element, as the standard library reads all of it at once."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hokensha_cli import elements
from hokensha_cli.elements import BrokenError, Elements, EndlessError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Trickling(io.RawIOBase):
    """A file that gives a few bytes at a time."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self.left = io.BytesIO(data)
        self.sizes = sizes

    def read1(self, _: int) -> bytes:
        self.sizes = [*self.sizes[1:], self.sizes[0]]
        return self.left.read(self.sizes[0])


def read(data: bytes, *sizes: int) -> list[Any]:
    file = Trickling(data, [*sizes] or [1 << 16])
    return [(place.line, place.column, value) for place, value in Elements(file, json.JSONDecoder())]


@given(
    st.lists(VALUES, max_size=5),
    st.sampled_from([None, 1]),
    st.lists(st.integers(1, 9), min_size=1),
    st.booleans(),
)
def test_however_it_is_cut_the_same_elements_are_read(
    values: list[Any], indent: int | None, sizes: list[int], plain: bool
):
    text = json.dumps(values, indent=indent, ensure_ascii=plain)
    data = text.removeprefix("[").encode("utf-8", "surrogatepass" if plain else "replace")
    assert [value for *_, value in read(data, *sizes)] == json.loads("[" + data.decode())


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_element_is_known_by_its_line_and_column(size: int):
    found = read('\n {"a": "あ"},\n\n  {"b":\n 2}, 3]'.encode(), size)
    assert [(2, 2, {"a": "あ"}), (4, 3, {"b": 2}), (5, 6, 3)] == found


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1,",
        "1,]",
        ",",
        '{"a": 1',
        '{"a" 1}, {"a": 1}',
        '"a',
        "1 2]",
        "1] 2",
        "[1, }",
        "tru]",
        "{'a': 1}]",
    ],
)
def test_what_is_no_list_is_told_where_the_whole_is_told(text: str, size: int):
    with pytest.raises(BrokenError) as found:
        read(text.encode(), size)
    with pytest.raises(json.JSONDecodeError) as whole:
        json.loads("[" + text)
    place, error = found.value.place, found.value.error
    assert isinstance(error, json.JSONDecodeError)
    assert (whole.value.lineno, whole.value.colno) == (place.line, place.column)
    assert whole.value.msg == error.msg


@pytest.mark.parametrize("size", [1, 1000])
def test_other_bytes_than_utf_8_are_told_where_they_stand(size: int):
    with pytest.raises(BrokenError) as found:
        read(b'{"a": 1},\n{"a": "\xe3\x81"}]', size)
    assert isinstance(found.value.error, UnicodeDecodeError)
    assert (2, 8) == (found.value.place.line, found.value.place.column)


def test_an_element_without_an_end_is_told_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(elements, "LONGEST", 1000)
    with pytest.raises(BrokenError) as found:
        read(b'{"a": 1},\n{"a": "' + b"}" * 100_000, 64)
    assert isinstance(found.value.error, EndlessError)
    assert (1, 2) == (found.value.place.index, found.value.place.line)


def test_no_more_is_held_than_one_element():
    one = json.dumps({"id": "A", "text": "x" * 2000})
    file = io.BytesIO((", ".join([one] * 5000) + "]").encode())
    tracemalloc.start()
    count = sum(1 for _ in Elements(file, json.JSONDecoder()))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 5000 == count
    assert most < 1_500_000


def test_an_element_is_given_before_the_next_is_there():
    file = Trickling(b'{"a": "}"}, {"a"', [1])
    first = next(iter(Elements(file, json.JSONDecoder())))
    assert {"a": "}"} == first[1]
    assert b', {"a"' == file.left.read()
