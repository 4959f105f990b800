"""People: investors come into the registry, get accounts in a product, and their verdicts go to the ledger.

The ledger hears until when somebody is verified and as what; who it is and why stays in the registry.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from genbo.bootstrap.office import BATCH, Office, batches
from genbo.chain.desk import Done
from genbo.governance import Duty
from genbo.kernel import Address, InvestorId, ProductId
from genbo.storage.investors import Investors, NewInvestor
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.storage.wallets import Wallet, Wallets


def register_investors(
    office: Office, new: Sequence[NewInvestor], verdicts: Sequence[Verdict], *, by: str
) -> None:
    """Takes investors and their verdicts into the registry, all or none. The ledger hears nothing of it.

    Raises:
        Refusal: as `Investors.register`.
    """
    at = office.now().at
    with office.house.database.begin() as connection:
        Investors(connection, office.house.vault).register(new, at=at, by=by)
        Verdicts(connection).record(verdicts, at=at, by=by)


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
    """Writes the latest verdict of each investor into the token, batch by batch: how many, and the act."""
    with office.house.database.read() as connection:
        accounts = Wallets(connection).active(product)
        verdicts = Verdicts(connection).latest(investors, at=office.now().at)
    yield from _write(
        office, product, {accounts[investor]: verdict for investor, verdict in verdicts.items()}
    )


def admit_investors(
    office: Office,
    product: ProductId,
    new: Sequence[NewInvestor],
    verdicts: Sequence[Verdict],
    accounts: Mapping[InvestorId, Address],
    *,
    by: str,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Done]:
    """Registers investors, opens an account in the product for each and writes their verdicts into its token:
    all of it, or nothing in the registry.

    Args:
        progress: told how many more verdicts stand on the ledger.

    Raises:
        Refusal: `product_unknown` before anything is done; as the other functions here.
    """
    office.token(product)
    at = office.now().at
    acts = []
    with office.house.database.begin() as connection:
        Investors(connection, office.house.vault).register(new, at=at, by=by)
        Verdicts(connection).record(verdicts, at=at, by=by)
        Wallets(connection).assign(_wallets(product, accounts, at), at=at, by=by)
        on_ledger = {accounts[verdict.investor_id]: verdict for verdict in verdicts}
        for count, done in _write(office, product, on_ledger):
            acts.append(done)
            progress(count)
    return acts


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


def _write(
    office: Office, product: ProductId, verdicts: Mapping[Address, Verdict]
) -> Iterator[tuple[int, Done]]:
    """One call per verdict in common and batch."""
    groups: dict[tuple[datetime, int, bool], list[Address]] = {}
    for address, verdict in verdicts.items():
        key = (verdict.expires_at, verdict.investor_class, verdict.blocked)
        groups.setdefault(key, []).append(address)
    token = office.token(product)
    for (until, investor_class, blocked), addresses in sorted(groups.items()):
        for chunk in batches(addresses, BATCH):
            call = token.batch_set_verdict(
                chunk, until=until, investor_class=investor_class, blocked=blocked
            )
            yield len(chunk), office.act(call, Duty.RESTRICTOR, product=product)


def _wallets(
    product: ProductId, accounts: Mapping[InvestorId, Address], at: datetime
) -> list[Wallet]:
    return [
        Wallet(product_id=product, address=address, investor_id=investor, valid_from=at)
        for investor, address in accounts.items()
    ]
