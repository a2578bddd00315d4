"""What is wrong, in Japanese: findings are made in English, and said again here, sentence by sentence.

``sentences.txt`` has each sentence in English and, on the line below, in Japanese. In its gaps stand ``#``
for a whole number, ``~`` for one word and braces for anything else, which is taken over once it has been put
into Japanese itself. What has no sentence stays as it is, and so do names and values. Who words a new finding
adds its sentence: a test looks through the sources for those that have none.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from attrs import frozen

from hokensha.text import Language

_GAP: Final = re.compile(r"\{\}|[#~]")
_HEADING: Final = "== "


def said(text: str, lang: Language) -> str:
    """What is wrong, in a language."""
    return japanese(text) if lang == "ja" else text


def japanese(text: str) -> str:
    """A finding in Japanese, its place included, as far as there is a sentence for it."""
    place, colon, rest = text.partition(": ")
    whole = _said(text)
    if whole is not None:
        return whole
    return f"{_said(place) or place}{colon}{japanese(rest)}" if colon else text


@lru_cache(maxsize=1000)
def _said(text: str) -> str | None:
    """A sentence in Japanese; none if nobody has said it."""
    for sentence in sentences():
        found = sentence.groups(text)
        if found is not None:
            return sentence.template.format(*map(japanese, found)) if found else sentence.template
    return None


@frozen(eq=False)
class Sentence:
    """One English sentence, and the Japanese one.

    Attributes:
        english: With its gaps.
        words: What stands between the gaps.
        template: The Japanese one, with braces where it has something to take over.
    """

    english: str
    words: tuple[str, ...]
    template: str

    def groups(self, text: str) -> tuple[str, ...] | None:
        """What stands in the gaps of a text that is this sentence; none if it is another.

        Almost every text is another: so much is seen by its words, before a pattern is made.
        """
        ends = text.startswith(self.words[0]) and text.endswith(self.words[-1])
        if not (ends and all(word in text for word in self.words)):
            return None
        found = _pattern(self.english).fullmatch(text)
        return found and found.groups()


@cache
def _pattern(english: str) -> re.Pattern[str]:
    escaped = re.escape(english).replace(r"\{\}", "(.*?)").replace(r"\#", "([0-9][0-9,]*)")
    escaped = escaped.replace(r"\~", r"([^\s,()]+)")
    if escaped.startswith("(.*?)"):  # what a sentence begins with holds no place, which stands before a colon
        escaped = escaped.replace("(.*?)", "((?:(?!: ).)*?)", 1)
    return re.compile(escaped, re.DOTALL)


@lru_cache(maxsize=1)
def sentences() -> tuple[Sentence, ...]:
    """All sentences, those with the most words of their own first: these are meant where others fit, too."""
    text = files(__package__).joinpath("sentences.txt").read_text(encoding="utf-8")
    blocks = (block.splitlines() for block in text.split("\n\n") if not block.startswith(_HEADING))
    made = (Sentence(english, tuple(_GAP.split(english)), template) for english, template in blocks)
    return tuple(sorted(made, key=lambda each: -sum(map(len, each.words))))
