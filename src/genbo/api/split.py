"""Split (分割): each unit becomes several, for everybody at once, by two ISSUERs."""

from typing import Annotated

from pydantic import Field

from genbo.api.access import AccessTable, updates
from genbo.api.acting import ORDERED, Acts, Ordered
from genbo.api.ids import ProductPath
from genbo.api.papers import ActOrder
from genbo.api.router import router as a_router
from genbo.bootstrap.acts.issuing import split
from genbo.governance.institutions import InstitutionRole

router = a_router("splits")


class SplitOrder(ActOrder):
    """A split (分割)."""

    factor: Annotated[
        int,
        Field(ge=0, le=10**30, strict=True, description="One unit becomes so many. 分割比率"),
    ]
    epoch: Annotated[
        int,
        Field(
            ge=0,
            le=65_535,
            strict=True,
            description="How many splits there were when it was decided: it is refused when there were more meanwhile. "
            "これまでの分割回数",
        ),
    ]


@router.post("/products/{product}/splits", responses=ORDERED)
def order_split(product: ProductPath, body: SplitOrder, act: Acts) -> Ordered:
    """Splits every unit of the product. 分割"""
    return act.of_product(
        product,
        body,
        lambda desk: split(desk, body.factor, body.act, epoch=body.epoch),
        document=body.document,
    )


ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/splits"): updates({InstitutionRole.REGISTRAR}),
}
