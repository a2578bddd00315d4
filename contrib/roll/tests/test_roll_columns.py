"""What a policy says of a roll's columns, as far as it takes the facts to judge it."""

from __future__ import annotations

from typing import Any

import pytest

from hokensha.errors import MemberError, PolicyError
from hokensha.policy import load_policy
from hokensha_roll import fit, roll_findings, roll_of
from hokensha_verify import check


def faults(bench: Any, mapping: str) -> list[tuple[str, str]]:
    """What is wrong with the policy's roll, by its place in the file."""
    rulebook = bench.rulebook(mapping)
    where = f"{rulebook.policy.path}: tool.roll"
    found = (each for each in roll_findings(rulebook) if each.code != "column-unread")
    return [(each.where.removeprefix(where), each.message) for each in found]


def test_what_is_no_roll_is_found_and_stops_who_reads_it(bench: Any):
    mapping = '[tool.roll]\nencoding = "sjis"\ncolumns.left_on = { header = "喪失日", empty = "default" }\n'
    found = faults(bench, mapping)
    assert found == [
        (".encoding", "expected one of utf-8, cp932, found 'sjis'"),
        (".columns.left_on.default", 'is missing; with empty = "default" expected the value'),
    ]
    policy = load_policy(bench.policy(mapping))
    with pytest.raises(PolicyError) as caught:
        roll_of(policy)
    where = f"{policy.path}: tool.roll"
    assert found == [(each.where.removeprefix(where), each.message) for each in caught.value.findings]


def test_a_column_of_a_fact_that_there_is_not_is_a_fault(bench: Any):
    mapping = '[tool.roll.columns]\nbirth_dat = { header = "生年月日" }\n'
    assert faults(bench, mapping) == [(".columns.birth_dat", "no such fact (did you mean 'birth_date'?)")]


@pytest.mark.parametrize("digits", [1, 8, 20])
def test_a_text_may_have_a_number_of_digits(bench: Any, digits: int):
    """None are missing, none are too many."""
    mapping = f'[tool.roll.columns]\nnumber = {{ header = "番号", digits = {digits} }}\n'
    assert faults(bench, mapping) == []


@pytest.mark.parametrize(
    ("fact", "column", "message"),
    [
        ("number", 'header = "番号", digits = 0', "expected 1 to 20, found 0"),
        ("number", 'header = "番号", digits = 21', "expected 1 to 20, found 21"),
        ("birth_date", 'header = "生年月日", digits = 8', "means nothing here: 'birth_date' is no text"),
        ("branch", 'header = "枝番", digits = 2, values = { A = "00" }', "means nothing beside values"),
    ],
)
def test_a_number_of_digits_that_means_nothing_is_a_fault(bench: Any, fact: str, column: str, message: str):
    """The column is named."""
    mapping = f"[tool.roll.columns]\n{fact} = {{ {column} }}\n"
    assert faults(bench, mapping) == [(f".columns.{fact}.digits", message)]


@pytest.mark.parametrize(
    ("mapping", "faults_found"),
    [
        (
            'columns.left_on = { header = "日" }\ncolumns.birth_date = { header = "日" }',
            [
                (
                    ".columns.birth_date.header",
                    "the header '日' is given to columns.left_on.header, too; each column holds one thing",
                )
            ],
        ),
        (
            'as_of_header = "ガ"\ncolumns.left_on = { header = "\u30ab\u3099" }',
            [
                (
                    ".as_of_header",
                    "the header 'ガ' is given to columns.left_on.header, too; each column holds one thing",
                )
            ],
        ),
        (
            'columns.birth_date = { header = "日付" }\ncolumns.left_on = { header = "日\\u200B付" }',
            [
                (
                    ".columns.left_on.header",
                    "looks like '日付', but sign 2 is U+200B, not U+4ED8; each column holds one thing",
                )
            ],
        ),
        (
            'columns.left_on = { header = "birth_date" }',
            [(".columns.left_on.header", "is the name of another fact, 'birth_date'")],
        ),
        (
            'columns.left_on = { header = "喪失日 " }\nas_of_header = "\u3000基準日"',
            [
                (
                    ".as_of_header",
                    "begins or ends with a space, which is not looked at in a roll; leave it out",
                ),
                (
                    ".columns.left_on.header",
                    "begins or ends with a space, which is not looked at in a roll; leave it out",
                ),
            ],
        ),
        (
            'columns.my_number_card = { header = "c", values = { "1" = "hold", "2 " = "none" } }',
            [
                (
                    ".columns.my_number_card.values.'2 '",
                    "begins or ends with a space, which is not looked at in a roll; leave it out",
                ),
                (
                    ".columns.my_number_card.values.1",
                    "expected one of none, held, returned, lost, renewing, found 'hold'",
                ),
            ],
        ),
        (
            'columns.my_number_card = { header = "c", values = { "〜" = "none", "～" = "held" } }',
            [
                (
                    ".columns.my_number_card.values.'～'",
                    "is in a cell what another code is; which one is meant?",
                )
            ],
        ),
        (
            'columns.left_on = { header = "l", values = { "1" = "2026-11-21" } }',
            [
                (
                    ".columns.left_on.values",
                    "means nothing here: 'left_on' is a day, and form says how it is written",
                )
            ],
        ),
        (
            'columns.left_on = { header = "l", empty = "default", default = "soon" }',
            [(".columns.left_on.default", "expected a day YYYY-MM-DD, found 'soon'")],
        ),
        (
            'columns.symbol = { header = "s", form = "wareki" }\nas_of_form = "wareki"',
            [
                (".as_of_form", "means nothing without as_of_header"),
                (".columns.symbol.form", "means nothing here: 'symbol' is no day"),
            ],
        ),
        (
            'columns.birth_date = { header = "b", form = "yyyymmdd", fillers = ["00000000"] }',
            [(".columns.birth_date.fillers", "means nothing here: 'birth_date' cannot be none")],
        ),
    ],
)
def test_what_would_make_every_run_fail_is_found_before_one(
    bench: Any, mapping: str, faults_found: list[tuple[str, str]]
):
    """At the policy, each with its key; and who runs all the same is told the same."""
    found = faults(bench, f"[tool.roll]\n{mapping}\n")
    assert sorted(found) == sorted(faults_found)
    rulebook = bench.rulebook(f"[tool.roll]\n{mapping}\n")
    with pytest.raises(MemberError) as caught:
        fit(["id"], ["text"], roll_of(rulebook.policy), rulebook.catalogue, "roll.csv")
    said = [
        (each.where.removeprefix("roll.csv: [tool.roll]"), each.message) for each in caught.value.findings
    ]
    assert sorted(said) == sorted(found)


def warnings(bench: Any, mapping: str) -> list[str]:
    """What check warns of under [tool.roll]; there are no errors."""
    report = check(bench.policy(mapping))
    assert [each for each in report.errors if "tool.roll" in each.where] == []
    return [str(each).rpartition("tool.roll")[2] for each in report.warnings if "tool.roll" in each.where]


def test_a_column_that_no_decision_reads_is_a_warning(bench: Any):
    """Texts say who a member is: nobody expects that a rule reads them."""
    mapped = "".join(
        f'{fact} = {{ header = "{fact}" }}\n' for fact in ("id", "symbol", "left_on", "needs_assistance")
    )
    assert warnings(bench, f"[tool.roll.columns]\n{mapped}") == [
        ".columns: no rule that decisions ask reads needs_assistance: nothing hangs on these columns"
    ]
    assert warnings(bench, '[tool.roll.columns]\nleft_on = { header = "喪失日" }\n') == []


def test_a_header_or_code_that_the_encoding_lacks_is_a_warning(bench: Any):
    """A Parquet file may have it. Signs that a file in CP932 has in another form are the same."""
    mapping = '[tool.roll]\nencoding = "cp932"\ncolumns.left_on = {{ header = "{}", fillers = ["{}"] }}\n'
    assert warnings(bench, mapping.format("喪失日〜", "−")) == []
    assert warnings(bench, mapping.format("喪失日😀", "€")) == [
        ".columns.left_on.header: holds '😀' (U+1F600), which no CSV file in cp932 can have",
        ".columns.left_on.fillers[0]: holds '€' (U+20AC), which no CSV file in cp932 can have",
    ]
