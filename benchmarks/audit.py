"""What the audit chain costs: entries a second alone, by several writers, in bulk, and recomputed.

    python -m benchmarks.audit             alone 2,000; bulk of 1,000, 10,000 and 100,000
    python -m benchmarks.audit --quick     a tenth of it; some seconds

On an embedded PostgreSQL that writes through to the disk, as in production. `alone` is a transaction per entry, with
all that a transaction costs; `one_row` is a transaction that writes one small row, so the difference is what an entry
adds to one that writes anyway.
Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from genbo.bootstrap.auditing import day_root, verify_seen
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import ProductId
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.migrations import migrate
from genbo.storage.server import embedded_server

START = datetime(2022, 1, 31, tzinfo=UTC)
WRITERS = 4


def report(alone: int, bulk: Sequence[int]) -> dict[str, Any]:
    """Every figure; `bulk` are the sizes of one transaction each."""
    with (
        tempfile.TemporaryDirectory(prefix="genbo-bench-") as folder,
        lock_folder(Path(folder)) as locked,
        embedded_server(locked, durable=True) as server,
    ):
        database = Database(server.url())
        migrate(database)
        with database.begin() as connection:
            # Rows that entries vouch for are compared elsewhere; here the entries speak of none.
            AuditLog(connection).append([_entry(0)])
            connection.execute(text("CREATE TABLE bench (number bigint)"))
        figures = {
            "one_row": _rate(alone, lambda: _one_row(database, alone)),
            "alone": _rate(alone, lambda: _alone(database, alone)),
            f"alone_by_{WRITERS}_writers": _rate(alone, lambda: _together(database, alone)),
            "bulk": [_rate(size, lambda size=size: _bulk(database, size)) for size in bulk],
        }
        with database.read() as connection:
            head = AuditLog(connection).head()
            assert head is not None
            figures["verified"] = _rate(head.number, lambda: _verified(database, head.number))
            figures["root_of_a_day"] = _rate(
                head.number, lambda: day_root(AuditLog(connection).entries())
            )
            size = connection.scalar(text("SELECT pg_total_relation_size('audit')"))
        figures["bytes_an_entry"] = round(int(size or 0) / head.number)
        database.close()
    return figures


def _rate(count: int, work: Callable[[], object]) -> dict[str, Any]:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    return {"count": count, "seconds": round(seconds, 3), "a_second": round(count / seconds)}


def _entry(number: int) -> AuditEntry:
    """An entry as a wallet's assignment leaves it."""
    return AuditEntry(
        at=START + timedelta(milliseconds=number),
        action=AuditAction.WALLET_ASSIGNED,
        actor="custody-1",
        subject=f"IV-{number:08}",
        product=ProductId("SHIBUYA-JINNAN"),
        facts={"count": number},
    )


def _one_row(database: Database, count: int) -> None:
    for number in range(count):
        with database.begin() as connection:
            connection.execute(text("INSERT INTO bench VALUES (:number)"), {"number": number})


def _alone(database: Database, count: int) -> None:
    for number in range(count):
        with database.begin() as connection:
            AuditLog(connection).append([_entry(number)])


def _together(database: Database, count: int) -> None:
    threads = [
        threading.Thread(target=_alone, args=(database, count // WRITERS)) for _ in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _bulk(database: Database, size: int) -> None:
    with database.begin() as connection:
        AuditLog(connection).append(_entry(number) for number in range(size))


def _verified(database: Database, count: int) -> None:
    with database.read() as connection:
        verified = verify_seen(connection, None, origin=None)
    if not verified.holds or verified.entries != count:
        raise SystemExit(f"the chain does not verify: {verified.misfits[:1]}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    quick = parser.parse_args(arguments).quick
    figures = (
        report(200, (100, 1_000, 10_000)) if quick else report(2_000, (1_000, 10_000, 100_000))
    )
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
