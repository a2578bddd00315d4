"""Words for people, in Japanese and in English."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from attrs import frozen

Language = Literal["ja", "en"]


@frozen
class Label:
    """What people are shown for a fact, a feature value or a rule; never empty in either language.

    Attributes:
        ja: In Japanese, such as ``在留期限``.
        en: In English, such as ``end of the period of stay``.
    """

    ja: str
    en: str

    def text(self, lang: Language) -> str:
        """The words in ``lang``."""
        return self.ja if lang == "ja" else self.en


def value_text(value: object) -> str:
    """A feature's value as texts name it: the words of its member, ``true`` or ``false``."""
    return str(value.value) if isinstance(value, Enum) else str(value).lower()


def nearest(name: str, known: list[str]) -> str:
    """`` (did you mean 'x'?)`` when a known name is close to ``name``, else nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - only errors need it

    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
