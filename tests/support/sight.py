"""A small world to look at: products of three registrars, customers of three brokers, what moved between them.

Whose everything is stands here a second time, as the rules take it (`PRODUCTS`, `CUSTOMERS`): what an institution
must see is computed from these, and never from the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection
from tests.storage import decided, entitled
from tests.storage.builders import (
    CHAIN,
    START,
    TERMS,
    Ledger,
    a_command,
    account,
    bind,
    raw,
    signed,
    stamp,
    word,
)
from tests.support.people import A1, A2, B1, B2, B3, C1, C2, F1, R1, R2, R3

from genbo.governance import Batch, BatchState, Command, CommandState, Job, JobKind, JobRow, Outcome
from genbo.governance.institutions import (
    CustomerParties,
    Disclosure,
    DisclosureId,
    InstitutionId,
    ProductParties,
    TradeParties,
    propose_disclosure,
)
from genbo.governance.notices import NoticeType, Telling, Webhook, WebhookId, WebhookState
from genbo.governance.notices import Outcome as Delivered
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Reference, Units
from genbo.register import UnitsMoved
from genbo.storage.commands import Commands
from genbo.storage.disclosures import Disclosures
from genbo.storage.investors import Investor, Investors, NewInvestor
from genbo.storage.jobs import Jobs
from genbo.storage.journal import RegisterJournal
from genbo.storage.notices import Notices
from genbo.storage.parties import Parties
from genbo.storage.products import Products
from genbo.storage.vault import Vault
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.storage.wallets import Wallet, Wallets
from genbo.storage.webhook_deliveries import WebhookDeliveries
from genbo.storage.webhooks import Webhooks
from genbo.token import MovementKind, parse_terms

NOW = START + timedelta(days=30)
"""When everybody looks."""
S1 = InstitutionId("S1")
"""The settlor of every contract; it has no access."""
P1, P2, P3 = (ProductId(f"P{n}") for n in (1, 2, 3))

PRODUCTS: Mapping[ProductId, ProductParties] = {
    each.product: each
    for each in (
        ProductParties(
            product=P1,
            registrar=R1.id,
            issuers=frozenset({A1.id, S1}),
            firms=frozenset({C1.id, C2.id, B1.id, B2.id, B3.id, F1.id}),
        ),
        ProductParties(
            product=P2,
            registrar=R2.id,
            issuers=frozenset({A2.id, S1}),
            firms=frozenset({C1.id, B1.id, B2.id}),
        ),
        ProductParties(
            product=P3,
            registrar=R3.id,
            issuers=frozenset({A2.id, S1}),
            firms=frozenset({C2.id, B3.id}),
        ),
    )
}


def _customer(
    name: str, broker: InstitutionId | None, custodian: InstitutionId | None, *on: ProductId
) -> CustomerParties:
    return CustomerParties(
        investor=InvestorId(name),
        broker=broker,
        custodian=custodian,
        registers=tuple(PRODUCTS[each] for each in on),
    )


CUSTOMERS: Mapping[InvestorId, CustomerParties] = {
    each.investor: each
    for each in (
        _customer("H0", None, None, P1, P2, P3),  # the settlor, whom no broker registered
        replace(_customer("H1", B1.id, None, P1, P2), intermediary=F1.id),
        replace(
            _customer("H2", B1.id, None, P1), intermediary=F1.id, consents_to_intermediary=True
        ),
        _customer("H3", B2.id, C1.id, P1, P2),
        _customer("H4", B3.id, C2.id, P1, P2, P3),  # P2 is not handled by its firms
        _customer("H5", B3.id, C2.id),  # on no register
        _customer("H6", B2.id, C1.id, P2),
    )
}

DISCLOSED = Disclosure(
    product=P1, by=R1.id, to=A1.id, purpose="議決権行使書の発送", basis=Digest(word(1))
)
"""The one disclosure that holds."""


def address_of(investor: InvestorId, product: ProductId) -> Address:
    """The address of an investor in a product."""
    return account(int(product[1:]) * 100 + int(investor[1:]))


OLD_ADDRESS = account(1002)
"""What spoke for H2 in P1 before its key was replaced."""

OWNERS: Mapping[tuple[ProductId, Address], InvestorId] = {
    (register.product, address_of(each.investor, register.product)): each.investor
    for each in CUSTOMERS.values()
    for register in each.registers
} | {(P1, OLD_ADDRESS): InvestorId("H2")}
"""Whose every address is."""


ENTITLED: Mapping[ProductId, tuple[str, ...]] = {
    product: tuple(
        each.investor
        for each in CUSTOMERS.values()
        if any(register.product == product for register in each.registers)
    )
    for product in PRODUCTS
}
"""Who is owed for the record date of each product: everybody on its register. The run of Pn is D-n."""


def trade_parties(
    product: ProductId, source: Address | None, target: Address | None
) -> TradeParties:
    """Whose a movement is."""

    def side(address: Address | None) -> CustomerParties | None:
        return None if address is None else CUSTOMERS[OWNERS[product, address]]

    return TradeParties(product=PRODUCTS[product], sender=side(source), recipient=side(target))


def furnish(connection: Connection, vault: Vault) -> None:
    """The whole world, in a database that has the firms of the tests."""
    bind(connection)
    _people(connection, vault)
    _products(connection)
    _wallets(connection)
    _ledger(connection)
    _commands(connection)
    _disclosures(connection)
    _notices(connection, vault)
    entitled.furnish(connection, ENTITLED)
    decided.furnish(connection, ENTITLED)


def _people(connection: Connection, vault: Vault) -> None:
    investors = Investors(connection, vault)
    investors.register(
        [
            NewInvestor(
                investor=Investor(
                    investor_id=each.investor,
                    kind="individual",
                    safekeeping_kind=_safekeeping(each),
                    safekeeping_id=each.broker,
                    broker_customer_id=None if each.broker is None else f"N-{each.investor}",
                    custodian_id=each.custodian,
                    investor_class=1,
                ),
                name=f"氏名 {each.investor}",
                registered_address=f"東京都架空区 {each.investor}",
                effective=date(2021, 7, 1),
            )
            for each in CUSTOMERS.values()
        ],
        at=START,
        by="x",
    )
    investors.rename(
        InvestorId("H3"),
        name="新氏名 H3",
        registered_address="東京都架空区 9",
        effective=date(2021, 9, 1),
        at=START,
        by="x",
    )
    Verdicts(connection).record(
        [
            Verdict(
                investor_id=each,
                checked_at=START,
                expires_at=START + timedelta(days=365),
                investor_class=1,
                aml_class="clear",
                evidence_ref=f"KYC-{each}",
            )
            for each in CUSTOMERS
        ],
        at=START,
        by="x",
    )
    for each in CUSTOMERS.values():
        if each.intermediary is not None:
            Parties(connection).introduce(
                each.investor,
                each.intermediary,
                consents_to_sight=each.consents_to_intermediary,
                at=START,
                by="x",
            )


def _safekeeping(customer: CustomerParties) -> str:
    if customer.broker is None:
        return "self"
    return "direct" if customer.custodian is None else "delegated"


def _products(connection: Connection) -> None:
    products = Products(connection)
    for number, parties in enumerate(PRODUCTS.values(), start=1):
        terms = {
            **TERMS,
            "product_id": parties.product,
            "isin": None,
            "trust_contract_id": f"TC-{number}",
            "transfer_control_id": f"TC-{parties.product}",
            "initial_beneficiary_id": "H0",
        }
        products.add(parse_terms(terms), at=START, by="x")
        products.deployed(
            parties.product, chain_id=CHAIN, address=account(990 + number), at=START, by="x"
        )
        for firm in parties.firms:
            Parties(connection).handle(parties.product, firm, at=START, by="x")


def _wallets(connection: Connection) -> None:
    old = {address_of(InvestorId("H2"), P1): OLD_ADDRESS}
    Wallets(connection).assign(
        [
            Wallet(
                product_id=product,
                address=old.get(address, address),
                investor_id=investor,
                valid_from=START,
            )
            for (product, address), investor in OWNERS.items()
            if address != OLD_ADDRESS
        ],
        at=START,
        by="x",
    )
    replaced = address_of(InvestorId("H2"), P1)
    Wallets(connection).replace(
        P1, InvestorId("H2"), new=replaced, at=START + timedelta(minutes=3), by="x"
    )


MOVEMENTS: tuple[tuple[ProductId, MovementKind, str | None, str | None, int, str], ...] = (
    (P1, MovementKind.ISSUE, None, "H0", 100, "I-1"),
    (P2, MovementKind.ISSUE, None, "H0", 200, "I-2"),
    (P3, MovementKind.ISSUE, None, "H0", 300, "I-3"),
    (P1, MovementKind.DISTRIBUTE, "H0", "H1", 30, "D-1"),
    (P1, MovementKind.DISTRIBUTE, "H0", "H2 before", 20, "D-1"),
    (P1, MovementKind.DISTRIBUTE, "H0", "H3", 10, "D-1"),
    (P2, MovementKind.DISTRIBUTE, "H0", "H1", 50, "D-2"),
    (P2, MovementKind.DISTRIBUTE, "H0", "H4", 5, "D-2"),
    (P3, MovementKind.DISTRIBUTE, "H0", "H4", 70, "D-3"),
    (P1, MovementKind.REKEY, "H2 before", "H2", 20, "K-1"),
    (P1, MovementKind.TRANSFER, "H1", "H3", 7, "T-1"),  # between brokers
    (P1, MovementKind.TRANSFER, "H3", "H4", 12, "T-2"),  # with units that came from H1
    (P1, MovementKind.TRANSFER, "H1", "H2", 3, "T-3"),  # both of one intermediary
    (P2, MovementKind.TRANSFER, "H1", "H6", 11, "T-4"),
    (P2, MovementKind.TRANSFER, "H4", "H3", 2, "T-5"),
    (P1, MovementKind.REDEEM, "H1", None, 4, "X-1"),
    (P1, MovementKind.REDISTRIBUTE, None, "H1", 4, "X-2"),
)
"""Product, kind, from, to, units, reference; one a block."""


def _ledger(connection: Connection) -> None:
    ledger = Ledger()
    for number, (product, kind, source, target, units, ref) in enumerate(MOVEMENTS, start=2):
        ledger.at(number)
        ledger.say(
            UnitsMoved(
                product=product,
                position=ledger._next(),
                kind=kind,
                source=where(source, product),
                target=where(target, product),
                units=Units(units),
                delivery_date=ledger.block.business_date,
                ref=Reference(ref),
                evidence=None,
                reverses=Reference("X-1") if kind is MovementKind.REDISTRIBUTE else None,
            )
        )
    journal = RegisterJournal(connection, CHAIN)
    journal.cursors.start(1)
    events, changes = ledger.hush()
    last = stamp(len(MOVEMENTS) + 1)
    headers = [stamp(number) for number in range(2, last.number + 1)]
    journal.keep(events=events, changes=changes, upto=last, raw=raw(events), headers=headers)
    journal.cursors.settle(last)


def where(who: str | None, product: ProductId) -> Address | None:
    """The address that a name in `MOVEMENTS` stands for."""
    if who == "H2 before":
        return OLD_ADDRESS
    return None if who is None else address_of(InvestorId(who), product)


COMMANDS: tuple[Command, ...] = (
    a_command("k-market", product=None, ref=None, what="open the market"),
    *(
        a_command(f"k-{product}-{what}", product=product)
        for product in (P1, P2)
        for what in ("batch", "refused", "queued")
    ),
)
JOBS: Mapping[ProductId, Job] = {
    product: Job(
        key=f"j-{product}",
        chain_id=CHAIN,
        kind=JobKind.VERDICT,
        product=product,
        ref=None,
        arguments={},
        maker="distribute-1",
    )
    for product in (P1, P2)
}


def _commands(connection: Connection) -> None:
    commands = Commands(connection, CHAIN)
    of_key = {each.key: each.id for each in COMMANDS}
    for number, command in enumerate(COMMANDS):
        commands.submit(
            command,
            digest=Digest(word(70 + number)),
            state=CommandState.CHECKED,
            approvals=[signed()],
            at=START,
        )
    jobs = Jobs(connection, CHAIN)
    for product, job in JOBS.items():
        rows = [JobRow(address=account(n), units=Units(2)) for n in (1, 2)]
        jobs.order(job, rows, at=START)
        jobs.add_batch(job.id, Batch(first=0, last=0, command=of_key[f"k-{product}-batch"]))
        refused = of_key[f"k-{product}-refused"]
        commands.move(
            refused, CommandState.REFUSED, at=START, outcome=Outcome(reason=Reason.CAP_EXCEEDED)
        )
        batch = Batch(first=1, last=1, command=refused)
        jobs.add_batch(job.id, batch)
        jobs.end_batch(job.id, batch, BatchState.REFUSED)
        queued = of_key[f"k-{product}-queued"]
        commands.sign_for_safe(queued, signed(), nonce=3)
        for state in (CommandState.APPROVED, CommandState.QUEUED):
            commands.move(queued, state, at=START)


def _disclosures(connection: Connection) -> None:
    disclosures = Disclosures(connection)
    told = {
        "D-holds": (P1, A1, START, NOW + timedelta(days=1), True),
        "D-over": (P2, A2, START, NOW, True),
        "D-ahead": (P2, A2, NOW + timedelta(days=1), NOW + timedelta(days=2), True),
        "D-proposed": (P3, A2, START, NOW + timedelta(days=1), False),
    }
    for name, (product, to, valid_from, valid_until, approved) in told.items():
        proposed = propose_disclosure(
            id=DisclosureId(name),
            product=PRODUCTS[product],
            to=to,
            purpose=DISCLOSED.purpose,
            basis=Digest(word(1)),
            valid_from=valid_from,
            valid_until=valid_until,
            at=START,
            by="maker",
        )
        disclosures.propose(proposed)
        if approved:
            disclosures.approve(proposed.id, at=START, by="approver")
    ended = propose_disclosure(
        id=DisclosureId("D-ended"),
        product=PRODUCTS[P3],
        to=A2,
        purpose=DISCLOSED.purpose,
        basis=Digest(word(1)),
        valid_from=START,
        valid_until=NOW + timedelta(days=1),
        at=START,
        by="maker",
    )
    disclosures.propose(ended)
    disclosures.approve(ended.id, at=START, by="approver")
    disclosures.end(ended.id, at=START + timedelta(days=1), by="approver")


TOLD: Mapping[InstitutionId, tuple[ProductId | None, ...]] = {
    R1.id: (P1, P1, None),
    B1.id: (P1, P2),
    A2.id: (P2,),
    F1.id: (P1,),
}
"""About which products institutions were told something, one after the other."""


def _notices(connection: Connection, vault: Vault) -> None:
    """What institutions were told; R1 and B1 have a webhook that took one notice and failed with another."""
    for institution in (R1.id, B1.id):
        Webhooks(connection).register(
            Webhook(
                id=webhook_of(institution),
                institution=institution,
                url="https://events.example.com",
                types=(),
                products=(),
                state=WebhookState.ACTIVE,
                secret_number=1,
                previous_until=None,
                created_at=START,
                created_by="x",
                updated_at=START,
                updated_by="x",
            ),
            vault.secrets,
            at=START,
            by="x",
        )
    Notices(connection).tell(
        [
            Telling(
                institution=institution,
                product=product,
                type=NoticeType.PRODUCT_STATUS if product else NoticeType.MARKET_OPENED,
                occurred_at=START,
                stamp=None,
                final=True,
                data={},
            )
            for institution, products in TOLD.items()
            for product in products
        ]
    )
    deliveries = WebhookDeliveries(connection)
    for delivered, due in enumerate(deliveries.due(at=NOW, most=9)):
        claimed = deliveries.claim(due, at=NOW)
        assert claimed is not None
        claimed = replace(claimed, tries=7)
        bad = Delivered(delivered=False, status=500, problem="answered 500")
        good = Delivered(delivered=True, status=200, problem=None)
        deliveries.note(claimed, good if delivered % 2 else bad, at=NOW, jitter=0.5)


def webhook_of(institution: InstitutionId) -> WebhookId:
    """The webhook of an institution that has one."""
    return WebhookId(f"wh_{institution}")
