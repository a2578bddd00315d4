"""The report of a run: one page that opens offline, in Japanese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final, TypeVar

from hokensha.cli import words
from hokensha.cli.people import day
from hokensha.rulebook import Rulebook
from hokensha.rules import Action, Document
from hokensha.text import Label, Language

if TYPE_CHECKING:
    from hokensha_roll.running import Summary

TITLE: Final = Label("名簿の一括判定", "Run over the roll")
ON: Final = Label("判定日", "Day asked")
AS_OF: Final = Label("名簿の基準日", "Roll as of")
READ: Final = Label("読み込んだ行", "Rows read")
DECIDED: Final = Label("判定済み", "Decided")
UNDETERMINED: Final = Label("判定できない", "Undetermined")
REJECTED: Final = Label("受け付けない行", "Rejected")
DOCUMENT: Final = Label("書類", "Document")
TRIGGER: Final = Label("事由", "Reason")
RULE: Final = Label("規則", "Rule")
FACT: Final = Label("不足している事実", "Missing fact")
COLUMN: Final = Label("列", "Column")
WHY: Final = Label("理由", "Why")
COUNT: Final = Label("件数", "Count")
MEMBERS: Final = Label("人数", "Members")
ACTION: Final = Label("取扱い", "Action")
OWED: Final = Label("交付すべき書類", "Documents owed")
BACK: Final = Label("回収・廃棄の対象", "Documents to come back or be destroyed")
NOTHING: Final = Label("該当なし", "none")
DEPENDS: Final = Label("不足している事実による", "depends on what is missing")
POLICY_DIGEST: Final = Label("方針のダイジェスト", "Digest of the policy")
ROLL_DIGEST: Final = Label("名簿のダイジェスト", "Digest of the roll")
_FEW: Final = 50
K = TypeVar("K", str, tuple[str, str])

_STYLE: Final = """
body { font-family: system-ui, "Noto Sans CJK JP", "Yu Gothic UI", sans-serif; line-height: 1.6;
  max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } .wide { overflow-x: auto; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #ccc; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
small { color: #555; } code { overflow-wrap: break-word; }
"""


def counted(summary: Summary) -> tuple[tuple[Label, int], ...]:
    """The counts of a run, in the order in which they add up."""
    return (
        (READ, summary.read),
        (DECIDED, summary.decided),
        (UNDETERMINED, summary.undetermined),
        (REJECTED, summary.rejected),
    )


def issued(rulebook: Rulebook, summary: Summary) -> list[tuple[Label, Label, str, int]]:
    """Documents owed: document, reason, rule and count."""
    labels = rule_labels(rulebook)
    return [
        (words.DOCUMENTS[Document(document)], labels.get(trigger, DEPENDS), trigger, count)
        for (document, trigger), count in sorted(summary.issuances.items())
    ]


def rule_labels(rulebook: Rulebook) -> Mapping[str, Label]:
    """What people call each rule."""
    return {bound.rule.id: bound.rule.label for bound in rulebook.bound}


def report_html(rulebook: Rulebook, summary: Summary) -> str:
    """The page."""
    insurer = rulebook.policy.insurer
    title = Label(f"{insurer.name} {TITLE.ja}", f"{insurer.name_en}: {TITLE.en}")
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="ja"><head><meta charset="utf-8"><title>{escape(title.ja)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>',
        f"<body><h1>{_both(title)}</h1>",
        _table(
            (),
            [
                (_both(ON), f"{escape(_day(summary, 'ja'))}"),
                (_both(AS_OF), f"{escape(day(summary.as_of, 'ja'))}" if summary.as_of else "-"),
                *((_both(label), f"{count:,}") for label, count in counted(summary)),
            ],
        ),
        f"<h2>{_both(OWED)}</h2>",
        _table(
            (DOCUMENT, TRIGGER, RULE, COUNT),
            [
                (_both(document), _both(reason), f"<code>{escape(rule)}</code>", f"{count:,}")
                for document, reason, rule, count in issued(rulebook, summary)
            ],
        ),
        f"<h2>{_both(BACK)}</h2>",
        _table(
            (DOCUMENT, ACTION, COUNT),
            [
                (_both(words.DOCUMENTS[Document(document)]), _both(_action(action)), f"{count:,}")
                for (document, action), count in sorted(summary.returns.items())
            ],
        ),
        f"<h2>{_both(UNDETERMINED)}</h2>",
        _table(
            (FACT, MEMBERS),
            [
                (f"{_both(rulebook.catalogue[fact].label)} <code>{escape(fact)}</code>", f"{count:,}")
                for fact, count in _most(summary.missing.items())
            ],
        ),
        f"<h2>{_both(REJECTED)}</h2>",
        _table(
            (COLUMN, WHY, COUNT),
            [
                (escape(column) or "-", escape(reason), f"{count:,}")
                for (column, reason), count in _most(summary.reasons.items())[:_FEW]
            ],
        ),
        f"<p><small>{_both(POLICY_DIGEST)}: <code>{escape(summary.policy_digest)}</code><br>",
        f"{_both(ROLL_DIGEST)}: <code>{escape(summary.roll_digest)}</code></small></p>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _day(summary: Summary, lang: Language) -> str:
    return day(summary.on, lang)


def _action(action: str) -> Label:
    return words.ACTIONS[Action(action)] if action else DEPENDS


def _most(counts: Iterable[tuple[K, int]]) -> list[tuple[K, int]]:
    return sorted(counts, key=lambda item: (-item[1], item[0]))


def _both(label: Label) -> str:
    if label.ja == label.en:
        return escape(label.ja)
    return f'{escape(label.ja)} <small lang="en">{escape(label.en)}</small>'


def _table(headers: Sequence[Label], rows: Sequence[Sequence[str]]) -> str:
    """A table whose last column holds numbers."""
    if not rows:
        return f"<p>{_both(NOTHING)}</p>"

    def line(tag: str, cells: Sequence[str]) -> str:
        *texts, last = cells
        return f"<tr>{''.join(f'<{tag}>{t}</{tag}>' for t in texts)}<{tag} class='n'>{last}</{tag}></tr>"

    head = f"<thead>{line('th', [_both(header) for header in headers])}</thead>" if headers else ""
    body = "\n".join(line("td", row) for row in rows)
    return f"<div class='wide'><table>{head}<tbody>{body}</tbody></table></div>"
