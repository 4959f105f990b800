"""Trades (移転): what moved, of how many units, between whom as far as that is seen (R-PROGMAT-VIS-2)."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import ID, Cursor, Limit, ProductPath
from genbo.api.page import USUAL, after_as, next_of
from genbo.api.roles import TRADE_ROLES
from genbo.api.router import router as a_router
from genbo.api.stamp import PageAt, stamped
from genbo.bootstrap.sight.movements import Stretch
from genbo.kernel import ProductId, Reference, parse_as_of
from genbo.storage.trade_pages import Movement

router = a_router("trades")

MOST_MOVEMENTS = 100_000
"""Movements of one act: a distribution has one per allotted investor."""


class Side(BaseModel):
    """A side of a trade."""

    address: Annotated[str | None, Field(description="The pseudonym. アドレス")]
    investor: Annotated[
        str | None, Field(description="Who it is, where that is the reader's to see. 投資家ID")
    ]


class Trade(BaseModel):
    """A movement (T2)."""

    product: Annotated[str, Field(description="受益権ID")]
    ref: Annotated[str, Field(description="取引ID (T2.2)", examples=["T-2026-0042"])]
    kind: Annotated[str, Field(description="移転区分 (T2.10)", examples=["transfer"])]
    units: Annotated[int, Field(description="数量 (T2.8)", examples=[50])]
    at: Annotated[datetime, Field(description="Time of its block, UTC. 異動日時")]
    sender: Annotated[
        Side | None,
        Field(description="None where there is none, or it is not to be seen. 異動元 (T2.6)"),
    ]
    recipient: Annotated[Side | None, Field(description="As the sender. 異動先 (T2.7)")]
    reverses: Annotated[str | None, Field(description="The trade it undoes. 取消対象 (T2.11)")]
    block: Annotated[int, Field(description="ブロック番号")]
    log_index: Annotated[int, Field(description="ログ番号")]
    tx: Annotated[str | None, Field(description="Hash of the transaction. 取引ハッシュ")]

    @classmethod
    def of(cls, movement: Movement) -> Self:
        return cls(
            product=movement.product,
            ref=movement.ref,
            kind=movement.kind.name.lower(),
            units=movement.units,
            at=movement.at,
            sender=_side(movement.source, movement.sender),
            recipient=_side(movement.target, movement.recipient),
            reverses=movement.reverses,
            block=movement.block,
            log_index=movement.log_index,
            tx=None if movement.position is None else movement.position.tx,
        )


def _side(address: str | None, investor: str | None) -> Side | None:
    if address is None and investor is None:
        return None
    return Side(address=address, investor=investor)


Since = Annotated[
    str | None,
    Query(
        max_length=40,
        description="From this instant on; a day means its end in Japan. 開始",
        examples=["2026-03-31"],
    ),
]
Until = Annotated[
    str | None,
    Query(
        max_length=40, description="Before this instant, likewise. 終了", examples=["2026-04-30"]
    ),
]


@router.get("/products/{product}/trades")
def list_trades(
    product: ProductPath,
    ask: Asks,
    since: Since = None,
    until: Until = None,
    ref: Annotated[str | None, Query(pattern=ID, description="Only of this act. 取引ID")] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> PageAt[Trade]:
    """What moved between two instants, in ledger order, as far as it is seen. 移転一覧"""
    question = {
        "of": ask.institution.id,
        "product": product,
        "since": since,
        "until": until,
        "ref": ref,
    }
    found = ask.sight.movements.trades(
        ProductId(product),
        Stretch(
            since=None if since is None else parse_as_of(since),
            until=None if until is None else parse_as_of(until),
        ),
        ref=None if ref is None else Reference(ref),
        after=after_as(question, cursor, int, int),
        most=limit + 1,
    )
    keys = [(each.block, each.log_index) for each in found.found]
    return PageAt(
        items=[Trade.of(each) for each in found.found[:limit]],
        next=next_of(question, keys, limit=limit),
        **stamped(found.moment),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/trades"): reads(TRADE_ROLES),
}
