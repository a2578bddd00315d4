"""What stands in a row of each table, as ``hokensha run`` writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

from hokensha.rules import Issuance, ReturnDue

_DAYS: Final = ("due_from", "due_through", "valid_until")


@frozen
class Table:
    """One table.

    Attributes:
        kind: The kind of a decision's parts that it has rows of; empty for what is missing.
        columns: The names of its columns but the first, the member's key.
        cells: What stands in them.
    """

    kind: str
    columns: tuple[str, ...]
    cells: Callable[[Any], tuple[object, ...]]

    @property
    def types(self) -> dict[str, str]:
        """The type of each column."""
        return {name: "date" if name in _DAYS else "string" for name in self.columns}


def _issuance(issuance: Issuance) -> tuple[object, ...]:
    due, until = issuance.due, issuance.valid_until
    days = (due.first if due else None, due.through if due else None, until.last() if until else None)
    return (
        issuance.document.id,
        issuance.trigger,
        issuance.basis.value if issuance.basis is not None else None,
        *(day.isoformat() if day else None for day in days),
        until.modality.value if until else None,
        issuance.medium,
        issuance.channel,
        issuance.form,
    )


def _return(due: ReturnDue) -> tuple[object, ...]:
    return due.document.id, due.action.value if due.action is not None else None


ISSUANCES: Final = Table(
    "issuance",
    ("document", "trigger", "basis", *_DAYS, "modality", "medium", "channel", "form"),
    _issuance,
)
RETURNS: Final = Table("return", ("document", "action"), _return)
UNDETERMINED: Final = Table("", ("missing",), lambda missing: (" ".join(missing),))
