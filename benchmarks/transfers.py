"""Transfers in bulk, from the order to final blocks on a local node, and the register read up to them.

    python -m benchmarks.transfers [--transfers 20000]

A holder's own bulk transfer: one order of many rows, packed into batches by gas, through the outbox.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from benchmarks.local import Shares, local_office, verify
from genbo.chain.accounts import account_of
from genbo.chain.hexes import address_of
from genbo.governance import Duty, Job, JobKind, JobRow
from genbo.kernel import Digest, InvestorId, Reference, Units
from genbo.token import Act


def measure(transfers: int, folder: Path) -> dict[str, Any]:
    """Rows a second to final, for n, the tenth and the hundredth of it."""
    recipients = [address_of(keccak(text=f"transfers {n}")[12:]) for n in range(2_000)]
    with local_office(folder, cap=10 * transfers) as place:
        office, product = place.office, place.product
        office.ring.add(
            account_of(InvestorId("IV-SETTLOR"), product, chain_id=office.house.node.chain_id)
        )
        verify(office, product, recipients, key="recipients")
        act = Act(ref=Reference("ISSUE-1"), evidence=Digest("0x" + 64 * "e"))
        call = office.token(product).issue([place.beneficiary], [2 * transfers], act)
        office.act(call, Duty.ISSUER, product=product, ref=act.ref)
        runs = []
        for rows in (transfers // 100, transfers // 10, transfers):
            job = Job(
                key=f"transfers-{rows}",
                chain_id=office.deployment.chain_id,
                kind=JobKind.TRANSFER,
                product=product,
                ref=None,
                arguments={},
                maker="IV-SETTLOR",
                account=place.beneficiary,
            )
            order = [
                JobRow(address=recipients[n % len(recipients)], units=Units(1)) for n in range(rows)
            ]
            shares = Shares(office)
            began = time.perf_counter()
            job_id = office.bulk.order(job, order)
            office.bulk.run(job_id)
            final = time.perf_counter() - began
            office.read()
            read = time.perf_counter() - began
            runs.append(
                {
                    "transfers": rows,
                    "seconds_to_final": round(final, 2),
                    "transfers_per_second": round(rows / final),
                    "seconds_to_register": round(read, 2),
                    "shares": shares.told(read),
                }
            )
            print(runs[-1], file=sys.stderr)
        return {"runs": runs, "target_per_second": 1_000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transfers", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="genbo-") as folder:
        print(json.dumps(measure(arguments.transfers, Path(folder)), indent=2))


if __name__ == "__main__":
    main()
