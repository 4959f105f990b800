"""Moment (基準): of which state of the register an answer is, and whether it may still change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.settled import settled_at
from genbo.kernel import UTC, BlockStamp, Fault, Reason, business_date
from genbo.storage.cursor import Cursor, Cursors
from genbo.storage.register import AsOf

_LEAST = timedelta(microseconds=1)
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
"""Nothing is earlier, and an instant before it still has a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A state of the register, found in the transaction that also reads it."""

    upto: int
    """The last block that counts; -1 before every block."""
    block: BlockStamp
    """The latest block that was read, whatever was asked about."""
    final: bool
    """Whether an answer of this state stays as it is, whatever is still expected of the chain."""
    day: date
    """The day in Japan that it is of: whose names and addresses go with it."""


def moment_of(cursor: Cursor, last: BlockStamp) -> Moment:
    """The latest state that was read: that of the block `last`."""
    return Moment(
        upto=last.number,
        block=last,
        final=cursor.is_final(last.number),
        day=business_date(last.at),
    )


def moment(
    connection: Connection,
    chain_id: int,
    asked: AsOf | None,
    *,
    now: datetime,
    pinned: int | None = None,
) -> Moment:
    """The state that `asked` names; None: the latest.

    Args:
        pinned: the block of the pages before, so that all pages of a list are of one state.

    Raises:
        Fault: `register_behind` before the first block was read.
    """
    cursors = Cursors(connection, chain_id)
    cursor = cursors.get()
    if cursor is None or cursor.last is None:
        begins = 0 if cursor is None else cursor.next_block
        raise Fault(Reason.REGISTER_BEHIND, block=begins - 1, head=begins)
    if asked is None and pinned is None:
        return moment_of(cursor, cursor.last)
    last = cursor.last
    if isinstance(asked, datetime):
        then = cursors.last_before(asked)
        # Blocks with anything in them are kept with their time, so nothing lies between this one and the instant.
        upto = -1 if then is None else then.number
        final = settled_at(cursor, then or last, as_of=asked, now=now).final
        day = business_date(
            max(asked, _FIRST) - _LEAST
        )  # a day ends with the first instant of the next
    else:
        upto = last.number if asked is None else min(asked, last.number)
        final = cursor.is_final(last.number if asked is None else asked)
        header = cursors.header(upto if pinned is None else pinned) or last
        day = business_date(header.at)
    return Moment(upto=upto if pinned is None else pinned, block=last, final=final, day=day)
