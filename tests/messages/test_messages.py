"""What the commands say of what is wrong: the same words, in the same place, on every Python.

What Python, its JSON, its CSV and its dates make of wrong input changes from version to version, and so may
what click says of wrong usage. ``said.txt`` has what hokensha says, whichever they are. This file, run as a
script, writes it anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import frozen
from click.testing import CliRunner

from hokensha_cli.main import cli

SAID = Path(__file__).with_name("said.txt")
UNION = Path(__file__).parents[2] / "examples" / "kumamoto-late-elderly"
POLICY = (UNION / "policy.toml").read_bytes()
MEMBER = json.loads((UNION / "members.json").read_text(encoding="utf-8"))[0]
HEADER, FIRST, *_ = (UNION / "roll.csv").read_bytes().splitlines(keepends=True)
ON = "--on 2026-11-21"
DECIDE = f"decide policy.toml member.json {ON}"
DEEP = 100_000


@frozen
class Wrong:
    """A command line at fault, or a file that it reads.

    Attributes:
        id: What is wrong.
        line: The command line.
        policy: What stands at the end of the policy.
        member: The member's file, if it is not a sound one.
        roll: The roll's file, if it is not a sound one.
    """

    id: str
    line: str
    policy: bytes = b""
    member: bytes = json.dumps(MEMBER).encode()
    roll: bytes = HEADER + FIRST

    def say(self, folder: Path) -> str:
        """What the command says, and how it ends, in a folder that has the files."""
        for name, data in (
            ("policy.toml", POLICY + b"\n" + self.policy),
            ("member.json", self.member),
            ("roll.csv", self.roll),
        ):
            (folder / name).write_bytes(data)
        done = CliRunner().invoke(cli, shlex.split(self.line), env={"LC_ALL": "C.UTF-8", "COLUMNS": "80"})
        return f"{done.stderr}exit {done.exit_code}\n"


def toml(what: str, text: str | bytes) -> Wrong:
    return Wrong(f"policy: {what}", DECIDE, policy=_bytes(text))


def member(what: str, text: str | bytes) -> Wrong:
    return Wrong(f"member: {what}", DECIDE, member=_bytes(text))


def fact(what: str, name: str, text: str) -> Wrong:
    facts = {**MEMBER, name: "?"}
    return member(what, json.dumps(facts).replace('"?"', text))


def roll(what: str, rows: bytes) -> Wrong:
    return Wrong(f"roll: {what}", f"run policy.toml roll.csv {ON} --out out --quiet", roll=HEADER + rows)


def usage(line: str) -> Wrong:
    return Wrong(f"usage: {line}", line)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


WRONG = [
    toml("a text that nobody closes", 'a = "b\n'),
    toml("a table that nobody closes", "[figures.a\n"),
    toml("a key without a value", "a =\n"),
    toml("a value without a key", "= 1\n"),
    toml("a line of words", "this is no TOML\n"),
    toml("a key that stands twice", "[figures.a]\ncites = []\ncites = []\n"),
    toml("a table that stands twice", "[figures.a]\n[figures.a]\n"),
    toml("a day that there is not", "[figures.a]\nrule = [{ on = 2025-02-29 }]\n"),
    toml("a day without zeros", "[figures.a]\nrule = [{ on = 2025-2-9 }]\n"),
    toml(
        "a day with a time",
        "[figures.a]\nrule = [{ on = 2025-02-28T00:00:00 }]\nmodality = 'exact'\ncites = ['004-01']\n",
    ),
    toml("a time", "[figures.a]\nrule = [{ on = 12:00:00 }]\nmodality = 'exact'\ncites = ['004-01']\n"),
    toml(
        "a month and a day that there are not",
        "[figures.a]\nrule = [{ next = '02-30' }]\nmodality = 'exact'\ncites = ['004-01']\n",
    ),
    toml("an escape that there is not", 'a = "\\q"\n'),
    toml("a sign that nobody sees", b'a = "\x01"\n'),
    toml("a carriage return alone", b"a = 1\rb = 2\n"),
    toml("bytes that are no UTF-8", "a = '保険'\n".encode("cp932")),
    toml("a number of too many digits", f"a = {'9' * 5000}\n"),
    toml("too many levels", f"a = {'[' * DEEP}{']' * DEEP}\n"),
    toml("a number in the place of a text", "[declined]\nenrolled = 1\n"),
    toml(
        "a fraction in the place of a number",
        "[figures.a]\nrule = [{ days = 1.5 }]\nmodality = 'exact'\ncites = ['004-01']\n",
    ),
    toml(
        "what is no number", "[figures.a]\nrule = [{ days = nan }]\nmodality = 'exact'\ncites = ['004-01']\n"
    ),
    toml(
        "a truth in the place of a number",
        "[figures.a]\nrule = [{ days = true }]\nmodality = 'exact'\ncites = ['004-01']\n",
    ),
    toml(
        "a reading in one language only",
        "[figures.a]\nreading = 'from the day of issue'\nmodality = 'exact'\n",
    ),
    toml("a reading without its Japanese", "[figures.a]\nreading = { en = 'from it' }\nmodality = 'exact'\n"),
    toml("a modality that there is not", "[figures.a]\nmodality = 'exakt'\ncites = ['004-01']\n"),
    toml(
        "a step that there is not",
        "[figures.a]\nrule = [{ day = 1 }]\nmodality = 'exact'\ncites = ['004-01']\n",
    ),
    toml("a key that there is not", "[figures.a]\nmodality = 'exact'\nciites = ['004-01']\n"),
    toml("a rule that no plugin has", "[rules.enroled]\ncites = ['004-01']\n"),
    toml("a fact of a kind that there is not", "[facts.a]\nkind = 'date'\nja = 'あ'\nen = 'a'\n"),
    member("nothing", ""),
    member("white space", " \n"),
    member("a word", "nobody"),
    member("an object that nobody closes", '{"id": "a"'),
    member("a list that nobody closes", '[{"id": "a"}'),
    member("a text that nobody closes", '{"id": "a'),
    member("a comma at the end of an object", '{"id": "a",}'),
    member("a comma at the end of a list", '[{"id": "a"},]'),
    member("no comma", '{"id": "a" "number": "1"}'),
    member("no colon", '{"id" "a"}'),
    member("no value", '{"id": }'),
    member("single quotes", "{'id': 'a'}"),
    member("a comment", '{"id": "a"} // me'),
    member("two objects", '{"id": "a"}{"id": "b"}'),
    member("an escape that there is not", '{"id": "\\q"}'),
    member("half an escape", '{"id": "\\u12"}'),
    member("a sign that nobody sees", b'{"id": "\x01"}'),
    member("bytes that are no UTF-8", '{"id": "保険"}'.encode("cp932")),
    member("UTF-16", '{"id": "a"}'.encode("utf-16")),
    member("a key that stands twice", '{"id": "a", "number": "1", "number": "2"}'),
    member("what is no number", '{"id": "a", "number": NaN}'),
    member("a number of too many digits", f'{{"id": "a", "number": {"9" * 5000}}}'),
    member("too many levels", f"{'[' * DEEP}{']' * DEEP}"),
    member("a text alone", '"a"'),
    member("an object without an id", "{}"),
    member("a number for an id", '{"id": 1}'),
    fact("a day that there is not", "birth_date", '"1940-02-30"'),
    fact("a day without dashes", "birth_date", '"19400203"'),
    fact("a day of a week", "birth_date", '"1940-W05-6"'),
    fact("a day without zeros", "birth_date", '"1940-2-3"'),
    fact("a day of full width", "birth_date", '"１９４０-０２-０３"'),
    fact("a day with a time", "birth_date", '"1940-02-03T00:00:00"'),
    fact("a day of the year 0", "birth_date", '"0000-02-03"'),
    fact("a day of the year 10000", "birth_date", '"10000-02-03"'),
    fact("a day too early", "birth_date", '"1867-12-31"'),
    fact("a day that is a number", "birth_date", "19400203"),
    fact("a day that is a list", "birth_date", '["1940-02-03"]'),
    fact("a day that is not known to be none", "birth_date", "null"),
    fact("a truth that is a word", "needs_assistance", '"yes"'),
    fact("a truth that is a number", "needs_assistance", "1"),
    fact("a code that there is not", "my_number_card", '"hold"'),
    fact("a code that is a truth", "my_number_card", "true"),
    fact("a number of a person", "number", '"123456789018"'),
    fact("a fact that there is not", "birthdate", '"1940-02-03"'),
    fact("a fact of a strange name", "\ud800", "1"),
    roll("a quote that nobody closes", b'"' + FIRST),
    roll("a quote within a cell", FIRST.replace(b",", b'"x,', 1)),
    roll("a zero byte", FIRST.replace(b",", b"\0,", 1)),
    roll("a cell without an end", b"9" * 200_000 + FIRST),
    roll("a row too short", b"1,2\n"),
    roll("an empty row", b"\n" + FIRST),
    roll("bytes that are no text", b"\xff\xfe" + FIRST),
    roll("a carriage return alone", FIRST.replace(b"\r", b"").replace(b"\n", b"\r") * 2),
    *map(
        usage,
        (
            "dicide",
            "decide",
            "decide policy.toml",
            "decide policy.toml member.json",
            "decide policy.toml member.json --on",
            f"decide policy.toml member.json {ON} --wy",
            f"decide policy.toml member.json {ON} --json=yes",
            f"decide policy.toml member.json {ON} another",
            f"decide policy.toml nobody.json {ON}",
            f"decide nothing.toml member.json {ON}",
            f"decide . member.json {ON}",
            "decide policy.toml member.json --on 2026-02-29",
            "decide policy.toml member.json --on 20261121",
            "decide policy.toml member.json --on 2026-W47-6",
            "decide policy.toml member.json --on 2026-11-21T00:00",
            "decide policy.toml member.json --on R8.11.31",
            "decide policy.toml member.json --on S70.1.1",
            "decide policy.toml member.json --on 令和元年４月３０日",
            "decide policy.toml member.json --on today",
            "--lang fr decide",
            "--lang ja decide",
            "--lang ja dicide",
            f"--lang ja decide policy.toml member.json {ON} --wy",
            "--lang ja decide policy.toml member.json --on 2026-02-29",
            "present policy.toml member.json --on 2026-11-21 --at home",
            "present policy.toml member.json --on 2026-11-21 --at equipped --with passport",
            "validity policy.toml eligibility-certificat --issued 2026-11-21",
            "validity policy.toml eligibility-certificate --issued 2026-11-21 --purpose holidays",
            "reflect policy.toml enrolement --from 2026-11-21",
            "rules policy.toml --format pdf",
            "init --plugin late-eldery",
            "init --plugin late-elderly --preset kumamotto",
            "schema polcy",
            "run policy.toml roll.csv --on 2026-11-21",
            "run policy.toml roll.csv --on 2026-11-21 --out . --ahead 1000",
            "run policy.toml roll.csv --on 2026-11-21 --out . --ahead one",
            "forecast policy.toml roll.csv --from 2026-13 --through 2027-01",
            "forecast policy.toml roll.csv --from 2027-02 --through 2027-01",
            "make-roll policy.toml --members many --seed 1 --out made.csv",
            "make-roll policy.toml --members 1 --seed -1 --out made.csv",
            "cases member.json",
            "new-plugin Not-A-Name",
        ),
    ),
]


HERE = f" (Python {sys.version_info.major}.{sys.version_info.minor})"
"""Behind what is wrong: said so on this Python alone, where its libraries leave hokensha no choice."""


def sections() -> dict[str, str]:
    """What is said of each, by what is wrong."""
    found = re.split(r"^# (.*)\n", SAID.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_what_is_said_is_the_same_on_every_python(wrong, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = sections()

    assert said.get(wrong.id + HERE, said[wrong.id]) == wrong.say(tmp_path) + "\n"


def test_nothing_is_said_of_what_is_not_tried():
    assert [wrong.id for wrong in WRONG] == [each for each in sections() if "(Python " not in each]


def write() -> None:
    """Write anew what is said, keeping what other Pythons say of it."""
    kept, written = sections(), []
    for wrong in WRONG:
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            said = wrong.say(Path(folder)) + "\n"
        written.append((wrong.id, said))
        written += [(each, text) for each, text in kept.items() if each.startswith(f"{wrong.id} (Python ")]
    SAID.write_text("".join(f"# {each}\n{text}" for each, text in written), encoding="utf-8")


if __name__ == "__main__":
    write()
