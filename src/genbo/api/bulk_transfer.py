"""Bulk transfers (一括移転): many orders in one request, or one holder's transfers to many as one job."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated, Literal

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, updates
from genbo.api.asking import Asking, Asks
from genbo.api.ids import AnId
from genbo.api.judged import NothingToSign
from genbo.api.mode import InMode, Mode
from genbo.api.problem import Problem
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.api.transfer import (
    ORDERING,
    ToSign,
    TransferIn,
    TransferOrder,
    asker,
    order_shown,
    shown_problem,
    taker_of,
)
from genbo.bootstrap.once import once
from genbo.bootstrap.transfers.desk import Placing, transfer_desk
from genbo.bootstrap.transfers.giving import MOST_REFERENCE, Given, Giving, give
from genbo.bootstrap.transfers.preparing import prepare
from genbo.governance.market import OrderState
from genbo.kernel import Digest, Fault, InvestorId, ProductId, Reason, Reference, Refusal, Units
from genbo.storage.requests import Answered, RequestKey

router = a_router("transfers")

MOST_ORDERS = 1_000
"""Orders of one request."""
MOST_ROWS = 10_000
"""Rows of one job."""


class ManyTransfers(BaseModel):
    """Many orders. 移転の一括依頼"""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[
        list[TransferIn], Field(min_length=1, max_length=MOST_ORDERS, description="移転の依頼")
    ]
    atomic: Annotated[
        bool, Field(description="Whether none is accepted where one is refused. 全件一括")
    ] = False


class OrderedRow(BaseModel):
    """What became of one row. 行の結果"""

    row: Annotated[int, Field(description="From 1. 行番号")]
    trade: Annotated[str, Field(description="取引ID")]
    state: Annotated[
        OrderState | Literal["not_accepted"],
        Field(description="State of its order; `not_accepted` where there is none. 状態"),
    ]
    problem: Annotated[Problem | None, Field(description="Why it was refused. 拒否理由")] = None


class OrderedRows(BaseModel):
    """What became of many orders. 一括依頼の結果"""

    accepted: Annotated[int, Field(description="受付件数")]
    refused: Annotated[int, Field(description="拒否件数")]
    rows: Annotated[
        list[OrderedRow], Field(description="In the order of the request. 行ごとの結果")
    ]


class PreparedRow(BaseModel):
    """What the giver of one row signs. 行の署名対象"""

    row: Annotated[int, Field(description="From 1. 行番号")]
    trade: Annotated[str, Field(description="取引ID")]
    sign: Annotated[ToSign | None, Field(description="None where it is refused. 署名対象")] = None
    problem: Annotated[Problem | None, Field(description="Why it is refused. 拒否理由")] = None


class PreparedRows(BaseModel):
    """What the givers sign. 一括依頼の署名対象"""

    rows: Annotated[
        list[PreparedRow], Field(description="In the order of the request. 行ごとの署名対象")
    ]


class GivenRow(BaseModel):
    """A row: who takes, and how much. 移転先"""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    target: Annotated[
        str,
        Field(
            alias="to", pattern=r"^[\x21-\x7e]{1,42}$", description="異動先投資家ID、またはアドレス"
        ),
    ]
    units: Annotated[int, Field(gt=0, lt=2**80, strict=True, description="数量")]


class GivenToMany(BaseModel):
    """One holder's transfers to many. 一括移転の依頼"""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    product: Annotated[AnId, Field(description="受益権ID")]
    reference: Annotated[
        AnId,
        Field(
            max_length=MOST_REFERENCE,
            description="Batches carry it on the ledger with the numbers of their rows. 取引ID",
        ),
    ]
    source: Annotated[AnId, Field(alias="from", description="The giver. 異動元投資家ID")]
    rows: Annotated[
        list[GivenRow], Field(min_length=1, max_length=MOST_ROWS, description="移転先の一覧")
    ]
    atomic: Annotated[
        bool,
        Field(description="Whether none goes where one is refused beforehand. 全件一括"),
    ] = False


class LeftOut(BaseModel):
    """A row that does not go. 対象外の行"""

    row: Annotated[int, Field(description="From 1. 行番号")]
    problem: Annotated[Problem, Field(description="拒否理由")]


class Ordered(BaseModel):
    """What became of a bulk transfer. 一括移転の受付結果"""

    job: Annotated[str | None, Field(description="None where nothing goes. 一括処理ID")]
    accepted: Annotated[int, Field(description="Rows that go. 受付行数")]
    refused: Annotated[list[LeftOut], Field(description="Rows that do not. 対象外の行")]


@router.post("/transfers/orders", response_model=OrderedRows | PreparedRows)
def order_transfers(
    body: ManyTransfers, ask: Asks, request: Request, mode: InMode = Mode.SUBMIT
) -> OrderedRows | PreparedRows:
    """Orders many transfers, each under its own trade id as with `POST /v1/transfers`. Every row is told: those that
    were refused with their reason, the others with the state of their order. Sent again, what was accepted stays so,
    and what was refused is asked once more. 移転の一括依頼"""
    whole = request_key(ask, "POST /v1/transfers/orders", body)
    _refuse_twice(body.rows)
    if mode is Mode.PREPARE:
        return PreparedRows(
            rows=[
                _prepared(number, row, ask, request)
                for number, row in enumerate(body.rows, start=1)
            ]
        )
    placings = [
        Placing(
            asker=asker(ask),
            ask=row.asked(),
            request=_row_key(whole, number),
            answer=lambda accepted: answered(201, order_shown(accepted, ask, request)),
        )
        for number, row in enumerate(body.rows, start=1)
    ]
    desk = transfer_desk(ask.office)
    with _rehearsed(ask) if mode is Mode.DRY_RUN else nullcontext():
        answers = desk.place_many(placings, atomic=body.atomic)
    none = body.atomic and any(isinstance(each, Refusal) for each in answers)
    rows = [
        _row(number, row, answer, none=none, request=request, ask=ask)
        for number, (row, answer) in enumerate(zip(body.rows, answers, strict=True), start=1)
    ]
    accepted = sum(each.state != "not_accepted" for each in rows)
    return OrderedRows(accepted=accepted, refused=len(rows) - accepted, rows=rows)


@router.post(
    "/transfers/bulk",
    status_code=202,
    response_model=Ordered,
    responses={
        200: {"model": NothingToSign, "description": "`prepare`: no key signs it. 署名不要"}
    },
)
def give_to_many(
    body: GivenToMany, ask: Asks, request: Request, mode: InMode = Mode.SUBMIT
) -> JSONResponse:
    """Moves one holder's units to many takers, hundreds in a transaction, as a job: for holders whose keys a custodian
    keeps here. Every row is judged first; the ledger has the last word, and a row that it refuses is listed with the
    job. It runs while the market is open, and does not wait. 一括移転"""
    ask.sight.product(ProductId(body.product))
    ask.sight.investor(InvestorId(body.source))
    key = request_key(ask, "POST /v1/transfers/bulk", body, mode=mode.value)
    giving = Giving(
        product=ProductId(body.product),
        ref=Reference(body.reference),
        source=InvestorId(body.source),
        rows=[(taker_of(row.target), Units(row.units)) for row in body.rows],
        atomic=body.atomic,
    )

    def judged(connection: Connection, *, keep: bool) -> Answered:
        given = give(
            ask.office,
            connection,
            asker(ask),
            giving,
            key=ask.key,
            keep=keep,
            at=ask.office.house.now(),
        )
        return answered(202, _ordered(given, ask, request))

    if mode is not Mode.SUBMIT:
        with ask.office.house.database.begin() as connection:
            told = judged(connection, keep=False)
        if mode is Mode.DRY_RUN:
            return as_response(told)
        return JSONResponse(NothingToSign(needed=0, sign=None).model_dump(mode="json"))
    return as_response(
        once(ask.office.house, key, lambda connection: judged(connection, keep=True))
    )


ACCESS: AccessTable = {
    ("POST", "/v1/transfers/orders"): updates(ORDERING),
    ("POST", "/v1/transfers/bulk"): updates(ORDERING),
}


# Inside ----------------------------------------------------------------------------------------------


def _refuse_twice(rows: list[TransferIn]) -> None:
    """One trade, one row."""
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=1):
        if (row.product, row.trade) in seen:
            raise Refusal(
                Reason.REQUEST_MALFORMED, field=f"body.rows.{number - 1}.trade", problem="twice"
            )
        seen.add((row.product, row.trade))


def _prepared(number: int, row: TransferIn, ask: Asking, request: Request) -> PreparedRow:
    try:
        judged = transfer_desk(ask.office).judge(asker(ask), row.asked())
        sign = ToSign.of(prepare(ask.office, judged))
    except Fault:
        raise
    except Refusal as refusal:
        problem = shown_problem(refusal, ask, request)
        return PreparedRow(row=number, trade=row.trade, problem=problem)
    return PreparedRow(row=number, trade=row.trade, sign=sign)


@contextmanager
def _rehearsed(ask: Asking) -> Iterator[None]:
    rehearsal = ask.office.house.database.rehearsal()
    try:
        with rehearsal.running():
            yield
    finally:
        rehearsal.end()


def _row_key(whole: RequestKey, number: int) -> RequestKey:
    """The name of one row: another body under the same key is refused row by row."""
    body = hashlib.sha256(f"{whole.body}/{number}".encode()).hexdigest()
    return RequestKey(
        institution=whole.institution,
        key=f"{whole.key}#{number}",
        route=whole.route,
        body=Digest("0x" + body),
    )


def _row(
    number: int,
    row: TransferIn,
    answer: Answered | Refusal,
    *,
    none: bool,
    request: Request,
    ask: Asking,
) -> OrderedRow:
    if isinstance(answer, Refusal):
        return OrderedRow(
            row=number,
            trade=row.trade,
            state="not_accepted",
            problem=shown_problem(answer, ask, request),
        )
    if none:
        return OrderedRow(row=number, trade=row.trade, state="not_accepted")
    order = TransferOrder.model_validate(dict(answer.answer))
    return OrderedRow(row=number, trade=row.trade, state=order.state)


def _ordered(given: Given, ask: Asks, request: Request) -> Ordered:
    return Ordered(
        job=given.job,
        accepted=given.accepted,
        refused=[
            LeftOut(row=number, problem=shown_problem(refusal, ask, request))
            for number, refusal in given.refused
        ],
    )
