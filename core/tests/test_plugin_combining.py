"""Several plugins on one policy: ids are taken once, and a rule is replaced only by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hokensha.errors import Finding, PluginError
from hokensha.plugins import PluginState, Provided, Provider, combine, installed
from hokensha.rules import Rule

Install = Callable[..., Provider]
Refused = Callable[..., list[Finding]]
Fault = Callable[[str], Finding]
GROUNDS = "@hookimpl\ndef eligibility(): return [LOST]\n"


def ids(provided: tuple[Provided, ...]) -> list[list[str]]:
    """The ids of the rules of each plugin."""
    return [[rule.id for rule in part.rules] for part in provided]


def state(name: str) -> PluginState:
    """What is said of the one installed plugin of that name."""
    (found,) = [state for state in installed() if state.provider.name == name]
    return found


# --- features and facts


@pytest.mark.parametrize(
    ("place", "features"),
    [
        (".facts", "Features(facts=[LEAVE])"),
        (".facts", "Features(facts=('on_leave_since',))"),
        (".facts", "Features(facts=(LEAVE, LEAVE))"),
        (".features", "Features(features=ON_LEAVE)"),
        (".facts[0].id", "Features(facts=(Fact('on-leave', 'day', WORDS),))"),
        (".facts[0].id", "Features(facts=(Fact('OnLeave', 'day', WORDS),))"),
        (".facts[0].kind", "Features(facts=(Fact('on_leave', 'date', WORDS),))"),
        (".facts[0].label", "Features(facts=(Fact('on_leave', 'day', Label('休職', '')),))"),
        (".facts[0].nullable", "Features(facts=(Fact('on_leave', 'day', WORDS, nullable='no'),))"),
        (".facts[0].values", "Features(facts=(Fact('on_leave', 'code', WORDS),))"),
        (".facts[0].values", "Features(facts=(Fact('on_leave', 'code', WORDS, values=('a', 'a')),))"),
        (".facts[0].values", "Features(facts=(Fact('on_leave', 'day', WORDS, values=('a',)),))"),
        (".features[0].id", "Features(features=(flag('on leave', 'continuation', 'あ', 'a'),))"),
        (".features[0].label", "Features(features=(flag('on-leave', 'continuation', '', 'a'),))"),
        (".features[0].values", "Features(features=(Setting('choice', WORDS, ()),))"),
        (".features[0].values", "Features(features=(Setting('choice', WORDS, (True, True)),))"),
        (".features[0].values", "Features(features=(Setting('choice', WORDS, ('a', 'b')),))"),
        (".features[0].function", "Features(features=(Derived('d', WORDS, BOOLEANS, lambda: True),))"),
        (".features[0]", "Features(features=(Feature('f', WORDS, BOOLEANS),))"),
        (".features[0]", "Features(features=(type('Mine', (Feature,), {})('f', WORDS, BOOLEANS),))"),
    ],
)
def test_malformed_facts_and_features_stop_the_load(fault: Fault, place: str, features: str) -> None:
    """Each is checked as rules are; the finding says where."""
    code = "WORDS = Label('休職', 'leave')\nLEAVE = Fact('on_leave_since', 'day', WORDS, nullable=True)\n"
    code += "ON_LEAVE = known('on-leave', 'on_leave_since', '休職', 'leave')\n"
    finding = fault(f"{code}@hookimpl\ndef features(): return [{features}]\n")
    assert "hook-result" == finding.code
    assert finding.where.endswith(f": features[0]{place}")


def declaring(features: str) -> str:
    """The code of a plugin that returns these from its hook ``features``."""
    return f"WORDS = Label('休職', 'leave')\n@hookimpl\ndef features(): return {features}\n"


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (
            "[Features(facts=(Fact('birth_date', 'day', WORDS),))]",
            "fact 'birth_date' is one of the core already",
        ),
        (
            "[Features(features=(flag('my-number-card', 'continuation', 'あ', 'a'),))]",
            "feature 'my-number-card' is one of the core already",
        ),
        (
            "[Features(features=tuple(flag('f', 'continuation', 'あ', 'a') for _ in '12'))]",
            "feature 'f' is one of plugin faulty (hokensha-faulty 1.2) already",
        ),
        (
            "[Features(facts=(Fact('f', 'day', WORDS),)) for _ in '12']",
            "fact 'f' is one of plugin faulty (hokensha-faulty 1.2) already",
        ),
    ],
)
def test_a_fact_or_feature_with_an_id_that_is_taken_stops_the_load(
    fault: Fault, features: str, said: str
) -> None:
    """By the core, or by the plugin itself."""
    finding = fault(declaring(features))
    assert "rule-clash" == finding.code
    assert said in finding.message


@pytest.mark.parametrize(
    "features", ["facts=(Fact('mine', 'day', WORDS),)", "features=(flag('mine', 'continuation', 'あ', 'a'),)"]
)
def test_two_plugins_with_one_fact_or_feature_stop_the_load(
    install: Install, refused: Refused, features: str
) -> None:
    """The finding names both."""
    install("one", declaring(f"[Features({features})]"))
    install("two", declaring(f"[Features({features})]"))
    (finding,) = refused("one", "two")
    assert ("plugin two (hokensha-two 1.2): features", "rule-clash") == (finding.where, finding.code)
    assert "'mine' is one of plugin one (hokensha-one 1.2) already" in finding.message


def test_the_very_same_feature_may_be_handed_on_by_several_plugins(install: Install) -> None:
    """There is but one definition then, the core's."""
    for name in ("one", "two"):
        install(name, "from hokensha import standard\n" + declaring("[Features(features=(standard.CARD,))]"))
    assert 2 == len(load(["one", "two"]))


def test_a_feature_of_a_fact_that_nobody_declares_stops_the_load(fault: Fault) -> None:
    """A typo in a fact's id would otherwise come to light with the first member."""
    finding = fault(declaring("[Features(features=(flag('f', 'continuatoin', 'あ', 'a'),))]"))
    assert "hook-result" == finding.code
    assert "names fact 'continuatoin'" in finding.message
    assert "did you mean 'continuation'?" in finding.message


def test_a_plugin_may_build_on_the_facts_of_another(install: Install, refused: Refused) -> None:
    """It is loadable, and it loads where the other is named as well."""
    install("base", declaring("[Features(facts=(Fact('zzz', 'boolean', WORDS),))]"))
    install("more", declaring("[Features(features=(flag('f', 'zzz', 'あ', 'a'),))]"))
    assert None is state("more").problem
    assert 2 == len(load(["more", "base"]))
    assert ["hook-result"] == [finding.code for finding in refused("more")]


# --- combining


def adding(**fields: str) -> str:
    """The code of a plugin with one ground."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return f"@hookimpl\ndef eligibility(): return [some({arguments})]\n"


def test_a_later_rule_replaces_an_earlier_one_by_naming_it(install: Install) -> None:
    """The replaced rule is gone, the other stays with its own plugin."""
    install("base", "@hookimpl\ndef eligibility(): return [LOST, some(id_='other')]\n")
    install("own", adding(id_="mine", replaces="card-lost"))
    assert [["other"], ["mine"]] == ids(load(["base", "own"]))


def test_a_replacing_rule_may_keep_the_id(install: Install) -> None:
    """Then the policy's terms stay where they are."""
    install("base", GROUNDS)
    install("own", adding(replaces="card-lost", en="lost or stolen"))
    provided = load(["base", "own"])
    assert [[], ["card-lost"]] == ids(provided)
    assert "lost or stolen" == provided[1].rules[0].label.en


def test_a_replacement_can_be_replaced_in_turn(install: Install) -> None:
    """By naming what is there now."""
    install("base", GROUNDS)
    install("own", adding(id_="mine", replaces="card-lost"))
    install("late", adding(id_="last", replaces="mine"))
    assert [[], [], ["last"]] == ids(load(["base", "own", "late"]))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([GROUNDS, GROUNDS], "rule 'card-lost' is one of plugin p0 (hokensha-p0 1.2) already"),
        (
            [GROUNDS, adding(id_="mine", replaces="card-lots")],
            "which no earlier plugin of the policy has (did you mean 'card-lost'?)",
        ),
        (
            ["@hookimpl\ndef eligibility(): return [LOST, some(id_='mine', replaces='card-lost')]\n"],
            "which no earlier plugin of the policy has",
        ),
        (
            [GROUNDS, adding(id_="mine", kind="scheme", replaces="card-lost")],
            "but is a Scheme where there was a Ground",
        ),
        (
            [GROUNDS, adding(id_="mine", replaces="card-lost"), adding(id_="last", replaces="card-lost")],
            "which plugin p1 (hokensha-p1 1.2) replaced already",
        ),
        (
            [GROUNDS, adding(replaces="card-lost"), *(adding(id_=i, replaces="card-lost") for i in "bc")],
            "which plugin p2 (hokensha-p2 1.2) replaced already",
        ),
        (
            [GROUNDS, adding(id_="mine", replaces="card-lost"), GROUNDS],
            "rule 'card-lost' is one of plugin p0 (hokensha-p0 1.2) already",
        ),
        (
            [
                GROUNDS,
                "@hookimpl\ndef eligibility(): return [some(id_=i, replaces='card-lost') for i in 'ab']\n",
            ],
            "which another rule of the same plugin replaces already",
        ),
        (["@hookimpl\ndef eligibility(): return [LOST, LOST]\n"], "another rule of the same plugin"),
        (
            [GROUNDS + "@hookimpl\ndef issuance_triggers(): return [some('remedy')]\n"],
            "id 'card-lost' is that of another rule of the same plugin",
        ),
    ],
    ids=[
        "same-id",
        "unknown",
        "same-plugin",
        "other-class",
        "replaced-already",
        "replaced-under-its-id",
        "id-of-a-replaced-rule",
        "twice-in-one-plugin",
        "id-twice-in-a-hook",
        "id-twice-in-a-plugin",
    ],
)
def test_rules_that_clash_stop_the_load(
    install: Install, refused: Refused, codes: list[str], said: str
) -> None:
    """The finding is about the later plugin, and names the earlier."""
    names = [f"p{number}" for number, _ in enumerate(codes)]
    for name, code in zip(names, codes, strict=True):
        install(name, code)
    (finding,) = refused(*names)
    assert "rule-clash" == finding.code
    assert finding.where.startswith(f"plugin {names[-1]} (hokensha-{names[-1]} 1.2): ")
    assert said in finding.message


def test_a_rule_of_a_later_plugin_cannot_be_replaced(install: Install, refused: Refused) -> None:
    """The finding says to name that plugin earlier."""
    install("base", GROUNDS)
    install("own", adding(id_="mine", replaces="card-lost"))
    (finding,) = refused("own", "base")
    assert ("plugin own (hokensha-own 1.2): eligibility", "rule-clash") == (finding.where, finding.code)
    assert "correct the id, or name its plugin earlier" in finding.message


def test_what_is_provided_can_be_combined_without_installing_it() -> None:
    """For those who bring rules of their own, such as the conformance kit."""
    from hokensha_standard import card_lost  # noqa: PLC0415

    rules: tuple[Rule, ...] = (card_lost,)
    one, two = Provided(Provider("one"), (), rules), Provided(Provider("two"), (), rules)
    assert (one,) == combine([one])
    with pytest.raises(PluginError, match="rule 'card-lost' is one of plugin one already"):
        combine([one, two])
