"""How plugins are written: what is handed over to a ``Plugin``, and what its hooks return of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import attrs
import pytest

from hokensha.errors import Finding
from hokensha.facts import Before, Contradiction, Fact
from hokensha.features import DAY_ASKED, Derived, flag, known
from hokensha.plugins import Provided, Provider, examine, installed, load_plugins
from hokensha.rules import (
    RESULTS,
    Action,
    At,
    Document,
    Exclusion,
    Features,
    Ground,
    Latency,
    Plugin,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Trigger,
    Validity,
    hookimpl,
)
from hokensha.text import DeclarationError, Label
from hokensha_standard import (
    CARD,
    CERTIFICATE,
    DOCUMENTS,
    FACTS,
    GROUNDS,
    NOTICE,
    SCHEME,
    card_lost,
    late_elderly,
    no_card,
    standard,
)

Install = Callable[..., Provider]
Refused = Callable[..., list[Finding]]
WORDS: Any = ("an-id", "日本語", "English")
X = Label("x", "x")
DECORATORS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "scheme": (Scheme, {}),
    "ground": (Ground, {"unusable": False}),
    "trigger": (
        Trigger,
        {"document": CERTIFICATE, "met_since": "enrolled_on", "met_after": None, "yearly": None},
    ),
    "exclusion": (Exclusion, {"document": CERTIFICATE}),
    "remedy": (Remedy, {"brings": {"registered_on": DAY_ASKED, "overseas_card": True}, "elsewhere": False}),
    "presents": (Presentation, {"at": (At.EQUIPPED,), "shows": (CERTIFICATE,), "uncertain": True}),
    "return_": (Return, {"document": CERTIFICATE, "action": Action.DESTROY}),
}
CALLS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "validity": (Validity, {"document": CERTIFICATE, "purpose": "renewal"}),
    "latency": (Latency, {"process": "enrolment", "counts_from": "enrolled_on"}),
}
ALL = {**DECORATORS, **CALLS}
HANDED = Provider("handed")


def always(s: object) -> bool:
    return True


def fields(rule: Any) -> dict[str, Any]:
    """What a rule was declared with."""
    return {field.name: getattr(rule, field.name) for field in attrs.fields(type(rule)) if field.init}


def rules_of(plugin: Plugin) -> list[Any]:
    """What its hooks return, in the order in which they are called."""
    return [rule for hook in RESULTS if hook != "features" for rule in getattr(plugin, hook)()]


def features_of(plugin: Plugin) -> Features:
    (features,) = plugin.features()
    return features


# --- rules


@pytest.mark.parametrize("name", DECORATORS)
def test_a_decorated_function_becomes_the_rule(name: str) -> None:
    """With every field as it was given, and the function as its test."""
    cls, said = DECORATORS[name]
    rule = getattr(Plugin(), name)(*WORDS, replaces="another", **said)(always)
    assert cls is type(rule)
    words = {"id": "an-id", "label": Label("日本語", "English")}
    assert {**words, "replaces": "another", "test": always, **said} == fields(rule)


@pytest.mark.parametrize("name", CALLS)
def test_a_rule_without_a_function_is_a_plain_call(name: str) -> None:
    """With every field as it was given."""
    cls, said = CALLS[name]
    rule = getattr(Plugin(), name)(*WORDS, replaces="another", **said)
    assert cls is type(rule)
    assert {"id": "an-id", "label": Label("日本語", "English"), "replaces": "another", **said} == fields(rule)


@pytest.mark.parametrize("name", ALL)
def test_a_rule_is_handed_over_to_the_hook_of_its_class(name: str) -> None:
    """And to no other."""
    plugin = Plugin()
    cls, said = ALL[name]
    rule = getattr(plugin, name)(*WORDS, **said)
    rule = rule(always) if name in DECORATORS else rule
    returned = {hook: getattr(plugin, hook)() for hook in RESULTS if hook != "features"}
    assert {cls.hook: [rule]} == {hook: rules for hook, rules in returned.items() if rules}


@pytest.mark.parametrize("name", ALL)
def test_what_is_left_out_is_what_the_rules_class_says(name: str) -> None:
    """Defaults are the same in both places."""
    cls, _ = ALL[name]
    parameters = inspect.signature(getattr(Plugin(), name)).parameters
    for field in attrs.fields(cls):
        if field.init and field.name not in ("id", "label", "test"):
            missing = parameters[field.name].default is inspect.Parameter.empty
            assert missing is (field.default is attrs.NOTHING)
            assert missing or field.default == parameters[field.name].default


@pytest.mark.parametrize("name", [*ALL, "refuses", "unlikely"])
def test_only_the_id_and_its_words_go_without_a_name(name: str) -> None:
    """So that a declaration can be read without looking up the order of its parts."""
    parameters = inspect.signature(getattr(Plugin(), name)).parameters.values()
    assert ["id_", "ja", "en"] == [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]


def test_there_is_one_for_every_class_of_rule() -> None:
    """None is left that plugin code would have to build by hand."""
    classes = {cls for hook, classes in RESULTS.items() if hook != "features" for cls in classes}
    assert classes == {cls for cls, _ in ALL.values()}
    own = {name for name, value in vars(Plugin).items() if inspect.isfunction(value) and name[0] != "_"}
    assert own == {*ALL, *RESULTS, "add", "use", "groups", "refuses", "unlikely"}


def test_a_trigger_is_met_since_one_day_or_after_another_not_both() -> None:
    """What would count as given could not be told."""
    both = {"met_since": "enrolled_on", "met_after": "last-day"}
    with pytest.raises(DeclarationError, match="expected one of met_since and met_after") as caught:
        Plugin().trigger(*WORDS, document=CERTIFICATE, **both)(always)
    assert "met_after" == caught.value.place


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"brings": {"not an id": True}}, "brings"),
        ({"brings": {"registered_on": None}}, "brings"),
        ({"brings": ["registered_on"]}, "brings"),
        ({"elsewhere": "yes"}, "elsewhere"),
        ({"elsewhere": True, "brings": {"overseas_card": True}}, "elsewhere"),
    ],
)
def test_a_remedy_brings_values_of_facts_about_or_leaves_that_to_others(said: Any, place: str) -> None:
    """What it comes to has to be told."""
    with pytest.raises(DeclarationError) as caught:
        Plugin().remedy(*WORDS, **said)(always)
    assert place == caught.value.place


def test_a_rule_at_fault_is_not_handed_over() -> None:
    """It raises where it is declared, and says what is expected."""
    plugin = Plugin()
    with pytest.raises(
        DeclarationError, match=r"Ground 'an-id'\.test: expected a plain function of one situ"
    ):
        plugin.ground(*WORDS)(lambda: True)
    assert [] == rules_of(plugin)


# --- everything else


def test_facts_features_documents_and_rules_made_elsewhere_are_added() -> None:
    """Each comes out of its own hook, in the order of handing over, once."""
    plugin = Plugin()
    fact = Fact("on_leave_since", "day", X, nullable=True)
    on_leave = known("on-leave", "on_leave_since", "休職中", "on leave")
    plugin.add(card_lost, fact, on_leave, CERTIFICATE)
    plugin.add(NOTICE, no_card, CARD, fact, CERTIFICATE, card_lost)
    expected = ((fact,), (on_leave, CARD), (CERTIFICATE, NOTICE))
    found = features_of(plugin)
    assert expected == (found.facts, found.features, found.documents)
    assert [card_lost, no_card] == rules_of(plugin)


@pytest.mark.parametrize(
    "thing",
    [
        "card-lost",
        None,
        always,
        Features(),
        Ground,
        standard,
        type("Mine", (Ground,), {})(id="an-id", label=X, test=always),
    ],
    ids=["text", "none", "function", "features", "class", "plugin", "derived-class"],
)
def test_what_no_hook_would_return_cannot_be_added(thing: Any) -> None:
    """It would be missing, and a missing rule looks like nothing to issue."""
    with pytest.raises(DeclarationError, match="expected facts, features, documents and rules; found "):
        Plugin().add(thing)


def test_facts_that_cannot_stand_together_are_handed_over_in_a_form() -> None:
    """No function: whoever refuses a member, a row or an example asks the same."""
    plugin = Plugin()
    wrong = plugin.refuses(*WORDS, form=Before("left_on", "enrolled_on"))
    expected = Contradiction("an-id", Label("日本語", "English"), Before("left_on", "enrolled_on"))
    assert expected == wrong
    assert (wrong,) == features_of(plugin).contradictions


def test_what_is_unlikely_is_a_feature() -> None:
    """The decorated function becomes it."""
    plugin = Plugin()
    odd = plugin.unlikely(*WORDS)(always)
    assert isinstance(odd, Derived)
    assert ("an-id", Label("日本語", "English"), always) == (odd.id, odd.label, odd.function)
    assert (odd,) == features_of(plugin).unlikely


def test_groups_of_members_are_named() -> None:
    """A later name goes beside an earlier one."""
    plugin = Plugin()
    plugin.groups({"continuation": ("continuation", True)})
    plugin.groups({"dependent": ("relation", "dependent")})
    expected = {"continuation": ("continuation", True), "dependent": ("relation", "dependent")}
    assert expected == features_of(plugin).groups


# --- building on another


def test_a_plugin_uses_all_that_another_hands_over() -> None:
    """Then come its own rules."""
    plugin = Plugin()
    plugin.use(standard)
    own = plugin.ground(*WORDS)(always)
    assert [*SCHEME, *GROUNDS, own] == rules_of(plugin)
    found = features_of(plugin)
    assert (FACTS, DOCUMENTS) == (found.facts, found.documents)
    expected = features_of(standard).contradictions, features_of(standard).unlikely
    assert expected == (found.contradictions, found.unlikely)
    assert {"continuation", "dependent"} == set(found.groups)


def test_a_plugin_uses_some_rules_of_another_and_everything_else() -> None:
    """Rules that are not named stay with the other."""
    plugin = Plugin()
    plugin.use(standard, no_card, card_lost)
    assert [no_card, card_lost] == rules_of(plugin)
    assert (FACTS, DOCUMENTS) == (features_of(plugin).facts, features_of(plugin).documents)


def test_a_plugin_may_use_what_is_used_already() -> None:
    """The very same is handed over once."""
    plugin = Plugin()
    plugin.use(standard)
    plugin.use(standard, no_card)
    plugin.add(late_elderly)
    assert [*SCHEME, *GROUNDS, late_elderly] == rules_of(plugin)
    assert () == examine(HANDED, plugin).findings


def test_what_is_handed_over_later_to_the_other_does_not_come_along() -> None:
    """A plugin uses what is there when it says so, and changes nothing of the other."""
    base, plugin = Plugin(), Plugin()
    first = base.ground("first", "x", "x")(always)
    plugin.use(base)
    second = base.ground("second", "x", "x")(always)
    own = plugin.ground("own", "x", "x")(always)
    assert ([first, own], [first, second]) == (rules_of(plugin), rules_of(base))


# --- as plugins are loaded


def ids(provided: tuple[Provided, ...]) -> list[list[str]]:
    return [[rule.id for rule in part.rules] for part in provided]


HANDED_OVER = """
declare = Plugin()
declare.use(standard, *[rule for rule in standard.eligibility() if rule.id == "enrolled"])
some("remedy", id_="ask")
some(id_="posted", replaces={replaces!r})
"""
WITH_HOOKS = (
    "@hookimpl\ndef features(): return standard.features()\n@hookimpl\ndef eligibility(): return [LOST]\n"
)


def test_the_entry_point_may_name_a_plugin(install: Install) -> None:
    """It is listed with the hooks for which something was handed over."""
    install("sound", HANDED_OVER.format(replaces=None), entry="sound = hokensha_sound:declare")
    assert [["enrolled", "posted", "ask"]] == ids(load_plugins(["sound"]))
    (state,) = [state for state in installed() if "sound" == state.provider.name]
    assert (("features", "eligibility", "issuance_triggers"), None) == (state.hooks, state.problem)


def test_a_plugin_and_a_module_serve_one_policy(install: Install) -> None:
    """Either may replace what the other brings."""
    install("module", WITH_HOOKS)
    install("handed", HANDED_OVER.format(replaces="card-lost"), entry="handed = hokensha_handed:declare")
    install("late", "@hookimpl\ndef eligibility(): return [some(replaces='posted', id_='late')]\n")
    assert [[], ["enrolled", "posted", "ask"]] == ids(load_plugins(["module", "handed"]))
    assert [[], ["enrolled", "ask"], ["late"]] == ids(load_plugins(["module", "handed", "late"]))


def test_the_very_same_may_come_from_a_plugin_and_from_a_module(install: Install) -> None:
    """Facts, documents and rules of the plugin on which both build."""
    both = "@hookimpl\ndef eligibility(): return standard.eligibility()\n"
    install("module", WITH_HOOKS.partition("@hookimpl\ndef eligibility")[0] + both)
    install("handed", "declare = Plugin()\ndeclare.use(standard)\n", entry="handed = hokensha_handed:declare")
    first, second = load_plugins(["module", "handed"])
    assert [rule.id for rule in (*SCHEME, *GROUNDS)] == [rule.id for rule in first.rules]
    assert () == second.rules


def test_a_plugin_to_which_nothing_was_handed_over_stops_the_load(install: Install, refused: Refused) -> None:
    """The module may well have another."""
    install("faulty", "empty = Plugin()\n", entry="faulty = hokensha_faulty:empty")
    (finding,) = refused("faulty")
    assert ("hook-unknown", "hands nothing over") == (finding.code, finding.message.partition(";")[0])


def test_a_module_whose_plugin_is_not_named_stops_the_load(install: Install, refused: Refused) -> None:
    """None of its functions is a hook; the finding says what to name."""
    install("faulty", "some(id_='posted')\n")
    (finding,) = refused("faulty")
    assert ("hook-unknown", "implements no hook; name its Plugin") == (
        finding.code,
        finding.message.partition(",")[0],
    )


@pytest.mark.parametrize("form", ["plugin", "module"])
@pytest.mark.parametrize(
    ("twice", "said"),
    [
        ((card_lost, Ground(id="card-lost", label=X, test=always)), "id 'card-lost' is that of another rule"),
        (
            (CARD, flag("my-number-card", "continuation", "x", "x")),
            "feature 'my-number-card' is one of plugin",
        ),
        ((FACTS[0], Fact("id", "text", X)), "fact 'id' is one of plugin"),
        ((NOTICE, Document("eligibility-notice", X)), "document 'eligibility-notice' is one of plugin"),
    ],
    ids=["rule", "feature", "fact", "document"],
)
def test_what_clashes_within_one_plugin_is_found_alike(form: str, twice: tuple[Any, Any], said: str) -> None:
    """In what is handed over, and in what a module's functions return."""
    plugin = Plugin()
    plugin.add(*twice)
    (finding,) = examine(HANDED, plugin if form == "plugin" else module_of(plugin)).findings
    assert "rule-clash" == finding.code
    assert said in finding.message


def module_of(plugin: Plugin) -> ModuleType:
    """A module with functions that return what the plugin's hooks do."""
    module = ModuleType("returning")
    for hook in RESULTS:
        setattr(module, hook, returning(getattr(plugin, hook)()))
    return module


def returning(result: Any) -> Callable[[], Any]:
    """A hook of that result."""

    @hookimpl
    def hook() -> Any:
        return result

    return hook


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return [Ground(id=str(next(self.calls)), label=X, test=always)]", "hook-result"),
        ("return [Ground(id=f'g-{next(self.calls)}', label=X, test=always)]", "hook-not-pure"),
        ("return None", "hook-result"),
        ("raise ValueError('no')", "plugin-broken"),
        ("return [Remedy(id='x', label=X, test=always)]", "hook-result"),
    ],
)
def test_a_class_of_plugins_of_its_own_is_examined_like_any(body: str, code: str) -> None:
    """Its hooks are pure, and return what they have to."""
    names = {**globals()}
    exec(
        "from itertools import count\nclass Mine(Plugin):\n    calls = count()\n"
        f"    @hookimpl\n    def eligibility(self):\n        {body}\n",
        names,
    )
    (finding,) = examine(HANDED, names["Mine"]()).findings
    assert (code, "plugin handed: eligibility") == (finding.code, finding.where.partition("[")[0])
