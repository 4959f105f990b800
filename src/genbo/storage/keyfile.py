"""The key-encryption key (鍵暗号化鍵, KEK): the one key that wraps every investor's data key.

It is a file of its own, outside the database: 32 random bytes in base64 on one line. For development it is made in
the data folder. Its id, a short digest, stands beside each key it wraps, so the wrong file is noticed by name.
"""

import base64
import binascii
import hashlib
import os
import secrets
import stat
from pathlib import Path

from genbo.kernel import Fault, Reason

SIZE = 32
DEVELOPMENT_FILE = "kek.key"


class KeyEncryptionKey:
    """32 secret bytes. Nothing but the vault reads them; a representation shows the id alone."""

    __slots__ = ("_secret", "id")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SIZE:
            raise ValueError("a key-encryption key has 32 bytes")
        self._secret = secret
        self.id = hashlib.sha256(b"genbo key-encryption key id" + secret).hexdigest()[:16]

    def secret(self) -> bytes:
        return self._secret

    def __repr__(self) -> str:
        return f"KeyEncryptionKey({self.id})"


def read_kek(path: Path) -> KeyEncryptionKey:
    """The key in the file at `path`.

    Raises:
        Fault: `setting_invalid` when there is none, it is malformed, or others than its owner may read it.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(1000)
    except OSError as error:
        raise _fault(f"{path}: {error.strerror or 'cannot be read'}") from None
    if mode & 0o077:
        raise _fault(f"{path} may be read by others than its owner: chmod 600 {path}")
    try:
        return KeyEncryptionKey(base64.b64decode(content.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise _fault(f"{path} does not hold 32 bytes in base64") from None


def development_kek(folder: Path) -> KeyEncryptionKey:
    """The key in the data folder `folder`, made there at its first use.

    Raises:
        Fault: `setting_invalid`, as `read_kek`.
    """
    path = folder / DEVELOPMENT_FILE
    if not path.exists():
        # Written beside its place and linked: a killed process leaves a whole key or none.
        new = path.with_suffix(f".{os.getpid()}.new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(SIZE)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(new)
        except FileExistsError:
            pass  # another process was first; its key counts
        finally:
            new.unlink()
    return read_kek(path)


def _fault(problem: str) -> Fault:
    return Fault(Reason.SETTING_INVALID, setting="GENBO_KEK_FILE", problem=problem)
