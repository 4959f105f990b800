"""The data folder: where an embedded run keeps its database, its chain and its development keys.

One process uses it at a time. The lock is an advisory lock of the operating system on the file `lock`, so it ends
with whoever holds it, however that ends; nothing has to be cleaned up by hand.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genbo.kernel import Fault, Reason


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A data folder that this process has locked."""

    path: Path


@contextlib.contextmanager
def lock_folder(path: Path) -> Iterator[DataFolder]:
    """The folder at `path`, made when missing and locked until the block ends.

    Raises:
        Fault: `data_folder_in_use` with the folder and the process that uses it.
    """
    path = path.expanduser().absolute()
    make_folder(path)
    lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not try_lock(lock):
            holder = os.pread(lock, 32, 0).strip()
            raise Fault(
                Reason.DATA_FOLDER_IN_USE,
                folder=str(path),
                pid=int(holder) if holder.isdigit() else None,
            )
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield DataFolder(path)
    finally:
        # The file stays: removing it would let a third process lock another file of the same name.
        os.close(lock)


def try_lock(file: int) -> bool:
    """Locks the open file, unless somebody else has."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make_folder(path: Path) -> None:
    """The folder at `path`, made when missing.

    Raises:
        Fault: `setting_invalid` when it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = path / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")  # keys and personal data never reach a repository
    except OSError as error:
        raise Fault(
            Reason.SETTING_INVALID,
            setting="GENBO_DATA",
            problem=f"{path}: {error.strerror or 'cannot be used'}",
        ) from None
