"""When health insurance societies issue what, until when it is valid, what serves, what comes back."""

from __future__ import annotations

from hokensha import DAY_ASKED, Plugin
from hokensha.features import Situation
from hokensha.rules import ANY_GROUND, AUTOMATIC_GROUND, CARD_WORKS, Action, At
from hokensha_health_society.features import (
    ELIGIBILITY_OVER,
    FILED,
    JOINED,
    JOINED_BEFORE,
    JOINED_SINCE,
    MASS_NOW,
    MASS_REACHED,
    MASS_WITHIN,
    NEVER_SET_UP,
    NO_INSURANCE_CARD,
    OLD_CARD_SHOWN,
    PROCESSED,
    REISSUED,
    RENAMED,
    TRANSITION,
    TRANSITION_END,
    Filed,
    Joined,
    Processed,
    Renamed,
)
from hokensha_standard import (
    CERTIFICATE,
    HEALTH_INSURANCE_CARD,
    MY_NUMBER_INSURANCE_CARD,
    NOTICE,
    REQUESTED,
    assistance_needed,
    card_lost,
    deregistered,
    deregistration_pending,
    disclosure_restricted,
    late_elderly,
    no_card,
    not_registered,
    reissue,
    standard,
)

plugin = Plugin()
plugin.use(standard)
plugin.add(late_elderly, assistance_needed, disclosure_restricted, reissue)
plugin.add(
    JOINED,
    FILED,
    PROCESSED,
    RENAMED,
    REISSUED,
    TRANSITION,
    OLD_CARD_SHOWN,
    MASS_REACHED,
    MASS_WITHIN,
    JOINED_BEFORE,
    JOINED_SINCE,
    NEVER_SET_UP,
    NO_INSURANCE_CARD,
    MASS_NOW,
    ELIGIBILITY_OVER,
)


# --- when health insurance societies issue certificates, notices and, before the abolition, old cards


@plugin.trigger(
    "joiner-application",
    "資格取得届等の希望欄による資格確認書の交付",
    "certificate asked for on the enrolment form",
    document=CERTIFICATE,
    met_since="certificate_requested_on",
)
def joiner_application(s: Situation) -> bool:
    """A joiner without a My Number insurance card ticked the box for a certificate."""
    return s[REQUESTED] and s[JOINED_SINCE] and s[NEVER_SET_UP]


@plugin.trigger(
    "card-lost-application",
    "カード紛失による申請での交付",
    "certificate applied for after loss of the card",
    document=CERTIFICATE,
    met_since="certificate_requested_on",
)
def card_lost_application(s: Situation) -> bool:
    """The My Number card is lost, and a certificate was applied for."""
    return s[REQUESTED] and s[card_lost]


@plugin.trigger(
    "other-application",
    "その他の事由による申請での交付",
    "certificate applied for on another ground",
    document=CERTIFICATE,
    met_since="certificate_requested_on",
)
def other_application(s: Situation) -> bool:
    """A certificate was applied for on a ground that has no way of applying of its own.

    Which grounds bring one on application the policy says (``claim``).
    """
    if s[card_lost] or not s[REQUESTED]:
        return False
    return s[AUTOMATIC_GROUND] or (s[ANY_GROUND] and not (s[JOINED_SINCE] and s[NEVER_SET_UP]))


@plugin.trigger(
    "certificate-on-deregistration",
    "利用登録の解除申請者への交付",
    "certificate after an application to deregister",
    document=CERTIFICATE,
)
def certificate_on_deregistration(s: Situation) -> bool:
    """Deregistration was applied for; with a valid old card the certificate waits for the mass issuance."""
    if s[OLD_CARD_SHOWN]:
        return False
    return s[deregistration_pending] or s[deregistered]


@plugin.trigger(
    "mass-issuance",
    "経過措置終了前の一斉交付",
    "mass issuance before old cards end",
    document=CERTIFICATE,
)
def mass_issuance(s: Situation) -> bool:
    """Early members without a My Number insurance card, and old card holders who are deregistering."""
    deregistering = s[deregistration_pending] and s[OLD_CARD_SHOWN]
    return deregistering or (s[JOINED_BEFORE] and s[NO_INSURANCE_CARD])


@plugin.trigger(
    "no-card-ex-officio",
    "マイナンバーカード未所持者への職権交付",
    "certificate for early members without a card",
    document=CERTIFICATE,
)
def no_card_ex_officio(s: Situation) -> bool:
    """Once old cards have ended, early members without a My Number card need not do anything."""
    return s[JOINED_BEFORE] and s[no_card]


@plugin.trigger(
    "cannot-use-card",
    "マイナ保険証を利用できない方への交付",
    "certificate for those who cannot use the card",
    document=CERTIFICATE,
)
def cannot_use_card(s: Situation) -> bool:
    """A ground that needs no application, without a valid old card, and not served by another rule.

    Early members without a My Number card have a rule of their own once old cards have ended, and while the
    mass issuance goes on, that is how its group is served.
    """
    if s[OLD_CARD_SHOWN] or (s[MASS_NOW] and s[JOINED_BEFORE] and s[NO_INSURANCE_CARD]):
        return False
    if s[AUTOMATIC_GROUND]:
        return True
    return s[JOINED_BEFORE] and (s[not_registered] or (s[no_card] and s[TRANSITION]))


@plugin.trigger(
    "certificate-renewal",
    "期限切れの資格確認書の更新",
    "renewal of an expired certificate",
    document=CERTIFICATE,
)
def certificate_renewal(s: Situation) -> bool:
    """The certificate that is held has expired, and there is still a ground for one."""
    return s[CERTIFICATE.expired] and s[ANY_GROUND]


@plugin.trigger(
    "last-old-cards",
    "廃止前の健康保険証の交付",
    "old cards issued before their abolition",
    document=HEALTH_INSURANCE_CARD,
)
def last_old_cards(s: Situation) -> bool:
    """Filed and processed in time; who joins later gets none, however early the filing came."""
    in_time = s[JOINED] is Joined.WITH_OLD_CARD and s[PROCESSED] is Processed.IN_TIME
    return in_time and (s[FILED] is Filed.EARLY or s[FILED] is Filed.LATE)


@plugin.trigger(
    "notice-early-filing",
    "お知らせ：先に届出済みの加入者",
    "notice: filed in the first period",
    document=NOTICE,
    met_since="enrolment_received_on",
)
def notice_early_filing(s: Situation) -> bool:
    """The enrolment filing arrived in the first period, with a My Number card or without."""
    return s[FILED] is Filed.EARLY


@plugin.trigger(
    "notice-late-filing",
    "お知らせ：廃止直前に届出の加入者",
    "notice: filed in the second period",
    document=NOTICE,
    met_since="enrolment_received_on",
)
def notice_late_filing(s: Situation) -> bool:
    """The enrolment filing arrived in the second period."""
    return s[FILED] is Filed.LATE


@plugin.trigger(
    "notice-each-filing",
    "お知らせ：廃止後に届出の加入者",
    "notice: filed since the abolition",
    document=NOTICE,
    met_since="enrolment_received_on",
)
def notice_each_filing(s: Situation) -> bool:
    """The enrolment filing arrived since the abolition: a notice goes out each time."""
    return s[FILED] is Filed.SINCE_ABOLITION


@plugin.remedy(
    "apply-as-joiner",
    "資格取得届等の希望欄に記入し、資格確認書を申請する",
    "ask for a certificate on the enrolment form",
    brings={"certificate_requested_on": DAY_ASKED},
)
def apply_as_joiner(s: Situation) -> bool:
    """Joiners without a My Number insurance card get a certificate only if they ask."""
    return s[JOINED_SINCE] and s[NEVER_SET_UP]


@plugin.remedy(
    "apply-after-loss",
    "資格確認書交付申請書を提出する",
    "hand in the application form for a certificate",
    brings={"certificate_requested_on": DAY_ASKED},
)
def apply_after_loss(s: Situation) -> bool:
    """Who has lost the card gets a certificate only on application, and so does everybody on such a ground.

    Joiners without a My Number insurance card have a way of their own.
    """
    if s[card_lost]:
        return True
    return s[ANY_GROUND] and not s[AUTOMATIC_GROUND] and not (s[JOINED_SINCE] and s[NEVER_SET_UP])


# --- how long documents of health insurance societies are valid, what serves where, and what must come back


EVERYWHERE = tuple(At)

plugin.validity(
    "certificate-validity",
    "資格確認書の有効期限",
    "validity of a certificate",
    document=CERTIFICATE,
)
plugin.validity(
    "certificate-held",
    "所持する資格確認書の有効期限",
    "validity of the certificate held",
    document=CERTIFICATE,
    purpose="held",
)
plugin.validity(
    "insurance-card-validity",
    "マイナ保険証を利用できる最終日",
    "last day of the My Number insurance card",
    document=MY_NUMBER_INSURANCE_CARD,
)
plugin.validity(
    "old-card-validity",
    "健康保険証を使用できる最終日",
    "last day of an old card",
    document=HEALTH_INSURANCE_CARD,
)
plugin.validity(
    "old-card-held",
    "所持する健康保険証を使用できる最終日",
    "last day of the old card held",
    document=HEALTH_INSURANCE_CARD,
    purpose="held",
)

plugin.latency(
    "enrolment-latency",
    "資格取得届の受付から資格情報の反映まで",
    "from the enrolment filing to the data showing",
    process="enrolment",
    counts_from="enrolment_received_on",
)
plugin.latency(
    "deregistration-latency",
    "解除の登録から利用登録の解除完了まで",
    "from registering a deregistration to its effect",
    process="deregistration",
    counts_from="deregistration_registered_on",
)


@plugin.presents(
    "show-insurance-card",
    "マイナ保険証",
    "My Number insurance card",
    at=(At.EQUIPPED,),
    shows=(MY_NUMBER_INSURANCE_CARD,),
)
def show_insurance_card(s: Situation) -> bool:
    """The card is read where there is a reader."""
    return s[CARD_WORKS]


@plugin.presents(
    "show-certificate",
    "資格確認書",
    "eligibility certificate",
    at=EVERYWHERE,
    shows=(CERTIFICATE,),
)
def show_certificate(s: Situation) -> bool:
    """A valid certificate serves by being shown."""
    return s[CERTIFICATE.shown]


@plugin.presents(
    "show-old-card",
    "健康保険証",
    "health insurance card",
    at=EVERYWHERE,
    shows=(HEALTH_INSURANCE_CARD,),
)
def show_old_card(s: Situation) -> bool:
    """An old card serves by being shown, to the end of the transition."""
    return s[OLD_CARD_SHOWN]


@plugin.return_(
    "old-card-on-loss",
    "経過措置期間中の資格喪失による健康保険証の回収",
    "old card back on loss of eligibility in the transition",
    document=HEALTH_INSURANCE_CARD,
    action=Action.RETURN,
)
def old_card_on_loss(s: Situation) -> bool:
    """The day of loss decides: by the last day of the transition, however late the question is asked."""
    return s[ELIGIBILITY_OVER] and s.at(TRANSITION_END)[ELIGIBILITY_OVER]


@plugin.return_(
    "old-card-on-change-of-name",
    "経過措置期間中の氏名変更届による健康保険証の回収",
    "old card back on a change of name in the transition",
    document=HEALTH_INSURANCE_CARD,
    action=Action.RETURN,
)
def old_card_on_change_of_name(s: Situation) -> bool:
    """The day of filing decides; a change filed while old cards were still made brought a new one."""
    return s[RENAMED] is Renamed.IN_TRANSITION


@plugin.return_(
    "old-card-afterwards",
    "経過措置終了後の健康保険証",
    "old card after the transition",
    document=HEALTH_INSURANCE_CARD,
    action=Action.KEEP,
)
def old_card_afterwards(s: Situation) -> bool:
    """Old cards that have ended are not collected."""
    return not s[TRANSITION]


@plugin.return_(
    "certificate-on-loss",
    "資格喪失による有効期限内の資格確認書の回収",
    "unexpired certificate back on loss of eligibility",
    document=CERTIFICATE,
    action=Action.RETURN,
)
def certificate_on_loss(s: Situation) -> bool:
    """Eligibility is lost, and the certificate has not expired."""
    return s[ELIGIBILITY_OVER] and s[CERTIFICATE.valid]


@plugin.return_(
    "certificate-expired",
    "有効期限の切れた資格確認書",
    "expired certificate",
    document=CERTIFICATE,
    action=Action.KEEP,
)
def certificate_expired(s: Situation) -> bool:
    """Expired certificates are not collected."""
    return s[CERTIFICATE.expired]
