"""Settled: whether an answer of the register may still change, because the chain below it may."""

from dataclasses import dataclass
from datetime import datetime

from genbo.bootstrap.house import House
from genbo.kernel import BlockStamp
from genbo.storage.cursor import Cursor, Cursors


@dataclass(frozen=True, slots=True)
class Settled:
    """What is final (確定) about an answer."""

    final: bool
    """Whether the answer stays as it is, whatever is still expected of the chain."""
    block: BlockStamp | None
    """The final block; None before the first."""

    def document(self) -> dict[str, object]:
        """For machines."""
        return {"final": self.final, "final_block": self.block}


def settled(
    house: House,
    stamp: BlockStamp,
    *,
    as_of: datetime | None = None,
    block: int | None = None,
    now: datetime | None = None,
) -> Settled:
    """Whether the answer of the register at the block `stamp` is final.

    Args:
        as_of: the instant that was asked about; None: the block itself.
        block: the block that was asked about, which may be later than `stamp` where nothing was read between.
        now: the present, without which an instant later than every block is never final.

    Raises:
        Fault: `database_unreachable`.
    """
    with house.database.read() as connection:
        cursor = Cursors(connection, stamp.chain_id).get()
    return settled_at(cursor, stamp, as_of=as_of, block=block, now=now)


def settled_at(
    cursor: Cursor | None,
    stamp: BlockStamp,
    *,
    as_of: datetime | None = None,
    block: int | None = None,
    now: datetime | None = None,
) -> Settled:
    """As `settled`, where the cursor is known."""
    if cursor is None or cursor.final is None:
        return Settled(False, None)
    reaching = max(stamp.number, block or 0)
    return Settled(_is_final(cursor, reaching, as_of, now), cursor.final)


def _is_final(cursor: Cursor, block: int, as_of: datetime | None, now: datetime | None) -> bool:
    final = cursor.final
    if final is None or not cursor.is_final(block):
        return False
    if as_of is None or final.at >= as_of:
        return True
    # No final block is later than the instant. Where everything read is final and the instant is past, none will be
    # earlier either: every further block is later than the latest one.
    return final == cursor.last and now is not None and as_of <= now
