"""How what a run issues falls over the months: by when it is due, and until when it will be valid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import htpy as h

from hokensha.rules import Document
from hokensha.text import Label
from hokensha_roll import reportwords as words
from hokensha_roll.page import Heading, Row, both, number, numbers, table
from hokensha_roll.sections import Documents, month_label
from hokensha_roll.summary import OPEN

if TYPE_CHECKING:
    from hokensha_roll.summary import Summary


def falling(shown: Documents, summary: Summary) -> h.Node:
    """By month: how many are due by then, and how many of them will be valid until then."""
    documents = shown.in_order(document for document, _ in summary.issuances)
    if not documents:
        return None
    return [
        h.h3[both(words.DUE_BY)],
        _table("due", summary.due, documents, words.AT_ONCE),
        h.h3[both(words.VALID_UNTIL)],
        _table("ends", summary.ends, documents, words.NO_END),
    ]


def _table(
    named: str, counts: Mapping[tuple[str, str], int], documents: list[Document], without: Label
) -> h.Node:
    columns = [Heading(words.MONTH), *(numbers(one.label) for one in documents)]
    rows = [
        Row(
            (
                both(words.DEPENDS if month == OPEN else month_label(month) if month else without),
                *(number(counts.get((month, one.id), 0)) for one in documents),
            )
        )
        for month in sorted({month for month, _ in counts})
    ]
    return table(named, columns, rows)
