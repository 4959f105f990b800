"""The register as documents: seconds and memory of each form. Prints JSON.

python -m benchmarks.documents                     100,000 holders as JSON, CSV and Excel, 20,000 as PDF
python -m benchmarks.documents --holders 1000 --pages 1000

Holders come through the real journal and the real vault: a distribution of so many rows, read and folded, and so many
investors with sealed names. Each form is made in a process of its own, so that the memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.market import CHAIN_ID, PRODUCT, Market
from benchmarks.recording import RecordedNode, record
from benchmarks.registry import DEPLOYMENT, registry
from genbo.bootstrap.indexer import Indexer
from genbo.bootstrap.register_output import Asker, make_register
from genbo.compliance.reasons import Language
from genbo.kernel import InvestorId, ProductId
from genbo.reporting import Extent, Form
from genbo.reporting.paper.drawer import end_drawers
from genbo.reporting.register_forms import rendered
from genbo.storage.engine import Database
from genbo.storage.investors import Investor, Investors, NewInvestor
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.register import Register
from genbo.storage.vault import Vault
from genbo.storage.wallets import Wallet, Wallets

AT = datetime(2026, 4, 1, tzinfo=UTC)
VAULT = Vault(KeyEncryptionKey(bytes(32)))
TARGET_PDF_SECONDS = 15.0


@dataclass(frozen=True)
class _House:
    database: Database
    vault: Vault
    node: Any = None


@dataclass(frozen=True)
class _Office:
    """As much of an office as a register needs: it reads no chain when the blocks are known."""

    house: _House
    deployment: Any = DEPLOYMENT


def somebody(number: int) -> NewInvestor:
    """An invented investor, one in fifty with a long name and a long address."""
    long = number % 50 == 0
    return NewInvestor(
        investor=Investor(
            investor_id=InvestorId(f"IV-{number:06}"),
            kind="individual",
            safekeeping_kind="self",
            investor_class=1,
        ),
        name="架空" * 32 if long else f"架空　花子{number}",
        registered_address=f"東京都架空区架空町{number}番地" * (6 if long else 1),
        effective=date(2024, 1, 1),
    )


def _people(database: Database, holders: int) -> None:
    product = ProductId(PRODUCT)
    with database.read() as connection:
        positions = Register(connection, CHAIN_ID).positions(product)
    accounts = [each.address for each in positions if each.units]
    if len(accounts) < holders:
        raise RuntimeError(f"{len(accounts)} of {holders} hold something")
    with database.begin() as connection:
        new = [somebody(number) for number in range(len(accounts))]
        Investors(connection, VAULT).register(new, at=AT, by="bench")
        Wallets(connection).assign(
            [
                Wallet(
                    product_id=product,
                    address=account,
                    investor_id=each.investor.investor_id,
                    valid_from=AT,
                )
                for account, each in zip(accounts, new, strict=True)
            ],
            at=AT,
            by="bench",
        )


def _measured(url: str, form: Form) -> dict[str, Any]:
    """Makes and renders the register in this process."""
    with closing(Database(url)) as database:
        office: Any = _Office(_House(database, VAULT))
        started, used = time.perf_counter(), time.process_time()
        register = make_register(
            office,
            ProductId(PRODUCT),
            as_of=None,
            extent=Extent.FULL,
            asker=Asker(by="bench", at=AT),
        )
        made = time.perf_counter()
        content = rendered(register, form, Language.JA)
        done, spent = time.perf_counter(), time.process_time() - used
    end_drawers()
    drawing = resource.getrusage(resource.RUSAGE_CHILDREN)  # pages are drawn by another process
    return {
        "lots": len(register.lines),
        "holders": register.holders,
        "seconds_to_read": round(made - started, 2),
        "seconds_to_render": round(done - made, 2),
        "seconds": round(done - started, 2),
        "processor_seconds": round(spent + drawing.ru_utime + drawing.ru_stime, 2),
        "megabytes": round(len(content) / 1e6, 1),
        "peak_mebibytes": _peak(),
        "peak_mebibytes_to_draw": drawing.ru_maxrss // 1024,
    }


def _peak() -> int:
    """The most memory that this process had. What `getrusage` says counts what its parent had when it was begun."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _of(holders: int, forms: list[Form]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="genbo-bench-") as folder, registry() as office:
        market = Market(
            holders=holders + max(10, holders // 1_000)
        )  # some sell before the last one buys
        # The product and the verdicts, a batch to an event, come before the distribution.
        events = holders + holders // 200 + 10
        recording = record(market, Path(folder) / "chain.json", events=events)
        node = RecordedNode(recording)
        Indexer(node, office.database, DEPLOYMENT).catch_up()
        node.close()
        _people(office.database, holders)
        url = office.database.engine.url.render_as_string(hide_password=False)
        found = {}
        for form in forms:
            told = subprocess.run(
                [sys.executable, "-m", "benchmarks.documents", "--render", form, "--url", url],
                check=True,
                capture_output=True,
                text=True,
            )
            found[form.value] = json.loads(told.stdout)
        return found


def report(holders: int, pages: int) -> dict[str, Any]:
    """What each form takes: tables of `holders`, pages of `pages`."""
    load = os.getloadavg()[0]
    found = _of(holders, [Form.JSON, Form.CSV, Form.XLSX]) | _of(pages, [Form.PDF])
    return {
        "forms": found,
        "target_pdf_seconds": TARGET_PDF_SECONDS,
        "met": found["pdf"]["seconds"] <= TARGET_PDF_SECONDS,
        "processors": os.cpu_count(),
        "load_before": round(load, 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="The register as documents, as JSON.")
    parser.add_argument("--holders", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=20_000, help="holders of the PDF")
    parser.add_argument("--render", type=Form, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.render is not None:
        found = _measured(arguments.url, arguments.render)
    else:
        found = report(arguments.holders, arguments.pages)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
