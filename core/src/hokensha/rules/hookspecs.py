"""What a plugin can answer: seven hooks without arguments, called when the plugin is loaded.

A plugin is what an entry point of the group ``hokensha`` names: a :class:`~hokensha.Plugin`, which implements
the hooks from what is handed over to it, or a module with functions like these, marked ``@hookimpl``.
"""

from __future__ import annotations

from collections.abc import Sequence

from hokensha.rules.kinds import (
    Exclusion,
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
from hokensha.rules.markers import hookspec


@hookspec
def features() -> Sequence[Features]:
    """Return facts, features, documents, and what cannot stand together.

    .. code-block:: python

        from hokensha import Fact, Label, Plugin, known

        plugin = Plugin()
        plugin.add(
            Fact("on_leave_since", "day", Label("休職開始日", "on leave since"), nullable=True),
            known("on-leave", "on_leave_since", "休職中", "on leave"),
        )
    """
    return ()


@hookspec
def eligibility() -> Sequence[Scheme | Ground]:
    """Return who is in the scheme, and the grounds on which the My Number insurance card cannot be relied on.

    .. code-block:: python

        from hokensha import Plugin, Situation, flag, reached

        plugin = Plugin()
        ENROLLED = reached("enrolled_on", "資格取得済み", "enrolled")
        ASSISTED = flag("needs-assistance", "needs_assistance", "要配慮者", "needs a helper's assistance")


        @plugin.scheme("enrolled", "資格取得日以後", "from the day of enrolment")
        def enrolled(s: Situation) -> bool:
            return s[ENROLLED]


        @plugin.ground("assistance-needed", "要配慮者", "needs a helper", unusable=False)
        def assistance_needed(s: Situation) -> bool:
            return s[ASSISTED]
    """
    return ()


@hookspec
def document_validity() -> Sequence[Validity]:
    """Return which documents are valid for a time, by purpose; the policy's figures say until when.

    .. code-block:: python

        from hokensha import Document, Label, Plugin

        plugin = Plugin()
        CERTIFICATE = Document("eligibility-certificate", Label("資格確認書", "eligibility certificate"))
        plugin.add(CERTIFICATE)
        plugin.validity(
            "certificate-validity", "資格確認書の有効期限", "validity of a certificate", document=CERTIFICATE
        )
    """
    return ()


@hookspec
def issuance_triggers() -> Sequence[Trigger | Exclusion | Remedy]:
    """Return when documents fall due, to whom none is issued, and what to do first with nothing that serves.

    .. code-block:: python

        from hokensha import DAY_ASKED, Document, Label, Plugin, Situation, known

        plugin = Plugin()
        CERTIFICATE = Document("eligibility-certificate", Label("資格確認書", "eligibility certificate"))
        LOST = known("reissue-requested", "reissue_requested_on", "再交付を申請", "reissue applied for")
        SUBMITTED = known("submitted", "number_submitted_on", "個人番号を提出済み", "number submitted")


        @plugin.trigger(
            "certificate-reissue",
            "資格確認書の再交付",
            "reissue of a certificate",
            document=CERTIFICATE,
            met_since="reissue_requested_on",
        )
        def certificate_reissue(s: Situation) -> bool:
            return s[LOST]


        @plugin.exclusion("no-number", "個人番号を未提出", "no number submitted", document=CERTIFICATE)
        def no_number(s: Situation) -> bool:
            return not s[SUBMITTED]


        @plugin.remedy(
            "submit-number",
            "個人番号収集票を提出",
            "submit the individual number",
            brings={"number_submitted_on": DAY_ASKED, "registered_on": DAY_ASKED},
        )
        def submit_number(s: Situation) -> bool:
            return not s[SUBMITTED]
    """
    return ()


@hookspec
def reflection_latency() -> Sequence[Latency]:
    """Return the processes after which data take time to show; the policy's figures say how long.

    .. code-block:: python

        from hokensha import Plugin

        plugin = Plugin()
        plugin.latency(
            "number-submission",
            "個人番号の提出からマイナポータルへの反映まで",
            "from the individual number to the portal",
            process="number-submission",
            counts_from="number_submitted_on",
        )
    """
    return ()


@hookspec
def presentation() -> Sequence[Presentation]:
    """Return the sets of things that serve when they are shown at an institution.

    .. code-block:: python

        from hokensha import At, Document, Label, Plugin, Situation

        plugin = Plugin()
        CARD = Document("my-number-card", Label("マイナンバーカード", "My Number card"))
        NOTICE = Document(
            "eligibility-notice",
            Label("資格情報のお知らせ", "eligibility notice"),
            issued_on="eligibility_notice_issued_on",
        )


        @plugin.presents(
            "card-and-notice",
            "マイナンバーカードと資格情報のお知らせ",
            "card and notice",
            at=(At.UNEQUIPPED, At.READER_FAILED),
            shows=(CARD, NOTICE),
        )
        def card_and_notice(s: Situation) -> bool:
            return s[NOTICE.given]
    """
    return ()


@hookspec
def returns() -> Sequence[Return]:
    """Return which documents must come back or be destroyed, or may be kept, once an event has come.

    .. code-block:: python

        from collections.abc import Sequence

        from hokensha import Action, Document, Label, Return, Situation, hookimpl, reached

        CERTIFICATE = Document("eligibility-certificate", Label("資格確認書", "eligibility certificate"))
        LEFT = reached("left_on", "資格喪失済み", "eligibility lost")


        def _left(s: Situation) -> bool:
            return s[LEFT]


        CERTIFICATE_ON_LOSS = Return(
            id="certificate-on-loss",
            label=Label("資格喪失時の返却", "return on loss of eligibility"),
            document=CERTIFICATE,
            action=Action.RETURN,
            test=_left,
        )


        @hookimpl
        def returns() -> Sequence[Return]:
            return [CERTIFICATE_ON_LOSS]
    """
    return ()
