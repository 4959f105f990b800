"""Many wallets created below one extended public key, and registered with their verdicts on a local node.

    python -m benchmarks.wallets [--investors 100000]

The custodian agreed on a gap as wide as the file. The shares say where the time went; the rest is Python, most of it
the derivation of one public key per investor.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.local import Shares, local_office
from benchmarks.onboarding import investors_of
from genbo.bootstrap.people import register_investors, verify_accounts
from genbo.bootstrap.wallets import approve_tree, create_keys, take_tree
from genbo.chain.extended_key import ExtendedKey

VECTOR = Path(__file__).resolve().parent.parent / "tests" / "data" / "bip32_public_vectors.csv"


def measure(investors: int, folder: Path) -> dict[str, Any]:
    """Seconds of every stretch, who was waited for, and the most memory the process had."""
    people, verdicts, _ = investors_of(investors)
    ids = [each.investor.investor_id for each in people]
    tree = ExtendedKey.parse(VECTOR.read_text().splitlines()[1].split(",")[-1])
    with local_office(folder, cap=10 * investors) as place:
        office, product = place.office, place.product
        register_investors(office, people, verdicts, by="registration-1")
        take_tree(
            office,
            tree.serialised(),
            fingerprint=tree.fingerprint,
            owner="C1",
            by="custody-1",
            gap_limit=investors,
        )
        approve_tree(office, tree.fingerprint, by="custody-2")
        shares, began = Shares(office), time.perf_counter()
        stretches: dict[str, float] = {}

        def done(name: str) -> None:
            stretches[name] = time.perf_counter() - began - sum(stretches.values())
            print(f"{name}: {stretches[name]:.1f} s", file=sys.stderr)

        create_keys(office, product, ids, tree=tree.fingerprint, by="custody-1")
        done("created")
        for _ in verify_accounts(office, product, ids):
            pass
        done("registered on the ledger")
        seconds = time.perf_counter() - began
        return {
            "investors": investors,
            "seconds": round(seconds, 1),
            "stretches": {name: round(each, 1) for name, each in stretches.items()},
            "created_per_second": round(investors / stretches["created"]),
            "shares": shares.told(seconds),
            "most_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--investors", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="genbo-") as folder:
        print(json.dumps(measure(arguments.investors, Path(folder)), indent=2))


if __name__ == "__main__":
    main()
