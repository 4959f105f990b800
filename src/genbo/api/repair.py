"""Repair (修復): what moves units without their holder, on evidence, by two REPAIRERs."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from genbo.api.access import AccessTable, updates
from genbo.api.acting import ORDERED, Acts, Ordered
from genbo.api.ids import AnAddress, AnId, ProductPath
from genbo.api.papers import ActOrder, AnAmount, PartyBody
from genbo.api.router import router as a_router
from genbo.bootstrap.acts import ActDesk, Planned
from genbo.bootstrap.acts import repairing as acts
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import Address, InvestorId, Reference

router = a_router("repairs")


class ForcedTransferOrder(ActOrder):
    """A forced transfer (強制移転), such as on a court order."""

    source: Annotated[PartyBody, Field(description="Who gives. 移転元")]
    target: Annotated[PartyBody, Field(description="Who receives. 移転先")]
    units: AnAmount


class ReverseTransferOrder(ForcedTransferOrder):
    """A reverse transfer (逆移転): `source` is the recipient of the original trade."""

    original: Annotated[AnId, Field(description="Reference of the trade. 元の取引ID")]


class RedistributionOrder(ActOrder):
    """A redistribution (再配布); `ref` is the number of the incident."""

    lost: Annotated[
        PartyBody | None,
        Field(description="Where the units are that nobody can reach; or `burned`. 元の保有先"),
    ] = None
    burned: Annotated[
        AnId | None,
        Field(description="Reference of the redemption that destroyed them. 誤った償還の取引ID"),
    ] = None
    target: Annotated[PartyBody, Field(description="Who receives. 移転先")]
    units: AnAmount

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.lost is None) is (self.burned is None):
            raise ValueError("exactly one of lost and burned")
        return self

    def plan(self, desk: ActDesk) -> Planned:
        """The act. Raises Refusal(key_unknown)."""
        if self.lost is not None:
            return acts.redistribute(desk, self.lost.party, self.target.party, self.units, self.act)
        return acts.recreate(
            desk, Reference(self.burned or ""), self.target.party, self.units, self.act
        )


class RekeyingOrder(ActOrder):
    """A re-keying (鍵の更新)."""

    investor: Annotated[AnId, Field(description="投資家ID (T1.1)")]
    new: Annotated[AnAddress, Field(description="The investor's waiting key. 新しいアドレス")]


@router.post("/products/{product}/forced-transfers", responses=ORDERED)
def order_forced_transfer(product: ProductPath, body: ForcedTransferOrder, act: Acts) -> Ordered:
    """Moves units without their holder. 強制移転"""
    return act.of_product(
        product,
        body,
        lambda desk: acts.force_transfer(
            desk, body.source.party, body.target.party, body.units, body.act
        ),
        document=body.document,
    )


@router.post("/products/{product}/reverse-transfers", responses=ORDERED)
def order_reverse_transfer(product: ProductPath, body: ReverseTransferOrder, act: Acts) -> Ordered:
    """Takes a trade back: from its recipient to its sender, once. 逆移転"""
    return act.of_product(
        product,
        body,
        lambda desk: acts.reverse_transfer(
            desk,
            Reference(body.original),
            body.source.party,
            body.target.party,
            body.units,
            body.act,
        ),
        document=body.document,
    )


@router.post("/products/{product}/redistributions", responses=ORDERED)
def order_redistribution(product: ProductPath, body: RedistributionOrder, act: Acts) -> Ordered:
    """Brings units back that an incident put out of reach, or destroyed; once per incident. 再配布"""
    return act.of_product(product, body, body.plan, document=body.document)


@router.post("/products/{product}/rekeyings", responses=ORDERED)
def order_rekeying(product: ProductPath, body: RekeyingOrder, act: Acts) -> Ordered:
    """Lets the investor's waiting key take the place of the one that speaks, with all its restrictions. 鍵の更新"""
    return act.of_product(
        product,
        body,
        lambda desk: acts.rekey(desk, InvestorId(body.investor), Address(body.new), body.act),
        document=body.document,
    )


_REGISTRAR = updates({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/forced-transfers"): _REGISTRAR,
    ("POST", "/v1/products/{product}/reverse-transfers"): _REGISTRAR,
    ("POST", "/v1/products/{product}/redistributions"): _REGISTRAR,
    ("POST", "/v1/products/{product}/rekeyings"): _REGISTRAR,
}
