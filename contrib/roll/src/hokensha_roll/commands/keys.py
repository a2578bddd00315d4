"""The command ``hokensha keys``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hokensha.text import Label, Language
from hokensha_cli.options import DAY, Command, json_option, language, option
from hokensha_cli.output import afterwards, console, emit, say, table
from hokensha_roll.commands.inputs import check_outputs
from hokensha_roll.keys.dialects import DIALECTS

if TYPE_CHECKING:
    from hokensha.policy import Rulebook

ABOUT: Final = Label(
    "データベースの中で判定します。加入者のデータは外に出ません。\n"
    "表の各行の状況キー (方針が見分けることを 1 つか 2 つの数にしたもの) を計算する SQL を表示し、\n"
    "数えたキーを判定して、行に結合する回答の表を書き出します。\n"
    "列の対応は方針の [tool.roll] にあります。日付の列は DATE 型とします。\n"
    "1. --count: キーごとの人数を数える SQL。結果を CSV に保存します。\n"
    "2. --decide: その CSV を判定します。回答が日付そのものによるキーは hangs.csv に入ります。\n"
    "3. hangs.csv を表として読み込み、--hangs と --count で数え直し、もう一度 --decide。\n"
    "4. --hangs だけの SQL で各行にキーと日付を付け、answers.csv などを結合します。",
    "Decide where the data are: no member's data leave the database.\n"
    "Prints the SQL that computes each row's situation key (all that the policy tells apart, as one\n"
    "or two numbers); decides keys that were counted; writes tables of answers to join to the rows.\n"
    "Columns are mapped in the policy's [tool.roll]; those of days have to be of type DATE.\n"
    "1. --count: the SQL that counts the rows of each key. Save what it gives as CSV.\n"
    "2. --decide: decides that file. Keys whose answers hang on the very days go to hangs.csv.\n"
    "3. Load hangs.csv as a table, count again with --hangs and --count, and --decide that.\n"
    "4. With --hangs alone, the SQL gives each row its key and days: join answers.csv to it.",
)
ON: Final = Label("判定する日。", "The day asked.")
DIALECT: Final = Label(
    "SQL を、このデータベースの書き方で表示します。", "Print SQL, as this database writes it."
)
TABLE: Final = Label("加入者の表 (既定は members)。", "The members' table (default: members).")
COLUMNS: Final = Label(
    "表にある列 (コンマ区切り)。ない項目は全員について不明とします。既定は方針が使うすべての列。",
    "The columns that the table has, separated by commas; any other fact is unknown for everybody.\n"
    "Default: all that the policy reads.",
)
COUNTING: Final = Label("行を数える SQL を表示します。", "Print SQL that counts the rows.")
HANGS: Final = Label("hangs.csv を読み込んだ表。", "The table in which hangs.csv was loaded.")
DECIDE: Final = Label("数えたキー (CSV) を判定します。", "Decide the keys that were counted (CSV).")
OUT: Final = Label("--decide の結果のフォルダー。", "The folder for what --decide comes to.")
QUIET: Final = Label("要約を表示しません。", "Show no summary.")
WHICH: Final = "expected '--dialect DIALECT', or '--decide FILE --out DIR'"
EXTRA: Final = "needs sqlglot, which is not installed: pip install 'hokensha-roll[sql]'"
COUNT: Final = Label("人数", "Members")
COUNTED: Final = Label("数えた", "counted")
KINDS: Final[Mapping[str, Label]] = {
    "decided": Label("判定した", "decided"),
    "undetermined": Label("不明な項目があり判定できない", "undetermined"),
    "hanging": Label("日付による (hangs.csv)", "hang on days (hangs.csv)"),
    "rejected": Label("受け付けない (rejected.csv)", "rejected (rejected.csv)"),
    "without_key": Label("キーがない (hokensha run で判定)", "without a key (for hokensha run)"),
}
WRITTEN: Final = Label("{} に書き出しました。", "Written to {}.")
NEXT: Final = Label(
    "次に: {}/hangs.csv を表として読み込み、--hangs と --count で数えてください。",
    "next: load {}/hangs.csv as a table, and count with --hangs and --count.",
)


@click.command(
    "keys",
    cls=Command,
    about=ABOUT,
    examples=(
        "hokensha keys policy.toml --on 2026-11-21 --dialect postgres --count",
        "hokensha keys policy.toml --on 2026-11-21 --decide keys.csv --out keys",
        "hokensha keys policy.toml --on 2026-11-21 --dialect postgres --hangs hangs --count",
        "hokensha keys policy.toml --on 2026-11-21 --decide cases.csv --out cases",
        "hokensha keys policy.toml --on 2026-11-21 --dialect postgres --hangs hangs",
    ),
)
@click.argument("policy", type=click.Path())
@option("--on", about=ON, type=DAY, required=True)
@option("--dialect", about=DIALECT, type=click.Choice(DIALECTS))
@option("--table", "table_", about=TABLE, default="members", metavar="NAME")
@option("--columns", about=COLUMNS, metavar="A,B,...")
@option("--count", about=COUNTING, is_flag=True)
@option("--hangs", about=HANGS, metavar="NAME")
@option("--decide", about=DECIDE, type=click.Path(), metavar="FILE")
@option("--out", about=OUT, type=click.Path(), metavar="DIR")
@json_option
@option("--quiet", about=QUIET, is_flag=True)
def keys(  # noqa: PLR0913 - one parameter for each argument of the command line
    policy: str,
    *,
    on: date,
    dialect: str | None,
    table_: str,
    columns: str | None,
    count: bool,
    hangs: str | None,
    decide: str | None,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compute keys where the data are, or decide keys that were counted there."""
    from hokensha.policy import open_rulebook  # noqa: PLC0415 - help and wrong usage need none of it

    ctx = click.get_current_context()
    if (dialect is None) is (decide is None) or (decide is None) is not (out is None):
        raise click.UsageError(WHICH, ctx)
    if decide is not None and out is not None:
        from hokensha_roll.answers import decide_keys  # noqa: PLC0415 - see above

        check_outputs((policy, decide), (out,), language(), folders=True)
        summary = decide_keys(open_rulebook(policy), on, Path(decide), Path(out))
        with afterwards(language()):
            if as_json:
                emit(summary)
            elif not quiet:
                _show(summary, out, language())
    elif dialect is not None:
        held = None if columns is None else [name.strip() for name in columns.split(",")]
        say(_sql(open_rulebook(policy), on, dialect, table_, columns=held, hangs=hangs, count=count))


def _sql(rulebook: Rulebook, on: date, dialect: str, table: str, **how: Any) -> str:
    try:
        from hokensha_roll.keys.sql import key_sql  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if error.name != "sqlglot":
            raise
        raise click.UsageError(f"--dialect {EXTRA}", click.get_current_context()) from None
    return key_sql(rulebook, on, dialect, table, **how) + ";"


def _show(summary: Mapping[str, Any], out: str, lang: Language) -> None:
    shown = console()
    counts = table("", COUNT.text(lang))
    counts.columns[-1].justify = "right"
    counts.add_row(COUNTED.text(lang), f"{summary['counted']:,}")
    for kind, label in KINDS.items():
        if summary[kind] or kind == "decided":
            counts.add_row(label.text(lang), f"{summary[kind]:,}")
    shown.print(counts)
    shown.print(WRITTEN.text(lang).format(out))
    if summary["hanging"]:
        shown.print(NEXT.text(lang).format(out), soft_wrap=True)
