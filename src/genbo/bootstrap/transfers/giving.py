"""Giving to many (一括移転): one holder's transfers to many takers, packed into few transactions (R-PROGMAT-T2).

given rows of one giver whose key is kept here
├── when the market or the giver stands against all of them: refused
├── when rows are refused
│   ├── and they go together: none goes
│   └── otherwise the others go
└── the rows that go are one job, whose batches carry hundreds each
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.holder_keys import holder_signer
from genbo.bootstrap.office import Office
from genbo.bootstrap.transfers.asked import Asker, TransferAsk
from genbo.bootstrap.transfers.desk import transfer_desk
from genbo.custody import Key
from genbo.governance import Job, JobId, JobKind, JobRow
from genbo.governance.market.order import PASSING
from genbo.kernel import InvestorId, ProductId, Reason, Reference, Refusal, Units
from genbo.storage.jobs import Jobs

MOST_REFERENCE = 20
"""Letters of a reference that leave room for the numbers of its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """Transfers of one holder."""

    product: ProductId
    ref: Reference
    """取引ID: batches add their rows to it."""
    source: InvestorId
    rows: Sequence[tuple[str, Units]]
    """Taker (id or address) and units."""
    atomic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What became of the request."""

    job: JobId | None
    """None where nothing goes."""
    accepted: int
    refused: tuple[tuple[int, Refusal], ...]
    """Rows that do not go, by number from 1."""


def give(
    office: Office,
    connection: Connection,
    asker: Asker,
    giving: Giving,
    *,
    key: str,
    keep: bool,
    at: datetime,
) -> Given:
    """Judges the rows, and orders those that may go as one job, in a transaction of the caller's.

    Args:
        key: idempotency key of the job.
        keep: False judges only.

    Raises:
        Refusal: `key_unknown` for a giver without an address; `authorisation_missing` where the giver's key is not
            kept here; what stands against every row by the market, for a job does not wait.
    """
    asks = [
        TransferAsk(
            product=giving.product,
            trade=Reference(f"{giving.ref}/{number}"),
            source=giving.source,
            target=target,
            units=units,
        )
        for number, (target, units) in enumerate(giving.rows, start=1)
    ]
    judged = transfer_desk(office).judging.judge(connection, [(asker, ask) for ask in asks], at=at)
    source = next((each.source for each in judged if each.source is not None), None)
    first = judged[0]
    if source is None and first.never[0].reason is Reason.KEY_UNKNOWN:
        raise first.never[0]
    refused = []
    rows: list[JobRow] = []
    for number, each in enumerate(judged, start=1):
        no = next(iter(each.refusals), None)
        if no is not None and no.reason in PASSING and not each.never:
            raise no
        if no is not None:
            refused.append((number, no))
            continue
        assert each.target is not None
        rows.append(JobRow(address=each.target.address, units=each.ask.units))
    given = Given(job=None, accepted=len(rows), refused=tuple(refused))
    if not rows or (refused and giving.atomic):
        return replace(given, accepted=0)
    assert source is not None
    _require_key(office, connection, source, own=any(each.keeps_own_key for each in judged))
    if not keep:
        return given
    job = Job(
        key=key,
        chain_id=office.deployment.chain_id,
        kind=JobKind.TRANSFER,
        product=giving.product,
        ref=giving.ref,
        arguments={"left_out": ",".join(str(number) for number, _ in refused)} if refused else {},
        maker=giving.source,
        account=source.address,
    )
    Jobs(connection, office.deployment.chain_id).order(job, rows, at=at)
    return replace(given, job=job.id)


def asked_number(job: Job, ordinal: int) -> int:
    """The number, from 1, that a row of the job had in the request: rows that were refused at once are not in it."""
    number = ordinal + 1
    for left_out in map(int, filter(None, str(job.arguments.get("left_out", "")).split(","))):
        if left_out <= number:
            number += 1
    return number


def _require_key(office: Office, connection: Connection, source: Key, *, own: bool) -> None:
    """Nothing, where this service may sign for the giver: with a key that it was given, or that a custodian keeps."""
    if own and office.ring.signer_of(source.address) is None:
        raise Refusal(Reason.AUTHORISATION_MISSING, investor=source.investor)
    signer = holder_signer(
        office.ring,
        connection,
        source.product,
        source.investor,
        source.address,
        chain_id=office.deployment.chain_id,
    )
    if signer is None:
        raise Refusal(Reason.AUTHORISATION_MISSING, investor=source.investor)
    office.ring.add(signer)
