"""Interrupting the demo, at any moment, leaves nothing behind.

given a demo that runs
├── when it gets SIGINT, SIGTERM or SIGHUP, while it loads, starts its server, deploys, works, prints or ends
│   ├── it should end with 130 and one line
│   ├── it should leave no process
│   └── it should leave no temporary folder
├── when it gets the signal twice
│   └── it should clean up all the same
└── when its folder was to be kept
    └── it should leave a folder that starts again and holds its invariants
"""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from tests.support.command import (
    EXAMPLE,
    await_none_of,
    genbo,
    inside,
    processes_of,
    running,
)

INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
ENDED = "Interrupted; nothing is left half done."
STARTING = 2.0
"""Seconds after the start: the server is being started."""


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (0.0, INT),  # as soon as it hears signals; its modules are still being loaded
        (STARTING, TERM),
        ("3. Investors", HUP),
        ("14. The register", INT),
    ],
)
def test_demo__interrupted__leaves_nothing(
    tmp_path: Path, moment: str | float, number: signal.Signals
) -> None:
    with running("demo", "--out", tmp_path / "out", tmp=_temporary(tmp_path)) as demo:
        demo.await_handlers()
        if isinstance(moment, float):
            time.sleep(moment)
        else:
            demo.await_line(moment)
        ended = demo.end(number)
        assert processes_of(tmp_path) == {}
    assert (ended.code, ended.err.splitlines()[-1]) == (130, ENDED)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "out" / "summary.json").exists()


def test_demo__interrupted_twice__leaves_nothing(tmp_path: Path) -> None:
    with running("demo", "--out", tmp_path / "out", tmp=_temporary(tmp_path)) as demo:
        demo.await_line("2. The product")
        demo.process.send_signal(INT)
        time.sleep(0.05)
        demo.process.send_signal(INT)
        ended = demo.end(TERM)
        assert processes_of(tmp_path) == {}
    assert (ended.code, ended.err.splitlines()[-1]) == (130, ENDED)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_demo__killed__leaves_no_server(tmp_path: Path) -> None:
    with running("demo", "--out", tmp_path / "out", tmp=_temporary(tmp_path)) as demo:
        demo.await_line("2. The product")
        assert len(processes_of(tmp_path / "temporary")) >= 2  # the server and its warden
        demo.end(signal.SIGKILL)
        await_none_of(tmp_path)


@pytest.mark.parametrize("moment", ["9/21", "3/4", "6. Restrictions"])
def test_demo__interrupted_in_a_kept_folder__starts_again(tmp_path: Path, moment: str) -> None:
    data = tmp_path / "data"
    with running("demo", "--out", tmp_path / "out", "--data", data) as demo:
        demo.await_line(moment)
        assert demo.end(INT).code == 130
        assert processes_of(tmp_path) == {}
    up = inside("up", "--once", "--port", 0, "--json", data=data)
    assert up.code == 0, up.err
    assert up.document["block"]["number"] >= 16
    checked = inside("check", "--json", data=data)
    assert (checked.code, checked.document["holds"]) == (0, True), checked.err
    if moment == "3/4":
        # The product was being created: it is created now, by the command that people would use.
        created = inside("product", "create", EXAMPLE / "product.yaml", "--json", data=data)
        assert created.code == 0, created.err
        assert inside("check", data=data).code == 0


def test_demo__folder_with_a_chain__is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert inside("up", "--once", "--port", 0, data=data).code == 0
    before = (data / "chain.bin").read_bytes()
    refused = genbo("demo", "--data", data, "--out", tmp_path / "out")
    assert refused.code == 2
    assert refused.line.startswith("setting_invalid: The setting --data cannot be used")
    assert (data / "chain.bin").read_bytes() == before


def _temporary(folder: Path) -> Path:
    temporary = folder / "temporary"
    temporary.mkdir()
    return temporary
