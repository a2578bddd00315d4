"""Charts as SVG, drawn by pygal: plain elements whose looks are left to ``chart.css``.

What pygal adds for its own page is taken out again: a script that it links, its style, the day on which it
drew, a number that it made up. What is left is the same bytes for the same counts.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any, Final
from xml.etree import ElementTree as ET

from attrs import frozen
from markupsafe import Markup
from rich.cells import cell_len, chop_cells

WIDTH: Final = 420
"""Of every chart, in pixels at its natural size: on a telephone its text is still legible."""
COLOURS: Final = 6
"""How many colours ``chart.css`` has; later series share the last one."""
_SLOT, _SPACING = 17, 8
_FONT, _CELL = 13, 7
_TITLE_FONT, _TITLE_CELL = 15, 9
_NUMBER: Final = re.compile(r"-?[0-9]+\.[0-9]+")
_DROPPED: Final = {"defs", "script", "style", "title"}
_KEPT: Final = ("class", "x", "y", "rx", "ry", "width", "height", "d", "transform", "text-anchor", "viewBox")
_NOISE: Final = {"rect", "reactive", "tooltip-trigger", "activate-serie", "always_show", "pygal-chart"}


@frozen
class Series:
    """What one colour stands for.

    Attributes:
        name: As the legend says it.
        colour: From 0; the same thing has the same colour in every chart of a page.
    """

    name: str
    colour: int


@frozen
class Bar:
    """One bar: what it counts, how many, and the place of its series."""

    label: str
    count: int
    series: int = 0


def bars(title: str, series: Sequence[Series], rows: Sequence[Bar]) -> Markup:
    """Horizontal bars from the top down, each under its label, however long that is.

    Args:
        title: What the chart shows, for those who hear the page.
        series: What the colours stand for; a single one has no legend.
        rows: At least one.
    """
    slots: list[tuple[str, Bar | None]] = []
    for row in rows:
        slots += [("", None), *((line, None) for line in _lines(row.label)), ("", row)]
    slots.reverse()  # pygal begins at the bottom
    number = max(len(_number(row.count)) for row in rows)
    chart = _pygal().HorizontalStackedBar(
        **_common(len(series), _SLOT * len(slots)),
        margin_right=number * 8 + 8,
        show_x_labels=False,
        show_y_labels=False,
        show_y_guides=False,
        print_labels=True,
        print_values=True,
        print_values_position="top",
        print_zeroes=False,
    )
    for place, each in enumerate(series):
        values = [
            {"value": row.count if row and row.series == place else 0, "label": label if not place else ""}
            for label, row in slots
        ]
        chart.add(each.name, values)
    return _inline(_drawn(chart, series), title)


def columns(
    title: str, series: Sequence[Series], months: Sequence[str], counts: Sequence[Sequence[int]]
) -> Markup:
    """Stacked columns, one for each month ``YYYY-MM``; ``counts`` has for each series one for each month."""
    return _inline(_drawn(_columns(series, months, counts), series), title)


def columns_alone(
    title: str, series: Sequence[Series], months: Sequence[str], counts: Sequence[Sequence[int]]
) -> str:
    """The same as a document of its own, under its title."""
    lines = [line for each in title.split("\n") for line in _lines(each, _TITLE_CELL)]
    chart = _columns(series, months, counts, lines)
    root = _drawn(chart, series)
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.update(xmlns="http://www.w3.org/2000/svg", width=width, height=height, role="img")
    root.attrib["aria-label"] = " ".join(title.split("\n"))
    style = ET.Element("style")
    style.text = chart_css()
    root.insert(0, style)
    return ET.tostring(root, encoding="unicode") + "\n"


def chart_css() -> str:
    """How charts look, in light and dark."""
    return files("hokensha_roll").joinpath("chart.css").read_text(encoding="utf-8")


def _columns(
    series: Sequence[Series],
    months: Sequence[str],
    counts: Sequence[Sequence[int]],
    title: Sequence[str] = (),
) -> Any:
    chart = _pygal().StackedBar(
        **_common(len(series), 240 + len(title) * (_TITLE_FONT + _SPACING)),
        title="\n".join(title) or None,
        margin_top=12,
        margin_right=12,
        min_scale=2,
        max_scale=6,
        order_min=0,
        x_labels=_month_labels(months),
    )
    for each, values in zip(series, counts, strict=True):
        chart.add(each.name, values, formatter=_said(each.name, months))
    return chart


def _said(name: str, months: Sequence[str]) -> Callable[..., str]:
    """What a column says of itself where a pointer rests on it."""

    def said(value: int, index: int) -> str:
        return f"{months[index]} {name}: {_number(value)}"

    return said


def _month_labels(months: Sequence[str]) -> list[str]:
    """The number of each month as far as there is room; in the place of January its year."""
    step = (WIDTH - 80) / len(months)
    labels = [""] * len(months)
    taken: list[tuple[float, float]] = []
    named = {place: month[:4] for place, month in enumerate(months) if month.endswith("-01")}
    named = named or {0: months[0].replace("-", "/")}
    every = next((n for n in (1, 2, 3, 6) if step * n >= 3 * _CELL), 12)
    numbered = {place: month[5:].lstrip("0") for place, month in enumerate(months)}
    numbered = {place: number for place, number in numbered.items() if int(number) % every == 1 % every}
    for place, text in (*named.items(), *numbered.items()):
        half = len(text) * _CELL / 2 + 2
        span = (place * step - half, place * step + half)
        if all(span[1] <= left or right <= span[0] for left, right in taken):
            taken.append(span)
            labels[place] = text
    return labels


def _common(series: int, height: int) -> dict[str, Any]:
    from pygal.style import Style  # type: ignore[import-untyped]  # noqa: PLC0415 - see _pygal

    legend = series > 1
    return {
        "width": WIDTH,
        "height": height + (20 * series + 8 if legend else 8),
        "margin": 4,
        "spacing": _SPACING,
        "js": (),
        "css": (),
        "show_legend": legend,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 1,  # with more, pygal leaves too little room below
        "truncate_legend": -1,
        "truncate_label": -1,
        "value_formatter": _number,
        "style": Style(
            label_font_size=12,
            major_label_font_size=12,
            value_font_size=_FONT,
            value_label_font_size=_FONT,
            legend_font_size=_FONT,
            title_font_size=_TITLE_FONT,
        ),
    }


def _pygal() -> Any:
    """pygal, without the import hook that it leaves behind.

    The hook is for maps, which nobody asks for. On Python 3.10 and 3.11 it lets every import that fails warn
    of something else.
    """
    import pygal  # type: ignore[import-untyped]  # noqa: PLC0415 - a tenth of a second, only when something is drawn

    sys.meta_path[:] = [hook for hook in sys.meta_path if type(hook).__module__ != "pygal"]
    return pygal


def _drawn(chart: Any, series: Sequence[Series]) -> ET.Element:
    root = _kept(chart.render_tree(), [min(each.colour, COLOURS - 1) for each in series])
    if root is None:
        raise RuntimeError("pygal has drawn nothing")
    root.attrib["class"] = "chart"
    return root


def _inline(root: ET.Element, title: str) -> Markup:
    root.attrib.update(role="img")
    root.attrib["aria-label"] = title
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - ElementTree has escaped it


def _kept(node: Any, colours: Sequence[int]) -> ET.Element | None:
    """A copy of what is seen of a node; nothing if that is nothing."""
    tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    classes = [name for name in node.attrib.get("class", "").split() if name not in _NOISE]
    said = tag == "desc" and classes == ["value"]
    if not tag or tag in _DROPPED or (tag == "desc" and not said) or "background" in classes:
        return None
    if tag == "rect" and not all(float(node.attrib.get(side, 0)) for side in ("width", "height")):
        return None
    made = ET.Element("title" if said else tag)
    for name in _KEPT:
        if node.attrib.get(name):
            made.attrib[name] = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", node.attrib[name])
    made.attrib["class"] = " ".join(_recoloured(name, colours) for name in classes)
    if not made.attrib["class"]:
        del made.attrib["class"]
    made.text = (node.text or "").strip() or None
    made.extend(child for each in node if (child := _kept(each, colours)) is not None)
    seen = len(made) > ("bar" in classes) if tag == "g" else made.text or tag != "text"
    return made if seen else None


def _recoloured(name: str, colours: Sequence[int]) -> str:
    return f"color-{colours[int(name[6:])]}" if name.startswith("color-") else name


def _lines(text: str, cell: int = _CELL) -> list[str]:
    """A text in lines that fit: at any place if it has full-width characters, else between words."""
    cells = (WIDTH - 12) // cell
    return chop_cells(text, cells) if cell_len(text) > len(text) else textwrap.wrap(text, cells)


def _number(count: float) -> str:
    return f"{count:,.0f}"
