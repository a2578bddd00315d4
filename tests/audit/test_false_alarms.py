"""How often an ordinary key is taken for an individual number: only where its twelve digits happen to be one.

``HOKENSHA_AUDIT=1000000`` looks at as many keys as before a release; a part of them is looked at always. The
keys are made up, of the shapes in which insurers write them; which digits fit is worked out here once more.
"""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from hokensha.facts import holds_individual_number

MANY = int(os.environ.get("HOKENSHA_AUDIT", "20000"))
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
FIRST = date(1868, 1, 1)
SHARE = 1 / 10
"""One of the ten digits that may stand last fits the others, and not all digits stand like a number."""


def digits(draw: Random, *lengths: int) -> list[str]:
    """Groups of digits."""
    return ["".join(draw.choices("0123456789", k=length)) for length in lengths]


def insurer_number(draw: Random) -> str:
    """Eight digits, or the six of a municipality."""
    return digits(draw, draw.choice((8, 8, 6)))[0]


def symbol_and_number(draw: Random) -> str:
    """記号 and 番号, with or without a branch, joined as cards and systems do."""
    symbol = draw.choice(("", "公立", "神", "組"))
    groups = digits(draw, draw.randint(1, 8), draw.randint(1, 8), *draw.choice(((), (), (2,))))
    return symbol + draw.choice(("-", "・", " ", "－", " - ", "/", "_", "番", "の")).join(groups)


def day(draw: Random) -> str:
    """A day, or a time, or a span of two days."""
    one = FIRST + timedelta(draw.randrange(120_000))
    other = one + timedelta(draw.randrange(2_000))
    forms: tuple[Callable[[], str], ...] = (
        one.isoformat,
        lambda: f"{one:%Y%m%d}",
        lambda: f"{one:%Y/%m/%d}",
        lambda: f"{one.year}年{one.month}月{one.day}日",
        lambda: f"R{one.year % 100}.{one.month}.{one.day}",
        lambda: f"令和{one.year % 100}年{one.month}月{one.day}日",
        lambda: f"5{one.year % 100:02}{one:%m%d}",
        lambda: f"{one.isoformat()} {draw.randrange(24):02}:{draw.randrange(60):02}",
        lambda: f"{one:%Y%m%d}{draw.randrange(24):02}{draw.randrange(60):02}",
        lambda: f"{one:%Y%m%d}{draw.randrange(24):02}{draw.randrange(60):02}{draw.randrange(60):02}",
        lambda: f"{one.isoformat()}〜{other.isoformat()}",
        lambda: f"{one:%Y.%m.%d}-{other:%Y.%m.%d}",
    )
    return draw.choice(forms)()


def telephone(draw: Random) -> str:
    """A telephone number, of a house, of a mobile, toll-free, from abroad, with an extension."""
    shape = draw.choice(((2, 4, 4), (3, 3, 4), (4, 2, 4), (5, 1, 4), (3, 4, 4), (4, 3, 3)))
    first, *rest = digits(draw, *shape)
    first = "0" + first[1:]
    forms: tuple[Callable[[], str], ...] = (
        lambda: "-".join((first, *rest)),
        lambda: "".join((first, *rest)),
        lambda: " ".join((first, *rest)),
        lambda: f"{first}({rest[0]}){rest[1]}",
        lambda: f"({first}) {rest[0]}-{rest[1]}",
        lambda: f"+81-{first[1:]}-{'-'.join(rest)}",
        lambda: f"+81 {first[1:]} {' '.join(rest)}",
        lambda: f"+81{first[1:]}{''.join(rest)}",
        lambda: f"{'-'.join((first, *rest))} 内線{digits(draw, draw.randint(2, 4))[0]}",
        lambda: f"{'-'.join((first, *rest))}(内{digits(draw, draw.randint(2, 4))[0]})",
        lambda: f"TEL {'-'.join((first, *rest))}",
        lambda: unicodedata.normalize("NFKC", "－".join((first, *rest))),
    )
    return draw.choice(forms)()


def other_key(draw: Random) -> str:
    """Keys of an insurer's own, of companies, of post offices and of banks."""
    forms: tuple[Callable[[], str], ...] = (
        lambda: digits(draw, draw.randint(1, 16))[0],
        lambda: f"{draw.choice('ABCKMNT')}{digits(draw, draw.randint(4, 11))[0]}",
        lambda: digits(draw, 13)[0],  # 法人番号
        lambda: "〒" + "-".join(digits(draw, 3, 4)),
        lambda: "-".join(digits(draw, 4, 3, 7)),  # bank, branch, account
        lambda: "-".join(digits(draw, 4, 4, 4, 4)),  # a card of a bank
    )
    return draw.choice(forms)()


KINDS = (insurer_number, symbol_and_number, day, telephone, other_key)


def made_up(draw: Random) -> tuple[str, str]:
    """A key, and what it is; every other one in the full-width signs of a Japanese keyboard at times."""
    kind = draw.choice(KINDS)
    key = kind(draw)
    wide = draw.random() < 1 / 8
    return kind.__name__, key.translate({n: n + 0xFEE0 for n in range(0x30, 0x3A)}) if wide else key


def happens_to_be_one(key: str) -> bool:
    """Whether the digits of a key are twelve, the last of which is the check digit of the others."""
    found = [int(unicodedata.normalize("NFKC", sign)) for sign in key if sign.isdecimal()]
    if len(found) != len(WEIGHTS) + 1:
        return False
    remainder = sum(weight * each for weight, each in zip(WEIGHTS, found, strict=False)) % 11
    return found[-1] == (0 if remainder <= 1 else 11 - remainder)


def test_an_ordinary_key_is_refused_only_where_its_twelve_digits_happen_to_fit(
    record_property: Callable[[str, object], None],
):
    draw, flagged, twelve, wrong = Random(20261121), Counter[str](), 0, list[str]()
    for _ in range(MANY):
        kind, key = made_up(draw)
        twelve += 12 == sum(map(str.isdecimal, key))
        if holds_individual_number(key):
            flagged[kind] += 1
            wrong += [] if happens_to_be_one(key) else [key]
    for kind, count in flagged.items():
        record_property(kind, count)
    record_property("of twelve digits", twelve)

    assert [] == wrong
    assert flagged.total() <= twelve * SHARE
