"""A running system through everything that goes away: it says so once, goes on by itself, and loses nothing.

given `genbo up` with two ways to a local node and a database server of its own
├── when the preferred way stalls: reading should go on by the other, and health say so
├── when the node is stopped and continued, or ended and started again: reading should wait, and go on
├── when the database server is stopped and started: reading should wait, and go on
└── at the end everything should hold, and health be well again
"""

from __future__ import annotations

import base64
import json
import secrets
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.support.chain import anvil_process
from tests.support.command import EXAMPLE, Running, inside, running
from tests.support.folders import short_folder
from tests.support.local_node import rpc
from tests.support.proxy import proxy

from genbo.storage.folder import lock_folder
from genbo.storage.server import embedded_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def health(port: int) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=20) as answer:
            document = json.load(answer)
            status = answer.status
    except urllib.error.HTTPError as error:
        document, status = json.load(error), error.code
    return status, {
        check["name"].partition(" ")[2] or check["name"]: check for check in document["checks"]
    }


def until(happened: Callable[[], bool], up: Running, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert up.process.poll() is None, up.err
        assert time.monotonic() < deadline, up.out + up.err
        time.sleep(0.1)


@pytest.mark.anvil
@pytest.mark.slow
def test_up__everything_goes_away_once__goes_on_by_itself(tmp_path: Path) -> None:
    kek = tmp_path / "kek"
    kek.touch(mode=0o600)
    kek.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    with ExitStack() as stack:
        port = free_port()
        state = ("--accounts", "20", "--state", str(tmp_path / "state.json"))
        node = ExitStack()
        stack.callback(node.close)
        url, process = node.enter_context(anvil_process(*state, port=port))
        first, second = (stack.enter_context(proxy(url)) for _ in range(2))

        locked = stack.enter_context(lock_folder(stack.enter_context(short_folder()) / "server"))
        server = ExitStack()
        stack.callback(server.close)
        postgres = server.enter_context(embedded_server(locked, durable=False))
        settings = {
            "data": tmp_path / "data",
            "node_url": f"{first.url},{second.url}",
            "node_seconds": 1,
            "database_url": postgres.url().render_as_string(hide_password=False),
            "kek_file": kek,
        }
        watched = free_port()
        up = stack.enter_context(running("up", "--migrate", "--health-port", watched, **settings))
        up.await_line("Ctrl-C ends it.")
        assert inside("firm", "register", EXAMPLE / "firms.yaml", **settings).code == 0
        assert inside("product", "create", EXAMPLE / "product.yaml", **settings).code == 0

        def head() -> int:
            return int(rpc(url, "eth_blockNumber"), 16)

        def caught_up() -> bool:
            status, checks = health(watched)
            return status == 200 and checks["indexer"]["facts"]["block"] == head()

        def said(words: str) -> int:
            """How often the reader said it; sender and jobs speak for themselves."""
            return sum(line.startswith(words) for line in (up.out + up.err).splitlines())

        until(caught_up, up)
        assert inside("health", "--json", **settings).document["ok"] is True

        # The preferred way stalls: reading goes on, and says nothing.
        first.stalls()
        rpc(url, "anvil_mine", "0x3")
        until(lambda: health(watched)[1]["indexer"]["facts"]["block"] == head(), up)
        status, checks = health(watched)
        assert status == 503
        assert checks[first.url]["reason"] == "node_unreachable"
        assert checks[second.url]["ok"] is checks["indexer"]["ok"] is True
        assert said("node_unreachable") == 0
        alone = inside("health", **settings)
        assert alone.code == 1
        assert f"NOT WELL  node {first.url}" in alone.out
        first.well()
        until(caught_up, up, 150)

        # The node is stopped, and continued.
        process.send_signal(signal.SIGSTOP)
        until(lambda: said("node_unreachable: ") == 1, up)
        process.send_signal(signal.SIGCONT)
        until(lambda: said("Reading goes on.") == 1, up, 150)
        assert said("node_unreachable: ") == 1

        # The database server is stopped, and started again; the chain goes on meanwhile.
        server.close()
        assert health(watched)[1]["database"]["reason"] == "database_unreachable"
        rpc(url, "anvil_mine", "0x2")
        until(lambda: said("database_unreachable: ") == 1, up)
        server.enter_context(embedded_server(locked, durable=False))
        until(lambda: said("Reading goes on.") == 2, up, 150)
        assert said("database_unreachable: ") == 1

        # The node is ended, and started again with its chain.
        before = head()
        node.close()
        until(lambda: said("node_unreachable: ") == 2, up)
        node.enter_context(anvil_process(*state, port=port))
        assert head() == before
        rpc(url, "anvil_mine", "0x2")
        until(lambda: said("Reading goes on.") == 3, up, 150)

        until(caught_up, up, 150)
        checked = inside("check", "--json", **settings)
        assert (checked.code, checked.document["holds"]) == (0, True), checked.err
        assert checked.document["final"] is True
        assert up.end().code == 0
