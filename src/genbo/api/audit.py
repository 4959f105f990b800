"""Audit (監査記録): what the institution's people and systems did, and what stands on the ledger to prove it."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import Path, Query
from pydantic import BaseModel, Field

from genbo.api.access import ALL_ROLES, AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import Cursor, Limit
from genbo.api.page import USUAL, Page, after_as
from genbo.api.page import cursor as a_cursor
from genbo.api.router import router as a_router
from genbo.governance.audit import ChainedEntry

router = a_router("audit")


class AuditEntry(BaseModel):
    """An entry of the audit chain (invariant 6)."""

    number: Annotated[int, Field(description="記録番号")]
    at: Annotated[datetime, Field(description="日時, UTC")]
    action: Annotated[str, Field(description="種別", examples=["commands:command:final"])]
    actor: Annotated[str, Field(description="Never a name. 実行者")]
    subject: Annotated[str | None, Field(description="対象ID")]
    product: Annotated[str | None, Field(description="受益権ID")]
    command: Annotated[str | None, Field(description="指図ID")]
    facts: Annotated[dict[str, Any], Field(description="Ids, counts, digests. 事実")]
    hash: Annotated[str, Field(description="この記録のハッシュ")]

    @classmethod
    def of(cls, entry: ChainedEntry) -> Self:
        said = entry.members
        return cls(
            number=entry.number,
            at=entry.at,
            action=said["action"],
            actor=said["actor"],
            subject=said["subject"],
            product=said["product"],
            command=said["command"],
            facts=dict(said["facts"]),
            hash="0x" + entry.hash.hex(),
        )


class AnchoredDay(BaseModel):
    """A day of the audit chain whose root stands on the ledger."""

    day: Annotated[date, Field(description="日付, in Japan")]
    root: Annotated[str, Field(description="Merkle root over its entries. マークルルート")]
    leaves: Annotated[int, Field(description="Entries of the day. 記録数")]
    last: Annotated[int, Field(description="Number of its last entry. 最終記録番号")]
    head: Annotated[str, Field(description="Hash of that entry. 最終記録のハッシュ")]
    contract: Annotated[str, Field(description="Where it stands. アンカーコントラクト")]


@router.get("/audit/entries")
def list_entries(
    ask: Asks,
    subject: Annotated[
        str | None,
        Query(pattern=r"^[\x21-\x7e]{1,64}$", description="Only those about this id. 対象ID"),
    ] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[AuditEntry]:
    """What the institution's users and systems did, and for a registrar what was done about its products, in the order
    of the chain. A page looks through 50,000 entries at most: it may be empty, and others still follow. 監査記録一覧"""
    question = {"of": ask.institution.id, "audit": subject}
    begin = after_as(question, cursor, int)
    found, after = ask.work.entries(
        after=0 if begin is None else max(0, begin[0]), most=limit, subject=subject
    )
    return Page(
        items=[AuditEntry.of(each) for each in found],
        next=None if after is None else a_cursor(question, [after]),
    )


@router.get("/audit/days/{day}")
def read_day(
    day: Annotated[date, Path(description="A day in Japan that is over. 日付")], ask: Asks
) -> AnchoredDay:
    """The root over the audit entries of a day, as it stands on the ledger. 監査記録の日次ハッシュ"""
    facts = ask.work.anchored_day(day).members["facts"]
    return AnchoredDay(**{name: facts[name] for name in AnchoredDay.model_fields})


ACCESS: AccessTable = {
    ("GET", "/v1/audit/entries"): reads(ALL_ROLES),
    ("GET", "/v1/audit/days/{day}"): reads(ALL_ROLES),
}
