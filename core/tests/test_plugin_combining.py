"""Several plugins on one policy: ids are taken once, and a rule is replaced only by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hokensha.errors import Finding, PluginError
from hokensha.plugins import PluginState, Provided, Provider, combine, installed, load_plugins
from hokensha.rules import Ground
from hokensha_standard import card_lost, no_card

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
    ("place", "declared"),
    [
        ("Features.facts", "Features(facts=[LEAVE])"),
        ("Features.facts", "Features(facts=('on_leave_since',))"),
        ("Features.facts", "Features(facts=(LEAVE, LEAVE))"),
        ("Features.features", "Features(features=ON_LEAVE)"),
        ("Features.features", "Features(features=(Feature('f', WORDS, BOOLEANS),))"),
        ("Features.features", "Features(features=(type('Mine', (Feature,), {})('f', WORDS, BOOLEANS),))"),
        ("Features.unlikely", "Features(unlikely=ON_LEAVE)"),
        ("Features.contradictions", "Features(contradictions=(ON_LEAVE,))"),
        ("Features.unlikely", "Features(unlikely=(Feature('f', WORDS, BOOLEANS),))"),
        ("Features.documents", "Features(documents=[NOTICE])"),
        ("Features.documents", "Features(documents=('eligibility-notice',))"),
        ("Features.groups", "Features(groups={'dependent': 'relation'})"),
        ("Features.groups", "Features(groups={'dependent': ('relation', 1)})"),
        ("Features.groups", "Features(groups=[('dependent', ('relation', 'dependent'))])"),
        ("Fact 'on-leave'.id", "Fact('on-leave', 'day', WORDS)"),
        ("Fact 'OnLeave'.id", "Fact('OnLeave', 'day', WORDS)"),
        ("Fact 'on_leave'.kind", "Fact('on_leave', 'date', WORDS)"),
        ("Fact 'on_leave'.label", "Fact('on_leave', 'day', '休職')"),
        ("Label.en", "Fact('on_leave', 'day', Label('休職', ''))"),
        ("Fact 'on_leave'.nullable", "Fact('on_leave', 'day', WORDS, nullable='no')"),
        ("Fact 'on_leave'.planned", "Fact('on_leave', 'day', WORDS, planned=1)"),
        ("Fact 'on_leave'.sensitive", "Fact('on_leave', 'text', WORDS, sensitive='yes')"),
        ("Fact 'on_leave'.unchangeable", "Fact('on_leave', 'day', WORDS, unchangeable='yes')"),
        ("Fact 'on_leave'.usual", "Fact('on_leave', 'day', WORDS, usual=-365)"),
        ("Fact 'on_leave'.read_with", "Fact('on_leave', 'day', WORDS, read_with='relation')"),
        ("Fact 'on_leave'.read_with", "Fact('on_leave', 'day', WORDS, read_with=('relation', 'insured'))"),
        ("Fact 'on_leave'.asked_of", "Fact('on_leave', 'day', WORDS, asked_of='本人')"),
        ("Fact 'on_leave'.not_before", "Fact('on_leave', 'day', WORDS, not_before=('birth_date',))"),
        ("Fact 'on_leave'.required_when", "Fact('on_leave', 'day', WORDS, required_when='relation')"),
        ("Fact 'on_leave'.required_when", "Fact('on_leave', 'day', WORDS, required_when={'relation': 1})"),
        ("Fact 'on_leave'.required_when", "Fact('on_leave', 'day', WORDS, required_when={'': True})"),
        ("Fact 'on_leave'.problem", "Fact('on_leave', 'text', WORDS, problem='odd')"),
        ("Fact 'on_leave'.values", "Fact('on_leave', 'code', WORDS)"),
        ("Fact 'on_leave'.values", "Fact('on_leave', 'code', WORDS, values=('a', 'a'))"),
        ("Fact 'on_leave'.values", "Fact('on_leave', 'day', WORDS, values=('a',))"),
        ("Coded 'on leave'.id", "flag('on leave', 'continuation', 'あ', 'a')"),
        ("Label.ja", "flag('on-leave', 'continuation', '', 'a')"),
        ("Setting 'choice'.values", "Setting('choice', WORDS, ())"),
        ("Setting 'choice'.values", "Setting('choice', WORDS, (True, True))"),
        ("Setting 'choice'.values", "Setting('choice', WORDS, ('a', 'b'))"),
        ("Derived 'd'.function", "Derived('d', WORDS, BOOLEANS, lambda: True)"),
        ("Document 'Pass'.id", "Document('Pass', WORDS)"),
        ("Document 'pass'.stem", "Document('pass', WORDS, stem='Pass')"),
        ("Document 'pass'.issued_on", "Document('pass', WORDS, issued_on='pass-issued')"),
        ("Document 'pass'.valid_until", "Document('pass', WORDS, valid_until='')"),
        ("Document 'pass'.returned_on", "Document('pass', WORDS, returned_on=LEAVE)"),
        ("Document 'pass'.last_day", "Document('pass', WORDS, last_day='')"),
        ("Document 'pass'.relied_on", "Document('pass', WORDS, relied_on='card')"),
        ("Document 'pass'.serves_alone", "Document('pass', WORDS, serves_alone=1)"),
        ("Document 'pass'.longest", "Document('pass', WORDS, longest='5')"),
        ("Document 'pass'.at_hand", "Document('pass', WORDS, at_hand='has-card')"),
    ],
)
@pytest.mark.parametrize("in_hook", [True, False], ids=["returned", "imported"])
def test_malformed_facts_features_and_documents_stop_the_load(
    fault: Fault, in_hook: bool, place: str, declared: str
) -> None:
    """Each is checked as rules are; the finding says of which and what."""
    code = "LEAVE = Fact('on_leave_since', 'day', WORDS, nullable=True)\n"
    code += "ON_LEAVE = known('on-leave', 'on_leave_since', '休職', 'leave')\n"
    hook = f"@hookimpl\ndef features(): return [{declared}]\n"
    finding = fault(code + (hook if in_hook else declared + "\n" + GROUNDS))
    assert "hook-result" == finding.code
    assert finding.where.endswith("(hokensha-faulty 1.2)" + (": features" if in_hook else ""))
    assert finding.message.startswith(place + ": ")


def declaring(features: str) -> str:
    """The code of a plugin that returns these from its hook ``features``."""
    return f"@hookimpl\ndef features(): return [*standard.features(), *{features}]\n"


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (
            "[Features(facts=(Fact('birth_date', 'day', WORDS),))]",
            "fact 'birth_date' is one of plugin faulty (hokensha-faulty 1.2) already",
        ),
        (
            "[Features(features=(flag('my-number-card', 'continuation', 'あ', 'a'),))]",
            "feature 'my-number-card' is one of plugin faulty (hokensha-faulty 1.2) already",
        ),
        (
            "[Features(features=(flag('in-scheme', 'continuation', 'あ', 'a'),))]",
            "feature 'in-scheme' is one of the core already",
        ),
        (
            "[Features(features=(flag('certificate-issued', 'continuation', 'あ', 'a'),))]",
            "feature 'certificate-issued' is one of plugin faulty (hokensha-faulty 1.2) already",
        ),
        (
            "[Features(features=(flag('return-without-old-card', 'continuation', 'あ', 'a'),))]",
            "feature 'return-without-old-card' is one of plugin faulty (hokensha-faulty 1.2) already",
        ),
        (
            "[Features(unlikely=(flag('valid-certificate', 'continuation', 'あ', 'a'),))]",
            "feature 'valid-certificate' is one of plugin faulty (hokensha-faulty 1.2) already",
        ),
        (
            "[Features(documents=(Document('eligibility-certificate', WORDS, stem='x'),))]",
            "document 'eligibility-certificate' is one of plugin faulty (hokensha-faulty 1.2) already",
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
    """By the core, by what is built on, or by the plugin itself."""
    finding = fault(declaring(features))
    assert "rule-clash" == finding.code
    assert said in finding.message


@pytest.mark.parametrize(
    "features",
    [
        "facts=(Fact('mine', 'day', WORDS),)",
        "features=(flag('mine', 'continuation', 'あ', 'a'),)",
        "unlikely=(flag('mine', 'continuation', 'あ', 'a'),)",
    ],
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


def test_two_plugins_with_one_document_stop_the_load(install: Install, refused: Refused) -> None:
    """As well as with what follows from its facts: each has an id of its own."""
    for name in ("one", "two"):
        install(name, declaring("[Features(documents=(Document('pass', WORDS),))]"))
    expected = ["document 'pass'"]
    expected += [f"feature '{name}'" for name in ("pass-in-term", "pass-given", "valid-pass", "expired-pass")]
    found = [finding.message.partition(" is one of plugin one ")[0] for finding in refused("one", "two")]
    assert expected == list(dict.fromkeys(found))


def test_the_very_same_feature_may_be_handed_on_by_several_plugins(install: Install) -> None:
    """There is but one definition then, that of the plugin on which all build."""
    for name in ("one", "two"):
        code = declaring("[Features(features=(CARD,), documents=(NOTICE,))]")
        install(name, "from hokensha_standard import CARD\n" + code)
    assert 2 == len(load_plugins(["one", "two"]))


@pytest.mark.parametrize(
    ("features", "fact"),
    [
        ("unlikely=(flag('f', 'zzz', 'あ', 'a'),)", "zzz"),
        ("documents=(Document('pass', WORDS, issued_on='zzz'),)", "zzz"),
        ("documents=(Document('pass', WORDS, valid_until='yyy', last_day='zzz'),)", "yyy"),
        ("documents=(Document('pass', WORDS, returned_on='zzz'),)", "zzz"),
        ("groups={'posted': ('zzz', True)}", "zzz"),
        ("facts=(Fact('on_leave', 'day', WORDS, not_before='zzz'),)", "zzz"),
        ("facts=(Fact('on_leave', 'day', WORDS, nullable=True, required_when={'zzz': True}),)", "zzz"),
        ("facts=(Fact('on_leave', 'day', WORDS, read_with=('zzz', (True,))),)", "zzz"),
    ],
)
def test_whatever_names_a_fact_that_nobody_declares_stops_the_load(
    fault: Fault, features: str, fact: str
) -> None:
    """Contradictions, documents, groups and other facts read facts as features do."""
    finding = fault(declaring(f"[Features({features})]"))
    assert "hook-result" == finding.code
    assert f"names fact '{fact}'" in finding.message


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (
            "contradictions=(Contradiction('c', WORDS, Before('left_on', 'continuation')),)",
            "contradiction 'c': expected two days, found day and boolean",
        ),
        (
            "contradictions=(Contradiction('c', WORDS, Older('relation', 130)),)",
            "contradiction 'c': expected a day, found code",
        ),
        (
            "contradictions=(Contradiction('c', WORDS, Required('left_on', {'symbol': 'A'})),)",
            "contradiction 'c': expected a boolean or a code, found text 'symbol'",
        ),
        (
            "contradictions=(Contradiction('c', WORDS, Required('left_on', {'continuation': 'yes'})),)",
            "contradiction 'c': 'continuation': expected true or false",
        ),
        (
            "facts=(Fact('f', 'day', WORDS, not_before='relation'),)",
            "not_before of fact 'f': expected two days, found day and code",
        ),
        (
            "facts=(Fact('f', 'day', WORDS, nullable=True, required_when={'relation': 'cousin'}),)",
            "required_when of fact 'f': 'relation': expected one of insured, dependent",
        ),
    ],
)
def test_what_facts_of_such_kinds_cannot_contradict_stops_the_load(
    fault: Fault, features: str, said: str
) -> None:
    """It would never be so, or come to light in the middle of a roll."""
    own = "from hokensha.facts import Before, Contradiction, Older, Required\n"
    finding = fault(own + declaring(f"[Features({features})]"))
    assert "hook-result" == finding.code
    assert said in finding.message


@pytest.mark.parametrize(
    ("hook", "rule"),
    [
        ("issuance_triggers", "some('trigger', document=PASS)"),
        ("issuance_triggers", "some('exclusion', document=PASS)"),
        ("document_validity", "declare.validity('pass', 'あ', 'a', document=PASS)"),
        ("presentation", "some('presents', at=tuple(At), shows=(NOTICE, PASS))"),
        ("returns", "some('return_', document=PASS, action=Action.DESTROY)"),
    ],
)
def test_a_rule_of_a_document_that_nobody_declares_stops_the_load(
    install: Install, refused: Refused, hook: str, rule: str
) -> None:
    """It could be neither listed nor asked for; another plugin of the policy may declare it."""
    own = f"PASS = Document('pass', WORDS)\n@hookimpl\ndef {hook}(): return [{rule}]\n"
    install("own", declaring("[]") + own)
    install("base", "from hokensha_own import PASS\n" + declaring("[Features(documents=(PASS,))]"))
    (finding,) = refused("own")
    assert (f"plugin own (hokensha-own 1.2): {hook}", "hook-result") == (finding.where, finding.code)
    assert "names document 'pass', which no plugin of the policy declares" in finding.message
    assert 2 == len(load_plugins(["own", "base"]))


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
    assert 2 == len(load_plugins(["more", "base"]))
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
    assert [["other"], ["mine"]] == ids(load_plugins(["base", "own"]))


def test_a_replacing_rule_may_keep_the_id(install: Install) -> None:
    """Then the policy's terms stay where they are."""
    install("base", GROUNDS)
    install("own", adding(replaces="card-lost", en="lost or stolen"))
    provided = load_plugins(["base", "own"])
    assert [[], ["card-lost"]] == ids(provided)
    assert "lost or stolen" == provided[1].rules[0].label.en


def test_a_replacement_can_be_replaced_in_turn(install: Install) -> None:
    """By naming what is there now."""
    install("base", GROUNDS)
    install("own", adding(id_="mine", replaces="card-lost"))
    install("late", adding(id_="last", replaces="mine"))
    assert [[], [], ["last"]] == ids(load_plugins(["base", "own", "late"]))


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
    one = Provided(Provider("one"), (), (card_lost,))
    own = Ground(id="card-lost", label=card_lost.label, test=card_lost.test)
    assert (one,) == combine([one])
    with pytest.raises(PluginError, match="rule 'card-lost' is one of plugin one already"):
        combine([one, Provided(Provider("two"), (), (own,))])


def test_the_very_same_rule_may_be_handed_on_by_several_plugins() -> None:
    """Whoever replaces it replaces it for all, whichever hands it on."""
    one, two = (Provided(Provider(name), (), (card_lost, no_card)) for name in ("one", "two"))
    assert [["card-lost", "no-card"], []] == ids(combine([one, two]))
    own = Ground(id="mine", label=card_lost.label, test=card_lost.test, replaces="card-lost")
    three = Provided(Provider("three"), (), (own,))
    for order in ([one, two, three], [one, three, two]):
        combined = combine(order)
        assert ["no-card", "mine"] == [name for part in ids(combined) for name in part]
        assert {"card-lost": "mine"} == {k: v for part in combined for k, v in part.replaced.items()}
