"""Facts of a member: what may be known, in three states (a value, known to be none, unknown)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from hokensha.errors import Finding, MemberError
from hokensha.identifiers import holds_individual_number, insurer_number_problem
from hokensha.text import Label, nearest

Kind = Literal["text", "day", "boolean", "code"]


class Unknown(Enum):
    """The state of a fact that was not supplied. It is no value: no rule ever sees it."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("an unknown fact is neither true nor false")


UNKNOWN: Final = Unknown.UNKNOWN
FactValue: TypeAlias = "str | bool | date | None"
"""A known fact: text or code, boolean, day, or ``None`` for *known to be none*."""


@frozen
class Fact:
    """One thing that can be known of a member.

    Attributes:
        id: The key in a member's JSON and in a policy's roll mapping.
        kind: ``text``, ``day``, ``boolean`` or ``code``.
        label: What people call it.
        nullable: Whether *known to be none* is an answer.
        values: The closed set of a ``code``.
        planned: A day that is read as given even when it lies ahead; of all other days, those after
            the day asked have not happened yet.
        sensitive: Never repeated in an error or in a list of rejected rows.
    """

    id: str
    kind: Kind
    label: Label
    nullable: bool = False
    values: tuple[str, ...] = ()
    planned: bool = False
    sensitive: bool = False

    def expected(self) -> str:
        """What a supplied value has to look like, in words."""
        shape = {
            "text": "a text",
            "day": "a day YYYY-MM-DD",
            "boolean": "true or false",
            "code": "one of " + ", ".join(self.values),
        }[self.kind]
        return f"{shape}, or null" if self.nullable else shape

    def parse(self, raw: object) -> FactValue:
        """The value that JSON's ``raw`` stands for.

        Raises:
            ValueError: ``raw`` is not what :meth:`expected` says; the message never repeats it.
        """
        if raw is None and self.nullable:
            return None
        if self.kind == "day" and isinstance(raw, str):
            return _day(raw)
        if self.kind == "boolean" and isinstance(raw, bool):
            return raw
        if self.kind == "code" and isinstance(raw, str) and raw in self.values:
            return raw
        if self.kind == "text" and isinstance(raw, str):
            return self._text(raw)
        raise ValueError(f"expected {self.expected()}")

    def _text(self, raw: str) -> str:
        if not raw.strip() or "\0" in raw:  # no file that people read can hold a NUL
            raise ValueError("expected a text that is not empty, without NUL characters")
        problem = insurer_number_problem(raw) if self.id == "insurer_number" else None
        if problem:
            raise ValueError(problem)
        return raw


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(raw: str) -> date:
    if not _ISO_DAY.fullmatch(raw):  # on some Pythons fromisoformat reads week dates, too
        raise ValueError("expected a day YYYY-MM-DD")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError("expected a day YYYY-MM-DD that exists") from None


def _facts() -> tuple[Fact, ...]:
    def day(id_: str, ja: str, en: str, *, null: bool = True, planned: bool = False) -> Fact:
        return Fact(id_, "day", Label(ja, en), nullable=null, planned=planned)

    def flag(id_: str, ja: str, en: str) -> Fact:
        return Fact(id_, "boolean", Label(ja, en))

    def code(id_: str, ja: str, en: str, *values: str) -> Fact:
        return Fact(id_, "code", Label(ja, en), values=values)

    def text(id_: str, ja: str, en: str, *, null: bool = True) -> Fact:
        return Fact(id_, "text", Label(ja, en), nullable=null, sensitive=null)

    return (
        text("id", "管理番号", "the insurer's own key", null=False),
        text("insurer_number", "保険者番号", "insurer number"),
        text("symbol", "記号", "symbol"),
        text("number", "番号", "number"),
        text("branch", "枝番", "branch number"),
        day("birth_date", "生年月日", "date of birth", null=False),
        code("relation", "続柄区分", "relation to the scheme", "insured", "dependent"),
        flag("continuation", "任意継続", "voluntary continuation"),
        flag("disability_recognised", "障害認定", "disability recognised"),
        day("enrolled_on", "資格取得日・認定日", "enrolled on", null=False),
        day("enrolment_received_on", "取得届受付日", "enrolment filing received on"),
        day("enrolment_processed_on", "取得届処理日", "enrolment filing processed on"),
        day("left_on", "資格喪失日・認定取消日", "eligibility lost on", planned=True),
        day("loss_received_on", "喪失届受付日", "filing of the loss received on"),
        day("number_submitted_on", "個人番号提出日", "individual number submitted on"),
        day("registered_on", "中間サーバー登録完了日", "registered in the database on"),
        flag("registration_failed", "登録時システムエラー", "system error at registration"),
        code(
            "my_number_card",
            "マイナンバーカードの状態",
            "state of the My Number card",
            *("none", "held", "returned", "lost", "renewing"),
        ),
        day(
            "my_number_card_expires_on",
            "マイナンバーカード有効期限",
            "My Number card expires on",
            planned=True,
        ),
        day(
            "electronic_certificate_expires_on",
            "電子証明書有効期限",
            "electronic certificate expires on",
            planned=True,
        ),
        code(
            "insurance_use",
            "健康保険証利用登録",
            "registration for use as insurance card",
            *("unregistered", "registered", "deregistered"),
        ),
        day("deregistration_received_on", "利用登録解除申請受付日", "deregistration application received on"),
        day(
            "deregistration_registered_on",
            "利用登録解除の登録日",
            "deregistration registered in the server on",
        ),
        flag("needs_assistance", "要配慮者", "needs a helper's assistance"),
        flag("assistance_applied_before", "要配慮者としての申請歴", "has applied on that ground before"),
        flag("disclosure_restricted", "支援措置・自己情報不開示", "disclosure restricted"),
        day("departs_japan_on", "国外転出予定日", "planned departure from Japan", planned=True),
        flag("overseas_card", "国外転出者向けカードへの切替", "card switched for use abroad"),
        day(
            "health_insurance_card_valid_until",
            "健康保険証の有効期限",
            "end printed on the health insurance card",
            planned=True,
        ),
        day("eligibility_certificate_issued_on", "資格確認書交付日", "eligibility certificate issued on"),
        day(
            "eligibility_certificate_valid_until",
            "資格確認書有効期限",
            "eligibility certificate valid until",
            planned=True,
        ),
        day("eligibility_notice_issued_on", "資格情報のお知らせ交付日", "eligibility notice issued on"),
        day("details_changed_on", "券面情報変更日", "printed details changed on"),
        day("name_change_received_on", "氏名変更届受付日", "change of name received on"),
        day("branch_transferred_on", "支部異動日", "transferred between branches on"),
        day("certificate_requested_on", "資格確認書交付申請日", "certificate applied for on"),
        day("reissue_requested_on", "再交付申請日", "reissue applied for on"),
        day("health_insurance_card_returned_on", "健康保険証返却日", "health insurance card returned on"),
        day("eligibility_certificate_returned_on", "資格確認書返却日", "eligibility certificate returned on"),
    )


@frozen
class Catalogue:
    """Every fact that a policy's members may have: the core's and those its plugins declare."""

    facts: Mapping[str, Fact] = field(factory=lambda: {fact.id: fact for fact in _facts()})

    def __getitem__(self, fact_id: str) -> Fact:
        return self.facts[fact_id]

    def __contains__(self, fact_id: object) -> bool:
        return fact_id in self.facts

    def extended(self, further: Iterable[Fact]) -> Catalogue:
        """This catalogue with ``further`` facts at its end."""
        return Catalogue({**self.facts, **{fact.id: fact for fact in further}})


@frozen
class Member:
    """What is known of one member: a key that is absent from ``facts`` is unknown."""

    id: str
    facts: Mapping[str, FactValue]

    def read(self, fact_id: str) -> FactValue | Unknown:
        """The value of a fact, ``None`` if known to be none, :data:`UNKNOWN` if not supplied."""
        return self.facts.get(fact_id, UNKNOWN)


def as_json(value: object) -> object:
    """A fact's value as JSON has it: a day as ``YYYY-MM-DD``."""
    return value.isoformat() if isinstance(value, date) else value


def parse_member(raw: object, catalogue: Catalogue, where: str = "member") -> Member:
    """The member that a JSON object describes.

    Args:
        raw: What a JSON parser returned.
        catalogue: The facts that are allowed.
        where: What errors call the input.

    Raises:
        MemberError: All that is wrong, at once. Values are never repeated.
    """
    if not isinstance(raw, dict):
        raise MemberError(Finding(where, "expected a JSON object of facts", "member-shape"))
    if holds_individual_number(raw):
        raise MemberError(
            Finding(
                where, "holds an individual number (個人番号), which is never accepted", "individual-number"
            )
        )
    findings: list[Finding] = []
    facts: dict[str, FactValue] = {}
    for key, value in raw.items():
        if key not in catalogue:
            hint = nearest(str(key), list(catalogue.facts))
            findings.append(Finding(f"{where}: {key}", f"no such fact{hint}", "unknown-fact"))
            continue
        try:
            facts[key] = catalogue[key].parse(value)
        except ValueError as error:
            findings.append(Finding(f"{where}: {key}", str(error), "bad-fact"))
    if "id" not in raw:
        findings.append(Finding(f"{where}: id", "is missing; every member has a key", "missing-id"))
    if findings:
        raise MemberError(findings)
    return Member(str(facts["id"]), facts)
