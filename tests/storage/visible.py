"""What each table and each query of the storage layer shows to whom, as the rules of governance have it.

A new table gets a line in `TABLES` (and a policy) or in `UNSEEN`; a new query in `QUERIES`, `DENIED` or `NOT_ASKED`.
What an institution must see is computed from the rules and from the world of tests.support.sight, never from the
database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from tests.storage import entitled
from tests.storage.builders import CHAIN, START, account, stamp, word
from tests.support.firms import BRANCH, CONTRACTS
from tests.support.people import INSTITUTIONS
from tests.support.sight import (
    COMMANDS,
    CUSTOMERS,
    DISCLOSED,
    JOBS,
    MOVEMENTS,
    NOW,
    OWNERS,
    PRODUCTS,
    trade_parties,
    webhook_of,
    where,
)

from genbo.governance.institutions import (
    DisclosureId,
    Institution,
    InstitutionId,
    InstitutionRole,
    Sight,
    sight_of_holding,
    sight_of_person,
    sight_of_product,
    view_trade,
)
from genbo.kernel import (
    Address,
    Digest,
    Fault,
    InvestorId,
    ProductId,
    Reference,
    Refusal,
    Units,
)
from genbo.masters import FirmKind
from genbo.masters.import_file import ImportFileId
from genbo.register.derived import COLUMNS
from genbo.storage import tables
from genbo.storage.audit import AuditLog
from genbo.storage.banks import Banks
from genbo.storage.commands import Commands
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.cursor import Cursors
from genbo.storage.customer_numbers import numbers_taken
from genbo.storage.customers import Customers, customers_of
from genbo.storage.deployments import Deployments
from genbo.storage.digest import DERIVED, derived_rows
from genbo.storage.disclosures import Disclosures
from genbo.storage.distributions import Distributions
from genbo.storage.events import Events
from genbo.storage.firms import Firms
from genbo.storage.former_rows import as_it_was
from genbo.storage.holdings import units_held
from genbo.storage.import_files import ImportFiles
from genbo.storage.inspections import Inspections
from genbo.storage.investor_corrections import InvestorCorrections
from genbo.storage.investor_pages import InvestorPages
from genbo.storage.investors import Investors
from genbo.storage.jobs import Jobs
from genbo.storage.key_backup import export_keys
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.keys import StoredKeys, all_keys, keys_of
from genbo.storage.notice_sources import NoticeSources
from genbo.storage.notices import Notices
from genbo.storage.outbox import StoredOutbox
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.partial_sight import ClientTrade, PartialSight
from genbo.storage.parties import Parties
from genbo.storage.products import Products
from genbo.storage.record_dates import RecordDates
from genbo.storage.register import AsOf, Register
from genbo.storage.register_pages import RegisterPages
from genbo.storage.retention import Retention
from genbo.storage.rotation import Rotation
from genbo.storage.trade_pages import TradePages, few_accounts
from genbo.storage.trades import Trades
from genbo.storage.transfer_groups import transfer_groups
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Vault
from genbo.storage.verdicts import Verdicts
from genbo.storage.viewing import known_by_id, named
from genbo.storage.wallets import Wallets
from genbo.storage.webhook_deliveries import WebhookDeliveries
from genbo.storage.webhooks import Webhooks
from genbo.storage.witness import every_row, rows_apart
from genbo.storage.words import Words

VAULT = Vault(KeyEncryptionKey(bytes(32)))
Viewer = Institution
PLATFORM_MANAGER, INTERMEDIARY = InstitutionRole.PLATFORM_MANAGER, InstitutionRole.INTERMEDIARY
BOTH = (InstitutionRole.REGISTRAR, InstitutionRole.ISSUER)


# What the rules say --------------------------------------------------------------------------------


def sees_product(viewer: Viewer, product: str | None) -> bool:
    return (
        product is not None
        and sight_of_product(viewer, PRODUCTS[ProductId(product)]) is Sight.ITSELF
    )


def sees_register(viewer: Viewer, product: str) -> bool:
    return viewer.role in BOTH and sees_product(viewer, product)


def keeps(viewer: Viewer, product: str | None) -> bool:
    return viewer.role is InstitutionRole.REGISTRAR and sees_product(viewer, product)


def sees_person(viewer: Viewer, investor: str) -> bool:
    return sight_of_person(viewer, CUSTOMERS[InvestorId(investor)]) is Sight.ITSELF


def sees_name(viewer: Viewer, investor: str) -> bool:
    return sight_of_person(viewer, CUSTOMERS[InvestorId(investor)], DISCLOSED) is Sight.ITSELF


def sees_holding(viewer: Viewer, product: str, address: str | None) -> bool:
    if address is None:
        return False
    key = ProductId(product)
    holder = CUSTOMERS[OWNERS[key, Address(address)]]
    return sight_of_holding(viewer, holder, PRODUCTS[key]) is Sight.ITSELF


def sees_trade(viewer: Viewer, product: str, source: str | None, target: str | None) -> bool:
    """Whether the row itself may be shown: an intermediary sees no other side, and reads `client_trade` instead."""
    parties = trade_parties(
        ProductId(product), source and Address(source), target and Address(target)
    )
    seen = view_trade(viewer, parties)
    return seen.trade is Sight.ITSELF and viewer.role is not INTERMEDIARY


def sees_pieces(viewer: Viewer, product: str, source: str | None, target: str | None) -> bool:
    """What a movement took are lots of its sender."""
    return sees_trade(viewer, product, source, target) and (
        sees_register(viewer, product) or sees_holding(viewer, product, source)
    )


def is_own(viewer: Viewer, id: str, *roles: InstitutionRole) -> bool:
    return viewer.id == id and (not roles or viewer.role in roles)


def is_party(viewer: Viewer, contract: str) -> bool:
    trustee, manager = CONTRACTS[contract]
    return is_own(viewer, trustee, InstitutionRole.REGISTRAR) or is_own(
        viewer, manager, InstitutionRole.ISSUER
    )


TRADES = {(movement[0], block): movement for block, movement in enumerate(MOVEMENTS, start=2)}


def _sides(product: str, block: int) -> tuple[str | None, str | None]:
    _, _, source, target, _, _ = TRADES[ProductId(product), block]
    return where(source, ProductId(product)), where(target, ProductId(product))


def _command_product(command: str) -> ProductId | None:
    return next(each.product for each in COMMANDS if each.id == command)


def _job_product(job: str) -> ProductId:
    return next(product for product, each in JOBS.items() if each.id == job)


def sees_entitled(viewer: Viewer, product: str, holder: str) -> bool:
    """What somebody is owed is seen as the holding is; an unknown holder's, by the register's own."""
    if sees_register(viewer, product):
        return True
    who = CUSTOMERS.get(InvestorId(holder))
    return who is not None and (
        sight_of_holding(viewer, who, PRODUCTS[ProductId(product)]) is Sight.ITSELF
    )


def _of_run(run: str) -> ProductId:
    return ProductId(run.replace("D-", "P"))


TABLES: Mapping[str, Callable[[Viewer, Any], bool]] = {
    "product": lambda v, row: sees_product(v, row.product_id),
    "product_name": lambda v, row: sees_product(v, row.product_id),
    "total_issued": lambda v, row: sees_product(v, row.product_id),
    "transfer_control": lambda v, row: sees_product(v, row.transfer_control_id.removeprefix("TC-")),
    "product_firm": lambda v, row: (
        sees_register(v, row.product_id) or is_own(v, row.institution_id)
    ),
    "institution": lambda v, row: is_own(v, row.institution_id),
    "safekeeping_firm": lambda v, row: is_own(v, row.safekeeping_id),
    "custodian": lambda v, row: is_own(v, row.custodian_id),
    "trustee": lambda v, row: is_own(v, row.trustee_id),
    "settlor": lambda v, row: is_own(v, row.settlor_id),
    "asset_manager": lambda v, row: is_own(v, row.asset_manager_id),
    "trust_contract": lambda v, row: is_party(v, row.trust_contract_id),
    "investor": lambda v, row: sees_person(v, row.investor_id),
    "verdict": lambda v, row: sees_person(v, row.investor_id),
    "introduction": lambda v, row: sees_person(v, row.investor_id),
    "identity": lambda v, row: sees_name(v, row.investor_id),
    "investor_key": lambda v, row: sees_name(v, row.investor_id),
    "disclosure": lambda v, row: (
        is_own(v, row.registrar_id) or (is_own(v, row.issuer_id) and row.approver is not None)
    ),
    "wallet": lambda v, row: sees_holding(v, row.product_id, row.address),
    "position": lambda v, row: sees_holding(v, row.product_id, row.address),
    "lot": lambda v, row: sees_holding(v, row.product_id, row.address),
    "trade": lambda v, row: sees_trade(v, row.product_id, row.source, row.target),
    "trade_piece": lambda v, row: sees_pieces(
        v, row.product_id, *_sides(row.product_id, row.from_block)
    ),
    "record_date": lambda v, row: sees_register(v, row.product_id),
    "distribution": lambda v, row: sees_register(v, row.product_id),
    "corporate_action": lambda v, row: sees_register(v, row.product_id),
    "entitlement": lambda v, row: sees_entitled(v, row.product_id, row.holder),
    "payee_line": lambda v, row: sees_entitled(v, _of_run(row.distribution_id), row.holder),
    "command": lambda v, row: keeps(v, row.product_id),
    "approval": lambda v, row: keeps(v, _command_product(row.command_id)),
    "job": lambda v, row: keeps(v, row.product_id),
    "job_row": lambda v, row: keeps(v, _job_product(row.job_id)),
    "job_batch": lambda v, row: keeps(v, _job_product(row.job_id)),
    "notice": lambda v, row: is_own(v, row.institution_id),
    "notice_stream": lambda v, row: is_own(v, row.institution_id),
    "webhook": lambda v, row: is_own(v, row.institution_id),
    "webhook_lane": lambda v, row: row.webhook_id == webhook_of(v.id),
    "webhook_delivery": lambda v, row: row.webhook_id == webhook_of(v.id),
    **dict.fromkeys(("block", "cursor", "market_status", "bank", "bank_branch"), lambda *_: True),
}
"""Table to whether an institution sees a row of it."""

EMPTY = {"market_status"}
"""Tables with a policy that nothing fills yet."""

UNSEEN: Mapping[str, str] = {
    "audit": "says what everybody did; an extract is the registrar's to export",
    "reading": "says who looked at whose data, investors of several institutions in one row",
    "inspection": "says to whom a registrar showed what, which is its own to know",
    "former_row": "holds former rows of every master, whosever they were",
    "owner_key": "opens contacts of firms, for the registry's own office",
    "digest_secret": "makes the digests of platform_digest; whoever has it can try quantities",
    "event_raw": "has everything the ledger said, of all products",
    "deployment": "its record lists the tokens of all products",
    "notice_cursor": "says how far the telling of all institutions has come",
    "signer": "how transactions are sent is nobody's business but the sender's",
    "outbox": "as signer: what became of a command stands in the command",
    "attempt": "as signer: signed bytes of everybody's transactions",
    "book_check": "says what a firm's book came to; the interface asks for its own, and says so itself",
    "difference_case": "is of three firms, whom the question names: see tests/api/test_reconciliation.py",
    "certifier": "says whose signatures count for which custodian",
    "balance_certificate": "is of two firms, whom the question names: see tests/api/test_reconciliation.py",
    "vault_secret": "is for the vault alone",
    "blind_index": "finds whoever has a value: a search is the registry's, with its purpose on record",
    "relation_end": "is for whoever decides on an erasure",
    "use_restriction": "is for whoever decides on an erasure",
    "legal_hold": "names disputes and investigations, of which their subject's firms may not know",
    **dict.fromkeys(
        ("kyc_session", "kyc_result"),
        "what a provider was asked and answered; what came of it is the verdict",
    ),
    **dict.fromkeys(
        ("screening", "release_proposal", "screening_release", "screening_thresholds"),
        "whether somebody resembles a listed person is for compliance, and tips nobody off",
    ),
    **dict.fromkeys(
        ("sanctions_list", "sanctions_entry"), "is for compliance, to compare customers with"
    ),
    **dict.fromkeys(
        ("app_user", "user_permission", "access_proposal", "credential", "client_assertion"),
        "says who holds the keys of the registry itself: for its door and for administrators, who ask through it",
    ),
    "import_file": "says what was loaded for all institutions",
    "address_tree": "joins the addresses of a custodian's customers",
    "challenge": "is between the registry and whoever proves an address",
    **dict.fromkeys(
        ("calendar_override", "market_hours", "book_closing", "market_decision"),
        "names who decided about the market; what follows from it is told by the market itself",
    ),
    **dict.fromkeys(
        ("upload", "upload_part"),
        "is a file on its way, sealed, for whoever sent it and who applies it",
    ),
    **dict.fromkeys(
        ("document_job", "document_job_part"),
        "is what an institution asked for, sealed: its window asks for it by the institution",
    ),
    "request": "is what an interface answered under a key, for whoever sends it again",
    "transfer_order": "is for the registry's own office; what is delivered is seen as a trade",
    "tax_category": "how somebody is taxed is for whoever pays; what it comes to is seen in the payee line",
    "payment_file": "is for the registry's own office, which pays",
    "payment": "as payment_file: what became of it stands in the payee line",
    "payment_terms": "is for the registry's own office, which pays",
    "token_batch": "as payment_file: what became of it stands in the payee line",
    "token_payment": "as token_batch, line by line",
    "beneficiary_agent": "agents have no access, so no row is anybody's own",
}
"""Tables that no institution reads, and why."""


# The queries -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Query:
    """A question, asked about everything there is, and what of the answers an institution gets."""

    ask: Callable[[Connection], list[Any]]
    expect: Callable[[Viewer, list[Any]], list[Any]]


def those(ask: Callable[[Connection], Iterable[Any]], sees: Callable[[Viewer, Any], bool]) -> Query:
    """Each answer is seen whole or not at all."""
    return Query(
        lambda c: list(ask(c)), lambda viewer, all: [each for each in all if sees(viewer, each)]
    )


def each_of(
    keys: Iterable[Any], ask: Callable[[Any], Any], *, nothing: Any = None
) -> list[tuple[Any, Any]]:
    """Key and answer wherever there is one; a refusal is none."""
    found = []
    for key in keys:
        try:
            answer = ask(key)
        except Fault:
            raise
        except Refusal:
            continue
        if answer and answer != nothing:
            found.append((key, answer))
    return found


INSTANTS = (None, stamp(7).at, stamp(12).at + timedelta(seconds=1), 9)
EVERY_PRODUCT = (*PRODUCTS, ProductId("P9"))
EVERY_INVESTOR = (*CUSTOMERS, InvestorId("H9"))
REFS = sorted({(product, Reference(ref)) for product, *_, ref in MOVEMENTS})
BROKERS = ("B1", "B2", "B3")
RUNS = ("D-1", "D-2", "D-3", "D-9")
ACTIONS = ("A-1", "A-2", "A-3", "A-9")
HELD = [(product, address) for product, address in OWNERS]


def _counted_lots(connection: Connection, product: ProductId, as_of: AsOf | None) -> list[Any]:
    """Whoever looks counts the lots that it sees."""
    lots = _register(connection).lots(product, as_of=as_of)
    if as_of is not None:
        assert _register(connection).lot_count(product, as_of=as_of) == len(lots)
    return lots


def _by_instant(ask: Callable[[Any, Any], list[Any]]) -> list[tuple[Any, Any]]:
    return [
        (as_of, each)
        for as_of in INSTANTS
        for product in EVERY_PRODUCT
        for each in ask(product, as_of)
    ]


def _register(connection: Connection) -> Register:
    return Register(connection, CHAIN)


def _open_state(connection: Connection) -> list[tuple[str, Any]]:
    state = _register(connection).open_state()
    return [
        *(("lot", each) for each in state.lots),
        *(("position", each) for each in state.positions),
        *(("total", each) for each in state.totals),
    ]


def _sees_open(viewer: Viewer, item: tuple[str, Any]) -> bool:
    """The fold asks for products of its chain, so what is held of an unseen product stays away too."""
    kind, each = item
    if kind == "total":
        return sees_product(viewer, each.product)
    return sees_product(viewer, each.product) and sees_holding(viewer, each.product, each.address)


def _provenance(connection: Connection) -> list[list[Any]]:
    lots = [lot for product in PRODUCTS for lot in LOTS[product]]
    asked = (_register(connection).provenance(lot.product, lot.id) for lot in lots)
    return [chain for chain in asked if chain]


def _expect_provenance(viewer: Viewer, chains: list[list[Any]]) -> list[list[Any]]:
    """As far back as the lots are for the viewer to see."""
    expected = []
    for chain in chains:
        seen = []
        for lot in chain:
            if not sees_holding(viewer, lot.product, lot.address):
                break
            seen.append(lot)
        if seen:
            expected.append(seen)
    return expected


LOTS: dict[ProductId, list[Any]] = {}
"""Every lot that ever was, filled when the world is made."""


def _expect_trades(viewer: Viewer, answers: list[Any]) -> list[Any]:
    expected = []
    for key, trades in answers:
        seen = [
            each
            if sees_pieces(viewer, each.product, each.source, each.target)
            else replace(each, pieces=())
            for each in trades
            if sees_trade(viewer, each.product, each.source, each.target)
        ]
        if seen:
            expected.append((key, seen))
    return expected


def _expect_owners(viewer: Viewer, answers: list[Any]) -> list[Any]:
    seen = [
        (product, {a: i for a, i in owners.items() if sees_holding(viewer, product, a)})
        for product, owners in answers
    ]
    return [(product, owners) for product, owners in seen if owners]


def _expect_active(viewer: Viewer, answers: list[Any]) -> list[Any]:
    turned = [(product, {a: i for i, a in active.items()}) for product, active in answers]
    return [
        (product, {i: a for a, i in active.items()})
        for product, active in _expect_owners(viewer, turned)
    ]


def _derived(connection: Connection) -> list[tuple[str, list[str | None]]]:
    return [
        (table.name, row)
        for product in EVERY_PRODUCT
        for table in DERIVED
        for row in derived_rows(connection, product, table)
    ]


def _sees_derived(viewer: Viewer, item: tuple[str, list[str | None]]) -> bool:
    table, values = item
    row = dict(zip(COLUMNS[table], values, strict=True))
    product = row["product_id"]
    assert product is not None
    match table:
        case "total_issued":
            return sees_product(viewer, product)
        case "trade":
            return sees_trade(viewer, product, row["source"], row["target"])
        case "trade_piece":
            assert row["from_block"] is not None
            return sees_pieces(viewer, product, *_sides(product, int(row["from_block"])))
        case _:
            return sees_holding(viewer, product, row["address"])


def client_trades() -> list[ClientTrade]:
    """Every side of every movement that an intermediary introduced."""
    found = []
    for (product, block), (_, kind, source, target, units, ref) in sorted(TRADES.items()):
        for side, who in (("recipient", target), ("sender", source)):
            client = None if who is None else InvestorId(who.removesuffix(" before"))
            if client is not None and CUSTOMERS[client].intermediary is not None:
                found.append(
                    ClientTrade(
                        product=product,
                        ref=Reference(ref),
                        kind=kind,
                        units=Units(units),
                        at=stamp(block).at,
                        client=client,
                        side=side,  # type: ignore[arg-type]
                    )
                )
    return found


def _sees_client(viewer: Viewer, each: Any) -> bool:
    return viewer.role is INTERMEDIARY and sees_person(viewer, each.client)


BALANCES: dict[tuple[ProductId, Address], int] = {}
"""What each address holds at the end, filled when the world is made."""


def _expect_held(viewer: Viewer, answers: list[Any]) -> list[Any]:
    """A sum counts what the viewer may see."""
    sums = [
        (
            investor,
            sum(
                units
                for key, units in BALANCES.items()
                if OWNERS[key] == investor and sees_holding(viewer, *key)
            ),
        )
        for investor, _ in answers
    ]
    return [(investor, units) for investor, units in sums if units]


WEBHOOKS = [webhook_of(each.id) for each in INSTITUTIONS]
COMMAND_IDS = [each.id for each in COMMANDS]
JOB_IDS = [each.id for each in JOBS.values()]


def _sees_institution(viewer: Viewer, asked: str) -> bool:
    """Itself, and whoever takes part in what it sees by product."""
    parties = {
        each
        for product in PRODUCTS.values()
        if sees_register(viewer, product.product)
        for each in product.firms
    }
    parties |= {each for it in CONTRACTS if is_party(viewer, it) for each in (*CONTRACTS[it], "S1")}
    return asked == viewer.id or asked in parties


def _narrowed(connection: Connection) -> list[Customers | None]:
    """Nobody's customers in particular, and those of whoever looks."""
    own = Parties(connection).institutions()
    ours = customers_of(own[0].id, own[0].role) if len(own) == 1 else None
    return [None] if ours is None else [None, ours]


def _same(
    connection: Connection,
    ask: Callable[[Customers | None], Iterable[Any]],
    key: Callable[[Any], Any] = str,
) -> list[Any]:
    """What is found beginning with everybody, which must be what is found beginning with one's own customers."""
    ways = [sorted(ask(each), key=key) for each in _narrowed(connection)]
    assert all(each == ways[0] for each in ways)
    return ways[0]


def _holdings(connection: Connection) -> list[Any]:
    """Page by page, of three."""

    def ask(customers: Customers | None) -> Iterable[Any]:
        pages = RegisterPages(connection, CHAIN, customers)
        for product in EVERY_PRODUCT:
            for upto in BLOCKS:
                after = None
                while True:
                    page = pages.positions(product, upto=upto, after=after, most=3)
                    yield from ((upto, each) for each in page if each.position is not None)
                    if len(page) < 3:
                        break
                    after = pages.key_of(page[-1])

    return _same(connection, ask)


def _held_lots(connection: Connection) -> list[Any]:
    def ask(customers: Customers | None) -> Iterable[Any]:
        pages = RegisterPages(connection, CHAIN, customers)
        for product in EVERY_PRODUCT:
            for upto in BLOCKS:
                after = None
                while True:
                    page = pages.lots(product, upto=upto, after=after, most=3)
                    yield from ((upto, each) for each in page)
                    if len(page) < 3:
                        break
                    after = pages.lot_key_of(page[-1])

    return _same(connection, ask)


def _movements(connection: Connection) -> list[Any]:
    def ask(customers: Customers | None) -> Iterable[Any]:
        for product in EVERY_PRODUCT:
            few = few_accounts(connection, product, customers)
            pages = TradePages(connection, CHAIN, few)
            after = None
            while page := pages.trades(
                product, since=None, until=None, upto=99, after=after, most=3
            ):
                yield from page
                after = (page[-1].block, page[-1].log_index)

    return _same(connection, ask)


def _expect_movements(viewer: Viewer, all: list[Any]) -> list[Any]:
    """A side is named where it is for the viewer to know whose it is."""
    return sorted(
        (
            replace(
                each,
                sender=each.sender if sees_holding(viewer, each.product, each.source) else None,
                recipient=each.recipient
                if sees_holding(viewer, each.product, each.target)
                else None,
            )
            for each in all
            if sees_trade(viewer, each.product, each.source, each.target)
        ),
        key=str,
    )


def _expect_holders(viewer: Viewer, answers: list[Any]) -> list[Any]:
    """Those with something, among those that are seen."""
    counts = {
        product: len(
            {
                OWNERS[key]
                for key, units in BALANCES.items()
                if key[0] == product and units and sees_holding(viewer, *key)
            }
        )
        for product, _ in answers
    }
    return [(product, count) for product, count in counts.items() if count]


BLOCKS = (0, 6, 9, 12, 99)
QUERIES: Mapping[str, Query] = {
    "Products.get": those(
        lambda c: each_of(EVERY_PRODUCT, Products(c).get), lambda v, it: sees_product(v, it[0])
    ),
    "Products.all": those(
        lambda c: Products(c).all(), lambda v, it: sees_product(v, it.product_id)
    ),
    "Products.name_on": those(
        lambda c: each_of(EVERY_PRODUCT, lambda p: Products(c).name_on(p, START.date())),
        lambda v, it: sees_product(v, it[0]),
    ),
    "Products.tokens": those(
        lambda c: sorted(Products(c).tokens(CHAIN).items()), lambda v, it: sees_product(v, it[1])
    ),
    "Register.positions": those(
        lambda c: _by_instant(lambda p, at: _register(c).positions(p, as_of=at)),
        lambda v, it: sees_holding(v, it[1].product, it[1].address),
    ),
    "Register.position": those(
        lambda c: [
            (as_of, *found)
            for as_of in INSTANTS
            for found in each_of(HELD, lambda it, at=as_of: _register(c).position(*it, as_of=at))
        ],
        lambda v, it: sees_holding(v, *it[1]),
    ),
    "Register.history": those(
        lambda c: each_of(HELD, lambda it: _register(c).history(*it)),
        lambda v, it: sees_holding(v, *it[0]),
    ),
    "Register.lots": those(
        lambda c: _by_instant(lambda p, at: _register(c).lots(p, as_of=at)),
        lambda v, it: sees_holding(v, it[1].product, it[1].address),
    ),
    "Register.lot_count": those(
        lambda c: _by_instant(lambda p, at: _counted_lots(c, p, at)),
        lambda v, it: sees_holding(v, it[1].product, it[1].address),
    ),
    "Register.total": those(
        lambda c: each_of(EVERY_PRODUCT, _register(c).total), lambda v, it: sees_product(v, it[0])
    ),
    "Register.totals": those(
        lambda c: each_of(EVERY_PRODUCT, _register(c).totals),
        lambda v, it: sees_product(v, it[0]),
    ),
    "Register.open_state": those(_open_state, _sees_open),
    "Register.provenance": Query(_provenance, _expect_provenance),
    "RegisterPages.positions": those(
        _holdings,
        lambda v, it: sees_holding(v, it[1].product, it[1].address),
    ),
    "RegisterPages.of_investor": those(
        lambda c: [
            (upto, found)
            for upto in BLOCKS
            for each in EVERY_INVESTOR
            for found in RegisterPages(c, CHAIN).of_investor(each, upto=upto)
        ],
        lambda v, it: sees_holding(v, it[1].product, it[1].address),
    ),
    "RegisterPages.of_address": those(
        lambda c: [
            (upto, found)
            for upto in BLOCKS
            for found in each_of(
                HELD, lambda it, at=upto: RegisterPages(c, CHAIN).of_address(*it, upto=at)
            )
        ],
        lambda v, it: sees_holding(v, *it[1][0]),
    ),
    "RegisterPages.history": those(
        lambda c: each_of(
            HELD,
            lambda it: [
                *(few := RegisterPages(c, CHAIN).history(*it, after=None, most=1)),
                *(
                    RegisterPages(c, CHAIN).history(
                        *it,
                        after=(few[0].position.stamp.number, few[0].position.log_index),
                        most=99,
                    )
                    if few
                    else ()
                ),
            ],
        ),
        lambda v, it: sees_holding(v, *it[0]),
    ),
    "RegisterPages.holders": Query(
        lambda c: each_of(
            EVERY_PRODUCT,
            lambda it: _same(c, lambda ours: [RegisterPages(c, CHAIN, ours).holders(it, upto=99)])[
                0
            ],
        ),
        _expect_holders,
    ),
    "RegisterPages.lots": those(
        _held_lots, lambda v, it: sees_holding(v, it[1].lot.product, it[1].lot.address)
    ),
    "TradePages.trades": Query(_movements, _expect_movements),
    "InvestorPages.investors": those(
        lambda c: _same(
            c,
            lambda ours: [
                *(few := InvestorPages(c, ours).investors(most=2)),
                *(
                    InvestorPages(c, ours).investors(after=few[-1].investor.investor_id, most=99)
                    if few
                    else ()
                ),
            ],
            key=lambda it: it.investor.investor_id,
        ),
        lambda v, it: sees_person(v, it.investor.investor_id),
    ),
    "InvestorPages.investor": those(
        lambda c: each_of(EVERY_INVESTOR, InvestorPages(c).investor),
        lambda v, it: sees_person(v, it[0]),
    ),
    "Wallets.speaking": those(
        lambda c: [
            (product, *found)
            for product in EVERY_PRODUCT
            for found in sorted(Wallets(c).speaking(product, EVERY_INVESTOR).items())
        ],
        lambda v, it: sees_holding(v, it[0], it[2]),
    ),
    "Wallets.of": those(
        lambda c: [each for investor in EVERY_INVESTOR for each in Wallets(c).of(investor)],
        lambda v, it: sees_holding(v, it.product_id, it.address),
    ),
    "Trades.trades": Query(
        lambda c: each_of(REFS, lambda it: Trades(c, CHAIN).trades(*it)), _expect_trades
    ),
    "Trades.restored": those(
        lambda c: each_of(
            HELD, lambda it: Trades(c).restored(it[0], Reference("X-1"), it[1]), nothing=0
        ),
        lambda v, it: sees_trade(v, it[0][0], None, it[0][1]),
    ),
    "holdings.units_held": Query(
        lambda c: each_of(EVERY_INVESTOR, lambda it: units_held(c, it)), _expect_held
    ),
    "PartialSight.client_trades": those(
        lambda c: [
            each for product in EVERY_PRODUCT for each in PartialSight(c).client_trades(product)
        ],
        _sees_client,
    ),
    "PartialSight.digests": those(
        lambda c: PartialSight(c).digests(first=0, last=99), lambda v, _: v.role is PLATFORM_MANAGER
    ),
    "Wallets.owners": Query(lambda c: each_of(EVERY_PRODUCT, Wallets(c).owners), _expect_owners),
    "Wallets.active": Query(lambda c: each_of(EVERY_PRODUCT, Wallets(c).active), _expect_active),
    "Wallets.of_investor": those(
        lambda c: [
            each
            for product in EVERY_PRODUCT
            for investor in EVERY_INVESTOR
            for each in Wallets(c).of_investor(product, investor)
        ],
        lambda v, it: sees_holding(v, it.product_id, it.address),
    ),
    "Wallets.of_addresses": those(
        lambda c: sorted(
            (
                each
                for product in EVERY_PRODUCT
                for each in Wallets(c).of_addresses(product, [a for _, a in HELD])
            ),
            key=lambda it: (it.product_id, it.address),
        ),
        lambda v, it: sees_holding(v, it.product_id, it.address),
    ),
    "Verdicts.latest": those(
        lambda c: sorted(Verdicts(c).latest(EVERY_INVESTOR, at=NOW).items(), key=lambda it: it[0]),
        lambda v, it: sees_person(v, it[0]),
    ),
    "Verdicts.last": those(
        lambda c: sorted(Verdicts(c).last(EVERY_INVESTOR).items(), key=lambda it: it[0]),
        lambda v, it: sees_person(v, it[0]),
    ),
    "Verdicts.ending": those(
        lambda c: Verdicts(c).ending(since=START, before=START + timedelta(days=999)),
        lambda v, it: sees_person(v, it.investor_id),
    ),
    "Investors.get": those(
        lambda c: each_of(EVERY_INVESTOR, Investors(c, VAULT).get),
        lambda v, it: sees_person(v, it[0]),
    ),
    "Investors.kinds": those(
        lambda c: sorted(Investors(c, VAULT).kinds(EVERY_INVESTOR).items()),
        lambda v, it: sees_person(v, it[0]),
    ),
    "Words.known": those(
        lambda c: sorted(Words(c, CHAIN).known(EVERY_INVESTOR).items(), key=lambda it: it[0]),
        lambda v, it: sees_person(v, it[0]),
    ),
    "Words.of_investors": those(
        lambda c: Words(c, CHAIN).of_investors(EVERY_INVESTOR), lambda v, it: _sees_word(v, it)
    ),
    "Words.page": those(
        lambda c: Words(c, CHAIN).page(None, most=99), lambda v, it: _sees_word(v, it)
    ),
    "Words.owners": Query(
        lambda c: each_of(
            EVERY_PRODUCT, lambda it: Words(c, CHAIN).owners(it, [address for _, address in HELD])
        ),
        _expect_owners,
    ),
    "Words.ordered": those(
        lambda c: each_of(
            EVERY_PRODUCT, lambda it: Words(c, CHAIN).ordered(it, [account(1), account(2)])
        ),
        lambda v, it: keeps(v, it[0]),
    ),
    "Investors.all": those(
        lambda c: Investors(c, VAULT).all(), lambda v, it: sees_person(v, it.investor_id)
    ),
    "Investors.known": those(
        lambda c: sorted(Investors(c, VAULT).known(EVERY_INVESTOR)),
        lambda v, it: sees_person(v, it),
    ),
    "viewing.named": those(
        lambda c: sorted(named(c, EVERY_INVESTOR)), lambda v, it: sees_name(v, it)
    ),
    "viewing.known_by_id": those(
        lambda c: sorted(known_by_id(c, EVERY_INVESTOR)),
        lambda v, it: any(
            sees_holding(v, product, address)
            for (product, address), owner in OWNERS.items()
            if owner == it
        ),
    ),
    "InvestorCorrections.some": those(
        lambda c: sorted(InvestorCorrections(c, VAULT).some(EVERY_INVESTOR).items()),
        lambda v, it: sees_person(v, it[0]),
    ),
    "transfer_groups.transfer_groups": those(
        lambda c: sorted(transfer_groups(c).items()),
        lambda v, it: sees_product(v, it[0].removeprefix("TC-")),
    ),
    "customer_numbers.numbers_taken": those(
        lambda c: sorted(
            numbers_taken(
                c, {(broker, f"N-{each}") for broker in BROKERS for each in EVERY_INVESTOR}
            ).items()
        ),
        lambda v, it: sees_person(v, it[1]),
    ),
    "Vault.sealer": those(
        lambda c: [key for key, _ in each_of(EVERY_INVESTOR, lambda it: VAULT.sealer(c, [it]))],
        lambda v, it: sees_name(v, it),
    ),
    "Parties.institution": those(
        lambda c: each_of([each.id for each in INSTITUTIONS], Parties(c).institution),
        lambda v, it: is_own(v, it[0]),
    ),
    "Parties.institutions": those(
        lambda c: Parties(c).institutions(), lambda v, it: is_own(v, it.id)
    ),
    "Parties.seen": Query(
        lambda c: sorted(Parties(c).seen()),
        lambda v, all: [each for each in all if _sees_institution(v, each)],
    ),
    "Parties.product_parties": those(
        lambda c: sorted(Parties(c).product_parties(EVERY_PRODUCT).items()),
        lambda v, it: sees_register(v, it[0]),
    ),
    "TrustContracts.get": those(
        lambda c: each_of(CONTRACTS, TrustContracts(c).get), lambda v, it: is_party(v, it[0])
    ),
    "TrustContracts.all": those(
        lambda c: TrustContracts(c).all(), lambda v, it: is_party(v, it.id)
    ),
    "Banks.find": those(
        lambda c: Banks(c).find([(BRANCH.bank_code, BRANCH.branch_code)]), lambda *_: True
    ),
    "Banks.all": those(lambda c: Banks(c).all(), lambda *_: True),
    "Banks.master": those(
        lambda c: [Banks(c).master([BRANCH.bank_code]).bank(BRANCH.bank_code)],
        lambda *_: True,
    ),
    "Commands.get": those(
        lambda c: each_of(COMMAND_IDS, Commands(c, CHAIN).get),
        lambda v, it: keeps(v, it[1].command.product),
    ),
    "Commands.find": those(
        lambda c: each_of([each.key for each in COMMANDS], Commands(c, CHAIN).find),
        lambda v, it: keeps(v, it[1].command.product),
    ),
    "Commands.some": those(
        lambda c: Commands(c, CHAIN).some(COMMAND_IDS), lambda v, it: keeps(v, it.command.product)
    ),
    "Commands.page": those(
        lambda c: Commands(c, CHAIN).page(most=99), lambda v, it: keeps(v, it[1].command.product)
    ),
    "Commands.under": those(
        lambda c: [
            each
            for command in COMMANDS
            if command.product and command.ref
            for each in Commands(c, CHAIN).under(command.product, command.ref)
        ],
        lambda v, it: keeps(v, it.command.product),
    ),
    "keys.all_keys": those(
        lambda c: all_keys(c), lambda v, it: sees_holding(v, it.product, it.address)
    ),
    "keys.keys_of": those(
        lambda c: [each for key in PRODUCTS for each in keys_of(c, key, EVERY_INVESTOR)],
        lambda v, it: sees_holding(v, it.product, it.address),
    ),
    "StoredKeys.of_investor": those(
        lambda c: [
            each
            for key in PRODUCTS
            for investor in EVERY_INVESTOR
            for each in StoredKeys(c, at=NOW, by="x").of_investor(key, investor)
        ],
        lambda v, it: sees_holding(v, it.product, it.address),
    ),
    "Commands.all": those(
        lambda c: Commands(c, CHAIN).all(), lambda v, it: keeps(v, it.command.product)
    ),
    "StoredOutbox.command": those(
        lambda c: each_of(COMMAND_IDS, StoredOutbox(c, CHAIN).command),
        lambda v, it: keeps(v, it[1].command.product),
    ),
    "StoredOutbox.waiting": those(
        lambda c: StoredOutbox(c, CHAIN).waiting([account(13)], most=9),
        lambda v, it: keeps(v, it.command.product),
    ),
    "StoredOutbox.safe_signatures": those(
        lambda c: each_of(
            COMMAND_IDS, lambda it: StoredOutbox(c, CHAIN).safe_signatures(it, nonce=3)
        ),
        lambda v, it: keeps(v, _command_product(it[0])),
    ),
    "Jobs.get": those(
        lambda c: each_of(JOB_IDS, Jobs(c, CHAIN).get), lambda v, it: keeps(v, it[1].job.product)
    ),
    "Jobs.all": those(lambda c: Jobs(c, CHAIN).all(), lambda v, it: keeps(v, it.job.product)),
    "Jobs.progress": those(
        lambda c: each_of(JOB_IDS, lambda it: Jobs(c, CHAIN).progress(it, at=NOW)),
        lambda v, it: keeps(v, _job_product(it[0])),
    ),
    **{
        f"Jobs.{name}": those(
            lambda c, ask=ask: each_of(JOB_IDS, lambda it: ask(Jobs(c, CHAIN), it)),
            lambda v, it: keeps(v, _job_product(it[0])),
        )
        for name, ask in {
            "rows": lambda jobs, it: jobs.rows(it, 0, 9),
            "next_row": lambda jobs, it: jobs.next_row(it),
            "open_batches": lambda jobs, it: jobs.open_batches(it),
            "batches": lambda jobs, it: jobs.batches(it),
            "refused": lambda jobs, it: jobs.refused(it),
        }.items()
    },
    "Disclosures.get": those(
        lambda c: each_of(
            [DisclosureId(f"D-{each}") for each in ("holds", "over", "ahead", "proposed", "ended")],
            Disclosures(c).get,
        ),
        lambda v, it: _sees_disclosure(v, it[1]),
    ),
    "Disclosures.all": those(lambda c: Disclosures(c).all(), lambda v, it: _sees_disclosure(v, it)),
    "Disclosures.holding": those(
        lambda c: [
            each
            for to in ("A1", "A2")
            for each in Disclosures(c).holding(InstitutionId(to), at=NOW)
        ],
        lambda v, it: v.id in (it.by, it.to),
    ),
    "RecordDates.get": those(
        lambda c: each_of(EVERY_PRODUCT, lambda it: RecordDates(c).get(it, entitled.DAY)),
        lambda v, it: sees_register(v, it[0]),
    ),
    "RecordDates.all": those(
        lambda c: [each for product in EVERY_PRODUCT for each in RecordDates(c).all(product)],
        lambda v, it: sees_register(v, it.record.product),
    ),
    "RecordDates.entitlements": those(
        lambda c: [
            (product, each)
            for product in EVERY_PRODUCT
            for each in RecordDates(c).entitlements(product, entitled.DAY)
        ],
        lambda v, it: sees_entitled(v, it[0], it[1].holder),
    ),
    "RecordDates.some_entitlements": those(
        lambda c: [
            (product, each)
            for product in EVERY_PRODUCT
            for each in RecordDates(c).some_entitlements(product, entitled.DAY, after="", most=99)
        ],
        lambda v, it: sees_entitled(v, it[0], it[1].holder),
    ),
    "Distributions.get": those(
        lambda c: each_of(RUNS, Distributions(c).get), lambda v, it: sees_register(v, it[1].product)
    ),
    "Distributions.all": those(
        lambda c: Distributions(c).all(), lambda v, it: sees_register(v, it.product)
    ),
    "Distributions.lines": those(
        lambda c: [(run, each) for run in RUNS for each in Distributions(c).lines(run)],
        lambda v, it: sees_entitled(v, _of_run(it[0]), it[1].holder),
    ),
    "Distributions.holders": those(
        lambda c: [
            (run, each)
            for run in RUNS
            for each in Distributions(c).holders([run], after=None, most=99)
        ],
        lambda v, it: sees_entitled(v, _of_run(it[0]), it[1]),
    ),
    "CorporateActions.get": those(
        lambda c: each_of(ACTIONS, CorporateActions(c).get),
        lambda v, it: sees_register(v, it[1].product),
    ),
    "CorporateActions.find": those(
        lambda c: each_of(ACTIONS, CorporateActions(c).find),
        lambda v, it: sees_register(v, it[1].product),
    ),
    "CorporateActions.all": those(
        lambda c: CorporateActions(c).all(), lambda v, it: sees_register(v, it.product)
    ),
    "Cursors.get": those(lambda c: [Cursors(c, CHAIN).get()], lambda *_: True),
    "Cursors.header": those(lambda c: [Cursors(c, CHAIN).header(7)], lambda *_: True),
    "Cursors.headers_down_from": those(
        lambda c: Cursors(c, CHAIN).headers_down_from(9, 5), lambda *_: True
    ),
    "Cursors.last_before": those(lambda c: [Cursors(c, CHAIN).last_before(NOW)], lambda *_: True),
    "Notices.after": those(
        lambda c: [each for it in INSTITUTIONS for each in Notices(c).after(it.id, 0, most=99)],
        lambda v, it: is_own(v, it.institution),
    ),
    "Notices.last": those(
        lambda c: each_of([each.id for each in INSTITUTIONS], Notices(c).last),
        lambda v, it: is_own(v, it[0]),
    ),
    "Notices.lasts": those(
        lambda c: each_of([each.id for each in INSTITUTIONS], Notices(c).lasts),
        lambda v, it: is_own(v, it[0]),
    ),
    "Webhooks.get": those(
        lambda c: each_of(WEBHOOKS, Webhooks(c).get), lambda v, it: is_own(v, it[1].institution)
    ),
    "Webhooks.find": those(
        lambda c: each_of(WEBHOOKS, Webhooks(c).find), lambda v, it: is_own(v, it[1].institution)
    ),
    "Webhooks.all": those(lambda c: Webhooks(c).all(), lambda v, it: is_own(v, it.institution)),
    "WebhookDeliveries.all": those(
        lambda c: each_of(WEBHOOKS, WebhookDeliveries(c).all),
        lambda v, it: it[0] == webhook_of(v.id),
    ),
    "WebhookDeliveries.dead": those(
        lambda c: sorted(WebhookDeliveries(c).dead().items()),
        lambda v, it: it[0] == webhook_of(v.id),
    ),
    "NoticeSources.customers": those(
        lambda c: sorted(NoticeSources(c, CHAIN).customers(EVERY_INVESTOR)),
        lambda v, it: sees_person(v, it),
    ),
    "NoticeSources.holders": those(
        lambda c: [
            (product, address)
            for product, parties in PRODUCTS.items()
            for address in sorted(NoticeSources(c, CHAIN).holders(parties, [a for _, a in HELD]))
        ],
        lambda v, it: sees_holding(v, *it) and sees_person(v, OWNERS[it]),
    ),
    "NoticeSources.commands": those(
        lambda c: sorted(NoticeSources(c, CHAIN).commands(COMMAND_IDS)),
        lambda v, it: keeps(v, _command_product(it)),
    ),
    "NoticeSources.jobs": those(
        lambda c: sorted(NoticeSources(c, CHAIN).jobs(JOB_IDS)),
        lambda v, it: keeps(v, _job_product(it)),
    ),
    "digest.derived_rows": those(_derived, _sees_derived),
    "Firms.get": those(
        lambda c: [
            (kind, *found)
            for kind in FirmKind
            if kind is not FirmKind.BENEFICIARY_AGENT
            for found in each_of(
                [each.id for each in INSTITUTIONS],
                lambda it, kind=kind: Firms(c, VAULT).get(kind, it),
            )
        ],
        lambda v, it: is_own(v, it[1]),
    ),
    "Firms.all": those(
        lambda c: [
            each
            for kind in FirmKind
            if kind is not FirmKind.BENEFICIARY_AGENT
            for each in Firms(c, VAULT).all(kind)
        ],
        lambda v, it: is_own(v, it.id),
    ),
}


def _sees_word(viewer: Viewer, it: Any) -> bool:
    """Asked with the chain of the product."""
    return sees_product(viewer, it.product) and sees_holding(viewer, it.product, it.address)


def _sees_disclosure(viewer: Viewer, decided: Any) -> bool:
    told = decided.disclosure
    return is_own(viewer, told.by) or (is_own(viewer, told.to) and decided.approver is not None)


SIGNER = account(11)
CLOSED: Mapping[str, str] = {
    "Payments": "payment_file",
    "PaymentTerms": "payment_terms",
    "TokenPayments": "token_batch",
    "TaxCategories": "tax_category",
    "Users": "app_user",
    "UserList": "app_user",
    "UserSeal": "owner_key",
    "Permissions": "user_permission",
    "AccessProposals": "access_proposal",
    "Credentials": "credential",
    "TokenKeys": "vault_secret",
    "AddressTrees": "address_tree",
    "BookChecks": "book_check",
    "DifferenceCases": "difference_case",
    "Certifiers": "certifier",
    "Certificates": "balance_certificate",
    "StoredChallenges": "challenge",
    "MarketRecords": "market_decision",
    "TransferOrders": "transfer_order",
    "KycSessions": "kyc_session",
    "SanctionsLists": "sanctions_list",
    "Screenings": "screening",
    "Inspections": "inspection",
    "Uploads": "upload",
    "DocumentJobs": "document_job",
    "Requests": "request",
}
"""Repositories of tables of `UNSEEN` alone, and one of those: whatever is asked of them is refused."""

DENIED: Mapping[str, Callable[[Connection], object]] = {
    "AuditLog.head": lambda c: AuditLog(c).head(),
    "AuditLog.entry": lambda c: AuditLog(c).entry(1),
    "AuditLog.entries": lambda c: list(AuditLog(c).entries()),
    "AuditLog.last_of": lambda c: AuditLog(c).last_of(NOW.date()),
    "Deployments.get": lambda c: Deployments(c).get(CHAIN),
    "Inspections.all": lambda c: Inspections(c).all(),
    "former_rows.as_it_was": lambda c: as_it_was(c, tables.product, ["P1"], ["name"], at=NOW),
    "Deployments.all": lambda c: Deployments(c).all(),
    "Events.standing": lambda c: Events(c, CHAIN).standing(0, 99),
    "Events.count": lambda c: Events(c, CHAIN).count(),
    "NoticeSources.block_after": lambda c: NoticeSources(c, CHAIN).block_after(0, 99, most=9),
    "NoticeSources.done": lambda c: NoticeSources(c, CHAIN).done(0, [], most=9),
    "NoticeSources.taken_back": lambda c: NoticeSources(c, CHAIN).taken_back(0),
    "NoticeSources.institutions_of": lambda c: NoticeSources(c, CHAIN).institutions_of(["U1"]),
    "NoticeSources.orders": lambda c: NoticeSources(c, CHAIN).orders([(ProductId("P1"), "T-1")]),
    "StoredOutbox.accounts_with_work": lambda c: StoredOutbox(c, CHAIN).accounts_with_work(),
    "StoredOutbox.given_numbers": lambda c: StoredOutbox(c, CHAIN).given_numbers(),
    "StoredOutbox.under_way": lambda c: StoredOutbox(c, CHAIN).under_way(),
    "StoredOutbox.raw": lambda c: StoredOutbox(c, CHAIN).raw(Digest(word(1))),
    "StoredOutbox.open": lambda c: StoredOutbox(c, CHAIN).open(SIGNER),
    "StoredOutbox.numbers": lambda c: StoredOutbox(c, CHAIN).numbers(SIGNER, first=0),
    "ImportFiles.get": lambda c: ImportFiles(c).get(ImportFileId("F1")),
    "ImportFiles.all": lambda c: ImportFiles(c).all(),
    "OwnerKeys.judge": lambda c: OwnerKeys(c, VAULT).judge("user:U1"),
    "Retention.restricted_among": lambda c: Retention(c).restricted_among(EVERY_INVESTOR),
    "Retention.restricted_since": lambda c: Retention(c).restricted_since(InvestorId("H1")),
    "Rotation.wrapped_by": lambda c: Rotation(c, VAULT).wrapped_by(),
    "Rotation.remaining": lambda c: Rotation(c, VAULT).remaining(),
    "VaultSecrets.get": lambda c: VAULT.secrets.get(c, "blind_index"),
    "Vault.fingerprint": lambda c: VAULT.fingerprint(c, b"content"),
    "key_backup.export_keys": lambda c: export_keys(c, VAULT.ring),
    "witness.every_row": lambda c: list(every_row(c)),
    "witness.rows_apart": lambda c: rows_apart(c, most=1),
}
"""Queries that ask a table of `UNSEEN`: refused, whoever asks."""

NOT_ASKED: Mapping[str, str] = {
    "Register.block_at": "gives a height of the ledger, which everybody knows",
    "Movements.between": "shows each side as its position is seen: see tests/bootstrap/test_register_output.py",
    **dict.fromkeys(
        (f"WorkPages.{name}" for name in ("jobs", "job", "orders", "files", "file", "entries")),
        "asks tables of UNSEEN, and says itself whose rows: see tests/api/test_work.py",
    ),
    "CorporateActions.under_way": "asks for a routine, as CorporateActions.all does",
    "CorporateActions.require": "holds an action for a change, as CorporateActions.get finds it",
    "InvestorPages.among": "asks investor by ids, as InvestorPages.investor does",
    "PayeeLines.find": "asks payee_line, as Distributions.lines does",
    "PayeeLines.require": "holds lines for a change, as PayeeLines.find finds them",
    "Jobs.made_at": "asks job by its id, as Jobs.get does",
    "Database.within": "gives a connection and asks nothing",
    "Products.draft": "holds a product for a change, as Products.get finds it",
    "rehearsal.keep": "does what it is given and asks nothing",
    "Products.splits_written": "holds a product for a change, and counts audit entries that nobody reads",
    "Parties.keeps_register_for": "asks product_firm and trust_contract for the interface, by two ids",
    "customers.few_customers": "asks investor or introduction before it looks as anybody, and only says where to look",
    "trade_pages.few_accounts": "asks wallet and investor, as RegisterPages.positions does",
    "TradePages.of_clients": "asks client_trade, as PartialSight.client_trades",
    **dict.fromkeys(
        ("RegisterPages.key_of", "RegisterPages.lot_key_of"),
        "names the key of a row, and asks nothing",
    ),
    **dict.fromkeys(
        ("StoredKeys.extent", "keys.extent_of"),
        "locks the tree, so it is asked only by whoever hands out addresses",
    ),
    "KeysInBulk.keep": "keeps in memory what KeysInBulk.write writes",
    "WebhookDeliveries.claim": "holds rows, so it is asked only by whoever posts",
    "keys.audit_keys": "adds audit entries about rows that its caller wrote",
    "StoredKeys.at_address": "asks wallet by address, as keys.all_keys does",
    "Trades.reversing": "asks trade by its kind and time, as Trades.trades does by its reference",
    "Commands.calling": "asks command by its bytes, as Commands.find does by its key",
    "Words.waiting": "asks wallet and product, as Words.of_investors does",
    "digest.derived_digest": "is the digest of what digest.derived_rows gives",
    "Vault.prepare": "makes the secrets of a new database",
    "Retention.kept": "asks tables of UNSEEN about an investor, as Retention.restricted_since",
    "rotation.vouch_all": "makes digests of rows that a rotation wrote",
    "witness.vouch": "makes digests of rows that the caller names, of the tables above",
    "RegisterJournal.open_state": "asks Register.open_state",
    "bulk.among": "is a part of a question, and asks nothing",
    "copy.driver_cursor": "is how the indexer writes",
    "viewing.look_as": "is how an institution looks",
    "viewing.seen_by": "is how an institution looks",
    "viewing.answer_not_found": "adds an audit entry, and reads nothing",
    "viewing.holes": "asks the catalogue of the database, for `genbo check`",
    "migrations.require_current": "asks for the migration",
}
"""What is given a connection and is no question about rows."""
