"""A node whose every question is a place to die at: before it reaches the node, and after the node has done it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from eth_utils.crypto import keccak
from tests.support.crash.killer import Killer

from genbo.chain.hexes import hex_of
from genbo.chain.node import Header, Inclusion, Node
from genbo.kernel import Finality


class WatchedNode:
    """A `Node` as the life of a killer sees it; the chain behind it knows nothing of who asks."""

    def __init__(self, inner: Node, killer: Killer, pool: Pool | None = None) -> None:
        self._inner = inner
        self._killer = killer
        self._pool = pool

    @property
    def chain_id(self) -> int:
        return self._inner.chain_id

    @property
    def finality(self) -> Finality:
        return self._inner.finality

    def header(self, number: int | None = None) -> Header:
        return self._ask("header", self._inner.header, number)

    def hand_in(self, raws: Sequence[bytes]) -> list[str | None]:
        return self._ask("hand_in", (self._pool or self._inner).hand_in, raws)

    def inclusions(self, txs: Sequence[str]) -> list[Inclusion | None]:
        return self._ask("inclusions", (self._pool or self._inner).inclusions, txs)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)  # a node has no more abilities than the one behind it

        def asked(*arguments: Any, **named: Any) -> Any:
            return self._ask(name, method, *arguments, **named)

        return asked

    def _ask(self, name: str, method: Any, *arguments: Any, **named: Any) -> Any:
        life = self._killer.life
        life.questions |= {f"before {name}", f"after {name}"}
        life.contact(f"before {name}")
        self._killer.pause()
        try:
            answer = method(*arguments, **named)
        finally:
            self._killer.resume()
        life.contact(f"after {name}")
        return answer


class SmallBlocks:
    """A chain that says its blocks are small, so that a few rows fill a batch."""

    def __init__(self, inner: Any, gas_limit: int) -> None:
        self._inner = inner
        self._gas_limit = gas_limit

    def header(self, number: int | None = None) -> Header:
        return replace(self._inner.header(number), gas_limit=self._gas_limit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Pool:
    """A node that takes a transaction at once and puts it into a block later: after it was asked about it so many
    times. It may forget what it took."""

    def __init__(self, inner: Any, *, late: int) -> None:
        self._inner = inner
        self._late = late
        self._waiting: dict[str, bytes] = {}
        self._asked = 0

    def hand_in(self, raws: Sequence[bytes]) -> list[str | None]:
        for raw in raws:
            tx = hex_of(keccak(raw))
            if self._inner.receipt(tx) is None:
                self._waiting.setdefault(tx, raw)
        return [None for _ in raws]

    def inclusions(self, txs: Sequence[str]) -> list[Inclusion | None]:
        self._asked += 1
        if self._asked % self._late == 0:
            self.settle()
        return self._inner.inclusions(txs)

    def settle(self) -> None:
        """Puts what waits into blocks; a number above one that is missing goes on waiting."""
        waiting, self._waiting = self._waiting, {}
        problems = self._inner.hand_in(list(waiting.values()))
        for (tx, raw), problem in zip(waiting.items(), problems, strict=True):
            if problem is not None:
                self._waiting[tx] = raw

    def forget(self) -> None:
        """As a node does that was started anew."""
        self._waiting.clear()
