"""Lots (ロット): units by the day on which they were acquired, and where they came from."""

from datetime import date
from typing import Annotated, Self

from fastapi import Path
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import Cursor, Limit, ProductPath
from genbo.api.page import USUAL, after_as, next_of
from genbo.api.position import OfInvestor, Place
from genbo.api.roles import HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.api.stamp import AsOfText, PageAt, ReadAt, as_of_from, stamped
from genbo.bootstrap.sight.holdings import Pin
from genbo.kernel import InvestorId, ProductId
from genbo.register import Lot as RegisterLot
from genbo.register import LotId

router = a_router("lots")

LOT = r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$"
"""Id of a lot."""

LotPath = Annotated[
    str,
    Path(
        pattern=LOT,
        description="Id of the lot: the log that made it and its number. ロットID (T1.1)",
        openapi_examples={"lot": {"value": "1200.3.0"}},
    ),
]


class Lot(BaseModel):
    """Units of one address, acquired on one day (T1)."""

    lot: Annotated[str, Field(description="ロットID (T1.1)", examples=["1200.3.0"])]
    product: Annotated[str, Field(description="受益権ID")]
    address: Annotated[str, Field(description="アドレス")]
    investor: Annotated[str | None, Field(description="投資家ID (T1.3), where it is seen")]
    units: Annotated[int, Field(description="数量 (T1.2)", examples=[400])]
    acquired: Annotated[
        date, Field(description="Survives split and re-keying. 取得日", examples=["2021-08-11"])
    ]
    kind: Annotated[str, Field(description="How the lot came about. 移転区分", examples=["issue"])]
    ref: Annotated[str | None, Field(description="The trade it was acquired by. 取引ID (T2.2)")]
    parent: Annotated[str | None, Field(description="The lot it came out of. 元ロットID")]
    since: Annotated[Place, Field(description="Where in the ledger it came about. 異動")]

    @classmethod
    def of(cls, lot: RegisterLot, investor: str | None) -> Self:
        return cls(
            lot=str(lot.id),
            product=lot.product,
            address=lot.address,
            investor=investor,
            units=lot.units,
            acquired=lot.acquired,
            kind=lot.opened_by.name.lower(),
            ref=lot.ref,
            parent=None if lot.parent is None else str(lot.parent),
            since=Place.of(lot.opened),
        )


class ProvenanceAt(ReadAt):
    """Where the units of a lot came from."""

    lots: Annotated[
        list[Lot],
        Field(description="The lot first, then each it came out of, as far as seen. 由来"),
    ]


@router.get("/products/{product}/lots")
def list_lots(
    product: ProductPath,
    ask: Asks,
    as_of: AsOfText = None,
    investor: OfInvestor = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> PageAt[Lot]:
    """The lots of a product, as far as they are seen. ロット一覧"""
    question = {"of": ask.institution.id, "product": product, "as_of": as_of, "investor": investor}
    kinds: tuple[type, ...] = (str, date, int, int, int)
    given = after_as(question, cursor, int, *(kinds if ask.sees_everybody else (str, *kinds)))
    page = ask.sight.holdings.lots(
        ProductId(product),
        as_of=as_of_from(as_of),
        pin=None if given is None else Pin(block=given[0], after=given[1:]),
        most=limit + 1,
        investor=None if investor is None else InvestorId(investor),
    )
    return PageAt(
        items=[Lot.of(each.lot, each.investor) for _, each in page.found[:limit]],
        next=next_of(question, [(page.moment.upto, *key) for key, _ in page.found], limit=limit),
        **stamped(page.moment),
    )


@router.get("/products/{product}/lots/{lot}/provenance")
def read_provenance(product: ProductPath, lot: LotPath, ask: Asks) -> ProvenanceAt:
    """Through which lots the units of this one came, back to the issue. 由来"""
    found = ask.sight.holdings.provenance(
        ProductId(product), LotId(*(int(part) for part in lot.split(".")))
    )
    return ProvenanceAt(
        lots=[Lot.of(each.lot, each.investor) for each in found.found], **stamped(found.moment)
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/lots"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/lots/{lot}/provenance"): reads(HOLDING_ROLES),
}
