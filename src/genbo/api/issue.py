"""Issue (発行・追加発行): units come into being, by two ISSUERs."""

from typing import Annotated

from pydantic import Field

from genbo.api.access import AccessTable, updates
from genbo.api.acting import ORDERED, Acts, Ordered
from genbo.api.ids import ProductPath
from genbo.api.papers import ActOrder, AnAmount, PartyBody
from genbo.api.router import router as a_router
from genbo.bootstrap.acts.issuing import issue
from genbo.governance.institutions import InstitutionRole

router = a_router("issues")


class IssueOrder(ActOrder):
    """Units to issue (発行)."""

    units: AnAmount
    to: Annotated[
        PartyBody | None, Field(description="By default the initial beneficiary. 発行先")
    ] = None


@router.post("/products/{product}/issues", responses=ORDERED)
def order_issue(product: ProductPath, body: IssueOrder, act: Acts) -> Ordered:
    """Issues units; again, up to the authorised cap. 発行・追加発行"""
    return act.of_product(
        product,
        body,
        lambda desk: issue(desk, body.units, body.act, to=body.to.party if body.to else None),
        document=body.document,
    )


ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/issues"): updates({InstitutionRole.REGISTRAR}),
}
