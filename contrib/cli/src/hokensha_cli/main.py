"""The command ``hokensha``: finds its commands when asked for them, says what went wrong in a line."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import click

from hokensha.errors import Finding, HokenshaError
from hokensha.foreign import stopped
from hokensha.text import Language
from hokensha_cli import signals, words
from hokensha_cli.options import Command, Option, lang_option, language, language_of, set_language
from hokensha_cli.output import complain, report
from hokensha_cli.streams import Gone, Unwritable, guard_streams
from hokensha_cli.watching import Watch

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "hokensha.commands"
"""The entry points by which distributions, this one included, add commands."""
ELSEWHERE = {
    **dict.fromkeys(("run", "forecast", "keys"), "hokensha-roll"),
    "make-roll": "hokensha-sample-roll",
    **dict.fromkeys(("check", "decide --why"), "hokensha-verify"),
    **dict.fromkeys(("cases", "new-plugin", "schema cases"), "hokensha-conformance"),
}
"""What other distributions of hokensha bring, for those who ask for it where it is not installed."""
FAULT, USAGE, INTERRUPTED, PIPE_BROKEN = 1, 2, 130, 141


class Commands(Command, click.Group):
    """The group of all commands: this distribution's and those of others, each imported when it is needed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Settle the language first; without a command, show the help."""
        set_language(ctx, language_of(args, os.environ))
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(USAGE)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands that are installed."""
        return sorted(_installed(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        entry = _own().get(cmd_name) or _installed(ctx).get(cmd_name)
        return None if entry is None else _with_lang(_loaded(entry, language(ctx)))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or what to install, or the nearest name."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            ctx.fail(_absent(name, self.list_commands(ctx), ctx))
        return name, command, args[1:]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and the commands."""
        super().format_options(ctx, formatter)
        with formatter.section(words.COMMANDS.text(language(ctx))):
            formatter.write_dl([(name, self._short_help(ctx, name)) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever goes wrong is said in lines on standard error."""
        lang = language(ctx)
        signals.begin()
        watch = Watch(lambda found: _give_up(found, lang))
        try:
            with watch.on():
                return super().invoke(ctx)
        except HokenshaError as error:
            report(error.findings, lang)
        except KeyboardInterrupt:
            if watch.found is None:
                return ctx.exit(INTERRUPTED)
            report([watch.found], lang)
        except (click.ClickException, click.exceptions.Exit, click.Abort, Unwritable, Gone):
            raise
        except Exception as error:  # noqa: BLE001 - a traceback helps nobody at a counter
            if signals.status() is None:  # else it is what somebody made of a signal
                _unexpected(error, lang)
        finally:
            signals.ignore_signals()
        return ctx.exit(FAULT)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's signature
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - click's signature
        **extra: Any,
    ) -> Any:
        """Run the command line, and exit with its status (or, not being standalone, return it)."""
        arguments = list(sys.argv[1:] if args is None else args)
        lang = language_of(arguments, os.environ)
        try:
            status = super().main(
                args=arguments,
                prog_name=prog_name or "hokensha",
                complete_var=complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )
            sys.stdout.flush()
        except (click.Abort, KeyboardInterrupt):
            status = INTERRUPTED
        except click.ClickException as error:
            _misused(error, lang)
            status = error.exit_code
        except Unwritable as error:
            complain(words.UNWRITABLE.text(lang).format(error), lang)
            status = FAULT
        except Gone:
            status = PIPE_BROKEN
        status = signals.status() or status
        if standalone_mode:
            sys.exit(status)
        return status

    def _short_help(self, ctx: click.Context, name: str) -> str:
        lang = language(ctx)
        try:
            command = self.get_command(ctx, name)
        except click.ClickException as error:
            return words.CANNOT_LOAD.text(lang).format(error.format_message())
        return command.get_short_help_str(limit=60) if command else ""


@cache
def _own() -> Mapping[str, EntryPoint]:
    """The commands of this distribution: whoever asks for one need not wait until all others are read."""
    from importlib.metadata import distribution  # noqa: PLC0415 - to say what is wrong takes none of it

    return {entry.name: entry for entry in distribution("hokensha-cli").entry_points.select(group=GROUP)}


def _installed(ctx: click.Context) -> Mapping[str, EntryPoint]:
    """The commands of all distributions; of two with the same name our own counts, or the first by module."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - as above

    if GROUP not in ctx.meta:
        found = sorted(entry_points(group=GROUP), key=lambda e: (e.name, e.value), reverse=True)
        ctx.meta[GROUP] = {**{entry.name: entry for entry in found}, **_own()}
    return cast("Mapping[str, EntryPoint]", ctx.meta[GROUP])


def _loaded(entry: EntryPoint, lang: Language) -> click.Command:
    try:
        command = entry.load()
    except BaseException as error:
        if stopped(error):
            raise
        reason = f"{type(error).__name__}: {error}"
    else:
        if isinstance(command, click.Command):
            return command
        reason = f"{type(command).__name__} is no click command"
    origin = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    raise click.ClickException(words.COMMAND_BROKEN.text(lang).format(entry.name, origin, reason))


def _with_lang(command: click.Command) -> click.Command:
    if not any("--lang" in parameter.opts for parameter in command.params):
        command.params.append(lang_option())
    return command


def elsewhere(name: str, lang: Language) -> str:
    """What to install for something that another distribution brings; empty if none is known to."""
    return words.NOT_INSTALLED.text(lang).format(name, ELSEWHERE[name]) if name in ELSEWHERE else ""


def _absent(name: str, known: list[str], ctx: click.Context) -> str:
    lang = language(ctx)
    if message := elsewhere(name, lang):
        return message
    from difflib import get_close_matches  # noqa: PLC0415 - only errors need it

    message = words.NO_COMMAND.text(lang).format(name)
    for near in get_close_matches(name, known, n=1):
        message += f" ({words.DID_YOU_MEAN.text(lang).format(near)})"
    return message


def _misused(error: click.ClickException, lang: Language) -> None:
    """What was wrong with the command line, in a line, and where to read on."""
    complain(error.format_message(), lang)
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.UsageError) and ctx is not None:
        click.echo(words.SEE_HELP.text(lang).format(f"{ctx.command_path} --help"), err=True)


def _unexpected(error: Exception, lang: Language) -> None:
    """One line with what to report; the exception's own words may repeat a member's facts and stay out."""
    if os.environ.get("HOKENSHA_DEBUG") == "1":
        traceback.print_exception(error)
        return
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno} {last.name}"  # noqa: PTH119 - any file name
    message = words.INTERNAL.text(lang).format(
        version=_version(), what=type(error).__name__, where=where, python=platform.python_version()
    )
    complain(message, lang)


def _give_up(found: Finding, lang: Language) -> None:
    """End at once, as nothing else helps; what has been begun is not cleaned up."""
    report([found], lang)
    os._exit(FAULT)


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - only for those who ask

    return version("hokensha")


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not ctx.resilient_parsing:
        click.echo(f"hokensha {_version()}")
        ctx.exit()


cli = Commands(
    "hokensha",
    about=words.HOKENSHA,
    examples=(
        "hokensha init --plugin late-elderly > policy.toml",
        "hokensha check policy.toml",
        "hokensha decide policy.toml member.json --on 2026-11-21 --why",
        "hokensha --lang en rules policy.toml --format html > rules.html",
    ),
    params=[
        Option(
            ["--version"],
            about=words.VERSION,
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_show_version,
        ),
        lang_option(),
    ],
)


def main() -> None:
    """Run the command line, as the script ``hokensha`` does."""
    guard_streams()
    signals.catch_signals()
    cli()
