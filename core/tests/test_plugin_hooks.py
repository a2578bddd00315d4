"""Hooks that would never be called, or not as they were meant: each such trap stops the load."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hokensha.errors import Finding
from hokensha.plugins import Provided, Provider, load_plugins

Install = Callable[..., Provider]
Refused = Callable[..., list[Finding]]
Fault = Callable[[str], Finding]
GROUNDS = "@hookimpl\ndef eligibility(): return [LOST]\n"


def ids(provided: tuple[Provided, ...]) -> list[list[str]]:
    """The ids of the rules of each plugin."""
    return [[rule.id for rule in part.rules] for part in provided]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("@hookimpl\ndef eligibilty(): return []", "did you mean 'eligibility'?"),
        ("@hookimpl\ndef something_else(): return []", "the hooks are features, eligibility, "),
        ("@hookimpl(optionalhook=False)\ndef eligibilities(): return []", "no such hook"),
        ("def eligibility(): return [LOST]", "is a function named like a hook; mark it"),
        ("def eligibilty(): return [LOST]", "looks like the hook 'eligibility'"),
        ("eligibility = (LOST,)", "is a tuple named like a hook"),
        ("from hokensha.rules.hookspecs import eligibility", "is a function named like a hook"),
        ("eligibility = declare.eligibility", "is a method named like a hook"),
        (
            "import pluggy\n@pluggy.HookimplMarker('hokensya')\ndef eligibility(): return [LOST]",
            "is a function named like a hook",
        ),
        ("class Mine:\n    @hookimpl\n    def eligibility(self): return [LOST]", "implements no hook"),
        ("", "implements no hook"),
    ],
    ids=[
        "typo",
        "unknown",
        "optional",
        "undecorated",
        "undecorated-typo",
        "constant",
        "spec",
        "of-a-plugin",
        "foreign-marker",
        "in-a-class",
        "none",
    ],
)
def test_what_would_never_be_called_stops_the_load(fault: Fault, code: str, said: str) -> None:
    """Its rules would be missing, and a missing rule looks like nothing to issue."""
    finding = fault(code)
    assert "hook-unknown" == finding.code
    assert said in finding.message


@pytest.mark.parametrize(
    "code",
    [
        "def eligible(x): return x",
        "def _eligibilty(): return 1",
        "from platform import uname as eligibilty",
        "feature = 1",
    ],
    ids=["with-arguments", "private", "imported", "no-function"],
)
def test_a_helper_is_not_taken_for_a_hook(install: Install, code: str) -> None:
    """Only public functions of the module, without arguments and named nearly as a hook, are suspect."""
    install("sound", GROUNDS + code)
    assert [["card-lost"]] == ids(load_plugins(["sound"]))


@pytest.mark.parametrize(
    ("signature", "said"),
    [
        ("def eligibility(policy):", "takes arguments (policy)"),
        ("def eligibility(policy=None):", "takes arguments (policy=None)"),
        ("def eligibility(*, policy):", "takes arguments (policy)"),
        ("def eligibility(*, policy=None):", "takes arguments (policy=None)"),
        ("def eligibility(*args):", "takes arguments (*args)"),
        ("def eligibility(**kwargs):", "takes arguments (**kwargs)"),
        ("async def eligibility():", "is async"),
        ("async def eligibility():\n    yield", "is async"),
        ("def eligibility():\n    yield LOST", "is a generator"),
    ],
)
def test_a_badly_signed_hook_stops_the_load(fault: Fault, signature: str, said: str) -> None:
    """Of all these, pluggy itself refuses the first alone."""
    body = "\n    return\n" if "yield" in signature else " return [LOST]\n"
    finding = fault(f"@hookimpl\n{signature}{body}")
    assert "hook-signature" == finding.code
    assert finding.where.endswith("): eligibility")
    assert said in finding.message


@pytest.mark.parametrize("option", ["tryfirst", "trylast", "optionalhook", "hookwrapper", "wrapper"])
def test_a_hook_with_an_option_stops_the_load(fault: Fault, option: str) -> None:
    """Order is the policy's, nothing is optional, and nobody wraps another plugin's answer."""
    code = f"@hookimpl({option}=True)\ndef eligibility(): return [LOST]"
    finding = fault(code)
    assert "hook-signature" == finding.code
    assert f"has options ({option})" in finding.message


def test_a_hook_under_another_name_stops_the_load(install: Install, refused: Refused) -> None:
    """With ``specname`` two functions could answer one hook."""
    install("faulty", "@hookimpl(specname='eligibility')\ndef grounds(): return [LOST]\n")
    assert {"hook-unknown", "hook-signature"} == {finding.code for finding in refused("faulty")}


def test_a_hook_that_is_wrapped_in_an_object_stops_the_load(fault: Fault) -> None:
    """Pluggy looks at plain functions only, and would pass over this one in silence."""
    finding = fault("import functools\n@functools.cache\n@hookimpl\ndef eligibility(): return [LOST]")
    assert "hook-signature" == finding.code
    assert "which is never called" in finding.message


def test_a_decorator_that_hides_async_does_not_help(fault: Fault) -> None:
    """What is called, and what is wrapped, both have to be plain."""
    code = """
import functools
def plain(function):
    @functools.wraps(function)
    def called(): return function()
    return called
@hookimpl
@plain
async def eligibility(): return [LOST]
"""
    assert "hook-signature" == fault(code).code


def test_a_decorator_that_takes_arguments_does_not_pass_for_its_function(fault: Fault) -> None:
    """What is called counts, not the signature that it borrows."""
    code = """
import functools
def loose(function):
    @functools.wraps(function)
    def called(*args, **kwargs): return function(*args, **kwargs)
    return called
@hookimpl
@loose
def eligibility(): return [LOST]
"""
    assert "takes arguments (*args, **kwargs)" in fault(code).message


def test_a_hook_defined_twice_stops_the_load(fault: Fault) -> None:
    """Python keeps the last, and the rules of the first would be missing."""
    finding = fault(GROUNDS + "@hookimpl\ndef eligibility(): return []\n")
    assert "hook-signature" == finding.code
    assert "defined more than once" in finding.message


def test_a_hidden_hook_is_called_all_the_same(install: Install) -> None:
    """A module that says what ``dir`` lists would hide hooks from pluggy."""
    install("sound", GROUNDS + "def __dir__(): return []\n")
    assert [["card-lost"]] == ids(load_plugins(["sound"]))


def test_everything_wrong_with_one_plugin_is_said_at_once(install: Install, refused: Refused) -> None:
    """Marks, signatures and results alike."""
    install(
        "faulty",
        """
def returns(): return []
@hookimpl
def features(**kwargs): return []
@hookimpl
def eligibility(): return None
@hookimpl
def presentation(): raise ValueError('no')
@hookimpl
def issuance_triggers(): return [some("remedy", en="")]
""",
    )
    assert [
        ("returns", "hook-unknown"),
        ("features", "hook-signature"),
        ("eligibility", "hook-result"),
        ("issuance_triggers", "hook-result"),
        ("presentation", "plugin-broken"),
    ] == [(finding.where.rpartition(": ")[2], finding.code) for finding in refused("faulty")]
