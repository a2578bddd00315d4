"""Checking a policy with small plugins, each broken in one way, that must be found out."""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest
from small import by_grounds_alone

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.features import Band, Coded, Feature, Setting, Situation, Value, derived, flag, reached, within
from hokensha.plugins import Provided, Provider
from hokensha.policy import bind, load_policy
from hokensha.text import Label
from hokensha_standard import CARD, CERTIFICATE, FAILED, HEALTH_INSURANCE_CARD, NEEDS_ASSISTANCE, Card
from hokensha_verify import Report, check, check_rulebook

declare = Plugin()

EXAMPLES = Path(__file__).parents[3] / "examples"
POLICY = """
schema = "hokensha/policy/1"
published = 2025-01-01
plugins = ["small"]

[insurer]
name = "小さな組合"
name_en = "Small Society"

[[sources]]
id = "law"
title = "法律"
publisher = "日本国"
locators = { law = "全部" }

[figures.scheme-last-day]
of = "left_on"
modality = "exact"
rule = [{ days = -1 }]

[figures.my-number-insurance-card-last-day]
of = "electronic_certificate_expires_on"
modality = "exact"

[figures.health-insurance-card-last-day]
of = "health_insurance_card_valid_until"
modality = "exact"

[rules.enrolled]
cites = ["law"]
"""
GROUND = '[rules.broken]\ncites = ["law"]\nclaim = "none"\n'
TRIGGER = '[rules.broken]\ncites = ["law"]\n'
VALIDITY = '[rules.certificate-validity]\ncites = ["law"]\nfigure = "term"\n'


def ground(test: Callable[[Situation], object], *, unusable: bool = True):
    return declare.ground("broken", "不良", "broken", unusable=unusable)(test)  # type: ignore[arg-type]  # what is wrong is what is tested


def trigger(test: Callable[[Situation], bool], **fields):
    fields = {"document": CERTIFICATE, **fields}
    return declare.trigger("broken", "不良", "broken", **fields)(test)


def validity(id_: str = "certificate-validity", purpose: str = "standard"):
    return declare.validity(id_, "期限", "end", document=CERTIFICATE, purpose=purpose)


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Report]:
    """The report on a small policy, with further TOML and further rules."""

    def report(toml: str, *rules, sourced: bool = True) -> Report:
        file = tmp_path / "policy.toml"
        text = POLICY + toml
        if sourced:  # what is under test is something else than figures without a source
            text = re.sub(r"^(modality = .*\n)(?!cites)", r'\1cites = ["law"]\n', text, flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")
        shared = tuple(by_grounds_alone())
        small = Provided(Provider("small", "hokensha-small", "1.2"), shared, (standard.enrolled, *rules))
        return check_rulebook(bind(load_policy(file), [small]))

    return report


@pytest.fixture
def only(checked: Callable[..., Report]) -> Callable[..., tuple[str, str]]:
    """Code and message of the one error about a broken rule, which names the plugin."""

    def error(test: Callable[[Situation], object]) -> tuple[str, str]:
        report = checked(GROUND, ground(test))
        (finding,) = report.errors
        assert not report.ok
        assert finding.where.endswith("policy.toml: rules.broken")
        assert "rule 'broken' of plugin small (hokensha-small 1.2)" in finding.message
        return finding.code, finding.message

    return error


def test_a_sound_policy_has_no_findings(checked):
    issued = ground(lambda s: s[CARD] is Card.LOST, unusable=False)  # so that the card serves everybody
    report = checked(GROUND, issued)
    assert (
        Report(ok=True, errors=(), warnings=(), rules=2, features=report.features, paths=report.paths)
        == report
    )


def test_who_falls_through_is_shown_with_a_witness(checked):
    """A lost card makes the card unusable, nothing is issued on that ground, and no remedy is declared."""
    (warning,) = checked(GROUND, ground(lambda s: s[CARD] is Card.LOST)).warnings
    assert "falls-through" == warning.code
    assert warning.message.endswith("for members with broken: on 2025-01-01, my_number_card = lost")


def test_the_counts_grow_with_what_is_read(checked):
    own = flag("own", "overseas_card", "独自", "own")
    small = checked(GROUND, ground(lambda s: s[FAILED]))
    large = checked(GROUND, ground(lambda s: s[own] and s[FAILED]))
    assert small.rules == large.rules
    assert small.features + 1 == large.features
    assert small.paths < large.paths


# --- rules that misbehave


def test_a_rule_that_can_raise_is_named_with_the_situation(only):
    code, message = only(lambda s: {Card.NONE: True, Card.HELD: False}[s[CARD]] if s[FAILED] else False)
    assert "rule-raises" == code
    assert "KeyError" in message
    assert "registration-failed is true" in message
    assert "my-number-card is " in message


def test_testing_a_value_for_truth_raises(only):
    code, message = only(lambda s: bool(s[CARD]))
    assert "rule-raises" == code
    assert "compare it with 'is'" in message


def test_a_failure_that_no_situation_reaches_is_none(checked):
    def test(s: Situation) -> bool:
        if s[standard.no_card] and s[CARD] is Card.LOST:
            raise AssertionError
        return s[CARD] is Card.LOST

    assert checked(GROUND, ground(test)).ok


def test_a_feature_behind_a_rule_that_raises_is_found(only):
    @derived("shaky", "不安定", "shaky")
    def shaky(s: Situation) -> bool:
        raise RuntimeError("out of order")

    code, message = only(lambda s: s[shaky])
    assert "rule-raises" == code
    assert "RuntimeError: out of order" in message


@pytest.mark.parametrize(
    ("returned", "kind"),
    [(None, "None"), (1, "a int"), ("yes", "a str"), ([], "a list"), (Card.LOST, "Card.LOST")],
)
def test_a_rule_returns_true_or_false(only, returned, kind):
    code, message = only(lambda s: returned if s[FAILED] else False)
    assert "rule-returns-no-bool" == code
    assert kind in message


def test_a_derived_feature_returns_one_of_its_values(checked):
    @derived("stray", "逸脱", "stray", (Card.NONE, Card.HELD))
    def stray(s: Situation) -> Card:
        return s[CARD]

    report = checked(GROUND, ground(lambda s: s[stray] is Card.HELD))
    (finding,) = [e for e in report.errors if e.code == "rule-returns-no-bool" and "LOST" in e.message]
    assert "feature 'stray', which rule 'broken'" in finding.message
    assert "one of its values" in finding.message


def test_a_rule_by_chance_is_not_deterministic(checked):
    calls = count()
    report = checked(GROUND, ground(lambda s: s[FAILED] and next(calls) % 3 == 0))
    assert ["rule-not-deterministic"] == [e.code for e in report.errors]


@pytest.mark.parametrize(
    ("look", "named"),
    [
        (lambda: date.today(), "date.today"),  # noqa: DTZ011, PLW0108, TID251 - as plugins would write it
        (lambda: datetime.now(), "datetime.now"),  # noqa: DTZ005, PLW0108, TID251
        (lambda: time.time(), "time.time"),  # noqa: PLW0108, TID251
        (lambda: time.monotonic(), "time.monotonic"),  # noqa: PLW0108
        (lambda: random.random(), "random.random"),  # noqa: PLW0108
        (lambda: random.choice([1]), "random.choice"),
        (lambda: os.environ.get("HOME"), "os."),
        (lambda: os.getpid(), "os.getpid"),  # noqa: PLW0108
        (lambda: Path(os.devnull).exists(), "os.stat"),
        (lambda: open(os.devnull).close(), "open"),  # noqa: PTH123
        (lambda: print(end=""), "print"),  # noqa: T201
        (lambda: sys.stdout.write(""), "sys.stdout.write"),
        (lambda: sys.__stdout__.write(""), "sys.__stdout__.write"),
        (lambda: os.write(1, b""), "os.write"),
    ],
)
def test_a_rule_that_looks_outside_is_found(checked, look, named):
    def test(s: Situation) -> bool:
        look()
        return s[FAILED]

    errors = [e for e in checked(GROUND, ground(test)).errors if e.code == "rule-reads-outside"]
    assert any(named in e.message for e in errors), errors
    assert all("rule 'broken' of plugin small" in e.message for e in errors)


def test_a_rule_that_never_ends_is_found(checked):
    def test(s: Situation) -> bool:
        while s[FAILED]:
            pass
        return False

    (error,) = checked(GROUND, ground(test)).errors
    assert "rule-endless" == error.code
    assert "rule 'broken' of plugin small (hokensha-small 1.2) runs through more than" in error.message


def test_a_rule_that_asks_for_too_many_combinations_is_found(checked):
    flags = [flag(f"failed-{n}", "registration_failed", "x", "x") for n in range(20)]

    def test(s: Situation) -> bool:
        return sum(s[each] for each in flags) > 10

    (error,) = checked(GROUND, ground(test)).errors
    assert "rule-endless" == error.code
    assert "asks for more than 16384 combinations" in error.message


def test_a_rule_that_would_end_the_program_is_found(only):
    code, message = only(lambda s: sys.exit(0) if s[FAILED] else False)
    assert "rule-raises" == code
    assert "SystemExit: 0" in message


def test_so_is_one_that_raises_what_ctrl_c_does(only):
    def test(s: Situation) -> bool:
        if s[FAILED]:
            raise KeyboardInterrupt
        return False

    code, message = only(test)
    assert "rule-raises" == code
    assert "raises KeyboardInterrupt" in message


def test_the_profiler_of_others_is_put_back(checked):
    def mine(*_: object) -> None:
        pass

    sys.setprofile(mine)
    try:
        checked(GROUND, ground(lambda s: s[FAILED]))
        assert mine is sys.getprofile()
    finally:
        sys.setprofile(None)


def test_a_rule_that_catches_everything_is_found(checked):
    def test(s: Situation) -> bool:
        try:
            return s[FAILED]
        except BaseException:  # noqa: BLE001 - what the check has to find
            return False

    report = checked(GROUND, ground(test))
    assert "rule-catches-everything" in [e.code for e in report.errors]


def test_what_is_no_feature_cannot_be_asked_for(only):
    code, message = only(lambda s: s["my_number_card"])
    assert "rule-raises" == code
    assert "asked for features" in message


def test_one_broken_rule_hides_no_other(checked):
    other = declare.ground("other", "別", "other")(lambda s: s[CARD] is None)
    toml = GROUND + GROUND.replace("broken", "other")
    report = checked(toml, ground(lambda s: bool(s[CARD])), other)
    assert ["rule-raises", "dead-rule"] == [e.code for e in report.errors]


# --- rules that are never true


@pytest.mark.parametrize(
    "test",
    [
        lambda s: False,
        lambda s: s[FAILED] and not s[FAILED],
        lambda s: s[standard.no_card] and s[CARD] is Card.HELD,
    ],
)
def test_a_rule_that_is_true_in_no_situation_is_dead(only, test):
    assert "dead-rule" == only(test)[0]


def test_features_of_one_fact_can_exclude_each_other(checked):
    left, staying = standard.LEFT, within("left_on", "喪失日以前", "not after the loss")
    late = reached("long-after", "喪失後", "long after")
    toml = '[figures.long-after]\nof = "left_on"\nmodality = "exact"\nrule = [{ months = 1 }]\n'
    report = checked(GROUND + toml, ground(lambda s: s[late] and s[staying] and s[left]))
    assert report.ok
    (finding,) = report.warnings
    assert "rule-never-holds" == finding.code
    assert "holds for nobody" in finding.message


def test_a_trigger_that_ends_before_it_is_due_never_holds(checked):
    toml = (
        '[figures.too-late]\nmodality = "exact"\nrule = [{ on = 2025-07-01 }]\n'
        + TRIGGER
        + 'due_from = "too-late"\nthrough = 2025-06-30\n'
    )
    report = checked(toml, trigger(lambda s: s[FAILED]))
    assert ["rule-never-holds"] == [w.code for w in report.warnings]
    assert () == checked(toml.replace("06-30", "07-01"), trigger(lambda s: s[FAILED])).warnings


# --- what rules need


def test_a_figure_that_a_rule_needs_has_to_be_set(checked):
    unset = within("never-set", "未設定", "not set")
    report = checked(GROUND, ground(lambda s: s[unset]))
    (finding,) = report.errors
    assert "missing-figure" == finding.code
    assert "figure 'never-set' is missing; rule 'broken' of plugin small" in finding.message


def test_a_figure_that_a_trigger_names_has_to_be_set(checked):
    broken = trigger(lambda s: s[FAILED], met_since="never_set")
    assert ["missing-figure"] == [e.code for e in checked(TRIGGER, broken).errors]


def test_a_day_to_look_back_from_has_to_be_fixed(checked):
    report = checked(GROUND, ground(lambda s: s.at("left_on")[FAILED]))
    assert ["figure-not-fixed"] == [e.code for e in report.errors]


def test_a_figure_that_is_compared_with_has_to_be_simple(checked):
    class When(Value):
        EARLY = "early"
        LATE = "late"

    band = Band(
        "band", Label("帯", "band"), tuple(When), "enrolled_on", ((When.EARLY, "both"),), When.LATE, When.LATE
    )
    toml = '[figures.both]\nearliest = ["scheme-last-day", "my-number-insurance-card-last-day"]\n' + GROUND
    report = checked(toml, ground(lambda s: s[band] is When.EARLY))
    (finding,) = report.errors
    assert "figure-not-simple" == finding.code
    assert finding.where.endswith("figures.both")


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (flag("no-fact", "no_such_fact", "なし", "none"), "unknown-fact"),
        (Setting("choice", Label("選択", "choice"), (False, True)), "missing-setting"),
    ],
)
def test_what_features_stand_on_has_to_exist(checked, feature: Feature[bool], code: str):
    assert [code] == [e.code for e in checked(GROUND, ground(lambda s: s[feature])).errors]


def test_a_coded_feature_needs_a_value_for_every_code(checked):
    class Half(Value):
        NONE = "none"
        HELD = "held"

    half = Coded("half", Label("半分", "half"), tuple(Half), "my_number_card")
    (finding,) = checked(GROUND, ground(lambda s: s[half] is Half.HELD)).errors
    assert "feature-values" == finding.code
    assert "returned, lost, renewing" in finding.message


def test_a_purpose_needs_a_validity(checked):
    term = '[figures.term]\nmodality = "exact"\nrule = [{ years = 1 }]\n' + VALIDITY
    issue = trigger(lambda s: s[NEEDS_ASSISTANCE])
    assert checked(term + TRIGGER, validity(), issue).ok
    report = checked(term + TRIGGER + 'purpose = "short-term"\n', validity(), issue)
    (finding,) = report.errors
    assert "purpose-without-validity" == finding.code
    assert finding.where.endswith("rules.broken.purpose")


def test_a_document_without_any_validity_may_be_issued(checked):
    assert checked(TRIGGER, trigger(lambda s: s[FAILED])).ok


def test_two_rules_for_one_question_clash(checked):
    toml = '[figures.term]\nmodality = "exact"\nrule = [{ years = 1 }]\n' + VALIDITY
    toml += VALIDITY.replace("certificate-validity", "second")
    (finding,) = checked(toml, validity(), validity("second")).errors
    assert "rule-clash" == finding.code
    assert "'certificate-validity' of plugin small" in finding.message


def test_a_purpose_that_a_rule_answers_already_clashes_where_the_policy_names_it(checked):
    toml = '[figures.term]\nmodality = "exact"\nrule = [{ years = 1 }]\n'
    toml += VALIDITY.replace("certificate-validity", "short-validity")
    toml += VALIDITY + 'purposes = { short = "term" }\n'
    (finding,) = checked(toml, validity("short-validity", "short"), validity()).errors
    assert finding.where.endswith("policy.toml: rules.certificate-validity.purposes.short")


def test_a_trigger_whose_document_cannot_answer_is_reported(checked):
    issue = trigger(
        lambda s: s[FAILED],
        document=HEALTH_INSURANCE_CARD,
        met_since="enrolled_on",
    )
    report = checked(TRIGGER, issue)
    assert ["bad-rule"] == [e.code for e in report.errors]


# --- warnings


def test_what_is_not_stated_is_a_warning(checked):
    toml = '[figures.term]\nmodality = "not-stated"\ncites = ["law"]\n' + VALIDITY
    report = checked(toml, validity())
    (finding,) = report.warnings
    assert report.ok
    assert "not-stated" == finding.code
    assert finding.where.endswith("figures.term")


@pytest.mark.parametrize(
    ("figure", "too_long"),
    [
        ("rule = [{ years = 5 }]", False),
        ("rule = [{ years = 5 }, { days = 1 }]", True),
        ("rule = [{ months = 61 }]", True),
        ('rule = [{ years = 4 }, { next = "12-01" }]', False),
        ('rule = [{ years = 5 }, { next = "07-31" }]', True),
    ],
)
def test_a_certificate_beyond_five_years_is_a_warning(checked, figure: str, too_long: bool):
    report = checked(f'[figures.term]\nmodality = "exact"\n{figure}\n' + VALIDITY, validity())
    assert report.ok
    assert ["validity-beyond-5-years"] * too_long == [w.code for w in report.warnings]


def test_a_certificate_that_turns_too_long_years_ahead_is_a_warning(checked):
    toml = """
[[figures.term]]
modality = "exact"
rule = [{ years = 1 }]
period = { by = "base", through = 2033-03-31 }

[[figures.term]]
modality = "exact"
rule = [{ years = 6 }]
period = { by = "base", since = 2033-04-01 }
"""
    (finding,) = checked(toml + VALIDITY, validity()).warnings
    assert "issued on 2033-04-01 is valid until 2039-04-01" in finding.message


def test_a_certificate_without_an_end_is_a_warning(checked):
    report = checked('[figures.term]\nmodality = "unlimited"\n' + VALIDITY, validity())
    assert ["validity-beyond-5-years"] == [w.code for w in report.warnings]


def test_a_figure_that_nothing_uses_is_a_warning(checked):
    toml = '[figures.idle]\nmodality = "exact"\nrule = [{ days = 1 }]\n'
    (finding,) = checked(toml).warnings
    assert "figure-unused" == finding.code
    assert finding.where.endswith("figures.idle")


# --- files


def test_a_policy_that_does_not_load_is_reported(tmp_path: Path):
    report = check(tmp_path / "none.toml")
    assert not report.ok
    assert ["unreadable"] == [e.code for e in report.errors]
    assert (0, 0, 0) == (report.rules, report.features, report.paths)


@pytest.mark.parametrize(
    "file", sorted(EXAMPLES.glob("*/policy*.toml")), ids=lambda f: f.parent.name + f.stem
)
def test_policies_that_ship_have_no_errors(file: Path):
    """Needs their plugins; where those are not installed, loading says so and nothing is checked."""
    report = check(file)
    if [e for e in report.errors if e.code == "plugin-missing"]:
        pytest.skip("its plugin is not installed here")
    assert () == report.errors
    assert report.rules > 30


def test_a_figure_or_a_rule_without_a_source_is_a_warning(checked):
    """What such a figure answers could not be traced to any text."""
    toml = '[figures.term]\nmodality = "exact"\nrule = [{ years = 1 }]\n' + VALIDITY.replace('["law"]', "[]")
    report = checked(toml, validity(), sourced=False)
    assert {"no-source"} == {w.code for w in report.warnings}
    wheres = [w.where.partition("policy.toml: ")[2] for w in report.warnings]
    assert {"rules.certificate-validity.cites", "figures.term.cites"} <= set(wheres)


def test_a_passage_of_which_nothing_is_said_is_a_warning(checked):
    """Each passage is cited, or said to be no matter for software."""
    toml = '[[sources]]\nid = "001"\ntitle = "t"\npublisher = "p"\n'
    toml += 'locators = { "001-01" = "1", "001-02" = "2" }\n'
    report = checked(toml + '[not_software]\n"001-02" = "a greeting"\n')
    (finding,) = report.warnings
    assert "locator-unaccounted" == finding.code
    assert finding.where.endswith("sources.001.locators.001-01")
