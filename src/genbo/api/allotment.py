"""Allotment (配分・配布): units of an offering go to investors, by one DISTRIBUTOR."""

from typing import Annotated

from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, updates
from genbo.api.acting import ORDERED, Acts, Order, Ordered
from genbo.api.ids import AnId, ProductPath
from genbo.api.papers import AnAmount
from genbo.api.router import router as a_router
from genbo.bootstrap.acts.allotting import MOST_AT_ONCE, allot
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import InvestorId, Reference

router = a_router("allotments")


class AllotmentRow(BaseModel):
    """An investor and its units (配分明細)."""

    investor: Annotated[AnId, Field(description="投資家ID (T1.1)")]
    units: AnAmount


class AllotmentOrder(Order):
    """Who receives how many units (配分)."""

    ref: Annotated[AnId | None, Field(description="取引ID", examples=["ALLOT-1"])] = None
    rows: Annotated[list[AllotmentRow], Field(min_length=1, max_length=MOST_AT_ONCE)]

    @property
    def pairs(self) -> list[tuple[InvestorId, int]]:
        return [(InvestorId(each.investor), each.units) for each in self.rows]


@router.post("/products/{product}/allotments", responses=ORDERED)
def order_allotment(product: ProductPath, body: AllotmentOrder, act: Acts) -> Ordered:
    """Distributes to investors, all of them or none. Rows that are wrong by the terms or by a verdict are listed in
    `problems`, each with its `line`, and nothing is ordered. 配分・配布"""
    ref = None if body.ref is None else Reference(body.ref)
    return act.of_product(product, body, lambda desk: allot(desk, body.pairs, ref=ref))


ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/allotments"): updates({InstitutionRole.REGISTRAR}),
}
