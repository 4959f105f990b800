"""Anchoring (アンカリング): the entries of a day are committed to on the ledger, where nobody can replace the root."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from genbo.bootstrap.auditing import DayRoot, day_root
from genbo.bootstrap.office import Office
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.governance import AuditAction, AuditEntry, Duty
from genbo.governance.audit_walk import anchor_subject
from genbo.kernel import BlockStamp, Fault, Reason, Refusal, end_of_day
from genbo.storage.audit import AuditLog

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredDay:
    """A day whose root stands on the ledger."""

    day: date
    subject: str
    root: DayRoot
    stamp: BlockStamp
    """The block it was found in."""
    already: bool
    """Whether it stood there before."""


def anchor_day(office: Office, day: date, *, now: datetime, by: str) -> AnchoredDay:
    """Closes the day and anchors its root, under the duty ANCHORER. Interrupted, it is simply done again.

    Args:
        day: a day in Japan that is over.
        now: UTC.
        by: who orders it, for the audit chain.

    Raises:
        Refusal: `day_not_over`; `day_empty`; the contract's own reason.
        Fault: `invariant_broken` when the ledger has another root for the day: then `genbo audit verify`.
    """
    if now < end_of_day(day):
        raise Refusal(Reason.DAY_NOT_OVER, day=day.isoformat())
    _close(office, day, now=now, by=by)
    with office.house.database.read() as connection:
        log = AuditLog(connection)
        beginning = log.entry(1)
        assert beginning is not None  # a day was closed
        subject = anchor_subject(beginning)
        last = log.last_of(day)
        root = day_root(log.entries(first=log.last_of(day - _DAY) + 1, last=last))
        assert root is not None
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    standing = contract.anchored(AnchorKind.AUDIT_DAY, subject, day)
    already = standing.value is not None
    if not already:
        call = contract.anchor(
            AnchorKind.AUDIT_DAY, subject, day, root=root.root, leaves=root.leaves
        )
        try:
            office.act(call, Duty.ANCHORER)
        except Refusal as refusal:
            if refusal.reason is not Reason.ANCHOR_EXISTS:
                raise
            already = True  # an order that was interrupted was carried out meanwhile
        standing = contract.anchored(AnchorKind.AUDIT_DAY, subject, day)
    if standing.value is None or standing.value.root != root.root:
        raise Fault(
            Reason.INVARIANT_BROKEN,
            number=6,
            problem=f"the ledger has the root {standing.value and standing.value.root} for {day}, "
            f"the audit chain {root.root}",
        )
    anchored = AnchoredDay(
        day=day, subject=subject, root=root, stamp=standing.stamp, already=already
    )
    _record(office, anchored, now=now, by=by)
    return anchored


def _close(office: Office, day: date, *, now: datetime, by: str) -> None:
    """Sees to it that no later entry belongs to the day: an entry of a later day stands behind it."""
    with office.house.database.begin() as connection:
        log = AuditLog(connection)
        head = log.head()
        last = log.last_of(day)
        if head is None or last == log.last_of(day - _DAY):
            raise Refusal(Reason.DAY_EMPTY, day=day.isoformat())
        if last == head.number:
            log.append(
                [
                    AuditEntry(
                        at=now,
                        action=AuditAction.AUDIT_DAY_CLOSED,
                        actor=by,
                        subject=day.isoformat(),
                    )
                ]
            )


def _record(office: Office, anchored: AnchoredDay, *, now: datetime, by: str) -> None:
    """Says in the chain that the day is anchored, unless it says so already."""
    with office.house.database.begin() as connection:
        log = AuditLog(connection)
        day = anchored.day.isoformat()
        if any(log.entries(subject=day, action=AuditAction.AUDIT_DAY_ANCHORED)):
            return
        log.append(
            [
                AuditEntry(
                    at=now,
                    action=AuditAction.AUDIT_DAY_ANCHORED,
                    actor=by,
                    subject=day,
                    facts={
                        "day": day,
                        "root": anchored.root.root,
                        "leaves": anchored.root.leaves,
                        "last": anchored.root.last,
                        "head": anchored.root.head,
                        "contract": office.deployment.anchor,
                    },
                )
            ]
        )
