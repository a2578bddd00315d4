"""TOML files: their bytes, their tables, and findings that name the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomli
from attrs import evolve

from hokensha.errors import Finding, PolicyError
from hokensha.identifiers import holds_individual_number


def read(file: str) -> bytes:
    """What a file holds.

    Raises:
        PolicyError: It cannot be read.
    """
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise PolicyError(Finding(file, f"cannot be read: {error.strerror}", "unreadable")) from None
    except ValueError:  # a path with a zero byte
        raise PolicyError(
            Finding(repr(file), "cannot be read: no file has such a name", "unreadable")
        ) from None


def parse(data: bytes, file: str) -> dict[str, Any]:
    """The tables that a file says.

    Raises:
        PolicyError: It is no TOML; the finding names the file, and the place if there is one.
    """
    try:
        # Editors on Windows begin a file with a byte order mark; TOML allows to pass over it.
        return tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        finding = Finding(f"{file}: line {line}", "expected UTF-8, found other bytes", "unreadable")
    except tomli.TOMLDecodeError as error:
        message = "syntax error in a key" if holds_individual_number(error.msg) else error.msg
        finding = Finding(f"{file}: line {error.lineno}, column {error.colno}", message, "toml")
    except RecursionError:
        finding = Finding(file, "is nested too deeply; a policy needs a few levels only", "toml")
    except ValueError:  # Python's own limit on the digits of a number
        finding = Finding(file, "holds a number with too many digits", "toml")
    raise PolicyError(finding)


def placed(wrong: Iterable[Finding], file: str) -> list[Finding]:
    """The findings with their file, each once."""
    return [
        evolve(found, where=f"{file}: {found.where.lstrip('.')}" if found.where else file)
        for found in dict.fromkeys(wrong)
    ]
