"""``hokensha init``: the policies to start from that plugins bring along."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

import click

from hokensha.cli import words
from hokensha.cli.options import Command, language, option
from hokensha.cli.output import console, one_line, table
from hokensha.errors import Finding, PluginError, QuestionError
from hokensha.text import nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


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
    if plugin is None and not list_:
        raise click.UsageError("expected '--plugin NAME', or '--list'", click.get_current_context())
    entries = _entries()
    if plugin is not None and plugin not in entries:
        message = f"no plugin '{plugin}'{nearest(plugin, list(entries))}; installed: {_listed(entries)}"
        raise PluginError(Finding("", message, "plugin-missing"))
    if list_ or plugin is None:
        _list({plugin: entries[plugin]} if plugin else entries)
        return
    presets = _presets(entries[plugin])
    if preset is None and presets:
        preset = next(iter(presets))
    if preset is None or preset not in presets:
        wanted = f"no preset '{preset}'{nearest(preset, list(presets))}" if preset else "no preset"
        message = f"plugin '{plugin}' has {wanted}; it has: {_listed(presets)}"
        raise QuestionError(Finding("", message, "unknown-preset"))
    click.echo(presets[preset].encode(), nl=False)


def _listed(names: dict[str, object] | dict[str, EntryPoint] | dict[str, str]) -> str:
    return ", ".join(names) or "none"


def _entries() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - help needs none of this

    from hokensha.markers import PROJECT  # noqa: PLC0415

    found = sorted(entry_points(group=PROJECT), key=lambda e: (e.name, e.value), reverse=True)
    return {entry.name: entry for entry in reversed(found)}


def _presets(entry: EntryPoint) -> dict[str, str]:
    """The presets of a plugin by name: the files ``presets/*.toml`` of its package."""
    try:
        module = import_module(entry.module)
        package = entry.module if hasattr(module, "__path__") else entry.module.rpartition(".")[0]
        folder = files(package) / "presets" if package else None
        found = [each for each in folder.iterdir() if each.name.endswith(".toml")] if folder else []
        presets = {each.name.removesuffix(".toml"): each.read_text("utf-8") for each in found}
        return dict(sorted(presets.items()))
    except FileNotFoundError:
        return {}
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises when it is imported
        reason = one_line(f"{type(error).__name__}: {error}")
        message = f"cannot be imported ({entry.module}): {reason}; mend, reinstall or upgrade it"
        raise PluginError(Finding(f"plugin {entry.name}", message, "plugin-broken")) from None


def _list(entries: dict[str, EntryPoint]) -> None:
    lang = language()
    listed = table(words.NAME.text(lang), words.PRESET_WORD.text(lang))
    for name, entry in entries.items():
        try:
            presets = _listed(_presets(entry))
        except PluginError as error:
            presets = str(error)
        listed.add_row(name, presets)
    console().print(listed)
