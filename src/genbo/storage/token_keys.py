"""Token keys (トークン署名鍵): with which access tokens are signed, shared by every process of a database.

There are two, kept with the vault's secrets. The younger one signs; both count. Renewing replaces the older one, which
signs from then on, so tokens of the one before stay good for their life. Renewing twice ends every token at once.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from genbo.storage.tables import vault_secret as table
from genbo.storage.vault import Vault

NAMES: Final = ("token_1", "token_2")
"""How the vault's secrets call them."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key with its public name."""

    id: str
    secret: bytes = field(repr=False)


class TokenKeys:
    """The token keys, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._secrets = vault.secrets

    def all(self) -> tuple[TokenKey, ...]:
        """The keys that count, the one that signs first; none before the first token.

        Raises:
            Fault: as `KeyRing.unwrap`.
        """
        found = (self._secrets.get(self._connection, name) for name in self._names())
        return tuple(TokenKey(_id(secret), secret) for secret in found if secret is not None)

    def signing(self, *, at: datetime) -> TokenKey:
        """The key that signs; made with the first token.

        Raises:
            Fault: as `KeyRing.wrap` and `KeyRing.unwrap`.
        """
        if not self._names():
            self._secrets.make(self._connection, NAMES[0], at=at, by="genbo")
        return self.all()[0]

    def renew(self, *, at: datetime, by: str) -> None:
        """Makes a key that signs from now on, in place of the older one.

        Raises:
            Fault: as `KeyRing.wrap`.
        """
        query = select(table.c.name, table.c.created_at).where(table.c.name.in_(NAMES))
        there = self._connection.execute(query.order_by(*_YOUNGEST).with_for_update()).all()
        if not there:
            self._secrets.make(self._connection, NAMES[0], at=at, by=by)
            return
        (older,) = set(NAMES) - {there[0].name}
        # The younger one signs, so it is younger whatever the clocks of two machines say.
        younger = max(at, there[0].created_at + timedelta(microseconds=1))
        self._secrets.renew(self._connection, older, at=younger, by=by)

    def _names(self) -> list[str]:
        """Those that there are, the youngest first."""
        query = select(table.c.name).where(table.c.name.in_(NAMES)).order_by(*_YOUNGEST)
        return list(self._connection.scalars(query))


_YOUNGEST = (table.c.created_at.desc(), table.c.name.desc())


def _id(secret: bytes) -> str:
    """Says which key it is, and nothing of it."""
    name = hmac.digest(secret, b"genbo: id of a token key", "sha256")
    return urlsafe_b64encode(name[:12]).decode()
