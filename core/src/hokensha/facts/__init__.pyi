from .catalogue import (
    FACT_ID,
    KEY,
    UNKNOWN,
    Catalogue,
    Fact,
    FactValue,
    Kind,
    Member,
    Unknown,
    as_json,
    parse_member,
)
from .identifiers import holds_individual_number, insurer_number_problem, is_individual_number

__all__ = [
    "FACT_ID",
    "KEY",
    "UNKNOWN",
    "Catalogue",
    "Fact",
    "FactValue",
    "Kind",
    "Member",
    "Unknown",
    "as_json",
    "holds_individual_number",
    "insurer_number_problem",
    "is_individual_number",
    "parse_member",
]
