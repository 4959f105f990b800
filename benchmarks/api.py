"""The interface under load, on a local node: positions read a second, transfers a second to final blocks.

    python -m benchmarks.api [--investors 1000] [--transfers 3000] [--seconds 10]

Server and service are one process, as one `genbo up`; client, node and database are processes of their own. All of it
is on loopback and ends by itself.
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

from benchmarks.api_world import ServedOffice, served_office
from genbo.chain.accounts import account_of
from genbo.governance.users import Scope


def reads(served: ServedOffice, *, connections: int, seconds: float) -> dict[str, Any]:
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
    used = time.process_time()
    run = served.load(requests, Scope.REFERENCE, connections=connections, seconds=seconds)
    used = time.process_time() - used
    return {**run, "server_processor_milliseconds": round(1000 * used / run["requests"], 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--investors", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    arguments = parser.parse_args()
    found: dict[str, Any] = {"load_before": os.getloadavg()[0], "reads": []}
    with (
        tempfile.TemporaryDirectory(prefix="genbo-") as folder,
        served_office(Path(folder), investors=arguments.investors, units=1_000) as served,
    ):
        for connections in (8, 16, 32):
            run = reads(served, connections=connections, seconds=arguments.seconds)
            found["reads"].append({"connections": connections, **run})
            print(found["reads"][-1], file=sys.stderr)
    found["targets"] = {"reads_per_second": 1_000, "reads_p99_milliseconds": 50}
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
