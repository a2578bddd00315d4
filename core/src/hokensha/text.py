"""Words for people, in Japanese and in English, and how declared values have to look."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from reprlib import repr as brief
from types import FunctionType
from typing import Any, Literal, TypeAlias, cast

from attrs import Attribute, field, frozen

Language = Literal["ja", "en"]
Check: TypeAlias = Callable[[Any], bool]
"""Whether a value is as expected."""
Validator: TypeAlias = "Callable[[Any, Attribute[Any], Any], None]"


class DeclarationError(ValueError):
    """A rule, a fact, a feature or a document was declared with something that it may not have.

    Attributes:
        place: The attribute.
        message: What was expected and what was found.
    """

    def __init__(self, what: str, place: str, message: str) -> None:
        self.place = place
        self.message = message
        super().__init__(f"{what}.{place}: {message}" if place else f"{what}: {message}")


def expect(check: Check, expected: str) -> Validator:
    """A validator of attrs: what ``check`` refuses is told with what was ``expected``, in words."""

    def validate(instance: Any, attribute: Attribute[Any], value: Any) -> None:
        if not check(value):
            what = f"{type(instance).__name__} {getattr(instance, 'id', '')!r}".removesuffix(" ''")
            raise DeclarationError(what, attribute.name, f"expected {expected}; found {brief(value)}")

    return validate


def is_text(value: object) -> bool:
    """Whether a value is a text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def is_a(*classes: type[Any]) -> Check:
    """Whether a value is of one of these classes."""
    return lambda value: isinstance(value, classes)


def or_none(check: Check) -> Check:
    """Whether a value is none, or as ``check`` wants it."""
    return lambda value: value is None or check(value)


def each(check: Check, *, least: int = 1) -> Check:
    """Whether a value is a tuple of at least so many different things, each as ``check`` wants it."""
    return lambda value: (
        isinstance(value, tuple)
        and len(value) >= least
        and all(map(check, value))
        and not any(item in value[:position] for position, item in enumerate(value))
    )


_ODD = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


def plain_function(value: object) -> bool:
    """Whether a value can be called with a situation, and answers at once."""
    if isinstance(value, FunctionType) and not vars(value):  # told by its code: a signature takes its time
        code = value.__code__
        if code.co_argcount == 1 and not code.co_kwonlyargcount:
            return not code.co_flags & _ODD
    odd = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    if not callable(value) or isinstance(value, type) or any(is_odd(value) for is_odd in odd):
        return False
    try:
        inspect.signature(value).bind(None)
    except (TypeError, ValueError):
        return False
    return True


@frozen
class Label:
    """What people are shown for a fact, a feature value, a rule or a reading; never empty in either language.

    Attributes:
        ja: In Japanese, such as ``在留期限``.
        en: In English, such as ``end of the period of stay``.
    """

    ja: str = field(validator=expect(is_text, "a text that is not empty"))
    en: str = field(validator=expect(is_text, "a text that is not empty"))

    def text(self, lang: Language) -> str:
        """The words in ``lang``."""
        return self.ja if lang == "ja" else self.en


LABEL = expect(is_a(Label), "a Label, in Japanese and in English")
FLAG = expect(is_a(bool), "True or False")
FUNCTION = expect(plain_function, "a plain function of one situation (not async, no generator)")


def value_text(value: object) -> str:
    """A feature's value as texts name it: the words of its member, ``true`` or ``false``."""
    return str(value.value) if isinstance(value, Enum) else str(value).lower()


def documentation(of: Callable[..., object]) -> str:
    """The docstring of a class or a function, read from its source where Python leaves docstrings out."""
    if of.__doc__ is None and sys.flags.optimize > 1:
        with suppress(OSError, TypeError, SyntaxError):  # it has no source
            tree = ast.parse(textwrap.dedent(inspect.getsource(of))).body[0]
            return ast.get_docstring(cast("ast.FunctionDef", tree)) or ""
    return inspect.getdoc(of) or ""


def nearest(name: str, known: list[str]) -> str:
    """`` (did you mean 'x'?)`` when a known name is close to ``name``, else nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - only errors need it

    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
