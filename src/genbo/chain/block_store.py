"""The embedded chain's memory, and the file that lets it survive a restart byte for byte.

Everything is held in a dictionary; what each block added is appended to one file as one frame with a checksum.
A process killed in the middle of a frame leaves a torn tail, which the next start cuts off: the chain then ends
one block earlier, and the cursor notices by the block hash. Frames are flushed, not synced to the disk: an
embedded chain is for development, and a power cut may cost its last blocks, never its consistency.
"""

import fcntl
import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from eth.db.backends.base import BaseDB

from genbo.kernel import Fault, Reason

_MAGIC: Final = b"genbo embedded chain 1\n"
_FRAME: Final = struct.Struct(">II")
_RECORD: Final = struct.Struct(">HI")
_DELETED: Final = 0xFFFFFFFF


class BlockStore(BaseDB):
    """Key and value bytes for py-evm. Without a path it lives and ends with the process."""

    def __init__(self, path: Path | None = None, *, chain_id: int) -> None:
        """Opens or starts the file.

        Raises:
            Fault: `data_folder_in_use` when another process holds the file, `chain_mismatch` when it belongs to
                another chain id, `file_unreadable` when it is no such file.
        """
        self._values: dict[bytes, bytes] = {}
        self._changed: dict[bytes, bytes | None] = {}
        self._file: BinaryIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b")
            try:
                self._open(self._file, path, chain_id)
            except Fault:
                self.close()
                raise

    def _open(self, file: BinaryIO, path: Path, chain_id: int) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Fault(Reason.DATA_FOLDER_IN_USE, folder=str(path.parent)) from None
        file.seek(0)
        content = file.read()
        head = _MAGIC + json.dumps({"chain_id": chain_id}).encode() + b"\n"
        if not content or head.startswith(content):  # new, or killed while the head was written
            file.truncate(0)
            file.write(head)
            file.flush()
            return
        if not content.startswith(_MAGIC):
            raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem="not an embedded chain")
        if not content.startswith(head):
            described = content[len(_MAGIC) :].partition(b"\n")[0]
            raise Fault(
                Reason.CHAIN_MISMATCH,
                actual=int(json.loads(described)["chain_id"]),
                expected=chain_id,
            )
        whole = len(head)
        for frame in _frames(content, whole):
            whole += _FRAME.size + len(frame)
            self._apply(frame)
        if whole < len(content):
            file.truncate(whole)
        file.seek(0, 2)

    def _apply(self, frame: memoryview) -> None:
        at = 0
        while at < len(frame):
            key_length, value_length = _RECORD.unpack_from(frame, at)
            at += _RECORD.size
            key = bytes(frame[at : at + key_length])
            at += key_length
            if value_length == _DELETED:
                self._values.pop(key, None)
            else:
                self._values[key] = bytes(frame[at : at + value_length])
                at += value_length

    @property
    def is_new(self) -> bool:
        return not self._values

    def commit(self) -> None:
        """Appends everything written since the last commit as one frame."""
        if self._file is not None and self._changed:
            parts: list[bytes] = []
            for key, value in self._changed.items():
                parts += (
                    (_RECORD.pack(len(key), _DELETED), key)
                    if value is None
                    else (_RECORD.pack(len(key), len(value)), key, value)
                )
            payload = b"".join(parts)
            self._file.write(_FRAME.pack(len(payload), zlib.crc32(payload)) + payload)
            self._file.flush()
        self._changed.clear()

    def close(self) -> None:
        """Closes the file and gives up the lock; what was not committed is forgotten."""
        if self._file is not None:
            self._file.close()
            self._file = None

    # What py-evm asks of a database.

    def __getitem__(self, key: bytes) -> bytes:
        return self._values[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._values[key] = value
        self._changed[key] = value

    def __delitem__(self, key: bytes) -> None:
        del self._values[key]
        self._changed[key] = None

    def _exists(self, key: bytes) -> bool:
        return key in self._values


def _frames(content: bytes, at: int) -> Iterator[memoryview]:
    """The whole frames from `at` on, up to the first that is torn."""
    view = memoryview(content)
    while at + _FRAME.size <= len(content):
        length, checksum = _FRAME.unpack_from(content, at)
        frame = view[at + _FRAME.size : at + _FRAME.size + length]
        if len(frame) < length or zlib.crc32(frame) != checksum:
            return
        yield frame
        at += _FRAME.size + length
