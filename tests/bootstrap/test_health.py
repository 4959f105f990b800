"""Health says what is well, what is not, and why.

given a system where all is well
└── every check should be well, with its figures
given a node that does not answer, is far behind, or is on another chain
└── it should be named, with what it says; the others stay well
given a database that does not answer, or is at another migration
└── it should be named, and the nodes looked at all the same
given a register that is behind the chain, or on another branch
└── it should be named
given a reader that waits for something
└── that should be told
given the page
├── it should answer 200 when all is well, 503 when not, and 404 elsewhere
├── it should ask the nodes once, however often it is asked
└── a port that cannot be had should be refused
"""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text
from tests.support.chain import Stage, build
from tests.support.proxy import Proxy, proxy
from tests.support.recorded import record

from genbo.bootstrap.examination import examine_settings
from genbo.bootstrap.health import FAR_BEHIND, PROBES, Check, Health, examine
from genbo.bootstrap.health_server import serve_health
from genbo.bootstrap.house import House
from genbo.bootstrap.indexer import Indexer
from genbo.chain.endpoints import Endpoints
from genbo.chain.rpc import serve
from genbo.compliance.reasons import Language
from genbo.config import Settings
from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database

SECONDS = 0.4


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


class Site:
    """Two nodes of one chain, a database, and a register that was read to the latest block."""

    def __init__(self, stack: ExitStack, database: Database, stages: tuple[Stage, Stage]) -> None:
        self.stages = stages
        self.first, self.second = (
            stack.enter_context(proxy(stack.enter_context(serve(stage.node))))
            for stage in self.stages
        )
        self.now = 0.0
        self.both = Endpoints(
            [self.first.url, self.second.url], seconds=SECONDS, monotonic=lambda: self.now
        )
        stack.callback(self.both.close)
        record(database, self.stages[0].deployment)
        self.house = House(
            node=self.both,
            database=database,
            vault=cast(Any, None),
            deployments=Path(),
            folder=Path(),
        )
        self.indexer = Indexer(self.both, database, self.stages[0].deployment)
        self.indexer.catch_up()

    def grow(self, *stages: Stage, blocks: int, every: int = 10) -> None:
        for stage in stages:
            for _ in range(blocks):
                stage.node.advance_to(stage.node.stamp().at + timedelta(seconds=every))

    def look(self) -> dict[str, Check]:
        self.now += 100  # every rest is over
        return {check.name: check for check in examine(self.house).checks}

    def name(self, one: Proxy) -> str:
        return f"node {one.url}"


@pytest.fixture(scope="module")
def twins() -> tuple[Stage, Stage]:
    return build(), build()


@pytest.fixture
def site(stack: ExitStack, database: Database, twins: tuple[Stage, Stage]) -> Iterator[Site]:
    before = [stage.node.snapshot() for stage in twins]
    yield Site(stack, database, twins)
    for stage, snapshot in zip(twins, before, strict=True):
        stage.node.revert(snapshot)


def reason(check: Check) -> Reason | None:
    return None if check.trouble is None else check.trouble.reason


def not_well(found: dict[str, Check]) -> dict[str, Reason | None]:
    return {name: reason(check) for name, check in found.items() if not check.ok}


def test_health__all_well__every_check_with_its_figures(site: Site) -> None:
    found = site.look()
    assert not_well(found) == {}
    names = ["database", site.name(site.first), site.name(site.second)]
    assert list(found) == [*names, "indexer", "sender", "jobs"]
    head = site.stages[0].node.stamp().number
    indexer = found["indexer"].facts
    assert (indexer["block"], indexer["head"], indexer["lag"]) == (head, head, 0)
    assert (indexer["final"], indexer["confirmations"]) == (head, 0)
    node = found[site.name(site.second)].facts
    assert (node["head"], node["lag"]) == (head, 0)
    assert isinstance(node["milliseconds"], int)


@pytest.mark.parametrize("how", ["stalls", "hangs_up", "cuts"])
def test_health__node_does_not_answer__is_named(site: Site, how: str) -> None:
    getattr(site.first, how)()
    assert not_well(site.look()) == {site.name(site.first): Reason.NODE_UNREACHABLE}
    site.first.well()
    assert not_well(site.look()) == {}


def test_health__node_is_far_behind__is_named(site: Site) -> None:
    site.grow(site.stages[0], blocks=FAR_BEHIND)
    site.indexer.catch_up()
    assert not_well(site.look()) == {}
    site.grow(site.stages[0], blocks=1)
    found = site.look()
    assert not_well(found) == {site.name(site.second): Reason.NODE_BEHIND}
    assert found[site.name(site.second)].facts["lag"] == FAR_BEHIND + 1


def test_health__nodes_disagree__says_what_each_says(site: Site) -> None:
    shared = site.stages[0].node.stamp().number
    site.grow(site.stages[0], blocks=3, every=10)
    site.grow(site.stages[1], blocks=3, every=11)
    site.indexer.catch_up()
    found = site.look()
    disagree = Reason.NODES_DISAGREE
    assert not_well(found) == {site.name(site.first): disagree, site.name(site.second): disagree}
    for one, stage in ((site.first, site.stages[0]), (site.second, site.stages[1])):
        facts = found[site.name(one)].facts
        assert facts["agrees_up_to"] == shared
        assert facts["differs_at"] == shared + 1
        assert facts["says"] == stage.node.stamp(shared + 1).hash
    assert found["indexer"].facts["final"] == shared


def test_health__register_is_far_behind__is_named(site: Site) -> None:
    site.grow(*site.stages, blocks=FAR_BEHIND + 1)
    assert not_well(site.look()) == {"indexer": Reason.REGISTER_BEHIND}
    site.indexer.catch_up()
    assert not_well(site.look()) == {}


def test_health__register_is_on_another_branch__is_named(site: Site) -> None:
    for stage in site.stages:
        stage.node.revert(stage.node.stamp(stage.node.stamp().number - 1).hash)
    site.grow(*site.stages, blocks=2, every=17)
    found = site.look()
    assert not_well(found) == {"indexer": Reason.REGISTER_BEHIND}
    assert found["indexer"].trouble is not None
    assert "another block" in str(found["indexer"].trouble.facts["problem"])


def test_health__database_at_another_migration__is_named(site: Site) -> None:
    with site.house.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not_well(site.look()) == {"database": Reason.DATABASE_MIGRATION}


def test_health__database_does_not_answer__nodes_are_looked_at_all_the_same(
    site: Site, tmp_path: Path
) -> None:
    gone = Database(f"postgresql://genbo@/genbo?host={tmp_path}")
    house = House(**{**vars_of(site.house), "database": gone})
    found = {check.name: check for check in examine(house).checks}
    away = Reason.DATABASE_UNREACHABLE
    assert not_well(found) == {"database": away, "indexer": away, "sender": away, "jobs": away}
    assert found[site.name(site.first)].ok


def vars_of(house: House) -> dict[str, Any]:
    return {name: getattr(house, name) for name in House.__slots__}


def test_health__reader_waits_for_something__is_told(site: Site) -> None:
    found = examine(site.house, waiting_for=Fault(Reason.DATABASE_FULL, url="here"))
    assert not found.ok
    assert found.checks[-1].name == "reading"
    document = found.document(Language.JA)
    assert document["checks"][-1]["reason"] == "database_full"
    assert document["checks"][-1]["sentence"].startswith("データベース")
    json.dumps(document)


def test_health__part_that_is_added__is_looked_at(site: Site) -> None:
    def sender(house: House) -> list[Check]:
        return [Check(name="sender", ok=True, facts={"waiting": 0})]

    found = examine(site.house, probes=(*PROBES, sender))
    assert found.checks[-1] == Check(name="sender", ok=True, facts={"waiting": 0})


# Of settings --------------------------------------------------------------------------------------------


def test_examination__everything_away__names_every_part(
    site: Site, tmp_path: Path, stack: ExitStack
) -> None:
    (tmp_path / "deployments").mkdir()
    (tmp_path / "deployments" / "1.json").write_text("{}")
    kek = tmp_path / "kek"
    kek.touch(mode=0o600)
    kek.write_text("A" * 43 + "=")
    site.first.hangs_up()
    found = examine_settings(
        Settings(
            data=tmp_path,
            node_url=f"{site.first.url},{site.second.url}",  # type: ignore[arg-type]
            database_url=f"postgresql://genbo:hush@/genbo?host={tmp_path}",  # type: ignore[arg-type]
            kek_file=kek,
            node_seconds=1,
        ),
        at=site.stages[0].node.stamp().at,
    )
    checks = {check.name: check for check in found.checks}
    assert not_well(checks) == {
        "database": Reason.DATABASE_UNREACHABLE,
        site.name(site.first): Reason.NODE_UNREACHABLE,
    }
    assert checks[site.name(site.second)].ok
    assert "hush" not in json.dumps(found.document())


# The page -----------------------------------------------------------------------------------------------


def ask(url: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_page__asked__says_what_the_command_says() -> None:
    looks = []
    well = [True]

    def look() -> Health:
        looks.append(1)
        trouble = None if well[0] else Fault(Reason.NODE_UNREACHABLE, url="http://x")
        return Health((Check(name="node", ok=well[0], facts={"head": 1}, trouble=trouble),))

    with serve_health(0, look) as url:
        for _ in range(20):
            assert ask(url) == (200, look().document())
        assert len(looks) < 20 + 5  # those of the test, and a fresh one a second
        assert ask(url.replace("/health", "/"))[0] == 404
    well[0] = False
    with serve_health(0, look) as url:
        status, document = ask(url)
    assert (status, document["ok"]) == (503, False)
    assert document["checks"][0]["reason"] == "node_unreachable"
    assert "Start the node" in document["checks"][0]["remedy"]


def test_page__port_is_taken__is_refused() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Fault) as fault, serve_health(port, lambda: Health(())):
            pass
    assert fault.value.reason is Reason.SETTING_INVALID
    assert fault.value.facts["setting"] == "--health-port"
    with pytest.raises(Fault), serve_health(70_000, lambda: Health(())):
        pass
