"""Digests of a roll's files, computed by a thread of its own while they are read."""

from __future__ import annotations

import hashlib
import io
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, Final
from unicodedata import category

from attrs import define, field

from hokensha.errors import Finding, MemberError
from hokensha.policy import open_file

_BLOCK: Final = 1 << 20
_PENDING: Final = 4
_UNSHOWN: Final = ("Cc", "Cs", "Zl", "Zp")


def shown(path: Path) -> str:
    """A file's name as findings show it, on one line; a name may hold bytes that are no text."""
    return "".join(ascii(sign)[1:-1] if category(sign) in _UNSHOWN else sign for sign in str(path))


def unreadable(path: Path, error: OSError) -> MemberError:
    """That a file cannot be read."""
    message = f"cannot be read: {error.strerror or 'no such data'}"
    return MemberError(Finding(shown(path), message, "unreadable"))


def opened(path: Path, buffering: int = -1) -> BinaryIO:
    """A file, to read its bytes.

    Raises:
        MemberError: It cannot be read.
    """
    try:
        return open_file(path, buffering)
    except OSError as error:
        raise unreadable(path, error) from None


def changed(where: str) -> MemberError:
    """That a file is no more what it was."""
    return MemberError(Finding(where, "was changed while it was read", "changed"))


@define(eq=False)
class Digests:
    """The digests of files, and that they stay as they were when this was made.

    Either the files are read for them (:meth:`begin`), or their bytes are handed in (:meth:`feed`).
    """

    paths: Sequence[Path]
    _pool: ThreadPoolExecutor = field(init=False)
    _stamps: list[tuple[int, int, int]] = field(init=False)
    _found: list[Future[str]] = field(factory=list, init=False)
    _fed: Any = field(factory=hashlib.sha256, init=False)
    _bytes: int = field(default=0, init=False)
    _pending: deque[Future[None]] = field(factory=deque, init=False)

    def __attrs_post_init__(self) -> None:
        self._stamps = [_stamp(path) for path in self.paths]
        self._pool = ThreadPoolExecutor(1, "digest")

    def size(self) -> int:
        """The bytes of all files."""
        return sum(size for _, size, _ in self._stamps)

    def begin(self) -> None:
        """Begin to read the files for their digests."""
        if not self._found:
            self._found = [self._pool.submit(_hash, path) for path in self.paths]

    def feed(self, block: bytes) -> None:
        """Take in the next bytes of the only file."""
        self._bytes += len(block)
        self._pending.append(self._pool.submit(self._fed.update, block))
        if len(self._pending) > _PENDING:  # reading must not run away from here
            self._pending.popleft().result()

    def of_each(self) -> list[str]:
        """The digest of each file, in hexadecimal.

        Raises:
            MemberError: One cannot be read, or was changed since this was made.
        """
        if self._bytes and self._bytes == self._stamps[0][1]:
            while self._pending:
                self._pending.popleft().result()
            found = [str(self._fed.hexdigest())]
        else:
            self.begin()
            found = [future.result() for future in self._found]
        for path, stamp in zip(self.paths, self._stamps, strict=True):
            if _stamp(path) != stamp:
                raise changed(shown(path))
        return found

    def close(self) -> None:
        """Stop computing."""
        self._pool.shutdown(cancel_futures=True)


class Watched(io.RawIOBase):
    """A file whose bytes are seen by somebody else as they are read."""

    def __init__(self, file: io.RawIOBase, see: Callable[[bytes], None]) -> None:
        super().__init__()
        self._file = file
        self._see = see

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Some bytes, at most so many; none at the end."""
        found = self._file.read(size) or b""
        if found:
            self._see(found)
        return found

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer: how many bytes, 0 at the end."""
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _hash(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with open_file(path) as file:
            while block := file.read(_BLOCK):
                found.update(block)
    except OSError as error:
        raise unreadable(path, error) from None
    return found.hexdigest()
