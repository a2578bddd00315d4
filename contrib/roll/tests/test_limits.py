"""What a run refuses to write: other counts than were expected, and whatever it reads."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hokensha_cli.main import cli
from hokensha_roll import running
from hokensha_roll.limits import AtMost, rows_before

Arguments = tuple[object, ...]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0", AtMost(Decimal(0))),
        ("20", AtMost(Decimal(20))),
        ("0.5%", AtMost(Decimal("0.5"), percent=True)),
        ("100%", AtMost(Decimal(100), percent=True)),
    ],
)
def test_a_limit_is_a_number_of_rows_or_a_share(text: str, read: AtMost):
    assert AtMost.of(text) == read
    assert str(read) == text


@pytest.mark.parametrize("text", ["", "%", "-1", "1.5", "1,5%", "５", "1 %", "1e3", "nan%"])
def test_anything_else_is_no_limit(text: str):
    with pytest.raises(ValueError, match="expected a number of rows, as 20, or a share"):
        AtMost.of(text)


@pytest.mark.parametrize(
    ("limit", "count", "rows", "allowed"),
    [
        ("2", 2, 10, True),
        ("2", 3, 10, False),
        ("0.1%", 1, 1000, True),
        ("0.1%", 1, 999, False),
        ("0%", 0, 0, True),
        ("33.333333%", 1, 3, False),
    ],
)
def test_a_share_is_exact(limit: str, count: int, rows: int, allowed: bool):
    assert AtMost.of(limit).allows(count, rows) == allowed


class Asked:
    """A run of a roll of four rows, of which two are rejected, after one of a sound roll."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.out: Path = bench.folder / "out"
        self.policy = bench.policy()
        bench.run(bench.csv([bench.row()], name="earlier.csv"))
        rows = [bench.row(), bench.row(id="A2"), bench.row(id="A3", left_on="x"), bench.row(id="")]
        self.roll = bench.csv(rows)
        self.before = self.files()

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir()}

    def run(self, *more: object, lang: str = "en") -> Any:
        arguments = ["--lang", lang, "run", self.policy, self.roll, "--on", self.bench.on, "--out", self.out]
        return CliRunner().invoke(cli, list(map(str, (*arguments, "--quiet", *more))))


@pytest.fixture
def asked(bench: Any) -> Asked:
    return Asked(bench)


@pytest.mark.parametrize("more", [("--expect-rows", 4), ("--max-rejected", 2), ("--max-rejected", "50%")])
def test_a_run_that_is_as_expected_replaces_the_earlier_one(asked: Asked, more: Arguments):
    assert asked.run(*more).exit_code == 3
    assert asked.files() != asked.before


@pytest.mark.parametrize(
    ("more", "en", "ja"),
    [
        (
            ("--expect-rows", 1000),
            "roll.csv: has 4 rows, expected 1,000 (--expect-rows); nothing was changed",
            "roll.csv: 4 行ありますが、--expect-rows は 1,000 行です。何も書き換えていません",
        ),
        (
            ("--max-rejected", 1),
            "2 of 4 rows were rejected, expected at most 1 (--max-rejected), most often for id: is empty,",
            "roll.csv: 4 行のうち 2 行を受け付けられません。--max-rejected は 1 です。",
        ),
        (
            ("--max-rejected", "49.9%", "--expect-rows", 4),
            "roll.csv: 2 of 4 rows were rejected, expected at most 49.9% (--max-rejected)",
            "roll.csv: 4 行のうち 2 行を受け付けられません。--max-rejected は 49.9% です。",
        ),
    ],
)
def test_a_run_that_is_not_as_expected_changes_nothing(asked: Asked, more: Arguments, en: str, ja: str):
    for lang, said in (("en", en), ("ja", ja)):
        done = asked.run(*more, lang=lang)
        assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
        assert said in done.stderr
        assert asked.files() == asked.before
    assert [path.name for path in asked.bench.folder.iterdir() if path.name.startswith(".")] == []


def test_limits_that_are_none_are_wrong_usage(asked: Asked):
    for more in (("--max-rejected", "few"), ("--expect-rows", "-1"), ("--max-rejected", "1.5")):
        assert asked.run(*more).exit_code == 2
    assert asked.files() == asked.before


@pytest.mark.parametrize("name", ["roll.csv", "policy.toml"])
@pytest.mark.parametrize("to", ["the folder", "a link to it", "the folder above"])
def test_a_folder_that_holds_an_input_is_no_place_for_the_output(asked: Asked, name: str, to: str):
    """Even if it looks like an earlier run's, which would be replaced."""
    folder = asked.bench.folder / "above" / "folder"
    folder.mkdir(parents=True)
    data = (asked.bench.folder / name).read_bytes()
    (folder / "issuances.csv").write_bytes(data)
    (folder / "summary.json").write_text("{}")
    (asked.bench.folder / "link").symlink_to(folder)
    places = {
        "the folder": folder,
        "a link to it": asked.bench.folder / "link",
        "the folder above": folder.parent,
    }
    policy, roll = asked.policy, str(asked.roll)
    if name == "roll.csv":
        roll = str(folder / "issuances.csv")
    else:
        policy = str(folder / "issuances.csv")
    line = ("run", policy, roll, "--on", asked.bench.on, "--out", places[to], "--quiet")
    for lang, said in (("en", "would replace"), ("ja", "失われます")):
        done = CliRunner().invoke(cli, ["--lang", lang, *map(str, line)])
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
        assert said in done.stderr
        assert "issuances.csv" in done.stderr
    assert (folder / "issuances.csv").read_bytes() == data


@pytest.mark.parametrize("option", ["--csv", "--svg", "--html"])
@pytest.mark.parametrize("name", ["roll.csv", "policy.toml", "another name of the roll"])
def test_a_forecast_is_not_written_over_an_input(asked: Asked, option: str, name: str):
    (asked.bench.folder / "another name of the roll").hardlink_to(asked.roll)
    output = asked.bench.folder / name
    before = output.read_bytes()
    months = ("--from", "2026-12", "--through", "2026-12")
    line = ("--lang", "en", "forecast", asked.policy, asked.roll, *months, option, output, "--quiet")
    done = CliRunner().invoke(cli, list(map(str, line)))
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "would replace" in done.stderr
    assert output.read_bytes() == before


def test_nor_over_a_file_of_a_roll_that_is_a_folder(asked: Asked):
    part = asked.bench.folder / "rolls" / "part.parquet"
    part.parent.mkdir()
    part.write_text("a part")
    months = ("--from", "2026-12", "--through", "2026-12")
    line = ("forecast", asked.policy, part.parent, *months, "--csv", part, "--quiet")
    assert CliRunner().invoke(cli, list(map(str, line))).exit_code == 1
    assert part.read_text() == "a part"


def test_a_roll_much_smaller_than_the_last_one_is_warned_of(bench: Any):
    out = bench.folder / "out"
    rows = [bench.row(id=f"A{row:02}") for row in range(20)]
    line = ("run", bench.policy(), bench.folder / "roll.csv", "--on", bench.on, "--out", out)
    said = {}
    for count in (20, 18, 16, 0):
        bench.csv(rows[:count])
        said[count] = CliRunner().invoke(cli, ["--lang", "en", *map(str, line)]).stderr
    assert "--expect-rows" not in said[20] + said[18]
    assert (
        "warning: the roll has 16 rows, and that of the output which was replaced had 18: see that it was "
        "not cut short (--expect-rows N refuses any other number).\n"
    ) in said[16]
    assert "the roll has 0 rows, and that of the output which was replaced had 16" in said[0]
    bench.csv(rows)
    CliRunner().invoke(cli, list(map(str, line)))
    bench.csv(rows[:2])
    japanese = CliRunner().invoke(cli, ["--lang", "ja", *map(str, line)]).stderr
    assert "警告: 名簿は 2 行ですが、置き換えた前回の結果では 20 行でした。" in japanese


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"read": null}', '{"read": "9"}', "\ud800", "9" * 9999, "[" * 99999]
)
def test_a_summary_that_does_not_tell_how_many_rows_there_were_is_passed_over(tmp_path: Path, text: str):
    (tmp_path / "summary.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    assert rows_before(tmp_path) == 0
    assert rows_before(tmp_path / "summary.json") == 0


def test_a_roll_that_changes_before_it_is_read_a_second_time_is_refused(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    """What is owed and what will be would be of different rolls."""
    forecast = running.forecast_roll

    def later(*given: Any) -> Any:
        with asked.roll.open("a", encoding="utf-8") as file:
            file.write(",".join(asked.bench.row(id="A9")) + "\n")
        return forecast(*given)

    monkeypatch.setattr(running, "forecast_roll", later)
    done = asked.run("--ahead", 2)
    assert (done.exit_code, done.stderr) == (
        1,
        f"error: {asked.roll}: was changed while it was read\n",
    )
    assert asked.files() == asked.before
