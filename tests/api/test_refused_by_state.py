"""What a transfer and an act are refused for, state by state, through the interface.

given a market that is open
├── when a side is frozen, locked up, blocked, verified no more or of another class: each is told, by its side
├── when the product is locked up or its group switched off: told, whoever is asked
├── when a delivery day has passed, is a holiday, or lies outside of the product's life: told
├── when a customer has no address that speaks for it: told to its own broker, and to others that nobody is there
├── when an act names what is not there, was not destroyed, is not due or not stopped: told
├── when a bulk act was ordered by people: a system does not end it
└── when a firm has as many webhooks as it may: told
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.conftest import World, refused
from tests.api.signing import DOCUMENT, account, done

from genbo.kernel import InvestorId
from genbo.storage.verdicts import Verdict, Verdicts

P1 = "/products/P1"
IV1, IV2, IV3, IV4 = ({"investor": f"IV-{number}"} for number in (1, 2, 3, 4))
LATER = "2022-06-01T00:00:00Z"
RELEASERS = ("compliance-1", "compliance-2")


@pytest.fixture(scope="module")
def world(trading: World) -> World:
    return trading


def against(
    world: World, who: str = "B1", source: str = "IV-1", target: str = "IV-2", **more: Any
) -> set[str]:
    """What stands against a transfer, or refuses the question."""
    body = {
        "product": "P1", "trade": "T-ASKED", "from": source, "to": target, "units": 1, **more,
    }  # fmt: skip
    answer = world.order(who, "/transfers", body, mode="dry_run")
    if answer.status_code != 200:
        return {refused(answer)}
    return {each["reason"] for each in answer.json()["refusals"]}


def restricted(world: World, key: str, **restriction: Any) -> None:
    path, people = f"{P1}/restrictions", ("compliance-1",)
    assert done(world, "R1", path, restriction, people=people, key=key).outcome.reason is None


def released(world: World, key: str, **restriction: Any) -> None:
    path = f"{P1}/releases"
    assert done(world, "R1", path, restriction, people=RELEASERS, key=key).outcome.reason is None


def dry(world: World, path: str, maker: str, **body: Any) -> set[str]:
    """What an act would be refused for."""
    body = {**body, "maker": {"account": account(maker)}}
    answer = world.order("R1" if "market" not in path else "PF", path, body, mode="dry_run")
    if answer.status_code != 200:
        return {refused(answer)}
    told = answer.json()
    return {told["refusal"]["reason"]} if told["refusal"] else set()


def test_transfer__of_a_frozen_address__is_told_by_its_side(world: World) -> None:
    assert against(world) == set()
    restricted(world, "r-1", kind="address", holder=IV1)
    assert against(world) == {"sender_frozen"}
    assert against(world, source="IV-2", target="IV-1") == {"recipient_frozen"}
    released(world, "r-2", kind="address", holder=IV1)


def test_transfer__of_frozen_units_or_under_a_lock_up__is_told(world: World) -> None:
    restricted(world, "r-3", kind="units", holder=IV1, units=10)
    assert against(world) == {"insufficient_unfrozen_balance"}
    released(world, "r-4", kind="units", holder=IV1, units=10)
    restricted(world, "r-5", kind="lock_up", holder=IV1, until=LATER)
    assert against(world) == {"sender_locked_up"}
    released(world, "r-6", kind="lock_up", holder=IV1, until=None)


def test_transfer__of_a_product_locked_up_or_of_other_classes__is_told(world: World) -> None:
    restricted(world, "r-7", kind="product_lock_up", until=LATER)
    assert against(world) == {"product_locked_up"}
    released(world, "r-8", kind="product_lock_up", until=None)
    wider = {"kind": "permitted_classes", "classes": [0]}
    assert dry(world, f"{P1}/restrictions", "compliance-1", **wider) == {
        "release_needs_two_persons"
    }
    restricted(world, "r-9", kind="permitted_classes", classes=[2])
    assert against(world) == {"sender_class_not_permitted", "recipient_class_not_permitted"}
    released(world, "r-10", kind="permitted_classes", classes=[0, 1, 2, 3, 4, 5])
    assert against(world) == set()


def test_transfer__of_a_group_switched_off__is_told(world: World) -> None:
    group = world.ask("R1", "/products/P1").json()["transfer_control"]
    path, people = f"/transfer-groups/{group}/switches", ("repair-1", "repair-2")
    done(world, "R1", path, {"enabled": False}, people=people, key="g-1")
    assert against(world) == {"transfer_disabled"}
    done(world, "R1", path, {"enabled": True}, people=people, key="g-2")


def test_transfer__on_a_day_that_cannot_be__is_told(world: World) -> None:
    assert against(world, delivery_date="2022-04-01") == {"delivery_passed"}
    assert against(world, delivery_date="2022-04-29") == {"delivery_not_business_day"}
    assert against(world, delivery_date="2050-04-01") == {"delivery_outside_life"}


def test_transfer__of_somebody_blocked__is_told_by_its_side(world: World) -> None:
    later = datetime(2026, 6, 1, tzinfo=UTC)  # than the verdicts of this world
    verdict = Verdict(
        investor_id=InvestorId("IV-4"),
        checked_at=later,
        expires_at=datetime(2030, 1, 1, tzinfo=UTC),
        investor_class=1,
        aml_class="blocked",
        evidence_ref="KYC-IV-4-2",
    )
    with world.firm.office.house.database.begin() as connection:
        Verdicts(connection).record([verdict], at=later, by="compliance-1")
    assert "verdict_overtaken" in against(world, "B2", "IV-3", "IV-4")
    done(world, "R1", f"{P1}/verdicts", {"investor": "IV-4"}, people=("compliance-1",), key="v-1")
    assert "recipient_blocked" in against(world, "B2", "IV-3", "IV-4")
    assert "sender_blocked" in against(world, "B2", "IV-4", "IV-3")


def test_transfer__of_a_customer_without_an_address__is_told_to_its_broker_alone(
    world: World,
) -> None:
    known = {"kind": "individual", "name": "試験　花子", "registered_address": "東京都架空区1-1"}
    made = world.order("B1", "/investors", known).json()["investor"]
    assert against(world, target=made) == {"key_unknown"}
    assert against(world, source=made) == {"key_unknown"}
    assert against(world, "B2", "IV-3", made) == {"not_found"}
    body = {"product": "P1", "trade": "T-NO-KEY", "from": "IV-1", "to": made, "units": 1}
    assert refused(world.order("B1", "/transfers", body)) == "key_unknown"


@pytest.mark.parametrize(
    ("path", "maker", "body", "reason"),
    [
        ("/market/resumptions", "supervisor-1", {}, "not_stopped"),
        (
            f"{P1}/redistributions",
            "repair-1",
            {"burned": "R-NONE", "target": IV1, "units": 1, "ref": "X-1", "evidence": DOCUMENT},
            "not_burned",
        ),
    ],
)  # fmt: skip
def test_act__of_what_is_not_so__is_told(
    world: World, path: str, maker: str, body: dict[str, Any], reason: str
) -> None:
    assert dry(world, path, maker, **body) == {reason}


def test_job__that_people_ordered__is_not_ended_by_a_system(world: World) -> None:
    (job, *_) = world.ask("R1", "/jobs").json()["items"]
    assert refused(world.order("R1", f"/jobs/{job['job']}/cancellation")) == "job_unknown"


def test_webhooks__of_a_firm_that_has_all_it_may__are_refused(world: World) -> None:
    told = [
        world.order("B2", "/webhooks", {"url": f"https://broker.example/{number}"})
        for number in range(11)
    ]
    assert [each.status_code for each in told[:10]] == 10 * [201]
    assert refused(told[10]) == "webhooks_exceeded"
