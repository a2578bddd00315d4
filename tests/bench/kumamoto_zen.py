"""The rules of Kumamoto's late elderly, written by hand as a decision graph of GoRules' ZEN engine.

Days are given to it as numbers, the cheapest thing that the engine compares; a day that there is none of is
``FAR``, so that nothing has to be asked twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

import zen
from shape import born_by, end_of_july, ended_since, next_month

Node: TypeAlias = dict[str, Any]
Rule: TypeAlias = tuple[str, str]

KEY: Final = "kumamoto"
FAR: Final = 9_999_999
EPOCH: Final = date(1970, 1, 1)
PROVISIONAL_FIRST, PROVISIONAL_LAST = date(2024, 12, 2), date(2025, 7, 31)
JULY_FIRST, JULY_LAST = date(2025, 7, 1), date(2025, 7, 31)
OLD_CARDS_LAST: Final = date(2025, 7, 31)

NOTICES: Final = ("july-notice", "notice-on-enrolment", "notice")
TO_MUNICIPALITY: Final = ("application", "deregistration", *NOTICES)
APPLIED_FOR: Final = ("application", "provisional-reissue")
COLUMNS: Final = (
    *("document", "trigger", "basis", "due_from", "due_through", "valid_until"),
    *("modality", "medium", "channel", "form"),
)


def number(day: date) -> int:
    """A day as it is given to the engine."""
    return (day - EPOCH).days


def seen(on: date) -> dict[str, str]:
    """What the tables ask of a member; an expression may use those before it."""
    day, grace = number(on), number(ended_since(on, 3))
    first = number(PROVISIONAL_FIRST)
    old_valid = (
        f"old_card_valid_until >= {day} and old_card_valid_until < {FAR} and old_card_returned_on > {day}"
    )
    found = {
        "in_scheme": f"enrolled_on <= {day} and left_on > {day} and (birth_date <= {number(born_by(on, 75))}"
        f" or (birth_date <= {number(born_by(on, 65))} and disability_recognised))",
        "has_card": "card != 'none' and card != 'returned'",
        "expired": f"electronic_certificate_expires_on < {grace} or card_expires_on < {grace}",
        "ended": "insurance_use == 'deregistered'"
        f" or (insurance_use == 'registered' and deregistration_received_on <= {day})",
        "use_missing": "$.ended or ($.has_card and insurance_use == 'unregistered')",
        "automatic": "not $.has_card or $.use_missing or $.expired or disclosure_restricted",
        "applied": f"requested_on <= {day} and ($.automatic or needs_assistance or card != 'held')",
        "by_itself": "(needs_assistance and assistance_applied_before)"
        " or ($.automatic and (card != 'renewing' or disclosure_restricted or $.use_missing))",
        "valid": f"certificate_issued_on <= {day} and certificate_valid_until >= {day}"
        f" and not (certificate_returned_on <= {day} and certificate_returned_on >= certificate_issued_on)",
        "old_valid": old_valid if on <= OLD_CARDS_LAST else "false",
        "works": "card == 'held' and insurance_use == 'registered' and not $.expired"
        f" and (overseas_card or departs_japan_on > {day})",
        "relies": "$.works and not ($.by_itself or $.applied or $.valid)",
    }
    if on <= OLD_CARDS_LAST:
        found["reissue"] = f"reissue_requested_on >= {first} and reissue_requested_on <= {day}"
        found["changed"] = f"details_changed_on >= {first} and details_changed_on <= {day}"
        found["card_coming"] = (
            f"enrolled_on >= {number(date(2024, 8, 1))} and enrolled_on <= {number(date(2024, 12, 1))}"
            f" and old_card_valid_until == {FAR} and not ($.reissue or $.changed or $.valid)"
        )
    return found


def answered(event: str, on: date) -> str:
    """Whether a certificate was issued on or after that day."""
    return f"(certificate_issued_on <= {number(on)} and certificate_issued_on >= {event})"


def had_notice(since: object, on: date) -> str:
    """Whether a notice was issued on or after that day."""
    return f"(notice_issued_on <= {number(on)} and notice_issued_on >= {since})"


def certificates(on: date) -> list[Rule]:
    """When a certificate is due, the first rule that holds deciding."""
    if on < PROVISIONAL_FIRST:
        return []
    application = ("application", f"applied and not old_valid and not {answered('requested_on', on)}")
    ended = ("deregistration", "ended and not (old_valid or valid)")
    if on > PROVISIONAL_LAST:
        return [application, ended, ("without-application", "by_itself and not valid")]
    joined = f"enrolled_on >= {number(PROVISIONAL_FIRST)} and not (old_valid or valid)"
    usual = "not old_valid and" if on >= JULY_FIRST else ""
    found = [
        application,
        ("provisional-reissue", f"{usual} reissue and not {answered('reissue_requested_on', on)}"),
        ("provisional-changed-details", f"{usual} changed and not {answered('details_changed_on', on)}"),
        ended,
        ("provisional-enrolment", joined),
        ("provisional-card-ended", "not (old_valid or valid or card_coming)"),
    ]
    if on >= JULY_FIRST:
        next_year = f"(valid and certificate_valid_until > {number(JULY_LAST)})"
        without = "(by_itself or applied or not works)"
        found.append(("july-certificate", f"old_valid and {without} and not {next_year}"))
    return found


def notices(on: date) -> list[Rule]:
    """When a notice is due."""
    since_july = had_notice(number(JULY_FIRST), on)
    if on > PROVISIONAL_LAST:
        later = f"enrolled_on > {number(PROVISIONAL_LAST)}"
        return [
            ("notice-on-enrolment", f"relies and {later} and not {had_notice('enrolled_on', on)}"),
            ("notice", f"relies and not ({later}) and not {since_july}"),
        ]
    if JULY_FIRST <= on <= JULY_LAST:
        return [("july-notice", f"old_valid and relies and not {since_july}")]
    return []


def written(trigger: str, on: date) -> dict[str, str]:
    """The outputs of a rule, as expressions."""
    notice, july = trigger in NOTICES, trigger in ("july-certificate", "july-notice")
    last = number(end_of_july(next_month(on)) if july else end_of_july(on))
    document = "eligibility-notice" if notice else "eligibility-certificate"
    if trigger == "card-for-earlier-joiners":
        document, last = "health-insurance-card", number(OLD_CARDS_LAST)
    values = {
        "document": f"'{document}'",
        "trigger": f"'{trigger}'",
        "basis": "'application'" if trigger in APPLIED_FOR else "'ex-officio'",
        "modality": "'not-stated'" if notice else "'exact'",
    }
    if not notice:
        values["valid_until"] = f"min([{last}, left_on - 1])"
    if july:
        values.update(due_from=str(number(JULY_FIRST)), due_through=str(number(JULY_LAST)))
    if notice:
        values["medium"] = "'a4-paper'"
    if trigger in TO_MUNICIPALITY:
        values["channel"] = "'municipality'"
    return values


def table(name: str, rules: list[Rule], on: date) -> Node:
    """A decision table; the first rule that holds decides."""
    outputs = [{"id": column, "name": column, "field": f"{name}.{column}"} for column in COLUMNS]
    rows = [
        {"_id": trigger, "holds": test, **(written(trigger, on) if trigger else {})}
        for trigger, test in rules
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "holds", "name": "holds"}],
        "outputs": outputs,
        "rules": rows,
        "passThrough": False,
        "executionMode": "single",
    }
    return {"id": name, "type": "decisionTableNode", "name": name, "content": content}


def graph(on: date) -> Node:
    """The decision graph for a day."""
    expressions = [{"id": key, "key": key, "value": value} for key, value in seen(on).items()]
    nodes: list[Node] = [
        {"id": "member", "type": "inputNode", "name": "member", "content": {}},
        {
            "id": "seen",
            "type": "expressionNode",
            "name": "seen",
            "content": {"expressions": expressions, "passThrough": True, "executionMode": "single"},
        },
        {"id": "answer", "type": "outputNode", "name": "answer", "content": {}},
    ]
    edges = [("member", "seen")]
    coming = [("card-for-earlier-joiners", "in_scheme and card_coming")] if on <= OLD_CARDS_LAST else []
    # Nobody is owed both a certificate and a notice: one table for both.
    mail = [("", "not in_scheme"), *certificates(on), *notices(on)]
    for name, rules in (("mail", mail), ("old_card", coming)):
        if rules:
            nodes.append(table(name, rules, on))
            edges += [("seen", name), (name, "answer")]
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": nodes,
        "edges": [
            {"id": f"{one}-{other}", "sourceId": one, "targetId": other, "type": "edge"}
            for one, other in edges
        ],
    }


def engine(on: date) -> zen.ZenEngine:
    """An engine that holds the graph compiled, which is the fastest way to ask it."""
    return zen.ZenEngine({"loader": {"type": "static", "content": {KEY: graph(on)}}})


def owed(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an answer says is owed."""
    return [result[name] for name in ("mail", "old_card") if result.get(name, {}).get("trigger")]
