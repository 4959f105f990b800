"""Many investors imported from a file, verified and linked, on a local node.

    python -m benchmarks.investor_files [--investors 100000]

The whole way of a file by file control: announced, received, checked row by row, approved by another person, applied in
one transaction, every row sealed, with its verdict. Then each investor is linked with an address in the product, and
the verdicts go to the ledger in one order, up to final blocks. Memory is the most that this process ever held, after
each stretch; node and database are processes of their own.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from benchmarks.local import Shares, local_office
from genbo.bootstrap.files.desk import FileDesk
from genbo.bootstrap.people import open_accounts, verify_accounts
from genbo.chain.hexes import address_of
from genbo.kernel import Address, InvestorId
from genbo.masters.import_file import ImportStatus, ImportTarget, ProcessingKind
from genbo.providers.files.delivered import delivered, made_at

MAKER, APPROVER = "registration-1", "registration-2"


def measure(investors: int, folder: Path) -> dict[str, Any]:
    """Seconds and memory of every stretch, and who was waited for."""
    path = folder / "investors.csv"
    write_investors(path, investors)
    with local_office(folder, cap=10 * investors) as place:
        office, product, shares = place.office, place.product, Shares(place.office)
        began = time.perf_counter()
        stretches: dict[str, dict[str, float]] = {}

        def done(name: str) -> None:
            spent = (
                time.perf_counter() - began - sum(each["seconds"] for each in stretches.values())
            )
            stretches[name] = {"seconds": round(spent, 1), "peak_mib": peak_mib()}
            print(f"{name}: {stretches[name]}", file=sys.stderr)

        before = peak_mib()
        desk = FileDesk(office.house.database, office.house.vault, office.house.now)
        with delivered(path) as file:
            said = desk.announce(
                target=ImportTarget.INVESTOR,
                kind=ProcessingKind.NEW,
                size=file.size,
                timestamp=made_at(path),
                sha256=file.sha256,
                by=MAKER,
            )
        desk.receive(said.file_id, path, by=MAKER)
        done("announced and received")
        assert desk.check(said.file_id, path, by=MAKER).status is ImportStatus.CHECKED
        done("checked")
        desk.approve(said.file_id, by=APPROVER)
        applied = desk.apply(said.file_id, path, by=APPROVER)
        assert applied.result is not None
        assert applied.result.applied == investors
        done("applied: sealed, with verdicts")
        accounts = {_investor(number): _address(number) for number in range(investors)}
        open_accounts(office, product, accounts, by="custody-1")
        done("linked")
        for _ in verify_accounts(office, product, list(accounts)):
            pass
        office.read()
        done("verified on the ledger")
        seconds = time.perf_counter() - began
        return {
            "investors": investors,
            "file_bytes": path.stat().st_size,
            "seconds": round(seconds, 1),
            "investors_per_second": round(investors / seconds),
            "peak_mib_before": before,
            "peak_mib": peak_mib(),
            "stretches": stretches,
            "shares": shares.told(seconds),
        }


def write_investors(path: Path, count: int) -> None:
    """A file of invented investors, as a broker delivers it: contact, account and verification of each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            (
                "investor_id", "investor_type", "investor_class", "investor_name", "registered_address",
                "safekeeping_kind", "safekeeping_id", "broker_customer_id", "contact_postal_code", "contact_phone",
                "contact_email", "verified_at", "verified_until", "kyc_evidence",
            )
        )  # fmt: skip
        for number in range(count):
            rows.writerow(
                (
                    _investor(number), "individual", "individual", f"計測 太郎{number}",
                    f"東京都架空区計測町{number}番地", "direct", "B1", f"C{number:08}", "1500041", "03-1234-5678",
                    f"keisoku{number}@example.jp", "2025-01-01", "2039-12-31", f"KYC-{number:08}",
                )
            )  # fmt: skip


def peak_mib() -> int:
    """The most memory that this process ever held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _investor(number: int) -> InvestorId:
    return InvestorId(f"IV-{number:08}")


def _address(number: int) -> Address:
    return address_of(keccak(text=f"investor file {number}")[12:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--investors", type=int, default=100_000)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="genbo-") as folder:
        measured = measure(arguments.investors, Path(folder))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    print(json.dumps({**measured, "load_before": round(load, 2), "at": at}, indent=2))


if __name__ == "__main__":
    main()
