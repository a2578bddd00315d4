"""The chart of a forecast alone, to be put into a document."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Final

import htpy as h
from markupsafe import Markup
from rich.cells import cell_len, chop_cells

from hokensha.policy import Rulebook
from hokensha.rules import Document
from hokensha.text import Language
from hokensha_roll.months import Months
from hokensha_roll.report import words
from hokensha_roll.report.page import css, number
from hokensha_roll.report.report import Documents, by_month, insurer_name, period

_WIDTH, _BAR, _LINE = 600, 420, 22
"""Of the chart, in pixels: its width, that of its longest bar, and the height of a line."""
_MONTH, _MARK = 70, 18
"""How far from the left bars begin, and the names of what the colours mean."""
_CELLS: Final = 70
"""So many characters of half width fit into a line."""


def forecast_svg(rulebook: Rulebook, months: Months, lang: Language) -> str:
    """The chart of a forecast alone, a bar for each month, as an SVG document in one language."""
    title = f"{words.FORECAST.text(lang)} ({period(months).text(lang)})"
    shown = Documents(rulebook)
    counts = by_month(shown, months)
    most = max(1, *(sum(row.values()) for row in counts.values()))
    rows: list[h.Node] = [
        _text(line, 0, "title") for line in _lines(insurer_name(rulebook).text(lang), title)
    ]
    for one in counts[months.first]:
        mark = h.rect(class_=f"colour-{shown.colour(one)}", y=-11, width=12, height=12)
        first, *further = _lines(one.label.text(lang))
        rows += [[mark, _text(first, _MARK)], *(_text(line, _MARK) for line in further)]
    rows += [_month(shown, month, row, most, lang) for month, row in counts.items()]
    lines = (h.g(transform=f"translate(12 {(place + 1) * _LINE})")[row] for place, row in enumerate(rows))
    size = {"width": _WIDTH, "height": (len(rows) + 1) * _LINE}
    view = f"0 0 {size['width']} {size['height']}"
    chart = h.svg(xmlns="http://www.w3.org/2000/svg", viewBox=view, role="img", aria_label=title, **size)
    return f"{chart[h.style[Markup(css('colours.css'))], lines]}\n"  # noqa: S704 - a file of this package


def _month(shown: Documents, month: str, row: Mapping[Document, int], most: int, lang: Language) -> h.Node:
    """The name of a month, its bar, and its number."""
    left, parts = float(_MONTH), []
    for one, count in row.items():
        width = _BAR * count / most
        said = h.title[f"{month} {one.label.text(lang)}: {number(count)}"]
        place = {"x": f"{left:.1f}", "y": "-13", "width": f"{width:.1f}", "height": "16"}
        parts.append(h.rect(place, class_=f"colour-{shown.colour(one)}")[said] if count else None)
        left += width
    return [_text(month, 0), parts, _text(number(sum(row.values())), left + 6)]


def _text(text: str, x: float, kind: str | None = None) -> h.Node:
    return h.text(x=f"{x:.1f}", class_=kind)[text]


def _lines(*texts: str) -> Iterator[str]:
    """Texts in lines that fit: broken anywhere if there are full-width characters, else between words."""
    for text in texts:
        wide = cell_len(text) > len(text)
        yield from chop_cells(text, _CELLS) if wide else textwrap.wrap(text, _CELLS)
