"""A rule that reads another reads the one that the policy has in force: on that day, and under that id.

Declined, out of its period or replaced: whoever reads a rule reads what the policy has made of it, whatever
kind of rule it is, and whichever of the facts are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any, TypeAlias

import pytest

from hokensha.dates import Figure, Modality, On
from hokensha.engine import advice, decide, present
from hokensha.errors import PolicyError
from hokensha.facts import UNKNOWN, Fact, Member
from hokensha.features import Situation, derived, flag
from hokensha.plugins import Provider, combine, examine
from hokensha.policy import Insurer, Policy, Rulebook, Terms, bind
from hokensha.rules import Action, At, Decision, Document, Plugin
from hokensha.text import Label

Test: TypeAlias = Callable[[Any], bool]
X = Label("x", "x")
EXACT = Modality.EXACT
ON = date(2025, 6, 15)
DAY = timedelta(days=1)
SINCE, THROUGH = date(2025, 6, 10), date(2025, 6, 20)
NOTE = Document("note", X, issued_on="note_issued_on")
OTHER = Document("other", X, issued_on="other_issued_on")
FLAGS = {name: flag(name, name, name, name) for name in "abc"}
A, B, C = FLAGS.values()
BASE = Plugin()
BASE.add(
    *(Fact(name, "text" if name == "id" else "boolean", X) for name in ("id", *FLAGS)),
    *(Fact(name, "day", X, nullable=True) for name in ("note_issued_on", "other_issued_on")),
    NOTE,
    OTHER,
)
KINDS: dict[str, dict[str, Any]] = {
    "scheme": {},
    "ground": {"unusable": False},
    "trigger": {"document": OTHER},
    "remedy": {},
    "presents": {"at": (At.UNEQUIPPED,), "shows": (OTHER,)},
    "return_": {"document": OTHER, "action": Action.RETURN},
}
"""Every kind of rule that can be read."""
DATED = [kind for kind in KINDS if kind != "scheme"]
"""Those for which a policy says from when and until when they are in force."""
FACTS = {"id": "m", "a": True, "b": False, "c": False, "note_issued_on": None, "other_issued_on": None}
FIGURES = {
    "scheme-last-day": Figure(EXACT, rule=(On(date(2099, 1, 1)),)),
    **{f"on-{day}": Figure(EXACT, rule=(On(day),)) for day in (SINCE - DAY, SINCE, THROUGH, THROUGH + DAY)},
}
IN_PERIOD = (Terms(("x",), since=SINCE, through=THROUGH),)
BORDERS = [(SINCE - DAY, False), (SINCE, True), (THROUGH, True), (THROUGH + DAY, False)]
"""Both sides of each border of a period; both of its ends count."""


def rule(plugin: Plugin, kind: str, id_: str, test: Test, **further: Any) -> Any:
    """A rule of a kind, handed over."""
    return getattr(plugin, kind)(id_, "x", "x", **{**KINDS[kind], **further})(test)


def reading(of: Any) -> Plugin:
    """A plugin with a ground that holds where a rule is read to hold."""
    plugin = Plugin()
    rule(plugin, "ground", "reader", lambda s: s[of])
    return plugin


def read_rule(kind: str, test: Test = lambda s: s[A], **further: Any) -> tuple[Plugin, Any]:
    """A plugin with a rule to be read, and the rule."""
    plugin = Plugin()
    plugin.use(BASE)
    return plugin, rule(plugin, kind, "read", test, **further)


def replacing(kind: str, old: str, new: str, test: Test) -> Plugin:
    """A plugin with a rule in the place of another."""
    plugin = Plugin()
    rule(plugin, kind, new, test, replaces=old)
    return plugin


def bound(
    plugins: Iterable[Plugin],
    terms: Mapping[str, tuple[Terms, ...]] | None = None,
    declined: Iterable[str] = (),
) -> Rulebook:
    """The policy of plugins; a rule of which nothing is said is in force always."""
    examined = [examine(Provider(f"p{n}"), plugin) for n, plugin in enumerate(plugins)]
    assert [] == [found for each in examined for found in each.findings]
    provided = combine([each.provided for each in examined])
    rules = {}
    for each in (each for part in provided for each in part.rules if each.id not in declined):
        claim = "none" if each.hook == "eligibility" and hasattr(each, "unusable") else None
        said = (terms or {}).get(each.id, (Terms(("x",)),))
        rules[each.id] = tuple(
            Terms(("x",), claim=claim, since=t.since, through=t.through, as_of=t.as_of) for t in said
        )
    policy = Policy(
        "own.toml",
        "sha256:0",
        Insurer("試験組合", "Test Society"),
        date(2025, 1, 1),
        ("p0",),
        (),
        {name: (figure,) for name, figure in FIGURES.items()},
        rules,
        declined=dict.fromkeys(declined, "not said"),
    )
    return bind(policy, provided)


def decided(rulebook: Rulebook, on: date = ON, **facts: Any) -> Decision:
    known = {fact: value for fact, value in {**FACTS, **facts}.items() if value is not UNKNOWN}
    return decide(rulebook, Member("m", known), on)


def holds(rulebook: Rulebook, on: date = ON, **facts: Any) -> bool:
    """Whether the rule is read to hold."""
    decision = decided(rulebook, on, **facts)
    assert () == decision.missing
    return "reader" in [ground.id for ground in decision.grounds]


# --- as it is, declined, out of its period


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_in_force_is_read_as_it_is(kind):
    plugin, read = read_rule(kind)
    rulebook = bound([plugin, reading(read)])
    assert [True, False] == [holds(rulebook, a=a) for a in (True, False)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_declined_rule_reads_no(kind):
    plugin, read = read_rule(kind)
    rulebook = bound([plugin, reading(read)], declined=["read"])
    assert [False, False] == [holds(rulebook, a=a) for a in (True, False)]


@pytest.mark.parametrize("kind", KINDS)
def test_who_reads_that_a_declined_rule_does_not_hold_reads_yes(kind):
    plugin, read = read_rule(kind)
    other = Plugin()
    rule(other, "ground", "reader", lambda s: not s[read])
    assert [True, True] == [holds(bound([plugin, other], declined=["read"]), a=a) for a in (True, False)]


@pytest.mark.parametrize("kind", DATED)
@pytest.mark.parametrize(("on", "inside"), BORDERS)
def test_a_rule_reads_no_out_of_its_period(kind, on, inside):
    plugin, read = read_rule(kind)
    rulebook = bound([plugin, reading(read)], {"read": IN_PERIOD})
    assert [inside, False] == [holds(rulebook, on, a=a) for a in (True, False)]


@pytest.mark.parametrize("kind", DATED)
@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms((), since=SINCE), [False, True, True, True]),
        (Terms((), through=THROUGH), [True, True, True, False]),
    ],
    ids=["since", "through"],
)
def test_a_period_may_be_open_at_one_end(kind, terms, expected):
    plugin, read = read_rule(kind)
    rulebook = bound([plugin, reading(read)], {"read": (terms,)})
    assert expected == [holds(rulebook, on) for on, _ in BORDERS]


@pytest.mark.parametrize("kind", DATED)
def test_between_two_versions_of_its_terms_a_rule_reads_no(kind):
    """Within either it reads as it is."""
    plugin, read = read_rule(kind)
    versions = (Terms((), through=SINCE - DAY), Terms((), since=THROUGH + DAY))
    rulebook = bound([plugin, reading(read)], {"read": versions})
    assert [not inside for _, inside in BORDERS] == [holds(rulebook, on) for on, _ in BORDERS]
    assert not any(holds(rulebook, on, a=False) for on, _ in BORDERS)


@pytest.mark.parametrize("kind", DATED)
@pytest.mark.parametrize(("as_of", "inside"), BORDERS)
@pytest.mark.parametrize("on", [SINCE - 100 * DAY, ON, THROUGH + 100 * DAY])
def test_as_of_another_day_the_period_counts_on_that_day(kind, on, as_of, inside):
    """Whatever day is asked."""
    plugin, read = read_rule(kind)
    other = Plugin()
    rule(other, "ground", "reader", lambda s: s.at(f"on-{as_of}")[read])
    rulebook = bound([plugin, other], {"read": IN_PERIOD})
    assert [inside, False] == [holds(rulebook, on, a=a) for a in (True, False)]


@pytest.mark.parametrize(("as_of", "inside"), BORDERS)
def test_a_trigger_that_is_asked_as_of_a_day_reads_the_rule_in_force_then(as_of, inside):
    """The policy gives that day, not the rule."""
    plugin, read = read_rule("ground")
    rule(plugin, "trigger", "due", lambda s: s[read], document=NOTE)
    terms = {"read": IN_PERIOD, "due": (Terms((), as_of=f"on-{as_of}"),)}
    rulebook = bound([plugin], terms)
    for on in (SINCE - 100 * DAY, ON, THROUGH + 100 * DAY):
        assert inside is bool(decided(rulebook, on).issuances)


# --- replaced


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("new", ["read", "other"], ids=["same-id", "other-id"])
def test_who_reads_a_replaced_rule_reads_the_one_in_its_place(kind, new):
    plugin, read = read_rule(kind)
    rulebook = bound([plugin, reading(read), replacing(kind, "read", new, lambda s: s[B])])
    for a, b in product([True, False], repeat=2):
        assert b is holds(rulebook, a=a, b=b)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("first", "second"), [("read", "read"), ("read", "other"), ("other", "other"), ("other", "last")]
)
def test_of_a_rule_replaced_twice_the_last_is_read(kind, first, second):
    """Under whichever ids."""
    plugin, read = read_rule(kind)
    plugins = [plugin, reading(read)]
    plugins += [
        replacing(kind, "read", first, lambda s: s[B]),
        replacing(kind, first, second, lambda s: s[C]),
    ]
    rulebook = bound(plugins)
    for a, b, c in product([True, False], repeat=3):
        assert c is holds(rulebook, a=a, b=b, c=c)


def test_the_one_in_the_middle_is_read_as_the_last_as_well():
    plugin, _ = read_rule("ground")
    middle = replacing("ground", "read", "other", lambda s: s[B])
    (other,) = middle.eligibility()
    rulebook = bound([plugin, middle, reading(other), replacing("ground", "other", "last", lambda s: s[C])])
    assert [False, True] == [holds(rulebook, b=not c, c=c) for c in (False, True)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("new", ["read", "other"], ids=["same-id", "other-id"])
def test_a_replaced_rule_reads_no_where_its_replacement_is_declined(kind, new):
    plugin, read = read_rule(kind)
    plugins = [plugin, reading(read), replacing(kind, "read", new, lambda _: True)]
    assert not holds(bound(plugins, declined=[new]))


@pytest.mark.parametrize("kind", DATED)
@pytest.mark.parametrize("new", ["read", "other"], ids=["same-id", "other-id"])
def test_a_replaced_rule_is_read_in_the_period_of_its_replacement(kind, new):
    plugin, read = read_rule(kind)
    plugins = [plugin, reading(read), replacing(kind, "read", new, lambda s: s[B])]
    rulebook = bound(plugins, {new: IN_PERIOD})
    assert [inside for _, inside in BORDERS] == [holds(rulebook, on, a=False, b=True) for on, _ in BORDERS]


@pytest.mark.parametrize("new", ["read", "other"], ids=["same-id", "other-id"])
def test_a_rule_may_build_on_the_one_that_it_replaces(new):
    """``holds`` is that very rule, whatever the policy has made of it."""
    plugin, read = read_rule("ground")
    narrower = replacing("ground", "read", new, lambda s: s[read.holds] and s[B])
    rulebook = bound([plugin, reading(read), narrower])
    for a, b in product([True, False], repeat=2):
        assert (a and b) is holds(rulebook, a=a, b=b)


def test_a_rule_that_reads_itself_is_told():
    """To read the rule that it replaces is that as well: the one in force is itself."""
    plugin, read = read_rule("ground")
    rulebook = bound([plugin, replacing("ground", "read", "read", lambda s: s[read] and s[B])])
    with pytest.raises(PolicyError, match="in a circle: read -> read"):
        decided(rulebook)


# --- whoever reads


READERS: dict[str, dict[str, Any]] = {
    "ground": {},
    "return_": {"document": NOTE},
    "trigger": {"document": NOTE},
    "presents": {"at": (At.EQUIPPED,), "shows": (NOTE,)},
    "remedy": {},
}


def says(rulebook: Rulebook, on: date = ON) -> dict[str, bool]:
    """Whether each kind of rule that reads another says yes."""
    held = decided(rulebook, on, note_issued_on=ON - 300 * DAY)
    decision, member = decided(rulebook, on), Member("m", FACTS)
    return {
        "ground": "reader" in [ground.id for ground in decision.grounds],
        "return_": NOTE in [due.document for due in held.returns],
        "trigger": NOTE in [issuance.document for issuance in decision.issuances],
        "presents": bool(present(rulebook, member, on, At.EQUIPPED).accepted),
        "remedy": "reader" in [bound.rule.id for bound in advice(rulebook, member, on).remedies],
    }


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_rule_reads_the_one_in_force(kind, reader):
    """Not one that is declined, nor one that is replaced."""
    plugin, read = read_rule(kind)
    rule(plugin, reader, "reader", lambda s: s[read], **READERS[reader])
    expected = dict.fromkeys(READERS, False)
    assert {**expected, reader: True} == says(bound([plugin]))
    assert expected == says(bound([plugin], declined=["read"]))
    assert expected == says(bound([plugin, replacing(kind, "read", "other", lambda s: s[B])]))
    if kind in DATED:
        rulebook = bound([plugin], {"read": IN_PERIOD})
        for on, inside in BORDERS:
            assert {**expected, reader: inside} == says(rulebook, on)


def test_a_scheme_may_hang_on_another_rule():
    """Who is in the scheme follows the policy then."""
    plugin, read = read_rule("ground")
    rule(plugin, "scheme", "in-it", lambda s: not s[read])
    rule(plugin, "trigger", "due", lambda _: True)
    assert () == decided(bound([plugin])).issuances
    assert decided(bound([plugin], declined=["read"])).issuances
    rulebook = bound([plugin], {"read": IN_PERIOD})
    assert [inside for _, inside in BORDERS] == [not decided(rulebook, on).issuances for on, _ in BORDERS]


def test_features_read_rules_in_force_as_well():
    plugin, read = read_rule("trigger")

    @derived("both", "x", "x")
    def both(s: Situation) -> bool:
        return s[read] and not s[B]

    rule(plugin, "ground", "reader", lambda s: s[both])
    assert holds(bound([plugin]))
    assert not holds(bound([plugin], declined=["read"]))
    rulebook = bound([plugin], {"read": IN_PERIOD})
    assert [inside for _, inside in BORDERS] == [holds(rulebook, on) for on, _ in BORDERS]


def test_a_rule_is_read_through_others():
    """Each in force on its own days."""
    plugin, read = read_rule("return_")
    middle = rule(plugin, "remedy", "middle", lambda s: s[read])
    rule(plugin, "ground", "reader", lambda s: s[middle])
    assert holds(bound([plugin]))
    assert not holds(bound([plugin], declined=["middle"]))
    assert not holds(bound([plugin], declined=["read"]))
    later = (Terms((), since=THROUGH),)
    rulebook = bound([plugin], {"read": IN_PERIOD, "middle": later})
    assert [False, False, True, False] == [holds(rulebook, on) for on, _ in BORDERS]


# --- where facts are not known


def missing(rulebook: Rulebook, on: date = ON, **facts: Any) -> list[str]:
    return [*decided(rulebook, on, **facts).missing]


NONE: dict[str, Any] = dict.fromkeys("abc", UNKNOWN)


@pytest.mark.parametrize("kind", ["ground", "trigger", "remedy", "presents", "return_"])
def test_only_what_the_rule_in_force_reads_is_missing(kind):
    """Declined or out of its period it reads nothing; replaced, another fact."""
    plugin, read = read_rule(kind)
    plugins = [plugin, reading(read)]
    for on, inside in BORDERS:
        assert ["a"] * inside == missing(bound(plugins, {"read": IN_PERIOD}), on, **NONE)
    assert ["a"] == missing(bound(plugins), **NONE)
    assert [] == missing(bound(plugins, declined=["read"]), **NONE)
    for new in ("read", "other"):
        further = replacing(kind, "read", new, lambda s: s[B])
        assert ["b"] == missing(bound([*plugins, further]), **NONE)
        last = replacing(kind, new, "last", lambda s: s[C])
        assert ["c"] == missing(bound([*plugins, further, last]), **NONE)
        assert [] == missing(bound([*plugins, further], declined=[new]), **NONE)


@pytest.mark.parametrize(("as_of", "inside"), BORDERS)
def test_as_of_another_day_a_fact_is_missing_if_the_rule_was_in_force_then(as_of, inside):
    plugin, read = read_rule("ground")
    other = Plugin()
    rule(other, "trigger", "due", lambda s: s.at(f"on-{as_of}")[read])
    rulebook = bound([plugin, other], {"read": IN_PERIOD})
    assert ["a"] * inside == missing(rulebook, THROUGH + 100 * DAY, **NONE)


@pytest.mark.parametrize("kind", KINDS)
def test_with_facts_unknown_the_answer_is_what_every_completion_shares(kind):
    """For whatever the policy has made of the rule, on both sides of each border."""
    plugin, read = read_rule(kind)
    other = Plugin()
    rule(other, "ground", "reader", lambda s: s[read] or s[C])
    rule(other, "ground", "denies", lambda s: not s[read])
    new = replacing(kind, "read", "other", lambda s: s[A] and s[B])
    dated = {} if kind == "scheme" else {"read": IN_PERIOD, "other": IN_PERIOD}
    books = [bound([plugin, other]), bound([plugin, other, new]), bound([plugin, other], declined=["read"])]
    books += [bound([plugin, other], dated), bound([plugin, other, new], dated)]
    for rulebook, (on, _) in product(books, BORDERS):
        for known in product([True, False, UNKNOWN], repeat=3):
            facts = dict(zip("abc", known, strict=True))
            open_ = [fact for fact, value in facts.items() if value is UNKNOWN]
            every = [
                decided(rulebook, on, **{**facts, **dict(zip(open_, each, strict=True))})
                for each in product([True, False], repeat=len(open_))
            ]
            found = decided(rulebook, on, **facts)
            assert bool(found.missing) is (len(set(every)) > 1)
            shared = set.intersection(*({ground.id for ground in each.grounds} for each in every))
            assert shared == {ground.id for ground in found.grounds}


def test_a_situation_met_before_is_answered_alike():
    """Rules that are read are told apart by day, also where answers are remembered."""
    plugin, read = read_rule("ground")
    rulebook = bound([plugin, reading(read)], {"read": IN_PERIOD})
    for _ in range(12):
        assert [inside for _, inside in BORDERS] == [holds(rulebook, on) for on, _ in BORDERS]
        assert not any(holds(rulebook, on, a=False) for on, _ in BORDERS)


# --- rules that read each other


def in_a_circle(read: Callable[[Situation, Any], bool]) -> Rulebook:
    """Three rules each of which reads the next, unless a flag says that it holds anyway."""
    plugin, rules = Plugin(), {}
    plugin.use(BASE)
    for name, other in (("one", "two"), ("two", "three"), ("three", "one")):
        test: Test = lambda s, other=other: s[A] or read(s, rules[other])  # noqa: E731
        rules[name] = plugin.ground(name, "x", "x", unusable=False)(lambda s, test=test: test(s))
    return bound([plugin])


@pytest.mark.parametrize(
    "read",
    [lambda s, other: s[other], lambda s, other: s.at(f"on-{SINCE}")[other]],
    ids=["now", "as of a day"],
)
@pytest.mark.parametrize("unknown", [{}, {"b": UNKNOWN}, {"a": UNKNOWN}])
def test_a_circle_is_told_by_its_chain(read, unknown):
    """Not as an error that each of them raised, nor as a rule that nothing is known of."""
    rulebook = in_a_circle(read)
    with pytest.raises(PolicyError) as error:
        decided(rulebook, **{"a": False, **unknown})
    (found,) = error.value.findings
    assert "rule-circle" == found.code
    names = found.message.rpartition(": ")[2].split(" -> ")
    assert (4, {"one", "two", "three"}) == (len(names), {*names})
    assert names[0] == names[-1]


def test_who_reads_on_after_a_circle_was_met_is_no_circle():
    """What is read a second time, one rule after the other, has not come back to itself."""
    plugin, read = read_rule("ground")
    again = rule(plugin, "ground", "again", lambda s: s[read] and s.at(f"on-{SINCE}")[read])
    rule(plugin, "ground", "twice", lambda s: s[read] and s[again] and s.at(f"on-{SINCE}")[again])
    assert ["read", "again", "twice"] == [each.id for each in decided(bound([plugin])).grounds]
