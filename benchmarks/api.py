"""The interface under load, on a local node: positions read a second, transfers a second to final blocks.

    python -m benchmarks.api [reads|transfers|bulk ...] [--interfaces 1] [--investors 1000] [--transfers 3000]
        [--rows 10000] [--seconds 10]

Everything runs as an operator runs it: processes of `genbo up`, one or two of them for the interface, credentials and
tokens as a broker has them. The signatures of transfers are made before the clock starts, because holders make them
elsewhere. All of it is on loopback, bounded, and ends by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.api_world import DELEGATING, GIVER, ServedOffice, served_office, wait_until
from benchmarks.processes import processor_seconds_of
from genbo.chain.accounts import account_of
from genbo.chain.hexes import hex_of
from genbo.chain.signing import Domain, TransferAuthorisation, sign
from genbo.governance.users import Scope
from genbo.kernel import Reference
from genbo.storage.tables import job, transfer_order

PARTS = ("reads", "transfers", "bulk")
TARGETS = {
    "reads": {"per_second": 1_000, "p99_milliseconds": 50},
    "transfers": {"final_per_second": 150},
    "bulk": {"final_per_second": 1_000},
}


def reads(served: ServedOffice, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Positions by address, each of another holder."""
    place = served.place
    chain_id = place.office.house.node.chain_id
    requests = [
        {
            "path": f"/v1/products/{place.product}/positions/"
            f"{account_of(each, place.product, chain_id=chain_id).address}"
        }
        for each in served.investors
    ]
    runs = []
    for connections in (8, 16, 32):
        run = served.load(
            requests, Scope.REFERENCE, connections=connections, seconds=arguments.seconds
        )
        runs.append({"connections": connections, **run})
        print(runs[-1], file=sys.stderr)
    return runs


def transfers(served: ServedOffice, arguments: argparse.Namespace) -> dict[str, Any]:
    """Single transfers, each a request and a signature of its holder."""
    requests = [
        {
            "method": "POST",
            "path": "/v1/transfers",
            "body": body,
            "headers": {"Idempotency-Key": str(body["trade"])},
        }
        for body in _signed(served, arguments.transfers)
    ]
    before = {name: processor_seconds_of(each) for name, each in served.processes.items()}
    began = time.perf_counter()
    run = served.load(requests, Scope.UPDATE, connections=32)
    accepted = time.perf_counter() - began
    wait_until(lambda: _open_orders(served) == 0, 300)
    final = time.perf_counter() - began
    used = {
        name: round(1000 * (processor_seconds_of(each) - before[name]) / arguments.transfers, 2)
        for name, each in served.processes.items()
    }
    found = {
        "transfers": arguments.transfers,
        "accepted_per_second": round(arguments.transfers / accepted),
        "final_per_second": round(arguments.transfers / final),
        **run,
        "processor_milliseconds_each": used,
    }
    print(found, file=sys.stderr)
    return found


def bulk(served: ServedOffice, arguments: argparse.Namespace) -> dict[str, Any]:
    """One request of many rows, from the request to final."""
    place = served.place
    names = served.investors
    body = {
        "product": place.product,
        "reference": "BULK-1",
        "from": GIVER,
        "rows": [{"to": names[n % len(names)], "units": 1} for n in range(arguments.rows)],
    }
    request = {
        "method": "POST",
        "path": "/v1/transfers/bulk",
        "body": body,
        "headers": {"Idempotency-Key": "bulk-1"},
    }
    began = time.perf_counter()
    run = served.load([request], Scope.UPDATE, connections=1, by=DELEGATING)
    accepted = time.perf_counter() - began
    wait_until(lambda: not _running_jobs(served), 300)
    final = time.perf_counter() - began
    found = {
        "rows": arguments.rows,
        "seconds_to_accept": round(accepted, 2),
        "seconds_to_final": round(final, 2),
        "final_per_second": round(arguments.rows / final),
        "statuses": run["statuses"],
        "refused": run["refused"],
    }
    print(found, file=sys.stderr)
    return found


def _signed(served: ServedOffice, count: int) -> list[dict[str, Any]]:
    """The requests of so many transfers from customer to customer."""
    office, product, names = served.place.office, served.place.product, served.investors
    chain_id = office.deployment.chain_id
    token = office.token(product)
    domain = Domain.of_token(token.name().value, token.address, chain_id=chain_id)
    keys = [account_of(each, product, chain_id=chain_id) for each in names]
    now = int(time.time())
    made = []
    for number in range(count):
        giver, taker = number % len(names), (number * 7 + 1) % len(names)
        if giver == taker:
            taker = (taker + 1) % len(names)
        message = TransferAuthorisation(
            source=keys[giver].address,
            target=keys[taker].address,
            units=1,
            after=now - 60,
            before=now + 86_400 * 2,
            ref=Reference(f"T-{number}"),
        )
        made.append(
            {
                "product": product,
                "trade": f"T-{number}",
                "from": names[giver],
                "to": names[taker],
                "units": 1,
                "authorisation": {
                    "valid_after": message.after,
                    "valid_before": message.before,
                    "signature": hex_of(sign(message, domain, keys[giver])),
                },
            }
        )
    return made


def _open_orders(served: ServedOffice) -> int:
    with served.place.office.house.database.read() as connection:
        state = transfer_order.c.state
        counted = dict(
            connection.execute(
                sa.select(state, sa.func.count()).group_by(state)  # type: ignore[arg-type]
            ).all()
        )
    if counted.get("refused"):
        raise SystemExit(f"{counted['refused']} were refused")
    return int(counted.get("waiting", 0)) + int(counted.get("ordered", 0))


def _running_jobs(served: ServedOffice) -> int:
    with served.place.office.house.database.read() as connection:
        running = sa.select(sa.func.count()).where(job.c.state == "running")
        return int(connection.scalar(running) or 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="reads, transfers, bulk; all of them by default")
    parser.add_argument("--interfaces", type=int, default=1)
    parser.add_argument("--investors", type=int, default=1_000)
    parser.add_argument("--transfers", type=int, default=3_000)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    arguments = parser.parse_args()
    found: dict[str, Any] = {"load_before": os.getloadavg()[0], "targets": TARGETS}
    with (
        tempfile.TemporaryDirectory(prefix="genbo-") as folder,
        served_office(
            Path(folder),
            investors=arguments.investors,
            units=20_000,
            interfaces=arguments.interfaces,
        ) as served,
    ):
        for part in arguments.parts or PARTS:
            found[part] = {"reads": reads, "transfers": transfers, "bulk": bulk}[part](
                served, arguments
            )
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
