"""Stamps (ブロック情報): at which block an answer about the ledger was read, and whether it may still change."""

from datetime import datetime
from typing import Annotated, Any, Generic, Self, TypeAlias, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.page import Page
from genbo.bootstrap.office import Office
from genbo.bootstrap.sight.moment import Moment, moment
from genbo.kernel import BlockStamp, Reason, Refusal, parse_as_of
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

T = TypeVar("T")

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


class PageAt(ReadAt, Page[T], Generic[T]):
    """Part of a list that was read from the register. All pages of a list are of one state of it."""


def as_of_from(text: str | None) -> AsOf | None:
    """The instant or block that `text` names; None for now.

    Raises:
        Refusal: `time_malformed`.
    """
    return None if text is None else instant_or_block(text)


def instant_or_block(text: str) -> AsOf:
    """The instant or block that `text` names.

    Raises:
        Refusal: `time_malformed`.
    """
    if not text.startswith(_BLOCK):
        return parse_as_of(text)
    digits = text.removeprefix(_BLOCK)
    if not digits.isdecimal() or not digits.isascii() or len(digits) > _MOST_DIGITS:
        raise Refusal(Reason.TIME_MALFORMED, text=text[:40])
    return int(digits)


def stamped(at: Moment) -> dict[str, Any]:
    """The fields of `ReadAt` for an answer of that state of the register."""
    return {"block": Stamp.of(at.block), "final": at.final}


def reading(
    office: Office, text: str | None, *, now: datetime
) -> tuple[AsOf, dict[str, Stamp | bool]]:
    """As of when the register is asked, and the fields of `ReadAt` for the answer. "Now" is the latest block that was
    read, so the answer is of exactly the block it names, whatever is read meanwhile.

    Raises:
        Refusal: `time_malformed`.
        Fault: `register_behind` before the first block was read.
    """
    with office.house.database.read() as connection:
        at = moment(connection, office.deployment.chain_id, as_of_from(text), now=now)
    return at.upto, stamped(at)
