"""From a policy's file to :class:`~hokensha.policy.Policy`: strictly, and with every finding at once.

Types and keys are checked as the classes are built (:mod:`hokensha.policy.strict`), all else that needs no
plugin on the tables themselves (:mod:`hokensha.policy.checking`).
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, reduce
from operator import or_
from typing import Any, BinaryIO, Final, Literal, get_args

import tomli
from attrs import asdict, evolve, field, frozen, resolve_types
from cattrs import BaseConverter, BaseValidationError, ClassValidationError, Converter

from hokensha.dates import STEPS, Figure, Next, On, OtherReading, Period, Step, apply_rule, operator
from hokensha.errors import Finding, PolicyError
from hokensha.facts import Fact, Kind, holds_individual_number
from hokensha.policy.checking import (
    closing_days_findings,
    document_findings,
    figure_findings,
    insurer_findings,
    is_month_day,
    period_findings,
    source_findings,
    stated_terms,
    terms_findings,
    version_findings,
)
from hokensha.policy.policy import ClosingDays, Information, Insurer, Policy, Source, Terms
from hokensha.policy.slips import slip
from hokensha.policy.strict import (
    Check,
    Form,
    Hook,
    StrictError,
    Table,
    at,
    class_hook,
    exactly,
    findings,
    shown,
    strict_converter,
    tuple_hook,
    unknown_key,
)
from hokensha.rules import Yearly
from hokensha.text import DeclarationError, Label


def open_file(path: str | os.PathLike[str], buffering: int = -1) -> BinaryIO:
    """Open a file to read its bytes.

    Raises:
        OSError: It cannot be opened; or it is a pipe or a device, which might be waited for without end.
    """
    return open(path, "rb", buffering, opener=_opened)


def _opened(path: str, flags: int) -> int:
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    kind = os.fstat(handle).st_mode
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):  # what is a folder is said by open()
        return handle
    os.close(handle)
    raise OSError(errno.EINVAL, "is a pipe or a device; expected a file")


def read(file: str) -> bytes:
    """What a file holds.

    Raises:
        PolicyError: It cannot be read.
    """
    try:
        with open_file(file) as opened:
            return opened.read()
    except OSError as error:
        raise PolicyError(Finding(file, f"cannot be read: {error.strerror}", "unreadable")) from None
    except ValueError:  # a path with a zero byte
        raise PolicyError(
            Finding(repr(file), "cannot be read: no file has such a name", "unreadable")
        ) from None


def parse(data: bytes, file: str) -> dict[str, Any]:
    """The tables that a file says.

    Raises:
        PolicyError: It is no TOML; the finding names the file, and the place if there is one.
    """
    text = ""
    try:
        # Editors on Windows begin a file with a byte order mark; TOML allows to pass over it.
        text = data.decode("utf-8-sig")
        return tomli.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        finding = Finding(f"{file}: line {line}", "expected UTF-8, found other bytes", "unreadable")
    except tomli.TOMLDecodeError as error:
        said = f"{error.msg}{slip(text, error.lineno, error.msg)}"
        message = "syntax error in a key" if holds_individual_number(said) else said
        finding = Finding(f"{file}: line {error.lineno}, column {error.colno}", message, "toml")
    except RecursionError:
        finding = Finding(file, "is nested too deeply; a policy needs a few levels only", "toml")
    except ValueError:  # Python's own limit on the digits of a number
        finding = Finding(file, "holds a number with too many digits", "toml")
    raise PolicyError(finding)


def placed(wrong: Iterable[Finding], file: str) -> list[Finding]:
    """The findings with their file, each once."""
    return [
        evolve(found, where=f"{file}: {found.where.lstrip('.')}" if found.where else file)
        for found in dict.fromkeys(wrong)
    ]


@frozen
class _Information:
    """What TOML says of one :class:`Information`.

    Attributes:
        ja: What the source says, in Japanese.
        en: The same in English.
    """

    ja: str
    en: str
    cites: tuple[str, ...]
    since: date | None = None
    through: date | None = None


@frozen
class _Fact:
    """What TOML says of one :class:`Fact`; its id is the key.

    Attributes:
        ja: What people are shown, in Japanese.
        en: The same in English.
    """

    kind: Kind
    ja: str
    en: str
    nullable: bool = False
    values: tuple[str, ...] = ()
    planned: bool = False
    sensitive: bool = False
    not_before: str | None = None
    required_when: Mapping[str, str | bool] = field(factory=dict)


@frozen
class _Document:
    """What TOML says of one :class:`Policy`.

    Attributes:
        schema: The form of the file, always ``hokensha/policy/1``.
        roll: The same as ``tool.roll``.
    """

    schema: Literal["hokensha/policy/1"]
    insurer: Insurer
    published: date
    plugins: tuple[str, ...]
    sources: tuple[Source, ...]
    rules: Mapping[str, tuple[Terms, ...]]
    figures: Mapping[str, tuple[Figure, ...]] = field(factory=dict)
    order: Mapping[str, tuple[str, ...]] = field(factory=dict)
    facts: Mapping[str, Fact] = field(factory=dict)
    declined: Mapping[str, str] = field(factory=dict)
    not_software: Mapping[str, str] = field(factory=dict)
    settings: Mapping[str, str | bool] = field(factory=dict)
    information: tuple[Information, ...] = ()
    calendar: ClosingDays = field(factory=ClosingDays)
    tool: Mapping[str, Any] = field(factory=dict)
    roll: Mapping[str, Any] | None = None


def load_policy(path: str | os.PathLike[str]) -> Policy:
    """The policy that a TOML file describes.

    Args:
        path: The file; findings show it as it is given here.

    Raises:
        PolicyError: The file cannot be read, is no TOML, or is no policy: with everything that is wrong.
    """
    file = os.fspath(path)
    data = read(file)
    raw = parse(data, file)
    if numbers := list(_individual_numbers(raw)):  # and nothing else: other findings repeat what they found
        raise PolicyError(placed(numbers, file))
    wrong: list[Finding] = []
    document: _Document | None = None
    try:
        document = _converter().structure(raw, _Document)
    except (BaseValidationError, StrictError) as error:
        wrong.extend(findings(error))
    wrong.extend(document_findings(raw))
    if document is not None:
        wrong.extend(_far_reaching(document.figures))
    if document is None or wrong:
        raise PolicyError(placed(wrong, file))
    contents = asdict(document, recurse=False, filter=lambda attribute, _: attribute.name != "schema")
    contents["facts"] = tuple(document.facts.values())
    contents["stated"] = {place: frozenset(terms) for place, terms in stated_terms(raw)}
    if (roll := contents.pop("roll")) is not None:
        contents["tool"] = {"roll": roll, **document.tool}
    return Policy(path=file, digest=f"sha256:{hashlib.sha256(data).hexdigest()}", **contents)


def _far_reaching(figures: Mapping[str, tuple[Figure, ...]]) -> Iterator[Finding]:
    """Rules whose steps together lead further than any one of them may."""
    for name, versions in figures.items():
        for index, version in enumerate(versions):
            rules = {"rule": version.rule, "latest_rule": version.latest_rule or ()}
            rules |= {f"other_readings[{i}].rule": each.rule for i, each in enumerate(version.other_readings)}
            where = f".figures{at(name)}" + (f"[{index}]" if len(versions) > 1 else "")
            for key, rule in rules.items():
                if any(isinstance(step, On) for step in rule):
                    continue
                if not 1850 <= apply_rule(rule, date(2000, 1, 1), lambda day, *_: day).year <= 2150:
                    message = "is out of range: its steps together lead further than 150 years"
                    yield Finding(f"{where}.{key}", message, "bad-value")


def _individual_numbers(document: dict[str, Any]) -> Iterator[Finding]:
    """Where an individual number stands; it is never repeated, nor is anything below a key that holds one.

    Well-formed digests of sources are passed over: one in some 400 would hold such a number by chance.
    """
    message = "holds an individual number (個人番号), which is never accepted"
    # A stack of our own, not recursion: TOML may be nested deeper than Python's call stack.
    pending: list[tuple[str, Any]] = [("", document)]
    while pending:
        where, value = pending.pop()
        if isinstance(value, dict):
            if any(map(holds_individual_number, value)):
                yield Finding(where, f"a key {message}", "individual-number")
            pending += [(where + at(k), v) for k, v in value.items() if not holds_individual_number(k)]
        elif isinstance(value, list):
            pending += [(f"{where}[{i}]", item) for i, item in enumerate(value)]
        elif holds_individual_number(value):
            digest = where.startswith(".sources[") and where.endswith("].sha256")
            if not (digest and re.fullmatch("[0-9a-fA-F]{64}", str(value))):
                yield Finding(where, message, "individual-number")


# --- what TOML writes in a way of its own

CHECKS: Final[Mapping[type, Check]] = {
    ClosingDays: closing_days_findings,
    Figure: figure_findings,
    Insurer: insurer_findings,
    Period: period_findings,
    Source: source_findings,
    Terms: period_findings,
}
_SEQUENCES: Final[Mapping[type, Callable[[Any], Iterator[Finding]]]] = {
    Figure: version_findings,
    Terms: terms_findings,
}
"""What stops versions from following each other, of that which may have several."""


def _figure_hook(cls: type, converter: BaseConverter) -> Hook:
    def fill(table: Table) -> Table:
        # A composite has no modality of its own, and the class wants one.
        return {"modality": "exact", **table} if "earliest" in table else table

    return class_hook(cls, converter, CHECKS[cls], fill)


_YEARLY: Final = {"from": "first", "through": "through"}
"""What TOML calls the ends of a yearly window: one is no name in Python."""


def _yearly(value: Any, _: object) -> Yearly:
    table: Table = exactly(dict, value)
    faults = [unknown_key("", key, list(_YEARLY)) for key in table if key not in _YEARLY]
    lacking = [key for key in _YEARLY if key not in table]
    faults += [Finding(at(key), "is missing; expected a text", "missing-key") for key in lacking]
    for key in (key for key in _YEARLY if type(table.get(key, "")) is not str):
        faults.append(Finding(at(key), f"expected a text, found {shown(table[key])}", "wrong-type"))
    if faults:
        raise StrictError(*faults)
    try:
        return Yearly(**{name: table[key] for key, name in _YEARLY.items()})
    except ValueError as error:
        raise StrictError(Finding("", str(error), "bad-value")) from None


def _versions_hook(kind: Any, converter: BaseConverter) -> Hook:
    cls = get_args(kind)[0]
    one, several = converter.get_structure_hook(cls), tuple_hook(kind, converter)

    def hook(value: Any, _: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            return (one(value, cls),)
        if not value:
            raise StrictError(Finding("", "expected at least one version, found none", "missing-key"))
        versions: tuple[Any, ...] = several(value, kind)
        if len(versions) > 1 and (faults := list(_SEQUENCES[cls](versions))):
            raise StrictError(*faults)
        return versions

    return hook


def _step_hook(_: object, converter: BaseConverter) -> Hook:
    steps = {operator(step): (step, converter.get_structure_hook(step)) for step in STEPS}

    def hook(value: Any, _: object) -> Step:
        named = [key for key in exactly(dict, value) if key in steps]
        if value and not named:
            raise StrictError(unknown_key("", next(iter(value)), list(steps)))
        if len(named) != 1:
            found = " and ".join(named) or "none"
            raise StrictError(Finding("", f"expected one operator in each step, found {found}", "bad-value"))
        cls, build = steps[named[0]]
        try:
            step: Step = build(value, cls)
        except ClassValidationError as error:  # what a validator says is about the operator
            raise StrictError(*(evolve(f, where=f.where or at(named[0])) for f in findings(error))) from None
        if problem := _out_of_range(step, value[named[0]]):
            raise StrictError(Finding(at(named[0]), problem, "bad-value"))
        return step

    return hook


def _out_of_range(step: Step, found: object) -> str | None:
    if isinstance(step, Next) and not is_month_day(step.next):
        return f"expected a month and day MM-DD, found {shown(found)}"
    if isinstance(step, On):  # a day like any other of the policy
        return None
    try:
        reached = step.apply(date(2000, 1, 1), lambda day, *_: day)
    except (ValueError, OverflowError):
        reached = date.max
    if 1850 <= reached.year <= 2150:
        return None
    return f"is out of range: no step leads further than 150 years, found {shown(found)}"


def _facts_hook(build: Hook) -> Hook:
    def hook(value: Any, _: object) -> Mapping[str, Fact]:
        said: Mapping[str, _Fact] = build(value, Mapping[str, _Fact])
        facts: dict[str, Fact] = {}
        faults = []
        for id_, each in said.items():
            try:
                facts[id_] = Fact(
                    id_, each.kind, Label(each.ja, each.en), **asdict(each, filter=_beside_label)
                )
            except DeclarationError as error:
                place = "" if error.place == "id" else at(error.place)
                faults.append(Finding(at(id_) + place, error.message, "bad-value"))
        if faults:
            raise StrictError(*faults)
        return facts

    return hook


def _beside_label(attribute: Any, _: object) -> bool:
    return attribute.name not in ("kind", "ja", "en")


def _label_hook(cls: type, converter: BaseConverter) -> Hook:
    build = class_hook(cls, converter, None)

    def hook(value: Any, _: object) -> Label:
        if not isinstance(value, dict):
            message = f'expected {{ ja = "...", en = "..." }}, found {shown(value)}'
            raise StrictError(Finding("", message, "wrong-type"))
        label: Label = build(value, cls)
        return label

    return hook


def _information_hook(build: Hook) -> Hook:
    def hook(value: Any, _: object) -> Information:
        said: _Information = build(value, _Information)
        return Information(Label(said.ja, said.en), said.cites, said.since, said.through)

    return hook


@cache
def _converter() -> Converter:
    # DateRule is an alias in quotes, which cannot be resolved where it is only imported: it says this.
    step: Any = reduce(or_, STEPS)
    for cls in (OtherReading, Figure):
        resolve_types(cls, localns={"DateRule": tuple.__class_getitem__((step, ...))})
    converter = strict_converter({**CHECKS, _Information: period_findings})
    converter.register_structure_hook(
        Information, _information_hook(converter.get_structure_hook(_Information))
    )
    converter.register_structure_hook_func(
        lambda kind: kind == Mapping[str, Fact],
        _facts_hook(converter.get_structure_hook(Mapping[str, _Fact])),
    )
    factory = converter.register_structure_hook_factory
    converter.register_structure_hook_func(lambda kind: kind is Yearly, _yearly)
    factory(lambda kind: kind is Label, _label_hook)
    factory(lambda kind: kind is Figure, _figure_hook)
    factory(lambda kind: kind == step, _step_hook)
    factory(lambda kind: kind in (tuple[Figure, ...], tuple[Terms, ...]), _versions_hook)
    return converter


def policy_form() -> Form:
    """How policies are read."""
    written = {Policy: _Document, Information: _Information, Fact: _Fact}
    renamed: dict[tuple[type, str], str] = {(Yearly, name): key for key, name in _YEARLY.items()}
    return Form(Policy, _converter(), written, renamed, check=document_findings)
