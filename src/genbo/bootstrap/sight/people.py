"""People (投資家) as far as one institution sees them: who they are to it, without a name, and their addresses."""

from sqlalchemy import Connection

from genbo.bootstrap.sight.looking import Looking
from genbo.governance.institutions import Subject
from genbo.kernel import InvestorId, ProductId
from genbo.storage.investor_pages import InvestorPages, JudgedInvestor
from genbo.storage.wallets import Wallet, Wallets


class People:
    """What one institution sees of investors."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def investors(self, *, after: InvestorId | None = None, most: int) -> list[JudgedInvestor]:
        """Its customers, and for a registrar the holders of its products, by id; nobody's name."""
        with self._looking.viewing() as connection:
            pages = InvestorPages(connection, self._looking.customers(connection))
            return pages.investors(after=after, most=most)

    def investor(self, investor: InvestorId) -> JudgedInvestor:
        """An investor and the verdict that counts. Raises Refusal(not_found)."""
        return self._looking.answer(
            Subject.PERSON, investor, lambda it: InvestorPages(it).investor(investor)
        )

    def wallets(self, investor: InvestorId, *, product: ProductId | None = None) -> list[Wallet]:
        """The addresses of an investor, in every product or in one, first to last. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> list[Wallet] | None:
            InvestorPages(connection).investor(investor)  # a customer may have no address yet
            return Wallets(connection).of(investor, product=product)

        return self._looking.answer(Subject.PERSON, investor, ask, may_be_empty=True)
