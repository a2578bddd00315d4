"""What the commands have in common: they read files that they must not write, and say what a roll lacks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hokensha.text import Label, Language

if TYPE_CHECKING:
    from hokensha.policy import Rulebook

ABSENT: Final = Label(
    "注意: 名簿にない列: {headers}。その項目は全員について不明として判定しました。",
    "note: the roll has no column {headers}: that was taken as unknown for everybody.",
)
IN_THE_WAY: Final = Label(
    "出力先 {output} に書くと、入力である {input} が失われます。別の出力先を指定してください。",
    "would replace {input}, which is read; expected another place than {output} for the output",
)


def absent_label(rulebook: Rulebook, absent: Iterable[str]) -> Label:
    """That the roll has no columns for these facts."""
    from hokensha_roll.intake.columns import header_of  # noqa: PLC0415 - help and wrong usage need none of it
    from hokensha_roll.tool import roll_of  # noqa: PLC0415

    headers = ", ".join(header_of(fact, roll_of(rulebook.policy)) for fact in absent)
    return Label(ABSENT.ja.format(headers=headers), ABSENT.en.format(headers=headers))


def check_apart(inputs: Iterable[str], outputs: Iterable[str | None], lang: Language) -> None:
    """See that no output takes the place of an input, of a folder that holds one, or of a file in one.

    Raises:
        OutputError: One would.
    """
    from hokensha_roll.output.replacing import explained, refused  # noqa: PLC0415 - see above

    for output in map(Path, filter(None, outputs)):
        for name in inputs:
            with explained(output):
                lost = _holds(output, Path(name)) or (output.is_file() and _holds(Path(name), output))
            if lost:
                raise refused(output, IN_THE_WAY.text(lang).format(input=name, output=output))


def _holds(folder: Path, path: Path) -> bool:
    """Whether one path is another, by whatever name, or lies in it; a link counts where it stands, too."""
    places = [place for each in (path.absolute(), path.resolve()) for place in (each, *each.parents)]
    same = folder.exists() and any(place.exists() and place.samefile(folder) for place in places)
    return same or folder.resolve() in places
