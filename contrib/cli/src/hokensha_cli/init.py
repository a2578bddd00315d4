"""``hokensha init``: the policies to start from that plugins bring along."""

from __future__ import annotations

from collections.abc import Iterable

import click

from hokensha.errors import Finding, PluginError, QuestionError
from hokensha.text import nearest
from hokensha_cli import words
from hokensha_cli.options import Command, language, option
from hokensha_cli.output import console, one_line, table, write


@click.command(
    "init",
    cls=Command,
    about=words.INIT,
    examples=(
        "hokensha init --list",
        "hokensha init --plugin late-elderly > policy.toml",
        "hokensha init --plugin mutual-aid --preset NAME > policy.toml",
    ),
)
@option("--plugin", about=words.PLUGIN)
@option("--preset", about=words.PRESET)
@option("--list", "list_", about=words.LIST_PRESETS, is_flag=True)
def init_command(plugin: str | None, preset: str | None, *, list_: bool) -> None:
    """Print a preset, or list them."""
    from hokensha import plugins  # noqa: PLC0415 - help needs none of this

    if plugin is None and not list_:
        raise click.UsageError("expected '--plugin NAME', or '--list'", click.get_current_context())
    if plugin is None:
        _list(plugins.names())
        return
    presets = plugins.presets(plugin)
    if list_:
        _list([plugin])
        return
    if preset is None and presets:
        preset = next(iter(presets))
    if preset is None or preset not in presets:
        wanted = f"no preset '{preset}'{nearest(preset, list(presets))}" if preset else "no preset"
        message = f"plugin '{plugin}' has {wanted}; it has: {_listed(presets)}"
        raise QuestionError(Finding("", message, "unknown-preset"))
    write(presets[preset].encode())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _list(names: Iterable[str]) -> None:
    from hokensha import plugins  # noqa: PLC0415 - help needs none of this

    lang = language()
    listed = table(words.NAME.text(lang), words.PRESET_WORD.text(lang))
    for name in names:
        try:
            presets = _listed(plugins.presets(name))
        except PluginError as error:
            presets = one_line(str(error))
        listed.add_row(name, presets)
    console().print(listed)
