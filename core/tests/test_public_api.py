"""The public names are these; a name is added or taken away on purpose only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import hokensha

ROOT = Path(__file__).parents[2]
CORE = Path(hokensha.__path__[0])
ROOMS = sorted(path.parent.name for path in CORE.glob("*/__init__.py"))
NAMES = {
    "": """
        Action Advice At Band Basis Because Calendar Catalogue Coded Complete DAY_ASKED DayValue
        Decision DeclarationError Derived Document DocumentState Due Exclusion Fact FactValue Feature Features
        Finding Ground HeldGround HokenshaError Issuance Known Label Language Latency Member MemberError
        Modality NOT_STATED NotOwed Order Phase Plugin PluginError Policy PolicyError Presentation Presented
        QuestionError Reached Reflected Remedy Return ReturnDue Rulebook Scheme Sequence Setting
        Situation Trigger UNKNOWN Unknown Validity Value Within advice bind decide derived flag
        hookimpl known load_plugins load_policy open_rulebook parse_member present purposes
        reached reflect validity within
    """,
    "dates": """
        Birthday BusinessCalendar BusinessDays CalendarError DateRule DayValue Days EARLIEST
        EndOfBirthdayMonth EndOfMonth Figure Figures FirstOfMonth FloorMonthEnd LATEST MONTH_DAY
        Modality Months NOT_STATED Next On OtherReading Period Read STEPS Step Years apply_rule
        known_years operator steps
    """,
    "engine": """
        Advice Answered Answering Axis BEFORE Changing Compared Digits EndedError Keys Left Met NEAR OrderAxis
        Outcome Part Presented Reflected SINCE Said Shape Silence Supposition UNNAMED Unspoken advice advising
        asked_besides believe carried_out changing decide decided example means one_question over owed
        parts present purposes reason reflect refused serving silences stranded supposed validity
        without_questions
    """,
    "facts": """
        Before Catalogue Contradiction DAYS_EXPECTED FACT_ID FIRST_DAY Fact FactValue Form KANJI_DIGITS KEY
        Kind LAST_DAY Member Older Required UNKNOWN Unknown Without as_json day_in_range folded
        holds_individual_number insurer_number_problem is_individual_number parse_member
        without_individual_numbers
    """,
    "features": """
        Against Asking Atoms BOOLEANS Band Calendar CircleError Classifier Coded Composition DAY_ASKED
        DayAsked Derived Feature Given InForce KINDS Known MemberSituation OfPolicy Order Phase Reached
        Says Sequence Setting Situation Steps Supposed UnknownFact Value Vocabulary Within derived
        feature_of flag known reached sequence_of step_function within
    """,
    "partial": """
        Answers Completions Component Diagrams MOST_PATHS Node Path Question Raised Unanswered Variable
        candidates_of child follow followed missing_facts nodes of_anybody seen_on texts_asked topmost
        variables
    """,
    "plugins": """
        Examined PluginState Provided Provider combine examine examined installed
        load_plugins names presets provider_of
    """,
    "policy": """
        Bound ClosingDays FACT Form Information Insurer Policy Rulebook SHA256 Source StrictError
        Table Terms at bind choices_of findings is_choice load_policy open_file open_rulebook parse placed
        policy_form read shown strict_converter table_of tuple_hook
    """,
    "rules": """
        ANY_GROUND AUTOMATIC_GROUND Action At Basis Because CARD_WORKS COMPLETE CONSISTENT Complete Decision
        Document DocumentState Due Exclusion Features Ground HELD HeldGround ID IN_SCHEME Issuance Latency
        NotOwed PROJECT RESULTS Plugin Presentation Remedy Return ReturnDue Rule RuleBase SCHEME_LAST_DAY
        Scheme Tested Trigger Validity Yearly hookimpl hookspecs
    """,
}
"""What is exported: by ``hokensha`` itself, and by each of its rooms."""
EXPORTS = [(room, name) for room, names in NAMES.items() for name in names.split()]
MODULES = {"dates": {"steps"}, "rules": {"hookspecs"}}
"""Modules that are exported as such."""
DECIDES = """
import sys
from datetime import date
from hokensha import Catalogue, decide, open_rulebook, parse_member
{deciding}
print(*sorted(sys.modules))
"""
DECIDING = """
rulebook = open_rulebook({policy!r})
decide(rulebook, parse_member({{"id": "m"}}, rulebook.catalogue), date(2025, 10, 15)).to_json()
"""


def module(room: str) -> ModuleType:
    return import_module(f"hokensha.{room}" if room else "hokensha")


def printed(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout


# --- what is exported


def test_every_room_has_a_list():
    assert ["", *ROOMS] == list(NAMES)


@pytest.mark.parametrize("room", NAMES)
def test_the_public_names_are_frozen(room):
    assert sorted(NAMES[room].split()) == sorted(module(room).__all__)
    assert len(set(module(room).__all__)) == len(module(room).__all__)


@pytest.mark.parametrize(("room", "name"), EXPORTS, ids=[".".join(export) for export in EXPORTS])
def test_every_public_name_is_there(room, name):
    """Whatever has been imported before: a function stays a function where a module bears its name, too."""
    for path in (CORE / room).glob("*.py"):
        if path.stem != "__init__" and room:
            import_module(f"hokensha.{room}.{path.stem}")
    found = getattr(module(room), name)
    assert found is getattr(module(room), name)
    assert name in dir(module(room))
    assert isinstance(found, ModuleType) is (name in MODULES.get(room, ()))


@pytest.mark.parametrize("room", NAMES)
def test_type_checkers_see_the_same_names_from_the_same_modules(room):
    stub = ast.parse((CORE / room / "__init__.pyi").read_text(encoding="utf-8"))
    *imports, listed = stub.body
    seen = {
        alias.asname or alias.name: (statement.module, alias.name)
        for statement in imports
        for alias in statement.names
    }
    assert sorted(NAMES[room].split()) == sorted(seen) == sorted(ast.literal_eval(listed.value))
    for name, (where, original) in seen.items():
        within = f"hokensha.{room}".rstrip(".") + (f".{where}" if where else f".{original}")
        found = import_module(within)
        assert getattr(module(room), name) is (getattr(found, original) if where else found)


@pytest.mark.parametrize("room", NAMES)
def test_nothing_but_its_exports_stands_at_the_door_of_a_room(room):
    """Names are imported when they are first asked for; a room has no code of its own."""
    tree = ast.parse((CORE / room / "__init__.py").read_text(encoding="utf-8"))
    docstring, *statements = tree.body
    assert isinstance(docstring, ast.Expr)
    assert [
        "import lazy_loader",
        "__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)",
    ] == [
        ast.unparse(statement).replace("(__getattr__, __dir__, __all__)", "__getattr__, __dir__, __all__")
        for statement in statements
    ]


def test_what_hokensha_exports_is_the_very_same_as_what_its_rooms_do():
    """And each of its names is one of a room, or of what all rooms share."""
    shared = ("errors", "text")
    for name in NAMES[""].split():
        owners = [room for room in ROOMS if name in module(room).__all__]
        owners += [each for each in shared if hasattr(module(each), name)]
        assert owners, name
        assert all(getattr(module(owner), name) is getattr(hokensha, name) for owner in owners), name


@pytest.mark.parametrize("room", NAMES)
def test_a_name_that_is_not_public_is_an_ordinary_attribute_error(room):
    with pytest.raises(AttributeError, match="attribute decid"):
        module(room).decid  # noqa: B018


# --- what importing takes


def test_importing_hokensha_imports_nothing_of_it():
    """Nor anything but what imports the rest when it is asked for."""
    listed = "import sys; before = {*sys.modules}; import hokensha; print(*sorted({*sys.modules} - before))"
    installed = {"attr", "attrs", "cattrs", "holidays", "pluggy", "tomli"}
    found = printed(listed).split()
    assert {"hokensha", "lazy_loader"} == {
        name for name in found if name.startswith(("hokensha", "lazy_loader"))
    }
    assert installed.isdisjoint(name.partition(".")[0] for name in found)


def unneeded(imported: str) -> set[str]:
    """What was imported of that which deciding does not need."""
    packages = {name.partition(".")[0] for name in imported.split()}
    tools = {"click", "rich", "numpy", "pyarrow", "pytest"}
    contrib = {path.name for path in (ROOT / "contrib").glob("*/src/*") if path.name.startswith("hokensha_")}
    return packages & (tools | contrib)


def test_what_decides_needs_neither_the_command_line_nor_tables():
    assert set() == unneeded(printed(DECIDES.format(deciding="")))


def test_deciding_imports_nothing_of_what_asks_a_policy():
    """Nor does opening a policy, and writing the decision."""
    pytest.importorskip("hokensha_health_society")
    policy = str(ROOT / "examples" / "warehouse-health-society" / "policy.toml")
    imported = printed(DECIDES.format(deciding=DECIDING.format(policy=policy)))
    assert {"hokensha_standard", "hokensha_health_society"} <= set(imported.split())
    assert set() == unneeded(imported)


# --- who reaches in


def sources() -> Iterator[tuple[str, str]]:
    """Every piece of Python outside the core, but for tests: they may look inside."""
    for folder in ("plugins", "contrib", "examples", "docs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "tests" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        for path in sorted((ROOT / folder).rglob("*.md")):
            blocks = re.findall(
                r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
            )
            yield from ((str(path.relative_to(ROOT)), block) for block in blocks)


def imported(code: str) -> Iterator[tuple[str, str]]:
    """Each module of the core that is imported, and what from it (nothing: the module itself)."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a piece that is shown, not run
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.module or "", alias.name) for alias in node.names)


def reaches_in(name: str, imported: str) -> bool:
    """Whether an import goes past what is exported."""
    package, _, room = name.partition(".")
    if package != "hokensha":
        return False
    if room in ("text", "errors", "foreign"):
        return imported.startswith("_")
    if room and room not in ROOMS:
        return True
    return imported not in ("", *NAMES[room].split(), *([] if room else ROOMS))


def test_nobody_outside_reaches_into_a_module_of_a_room():
    found = [(where, *each) for where, code in sources() for each in imported(code) if reaches_in(*each)]
    assert [] == found


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from hokensha.rules.kinds import Ground", True),
        ("import hokensha.rules.kinds", True),
        ("from hokensha.rules import kinds", True),
        ("from hokensha.declare import ground", True),
        ("from hokensha import standard", True),
        ("from hokensha.text import _value", True),
        ("from hokensha.rules import Ground", False),
        ("from hokensha import Ground, rules", False),
        ("from hokensha.errors import Finding", False),
        ("import hokensha", False),
        ("from hokensha_standard.rules import standard", False),
    ],
)
def test_reaching_in_would_be_seen(code, expected):
    assert expected is any(reaches_in(*each) for each in imported(code))
