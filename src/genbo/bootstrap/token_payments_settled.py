"""Token payments settled (円建トークン支払の確定): what the ledger says of each line is taken over, and compared.

given a batch that was sent
    when its transaction is final
        each of its lines is paid, or owed and put aside, as the events of that transaction say; every line of the batch
        must be among them, with its address and its yen
    when its command was refused or withdrawn
        its lines can be paid again
    otherwise
        it waits
"""

import time
from collections.abc import Sequence

from genbo.bootstrap.office import Office
from genbo.chain.contracts.disbursement import Disbursement, PaymentEvent
from genbo.chain.deployments import Deployment
from genbo.chain.node import Node
from genbo.entitlements import (
    BatchState,
    Payment,
    PaymentState,
    TokenSums,
    token_sums,
)
from genbo.governance import CommandId, CommandState, Stored
from genbo.kernel import Address, Fault, Reason, business_date
from genbo.reconciliation.sending import PaidLines
from genbo.storage.commands import Commands
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.payments import Payments
from genbo.storage.token_payments import StoredBatch, TokenPayments

_PAUSE_SECONDS = 0.05
_PAID, _BY = 3, "genbo"
"""Number of the invariant that nothing is done twice; who settles where nobody asked."""


class SettleTokenPayments:
    """The routine: takes over what became of batches, whoever ordered them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def step(self) -> bool:
        """Whether any batch was settled."""
        return bool(settle_batches(self._office, by=_BY))


def settle_batches(
    office: Office,
    *,
    by: str,
    run: str | None = None,
    command: CommandId | None = None,
    wait_seconds: float = 0.0,
) -> list[StoredBatch]:
    """Takes over the end of every batch that has one; those that were.

    Args:
        run, command: only batches of that run, only the batch of that command.
        wait_seconds: how long it waits for the others, sending what this process may send.

    Raises:
        Fault: `invariant_broken` when the ledger says something else than was ordered, once every other batch that has
            an end is settled; `node_unreachable`.
    """
    broken: dict[CommandId, Fault] = {}
    deadline = time.monotonic() + wait_seconds
    settled: list[StoredBatch] = []
    while True:
        with office.house.database.read() as connection:
            open_ = [
                each
                for each in TokenPayments(connection).open()
                if run in (None, each.run) and command in (None, each.command)
            ]
        left: list[StoredBatch] = []
        for each in open_:
            if each.command in broken:
                continue
            try:
                (settled if _settle(office, each, by=by) else left).append(each)
            except Fault as fault:
                if fault.reason is not Reason.INVARIANT_BROKEN:
                    raise
                broken[each.command] = fault
        if not any(_is_going(office, each) for each in left) or time.monotonic() >= deadline:
            for first in broken.values():
                raise first
            return settled
        office.courier.turn_all()
        time.sleep(_PAUSE_SECONDS)


def reconcile_token(office: Office, run: str) -> TokenSums:
    """What the register and the ledger say of a run's payments in its yen token, read from all events of the contract
    that are final: sum of the token's payments = sum of the lines that are marked as paid in it.

    Raises:
        Refusal: `distribution_unknown`.
    """
    with office.house.database.read() as connection:
        found = Distributions(connection).get(run)
        payments = Payments(connection).payments(run)
    return token_sums(payments, _ledger(office.house.node, office.paying(), found.id))


def paid_lines(node: Node, database: Database, deployment: Deployment) -> list[PaidLines]:
    """Every run that is paid in a yen token, with the lines of which register and ledger do not say the same. What is
    on its way is not settled yet, and no difference."""
    with database.read() as connection:
        runs = [each.id for each in Distributions(connection).all() if each.token is not None]
        payments = {run: Payments(connection).payments(run) for run in runs}
    found = []
    for run, lines in payments.items():
        sums = token_sums(lines, _ledger(node, deployment, run))
        under_way = {each.line.number for each in lines if each.state is PaymentState.SENT}
        apart = [number for number in sums.apart if number not in under_way]
        found.append(PaidLines(run=run, paid=sums.ledger_lines, apart=apart))
    return found


# Inside ----------------------------------------------------------------------------------------------


def _ledger(node: Node, deployment: Deployment, run: str) -> dict[int, list[int]]:
    """Number of a line to the yen of each payment of it that is final."""
    if deployment.disbursement is None:
        return {}
    contract = Disbursement(node, deployment.disbursement)
    last = node.finality.final_block(node.stamp().number)
    found: dict[int, list[int]] = {}
    for each in contract.of_run(run, first=deployment.first_block, last=last):
        if each.paid:
            found.setdefault(each.line, []).append(each.yen)
    return found


def _is_going(office: Office, batch: StoredBatch) -> bool:
    """Whether it moves on by itself; one that waits for a signature does not."""
    return _stored(office, batch).state in (CommandState.QUEUED, CommandState.SENT)


def _stored(office: Office, batch: StoredBatch) -> Stored:
    with office.house.database.read() as connection:
        return Commands(connection, office.deployment.chain_id).get(batch.command)


def _settle(office: Office, batch: StoredBatch, *, by: str) -> bool:
    stored = _stored(office, batch)
    if stored.state is CommandState.FINAL:
        events = _events(office, batch, stored)
    elif stored.state in (CommandState.REFUSED, CommandState.SUPERSEDED):
        events = []
    else:
        return False
    at = office.house.now()
    with office.house.database.begin() as connection:
        run = Distributions(connection).get(batch.run, to_change=True)
        kept = TokenPayments(connection)
        now = next(each for each in kept.batches(run.id) if each.number == batch.number)
        if now.state is not BatchState.SENT:
            return False  # somebody else was first
        if stored.state is not CommandState.FINAL:
            kept.void(run, batch, at=at, by=by)
            return True
        addresses = kept.in_batch(run.id, batch.number)
        lines = Payments(connection).payments(run.id, numbers=addresses)
        _require_as_ordered(batch, lines, addresses, events)
        assert stored.outcome.tx is not None
        assert stored.outcome.block is not None
        kept.settle(
            run,
            batch,
            {each.line: each.paid for each in events},
            tx=stored.outcome.tx,
            block=stored.outcome.block,
            on=business_date(office.house.node.stamp(stored.outcome.block).at),
            at=at,
            by=by,
        )
    return True


def _events(office: Office, batch: StoredBatch, stored: Stored) -> list[PaymentEvent]:
    """What the batch's own transaction says of the run's lines."""
    deployment = office.paying()
    assert deployment.disbursement is not None
    assert stored.outcome.block is not None
    block = stored.outcome.block
    contract = Disbursement(office.house.node, deployment.disbursement)
    return [
        each
        for each in contract.of_run(batch.run, first=block, last=block)
        if each.tx == stored.outcome.tx
    ]


def _require_as_ordered(
    batch: StoredBatch,
    lines: Sequence[Payment],
    addresses: dict[int, Address],
    events: Sequence[PaymentEvent],
) -> None:
    """Each line of the batch once, with its address and its yen, and nothing else."""
    ordered = [(each.line.number, addresses[each.line.number], each.line.due) for each in lines]
    told = sorted((each.line, each.payee, each.yen) for each in events)
    if told != ordered:
        raise Fault(
            Reason.INVARIANT_BROKEN,
            number=_PAID,
            problem=f"the ledger does not say of batch {batch.number} of {batch.run} what was ordered",
        )
