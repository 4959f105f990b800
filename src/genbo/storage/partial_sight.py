"""What an institution sees only in part: the trades of an intermediary's clients, the digests of the platform manager.

Both are views of the database: nobody else finds anything in them (see `storage.tables.visibility`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, text

from genbo.kernel import InvestorId, ProductId, Reference, Units
from genbo.token import MovementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTrade:
    """A movement of a client, without its other side."""

    product: ProductId
    ref: Reference
    kind: MovementKind
    units: Units
    at: datetime
    client: InvestorId
    side: Literal["sender", "recipient"]
    """Which side the client is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDigest:
    """A commitment to a row of the register: it says nothing readable."""

    kind: Literal["position", "trade"]
    block: int
    digest: bytes
    """SHA-256 over a secret of that one row and the row. Whoever is shown both can check it; nobody guesses it."""


class PartialSight:
    """The two views, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def client_trades(self, product: ProductId) -> list[ClientTrade]:
        """Movements of the clients of the intermediary that looks, in ledger order."""
        rows = self._connection.execute(
            text(
                "SELECT * FROM client_trade WHERE product_id = :product"
                " ORDER BY from_block, from_log_index, side"
            ),
            {"product": product},
        )
        return [
            ClientTrade(
                product=ProductId(row.product_id),
                ref=Reference(row.ref),
                kind=MovementKind(row.kind),
                units=Units(int(row.units)),
                at=row.from_at,
                client=InvestorId(row.investor_id),
                side=row.side,
            )
            for row in rows
        ]

    def digests(self, *, first: int, last: int) -> list[RowDigest]:
        """The digests of what happened in the blocks `first` to `last`, for the platform manager."""
        rows = self._connection.execute(
            text(
                "SELECT kind, block, digest FROM platform_digest"
                " WHERE block BETWEEN :first AND :last ORDER BY block, kind, digest"
            ),
            {"first": first, "last": last},
        )
        return [RowDigest(kind=row.kind, block=row.block, digest=row.digest) for row in rows]
