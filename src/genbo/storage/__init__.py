"""Storage: what Genbo remembers, in one PostgreSQL.

The database is embedded in a data folder, or an external one by URL; the same engine everywhere, so there is one
dialect. A request is one transaction, opened at the edge (`Database.begin`, or `Database.read` for a view of one
instant) and handed to the repositories, one per noun:

    Deployments, Products, Investors, Verdicts, Wallets, Acts      what people enter and decide
    Events, Cursors                                                what the ledger said, and how far it was read
    Register, Trades                                               what follows from it, as of any instant
    RegisterJournal                                                one step of reading, whole or not at all
    AuditLog                                                       one entry per change, chained by hashes

What it promises: what must always hold is a constraint of the schema (`tables`); writing the same again changes
nothing; personal data is in sealed columns alone and comes out through the `Vault`, for a purpose and on record;
a database at another migration is refused; no password, key or personal value is in an error or a log.
"""

from genbo.storage.audit import AuditLog
from genbo.storage.cursor import Cursor, Cursors
from genbo.storage.deployments import Deployment, Deployments
from genbo.storage.engine import Database
from genbo.storage.events import Events, RawEvent
from genbo.storage.folder import DataFolder, lock_folder
from genbo.storage.investors import (
    PERSONAL_FIELDS,
    Identity,
    Investor,
    Investors,
    NewInvestor,
)
from genbo.storage.journal import Overtaken, RegisterJournal
from genbo.storage.keyfile import KeyEncryptionKey, development_kek, read_kek
from genbo.storage.migrations import migrate, require_current
from genbo.storage.products import Product, Products
from genbo.storage.register import Register
from genbo.storage.server import EmbeddedServer, embedded_server, find_server
from genbo.storage.trades import StoredTrades, Trades
from genbo.storage.vault import Erased, Purpose, Reading, Vault
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.storage.wallets import Wallet, Wallets

__all__ = [
    "PERSONAL_FIELDS",
    "AuditLog",
    "Cursor",
    "Cursors",
    "DataFolder",
    "Database",
    "Deployment",
    "Deployments",
    "EmbeddedServer",
    "Erased",
    "Events",
    "Identity",
    "Investor",
    "Investors",
    "KeyEncryptionKey",
    "NewInvestor",
    "Overtaken",
    "Product",
    "Products",
    "Purpose",
    "RawEvent",
    "Reading",
    "Register",
    "RegisterJournal",
    "StoredTrades",
    "Trades",
    "Vault",
    "Verdict",
    "Verdicts",
    "Wallet",
    "Wallets",
    "development_kek",
    "embedded_server",
    "find_server",
    "lock_folder",
    "migrate",
    "read_kek",
    "require_current",
]
