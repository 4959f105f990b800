"""Modes: every mutation may be asked about and prepared, and leaves nothing behind until it is submitted.

given the routes whose method is that of a mutation
├── each has modes, or stands in WITHOUT with the reason
└── each that says nothing of modes itself is ordered by a test of the interface: there it is asked about first
given a mutation that no key signs
├── when it is asked about (`dry_run`): nothing is stored, and what would be refused is said as it would be
│   ├── the key is not used up, and may come with another request afterwards
│   ├── when the same was done before: it is allowed, for it would be answered as it was
│   └── when it asks for what is not there: 404 as ever, and that this was told stays recorded
├── when it is prepared: there is nothing to sign; what would be refused is refused
└── when many transfers are asked about: row by row, and none is kept
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.api.conftest import World, refused
from tests.api.rehearsed import digest

from genbo.api.access import RouteKey, routes_of
from genbo.api.mode import WITHOUT, takes_mode
from genbo.api.router import CHANGING
from genbo.api.v1 import ACCESS
from genbo.governance.users import Scope

HERE = Path(__file__).parent
NEW = {"url": "https://events.example.com/modes"}


@pytest.fixture(scope="module")
def rehearsed(world: World) -> list[RouteKey]:
    found = routes_of(world.client.app).items()  # type: ignore[arg-type]
    return [key for key, route in found if getattr(route, "rehearses", False)]


def test_mutations__all_of_them__have_modes_or_a_reason(
    world: World, rehearsed: list[RouteKey]
) -> None:
    routes = routes_of(world.client.app)  # type: ignore[arg-type]
    assert WITHOUT.keys() <= routes.keys()
    assert all(WITHOUT.values())
    for (method, path), route in routes.items():
        if method not in CHANGING or (method, path) in WITHOUT:
            continue
        assert ACCESS[method, path].scope is Scope.UPDATE, f"{path}: is it a mutation?"
        own = takes_mode(path, route.endpoint)
        assert own is not ((method, path) in rehearsed), f"{method} {path}"


def ordered() -> Iterator[str]:
    """Last words of the paths that the tests of the interface name."""
    for file in sorted(HERE.glob("test_*.py")):
        yield from re.findall(r'/([a-z-]+)"', file.read_text("utf-8"))


def test_rehearsed__each_route__is_ordered_by_a_test(rehearsed: list[RouteKey]) -> None:
    named = set(ordered())
    missing = [path for _, path in rehearsed if path.rsplit("/", 1)[-1] not in named]
    assert all(path.endswith("}") for path in missing), missing


def test_dry_run__of_what_would_be_done__leaves_nothing(world: World) -> None:
    database = world.firm.office.house.database
    before = digest(database)
    asked = world.order("B1", "/webhooks", NEW, key="modes-1", mode="dry_run")
    assert (asked.status_code, asked.json()) == (200, {"allowed": True, "refusal": None})
    assert digest(database) == before
    # The key was not used up.
    other = world.order("B1", "/webhooks", {**NEW, "types": ["register"]}, key="modes-1")
    assert other.status_code == 201
    assert digest(database) != before


def test_dry_run__of_what_was_done__is_allowed_and_of_another_is_not(world: World) -> None:
    done = world.order("B1", "/webhooks", NEW, key="modes-2")
    assert done.status_code == 201
    again = world.order("B1", "/webhooks", NEW, key="modes-2", mode="dry_run")
    assert again.json()["allowed"]
    other = world.order(
        "B1", "/webhooks", {**NEW, "types": ["order"]}, key="modes-2", mode="dry_run"
    )
    assert not other.json()["allowed"]
    assert other.json()["refusal"]["reason"] == "command_key_reused"


def test_dry_run__of_what_is_not_there__is_told_and_recorded(world: World) -> None:
    database = world.firm.office.house.database

    def told() -> int:
        with database.read() as connection:
            query = text("SELECT count(*) FROM audit WHERE subject = 'IV-NOBODY'")
            return int(connection.scalar(query) or 0)

    before = told()
    asked = world.order("B1", "/investors/IV-NOBODY", {}, method="PATCH", mode="dry_run")
    assert (asked.status_code, refused(asked)) == (404, "not_found")
    assert told() == before + 1


def test_prepare__where_no_key_signs__says_so_or_refuses(world: World) -> None:
    ready = world.order("B1", "/webhooks", NEW, mode="prepare")
    assert (ready.status_code, ready.json()) == (200, {"needed": 0, "sign": None})
    wrong = world.order("B1", "/webhooks", {"url": "http://plain.example.com"}, mode="prepare")
    assert refused(wrong) == "webhook_url_refused"


def test_mode__that_is_none__is_refused(world: World) -> None:
    wrong = world.order("B1", "/webhooks", NEW, mode="perhaps")
    assert (wrong.status_code, refused(wrong)) == (422, "request_malformed")
