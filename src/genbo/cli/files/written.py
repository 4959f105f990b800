"""Files that a command writes for its user."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from genbo.kernel import Fault, Reason


def write_file(path: Path, content: bytes, *, personal: bool = False) -> None:
    """Writes the file as a whole; who reads it meanwhile sees the one before.

    Args:
        personal: names are in it, so that only its owner may read it.

    Raises:
        Fault: `file_unwritable`.
    """
    with whole_file(path, personal=personal) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path, *, personal: bool = False) -> Iterator[BinaryIO]:
    """A file to be written bit by bit, which stands under its name when the block ends, and not when it raises.

    Args:
        personal: only its owner may read it.

    Raises:
        Fault: `file_unwritable`.
    """
    # A name that nobody can guess, and no file that stands there already: its mode would not be the one asked for.
    new = path.with_name(f".genbo-{secrets.token_hex(8)}.new")
    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout
            with path.open("wb") as file:
                yield file
            return
        descriptor = os.open(
            new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if personal else 0o666
        )
        with os.fdopen(descriptor, "wb") as file:
            yield file
        new.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        with suppress(OSError):
            new.unlink()


def make_folder(path: Path) -> None:
    """The folder, with those above it.

    Raises:
        Fault: `file_unwritable`.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> Fault:
    problem = (error.strerror or "cannot be written").lower()
    return Fault(Reason.FILE_UNWRITABLE, file=str(path), problem=problem)
