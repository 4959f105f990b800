"""Gas of every act, and of plain OpenZeppelin ERC-20 in the same run. Prints one JSON document.

python -m benchmarks.gas               everything; about a minute
python -m benchmarks.gas --quick       without creating a thousand products
python -m benchmarks.gas --snapshot    write contracts/gas-snapshot.json, which a test compares
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import many_products
from benchmarks.figures import measure
from benchmarks.plain import plain_erc20

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "contracts" / "gas-snapshot.json"
TARGETS: dict[str, int] = json.loads((ROOT / "benchmarks" / "targets.json").read_text("utf-8"))
"""Name of a figure to what it may cost at most; set before the contracts were written."""


def report(*, quick: bool) -> dict[str, Any]:
    """Each figure with its target, where one was set, and whether it is met."""
    found: dict[str, Any] = figures()
    found["genbo"] = {name: _row(name, used) for name, used in found["genbo"].items()}
    if not quick:
        found["many_products"] = many_products.report([1, 10, 100, 1_000])
    return found


def _row(name: str, used: float) -> dict[str, float | bool]:
    row: dict[str, float | bool] = {"gas": used}
    if name in TARGETS:
        row |= {"target": TARGETS[name], "met": used <= TARGETS[name]}
    return row


def figures() -> dict[str, dict[str, float]]:
    """The figures alone, as the snapshot file has them."""
    bench = measure()
    return {"genbo": bench.gas, "openzeppelin_erc20": plain_erc20(bench)}


def main() -> int:
    parser = argparse.ArgumentParser(description="Gas of every act, as JSON.")
    parser.add_argument("--quick", action="store_true", help="without a thousand products")
    parser.add_argument("--snapshot", action="store_true", help=f"write {SNAPSHOT.name}")
    arguments = parser.parse_args()
    if arguments.snapshot:
        SNAPSHOT.write_text(json.dumps(figures(), indent=2) + "\n", "utf-8")
    else:
        sys.stdout.write(json.dumps(report(quick=arguments.quick), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
