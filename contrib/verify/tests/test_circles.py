"""Rules that read each other in a circle are one error; so is a ground that reads what grounds come to."""

from __future__ import annotations

from typing import Any

import pytest

from hokensha import Plugin
from hokensha.policy import Terms
from hokensha.rules import ANY_GROUND, AUTOMATIC_GROUND, CARD_WORKS
from hokensha_standard import CERTIFICATE, CONTINUATION
from hokensha_verify import check_rulebook

CITED = Terms(("source",))
GROUND = Terms(("source",), claim="none")


def told(made: Any) -> list[tuple[str, str, str]]:
    """All that is wrong, but for figures that every policy has, and that are no matter here."""
    found = check_rulebook(made).errors
    return [(each.code, each.where, each.message) for each in found if each.code != "missing-figure"]


def test_two_rules_that_read_each_other_are_one_error(rulebook_of: Any) -> None:
    plugin = Plugin()
    rules: dict[str, Any] = {}
    for name, other in (("one", "other"), ("other", "one")):
        made = plugin.trigger(name, "交付", name, document=CERTIFICATE)
        rules[name] = made(lambda s, other=other: s[CONTINUATION] or s[rules[other]])
    message = "rules read each other in a circle: one -> other -> one"
    found = told(rulebook_of(dict.fromkeys(rules.values(), CITED), {}))
    assert [("rule-circle", "small.toml", message)] == found


@pytest.mark.parametrize(("word", "claim"), [(AUTOMATIC_GROUND, "ex-officio"), (ANY_GROUND, "application")])
def test_a_ground_that_is_among_those_it_reads_is_a_circle(rulebook_of: Any, word: Any, claim: str) -> None:
    plugin = Plugin()
    ground = plugin.ground("odd", "異", "odd")(lambda s: s[word] and s[CONTINUATION])
    found = told(rulebook_of({ground: Terms(("source",), claim=claim)}, {}))
    assert [("rule-circle", f"rules read each other in a circle: {word.id} -> odd -> {word.id}")] == [
        (code, message) for code, _, message in found
    ]


@pytest.mark.parametrize("word", [AUTOMATIC_GROUND, ANY_GROUND])
@pytest.mark.parametrize("through", [False, True], ids=["itself", "through another rule"])
def test_no_ground_reads_what_grounds_come_to(rulebook_of: Any, word: Any, through: bool) -> None:
    """Though it is not among them, and so in no circle: which of them is meant could change unseen."""
    plugin = Plugin()
    between = plugin.remedy("between", "前", "between")(lambda s: s[CONTINUATION] or s[word])
    ground = plugin.ground("odd", "異", "odd")(lambda s: s[CONTINUATION] or s[between if through else word])
    found = told(rulebook_of({between: CITED, ground: GROUND}, {}))
    assert [("ground-reads-grounds", "small.toml: rules.odd")] == [(code, where) for code, where, _ in found]


@pytest.mark.parametrize("unusable", [False, True])
def test_a_ground_reads_whether_the_card_works_if_that_does_not_hang_on_it(
    rulebook_of: Any, unusable: bool
) -> None:
    plugin = Plugin()
    ground = plugin.ground("odd", "異", "odd", unusable=unusable)(lambda s: s[CARD_WORKS] and s[CONTINUATION])
    found = [code for code, *_ in told(rulebook_of({ground: GROUND}, {}))]
    assert (["rule-circle"] if unusable else []) == found
