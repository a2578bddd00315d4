"""Which SQL is written."""

from typing import Final

DIALECTS: Final = ("duckdb", "spark", "postgres", "bigquery", "snowflake")
