"""Members made up only to ask the rules about them."""

from __future__ import annotations

from hokensha.facts import Catalogue, FactValue


def probe(catalogue: Catalogue, **given: FactValue) -> dict[str, FactValue]:
    """Facts of a member of whom nothing is said but what is given: none, no, or the first code.

    A fact that can be neither is a day long past, or a text.
    """
    plain: dict[str, FactValue] = {}
    for fact in catalogue.facts.values():
        if fact.nullable:
            plain[fact.id] = None
        elif fact.kind == "boolean":
            plain[fact.id] = False
        elif fact.kind == "code":
            plain[fact.id] = fact.values[0]
        else:
            plain[fact.id] = given.get("enrolled_on") if fact.kind == "day" else "probe"
    return {**plain, **given}
