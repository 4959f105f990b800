"""Sources of notices (通知の元): what the ledger said for good, and what the audit chain says that was done.

Both are append only and in an order that stays: blocks up to the final one, and the numbers of the audit chain. Whoever
tells needs no more than a place in each.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from genbo.governance.audit_action import AuditAction
from genbo.governance.institutions import CustomerParties, InstitutionId, ProductParties
from genbo.kernel import Address, Fact, InvestorId, ProductId
from genbo.storage import bulk, tables

MACHINE = "machine:"
"""What the name of a maker begins with that is a credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An audit entry, as far as notices say it."""

    number: int
    at: datetime
    action: AuditAction
    subject: str
    product: ProductId | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """The chain was reorganised."""

    to_block: int
    """The last block that stood through all of it."""
    from_block: int
    """The last block that had been read."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCommand:
    """A command, as far as notices say it."""

    what: str
    maker: str
    product: ProductId | None
    ref: str | None
    state: str
    reason: str | None
    facts: Mapping[str, Fact]
    tx: str | None
    block: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutOrder:
    """An order, as far as notices say it."""

    source: InvestorId
    target: InvestorId
    units: int
    delivery_date: str
    accepted_by: str
    state: str
    reason: str | None
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutJob:
    """A bulk act, as far as notices say it."""

    kind: str
    maker: str
    product: ProductId
    ref: str | None
    rows: int


class NoticeSources:
    """What is told, in one transaction."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    def block_after(self, first: int, final: int, *, most: int) -> int:
        """The block up to which to read from `first` on, so that there are about `most` logs; whole blocks, one at
        least, none beyond `final`."""
        table = tables.event_raw
        beyond = self._connection.scalar(
            select(table.c.block_number)
            .where(
                table.c.chain_id == self._chain_id,
                ~table.c.orphaned,
                table.c.block_number.between(first, final),
            )
            .order_by(table.c.block_number, table.c.log_index)
            .offset(most)
            .limit(1)
        )
        return final if beyond is None else max(first, int(beyond) - 1)

    def done(
        self, after: int, actions: Collection[AuditAction], *, most: int
    ) -> tuple[int, list[Done]]:
        """The entries of some actions among the next `most` of the audit chain, and the number of the last of those."""
        table = tables.audit
        last = self._connection.scalar(select(func.max(table.c.number)))
        upto = min(int(last or 0), after + most)
        if upto <= after:
            return after, []
        rows = self._connection.execute(
            select(
                *(table.c[name] for name in ("number", "at", "action", "subject")),
                table.c.product_id,
                table.c.facts,
            )
            .where(
                table.c.number > after,
                table.c.number <= upto,
                bulk.among(table.c.action, [each.value for each in actions]),
            )
            .order_by(table.c.number)
        )
        named = {each.value: each for each in actions}
        return upto, [
            Done(
                number=row.number,
                at=row.at,
                action=named[row.action],
                subject=row.subject or "",
                product=row.product_id and ProductId(row.product_id),
                facts=row.facts,
            )
            for row in rows
        ]

    def taken_back(self, after: int) -> tuple[int, TakenBack | None]:
        """The number of the last audit entry there is, and what the chain took back since the entry `after`."""
        table = tables.audit
        last = int(self._connection.scalar(select(func.max(table.c.number))) or 0)
        rows = self._connection.execute(
            select(table.c.at, table.c.facts).where(
                table.c.number > after,
                table.c.number <= last,
                table.c.action == AuditAction.REGISTER_ROLLED_BACK.value,
            )
        ).all()
        if not rows:
            return last, None
        return last, TakenBack(
            to_block=min(int(row.facts["to_block"]) for row in rows),
            from_block=max(int(row.facts["from_block"]) for row in rows),
            at=max(row.at for row in rows),
        )

    # Whose things are ----------------------------------------------------------------------------

    def holders(
        self, product: ProductParties, addresses: Collection[Address]
    ) -> dict[Address, CustomerParties]:
        """Whose customers speak by these addresses of a product."""
        wallet = tables.wallet
        rows = self._connection.execute(
            _customers(wallet.c.address)
            .join(wallet, wallet.c.investor_id == tables.investor.c.investor_id)
            .where(wallet.c.product_id == product.product, bulk.among(wallet.c.address, addresses))
        )
        return {Address(row.address): _customer(row, product) for row in rows}

    def customers(self, investors: Collection[str]) -> dict[str, CustomerParties]:
        """Whose customers these are; no word of the registers they stand on."""
        rows = self._connection.execute(
            _customers().where(bulk.among(tables.investor.c.investor_id, investors))
        )
        return {row.investor_id: _customer(row) for row in rows}

    def institutions_of(self, makers: Collection[str]) -> dict[str, InstitutionId]:
        """Whose machine or user ordered something, by the name in the records."""
        credential, user = tables.credential, tables.app_user
        ids = [each.removeprefix(MACHINE) for each in makers if each.startswith(MACHINE)]
        found: dict[str, InstitutionId] = {}
        if ids:
            rows = self._connection.execute(
                select(credential.c.credential_id, credential.c.institution_id).where(
                    bulk.among(credential.c.credential_id, ids)
                )
            )
            found |= {f"{MACHINE}{id}": InstitutionId(whose) for id, whose in rows}
        people = [each for each in makers if not each.startswith(MACHINE)]
        if people:
            users = self._connection.execute(
                select(user.c.user_id, user.c.institution_id).where(
                    bulk.among(user.c.user_id, people)
                )
            )
            found |= {id: InstitutionId(whose) for id, whose in users}
        return found

    # What it is about ----------------------------------------------------------------------------

    def commands(self, ids: Collection[str]) -> dict[str, AboutCommand]:
        """Commands as they stand, by id."""
        table = tables.command
        names = ("command_id", "what", "maker", "product_id", "ref", "state", "reason", "facts")
        rows = self._connection.execute(
            select(*(table.c[name] for name in names), table.c.tx, table.c.block).where(
                bulk.among(table.c.command_id, ids)
            )
        )
        return {
            row.command_id: AboutCommand(
                what=row.what,
                maker=row.maker,
                product=row.product_id and ProductId(row.product_id),
                ref=row.ref,
                state=row.state,
                reason=row.reason,
                facts=row.facts,
                tx=row.tx,
                block=row.block,
            )
            for row in rows
        }

    def orders(
        self, trades: Collection[tuple[ProductId, str]]
    ) -> dict[tuple[ProductId, str], AboutOrder]:
        """Orders as they stand, by product and trade."""
        table = tables.transfer_order
        rows = self._connection.execute(
            select(table).where(
                bulk.among(table.c.product_id, {product for product, _ in trades}),
                bulk.among(table.c.trade_id, {trade for _, trade in trades}),
            )
        )
        return {
            (ProductId(row.product_id), row.trade_id): AboutOrder(
                source=InvestorId(row.from_investor_id),
                target=InvestorId(row.to_investor_id),
                units=int(row.quantity),
                delivery_date=row.delivery_date.isoformat(),
                accepted_by=row.accepted_by,
                state=row.state,
                reason=row.reason,
                facts=row.facts,
            )
            for row in rows
        }

    def jobs(self, ids: Collection[str]) -> dict[str, AboutJob]:
        """Bulk acts, by id."""
        table = tables.job
        rows = self._connection.execute(select(table).where(bulk.among(table.c.job_id, ids)))
        return {
            row.job_id: AboutJob(
                kind=row.kind,
                maker=row.maker,
                product=ProductId(row.product_id),
                ref=row.ref,
                rows=row.row_count,
            )
            for row in rows
        }


def _customers(*more: Any) -> Select[Any]:
    investor, introduction = tables.investor, tables.introduction
    return (
        select(
            investor.c.investor_id,
            investor.c.safekeeping_id,
            investor.c.custodian_id,
            introduction.c.institution_id,
            introduction.c.consents_to_sight,
            *more,
        )
        .select_from(investor)
        .outerjoin(introduction, introduction.c.investor_id == investor.c.investor_id)
    )


def _customer(row: Any, *registers: ProductParties) -> CustomerParties:
    return CustomerParties(
        investor=InvestorId(row.investor_id),
        broker=row.safekeeping_id and InstitutionId(row.safekeeping_id),
        custodian=row.custodian_id and InstitutionId(row.custodian_id),
        intermediary=row.institution_id and InstitutionId(row.institution_id),
        registers=registers,
        consents_to_intermediary=bool(row.consents_to_sight),
    )
