"""What it costs to close the market, and to stop, when there are many products: one transaction reaches all of them.

    python -m benchmarks.many_products                  1, 10, 100 and 1,000 products
    python -m benchmarks.many_products 1 50             other numbers

Tokens are created through the factory as in production; wiring them to the duties is left out, which the switches do
not ask for. Prints one JSON document, with what each product more costs between two numbers: the cost is a line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from benchmarks.bench import Bench, terms
from genbo.chain import artifacts
from genbo.chain.contracts.token_factory import TokenFactory, salt_of
from genbo.governance import Duty
from genbo.kernel import ProductId

CREATION_GAS = 2_000_000
"""Enough to create a product; named, so that each need not be rehearsed first."""


def report(numbers: Sequence[int]) -> dict[str, Any]:
    """Gas of the switches at each number of products."""
    bench = Bench()
    started = time.monotonic()
    rows = []
    for number in sorted(numbers):
        _grow(bench, number)
        rows.append(_switches(bench, number))
    for before, row in pairwise(rows):
        more = row["products"] - before["products"]
        for name in ("close_market", "stop"):
            row[f"{name}_each_product_more"] = round((row[name] - before[name]) / more, 1)
    return {"rows": rows, "seconds": round(time.monotonic() - started, 1)}


def _grow(bench: Bench, number: int) -> None:
    """Creates products until there are so many."""
    factory = TokenFactory(bench.node, bench.deployment.factory)
    artifact = artifacts.load("SecurityToken")
    for count in range(bench.platform.token_count().value, number):
        product = ProductId(f"BENCH-{count:04}")
        create = factory.create(artifact, terms(product), salt_of(product))
        bench.sender.send(create, by=bench.direct, gas=CREATION_GAS)


def _switches(bench: Bench, number: int) -> dict[str, Any]:
    """Closing an open market, and stopping one that is open again; open at the end."""
    platform = bench.platform
    closed = bench.under_duty(platform.close_market(), Duty.MARKET_OPERATOR)
    bench.under_duty(platform.open_market(), Duty.MARKET_OPERATOR)
    stopped = bench.under_duty(platform.stop(), Duty.STOPPER)
    bench.under_duty(platform.resume(), Duty.RESUMER)
    bench.under_duty(platform.open_market(), Duty.MARKET_OPERATOR)
    return {"products": number, "close_market": closed, "stop": stopped}


def main() -> int:
    parser = argparse.ArgumentParser(description="Switches over many products, as JSON.")
    parser.add_argument("numbers", nargs="*", type=int, default=[1, 10, 100, 1_000])
    json.dump(report(parser.parse_args().numbers), sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
