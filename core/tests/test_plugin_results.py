"""What hooks return is checked field by field; whatever is not as expected stops the load."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hokensha.errors import Finding
from hokensha.plugins import Provided, Provider, load_plugins

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
        (
            "Mine(id='x', label=WORDS, test=lambda s: True)",
            "is a Mine, a class derived from Scheme or Ground",
        ),
    ],
)
def test_an_item_of_a_wrong_class_stops_the_load(fault: Fault, item: str, said: str) -> None:
    """The finding says at which place, and to which hook the class belongs."""
    code = "class Mine(Ground): pass\n@hookimpl\ndef eligibility(): "
    finding = fault(f"{code}return [LOST, {item}]\n")
    assert "hook-result" == finding.code
    assert finding.where.endswith(": eligibility[1]")
    assert said in finding.message


MALFORMED = {
    "id_": ("''", "'Card-Lost'", "'card_lost'", "'card-'", "'紛失'", "'1st'", "7", "None"),
    "ja": ("''", "'　'", "None"),
    "en": ("''", "' '", "7"),
    "replaces": ("''", "'Card'", "7"),
    "unusable": ("None", "1", "'no'"),
    "test": ("None", "True", "lambda: True", "lambda s, t: True", "LOST", "later", "bool"),
}


@pytest.mark.parametrize(
    ("argument", "value"), [(argument, value) for argument, values in MALFORMED.items() for value in values]
)
@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("", "some({})\n" + GROUNDS),
        (": eligibility", "@hookimpl\ndef eligibility(): return [some({})]\n"),
    ],
    ids=["imported", "returned"],
)
def test_a_malformed_rule_stops_the_load(
    fault: Fault, where: str, code: str, argument: str, value: str
) -> None:
    """Each field is what the core expects there; the finding says of which rule and what."""
    finding = fault("async def later(s): return True\n" + code.format(f"{argument}={value}"))
    assert "hook-result" == finding.code
    assert finding.where.endswith(f"(hokensha-faulty 1.2){where}")
    rule = eval(value) if argument == "id_" else "card-lost"
    name = f"Ground {rule!r}".removesuffix(" ''")
    assert finding.message.startswith(f"{name}.{argument.rstrip('_')}: expected ")


NAMES = "'card-lost', 'あ', 'a'"
SHOWS = "shows=(NOTICE,)"


@pytest.mark.parametrize(
    ("hook", "place", "rule"),
    [
        ("issuance_triggers", "document", "some('trigger', document='eligibility-certificate')"),
        ("issuance_triggers", "met_since", "some('trigger', document=NOTICE, met_since='')"),
        ("issuance_triggers", "met_since", "some('trigger', document=NOTICE, met_since=standard)"),
        ("issuance_triggers", "met_after", "some('trigger', document=NOTICE, met_after=' ')"),
        (
            "issuance_triggers",
            "met_after",
            "some('trigger', document=NOTICE, met_since='enrolled_on', met_after='last-day')",
        ),
        ("presentation", "at", f"some('presents', at=(), {SHOWS})"),
        ("presentation", "at", f"some('presents', at=At.EQUIPPED, {SHOWS})"),
        ("presentation", "shows", "some('presents', at=(At.EQUIPPED,), shows=())"),
        ("presentation", "shows", "some('presents', at=(At.EQUIPPED,), shows=[NOTICE])"),
        ("presentation", "uncertain", f"some('presents', at=(At.EQUIPPED,), {SHOWS}, uncertain=1)"),
        ("returns", "action", "some('return_', document=NOTICE, action='destroy')"),
        ("document_validity", "purpose", f"declare.validity({NAMES}, document=NOTICE, purpose='')"),
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
    assert finding.where.endswith(f"): {hook}")
    assert f" 'card-lost'.{place}: expected " in finding.message


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
        "[some(en=f'lost{len(calls)}')]",
        "[some(replaces=f'other-{len(calls)}')]",
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
    assert [["card-lost"]] == ids(load_plugins(["sound"]))
