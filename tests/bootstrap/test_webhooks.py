"""Webhooks: signed, ordered per product, at least once, retried, replayed, dead letters visible.

given a registered webhook and notices
├── when the other side takes them: each should come once, signed, each product in its order
├── when it answers 500, a redirect, stalls, drips or dies in the middle: tried again later, its product held back only
├── when the last try fails: a dead letter, and the next notice of the product should follow
│   ├── replayed by itself, or from a number on: it should come again, under the same id
│   └── when nothing was delivered for days: the webhook should be deactivated, and lose nothing when active again
├── when a process ends between the answer and the commit: it should be posted again (at least once)
├── when two processes post: each notice should be posted by one of them at a time
├── when types or products are chosen: nothing else should come
├── when its secret is rotated: both signatures should be there for a day, then the new one
└── when it is paused: what comes meanwhile should wait
given a service
└── it should post by itself what is told
given an address
├── that is not https, or leads into a network that is not public: it should be refused, at the latest when it is posted
└── of another institution: it should not be found
"""

from __future__ import annotations

import ipaddress
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from tests.support.chain import GENESIS
from tests.support.crash.processes import Child
from tests.support.office import Firm, found_firm
from tests.support.receiver import Received, Receiver, receiving, wait_until

from genbo.bootstrap.office import Office
from genbo.bootstrap.role import Role
from genbo.bootstrap.service import Service
from genbo.bootstrap.webhook_post import PER_WEBHOOK, PostNotices
from genbo.bootstrap.webhooks import Registered, WebhookDesk
from genbo.chain.embedded import EmbeddedNode
from genbo.governance import AuditAction
from genbo.governance.institutions import InstitutionId
from genbo.governance.notices import (
    DELAYS,
    SILENT_FOR,
    DeliveryState,
    NoticeType,
    Telling,
    WebhookState,
    next_try,
    require_reachable,
    require_url,
    signed_headers,
)
from genbo.kernel import ProductId, Reason, Refusal
from genbo.providers.webhook import Poster
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.notices import Notices

R1, R2 = InstitutionId("R1"), InstitutionId("R2")
P1, P2 = ProductId("P1"), ProductId("P2")
NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Clock:
    """The clock on the wall, in the hand of a test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def firm(database: Database, tmp_path: Path) -> Iterator[Firm]:
    made = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
    yield made
    made.office.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def desk(firm: Firm, at: datetime = NOW, of: InstitutionId | None = R1) -> WebhookDesk:
    return WebhookDesk(firm.office, of, by="machine:c-1", at=at)


def registered(firm: Firm, url: str, key: str = "w-1", **more: list[str]) -> Registered:
    return desk(firm).register(key, url=f"{url}/in", **more)  # type: ignore[arg-type]


def post(firm: Firm, clock: Clock, seconds: float = 5) -> PostNotices:
    return PostNotices(firm.office, now=clock, jitter=lambda: 0.5, seconds=seconds)


def happen(
    firm: Firm,
    count: int = 1,
    *,
    product: ProductId | None = P1,
    type: NoticeType = NoticeType.PRODUCT_STATUS,
    to: InstitutionId = R1,
) -> None:
    """Something happens that the institution is told of."""
    tellings = [
        Telling(
            institution=to,
            product=product,
            type=type,
            occurred_at=NOW,
            stamp=None,
            final=True,
            data={"count": number},
        )
        for number in range(count)
    ]
    with firm.office.house.database.begin() as connection:
        Notices(connection).tell(tellings)


def state_of(firm: Firm, made: Registered) -> WebhookState:
    return desk(firm).get(made.webhook.id).state


# Delivered -------------------------------------------------------------------------------------------


def test_post__the_other_side_takes_them__each_comes_once_signed_in_order(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    happen(firm, 3)  # before there was a webhook
    made = registered(firm, receiver.url)
    assert made.secret is not None
    assert made.secret.startswith("whsec_")
    happen(firm, 3)
    happen(firm, 2, product=None, type=NoticeType.MARKET_OPENED)
    happen(firm, 2, product=P2)
    happen(firm, 2, to=R2)
    posting = post(firm, clock)
    assert posting.turn() == 7
    assert posting.turn() == 0
    assert receiver.of(P1) == [4, 5, 6]
    assert receiver.of(P2) == [1, 2]
    assert receiver.of(None) == [1, 2]
    for each in receiver.came:
        assert each.path == "/in"
        assert each.is_signed_with(made.secret)
        assert not replace(each, body=each.body + b" ").is_signed_with(made.secret)
        assert each.headers["webhook-id"] == each.notice["id"]
        assert each.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
        assert each.headers["content-type"] == "application/json"
    first = next(each.notice for each in receiver.came if each.notice["product"] == P1)
    assert first == {
        "id": "R1:4",
        "type": "product.status",
        "institution": "R1",
        "product": "P1",
        "number": 4,
        "occurred_at": "2026-05-01T00:00:00Z",
        "block": None,
        "final": True,
        "data": {"count": 0},
    }
    delivered = desk(firm).deliveries(made.webhook.id)
    assert {(each.state, each.tries, each.status) for each in delivered} == {
        (DeliveryState.DELIVERED, 1, 204)
    }


def test_signature__example_of_the_specification__is_the_same() -> None:
    """The secret, message and signature that Standard Webhooks gives for checking implementations."""
    import base64

    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', secrets=[secret], at=at
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# Not delivered ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mood", "status", "problem"),
    [
        (500, 500, "answered 500"),
        (302, 302, "answered 302"),
        ("stall", None, "no answer within 0.5 seconds"),
        ("drip", None, "no answer within 0.5 seconds"),
        ("die", None, "the connection broke before there was an answer"),
    ],
)
def test_post__not_taken__is_tried_again_later_and_holds_back_its_product_only(
    firm: Firm,
    receiver: Receiver,
    clock: Clock,
    mood: int | str,
    status: int | None,
    problem: str,
) -> None:
    made = registered(firm, receiver.url)
    happen(firm, 2)
    happen(firm, 2, product=P2)
    receiver.mood = lambda it: mood if it.notice["product"] == P1 else 200
    posting = post(firm, clock, seconds=0.5)
    posting.turn()
    assert receiver.of(P1) == [1]
    assert receiver.of(P2) == [1, 2]
    assert all(each.path == "/in" for each in receiver.came)  # a redirect is not followed
    (waiting,) = desk(firm).deliveries(made.webhook.id, state=DeliveryState.WAITING)
    assert (waiting.number, waiting.tries, waiting.status) == (1, 1, status)
    assert waiting.problem == problem
    receiver.mood = lambda _: 200
    assert posting.turn() == 0  # it is not time yet
    clock.now += DELAYS[0]
    assert posting.turn() == 2
    assert receiver.of(P1) == [1, 1, 2]
    assert receiver.ids().count("R1:1") == 2


def test_post__nobody_there__is_tried_again(firm: Firm, receiver: Receiver, clock: Clock) -> None:
    made = registered(firm, "http://127.0.0.1:9")
    happen(firm)
    assert post(firm, clock).turn() == 1
    (waiting,) = desk(firm).deliveries(made.webhook.id)
    assert waiting.problem == "no connection"


def exhaust(posting: PostNotices, clock: Clock) -> None:
    """All tries of whatever is at the head."""
    posting.turn()
    for delay in DELAYS:
        clock.now += delay
        posting.turn()


def test_post__last_try_fails__is_a_dead_letter_and_the_next_follows(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    made = registered(firm, receiver.url)
    happen(firm, 3)
    receiver.mood = lambda it: 500 if it.notice["number"] == 1 else 200
    posting = post(firm, clock)
    exhaust(posting, clock)
    assert receiver.of(P1) == [1] * 8 + [2, 3]
    (dead,) = desk(firm).deliveries(made.webhook.id, state=DeliveryState.DEAD)
    assert (dead.position, dead.tries, dead.status) == (1, 8, 500)
    assert desk(firm, of=None).dead() == {made.webhook.id: 1}
    assert state_of(firm, made) is WebhookState.ACTIVE

    receiver.mood = lambda _: 200
    desk(firm, clock.now).replay_one(made.webhook.id, "R1:1")
    assert posting.turn() == 1
    assert receiver.of(P1)[-1] == 1
    assert receiver.ids()[-1] == "R1:1"
    assert desk(firm).deliveries(made.webhook.id, state=DeliveryState.DEAD) == []
    assert posting.turn() == 0


def test_replay__fails_again__is_tried_later_and_dead_again(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    made = registered(firm, receiver.url)
    happen(firm, 1)
    receiver.mood = lambda _: 500
    posting = post(firm, clock)
    exhaust(posting, clock)
    desk(firm, clock.now).replay_one(made.webhook.id, "R1:1")
    exhaust(posting, clock)
    assert len(receiver.came) == 16
    (dead,) = desk(firm).deliveries(made.webhook.id, state=DeliveryState.DEAD)
    assert dead.tries == 8


def test_replay__from_a_number__posts_all_of_it_again_in_order(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    made = registered(firm, receiver.url)
    happen(firm, 5)
    posting = post(firm, clock)
    posting.turn()
    desk(firm).replay_from(made.webhook.id, P1, 3)
    posting.turn()
    assert receiver.of(P1) == [1, 2, 3, 4, 5, 3, 4, 5]
    for number in (0, 6):
        with pytest.raises(Refusal) as refused:
            desk(firm).replay_from(made.webhook.id, P1, number)
        assert refused.value.reason is Reason.FIELD_INVALID
    for event, reason in (("R1:99", Reason.NOT_FOUND), ("R2:1", Reason.CURSOR_INVALID)):
        with pytest.raises(Refusal) as refused:
            desk(firm).replay_one(made.webhook.id, event)
        assert refused.value.reason is reason


def test_post__nothing_delivered_for_days__is_deactivated_and_loses_nothing(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    made = registered(firm, receiver.url)
    happen(firm, 9)
    receiver.mood = lambda _: 503
    posting = post(firm, clock)
    while state_of(firm, made) is WebhookState.ACTIVE:
        exhaust(posting, clock)
        assert clock.now - NOW < SILENT_FOR + timedelta(days=2)
    assert clock.now - NOW >= SILENT_FOR
    tried = max(receiver.of(P1))
    clock.now += timedelta(days=30)
    assert posting.turn() == 0
    receiver.mood = lambda _: 200
    desk(firm, clock.now).change(made.webhook.id, state=WebhookState.ACTIVE)
    posting.turn()
    assert receiver.of(P1)[-(9 - tried) :] == list(range(tried + 1, 10))
    dead = desk(firm).deliveries(made.webhook.id, state=DeliveryState.DEAD)
    assert [each.number for each in dead] == list(range(1, tried + 1))
    with firm.office.house.database.read() as connection:
        log = AuditLog(connection)
        assert len(list(log.entries(action=AuditAction.WEBHOOK_DEACTIVATED))) == 1


# Processes -------------------------------------------------------------------------------------------


def test_post__process_killed_before_the_commit__is_posted_again(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    """A real process, ended by the operating system while the other side has the message and nobody heard it answer."""
    registered(firm, receiver.url)
    happen(firm, 3)
    came, go = threading.Event(), threading.Event()

    def hold(_: Received) -> int:
        came.set()
        go.wait(10)
        return 200

    receiver.mood = hold
    url = firm.office.house.database.engine.url
    pid = os.fork()
    if not pid:  # pragma: no cover - another process
        try:
            fresh = Database(url)
            office = _with_database(firm.office, fresh)
            PostNotices(office, now=clock, jitter=lambda: 0.5, seconds=30).turn()
        finally:
            os._exit(0)
    child = Child(pid)
    try:
        assert came.wait(10)
        assert post(firm, clock).turn() == 0  # the other process holds it
    finally:
        child.kill()
        go.set()
    receiver.mood = lambda _: 200
    wait_until(lambda: post(firm, clock).turn() > 0)
    assert receiver.of(P1) == [1, 1, 2, 3]
    assert receiver.ids()[:2] == ["R1:1", "R1:1"]


def _with_database(office: Office, database: Database) -> Office:
    return Office(replace(office.house, database=database), office.deployment)


def test_post__two_at_once__each_notice_comes_once_and_in_order(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    registered(firm, receiver.url)
    receiver.mood = lambda _: time.sleep(0.02) or 204
    for product in (P1, P2, None):
        happen(firm, 15, product=product)
    stop = threading.Event()
    workers = [
        threading.Thread(target=PostNotices(firm.office, now=clock, workers=3).work, args=(stop,))
        for _ in range(2)
    ]
    for each in workers:
        each.start()
    try:
        wait_until(lambda: len(receiver.came) >= 45)
    finally:
        stop.set()
        for each in workers:
            each.join()
    for product in (P1, P2, None):
        assert receiver.of(product) == list(range(1, 16))
    assert 2 <= receiver.most_at_once <= 3  # three lanes, and none of them twice


def test_post__one_webhook_stalls__others_are_posted_meanwhile(
    firm: Firm, receiver: Receiver
) -> None:
    receiver.mood = lambda _: "stall"
    with receiving() as other:
        registered(firm, receiver.url)
        desk(firm, of=R2).register("w-1", url=f"{other.url}/in")
        for number in range(20):
            happen(firm, product=ProductId(f"P{number}"))
        stop = threading.Event()
        posting = threading.Thread(target=PostNotices(firm.office, seconds=3).work, args=(stop,))
        posting.start()
        try:
            wait_until(lambda: receiver.at_once == PER_WEBHOOK)
            happen(firm, 5, to=R2)
            wait_until(lambda: len(other.came) == 5, 2.5)
            assert receiver.most_at_once == PER_WEBHOOK
        finally:
            stop.set()
            posting.join()


def test_service__notices_are_told__posts_them_by_itself(firm: Firm, receiver: Receiver) -> None:
    registered(firm, receiver.url)
    told: list[object] = []
    service = Service(firm.office, {Role.JOBS}, tell=lambda *what: told.append(what))
    with service.running():
        firm.verify([0])
        firm.issue(100)
        firm.office.read()
        wait_until(lambda: any(e.notice["type"] == "register.issue" for e in receiver.came))
    assert receiver.of(P1) == list(range(1, len(receiver.of(P1)) + 1))
    assert told == []


# What it is for --------------------------------------------------------------------------------------


def test_post__types_and_products_chosen__nothing_else_comes(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    with receiving() as other:
        registered(firm, receiver.url, types=["market", "product.status"])
        registered(firm, other.url, "w-2", products=["P2"])
        happen(firm, 2, type=NoticeType.ISSUE)
        happen(firm, 1)
        happen(firm, 1, product=None, type=NoticeType.MARKET_CLOSED)
        happen(firm, 2, product=P2, type=NoticeType.TRANSFER)
        post(firm, clock).turn()
        happen(firm, 1, type=NoticeType.ISSUE)
        happen(firm, 1)
        post(firm, clock).turn()
        assert receiver.of(P1) == [3, 5]
        assert receiver.of(None) == [1]
        assert receiver.of(P2) == []
        assert other.of(P2) == [1, 2]
        assert len(other.came) == 2


def test_rotate__for_a_day_both_secrets_sign__then_the_new_one(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    made = registered(firm, receiver.url)
    rotated = desk(firm).rotate(made.webhook.id)
    assert made.secret is not None
    assert rotated.secret is not None
    assert rotated.secret != made.secret
    happen(firm, 1)
    post(firm, clock).turn()
    assert receiver.came[-1].is_signed_with(made.secret)
    assert receiver.came[-1].is_signed_with(rotated.secret)
    clock.now += timedelta(hours=24)
    happen(firm, 1)
    post(firm, clock).turn()
    assert not receiver.came[-1].is_signed_with(made.secret)
    assert receiver.came[-1].is_signed_with(rotated.secret)


def test_change__paused_and_active_again__what_came_meanwhile_waits(
    firm: Firm, receiver: Receiver, clock: Clock
) -> None:
    made = registered(firm, receiver.url)
    desk(firm).change(made.webhook.id, state=WebhookState.PAUSED)
    happen(firm, 2)
    assert post(firm, clock).turn() == 0
    desk(firm).change(made.webhook.id, state=WebhookState.ACTIVE)
    assert post(firm, clock).turn() == 2
    desk(firm).delete(made.webhook.id)
    happen(firm, 2)
    assert post(firm, clock).turn() == 0
    with pytest.raises(Refusal) as refused:
        desk(firm).get(made.webhook.id)
    assert refused.value.reason is Reason.NOT_FOUND


def test_register__again__is_the_same_without_the_secret(firm: Firm) -> None:
    made = registered(firm, "https://events.example.com")
    again = registered(firm, "https://events.example.com")
    assert again.webhook == made.webhook
    assert again.secret is None
    with pytest.raises(Refusal) as refused:
        registered(firm, "https://elsewhere.example.com")
    assert refused.value.reason is Reason.COMMAND_KEY_REUSED
    with pytest.raises(Refusal) as refused:
        desk(firm).change(made.webhook.id, types=["nothing.such"])
    assert refused.value.reason is Reason.FIELD_INVALID
    for number in range(2, 11):
        registered(firm, "https://events.example.com", f"w-{number}")
    with pytest.raises(Refusal) as refused:
        registered(firm, "https://events.example.com", "w-11")
    assert refused.value.reason is Reason.WEBHOOKS_EXCEEDED


def test_desk__webhook_of_another_institution__is_not_found(firm: Firm) -> None:
    made = registered(firm, "https://events.example.com")
    theirs = desk(firm, of=R2)
    for act in (
        lambda: theirs.get(made.webhook.id),
        lambda: theirs.delete(made.webhook.id),
        lambda: theirs.rotate(made.webhook.id),
        lambda: theirs.deliveries(made.webhook.id),
        lambda: theirs.replay_from(made.webhook.id, P1, 1),
        lambda: theirs.replay_one(made.webhook.id, "R1:1"),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.reason is Reason.NOT_FOUND
    assert theirs.all() == []


def test_secret__stored__is_sealed(firm: Firm) -> None:
    made = registered(firm, "https://events.example.com")
    assert made.secret is not None
    assert "whsec_" not in repr(made)
    with firm.office.house.database.read() as connection:
        rows = connection.execute(
            text("SELECT w::text || coalesce(s::text, '') FROM webhook w, vault_secret s")
        )
        assert all("whsec_" not in each for (each,) in rows)


# Where it may lead -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://events.example.com/in",
        "ftp://events.example.com/in",
        "https://user:secret@events.example.com/in",
        "https://events.example.com/in#part",
        "https:///in",
        "https://127.0.0.1/in",
        "https://10.1.2.3/in",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/in",
        "https://[::ffff:10.1.2.3]/in",
        "https://[64:ff9b::a00:1]/in",
        "https://[2002:a00:1::]/in",
        "https://[fe80::1]/in",
        "https://[fc00::1]/in",
        "https://0.0.0.0/in",
        "https://224.0.0.1/in",
        "https://100.64.0.1/in",
        "https://events.example.com:99999/in",
        "https://events.example.com/in\nHost: other",
        "https://events.example.com/in\x7f",
        "https://" + "x" * 600,
        "https://" + "x" * 64 + ".example.com/in",
        "https://events..example.com/in",
        "https://.example.com/in",
        "https://xn--.com/in",
    ],
)
def test_url__not_proper__is_refused(url: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_url(url, development=False)
    assert refused.value.reason is Reason.WEBHOOK_URL_REFUSED
    assert url not in str(refused.value.facts)


def test_url__proper__is_taken() -> None:
    require_url("https://events.example.com:8443/in?a=1", development=False)
    require_url("https://8.8.8.8/in", development=False)
    require_url("http://localhost:9000/in", development=True)
    require_url("http://[::1]:9000/in", development=True)
    network = ipaddress.ip_network("10.1.0.0/16")
    require_url("https://10.1.2.3/in", development=False, networks=[network])
    with pytest.raises(Refusal):
        require_url("https://10.2.2.3/in", development=False, networks=[network])
    with pytest.raises(Refusal):
        require_url("http://10.1.2.3/in", development=True, networks=[network])


@given(st.ip_addresses())
def test_reachable__any_address__is_public_or_refused(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    try:
        require_reachable([ipaddress.ip_address("8.8.8.8"), address], development=False)
    except Refusal:
        return
    assert address.is_global
    assert not any((address.is_loopback, address.is_link_local, address.is_multicast))


def test_poster__name_leads_into_a_private_network__nothing_is_sent(receiver: Receiver) -> None:
    """`localhost` stands for any name whose owner lets it lead where it should not."""
    port = receiver.url.rpartition(":")[2]
    with Poster(development=False) as poster:
        posted = poster.post(f"http://localhost:{port}/in", b"{}", {})
    assert posted.problem == "not posted: leads into a network that is not public"
    assert receiver.came == []
    with Poster(development=True) as poster:
        assert poster.post(f"http://localhost:{port}/in", b"{}", {}).status == 204
    network = ipaddress.ip_network("127.0.0.0/8")
    with Poster(development=False, networks=[network]) as poster:
        assert poster.post(f"http://127.0.0.1:{port}/in", b"{}", {}).status == 204
        nowhere = poster.post("https://nowhere.invalid/in", b"{}", {})
    assert nowhere.problem == "its name leads nowhere"


@pytest.mark.parametrize(
    "url",
    [
        "https://" + "x" * 64 + ".invalid/in",
        "https://a..invalid/in",
        "https://xn--.invalid/in",
        "https://xn--99999999999999.invalid/in",
        "https://a.invalid/in\x7f",
    ],
)
def test_poster__address_that_no_library_takes__is_told_and_the_next_is_posted(
    receiver: Receiver, url: str
) -> None:
    """Such as one that was stored before it was refused."""
    with Poster(development=True) as poster:
        assert poster.post(url, b"{}", {}).problem == "its address cannot be used"
        port = receiver.url.rpartition(":")[2]
        assert poster.post(f"http://localhost:{port}/in", b"{}", {}).status == 204


@given(st.integers(1, 7), st.floats(0, 1))
def test_next_try__any_jitter__is_later_and_never_far_off(tries: int, jitter: float) -> None:
    due = next_try(tries, at=NOW, jitter=jitter)
    assert due is not None
    assert DELAYS[tries - 1] * 0.79 < due - NOW < DELAYS[tries - 1] * 1.21
    assert next_try(8, at=NOW, jitter=jitter) is None
