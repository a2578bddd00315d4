"""Discovery: what is installed, and loading what a policy names. Nothing is loaded by halves."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from hokensha.errors import Finding
from hokensha.plugins import PluginState, Provided, Provider, installed, load_plugins, loading
from hokensha_standard import standard

Install = Callable[..., Provider]
Refused = Callable[..., list[Finding]]
Fault = Callable[[str], Finding]
GROUNDS = "@hookimpl\ndef eligibility(): return [LOST]\n"


def ids(provided: tuple[Provided, ...]) -> list[list[str]]:
    """The ids of the rules of each plugin."""
    return [[rule.id for rule in part.rules] for part in provided]


def state(name: str) -> PluginState:
    """What is said of the one installed plugin of that name."""
    (found,) = [state for state in installed() if state.provider.name == name]
    return found


# --- what is sound


def test_a_sound_plugin_provides_what_its_hooks_return(install: Install) -> None:
    """Rules in the order of the hooks, whatever the order in the module; features apart."""
    provider = install(
        "sound",
        """
NOTE = declare.validity("note", "注", "note", document=NOTICE)
EXTRA = Features(facts=(Fact("on_leave_since", "day", WORDS, nullable=True),), documents=(NOTICE,))
@hookimpl
def document_validity(): return (NOTE,)
@hookimpl
def features(): return [*standard.features(), EXTRA]
"""
        + GROUNDS,
    )
    (part,) = load_plugins(["sound"])
    module: Any = sys.modules["hokensha_sound"]
    assert (provider, (module.LOST, module.NOTE)) == (part.provider, part.rules)
    shared, extra = part.features
    assert (standard.features()[0].facts, module.EXTRA) == (shared.facts, extra)


def test_plugins_are_loaded_in_the_order_named(install: Install) -> None:
    """And the order of the folders on the machine's path has no part in it."""
    for name, folder in (("aa", "second"), ("bb", "first"), ("cc", "third")):
        install(name, f"@hookimpl\ndef eligibility(): return [some(id_='of-{name}')]\n", folder=folder)
    assert [["of-bb"], ["of-cc"], ["of-aa"]] == ids(load_plugins(["bb", "cc", "aa"]))
    assert [["of-aa"], ["of-bb"], ["of-cc"]] == ids(load_plugins(["aa", "bb", "cc"]))


def test_a_plugin_that_is_not_named_is_not_imported(install: Install) -> None:
    """What is merely installed changes nothing."""
    install("named", GROUNDS)
    install("other", "raise RuntimeError('imported')")
    assert [["card-lost"]] == ids(load_plugins(["named"]))
    assert "hokensha_other" not in sys.modules


def test_a_provider_is_called_by_name_distribution_and_version() -> None:
    """As far as they are known."""
    assert "mutual-aid (hokensha-mutual-aid 0.1.0)" == str(
        Provider("mutual-aid", "hokensha-mutual-aid", "0.1.0")
    )
    assert "mutual-aid" == str(Provider("mutual-aid"))


def test_hooks_may_live_in_another_module_and_be_imported(install: Install, tmp_path: Path) -> None:
    """And a module that is named like a hook is no hook, nor taken for one."""
    install("spread", "import spread_features as features\nfrom spread_hooks import eligibility\n")
    (tmp_path / "site" / "spread_hooks.py").write_text(
        "from hokensha_spread import LOST, hookimpl\n" + GROUNDS, encoding="utf-8"
    )
    (tmp_path / "site" / "spread_features.py").write_text("", encoding="utf-8")
    assert [["card-lost"]] == ids(load_plugins(["spread"]))


# --- absent, broken, twice


def test_an_absent_plugin_stops_the_load(install: Install, refused: Refused) -> None:
    """The finding lists what is installed, and the nearest name: a misspelt one is not to be installed."""
    install("sound", GROUNDS)
    (finding,) = refused("suond")
    assert ("plugin suond", "plugin-missing") == (finding.where, finding.code)
    assert "did you mean 'sound'?" in finding.message
    assert "installed are: " in finding.message
    assert "pip install" not in finding.message


def test_of_an_absent_plugin_no_distribution_is_guessed(refused: Refused) -> None:
    """Where no installed name is near, it is to be installed; a name that is guessed might be anybody's."""
    (finding,) = refused("municipal")
    assert "or install the distribution that brings it" in finding.message
    assert "pip install" not in finding.message
    assert "hokensha-municipal" not in finding.message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
        ("def f(): raise KeyboardInterrupt('me')\ntry: f()\nfinally: 1", "KeyboardInterrupt: me"),
        ("def f(:", "SyntaxError: "),
        ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd: odd"),
        ("class Mute(Exception):\n    def __str__(self): raise TypeError\nraise Mute", "Mute: (no message)"),
    ],
    ids=["import", "exit", "interrupt", "interrupt-within", "syntax", "base-exception", "mute"],
)
def test_a_plugin_that_cannot_be_imported_stops_the_load(fault: Fault, code: str, said: str) -> None:
    """Not the process, not even by SystemExit; the finding says what was raised."""
    finding = fault(code)
    assert "plugin-broken" == finding.code
    assert said in finding.message


class Stop(KeyboardInterrupt):
    """What a program raises on a signal."""


def stop(*_: object) -> None:
    """A handler as programs have them."""
    raise KeyboardInterrupt


def stop_once(*_: object) -> None:
    """A handler that is not asked again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Stop


@pytest.mark.parametrize("handler", [signal.default_int_handler, stop, stop_once])
def test_an_interrupt_is_no_finding(install: Install, handler: Any) -> None:
    """Whoever presses Ctrl-C while plugins are imported means it."""
    install("slow", "import signal\nsignal.raise_signal(signal.SIGINT)")
    before = signal.signal(signal.SIGINT, handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            load_plugins(["slow"])
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_broken_import_says_where(fault: Fault) -> None:
    """File and line of what raised."""
    assert "hokensha_faulty.py, line " in fault("1 / 0").message


def test_one_broken_plugin_does_not_hide_another(install: Install, refused: Refused) -> None:
    """All that is wrong is said at once, in the order named."""
    install("one", "1 / 0")
    install("two", "@hookimpl\ndef eligibility(x): return []\n@hookimpl\ndef retruns(): return []\n")
    codes = [finding.code for finding in refused("one", "absent", "two")]
    assert ["plugin-broken", "plugin-missing", "hook-signature", "hook-unknown"] == codes


def test_clashes_are_said_along_with_broken_plugins(install: Install, refused: Refused) -> None:
    """But not what is expected of the broken one: that cannot be judged."""
    install("one", GROUNDS)
    install("two", "1 / 0")
    install("three", GROUNDS + "@hookimpl\ndef presentation(): return [declare]\n")
    install("four", GROUNDS)
    install("five", "@hookimpl\ndef eligibility(): return [some(id_='mine', replaces='of-two')]\n")
    codes = [finding.code for finding in refused("one", "two", "three", "four", "five")]
    assert ["plugin-broken", "hook-result", "rule-clash"] == codes


def test_a_plugin_named_twice_stops_the_load(install: Install, refused: Refused) -> None:
    """Its place in the order would be ambiguous."""
    install("sound", GROUNDS)
    assert ["plugin-duplicate"] == [finding.code for finding in refused("sound", "sound")]


def test_two_distributions_with_one_name_stop_the_load(install: Install, refused: Refused) -> None:
    """Which of them was meant nobody can tell; pluggy would take the first it finds."""
    install("twin", GROUNDS, distribution="first-twin", folder="a")
    install("twin", GROUNDS, distribution="second-twin", folder="b")
    (finding,) = refused("twin")
    assert "plugin-duplicate" == finding.code
    assert "plugin twin (first-twin 1.2)" == finding.where
    assert "twin (second-twin 1.2)" in finding.message


def test_one_distribution_with_one_name_twice_stops_the_load(install: Install, refused: Refused) -> None:
    """Entry points are but lines in a file."""
    install("twin", GROUNDS, entry="twin = hokensha_twin\ntwin = json")
    assert ["plugin-duplicate"] == [finding.code for finding in refused("twin")]


def test_the_same_distribution_further_down_the_path_is_hidden(install: Install) -> None:
    """As its modules are, whatever its version and however its name is spelt."""
    install("same", GROUNDS, folder="later", version="1.0")
    install("same", GROUNDS, folder="earlier", version="2.0")
    assert "2.0" == state("same").provider.version
    install("twin", GROUNDS, distribution="a-twin", folder="later", version="1.0")
    install("twin", GROUNDS, distribution="A_twin", folder="earlier", version="2.0", entry="twin = A_twin")
    assert Provider("twin", "A_twin", "2.0") == state("twin").provider


def test_an_older_distribution_cannot_bring_back_a_plugin(
    install: Install, refused: Refused, tmp_path: Path
) -> None:
    """If the version that Python would import no longer has it, it is not installed."""
    install("gone", GROUNDS, folder="later", version="1.0")
    install("gone", "", folder="earlier", version="2.0")
    (info,) = (tmp_path / "earlier").glob("*.dist-info")
    (info / "entry_points.txt").write_text("[other]\nx = y\n")
    importlib.invalidate_caches()
    assert ["plugin-missing"] == [finding.code for finding in refused("gone")]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("", "type"), ("Mine = [declare]", "list"), ("def Mine(): return declare", "function")],
)
def test_an_entry_point_that_is_neither_plugin_nor_module_stops_the_load(
    install: Install, refused: Refused, code: str, kind: str
) -> None:
    """Any other class, object or function would bring ways of its own to lose a hook."""
    install("faulty", f"class Mine(Plugin): pass\n{code}", entry="faulty = hokensha_faulty:Mine")
    (finding,) = refused("faulty")
    assert "plugin-broken" == finding.code
    assert f"names a {kind}, neither a Plugin nor a module" in finding.message


def test_an_entry_point_that_is_nonsense_stops_the_load(install: Install, refused: Refused) -> None:
    """Whatever importlib makes of it."""
    install("faulty", "", entry="faulty = !")
    assert ["plugin-broken"] == [finding.code for finding in refused("faulty")]


# --- what is installed


def test_installed_plugins_are_listed_by_name(install: Install) -> None:
    """Loadable or not, with their hooks and the reason; one does not hide another."""
    good = install("yy-good", "@hookimpl\ndef returns(): return []\n" + GROUNDS, folder="b")
    bad = install("zz-bad", "raise SystemExit", folder="a")
    ugly = install("xx-ugly", GROUNDS + "@hookimpl\ndef retruns(): return []\n", folder="c")
    states = installed()
    assert sorted(s.provider.name for s in states) == [s.provider.name for s in states]
    assert PluginState(good, ("eligibility", "returns"), None) == state("yy-good")
    assert bad == state("zz-bad").provider
    assert (state("zz-bad").problem or "").startswith("cannot be imported (hokensha_zz_bad): SystemExit")
    assert (ugly, ("eligibility",)) == (state("xx-ugly").provider, state("xx-ugly").hooks)
    assert (state("xx-ugly").problem or "").startswith("retruns: no such hook (did you mean 'returns'?)")


def test_installed_lists_both_of_two_with_one_name(install: Install) -> None:
    """Each with the name of the other."""
    install("twin", GROUNDS, distribution="first-twin", folder="a")
    install("twin", GROUNDS, distribution="second-twin", folder="b")
    found = [s for s in installed() if s.provider.name == "twin"]
    assert ["first-twin", "second-twin"] == [s.provider.distribution for s in found]
    assert all("has the same name as twin (" in (s.problem or "") for s in found)


def test_what_one_plugin_has_twice_is_said_where_it_is_listed(install: Install) -> None:
    """Not only once a policy names the plugin."""
    install("faulty", "@hookimpl\ndef eligibility(): return [LOST, LOST]\n")
    assert (state("faulty").problem or "").startswith("eligibility: id 'card-lost' is that of another rule")


def test_entry_points_that_cannot_be_read_are_listed_with_the_reason(install: Install) -> None:
    """Under the distribution's name, as there is no other; the other plugins load."""
    install("sound", GROUNDS)
    install("odd", GROUNDS, entry="no equals sign")
    assert "entry_points.txt cannot be read" in (state("hokensha-odd").problem or "")
    assert [["card-lost"]] == ids(load_plugins(["sound"]))


def test_a_distribution_without_metadata_still_has_its_plugin(install: Install, tmp_path: Path) -> None:
    """Its name and version are not known, and that is all."""
    install("bare", GROUNDS)
    (info,) = (tmp_path / "site").glob("*.dist-info")
    (info / "METADATA").write_text("")
    importlib.invalidate_caches()
    assert ("bare", None) == (state("bare").provider.name, state("bare").problem)


def test_the_order_of_discovery_does_not_matter(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine finds first is not what comes first."""
    install("aa", GROUNDS, folder="x")
    install("bb", GROUNDS, folder="y")
    forwards = installed()
    found = list(metadata.distributions())
    monkeypatch.setattr(loading, "distributions", lambda: reversed(found))
    assert forwards == installed()
