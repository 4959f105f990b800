"""Office: the registrar's work. An act is stored as a command, goes to the ledger, comes back as events into the
register, and what became of it stays with the command, refused acts included.

The office decides nothing: what must not be, the contracts refuse, and for acts of two persons the signatures that are
missing. An act that was interrupted goes on from where it stood; ordered again under the same key, it is the same act.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection

from genbo.bootstrap.approvals import Approvals
from genbo.bootstrap.bulk import Bulk
from genbo.bootstrap.courier import Courier
from genbo.bootstrap.gate import Gate, required_on
from genbo.bootstrap.house import House
from genbo.bootstrap.indexer import Indexer
from genbo.bootstrap.meter import Meter, MeteredSender
from genbo.bootstrap.orders import Order, Orders
from genbo.bootstrap.patience import SECONDS, patiently
from genbo.bootstrap.signed_outside import SignedOutside
from genbo.chain.call import Call
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deployments import Deployment
from genbo.chain.desk import Done, Keys
from genbo.chain.development import cast
from genbo.chain.keyring import HeldKeys
from genbo.chain.keys import Signer
from genbo.chain.keystore import carrier_of, relay_of
from genbo.chain.networks import is_development
from genbo.chain.sender import Sender, Sent
from genbo.governance import CommandId, Duty, Job, JobId, JobKind, JobRow, Stored
from genbo.governance.job import Progress
from genbo.kernel import (
    Address,
    BlockStamp,
    Fault,
    InvestorId,
    ProductId,
    Reason,
    Reference,
    Units,
)
from genbo.storage.commands import Commands
from genbo.storage.jobs import Jobs
from genbo.storage.rehearsal import apart

Effects = Callable[[Connection], None]
"""What else happens in the transaction that stores a command: both are kept, or neither."""


def _nothing(_: Connection) -> None:
    """A command without further effects."""


class Office:
    """The acts of one deployment, by the people whose keys this process can reach."""

    def __init__(self, house: House, deployment: Deployment, meter: Meter | None = None) -> None:
        self.house = house
        self.meter = meter or Meter()
        self._keys = house.keys if house.keys is not None else _development_keys(house)
        self.ring = HeldKeys(signer for _, signer in self._keys.values())
        self._sender = MeteredSender(house.node, self.meter)
        self.relay = relay_of(self._keys)
        """Who sends what holders have authorised; None when no key is here that may."""
        self._required = required_on(house.node.chain_id, house.screening)
        self.courier = Courier(
            house,
            deployment,
            self.ring,
            carrier=carrier_of(self._keys),
            gate=lambda commands: self.gate.refusals(
                commands
            ),  # of the deployment as it is by then
        )
        self.take_over(deployment)

    def take_over(self, deployment: Deployment) -> None:
        """Works with this deployment from now on: the same one, with more products."""
        self.deployment = deployment
        self.gate = Gate(self.house.database, deployment, required=self._required)
        self.orders = Orders(self.house, deployment, self._keys)
        self.bulk = Bulk(self.house, deployment, self.orders, self.courier, self.ring)
        self.approvals = Approvals(self.house, deployment, self.orders, self._keys)
        self.signed_outside = SignedOutside(
            self.house, deployment, self.approvals, self._keys, self.gate
        )
        self._indexer = Indexer(self.house.node, self.house.database, deployment)

    def close(self) -> None:
        """Gives up the signers that this process sends for."""
        self.courier.close()

    # Acts ----------------------------------------------------------------------------------------

    def act(
        self,
        call: Call,
        duty: Duty,
        *,
        product: ProductId | None = None,
        ref: Reference | None = None,
        by: Sequence[str] = (),
        key: str | None = None,
        effects: Effects = _nothing,
    ) -> Done:
        """Makes the call under its duty, and reads its events.

        Args:
            by: names of the people who act; by default the first who can.
            key: idempotency key: the same act under the same key is done once, however often it is ordered.
            effects: what is written in the transaction that stores the command; once, with it.

        Raises:
            Refusal: the contract's own reason, or `approvals_too_few`, which are recorded as well;
                `command_key_reused`.
            Fault: `command_waiting` when the outcome is not known in time; `key_missing`.
        """
        order = self.orders.under_duty(
            call, duty, key=key or _new_key(), by=by, product=product, ref=ref
        )
        return self._carry_out(order, effects)

    def outcome_of(self, command: CommandId) -> Done:
        """What an act came to that was ordered before, whoever ordered it. Raises as `act`."""
        done = self._done(self.courier.deliver(command))
        self.read()
        return done

    def act_as_holder(
        self,
        call: Call,
        *,
        investor: InvestorId,
        signer: Signer,
        product: ProductId,
        ref: Reference | None = None,
        key: str | None = None,
    ) -> Done:
        """Makes a holder's own call. Raises as `act`."""
        self.ring.add(signer)
        order = self.orders.of_holder(
            call, name=investor, signer=signer, key=key or _new_key(), product=product, ref=ref
        )
        return self._carry_out(order, _nothing)

    def distribute(
        self,
        product: ProductId,
        allotment: Sequence[tuple[Address, Units]],
        *,
        ref: Reference,
        key: str | None = None,
    ) -> Iterator[tuple[int, Done]]:
        """Distributes to the allotted investors, batch by batch: how many, and the act. Raises as `carry_out_job`."""
        job = Job(
            key=key or _new_key(),
            chain_id=self.deployment.chain_id,
            kind=JobKind.DISTRIBUTE,
            product=product,
            ref=ref,
            arguments={},
            maker=self.orders.hands_of(Duty.DISTRIBUTOR, ()).people[0][0],
        )
        rows = [JobRow(address=address, units=units) for address, units in allotment]
        yield from self.carry_out_job(job, rows)

    def carry_out_job(self, job: Job, rows: Sequence[JobRow]) -> Iterator[tuple[int, Done]]:
        """Works on a bulk act until it has ended: rows of each batch that stands, and its act.

        Raises:
            Refusal: the reason of the first row that cannot succeed, once all others are done.
            Fault: as `Bulk.run`.
        """
        yield from self.carry_out(self.bulk.order(job, list(rows)))

    def carry_out(self, job_id: JobId) -> Iterator[tuple[int, Done]]:
        """As `carry_out_job`, for a bulk act that is stored."""
        told: set[tuple[int, int]] = set()
        while True:
            now = self.bulk.step(job_id)
            yield from self._landed(job_id, told)
            if now.state != "running":
                break
        self.read()
        with self.house.database.read() as connection:
            refused = Jobs(connection, self.deployment.chain_id).refused(job_id, most=1)
        for row in refused:
            raise row.refusal()

    def resume_job(self, job: JobId, *, progress: Callable[[Progress], None]) -> Progress:
        """Goes on with a job to its end. Raises as `Bulk.run`."""
        ended = self.bulk.run(job, progress=progress)
        self.read()
        return ended

    # Reading -------------------------------------------------------------------------------------

    def token(self, product: ProductId) -> SecurityToken:
        """The product's token, one that another process has just created included. Raises Refusal(product_unknown)."""
        self.has_token(product)
        return SecurityToken(self.house.node, self.deployment.token_of(product).address)

    @property
    def platform(self) -> Platform:
        """The platform."""
        return Platform(self.house.node, self.deployment.platform)

    def now(self) -> BlockStamp:
        """The latest block."""
        return self.house.node.stamp()

    def read(self, *, patience: float = SECONDS) -> BlockStamp | None:
        """Brings the register up to the latest block, within a rehearsal too: that changes nothing but what is known.

        Args:
            patience: seconds to wait for somebody else who is just creating a product.

        Raises:
            Fault: as `Indexer.catch_up`.
        """
        with apart():
            return patiently(self._indexer.catch_up, patience)

    def reload(self) -> None:
        """Takes over the deployment file where another process changed it."""
        deployment = self.house.deployment()
        if deployment != self.deployment:
            self.take_over(deployment)

    def has_token(self, product: ProductId) -> bool:
        """Whether the product has a token, one that another process has just created included."""
        if product not in self.deployment.tokens:
            self.reload()
        return product in self.deployment.tokens

    def paying(self) -> Deployment:
        """The deployment, with a payment contract that came to the platform after this process began included."""
        if self.deployment.disbursement is None:
            self.reload()
        return self.deployment

    @property
    def sender(self) -> Sender:
        """Sends the transactions of a procedure, such as a product's creation, and counts them."""
        return self._sender

    def require_person(self, name: str) -> str:
        """The name, where its key is at hand: whoever says it can sign with it. Raises Fault(key_missing)."""
        if name not in (known for known, _ in self._keys.values()):
            raise Fault(Reason.KEY_MISSING, needed=1, reachable=0, name=name)
        return name

    @property
    def names(self) -> frozenset[str]:
        """The names of the people whose keys this process can reach."""
        return frozenset(name for name, _ in self._keys.values())

    @property
    def signers(self) -> list[Signer]:
        """Everybody whose key this process can reach."""
        return [signer for _, signer in self._keys.values()]

    def account_named(self, name: str) -> Address | None:
        """The account that signs under that name, where its key can be reached."""
        accounts = (account for account, (known, _) in self._keys.items() if known == name)
        return next(accounts, None)

    # Inside --------------------------------------------------------------------------------------

    def _carry_out(self, order: Order, effects: Effects) -> Done:
        with self.house.database.begin() as connection:
            stored, new = order.store(connection)
            if new:
                effects(connection)
        done = self._done(self.courier.deliver(stored.id))
        if new:
            self._count(done)
        self.read()
        return done

    def _done(self, stored: Stored) -> Done:
        """What a command came to. Raises the refusal where it was refused."""
        outcome = stored.outcome
        if (refusal := outcome.refusal()) is not None:
            raise refusal
        assert outcome.tx is not None
        assert outcome.block is not None
        sent = Sent(
            tx=outcome.tx,
            stamp=self.house.node.stamp(outcome.block),
            gas_used=outcome.gas_used or 0,
            created=None,
            logs=(),
        )
        return Done(
            what=stored.command.what,
            duty=stored.command.duty,
            by=(stored.command.maker, *stored.approvers),
            sent=sent,
        )

    def _landed(self, job: JobId, told: set[tuple[int, int]]) -> Iterator[tuple[int, Done]]:
        """Batches that stand and were not told yet, in the order of their rows."""
        with self.house.database.read() as connection:
            done = [
                (batch, Commands(connection, self.deployment.chain_id).get(batch.command))
                for batch in Jobs(connection, self.deployment.chain_id).batches(job)
                if batch.state == "done" and (batch.first, batch.last) not in told
            ]
        for batch, stored in done:
            told.add((batch.first, batch.last))
            each = self._done(stored)
            self._count(each)
            yield batch.rows, each

    def _count(self, done: Done) -> None:
        self.meter.transactions += 1
        self.meter.gas += done.sent.gas_used


def _development_keys(house: House) -> Keys:
    """The cast's, where everybody may know them; nobody's elsewhere: then this process reads and does not sign."""
    return cast() if is_development(house.node.chain_id) else {}


def _new_key() -> str:
    return f"act-{uuid.uuid4().hex}"
