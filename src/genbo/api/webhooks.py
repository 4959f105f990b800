"""Webhooks (通知の送信先): where events are posted to, signed, each product in its order; what became of each.

A message carries `webhook-id`, `webhook-timestamp` and `webhook-signature` as the Standard Webhooks specification has
them, and an Event as its body. Answered 2xx within ten seconds it is delivered; else it is tried eight times over most
of a day, then it is a dead letter, which can be replayed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Self, TypeAlias

from fastapi import Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.asking import Asking, Asks
from genbo.api.idempotency import key_of
from genbo.api.ids import AnId, Cursor, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.request import answered, request_key
from genbo.api.router import router as a_router
from genbo.api.version import UNCHANGED, answer_version, etag, require_version
from genbo.bootstrap.once import once
from genbo.bootstrap.webhooks import Registered, WebhookDesk
from genbo.governance.notices import Delivery as StoredDelivery
from genbo.governance.notices import DeliveryState, WebhookId, WebhookState
from genbo.governance.notices import Webhook as Stored
from genbo.kernel import ProductId
from genbo.storage.requests import Answered, RequestKey

router = a_router("webhooks")

_Url: TypeAlias = Annotated[
    str,
    Field(
        max_length=500,
        description="Address that events are posted to, https. 送信先アドレス",
        examples=["https://events.example.com/genbo"],
    ),
]
_Types: TypeAlias = Annotated[
    list[Annotated[str, Field(max_length=64)]],
    Field(
        max_length=50,
        description="Types or families of events; none: all. 種別",
        examples=[["register", "order.delivered"]],
    ),
]
_Products: TypeAlias = Annotated[
    list[AnId],
    Field(
        max_length=1_000,
        description="Products; none: all, and what is about no product. 受益権ID",
        examples=[["SHIBUYA-JINNAN"]],
    ),
]
WebhookPath: TypeAlias = Annotated[
    str, Path(pattern="^wh_[0-9a-f]{24}$", description="Id of the webhook. 通知先ID")
]
_IfMatch: TypeAlias = Annotated[
    str | None, Header(description="ETag of the webhook as it was read. 版")
]


class NewWebhook(BaseModel):
    """A webhook to register."""

    model_config = ConfigDict(extra="forbid")

    url: _Url
    types: _Types = []
    products: _Products = []


class WebhookChange(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[_Url | None, Field(description="送信先アドレス")] = None
    types: Annotated[_Types | None, Field(description="種別")] = None
    products: Annotated[_Products | None, Field(description="受益権ID")] = None
    state: Annotated[
        WebhookState | None,
        Field(
            description="`active` or `paused`. One that was deactivated goes on, made active, where it stood. 状態"
        ),
    ] = None


class Webhook(BaseModel):
    """A webhook as it stands."""

    webhook: Annotated[str, Field(description="通知先ID", examples=["wh_6f1c0e5f2a3b4c5d6e7f8091"])]
    url: _Url
    types: _Types
    products: _Products
    state: Annotated[
        WebhookState,
        Field(
            description="`deactivated`: nothing was delivered for three days, and nothing is posted any more. 状態"
        ),
    ]
    previous_secret_until: Annotated[
        datetime | None,
        Field(
            description="Until when the secret before the present one signs too. 前の署名鍵の期限"
        ),
    ]
    created_at: Annotated[datetime, Field(description="登録日時")]
    updated_at: Annotated[datetime, Field(description="最終更新日時")]

    @classmethod
    def of(cls, stored: Stored) -> Self:
        return cls(
            webhook=stored.id,
            url=stored.url,
            types=list(stored.types),
            products=list(stored.products),
            state=stored.state,
            previous_secret_until=stored.previous_until,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )


class WebhookWithSecret(BaseModel):
    """A webhook, and its secret where it was just made."""

    webhook: Annotated[Webhook, Field(description="The webhook as it stands. 送信先")]
    secret: Annotated[
        str | None,
        Field(
            description="`whsec_` and base64 of 32 bytes: shown once. Null when the same request came before. 署名鍵",
            examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="],
        ),
    ]


class Delivery(BaseModel):
    """What became of an event that was posted. 配信"""

    event: Annotated[str, Field(description="通知ID", examples=["R1:42"])]
    product: Annotated[str | None, Field(description="受益権ID")]
    number: Annotated[int, Field(description="銘柄内の連番")]
    type: Annotated[str, Field(description="種別")]
    state: Annotated[
        DeliveryState,
        Field(description="`dead`: the last try failed; it can be replayed. 状態"),
    ]
    tries: Annotated[int, Field(description="試行回数")]
    status: Annotated[int | None, Field(description="Of the last answer. HTTPステータス")]
    problem: Annotated[str | None, Field(description="Why the last try failed. 問題")]
    first_at: Annotated[datetime, Field(description="最初の試行日時")]
    last_at: Annotated[datetime, Field(description="最後の試行日時")]

    @classmethod
    def of(cls, stored: StoredDelivery, institution: str) -> Self:
        return cls(
            event=f"{institution}:{stored.position}",
            product=stored.product,
            number=stored.number,
            type=stored.type,
            state=stored.state,
            tries=stored.tries,
            status=stored.status,
            problem=stored.problem,
            first_at=stored.first_at,
            last_at=stored.last_at,
        )


class Replay(BaseModel):
    """What is to be posted once more: one event, or all of a product from a number on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"event": "R1:42"}, {"product": "SHIBUYA-JINNAN", "from_number": 17}]
        },
    )

    event: Annotated[str | None, Field(max_length=64, description="One, by itself. 通知ID")] = None
    product: Annotated[
        AnId | None,
        Field(description="Of this product; left out: what is about no product. 受益権ID"),
    ] = None
    from_number: Annotated[
        int | None,
        Field(
            ge=1, le=2**62, strict=True, description="The first of them, in their order. 開始連番"
        ),
    ] = None

    @model_validator(mode="after")
    def one_or_the_other(self) -> Self:
        if (self.event is None) is (self.from_number is None):
            raise ValueError("either event or from_number")
        if self.event is not None and self.product is not None:
            raise ValueError("an event names its product itself")
        return self


def _desk(ask: Asking, connection: Connection | None = None) -> WebhookDesk:
    return WebhookDesk(ask.office, ask.institution.id, by=ask.by, at=ask.at, connection=connection)


def _version(if_match: str | None) -> Callable[[Stored], None]:
    return lambda stored: require_version(Webhook.of(stored), if_match)


@router.get("/webhooks")
def list_webhooks(ask: Asks) -> list[Webhook]:
    """The institution's webhooks, ten at most. 送信先一覧"""
    return [Webhook.of(each) for each in _desk(ask).all()]


@router.post("/webhooks", status_code=201)
def register_webhook(new: NewWebhook, ask: Asks, response: Response) -> WebhookWithSecret:
    """Registers an address; it is posted what is told from now on. The secret is shown once. 送信先登録"""
    return _with_secret(
        ask,
        response,
        request_key(ask, "POST /v1/webhooks", new),
        lambda connection: _desk(ask, connection).register(
            key_of(ask.header), url=new.url, types=new.types, products=new.products
        ),
        status=201,
    )


@router.get("/webhooks/{webhook}", responses=UNCHANGED)
def read_webhook(
    webhook: WebhookPath,
    ask: Asks,
    response: Response,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Webhook:
    """One webhook, with its version as ETag. 送信先"""
    found = Webhook.of(_desk(ask).get(WebhookId(webhook)))
    return answer_version(found, response, if_none_match)


@router.patch("/webhooks/{webhook}")
def change_webhook(
    webhook: WebhookPath,
    change: WebhookChange,
    ask: Asks,
    response: Response,
    if_match: _IfMatch = None,
) -> Webhook:
    """Changes address, types, products or state. 送信先変更"""
    request = request_key(ask, "PATCH /v1/webhooks/{webhook}", change, webhook=webhook)

    def act(connection: Connection) -> Answered:
        changed = _desk(ask, connection).change(
            WebhookId(webhook),
            url=change.url,
            types=change.types,
            products=change.products,
            state=change.state,
            require=_version(if_match),
        )
        return answered(200, Webhook.of(changed))

    shown = Webhook.model_validate(once(ask.office.house, request, act).answer)
    response.headers["ETag"] = etag(shown)
    return shown


@router.delete("/webhooks/{webhook}", status_code=204)
def delete_webhook(webhook: WebhookPath, ask: Asks) -> None:
    """Deletes a webhook: nothing more is posted to it. 送信先削除"""

    def act(connection: Connection) -> Answered:
        _desk(ask, connection).delete(WebhookId(webhook))
        return Answered(status=204, answer={})

    request = request_key(ask, "DELETE /v1/webhooks/{webhook}", None, webhook=webhook)
    once(ask.office.house, request, act)


@router.post("/webhooks/{webhook}/secret")
def rotate_secret(
    webhook: WebhookPath, ask: Asks, response: Response, if_match: _IfMatch = None
) -> WebhookWithSecret:
    """Makes a further secret, shown once. For 24 hours every message carries two signatures. 署名鍵更新"""
    return _with_secret(
        ask,
        response,
        request_key(ask, "POST /v1/webhooks/{webhook}/secret", None, webhook=webhook),
        lambda connection: _desk(ask, connection).rotate(
            WebhookId(webhook), require=_version(if_match)
        ),
        status=200,
    )


@router.get("/webhooks/{webhook}/deliveries")
def list_deliveries(
    webhook: WebhookPath,
    ask: Asks,
    state: Annotated[
        DeliveryState | None, Query(description="Only in this state, such as `dead`. 状態")
    ] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[Delivery]:
    """What was posted, in the order of the events. 配信一覧"""
    question = {"of": webhook, "state": state}
    key = after_as(question, cursor, int)
    found = _desk(ask).deliveries(
        WebhookId(webhook),
        state=state,
        after=0 if key is None else key[0],
        most=limit + 1,
    )
    return Page[Delivery](
        items=[Delivery.of(each, ask.institution.id) for each in found[:limit]],
        next=next_of(question, [(each.position,) for each in found], limit=limit),
    )


@router.post("/webhooks/{webhook}/replay", status_code=202)
def replay(webhook: WebhookPath, what: Replay, ask: Asks) -> Replay:
    """Posts one event once more, or all of a product from a number on, under the same ids. 再送"""

    def act(connection: Connection) -> Answered:
        desk = _desk(ask, connection)
        if what.event is not None:
            desk.replay_one(WebhookId(webhook), what.event)
        elif what.from_number is not None:
            product = None if what.product is None else ProductId(what.product)
            desk.replay_from(WebhookId(webhook), product, what.from_number)
        return answered(202, what)

    request = request_key(ask, "POST /v1/webhooks/{webhook}/replay", what, webhook=webhook)
    return Replay.model_validate(once(ask.office.house, request, act).answer)


def _with_secret(
    ask: Asking,
    response: Response,
    request: RequestKey,
    make: Callable[[Connection], Registered],
    *,
    status: int,
) -> WebhookWithSecret:
    """The answer with the secret that was just made. It is kept without: whoever asks again is not shown it."""
    fresh: list[str | None] = []

    def act(connection: Connection) -> Answered:
        made = make(connection)
        fresh.append(made.secret)
        return answered(status, WebhookWithSecret(webhook=Webhook.of(made.webhook), secret=None))

    kept = WebhookWithSecret.model_validate(once(ask.office.house, request, act).answer)
    response.headers["ETag"] = etag(kept.webhook)
    return WebhookWithSecret(webhook=kept.webhook, secret=fresh[0] if fresh else None)


ACCESS: AccessTable = {
    ("GET", "/v1/webhooks"): reads(ALL_ROLES),
    ("POST", "/v1/webhooks"): updates(ALL_ROLES),
    ("GET", "/v1/webhooks/{webhook}"): reads(ALL_ROLES),
    ("PATCH", "/v1/webhooks/{webhook}"): updates(ALL_ROLES),
    ("DELETE", "/v1/webhooks/{webhook}"): updates(ALL_ROLES),
    ("POST", "/v1/webhooks/{webhook}/secret"): updates(ALL_ROLES),
    ("GET", "/v1/webhooks/{webhook}/deliveries"): reads(ALL_ROLES),
    ("POST", "/v1/webhooks/{webhook}/replay"): updates(ALL_ROLES),
}
