"""Events (通知): what happened, as far as the institution sees it: as pages, and as a stream that goes on.

Both give the same as webhooks do, in the same order: whoever noted the last id may go on by any of the ways. In each
product the numbers have no gap.
"""

import base64
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from fastapi import Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from genbo.api.access import ALL_ROLES, AccessTable, reads
from genbo.api.asking import Asking, Asks
from genbo.api.ids import ID, Cursor, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.router import router as a_router
from genbo.api.stamp import Stamp
from genbo.api.streams import Listener, streams_of
from genbo.governance.notices import Notice, NoticeType, position_in, require_wanted
from genbo.kernel import ProductId, Refusal
from genbo.storage.notices import Notices

router = a_router("events")

HEARTBEAT_SECONDS = 15.0
"""After so long without an event a comment says that the stream is still there."""
_AT_ONCE = 200
"""Events that are read together for a stream."""

EXAMPLE: dict[str, Any] = {
    "id": "R1:42",
    "type": "register.transfer",
    "institution": "R1",
    "product": "SHIBUYA-JINNAN",
    "number": 17,
    "occurred_at": "2026-04-01T00:00:12Z",
    "block": {
        "chain_id": 1337,
        "number": 120,
        "hash": "0x" + "ab" * 32,
        "at": "2026-04-01T00:00:12Z",
    },
    "final": True,
    "data": {
        "ref": "T-1",
        "kind": "transfer",
        "delivery_date": "2026-04-01",
        "reverses": None,
        "tx": "0x" + "cd" * 32,
        "entries": [
            {
                "log_index": 3,
                "units": 5,
                "sender": {"address": "0x" + "11" * 20, "investor": "IV-1"},
                "recipient": {"address": "0x" + "22" * 20, "investor": None},
            }
        ],
    },
}


class Event(BaseModel):
    """One thing that happened, as the institution is told of it. 通知"""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: Annotated[
        str,
        Field(
            description="Names it for ever; also `webhook-id` and the id in the stream. 通知ID",
            examples=["R1:42"],
        ),
    ]
    type: Annotated[
        str,
        Field(
            description="What happened: "
            + "; ".join(f"`{kind.value}` {kind.english} ({kind.japanese})" for kind in NoticeType)
            + ". Further types may come. 種別",
            examples=["register.transfer"],
        ),
    ]
    institution: Annotated[str, Field(description="Who is told. 関係機関ID")]
    product: Annotated[str | None, Field(description="Null where it is about no product. 受益権ID")]
    number: Annotated[
        int,
        Field(
            description="Counts over the events of this product (of none, where there is none) that the institution "
            "is told of, without a gap: one that is missing shows. 銘柄内の連番"
        ),
    ]
    occurred_at: Annotated[datetime, Field(description="When it happened, UTC. 発生日時")]
    block: Annotated[
        Stamp | None,
        Field(description="The block, where it happened on the ledger. ブロック"),
    ]
    final: Annotated[
        bool,
        Field(
            description="Whether it stays so. What is on the ledger is told when it is final. 確定"
        ),
    ]
    data: Annotated[
        dict[str, Any],
        Field(description="What happened, by type: ids, addresses, whole units. 内容"),
    ]

    @classmethod
    def of(cls, notice: Notice) -> Self:
        return cls.model_validate(notice.document())


_Types = Annotated[
    list[str] | None,
    Query(
        alias="type",
        description="Only these types, or families such as `register`; may be repeated. 種別",
        max_length=50,
    ),
]
_Product = Annotated[str | None, Query(pattern=ID, description="Only of this product. 受益権ID")]
_After = Annotated[
    str | None,
    Query(
        max_length=64,
        description="Only what was told after the event with this id; `R1:0`, with the id of one's own "
        "institution, is the beginning. 通知ID",
        examples=["R1:42"],
    ),
]


@router.get("/events")
def list_events(
    ask: Asks,
    after: _After = None,
    product: _Product = None,
    type: _Types = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[Event]:
    """What the institution was told, in the order in which it was told. 通知一覧"""
    wanted = require_wanted(type or [], "type")
    begin = 0 if after is None else position_in(after, ask.institution.id)
    question = {
        "of": ask.institution.id,
        "after": begin,
        "product": product,
        "types": sorted(wanted),
    }
    if (key := after_as(question, cursor, int)) is not None:
        begin = key[0]
    found, _ = _read(ask, begin, product=product, types=wanted, most=limit + 1)
    return Page[Event](
        items=[Event.of(each) for each in found[:limit]],
        next=next_of(question, [(each.position,) for each in found], limit=limit),
    )


@router.get(
    "/events/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events without end: `id`, `event` (the type), `data` (an Event as JSON). A "
            "comment every 15 seconds. It ends with the token. 通知ストリーム",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def stream_events(
    request: Request,
    ask: Asks,
    product: _Product = None,
    type: _Types = None,
    last_event_id: Annotated[
        str | None,
        Header(
            max_length=64,
            description="Id of the last event that was read: what was told after it comes first. Without it: what is "
            "told from now on. 最後に受信した通知ID",
        ),
    ] = None,
) -> StreamingResponse:
    """What the institution is told, as it is told, gone on with after an interruption. 通知ストリーム"""
    wanted = require_wanted(type or [], "type")
    if last_event_id:
        begin = position_in(last_event_id, ask.institution.id)
    else:
        begin = await run_in_threadpool(_last, ask)
    listener = streams_of(request.app).join(ask.caller.credential)
    told = _told(request, ask, listener, begin, product=product, types=wanted)
    return StreamingResponse(
        told, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _told(
    request: Request,
    ask: Asking,
    listener: Listener,
    position: int,
    *,
    product: str | None,
    types: tuple[str, ...],
) -> AsyncIterator[bytes]:
    """The stream, until its token ends or its reader goes."""
    token = request.headers.get("Authorization", "").partition(" ")[2].strip()
    expires = _expiry(token)
    said = time.monotonic()
    with listener:
        yield b": the events of " + ask.institution.id.encode() + b"\n\n"
        while True:
            listener.look()
            found, position = await run_in_threadpool(
                _read, ask, position, product=product, types=types, most=_AT_ONCE
            )
            for each in found:
                yield _written(each)
                said = time.monotonic()
            if not await run_in_threadpool(_holds, request, token, expires):
                return
            if len(found) == _AT_ONCE:
                continue
            left = HEARTBEAT_SECONDS - (time.monotonic() - said)
            if left <= 0 or not await listener.wait(left):
                yield b": still here\n\n"
                said = time.monotonic()


def _read(
    ask: Asking,
    position: int,
    *,
    product: str | None,
    types: tuple[str, ...],
    most: int,
) -> tuple[list[Notice], int]:
    """What was told after a position, and from where on to read next: what is not wanted is not read twice."""
    institution = ask.institution.id
    with ask.office.house.database.viewing(institution, at=ask.at) as connection:
        notices = Notices(connection)
        last = notices.last(institution)
        found = notices.after(
            institution,
            position,
            most=most,
            product=None if product is None else ProductId(product),
            types=types,
        )
    if len(found) == most:
        return found, found[-1].position
    return found, max(position, last)


def _last(ask: Asking) -> int:
    with ask.office.house.database.viewing(ask.institution.id, at=ask.at) as connection:
        return Notices(connection).last(ask.institution.id)


def _written(notice: Notice) -> bytes:
    data = json.dumps(notice.document(), separators=(",", ":"), ensure_ascii=False)
    return f"id: {notice.id}\nevent: {notice.type.value}\ndata: {data}\n\n".encode()


def _holds(request: Request, token: str, expires: float | None) -> bool:
    """Whether the token that opened the stream is still good; one that was revoked is refused, and recorded so."""
    state = request.app.state
    at: datetime = state.now()
    if expires is not None and at.astimezone(UTC).timestamp() >= expires:
        return False
    try:
        state.authority.caller(token, at=at, certificate=state.proxies.certificate(request))
    except Refusal:
        return False
    return True


def _expiry(token: str) -> float | None:
    """When the token ends, as it says itself; it was found to be ours before."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return float(claims["exp"])
    except (IndexError, ValueError, KeyError, TypeError):
        return None


ACCESS: AccessTable = {
    ("GET", "/v1/events"): reads(ALL_ROLES),
    ("GET", "/v1/events/stream"): reads(ALL_ROLES),
}
