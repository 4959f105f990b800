"""User seal (利用者データの封印): names, employee codes and device secrets, sealed with a data key per user.

A key of each user's own (`owner_keys`, `user:U1`), and not one of the institution: destroying it erases exactly that
person. A sealed value is bound to its column and its user, so it opens nowhere else.
"""

import hmac
import os
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from genbo.governance.users import UserId
from genbo.kernel import InvestorId
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.vault import Opener, Place, Reading, Sealer, Vault
from genbo.storage.vault_secrets import STAFF

USER = "user:"
"""How a user is called as the owner of a key."""

WITHOUT_PERSON: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(
        ("employee_code_digest", "oidc_subject", "second_factor_secret", "second_factor_step")
    )
)
"""The columns that are emptied when a user is erased: what would find the person again, or let anybody in."""


class UserSeal:
    """Seals and opens in one transaction. A key that was unwrapped serves for as long as this object does."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._owners = OwnerKeys(connection, vault)
        self._sealers: dict[UserId, Sealer] = {}
        self._openers: dict[UserId, Opener] = {}

    def __repr__(self) -> str:
        return f"UserSeal({len(self._openers)} users)"

    def seal(self, user: UserId, column: str, value: str, *, at: datetime, by: str) -> bytes:
        """`value` as it may be stored in that column of that user; the first one makes the user's key."""
        if user not in self._sealers:
            self._sealers[user] = self._owners.sealer(_owner(user), at=at, by=by)
        return self._sealers[user].seal(InvestorId(_owner(user)), _place(column), value)

    def judge(self, user: UserId, column: str, sealed: bytes) -> str:
        """The value, for an act to be judged by; the mark of somebody erased. It is shown to nobody."""
        if user not in self._openers:
            self._openers[user] = self._owners.judge(_owner(user))
        return str(self._openers[user].open(InvestorId(_owner(user)), _place(column), sealed))

    def read(self, user: UserId, sealed: dict[str, bytes], *, reading: Reading) -> dict[str, str]:
        """The values by their columns, or the mark of somebody erased; writes down that they are read."""
        fields = [f"app_user.{column}" for column in sealed]
        opener = self._owners.opener(_owner(user), fields=fields, reading=reading)
        owner = InvestorId(_owner(user))
        return {
            column: str(opener.open(owner, _place(column), value))
            for column, value in sealed.items()
        }

    def digest(self, *words: str) -> bytes:
        """32 bytes by which equal words are found again; without a key of the vault nobody finds them by trying."""
        secret = self._vault.secrets.get(self._connection, STAFF)
        # Without a secret nothing was stored yet, and nothing is equal to anything.
        return hmac.digest(secret or os.urandom(32), "\x1f".join(words).encode(), "sha256")

    def prepare(self, *, at: datetime, by: str) -> None:
        """Makes the secret of `digest`, where there is none yet."""
        self._vault.secrets.make(self._connection, STAFF, at=at, by=by)

    def destroy(self, user: UserId, *, at: datetime, by: UserId) -> dict[str, str]:
        """Destroys the user's key; the row of it, as `OwnerKeys.destroy`."""
        return self._owners.destroy(_owner(user), at=at, by=by, ground="user deleted")


def _owner(user: UserId) -> str:
    return USER + user


def _place(column: str) -> Place:
    return Place(table="app_user", column=column)
