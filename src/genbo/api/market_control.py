"""Market control (市場の統制): stop and resume, opening and closing, transfer-enable groups."""

from datetime import datetime
from typing import Annotated, TypeAlias

from fastapi import Path
from pydantic import BaseModel, Field

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.acting import ORDERED, Acts, Order, Ordered
from genbo.api.asking import Asking, Asks
from genbo.api.ids import ID
from genbo.api.router import router as a_router
from genbo.bootstrap.acts import controlling as acts
from genbo.bootstrap.market import market_known_at
from genbo.chain.contracts.platform import MarketStatus
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import Reason, Refusal

router = a_router("market")

GroupPath: TypeAlias = Annotated[
    str, Path(pattern=ID, description="移転実行可否制御ID (T4.1)", examples=["TC-DEMO"])
]
Why: TypeAlias = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        description="For the records, without personal data. 理由",
        examples=["anomaly in the feed"],
    ),
]


class Market(BaseModel):
    """The market as it is now (開閉局)."""

    at: Annotated[datetime, Field(description="UTC. 時点")]
    status: Annotated[
        str, Field(description="`open`, `closed` or `stopped`. 開閉局ステータス (T16.1)")
    ]
    block: Annotated[int, Field(description="Block at which the status was read. ブロック番号")]
    closed_by_decision: Annotated[bool, Field(description="An operator closed it. 閉局の決定")]
    open_until: Annotated[datetime | None, Field(description="閉局予定")]
    next_opening: Annotated[datetime | None, Field(description="次回開局")]
    groups: Annotated[
        dict[str, bool],
        Field(description="Switches of the institution's products. 移転実行可否フラグ (T4.2)"),
    ]


class PlainOrder(Order):
    """An act that needs no words but its own."""


class DecisionOrder(Order):
    """A decision of an operator, with its reason."""

    why: Why


class SwitchOrder(Order):
    """Whether the products of a group may be transferred (移転実行可否フラグ)."""

    enabled: Annotated[bool, Field(description="移転実行可否フラグ (T4.2)")]


@router.get("/market")
def read_market(ask: Asks) -> Market:
    """The market as it is now. 市場の状態"""
    status = ask.office.platform.status()
    at = ask.office.house.now()
    market = market_known_at(ask.office, at)
    theirs = _groups(ask)
    everybodys = ask.institution.role is InstitutionRole.PLATFORM_MANAGER
    return Market(
        at=at,
        status=MarketStatus(status.value).name.lower(),
        block=status.stamp.number,
        closed_by_decision=market.is_closed,
        open_until=market.closing_after(at),
        next_opening=market.next_opening(at),
        groups={
            name: group.is_enabled
            for name, group in sorted(market.groups.items())
            if everybodys or name in theirs
        },
    )


@router.post("/market/stops", responses=ORDERED)
def order_stop(body: PlainOrder, act: Acts) -> Ordered:
    """Stops every product, by one STOPPER alone (R-JSTOA-6.1.1.11). 停止"""
    return act.of_platform(body, lambda: acts.stop(act.ask.office))


@router.post("/market/resumptions", responses=ORDERED)
def order_resumption(body: PlainOrder, act: Acts) -> Ordered:
    """Ends a stop, into market closed, by two others than who stopped. 停止の解除"""
    return act.of_platform(body, lambda: acts.resume(act.ask.office))


@router.post("/market/openings", responses=ORDERED)
def order_opening(body: DecisionOrder, act: Acts) -> Ordered:
    """Opens the market within its hours; the schedule opens it from then on. 開局"""
    return act.of_platform(body, lambda: acts.open_market(act.ask.office, why=body.why))


@router.post("/market/closings", responses=ORDERED)
def order_closing(body: DecisionOrder, act: Acts) -> Ordered:
    """Closes the market until an operator opens it again. 閉局"""
    return act.of_platform(body, lambda: acts.close_market(act.ask.office, why=body.why))


@router.post("/transfer-groups/{group}/switches", responses=ORDERED)
def order_switch(group: GroupPath, body: SwitchOrder, act: Acts) -> Ordered:
    """Switches a group of products on or off, by two persons of a registrar that keeps one of them (R-PROGMAT-T4.2).
    移転実行可否の切替"""
    if group not in _groups(act.ask):
        raise Refusal(Reason.NOT_FOUND, subject="group", asked=group)
    return act.of_platform(
        body, lambda: acts.switch_group(act.ask.office, group, enabled=body.enabled)
    )


def _groups(ask: Asking) -> set[str]:
    """The groups of the institution's products; a draft that names a group has no part in it."""
    return {
        each.terms.transfer_control_id for each in ask.sight.products() if each.address is not None
    }


_OPERATOR = updates({InstitutionRole.PLATFORM_MANAGER})

ACCESS: AccessTable = {
    ("GET", "/v1/market"): reads(ALL_ROLES),
    ("POST", "/v1/market/stops"): _OPERATOR,
    ("POST", "/v1/market/resumptions"): _OPERATOR,
    ("POST", "/v1/market/openings"): _OPERATOR,
    ("POST", "/v1/market/closings"): _OPERATOR,
    ("POST", "/v1/transfer-groups/{group}/switches"): updates({InstitutionRole.REGISTRAR}),
}
