"""A registry of the market: an embedded PostgreSQL in a temporary folder, with the deployment and the product known."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.market import (
    BEGINNING,
    CHAIN_ID,
    FIRST_BLOCK,
    PLATFORM_ADDRESS,
    PRODUCT,
    TOKEN_ADDRESS,
    stamp,
)
from genbo.bootstrap.firms import FirmsFile, write_firms
from genbo.chain.deployments import Deployment, TokenRecord
from genbo.governance.institutions import InstitutionId, InstitutionRole, institution
from genbo.kernel import Address, ProductId
from genbo.masters import Firm, FirmKind, TrustContract
from genbo.storage.deployments import Deployment as DeploymentRow
from genbo.storage.deployments import Deployments
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.migrations import migrate
from genbo.storage.products import Products
from genbo.storage.server import embedded_server
from genbo.storage.vault import Vault
from genbo.token import parse_terms

_NOBODY = Address("0x" + "00" * 19 + "01")
_TERMS = {
    "product_id": PRODUCT,
    "name": "Bench",
    "symbol": "BENCH",
    "legal_form": "beneficiary_certificate_trust",
    "legal_category": "tokenised_security",
    "perfection_method": "register_entry",
    "right_kind": "preferred",
    "trust_contract_id": "BENCH",
    "initial_beneficiary_id": "BENCH",
    "set_quantity": 1,
    "unit_price_yen": 1,
    "application_minimum": 1,
    "application_step": 1,
    "authorised_cap": 10**12,
    "set_date": "2024-01-01",
    "redemption_date": "2034-01-01",
    "record_date_1": "01-31",
    "holiday_adjustment": "following",
    "transfer_control_id": "BENCH",
    "permitted_classes": ["individual"],
}

_FIRMS = FirmsFile(
    digest="0x00",
    institutions=[institution(id=InstitutionId("BENCH"), role=InstitutionRole.REGISTRAR)],
    branches=[],
    firms=[
        Firm(kind=kind, id="BENCH", name="Bench", registered_address="Bench")
        for kind in (FirmKind.SETTLOR, FirmKind.TRUSTEE)
    ],
    contracts=[
        TrustContract(
            id="BENCH",
            number="BENCH",
            name="Bench",
            settlor=InstitutionId("BENCH"),
            trustee=InstitutionId("BENCH"),
        )
    ],
)

DEPLOYMENT = Deployment(
    chain_id=CHAIN_ID,
    first_block=FIRST_BLOCK,
    first_block_hash=stamp(FIRST_BLOCK).hash,
    duty_manager=_NOBODY,
    platform=PLATFORM_ADDRESS,
    factory=_NOBODY,
    acts=_NOBODY,
    services=_NOBODY,
    settlement=_NOBODY,
    anchor=_NOBODY,
    safe_singleton=_NOBODY,
    safe_factory=_NOBODY,
    safe_handler=_NOBODY,
    safes={},
    operators={},
    code_hashes={},
    tokens={
        ProductId(PRODUCT): TokenRecord(address=TOKEN_ADDRESS, block=FIRST_BLOCK, code_hash="")
    },
)
"""What an indexer needs to know of the market's chain."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A database that has read nothing yet, and the process that serves it."""

    database: Database
    server: int
    """Its process id."""


@contextmanager
def registry() -> Iterator[Registry]:
    """A new registry; durable, as in production. Gone when the block ends."""
    with (
        tempfile.TemporaryDirectory(prefix="genbo-bench-") as folder,
        lock_folder(Path(folder)) as locked,
        embedded_server(locked) as server,
    ):
        database = Database(server.url())
        migrate(database)
        found(database)
        pid = int((Path(folder) / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        try:
            yield Registry(database, pid)
        finally:
            database.close()


def found(database: Database) -> None:
    """Records the market's deployment and product in a migrated database."""
    with database.begin() as connection:
        Deployments(connection).record(
            DeploymentRow(
                chain_id=CHAIN_ID,
                first_block=FIRST_BLOCK,
                first_block_hash=DEPLOYMENT.first_block_hash,
                duty_manager=DEPLOYMENT.duty_manager,
                platform=DEPLOYMENT.platform,
                factory=DEPLOYMENT.factory,
                safes={},
                record={"format": 1},
            ),
            at=BEGINNING,
            by="bench",
        )
        vault = Vault(KeyEncryptionKey(bytes(32)))  # nothing of it is sealed
        write_firms(connection, vault, _FIRMS, at=BEGINNING, by="bench")
        products = Products(connection)
        products.add(parse_terms(_TERMS), at=BEGINNING, by="bench")
        products.deployed(
            ProductId(PRODUCT), chain_id=CHAIN_ID, address=TOKEN_ADDRESS, at=BEGINNING, by="bench"
        )
