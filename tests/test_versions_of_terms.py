"""Rules whose terms change on a day: a list of versions in the policy."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from attrs import evolve
from warehouse import CANNOT_USE, LOST, LOST_BY_DAY, WORKING, issued

from hokensha import Plugin
from hokensha.dates import Figure, Modality
from hokensha.engine import decide
from hokensha.errors import PluginError, PolicyError
from hokensha.facts import Member, parse_member
from hokensha.plugins import Provided
from hokensha.policy import Terms, bind, open_rulebook
from hokensha_cli.ruledoc import rule_document
from hokensha_cli.rulepages import page
from hokensha_standard import SCHEME, standard
from hokensha_verify import check, explain

declare = Plugin()

ON = date(2026, 7, 31)
CLAIM = (LOST, LOST_BY_DAY)
WITHOUT_A_CARD = {"my_number_card": "lost", "eligibility_notice_issued_on": None}


def triggers(decision):
    return [issuance.trigger for issuance in decision.issuances if issuance.trigger == "cannot-use-card"]


@pytest.mark.parametrize(
    ("on", "owed"), [("2026-07-31", ["cannot-use-card"]), ("2026-08-01", []), ("2027-08-01", [])]
)
def test_how_a_certificate_comes_on_a_ground_changes_on_a_day(changed, on, owed):
    assert owed == triggers(issued(changed(CLAIM), on, **WITHOUT_A_CARD))


@pytest.mark.parametrize(("on", "cites"), [("2026-07-31", ("003-02",)), ("2026-08-01", ("003-16",))])
def test_each_version_cites_its_own_source(changed, on, cites):
    (ground,) = issued(changed(CLAIM), on, **WITHOUT_A_CARD).grounds
    assert ("card-lost", cites) == (ground.id, ground.cites)


def test_versions_of_terms_are_no_errors(changed):
    assert () == check(changed(CLAIM)).errors


def test_the_reasons_are_those_of_the_version_in_force(changed):
    rulebook = open_rulebook(changed(CLAIM))
    member = parse_member({**WORKING, **WITHOUT_A_CARD}, rulebook.catalogue)
    said = [each for each in explain(rulebook, member, date(2026, 8, 1)) if each.rule == "card-lost"]
    assert [("003-16",)] == [each.cites for each in said]


def test_the_rules_name_a_day_once_on_which_several_rules_change(changed):
    renewing = ("[rules.card-renewing]\n", "[rules.card-renewing]\nsince = 2026-08-01\n")
    document = rule_document(open_rulebook(changed(CLAIM, renewing)), None, "en")
    dated = [each for each in document["features"] if each["id"] == "reached:2026-08-01"]
    assert [{"on:2026-08-01": "2026-08-01"}] == [each["figures"] for each in dated]


def test_a_page_of_the_rules_has_no_anchor_twice(changed):
    said = page(rule_document(open_rulebook(changed(CLAIM)), None, "en"), "en")
    anchors = re.findall(r'id="([^"]+)"', said)
    assert "card-lost" in anchors
    assert sorted(set(anchors)) == sorted(anchors)


def test_a_rule_of_several_versions_is_counted_once(changed):
    assert check(changed()).rules == check(changed(CLAIM)).rules


def test_a_purpose_without_a_validity_is_told_with_the_version_that_names_it(changed):
    named = CHANNELS.replace('channel = "direct"', 'purpose = "short-term"')
    (found,) = check(changed((CANNOT_USE, named))).errors
    assert found.where.endswith("rules.cannot-use-card[1].purpose")


def test_a_rule_of_several_versions_that_raises_is_told_once(rulebook_of):
    @declare.ground("faulty", "x", "x")
    def faulty(s):
        raise KeyError

    ends = ("scheme-last-day", "my-number-insurance-card-last-day", "health-insurance-card-last-day")
    figures = {name: Figure(Modality.EXACT, of="left_on") for name in ends}
    versions = (Terms((), through=ON, claim="none"), Terms((), since=ON + timedelta(days=1), claim="none"))
    rulebook = rulebook_of({**dict.fromkeys(SCHEME, Terms(())), faulty: versions[0]}, figures)
    policy = evolve(rulebook.policy, rules={**rulebook.policy.rules, "faulty": versions})
    rulebook = bind(policy, [Provided(rulebook.providers[0], (*standard.features(),), (*SCHEME, faulty))])
    with pytest.raises(PluginError) as caught:
        decide(rulebook, Member("m", {}), ON)
    assert ["small.toml: rules.faulty"] == [found.where for found in caught.value.findings]


PAUSE = (LOST, LOST_BY_DAY.replace("2026-08-01", "2027-08-01"))


@pytest.mark.parametrize(
    ("on", "grounds"),
    [("2026-07-31", ["card-lost"]), ("2026-08-01", []), ("2027-07-31", []), ("2027-08-01", ["card-lost"])],
)
def test_between_two_versions_a_rule_may_pause(changed, on, grounds):
    decision = issued(changed(PAUSE), on, **WITHOUT_A_CARD)
    assert grounds == [ground.id for ground in decision.grounds]


ONCE_EXPIRED = """[rules.card-expired] # カードが失効すれば電子証明書も失効する
cites = ["003-02", "law"]
claim = "unstated"
"""
PAUSE_OF_EXPIRY = (
    ONCE_EXPIRED,
    """[[rules.card-expired]]
cites = ["003-02"]
claim = "unstated"
through = 2026-07-31

[[rules.card-expired]]
cites = ["003-02"]
claim = "unstated"
since = 2027-08-01
""",
)
EXPIRED = {"my_number_card_expires_on": "2024-05-05"}


def test_a_ground_that_is_not_in_force_takes_nothing_from_the_card(changed):
    """As if the insurer said nothing of expired cards for a year; one that is lost works on no day."""
    days = ("2026-07-31", "2026-08-01", "2027-08-01")
    lost = [issued(changed(PAUSE), on, **WITHOUT_A_CARD).usable for on in days]
    expired = [issued(changed(PAUSE_OF_EXPIRY), on, **EXPIRED).usable for on in days]
    assert ([False, False, False], [False, True, False]) == (lost, expired)


CHANNELS = """[[rules.cannot-use-card]]
since = 2024-12-02
through = 2026-03-31
channel = "employer"
cites = ["003-02"]

[[rules.cannot-use-card]]
since = 2026-04-01
channel = "direct"
due_from = "notice-of-change"
cites = ["003-02"]

[figures.notice-of-change]
modality = "exact"
rule = [{ on = 2026-04-10 }]
cites = ["003-02"]
"""


@pytest.mark.parametrize(
    ("on", "channels"),
    [("2026-03-31", ["employer"]), ("2026-04-01", []), ("2026-04-09", []), ("2026-04-10", ["direct"])],
)
def test_a_trigger_has_the_terms_of_the_version_in_force(changed, on, channels):
    """The later version is due from 10 April on: its own figure counts, not that of the version before."""
    decision = issued(changed((CANNOT_USE, CHANNELS)), on, my_number_card="renewing")
    assert channels == [each.channel for each in decision.issuances if each.trigger == "cannot-use-card"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            *("through = 2026-07-31", "through = 2026-08-01"),
            r"card-lost\[1\]: overlaps with the period of version \[0\], .* through 2026-08-01",
        ),
        ("through = 2026-07-31\n", "", r"card-lost\[1\]: overlaps .* in force without an end"),
        ('claim = "unstated"\n', "", r"rules\.card-lost\[0\]\.claim: is missing"),
        ('claim = "unstated"', 'claim = "unstated"\nmass = true', r"card-lost\[0\]\.mass: means nothing"),
        ('cites = ["003-16"]', 'cites = ["003-99"]', r"card-lost\[1\]\.cites\[0\]: no source declares"),
    ],
)
def test_what_is_wrong_between_versions_is_told_with_its_place(changed, old, new, said):
    assert old in LOST_BY_DAY
    with pytest.raises(PolicyError, match=said):
        open_rulebook(changed((LOST, LOST_BY_DAY.replace(old, new))))


def test_how_long_a_document_is_valid_changes_with_the_figure_instead(changed):
    piece = ("[rules.certificate-validity]", "[[rules.certificate-validity]]\nthrough = 2026-03-31")
    with pytest.raises(PolicyError, match="means nothing for a validity rule"):
        open_rulebook(changed(piece))


def test_other_terms_are_in_force_on_either_side_of_a_border(changed):
    borders = open_rulebook(changed((LOST, LOST_BY_DAY))).policy.borders()
    assert {date(2026, 7, 31), date(2026, 8, 1)} <= borders
    assert not {date(2026, 7, 30), date(2026, 8, 2)} & borders


@pytest.mark.parametrize(
    ("pieces", "place"),
    [
        (
            (LOST, LOST_BY_DAY.replace("since = 2026-08-01", "since = 2026-08-01\nthrough = {day}")),
            "rules.card-lost[1].through",
        ),
        (
            (
                "[figures.certificate-term] # 最長1年程度（予定）\n",
                '[figures.certificate-term]\nperiod = {{ by = "base", through = {day} }}\n',
            ),
            "figures.certificate-term.period.through",
        ),
        (("published = 2024-12-02", "published = {day}"), "published"),
        (
            ("rule = [{ years = 1 }]\nreading", "rule = [{{ on = {day} }}]\nreading"),
            "figures.certificate-term.rule[0].on",
        ),
    ],
)
def test_a_day_of_a_policy_is_one_that_somebody_may_be_asked_about(changed, pieces, place):
    """Where there is no end, none is said: 9999-12-31 is no day."""
    old, new = pieces
    assert () == check(changed((old, new.format(day="2200-12-31")))).errors
    for day in ("2201-01-01", "9992-01-01", "9999-12-31"):
        (found,) = check(changed((old, new.format(day=day)))).errors
        assert found.where.endswith(f"policy.toml: {place}")
        assert "expected a day from 1868-01-01 to 2200-12-31" in found.message
