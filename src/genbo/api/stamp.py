"""Stamps (ブロック情報): at which block an answer about the ledger was read, and whether it may still change."""

from datetime import datetime
from typing import Annotated, Self, TypeAlias

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.bootstrap.office import Office
from genbo.bootstrap.settled import settled_at
from genbo.kernel import BlockStamp, Fault, Reason, Refusal, parse_as_of
from genbo.storage.cursor import Cursors
from genbo.storage.register import AsOf

AsOfText: TypeAlias = Annotated[
    str | None,
    Query(
        description="As of when: `2022-01-31` (the end of that day in Japan), an instant such as "
        "`2022-01-31T15:00:00Z`, or `block:1200`; by default now. 基準時点",
        max_length=40,
        examples=["2022-01-31"],
    ),
]

_BLOCK = "block:"
_MOST_DIGITS = 18


class Stamp(BaseModel):
    """A block of the ledger."""

    chain_id: Annotated[int, Field(description="チェーンID")]
    number: Annotated[int, Field(description="Number of the block. ブロック番号")]
    hash: Annotated[str, Field(description="Its hash. ブロックハッシュ")]
    at: Annotated[datetime, Field(description="Its time, UTC. ブロック時刻")]

    @classmethod
    def of(cls, stamp: BlockStamp) -> Self:
        return cls(chain_id=stamp.chain_id, number=stamp.number, hash=stamp.hash, at=stamp.at)


class ReadAt(BaseModel):
    """An answer that was read from the register. Answers of this kind extend it."""

    block: Annotated[Stamp, Field(description="The latest block that was read. 読取ブロック")]
    final: Annotated[
        bool,
        Field(description="Whether the answer stays as it is, whatever the chain does. 確定"),
    ]


def as_of_from(text: str | None) -> AsOf | None:
    """The instant or block that `text` names; None for now.

    Raises:
        Refusal: `time_malformed`.
    """
    if text is None:
        return None
    if not text.startswith(_BLOCK):
        return parse_as_of(text)
    digits = text.removeprefix(_BLOCK)
    if not digits.isdecimal() or not digits.isascii() or len(digits) > _MOST_DIGITS:
        raise Refusal(Reason.TIME_MALFORMED, text=text[:40])
    return int(digits)


def reading(
    office: Office, text: str | None, *, now: datetime
) -> tuple[AsOf, dict[str, Stamp | bool]]:
    """As of when the register is asked, and the fields of `ReadAt` for the answer. "Now" is the latest block that was
    read, so the answer is of exactly the block it names, whatever is read meanwhile.

    Raises:
        Refusal: `time_malformed`.
        Fault: `register_behind` before the first block was read.
    """
    asked = as_of_from(text)
    with office.house.database.read() as connection:
        cursor = Cursors(connection, office.deployment.chain_id).get()
    if cursor is None or cursor.last is None:
        head = office.now().number
        raise Fault(Reason.REGISTER_BEHIND, block=office.deployment.first_block - 1, head=head)
    last = cursor.last
    standing = settled_at(
        cursor,
        last,
        as_of=asked if isinstance(asked, datetime) else None,
        block=asked if isinstance(asked, int) else None,
        now=now,
    )
    as_of = last.number if asked is None else asked
    return as_of, {"block": Stamp.of(last), "final": standing.final}
