"""How a certificate comes on a ground is the policy's to say, whatever the source of the plugin says."""

from __future__ import annotations

from datetime import date

import pytest
from warehouse import WORKING, issued

from hokensha.engine import advice
from hokensha.facts import parse_member
from hokensha.policy import open_rulebook

RENEWING = '[rules.card-renewing]\ncites = ["003-02"]\nclaim = "unstated"\n'
ON_APPLICATION = (RENEWING, RENEWING.replace("unstated", "application"))


@pytest.mark.parametrize(("requested", "owed"), [(None, []), ("2026-05-01", ["other-application"])])
def test_on_application_a_certificate_comes_to_who_applies(changed, requested, owed):
    decision = issued(
        changed(ON_APPLICATION), "2026-05-10", my_number_card="renewing", certificate_requested_on=requested
    )
    assert owed == [issuance.trigger for issuance in decision.issuances]


def test_who_has_not_applied_is_told_to(changed):
    rulebook = open_rulebook(changed(ON_APPLICATION))
    member = parse_member({**WORKING, "my_number_card": "renewing"}, rulebook.catalogue)
    told = advice(rulebook, member, date(2026, 5, 10))
    assert ["apply-after-loss"] == [bound.rule.id for bound in told.remedies]
