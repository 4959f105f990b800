"""Where each contract keeps what, read off the shipped artifacts, as one file under version control.

Three contracts run on the storage of one token, so a variable that moved in one of them would be read as another's. A
change of layout is therefore a decision: a test fails until `make layout` has been run and the change can be seen.

    python tools/storage_layout.py            write contracts/storage-layout.json (`make layout`)
    python tools/storage_layout.py --check    write nothing; fail when it would change
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from contract_sources import ROOT, render

Json = dict[str, Any]
"""A JSON object."""

ARTIFACTS = ROOT / "src" / "genbo" / "chain" / "artifacts"
FILE = ROOT / "contracts" / "storage-layout.json"

ONE_STORAGE = ("SecurityToken", "TokenActs", "TokenServices")
"""Contracts that run on the storage of one token and must agree on every byte of it."""


def layout() -> str:
    """The file: contract to its variables, and each struct in them, a line per variable."""
    found = {}
    for path in sorted(ARTIFACTS.glob("*.json")):
        if path.name != "manifest.json":
            artifact = json.loads(path.read_text("utf-8"))
            if artifact["kind"] == "contract" and not artifact["sourceId"].startswith(
                "contracts/mocks/"
            ):
                found[artifact["contractName"]] = contract_layout(artifact["storageLayout"])
    return render(found)


def contract_layout(storage: Json) -> dict[str, list[str]]:
    """`storage`: the variables of the contract; then each struct by name with its members."""
    types: Json = storage.get("types") or {}
    found = {"storage": list(_lines(storage.get("storage", []), types))}
    for entry in types.values():
        if "members" in entry:
            found[entry["label"]] = list(_lines(entry["members"], types))
    return found


def _lines(rows: list[Json], types: Json) -> Iterator[str]:
    for row in rows:
        kind = types[row["type"]]
        yield (
            f"slot {row['slot']}, byte {row['offset']}, "
            f"{kind['numberOfBytes']} bytes: {row['label']} {kind['label']}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description="Where each contract keeps what.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    text = layout()
    if parser.parse_args().check:
        return 0 if FILE.exists() and FILE.read_text("utf-8") == text else 1
    FILE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
