"""A policy: what one insurer's TOML file says, as attrs classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from hokensha.dates import Figure
from hokensha.facts import Fact
from hokensha.rules import Basis, Yearly
from hokensha.text import Label

_DAY = timedelta(days=1)
Claim = Literal["ex-officio", "application", "unstated", "none"]


@frozen
class Insurer:
    """Who the policy is of.

    Attributes:
        name: The insurer's name in Japanese, as its texts print it (保険者名).
        name_en: The same in English.
        number: The insurer's number (保険者番号), where it is public: 8 digits, or 6 for municipal health
            insurance (国保), such as ``"31130016"``; the last is a check digit.
    """

    name: str
    name_en: str
    number: str | None = None


@frozen
class Source:
    """A text that rules may cite.

    Attributes:
        id: Short and unique in the policy, such as ``"001"`` or ``"law"``.
        title: What the text calls itself (標題).
        publisher: Who published it.
        locators: Each rule of the text that may be cited, and its place there:
            ``004-27 = "Q24 資格確認書の有効期間"``. Nothing else may be cited.
        date: When it was published, or read where it bears no date.
        sha256: Digest of the text as it was read, 64 hexadecimal digits; none for a law.
        url: Where the text can be read.
    """

    id: str
    title: str
    publisher: str
    locators: Mapping[str, str]
    date: date | None = None
    sha256: str | None = None
    url: str | None = None


@frozen
class Terms:
    """What a policy says of one rule of its plugins. Keys that mean nothing for the kind of rule are errors.

    Terms that change on a day are a list of versions, each with its ``since`` and ``through``.

    Attributes:
        cites: The places that say so: locators of the policy's sources, such as ``["004-27"]``.
        cites_grounds: Triggers: whether what is owed also cites the grounds that hold, on whichever of them
            it rests.
        since: First day asked for which the rule is in force; none: always was.
        through: Last such day; none: open.
        claim: Grounds: whether a certificate comes on this ground by itself (``ex-officio``, or
            ``unstated`` where the source does not say), on ``application`` only, or not at all (``none``).
        unusable: Grounds: whether the card then does not work; as the plugin has it, if nothing is said.
        figure: Validity and latency: the figure that answers, by its name.
        purposes: Validity: further purposes of the same document, each with its figure, such as
            ``{ joiner = "three-months" }``; triggers name them in ``purpose``.
        counts_from: Latency: the fact that dates the start, where it is not the plugin's.
        basis: Triggers: whether the insurer acts by itself (``ex-officio``, 職権) or on an ``application``
            (申請); none where the source does not say.
        due_from: Triggers: figure of the first day due; none is due at once.
        due_through: Triggers: figure of the last day by which the source wants it done.
        mass: Triggers: a mass issuance, owed only through ``due_through``.
        yearly: Triggers: the window of every year in which the document is renewed (一斉更新), such as
            ``{ from = "07-01", through = "07-31" }``: owed in it, due on its days, with the term of an issue
            on the day after it.
        as_of: Triggers: figure of the fixed day as of which the rule is asked (抽出の基準日); whether the
            document is due and was given is still seen on the day itself.
        purpose: Triggers: which validity the issued document gets, by the purpose of a validity rule.
        medium: Triggers: what it is printed on, such as ``paper-card``, ``plastic-card`` or ``a4-paper``.
        channel: Triggers: how it reaches the member, such as ``employer``, ``branch`` or ``direct``.
        channel_continuation: The same for voluntary continuation (任意継続), where it differs.
        channel_dependent: The same for dependents (被扶養者), where it differs; continuation goes before.
        form: Triggers: the application form's name, as the insurer prints it.
        form_continuation: The same for voluntary continuation (任意継続), where it differs.
        form_dependent: The same for dependents (被扶養者), where it differs; continuation goes before.
    """

    cites: tuple[str, ...]
    cites_grounds: bool = False
    since: date | None = None
    through: date | None = None
    claim: Claim | None = None
    unusable: bool | None = None
    figure: str | None = None
    purposes: Mapping[str, str] = field(factory=dict)
    counts_from: str | None = None
    basis: Basis | None = None
    due_from: str | None = None
    due_through: str | None = None
    mass: bool = False
    yearly: Yearly | None = None
    as_of: str | None = None
    purpose: str = "standard"
    medium: str | None = None
    channel: str | None = None
    channel_continuation: str | None = None
    channel_dependent: str | None = None
    form: str | None = None
    form_continuation: str | None = None
    form_dependent: str | None = None

    @property
    def channels(self) -> Mapping[str, str]:
        """How it reaches the members of those groups for which that differs."""
        return _stated(continuation=self.channel_continuation, dependent=self.channel_dependent)

    @property
    def forms(self) -> Mapping[str, str]:
        """The forms of the members of those groups for which they differ."""
        return _stated(continuation=self.form_continuation, dependent=self.form_dependent)

    def in_force(self, day: date) -> bool:
        """Whether the rule is in force on the day asked."""
        return (self.since is None or self.since <= day) and (self.through is None or day <= self.through)


def _stated(**by_group: str | None) -> Mapping[str, str]:
    return {group: said for group, said in by_group.items() if said is not None}


@frozen
class Information:
    """Something that a source says and that decides nothing: a telephone number, a colour.

    Attributes:
        text: What it says, in Japanese and in English.
        cites: The places that say so: locators of the policy's sources.
        since: First day on which it holds; none: always did.
        through: Last such day; none: open.
    """

    text: Label
    cites: tuple[str, ...]
    since: date | None = None
    through: date | None = None


@frozen
class ClosingDays:
    """The insurer's own closing days, beside weekends and the bank holidays of Japan.

    Attributes:
        yearly: Days ``MM-DD`` of every year, such as ``["12-29", "12-30"]``.
        dates: Single days, such as ``[2026-05-01]``.
    """

    yearly: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()


Declined: TypeAlias = "Mapping[str, str]"


@frozen
class Policy:
    """One insurer's policy as written; nothing in it has met a plugin yet.

    Attributes:
        path: The file.
        digest: ``sha256:`` and the digest of its bytes.
        insurer: Who the policy is of.
        published: When this version of the policy was published.
        plugins: Names of plugins, in the order in which their rules combine, such as ``["late-elderly"]``.
        sources: The texts that rules and figures cite (出典).
        figures: Every day and term that the sources state, by name; of one that changes over time, a list of
            versions.
        facts: Further facts of this insurer's members, beside the core's and those of its plugins.
        rules: The terms of each rule in force, by its id, as versions that follow each other. Where several
            triggers, returns or presentations hold, their order decides.
        order: The rules that come before the others, whatever their place: of a document by its id, its
            triggers and returns; under ``presentations``, what is shown, best first.
        declined: Rules of the plugins that this insurer does not have, each with the reason.
        not_software: Locators that are no matter for software, each with the reason.
        settings: The policy's choices that its plugins ask for, by name.
        information: What the sources say that decides nothing.
        calendar: The insurer's own closing days.
        tool: What other distributions read, by name: ``[tool.NAME]`` is looked into by its owner alone.
        stated: The keys that each version of a rule's terms says, by its place, whatever it says.
    """

    path: str
    digest: str
    insurer: Insurer
    published: date
    plugins: tuple[str, ...]
    sources: tuple[Source, ...]
    figures: Mapping[str, tuple[Figure, ...]]
    rules: Mapping[str, tuple[Terms, ...]]
    order: Mapping[str, tuple[str, ...]] = field(factory=dict)
    facts: tuple[Fact, ...] = ()
    declined: Declined = field(factory=dict)
    not_software: Mapping[str, str] = field(factory=dict)
    settings: Mapping[str, str | bool] = field(factory=dict)
    information: tuple[Information, ...] = ()
    calendar: ClosingDays = ClosingDays()
    tool: Mapping[str, Any] = field(factory=dict)
    stated: Mapping[str, frozenset[str]] = field(factory=dict)

    def terms(self) -> Iterator[tuple[str, str, Terms]]:
        """Every version of each rule's terms, in order: the rule's id, the place in the file, the terms."""
        first = [rule for rules in self.order.values() for rule in rules if rule in self.rules]
        for rule, versions in {rule: self.rules[rule] for rule in (*first, *self.rules)}.items():
            for index, terms in enumerate(versions):
                yield rule, f"rules.{rule}[{index}]" if len(versions) > 1 else f"rules.{rule}", terms

    def borders(self) -> frozenset[date]:
        """The days on either side of which other terms are in force."""
        periods = [(terms.since, terms.through) for *_, terms in self.terms()]
        first = {since for since, _ in periods if since}
        first |= {through + _DAY for _, through in periods if through and through < date.max}
        return frozenset(first | {day - _DAY for day in first if day > date.min})

    def locators(self) -> frozenset[str]:
        """Everything that may be cited."""
        return frozenset(locator for source in self.sources for locator in source.locators)
