"""Payees (支払先の閲覧): what an institution sees of record dates and of what is distributed for them.

An issuer and a registrar see every holder of their products by its id; others what their own customers are owed, by
runs that were approved.
"""

from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.sight.looking import Looking, is_seen
from genbo.entitlements import CorporateAction, Entitlement, PayeeLine, Payment, Run, RunState
from genbo.governance.institutions import InstitutionRole, Subject
from genbo.kernel import InvestorId, ProductId, Reason, Refusal
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.customers import few_customers
from genbo.storage.distributions import Distributions
from genbo.storage.payments import Payments
from genbo.storage.record_dates import RecordDates

_BY_PRODUCT = (InstitutionRole.REGISTRAR, InstitutionRole.ISSUER)


class Payees:
    """Who is owed what, as far as one institution sees it."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def entitlements(
        self, product: ProductId, day: date, *, after: str | None, most: int
    ) -> list[Entitlement]:
        """Who held at a record date: those behind the holder `after`, so many at most. Raises Refusal(not_found) for a
        product that it does not see."""

        ours: list[InvestorId] | None = None

        def where(connection: Connection) -> None:
            nonlocal ours
            ours = few_customers(connection, self._looking.customers(connection))

        def ask(connection: Connection) -> list[Entitlement] | None:
            if not is_seen(connection, product):
                return None
            return RecordDates(connection).some_entitlements(
                product, day, holders=ours, after=after, most=most
            )

        return self._looking.answer(Subject.HOLDING, product, ask, may_be_empty=True, hint=where)

    def actions(self, product: ProductId) -> list[CorporateAction]:
        """What was decided about the units of a product, as it was drafted. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> list[CorporateAction] | None:
            if not is_seen(connection, product):
                return None
            return CorporateActions(connection).all(product=product)

        return self._looking.answer(Subject.HOLDING, product, ask, may_be_empty=True)

    def action(self, product: ProductId, action: str) -> CorporateAction:
        """One of them.

        Raises:
            Refusal: `not_found`; `action_unknown`.
        """
        for each in self.actions(product):
            if each.id == action:
                return each
        raise Refusal(Reason.ACTION_UNKNOWN, kind="decision", action=action)

    def runs(self, product: ProductId) -> list[Run]:
        """The runs of a product, as they were made. Raises Refusal(not_found)."""

        def ask(connection: Connection) -> list[Run] | None:
            return Distributions(connection).all(product) if is_seen(connection, product) else None

        return self._looking.answer(Subject.HOLDING, product, ask, may_be_empty=True)

    def run(self, product: ProductId, run: str) -> Run:
        """One of them.

        Raises:
            Refusal: `not_found`; `distribution_unknown`.
        """
        for each in self.runs(product):
            if each.id == run:
                return each
        raise Refusal(Reason.DISTRIBUTION_UNKNOWN, distribution=run)

    def lines(self, product: ProductId, run: str, *, after: int | None, most: int) -> list[Payment]:
        """The payee lines of a run, by number, and how far they are: those behind the line `after`, so many at most.

        Raises:
            Refusal: `not_found`; `distribution_unknown`, also for a draft that is not theirs to see.
        """

        ours: list[InvestorId] | None = None

        def where(connection: Connection) -> None:
            nonlocal ours
            self._require_open(connection, product, run)
            ours = few_customers(connection, self._looking.customers(connection))

        def ask(connection: Connection) -> list[Payment] | None:
            if not is_seen(connection, product):
                return None
            return Payments(connection).payments(run, holders=ours, after=after, most=most)

        return self._looking.answer(Subject.HOLDING, product, ask, may_be_empty=True, hint=where)

    def line_of(self, product: ProductId, run: str, holder: str) -> PayeeLine:
        """The line of one payee.

        Raises:
            Refusal: as `lines`; `payment_line_unknown`, also for a payee who is not theirs to see.
        """

        def where(connection: Connection) -> None:
            self._require_open(connection, product, run)

        def ask(connection: Connection) -> list[PayeeLine] | None:
            if not is_seen(connection, product):
                return None
            return Distributions(connection).lines(run, holders=[holder])

        found = self._looking.answer(Subject.HOLDING, product, ask, may_be_empty=True, hint=where)
        for each in found:
            return each
        raise Refusal(
            Reason.PAYMENT_LINE_UNKNOWN, line=None, distribution=run, problem="no such payee"
        )

    def unpaid(
        self, product: ProductId, *, after: tuple[str, int] | None, most: int
    ) -> list[tuple[str, Payment]]:
        """What is owed and not paid: run and line, by run and number: what stands behind `after`, so much at most.
        Raises Refusal(not_found)."""

        def ask(connection: Connection) -> list[tuple[str, Payment]] | None:
            if not is_seen(connection, product):
                return None
            return Payments(connection).unpaid(product, after=after, most=most)

        return self._looking.answer(Subject.HOLDING, product, ask, may_be_empty=True)

    def _require_open(self, connection: Connection, product: ProductId, run: str) -> None:
        """Nothing for a run whose lines may be looked for. Raises Refusal(distribution_unknown)."""
        found = Distributions(connection).get(run)
        role = self._looking.role_in(connection)
        open_to_us = role in _BY_PRODUCT or found.state is RunState.APPROVED
        if found.product != product or not open_to_us:
            raise Refusal(Reason.DISTRIBUTION_UNKNOWN, distribution=run)
