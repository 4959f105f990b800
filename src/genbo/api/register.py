"""The register (原簿): lot by lot, as far as it is seen, and with a purpose with names and addresses (D.1.5, D.2.5)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self, TypeAlias

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asking, Asks
from genbo.api.ids import Cursor, Limit, ProductPath
from genbo.api.investor import Name
from genbo.api.lot import Lot
from genbo.api.page import MOST, USUAL, after_as, next_of
from genbo.api.roles import DIGEST_ROLES, HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.api.stamp import AsOfText, PageAt, as_of_from, stamped
from genbo.bootstrap.sight.holdings import Pin, Read
from genbo.compliance.privacy import Purpose
from genbo.kernel import InvestorId, ProductId
from genbo.storage.partial_sight import RowDigest
from genbo.storage.register_pages import HeldLot, LotKey

router = a_router("register")

MOST_BLOCKS = 10_000
"""Blocks whose digests are told at once."""


Block: TypeAlias = Annotated[int, Query(ge=0, lt=2**31, description="ブロック番号")]


class Entry(BaseModel):
    """A line of the register: a lot, and who holds it."""

    lot: Annotated[Lot, Field(description="ロット")]
    holder: Annotated[
        Name | None,
        Field(description="Where names were asked for with a purpose. 氏名・住所 (T7.3, T7.4)"),
    ]


class Extract(PageAt[Entry]):
    """Part of a register. All its pages are of one state."""

    day: Annotated[
        date, Field(description="The day in Japan that it is of, and its names with it. 基準日")
    ]


class ExtractAsked(BaseModel):
    """An extract with names: a reading of personal data, which is recorded with its purpose (R-PROGMAT-VIS-4)."""

    purpose: Annotated[Purpose, Field(description="閲覧目的", examples=["register"])]
    as_of: Annotated[
        str | None,
        Field(max_length=40, description="As in a query. 基準時点", examples=["2022-01-31"]),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST, description="件数")] = USUAL
    cursor: Annotated[str | None, Field(max_length=500, description="カーソル")] = None


class Digest(BaseModel):
    """A commitment to a row of the register: it says nothing readable (R-PROGMAT-VIS-3)."""

    kind: Annotated[str, Field(description="`position` or `trade`. 種別")]
    block: Annotated[int, Field(description="ブロック番号")]
    digest: Annotated[str, Field(description="SHA-256 over a secret and the row. ハッシュ")]

    @classmethod
    def of(cls, row: RowDigest) -> Self:
        return cls(kind=row.kind, block=row.block, digest="0x" + row.digest.hex())


class Digests(BaseModel):
    """The digests of some blocks."""

    items: Annotated[list[Digest], Field(description="By block. ハッシュ")]


@router.get("/products/{product}/register")
def read_register(
    product: ProductPath,
    ask: Asks,
    as_of: AsOfText = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Extract:
    """The register lot by lot, holders by their ids: the whole of it for the registrar and the issuers, and one's own
    customers for others. 原簿"""
    question = {"of": ask.institution.id, "register": product, "as_of": as_of}
    found = _page(ask, product, question, as_of, limit, cursor)
    return _extract(found, question, limit, {})


@router.post("/products/{product}/register")
def read_register_with_names(product: ProductPath, asked: ExtractAsked, ask: Asks) -> Extract:
    """The same with the names and statutory addresses of its day. A reading of personal data: it is recorded with its
    purpose, and an issuer needs a disclosure that holds. It needs no Idempotency-Key. 氏名入り原簿"""
    question = {"of": ask.institution.id, "register": product, "as_of": asked.as_of, "named": True}
    found = _page(ask, product, question, asked.as_of, asked.limit, asked.cursor)
    holders = {each.investor for _, each in found.found[: asked.limit] if each.investor}
    names = (
        ask.sight.names(sorted(holders), on=found.moment.day, purpose=asked.purpose)
        if holders
        else {}
    )
    return _extract(found, question, asked.limit, {each: Name.of(names[each]) for each in names})


@router.get("/register/digests")
def list_digests(ask: Asks, first: Block, last: Block) -> Digests:
    """Commitments to what happened in the blocks `first` to `last`, for the platform manager. 検証用ハッシュ"""
    upto = min(last, first + MOST_BLOCKS - 1)
    return Digests(items=[Digest.of(each) for each in ask.sight.digests(first=first, last=upto)])


def _page(
    ask: Asking,
    product: str,
    question: Mapping[str, object],
    as_of: str | None,
    limit: int,
    cursor: str | None,
) -> Read[list[tuple[LotKey, HeldLot]]]:
    kinds: tuple[type, ...] = (str, date, int, int, int)
    given = after_as(question, cursor, int, *(kinds if ask.sees_everybody else (str, *kinds)))
    return ask.sight.holdings.lots(
        ProductId(product),
        as_of=as_of_from(as_of),
        pin=None if given is None else Pin(block=given[0], after=given[1:]),
        most=limit + 1,
    )


def _extract(
    found: Read[list[tuple[LotKey, HeldLot]]],
    question: Mapping[str, object],
    limit: int,
    names: dict[InvestorId, Name],
) -> Extract:
    return Extract(
        items=[
            Entry(
                lot=Lot.of(each.lot, each.investor),
                holder=None if each.investor is None else names.get(each.investor),
            )
            for _, each in found.found[:limit]
        ],
        next=next_of(question, [(found.moment.upto, *key) for key, _ in found.found], limit=limit),
        day=found.moment.day,
        **stamped(found.moment),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/register"): reads(HOLDING_ROLES),
    ("POST", "/v1/products/{product}/register"): reads(HOLDING_ROLES),
    ("GET", "/v1/register/digests"): reads(DIGEST_ROLES),
}
