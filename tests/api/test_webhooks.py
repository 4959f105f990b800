"""Webhooks through the interface.

given an institution
├── when it registers an address: it should get the secret once, and read the webhook without it
├── when it changes it: only with the version it read; when it rotates the secret: a new one, once
├── when it asks for deliveries: those in the state it asks for, with what went wrong; replayed when it says so
├── when the address is not proper, or what is asked does not fit: refused
└── when it asks for a webhook of another institution: 404
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.api.conftest import World, refused
from tests.api.test_events import happen
from tests.support.receiver import receiving

from genbo.bootstrap.webhook_post import PostNotices
from genbo.governance.notices import DELAYS
from genbo_sdk import WebhookVerifier


def register(world: World, who: str, url: str, **more: Any) -> dict[str, Any]:
    answer = world.order(who, "/webhooks", {"url": url, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_webhook__registered_read_changed_rotated_deleted__says_what_it_is(world: World) -> None:
    body = {"url": "https://events.example.com/in", "types": ["register"], "products": ["P1"]}
    first = world.order("R1", "/webhooks", body, key="same")
    again = world.order("R1", "/webhooks", body, key="same")
    assert first.json()["secret"].startswith("whsec_")
    assert again.json() == {**first.json(), "secret": None}
    differing = world.order("R1", "/webhooks", {**body, "types": []}, key="same")
    assert refused(differing) == "command_key_reused"
    id = first.json()["webhook"]["webhook"]
    shown = world.ask("R1", f"/webhooks/{id}")
    assert shown.json() == {**first.json()["webhook"]}
    assert world.ask("R1", "/webhooks").json() == [shown.json()]
    tag = shown.headers["ETag"]
    assert tag == first.headers["ETag"]

    path = f"/webhooks/{id}"
    change = {"types": ["order"], "state": "paused"}
    assert refused(world.order("R1", path, change, method="PATCH")) == "version_missing"
    changed = world.order("R1", path, change, method="PATCH", headers={"If-Match": tag})
    assert changed.status_code == 200
    assert (changed.json()["types"], changed.json()["state"]) == (["order"], "paused")
    assert changed.json()["products"] == ["P1"]
    stale = world.order("R1", path, change, method="PATCH", headers={"If-Match": tag})
    assert refused(stale) == "version_differs"

    now = {"If-Match": changed.headers["ETag"]}
    rotated = world.order("R1", f"{path}/secret", headers=now, key="rotate")
    again = world.order("R1", f"{path}/secret", headers=now, key="rotate")
    assert again.json() == {**rotated.json(), "secret": None}
    assert rotated.json()["secret"] not in (None, first.json()["secret"])
    assert rotated.json()["webhook"]["previous_secret_until"] is not None
    assert refused(world.order("R1", f"{path}/secret", headers=now)) == "version_differs"
    with world.firm.office.house.database.read() as connection:
        kept = connection.scalars(text("SELECT answer::text FROM request")).all()
    assert not any("whsec_" in each for each in kept)
    for _ in range(2):
        assert world.order("R1", path, method="DELETE", key="delete").status_code == 204
    assert refused(world.order("R1", path, method="DELETE")) == "not_found"
    assert refused(world.ask("R1", path)) == "not_found"


def test_webhook__of_another_institution__is_not_there(world: World) -> None:
    path = f"/webhooks/{register(world, 'C1', 'https://e.example.com')['webhook']['webhook']}"
    for answer in (
        world.ask("B1", path),
        world.ask("B1", f"{path}/deliveries"),
        world.order("B1", path, {}, method="PATCH", headers={"If-Match": "*"}),
        world.order("B1", path, method="DELETE"),
        world.order("B1", f"{path}/secret", headers={"If-Match": "*"}),
        world.order("B1", f"{path}/replay", {"event": "B1:1"}),
    ):
        assert (answer.status_code, refused(answer)) == (404, "not_found")
    assert world.ask("B1", "/webhooks").json() == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"url": "http://events.example.com"}, "webhook_url_refused"),
        ({"url": "https://192.168.1.1/in"}, "webhook_url_refused"),
        ({"url": "https://events.example.com", "types": ["nothing"]}, "field_invalid"),
        ({"url": "https://events.example.com", "secret": "mine"}, "request_malformed"),
        ({}, "request_malformed"),
    ],
)
def test_webhook__not_proper__is_refused(world: World, body: dict[str, Any], reason: str) -> None:
    answer = world.order("B2", "/webhooks", body)
    assert (answer.status_code, refused(answer)) == (422, reason)


def test_deliveries__dead_letter__is_listed_and_replayed(world: World) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    clock = [now]
    with receiving() as receiver:
        made = register(world, "B1", f"{receiver.url}/in", types=["product"])
        path = f"/webhooks/{made['webhook']['webhook']}"
        happen(world, 2)
        receiver.mood = lambda _: 500
        posting = PostNotices(world.firm.office, now=lambda: clock[0], jitter=lambda: 0.5)
        posting.turn()
        for delay in DELAYS:
            clock[0] += delay
            posting.turn()
        (dead,) = world.ask("B1", f"{path}/deliveries", params={"state": "dead"}).json()["items"]
        assert (dead["tries"], dead["status"], dead["problem"]) == (8, 500, "answered 500")
        receiver.mood = lambda _: 200
        clock[0] += timedelta(seconds=30)
        posting.turn()
        replayed = world.order("B1", f"{path}/replay", {"event": dead["event"]})
        assert replayed.status_code == 202
        clock[0] = max(clock[0], world.firm.office.house.now())
        posting.turn()
        verified = WebhookVerifier(made["secret"]).verify(
            receiver.came[-1].headers, receiver.came[-1].body, at=clock[0]
        )
        assert verified.id == dead["event"]
        assert verified.payload["type"] == "product.status"
        assert world.ask("B1", f"{path}/deliveries", params={"state": "dead"}).json() == {
            "items": [],
            "next": None,
        }
        count = len(receiver.came)
        first = dead["number"]
        body = {"product": "P1", "from_number": first}
        assert world.order("B1", f"{path}/replay", body).status_code == 202
        posting.turn()
        assert [each.notice["number"] for each in receiver.came[count:]] == [first, first + 1]
        page = world.ask("B1", f"{path}/deliveries", params={"limit": 1}).json()
        rest = world.ask("B1", f"{path}/deliveries", params={"cursor": page["next"]}).json()
        numbers = [each["number"] for each in (*page["items"], *rest["items"])]
        assert numbers == [first, first + 1]
    for wrong in ({}, {"event": "B1:1", "from_number": 1}, {"event": "B1:1", "product": "P1"}):
        assert refused(world.order("B1", f"{path}/replay", wrong)) == "request_malformed"
    assert refused(world.order("B1", f"{path}/replay", {"from_number": 99})) == "field_invalid"
