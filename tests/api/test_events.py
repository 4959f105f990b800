"""Events through the interface: the same as pages, and as a stream.

given an institution
├── when it asks for pages: it should get what it was told, in order, filtered as it asks
├── when it asks after an id: what was told later; after an id of somebody else: `cursor_invalid`
└── when it asks for a type that there is not: `field_invalid`
given a stream
├── when something is told: it should come at once, woken by the database
├── when it is interrupted and gone on with by Last-Event-ID: no gap and no duplicate
├── when nothing happens: a comment should come, and the database should be left alone
├── when its token ends, or is revoked: it should end
├── when a credential opens too many: 429; when one is closed, there should be room again
└── when others are told something: nothing of it should come
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from tests.api.conftest import World, refused
from tests.support.receiver import wait_until

from genbo.api import events
from genbo.api.server import serve_api
from genbo.api.streams import PER_CREDENTIAL, streams_of
from genbo.bootstrap.notices import TellNotices
from genbo.governance.institutions import InstitutionId
from genbo.governance.notices import NoticeType, Telling
from genbo.kernel import ProductId
from genbo.storage.notices import Notices


@pytest.fixture(scope="module")
def told(world: World) -> World:
    telling = TellNotices(world.firm.office)
    while telling.step():
        pass
    return world


@pytest.fixture(scope="module")
def url(told: World) -> Iterator[str]:
    with serve_api(told.client.app, 0) as served:  # type: ignore[arg-type]
        yield served


def everything(world: World, who: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = world.ask(
            who, "/events", params={**query, **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


def happen(world: World, count: int = 1, *, to: str = "B1") -> None:
    tellings = [
        Telling(
            institution=InstitutionId(to),
            product=ProductId("P1"),
            type=NoticeType.PRODUCT_STATUS,
            occurred_at=world.firm.office.house.now(),
            stamp=None,
            final=True,
            data={"from": "set", "to": "distributed"},
        )
        for _ in range(count)
    ]
    with world.firm.office.house.database.begin() as connection:
        Notices(connection).tell(tellings)


# Pages -----------------------------------------------------------------------------------------------


def test_events__asked_in_pages__are_all_in_order(told: World) -> None:
    whole = everything(told, "R1")
    assert whole == everything(told, "R1", limit=3)
    assert [each["id"] for each in whole] == [f"R1:{n}" for n in range(1, len(whole) + 1)]
    assert {each["type"] for each in whole} >= {
        *("market.opened", "register.issue", "register.distribution", "register.verdict"),
        *("command.final", "product.status"),
    }
    register = [each for each in whole if each["type"].startswith("register.")]
    assert everything(told, "R1", type="register", limit=2) == register
    both = everything(told, "R1", type=["register.issue", "market"])
    assert {each["type"] for each in both} == {"register.issue", "market.opened"}
    assert everything(told, "R1", after=whole[4]["id"]) == whole[5:]
    assert all(each["product"] == "P1" for each in everything(told, "R1", product="P1"))
    assert everything(told, "R1", product="P9") == []


def test_events__of_a_broker__are_of_its_customers(told: World) -> None:
    moved = everything(told, "B1", type="register.distribution")
    entries = [entry for each in moved for entry in each["data"]["entries"]]
    assert [(it["units"], it["recipient"]["investor"]) for it in entries] == [
        (10, "IV-1"),
        (51, "IV-2"),
    ]
    assert all(it["sender"]["investor"] is None for it in entries)
    assert everything(told, "R2", type="register") == []
    assert {each["type"] for each in everything(told, "PF")} == {"market.opened"}


def test_events__asked_wrongly__is_refused(told: World) -> None:
    assert refused(told.ask("R1", "/events", params={"after": "B1:3"})) == "cursor_invalid"
    assert refused(told.ask("R1", "/events", params={"after": "nonsense"})) == "cursor_invalid"
    assert refused(told.ask("R1", "/events", params={"type": "nothing.such"})) == "field_invalid"
    page = told.ask("R1", "/events", params={"limit": 2}).json()["next"]
    other = told.ask("R1", "/events", params={"cursor": page, "type": "market"})
    assert refused(other) == "cursor_invalid"


# The stream ------------------------------------------------------------------------------------------


class Reader:
    """Reads a stream line by line."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()
        self.comments = 0

    def next(self) -> dict[str, Any] | None:
        """The next event; None at the end."""
        found: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                self.comments += 1
            elif not line and found:
                event: dict[str, Any] = json.loads(found["data"])
                assert found == {
                    "id": event["id"],
                    "event": event["type"],
                    "data": found["data"],
                }
                return event
            elif line:
                name, _, value = line.partition(": ")
                found[name] = value
        return None


@contextmanager
def streaming(
    url: str, who: str = "B1", *, last: str | None = None, token: str | None = None, **query: str
) -> Iterator[Reader]:
    headers = {"Authorization": f"Bearer {token or f'{who}:reference'}"}
    if last is not None:
        headers["Last-Event-ID"] = last
    with httpx.stream(
        "GET", f"{url}/v1/events/stream", headers=headers, params=query, timeout=20
    ) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Reader(answer)


def test_stream__something_is_told__comes_at_once(told: World, url: str) -> None:
    with streaming(url) as reader, streaming(url, "R2") as other:
        time.sleep(0.3)
        began = time.monotonic()
        happen(told)
        event = reader.next()
        assert event is not None
        assert time.monotonic() - began < 2
        assert event["type"] == "product.status"
        happen(told, to="R2")
        seen = other.next()
        assert seen is not None
        assert seen["institution"] == "R2"


def test_stream__interrupted_again_and_again__has_no_gap_and_no_duplicate(
    told: World, url: str
) -> None:
    last = everything(told, "B1")[-1]
    heard: list[dict[str, Any]] = []
    writer = threading.Thread(target=lambda: [happen(told, 3) for _ in range(40)])
    writer.start()
    after = last["id"]
    while len(heard) < 120:
        with streaming(url, last=after) as reader:
            for _ in range(17):
                event = reader.next()
                assert event is not None
                heard.append(event)
                after = event["id"]
                if len(heard) == 120:
                    break
    writer.join()
    assert [each["number"] for each in heard] == list(
        range(last["number"] + 1, last["number"] + 121)
    )
    assert heard == everything(told, "B1", after=last["id"])


def test_stream__begun_at_the_beginning__tells_everything_it_is_for(told: World, url: str) -> None:
    wanted = everything(told, "R1", type="register")
    with streaming(url, "R1", last="R1:0", type="register") as reader:
        assert [reader.next() for _ in wanted] == wanted
    with httpx.Client() as client:
        answer = client.get(
            f"{url}/v1/events/stream",
            headers={"Authorization": "Bearer R1:reference", "Last-Event-ID": "B1:1"},
        )
    assert refused(answer) == "cursor_invalid"


def test_stream__nothing_happens__says_that_it_is_there_and_asks_nothing(
    told: World, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.5)
    asked: list[int] = []
    read = events._read

    def counted(*arguments: Any, **named: Any) -> Any:
        asked.append(1)
        return read(*arguments, **named)

    monkeypatch.setattr(events, "_read", counted)
    with streaming(url) as reader:
        threading.Timer(2.2, happen, [told]).start()
        assert reader.next() is not None
        assert 4 <= reader.comments <= 7
    assert len(asked) <= reader.comments + 3  # at the beginning, with each comment, when it rang


def a_token(world: World, seconds: float) -> str:
    """A token that says when it ends, as ours do."""
    at = world.firm.office.house.now().timestamp() + seconds
    claims = base64.urlsafe_b64encode(json.dumps({"exp": at}).encode()).decode().rstrip("=")
    token = f"head.{claims}.sign"
    world.tokens.known[token] = world.tokens.known["B1:reference"]
    return token


def test_stream__token_ends_or_is_revoked__ends(
    told: World, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.3)
    with streaming(url, token=a_token(told, -1)) as reader:
        assert reader.next() is None
    revoked = a_token(told, 3_600)
    with streaming(url, token=revoked) as reader:
        happen(told)
        assert reader.next() is not None
        del told.tokens.known[revoked]
        assert reader.next() is None


def test_stream__too_many__is_refused_until_one_is_closed(told: World, url: str) -> None:
    listening = streams_of(told.client.app)._listeners  # type: ignore[arg-type]
    wait_until(lambda: len(listening) == 0)
    open_ones = [streaming(url) for _ in range(PER_CREDENTIAL)]
    for each in open_ones:
        each.__enter__()
    headers = {"Authorization": "Bearer B1:reference"}
    refusal = httpx.get(f"{url}/v1/events/stream", headers=headers)
    assert (refusal.status_code, refused(refusal)) == (429, "streams_exceeded")
    with streaming(url, "B2"):
        pass
    for each in open_ones:
        each.__exit__(None, None, None)
    wait_until(lambda: len(listening) == 0)
    with streaming(url):
        pass
