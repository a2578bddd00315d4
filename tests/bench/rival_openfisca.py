"""The rules as an OpenFisca country package, over the whole roll in arrays."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from kumamoto_openfisca import system
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_facts import DATES, FLAGS, Card, Owed, Use
from shape import ISSUANCES, READ, RETURNS, end_of_july, job, next_month

CHUNK = 250_000
NO_DAY = -(2**63)
NOTICES = (Owed.july_notice, Owed.notice_on_enrolment, Owed.notice)
TO_MUNICIPALITY = (Owed.application, Owed.deregistration, *NOTICES)
APPLIED_FOR = (Owed.application, Owed.provisional_reissue)
IN_JULY = (Owed.july_certificate, Owed.july_notice)
OLD_CARDS_LAST = date(2025, 7, 31)

Row = dict[str, "str | date | None"]


def row(rule: Owed, on: date) -> Row:
    """What is written of a rule."""
    notice, july = rule in NOTICES, rule in IN_JULY
    until = end_of_july(next_month(on)) if july else end_of_july(on)
    return {
        "document": "eligibility-notice" if notice else "eligibility-certificate",
        "trigger": rule.value,
        "basis": "application" if rule in APPLIED_FOR else "ex-officio",
        "due_from": date(2025, 7, 1) if july else None,
        "due_through": date(2025, 7, 31) if july else None,
        "valid_until": None if notice else until,
        "modality": "not-stated" if notice else "exact",
        "medium": "a4-paper" if notice else None,
        "channel": "municipality" if rule in TO_MUNICIPALITY else None,
        "form": None,
    }


def table(on: date) -> pl.DataFrame:
    """The rows of all rules, by index; the last is that of the old cards."""
    old_card = {**row(Owed.nothing, on), "document": "health-insurance-card", "valid_until": OLD_CARDS_LAST}
    rows = [*(row(rule, on) for rule in Owed), {**old_card, "trigger": "card-for-earlier-joiners"}]
    return pl.DataFrame(
        rows, schema_overrides=dict.fromkeys(("due_from", "due_through", "valid_until"), pl.Date)
    )


def simulation(chunk: pl.DataFrame) -> Simulation:
    """The members, as OpenFisca takes them."""
    found = SimulationBuilder().build_default_simulation(SYSTEM, chunk.height)
    for name in DATES:
        found.set_input(name, "ETERNITY", chunk[name].to_numpy().view("datetime64[D]"))
    for name in FLAGS:
        found.set_input(name, "ETERNITY", chunk[name].to_numpy())
    for name, codes in (("card", Card), ("insurance_use", Use)):
        found.set_input(name, "ETERNITY", EnumArray(chunk[name].to_numpy(), codes))
    return found


def before_leaving() -> pl.Expr:
    """The day before a member leaves."""
    left_on = pl.col("left_on")
    return pl.when(left_on != NO_DAY).then(left_on - 1).cast(pl.Int32).cast(pl.Date)


def decided(chunk: pl.DataFrame, on: date, rows: pl.DataFrame) -> pl.DataFrame:
    """What is owed to the members of a chunk."""
    members = simulation(chunk)
    period = f"day:{on}"
    rules = np.asarray(members.calculate("owed", period))
    places = np.flatnonzero(rules)
    rules = rules[places]
    if on <= OLD_CARDS_LAST:
        cards = np.flatnonzero(members.calculate("old_card_owed", period))
        places = np.concatenate([places, cards])
        rules = np.concatenate([rules, np.full(len(cards), len(Owed), rules.dtype)])
    owed = chunk[places].select("id", end=before_leaving())
    capped = pl.when(pl.col("valid_until").is_not_null()).then(pl.min_horizontal("valid_until", "end"))
    return owed.hstack(rows[rules]).with_columns(valid_until=capped).select(ISSUANCES)


SYSTEM = system()


def main() -> None:
    """Decide a roll."""
    task = job()
    column = {name: pl.col(header).alias(name) for name, header in READ.items()}
    days = [column[name].cast(pl.Int64).fill_null(NO_DAY) for name in DATES]
    flags = [column[name] == "1" for name in FLAGS]
    codes = [column[name].cast(pl.UInt8) for name in ("card", "insurance_use")]
    roll = pl.scan_parquet(task.roll).select(column["id"], *days, *flags, *codes)
    rows = table(task.on)
    chunks = roll.collect_batches(chunk_size=CHUNK, maintain_order=False)
    pl.concat([decided(chunk, task.on, rows) for chunk in chunks]).write_parquet(task.issuances)
    pl.DataFrame(schema=dict.fromkeys(RETURNS, pl.String)).write_parquet(task.returns)


if __name__ == "__main__":
    main()
