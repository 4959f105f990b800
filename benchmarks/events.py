"""Events from the JSON of a node to committed rows: raw events, positions, lots, totals and trades. Prints JSON.

python -m benchmarks.events                   3,000, 30,000 and 300,000 events; about a minute
python -m benchmarks.events --events 200000   one reading of so many events

The reading is the one that runs in production (`bootstrap.indexer`), into an embedded PostgreSQL with every safety
on. Its node is a recording, whose answers are the bytes a node sends; the time to hand them over is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar

from benchmarks.market import HOLDERS, PRODUCT, TOKEN_ADDRESS, Market
from benchmarks.processes import processor_seconds_below
from benchmarks.recording import RecordedNode, Recording, record
from benchmarks.registry import DEPLOYMENT, registry
from genbo.bootstrap.behind import reading_in_bulk
from genbo.bootstrap.indexer import Indexer
from genbo.chain.decode import Decoder
from genbo.chain.raw_logs import logs_of
from genbo.kernel import ProductId
from genbo.register import RegisterFold
from genbo.storage.digest import derived_digest
from genbo.storage.entries import Entries
from genbo.storage.events import Events

SIZES = (3_000, 30_000, 300_000)
TARGET = 30_000
"""Events a second, with two processors."""
_BLOCKS = 256
"""Blocks at a time, where the stages are measured by themselves."""

T = TypeVar("T")


def report(sizes: Sequence[int], *, holders: int = HOLDERS) -> dict[str, Any]:
    """A reading of each size, each into a database of its own."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="genbo-bench-") as folder:
        readings = [_reading(size, holders, Path(folder)) for size in sizes]
    rate = readings[-1]["events_per_second"]
    return {
        "holders": holders,
        "readings": readings,
        "seconds_per_event_compared_with_the_size_before": _growth(readings),
        "events_per_second": rate,
        "target": TARGET,
        "met": rate >= TARGET,
        "processors": os.cpu_count(),
        "load_before": round(load, 2),
    }


def _reading(events: int, holders: int, folder: Path) -> dict[str, Any]:
    recording = record(Market(holders=holders), folder / f"{events}.json", events=events)
    with registry() as office:
        node = RecordedNode(recording)
        server = processor_seconds_below(office.server)
        began, worked = perf_counter(), process_time()
        Indexer(node, office.database, DEPLOYMENT).catch_up()
        python, seconds = process_time() - worked, perf_counter() - began - node.seconds_serving
        server = processor_seconds_below(office.server) - server
        with office.database.read() as connection:
            digest = derived_digest(connection, ProductId(PRODUCT))
            kept = Events(connection, DEPLOYMENT.chain_id).count()
    if kept != recording.logs:
        raise RuntimeError(f"{kept} of {recording.logs} logs were kept")
    found = {
        "events": recording.events,
        "logs": recording.logs,
        "blocks": len(recording.headers),
        "seconds": round(seconds, 3),
        "events_per_second": round(recording.events / seconds),
        "logs_per_second": round(recording.logs / seconds),
        "microseconds_per_event": {
            "wall": _each(seconds, recording),
            "processor_python": _each(python - node.seconds_serving, recording),
            "processor_database": _each(server, recording),
            "stages_by_themselves": _stages(recording, node),
        },
        "digest": digest,
    }
    node.close()
    recording.file.unlink()
    return found


def _stages(recording: Recording, node: RecordedNode) -> dict[str, float]:
    """Processor time of Python by stage, one after the other and with nothing beside."""
    decoder = Decoder({TOKEN_ADDRESS: ProductId(PRODUCT)})
    fold = RegisterFold()
    spent = dict.fromkeys(("parse", "decode", "fold", "rows"), 0.0)

    def measured(stage: str, work: Callable[[], T]) -> T:
        began = process_time()
        done = work()
        spent[stage] += process_time() - began
        return done

    with reading_in_bulk():
        stamps = {header.stamp.number: header.stamp for header in recording.headers}
        for first in range(recording.first_block, recording.last_block + 1, _BLOCKS):
            answer = node.answer(first, min(first + _BLOCKS - 1, recording.last_block))
            logs = measured("parse", lambda answer=answer: logs_of(answer))
            events = measured("decode", lambda logs=logs: decoder.decode(logs, stamps))
            changes = measured("fold", lambda events=events: list(map(fold.apply, events)))
            entries = Entries()
            measured("rows", lambda add=entries.add, changes=changes: list(map(add, changes)))
    return {stage: _each(seconds, recording) for stage, seconds in spent.items()}


def _growth(readings: list[dict[str, Any]]) -> list[float]:
    """1 is linear, less is better."""
    each = [reading["seconds"] / reading["events"] for reading in readings]
    return [round(after / before, 2) for before, after in pairwise(each)]


def _each(seconds: float, recording: Recording) -> float:
    return round(seconds / recording.events * 1e6, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description="Events a second, as JSON.")
    parser.add_argument("--events", type=int, action="append", help="one reading of so many events")
    arguments = parser.parse_args()
    found = report(arguments.events or SIZES)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
