"""The tables of contracts/README.md that are read off the code: powers, gas, sizes.

The page itself is prose; a table stands between `<!-- name -->` and `<!-- /name -->` and is written anew there.
"""

import json
from pathlib import Path

from powers_page import HELD_BY

from genbo.governance.duties import POWERS

ROOT = Path(__file__).resolve().parent.parent.parent
CONTRACTS = ROOT / "contracts"
ARTIFACTS = ROOT / "src" / "genbo" / "chain" / "artifacts"
MOST_CODE = 24_576
"""Bytes of code that every network takes (EIP-170)."""


def contracts_page() -> str:
    """The page with its tables as the code has them."""
    text = (CONTRACTS / "README.md").read_text("utf-8")
    for name, table in (("powers", _powers()), ("gas", _gas()), ("sizes", _sizes())):
        head, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition(f"<!-- /{name} -->\n")
        if not end:
            raise ValueError(f"contracts/README.md has no place for the table of {name}")
        text = head + begin + table + end + tail
    return text


def _table(head: str, rows: list[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *rows]) + "\n"


def _powers() -> str:
    rows = [
        f"| {power.duty.value} | {power.duty.name} | {power.name_ja} | {HELD_BY[power.held_by]} "
        f"| {power.may} | {power.may_not} | {power.blocks} |"
        for power in POWERS
    ]
    return _table("| no. | duty | 職務 | held by | may | may not | can block |", rows)


def _gas() -> str:
    recorded = json.loads((CONTRACTS / "gas-snapshot.json").read_text("utf-8"))
    targets = json.loads((ROOT / "benchmarks" / "targets.json").read_text("utf-8"))
    rows = [_gas_row(name, used, targets.get(name)) for name, used in recorded["genbo"].items()]
    plain = [
        f"| *plain OpenZeppelin ERC-20: {name}* | {round(used):,} | | |"
        for name, used in recorded["openzeppelin_erc20"].items()
    ]
    return _table("| act | gas | target | |", rows + plain)


def _gas_row(name: str, used: float, target: int | None) -> str:
    if target is None:
        return f"| {name} | {round(used):,} | | |"
    over = round(used) - target
    verdict = f"**missed by {over:,}**" if used > target else f"met, {-over:,} to spare"
    return f"| {name} | {round(used):,} | {target:,} | {verdict} |"


def _sizes() -> str:
    found = {}
    for path in ARTIFACTS.glob("*.json"):
        if path.name != "manifest.json":
            artifact = json.loads(path.read_text("utf-8"))
            size = len(artifact["deployedBytecode"]) // 2 - 1
            if size and not artifact["sourceId"].startswith("contracts/mocks/"):
                found[artifact["contractName"]] = size
    rows = [
        f"| {name} | {size:,} | {MOST_CODE - size:,} |"
        for name, size in sorted(found.items(), key=lambda each: (-each[1], each[0]))
    ]
    return _table("| contract | bytes | left of 24,576 |", rows)
