"""A page that opens offline: its frame, tables and bars, in Japanese and English at once.

What is in one language only has the class ``ja`` or ``en``; the switch at the top hides the other by style
alone. htpy escapes whatever is put into an element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from typing import Final

import htpy as h
from attrs import frozen
from markupsafe import Markup

from hokensha.text import Label, Language
from hokensha_cli.output import one_line
from hokensha_roll.report import words

LANGUAGES: Final[tuple[tuple[Language, str], ...]] = (("ja", "日本語"), ("en", "English"))
_NARROW: Final = 6
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may fetch for the page: nothing."""


@frozen
class Heading:
    """A column of a table.

    Attributes:
        mark: What stands before the label.
        number: Whether it holds numbers, which stand on the right.
    """

    label: Label
    mark: h.Node = None
    number: bool = False


@frozen
class Row:
    """A row of a table.

    Attributes:
        cells: One for each column; the first one names the row.
        kind: ``group`` for the head of the rows that follow, ``total`` for the last row.
    """

    cells: tuple[h.Node, ...]
    kind: str = ""


def both(label: Label) -> h.Node:
    """A label in both languages."""
    if label.ja == label.en:
        return label.ja
    return each(label.text)


def each(make: Callable[[Language], h.Node]) -> h.Node:
    """What is made for each language."""
    return [h.span(class_=lang, lang=lang)[make(lang)] for lang, _ in LANGUAGES]


def filled(label: Label, **parts: h.Node) -> h.Node:
    """A label with elements in the places of its ``{names}``."""

    def text(lang: Language) -> h.Node:
        return Markup.escape(label.text(lang)).format(**{k: h.fragment[v] for k, v in parts.items()})

    return each(text)


def number(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}"


def plain(text: str) -> str:
    """A text from a file or of its name, in one line, as far as UTF-8 can write it."""
    return one_line(text).encode("utf-8", "backslashreplace").decode()


def whole(
    title: Label, insurer: Label, facts: Iterable[tuple[Label, h.Node]], sections: Sequence[Section]
) -> str:
    """The whole page."""
    head = h.head[
        h.meta(charset="utf-8"),
        h.meta(http_equiv="Content-Security-Policy", content=_POLICY),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.title[f"{title.ja} - {insurer.ja}"],
        h.style[Markup(css("colours.css") + css("report.css"))],  # noqa: S704 - files of this package
    ]
    body = h.body[
        "\n",
        h.header[
            _switch(),
            h.h1[both(title)],
            h.p(".insurer")[both(insurer)],
            h.dl[(h.div[h.dt[both(label)], h.dd[value]] for label, value in facts)],
        ],
        "\n",
        h.nav(aria_label=f"{words.CONTENTS.ja} / {words.CONTENTS.en}")[
            h.ul[(h.li[h.a(href=f"#{section.id}")[both(section.title)]] for section in sections)]
        ],
        "\n",
        h.main[(("\n", section.element()) for section in sections)],
        "\n",
    ]
    return f"{h.html(lang='ja')[head, body]}\n"


def _switch() -> h.Node:
    return h.fieldset(".switch")[
        h.legend[f"{words.LANGUAGE.ja} / {words.LANGUAGE.en}"],
        (
            h.label[
                h.input(type="radio", name="language", id=f"show-{lang}", checked=lang == "ja"),
                h.span(lang=lang)[name],
            ]
            for lang, name in LANGUAGES
        ),
    ]


@frozen
class Section:
    """A section of the page: where links lead, its heading and what it holds."""

    id: str
    title: Label
    body: h.Node

    def element(self) -> h.Node:
        """The section."""
        named = f"{self.id}-title"
        return h.section(id=self.id, aria_labelledby=named)[h.h2(id=named)[both(self.title)], self.body]


def barred(count: int, parts: Iterable[tuple[int, int]], most: int) -> h.Node:
    """A number behind its bar, which is for the eye alone.

    Args:
        count: The number.
        parts: What the bar is made of: colours and counts.
        most: The count whose bar fills the cell; all bars of a table have the same.
    """
    pieces = (
        h.i(class_=f"colour-{colour}", style=f"width:{part / most:.2%}") for colour, part in parts if part
    )
    room = f"--room:{len(number(most))}ch"
    return h.span(".counted", style=room)[h.span(".bar", aria_hidden="true")[pieces], h.span[number(count)]]


def none() -> h.Node:
    """That there is nothing."""
    return h.p(".none")[both(words.NOTHING)]


def table(named: str, columns: Sequence[Heading], rows: Sequence[Row]) -> h.Node:
    """The table of the section ``named``, which scrolls by itself where it is too wide."""
    if not rows:
        return none()
    head = h.tr[(h.th(scope="col", class_=_class(one))[one.mark, both(one.label)] for one in columns)]
    groups: list[list[Row]] = []
    for row in rows:
        if row.kind or not groups:
            groups.append([])
        groups[-1].append(row)
    bodies = (h.tbody[(("\n", _row(columns, row)) for row in group)] for group in groups)
    kind = ["wide", len(columns) > _NARROW and "matrix"]
    return h.div(class_=kind, role="region", tabindex="0", aria_labelledby=f"{named}-title")[
        h.table[h.thead[head], bodies]
    ]


def _row(columns: Sequence[Heading], row: Row) -> h.Node:
    name, *cells = row.cells
    scope = "rowgroup" if row.kind == "group" else "row"
    return h.tr(class_=row.kind or None)[
        h.th(scope=scope, class_=_class(columns[0]))[name],
        (h.td(class_=_class(column))[cell] for column, cell in zip(columns[1:], cells, strict=True)),
    ]


def _class(column: Heading) -> str | None:
    return "n" if column.number else None


def css(name: str) -> str:
    """A stylesheet of this package."""
    return files("hokensha_roll.report").joinpath(name).read_text(encoding="utf-8")
