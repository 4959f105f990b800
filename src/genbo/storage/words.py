"""Words (確認結果の記帳): what the ledger says of addresses, beside what the registry knows of their investors."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select, tuple_

from genbo.compliance.word import Known, Word
from genbo.governance import JobKind
from genbo.governance.job import JobState
from genbo.kernel import Address, InvestorId, ProductId
from genbo.storage import bulk
from genbo.storage.tables import investor, job, job_row, position, product, wallet
from genbo.storage.verdicts import Verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An address that speaks for an investor, and what the ledger said of it when it was last read."""

    product: ProductId
    address: Address
    investor: InvestorId
    word: Word


class Words:
    """The words of one chain, in one transaction. Reads only."""

    def __init__(self, connection: Connection, chain_id: int) -> None:
        self._connection = connection
        self._chain_id = chain_id

    def known(self, investors: Collection[InvestorId]) -> dict[InvestorId, Known]:
        """What the registry knows of each."""
        verdicts = Verdicts(self._connection).last(investors)
        rows = self._connection.execute(
            select(
                investor.c.investor_id,
                investor.c.status,
                investor.c.aml_class,
                investor.c.investor_class,
            ).where(bulk.among(investor.c.investor_id, investors))
        )
        found = {}
        for row in rows:
            verdict = verdicts.get(InvestorId(row.investor_id))
            found[InvestorId(row.investor_id)] = Known(
                until=None if verdict is None else verdict.until,
                investor_class=row.investor_class if verdict is None else verdict.investor_class,
                blocked=verdict is not None and verdict.blocked,
                status=row.status,
                aml_class=row.aml_class,
            )
        return found

    def of_investors(self, investors: Collection[InvestorId]) -> list[Spoken]:
        """The active addresses of `investors` in every product of the chain."""
        return self._spoken(
            _standing(self._chain_id).where(bulk.among(wallet.c.investor_id, investors))
        )

    def page(self, after: tuple[ProductId, Address] | None, *, most: int) -> list[Spoken]:
        """Active addresses by product and address, from the one after `after` on."""
        query = _standing(self._chain_id)
        if after is not None:
            query = query.where(tuple_(wallet.c.product_id, wallet.c.address) > tuple_(*after))
        return self._spoken(query.limit(most))

    def owners(
        self, product_id: ProductId, addresses: Collection[Address]
    ) -> dict[Address, InvestorId]:
        """Whose the addresses are in the product, replaced ones too."""
        rows = self._connection.execute(
            select(wallet.c.address, wallet.c.investor_id).where(
                wallet.c.product_id == product_id, bulk.among(wallet.c.address, addresses)
            )
        )
        return {Address(row.address): InvestorId(row.investor_id) for row in rows}

    def ordered(self, product_id: ProductId, addresses: Collection[Address]) -> set[Address]:
        """Those of `addresses` about which an order is under way."""
        found = self._connection.scalars(
            select(job_row.c.address)
            .join_from(job, job_row, job_row.c.job_id == job.c.job_id)
            .where(
                job.c.chain_id == self._chain_id,
                job.c.state == JobState.RUNNING.value,
                job.c.kind == JobKind.VERDICT.value,
                job.c.product_id == product_id,
                bulk.among(job_row.c.address, addresses),
            )
        )
        return {Address(each) for each in found}

    def _spoken(self, query: Select[Any]) -> list[Spoken]:
        return [_told(row) for row in self._connection.execute(query)]


def _standing(chain_id: int) -> Select[Any]:
    return (
        select(
            wallet.c.product_id,
            wallet.c.address,
            wallet.c.investor_id,
            position.c.verified_until,
            position.c.blocked,
        )
        .join_from(wallet, product, product.c.product_id == wallet.c.product_id)
        .join(
            position,
            and_(
                position.c.product_id == wallet.c.product_id,
                position.c.address == wallet.c.address,
                position.c.until_block.is_(None),
            ),
            isouter=True,
        )
        .where(
            wallet.c.valid_until.is_(None),
            product.c.chain_id == chain_id,
            position.c.retired.is_not(True),
        )
        .order_by(wallet.c.product_id, wallet.c.address)
    )


def _told(row: Row[Any]) -> Spoken:
    return Spoken(
        product=ProductId(row.product_id),
        address=Address(row.address),
        investor=InvestorId(row.investor_id),
        word=Word(row.verified_until, bool(row.blocked)),
    )
