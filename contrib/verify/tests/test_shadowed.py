"""Two triggers that hold together, where the policy does not say which it means: a warning of its check."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from small import FIGURES, OTHERS, rulebook_of

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.policy import Terms
from hokensha.rules import Basis
from hokensha_standard import CERTIFICATE, HAS_CARD
from hokensha_verify import check_rulebook

declare = Plugin()


def trigger(id_, test, document=CERTIFICATE):
    return declare.trigger(id_, "x", "x", document=document)(test)


ROUND = trigger("round", lambda s: not s[HAS_CARD])
FURTHER = trigger("others", lambda s: not s[HAS_CARD] or s[standard.NEEDS_ASSISTANCE])
APART = trigger("apart", lambda s: s[HAS_CARD])
EX_OFFICIO, SHORTER = Terms(("x",)), Terms(("x",), purpose="short-term")


def found(triggers, **fields):
    """What the check of the small rulebook with these triggers says of them."""
    report = check_rulebook(rulebook_of({**OTHERS, **triggers}, FIGURES, **fields))
    assert not report.left_out
    return [each for each in report.warnings if each.code == "shadowed-trigger"]


def test_two_that_differ_in_term_and_hold_together_are_told_with_a_member():
    (only,) = found({ROUND: EX_OFFICIO, FURTHER: SHORTER})
    assert only.where.endswith("rules.others")
    assert "holds together with 'round', which gives another term; put one first in [order]" in only.message
    assert "my_number_card = returned" in only.message


APPLICATION = evolve(SHORTER, basis=Basis.APPLICATION)


@pytest.mark.parametrize(
    ("triggers", "fields"),
    [
        ({ROUND: EX_OFFICIO, FURTHER: EX_OFFICIO}, {}),
        ({ROUND: EX_OFFICIO, APART: SHORTER}, {}),
        ({ROUND: EX_OFFICIO, FURTHER: APPLICATION}, {}),
        ({ROUND: EX_OFFICIO, FURTHER: SHORTER}, {"order": {"eligibility-certificate": ("others",)}}),
        (
            {
                ROUND: evolve(EX_OFFICIO, through=date(2025, 6, 30)),
                FURTHER: evolve(SHORTER, since=date(2025, 7, 1)),
            },
            {},
        ),
    ],
    ids=["one term", "never together", "an application", "in order", "one after the other"],
)
def test_what_is_settled_is_not_told(triggers, fields):
    assert [] == found(triggers, **fields)


def test_two_applications_are_told():
    applied = evolve(EX_OFFICIO, basis=Basis.APPLICATION)
    assert ["shadowed-trigger"] == [each.code for each in found({ROUND: applied, FURTHER: APPLICATION})]
