"""Delivered: a file that somebody gave, opened once. Its size, hash and encoding are known before its first row."""

import codecs
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from genbo.kernel import UTC, Digest, Fault, Reason
from genbo.masters.import_file import MOST_BYTES
from genbo.masters.sheet import SheetRow
from genbo.providers.files.delimited import FileChanged, delimited_rows
from genbo.providers.files.workbook import MOST_WORKBOOK_BYTES, workbook_rows
from genbo.providers.sanctions.file import HashingFile

_PIECE = 2**20
_WORKBOOK = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Encoding(StrEnum):
    """文字コード: how the text of a CSV file is written."""

    UTF_8 = "utf-8"
    """With or without a byte order mark."""
    SHIFT_JIS = "shift_jis"
    """As Windows writes it (cp932)."""

    @property
    def codec(self) -> str:
        """Python's name of it."""
        return "utf-8-sig" if self is Encoding.UTF_8 else "cp932"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """An open file, and what its bytes say of it as a whole."""

    name: str
    size: int
    """Bytes."""
    sha256: Digest
    _file: BinaryIO

    def rows(self, encoding: Encoding | None = None) -> Iterator[SheetRow]:
        """The rows, the heading first; blank ones are passed over. All of the bytes are hashed once more meanwhile.

        Args:
            encoding: of a CSV file; None finds out.

        Raises:
            Fault: `file_unreadable` when it is neither text in such an encoding nor a workbook. `FileChanged` at the
                end, when the bytes were others than before.
        """
        found = _encoding(self.name, self._file, self.size, encoding)
        self._file.seek(0)
        hashing = HashingFile(self._file)
        if found is None:
            yield from workbook_rows(self.name, hashing)
        else:
            yield from delimited_rows(self.name, hashing, found.codec)
        if hashing.digest() != self.sha256:
            raise FileChanged(self.name)


@contextmanager
def delivered(path: Path) -> Iterator[Delivered]:
    """The file at `path`, closed when the block ends.

    Raises:
        Fault: `file_unreadable` when it is no file, too large or empty.
    """
    try:
        file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem=problem) from None
    with file:
        try:
            yield _survey(path.name, file)
        except OSError as error:
            raise unreadable(path.name, (error.strerror or "cannot be read").lower()) from None


def made_at(path: Path) -> datetime:
    """When the file was written last, whole seconds.

    Raises:
        Fault: `file_unreadable`.
    """
    try:
        return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    except OSError as error:
        raise unreadable(path.name, (error.strerror or "cannot be read").lower()) from None


def unreadable(name: str, problem: str, line: int | None = None) -> Fault:
    """The file as a whole cannot be read."""
    where = {} if line is None else {"line": line}
    return Fault(Reason.FILE_UNREADABLE, file=name, **where, problem=problem)


def _open_without_waiting(path: str, flags: int) -> int:
    # A pipe that nobody writes to must not hang the command; a regular file does not care.
    return os.open(path, flags | os.O_NONBLOCK)


def _survey(name: str, file: BinaryIO) -> Delivered:
    about = os.fstat(file.fileno())
    if not stat.S_ISREG(about.st_mode):
        raise unreadable(name, "it is not a file")
    if about.st_size > MOST_BYTES:
        raise unreadable(name, f"it is larger than {MOST_BYTES:,} bytes")
    size, sha256 = _hashed(file)
    if size == 0:
        raise unreadable(name, "it is empty")
    return Delivered(name=name, size=size, sha256=sha256, _file=file)


def _encoding(name: str, file: BinaryIO, size: int, told: Encoding | None) -> Encoding | None:
    """How the text is written; None for a workbook."""
    file.seek(0)
    start = file.read(4)
    if start.startswith(_OLD_OFFICE):
        raise unreadable(name, "an Excel file of the old kind or with a password; save it as .xlsx")
    if start.startswith(_UTF_16):
        raise unreadable(name, "UTF-16 text; save it as CSV UTF-8")
    if start == _WORKBOOK:
        if size > MOST_WORKBOOK_BYTES:
            raise unreadable(name, f"a workbook larger than {MOST_WORKBOOK_BYTES:,} bytes; use CSV")
        return None
    return _first_that_fits(name, file, (told,) if told else tuple(Encoding))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    left = MOST_BYTES + 1  # whatever it grows to meanwhile
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece


def _hashed(file: BinaryIO) -> tuple[int, Digest]:
    size, hashed = 0, hashlib.sha256()
    for piece in _pieces(file):
        size += len(piece)
        hashed.update(piece)
    return size, Digest("0x" + hashed.hexdigest())


def _first_that_fits(name: str, file: BinaryIO, possible: Sequence[Encoding]) -> Encoding:
    """The first that the whole file is text in. Japanese text in Shift_JIS is not valid UTF-8 for long."""
    ends = []
    for each in possible:
        line = _text_ends(file, each.codec)
        if line is None:
            return _unless_mistaken(name, file, each)
        ends.append(line)
    names = " nor ".join(each.value for each in possible)
    problem = f"neither {names} text" if len(possible) > 1 else f"not {names} text"
    raise unreadable(name, problem, max(ends))


def _unless_mistaken(name: str, file: BinaryIO, encoding: Encoding) -> Encoding:
    """Most bytes of UTF-8 can be read as Shift_JIS too, and make nonsense of every name."""
    if encoding is Encoding.SHIFT_JIS and _text_ends(file, Encoding.UTF_8.codec) is None:
        line = _text_ends(file, "ascii")
        if line is not None:
            raise unreadable(name, "it is utf-8 text, not shift_jis", line)
    return encoding


def _text_ends(file: BinaryIO, codec: str) -> int | None:
    """The line on which the bytes stop being such text; None when all of them are."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    line = 1
    for piece in _pieces(file):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            return line + piece[: error.start].count(b"\n")
        line += piece.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None
