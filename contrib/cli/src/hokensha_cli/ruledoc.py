"""All that a policy says, in one document: rules as tables, features, figures, sources, information."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from attrs import define, field

from hokensha.features import Feature, Value
from hokensha.partial import Raised
from hokensha.policy import Bound, Information, Rulebook
from hokensha.rules import Exclusion, Latency, Presentation, Return, Tested, Trigger, Validity
from hokensha.text import Language
from hokensha_cli import words
from hokensha_cli.figurewords import figure_words
from hokensha_cli.tables import Asked, Table, made_of_others, table

SCHEMA = "hokensha/rules/1"
_CODES = {
    "claim": words.VALUES,
    "medium": words.MEDIA,
    "channel": words.CHANNELS,
    "channel_continuation": words.CHANNELS,
    "channel_dependent": words.CHANNELS,
}
_WORDS = (
    *("claim", "medium", "channel", "channel_continuation", "channel_dependent"),
    *("form", "form_continuation", "form_dependent"),
)
"""Terms that are told as they stand, or by the words for their codes."""


@define
class _Builder:
    rulebook: Rulebook
    on: date | None
    lang: Language
    figures: dict[str, None] = field(factory=dict)
    tables: list[Table] = field(factory=list)

    def rules(self) -> list[dict[str, Any]]:
        """Every rule in force (on the day, if one is given)."""
        return [
            self._rule(bound)
            for bound in self.rulebook.bound
            if self.on is None or bound.terms.in_force(self.on)
        ]

    def _rule(self, bound: Bound[Any]) -> dict[str, Any]:
        rule, terms = bound.rule, bound.terms
        shown = table(rule.test) if isinstance(rule, Tested) else None
        if shown:
            self.tables.append(shown)
        return {
            "id": rule.id,
            "kind": type(rule).__name__.lower(),
            "hook": rule.hook,
            "plugin": bound.provider.name,
            "label": rule.label.text(self.lang),
            "since": _iso(terms.since),
            "through": _iso(terms.through),
            "cites": list(terms.cites),
            "says": dict(self._says(bound)),
            "table": self._table(shown) if shown else None,
        }

    def _says(self, bound: Bound[Any]) -> Iterator[tuple[str, str]]:
        """What else the rule and its terms say, in words."""
        rule, terms, lang = bound.rule, bound.terms, self.lang
        if isinstance(rule, Validity | Trigger | Exclusion | Return):
            yield "document", rule.document.label.text(lang)
        if isinstance(rule, Validity):
            yield "purpose", rule.purpose
        if isinstance(rule, Return):
            yield "action", words.ACTIONS[rule.action].text(lang)
        if isinstance(rule, Latency):
            yield "process", rule.process
            yield "counts_from", rule.counts_from or words.NOT_STATED.text(lang)
        if isinstance(rule, Presentation):
            yield "at", ", ".join(words.AT_PLACES[each].text(lang) for each in rule.at)
            yield "shows", " + ".join(each.label.text(lang) for each in rule.shows)
            yield "uncertain", words.TRUE_FALSE[rule.uncertain].text(lang)
        if isinstance(rule, Trigger):
            basis = words.BASIS[terms.basis] if terms.basis else words.NOT_STATED
            yield "basis", basis.text(lang)
            yearly = terms.yearly or rule.yearly
            met = words.MET_SINCE if rule.met_since else words.MET_AFTER if rule.met_after else words.MET
            yield "met", (words.MET_YEARLY if yearly else met).text(lang)
            if yearly:
                yield "yearly", f"{yearly.first} - {yearly.through}"
            yield "mass", words.TRUE_FALSE[terms.mass].text(lang)
            yield "purpose", terms.purpose
        yield from self._named_figures(rule, terms)
        for key in _WORDS:
            value = getattr(terms, key)
            if value is not None:
                yield key, _CODES[key][value].text(lang) if value in _CODES.get(key, {}) else str(value)

    def _named_figures(self, rule: Any, terms: Any) -> Iterator[tuple[str, str]]:
        named = [(key, getattr(terms, key)) for key in ("figure", "due_from", "due_through", "as_of")]
        if isinstance(rule, Trigger):
            named += [("event", rule.met_since), ("loss", rule.met_after)]
        for key, name in named:
            if name is not None:
                yield key, f"{name}: {self.figure(name)}"

    def figure(self, name: str) -> str:
        """A figure in words; noted, so that it is listed with its sources."""
        catalogue, known = self.rulebook.catalogue, self.rulebook.figures
        if name in self.rulebook.policy.figures:
            self.figures.setdefault(name)
        elif name in catalogue or name not in known:
            return catalogue[name].label.text(self.lang) if name in catalogue else name
        for version in known[name]:
            for part in (*version.earliest, *version.bands()):
                self.figure(part)
        return " / ".join(figure_words(version, catalogue, self.lang) for version in known[name])

    def features(self) -> list[dict[str, Any]]:
        """Every feature that a table names, with its own table or with what it is compared with."""
        made = made_of_others(self.rulebook.vocabulary, self.tables)
        named = dict.fromkeys(f for t in (*self.tables, *made.values()) for f in t.features())
        rules = {b.rule.feature for b in self.rulebook.bound if isinstance(b.rule, Tested)}
        return [self._feature(feature, made.get(feature)) for feature in named if feature not in rules]

    def _feature(self, feature: Feature[Any], own: Table | None) -> dict[str, Any]:
        return {
            "id": feature.id,
            "kind": type(feature).__name__.lower(),
            "label": feature.label.text(self.lang),
            "values": [self._value(value) for value in feature.values],
            "words": self._words(feature),
            "facts": list(feature.facts()),
            "figures": {name: self.figure(name) for name in feature.figures()},
            "table": self._table(own) if own else None,
        }

    def _table(self, shown: Table) -> dict[str, Any]:
        return {
            "columns": [
                {
                    "feature": column.feature.id,
                    "label": self._heading(column),
                    "as_of": column.at or None,
                    "words": self._words(column.feature),
                }
                for column in shown.columns
            ],
            "rows": [
                {
                    "when": [None if c is None else [self._value(v) for v in c] for c in row.cells],
                    "then": self._value(row.answer),
                }
                for row in shown.rows
            ],
        }

    def _words(self, feature: Feature[Any]) -> dict[str, str]:
        """The words that a plugin has for values of its own, by their codes."""
        labels = {value.value: value.label for value in feature.values if isinstance(value, Value)}
        return {code: label.text(self.lang) for code, label in labels.items() if label}

    def _heading(self, column: Asked) -> str:
        label = column.feature.label.text(self.lang)
        return f"{label} @ {self.figure(column.at)}" if column.at else label

    def _value(self, value: Any) -> str | bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, Raised):
            return value.error
        return str(getattr(value, "value", value))

    def listed_figures(self) -> list[dict[str, Any]]:
        """Every figure that was named, each version with its sources."""
        catalogue = self.rulebook.catalogue
        return [
            {
                "id": name,
                "versions": [
                    {"words": figure_words(version, catalogue, self.lang), "cites": list(version.cites)}
                    for version in self.rulebook.figures[name]
                ],
            }
            for name in self.figures
        ]


def rule_document(rulebook: Rulebook, on: date | None, lang: Language) -> dict[str, Any]:
    """The whole policy as one JSON document, with words in ``lang``."""
    policy = rulebook.policy
    builder = _Builder(rulebook, on, lang)
    rules = builder.rules()
    features = builder.features()
    return {
        "schema": SCHEMA,
        "insurer": policy.insurer.name if lang == "ja" else policy.insurer.name_en,
        "policy_digest": policy.digest,
        "on": _iso(on),
        "rules": rules,
        "features": features,
        "figures": builder.listed_figures(),
        "declined": [{"id": rule, "reason": reason} for rule, reason in policy.declined.items()],
        "information": list(_information(policy.information, on, lang)),
        "not_software": [{"cite": c, "reason": reason} for c, reason in policy.not_software.items()],
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "publisher": source.publisher,
                "date": _iso(source.date),
                "url": source.url,
                "sha256": source.sha256,
                "locators": dict(source.locators),
            }
            for source in policy.sources
        ],
    }


def _information(said: Iterable[Information], on: date | None, lang: Language) -> Iterator[dict[str, Any]]:
    for each in said:
        over = on and ((each.since and on < each.since) or (each.through and each.through < on))
        if not over:
            yield {
                "text": each.text.text(lang),
                "since": _iso(each.since),
                "through": _iso(each.through),
                "cites": list(each.cites),
            }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
