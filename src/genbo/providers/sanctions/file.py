"""A list file: read once, in pieces, with its SHA-256, and refused by place as a whole."""

import hashlib
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO

from genbo.compliance.screening import Kind, Listed, ListVersion, SanctionsList
from genbo.kernel import Digest, Fact, Fault, Reason, Refusal

TEXT_AT_MOST = 4_096
"""Longest name, id or date that is believed; longer ones are an error of the file, or an attack."""

LINE_AT_MOST = 4 * 2**20
"""Longest line of a line-based file, in bytes."""

NAMES_AT_MOST = 2_000
"""Most names of one entry."""


class HashingFile(io.RawIOBase):
    """An open file whose bytes are hashed as they are read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        got = self._file.read(len(buffer))
        self._hash.update(got)
        buffer[: len(got)] = got
        return len(got)

    def digest(self) -> Digest:
        """SHA-256 of the whole file; what was not read yet is read now."""
        while got := self._file.read(2**20):
            self._hash.update(got)
        return Digest("0x" + self._hash.hexdigest())


def open_list(path: Path) -> BinaryIO:
    """The file at `path`.

    Raises:
        Fault: `file_unreadable`.
    """
    try:
        return path.open("rb")
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise Fault(Reason.FILE_UNREADABLE, file=path.name, problem=problem) from None


def invalid(path: Path, problem: str, **where: Fact) -> Refusal:
    """Why the file cannot be used, and where. Never with a value from the file: it may be a name."""
    return Refusal(Reason.SCREENING_LIST_INVALID, file=path.name, problem=problem, **where)


ID_AT_MOST = 200
"""Longest id of an entry, in characters: no publisher comes near it, and an index holds it."""


class Entries:
    """The entries of one file as they come: each is judged, and two with one id are refused."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, Listed] = {}

    def add(
        self,
        *,
        id: str,
        kind: Kind,
        names: Iterable[str],
        births: Iterable[str] = (),
        programs: Iterable[str] = (),
        **where: Fact,
    ) -> None:
        """Takes one entry found at `where`.

        Raises:
            Refusal: `screening_list_invalid`.
        """
        entry = Listed(
            id=id.strip(),
            kind=kind,
            names=_unique(names),
            births=_unique(births),
            programs=_unique(programs),
        )
        if not entry.id:
            raise invalid(self._path, "an entry without an id", **where)
        if entry.id in self._found:
            raise invalid(self._path, "the id stands twice", **where)
        if not entry.names and entry.kind is not Kind.OTHER:
            raise invalid(self._path, "an entry without a name", **where)
        if len(entry.names) > NAMES_AT_MOST:
            raise invalid(self._path, "too many names", **where)
        if any(len(text) > TEXT_AT_MOST for text in (entry.id, *entry.names)):
            raise invalid(self._path, "a text that is too long", **where)
        if len(entry.id) > ID_AT_MOST:
            raise invalid(self._path, "an id that is too long", **where)
        if any("\x00" in text for text in (entry.id, *entry.names, *entry.births, *entry.programs)):
            raise invalid(self._path, "a character that is no text", **where)
        self._found[entry.id] = entry

    def as_list(self, *, name: str, source: str, published: date, digest: Digest) -> SanctionsList:
        """The whole list.

        Raises:
            Refusal: `screening_list_invalid` when it is empty: an empty list would clear everybody.
        """
        if not self._found:
            raise invalid(self._path, "no entry")
        version = ListVersion(
            name=name, source=source, published=published, digest=digest, entries=len(self._found)
        )
        return SanctionsList(version=version, entries=tuple(self._found.values()))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    trimmed = (" ".join(text.split()) for text in texts)
    return tuple(dict.fromkeys(text for text in trimmed if text))
