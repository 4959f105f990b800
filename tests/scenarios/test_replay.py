"""The register from the chain alone, as an auditor makes it, and where a stored one parts from it.

given a system in which the whole life of a product happened
├── it should come to the service's own digest, without a database
├── it should be the register of any block, and refuse a block that there is not
└── it should find every raw event and every derived row identical
given a database that somebody changed
├── when a derived row was changed, removed or added
│   └── it should name holder, address, product, block, and what was expected and found; of several the earliest
├── when a raw event was removed or added
│   └── it should name the place in the ledger
└── when the block it was read to is another
    └── it should say so
given a chain that is reorganised while it is read
└── it should read again, and end with a fault when that does not help
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.conftest import Told
from tests.support.command import Ran, inside, running
from tests.support.database import database_behind, database_of, everything

from genbo.bootstrap import from_chain
from genbo.chain.deployments import load
from genbo.chain.networks import EMBEDDED_CHAIN_ID
from genbo.chain.remote import RemoteNode, connect
from genbo.kernel import BlockStamp, Fault, Reason

PRODUCT = "SHIBUYA-JINNAN"
TABLES = ("lot", "position", "total_issued", "trade", "trade_piece", "event_raw")


@pytest.fixture(scope="module")
def up(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A copy of the demo's data folder, in which `genbo up` runs, and the address of its chain."""
    data = tmp_path_factory.mktemp("replayed") / "data"
    subprocess.run(["cp", "-a", told.at_rest, data], check=True)
    with running("up", "--port", 0, "--json", data=data) as process:
        url = process.await_document()["node_url"]
        yield data, url
        assert process.end().code == 0


def replay(data: Path, *arguments: object, **settings: object) -> Ran:
    return inside("replay", "--from-chain", *arguments, "--json", data=data, **settings)


@contextmanager
def changed(data: Path, *statements: str) -> Iterator[None]:
    """The database after statements of somebody whom no trigger stops; put right again afterwards."""
    with database_of(data) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in TABLES:
            connection.execute(f'CREATE TABLE "kept_{table}" AS TABLE "{table}"')
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
    try:
        yield
    finally:
        with database_of(data) as connection:
            connection.execute("SET session_replication_role = replica")
            for table in TABLES:
                connection.execute(f'DELETE FROM "{table}"')
                connection.execute(f'INSERT INTO "{table}" TABLE "kept_{table}"')
                connection.execute(f'DROP TABLE "kept_{table}"')


# Everything agrees -----------------------------------------------------------------------------------


def test_replay__from_the_chain_alone__comes_to_the_digest_of_the_service(
    up: tuple[Path, str], tmp_path: Path
) -> None:
    data, url = up
    told = inside("check", "--json", data=data).document
    (sentence,) = [each["sentence"] for each in told["findings"] if each["invariant"] == 2]
    # An auditor has the deployment file and a node, and no database.
    auditor = tmp_path / "auditor"
    (auditor / "deployments").mkdir(parents=True)
    for file in (data / "deployments").iterdir():
        (auditor / "deployments" / file.name).write_bytes(file.read_bytes())
    ran = replay(auditor, node_url=url)
    assert ran.code == 0, ran.err
    (product,) = ran.document["products"]
    assert product["product"] == PRODUCT
    assert product["digest"][:16] in sentence
    assert ran.document["compared"] is False
    assert sorted(path.name for path in auditor.rglob("*")) == sorted(
        ["deployments", *(file.name for file in (data / "deployments").iterdir())]
    )


def test_replay__up_to_a_block__is_the_register_of_that_block(up: tuple[Path, str]) -> None:
    data, _ = up
    shown = inside(
        *("register", "show", "--product", PRODUCT, "--as-of", "2022-01-31", "--json"), data=data
    ).document
    block = shown["block"]["number"]
    (product,) = replay(data, "--block", block).document["products"]
    assert (product["total_issued"], product["holders"]) == (1_453, 503)
    as_of_block = inside(
        *("register", "show", "--product", PRODUCT, "--as-of-block", block, "--json"), data=data
    ).document
    assert as_of_block["lines"] == shown["lines"]
    assert as_of_block["block"] == shown["block"]
    next_block = inside(
        *("register", "show", "--product", PRODUCT, "--as-of-block", block + 1, "--json"),
        data=data,
    ).document
    assert (next_block["holders"], next_block["block"]["number"]) == (504, block + 1)
    for arguments in (
        ("replay", "--from-chain", "--block", 10_000, "--json"),
        ("register", "show", "--product", PRODUCT, "--as-of-block", 10_000, "--json"),
        ("register", "show", "--product", PRODUCT, "--as-of-block", 0, "--json"),
    ):
        refused = inside(*arguments, data=data)
        assert (refused.code, refused.error["reason"]) == (1, "block_unknown")
        assert refused.error["facts"]["last"] > 60


def test_replay__compared__is_identical_and_changes_nothing(up: tuple[Path, str]) -> None:
    data, _ = up
    before = everything(data)
    ran = replay(data, "--compare")
    assert ran.code == 0
    assert (ran.document["identical"], ran.document["first_difference"]) == (True, None)
    assert ran.document["logs"] == len(before["event_raw"])
    assert replay(data, "--compare", "--product", PRODUCT).document["identical"] is True
    assert everything(data) == before
    text = inside("replay", "--from-chain", "--compare", data=data)
    assert "identical to the database" in text.out
    assert "read blocks" in text.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "say where from"),
        (("--from-chain", "--compare", "--block", 4), 2, "leave out --block"),
        (("--from-chain", "--product", "NONE"), 1, "product_unknown"),
        (("--from-chain", "--compare", "--product", "NONE"), 1, "product_unknown"),
    ],
)
def test_replay__cannot_be__is_one_line(
    up: tuple[Path, str], arguments: tuple[object, ...], code: int, words: str
) -> None:
    refused = inside("replay", *arguments, data=up[0])
    assert refused.code == code
    assert words in refused.err


# A database that somebody changed --------------------------------------------------------------------

OF_400 = "(SELECT address FROM position WHERE units = 400 ORDER BY from_block LIMIT 1)"


@pytest.mark.parametrize(
    ("statement", "what", "expected", "found"),
    [
        (
            f"UPDATE lot SET acquired = acquired + 1 WHERE address = {OF_400} AND units = 400",
            "lot ",
            "acquired 2021-08-11",
            "acquired 2021-08-12",
        ),
        (
            f"UPDATE position SET units = 401 WHERE address = {OF_400} AND units = 400",
            "position from ",
            "units 400",
            "units 401",
        ),
        (
            f"DELETE FROM position WHERE address = {OF_400} AND units = 400",
            "position from ",
            "units 400",
            "nothing",
        ),
        (
            f"UPDATE position SET until_log_index = until_log_index + 1"
            f" WHERE address = {OF_400} AND units = 400",
            "position from ",
            "until_log_index ",
            "until_log_index ",
        ),
        (
            "UPDATE trade SET ref = 'COURT-2022-9' WHERE ref = 'COURT-2022-1'",
            "trade ",
            "ref COURT-2022-1",
            "ref COURT-2022-9",
        ),
        (
            "UPDATE total_issued SET units = 14531 WHERE units = 14530",
            "total issued from ",
            "units 14530",
            "units 14531",
        ),
        (
            "UPDATE trade_piece SET units = units + 1 WHERE units = 3",
            "piece 0 of the trade at ",
            "units 3",
            "units 4",
        ),
    ],
    ids=["lot", "position", "row gone", "end", "trade", "total", "piece"],
)
def test_compare__derived_row_changed__explains_the_first_difference(
    up: tuple[Path, str], statement: str, what: str, expected: str, found: str
) -> None:
    data, _ = up
    with changed(data, statement):
        ran = replay(data, "--compare")
    assert ran.code == 1
    assert ran.document["identical"] is False
    first = ran.document["first_difference"]
    assert first["what"].startswith(what)
    assert expected in first["expected"]
    assert found in first["found"]
    assert (first["product"], first["exact"]) == (PRODUCT, True)
    assert (first["holder"] or "IV-").startswith("IV-")


def test_check__derived_row_changed__explains_the_same_difference_to_people(
    up: tuple[Path, str],
) -> None:
    """From the stored events, where the replay comes to it from the chain."""
    data, _ = up
    with changed(
        data,
        f"UPDATE lot SET acquired = acquired + 1 WHERE address = {OF_400} AND units = 400",
    ):
        replayed = replay(data, "--compare").document["first_difference"]
        checked = inside("check", data=data)
    assert checked.code == 1
    place = f"block {replayed['block']}, log {replayed['log_index']}"
    assert f"FIRST DIFFERENCE: {place}: {replayed['what']}" in checked.out
    for name in ("product", "holder", "address", "expected", "found"):
        assert f"    {name:<9}{replayed[name]}" in checked.out


def test_compare__several_rows_changed__names_the_earliest(up: tuple[Path, str]) -> None:
    data, _ = up
    with changed(
        data,
        "UPDATE total_issued SET units = 14531 WHERE units = 14530",
        f"UPDATE lot SET acquired = acquired + 1 WHERE address = {OF_400} AND units = 400",
        "UPDATE trade SET ref = 'COURT-2022-9' WHERE ref = 'COURT-2022-1'",
    ):
        first = replay(data, "--compare").document["first_difference"]
    assert first["what"].startswith("lot ")


def test_compare__rows_of_nobody__are_found(up: tuple[Path, str]) -> None:
    data, _ = up
    with changed(
        data,
        "INSERT INTO position SELECT (jsonb_populate_record(p, jsonb_build_object('address',"
        f" '0x{'a' * 40}'))).* FROM position AS p WHERE units = 400 AND address = {OF_400}",
    ):
        first = replay(data, "--compare").document["first_difference"]
    assert (first["expected"], first["holder"]) == ("nothing", None)
    assert first["address"] == f"0x{'a' * 40}"


@pytest.mark.parametrize(
    ("statement", "expected", "found"),
    [
        ("DELETE FROM event_raw WHERE (block_number, log_index) = {}", "block 0x", "nothing"),
        ("UPDATE event_raw SET orphaned = true WHERE (block_number, log_index) = {}", "block 0x", "nothing"),
        ("UPDATE event_raw SET data = data || '\\x00' WHERE (block_number, log_index) = {}", "data 0x", "00"),
        ("UPDATE event_raw SET topic1 = topic0 WHERE (block_number, log_index) = {}", "topics", "topics"),
        (
            "INSERT INTO event_raw SELECT (jsonb_populate_record(e, jsonb_build_object('log_index', 999))).*"
            " FROM event_raw AS e WHERE (block_number, log_index) = {}",
            "nothing",
            "block 0x",
        ),
    ],
    ids=["removed", "orphaned", "data", "topic", "added"],
)  # fmt: skip
def test_compare__raw_event_changed__names_its_place(
    up: tuple[Path, str], statement: str, expected: str, found: str
) -> None:
    data, _ = up
    place = "(SELECT block_number, log_index FROM event_raw WHERE block_number > 40 ORDER BY 1, 2 LIMIT 1)"
    with database_of(data) as connection:
        row = connection.execute(place.strip("()")).fetchone()
    assert row is not None
    with changed(data, statement.format(place)):
        ran = replay(data, "--compare")
    assert ran.code == 1
    first = ran.document["first_difference"]
    index = 999 if expected == "nothing" else row["log_index"]
    assert (first["what"], first["block"], first["log_index"]) == (
        "raw event",
        row["block_number"],
        index,
    )
    assert expected in first["expected"]
    assert found in first["found"]


# A chain that changes its mind -----------------------------------------------------------------------


class Fickle:
    """A node that tells another hash of one block, so many times."""

    def __init__(self, node: RemoteNode, block: int, times: int) -> None:
        self._node = node
        self._block = block
        self.times = times

    def stamp(self, at: Any = None) -> BlockStamp:
        stamp = self._node.stamp(at)
        if isinstance(at, int) and at == self._block and self.times:
            self.times -= 1
            return replace(stamp, hash="0x" + "9" * 64)
        return stamp

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)


@pytest.fixture
def fickle(up: tuple[Path, str]) -> Callable[[int], Any]:
    node = connect(up[1])
    return lambda times: Fickle(node, node.stamp().number, times)


def test_replay__reorganised_while_it_reads__reads_again(
    up: tuple[Path, str], fickle: Callable[[int], Any]
) -> None:
    deployment = load(up[0] / "deployments", EMBEDDED_CHAIN_ID)
    straight = from_chain.replay(fickle(0), deployment)
    node = fickle(1)
    assert from_chain.replay(node, deployment) == straight
    assert node.times == 0


def test_replay__never_the_same_chain__is_a_fault_and_not_a_wrong_answer(
    up: tuple[Path, str], fickle: Callable[[int], Any]
) -> None:
    deployment = load(up[0] / "deployments", EMBEDDED_CHAIN_ID)
    with pytest.raises(Fault) as caught:
        from_chain.replay(fickle(1_000), deployment)
    assert caught.value.reason is Reason.NODE_UNREACHABLE
    assert "changed during every attempt" in str(caught.value.facts["problem"])


def test_compare__another_block_than_the_one_that_was_read__is_the_difference(
    up: tuple[Path, str], fickle: Callable[[int], Any]
) -> None:
    data, _ = up
    deployment = load(data / "deployments", EMBEDDED_CHAIN_ID)
    with database_behind(data) as database:
        compared = from_chain.replay_and_compare(fickle(1_000), deployment, database)
    first = compared.difference
    assert first is not None
    assert (first.block, first.exact) == (compared.stamp.number, False)
    assert first.what.startswith("block: the chain was reorganised")
    assert (first.expected, first.found) == ("0x" + "9" * 64, compared.stamp.hash)
