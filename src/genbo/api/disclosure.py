"""Disclosures (投資家情報の開示): a registrar lets an issuer read who holds its product, for a purpose and a time.

One credential of the registrar proposes, another one approves: a credential's word is that of one person. Nothing is
disclosed before; an end takes away, and needs one alone (R-PROGMAT-VIS-4).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, Self, TypeAlias

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.asking import Asking, Asks
from genbo.api.ids import AnId, Cursor, Limit, ProductPath
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.request import answered, done_once
from genbo.api.router import router as a_router
from genbo.bootstrap import disclosing
from genbo.governance.institutions import (
    DecidedDisclosure,
    DisclosureId,
    InstitutionId,
    InstitutionRole,
)
from genbo.kernel import Digest, ProductId, Reason, Refusal, instant_of
from genbo.storage.disclosures import Disclosures
from genbo.storage.requests import Answered

router = a_router("disclosures")

DisclosurePath: TypeAlias = Annotated[
    str, Path(pattern=r"^D-[0-9a-f]{16}$", description="Id of the disclosure. 開示ID")
]


class NewDisclosure(BaseModel):
    """A disclosure to propose. 開示の起案"""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[AnId, Field(description="An issuer of the product. 開示先", examples=["A1"])]
    purpose: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description="What the names are for, without personal data. 目的",
        ),
    ]
    basis: Annotated[
        str,
        Field(
            pattern=r"^0x[0-9a-fA-F]{64}$",
            description="SHA-256 of the document that allows it. 根拠書類",
        ),
    ]
    valid_from: Annotated[
        datetime | None, Field(description="Its first instant; by default now. 開始")
    ] = None
    valid_until: Annotated[datetime, Field(description="First instant it no longer holds. 終了")]


class Disclosure(BaseModel):
    """A disclosure as it stands. 開示"""

    disclosure: Annotated[str, Field(description="開示ID")]
    product: Annotated[str, Field(description="受益権ID")]
    by: Annotated[str, Field(description="The registrar. 開示元")]
    to: Annotated[str, Field(description="The issuer. 開示先")]
    purpose: Annotated[str, Field(description="目的")]
    basis: Annotated[str, Field(description="SHA-256 of the document. 根拠書類")]
    valid_from: Annotated[datetime, Field(description="開始")]
    valid_until: Annotated[datetime, Field(description="終了")]
    state: Annotated[
        Literal["proposed", "ahead", "holds", "ended"],
        Field(description="`ahead`: approved, and not begun. 状態"),
    ]
    maker: Annotated[str, Field(description="起案者")]
    made_at: Annotated[datetime, Field(description="起案日時")]
    approver: Annotated[str | None, Field(description="Another than the maker. 承認者")]
    approved_at: Annotated[datetime | None, Field(description="承認日時")]
    ended_at: Annotated[datetime | None, Field(description="When it was ended early. 終了日時")]

    @classmethod
    def of(cls, decided: DecidedDisclosure, at: datetime) -> Self:
        told = decided.disclosure
        return cls.model_validate(
            {
                "disclosure": decided.id,
                "product": told.product,
                "by": told.by,
                "to": told.to,
                "purpose": told.purpose,
                "basis": told.basis,
                "valid_from": decided.valid_from,
                "valid_until": decided.valid_until,
                "state": decided.state(at),
                "maker": decided.maker,
                "made_at": decided.made_at,
                "approver": decided.approver,
                "approved_at": decided.approved_at,
                "ended_at": decided.ended_at,
            }
        )


@router.get("/disclosures")
def list_disclosures(ask: Asks, limit: Limit = USUAL, cursor: Cursor = None) -> Page[Disclosure]:
    """The registrar's disclosures; for an issuer those to it that were approved. 開示一覧"""
    question = {"of": ask.institution.id, "list": "disclosures"}
    begin = after_as(question, cursor, datetime, str)
    found = [
        each
        for each in disclosing.disclosures_of(ask.office.house, ask.institution.id)
        if begin is None or (each.made_at, each.id) > (begin[0], begin[1])
    ]
    return Page(
        items=[Disclosure.of(each, ask.at) for each in found[:limit]],
        next=next_of(question, [(each.made_at, each.id) for each in found], limit=limit),
    )


@router.post("/products/{product}/disclosures", status_code=201, response_model=Disclosure)
def propose_disclosure(product: ProductPath, body: NewDisclosure, ask: Asks) -> object:
    """Proposes that an issuer may read the names of a product's holders. 開示の起案"""
    ask.sight.product(ProductId(product))
    for name, each in (("valid_from", body.valid_from), ("valid_until", body.valid_until)):
        if each is not None and each.tzinfo is None:
            raise Refusal(Reason.REQUEST_MALFORMED, field=f"body.{name}", problem="no offset")
    valid_from = ask.at if body.valid_from is None else instant_of(body.valid_from)
    valid_until = instant_of(body.valid_until)

    def act(connection: Connection) -> Answered:
        proposed = disclosing.propose(
            ask.office.house,
            ProductId(product),
            to=InstitutionId(body.to),
            purpose=body.purpose,
            basis=Digest(body.basis.lower()),
            valid_from=valid_from,
            valid_until=valid_until,
            at=ask.at,
            by=ask.by,
            connection=connection,
        )
        return answered(201, Disclosure.of(proposed, ask.at))

    route = "POST /v1/products/{product}/disclosures"
    return done_once(ask, route, body, act, product=product)


@router.post("/disclosures/{disclosure}/approval", status_code=201, response_model=Disclosure)
def approve_disclosure(disclosure: DisclosurePath, ask: Asks) -> object:
    """Puts a disclosure in force, by another credential than the one that proposed it. 開示の承認"""
    return _decided(
        ask,
        disclosure,
        "approval",
        lambda it: it.approve(DisclosureId(disclosure), at=ask.at, by=ask.by),
    )


@router.post("/disclosures/{disclosure}/ending", status_code=201, response_model=Disclosure)
def end_disclosure(disclosure: DisclosurePath, ask: Asks) -> object:
    """Ends a disclosure at once, or withdraws one that is proposed. 開示の終了"""
    return _decided(
        ask,
        disclosure,
        "ending",
        lambda it: it.end(DisclosureId(disclosure), at=ask.at, by=ask.by),
    )


def _decided(
    ask: Asking,
    disclosure: str,
    word: str,
    decision: Callable[[Disclosures], DecidedDisclosure],
) -> object:
    def act(connection: Connection) -> Answered:
        decided = disclosing.decide(
            connection, DisclosureId(disclosure), decision, registrar=ask.institution.id
        )
        return answered(201, Disclosure.of(decided, ask.at))

    route = f"POST /v1/disclosures/{{disclosure}}/{word}"
    return done_once(ask, route, None, act, disclosure=disclosure)


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("GET", "/v1/disclosures"): reads({*_REGISTRAR, InstitutionRole.ISSUER}),
    ("POST", "/v1/products/{product}/disclosures"): updates(_REGISTRAR),
    ("POST", "/v1/disclosures/{disclosure}/approval"): updates(_REGISTRAR),
    ("POST", "/v1/disclosures/{disclosure}/ending"): updates(_REGISTRAR),
}
