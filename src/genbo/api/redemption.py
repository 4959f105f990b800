"""Redemption (償還): units end, on or after their day, by two ISSUERs."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from genbo.api.access import AccessTable, updates
from genbo.api.acting import ORDERED, Acts, Ordered
from genbo.api.ids import ProductPath
from genbo.api.papers import ActOrder, AnAmount, PartyBody
from genbo.api.router import router as a_router
from genbo.bootstrap.acts import ActDesk, Planned
from genbo.bootstrap.acts.issuing import redeem, redeem_all
from genbo.governance.institutions import InstitutionRole

router = a_router("redemptions")

MOST = 200
"""Holders of one act, which is done whole or not at all."""


class RedemptionRow(BaseModel):
    """A holder, and what ends of it (償還明細)."""

    holder: Annotated[PartyBody, Field(description="保有者")]
    units: Annotated[
        AnAmount | None, Field(description="Without it all of them, of every row. 口数")
    ] = None


class RedemptionOrder(ActOrder):
    """Units to redeem (償還)."""

    rows: Annotated[
        list[RedemptionRow], Field(min_length=1, max_length=MOST, description="償還明細")
    ]

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if len({each.units is None for each in self.rows}) > 1:
            raise ValueError("units in every row or in none")
        return self

    def plan(self, desk: ActDesk) -> Planned:
        """The act. Raises Refusal(key_unknown)."""
        rows = [(each.holder.party, each.units) for each in self.rows]
        counted = [(party, units) for party, units in rows if units is not None]
        if counted:
            return redeem(desk, counted, self.act)
        return redeem_all(desk, [party for party, _ in rows], self.act)


@router.post("/products/{product}/redemptions", responses=ORDERED)
def order_redemption(product: ProductPath, body: RedemptionOrder, act: Acts) -> Ordered:
    """Redeems units of up to 200 holders. 償還"""
    return act.of_product(product, body, body.plan, document=body.document)


ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/redemptions"): updates({InstitutionRole.REGISTRAR}),
}
