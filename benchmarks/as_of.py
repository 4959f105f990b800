"""The register of 10,000 holders as of a date, and what it costs as history grows. Prints JSON.

python -m benchmarks.as_of      12,000, 120,000 and 1,200,000 events; some minutes, most of them to make history

One history that goes on; the same questions after a hundredth, a tenth and all of it. The dates lie early, in the
middle and late in what has happened by then.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import text

from benchmarks.market import PRODUCT, Market, stamp
from benchmarks.recording import RecordedNode, record
from benchmarks.registry import DEPLOYMENT, registry
from genbo.bootstrap.indexer import Indexer
from genbo.kernel import ProductId
from genbo.storage.engine import Database
from genbo.storage.register import Register

HOLDERS = 10_000
SIZES = (12_000, 120_000, 1_200_000)
"""Events; the first is little more than the distribution to everybody."""
TARGET_MS = 100
_TIMES = 5


def report(sizes: Sequence[int], *, holders: int = HOLDERS) -> dict[str, Any]:
    """What the questions take after each of these numbers of events."""
    load = os.getloadavg()[0]
    readings = []
    with (
        tempfile.TemporaryDirectory(prefix="genbo-bench-") as folder,
        registry() as office,
    ):
        recording = record(Market(holders=holders), Path(folder) / "chain.json", events=sizes[-1])
        node = RecordedNode(recording)
        indexer = Indexer(node, office.database, DEPLOYMENT)
        for size in sizes:
            node.head = min(recording.block_of(size), recording.last_block)
            indexer.catch_up()
            _tidy(office.database)
            distributed = recording.block_of(holders) + 1
            readings.append(
                {"events": recording.counts[node.head - recording.first_block]}
                | _asked(office.database, distributed, node.head)
            )
        node.close()
    slowest = max(
        each["positions_ms"] for reading in readings for each in reading["as_of"].values()
    )
    return {
        "holders": holders,
        "readings": readings,
        "slowest_positions_ms": slowest,
        "target_ms": TARGET_MS,
        "met": slowest <= TARGET_MS,
        "processors": os.cpu_count(),
        "load_before": round(load, 2),
    }


def _tidy(database: Database) -> None:
    """What the database does by itself within a minute: counts its rows, so that questions are planned well."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _asked(database: Database, earliest: int, latest: int) -> dict[str, Any]:
    after = timedelta(seconds=1)
    dates = {
        "early": stamp(earliest).at + after,
        "middle": stamp((earliest + latest) // 2).at + after,
        "late": stamp(latest - (latest - earliest) // 20).at + after,
    }
    return {"as_of": {name: _at(database, date) for name, date in dates.items()}}


def _at(database: Database, date: datetime) -> dict[str, Any]:
    product = ProductId(PRODUCT)
    with database.read() as connection:
        register = Register(connection, DEPLOYMENT.chain_id)
        positions = register.positions(product, as_of=date)
        lots = register.lots(product, as_of=date)
        held, total = sum(each.units for each in positions), register.total(product, as_of=date)
        if not held == sum(each.units for each in lots) == total:
            raise RuntimeError(f"{date}: positions, lots and total differ")
        return {
            "date": date.isoformat(),
            "holders": sum(1 for each in positions if each.units),
            "positions_ms": _best(lambda: register.positions(product, as_of=date)),
            "lots": len(lots),
            "lots_ms": _best(lambda: register.lots(product, as_of=date)),
        }


def _best(act: Callable[[], object]) -> float:
    """Milliseconds of the fastest run: what it costs where the machine is not busy elsewhere."""
    taken = []
    for _ in range(_TIMES):
        began = perf_counter()
        act()
        taken.append(perf_counter() - began)
    return round(min(taken) * 1000, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description="The register as of a date, as JSON.")
    parser.add_argument("--holders", type=int, default=HOLDERS)
    parser.add_argument("--events", type=int, action="append", help="instead of the usual sizes")
    arguments = parser.parse_args()
    found = report(sorted(arguments.events or SIZES), holders=arguments.holders)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
