"""Webhooks from the command line, for whoever is on call, beside a system that runs and posts.

given a system that runs and an institution's webhook
├── when something happens: it should be posted by itself
├── when it is refused to the last try: it should be listed as dead, with why
├── when it is replayed, by itself or from a number on: it should come again
└── when what is asked does not fit: one line should say so
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import EXAMPLE, inside, running
from tests.support.receiver import Receiver, receiving, wait_until

from genbo.bootstrap.webhook_post import PostNotices
from genbo.bootstrap.webhooks import WebhookDesk
from genbo.cli.session import office
from genbo.governance.institutions import InstitutionId
from genbo.governance.notices import DELAYS

PRODUCT = "SHIBUYA-JINNAN"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running_receiver:
        yield running_receiver


def said(data: Path, *words: object) -> dict[str, Any]:
    ran = inside("webhook", *words, "--json", data=data)
    assert ran.code == 0, ran.err
    return dict(ran.document)


def registered(data: Path, url: str) -> str:
    """The registrar's webhook, for what is told of products."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBO_DATA", str(data))
        with office(read=False) as working:
            (registrar,) = [
                each.id for each in _institutions(working) if each.role.value == "registrar"
            ]
            desk = WebhookDesk(
                working, InstitutionId(registrar), by="machine:c-1", at=datetime.now(UTC)
            )
            return desk.register("w-1", url=url, types=["product"]).webhook.id


def _institutions(working: Any) -> list[Any]:
    from genbo.storage.parties import Parties

    with working.house.database.read() as connection:
        return list(Parties(connection).institutions())


def exhaust(data: Path) -> None:
    """Every try, as if days went by."""
    now = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBO_DATA", str(data))
        with office(read=False) as working:
            clock = [now]
            posting = PostNotices(working, now=lambda: clock[0], jitter=lambda: 0.5)
            for delay in (timedelta(seconds=30), *DELAYS):
                clock[0] += delay * 1.3
                posting.turn()


def test_webhook__posted_refused_replayed__is_seen_by_who_is_on_call(
    tmp_path: Path, receiver: Receiver
) -> None:
    data = tmp_path / "data"
    receiver.mood = lambda _: 500
    with running("up", "--port", 0, "--json", data=data) as up:
        up.await_document()
        assert inside("firm", "register", EXAMPLE / "firms.yaml", data=data).code == 0
        id = registered(data, f"{receiver.url}/in")
        assert said(data, "list")["webhooks"][0]["state"] == "active"
        created = inside("product", "create", EXAMPLE / "product.yaml", data=data)
        assert created.code == 0, created.err
        wait_until(lambda: len(receiver.came) > 0, 20)
        exhaust(data)
        dead = said(data, "dead", id)["dead"]
        assert dead
        assert (dead[0]["tries"], dead[0]["problem"]) == (8, "answered 500")
        assert dead[0]["product"] == PRODUCT
        assert said(data, "list")["webhooks"][0]["dead"] == len(dead)

        receiver.mood = lambda _: 204
        count = len(receiver.came)
        said(data, "replay", id, "--event", dead[0]["event"])
        wait_until(lambda: dead[0]["event"] in receiver.ids()[count:], 20)
        count = len(receiver.came)
        said(data, "replay", id, "--product", PRODUCT, "--from", dead[0]["number"])
        wait_until(lambda: dead[0]["number"] in receiver.of(PRODUCT)[count:], 20)

        for words in (
            ("replay", id),
            ("replay", id, "--event", dead[0]["event"], "--from", 1),
            ("replay", "wh_nothing", "--from", 1),
            ("replay", id, "--from", 99),
            ("dead", "wh_nothing"),
        ):
            ran = inside("webhook", *words, data=data)
            assert ran.code in (1, 2)
            assert len(ran.err.strip().splitlines()) <= 2, ran.err
        assert up.end().code == 0
