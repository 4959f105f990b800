"""A database that knows a deployment and the terms of its products, as an office would have left it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from tests.storage.builders import TERMS
from tests.support.firms import record_firms

from genbo.chain.deployments import Deployment
from genbo.kernel import UTC, ProductId
from genbo.storage.deployments import Deployment as DeploymentRow
from genbo.storage.deployments import Deployments
from genbo.storage.digest import derived_digest
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.products import Products
from genbo.token import parse_terms

FROM_THE_LEDGER = (
    *("lot", "position", "total_issued", "trade", "trade_piece"),
    *("event_raw", "block", "cursor"),
)
"""The tables that a reading fills."""


def record(database: Database, deployment: Deployment) -> None:
    """Keeps the deployment and terms for each of its products."""
    at = datetime(2021, 8, 10, tzinfo=UTC)
    with database.begin() as connection:
        Deployments(connection).record(
            DeploymentRow(
                chain_id=deployment.chain_id,
                first_block=deployment.first_block,
                first_block_hash=deployment.first_block_hash,
                duty_manager=deployment.duty_manager,
                platform=deployment.platform,
                factory=deployment.factory,
                safes={},
                record={},
            ),
            at=at,
            by="registrar-1",
        )
        if not Parties(connection).institutions():
            record_firms(connection)
        for product, token in deployment.tokens.items():
            Products(connection).add(
                parse_terms({**TERMS, "product_id": product, "isin": None}), at=at, by="registrar-1"
            )
            Products(connection).deployed(
                product,
                chain_id=deployment.chain_id,
                address=token.address,
                at=at,
                by="registrar-1",
            )


def digest(database: Database, product: ProductId) -> str:
    """One number for every derived row of the product."""
    with database.read() as connection:
        return derived_digest(connection, product)


def raw_rows(database: Database) -> list[tuple[object, ...]]:
    """Every raw event that stands."""
    with database.read() as connection:
        rows = connection.execute(
            text("SELECT * FROM event_raw WHERE NOT orphaned ORDER BY block_number, log_index")
        )
        return [tuple(row) for row in rows]


def unread(database: Database) -> None:
    """As if the ledger had never been read."""
    with database.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(FROM_THE_LEDGER)}"))
