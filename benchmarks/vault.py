"""The vault: investors sealed, found, wrapped anew, indexed anew and written out, on a durable PostgreSQL.

python -m benchmarks.vault [--investors 100000]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from genbo.kernel import InvestorId
from genbo.storage.blind_index import BlindIndex
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.investors import Investor, Investors, NewInvestor
from genbo.storage.key_backup import export_keys
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.migrations import migrate
from genbo.storage.reindex import reindex
from genbo.storage.rotation import Rotation
from genbo.storage.server import embedded_server
from genbo.storage.vault import Purpose, Reading, Vault

AT = datetime(2026, 4, 1, tzinfo=UTC)
READING = Reading(purpose=Purpose.ORDER, actor="benchmark", at=AT)
OLD, NEW = KeyEncryptionKey(b"o" * 32), KeyEncryptionKey(b"n" * 32)


def somebody(number: int) -> NewInvestor:
    """An invented investor."""
    return NewInvestor(
        investor=Investor(
            investor_id=InvestorId(f"IV-{number:06}"),
            kind="individual",
            safekeeping_kind="self",
            investor_class=1,
        ),
        name=f"架空　花子{number}",
        registered_address=f"東京都架空区{number}番地",
        effective=date(2026, 4, 1),
        personal={
            "contact_postal_code": "100-0000",
            "contact_email": f"someone-{number}@example.invalid",
        },
    )


def report(count: int) -> dict[str, Any]:
    """Seconds of each act over `count` investors."""
    seconds: dict[str, float] = {}

    def timed(name: str, act: Callable[[], object]) -> None:
        started = time.perf_counter()
        act()
        seconds[name] = round(time.perf_counter() - started, 2)

    with tempfile.TemporaryDirectory() as name, lock_folder(Path(name)) as folder:  # noqa: SIM117
        with (
            embedded_server(folder) as server,
            closing(Database(server.url())) as database,
        ):
            migrate(database)
            new = [somebody(number) for number in range(count)]

            def register() -> None:
                with database.begin() as connection:
                    Investors(connection, Vault(OLD)).register(new, at=AT, by="benchmark")

            def read() -> None:
                with database.begin() as connection:
                    Investors(connection, Vault(OLD)).identities(
                        [each.investor.investor_id for each in new], on=AT.date(), reading=READING
                    )

            def find() -> None:
                with database.begin() as connection:
                    index = BlindIndex(connection, Vault(OLD))
                    for number in range(0, count, max(1, count // 100)):
                        found = index.find("name", f"架空 花子{number}", reading=READING)
                        assert found == [f"IV-{number:06}"]

            def rotate() -> None:
                done = 1
                while done:
                    with database.begin() as connection:
                        rotation = Rotation(connection, Vault(NEW, OLD))
                        done = rotation.step(at=AT, by="benchmark")

            def remake() -> None:
                with database.begin() as connection:
                    assert reindex(connection, Vault(NEW), at=AT, by="benchmark") == 2 * count

            def write_out() -> None:
                with database.read() as connection:
                    assert len(export_keys(connection, Vault(NEW).ring)) > 100 * count

            timed("register", register)
            timed("read_all_names", read)
            timed("find_100_by_name", find)
            timed("rotate", rotate)
            timed("reindex", remake)
            timed("export_keys", write_out)
    return {
        "investors": count,
        "seconds": seconds,
        "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load_before": LOAD,
    }


LOAD = os.getloadavg()[0]


def main() -> int:
    parser = argparse.ArgumentParser(description="The vault's figures, as JSON.")
    parser.add_argument("--investors", type=int, default=100_000)
    print(json.dumps(report(parser.parse_args().investors), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
