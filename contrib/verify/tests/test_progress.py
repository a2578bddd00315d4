"""How far a check is: on a terminal by name, nowhere else, and a slow rule once more at the end."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from hokensha.text import Label
from hokensha_verify import check, progress
from hokensha_verify.progress import watched

POLICY = Path(__file__).parents[3] / "examples" / "warehouse-health-society" / "policy.toml"
RULE, STEP = Label("規則 (rule)", "the rule (rule)"), Label("検査", "a check")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal for what is said from now on; pytest puts streams of its own before every test."""
    made = Terminal()
    monkeypatch.setattr("sys.stderr", made)
    return made


def test_a_check_tells_of_each_rule_and_of_each_step_in_its_order():
    told: list[tuple[Label, float]] = []
    report = check(POLICY, lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]

    assert report.ok
    assert shares == sorted(shares)
    assert all(0 <= share < 1 for share in shares)
    assert 2 == sum(what.ja.endswith("(card-lost)") for what, _ in told)


def test_where_there_is_no_terminal_nothing_is_said(capsys: pytest.CaptureFixture[str]):
    with watched("ja") as tell:
        tell(RULE, 0.1)

    assert ("", "") == tuple(capsys.readouterr())


def test_on_a_terminal_what_is_gone_through_is_named(monkeypatch: pytest.MonkeyPatch):
    terminal = terminal_of(monkeypatch)
    with watched("ja") as tell:
        tell(RULE, 0.1)

    assert "終了" in terminal.getvalue()
    assert "時間のかかる" not in terminal.getvalue()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "検査に時間のかかる規則: 規則 (rule) (7 秒)\n"),
        ("en", "a rule that takes long: the rule (rule) (7 s)\n"),
    ],
)
def test_a_slow_rule_is_named_at_the_end_but_no_slow_step(
    monkeypatch: pytest.MonkeyPatch, lang: Any, said: str
):
    terminal = terminal_of(monkeypatch)
    now = iter([0.0, 7.0, 99.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(now))
    with watched(lang) as tell:
        tell(RULE, 0.1)
        tell(STEP, 0.6)

    assert terminal.getvalue().endswith(said)
    assert 1 == terminal.getvalue().count(said)
