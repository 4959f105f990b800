"""The yardstick: OpenZeppelin's ERC-20 with nothing added, between the same accounts."""

from __future__ import annotations

from benchmarks.bench import Bench
from genbo.chain import artifacts
from genbo.chain.call import Call, creation


def plain_erc20(bench: Bench) -> dict[str, float]:
    """Gas of what an ERC-20 without any rule can do."""
    artifact = artifacts.load("PlainToken")
    address = bench.sender.send(creation(artifact), by=bench.direct).created
    assert address is not None
    ann, bob, first = bench.holder(1), bench.holder(2).address, bench.holder(3).address
    steps = (
        ("mint, first-time holder", bench.direct, "mint", (ann.address, 1000)),
        ("mint, existing holder", bench.direct, "mint", (ann.address, 1000)),
        ("transfer, first-time holder", ann, "transfer", (first, 1)),
        ("transfer, existing holder", ann, "transfer", (first, 1)),
        ("approve", ann, "approve", (bob, 100)),
        ("burn", bench.direct, "burn", (ann.address, 1)),
    )
    return {
        name: bench.does(
            Call(address, artifact.interface.encode(function, *arguments), name), by=by
        )
        for name, by, function, arguments in steps
    }
