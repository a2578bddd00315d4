"""The rules of Kumamoto's late elderly, written by hand in DuckDB's SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from shape import READ, born_by, end_of_july, ended_since, job, next_month

SEEN = """
    SELECT *,
        card = '1' AS held,
        card NOT IN ('0', '2') AS has_card,
        needs_assistance = '1' AS assistance,
        coalesce(electronic_certificate_expires_on < {grace}, false)
            OR coalesce(card_expires_on < {grace}, false) AS expired,
        insurance_use = '2' OR (insurance_use = '1' AND coalesce(deregistration_received_on <= {on}, false))
            AS ended,
        ended OR (has_card AND insurance_use = '0') AS use_missing,
        disclosure_restricted = '1' AS restricted,
        NOT has_card OR use_missing OR (has_card AND expired) OR restricted AS automatic,
        coalesce(requested_on <= {on}, false) AND (automatic OR assistance OR NOT held) AS applied,
        (assistance AND assistance_applied_before = '1')
            OR (automatic AND (card <> '4' OR restricted OR use_missing)) AS by_itself,
        held AND insurance_use = '1' AND NOT expired
            AND NOT (overseas_card = '0' AND coalesce(departs_japan_on <= {on}, false)) AS works,
        coalesce(certificate_issued_on <= {on}, false)
            AND NOT coalesce(certificate_returned_on <= {on}
                AND certificate_returned_on >= certificate_issued_on, false)
            AND NOT coalesce(certificate_valid_until < {on}, false) AS valid,
        {on} <= DATE '2025-07-31' AND coalesce(old_card_valid_until >= {on}, false)
            AND NOT coalesce(old_card_returned_on <= {on}, false) AS old_valid
    FROM (SELECT {columns} FROM read_parquet('{roll}'))
    WHERE enrolled_on <= {on} AND (left_on IS NULL OR left_on > {on})
        AND (birth_date <= {born_75} OR (birth_date <= {born_65} AND disability_recognised = '1'))
"""

ANSWERED = "coalesce(certificate_issued_on <= {{on}} AND certificate_issued_on >= {fact}, false)"
SINCE = "coalesce({fact} BETWEEN DATE '2024-12-02' AND {{on}}, false)"
APPLICATION = f"applied AND NOT old_valid AND NOT {ANSWERED.format(fact='requested_on')}"
ENDED = "ended AND NOT old_valid AND NOT valid"
RELIES = "works AND NOT (by_itself OR applied OR valid)"
NOTICE_SINCE = "coalesce(notice_issued_on <= {{on}} AND notice_issued_on >= {day}, false)"
CARD_COMING = f"""(
    enrolled_on BETWEEN DATE '2024-08-01' AND DATE '2024-12-01' AND old_card_valid_until IS NULL
    AND NOT {SINCE.format(fact="reissue_requested_on")} AND NOT {SINCE.format(fact="details_changed_on")}
    AND NOT valid)"""
JULY = "old_valid AND {on} BETWEEN DATE '2025-07-01' AND DATE '2025-07-31'"
CARDS = f"SELECT *, 'card-for-earlier-joiners' AS trigger FROM seen WHERE {CARD_COMING}"

LATER = f"""
    SELECT *, CASE
        WHEN {APPLICATION} THEN 'application'
        WHEN {ENDED} THEN 'deregistration'
        WHEN by_itself AND NOT valid THEN 'without-application'
        WHEN {RELIES} AND enrolled_on > DATE '2025-07-31'
            AND NOT {NOTICE_SINCE.format(day="enrolled_on")} THEN 'notice-on-enrolment'
        WHEN {RELIES} AND enrolled_on <= DATE '2025-07-31'
            AND NOT {NOTICE_SINCE.format(day="DATE '2025-07-01'")} THEN 'notice'
        END AS trigger
    FROM seen WHERE trigger IS NOT NULL
"""

PROVISIONAL = f"""
    SELECT *, CASE
        WHEN {APPLICATION} THEN 'application'
        WHEN {SINCE.format(fact="reissue_requested_on")} AND NOT ({JULY})
            AND NOT {ANSWERED.format(fact="reissue_requested_on")} THEN 'provisional-reissue'
        WHEN {SINCE.format(fact="details_changed_on")} AND NOT ({JULY})
            AND NOT {ANSWERED.format(fact="details_changed_on")} THEN 'provisional-changed-details'
        WHEN {ENDED} THEN 'deregistration'
        WHEN enrolled_on >= DATE '2024-12-02' AND NOT old_valid AND NOT valid THEN 'provisional-enrolment'
        WHEN enrolled_on < DATE '2024-12-02' AND NOT old_valid AND NOT valid AND NOT {CARD_COMING}
            THEN 'provisional-card-ended'
        WHEN {JULY} AND (by_itself OR applied OR NOT works)
            AND NOT (valid AND coalesce(certificate_valid_until > DATE '2025-07-31', true))
            THEN 'july-certificate'
        WHEN {JULY} AND {RELIES}
            AND NOT {NOTICE_SINCE.format(day="DATE '2025-07-01'")} THEN 'july-notice'
        END AS trigger
    FROM seen WHERE trigger IS NOT NULL
"""

WRITTEN = """
    SELECT id,
        CASE WHEN trigger LIKE '%notice%' THEN 'eligibility-notice'
            WHEN trigger = 'card-for-earlier-joiners' THEN 'health-insurance-card'
            ELSE 'eligibility-certificate' END AS document,
        trigger,
        CASE WHEN trigger IN ('application', 'provisional-reissue') THEN 'application' ELSE 'ex-officio' END
            AS basis,
        CASE WHEN trigger LIKE 'july-%' THEN DATE '2025-07-01' END AS due_from,
        CASE WHEN trigger LIKE 'july-%' THEN DATE '2025-07-31' END AS due_through,
        CASE WHEN trigger LIKE '%notice%' THEN NULL
            ELSE least(left_on - 1, CASE trigger WHEN 'july-certificate' THEN {next_year}
                WHEN 'card-for-earlier-joiners' THEN DATE '2025-07-31' ELSE {this_year} END)
            END AS valid_until,
        CASE WHEN trigger LIKE '%notice%' THEN 'not-stated' ELSE 'exact' END AS modality,
        CASE WHEN trigger LIKE '%notice%' THEN 'a4-paper' END AS medium,
        CASE WHEN trigger LIKE '%notice%' OR trigger IN ('application', 'deregistration') THEN 'municipality'
            END AS channel,
        NULL::VARCHAR AS form
    FROM owed
"""
COPY = "COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION {compression})"
RETURNS = "SELECT '' AS id, '' AS document, '' AS action WHERE false"


def query(roll: Path, on: date) -> str:
    """The SQL that finds what is owed to each member on a day."""
    if on > date(2025, 7, 31):
        owed = LATER
    elif on >= date(2024, 12, 2):
        owed = f"{PROVISIONAL} UNION ALL {CARDS}"
    else:
        owed = CARDS
    text = f"WITH seen AS ({SEEN}), owed AS ({owed}) {WRITTEN}"
    days = {
        "on": on,
        "born_75": born_by(on, 75),
        "born_65": born_by(on, 65),
        "grace": ended_since(on, 3),
        "this_year": end_of_july(on),
        "next_year": end_of_july(next_month(on)),
    }
    columns = ", ".join(f'"{header}" AS {name}' for name, header in READ.items())
    return text.format(
        columns=columns, roll=roll, **{name: f"DATE '{day.isoformat()}'" for name, day in days.items()}
    )


def main() -> None:
    """Decide a roll."""
    task = job()
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        copy = COPY.format(query=query(task.roll, task.on), path=task.issuances, compression="zstd")
        connection.execute(copy)
        connection.execute(COPY.format(query=RETURNS, path=task.returns, compression="zstd"))


if __name__ == "__main__":
    main()
