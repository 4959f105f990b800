"""The key-encryption key (鍵暗号化鍵, KEK): the one key that wraps every investor's data key.

It is a file of its own, outside the database: 32 random bytes in base64 on one line. For development it is made in
the data folder. Its id, a short digest, stands beside each key it wraps, so the wrong file is noticed by name.

It is the key wrapper (`governance.key_wrapping`) of the laptop, and of whoever keeps keys in files; those of services
are in `providers.keys`.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from genbo.governance.key_wrapping import OwnedKey
from genbo.kernel import Fault, Reason

SIZE = 32
DEVELOPMENT_FILE = "kek.key"
_FORMAT = b"\x01"
_NONCE = 12


class KeyEncryptionKey:
    """32 secret bytes. Nothing but the vault reads them; a representation shows the id alone."""

    __slots__ = ("_cipher", "_secret", "id")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SIZE:
            raise ValueError("a key-encryption key has 32 bytes")
        self._secret = secret
        self._cipher = AESGCM(secret)
        self.id = hashlib.sha256(b"genbo key-encryption key id" + secret).hexdigest()[:16]

    def secret(self) -> bytes:
        return self._secret

    def reads(self, kek_id: str) -> bool:
        """Whether it is the key of that id; a file has one version."""
        return kek_id == self.id

    def wrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.wrap`: AES-256-GCM with the owner as associated data."""
        return [self._wrapped(key, os.urandom(_NONCE)) for key in keys]

    def unwrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.unwrap`."""
        return [self._unwrapped(key) for key in keys]

    def rewrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        """As `KeyWrapper.rewrap`."""
        plain = self.unwrap(keys)
        return self.wrap(
            [
                OwnedKey(name=key.name, owner=key.owner, content=content)
                for key, content in zip(keys, plain, strict=True)
            ]
        )

    def fingerprint(self, content: bytes) -> bytes:
        """How `Vault.fingerprint` was made before a database kept a secret of its own for it."""
        return hmac.digest(self._secret, b"genbo fingerprint\n" + content, "sha256")

    def _wrapped(self, key: OwnedKey, nonce: bytes) -> bytes:
        return _FORMAT + nonce + self._cipher.encrypt(nonce, key.content, key.owner)

    def _unwrapped(self, key: OwnedKey) -> bytes:
        nonce, body = key.content[1 : 1 + _NONCE], key.content[1 + _NONCE :]
        try:
            if key.content[:1] != _FORMAT:
                raise InvalidTag
            return self._cipher.decrypt(nonce, body, key.owner)
        except (InvalidTag, ValueError):
            raise Fault(
                Reason.INVARIANT_BROKEN, problem=f"the data key of {key.name} was tampered with"
            ) from None

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
