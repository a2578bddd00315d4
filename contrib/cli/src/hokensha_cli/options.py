"""What the commands have in common: help in two languages, ``--lang``, days, documents.

Commands of other distributions (entry points of the group ``hokensha.commands``) use these, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from hokensha.errors import QuestionError
from hokensha.facts import FIRST_DAY, LAST_DAY
from hokensha.text import Label, Language
from hokensha_cli import wareki, words
from hokensha_cli.streams import ours

if TYPE_CHECKING:
    from hokensha.policy import Rulebook
    from hokensha.rules import Document

F = TypeVar("F", bound=Callable[..., Any])
_LANG = "hokensha.lang"


def language(ctx: click.Context | None = None) -> Language:
    """The language of the command that is running."""
    ctx = ctx or click.get_current_context(silent=True)
    chosen = ctx.meta.get(_LANG) if ctx else None
    return cast("Language", chosen) if chosen else language_of((), os.environ)


def set_language(ctx: click.Context, lang: Language) -> None:
    """Make ``lang`` the language of the command that is running."""
    ctx.meta[_LANG] = lang


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """What the last ``--lang`` says, else what the locale says: Japanese, or else English.

    Looked for before anything is parsed, so that help and wrong usage are said in it wherever it stands.
    """
    values = [after for flag, after in pairwise(arguments) if flag == "--lang"]
    values += [argument.partition("=")[2] for argument in arguments if argument.startswith("--lang=")]
    for value in reversed(values):
        if value in ("ja", "en"):
            return cast("Language", value)
    locale = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(k))), "")
    return "ja" if locale.lower().startswith("ja") else "en"


class Option(click.Option):
    """An option that explains itself in both languages."""

    def __init__(self, *args: Any, about: Label, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.about = about

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's names and what it does."""
        lang = language(ctx)
        self.help = self.about.text(lang)
        record = super().get_help_record(ctx)
        return record and (record[0], record[1].replace("[required]", words.REQUIRED.text(lang)))


class Command(click.Command):
    """A command that explains itself in both languages, with examples."""

    def __init__(self, *args: Any, about: Label, examples: tuple[str, ...], **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.about = about
        self.examples = examples

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; of a group, each command for itself, since help is an answer, too."""
        with nullcontext() if isinstance(self, click.Group) else ours():
            return super().invoke(ctx)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click's signature
        """The first line of what the command does."""
        return self.about.text(language()).split("\n")[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows the arguments."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=words.USAGE.text(language(ctx)))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        for line in self.about.text(language(ctx)).split("\n"):
            formatter.write(f"  {line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = (p for p in self.get_params(ctx) if isinstance(p, click.Option))
        records = [record for each in options if (record := each.get_help_record(ctx))]
        with formatter.section(words.OPTIONS.text(language(ctx))):
            formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        with formatter.section(words.EXAMPLES.text(language(ctx))):
            for example in self.examples:
                formatter.write(f"  {example}\n")

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """``-h`` is understood everywhere, too."""
        return ["-h", *super().get_help_option_names(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, in the right language."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = words.HELP.text(language(ctx))
        return found


def option(*names: str, about: Label, **attrs: Any) -> Callable[[F], F]:
    """An option of a command; ``about`` is its help."""
    return click.option(*names, cls=Option, about=about, **attrs)


def lang_option() -> Option:
    """The option ``--lang``; the group gives it to every command that has none."""

    def choose(ctx: click.Context, _: click.Parameter, value: Language | None) -> None:
        if value is not None:
            set_language(ctx, value)

    return Option(
        ["--lang"],
        about=words.LANG,
        type=click.Choice(["ja", "en"]),
        expose_value=False,
        is_eager=True,
        callback=choose,
    )


def json_option(function: F) -> F:
    """The option ``--json``, as parameter ``as_json``."""
    return option("--json", "as_json", about=words.JSON, is_flag=True)(function)


def document_of(rulebook: Rulebook, id_: str) -> Document:
    """The document that was named on the command line; which there are, only the policy says.

    Raises:
        UsageError: This policy knows no such document; names those that it knows.
    """
    try:
        return rulebook.document(id_)
    except QuestionError as error:
        raise click.UsageError(error.findings[0].message, click.get_current_context()) from None


if TYPE_CHECKING:
    _DayType = click.ParamType[date]
else:
    _DayType = click.ParamType  # only click's later versions let it be subscripted


class Day(_DayType):
    """A day as people type it: ISO, or by Japanese era."""

    name = "day"
    first, last = FIRST_DAY, LAST_DAY

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """The day that was typed."""
        if isinstance(value, date):
            return value
        try:
            found = wareki.parse_day(value, "iso")
        except ValueError as iso:
            try:
                found = wareki.parse_day(value, "wareki")
            except ValueError as era:
                shape = "expected" not in str(iso)  # written as an ISO day, but there is none
                reason = iso if shape else era if "expected" not in str(era) else None
                expected = "expected a day as YYYY-MM-DD, or by era, such as 令和7年12月1日 or R7.12.1"
                found_ = f"{reason}: {value!r}; {expected}" if reason else f"{expected}, found {value!r}"
                self.fail(found_, param, ctx)
        if not self.first <= found <= self.last:
            self.fail(
                f"{value!r} is out of range: expected a day from {self.first} to {self.last}", param, ctx
            )
        return found


DAY = Day()
