"""The facts that every kind of insurer's members may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hokensha.facts import Fact, insurer_number_problem
from hokensha.text import Label

_YEAR = 365
_CARD = ("my_number_card", ("held", "lost", "renewing"))
"""Of who has none, or gave it back, no expiry means anything."""
_RECORDS = Label("保険者の台帳", "the insurer's own records")
_MEMBER = Label("本人", "the member")
_ON_CARD = Label("本人（カードの券面、マイナポータル）", "the member (the card's face, the portal)")
_SERVER = Label("中間サーバーの照会、本人（マイナポータル）", "the intermediary server, the member (portal)")


def _day(
    id_: str, ja: str, en: str, *usual: int, null: bool = True, planned: bool = False, **further: Any
) -> Fact:
    known = {"asked_of": _RECORDS, **further}
    return Fact(id_, "day", Label(ja, en), nullable=null, planned=planned, usual=usual, **known)


def _flag(id_: str, ja: str, en: str, asked_of: Label = _RECORDS) -> Fact:
    return Fact(id_, "boolean", Label(ja, en), asked_of=asked_of)


def _code(id_: str, ja: str, en: str, *values: str, usual: str, asked_of: Label = _RECORDS) -> Fact:
    return Fact(id_, "code", Label(ja, en), values=values, usual=(usual,), asked_of=asked_of)


def _text(
    id_: str, ja: str, en: str, *, null: bool = True, problem: Callable[[str], str | None] | None = None
) -> Fact:
    label = Label(ja, en)
    return Fact(id_, "text", label, nullable=null, sensitive=null, problem=problem, asked_of=_RECORDS)


FACTS = (
    _text("id", "管理番号", "the insurer's own key", null=False),
    _text("insurer_number", "保険者番号", "insurer number", problem=insurer_number_problem),
    _text("symbol", "記号", "symbol"),
    _text("number", "番号", "number"),
    _text("branch", "枝番", "branch number"),
    _day("birth_date", "生年月日", "date of birth", -40 * _YEAR, -80 * _YEAR, null=False, unchangeable=True),
    _code("relation", "続柄区分", "relation to the scheme", "insured", "dependent", usual="insured"),
    _flag("continuation", "任意継続", "voluntary continuation"),
    _flag("disability_recognised", "障害認定", "disability recognised"),
    _day("enrolled_on", "資格取得日・認定日", "enrolled on", -5 * _YEAR, null=False),
    _day("enrolment_received_on", "取得届受付日", "enrolment filing received on", -5 * _YEAR),
    _day("enrolment_processed_on", "取得届処理日", "enrolment filing processed on", -5 * _YEAR),
    _day("left_on", "資格喪失日・認定取消日", "eligibility lost on", planned=True),
    _day("loss_received_on", "喪失届受付日", "filing of the loss received on"),
    _day("number_submitted_on", "個人番号提出日", "individual number submitted on", -5 * _YEAR),
    _day("registered_on", "中間サーバー登録完了日", "registered in the database on", -5 * _YEAR),
    _flag("registration_failed", "登録時システムエラー", "system error at registration"),
    _code(
        "my_number_card",
        "マイナンバーカードの状態",
        "state of the My Number card",
        *("none", "held", "returned", "lost", "renewing"),
        usual="held",
        asked_of=_MEMBER,
    ),
    _day(
        "my_number_card_expires_on",
        "マイナンバーカード有効期限",
        "My Number card expires on",
        5 * _YEAR,
        planned=True,
        asked_of=_ON_CARD,
        read_with=_CARD,
    ),
    _day(
        "electronic_certificate_expires_on",
        "電子証明書有効期限",
        "electronic certificate expires on",
        2 * _YEAR,
        planned=True,
        asked_of=_ON_CARD,
        read_with=_CARD,
    ),
    _code(
        "insurance_use",
        "健康保険証利用登録",
        "registration for use as insurance card",
        *("unregistered", "registered", "deregistered"),
        usual="registered",
        asked_of=_SERVER,
    ),
    _day("deregistration_received_on", "利用登録解除申請受付日", "deregistration application received on"),
    _day(
        "deregistration_registered_on",
        "利用登録解除の登録日",
        "deregistration registered in the server on",
    ),
    _flag("needs_assistance", "要配慮者", "needs a helper's assistance", _MEMBER),
    _flag("assistance_applied_before", "要配慮者としての申請歴", "has applied on that ground before"),
    _flag("disclosure_restricted", "支援措置・自己情報不開示", "disclosure restricted"),
    _day(
        "departs_japan_on", "国外転出予定日", "planned departure from Japan", planned=True, asked_of=_MEMBER
    ),
    _flag("overseas_card", "国外転出者向けカードへの切替", "card switched for use abroad", _MEMBER),
    _day(
        "health_insurance_card_valid_until",
        "健康保険証の有効期限",
        "end printed on the health insurance card",
        planned=True,
    ),
    _day("eligibility_certificate_issued_on", "資格確認書交付日", "eligibility certificate issued on"),
    _day(
        "eligibility_certificate_valid_until",
        "資格確認書有効期限",
        "eligibility certificate valid until",
        planned=True,
    ),
    _day("eligibility_notice_issued_on", "資格情報のお知らせ交付日", "eligibility notice issued on"),
    _day("details_changed_on", "券面情報変更日", "printed details changed on"),
    _day("name_change_received_on", "氏名変更届受付日", "change of name received on"),
    _day("branch_transferred_on", "支部異動日", "transferred between branches on"),
    _day("certificate_requested_on", "資格確認書交付申請日", "certificate applied for on"),
    _day("reissue_requested_on", "再交付申請日", "reissue applied for on"),
    _day("health_insurance_card_returned_on", "健康保険証返却日", "health insurance card returned on"),
    _day("eligibility_certificate_returned_on", "資格確認書返却日", "eligibility certificate returned on"),
)
"""In the order in which what is missing is listed."""
