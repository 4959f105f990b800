"""Pages of investors (投資家の頁): who they are to the firm that asks, by id, nobody's name among it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from genbo.kernel import InvestorId, Reason, Refusal
from genbo.kernel.record import record
from genbo.storage import bulk
from genbo.storage.customers import Customers
from genbo.storage.investor_record import Investor
from genbo.storage.investors import OPEN_COLUMNS, open_investor
from genbo.storage.tables import investor
from genbo.storage.verdicts import Verdict, Verdicts


@record(frozen=True, slots=True, kw_only=True)
class JudgedInvestor:
    """An investor and the verdict that counts."""

    investor: Investor
    verdict: Verdict | None
    changed_at: datetime
    """When anything of the investor was last changed."""


class InvestorPages:
    """Pages of the investors, in one transaction that looks as an institution."""

    def __init__(self, connection: Connection, customers: Customers | None = None) -> None:
        """
        Args:
            customers: who is listed; None: everybody that the transaction sees.
        """
        self._connection = connection
        self._customers = customers

    def investors(self, *, after: InvestorId | None = None, most: int) -> list[JudgedInvestor]:
        """Investors by id, `most` at most, those after `after`."""
        query = select(*OPEN_COLUMNS).order_by(investor.c.investor_id).limit(most)
        if after is not None:
            query = query.where(investor.c.investor_id > after)
        if self._customers is not None and self._customers.table is investor:
            query = query.where(self._customers.ours)
        elif self._customers is not None:
            query = query.where(
                investor.c.investor_id.in_(
                    select(self._customers.investor_id).where(self._customers.ours)
                )
            )
        return self._judged([open_investor(row) for row in self._connection.execute(query)])

    def investor(self, asked: InvestorId) -> JudgedInvestor:
        """One investor.

        Raises:
            Refusal: `investor_unknown`.
        """
        rows = self._connection.execute(
            select(*OPEN_COLUMNS).where(bulk.among(investor.c.investor_id, [asked]))
        )
        for each in self._judged([open_investor(row) for row in rows]):
            return each
        raise Refusal(Reason.INVESTOR_UNKNOWN, investor=asked)

    def among(self, asked: Collection[InvestorId]) -> set[InvestorId]:
        """Those of `asked` that are there to be seen."""
        found = self._connection.scalars(
            select(investor.c.investor_id).where(bulk.among(investor.c.investor_id, asked))
        )
        return {InvestorId(each) for each in found}

    def _judged(self, found: list[Investor]) -> list[JudgedInvestor]:
        verdicts = Verdicts(self._connection).last([each.investor_id for each in found])
        changed = self._connection.execute(
            select(investor.c.investor_id, investor.c.updated_at).where(
                bulk.among(investor.c.investor_id, [each.investor_id for each in found])
            )
        )
        changed_at = {row.investor_id: row.updated_at for row in changed}
        return [
            JudgedInvestor(
                investor=each,
                verdict=verdicts.get(each.investor_id),
                changed_at=changed_at[each.investor_id],
            )
            for each in found
        ]
