"""The document of a policy's rules as a page: Markdown or HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from attrs import frozen

from hokensha.text import Label, Language
from hokensha_cli import words
from hokensha_cli.figurewords import period_words


@frozen
class Heading:
    """A heading; ``anchor`` is what links lead to."""

    level: int
    text: str
    anchor: str = ""


@frozen
class Lines:
    """Lines of a list: what it is, and what is said of it."""

    lines: tuple[tuple[str, str], ...]


@frozen
class Grid:
    """A table."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


_NOTHING_ELSE = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
"""A page that needs nothing else fetches and runs nothing, whatever texts of a policy may try."""
Block: TypeAlias = "Heading | Lines | Grid"

TITLE = Label("{} の規則", "The rules of {}")
AS_OF = Label("{} に適用されるもの", "In force on {}")
SECTIONS = {
    "scheme": Label("加入", "Who is in the scheme"),
    "ground": Label("マイナ保険証によれない事由", "Grounds against relying on the card"),
    "trigger": Label("交付", "What falls due"),
    "exclusion": Label("交付しない人", "To whom nothing is issued"),
    "remedy": Label("先にすべきこと", "Remedies"),
    "validity": Label("有効期限", "Until when documents are valid"),
    "latency": Label("反映までの期間", "How long data take to show"),
    "presentation": Label("医療機関等での提示", "What is shown at an institution"),
    "return": Label("回収", "What comes back"),
}
FEATURES = Label("判断材料", "What the rules look at")
FIGURES = Label("日数・期日", "Figures")
INFORMATION = Label("判定に関わらない情報", "Information that decides nothing")
NOT_SOFTWARE = Label("ソフトウェアの対象外", "No matter for software")
DECLINED = Label("採用しない規則", "Rules that this insurer does not have")
ANSWER = Label("結果", "answer")
RULE = Label("規則", "rule")
PERIOD = Label("適用期間", "in force")
ALWAYS = Label("常に", "always")
NEVER = Label("該当なし", "never")
VALUES = Label("値", "values")
FACTS = Label("もとになる項目", "facts")
WORDS = Label("内容", "in words")
_NO_WORDS: Mapping[str, str] = {}
REASON = Label("理由", "reason")
PUBLISHER = Label("発行者", "publisher")
PUBLISHED = Label("日付", "date")
SAYS = {
    "document": Label("書類", "document"),
    "purpose": words.PURPOSE_WORD,
    "action": words.ACTION,
    "process": words.PROCESS,
    "counts_from": words.COUNTS_FROM,
    "at": Label("場所", "where"),
    "shows": Label("提示するもの", "what is shown"),
    "uncertain": words.UNCERTAIN,
    "basis": words.BASIS_WORD,
    "met": Label("交付済みとみなす条件", "counts as given"),
    "mass": Label("一斉交付", "mass issuance"),
    "yearly": Label("毎年の期間", "window of every year"),
    "figure": words.VALID_UNTIL,
    "due_from": Label("交付の始期", "due from"),
    "due_through": Label("交付の終期", "due through"),
    "as_of": Label("基準日", "as of"),
    "event": Label("事由の日", "day of the event"),
    "loss": Label("利用できなくなる日", "first day of the loss"),
    "claim": Label("資格確認書の交付", "how a certificate comes"),
    "medium": words.MEDIUM,
    "channel": words.CHANNEL,
    "channel_continuation": Label("交付方法 (任意継続)", "channel (voluntary continuation)"),
    "channel_dependent": Label("交付方法 (被扶養者)", "channel (dependents)"),
    "form": words.FORM,
    "form_continuation": Label("申請書 (任意継続)", "form (voluntary continuation)"),
    "form_dependent": Label("申請書 (被扶養者)", "form (dependents)"),
}


def markdown(document: dict[str, Any], lang: Language) -> str:
    """The document in Markdown."""
    return "\n".join(line for block in _blocks(document, lang) for line in _markdown(block))


def page(document: dict[str, Any], lang: Language) -> str:
    """The document as a page of HTML that needs nothing else."""
    body = "\n".join(_html(block) for block in _blocks(document, lang))
    title = html.escape(TITLE.text(lang).format(document["insurer"]))
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f"{_NOTHING_ELSE}\n<title>{title}</title>\n"
        "<style>body{font-family:sans-serif;max-width:70rem;margin:auto;padding:1rem}"
        "table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #999;padding:.2rem .5rem;"
        f"text-align:left;vertical-align:top}}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _blocks(document: dict[str, Any], lang: Language) -> Iterator[Block]:
    yield Heading(1, TITLE.text(lang).format(document["insurer"]))
    if document["on"]:
        yield Heading(2, AS_OF.text(lang).format(_day_text(document["on"], lang)))
    anchors: set[str] = set()
    for kind, title in SECTIONS.items():
        rules = [rule for rule in document["rules"] if rule["kind"] == kind]
        if rules:
            yield Heading(2, title.text(lang))
        for rule in rules:
            anchor = "" if rule["id"] in anchors else rule["id"]  # of several versions the first has it
            anchors.add(anchor)
            yield from _rule(rule, anchor, _places(document), lang)
    if document["features"]:
        yield Heading(2, FEATURES.text(lang))
    for feature in document["features"]:
        anchor = "" if feature["id"] in anchors else feature["id"]  # a rule may be called like its feature
        anchors.add(anchor)
        yield from _feature(feature, anchor, lang)
    yield from _rest(document, lang)
    yield from _sources(document["sources"], lang)


def _rule(rule: dict[str, Any], anchor: str, places: dict[str, str], lang: Language) -> Iterator[Block]:
    yield Heading(3, f"{rule['label']} ({rule['id']})", anchor)
    lines = [(SAYS[key].text(lang), said) for key, said in rule["says"].items()]
    if rule["kind"] == "latency":
        lines = [(words.DUE.text(lang) if k == words.VALID_UNTIL.text(lang) else k, v) for k, v in lines]
    lines.append((PERIOD.text(lang), _period(rule, lang) or ALWAYS.text(lang)))
    lines.append((words.SOURCES.text(lang), _cited(rule["cites"], places)))
    yield Lines(tuple(lines))
    if rule["table"]:
        yield from _table(rule["table"], lang)


def _feature(feature: dict[str, Any], anchor: str, lang: Language) -> Iterator[Block]:
    yield Heading(3, f"{feature['label']} ({feature['id']})", anchor)
    lines = [
        (
            VALUES.text(lang),
            words.LIST_SEPARATOR.text(lang).join(
                _value(v, feature["words"], lang) for v in feature["values"]
            ),
        )
    ]
    if feature["facts"]:
        lines.append((FACTS.text(lang), ", ".join(feature["facts"])))
    lines += list(feature["figures"].items())
    yield Lines(tuple(lines))
    if feature["table"]:
        yield from _table(feature["table"], lang, feature["words"])


def _table(table: dict[str, Any], lang: Language, own: Mapping[str, str] = _NO_WORDS) -> Iterator[Block]:
    """A table; ``own`` are the words for its answers."""
    plain = all(row["then"] is True for row in table["rows"])
    if not table["columns"]:  # it asks for nothing: always, or never, or what the policy sets
        answers = [row["then"] for row in table["rows"]]
        said = (
            NEVER.text(lang) if not answers else ALWAYS.text(lang) if plain else _value(answers[0], own, lang)
        )
        yield Lines(((ANSWER.text(lang), said),))
        return
    headers = [column["label"] for column in table["columns"]]
    known = [column["words"] for column in table["columns"]]
    rows = [
        (
            *(_cell(cell, each, lang) for cell, each in zip(row["when"], known, strict=True)),
            *(() if plain else (_value(row["then"], own, lang),)),
        )
        for row in table["rows"]
    ]
    yield Grid((*headers, *(() if plain else (ANSWER.text(lang),))), tuple(rows))


def _rest(document: dict[str, Any], lang: Language) -> Iterator[Block]:
    sources, places = words.SOURCES.text(lang), _places(document)
    if document["figures"]:
        yield Heading(2, FIGURES.text(lang))
        rows = [
            (figure["id"], version["words"], _cited(version["cites"], places))
            for figure in document["figures"]
            for version in figure["versions"]
        ]
        yield Grid((words.NAME.text(lang), WORDS.text(lang), sources), tuple(rows))
    if document["information"]:
        yield Heading(2, INFORMATION.text(lang))
        said = [
            (each["text"], _period(each, lang) or ALWAYS.text(lang), _cited(each["cites"], places))
            for each in document["information"]
        ]
        yield Grid((WORDS.text(lang), PERIOD.text(lang), sources), tuple(said))
    for key, name, title in (("declined", "id", DECLINED), ("not_software", "cite", NOT_SOFTWARE)):
        if document[key]:
            yield Heading(2, title.text(lang))
            reasons = tuple((each[name], each["reason"]) for each in document[key])
            yield Grid((RULE.text(lang), REASON.text(lang)), reasons)


def _sources(sources: Sequence[dict[str, Any]], lang: Language) -> Iterator[Block]:
    yield Heading(2, words.SOURCES.text(lang))
    for source in sources:
        yield Heading(3, f"{source['title']} ({source['id']})")
        lines = [(PUBLISHER.text(lang), source["publisher"])]
        lines += [(PUBLISHED.text(lang), _day_text(source["date"], lang))] if source["date"] else []
        lines += [(key, source[key]) for key in ("url", "sha256") if source[key]]
        yield Lines((*lines, *source["locators"].items()))


def _places(document: dict[str, Any]) -> dict[str, str]:
    return {cite: place for source in document["sources"] for cite, place in source["locators"].items()}


def _cited(cites: Sequence[str], places: dict[str, str]) -> str:
    return "; ".join(f"{cite} ({places[cite]})" if cite in places else cite for cite in cites)


def _cell(cell: Sequence[object] | None, known: Mapping[str, str], lang: Language) -> str:
    return "-" if cell is None else " / ".join(_value(value, known, lang) for value in cell)


def _value(value: object, known: Mapping[str, str], lang: Language) -> str:
    """A value in words: of all, of its plugin, or of this command; else its code."""
    if isinstance(value, bool):
        return words.TRUE_FALSE[value].text(lang)
    if str(value) in known:
        return known[str(value)]
    return words.VALUES[str(value)].text(lang) if value in words.VALUES else str(value)


def _period(said: dict[str, Any], lang: Language) -> str:
    ends = [date.fromisoformat(said[key]) if said[key] else None for key in ("since", "through")]
    return period_words(ends[0], ends[1], lang)


def _day_text(iso: str, lang: Language) -> str:
    from hokensha_cli.people import day  # noqa: PLC0415 - its only use here

    return day(date.fromisoformat(iso), lang)


def _markdown(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from (f"{'#' * block.level} {_md(block.text)}", "")
    elif isinstance(block, Lines):
        yield from (f"- **{_md(key)}**: {_md(said)}" for key, said in block.lines)
        yield ""
    else:
        yield "| " + " | ".join(map(_md, block.headers)) + " |"
        yield "|" + " --- |" * len(block.headers)
        yield from ("| " + " | ".join(map(_md, row)) + " |" for row in block.rows)
        yield ""


def _md(text: str) -> str:
    line = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        line = line.replace(sign, f"\\{sign}")
    return line


def _html(block: Block) -> str:
    escape = html.escape
    if isinstance(block, Heading):
        anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
        return f"<h{block.level}{anchor}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Lines):
        items = "".join(f"<li><b>{escape(key)}</b>: {escape(said)}</li>" for key, said in block.lines)
        return f"<ul>{items}</ul>"
    head = "".join(f"<th>{escape(header)}</th>" for header in block.headers)
    rows = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>\n" for row in block.rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"
