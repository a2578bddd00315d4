"""What tests share: distributions made up for one test, and a small rulebook that needs none."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from warehouse import WAREHOUSE

import hokensha_standard as standard
from hokensha import Plugin
from hokensha.dates import Birthday, Days, EndOfMonth, Figure, FirstOfMonth, Modality, Months, Next, On, Years
from hokensha.engine import decided
from hokensha.errors import Finding, PluginError
from hokensha.facts import Member
from hokensha.features import Situation, derived
from hokensha.plugins import Provided, Provider, load_plugins
from hokensha.policy import Insurer, Policy, Rulebook, Terms, bind
from hokensha.rules import Action, At, Basis, Document, Features
from hokensha_standard import (
    ATTESTATION,
    CERTIFICATE,
    HEALTH_INSURANCE_CARD,
    MY_NUMBER_CARD,
    MY_NUMBER_INSURANCE_CARD,
    NOTICE,
    PORTAL_SCREEN,
)

declare = Plugin()

HEADER = """
from hokensha.facts import Fact
from hokensha.features import *
from hokensha.rules import *
from hokensha.text import Label
from hokensha_standard import CERTIFICATE, NOTICE, standard

declare = Plugin()

def some(kind="ground", id_="card-lost", ja="紛失", en="lost", test=lambda s: True, **fields):
    return getattr(declare, kind)(id_, ja, en, **fields)(test)

LOST = some()
TRIGGER = {"kind": "trigger", "id_": "certificate-due", "document": CERTIFICATE}
WORDS = Label("休職", "leave")
"""
"""What made-up plugins begin with; facts and documents they hand over themselves: ``standard.features()``."""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Provider]]:
    """Install a plugin: a module and the metadata of its distribution, in a folder of the path."""
    before = set(sys.modules)

    def write(
        name: str,
        code: str,
        *,
        distribution: str = "",
        folder: str = "site",
        entry: str = "",
        version: str = "1.2",
    ) -> Provider:
        distribution = distribution or f"hokensha-{name}"
        module = distribution.replace("-", "_")
        site = tmp_path / folder
        info = site / f"{module}-{version}.dist-info"
        info.mkdir(parents=True)
        (site / f"{module}.py").write_text(HEADER + code, encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[hokensha]\n{entry or f'{name} = {module}'}\n")
        if str(site) not in sys.path:
            monkeypatch.syspath_prepend(str(site))
        importlib.invalidate_caches()
        return Provider(name, distribution, version)

    yield write
    for module in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[module], "__file__", "")):
            del sys.modules[module]


@pytest.fixture
def refused() -> Callable[..., list[Finding]]:
    """What is wrong with the plugins of these names: loading them has to fail."""

    def findings(*names: str) -> list[Finding]:
        with pytest.raises(PluginError) as caught:
            load_plugins(names)
        return list(caught.value.findings)

    return findings


@pytest.fixture
def fault(
    install: Callable[..., Provider], refused: Callable[..., list[Finding]]
) -> Callable[[str], Finding]:
    """The one thing that is wrong with a plugin of this code; every finding names the plugin's version."""

    def finding(code: str) -> Finding:
        install("faulty", code)
        (only,) = refused("faulty")
        assert only.where.startswith("plugin faulty (hokensha-faulty 1.2)")
        return only

    return finding


EXACT = Modality.EXACT
FIGURES = {
    "eve-of-loss": Figure(EXACT, ("loss",), of="left_on", rule=(Days(-1),)),
    "eve-of-75": Figure(EXACT, ("age",), of="birth_date", rule=(Birthday(75), Days(-1))),
    "scheme-last-day": Figure(EXACT, earliest=("eve-of-loss", "eve-of-75")),
    "deregistration-effective": Figure(EXACT, of="deregistration_registered_on", rule=(EndOfMonth(1),)),
    "electronic-certificate-last-day": Figure(
        EXACT, ("grace",), of="electronic_certificate_expires_on", rule=(EndOfMonth(3),)
    ),
    "my-number-card-last-day": Figure(EXACT, ("term",), of="my_number_card_expires_on"),
    "eve-of-departure": Figure(
        EXACT, ("abroad",), of="departs_japan_on", when={"overseas_card": False}, rule=(Days(-1),)
    ),
    "my-number-insurance-card-last-day": Figure(
        EXACT,
        earliest=("electronic-certificate-last-day", "my-number-card-last-day", "eve-of-departure"),
    ),
    "last-usable-month": Figure(EXACT, of="electronic_certificate_expires_on", rule=(FirstOfMonth(3),)),
    "printed-end": Figure(EXACT, of="health_insurance_card_valid_until"),
    "end-of-old-cards": Figure(EXACT, ("end",), rule=(On(date(2025, 12, 1)),)),
    "health-insurance-card-last-day": Figure(EXACT, earliest=("printed-end", "end-of-old-cards")),
    "certificate-end": Figure(EXACT, of="eligibility_certificate_valid_until", cites=("printed",)),
    "four-years": Figure(EXACT, ("term",), rule=(Years(4), Next("12-01"))),
    "not-said": Figure(Modality.NOT_STATED, ("silent",)),
    "mass-as-of": Figure(EXACT, rule=(On(date(2025, 7, 31)),)),
    "mass-from": Figure(EXACT, rule=(On(date(2025, 10, 1)),)),
    "mass-through": Figure(EXACT, rule=(On(date(2025, 11, 30)),)),
    "ten-days": Figure(Modality.ABOUT, ("ten",), rule=(Days(10),)),
    "one-to-two-months": Figure(Modality.BETWEEN, ("months",), rule=(Months(1),), latest_rule=(Months(2),)),
}
CITES = ("source",)
OF_CERTIFICATE = {"document": CERTIFICATE}


@declare.trigger("on-ground", "事由", "on a ground", **OF_CERTIFICATE)
def on_ground(s):
    return s[standard.AUTOMATIC_GROUND] and not s[standard.HEALTH_INSURANCE_CARD.valid]


@declare.trigger("on-request", "申請", "request", met_since="certificate_requested_on", **OF_CERTIFICATE)
def on_request(s):
    return s[standard.REQUESTED] and s[standard.ANY_GROUND]


@declare.trigger("on-reissue", "再交付", "reissue", met_since="reissue_requested_on", **OF_CERTIFICATE)
def on_reissue(s):
    return s[standard.REISSUE_REQUESTED] and s[standard.CERTIFICATE.given]


@declare.trigger(
    "before-loss", "失効前", "loss", met_after="electronic-certificate-last-day", **OF_CERTIFICATE
)
def before_loss(s):
    return s[standard.HAS_REGISTERED_CARD] and s[standard.REGISTERED]


@declare.trigger("mass", "一斉交付", "mass issuance", **OF_CERTIFICATE)
def mass(s):
    return not s.at("mass-as-of")[standard.REGISTERED]


@declare.trigger(
    "notice",
    "お知らせ",
    "notice",
    document=NOTICE,
    met_since="registered_on",
)
def notice(s):
    return s[standard.REGISTERED]


@declare.return_("certificate-back", "返却", "back", document=CERTIFICATE, action=Action.RETURN)
def certificate_back(s):
    return s[standard.LEFT]


@declare.return_(
    "old-card-back",
    "返却",
    "back",
    document=HEALTH_INSURANCE_CARD,
    action=Action.RETURN,
)
def old_card_back(s):
    return s[standard.LEFT]


@declare.return_(
    "old-card-away",
    "廃棄",
    "away",
    document=HEALTH_INSURANCE_CARD,
    action=Action.DESTROY,
)
def old_card_away(s):
    return not s[standard.HEALTH_INSURANCE_CARD.valid]


def _presents(id_: str, at: At, *shows: Document, uncertain: bool = False) -> Callable[..., Any]:
    return declare.presents(id_, "提示", id_, at=(at,), shows=shows, uncertain=uncertain)


@_presents("card-read", At.EQUIPPED, MY_NUMBER_INSURANCE_CARD)
def card_read(s):
    return s[standard.CARD_WORKS]


@_presents("certificate-shown", At.EQUIPPED, CERTIFICATE)
def certificate_shown(s):
    return s[standard.CERTIFICATE.valid]


@_presents("card-and-notice", At.READER_FAILED, MY_NUMBER_CARD, NOTICE)
def card_and_notice(s):
    return s[standard.HAS_CARD] and s[standard.NOTICE.given]


@_presents("card-and-all", At.READER_FAILED, MY_NUMBER_CARD, NOTICE, PORTAL_SCREEN)
def card_and_all(s):
    return s[standard.HAS_CARD] and s[standard.NOTICE.given] and not s[standard.DISCLOSURE]


@_presents("attestation", At.READER_FAILED, ATTESTATION, uncertain=True)
def attestation(s):
    return s[standard.REGISTERED]


EX_OFFICIO = Terms(CITES, basis=Basis.EX_OFFICIO)
TRIGGERS = {
    on_ground: EX_OFFICIO,
    on_request: Terms(
        ("request",), basis=Basis.APPLICATION, form="申請書", form_dependent="被扶養者申請書", medium="paper"
    ),
    on_reissue: Terms(("reissue",), basis=Basis.APPLICATION, purpose="short-term"),
    before_loss: Terms(
        ("before",),
        basis=Basis.EX_OFFICIO,
        due_from="last-usable-month",
        due_through="my-number-insurance-card-last-day",
    ),
    mass: Terms(
        ("mass",), basis=Basis.EX_OFFICIO, mass=True, due_from="mass-from", due_through="mass-through"
    ),
    notice: Terms(("notice",), channel="employer", channel_continuation="direct"),
}
CLAIMS = {
    "no-card": "ex-officio",
    "card-lost": "unstated",
    "card-returned": "application",
    "not-registered": "ex-officio",
    "deregistered": "ex-officio",
    "electronic-certificate-expired": "ex-officio",
}
OTHERS = {
    **{rule: Terms(("law",)) for rule in standard.SCHEME},
    **{
        ground: Terms(("ground",), claim=CLAIMS.get(ground.id, "none"))
        for ground in standard.GROUNDS
        if ground is not standard.registration_failed
    },
    **{rule: Terms(("back",)) for rule in (certificate_back, old_card_back, old_card_away)},
    **{
        rule: Terms((rule.id,))
        for rule in (card_read, certificate_shown, card_and_notice, card_and_all, attestation)
    },
    declare.validity("standard", "標準", "standard", **OF_CERTIFICATE): Terms(("term",), figure="four-years"),
    declare.validity("short", "短期", "short", purpose="short-term", **OF_CERTIFICATE): Terms(
        ("silent",), figure="not-said"
    ),
    declare.validity("held", "所持", "held", purpose="held", **OF_CERTIFICATE): Terms(
        CITES, figure="certificate-end"
    ),
    declare.validity("held-old", "所持", "held", document=HEALTH_INSURANCE_CARD, purpose="held"): Terms(
        CITES, figure="health-insurance-card-last-day"
    ),
    declare.latency(
        "registration",
        "登録",
        "registration",
        process="registration",
        counts_from="registered_on",
    ): Terms(("ten",), figure="ten-days"),
    declare.latency("deregistration", "解除", "deregistration", process="deregistration"): Terms(
        ("months",), figure="one-to-two-months"
    ),
}


@derived("no-state-of-the-card-matters", "カードの状態を問わない", "no state of the card matters")
def _NO_MATTER(s: Situation) -> bool:  # noqa: N802  # a feature is a constant
    return True


def by_grounds_alone() -> list[Features]:
    """``standard``'s facts, features and documents; but the card works unless a ground of the policy stands.

    So the tests of whom a policy forgets say with its grounds whose card fails.
    """
    card = evolve(MY_NUMBER_INSURANCE_CARD, shown=_NO_MATTER)
    return [
        evolve(each, documents=tuple(card if known.relied_on else known for known in each.documents))
        for each in standard.standard.features()
    ]


def rulebook_of(
    rules: Mapping[Any, Terms],
    figures: Mapping[str, Any],
    *parts: Features,
    shared: Sequence[Features] | None = None,
    **fields: Any,
) -> Rulebook:
    """A rulebook in memory, published on New Year's Day of 2025: these rules and figures, and no others.

    What may be known of members, and what is issued, is ``standard``'s (or ``shared``), with what ``parts``
    add.
    """
    policy = Policy(
        "small.toml",
        "sha256:0",
        Insurer("小さな組合", "Small Society"),
        date(2025, 1, 1),
        ("small",),
        (),
        {name: (figure,) if isinstance(figure, Figure) else figure for name, figure in figures.items()},
        {rule.id: (terms,) for rule, terms in rules.items() if rule.id not in fields.get("declined", ())},
    )
    known = standard.standard.features() if shared is None else shared
    provided = Provided(Provider("small", "hokensha-small", "1.0"), (*known, *parts), tuple(rules))
    return bind(evolve(policy, **fields), [provided])


def small_rulebook(
    triggers: Mapping[Any, Terms] = TRIGGERS, figures: Mapping[str, Figure] = FIGURES, **changed: Any
) -> Rulebook:
    """A rulebook in memory: these triggers and figures beside what every test needs."""
    return rulebook_of({**changed.get("others", OTHERS), **triggers}, figures)


ORDINARY = {
    "id": "m1",
    "birth_date": date(1980, 5, 5),
    "relation": "insured",
    "continuation": False,
    "enrolled_on": date(2010, 4, 1),
    "left_on": None,
    "registered_on": date(2021, 3, 1),
    "my_number_card": "held",
    "my_number_card_expires_on": date(2031, 5, 5),
    "electronic_certificate_expires_on": date(2028, 5, 5),
    "insurance_use": "registered",
    "deregistration_received_on": None,
    "deregistration_registered_on": None,
    "disclosure_restricted": False,
    "departs_japan_on": None,
    "overseas_card": False,
    "health_insurance_card_valid_until": date(2026, 3, 31),
    "health_insurance_card_returned_on": None,
    "eligibility_certificate_issued_on": None,
    "eligibility_certificate_valid_until": None,
    "eligibility_certificate_returned_on": None,
    "eligibility_notice_issued_on": date(2024, 10, 15),
    "certificate_requested_on": None,
    "reissue_requested_on": None,
}
"""All facts that the small rulebook reads, of a member who is owed nothing in 2025."""


@frozen
class Small:
    """A rulebook, and an ordinary member to change."""

    rulebook: Rulebook
    facts: Mapping[str, Any]

    def member(self, without: tuple[str, ...] = (), **changes: Any) -> Member:
        facts = {**self.facts, **changes}
        return Member("m1", {fact: value for fact, value in facts.items() if fact not in without})

    def decide(self, on: date, without: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
        """The decision's JSON in English."""
        return decided(self.rulebook, self.member(without, **changes), on).to_json("en")

    def issued(self, on: date, **changes: Any) -> list[str]:
        """The triggers whose documents are owed."""
        return [issuance["trigger"] for issuance in self.decide(on, **changes)["issuances"]]


@pytest.fixture(scope="session")
def small() -> Small:
    """The small rulebook as it is."""
    return Small(small_rulebook(), ORDINARY)


@pytest.fixture(scope="session")
def small_with() -> Callable[..., Small]:
    """The small rulebook with other triggers, or with further figures."""

    def make(
        triggers: Mapping[Any, Terms] = TRIGGERS,
        figures: Mapping[str, Any] | None = None,
        others: Mapping[Any, Terms] | None = None,
    ) -> Small:
        rulebook = small_rulebook(
            triggers, {**FIGURES, **(figures or {})}, others={**OTHERS, **(others or {})}
        )
        return Small(rulebook, ORDINARY)

    return make


@pytest.fixture(scope="session", name="rulebook_of")
def _rulebook_of() -> Callable[..., Rulebook]:
    """A rulebook of rules and figures that a test brings along."""
    return rulebook_of


@pytest.fixture(autouse=True, scope="session")
def _everything_imported() -> None:
    """Hypothesis draws constants from imported modules: a lazy import must not change its draws."""
    names = (name for _, name, is_package in pkgutil.iter_modules() if is_package)
    for name in (name for name in names if name.partition("_")[0] == "hokensha"):
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., str]:
    """The policy of the health society with pieces of its text replaced."""
    pytest.importorskip("hokensha_health_society")

    def write(*pieces: tuple[str, str]) -> str:
        text = WAREHOUSE.read_text(encoding="utf-8")
        for old, new in pieces:
            assert old in text, f"the policy has no {old!r}"
            text = text.replace(old, new, 1)
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write
