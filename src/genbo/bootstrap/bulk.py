"""Bulk: jobs on their way. Rows are packed into batches by gas, batches go out many at once, and one that the contract
refuses is cut in half until the row that cannot succeed stands alone.

A step reads how far the job is, and keeps what follows from it in one transaction; so whoever takes it up after an
interruption goes on exactly there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from genbo.bootstrap.courier import Courier
from genbo.bootstrap.holder_keys import holder_signer
from genbo.bootstrap.house import House
from genbo.bootstrap.orders import Order, Orders
from genbo.chain.call import Call
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deployments import Deployment
from genbo.chain.keyring import HeldKeys
from genbo.chain.keys import Signer
from genbo.chain.node import Reverted
from genbo.governance import Batch, BatchState, CommandState, Duty, Job, JobId, JobKind, JobRow
from genbo.governance.command import ENDED
from genbo.governance.job import JobState, Progress, RowRefused, halves, part_of
from genbo.kernel import UTC, Address, Digest, Fault, InvestorId, ProductId, Reason, Reference
from genbo.storage.jobs import Jobs, OpenBatch, StoredJob
from genbo.token import Act

WINDOW = 16
"""Batches that may be on their way at once."""

_BLOCK_SHARE = 2
"""A batch takes at most one part in so many of a block's gas."""
_MOST_GAS = 16_000_000
"""Newer networks take no transaction above 2**24 gas (EIP-7825)."""
_MOST_BYTES = 96_000
"""Nodes take no transaction above 128 kB."""
_BYTES_PER_ROW = 64
_SAMPLE = 20
"""Rows that a first estimate is made of."""
_GAS_FIXED, _GAS_PER_ROW = 80_000, 40_000
"""The estimate where the sample itself is refused: above the dearest of our acts (`contracts/gas-snapshot.json`)."""

_DUTY = {
    JobKind.VERDICT: Duty.RESTRICTOR,
    JobKind.ISSUE: Duty.ISSUER,
    JobKind.REDEEM: Duty.ISSUER,
    JobKind.DISTRIBUTE: Duty.DISTRIBUTOR,
}

_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a job's rows become calls."""

    job: Job
    token: SecurityToken

    def call(self, rows: list[JobRow], first: int) -> Call:
        """The call that carries these rows, the first of which has the number `first`."""
        job, token = self.job, self.token
        addresses = [row.address for row in rows]
        units = [int(row.units or 0) for row in rows]
        ref = self.ref(first, first + len(rows) - 1)
        match job.kind:
            case JobKind.VERDICT:
                until = int(job.arguments["until"] or 0)
                return token.batch_set_verdict(
                    addresses,
                    until=datetime.fromtimestamp(until, UTC) if until else None,
                    investor_class=int(job.arguments["investor_class"] or 0),
                    blocked=bool(job.arguments["blocked"]),
                )
            case JobKind.ISSUE:
                return token.issue(addresses, units, self._act(ref))
            case JobKind.REDEEM if rows[0].units is None:
                return token.redeem_all(addresses, self._act(ref))
            case JobKind.REDEEM:
                return token.redeem(addresses, units, self._act(ref))
            case JobKind.DISTRIBUTE:
                assert ref is not None
                return token.distribute(addresses, units, ref)
            case JobKind.TRANSFER:
                return token.batch_transfer(addresses, units)

    def ref(self, first: int, last: int) -> Reference | None:
        """The reference of those rows."""
        if self.job.ref is None:
            return None
        return Reference(f"{self.job.ref}/{part_of(first, last)}")

    def _act(self, ref: Reference | None) -> Act:
        evidence = self.job.arguments.get("evidence")
        day = self.job.arguments.get("delivery_date")
        return Act(
            ref=ref,
            evidence=None if evidence is None else Digest(str(evidence)),
            delivery_date=None if day is None else date.fromisoformat(str(day)),
        )


class Bulk:
    """The jobs of one deployment."""

    def __init__(
        self,
        house: House,
        deployment: Deployment,
        orders: Orders,
        courier: Courier,
        keys: HeldKeys,
    ) -> None:
        self._house = house
        self._deployment = deployment
        self._orders = orders
        self._courier = courier
        self._keys = keys

    def order(self, job: Job, rows: list[JobRow]) -> JobId:
        """Stores a job; nothing of it goes out yet. The same once more changes nothing.

        Raises:
            Refusal: as `Jobs.order`; `product_unknown`.
        """
        self._token_of(job.product)
        with self._house.database.begin() as connection:
            Jobs(connection, self._deployment.chain_id).order(job, rows, at=self._house.now())
        return job.id

    def run(self, job: JobId, *, progress: Callable[[Progress], None] = lambda _: None) -> Progress:
        """Works on a job until it has ended; a job that has ended stays as it is.

        Args:
            progress: told after every step that got further.

        Raises:
            Refusal: `job_unknown`.
            Fault: `key_missing`, `node_unreachable`, `database_unreachable`: running it again goes on.
        """
        told: tuple[int, int] | None = None
        while True:
            now = self.step(job)
            if (now.done, now.refused) != told:
                told = (now.done, now.refused)
                progress(now)
            if now.state is not JobState.RUNNING:
                return now

    def step(self, job: JobId) -> Progress:
        """One step: what came back is noted, what may go out goes out, and the sender has a turn. Raises as `run`."""
        stored = self._estimated(job)
        if stored.state is not JobState.RUNNING:
            return self.progress(job)
        with self._house.database.begin() as connection:
            moved = self._advance(Jobs(connection, self._deployment.chain_id), connection, job)
        turn = self._courier.turn(self._courier.signer_for(self._account_of(stored.job)))
        if not moved and (turn is None or turn.idle):
            time.sleep(_PAUSE_SECONDS)
        return self.progress(job)

    def cancel(self, job: JobId) -> Progress:
        """No further batch goes out; what was sent stands. Raises Refusal(job_unknown)."""
        with self._house.database.begin() as connection:
            jobs = Jobs(connection, self._deployment.chain_id)
            jobs.get(job, to_change=True)
            jobs.end(job, JobState.CANCELLED, at=self._house.now())
        return self.progress(job)

    def progress(self, job: JobId) -> Progress:
        """How far a job is. Raises Refusal(job_unknown)."""
        with self._house.database.read() as connection:
            return Jobs(connection, self._deployment.chain_id).progress(job, at=self._house.now())

    def refused(self, job: JobId) -> list[RowRefused]:
        """Rows that cannot succeed, with their reasons; the first hundred."""
        with self._house.database.read() as connection:
            return Jobs(connection, self._deployment.chain_id).refused(job)

    def running(self) -> list[JobId]:
        """Jobs that have not ended."""
        with self._house.database.read() as connection:
            jobs = Jobs(connection, self._deployment.chain_id).all(running=True)
        return [each.job.id for each in jobs]

    # Inside --------------------------------------------------------------------------------------

    def _advance(self, jobs: Jobs, connection: Connection, job: JobId) -> bool:
        """Notes what came back and orders what may go out; whether anything of that happened."""
        stored = jobs.get(job, to_change=True)
        if stored.state is not JobState.RUNNING:
            return False
        plan = self._plan(stored.job)
        moved = False
        on_their_way = 0
        for each in jobs.open_batches(job):
            if each.state in ENDED:
                moved = True
                on_their_way += self._note(jobs, connection, plan, each)
            elif not each.landed:
                on_their_way += 1
        first = jobs.next_row(job)
        size = _rows_per_batch(stored, self._house.node.header().gas_limit)
        while first < stored.rows and on_their_way < WINDOW:
            last = min(first + size, stored.rows) - 1
            assert stored.gas_fixed is not None
            assert stored.gas_per_row is not None
            gas = stored.gas_fixed + stored.gas_per_row * (last - first + 1)
            self._send(jobs, connection, plan, first, last, gas=gas)
            moved, on_their_way, first = True, on_their_way + 1, last + 1
        if first >= stored.rows and not jobs.open_batches(job):
            jobs.end(job, JobState.DONE, at=self._house.now())
            moved = True
        return moved

    def _note(self, jobs: Jobs, connection: Connection, plan: _Plan, each: OpenBatch) -> int:
        """Notes the end of a batch; how many went out in its place."""
        job, batch = plan.job.id, each.batch
        if each.state is CommandState.FINAL:
            jobs.end_batch(job, batch, BatchState.DONE)
            return 0
        if batch.rows == 1:
            jobs.end_batch(job, batch, BatchState.REFUSED)
            return 0
        jobs.end_batch(job, batch, BatchState.CUT)
        for first, last in halves(batch.first, batch.last):
            self._send(jobs, connection, plan, first, last, gas=None)
        return 2

    def _send(
        self,
        jobs: Jobs,
        connection: Connection,
        plan: _Plan,
        first: int,
        last: int,
        *,
        gas: int | None,
    ) -> None:
        """Stores the command of a batch, and the batch."""
        call = plan.call(jobs.rows(plan.job.id, first, last), first)
        order = self._order(plan, call, first, last, gas)
        order.store(connection)
        jobs.add_batch(plan.job.id, Batch(first=first, last=last, command=order.command.id))

    def _order(self, plan: _Plan, call: Call, first: int, last: int, gas: int | None) -> Order:
        job = plan.job
        key = f"job-{job.id}-{part_of(first, last)}"
        ref = plan.ref(first, last)
        if job.kind is JobKind.TRANSFER:
            signer = self._holder_key(job)
            return self._orders.of_holder(
                call, name=job.maker, signer=signer, key=key, product=job.product, ref=ref, gas=gas
            )
        duty = _duty_of(job)
        return self._orders.under_duty(
            call, duty, key=key, by=job.people, product=job.product, ref=ref, gas=gas
        )

    def _estimated(self, job: JobId) -> StoredJob:
        """The job, with what a batch of it costs."""
        with self._house.database.read() as connection:
            stored = Jobs(connection, self._deployment.chain_id).get(job)
            sample = Jobs(connection, self._deployment.chain_id).rows(job, 0, _SAMPLE - 1)
        if stored.gas_per_row is not None or stored.state is not JobState.RUNNING:
            return stored
        fixed, per_row = self._estimate(self._plan(stored.job), sample)
        with self._house.database.begin() as connection:
            jobs = Jobs(connection, self._deployment.chain_id)
            jobs.get(job, to_change=True)
            jobs.learn(job, fixed=fixed, per_row=per_row)
            return jobs.get(job)

    def _estimate(self, plan: _Plan, sample: list[JobRow]) -> tuple[int, int]:
        """Gas of a batch without rows, and of each row, with a reserve of a quarter: later rows may be dearer."""
        account = self._account_of(plan.job)
        node = self._house.node
        try:
            one, many = (
                node.rehearse(sender=account, to=call.to, data=call.data)
                for call in (plan.call(sample[:1], 0), plan.call(sample, 0))
            )
        except Reverted:
            return _GAS_FIXED, _GAS_PER_ROW
        if len(sample) == 1:
            return one, _GAS_PER_ROW
        per_row = max((many - one) // (len(sample) - 1), 1)
        return max(one - per_row, 0) + 50_000, per_row + per_row // 4

    def _account_of(self, job: Job) -> Address:
        """Who acts."""
        if job.account is not None:
            return job.account
        return self._orders.hands_of(_duty_of(job), job.people).account

    def _holder_key(self, job: Job) -> Signer:
        """The key of the holder whose own act it is; his pseudonym is its maker."""
        signer = None
        if job.account is not None:
            with self._house.database.read() as connection:
                signer = holder_signer(
                    self._keys,
                    connection,
                    job.product,
                    InvestorId(job.maker),
                    job.account,
                    chain_id=self._deployment.chain_id,
                )
        if signer is None:
            raise Fault(Reason.KEY_MISSING, needed=1, reachable=0)
        self._keys.add(signer)
        return signer

    def _plan(self, job: Job) -> _Plan:
        return _Plan(job, SecurityToken(self._house.node, self._token_of(job.product)))

    def _token_of(self, product: ProductId) -> Address:
        """The product's token, one that another process has just created included. Raises Refusal(product_unknown)."""
        if product not in self._deployment.tokens:
            self._deployment = self._house.deployment()
        return self._deployment.token_of(product).address


def _duty_of(job: Job) -> Duty:
    """Taking back "blocked" is a release, which two persons sign."""
    return Duty.RELEASER if job.arguments.get("lift") else _DUTY[job.kind]


def _rows_per_batch(stored: StoredJob, block_gas: int) -> int:
    """Rows that fit into a batch's share of a block, and into a transaction."""
    assert stored.gas_fixed is not None
    assert stored.gas_per_row is not None
    room = min(block_gas // _BLOCK_SHARE, _MOST_GAS) - stored.gas_fixed
    return max(1, min(room // stored.gas_per_row, _MOST_BYTES // _BYTES_PER_ROW))
