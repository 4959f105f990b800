"""Movements (移転) as far as one institution sees them, page by page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.sight.holdings import Read
from genbo.bootstrap.sight.looking import Looking, is_seen
from genbo.bootstrap.sight.moment import moment
from genbo.governance.institutions import InstitutionRole, Subject
from genbo.kernel import Address, ProductId, Reference
from genbo.storage.trade_pages import Movement, TradePages, few_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of time; None where it has no end on that side."""

    since: datetime | None = None
    """The first instant that belongs to it."""
    until: datetime | None = None
    """The first instant that no longer does."""


class Movements:
    """What one institution sees of what moved."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def trades(
        self,
        product: ProductId,
        stretch: Stretch,
        *,
        ref: Reference | None = None,
        after: tuple[int, int] | None = None,
        most: int,
    ) -> Read[list[Movement]]:
        """Movements of a product that the institution has a side in, in ledger order; a registrar and an issuer see
        all. After the last page stands what was read last, so whoever asks again with its key misses nothing.

        Raises:
            Refusal: `not_found` for a product, or where no movement has the reference.
        """

        few: list[Address] | None = None

        def hint(connection: Connection) -> None:
            nonlocal few
            few = few_accounts(connection, product, self._looking.customers(connection))

        def ask(connection: Connection) -> Read[list[Movement]] | None:
            if not is_seen(connection, product):
                return None
            now = moment(connection, self._looking.chain_id, stretch.until, now=self._looking.at)
            pages = TradePages(connection, self._looking.chain_id, few)
            intermediary = self._looking.role_in(connection) is InstitutionRole.INTERMEDIARY
            found = (pages.of_clients if intermediary else pages.trades)(
                product,
                since=stretch.since,
                until=stretch.until,
                upto=now.upto,
                after=after,
                most=most,
                ref=ref,
            )
            return None if ref is not None and not found else Read(moment=now, found=found)

        return self._looking.answer(Subject.TRADE, ref or product, ask, hint=hint)
