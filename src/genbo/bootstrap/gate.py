"""Gate (関門): asked of every command just before it is sent, whoever ordered it and however long ago.

It reads the exact bytes that would go out, finds whom they would let give or receive, and refuses when screening stands
against one of them (R-JSTOA-6.3.2), or the registry has closed one whom the ledger has not been told of yet. A batch
that is refused is cut in half like any other, so one hit stops one row. A verdict that would open what the registry has
closed meanwhile is stopped too, so that a revocation is not overtaken. A batch of payments in a yen token is refused
when one of its payees was blocked, erased or re-keyed since it was ordered: its lines can be paid again.

Where no list is in force nobody can be said to be clear. Then everything waits (R-JSTOA-FIG5.6), but for a development
chain, where screening begins with the first list that is loaded; `GENBO_SCREENING` says otherwise.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from genbo.chain.deployments import Deployment
from genbo.chain.networks import is_development
from genbo.chain.parties import Parties, parties_of
from genbo.compliance.screening import Screening, screening_refusal
from genbo.compliance.word import against
from genbo.entitlements import Hold
from genbo.governance import Command, CommandId
from genbo.kernel import Address, Fault, InvestorId, ProductId, Reason, Refusal
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.payments import Payments
from genbo.storage.products import Products
from genbo.storage.sanctions import SanctionsLists
from genbo.storage.screenings import Screenings, screenings_of
from genbo.storage.token_payments import StoredBatch, TokenPayments
from genbo.storage.verdicts import Verdicts
from genbo.storage.wallets import Wallets
from genbo.storage.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What screening says of investors, in one transaction."""

    connection: Connection
    required: bool | None
    """Whether somebody must have been screened; None: as soon as a list is in force."""

    def in_force(self) -> bool:
        """Whether nobody opens without a screening."""
        if self.required is None:
            return bool(SanctionsLists(self.connection).in_force())
        return self.required

    def refusals(self, investors: Collection[InvestorId]) -> dict[InvestorId, Refusal]:
        """Why each of `investors` may neither give nor receive; those against whom nothing stands are left out."""
        if self.required is False or not investors:
            return {}
        lists = [version for _, version in SanctionsLists(self.connection).in_force().values()]
        if not lists and self.required is None:
            return {}
        thresholds = SanctionsLists(self.connection).thresholds()
        screenings = Screenings(self.connection)
        versions = screenings.subject_versions(investors)
        last: dict[InvestorId, list[Screening]] = {}
        for each in screenings_of(screenings.last(investors)):
            last.setdefault(each.investor, []).append(each)
        releases = screenings.releases([each for each in investors if each in last])
        found = {}
        for investor in investors:
            refusal = screening_refusal(
                investor,
                subject_version=versions.get(investor, 0),
                lists=lists,
                thresholds=thresholds,
                screenings=last.get(investor, ()),
                releases=releases,
            )
            if refusal is not None:
                found[investor] = refusal
        return found


class Gate:
    """The gate of one deployment."""

    def __init__(
        self, database: Database, deployment: Deployment, *, required: bool | None
    ) -> None:
        self._database = database
        self._chain_id = deployment.chain_id
        self._settlement = deployment.settlement
        self._disbursement = deployment.disbursement
        self._products: dict[Address, ProductId] = {
            token.address: product for product, token in deployment.tokens.items()
        }
        self.required = required
        """Whether somebody must have been screened; None: as soon as a list is in force."""

    def screened(self, connection: Connection) -> Screened:
        """What screening says, in this transaction."""
        return Screened(connection=connection, required=self.required)

    def refusal(self, command: Command) -> Refusal | None:
        """As `refusals`, of one command."""
        return self.refusals([command]).get(command.id)

    def refusals(self, commands: Sequence[Command]) -> dict[CommandId, Refusal]:
        """Why commands must not be sent now; those against which nothing stands are left out.

        Raises:
            Fault: `database_unreachable`: then they wait.
        """
        moved = [
            (command, parties)
            for command in commands
            if (parties := self._parties(command)) is not None
        ]
        others = {it.id for it in commands} - {it.id for it, _ in moved}
        found = self._misdirected(
            others
            # The payment contract may have come after this process began.
            if self._disbursement is None
            else {it.id for it in commands if it.to == self._disbursement}
        )
        if not moved:
            return found
        with self._database.read() as connection:
            if any(parties.token not in self._products for _, parties in moved):
                # A product that another process created after this one began.
                self._products |= Products(connection).tokens(self._chain_id)
            asked = [
                (command, self._products[parties.token], parties)
                for command, parties in moved
                if parties.token in self._products
            ]
            owners = self._owners(connection, asked)
            moving = {
                command.id: {
                    # An address that is nobody's is an investor whom nobody screened.
                    owners[product].get(each, InvestorId(each))
                    for each in parties.movers
                }
                for command, product, parties in asked
                if parties.movers
            }
            stands = self.against_each(
                connection, {each for movers in moving.values() for each in movers}
            )
            found |= {
                command: refusal
                for command, movers in moving.items()
                if (refusal := _first({it: why for it, why in stands.items() if it in movers}))
            }
            for command, product, parties in asked:
                if not parties.movers:
                    overtaken = self._overtaken(connection, product, parties.opened, parties.until)
                    if overtaken is not None:
                        found[command.id] = overtaken
        return found

    def _misdirected(self, paying: Collection[CommandId]) -> dict[CommandId, Refusal]:
        """Why batches of payments in a yen token must not go out: a payee is barred by now, or has another address."""
        if not paying:
            return {}
        with self._database.read() as connection:
            return {
                each.command: refusal
                for each in TokenPayments(connection).open()
                if each.command in paying
                if (refusal := _unpayable(connection, each)) is not None
            }

    def _parties(self, command: Command) -> Parties | None:
        if command.to is None:
            return None
        return parties_of(command.to, command.data, by=command.account, settlement=self._settlement)

    def _owners(
        self, connection: Connection, asked: Sequence[tuple[Command, ProductId, Parties]]
    ) -> dict[ProductId, dict[Address, InvestorId]]:
        """Whose the addresses of those who move something are, by product."""
        moving: dict[ProductId, set[Address]] = {}
        for _, product, parties in asked:
            moving.setdefault(product, set()).update(parties.movers)
        words = Words(connection, self._chain_id)
        return {product: words.owners(product, sorted(each)) for product, each in moving.items()}

    def against(self, connection: Connection, investors: Collection[InvestorId]) -> Refusal | None:
        """Why one of `investors` may neither give nor receive; None when nothing stands against any of them."""
        return _first(self.against_each(connection, investors))

    def against_each(
        self, connection: Connection, investors: Collection[InvestorId]
    ) -> dict[InvestorId, Refusal]:
        """Why each of `investors` may neither give nor receive; those against whom nothing stands are left out.

        The order to close somebody on the ledger may still wait for its turn or its signers; it counts from the moment
        in which it was given. Who was never verified has nothing open, and the ledger says so in its own words.
        """
        ours = sorted(investors)
        if not ours:
            return {}
        verified = sorted(Verdicts(connection).last(ours))
        screened = self.screened(connection).refusals(ours)
        closed = self._closed(connection, verified)
        return screened | {each: why for each, why in closed.items() if each not in screened}

    def _overtaken(
        self, connection: Connection, product: ProductId, opened: Collection[Address], until: int
    ) -> Refusal | None:
        """Closing is never stopped, and neither is what the registry knows nothing of."""
        if until == 0:
            return None
        words = Words(connection, self._chain_id)
        owners = words.owners(product, opened)
        investors = sorted(set(owners.values()))
        closed = next(iter(self._closed(connection, investors).values()), None)
        return closed or _first(self.screened(connection).refusals(investors))

    def _closed(
        self, connection: Connection, investors: Collection[InvestorId]
    ) -> dict[InvestorId, Refusal]:
        """Those that the registry itself does not let hold."""
        return {
            investor: Refusal(Reason.VERDICT_OVERTAKEN, investor=investor, state=state)
            for investor, known in Words(connection, self._chain_id).known(investors).items()
            if (state := against(known)) is not None
        }


def required_on(chain_id: int, setting: str | None) -> bool | None:
    """Whether somebody must have been screened on this chain, as the setting GENBO_SCREENING says.

    Raises:
        Fault: `setting_invalid` when it is switched off on a chain that is not for development.
    """
    if setting == "off":
        if not is_development(chain_id):
            raise Fault(
                Reason.SETTING_INVALID,
                setting="GENBO_SCREENING",
                problem=f"is off, and chain {chain_id} is not one for development",
                allowed="required, or nothing",
            )
        return False
    if setting == "required" or not is_development(chain_id):
        return True
    return None


def _unpayable(connection: Connection, batch: StoredBatch) -> Refusal | None:
    """Why one of the batch's payees is not paid now at the address that was signed."""
    run = Distributions(connection).get(batch.run)
    signed = TokenPayments(connection).in_batch(run.id, batch.number)
    payments = Payments(connection)
    holders = {
        each.line.number: InvestorId(each.line.holder)
        for each in payments.payments(run.id, numbers=signed)
    }
    barred = payments.barred(run.product, list(holders.values()))
    speaking = Wallets(connection).speaking(run.product, list(holders.values()))
    for number, holder in holders.items():
        hold = barred.get(holder)
        if hold is None and speaking.get(holder) == signed[number]:
            continue
        return Refusal(
            Reason.PAYMENT_LINE_STATE,
            number=number,
            distribution=run.id,
            state=f"sent: {hold or Hold.WALLET}",
        )
    return None


def _first(refusals: Mapping[InvestorId, Refusal]) -> Refusal | None:
    """A hit before anything else."""
    hit = (each for each in refusals.values() if each.reason is Reason.SCREENING_HIT)
    return next(hit, None) or next(iter(refusals.values()), None)
