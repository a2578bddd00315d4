"""The command ``hokensha make-roll``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import click

from hokensha.text import Label
from hokensha_cli.options import DAY, Command, json_option, language, option
from hokensha_cli.output import afterwards, emit, say
from hokensha_roll import watched
from hokensha_roll.commands.inputs import check_outputs

MOST: Final = 50_000_000

ABOUT: Final = Label(
    "方針に合った架空の名簿を、好きな人数で作ります。実在の人は一人もいません。\n"
    "列・日付の書き方・符号・文字コードは、方針の [tool.roll] のとおりです。\n"
    "FILE は .csv, .csv.gz, .parquet。全部が書けたときにだけ現れ、以前のファイルを置き換えます。\n"
    "方針・人数・SEED・オプションが同じなら、いつ作っても同じ内容になります。",
    "Make up a roll that fits a policy, with as many members as you like. None of them exists.\n"
    "Columns, forms of days, codes and encoding are those of the policy's [tool.roll].\n"
    "FILE ends in .csv, .csv.gz or .parquet. It appears when all of it is written, and replaces\n"
    "an earlier one only then.\n"
    "The same policy, number, seed and options give the same members at any time.",
)
MEMBERS: Final = Label("加入者の数。", "How many members.")
SEED: Final = Label("乱数の種。違えば別の人々になります。", "Another seed makes other members.")
OUT: Final = Label("名簿のファイル。", "The roll's file.")
AS_OF: Final = Label(
    "名簿の基準日 (既定は方針の公表日)。",
    "The day whose state the roll is (default: the day on which the policy was published).",
)
UNKNOWN: Final = Label(
    "分からない項目のある加入者の割合 (既定は 0.02)。空欄が不明を意味する列だけが空きます。",
    "Share of the members of whom something is not known (default: 0.02); only columns are left\n"
    "empty whose empty cell means that.",
)
QUIET: Final = Label("経過と要約を表示しません。", "Show neither progress nor summary.")
MAKING: Final = Label("名簿を作成中", "making the roll")
WRITTEN: Final = Label(
    "{insurer}: 架空の加入者 {members:,} 人 ({as_of} 現在、うち不明な項目のある人 {unknown:,} 人) を "
    "{out} に書き出しました。",
    "{insurer}: {members:,} made-up members as of {as_of}, {unknown:,} of them with something unknown, "
    "written to {out}.",
)


@click.command(
    "make-roll",
    cls=Command,
    about=ABOUT,
    examples=(
        "hokensha make-roll policy.toml --members 1000 --seed 1 --out roll.csv",
        "hokensha make-roll policy.toml --members 5000000 --seed 7 --as-of 2026-10-31 --out roll.parquet",
    ),
)
@click.argument("policy", type=click.Path())
@option("--members", about=MEMBERS, type=click.IntRange(0, MOST), required=True, metavar="N")
@option("--seed", about=SEED, type=click.IntRange(0), required=True, metavar="SEED")
@option("--out", about=OUT, type=click.Path(), required=True, metavar="FILE")
@option("--as-of", about=AS_OF, type=DAY)
@option("--unknown", about=UNKNOWN, type=click.FloatRange(0, 1), default=0.02, metavar="SHARE")
@json_option
@option("--quiet", about=QUIET, is_flag=True)
@click.pass_context
def make_roll(  # noqa: PLR0913 - one parameter for each argument of the command line
    ctx: click.Context,
    policy: str,
    *,
    members: int,
    seed: int,
    out: str,
    as_of: date | None,
    unknown: float,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make up a roll for a policy."""
    from hokensha.policy import open_rulebook  # noqa: PLC0415 - help and wrong usage need none of it
    from hokensha_sample_roll import making  # noqa: PLC0415

    lang = language(ctx)
    check_outputs((policy,), (out,), lang)
    wanted = making.Wanted(Path(out), members, seed, as_of, unknown)
    rulebook = open_rulebook(policy)
    with watched(MAKING, lang, quiet=quiet) as progress:
        made = making.make_roll(rulebook, wanted, progress)
    with afterwards(lang):
        if as_json:
            emit(made.to_json())
        elif not quiet:
            insurer = rulebook.policy.insurer
            named = {"insurer": insurer.name if lang == "ja" else insurer.name_en, "as_of": made.as_of}
            say(WRITTEN.text(lang).format(**named, members=members, unknown=made.unknown, out=wanted.out))
