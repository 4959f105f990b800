"""Paying (支払): a batch of a distribution's lines in its yen token, by two ISSUERs."""

from sqlalchemy import Connection

from genbo.bootstrap.acts.desk import ActDesk
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.table import ActName
from genbo.bootstrap.distributions import anchor_distribution
from genbo.bootstrap.token_payments import DUTY, next_batch, note_batch, put_unfit_aside
from genbo.chain.call import Call
from genbo.entitlements import Run
from genbo.governance.command import command_id
from genbo.kernel import Fault, Reason, Refusal
from genbo.storage.distributions import Distributions


def pay_in_token(desk: ActDesk, run: Run, *, key: str) -> Planned:
    """The next lines of the run that can be paid in its token, each to the address of its payee.

    Args:
        key: the idempotency key of the order. What was ordered under it stays what it was.

    Raises:
        Refusal: `payment_nothing_due`; `distribution_not_open`, `payment_way_other`.
        Fault: `chain_mismatch`.
    """
    office = desk.office
    if desk.known is not None:
        command = desk.known.command
        call = Call(command.to, command.data, command.what, command.evidence)
        return Planned(name=ActName.PAY_IN_TOKEN, call=call, duty=DUTY, product=desk.product)
    with office.house.database.read() as connection:
        batch = next_batch(connection, office, run)
    if batch is None:
        raise Refusal(Reason.PAYMENT_NOTHING_DUE, distribution=run.id)

    def note(connection: Connection, by: str) -> None:
        found = Distributions(connection).get(run.id, to_change=True)
        command = command_id(office.deployment.chain_id, key)
        note_batch(connection, office, found, batch, command=command, by=by)

    return Planned(
        name=ActName.PAY_IN_TOKEN, call=batch.call, duty=DUTY, product=desk.product, noting=note
    )


def make_ready(desk: ActDesk, run: Run, *, by: str) -> None:
    """What comes before an order: lines that cannot be paid so are put aside, and the payee list is anchored where the
    anchoring key is here; elsewhere, whoever keeps it does so.

    Raises:
        Refusal, Fault: as `put_unfit_aside` and `anchor_distribution`.
    """
    if desk.known is not None:
        return
    put_unfit_aside(desk.office, run.id, by=by)
    try:
        anchor_distribution(desk.office, run.id)
    except Fault as fault:
        if fault.reason is not Reason.KEY_MISSING:
            raise
