"""What the page on warehouses says of PostgreSQL is done as it stands there, with a server of its own."""

import csv
import os
import re
import shutil
import subprocess
import sysconfig

from console import ROOT
from databases import in_duckdb, in_postgres

POLICY = ROOT / "examples" / "kumamoto-late-elderly" / "policy.toml"
BLOCK = re.compile(r"^```text\n(.*?psql.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = ["howto-warehouse.md", "howto-warehouse.ja.md"]


def commands_of(page):
    (block,) = BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    return block


def bash(script, folder, environment):
    own = (sysconfig.get_path("scripts"), environment["PATH"], os.environ["PATH"])
    env = {**os.environ, **environment, "PATH": os.pathsep.join(own), "LC_ALL": "C.UTF-8"}
    script = f"set -e\n{script}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


def rows_of(path, columns):
    with path.open(encoding="utf-8", newline="") as file:
        return sorted([row[column] for column in columns] for row in csv.DictReader(file))


def test_both_pages_have_the_same_commands():
    assert commands_of(PAGES[0]) == commands_of(PAGES[1])


def test_the_commands_for_postgres_give_what_a_run_gives(tmp_path):
    shutil.copy(POLICY, tmp_path / "policy.toml")
    make = "hokensha make-roll policy.toml --members 3000 --seed 7 --out members.parquet --quiet"
    with in_duckdb() as made, in_postgres() as server:
        bash(
            f"{make}\nhokensha run policy.toml members.parquet --on 2026-12-01 --out out --quiet",
            tmp_path,
            server.environment,
        )
        made.run(f"CREATE TABLE members AS FROM '{tmp_path / 'members.parquet'}'")
        columns = made.rows("SELECT column_name, column_type FROM (DESCRIBE members)")
        made.saved("FROM members", tmp_path / "members.csv")
        server.run("CREATE DATABASE insurer")
        types = ", ".join(f'"{name}" {"date" if kind == "DATE" else "text"}' for name, kind in columns)
        bash(
            f"psql insurer --quiet --command 'CREATE TABLE members ({types})'\n"
            'psql insurer --quiet --command "\\\\copy members FROM members.csv (FORMAT csv, HEADER)"\n'
            + commands_of(PAGES[0]),
            tmp_path,
            server.environment,
        )

    found = rows_of(
        tmp_path / "out" / "issuances.csv", ("id", "document", "trigger", "valid_until", "channel")
    )
    joined = ("宛名番号", "document", "trigger", "valid_until", "channel")
    assert found == rows_of(tmp_path / "issuances.csv", joined)
    assert found
