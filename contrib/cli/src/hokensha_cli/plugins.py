"""``hokensha plugins``: what is installed, and whether it can be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hokensha_cli import words
from hokensha_cli.japanese import said
from hokensha_cli.options import Command, json_option, language
from hokensha_cli.output import console, emit, one_line, say, table

if TYPE_CHECKING:
    from hokensha.plugins import PluginState
    from hokensha.text import Language


@click.command(
    "plugins",
    cls=Command,
    about=words.PLUGINS,
    examples=("hokensha plugins", "hokensha plugins --json --lang en"),
)
@json_option
def plugins_command(*, as_json: bool) -> None:
    """List the plugins."""
    from hokensha.plugins import installed  # noqa: PLC0415 - help needs none of this

    states, lang = installed(), language()
    if as_json:
        emit([_json(state, lang) for state in states])
    else:
        _write(states, lang)


def _json(state: PluginState, lang: Language) -> dict[str, object]:
    return {
        "name": state.provider.name,
        "distribution": state.provider.distribution,
        "version": state.provider.version,
        "hooks": list(state.hooks),
        "state": said(state.problem, lang) if state.problem else "loadable",
    }


def _write(states: tuple[PluginState, ...], lang: Language) -> None:
    if not states:
        say(words.NO_PLUGINS.text(lang))
        return
    headers = (words.NAME, words.DISTRIBUTION, words.VERSION_WORD, words.HOOKS, words.STATE)
    listed = table(*(header.text(lang) for header in headers))
    for state in states:
        provider = state.provider
        problem = one_line(said(state.problem, lang)) if state.problem else words.LOADABLE.text(lang)
        cells = [one_line(each) for each in (provider.name, provider.distribution, provider.version)]
        listed.add_row(*cells, "\n".join(state.hooks), problem, style="red" if state.problem else None)
    console().print(listed)
