"""Resident memory of the process that reads, over a million events. Prints JSON.

python -m benchmarks.memory                      a million events; a minute or two
python -m benchmarks.memory --events 2000000

What may grow is what stands: addresses and open lots. What has happened must not. So the figure is taken after each
hundred thousand events, and the last is compared with the one after the first third.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from sqlalchemy import func, select

from benchmarks.live_node import LiveNode
from benchmarks.market import HOLDERS, Market
from benchmarks.processes import resident_bytes
from benchmarks.registry import DEPLOYMENT, registry
from genbo.bootstrap.indexer import Indexer
from genbo.storage.tables import lot, position

EVENTS = 1_000_000
EVERY = 100_000
MOST_GROWTH = 1.15
"""What the last figure may be of that after a third: open lots and replaced addresses become somewhat more."""
_BLOCKS = 100
"""Blocks between two looks at how many events there were."""


def report(events: int, *, every: int = EVERY, holders: int = HOLDERS) -> dict[str, Any]:
    """Resident memory after each `every` events, up to `events` of them."""
    figures: list[dict[str, int]] = []
    with registry() as office:
        node = LiveNode(Market(holders=holders))
        indexer = Indexer(node, office.database, DEPLOYMENT)
        while node.events < events:
            goal = (len(figures) + 1) * every
            while node.events < goal:
                node.head += max(_BLOCKS, (goal - node.events) // 30)
                indexer.catch_up()
            with office.database.read() as connection:
                lots = connection.scalar(
                    select(func.count()).select_from(lot).where(lot.c.until_block.is_(None))
                )
                addresses = connection.scalar(
                    select(func.count())
                    .select_from(position)
                    .where(position.c.until_block.is_(None))
                )
            figures.append(
                {
                    "events": node.events,
                    "resident_megabytes": round(resident_bytes() / 1e6),
                    "open_lots": lots or 0,
                    "addresses": addresses or 0,
                }
            )
    third, last = figures[(len(figures) - 1) // 3], figures[-1]
    growth = last["resident_megabytes"] / third["resident_megabytes"]
    return {
        "holders": holders,
        "figures": figures,
        "last_compared_with_a_third": round(growth, 3),
        "target": MOST_GROWTH,
        "met": growth <= MOST_GROWTH,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Resident memory of a reading, as JSON.")
    parser.add_argument("--events", type=int, default=EVENTS)
    arguments = parser.parse_args()
    sys.stdout.write(json.dumps(report(arguments.events), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
