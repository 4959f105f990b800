"""Uploads: a file in parts, gone on with where it was broken off.

given a file
├── when it is new: announced, sent part by part, completed, and checked by the registry
├── when it was broken off: only what is missing is sent
└── when it was sent already: nothing is sent; how it stands
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genbo_sdk._errors import TimedOut
from genbo_sdk._exchange import Policy

if TYPE_CHECKING:
    from genbo_sdk._models import Upload

MEDIA_TYPE: Final = "application/octet-stream"
_BLOCK: Final = 1 << 20
_AT_WORK: Final = frozenset({"received", "checking", "approved", "applying"})
"""States in which the registry works on it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it is sent."""

    number: int
    content: bytes = field(repr=False)
    digest: str

    @property
    def key(self) -> str:
        """The same for the same part, so that it is taken once."""
        return f"part-{self.number}-{self.digest[:40]}"


class Sending:
    """One file on its way."""

    def __init__(
        self,
        source: bytes | str | Path,
        *,
        target: str,
        kind: str,
        timestamp: datetime | None,
        timeout: float,
        policy: Policy,
    ) -> None:
        """
        Raises:
            OSError: the file cannot be read.
            ValueError: bytes without a timestamp, or one without a zone.
        """
        self._source = Path(source) if isinstance(source, str) else source
        self._policy = policy
        self._ends = policy.clock() + timeout
        self._next = 0.05
        if timestamp is None and isinstance(self._source, Path):
            timestamp = datetime.fromtimestamp(int(self._source.stat().st_mtime), UTC)
        if timestamp is None or timestamp.tzinfo is None:
            raise ValueError("a file is named by when its source made it, with a zone")
        digest, size = hashlib.sha256(), 0
        for block in self._blocks():
            digest.update(block)
            size += len(block)
        self.size = size
        self.announcement: Mapping[str, object] = {
            "target": target,
            "kind": kind,
            "size": size,
            "sha256": digest.hexdigest(),
            "timestamp": timestamp,
        }
        self.key = f"upload-{digest.hexdigest()[:40]}-{int(timestamp.timestamp())}"
        """The same for the same file: announced again, it is the same upload."""

    def missing(self, upload: Upload) -> Iterator[Part]:
        """The parts that are not there, or are there with other bytes."""
        if upload.status != "announced":
            return
        there = {each.part: each.sha256.removeprefix("0x") for each in upload.parts}
        for number in range(1, upload.part_count + 1):
            content = self._part(number, upload.part_size)
            digest = hashlib.sha256(content).hexdigest()
            if there.get(number) != digest:
                yield Part(number, content, digest)

    def sent(self, upload: Upload) -> int:
        """Bytes that are there."""
        if upload.status != "announced":
            return self.size
        return min(self.size, len(upload.parts) * upload.part_size)

    def pause(self, upload: Upload) -> float | None:
        """Seconds after which to look again; None when the registry is not at work on it.

        Raises:
            TimedOut: it works longer than was to be waited for.
        """
        if upload.status not in _AT_WORK:
            return None
        if self._policy.clock() >= self._ends:
            raise TimedOut(f"{upload.file}: still {upload.status}", last=upload)
        self._next = min(2.0, self._next * 1.5)
        return self._next

    def _part(self, number: int, size: int) -> bytes:
        first = (number - 1) * size
        if isinstance(self._source, bytes):
            return self._source[first : first + size]
        with self._source.open("rb") as file:
            file.seek(first)
            return file.read(size)

    def _blocks(self) -> Iterator[bytes]:
        if isinstance(self._source, bytes):
            yield self._source
            return
        with self._source.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
