"""A client for load: so many connections to this machine, for so many seconds or requests, and how long answers took.

    python -m benchmarks.api_client < requests.json

It runs as a process of its own, so that its work is not counted as the server's. It asks loopback only, and stops by
itself: after the last request, or at the latest after `SECONDS_AT_MOST`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import aiohttp

SECONDS_AT_MOST = 120.0
CONNECTIONS_AT_MOST = 64


async def run(order: dict[str, Any]) -> dict[str, Any]:
    """Sends the requests of an order, each once, or in turn until its seconds are over."""
    bases = [str(each) for each in order["bases"]]
    if not all(each.startswith("http://127.0.0.1:") for each in bases):
        raise SystemExit("loopback only")
    connections = min(int(order["connections"]), CONNECTIONS_AT_MOST)
    until = time.perf_counter() + min(float(order.get("seconds", SECONDS_AT_MOST)), SECONDS_AT_MOST)
    requests = _requests(order)
    statuses: Counter[int] = Counter()
    seconds: list[float] = []
    refused: list[str] = []

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections), headers=order["headers"]
    ) as session:

        async def worker(base: str) -> None:
            for request in requests:
                began = time.perf_counter()
                if began >= until:
                    return
                async with session.request(
                    request.get("method", "GET"),
                    base + request["path"],
                    json=request.get("body"),
                    headers=request.get("headers"),
                ) as answer:
                    content = await answer.read()
                seconds.append(time.perf_counter() - began)
                statuses[answer.status] += 1
                if answer.status >= 400 and len(refused) < 3:
                    refused.append(content[:600].decode("utf-8", "replace"))

        began = time.perf_counter()
        await asyncio.gather(*(worker(bases[number % len(bases)]) for number in range(connections)))
        took = time.perf_counter() - began
    return {
        "requests": len(seconds),
        "seconds": round(took, 2),
        "per_second": round(len(seconds) / took) if took else 0,
        "milliseconds": _spread(sorted(seconds)),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "refused": refused,
    }


def _requests(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each once, or around and around where the order has seconds."""
    listed = order["requests"]
    while True:
        yield from listed
        if "seconds" not in order:
            return


def _spread(ordered: list[float]) -> dict[str, float]:
    if not ordered:
        return {}
    return {
        name: round(1000 * ordered[min(int(len(ordered) * part), len(ordered) - 1)], 1)
        for name, part in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0))
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
