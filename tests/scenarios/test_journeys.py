"""The journeys of examples/journeys, as somebody runs them who has just been given the folder.

given a sandbox that is up
├── each journey should end well, having shown what its firm may and may not do
└── each should leave every holding as it found it
given the folder
└── its page should name every program in it
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from genbo_sdk.sandbox import Sandbox

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "journeys"
SHOWN = {
    "direct_broker": ("waiting for a verdict", "delivered in block", "判定", "insufficient_balance", "H2 has 50"),
    "delegating_broker": ("field_invalid", "signed by us: False", "withdrawn", "scope_missing", "H3 has 350",
        "register 350, book 349", "closed, book_entry_wrong"),
    "intermediary": ("{'H1': 'B1'}", "not_found", "route_unknown", "H1 now has 1", "on record"),
    "issuer": ("8 holders, 1,453 units", "H1 has 2 of 1453", "purpose_missing", "not_found"),
}  # fmt: skip


@pytest.fixture(scope="module")
def file(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `genbo sandbox --file` writes."""
    written = tmp_path_factory.mktemp("journeys") / "sandbox.json"
    written.write_text(json.dumps(dict(sandbox.document)), "utf-8")
    return written


def holdings(sandbox: Sandbox) -> dict[str | None, int]:
    with sandbox.client("R1") as registrar:
        return {each.investor: each.units for each in registrar.positions.list(sandbox.product)}


@pytest.mark.parametrize("journey", SHOWN)
def test_journey__run_against_a_sandbox__ends_well_and_leaves_it_as_it_was(
    journey: str, sandbox: Sandbox, file: Path
) -> None:
    before = holdings(sandbox)
    ran = subprocess.run(
        [sys.executable, FOLDER / f"{journey}.py", "--sandbox", file],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    for words in SHOWN[journey]:
        assert words in ran.stdout
    assert ran.stdout.endswith("done\n")
    assert holdings(sandbox) == before


def test_journeys__page_of_the_folder__names_each() -> None:
    programs = {each.stem for each in FOLDER.glob("*.py")}
    assert programs == {*SHOWN, "common"}
    page = (FOLDER / "README.md").read_text("utf-8")
    assert all(f"[{each}.py]" in page for each in programs)
