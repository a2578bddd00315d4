"""Rules that read a rule which is declined, or out of its period: a warning of the policy's check."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from small import FIGURES, OTHERS, rulebook_of

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.features import BOOLEANS, Derived
from hokensha.policy import Terms
from hokensha.text import Label
from hokensha_standard import CERTIFICATE
from hokensha_verify.absent import absent
from hokensha_verify.exploring import explore

declare = Plugin()
ALWAYS = Terms(("x",))
UNTIL_JUNE, FROM_JULY = Terms(("x",), through=date(2025, 6, 30)), Terms(("x",), since=date(2025, 7, 1))
FROM_JUNE = Terms(("x",), since=date(2025, 6, 1))

READ = declare.ground("read", "x", "read")(lambda s: s[standard.NEEDS_ASSISTANCE])
THROUGH = Derived("through", Label("x", "through"), BOOLEANS, lambda s: s[READ])


def trigger(id_, test):
    return declare.trigger(id_, "x", id_, document=CERTIFICATE)(test)


DIRECTLY = trigger("directly", lambda s: s[READ])
BY_A_FEATURE = trigger("by-a-feature", lambda s: s[THROUGH])
OF_ANOTHER = trigger("of-another", lambda s: s[DIRECTLY])


def found(rules):
    """Where and what the check says of rules of the small rulebook, beside its own."""
    rulebook = rulebook_of({**OTHERS, **rules}, FIGURES)
    told = absent(rulebook, explore(rulebook).walks)
    return [(each.where.rpartition(": ")[2], each.message, each.code) for each in told]


@pytest.mark.parametrize("reader", [DIRECTLY, BY_A_FEATURE])
def test_what_is_declined_never_holds_to_whoever_reads_it(reader):
    message = "reads rule 'read', which is not in force: here it never holds"
    assert [(f"rules.{reader.id}", message, "reads-absent")] == found({reader: ALWAYS})


def test_who_reads_another_is_not_told_of_what_that_reads():
    assert ["rules.directly"] == [where for where, *_ in found({OF_ANOTHER: ALWAYS, DIRECTLY: ALWAYS})]


@pytest.mark.parametrize(
    ("read", "reader", "day"),
    [
        (UNTIL_JUNE, ALWAYS, "2025-07-01"),
        (UNTIL_JUNE, FROM_JUNE, "2025-07-01"),
        (UNTIL_JUNE, FROM_JULY, "2025-07-01"),
        (FROM_JULY, FROM_JUNE, "2025-06-01"),
        (FROM_JULY, UNTIL_JUNE, "2025-01-01"),
    ],
)
def test_out_of_its_period_the_first_day_is_told_on_which_it_is_read_in_vain(read, reader, day):
    message = f"reads rule 'read', which is not in force on {day}: it does not hold then"
    assert [("rules.directly", message, "reads-absent")] == found(
        {READ: evolve(read, claim="none"), DIRECTLY: reader}
    )


@pytest.mark.parametrize(
    ("read", "reader"), [(ALWAYS, ALWAYS), (UNTIL_JUNE, UNTIL_JUNE), (FROM_JUNE, FROM_JULY)]
)
def test_what_is_in_force_whenever_it_is_read_is_not_told(read, reader):
    assert [] == found({READ: evolve(read, claim="none"), DIRECTLY: reader})
