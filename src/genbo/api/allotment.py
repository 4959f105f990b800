"""Allotment (配分・配布): units of an offering go to investors, by one DISTRIBUTOR."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, updates
from genbo.api.acting import ORDERED, Acting, Acts, Command, Order, ToBeSigned, TypedData
from genbo.api.ids import AnId, ProductPath
from genbo.api.judged import Judged
from genbo.api.mode import Mode
from genbo.api.papers import AnAmount
from genbo.api.router import router as a_router
from genbo.bootstrap.acts import ActDesk, Planned
from genbo.bootstrap.acts.allotting import MOST_AT_ONCE, allot, judged
from genbo.bootstrap.jobs_signed_outside import allotment_job, prepare_job, submit_job
from genbo.governance import JobRow
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import InvestorId, ProductId, Reason, Reference, Refusal, Units
from genbo.storage.jobs import Jobs

router = a_router("allotments")

MOST = 10_000
"""Rows of one order."""


class AllotmentRow(BaseModel):
    """An investor and its units (配分明細)."""

    investor: Annotated[AnId, Field(description="投資家ID (T1.1)")]
    units: AnAmount


class AllotmentOrder(Order):
    """Who receives how many units (配分)."""

    ref: Annotated[AnId | None, Field(description="取引ID", examples=["ALLOT-1"])] = None
    rows: Annotated[
        list[AllotmentRow],
        Field(
            min_length=1,
            max_length=MOST,
            description=f"Up to {MOST_AT_ONCE} are one act, whole or not at all; more are a bulk act. 配分明細",
        ),
    ]

    @property
    def pairs(self) -> list[tuple[InvestorId, int]]:
        return [(InvestorId(each.investor), each.units) for each in self.rows]

    def sample(self, desk: ActDesk) -> Planned:
        """The first rows of a bulk act, and what the registry has against any."""
        planned = allot(desk, self.pairs[:MOST_AT_ONCE], ref=self.reference)
        desk.addresses([investor for investor, _ in self.pairs])
        return replace(planned, judge=lambda: judged(desk, self.pairs))

    @property
    def reference(self) -> Reference | None:
        return None if self.ref is None else Reference(self.ref)


class JobToBeSigned(BaseModel):
    """A bulk act as its maker is asked to sign it (一括処理の署名準備)."""

    job: Annotated[str, Field(description="Id that it will have. 一括処理ID")]
    rows: Annotated[int, Field(description="行数")]
    sign: Annotated[TypedData, Field(description="The act with all of its rows. 署名対象")]


class JobOrdered(BaseModel):
    """A bulk act that was ordered (一括処理の受付). How far it is, `GET /v1/jobs/{job}` tells."""

    job: Annotated[str, Field(description="一括処理ID")]
    rows: Annotated[int, Field(description="行数")]


_ORDERED: dict[int | str, dict[str, Any]] = {
    **ORDERED,
    202: {"model": JobOrdered, "description": "`submit` of a bulk act: the job. 一括処理"},
}


@router.post("/products/{product}/allotments", responses=_ORDERED)
def order_allotment(
    product: ProductPath, body: AllotmentOrder, act: Acts, response: Response
) -> Judged | ToBeSigned | Command | JobToBeSigned | JobOrdered:
    """Distributes to investors: up to a hundred all or none, more as a bulk act that its maker signs once. Rows that
    are wrong by the terms or by a verdict are listed in `problems`, each with its `line`, and nothing is ordered.
    配分・配布"""
    if len(body.rows) <= MOST_AT_ONCE:
        return act.of_product(
            product, body, lambda desk: allot(desk, body.pairs, ref=body.reference)
        )
    if act.mode is Mode.DRY_RUN:
        return act.of_product(product, body, body.sample)
    return _in_bulk(product, body, act, response)


def _in_bulk(
    product: str, body: AllotmentOrder, act: Acting, response: Response
) -> JobToBeSigned | JobOrdered:
    office = act.ask.office
    found = act.ask.sight.product(ProductId(product)).product_id
    if body.maker is None:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body.maker", problem="missing")
    maker = body.maker.address
    job = allotment_job(office, found, maker=maker, key=act.ask.key, ref=body.reference)
    with office.house.database.read() as connection:
        since = Jobs(connection, job.chain_id).made_at(job.id)
    desk = ActDesk(office=office, product=found, known_since=since)
    addresses = desk.addresses([investor for investor, _ in body.pairs])
    rows = [JobRow(address=addresses[who], units=Units(units)) for who, units in body.pairs]
    if since is None and (refusal := judged(desk, body.pairs)) is not None:
        raise refusal
    if act.mode is Mode.PREPARE:
        told = TypedData.of(prepare_job(office, job, rows, maker=maker))
        return JobToBeSigned(job=job.id, rows=len(rows), sign=told)
    submit_job(office, job, rows, body.maker.handed("maker."), by=act.ask.by)
    response.status_code = 202
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return JobOrdered(job=job.id, rows=len(rows))


ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/allotments"): updates({InstitutionRole.REGISTRAR}),
}
