"""The command ``hokensha run``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from hokensha.text import Label, Language
from hokensha_cli.options import DAY, Command, json_option, language, option
from hokensha_cli.output import afterwards, console, emit, table
from hokensha_roll.commands.inputs import absent_label, check_outputs
from hokensha_roll.limits import SHARE_OF_ROWS, AtMost, Limits, rows_before
from hokensha_roll.progress import watched

if TYPE_CHECKING:
    from hokensha.policy import Rulebook
    from hokensha_roll.output.tables import Format
    from hokensha_roll.summary import Summary

    _AtMostType = click.ParamType[AtMost]
else:
    _AtMostType = click.ParamType  # only click's later versions let it be subscripted

REJECTED: Final = 3

ABOUT: Final = Label(
    "名簿 (CSV・Parquet) の全加入者を判定し、結果をフォルダーに書き出します。\n"
    "ROLL は .csv, .csv.gz, .parquet、または Parquet のフォルダー。\n"
    "列の対応は方針の [tool.roll] にあります。\n"
    "DIR には issuances, returns, undetermined, rejected.csv, summary.json, report.html を書きます。\n"
    "全部が書けたときにだけ現れ、以前の結果はそのとき置き換わります。\n"
    "出力の CSV は UTF-8 (BOM なし)、改行は CRLF です。Excel では「データ」から UTF-8 として取り込みます。\n"
    "終了コード: 0 完了、1 方針・名簿・出力先に誤りがあるか、件数が見込みと違う (何も書かない)、\n"
    "2 使い方の誤り、"
    "3 完了したが受け付けなかった行がある。",
    "Decide every member of a roll (CSV or Parquet), and write what that comes to.\n"
    "ROLL ends in .csv, .csv.gz or .parquet, or is a folder of Parquet files; its columns are\n"
    "mapped in the policy's [tool.roll].\n"
    "DIR gets issuances, returns, undetermined, rejected.csv, summary.json and report.html.\n"
    "It appears when all of it is written; an earlier run's output is replaced only then.\n"
    "CSV is written in UTF-8 without a byte order mark, lines ending in CRLF; in Excel,\n"
    "import it under 'Data' as UTF-8.\n"
    "Exit status: 0 done; 1 the policy, the roll or DIR is at fault, or the counts are not as\n"
    "expected, nothing is written; 2 wrong usage; 3 done, but some rows were rejected.",
)
ON: Final = Label("判定する日。", "The day asked.")
OUT: Final = Label("結果のフォルダー。", "The folder for the output.")
AS_OF: Final = Label("名簿の基準日。", "The day whose state the roll is.")
FORMAT: Final = Label("出力の形式 (既定は csv)。", "Form of the output (default: csv).")
AHEAD: Final = Label(
    "報告書に、今後 N か月に交付することになる書類の見込みも載せます (hokensha forecast と同じ)。",
    "Let the report forecast what falls due in N months, as hokensha forecast does.",
)
ROWS: Final = Label(
    "名簿の行数が N でなければ、何も書き換えません。", "Change nothing unless the roll has N rows."
)
MOST: Final = Label(
    "受け付けない行が N 行 (N% なら全行のうちの割合) を超えれば、何も書き換えません。",
    "Change nothing if more than N rows (N%: of all rows) are rejected.",
)
QUIET: Final = Label("経過と要約を表示しません。", "Show neither progress nor summary.")
LACKING: Final = Label(
    "警告: 加入者 {read:,} 人のうち {count:,} 人は、規則が使う次の項目の列が名簿にないため、まだ答えが"
    "出ません: {facts}。列を加えるか、方針の [tool.roll.columns] に列の見出しを書いてください。",
    "warning: {count:,} of {read:,} members are undetermined since the roll has no column for facts that the "
    "rules read: {facts}; add the columns, or give their headers in the policy's [tool.roll.columns].",
)
AS_OF_LATER: Final = Label(
    "注意: 名簿の基準日 {as_of} は判定日 {on} より後です。",
    "note: the roll is the state of {as_of}, after the day asked, {on}.",
)
FEWER: Final = Label(
    "警告: 名簿は {read:,} 行ですが、置き換えた前回の結果では {before:,} 行でした。"
    "名簿が途中で切れていないか確かめてください (--expect-rows N で行数を指定できます)。",
    "warning: the roll has {read:,} rows, and that of the output which was replaced had {before:,}: see that "
    "it was not cut short (--expect-rows N refuses any other number).",
)
SKIPPED: Final = Label(
    "注意: 何も書かれていない行が {:,} 行あり、読み飛ばしました。",
    "note: {:,} rows with nothing in them were passed over.",
)
EMPTY: Final = Label("注意: 名簿に加入者がいません。", "note: the roll holds no members.")
READING: Final = Label("名簿を判定中", "deciding the roll")
WRITTEN: Final = Label("{} に書き出しました。", "Written to {}.")
SOME_REJECTED: Final = Label("{} 行を受け付けませんでした: {}", "{} rows were rejected: {}")


class AtMostType(_AtMostType):
    """A number of rows, or a share of them."""

    name = "number or percentage"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AtMost:
        """What is typed."""
        if isinstance(value, AtMost):
            return value
        try:
            return AtMost.of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command(
    "run",
    cls=Command,
    about=ABOUT,
    examples=(
        "hokensha run policy.toml roll.csv --on 2026-11-21 --out out",
        "hokensha run policy.toml roll.parquet --on 2026-11-21 --as-of 2026-10-31 --out out --format parquet",
    ),
)
@click.argument("policy", type=click.Path())
@click.argument("roll", type=click.Path())
@option("--on", about=ON, type=DAY, required=True)
@option("--out", about=OUT, type=click.Path(), required=True, metavar="DIR")
@option("--as-of", about=AS_OF, type=DAY)
@option("--format", "format_", about=FORMAT, type=click.Choice(["csv", "parquet"]), default="csv")
@option("--ahead", about=AHEAD, type=click.IntRange(0, 120), default=0, metavar="N")
@option("--expect-rows", "rows", about=ROWS, type=click.IntRange(0), metavar="N")
@option("--max-rejected", "most", about=MOST, type=AtMostType(), metavar="N|N%")
@json_option
@option("--quiet", about=QUIET, is_flag=True)
@click.pass_context
def run(  # noqa: PLR0913 - one parameter for each argument of the command line
    ctx: click.Context,
    policy: str,
    roll: str,
    *,
    on: date,
    out: str,
    as_of: date | None,
    format_: str,
    ahead: int,
    rows: int | None,
    most: AtMost | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run a policy over a roll."""
    from hokensha.policy import open_rulebook  # noqa: PLC0415 - help and wrong usage need none of it
    from hokensha_roll.running import Request, run_roll  # noqa: PLC0415

    lang = language(ctx)
    check_outputs((policy, roll), (out,), lang, folders=True)
    limits = Limits(rows, most, lang)
    request = Request(
        Path(roll), Path(out), on, as_of, cast("Format", format_), ahead=ahead, limits=limits, lang=lang
    )
    before = rows_before(request.out)
    rulebook = open_rulebook(policy)
    with watched(READING, lang, quiet=quiet) as progress:
        summary = run_roll(rulebook, request, progress)
    if not quiet:
        _warn(rulebook, summary, before, lang)
    with afterwards(lang):
        if as_json:
            emit(summary.to_json())
        elif not quiet:
            _show(rulebook, summary, request.out, lang)
    ctx.exit(REJECTED if summary.rejected else 0)


def _warn(rulebook: Rulebook, summary: Summary, before: int, lang: Language) -> None:
    """Say on standard error what looks like a mistake in the roll, though it stops nothing."""
    if summary.read < before * SHARE_OF_ROWS:
        click.echo(FEWER.text(lang).format(read=summary.read, before=before), err=True)
    if summary.lacking:
        facts = (f"{rulebook.catalogue[fact].label.text(lang)} ({fact})" for fact in summary.wanted())
        said = LACKING.text(lang).format(
            count=summary.lacking, read=summary.read, facts=("、" if lang == "ja" else ", ").join(facts)
        )
        click.echo(said, err=True)
    others = [fact for fact in summary.absent if fact not in summary.wanted()]
    if others:
        click.echo(absent_label(rulebook, others).text(lang), err=True)
    if summary.as_of and summary.as_of > summary.on:
        click.echo(AS_OF_LATER.text(lang).format(as_of=summary.as_of, on=summary.on), err=True)
    if summary.skipped:
        click.echo(SKIPPED.text(lang).format(summary.skipped), err=True)
    if not summary.read:
        click.echo(EMPTY.text(lang), err=True)


def _show(rulebook: Rulebook, summary: Summary, out: Path, lang: Language) -> None:
    from hokensha_roll.report import report as page  # noqa: PLC0415 - only people need it
    from hokensha_roll.report import words  # noqa: PLC0415

    shown = console()
    insurer = rulebook.policy.insurer
    name = insurer.name if lang == "ja" else insurer.name_en
    days = f"{words.ON.text(lang)} {summary.on}  {words.AS_OF.text(lang)} {summary.as_of or '-'}"
    shown.print(f"{name}  {days}", soft_wrap=True)  # the terminal breaks the line, not the middle of a day
    counts = table("", words.COUNT.text(lang))
    counts.columns[-1].justify = "right"
    for label, count in page.counted(summary):
        counts.add_row(label.text(lang), f"{count:,}")
    shown.print(counts)
    owed = table(*(label.text(lang) for label in (words.DOCUMENT, words.TRIGGER, words.RULE, words.COUNT)))
    owed.columns[-1].justify = "right"
    for document, reason, rule, count in page.issued(rulebook, summary):
        owed.add_row(document.text(lang), reason.text(lang), rule, f"{count:,}")
    shown.print(owed)
    if summary.rejected:
        shown.print(SOME_REJECTED.text(lang).format(summary.rejected, out / "rejected.csv"))
    shown.print(WRITTEN.text(lang).format(out))
