"""A roll in Parquet whose rows lie in several files of one folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from hokensha.errors import Finding, MemberError
from hokensha.facts import Catalogue
from hokensha_roll.alike import alike
from hokensha_roll.intake.columns import (
    Fitted,
    as_of_header,
    as_of_type_findings,
    cut,
    every_header,
    fit,
    header_of,
    known_headers,
    strange_header,
    type_findings,
)
from hokensha_roll.intake.digests import shown
from hokensha_roll.intake.parquet import ParquetFile, open_file
from hokensha_roll.tool import Roll


def open_files(folder: Path) -> list[ParquetFile]:
    """The files of a folder whose names end in ``.parquet``, by name; hidden ones are passed over.

    Raises:
        MemberError: There are none, or not all can be read.
    """
    paths = sorted(
        path
        for path in folder.iterdir()
        if path.name.lower().endswith(".parquet") and not path.name.startswith(".")
    )
    if not paths:
        raise MemberError(Finding(shown(folder), "holds no file *.parquet", "roll-format"))
    files: list[ParquetFile] = []
    findings: list[Finding] = []
    before = 0
    for path in paths:
        try:
            files.append(open_file(path, before))
            before += files[-1].rows
        except MemberError as error:
            findings.extend(error.findings)
    if findings:
        raise MemberError(findings)
    return files


def fit_files(files: Sequence[ParquetFile], roll: Roll, catalogue: Catalogue) -> Fitted:
    """Fit the columns of the first file to a policy, and see that the other files have the same.

    Raises:
        MemberError: Everything that does not fit.
    """
    first, *others = files
    findings: list[Finding] = []
    fitted: Fitted | None = None
    try:
        fitted = fit(first.headers, first.types, roll, catalogue, first.where)
    except MemberError as error:
        findings.extend(error.findings)
    compare = _Comparison(first, roll, catalogue)
    for file in others:
        findings.extend(compare.findings(file))
    if fitted is None or findings:
        raise MemberError(findings)
    return fitted


@frozen
class _Comparison:
    """Compares the columns of files with those of the first."""

    first: ParquetFile
    roll: Roll
    catalogue: Catalogue

    def findings(self, file: ParquetFile) -> Iterator[Finding]:
        """What is other than in the first file."""
        headers, expected = _compared(file), _compared(self.first)
        if headers == expected:
            yield from self._types(file, headers)
            return
        known = {*known_headers(self.roll, self.catalogue), as_of_header(self.roll)}
        name = shown(Path(self.first.path.name))
        lacking, further = Counter(expected) - Counter(headers), Counter(headers) - Counter(expected)
        if 2 * len(lacking) > len(expected) and {*lacking} & {"id", alike(header_of("id", self.roll))}:
            # What the others are called may be the cells of a file without its headers.
            yield Finding(file.where, f"has other columns than {name}", "roll-header")
            return
        for header in lacking:
            if header in known:
                yield Finding(file.where, f"has no column '{header}', as {name} has", "roll-header")
        strange = [header for header in further if header not in known]
        yield from cut(strange, lambda header: self._strange(header, file, headers), file.where)
        for header in further:
            if header in known:
                yield Finding(file.where, f"has a column '{header}', which {name} has not", "roll-header")
        if sorted(headers) == sorted(expected):
            yield Finding(file.where, f"has its columns in another order than {name}", "roll-header")

    def _strange(self, header: str, file: ParquetFile, headers: list[str]) -> Finding:
        place = f"{file.where}: column {headers.index(header) + 1}"
        return strange_header(header, place, every_header(self.roll, self.catalogue))

    def _types(self, file: ParquetFile, headers: list[str]) -> Iterator[Finding]:
        known = known_headers(self.roll, self.catalogue)
        for index, (header, kind) in enumerate(zip(headers, file.types, strict=True)):
            place = f"{file.where}: column {index + 1} ({header})"
            if header == as_of_header(self.roll):
                yield from as_of_type_findings(kind, place)
            elif header in known:
                yield from type_findings(*known[header], kind, place)


def _compared(file: ParquetFile) -> list[str]:
    return [*map(alike, file.headers)]
