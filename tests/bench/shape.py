"""What all rivals share: the roll's columns that the rules read, the outputs' columns, and a few days.

The figures of the policy stand in each rival as its user would write them, not here.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

READ: Final = {
    "id": "宛名番号",
    "birth_date": "生年月日",
    "disability_recognised": "障害認定",
    "enrolled_on": "資格取得年月日",
    "left_on": "資格喪失年月日",
    "card": "マイナンバーカード",
    "card_expires_on": "カード有効期限",
    "electronic_certificate_expires_on": "電子証明書有効期限",
    "insurance_use": "利用登録",
    "deregistration_received_on": "解除申請受付日",
    "needs_assistance": "要配慮者",
    "assistance_applied_before": "要配慮申請歴",
    "disclosure_restricted": "支援措置",
    "departs_japan_on": "国外転出予定日",
    "overseas_card": "国外用カード切替",
    "old_card_valid_until": "被保険者証有効期限",
    "old_card_returned_on": "被保険者証返却日",
    "certificate_issued_on": "資格確認書交付日",
    "certificate_valid_until": "資格確認書有効期限",
    "certificate_returned_on": "資格確認書返却日",
    "notice_issued_on": "資格情報のお知らせ交付日",
    "details_changed_on": "券面情報変更日",
    "requested_on": "資格確認書申請日",
    "reissue_requested_on": "再交付申請日",
}
"""The columns that decide what is owed, by the names that the rivals give them."""

ISSUANCES: Final = (
    *("id", "document", "trigger", "basis", "due_from", "due_through", "valid_until"),
    *("modality", "medium", "channel", "form"),
)
RETURNS: Final = ("id", "document", "action")
DAYS: Final = ("due_from", "due_through", "valid_until")


class Job(NamedTuple):
    """What a rival is asked: ``python rival_X.py ROLL ON OUT``."""

    roll: Path
    on: date
    issuances: Path
    returns: Path


def job() -> Job:
    """The rival's task from its command line; the folder for its output is made."""
    roll, on, out = sys.argv[1:4]
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    day = date.fromisoformat(on)
    return Job(Path(roll), day, folder / "issuances.parquet", folder / "returns.parquet")


def born_by(on: date, age: int) -> date:
    """The last day of birth of those who have had that birthday."""
    try:
        return on.replace(year=on.year - age)
    except ValueError:  # 29 February, in a year without one
        return on.replace(year=on.year - age, day=28)


def ended_since(on: date, months: int) -> date:
    """The first day of expiry that, so many months on, is not before ``on``."""
    index = on.year * 12 + on.month - 1 - months
    try:
        return date(index // 12, index % 12 + 1, on.day)
    except ValueError:  # what ended on the month's last day has run out; the next month has not
        return date((index + 1) // 12, (index + 1) % 12 + 1, 1)


def end_of_july(on: date) -> date:
    """The first 31 July on or after a day."""
    this_year = date(on.year, 7, 31)
    return this_year if on <= this_year else date(on.year + 1, 7, 31)


def next_month(on: date) -> date:
    """The first day of the next month."""
    return (on.replace(day=28) + timedelta(days=4)).replace(day=1)
