"""What hooks return is checked field by field; whatever is not as expected stops the load."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hokensha.errors import Finding
from hokensha.plugins import Provided, Provider

Install = Callable[..., Provider]
Refused = Callable[..., list[Finding]]
Fault = Callable[[str], Finding]
GROUNDS = "@hookimpl\ndef eligibility(): return [LOST]\n"


def ids(provided: tuple[Provided, ...]) -> list[list[str]]:
    """The ids of the rules of each plugin."""
    return [[rule.id for rule in part.rules] for part in provided]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("None", "returned nothing (None); return a list or a tuple of Scheme or Ground"),
        ("LOST", "returned a single Ground"),
        ("(rule for rule in [LOST])", "returned a generator"),
        ("{LOST}", "(set)"),
        ("{'card-lost': LOST}", "(dict)"),
        ("'card-lost'", "(str)"),
        ("coroutine()", "returned a coroutine"),
    ],
)
def test_a_result_that_is_no_list_stops_the_load(fault: Fault, result: str, said: str) -> None:
    """And a set has no order that would be the same on every machine."""
    code = f"async def coroutine(): return [LOST]\n@hookimpl\ndef eligibility(): return {result}\n"
    finding = fault(code)
    assert "hook-result" == finding.code
    assert said in finding.message


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("None", "is None (NoneType); expected Scheme or Ground"),
        ("'card-lost'", "is 'card-lost' (str); expected Scheme or Ground"),
        ("Ground", "expected Scheme or Ground"),
        ("[LOST]", "(list); expected Scheme or Ground"),
        (
            "some('remedy')",
            "is a Remedy, which the hook 'issuance_triggers' returns; expected Scheme or Ground",
        ),
        ("type('Mine', (Ground,), {})(**FIELDS)", "is a Mine, a class derived from Scheme or Ground"),
    ],
)
def test_an_item_of_a_wrong_class_stops_the_load(fault: Fault, item: str, said: str) -> None:
    """The finding says at which place, and to which hook the class belongs."""
    code = "FIELDS = dict(id='x', label=Label('あ', 'a'), cites=('law',), test=lambda s: True)\n"
    finding = fault(f"{code}@hookimpl\ndef eligibility(): return [LOST, {item}]\n")
    assert "hook-result" == finding.code
    assert finding.where.endswith(": eligibility[1]")
    assert said in finding.message


MALFORMED = {
    "id_": ("''", "'Card-Lost'", "'card_lost'", "'card-'", "'紛失'", "'1st'", "7", "None"),
    "cites": ("()", "'001-12'", "['001-12']", "('',)", "(7,)", "('a', 'a')", "None"),
    "ja": ("''", "'　'", "None"),
    "en": ("''", "' '", "7"),
    "replaces": ("''", "'Card'", "7"),
    "unusable": ("None", "1", "'no'"),
    "test": ("None", "True", "lambda: True", "lambda s, t: True", "LOST", "later", "bool"),
}


@pytest.mark.parametrize(
    ("argument", "value"), [(argument, value) for argument, values in MALFORMED.items() for value in values]
)
def test_a_malformed_rule_stops_the_load(fault: Fault, argument: str, value: str) -> None:
    """Each field is what the core expects there; the finding says where and what."""
    code = (
        f"async def later(s): return True\n@hookimpl\ndef eligibility(): return [some({argument}={value})]\n"
    )
    finding = fault(code)
    assert "hook-result" == finding.code
    place = {"id_": "id", "ja": "label", "en": "label"}.get(argument, argument)
    assert finding.where.endswith(f": eligibility[0].{place}")
    assert "expected " in finding.message


@pytest.mark.parametrize(
    ("place", "arguments"),
    [
        ("event", "met=Met.SINCE"),
        ("loss", "met=Met.VALID_AFTER_LOSS"),
        ("event", "event='enrolled_on'"),
        ("loss", "loss='last-day'"),
        ("event", "met=Met.SINCE, event=''"),
        ("met", "met='valid'"),
    ],
)
def test_a_trigger_that_does_not_say_when_it_is_met_stops_the_load(
    fault: Fault, place: str, arguments: str
) -> None:
    """SINCE has its event and VALID_AFTER_LOSS its loss, and neither stands without its use."""
    finding = fault(f"@hookimpl\ndef issuance_triggers(): return [some(**TRIGGER, {arguments})]\n")
    assert "hook-result" == finding.code
    assert finding.where.endswith(f": issuance_triggers[0].{place}")


NAMES = "'x', 'あ', 'a', cites=('law',)"
SHOWS = "shows=(Document.NOTICE,)"


@pytest.mark.parametrize(
    ("hook", "place", "rule"),
    [
        ("issuance_triggers", "document", "some('trigger', document='eligibility-certificate')"),
        ("presentation", "at", f"some('presents', at=(), {SHOWS})"),
        ("presentation", "at", f"some('presents', at=At.EQUIPPED, {SHOWS})"),
        ("presentation", "shows", "some('presents', at=(At.EQUIPPED,), shows=())"),
        ("presentation", "shows", "some('presents', at=(At.EQUIPPED,), shows=[Document.NOTICE])"),
        ("presentation", "uncertain", f"some('presents', at=(At.EQUIPPED,), {SHOWS}, uncertain=1)"),
        ("returns", "action", "some('returns', document=Document.NOTICE, action='destroy')"),
        ("document_validity", "purpose", f"declare.validity({NAMES}, document=Document.NOTICE, purpose='')"),
        ("reflection_latency", "process", f"declare.latency({NAMES}, process='A b')"),
        ("reflection_latency", "counts_from", f"declare.latency({NAMES}, process='p', counts_from='')"),
    ],
)
def test_every_other_kind_of_rule_is_checked_in_the_same_way(
    fault: Fault, hook: str, place: str, rule: str
) -> None:
    """Codes are members of their enumeration, never its text."""
    finding = fault(f"@hookimpl\ndef {hook}(): return [{rule}]\n")
    assert "hook-result" == finding.code
    assert finding.where.endswith(f": {hook}[0].{place}")


@pytest.mark.parametrize("error", ["ValueError('no')", "SystemExit(1)"])
def test_a_hook_that_raises_stops_the_load(fault: Fault, error: str) -> None:
    """And the process goes on."""
    finding = fault(f"@hookimpl\ndef eligibility(): raise {error}\n")
    assert ("plugin-broken", "plugin faulty (hokensha-faulty 1.2): eligibility") == (
        finding.code,
        finding.where,
    )


@pytest.mark.parametrize(
    "result",
    [
        "[some(id_=f'ground-{len(calls)}')]",
        "[LOST] if len(calls) == 1 else [LOST, some(id_='more')]",
        "[some('ground' if len(calls) == 1 else 'scheme')]",
        "[some(unusable=len(calls) == 1)]",
        "[some(cites=(f'00{len(calls)}-01',))]",
        "[LOST] if len(calls) == 1 else None",
        "[LOST] if len(calls) == 1 else 1 / 0",
    ],
)
def test_a_hook_that_answers_differently_when_called_again_stops_the_load(fault: Fault, result: str) -> None:
    """Hooks are pure: same ids, same classes, same fields."""
    code = f"calls = []\n@hookimpl\ndef eligibility():\n    calls.append(1)\n    return {result}\n"
    finding = fault(code)
    assert "hook-not-pure" == finding.code
    assert "hooks are pure" in finding.message


def test_a_hook_that_another_hook_changes_stops_the_load(fault: Fault) -> None:
    """Every hook is called once before any is called again."""
    code = "found = [LOST]\n@hookimpl\ndef eligibility(): return found\n"
    code += "@hookimpl\ndef returns():\n    found.append(some(id_='late'))\n    return []\n"
    assert "hooks are pure" in fault(code).message


def test_a_hook_may_build_its_rules_anew_each_time(install: Install) -> None:
    """Functions are compared by their names: what is declared inside the hook is the same rule."""
    install("sound", "@hookimpl\ndef eligibility(): return [some(test=lambda s: True)]\n")
    assert [["card-lost"]] == ids(load(["sound"]))
