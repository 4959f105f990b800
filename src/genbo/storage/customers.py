"""Whose accounts a page is about: those of one firm's customers, found by index and in their order.

What a firm sees is for `storage.tables.visibility` to say; these conditions say it again, so that the database begins
with the customers of the firm and does not ask of every row of everybody whether it is one of them.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, FromClause, select

from genbo.governance.institutions import InstitutionId, InstitutionRole
from genbo.kernel import InvestorId
from genbo.storage.tables import introduction, investor


@dataclass(frozen=True, slots=True)
class Customers:
    """A table with one row per customer, keyed by `investor_id`, and which of its rows are the firm's."""

    table: FromClause
    ours: ColumnElement[bool]

    @property
    def investor_id(self) -> ColumnElement[str]:
        """Who the customer is."""
        return self.table.c.investor_id


FEW = 5_000
"""Customers of a firm that are named one by one in a question; with more of them a page finds its rows as it goes."""


def few_customers(connection: Connection, customers: Customers | None) -> list[InvestorId] | None:
    """The customers where there are few; None for everybody's, and for many.

    It only says where to look, and is asked before the transaction begins to look as the institution, as
    `trade_pages.few_accounts`.
    """
    if customers is None:
        return None
    found = connection.scalars(
        select(customers.investor_id).where(customers.ours).limit(FEW + 1)
    ).all()
    return None if len(found) > FEW else [InvestorId(each) for each in found]


def customers_of(institution: InstitutionId, role: InstitutionRole | None) -> Customers | None:
    """The customers of the firm; None for a role that sees by product, or nothing at all."""
    match role:
        case InstitutionRole.DIRECT_BROKER | InstitutionRole.DELEGATING_BROKER:
            return Customers(investor, investor.c.safekeeping_id == institution)
        case InstitutionRole.CUSTODIAN:
            return Customers(investor, investor.c.custodian_id == institution)
        case InstitutionRole.INTERMEDIARY:
            return Customers(introduction, introduction.c.institution_id == institution)
        case _:
            return None
