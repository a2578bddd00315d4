"""How plugin code writes rules down: a decorator for each kind that has a function, a call for the others.

A decorated function becomes the rule. Nothing is checked here: that is done when the plugin is loaded, so
that everything wrong is reported at once.
"""

from __future__ import annotations

from collections.abc import Callable

from hokensha.rules import (
    Action,
    At,
    Document,
    Ground,
    Latency,
    Met,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Test,
    Trigger,
    Validity,
)
from hokensha.text import Label


def scheme(
    id_: str, ja: str, en: str, *, cites: tuple[str, ...], replaces: str | None = None
) -> Callable[[Test], Scheme]:
    """Turn a function into a rule of who is in the scheme."""
    return lambda test: Scheme(id=id_, label=Label(ja, en), cites=cites, replaces=replaces, test=test)


def ground(
    id_: str, ja: str, en: str, *, cites: tuple[str, ...], unusable: bool = True, replaces: str | None = None
) -> Callable[[Test], Ground]:
    """Turn a function into a ground on which a member cannot rely on the My Number insurance card.

    ::

        @ground("card-lost", "マイナンバーカードを紛失", "My Number card lost", cites=("001-12",))
        def card_lost(s: Situation) -> bool:
            return s[CARD] is Card.LOST
    """
    return lambda test: Ground(
        id=id_, label=Label(ja, en), cites=cites, replaces=replaces, test=test, unusable=unusable
    )


def validity(  # noqa: PLR0913 - one parameter for each thing that the rule says
    id_: str,
    ja: str,
    en: str,
    *,
    cites: tuple[str, ...],
    document: Document,
    purpose: str = "standard",
    replaces: str | None = None,
) -> Validity:
    """A rule of until when a document is valid."""
    return Validity(
        id=id_, label=Label(ja, en), cites=cites, replaces=replaces, document=document, purpose=purpose
    )


def trigger(  # noqa: PLR0913 - one parameter for each thing that the rule says
    id_: str,
    ja: str,
    en: str,
    *,
    cites: tuple[str, ...],
    document: Document,
    met: Met = Met.VALID,
    event: str | None = None,
    loss: str | None = None,
    replaces: str | None = None,
) -> Callable[[Test], Trigger]:
    """Turn a function into a rule of when a document falls due."""
    return lambda test: Trigger(
        id=id_,
        label=Label(ja, en),
        cites=cites,
        replaces=replaces,
        test=test,
        document=document,
        met=met,
        event=event,
        loss=loss,
    )


def remedy(
    id_: str, ja: str, en: str, *, cites: tuple[str, ...], replaces: str | None = None
) -> Callable[[Test], Remedy]:
    """Turn a function into what a member with nothing that serves has to do first."""
    return lambda test: Remedy(id=id_, label=Label(ja, en), cites=cites, replaces=replaces, test=test)


def latency(  # noqa: PLR0913 - one parameter for each thing that the rule says
    id_: str,
    ja: str,
    en: str,
    *,
    cites: tuple[str, ...],
    process: str,
    counts_from: str | None = None,
    replaces: str | None = None,
) -> Latency:
    """A rule of how long data take to show."""
    return Latency(
        id=id_, label=Label(ja, en), cites=cites, replaces=replaces, process=process, counts_from=counts_from
    )


def presents(  # noqa: PLR0913 - one parameter for each thing that the rule says
    id_: str,
    ja: str,
    en: str,
    *,
    cites: tuple[str, ...],
    at: tuple[At, ...],
    shows: tuple[Document, ...],
    uncertain: bool = False,
    replaces: str | None = None,
) -> Callable[[Test], Presentation]:
    """Turn a function into a set of things that serves at an institution."""
    return lambda test: Presentation(
        id=id_,
        label=Label(ja, en),
        cites=cites,
        replaces=replaces,
        test=test,
        at=at,
        shows=shows,
        uncertain=uncertain,
    )


def returns(  # noqa: PLR0913 - one parameter for each thing that the rule says
    id_: str,
    ja: str,
    en: str,
    *,
    cites: tuple[str, ...],
    document: Document,
    action: Action,
    replaces: str | None = None,
) -> Callable[[Test], Return]:
    """Turn a function into a rule of what happens to a document after an event."""
    return lambda test: Return(
        id=id_,
        label=Label(ja, en),
        cites=cites,
        replaces=replaces,
        test=test,
        document=document,
        action=action,
    )
