"""Facts of a member: three states, types that are never coerced, and everything wrong at once."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from hokensha.errors import MemberError
from hokensha.facts import UNKNOWN, Catalogue, Fact, Member, parse_member
from hokensha.text import Label
from hokensha_standard import FACTS

CATALOGUE = Catalogue().extended(FACTS)
NUMBER = "123456789018"  # a made-up individual number with its check digit correct


def parsed(**facts: object) -> Member:
    return parse_member({"id": "m1", **facts}, CATALOGUE)


def faults(raw: object, where: str = "member") -> list[tuple[str, str, str]]:
    with pytest.raises(MemberError) as caught:
        parse_member(raw, CATALOGUE, where)
    return [(finding.where, finding.code, finding.message) for finding in caught.value.findings]


def fault(**facts: object) -> tuple[str, str, str]:
    (only,) = faults({"id": "m1", **facts})
    return only


def test_a_fact_has_three_states():
    member = parsed(left_on=None, birth_date="1980-05-05")

    assert date(1980, 5, 5) == member.read("birth_date")
    assert member.read("left_on") is None
    assert member.read("registered_on") is UNKNOWN


def test_unknown_is_neither_true_nor_false():
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        ("symbol", "12-あ", "12-あ"),
        ("symbol", None, None),
        ("birth_date", "2000-02-29", date(2000, 2, 29)),
        ("left_on", None, None),
        ("continuation", True, True),
        ("continuation", False, False),
        ("my_number_card", "renewing", "renewing"),
        ("relation", "dependent", "dependent"),
    ],
)
def test_each_type_takes_its_own_form(fact, raw, value):
    assert value == parsed(**{fact: raw}).read(fact)


@pytest.mark.parametrize(
    ("fact", "raw", "expected"),
    [
        ("my_number_card", True, "expected one of none, held, returned, lost, renewing"),
        ("my_number_card", "Held", "expected one of none, held, returned, lost, renewing"),
        ("my_number_card", "", "expected one of none, held, returned, lost, renewing"),
        ("relation", ["insured"], "expected one of insured, dependent"),
        ("continuation", 1, "expected true or false"),
        ("continuation", 0, "expected true or false"),
        ("continuation", "no", "expected true or false"),
        ("continuation", "false", "expected true or false"),
        ("symbol", 5, "expected a text, or null"),
        ("symbol", True, "expected a text, or null"),
        ("symbol", "", "expected a text that is not empty, without NUL characters"),
        ("symbol", "　", "expected a text that is not empty, without NUL characters"),
        ("symbol", "a\0b", "expected a text that is not empty, without NUL characters"),
        ("left_on", 20251202, "expected a day YYYY-MM-DD, or null"),
        ("left_on", False, "expected a day YYYY-MM-DD, or null"),
        ("left_on", date(2025, 12, 2), "expected a day YYYY-MM-DD, or null"),
        ("left_on", datetime(2025, 12, 2, tzinfo=timezone.utc), "expected a day YYYY-MM-DD, or null"),
        ("left_on", "2025-12-02T00:00:00", "expected a day YYYY-MM-DD"),
        ("left_on", "2025-12-02 00:00", "expected a day YYYY-MM-DD"),
        ("left_on", "2025-W49-2", "expected a day YYYY-MM-DD"),
        ("left_on", "20251202", "expected a day YYYY-MM-DD"),
        ("left_on", "2025-12-2", "expected a day YYYY-MM-DD"),
        ("left_on", "2025-12-02\n", "expected a day YYYY-MM-DD"),
        ("left_on", " 2025-12-02", "expected a day YYYY-MM-DD"),
        ("left_on", "２０２５-12-02", "expected a day YYYY-MM-DD"),
        ("left_on", "令和7年12月2日", "expected a day YYYY-MM-DD"),
        ("left_on", "", "expected a day YYYY-MM-DD"),
        ("left_on", "2025-02-29", "expected a day YYYY-MM-DD that exists"),
        ("left_on", "0000-01-01", "expected a day YYYY-MM-DD that exists"),
    ],
)
def test_nothing_is_coerced(fact, raw, expected):
    assert (f"member: {fact}", "bad-fact", expected) == fault(**{fact: raw})


@pytest.mark.parametrize(
    "fact", ["birth_date", "enrolled_on", "relation", "continuation", "my_number_card", "overseas_card"]
)
def test_what_everybody_has_cannot_be_known_to_be_none(fact):
    where, code, message = fault(**{fact: None})

    assert (f"member: {fact}", "bad-fact") == (where, code)
    assert "null" not in message


def test_an_unknown_key_is_an_error_that_names_the_nearest_fact():
    expected = ("member: my_number_cards", "unknown-fact", "no such fact (did you mean 'my_number_card'?)")
    assert expected == fault(my_number_cards="held")


def test_a_key_like_no_other_has_no_nearest_fact():
    assert ("member: zzz", "unknown-fact", "no such fact") == fault(zzz=1)


def test_all_that_is_wrong_is_told_at_once():
    raw = {"left_on": "soon", "continuation": "no", "birthdate": "1980-05-05"}
    expected = [
        ("line 3: left_on", "bad-fact"),
        ("line 3: continuation", "bad-fact"),
        ("line 3: birthdate", "unknown-fact"),
        ("line 3: id", "missing-id"),
    ]
    assert expected == [finding[:2] for finding in faults(raw, "line 3")]


@pytest.mark.parametrize("raw", [None, [], "m1", 1, [{"id": "m1"}]])
def test_a_member_is_a_json_object(raw):
    assert [("member", "member-shape", "expected a JSON object of facts")] == faults(raw)


def test_the_id_is_required():
    assert [("member: id", "missing-id", "is missing; every member has a key")] == faults({})


@pytest.mark.parametrize("raw", [None, "", " ", 7, True])
def test_the_id_is_a_text_that_is_not_empty(raw):
    ((where, code, _),) = faults({"id": raw})

    assert ("member: id", "bad-fact") == (where, code)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"id": NUMBER}, "member: id"),
        ({"id": "m1", "symbol": NUMBER}, "member: symbol"),
        ({"id": "m1", "symbol": "1234-5678-9018"}, "member: symbol"),
        ({"id": "m1", "symbol": "1234\u200b.5678・9018"}, "member: symbol"),
        ({"id": "m1", "symbol": "１２３４５６７８９０１８"}, "member: symbol"),
        ({"id": "m1", "symbol": f"番号は{NUMBER}です"}, "member: symbol"),
        ({"id": "m1", "symbol": int(NUMBER)}, "member: symbol"),
        ({"id": "m1", "nobody-knows": NUMBER}, "member: nobody-knows"),
        ({"id": "m1", NUMBER: True}, "member"),
        ({"id": "m1", "left_on": {"deep": [[NUMBER]]}}, "member: left_on"),
    ],
)
def test_an_individual_number_is_refused_wherever_it_stands_and_never_echoed(raw, place):
    """Nothing else is found: other findings might repeat what they found. Its key is named, if it is none."""
    ((where, code, message),) = faults({**raw, "left_on" if "left_on" not in raw else "x": "soon"})

    assert (place, "individual-number") == (where, code)
    assert not any(character.isdigit() for character in message)


def test_twelve_digits_that_are_no_individual_number_are_let_pass():
    """The last digit is one too high."""
    assert parsed(symbol="123456789019").read("symbol") == "123456789019"


@pytest.mark.parametrize("fact", ["symbol", "left_on", "continuation", "my_number_card", "insurer_number"])
def test_no_value_is_ever_repeated(fact):
    assert "himitsu" not in "".join(fault(**{fact: ["himitsu"]}))
    assert fact == "symbol" or "himitsu" not in "".join(fault(**{fact: "himitsu"}))


@pytest.mark.parametrize(
    ("good", "wrong", "check"),
    [
        ("06130017", "06130018", 7),  # 0*2 + 6 + 1*2 + 3 + 0*2 + 0 + 1*2 = 13, and 7 to the next ten
        ("06800015", "06800014", 5),  # 8*2 counts as 1 + 6: 0 + 6 + 7 + 0 + 0 + 0 + 2 = 15
        ("430017", "430010", 7),  # municipal health insurance: 4*2 + 3 + 0*2 + 0 + 1*2 = 13
    ],
)
def test_an_insurer_number_has_its_check_digit(good, wrong, check):
    message = f"the check digit (the last) does not fit: expected {check}"

    assert good == parsed(insurer_number=good).read("insurer_number")
    assert ("member: insurer_number", "bad-fact", message) == fault(insurer_number=wrong)


@pytest.mark.parametrize("raw", ["0613001", "０６１３００１７", "0613001A", "6130017"])
def test_an_insurer_number_has_six_or_eight_digits(raw):
    assert fault(insurer_number=raw)[:2] == ("member: insurer_number", "bad-fact")


def test_an_insurer_number_may_be_none():
    assert parsed(insurer_number=None).read("insurer_number") is None


def test_a_catalogue_can_be_extended_and_stays_as_it_was():
    further = Fact("works_abroad", "boolean", Label("海外勤務", "works abroad"))
    extended = CATALOGUE.extended([further])

    assert "works_abroad" in extended
    assert "works_abroad" not in CATALOGUE
    assert parse_member({"id": "m1", "works_abroad": True}, extended).read("works_abroad") is True
    assert [*CATALOGUE.facts, "works_abroad"] == list(extended.facts)


def test_planned_days_are_those_of_the_contract():
    """All others are events: after the day asked they have not happened."""
    expected = {
        "left_on",
        "departs_japan_on",
        "my_number_card_expires_on",
        "electronic_certificate_expires_on",
        "health_insurance_card_valid_until",
        "eligibility_certificate_valid_until",
    }
    assert expected == {fact.id for fact in CATALOGUE.facts.values() if fact.planned}


def test_the_facts_are_those_of_the_contract_with_their_types():
    days = {fact.id for fact in CATALOGUE.facts.values() if fact.kind == "day"}
    flags = {fact.id for fact in CATALOGUE.facts.values() if fact.kind == "boolean"}
    codes = {fact.id for fact in CATALOGUE.facts.values() if fact.kind == "code"}

    assert 24 == len(days)
    assert {"my_number_card", "insurance_use", "relation"} == codes
    assert {
        "continuation",
        "disability_recognised",
        "registration_failed",
        "needs_assistance",
        "assistance_applied_before",
        "disclosure_restricted",
        "overseas_card",
    } == flags
    assert {"birth_date", "enrolled_on"} == {
        f.id for f in CATALOGUE.facts.values() if f.kind == "day" and not f.nullable
    }


@pytest.mark.parametrize("day", ["1868-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_are_believed(day):
    assert date.fromisoformat(day) == parsed(left_on=day).read("left_on")


@pytest.mark.parametrize("day", ["1867-12-31", "2201-01-01", "9999-12-31", "0001-01-01"])
def test_days_beyond_are_refused_such_as_fillers(day):
    message = "expected a day from 1868-01-01 to 2200-12-31"
    assert ("member: left_on", "bad-fact", message) == fault(left_on=day)
