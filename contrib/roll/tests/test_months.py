"""Counts by month, document and trigger: their order, their forms, and what is refused."""

from __future__ import annotations

import pytest

from hokensha_roll.months import Months

CERTIFICATE, NOTICE = "eligibility-certificate", "eligibility-notice"
COUNTS = {
    ("2027-02", CERTIFICATE, "renewal"): 3,
    ("2026-12", NOTICE, "notice"): 2,
    ("2026-12", CERTIFICATE, "renewal"): 5,
    ("2026-12", CERTIFICATE, "application"): 1,
    ("2027-02", CERTIFICATE, ""): 4,
    ("2027-02", NOTICE, "notice"): 0,
}


def test_every_month_from_the_first_to_the_last_is_there():
    assert Months("2026-11", "2027-02").months() == ("2026-11", "2026-12", "2027-01", "2027-02")


def test_one_month_is_a_forecast_too():
    assert Months("2026-12", "2026-12").months() == ("2026-12",)


def test_rows_are_sorted_whatever_the_order_of_counting_and_leave_out_zeros():
    assert Months("2026-12", "2027-02", COUNTS).rows() == (
        ("2026-12", CERTIFICATE, "application", 1),
        ("2026-12", CERTIFICATE, "renewal", 5),
        ("2026-12", NOTICE, "notice", 2),
        ("2027-02", CERTIFICATE, "", 4),
        ("2027-02", CERTIFICATE, "renewal", 3),
    )


def test_documents_add_up_over_their_triggers():
    months = Months("2026-12", "2027-02", COUNTS)
    assert months.by_document() == {
        ("2026-12", CERTIFICATE): 6,
        ("2026-12", NOTICE): 2,
        ("2027-02", CERTIFICATE): 7,
    }
    assert months.total() == 15


def test_the_json_names_every_month_and_the_reason_that_is_not_known():
    assert Months("2026-12", "2027-02", COUNTS).to_json() == {
        "schema": "hokensha/forecast/1",
        "first": "2026-12",
        "last": "2027-02",
        "months": {
            "2026-12": {CERTIFICATE: {"application": 1, "renewal": 5}, NOTICE: {"notice": 2}},
            "2027-01": {},
            "2027-02": {CERTIFICATE: {"undetermined": 4, "renewal": 3}},
        },
    }


def test_the_csv_has_a_line_for_each_row():
    counts = {("2027-01", NOTICE, "notice"): 1200, ("2026-12", CERTIFICATE, ""): 1}
    assert Months("2026-12", "2027-01", counts).to_csv() == (
        "month,document,trigger,count\r\n"
        "2026-12,eligibility-certificate,,1\r\n"
        "2027-01,eligibility-notice,notice,1200\r\n"
    )


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "2026-00", "202612", "令和8年12月", "2026-12-01", ""])
def test_a_month_that_is_written_otherwise_is_refused(month: str):
    with pytest.raises(ValueError, match="first: expected a month as YYYY-MM"):
        Months(month, "2027-01")


@pytest.mark.parametrize("last", ["2026-11", "2126-12"])
def test_a_last_month_before_the_first_or_a_century_later_is_refused(last: str):
    with pytest.raises(ValueError, match="expected a month from 2026-12 on"):
        Months("2026-12", last)


@pytest.mark.parametrize(("month", "count"), [("2027-02", 1), ("2026-11", 1), ("2026-12", -1)])
def test_counts_of_other_months_and_negative_ones_are_refused(month: str, count: int):
    with pytest.raises(ValueError, match="expected counts of 2026-12 to 2027-01, none negative"):
        Months("2026-12", "2027-01", {(month, NOTICE, "notice"): count})
