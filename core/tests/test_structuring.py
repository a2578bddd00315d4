"""What a policy file may say, and what is said about one that may not be used.

A test changes one thing in ``VALID`` and states which findings that gives: where, and of which kind.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import re
from datetime import date, datetime, time, timezone
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from hokensha.dates import Days, EndOfMonth, Figure, Modality, Months, Next, On, OtherReading, Period, Years
from hokensha.errors import Finding, PolicyError
from hokensha.policy import (
    ClosingDays,
    Information,
    Insurer,
    Policy,
    Source,
    Terms,
    load_policy,
)
from hokensha.rules import Basis, Yearly
from hokensha.text import Label

NUMBER = "123456789018"
"""An individual number: see test_identifiers."""

MINIMAL = """
schema = "hokensha/policy/1"
published = 2025-10-01
plugins = ["mutual-aid"]
sources = []
rules = {}
[insurer]
name = "文部科学省共済組合"
name_en = "MEXT Mutual Aid"
"""

VALID = """
schema = "hokensha/policy/1"
published = 2025-10-01
plugins = ["mutual-aid", "mext"]

[insurer]
name = "文部科学省共済組合"
name_en = "MEXT Mutual Aid"
number = "31130016"

[[sources]]
id = "001"
title = "資格確認書について"
publisher = "文部科学省共済組合"
date = 2024-11-01
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
url = "https://example.org/001"
[sources.locators]
"001-01" = "電話番号"
"001-04" = "封筒の色"
"001-11" = "MHをお持ちでない方"
"001-12" = "MHの有効期限が切れた方"

[[sources]]
id = "law"
title = "健康保険法"
publisher = "e-Gov"
locators = { "law-51-3" = "第51条の3" }

[settings]
grace = true
residence = "none"

[calendar]
yearly = ["12-29", "02-29"]
dates = [2026-05-01]

[figures.eligibility-certificate]
modality = "exact"
rule = [{ years = 4 }, { next = "12-01", boundary = "same" }]
reading = { ja = "交付日から4年経過後、最初の12月1日", en = "first 1 December on or after issue + 4 years" }
other_readings = [{ reading = { ja = "5年", en = "5 years" }, rule = [{ years = 5, month_end = "stick" }] }]
cites = ["001-11"]

[[figures.certificate-end]]
modality = "at-most"
of = "electronic_certificate_expires_on"
when = { overseas_card = false }
rule = [{ end_of_month = 3 }]
period = { by = "asked", through = 2025-07-31 }

[[figures.certificate-end]]
modality = "between"
of = "electronic_certificate_expires_on"
when = { overseas_card = false }
approximate = true
planned = true
rule = [{ months = 1 }]
latest_rule = [{ months = 2 }]
period = { by = "asked", since = 2025-08-01 }

[figures.seventy-five]
modality = "exact"
of = "birth_date"
rule = [{ birthday = 75 }, { days = -1 }]
cites = ["law-51-3"]

[figures.short-term]
modality = "not-stated"

[figures.end]
earliest = ["certificate-end", "seventy-five"]

[rules.card-expired]
cites = ["001-12"]
claim = "unstated"

[rules.certificate-issued]
cites = ["001-11", "law-51-3"]
basis = "ex-officio"
since = 2024-12-02
through = 2024-12-02
figure = "end"
due_through = "seventy-five"
mass = true
purpose = "short-term"

[declined]
"registration-failed" = "the source does not say"

[not_software]
"001-04" = "the colour of an envelope"

[[information]]
ja = "電話番号は03-0000-0000"
en = "The telephone number is 03-0000-0000"
cites = ["001-01"]
since = 2025-04-01

[roll]
encoding = "cp932"
as_of = "end-of-previous-month"
as_of_header = "基準日"
as_of_form = "wareki"
[roll.columns.birth_date]
header = "生年月日"
form = "wareki"
empty = "unknown"
[roll.columns.relation]
header = "続柄"
values = { "本人" = "insured", "家族" = "dependent" }
"""

DELETED = object()


def toml(value: Any) -> str:
    """``value`` as TOML's inline form."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    return str(value) if isinstance(value, int) else value.isoformat()


def document(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The valid policy, with ``changes``: by path, ``figures/short-term/modality`` or ``sources/0/id``."""
    changed = tomli.loads(VALID)
    for path, value in (changes or {}).items():
        *parents, last = [int(key) if key.isdigit() else key for key in path.split("/")]
        table: Any = changed
        for key in parents:
            table = table[key]
        if value is DELETED:
            del table[last]
        else:
            table[last] = value
    return changed


class Files:
    """Writes policies and loads them, each as ``policy.toml`` in the working directory."""

    def load(self, changes: dict[str, Any] | None = None) -> Policy:
        return self.load_text("\n".join(f"{toml(k)} = {toml(v)}" for k, v in document(changes).items()))

    def load_text(self, text: str | bytes) -> Policy:
        Path("policy.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_policy("policy.toml")

    def refused(self, changes: dict[str, Any]) -> list[Finding]:
        """All findings, without the file's name, which stands before each."""
        with pytest.raises(PolicyError) as caught:
            self.load(changes)
        return [
            Finding(re.sub(r"^policy\.toml(: )?", "", f.where), f.message, f.code)
            for f in caught.value.findings
            if f.where.startswith("policy.toml")
        ]

    def codes(self, changes: dict[str, Any]) -> list[tuple[str, str]]:
        return [(found.where, found.code) for found in self.refused(changes)]


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.chdir(tmp_path)
    return Files()


def version(since: date | None, through: date | None, **further: Any) -> dict[str, Any]:
    """One version of a figure, in force between two days."""
    period = {"by": "asked", "since": since, "through": through}
    period = {key: value for key, value in period.items() if value is not None}
    return {"modality": "exact", "period": period, **further}


# --- what a policy says


def test_a_minimal_policy_needs_no_more_than_this(policies):
    """Without figures, settings, calendar or roll the classes' own defaults stand."""
    policy = policies.load_text(MINIMAL)

    assert ("mutual-aid",) == policy.plugins
    assert ClosingDays() == policy.calendar
    assert {} == policy.tool
    assert {} == policy.figures


def test_the_digest_is_that_of_the_bytes(policies):
    """It names the very file, comments and line ends included."""
    policy = policies.load_text(MINIMAL)

    assert "policy.toml" == policy.path
    assert "sha256:" + hashlib.sha256(MINIMAL.encode()).hexdigest() == policy.digest


def test_a_path_object_serves_as_well(policies):
    """Findings and ``path`` show it as text."""
    policies.load()

    assert "policy.toml" == load_policy(Path("policy.toml")).path


def test_a_byte_order_mark_is_passed_over(policies):
    """Editors on Windows write one."""
    assert policies.load_text(b"\xef\xbb\xbf" + MINIMAL.encode()).rules == {}


def test_insurer_and_sources_are_read(policies):
    """An absent key is none."""
    policy = policies.load()

    assert Insurer("文部科学省共済組合", "MEXT Mutual Aid", "31130016") == policy.insurer
    assert Source("law", "健康保険法", "e-Gov", {"law-51-3": "第51条の3"}) == policy.sources[1]
    assert date(2024, 11, 1) == policy.sources[0].date


def test_one_table_is_one_version_of_a_figure(policies):
    """The steps of its rules become objects."""
    expected = Figure(
        Modality.EXACT,
        ("001-11",),
        rule=(Years(4), Next("12-01", "same")),
        reading=Label("交付日から4年経過後、最初の12月1日", "first 1 December on or after issue + 4 years"),
        other_readings=(OtherReading(Label("5年", "5 years"), (Years(5, "stick"),)),),
    )

    assert (expected,) == policies.load().figures["eligibility-certificate"]


def test_a_list_of_tables_is_several_versions_of_a_figure(policies):
    """They stand in the file's order."""
    shared = {"of": "electronic_certificate_expires_on", "when": {"overseas_card": False}}
    first = Figure(
        Modality.AT_MOST,
        **shared,
        rule=(EndOfMonth(3),),
        period=Period("asked", through=date(2025, 7, 31)),
    )
    second = Figure(
        Modality.BETWEEN,
        **shared,
        rule=(Months(1),),
        latest_rule=(Months(2),),
        approximate=True,
        planned=True,
        period=Period("asked", since=date(2025, 8, 1)),
    )

    assert (first, second) == policies.load().figures["certificate-end"]


def test_a_composite_figure_needs_no_modality(policies):
    """The figures it is made of have theirs."""
    figure = Figure(Modality.EXACT, earliest=("certificate-end", "seventy-five"))

    assert (figure,) == policies.load().figures["end"]


def test_rules_keep_their_order(policies):
    """The order breaks ties between triggers."""
    rules = policies.load().rules

    assert ["card-expired", "certificate-issued"] == list(rules)
    assert Terms(("001-12",), claim="unstated") == rules["card-expired"][0]
    assert Basis.EX_OFFICIO is rules["certificate-issued"][0].basis
    assert date(2024, 12, 2) == rules["certificate-issued"][0].through


def test_a_yearly_window_is_read_under_the_keys_of_its_ends(policies):
    window = {"from": "07-01", "through": "07-31"}
    rules = policies.load({"rules/certificate-issued/yearly": window}).rules

    assert Yearly("07-01", "07-31") == rules["certificate-issued"][0].yearly


@pytest.mark.parametrize(
    ("window", "where", "said"),
    [
        ({"from": "07-01"}, ".through", "is missing"),
        ({"from": "07-01", "through": "07-31", "first": "07-01"}, ".first", "no such key"),
        ({"from": 7, "through": "07-31"}, ".from", "expected a text, found 7"),
        ({"from": "07-31", "through": "07-01"}, "", "expected a day not before 07-31 of the same year"),
        ({"from": "07-01", "through": "07-32"}, "", "expected a month and day MM-DD"),
        ("07-01", "", "expected a table"),
    ],
)
def test_what_is_no_yearly_window_is_told_at_its_key(policies, window, where, said):
    (found,) = policies.refused({"rules/certificate-issued/yearly": window})

    assert f"rules.certificate-issued.yearly{where}" == found.where
    assert said in found.message


def test_information_is_said_in_two_languages(policies):
    """TOML has the languages side by side with the rest."""
    label = Label("電話番号は03-0000-0000", "The telephone number is 03-0000-0000")

    assert (Information(label, ("001-01",), date(2025, 4, 1)),) == policies.load().information


def test_settings_calendar_and_what_is_declined_are_read(policies):
    """A day of every year may be 29 February."""
    policy = policies.load()

    assert {"grace": True, "residence": "none"} == policy.settings
    assert ClosingDays(("12-29", "02-29"), (date(2026, 5, 1),)) == policy.calendar
    assert {"registration-failed": "the source does not say"} == policy.declined


def test_what_other_distributions_read_is_handed_on_as_it_stands(policies):
    """Its owner alone looks into it; the core does not know what may stand there."""
    tool = {"counter": {"printers": [1, 2.5, True, {"name": "x"}]}, "roll": {"no-such-key": date(2025, 1, 1)}}

    assert tool == policies.load({"roll": DELETED, "tool": tool}).tool


def test_a_plain_roll_is_read_as_the_tools(policies):
    """As policies had it before other distributions had places of their own."""
    roll = document()["roll"]

    assert {"roll": roll} == policies.load().tool
    assert {"roll": roll, "counter": {"a": 1}} == policies.load({"tool": {"counter": {"a": 1}}}).tool


def test_a_roll_in_both_places_is_refused(policies):
    """One of the two was meant."""
    assert [("roll", "bad-value")] == policies.codes({"tool": {"roll": {}}})


def test_a_fixed_day_is_a_step(policies):
    """``on`` takes a day, not a text."""
    policy = policies.load({"figures/seventy-five/rule": [{"on": date(2025, 12, 1)}, {"days": 0}]})

    assert (On(date(2025, 12, 1)), Days(0)) == policy.figures["seventy-five"][0].rule


# --- files that are no TOML


def test_an_absent_file_is_a_finding():
    """It is shown as the caller named it."""
    with pytest.raises(PolicyError) as caught:
        load_policy("no/such.toml")

    (found,) = caught.value.findings
    assert ("no/such.toml", "unreadable") == (found.where, found.code)


def test_a_directory_is_unreadable(tmp_path):
    """So is all else that the system refuses to read."""
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path)

    assert ["unreadable"] == [found.code for found in caught.value.findings]


def test_a_name_that_no_file_can_have_is_unreadable():
    """Python's own error for it is no OSError."""
    with pytest.raises(PolicyError, match="no file has such a name"):
        load_policy("policy\0.toml")


def test_other_encodings_are_refused_with_their_line(policies):
    """A policy saved as Shift_JIS does not become other characters."""
    with pytest.raises(PolicyError) as caught:
        policies.load_text('schema = "x"\nname = "組合"\n'.encode("cp932"))

    (found,) = caught.value.findings
    assert ("policy.toml: line 2", "unreadable") == (found.where, found.code)


def test_a_syntax_error_has_line_and_column(policies):
    """Both count from one."""
    with pytest.raises(PolicyError) as caught:
        policies.load_text('schema = "x"\nplugins = [1, }')

    assert (
        Finding("policy.toml: line 2, column 15", "Invalid value (in 'plugins')", "toml"),
    ) == caught.value.findings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("published = 2025-07-32", "(in 'published'); 2025-07-32 is no day of the calendar"),
        ("published = R7.7.31", "(in 'published'); write a day as 2025-07-31, without an era"),
        ("published ＝ 2025-07-31", "it holds the full-width sign '＝', expected '='"),
        ("name = “組合”", "(in 'name'); it holds the full-width sign '“', expected '\"'"),
        ("a = { x = 1,\n  y = 2\nb = 2", "Unclosed inline table (in 'a', line 1)"),
        ("[rules.x]\ncites = [\n  'p-1'\n[rules.y]", "Unclosed array (in 'cites', line 2)"),
    ],
)
def test_a_slip_in_toml_names_the_key_and_what_to_write(policies, text, said):
    with pytest.raises(PolicyError) as caught:
        policies.load_text(text)

    assert said in str(caught.value)


def test_an_inline_table_may_go_on_in_further_lines(policies):
    """As TOML 1.1 has it, with every version of the parser that can be installed."""
    with pytest.raises(PolicyError) as caught:
        policies.load_text("insurer = {\n  name = '組合',\n}\n")

    assert "toml" not in [found.code for found in caught.value.findings]


def test_a_key_written_twice_is_a_syntax_error(policies):
    """Neither of them wins."""
    with pytest.raises(PolicyError) as caught:
        policies.load_text('schema = "x"\nschema = "y"\n')

    assert ["toml"] == [found.code for found in caught.value.findings]


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "1" * 5000])
def test_toml_beyond_the_parsers_limits_is_refused(policies, text):
    """Nesting and digits without end are no crash."""
    with pytest.raises(PolicyError) as caught:
        policies.load_text(text)

    assert ["toml"] == [found.code for found in caught.value.findings]


def test_tables_nested_without_end_are_refused(policies):
    """By the parser or, in releases that let them pass, as an unknown key."""
    with pytest.raises(PolicyError) as caught:
        policies.load_text(".".join("a" * 5000) + " = 1")

    assert {"toml", "unknown-key"} & {found.code for found in caught.value.findings}


def test_a_syntax_error_never_repeats_an_individual_number(policies):
    """The parser names the key that stands twice."""
    with pytest.raises(PolicyError) as caught:
        policies.load_text(f"a = {{ {NUMBER} = 1, {NUMBER} = 2 }}")

    assert NUMBER not in str(caught.value)


# --- individual numbers


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("insurer/name", f"連絡先 {NUMBER}"),
        ("insurer/name", int(NUMBER)),
        ("settings/code", "1234-5678-9018"),
        ("plugins/1", NUMBER),
        ("sources/0/sha256", NUMBER),
        ("roll/as_of_header", NUMBER),
        ("tool", {"counter": {"printers": [NUMBER]}}),
        ("surplus", {"deep": [[{"deeper": NUMBER}]]}),
        (f"not_software/{NUMBER}x", "reason"),
        (f"figures/{NUMBER}x", {"modality": NUMBER}),
    ],
)
def test_an_individual_number_is_refused_wherever_it_stands(policies, path, value):
    """The one finding says where, as far as that can be said without repeating it."""
    changes = {path: value, "published": "no day"}

    (found,) = policies.refused(changes)

    assert "individual-number" == found.code
    assert NUMBER not in str(found)
    assert path.split("/")[0] in found.where


def test_the_path_leads_to_the_individual_number(policies):
    """A list's entry has its index, from zero."""
    assert [("plugins[1]", "individual-number")] == policies.codes({"plugins/1": NUMBER})


def test_a_digest_that_happens_to_hold_such_digits_is_a_digest(policies):
    """One in some 400 does."""
    digest = f"ab{NUMBER}" + "c" * 50

    assert digest == policies.load({"sources/0/sha256": digest}).sources[0].sha256


def test_a_number_with_a_decimal_point_is_not_repeated(policies):
    """Written so, an individual number would not be recognised."""
    (found,) = policies.refused({"insurer/name": float(NUMBER)})

    assert "wrong-type" == found.code
    assert NUMBER not in found.message


# --- keys


def test_an_unknown_key_suggests_the_nearest(policies):
    """At every depth; the keys after it are read all the same."""
    found = policies.refused({"figures/seventy-five/modalty": "exact", "publisched": 1})

    assert ["publisched", "figures.seventy-five.modalty"] == sorted((f.where for f in found), key=len)
    assert {"unknown-key"} == {f.code for f in found}
    assert {
        "no such key (did you mean 'modality'?)",
        "no such key (did you mean 'published'?)",
    } == {f.message for f in found}


def test_an_unknown_key_like_no_other_gets_the_list(policies):
    """What was expected is said in any case."""
    (found,) = policies.refused({"calendar/zzz": 1})

    assert "no such key; expected one of yearly, dates" == found.message


@pytest.mark.parametrize("key", ["path", "digest"])
def test_what_the_loader_itself_says_cannot_be_written(policies, key):
    """A policy cannot claim another digest than its own."""
    assert [(key, "unknown-key")] == policies.codes({key: "x"})


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("schema", "schema"),
        ("published", "published"),
        ("plugins", "plugins"),
        ("insurer", "insurer"),
        ("rules", "rules"),
        ("sources", "sources"),
        ("insurer/name_en", "insurer.name_en"),
        ("sources/1/locators", "sources[1].locators"),
        ("figures/seventy-five/modality", "figures.seventy-five.modality"),
        ("figures/certificate-end/1/period/by", "figures.certificate-end[1].period.by"),
        ("rules/card-expired/cites", "rules.card-expired.cites"),
        ("information/0/en", "information[0].en"),
    ],
)
def test_a_missing_key_is_named(policies, path, where):
    """One missing key gives one finding."""
    assert [(where, "missing-key")] == policies.codes({path: DELETED})


def test_a_missing_key_says_what_was_expected(policies):
    """In words, not in Python's types."""
    found = policies.refused(
        {"published": DELETED, "figures/seventy-five/modality": DELETED, "rules": DELETED}
    )

    assert {
        "is missing; expected a day YYYY-MM-DD without quotes",
        "is missing; expected a table",
        "is missing; expected one of exact, at-most, about, between, unlimited, not-stated",
    } == {f.message for f in found}


def test_a_key_that_is_no_bare_word_is_quoted(policies):
    """So a finding stays on one line."""
    ((where, _),) = policies.codes({"settings/two\nlines": 1})

    assert r"settings.'two\nlines'" == where


# --- kinds of values


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("figures/seventy-five/approximate", "no"),
        ("figures/seventy-five/approximate", 0),
        ("insurer/name", 5),
        ("insurer/name", True),
        ("insurer/name", date(2025, 1, 1)),
        ("insurer/name", ["文部科学省共済組合"]),
        ("published", "2025-10-01"),
        ("published", datetime(2025, 10, 1, tzinfo=timezone.utc)),
        ("published", time(12)),
        ("plugins", "mutual-aid"),
        ("plugins", {"mutual-aid": True}),
        ("sources", {"id": "001"}),
        ("rules", []),
        ("rules/card-expired", "x"),
        ("settings/grace", 1),
        ("roll", ["birth_date"]),
        ("tool", "roll"),
        ("figures/seventy-five", "not-stated"),
        ("figures/seventy-five/modality", True),
        ("figures/seventy-five/period", "asked"),
        ("rules/card-expired/claim", False),
        ("insurer", [{"name": "x"}]),
        ("not_software/001-04", True),
        ("calendar/dates", date(2026, 5, 1)),
        ("figures/seventy-five/rule", {"years": 4}),
    ],
)
def test_a_value_of_another_kind_is_never_converted(policies, path, value):
    """Not even where Python or cattrs would: booleans are numbers, texts are sequences, and so on."""
    expected = path.replace("/", ".")

    assert (expected, "wrong-type") in policies.codes({path: value})


@pytest.mark.parametrize("value", [True, 4.0, "4"])
def test_a_count_is_a_whole_number(policies, value):
    """A boolean would count as one."""
    where = "figures.seventy-five.rule[0].years"

    assert [(where, "wrong-type")] == policies.codes({"figures/seventy-five/rule": [{"years": value}]})


def test_an_entry_of_a_list_is_named_by_its_index(policies):
    """From zero."""
    changes = {"plugins": ["mutual-aid", 5]}

    assert [Finding("plugins[1]", "expected a text, found 5", "wrong-type")] == policies.refused(changes)


def test_a_choice_suggests_the_nearest(policies):
    """And lists all."""
    (found,) = policies.refused({"rules/card-expired/claim": "ex-oficio"})

    assert "bad-value" == found.code
    assert found.message.startswith("expected one of ex-officio, application, unstated, none, found ")
    assert found.message.endswith("'ex-oficio' (did you mean 'ex-officio'?)")


def test_another_schema_is_refused(policies):
    """A policy of a later version is not guessed at."""
    changes = {"schema": "hokensha/policy/2"}

    assert [("schema", "bad-value")] == policies.codes(changes)


@pytest.mark.parametrize("path", ["insurer/name", "information/0/ja", "declined/registration-failed"])
def test_a_text_is_never_empty(policies, path):
    """Blanks only, ideographic ones included, are as good as nothing."""
    assert [(path.replace("/0", "[0]").replace("/", "."), "bad-value")] == policies.codes({path: " \u3000"})


def test_long_values_are_not_repeated_whole(policies):
    """A finding is one line that a person reads."""
    (found,) = policies.refused({"schema": "長" * 5000})

    assert len(found.message) < 120


# --- date rules


@pytest.mark.parametrize(
    ("step", "where", "code"),
    [
        ({}, "", "bad-value"),
        ({"years": 1, "months": 2}, "", "bad-value"),
        ({"yeers": 1}, ".yeers", "unknown-key"),
        ({"years": 1, "boundary": "same"}, ".boundary", "unknown-key"),
        ({"years": 1, "month_end": "last"}, ".month_end", "bad-value"),
        ({"next": "02-29"}, ".next", "bad-value"),
        ({"next": "12-01", "boundary": "after"}, ".boundary", "bad-value"),
        ({"next": "1201"}, ".next", "bad-value"),
        ({"next": "W05-1"}, ".next", "bad-value"),
        ({"next": 1201}, ".next", "wrong-type"),
        ({"on": "2025-12-01"}, ".on", "wrong-type"),
        ({"on": date(9999, 12, 31)}, ".on", "bad-value"),
        ({"birthday": 151}, ".birthday", "bad-value"),
        ({"end_of_birthday_month": -1}, ".end_of_birthday_month", "bad-value"),
        ({"business_days": -3}, ".business_days", "bad-value"),
        ({"years": 400}, ".years", "bad-value"),
        ({"days": 10**30}, ".days", "bad-value"),
        ("1 year", "", "wrong-type"),
    ],
)
def test_a_step_has_one_operator_and_a_value_in_its_range(policies, step, where, code):
    """What a class's validator says gets the path of the step's operator."""
    changes = {"figures/certificate-end/1/rule": [{"days": 1}, step]}

    assert [(f"figures.certificate-end[1].rule[1]{where}", code)] == policies.codes(changes)


def test_other_readings_are_looked_through_as_well(policies):
    """The path goes on within them."""
    changes = {"figures/eligibility-certificate/other_readings/0/rule/0": {"next": "13-01"}}
    expected = "expected a month and day MM-DD that every year has, found '13-01'"

    (found,) = policies.refused(changes)

    assert "figures.eligibility-certificate.other_readings[0].rule[0].next" == found.where
    assert expected == found.message


def test_an_unknown_step_suggests_the_nearest(policies):
    """Steps are keys."""
    (found,) = policies.refused({"figures/seventy-five/rule": [{"end_of_mont": 1}]})

    assert "no such key (did you mean 'end_of_month'?)" == found.message


# --- figures


@pytest.mark.parametrize("name", ["Certificate", "certificate_end", "-end", "資格", "two words"])
@pytest.mark.parametrize("section", ["figures", "rules", "declined"])
def test_names_are_small_words_joined_by_hyphens(policies, section, name):
    """Of figures and of rules."""
    value = {"figures": {"modality": "unlimited"}, "rules": {"cites": []}, "declined": "reason"}[section]

    ((where, code),) = policies.codes({f"{section}/{name}": value})

    assert where.startswith(f"{section}.")
    assert "bad-value" == code


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rule", [{"days": 1}]),
        ("latest_rule", [{"days": 1}]),
        ("of", "birth_date"),
        ("when", {"overseas_card": True}),
        ("period", {"by": "asked"}),
        ("modality", "exact"),
        ("approximate", True),
        ("planned", False),
    ],
)
def test_a_composite_figure_has_nothing_of_its_own(policies, key, value):
    """Only its parts, what it cites, and how the text is read."""
    assert [(f"figures.end.{key}", "bad-value")] == policies.codes({f"figures/end/{key}": value})


def test_a_composite_figure_has_parts(policies):
    """The earliest of none is no day."""
    assert [("figures.end.earliest", "bad-value")] == policies.codes({"figures/end/earliest": []})


def test_a_composite_figure_names_figures_that_exist(policies):
    """The nearest is suggested."""
    (found,) = policies.refused({"figures/end/earliest": ["short-term", "seventy-fife"]})

    message = "no such figure 'seventy-fife' (did you mean 'seventy-five'?)"
    assert Finding("figures.end.earliest[1]", message, "unknown-figure") == found


def test_composite_figures_do_not_go_round_in_circles(policies):
    """Each circle is one finding, at its first figure."""
    changes = {
        "figures/end/earliest": ["begin", "short-term"],
        "figures/begin": {"earliest": ["end"]},
        "figures/self": {"earliest": ["self"]},
        "figures/outside": {"earliest": ["end"]},
    }

    found = policies.refused(changes)

    assert {
        ("figures.begin", "goes round in a circle: 'begin' -> 'end' -> 'begin'"),
        ("figures.self", "goes round in a circle: 'self' -> 'self'"),
    } == {(f.where, f.message) for f in found}
    assert 2 == len(found)


@pytest.mark.parametrize("key", ["figure", "due_from", "due_through"])
def test_rules_name_figures_that_exist(policies, key):
    """What a rule's terms refer to is in the same file."""
    changes = {f"rules/card-expired/{key}": "nothing"}

    assert [(f"rules.card-expired.{key}", "unknown-figure")] == policies.codes(changes)


def test_between_needs_its_later_end(policies):
    """A range has two ends."""
    where = "figures.certificate-end[1].latest_rule"

    assert [(where, "missing-key")] == policies.codes({"figures/certificate-end/1/latest_rule": DELETED})


def test_only_between_has_a_later_end(policies):
    """With another modality it would mean nothing."""
    where = "figures.seventy-five.latest_rule"

    assert [(where, "bad-value")] == policies.codes({"figures/seventy-five/latest_rule": []})


@pytest.mark.parametrize("modality", ["unlimited", "not-stated"])
@pytest.mark.parametrize("key", ["rule", "latest_rule", "other_readings"])
def test_a_figure_without_a_day_has_no_rule(policies, modality, key):
    """Not even an empty one."""
    changes = {"figures/short-term": {"modality": modality, key: []}}

    assert [(f"figures.short-term.{key}", "bad-value")] == policies.codes(changes)


def test_other_readings_need_the_one_that_was_chosen(policies):
    """The reading chosen is named in the policy."""
    where = "figures.eligibility-certificate.reading"

    assert [(where, "missing-key")] == policies.codes({"figures/eligibility-certificate/reading": DELETED})


@pytest.mark.parametrize("key", ["reading", "other_readings/0/reading"])
def test_a_reading_has_both_languages(policies, key):
    where = f"figures.eligibility-certificate.{key.replace('/0/', '[0].')}"
    (found,) = policies.refused({f"figures/eligibility-certificate/{key}": "5 years"})

    assert (where, "wrong-type") == (found.where, found.code)
    assert """expected { ja = "...", en = "..." }, found '5 years'""" == found.message
    missing = [(f"{where}.ja", "missing-key")]
    assert missing == policies.codes({f"figures/eligibility-certificate/{key}": {"en": "5 years"}})


@pytest.mark.parametrize("fact", ["birth-date", "Birth", "生年月日"])
def test_facts_are_named_by_their_ids(policies, fact):
    """Whether such a fact exists depends on the plugins."""
    found = policies.codes(
        {
            "figures/seventy-five/of": fact,
            "figures/eligibility-certificate/when": {fact: True},
        }
    )

    assert ["bad-value"] * 2 == [code for _, code in found]


def test_facts_that_a_plugin_may_declare_are_let_pass(policies):
    """This module knows no plugin."""
    assert (
        "fact_of_ours"
        == policies.load({"figures/seventy-five/of": "fact_of_ours"}).figures["seventy-five"][0].of
    )


# --- versions of a figure


def test_versions_may_follow_each_other_in_any_order(policies):
    """The later one may stand first."""
    versions = [version(date(2025, 8, 1), None), version(None, date(2025, 7, 31))]

    assert 2 == len(policies.load({"figures/seventy-five": versions}).figures["seventy-five"])


@pytest.mark.parametrize(
    "versions",
    [
        [version(None, date(2025, 8, 1)), version(date(2025, 8, 1), None)],
        [version(None, None), version(date(2025, 8, 1), None)],
        [version(None, date(2025, 7, 31)), version(None, None)],
    ],
)
def test_versions_do_not_overlap(policies, versions):
    """Both ends of a period count, and none is open."""
    ((where, code),) = policies.codes({"figures/seventy-five": versions})

    assert "overlapping-periods" == code
    assert where in ("figures.seventy-five[0].period", "figures.seventy-five[1].period")


def test_versions_leave_no_gap(policies):
    """Not even of one day."""
    versions = [version(None, date(2025, 7, 31)), version(date(2025, 8, 2), None)]

    (found,) = policies.refused({"figures/seventy-five": versions})

    assert ("figures.seventy-five[1].period.since", "gap-in-periods") == (found.where, found.code)


def test_a_long_version_closes_the_gap_after_a_short_one(policies):
    """Overlaps are reported, gaps are not made up."""
    versions = [
        version(date(2025, 1, 1), date(2025, 12, 31)),
        version(date(2025, 2, 1), date(2025, 2, 28)),
        version(date(2026, 1, 1), None),
    ]

    assert [("figures.seventy-five[1].period", "overlapping-periods")] == policies.codes(
        {"figures/seventy-five": versions}
    )


def test_each_of_several_versions_has_a_period(policies):
    """Otherwise the first would win silently."""
    versions = [version(None, date(2025, 7, 31)), {"modality": "exact"}]

    assert [("figures.seventy-five[1].period", "missing-key")] == policies.codes(
        {"figures/seventy-five": versions}
    )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"of": "left_on"}, ".of"),
        ({"when": {"overseas_card": True}}, ".when"),
        ({"period": {"by": "base", "since": date(2025, 8, 1)}}, ".period.by"),
    ],
)
def test_versions_agree_in_all_but_the_figure(policies, change, where):
    """The day that picks one and the members it applies to are the same for all."""
    versions = [version(None, date(2025, 7, 31)), version(date(2025, 8, 1), None) | change]

    assert [(f"figures.seventy-five[1]{where}", "bad-value")] == policies.codes(
        {"figures/seventy-five": versions}
    )


def test_a_figure_has_at_least_one_version(policies):
    """An empty list is no figure."""
    assert [("figures.short-term", "missing-key")] == policies.codes({"figures/short-term": []})


@pytest.mark.parametrize("path", ["figures/certificate-end/0/period", "rules/card-expired", "information/0"])
def test_nothing_ends_before_it_begins(policies, path):
    """Wherever there is a period; a single day is one."""
    changes = {f"{path}/since": date(2025, 8, 1), f"{path}/through": date(2025, 7, 31)}
    where = re.sub(r"/(\d)", r"[\1]", path).replace("/", ".")

    assert [(f"{where}.through", "bad-value")] == policies.codes(changes)


# --- sources and citations


def test_source_ids_are_unique(policies):
    """The finding names the first one."""
    (found,) = policies.refused({"sources/1/id": "001"})

    assert (
        Finding("sources[1].id", "the source id '001' stands at sources[0].id already", "bad-value") == found
    )


def test_locators_are_unique_among_all_sources(policies):
    """A citation names no source, only the locator."""
    assert [("sources[1].locators.001-11", "bad-value")] == policies.codes({"sources/1/locators/001-11": "x"})


@pytest.mark.parametrize("digest", ["0" * 63, "0" * 65, "g" * 64, "sha256:" + "0" * 64])
def test_a_digest_is_64_hexadecimal_digits(policies, digest):
    """Without a prefix."""
    assert [("sources[0].sha256", "bad-value")] == policies.codes({"sources/0/sha256": digest})


@pytest.mark.parametrize(
    "path",
    [
        "rules/card-expired/cites",
        "figures/eligibility-certificate/cites",
        "figures/certificate-end/1/cites",
        "figures/end/cites",
        "information/0/cites",
    ],
)
def test_what_is_cited_is_declared(policies, path):
    """In rules, figures and information."""
    where = re.sub(r"/(\d)", r"[\1]", path).replace("/", ".")

    assert [(f"{where}[1]", "undeclared-citation")] == policies.codes({path: ["001-11", "001-99"]})


def test_what_is_no_matter_for_software_is_declared_too(policies):
    """A reason for a locator that is not there helps nobody."""
    assert [("not_software.001-99", "undeclared-citation")] == policies.codes(
        {"not_software/001-99": "reason"}
    )


def test_what_is_cited_is_not_said_to_be_no_matter(policies):
    """The two contradict each other."""
    changes = {"not_software/001-12": "reason"}

    assert [("rules.card-expired.cites[0]", "bad-value")] == policies.codes(changes)


def test_a_source_that_cannot_be_read_leaves_citations_alone(policies):
    """Its locators are not known, so nothing is said of them."""
    assert [("sources[0].locators", "wrong-type")] == policies.codes({"sources/0/locators": ["001-11"]})


# --- the rest


@pytest.mark.parametrize("number", ["31130017", "3113001", "３１１３００１６"])
def test_the_insurers_number_is_verified(policies, number):
    """Length, digits and check digit."""
    assert [("insurer.number", "bad-value")] == policies.codes({"insurer/number": number})


@pytest.mark.parametrize("day", ["12-32", "02-30", "1229", "12-29 ", "W05-1"])
def test_closing_days_are_months_and_days(policies, day):
    """That some year has."""
    assert [("calendar.yearly[0]", "bad-value")] == policies.codes({"calendar/yearly": [day]})


def test_a_rule_is_not_in_force_and_declined(policies):
    """One of the two was meant."""
    assert [("declined.card-expired", "bad-value")] == policies.codes({"declined/card-expired": "reason"})


@pytest.mark.parametrize(("plugins", "where"), [([], "plugins"), (["a", "b", "a"], "plugins[2]")])
def test_plugins_are_named_once_each_and_at_least_one(policies, plugins, where):
    """Without any, the policy would say of everybody that nothing is to be issued."""
    assert [(where, "bad-value")] == policies.codes({"plugins": plugins})


def test_all_findings_come_at_once(policies):
    """From every part of the file; a mistake in one place hides none in another, not even in one table."""
    changes = {
        "published": "today",
        "insurer/number": "1",
        "sources/0/sha256": "abc",
        "sources/1/id": "001",
        "figures/eligibility-certificate/rule": [{"next": "13-01"}, {"yeers": 4}],
        "figures/eligibility-certificate/reading": DELETED,
        "figures/certificate-end/0/period/through": date(2025, 7, 30),
        "figures/end/earliest": ["nothing"],
        "rules/card-expired": {"cites": ["001-99"], "claim": 1, "mas": True},
    }

    assert {
        ("published", "wrong-type"),
        ("insurer.number", "bad-value"),
        ("sources[0].sha256", "bad-value"),
        ("sources[1].id", "bad-value"),
        ("figures.eligibility-certificate.rule[0].next", "bad-value"),
        ("figures.eligibility-certificate.rule[1].yeers", "unknown-key"),
        ("figures.eligibility-certificate.reading", "missing-key"),
        ("figures.certificate-end[1].period.since", "gap-in-periods"),
        ("figures.end.earliest[0]", "unknown-figure"),
        ("rules.card-expired.cites[0]", "undeclared-citation"),
        ("rules.card-expired.claim", "wrong-type"),
        ("rules.card-expired.mas", "unknown-key"),
    } == set(policies.codes(changes))


# --- whatever else may be written

KEYS = st.sampled_from(
    ["modality", "rule", "cites", "period", "since", "earliest", "years", "", "あ\n", "x" * 200]
)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-3, 200),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(codec="utf-8"), max_size=50),
    st.sampled_from(
        ["exact", "between", "not-stated", "end", "seventy-five", "birth_date", "001-11", "12-01"]
    ),
    st.dates(),
    st.datetimes(),
    st.times(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key in ``value``."""
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    below = [place for _, item in items if isinstance(item, (dict, list)) for place in places(item)]
    return [(value, key) for key, _ in items] + below


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The valid policy with up to four replacements, deletions, renamings and copies."""
    changed = document()
    for _ in range(draw(st.integers(1, 4))):
        if not (found := places(changed)):
            break
        table, key = draw(st.sampled_from(found))
        match draw(st.sampled_from(["replace", "delete", "rename", "copy"])):
            case "replace":
                table[key] = draw(VALUES)
            case "delete":
                del table[key]
            case "rename" if isinstance(table, dict):
                table[draw(KEYS)] = table.pop(key)
            case _:
                other, place = draw(st.sampled_from(places(document())))
                table[key] = copy.deepcopy(other[place])
    return changed


@settings(max_examples=500, deadline=None)
@given(mutated())
def test_any_policy_is_read_or_refused_with_findings(tmp_path_factory, changed):
    """Never any other exception; and each finding is one line that names the file."""
    file = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    file.write_text("\n".join(f"{toml(k)} = {toml(v)}" for k, v in changed.items()), "utf-8", newline="\n")
    try:
        policy = load_policy(file)
    except PolicyError as error:
        findings = error.findings
    else:
        assert policy.figures.keys() == changed.get("figures", {}).keys()
        return

    assert findings
    assert all(found.where.startswith(str(file)) for found in findings)
    assert all(1 == len(str(found).splitlines()) for found in findings)
    assert "toml" not in {found.code for found in findings}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(st.characters(codec="utf-8")).map(str.encode))
def test_any_bytes_are_refused_with_findings(tmp_path_factory, data):
    """What is no policy at all."""
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(data)

    with pytest.raises(PolicyError) as caught:
        load_policy(file)

    assert caught.value.findings
