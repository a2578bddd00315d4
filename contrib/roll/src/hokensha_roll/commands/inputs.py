"""What the commands have in common: they read files that they must not write, and say what a roll lacks."""

from __future__ import annotations

import os
import stat
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
NO_NAME: Final = Label("出力先の名前が空です。", "'' is no name; expected one for the output")
NO_FILE: Final = Label(
    "ファイルではありません (フォルダー・装置・パイプ)。ファイルか、空いている名前を指定してください。",
    "is no file but a folder, a device or a pipe; expected a file, or a name that is free",
)
MOUNT_POINT: Final = Label(
    "マウント先なので置き換えられません。その中のフォルダーを指定してください。",
    "is a mount point, which cannot be replaced; expected a folder in it",
)
CURRENT: Final = Label(
    "現在のフォルダー (またはその上) なので置き換えられません。別のフォルダーを指定してください。",
    "is the current folder, or holds it, and cannot be replaced; expected another folder",
)
TWICE: Final = Label(
    "二つの出力が同じ場所です。別々の名前を指定してください。",
    "is the place of another output as well; expected a name for each",
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


def check_outputs(
    inputs: Iterable[str], outputs: Iterable[str | None], lang: Language, *, folders: bool = False
) -> None:
    """See that outputs may take their places: none that of an input, of the current folder, of a device.

    Args:
        inputs: What is read. None may be an output, lie in one, or be a folder in which one lies.
        outputs: What is written; none where nothing is.
        folders: Whether the outputs are folders, not files.

    Raises:
        OutputError: One may not.
    """
    from hokensha_roll.output.replacing import explained, refused  # noqa: PLC0415 - see above

    places: list[Path] = []
    for name in (output for output in outputs if output is not None):
        output = Path(name)
        with explained(output):
            if reason := _unfit(name, folder=folders) or _taken(output, inputs, places):
                raise refused(name, reason.text(lang))
        places.append(output)


def _unfit(name: str, *, folder: bool) -> Label | None:
    """Why nothing can take the place of what stands there, whatever is read."""
    path = Path(name)
    if not name:
        return NO_NAME
    try:
        kind, here = path.stat().st_mode, Path.cwd()
    except FileNotFoundError:
        return None
    if not folder:
        return None if stat.S_ISREG(kind) else NO_FILE
    if os.path.ismount(os.path.realpath(path)):
        return MOUNT_POINT
    return CURRENT if _holds(path, here) else None


def _taken(output: Path, inputs: Iterable[str], places: Iterable[Path]) -> Label | None:
    """What would be lost of what is read, or of what is written elsewhere."""
    for name in inputs:
        if _holds(output, Path(name)) or (output.is_file() and _holds(Path(name), output)):
            there = {"input": name, "output": output}
            return Label(IN_THE_WAY.ja.format(**there), IN_THE_WAY.en.format(**there))
    return TWICE if any(_holds(output, place) for place in places) else None


def _holds(folder: Path, path: Path) -> bool:
    """Whether one path is another, by whatever name, or lies in it; a link counts where it stands, too."""
    from hokensha_roll.output.replacing import real  # noqa: PLC0415 - see above

    places = [place for each in (path.absolute(), real(path)) for place in (each, *each.parents)]
    same = folder.exists() and any(place.exists() and place.samefile(folder) for place in places)
    return same or real(folder) in places
