"""For each check a plugin that is broken in one way, which makes that check fail and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hokensha_conformance import Status

PLUGIN, POLICY, CASES = "sound_insurer.py", "policy.toml", "cases/sound.toml"
CONFORMANCE = "hokensha-conformance.toml"
REMEDY_CASE = """
[[case]]
id = "to-apply"
says = "Who has lost the card and not applied has to apply first."
cites = ["s-3"]
on = 2025-06-01
facts = { my_number_card = "lost" }
advise = { expect = { remedies = ["apply"] } }
"""
SOUTH = """    return s[OFFICE] is Office.SOUTH
"""


def entry_point_names_nothing(w):
    w.install("sound = no_such_module_anywhere")


def hook_takes_an_argument(w):
    w.change(PLUGIN, "def returns() ->", "def returns(member: object = None) ->")


def hook_returns_a_rule_of_another_hook(w):
    w.change(PLUGIN, "return [SHOWN]", "return [SHOWN, back]")


def rule_is_declared_and_never_returned(w):
    w.change(
        PLUGIN,
        "@hookimpl\ndef returns()",
        '@declare.ground("forgotten", "忘れた規則", "forgotten")\n'
        "def forgotten(s: Situation) -> bool:\n    return s[LEFT]\n\n\n@hookimpl\ndef returns()",
    )


def hook_returns_more_each_time(w):
    w.change(PLUGIN, "    return [SHOWN]", "    FOUND.append(SHOWN)\n    return list(FOUND)")
    w.change(PLUGIN, "class Office(Value):", "FOUND = []\n\n\nclass Office(Value):")


def claim_is_left_out(w):
    w.change(CONFORMANCE, '    "presentation",\n', "")


def claim_that_nobody_checks(w):
    w.change(CONFORMANCE, '    "returns",\n', '    "returns",\n    "telepathy",\n')


def deviation_names_no_check(w):
    w.deviate('check = "HK999"', 'reason = "none"', "expires = 2030-01-01")


def rule_asks_the_clock(w):
    w.change(PLUGIN, SOUTH, "    return s[OFFICE] is Office.SOUTH and date.today().year > 1900\n")
    w.change(PLUGIN, "from collections.abc", "from datetime import date\nfrom collections.abc")


def rule_hangs_on_the_order_of_a_set(w):
    w.change(
        PLUGIN,
        "    return s[REQUESTED] and s[ANY_GROUND]\n",
        "    names = {'requested': REQUESTED, 'ground': ANY_GROUND, 'any': ANY_GROUND}\n"
        "    return all(s[names[name]] for name in {'requested', 'ground', 'any'})\n",
    )
    # Whichever comes first, both are asked in cases, and neither alone.
    w.add(CASES, _case("nothing-asked", "decide = { issuances = [] }"))


def rule_raises_in_a_situation_without_a_case(w):
    w.change(
        PLUGIN,
        "    return s[REQUESTED] and s[ANY_GROUND]\n",
        "    if s[REQUESTED] and s[CERTIFICATE.valid]:\n        raise ValueError('who would have thought')\n"
        "    return s[REQUESTED] and s[ANY_GROUND]\n",
    )


def rule_returns_what_is_no_bool(w):
    w.change(PLUGIN, "    return s[LEFT]\n", "    return 'yes' if s[LEFT] else None\n")


def rule_never_holds(w):
    w.change(PLUGIN, "    return s[LEFT]\n", "    return s[LEFT] and not s[LEFT]\n")
    w.change(CASES, ', returns = [{ document = "eligibility-certificate", action = "return" }]', "")


def remedy_is_declined(w):
    w.change(POLICY, '[rules.apply]\ncites = ["s-3"]\n\n', "")
    w.add(POLICY, '\n[declined]\napply = "not here"\n')
    w.change(CASES, REMEDY_CASE, "")


def certificate_ends_before_it_is_issued(w):
    w.change(POLICY, "rule = [{ years = 1 }]", "rule = [{ days = -1 }]")


def certificate_lasts_six_years(w):
    w.change(POLICY, "rule = [{ years = 1 }]", "rule = [{ years = 6 }]")


def data_show_before_they_are_filed(w):
    w.change(POLICY, "rule = [{ days = 10 }]", "rule = [{ days = -10 }]")


def feature_lacks_a_value_of_its_fact(w):
    w.change(PLUGIN, 'values=("north", "south"))', 'values=("north", "south", "west"))')


def policy_has_a_key_that_there_is_not(w):
    w.change(POLICY, 'claim = "application"', 'claim = "application"\ncolour = "green"')


def policy_cites_what_no_source_declares(w):
    w.change(POLICY, '[rules.back]\ncites = ["s-6"]', '[rules.back]\ncites = ["s-7"]')


def passage_is_not_accounted_for(w):
    w.change(POLICY, 's-6 = "返却"', 's-6 = "返却"\ns-7 = "その他"')


def figure_is_left_over(w):
    w.change(
        POLICY,
        "[figures.ten-days]",
        '[figures.spare]\nmodality = "not-stated"\ncites = ["s-4"]\n\n[figures.ten-days]',
    )


def file_of_cases_cannot_be_read(w):
    w.add("cases/broken.toml", "this is no TOML")


def case_expects_something_else(w):
    w.change(CASES, 'expect = { modality = "about" }', 'expect = { modality = "about", planned = true }')
    w.add(CASES, _case("again", 'reflect = { process = "enrolment", from = 2025-06-01, expect = {} }'))


def rule_has_no_case(w):
    w.change(CASES, 'expect = { modality = "about" }', 'expect = { modality = "about" } }\nis_removed = {')
    text = (w.folder / CASES).read_text(encoding="utf-8")
    (w.folder / CASES).write_text(text[: text.rindex("[[case]]")], encoding="utf-8")


def branch_has_no_case(w):
    # Nobody applies without a ground any more: one way in which a certificate is not owed.
    w.change(CASES, "facts = { certificate_requested_on = 2025-05-30 }\n", "")


def label_is_not_japanese(w):
    w.change(PLUGIN, '"南事業所勤務"', '"works in the south"')


def free_text_is_not_sensitive(w):
    w.change(PLUGIN, "nullable=True, sensitive=True", "nullable=True")


def _case(id_: str, question: str) -> str:
    said = f'\n[[case]]\nid = "{id_}"\nsays = "One more."\ncites = ["s-3"]\n'
    return said + ("on = 2025-06-01\n" if question.startswith("decide") else "") + question + "\n"


BROKEN: list[tuple[str, Callable[[Any], None]]] = [
    ("HK101", entry_point_names_nothing),
    ("HK102", hook_takes_an_argument),
    ("HK103", hook_returns_a_rule_of_another_hook),
    ("HK104", hook_returns_more_each_time),
    ("HK108", rule_is_declared_and_never_returned),
    ("HK105", claim_is_left_out),
    ("HK106", claim_that_nobody_checks),
    ("HK107", deviation_names_no_check),
    ("HK201", rule_asks_the_clock),
    ("HK202", rule_hangs_on_the_order_of_a_set),
    ("HK203", rule_raises_in_a_situation_without_a_case),
    ("HK203", rule_returns_what_is_no_bool),
    ("HK204", rule_never_holds),
    ("HK301", remedy_is_declined),
    ("HK302", certificate_ends_before_it_is_issued),
    ("HK302", certificate_lasts_six_years),
    ("HK303", data_show_before_they_are_filed),
    ("HK304", feature_lacks_a_value_of_its_fact),
    ("HK401", policy_has_a_key_that_there_is_not),
    ("HK402", policy_cites_what_no_source_declares),
    ("HK402", passage_is_not_accounted_for),
    ("HK403", figure_is_left_over),
    ("HK404", file_of_cases_cannot_be_read),
    ("HK501", case_expects_something_else),
    ("HK502", rule_has_no_case),
    ("HK503", branch_has_no_case),
    ("HK601", label_is_not_japanese),
    ("HK602", free_text_is_not_sensitive),
]
REFUSED = (rule_returns_what_is_no_bool, certificate_ends_before_it_is_issued)
"""What is broken so is not decided at all: then the cases fail, too."""


def test_the_sound_plugin_passes_every_check_that_it_claims(workshop):
    outcomes = workshop.outcomes()
    statuses = {name: outcome.status for name, outcome in outcomes.items()}
    assert {} == {name: outcomes[name].findings for name, s in statuses.items() if s is Status.FAILED}
    assert {Status.PASSED} == set(statuses.values()) - {Status.NOT_CLAIMED}


@pytest.mark.parametrize(("id_", "break_"), BROKEN, ids=lambda value: getattr(value, "__name__", value))
def test_a_plugin_that_is_broken_in_one_way_fails_that_check_and_no_other(workshop, id_, break_):
    break_(workshop)
    assert [id_, *(["HK501"] if break_ in REFUSED else [])] == list(workshop.failing())


def test_there_is_a_broken_plugin_for_every_check(workshop):
    ids = {check.id for check in workshop.examination().catalogue()}
    assert ids - {"HK305"} == {id_ for id_, _ in BROKEN}  # columns are the roll's own, and tested there


def test_checks_have_ids_of_their_own_and_say_what_they_prove_and_how_to_mend(workshop):
    catalogue = workshop.examination().catalogue()
    assert len(catalogue) == len({check.id for check in catalogue})
    assert [] == [check.id for check in catalogue if not (check.proves and check.mend and check.title.ja)]
