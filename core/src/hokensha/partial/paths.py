"""A function of a situation asked path by path: one runner for all that explores or explains rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from attrs import frozen

from hokensha.features import Asking, Feature, Situation, feature_of
from hokensha.foreign import calls, stopped

Question: TypeAlias = "tuple[Feature[Any], str]"
"""A feature, and the figure of the day as of which it is asked for (empty: the day asked)."""
Answers: TypeAlias = "dict[Question, Any]"


class Unanswered(Asking):
    """The next question on a path."""

    def __init__(self, question: Question) -> None:
        self.question = question
        super().__init__(question)


@frozen
class Raised:
    """The outcome of a path on which the function raised."""

    error: str


class Path:
    """A situation of given answers, in the order in which they were asked for.

    What is not among them is asked of ``source`` and noted; without a source it is the next question, and
    raised as :class:`Unanswered`.

    Attributes:
        answers: What was asked for, and answered.
        open: Questions that got no answer: that were raised, or that the source could not answer.
    """

    __slots__ = ("_at", "_source", "answers", "open")

    def __init__(self, answers: Answers, source: Situation | None = None, at: str = "") -> None:
        self.answers = answers
        self.open: list[Question] = []
        self._source = source
        self._at = at

    def __getitem__(self, asked: Any) -> Any:
        question = (feature_of(asked), self._at)
        if question not in self.answers:
            self.open.append(question)
            if self._source is None:
                raise Unanswered(question)
            self.answers[question] = self._source[question[0]]
            self.open.pop()
        return self.answers[question]

    def at(self, figure: str) -> Path:
        """The same path as of a fixed day of the policy."""
        source = (
            None if self._source is None else self._source.at(figure)
        )  # a situation may be empty, and false
        other = Path(self.answers, source, figure)
        other.open = self.open
        return other


@calls("function")
def follow(function: Callable[[Situation], Any], path: Path) -> Any:
    """What a function returns on a path, that it raised, or the question that is not answered."""
    try:
        return function(path)
    except Unanswered as question:
        return question
    except Asking:
        raise
    except BaseException as error:
        if stopped(error):
            raise
        return Raised(f"{type(error).__name__}: {error}")
