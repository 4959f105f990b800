"""A system that keeps running in its data folder.

given an empty folder
└── when `genbo up` starts there
    ├── it should deploy once, and let the other commands in
    ├── it should keep a second one out, with one line
    ├── it should end cleanly on SIGINT, SIGTERM and SIGHUP, and go on where it ended
    └── killed, it should leave no server and a folder that starts again
given commands beside it
├── when they write while it reads
│   └── it should read every event once
└── when one was killed at its worst moment
    └── it should be enough to run it again
given a port that is taken, or none
└── it should say so in one line
given a role that serves without a port, or a port without the role
└── it should be refused before anything begins
"""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import (
    EXAMPLE,
    Running,
    await_none_of,
    genbo,
    inside,
    processes_of,
    running,
)
from tests.support.database import database_of

PRODUCT = "SHIBUYA-JINNAN"
TERMS = EXAMPLE / "product.yaml"
INVESTORS = EXAMPLE / "investors.csv"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def up(founded: Path) -> Iterator[Running]:
    """In the folder `data`."""
    with running("up", "--port", 0, "--json", data=founded) as system:
        system.await_document()
        yield system


def another_product(folder: Path, name: str) -> Path:
    """The terms of the example under another id, and without its ISIN, which is one product's."""
    text = TERMS.read_text().replace(f"product_id: {PRODUCT}", f"product_id: {name}")
    lines = [line for line in text.splitlines() if not line.startswith("isin:")]
    path = folder / f"{name}.yaml"
    path.write_text("\n".join(lines))
    return path


def test_up__first_start__serves_everybody_else(data: Path) -> None:
    """Every other command runs in another process than the system."""
    with running("up", "--port", 0, "--json", data=data) as up:
        up.await_document()
        _serves(data, up)


def _serves(data: Path, up: Running) -> None:
    registered = inside("firm", "register", EXAMPLE / "firms.yaml", data=data)
    assert registered.code == 0, registered.err
    created = inside("product", "create", TERMS, "--json", data=data)
    assert created.code == 0, created.err
    imported = inside("investor", "import", INVESTORS, "--product", PRODUCT, "--json", data=data)
    assert imported.code == 0, imported.err
    assert imported.document["investors"] == imported.document["verified_on_chain"] == 503
    shown = inside("register", "show", "--product", PRODUCT, "--json", data=data)
    assert (shown.code, shown.document["total_issued"]) == (0, 0)
    checked = inside("check", "--json", data=data)
    assert (checked.code, checked.document["holds"]) == (0, True)
    assert checked.document["block"]["number"] == imported.document["block"]["number"]
    second = genbo("up", "--port", 0, data=data)
    assert (second.code, second.out) == (2, "")
    assert second.line.startswith(
        f"data_folder_in_use: The data folder {data} is in use by another"
    )
    assert str(up.process.pid) in second.line
    assert up.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up__ended__goes_on_where_it_ended(data: Path, up: Running, number: signal.Signals) -> None:
    assert inside("product", "create", TERMS, data=data).code == 0
    before = up.document
    ended = up.end(number)
    assert ended.code == 0
    assert ended.err.splitlines()[-1] == "Ended; the data folder starts again from here."
    assert processes_of(data.parent) == {}
    assert not (data / "door.json").exists()
    again = inside("up", "--once", "--port", 0, "--json", data=data).document
    assert again["platform"] == before["platform"]
    assert list(again["products"]) == [PRODUCT]
    assert again["block"]["number"] == before["block"]["number"] + 4


def test_up__killed__leaves_no_server_and_starts_again(data: Path, up: Running) -> None:
    assert inside("product", "create", TERMS, data=data).code == 0
    assert len(processes_of(data)) >= 2
    before = up.document
    up.end(signal.SIGKILL)
    assert (data / "door.json").exists()  # and nobody is behind it
    again = inside("check", "--json", data=data)  # the old server may still be on its way down
    assert (again.code, again.document["holds"]) == (0, True), again.err
    assert again.document["block"]["number"] == before["block"]["number"] + 4
    await_none_of(data.parent)


@pytest.mark.parametrize("moment", ["3/21", "Genbo is up"])
def test_up__interrupted_at_its_first_start__starts_again(data: Path, moment: str) -> None:
    with running("up", "--port", 0, data=data) as first:
        first.await_line(moment)
        assert first.end(signal.SIGINT).code in (0, 130)
    assert processes_of(data.parent) == {}
    assert inside("up", "--once", "--port", 0, data=data).code == 0
    assert inside("check", data=data).code == 0


def test_up__commands_write_while_it_reads__reads_everything_once(
    data: Path, up: Running, tmp_path: Path
) -> None:
    """Two readers of one chain into one database: whoever is late begins again from what the other kept."""
    assert inside("product", "create", TERMS, data=data).code == 0
    assert inside("investor", "import", INVESTORS, "--product", PRODUCT, data=data).code == 0
    for name in ("SECOND", "THIRD"):
        assert inside("product", "create", another_product(tmp_path, name), data=data).code == 0
        time.sleep(1.2)  # a reading of `up` falls between
    checked = inside("check", "--json", data=data).document
    assert checked["holds"] is True
    assert {each["product"] for each in checked["findings"]} == {PRODUCT, "SECOND", "THIRD", None}
    with database_of(data) as connection:
        twice = connection.execute(
            "SELECT count(*) AS rows, count(DISTINCT (block_number, log_index)) AS logs FROM event_raw"
        ).fetchone()
    assert twice is not None
    assert twice["rows"] == twice["logs"] > 10
    assert up.process.poll() is None
    ended = up.end()
    assert (ended.code, "unrecorded" in ended.err) == (0, False)


# Commands that were killed at their worst moment --------------------------------------------------------


def test_create__killed_between_chain_and_database__is_run_again(data: Path, up: Running) -> None:
    """The token stands and nobody has recorded it: everything waits for its terms, and says so."""
    with (
        database_of(data) as holding,
        running("product", "create", TERMS, data=data) as creation,
    ):
        holding.execute("SELECT * FROM deployment FOR UPDATE")  # the last step needs this row
        creation.await_line("4/4")
        creation.end(signal.SIGKILL)
    for waiting in (
        inside("check", data=data),
        inside("register", "show", "--product", PRODUCT, data=data),
    ):
        assert waiting.code == 2
        assert waiting.line.startswith(
            f"product_unrecorded: The product {PRODUCT} stands on the platform"
        )
    up.await_line("product_unrecorded: ")
    changed = data.parent / "changed.yaml"
    changed.write_text(
        TERMS.read_text().replace("unit_price_yen: 1000000", "unit_price_yen: 500000")
    )
    refused = inside("product", "create", changed, data=data)
    assert (refused.code, refused.line.split(":")[0]) == (1, "product_exists")
    again = inside("product", "create", TERMS, "--json", data=data)
    assert again.code == 0, again.err
    up.await_line("Reading goes on.")
    assert inside("check", data=data).code == 0
    third = inside("product", "create", TERMS, data=data)
    assert (third.code, third.line.split(":")[0]) == (1, "product_exists")


def test_create__killed_between_database_and_file__is_mended_by_any_command(founded: Path) -> None:
    data = founded
    assert inside("product", "create", TERMS, data=data).code == 0
    (record,) = (data / "deployments").glob("*.json")
    content: Any = json.loads(record.read_text())
    record.write_text(json.dumps(content | {"tokens": {}}))
    assert inside("check", data=data).code == 0
    assert json.loads(record.read_text()) == content


def test_import__killed_on_the_way__is_run_again(data: Path, up: Running) -> None:
    assert inside("product", "create", TERMS, data=data).code == 0
    with database_of(data) as connection:
        before = _verdicts(connection)
    with running("investor", "import", INVESTORS, "--product", PRODUCT, data=data) as importing:
        deadline = time.monotonic() + 60
        while _blocks(up.document["node_url"]) < 22:  # the first verdicts stand on the chain
            assert time.monotonic() < deadline
        importing.end(signal.SIGKILL)
    with database_of(data) as connection:
        assert _verdicts(connection) == before == 0
    again = inside("investor", "import", INVESTORS, "--product", PRODUCT, "--json", data=data)
    assert (again.code, again.document["verified_on_chain"]) == (0, 503), again.err
    assert inside("check", data=data).code == 0


def _verdicts(connection: Any) -> int:
    return int(connection.execute("SELECT count(*) AS found FROM verdict").fetchone()["found"])


def _blocks(url: str) -> int:
    from genbo.chain.remote import connect

    return connect(url).stamp().number


# The port ----------------------------------------------------------------------------------------------


def test_up__port_is_taken__is_one_line(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = genbo("up", "--port", port, data=data)
    assert (refused.code, refused.out) == (2, "")
    assert refused.line == (
        f"setting_invalid: The setting --port cannot be used: {port}: address already in use. "
        "Correct it; allowed: a free port up to 65535, or 0, which picks one."
    )
    assert processes_of(data.parent) == {}
    assert not (data / "deployments").exists()
    assert inside("up", "--once", "--port", 0, data=data).code == 0


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_up__no_port_at_all__is_one_line(data: Path, port: str) -> None:
    refused = inside("up", f"--port={port}", data=data)
    assert refused.code == 2
    assert "allowed: a free port up to 65535" in refused.line


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (("--role", "api"), "--role api needs --api-port"),
        (("--role", "jobs", "--api-port", 8081), "--api-port needs --role api"),
    ],
)
def test_up__interface_asked_for_by_halves__is_one_line(
    data: Path, given: tuple[object, ...], problem: str
) -> None:
    refused = inside("up", *given, data=data)
    assert refused.code == 2
    assert problem in refused.line
    assert "See `genbo up --help`." in refused.line
    assert not data.exists()


@pytest.mark.parametrize(
    ("place", "problem"),
    [("file", "File exists"), ("file/data", "Not a directory")],
)
def test_up__folder_cannot_be_made__is_one_line(tmp_path: Path, place: str, problem: str) -> None:
    (tmp_path / "file").write_text("")
    refused = inside("up", "--port", 0, data=tmp_path / place)
    assert refused.code == 2
    assert refused.line.startswith("setting_invalid: The setting GENBO_DATA cannot be used")
    assert problem in refused.line
