"""Features of health insurance societies: when somebody joined and filed, and who has no working card.

The abolition of the health insurance card splits members by three days, each a figure of the policy: when
the filing arrived, when it was processed, and when membership began.
"""

from __future__ import annotations

from hokensha.features import Band, Situation, Value, derived, reached, within
from hokensha.text import Label
from hokensha_standard import (
    HEALTH_INSURANCE_CARD,
    LATE_ELDERLY,
    LEFT,
    card_expired,
    card_returned,
    deregistered,
    electronic_certificate_expired,
    no_card,
    not_registered,
)

TRANSITION_END = "transition-end"
"""The figure of the last day on which an old health insurance card can serve."""


class Joined(Value):
    """When membership began, against the last days on which old cards were still issued."""

    NOT_YET = "not-yet", "まだ加入していない", "not yet"
    WITH_OLD_CARD = "with-old-card", "健康保険証の交付に間に合う時期", "early enough for an old card"
    """Early enough for an old card, if the filing was processed in time, too."""
    BEFORE_ABOLITION = (
        "before-abolition",
        "廃止前だが健康保険証の交付には間に合わない時期",
        "too late for an old card, before the abolition",
    )
    """Too late for an old card, but before the abolition."""
    SINCE_ABOLITION = "since-abolition", "健康保険証の廃止以後", "since old cards were abolished"


class Filed(Value):
    """When the enrolment filing arrived, against the society's periods for sending notices."""

    NEVER = "never"
    EARLY = "early", "早い受付の期間", "in the earlier period"
    LATE = "late", "健康保険証の作成に間に合う最後の期間", "in the last period with old cards"
    """The last for which an old card could be made."""
    BETWEEN = "between", "どちらの期間でもない日", "in neither period"
    """In the days that the society names for neither period."""
    SINCE_ABOLITION = "since-abolition", "健康保険証の廃止以後", "since old cards were abolished"


class Processed(Value):
    """When the enrolment filing was processed, against the last day on which old cards were made."""

    NEVER = "never"
    IN_TIME = "in-time", "健康保険証の作成に間に合う", "in time for an old card"
    TOO_LATE = "too-late", "健康保険証の作成に間に合わない", "too late for an old card"


class Renamed(Value):
    """When a change of name was filed."""

    NEVER = "never"
    WITH_NEW_CARD = (
        "with-new-card",
        "新しい氏名の健康保険証に間に合う",
        "in time for an old card with the new name",
    )
    """Early enough for an old card with the new name."""
    IN_TRANSITION = "in-transition", "経過措置の期間内", "while old cards still serve"
    AFTERWARDS = "afterwards", "経過措置の後", "when old cards do not serve any more"


JOINED = Band(
    "joined",
    Label("加入時期", "when membership began"),
    tuple(Joined),
    "enrolled_on",
    ((Joined.WITH_OLD_CARD, "last-enrolment-with-card"), (Joined.BEFORE_ABOLITION, "last-day-of-issue")),
    Joined.SINCE_ABOLITION,
    Joined.NOT_YET,
)
FILED = Band(
    "filed",
    Label("取得届の受付時期", "when the enrolment filing arrived"),
    tuple(Filed),
    "enrolment_received_on",
    (
        (Filed.EARLY, "early-filing-end"),
        (Filed.LATE, "last-filing-with-card"),
        (Filed.BETWEEN, "last-day-of-issue"),
    ),
    Filed.SINCE_ABOLITION,
    Filed.NEVER,
)
PROCESSED = Band(
    "processed",
    Label("取得届の処理時期", "when the enrolment filing was processed"),
    tuple(Processed),
    "enrolment_processed_on",
    ((Processed.IN_TIME, "last-filing-with-card"),),
    Processed.TOO_LATE,
    Processed.NEVER,
)
RENAMED = Band(
    "renamed",
    Label("氏名変更届の受付時期", "when a change of name was filed"),
    tuple(Renamed),
    "name_change_received_on",
    ((Renamed.WITH_NEW_CARD, "last-filing-with-card"), (Renamed.IN_TRANSITION, TRANSITION_END)),
    Renamed.AFTERWARDS,
    Renamed.NEVER,
)


class Reissued(Value):
    """When a reissue was applied for: while old cards were still issued, or since they are not."""

    NEVER = "never"
    WITH_OLD_CARD = "with-old-card", "健康保険証を再交付していた時期", "while old cards were issued"
    SINCE_ABOLITION = "since-abolition", "健康保険証の廃止以後", "since old cards were abolished"


REISSUED = Band(
    "reissued",
    Label("再交付申請の時期", "when a reissue was applied for"),
    tuple(Reissued),
    "reissue_requested_on",
    ((Reissued.WITH_OLD_CARD, "last-day-of-issue"),),
    Reissued.SINCE_ABOLITION,
    Reissued.NEVER,
)
TRANSITION = within(TRANSITION_END, "健康保険証の経過措置期間内", "while old cards can serve")
MASS_REACHED = reached("mass-issuance-from", "一斉交付の開始後", "the mass issuance has begun")
MASS_WITHIN = within("mass-issuance-through", "一斉交付の終了前", "the mass issuance is not over")


@derived("old-card-shown", "提示できる健康保険証を所持", "holds an old card that was not lost")
def OLD_CARD_SHOWN(s: Situation) -> bool:  # noqa: N802 - a feature, named like the core's
    """What was applied for while old cards were issued was another old card: the one held."""
    if s[HEALTH_INSURANCE_CARD.shown]:
        return True
    return s[HEALTH_INSURANCE_CARD.valid] and s[REISSUED] is not Reissued.SINCE_ABOLITION


@derived("joined-before-abolition", "健康保険証の廃止前に加入", "joined before the abolition of old cards")
def JOINED_BEFORE(s: Situation) -> bool:  # noqa: N802
    """Those whom the society serves by itself; later joiners have to ask."""
    return s[JOINED] is Joined.WITH_OLD_CARD or s[JOINED] is Joined.BEFORE_ABOLITION


@derived("joined-since-abolition", "健康保険証の廃止後に加入", "joined since the abolition of old cards")
def JOINED_SINCE(s: Situation) -> bool:  # noqa: N802
    """Those for whom the enrolment forms have a box to tick."""
    return s[JOINED] is Joined.SINCE_ABOLITION


@derived("never-set-up", "マイナ保険証を準備していない", "never had a My Number insurance card")
def NEVER_SET_UP(s: Situation) -> bool:  # noqa: N802
    """No My Number card was taken out, or the one held was not registered."""
    return s[no_card] or s[not_registered]


@derived("no-insurance-card", "マイナ保険証を持っていない", "has no My Number insurance card")
def NO_INSURANCE_CARD(s: Situation) -> bool:  # noqa: N802
    """Never had one, or gave it up, or let it expire; one lost or being renewed is another matter."""
    return (
        s[NEVER_SET_UP]
        or s[card_returned]
        or s[deregistered]
        or s[electronic_certificate_expired]
        or s[card_expired]
    )


@derived("mass-issuance-now", "一斉交付の期間中", "in the days of the mass issuance")
def MASS_NOW(s: Situation) -> bool:  # noqa: N802
    """From the first to the last day of the mass issuance."""
    return s[MASS_REACHED] and s[MASS_WITHIN]


@derived("eligibility-over", "資格喪失または75歳到達", "eligibility lost, or 75 reached")
def ELIGIBILITY_OVER(s: Situation) -> bool:  # noqa: N802
    """The day of loss has come; the 75th birthday is one, too."""
    return s[LEFT] or s[LATE_ELDERLY]
