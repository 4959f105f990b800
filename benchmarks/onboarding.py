"""Many investors onboarded and issued to, end to end on a local node.

    python -m benchmarks.onboarding [--investors 100000]

The whole way that the service goes: investors and verdicts sealed into the registry with an account each, one order
for all verdicts, the issue by two persons, one order for the distribution, everything through commands and the outbox
to final blocks, and the register read up to them. The shares say where the time went: waiting for the node, waiting
for the database, and the rest, which is Python.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from benchmarks.local import Shares, local_office
from genbo.bootstrap.people import admit_investors
from genbo.chain.hexes import address_of
from genbo.governance import Duty
from genbo.kernel import Address, Digest, InvestorId, Reference, Units
from genbo.storage.investors import Investor, NewInvestor
from genbo.storage.verdicts import Verdict
from genbo.token import Act

CHECKED = datetime(2025, 1, 1, tzinfo=UTC)
UNTIL = datetime(2040, 1, 1, tzinfo=UTC)


def measure(investors: int, folder: Path) -> dict[str, Any]:
    """Seconds of every stretch, and who was waited for."""
    people, verdicts, accounts = investors_of(investors)
    with local_office(folder, cap=10 * investors) as place:
        office, product, shares = place.office, place.product, Shares(place.office)
        began = time.perf_counter()
        stretches: dict[str, float] = {}

        def done(name: str) -> None:
            stretches[name] = time.perf_counter() - began - sum(stretches.values())
            print(f"{name}: {stretches[name]:.1f} s", file=sys.stderr)

        admit_investors(
            office, product, people, verdicts, accounts, by="registration-1", key="onboarding"
        )
        done("registered and verified")
        act = Act(ref=Reference("ISSUE-1"), evidence=Digest("0x" + 64 * "e"))
        call = office.token(product).issue([place.beneficiary], [investors], act)
        office.act(call, Duty.ISSUER, product=product, ref=act.ref)
        allotment = [(address, Units(1)) for address in accounts.values()]
        for _ in office.distribute(product, allotment, ref=Reference("DIST-1"), key="dist"):
            pass
        done("issued to")
        office.read()
        seconds = time.perf_counter() - began
        token = office.token(product)
        holders = list(accounts.values())
        assert [int(each) for each in token.balances_of(holders[::997]).value] == [1] * len(
            holders[::997]
        )
        return {
            "investors": investors,
            "seconds": round(seconds, 1),
            "investors_per_second": round(investors / seconds),
            "stretches": {name: round(each, 1) for name, each in stretches.items()},
            "shares": shares.told(seconds),
            "blocks": office.now().number,
            "target_seconds": round(60 * investors / 100_000, 1),
        }


def investors_of(
    count: int,
) -> tuple[list[NewInvestor], list[Verdict], dict[InvestorId, Address]]:
    """Investors as a broker delivers them: no real person's data, and an address of the broker's own keys each."""
    new, verdicts, accounts = [], [], {}
    for number in range(count):
        investor = InvestorId(f"IV-{number:08}")
        new.append(
            NewInvestor(
                investor=Investor(
                    investor_id=investor,
                    kind="individual",
                    safekeeping_kind="direct",
                    safekeeping_id="B1",
                    broker_customer_id=f"C{number:08}",
                    status="active",
                    aml_class="clear",
                    investor_class=1,
                ),
                name=f"計測 {number}",
                registered_address=f"東京都千代田区計測 {number}",
                effective=date(2025, 1, 1),
            )
        )
        verdicts.append(
            Verdict(
                investor_id=investor,
                checked_at=CHECKED,
                expires_at=UNTIL,
                investor_class=1,
                aml_class="clear",
                evidence_ref=f"KYC-{number:08}",
            )
        )
        accounts[investor] = address_of(keccak(text=f"onboarding {number}")[12:])
    return new, verdicts, accounts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--investors", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="genbo-") as folder:
        print(json.dumps(measure(arguments.investors, Path(folder)), indent=2))


if __name__ == "__main__":
    main()
