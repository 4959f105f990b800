"""People: investors come into the registry, get accounts in a product, and their verdicts go to the ledger.

The ledger hears until when somebody is verified and as what; who it is and why stays in the registry.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.screening import Screeners
from genbo.bootstrap.words import order_words
from genbo.chain.desk import Done
from genbo.governance import Duty, Job, JobId, JobKind, JobRow
from genbo.kernel import Address, InvestorId, ProductId
from genbo.storage.investors import Investors, NewInvestor
from genbo.storage.jobs import Jobs
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.storage.wallets import Wallet, Wallets


def register_investors(
    office: Office,
    new: Sequence[NewInvestor],
    verdicts: Sequence[Verdict],
    *,
    by: str,
    key: str | None = None,
) -> None:
    """Takes investors and their verdicts into the registry, all or none. The ledger hears nothing of it.

    Args:
        key: idempotency key: under the same key they are taken in once.

    Raises:
        Refusal: as `Investors.register`.
    """
    with office.house.database.begin() as connection:
        take_in(connection, office, new, verdicts, by=by, key=key or _new_key())


def open_accounts(
    office: Office, product: ProductId, accounts: Mapping[InvestorId, Address], *, by: str
) -> None:
    """Notes which address speaks for which investor in this product. Raises as `Wallets.assign`."""
    at = office.now().at
    with office.house.database.begin() as connection:
        Wallets(connection).assign(_wallets(product, accounts, at), at=at, by=by)


def verify_accounts(
    office: Office, product: ProductId, investors: Sequence[InvestorId]
) -> Iterator[tuple[int, Done]]:
    """Writes what the registry knows of each investor into the tokens, batch by batch: how many, and the act. A waiting
    key of somebody who may hold becomes active in the transaction that stores the order (`order_words`).

    Raises:
        Refusal: `product_unknown`.
    """
    office.token(product)
    at = office.house.now()
    maker = office.orders.hands_of(Duty.RESTRICTOR, ()).people[0][0]
    with office.house.database.begin() as connection:
        jobs = order_words(connection, office, investors, key=_new_key(), by=maker, at=at)
    for job in jobs:
        yield from office.carry_out(job)


def admit_investors(
    office: Office,
    product: ProductId,
    new: Sequence[NewInvestor],
    verdicts: Sequence[Verdict],
    accounts: Mapping[InvestorId, Address],
    *,
    by: str,
    key: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Done]:
    """Registers investors, opens an account in the product for each and writes their verdicts into its token. What
    the registry keeps is kept in one transaction with the order to write the verdicts, so an interruption loses
    nothing: admitting them again under the same key, or a running service, goes on where it stood.

    Where screening is in force nobody is opened before it: they are screened first, and whoever is clear is opened.

    Args:
        key: idempotency key.
        progress: told how many more verdicts stand on the ledger.

    Raises:
        Refusal: `product_unknown` before anything is done; as the other functions here.
    """
    office.token(product)
    key = key or _new_key()
    on_ledger = {accounts[verdict.investor_id]: verdict for verdict in verdicts}
    jobs = list(_verdict_jobs(office, product, on_ledger, key))
    at = office.house.now()
    with office.house.database.begin() as connection:
        screening = office.gate.screened(connection).in_force()
        if take_in(connection, office, new, verdicts, by=by, key=key):
            now = office.now().at
            Wallets(connection).assign(_wallets(product, accounts, now), at=at, by=by)
            if not screening:
                for job, rows in jobs:
                    Jobs(connection, office.deployment.chain_id).order(job, rows, at=at)
    if screening:
        return _open_screened(office, product, list(accounts), by=by, progress=progress)
    acts = []
    for job, rows in jobs:
        for count, done in office.carry_out_job(job, rows):
            acts.append(done)
            progress(count)
    return acts


def _open_screened(
    office: Office,
    product: ProductId,
    investors: Sequence[InvestorId],
    *,
    by: str,
    progress: Callable[[int], None],
) -> list[Done]:
    """Screens, and carries out what that orders; who is not clear stays closed."""
    Screeners(office).run(by=by, among=investors)
    acts = []
    with office.house.database.read() as connection:
        running = Jobs(connection, office.deployment.chain_id).all(running=True)
    for stored in running:
        if stored.job.kind is JobKind.VERDICT and stored.job.product == product:
            for count, done in office.carry_out(stored.job.id):
                acts.append(done)
                progress(count)
    return acts


def revoke_verdict(office: Office, investor: InvestorId, *, ground: str, by: str) -> list[JobId]:
    """Takes back what the investor was verified as, and orders every address of the investor closed, in one
    transaction; the bulk acts. Once more it changes nothing.

    Args:
        ground: reference of why, never its content.

    Raises:
        Refusal: `investor_unknown`; `verdict_missing`.
    """
    at = office.house.now()
    with office.house.database.begin() as connection:
        Investors(connection, office.house.vault).get(investor)
        taken = Verdicts(connection).revoke(investor, evidence_ref=ground, at=at, by=by)
        if taken is None:
            return []
        return order_words(connection, office, [investor], key=_new_key(), by=by, at=at)


def replace_account(
    office: Office,
    product: ProductId,
    investor: InvestorId,
    *,
    new: Address,
    at: datetime,
    by: str,
) -> None:
    """Notes that another address speaks for the investor from `at` on; the ledger was re-keyed before."""
    with office.house.database.begin() as connection:
        Wallets(connection).replace(product, investor, new=new, at=at, by=by)


def take_in(
    connection: Connection,
    office: Office,
    new: Sequence[NewInvestor],
    verdicts: Sequence[Verdict],
    *,
    by: str,
    key: str,
) -> bool:
    """Takes investors in under a command of the registry; whether that had not happened before."""
    at = office.now().at
    content = repr((sorted(each.investor.investor_id for each in new), verdicts)).encode()
    _, first = office.orders.of_registry(
        f"register {len(new):,} investors",
        data=office.house.vault.fingerprint(connection, content),
        by=by,
        key=key,
    ).store(connection)
    if first:
        Investors(connection, office.house.vault).register(new, at=at, by=by)
        Verdicts(connection).record(verdicts, at=at, by=by)
    return first


def _verdict_jobs(
    office: Office, product: ProductId, verdicts: Mapping[Address, Verdict], key: str
) -> Iterator[tuple[Job, list[JobRow]]]:
    """One bulk act per verdict in common."""
    groups: dict[tuple[int, int, bool], list[Address]] = {}
    for address, verdict in verdicts.items():
        until = 0 if verdict.until is None else int(verdict.until.timestamp())
        common = (until, verdict.investor_class, verdict.blocked)
        groups.setdefault(common, []).append(address)
    maker = office.orders.hands_of(Duty.RESTRICTOR, ()).people[0][0]
    for (until, investor_class, blocked), addresses in sorted(groups.items()):
        arguments = {
            "until": until,
            "investor_class": investor_class,
            "blocked": int(blocked),
        }
        job = Job(
            key=f"{key}/{'-'.join(map(str, arguments.values()))}",
            chain_id=office.deployment.chain_id,
            kind=JobKind.VERDICT,
            product=product,
            ref=None,
            arguments=arguments,
            maker=maker,
        )
        yield job, [JobRow(address=each) for each in addresses]


def _wallets(
    product: ProductId, accounts: Mapping[InvestorId, Address], at: datetime
) -> list[Wallet]:
    return [
        Wallet(product_id=product, address=address, investor_id=investor, valid_from=at)
        for investor, address in accounts.items()
    ]


def _new_key() -> str:
    return f"people-{uuid.uuid4().hex}"
