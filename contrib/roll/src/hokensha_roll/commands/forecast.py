"""The command ``hokensha forecast``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hokensha.text import Label, Language
from hokensha_cli.options import Command, json_option, language, option
from hokensha_cli.output import afterwards, console, emit, say, table
from hokensha_roll.commands.inputs import absent_label, check_outputs
from hokensha_roll.progress import watched

if TYPE_CHECKING:
    from hokensha.policy import Rulebook
    from hokensha_roll.forecasting import Forecast

    _MonthType = click.ParamType[date]
else:
    _MonthType = click.ParamType  # only click's later versions let it be subscripted

ABOUT: Final = Label(
    "今後の月ごとに、交付することになる書類の数を名簿から見積もります。印刷・郵送の予算のためです。\n"
    "毎月の判定日に交付すべき書類をすべて交付したものとして、翌月以降の有効期限切れ、電子証明書の失効、\n"
    "誕生日などを順に数えます。名簿にない出来事 (加入・紛失・カードの更新など) は起こらないものとします。\n"
    "最初の月には、それまでに交付すべきであったものも入ります。",
    "Estimate from a roll how many documents fall due in each of the coming months.\n"
    "A budget for print and postage is made from that.\n"
    "Everything owed on the days of a month's runs is taken as issued on that day; then come the\n"
    "certificates that expire, the electronic certificates that lapse, the birthdays. What the roll\n"
    "does not know of (new members, lost cards, renewals) is taken not to happen.\n"
    "The first month includes what was owed already.",
)
FROM: Final = Label("最初の月。", "The first month.")
THROUGH: Final = Label("最後の月。", "The last month.")
RUN_DAY: Final = Label(
    "交付する日 (毎月 N 日。繰り返し可。既定は 10・20・31。ない日は月末)。",
    "A day of the month on which documents are issued (repeatable; default: 10, 20 and 31;\n"
    "a day that a month lacks is its last).",
)
CSV: Final = Label("CSV としても書き出します。", "Write it as CSV, too.")
SVG: Final = Label("グラフ (SVG) としても書き出します。", "Write it as a chart (SVG), too.")
HTML: Final = Label(
    "表とグラフのページとしても書き出します。", "Write it as a page with table and chart, too."
)
QUIET: Final = Label("経過と表を表示しません。", "Show neither progress nor table.")
GOING: Final = Label("名簿を見積り中", "forecasting")
MONTH: Final = Label("月", "Month")
TOTAL: Final = Label("計", "Total")
OPEN: Final = Label(
    "注意: {} 人は不明な項目があり、これより多くなることがあります。",
    "note: of {} members something is not known; more may be owed to them.",
)
REJECTED: Final = Label(
    "注意: 読めない行 {} 行は数えていません。", "note: {} rows could not be read, and are not counted."
)
WRITTEN: Final = Label("{} に書き出しました。", "Written to {}.")


class Month(_MonthType):
    """A month as people type it."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The month's first day."""
        if isinstance(value, date):
            return value
        if not re.fullmatch(r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])", value):
            self.fail(f"expected a month as YYYY-MM, found {value!r}", param, ctx)
        return date.fromisoformat(f"{value}-01")


@click.command(
    "forecast",
    cls=Command,
    about=ABOUT,
    examples=(
        "hokensha forecast policy.toml roll.parquet --from 2026-12 --through 2027-11",
        "hokensha forecast policy.toml roll.csv --from 2026-12 --through 2027-03 --csv budget.csv",
    ),
)
@click.argument("policy", type=click.Path())
@click.argument("roll", type=click.Path())
@option("--from", "first", about=FROM, type=Month(), required=True, metavar="MONTH")
@option("--through", "last", about=THROUGH, type=Month(), required=True, metavar="MONTH")
@option("--run-day", "run_days", about=RUN_DAY, type=click.IntRange(1, 31), multiple=True, metavar="N")
@option("--csv", "csv_file", about=CSV, type=click.Path(), metavar="FILE")
@option("--svg", "svg_file", about=SVG, type=click.Path(), metavar="FILE")
@option("--html", "html_file", about=HTML, type=click.Path(), metavar="FILE")
@json_option
@option("--quiet", about=QUIET, is_flag=True)
@click.pass_context
def forecast(  # noqa: PLR0913 - one parameter for each argument of the command line
    ctx: click.Context,
    policy: str,
    roll: str,
    *,
    first: date,
    last: date,
    run_days: tuple[int, ...],
    csv_file: str | None,
    svg_file: str | None,
    html_file: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Forecast a roll's issuances."""
    from hokensha.policy import open_rulebook  # noqa: PLC0415 - help and wrong usage need none of it
    from hokensha_roll.forecasting import RUN_DAYS, Ahead, forecast_roll  # noqa: PLC0415
    from hokensha_roll.report.chart import forecast_svg  # noqa: PLC0415

    lang = language(ctx)
    if not first <= last <= first.replace(year=first.year + 50):
        raise click.BadParameter(
            "expected a month from the first on, at most 50 years after it", ctx, param_hint="--through"
        )
    check_outputs((policy, roll), (csv_file, svg_file, html_file), lang)
    rulebook = open_rulebook(policy)
    ahead = Ahead(Path(roll), first, last, run_days or RUN_DAYS)
    with watched(GOING, lang, quiet=quiet) as progress:
        found = forecast_roll(rulebook, ahead, progress)
    asked: tuple[tuple[str | None, Callable[[], str]], ...] = (
        (csv_file, found.months.to_csv),
        (svg_file, lambda: forecast_svg(rulebook, found.months, lang)),
        (html_file, lambda: _page(rulebook, found, Path(roll).name)),
    )
    files = {path: text for path, text in asked if path is not None}
    _write(files)
    with afterwards(lang) if files else nullcontext():
        if as_json:
            emit(found.to_json())
        elif not quiet:
            _show(rulebook, found, lang)
            for path in files:
                say(WRITTEN.text(lang).format(path))
    if not quiet:
        for note in _notes(rulebook, found):
            click.echo(note.text(lang), err=True)


def _write(files: Mapping[str, Callable[[], str]]) -> None:
    """Write all files, or none."""
    from hokensha_roll.output.replacing import explained, replacing_all  # noqa: PLC0415 - see above

    with replacing_all(*map(Path, files)) as beside:
        for (path, text), written in zip(files.items(), beside, strict=True):
            with explained(Path(path)):
                written.write_text(text(), encoding="utf-8", newline="")


def _page(rulebook: Rulebook, found: Forecast, roll: str) -> str:
    from hokensha_roll.report.report import forecast_html  # noqa: PLC0415 - see above

    return forecast_html(
        rulebook,
        found.months,
        roll,
        roll_digest=found.roll_digest,
        as_of=found.as_of,
        notes=_notes(rulebook, found),
    )


def _notes(rulebook: Rulebook, found: Forecast) -> list[Label]:
    """What the counts leave out."""
    absent = [absent_label(rulebook, found.absent)] if found.absent else []
    return absent + [
        Label(said.ja.format(f"{count:,}"), said.en.format(f"{count:,}"))
        for count, said in ((found.undetermined, OPEN), (found.rejected, REJECTED))
        if count
    ]


def _show(rulebook: Rulebook, found: Forecast, lang: Language) -> None:
    """A line for each month, a column for each document."""
    shown, months = console(), found.months
    counts = months.by_document()
    documents = list(dict.fromkeys(document for _, document in sorted(counts)))
    names = (rulebook.document(document).label.text(lang) for document in documents)
    rows = table(MONTH.text(lang), *names, TOTAL.text(lang))
    for column in rows.columns[1:]:
        column.justify = "right"
    for month in months.months():
        cells = [counts.get((month, document), 0) for document in documents]
        rows.add_row(month, *(f"{count:,}" for count in (*cells, sum(cells))))
    sums = [sum(counts.get((month, document), 0) for month in months.months()) for document in documents]
    rows.add_row(TOTAL.text(lang), *(f"{count:,}" for count in (*sums, sum(sums))))
    insurer = rulebook.policy.insurer
    shown.print(insurer.name if lang == "ja" else insurer.name_en, soft_wrap=True)
    shown.print(rows)
