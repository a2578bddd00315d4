"""What a plugin can answer: seven hooks without arguments, called when the plugin is loaded.

A plugin is a module that an entry point of the group ``hokensha`` names. Each example is such a module.
"""

from __future__ import annotations

from collections.abc import Sequence

from hokensha.markers import hookspec
from hokensha.rules import (
    Features,
    Ground,
    Latency,
    Presentation,
    Remedy,
    Return,
    Scheme,
    Trigger,
    Validity,
)


@hookspec
def features() -> Sequence[Features]:
    """Return facts and features beyond the core's.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha.facts import Fact
        from hokensha.features import known
        from hokensha.markers import hookimpl
        from hokensha.rules import Features
        from hokensha.text import Label

        LEAVE = Fact("on_leave_since", "day", Label("休職開始日", "on leave since"), nullable=True)
        ON_LEAVE = known("on-leave", "on_leave_since", "休職中", "on leave")


        @hookimpl
        def features() -> Sequence[Features]:
            return [Features(facts=(LEAVE,), features=(ON_LEAVE,))]
    """
    return ()


@hookspec
def eligibility() -> Sequence[Scheme | Ground]:
    """Return who is in the scheme, and the grounds on which the My Number insurance card cannot be relied on.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha import declare
        from hokensha.features import flag, reached
        from hokensha.markers import hookimpl
        from hokensha.rules import Ground, Scheme
        from hokensha.situation import Situation

        ENROLLED = reached("enrolled_on", "資格取得済み", "enrolled")
        ASSISTED = flag("needs-assistance", "needs_assistance", "要配慮者", "needs a helper's assistance")


        @declare.scheme("enrolled", "資格取得日以後", "from the day of enrolment", cites=("law",))
        def enrolled(s: Situation) -> bool:
            return s[ENROLLED]


        @declare.ground("assistance-needed", "要配慮者", "needs a helper", cites=("001-12",), unusable=False)
        def assistance_needed(s: Situation) -> bool:
            return s[ASSISTED]


        @hookimpl
        def eligibility() -> Sequence[Scheme | Ground]:
            return [enrolled, assistance_needed]
    """
    return ()


@hookspec
def document_validity() -> Sequence[Validity]:
    """Return which documents are valid for a time, by purpose; the policy's figures say until when.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha import declare
        from hokensha.markers import hookimpl
        from hokensha.rules import Document, Validity

        CERTIFICATE = declare.validity(
            "certificate-validity",
            "資格確認書の有効期限",
            "validity of a certificate",
            cites=("001-11",),
            document=Document.CERTIFICATE,
        )


        @hookimpl
        def document_validity() -> Sequence[Validity]:
            return [CERTIFICATE]
    """
    return ()


@hookspec
def issuance_triggers() -> Sequence[Trigger | Remedy]:
    """Return when documents fall due, and what a member with nothing that serves has to do first.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha import declare
        from hokensha.features import known
        from hokensha.markers import hookimpl
        from hokensha.rules import Document, Met, Remedy, Trigger
        from hokensha.situation import Situation

        LOST = known("reissue-requested", "reissue_requested_on", "再交付を申請", "reissue applied for")
        SUBMITTED = known("submitted", "number_submitted_on", "個人番号を提出済み", "number submitted")


        @declare.trigger(
            "certificate-reissue",
            "資格確認書の再交付",
            "reissue of a certificate",
            cites=("002-20",),
            document=Document.CERTIFICATE,
            met=Met.SINCE,
            event="reissue_requested_on",
        )
        def certificate_reissue(s: Situation) -> bool:
            return s[LOST]


        @declare.remedy(
            "submit-number", "個人番号収集票を提出", "submit the individual number", cites=("002-30",)
        )
        def submit_number(s: Situation) -> bool:
            return not s[SUBMITTED]


        @hookimpl
        def issuance_triggers() -> Sequence[Trigger | Remedy]:
            return [certificate_reissue, submit_number]
    """
    return ()


@hookspec
def reflection_latency() -> Sequence[Latency]:
    """Return the processes after which data take time to show; the policy's figures say how long.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha import declare
        from hokensha.markers import hookimpl
        from hokensha.rules import Latency

        NUMBER_SUBMISSION = declare.latency(
            "number-submission",
            "個人番号の提出からマイナポータルへの反映まで",
            "from the individual number to the portal",
            cites=("000-06",),
            process="number-submission",
            counts_from="number_submitted_on",
        )


        @hookimpl
        def reflection_latency() -> Sequence[Latency]:
            return [NUMBER_SUBMISSION]
    """
    return ()


@hookspec
def presentation() -> Sequence[Presentation]:
    """Return the sets of things that serve when they are shown at an institution.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha import declare
        from hokensha.features import known
        from hokensha.markers import hookimpl
        from hokensha.rules import At, Document, Presentation
        from hokensha.situation import Situation

        NOTICE = known("notice-issued", "eligibility_notice_issued_on", "お知らせあり", "has a notice")


        @declare.presents(
            "card-and-notice",
            "マイナンバーカードと資格情報のお知らせ",
            "card and notice",
            cites=("002-21",),
            at=(At.UNEQUIPPED, At.READER_FAILED),
            shows=(Document.MY_NUMBER_CARD, Document.NOTICE),
        )
        def card_and_notice(s: Situation) -> bool:
            return s[NOTICE]


        @hookimpl
        def presentation() -> Sequence[Presentation]:
            return [card_and_notice]
    """
    return ()


@hookspec
def returns() -> Sequence[Return]:
    """Return which documents must come back or be destroyed, or may be kept, once an event has come.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha import declare
        from hokensha.features import reached
        from hokensha.markers import hookimpl
        from hokensha.rules import Action, Document, Return
        from hokensha.situation import Situation

        LEFT = reached("left_on", "資格喪失済み", "eligibility lost")


        @declare.returns(
            "certificate-on-loss",
            "資格喪失時の返却",
            "return on loss of eligibility",
            cites=("003-24",),
            document=Document.CERTIFICATE,
            action=Action.RETURN,
        )
        def certificate_on_loss(s: Situation) -> bool:
            return s[LEFT]


        @hookimpl
        def returns() -> Sequence[Return]:
            return [certificate_on_loss]
    """
    return ()
