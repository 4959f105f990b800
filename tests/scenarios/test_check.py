"""Whether chain, register and replay agree, by one command and its exit code.

given a system that works
└── it should end with 0 and every invariant, and change nothing
given a register that somebody changed by hand
├── it should end with 1, name the invariant, and say what is stored and what the events say
└── it should explain where in the ledger's history chain and register first part, also when events and rows are wrong
    alike, and say when the node has forgotten too much
given surroundings that are not as they must be
└── it should end with 2 and one line that says what to do, and make nothing
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table
from tests.scenarios.conftest import Told
from tests.support.command import EXAMPLE, Ran, genbo, inside, running
from tests.support.database import database_behind, database_of, everything

from genbo.bootstrap.explanation import first_difference
from genbo.bootstrap.inspection import inspect, stored_events
from genbo.chain.decode import FROZEN
from genbo.chain.deployments import load
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.networks import EMBEDDED_CHAIN_ID
from genbo.chain.remote import RemoteNode, connect
from genbo.kernel import Fault, Reason
from genbo.register import RegisterFold
from genbo.storage.cursor import Cursors
from genbo.storage.register import Register
from genbo.storage.tables import lot, position, total_issued, trade, trade_piece

RECORD = f"deployments/{EMBEDDED_CHAIN_ID}.json"
ELSEWHERE = "0x00000000000000000000000000000000000000A1"


def check(data: Path, *arguments: object, **settings: object) -> Ran:
    return inside("check", *arguments, data=data, **settings)


# A system that works ---------------------------------------------------------------------------------


def test_check__everything_agrees__ends_with_0(kept: Path) -> None:
    before = everything(kept)
    checked = genbo("check", data=kept)
    assert checked.code == 0
    lines = [line for line in checked.out.splitlines() if "holds" in line]
    assert [line.split(".")[0].split()[-1] for line in lines] == [
        "1",
        "2",
        "8",
        "9",
        "10",
        "3",
        "5",
        "6",
        "11",
    ]
    document = check(kept, "--json").document
    assert document["holds"] is True
    assert all(finding["evidence"] == [] for finding in document["findings"])
    assert everything(kept) == before


def test_check__row_level_security_was_switched_off__names_the_table(kept: Path) -> None:
    with database_of(kept) as connection:
        connection.execute("ALTER TABLE investor DISABLE ROW LEVEL SECURITY")
        connection.commit()
        ran = check(kept, "--json")
        connection.execute("ALTER TABLE investor ENABLE ROW LEVEL SECURITY")
    broken = [each for each in ran.document["findings"] if not each["holds"]]
    assert (ran.code, [each["invariant"] for each in broken]) == (1, [11])
    assert broken[0]["evidence"] == ["investor has no row-level security"]


# A register that somebody changed --------------------------------------------------------------------


@contextmanager
def changed(
    data: Path, table: Table, where: str, column: str, change: Any
) -> Iterator[dict[str, Any]]:
    """One row was changed by somebody with access to the database, and is changed back; the row as it was."""
    with database_of(data) as connection:
        row = connection.execute(f"SELECT * FROM {table.name} WHERE {where} LIMIT 1").fetchone()
        assert row is not None, where
        keys = [key.name for key in table.primary_key]
        named = " AND ".join(f"{key} = %({key})s" for key in keys)
        update = f"UPDATE {table.name} SET {column} = %(new)s WHERE {named}"
        assert connection.execute(update, {**row, "new": change(row[column])}).rowcount == 1
    try:
        yield row
    finally:
        with database_of(data) as connection:
            assert connection.execute(update, {**row, "new": row[column]}).rowcount == 1


def broken(ran: Ran) -> dict[int, list[str]]:
    """The invariants that do not hold, each with its evidence."""
    assert ran.document["holds"] is False
    findings = ran.document["findings"]
    return {each["invariant"]: each["evidence"] for each in findings if not each["holds"]}


def one_more(units: int) -> int:
    return units + 1


@pytest.mark.parametrize(
    ("table", "where", "column", "change"),
    [
        (lot, "units = 1453", "units", one_more),
        (lot, "units = 1453", "acquired", lambda day: day + timedelta(days=1)),
        (position, "units = 400", "frozen", one_more),
        (position, "units = 400", "verified_until", lambda at: at + timedelta(days=1)),
        (total_issued, "units = 1453", "units", one_more),
        (trade, "ref = 'COURT-2022-1'", "ref", lambda ref: "COURT-2022-9"),
        (trade_piece, "units > 1", "units", one_more),
    ],
    ids=lambda value: getattr(value, "name", str(value)) if not callable(value) else "",
)
def test_check__past_row_was_changed__breaks_replay_equality(
    kept: Path, table: Table, where: str, column: str, change: Any
) -> None:
    with changed(kept, table, where, column, change) as row:
        ran = check(kept, "--json")
    assert ran.code == 1
    found = broken(ran)
    assert found.keys() == {2}
    told_of = f"{column} is {_as_json(change(row[column]))}, the events say {_as_json(row[column])}"
    assert told_of in found[2][0]


def _as_json(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@pytest.fixture(scope="module")
def outstanding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A system that runs, with units outstanding: a demo that ended after its split."""
    folder = tmp_path_factory.mktemp("outstanding")
    with running("demo", "--data", folder / "data", "--out", folder / "out") as demo:
        demo.await_line("13. Full stop")
        demo.end()
    with running("up", "--port", 0, "--json", data=folder / "data") as up:
        up.await_document()
        yield folder / "data"


@pytest.mark.parametrize(
    ("table", "column", "invariants", "words"),
    [
        (lot, "units", {1, 2}, ["sum of lots 14,531 is not totalSupply 14,530"]),
        (position, "units", {1, 2}, ["sum of positions 14,531 is not totalSupply 14,530"]),
        (position, "frozen", {2, 9}, ["chain (0, False, '-'), register (1, False, '-')"]),
        (position, "address_frozen", {2, 9}, ["chain (0, False, '-'), register (0, True, '-')"]),
    ],
    ids=["lot", "position", "freeze", "address"],
)
def test_check__standing_row_was_changed__names_the_invariant_and_the_figures(
    outstanding: Path, table: Table, column: str, invariants: set[int], words: list[str]
) -> None:
    where = "until_block IS NULL AND units = 20"
    change = (lambda frozen: not frozen) if column == "address_frozen" else one_more
    where += (
        "" if table is lot else " AND frozen = 0 AND NOT address_frozen AND locked_until IS NULL"
    )
    with changed(outstanding, table, where, column, change) as row:
        ran = check(outstanding, "--json")
    assert ran.code == 1
    found = broken(ran)
    assert found.keys() == invariants
    evidence = "\n".join(found[min(invariants - {2})])
    assert all(each in evidence for each in words)
    assert row["address"] in evidence


def test_check__row_was_changed__is_told_to_people_and_over_when_it_is_put_right(
    outstanding: Path,
) -> None:
    with changed(outstanding, lot, "until_block IS NULL AND units = 20", "units", one_more) as row:
        ran = genbo("check", data=outstanding)
    assert ran.code == 1
    assert " BROKEN  SHIBUYA-JINNAN   1. Conservation" in ran.out
    assert f"{row['address']}: chain 20, register 20, lots 21" in ran.out
    assert "units is 21, the events say 20" in ran.out
    assert check(outstanding).code == 0


def test_check__row_is_gone__is_found(outstanding: Path) -> None:
    """A position that nobody stored is still asked of the chain."""
    where = "until_block IS NULL AND units = 20 AND frozen = 0"
    with database_of(outstanding) as connection:
        row = connection.execute(f"SELECT * FROM position WHERE {where} LIMIT 1").fetchone()
        assert row is not None
        connection.execute(
            "DELETE FROM position WHERE address = %(address)s AND until_block IS NULL", row
        )
    ran = check(outstanding, "--json")
    with database_of(outstanding) as connection:
        names = ", ".join(row)
        values = ", ".join(f"%({name})s" for name in row)
        connection.execute(f"INSERT INTO position ({names}) VALUES ({values})", row)
    assert ran.code == 1
    found = broken(ran)
    assert found.keys() == {1, 2}
    assert f"{row['address']}: chain 20, register 0, lots 20" in found[1]
    assert f"position of {row['address']}" in found[2][0]
    assert found[2][0].endswith(": missing")
    assert check(outstanding).code == 0


@contextmanager
def freezes_forgotten(data: Path) -> Iterator[tuple[str, int]]:
    """The database of somebody who removed the freezes of an address from the events, and derived all rows anew.

    Events and rows agree with each other: only the contract knows better. Gives the address and the block of its first
    freeze.
    """
    with database_of(data) as connection:
        row = connection.execute(
            "SELECT address FROM position WHERE until_block IS NULL AND frozen > 0"
        ).fetchone()
        assert row is not None
        topic = "\\x" + "0" * 24 + row["address"][2:].lower()
        connection.execute("SET session_replication_role = replica")
        connection.execute("CREATE TABLE kept AS TABLE event_raw")
        gone = connection.execute(
            f"DELETE FROM event_raw WHERE topic0 = '\\x{FROZEN.hex()}' AND topic1 = '{topic}'"
            " RETURNING block_number"
        ).fetchall()
    derive_anew(data)
    yield row["address"], min(int(each["block_number"]) for each in gone)
    with database_of(data) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM event_raw")
        connection.execute("INSERT INTO event_raw TABLE kept")
        connection.execute("DROP TABLE kept")
    derive_anew(data)


def derive_anew(data: Path) -> None:
    """Drops every derived row and folds the stored events once more."""
    deployment = load(data / "deployments", EMBEDDED_CHAIN_ID)
    with database_behind(data) as database, database.begin() as connection:
        cursor = Cursors(connection, EMBEDDED_CHAIN_ID).get(to_move=True)
        assert cursor is not None
        assert cursor.last is not None
        register = Register(connection, EMBEDDED_CHAIN_ID)
        register.rewind(0)
        fold = RegisterFold()
        events = stored_events(connection, deployment, cursor.last)
        register.save([fold.apply(event) for event in events])


def test_check__events_and_rows_are_wrong_alike__halves_the_blocks_to_where_the_chain_parted(
    outstanding: Path,
) -> None:
    with freezes_forgotten(outstanding) as (address, block):
        ran = check(outstanding, "--json")
        text = check(outstanding)
    assert ran.code == 1
    assert broken(ran).keys() == {9}
    first = ran.document["first_difference"]
    assert (first["address"], first["block"], first["exact"]) == (address, block, True)
    assert first["holder"].startswith("IV-")
    assert (first["log_index"], first["note"]) == (None, None)
    assert first["expected"].startswith("frozen ")
    assert first["found"] == "frozen 0"
    assert f"FIRST DIFFERENCE: block {block}: what the contract answers" in text.out
    assert check(outstanding, "--json").document["first_difference"] is None


class Forgetful:
    """A node that has no state of blocks before one, as nodes that prune have not."""

    def __init__(self, node: RemoteNode, oldest: int) -> None:
        self._node = node
        self._oldest = oldest

    def calls(self, questions: Any, at: Any = None) -> Any:
        if isinstance(at, int) and at < self._oldest:
            raise Fault(Reason.NODE_UNREACHABLE, url="node", problem="missing trie node")
        return self._node.calls(questions, at)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)


@pytest.mark.parametrize("later", [0, 1, 3])
def test_first_difference__node_forgets_old_states__says_so_unless_it_remembers_enough(
    outstanding: Path, later: int
) -> None:
    url = json.loads((outstanding / "door.json").read_text())["node_url"]
    deployment = load(outstanding / "deployments", EMBEDDED_CHAIN_ID)
    with freezes_forgotten(outstanding) as (address, block), database_behind(outstanding) as base:
        oldest = block - 1 + later
        node: Any = Forgetful(connect(url), oldest)
        first = first_difference(node, base, deployment, inspect(node, base, deployment))
    assert first is not None
    assert first.address == address
    assert first.exact is (later == 0)
    assert first.block == max(block, oldest)
    assert (first.note is None) is (later == 0)


# Surroundings that are not as they must be -----------------------------------------------------------


@pytest.fixture
def copy(told: Told) -> Iterator[Path]:
    """The demo's chain and database, at rest; deployment files and chain may be spoilt and are put right again."""
    copied = told.at_rest
    spoilt = ("chain.bin", "deployments")
    safe = copied.with_name("safe")
    safe.mkdir()
    for name in spoilt:
        subprocess.run(["cp", "-a", copied / name, safe / name], check=True)
    yield copied
    for name in spoilt:
        subprocess.run(["rm", "-rf", copied / name], check=True)
        (safe / name).rename(copied / name)
    safe.rmdir()


def record_of(data: Path) -> Any:
    return json.loads((data / RECORD).read_text())


def write_record(data: Path, record: Any) -> None:
    (data / RECORD).write_text(json.dumps(record))


def other_token(data: Path) -> None:
    record = record_of(data)
    record["tokens"]["SHIBUYA-JINNAN"]["address"] = record["platform"]
    write_record(data, record)


def no_such_platform(data: Path) -> None:
    write_record(data, record_of(data) | {"platform": ELSEWHERE})


def one_owner_enough(data: Path) -> None:
    record = record_of(data)
    record["safes"]["issue"]["threshold"] = 1
    write_record(data, record)


def no_record(data: Path) -> None:
    (data / RECORD).unlink()


def broken_record(data: Path) -> None:
    (data / RECORD).write_text("{ not JSON")


def record_of_another_chain(data: Path) -> None:
    (data / RECORD).rename(data / "deployments" / "1.json")


def lost_chain(data: Path) -> None:
    (data / "chain.bin").unlink()


def another_chain_of_the_same_id(data: Path) -> None:
    (data / "chain.bin").unlink()
    EmbeddedNode(genesis_at=datetime(2030, 1, 1, tzinfo=UTC), path=data / "chain.bin").close()


@pytest.mark.parametrize(
    ("spoil", "reason", "words"),
    [
        (other_token, "bytecode_mismatch", "The contract SecurityToken at 0x"),
        (no_such_platform, "wiring_mismatch", f"platform is {ELSEWHERE}, expected 0x"),
        (one_owner_enough, "wiring_mismatch", "threshold of Safe issue is 2, expected 1"),
        (no_record, "deployment_missing", "Deploy first (`genbo up`, or the scripts)"),
        (broken_record, "file_unreadable", f"{EMBEDDED_CHAIN_ID}.json cannot be read"),
        (record_of_another_chain, "chain_mismatch", f"on chain {EMBEDDED_CHAIN_ID}, the deployment on chain 1"),
        (lost_chain, "file_unreadable", "chain.bin cannot be read: it is missing"),
        (another_chain_of_the_same_id, "chain_mismatch", "no such block"),
    ],
)  # fmt: skip
def test_check__folder_was_spoilt__is_one_line_and_2(
    copy: Path, spoil: Callable[[Path], None], reason: str, words: str
) -> None:
    spoil(copy)
    before = sorted(path.name for path in copy.rglob("*") if "postgres" not in str(path))
    refused = check(copy)
    assert (refused.code, refused.out) == (2, "")
    assert refused.line.startswith(f"{reason}: ")
    assert words in refused.line
    again = check(copy, "--json", "--lang", "ja")
    assert (again.code, again.error["reason"]) == (2, reason)
    assert re.search("[ぁ-ん]", again.error["remedy"])
    after = sorted(path.name for path in copy.rglob("*") if "postgres" not in str(path))
    assert after == before


@pytest.mark.parametrize(
    ("settings", "reason", "words"),
    [
        ({"chain_id": 1}, "chain_mismatch", "the deployment on chain 1."),
        ({"node_url": "http://127.0.0.1:1"}, "node_unreachable", "at http://127.0.0.1:1 does not"),
        (
            {"database_url": "postgresql://someone:secret@127.0.0.1:1/genbo", "kek_file": ...},
            "database_unreachable",
            "at 127.0.0.1:1 does not answer: connection refused.",
        ),
        ({"node_url": "ftp://x"}, "setting_invalid", "GENBO_NODE_URL"),
        ({"chain_idd": 1}, "setting_invalid", "did you mean GENBO_CHAIN_ID?"),
    ],
)
def test_check__settings_lead_nowhere__is_one_line_and_2(
    copy: Path, settings: dict[str, object], reason: str, words: str
) -> None:
    settings = {
        name: copy / "kek.key" if value is ... else value for name, value in settings.items()
    }
    refused = check(copy, **settings)
    assert (refused.code, refused.out) == (2, "")
    assert refused.line.startswith(f"{reason}: ")
    assert words in refused.line
    assert "secret" not in refused.line
    again = check(copy, "--json", "--lang=ja", **settings)
    assert (again.code, again.error["reason"]) == (2, reason)
    assert "secret" not in again.out


def test_check__empty_place__makes_nothing(tmp_path: Path) -> None:
    for arguments in (
        ("check",),
        ("register", "show", "--product", "X"),
        ("product", "create", EXAMPLE / "product.yaml"),
        ("investor", "import", EXAMPLE / "investors.csv"),
    ):
        refused = inside(*arguments, data=tmp_path / "nothing" / "data")
        assert refused.code == 2
        assert refused.line.startswith("deployment_missing: No deployment is recorded in ")
    assert list(tmp_path.iterdir()) == []
