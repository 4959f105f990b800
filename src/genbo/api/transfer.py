"""Transfers (移転): explained, prepared for the holder's signature, ordered, followed and taken back."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.asking import Asking, Asks
from genbo.api.ids import ADDRESS, ID, AnId, ProductPath
from genbo.api.mode import InMode, Mode
from genbo.api.problem import Problem, problem
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.bootstrap.once import once
from genbo.bootstrap.transfers.asked import Asker, Judged, TransferAsk
from genbo.bootstrap.transfers.desk import Accepted, Placing, transfer_desk
from genbo.bootstrap.transfers.preparing import Prepared, prepare
from genbo.bootstrap.transfers.reading import SeenOrder, read_order, told, withdraw
from genbo.chain.hexes import address_of
from genbo.governance.institutions import BROKERS, InstitutionRole
from genbo.governance.market import Authorisation, DeliveryWindow, OrderState
from genbo.governance.market.authorisation import LATEST
from genbo.kernel import (
    InvestorId,
    ProductId,
    Reason,
    Reference,
    Refusal,
    Units,
    to_bytes32,
)
from genbo.storage.requests import Answered

router = a_router("transfers")

ORDERING = frozenset({*BROKERS, InstitutionRole.CUSTODIAN})
"""Whose customers give, and who keeps their keys."""
_SIGNATURE = r"^0x[0-9a-fA-F]{130}$"
_WORD = r"^0x[0-9a-fA-F]{64}$"
_MOST_UNITS = 2**80 - 1

TradePath = Annotated[str, Path(pattern=ID, description="Id of the trade. 取引ID (T2.2)")]


class AuthorisationIn(BaseModel):
    """The giver's signature over the transfer (ERC-3009). 移転承認"""

    model_config = ConfigDict(extra="forbid")

    valid_after: Annotated[
        int,
        Field(ge=0, lt=LATEST, strict=True, description="Valid after this UTC second. 有効開始"),
    ]
    valid_before: Annotated[
        int,
        Field(ge=0, lt=LATEST, strict=True, description="Valid before this UTC second. 有効終了"),
    ]
    nonce: Annotated[
        str | None,
        Field(
            pattern=_WORD,
            description="The trade id as 32 bytes, if given. ノンス: always that of `prepare`",
        ),
    ] = None
    signature: Annotated[
        str, Field(pattern=_SIGNATURE, description="r, s, v: 65 bytes. 署名", repr=False)
    ]


class TransferIn(BaseModel):
    """A transfer as it is asked for. 移転の依頼"""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    product: Annotated[AnId, Field(description="受益権ID (T2.5)", examples=["SHIBUYA-JINNAN"])]
    trade: Annotated[
        AnId,
        Field(description="取引ID (T2.2): moves units once, however often it is sent"),
    ]
    source: Annotated[
        AnId, Field(alias="from", description="The giver: a customer of the asker. 異動元投資家ID")
    ]
    target: Annotated[
        str,
        Field(
            alias="to",
            pattern=r"^[\x21-\x7e]{1,42}$",
            description="The taker: an investor's id, or the address that speaks for another broker's customer in this "
            "product. 異動先投資家ID、またはアドレス",
        ),
    ]
    units: Annotated[
        int, Field(gt=0, le=_MOST_UNITS, strict=True, description="Whole units. 数量 (T2.8)")
    ]
    delivery_date: Annotated[
        date | None, Field(description="Where one was agreed on. 受渡日 (T2.9)")
    ] = None
    lag: Annotated[
        int,
        Field(
            ge=0,
            le=366,
            strict=True,
            description="Otherwise business days after the trade date. 約定日からの営業日数",
        ),
    ] = 0
    authorisation: Annotated[
        AuthorisationIn | None,
        Field(description="Where the giver's key is kept outside. 移転承認"),
    ] = None

    def asked(self) -> TransferAsk:
        """Raises Refusal(field_invalid) for a nonce that is not the trade's."""
        given = self.authorisation
        trade = Reference(self.trade)
        if given is not None and given.nonce not in (None, "0x" + to_bytes32(trade).hex()):
            raise Refusal(
                Reason.FIELD_INVALID,
                field="authorisation.nonce",
                value=None,
                allowed="the trade id as 32 bytes",
            )
        return TransferAsk(
            product=ProductId(self.product),
            trade=trade,
            source=InvestorId(self.source),
            target=taker_of(self.target),
            units=Units(self.units),
            delivery_date=self.delivery_date,
            lag=self.lag,
            authorisation=None
            if given is None
            else Authorisation(
                after=given.valid_after,
                before=given.valid_before,
                signature=bytes.fromhex(given.signature[2:]),
            ),
        )


class Window(BaseModel):
    """When it is planned to be delivered. 受渡予定"""

    delivery_date: Annotated[date, Field(description="受渡日")]
    opens: Annotated[datetime, Field(description="From then on. 開始日時")]
    closes: Annotated[datetime, Field(description="Before then. 終了日時")]

    @classmethod
    def of(cls, window: DeliveryWindow) -> Self:
        return cls(delivery_date=window.delivery_date, opens=window.opens, closes=window.closes)


class Explained(BaseModel):
    """What would become of a transfer at this moment. 可否の判定"""

    allowed: Annotated[bool, Field(description="Whether nothing at all stands against it. 可否")]
    accepted: Annotated[
        bool,
        Field(description="Whether an order would be taken, to wait for what passes. 受付の可否"),
    ]
    refusals: Annotated[
        list[Problem], Field(description="Everything that stands against it. 拒否理由")
    ]
    window: Annotated[Window | None, Field(description="Planned delivery. 受渡予定")]
    needs_signature: Annotated[
        bool, Field(description="Whether the giver's key is kept outside. 署名の要否")
    ]


class ToSign(BaseModel):
    """What the giver's key signs. 署名対象"""

    needs_signature: Annotated[
        bool,
        Field(description="Whether the order has to carry a signature of the giver. 署名の要否"),
    ]
    window: Annotated[Window, Field(description="Planned delivery. 受渡予定")]
    typed_data: Annotated[
        dict[str, Any],
        Field(
            description="EIP-712 `TransferWithAuthorization` (ERC-3009), for eth_signTypedData_v4. 型付きデータ"
        ),
    ]
    digest: Annotated[str, Field(description="The 32 bytes that are signed. 署名ハッシュ")]
    transaction: Annotated[
        dict[str, Any],
        Field(
            description="Instead, a whole transaction for a giver who pays for its own gas, named as in JSON-RPC: "
            "signed, it goes to a node, and needs no order. 取引データ"
        ),
    ]

    @classmethod
    def of(cls, prepared: Prepared) -> Self:
        return cls(
            needs_signature=prepared.needs_signature,
            window=Window.of(prepared.window),
            typed_data=prepared.typed_data,
            digest="0x" + prepared.digest.hex(),
            transaction=dict(prepared.transaction),
        )


class TransferOrder(BaseModel):
    """An order to transfer as it stands. 移転の注文"""

    model_config = ConfigDict(populate_by_name=True)

    product: Annotated[str, Field(description="受益権ID")]
    trade: Annotated[str, Field(description="取引ID")]
    source: Annotated[str, Field(alias="from", description="異動元投資家ID")]
    target: Annotated[
        str,
        Field(
            alias="to",
            description="The taker's id, or address where that is all one may see. 異動先",
        ),
    ]
    units: Annotated[int, Field(description="数量")]
    delivery_date: Annotated[date, Field(description="受渡日")]
    state: Annotated[OrderState, Field(description="状態")]
    accepted_at: Annotated[datetime, Field(description="受付日時")]
    changed_at: Annotated[datetime, Field(description="状態の変更日時")]
    is_signed: Annotated[
        bool, Field(description="Whether it carries the giver's signature. 署名の有無")
    ]
    command: Annotated[str | None, Field(description="Its last act. 指図ID")] = None
    tx: Annotated[str | None, Field(description="Transaction of that act. 取引ハッシュ")] = None
    block: Annotated[int | None, Field(description="ブロック番号")] = None
    window: Annotated[
        Window | None, Field(description="As planned when it was accepted. 受渡予定")
    ] = None
    waits_for: Annotated[
        list[Problem], Field(description="What stood against it when it was accepted. 待機理由")
    ] = []
    problem: Annotated[Problem | None, Field(description="Why it waits, or was refused. 理由")] = (
        None
    )


class Withdrawal(BaseModel):
    """A withdrawal of an order. 取下"""

    model_config = ConfigDict(extra="forbid")

    cancel: Annotated[
        AnId | None, Field(description="Id of the trade that cancels it. 取消取引ID (T2.11)")
    ] = None


_ASKED: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Explained | ToSign,
        "description": "With `dry_run` the judgement, with `prepare` what is to be signed. 判定・署名対象",
    }
}


@router.post("/transfers", status_code=201, response_model=TransferOrder, responses=_ASKED)
def order_transfer(
    body: TransferIn, ask: Asks, request: Request, mode: InMode = Mode.SUBMIT
) -> JSONResponse | Explained | ToSign:
    """Explains a transfer, prepares its signature, or orders it. An order that comes while the market is closed, or
    before its day, is carried out when its time has come. 移転"""
    desk, who, asked = transfer_desk(ask.office), asker(ask), body.asked()
    if mode is Mode.SUBMIT:
        placing = Placing(
            asker=who,
            ask=asked,
            request=request_key(ask, "POST /v1/transfers", body),
            answer=lambda accepted: answered(201, order_shown(accepted, ask, request)),
        )
        return as_response(desk.place(placing))
    judged = desk.judge(who, asked)
    if mode is Mode.DRY_RUN:
        return _plain(_explained(judged, ask, request))
    return _plain(ToSign.of(prepare(ask.office, judged)))


@router.get("/transfers/{product}/{trade}")
def read_transfer(
    product: ProductPath, trade: TradePath, ask: Asks, request: Request
) -> TransferOrder:
    """An order of one's own customer, as it stands. 移転の注文の照会"""
    seen = read_order(ask.office, asker(ask), ProductId(product), Reference(trade), at=ask.at)
    return _shown(seen, ask, request)


@router.post("/transfers/{product}/{trade}/withdrawal", response_model=TransferOrder)
def withdraw_transfer(
    product: ProductPath, trade: TradePath, body: Withdrawal, ask: Asks, request: Request
) -> JSONResponse:
    """Takes an order back before it is delivered; nothing moves. 移転の注文の取下"""
    named, who = (ProductId(product), Reference(trade)), asker(ask)
    read_order(ask.office, who, *named, at=ask.at)
    cancel = None if body.cancel is None else Reference(body.cancel)

    def act(connection: Connection) -> Answered:
        seen = withdraw(ask.office, connection, who, *named, cancel=cancel, at=ask.at)
        return answered(200, _shown(seen, ask, request))

    route = "POST /v1/transfers/{product}/{trade}/withdrawal"
    key = request_key(ask, route, body, product=product, trade=trade)
    return as_response(once(ask.office.house, key, act))


ACCESS: AccessTable = {
    ("POST", "/v1/transfers"): updates(ORDERING),
    ("GET", "/v1/transfers/{product}/{trade}"): reads({*ORDERING, InstitutionRole.REGISTRAR}),
    ("POST", "/v1/transfers/{product}/{trade}/withdrawal"): updates(ORDERING),
}


# Inside ----------------------------------------------------------------------------------------------


def taker_of(written: str) -> str:
    """An address as we write it, in whatever case its letters came; an id as it is."""
    if re.fullmatch(ADDRESS, written):
        return address_of(bytes.fromhex(written[2:]))
    return written


def asker(ask: Asking) -> Asker:
    """Who asks, as the operations know it."""
    return Asker(institution=ask.institution, by=ask.by)


def shown_problem(refusal: Refusal, ask: Asking, request: Request) -> Problem:
    """A refusal inside an answer that is none itself."""
    return problem(refusal, request=request.state.id, language=ask.language)


def _plain(answer: BaseModel) -> JSONResponse:
    return JSONResponse(answer.model_dump(mode="json", by_alias=True), status_code=200)


def _explained(judged: Judged, ask: Asking, request: Request) -> Explained:
    return Explained(
        allowed=judged.is_due,
        accepted=judged.bar is None,
        refusals=[shown_problem(each, ask, request) for each in judged.refusals],
        window=None if judged.window is None else Window.of(judged.window),
        needs_signature=judged.keeps_own_key,
    )


def order_shown(accepted: Accepted, ask: Asking, request: Request) -> TransferOrder:
    stored, judged = accepted.stored, accepted.judged
    order = stored.order
    return TransferOrder(
        product=order.product,
        trade=order.trade,
        source=order.source,
        target=judged.ask.target,
        units=int(order.units),
        delivery_date=order.delivery_date,
        state=stored.state,
        accepted_at=order.accepted_at,
        changed_at=stored.changed_at,
        is_signed=order.authorisation is not None,
        command=stored.command,
        window=None if judged.window is None else Window.of(judged.window),
        waits_for=[shown_problem(each, ask, request) for each in judged.now],
    )


def _shown(seen: SeenOrder, ask: Asking, request: Request) -> TransferOrder:
    stored = seen.stored
    order, outcome, refusal = stored.order, seen.outcome, told(seen)
    return TransferOrder(
        product=order.product,
        trade=order.trade,
        source=order.source,
        target=order.target if seen.sees_taker else str(seen.target),
        units=int(order.units),
        delivery_date=order.delivery_date,
        state=stored.state,
        accepted_at=order.accepted_at,
        changed_at=stored.changed_at,
        is_signed=order.authorisation is not None,
        command=stored.command,
        tx=outcome.tx,
        block=outcome.block,
        problem=None if refusal is None else shown_problem(refusal, ask, request),
    )
