"""Endpoint: one address behind which a node of the chain answers, sometimes.

It connects when it is first asked. After a failure it rests, longer each time, and when it comes back it is asked
anew, briefly, who it is: another machine may answer at the same address by then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from genbo.chain.node import BlockUnknown
from genbo.chain.remote import RemoteNode, connect, without_secrets
from genbo.kernel import Fault, Reason

SECONDS_TO_SAY_WHO = 3.0
"""For the questions that a node is asked before it is relied on: one that stalls must not be waited for long."""

NO_SUCH_BLOCK = "no such block"

_SHORTEST_REST = 1.0
_LONGEST_REST = 30.0


@dataclass(frozen=True, slots=True)
class Anchor:
    """A block by which two chains of one id are told apart."""

    number: int
    hash: str


class Endpoint:
    """One address. Safe to use from several threads."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name` is shown instead of the address, which may hold a secret."""
        self.name = name
        self.expected_chain_id: int | None = None
        self.anchor: Anchor | None = None
        self.trouble: Fault | None = None
        """Why it failed the last time; None since it answered."""
        self._url = url
        self._seconds = seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._node: RemoteNode | None = None
        self._failures = 0
        self._failed_at = 0.0
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """Whether it failed a moment ago, and is better left alone."""
        return self._monotonic() < self._rests_until

    def node(self) -> RemoteNode:
        """The connection.

        Raises:
            Fault: `node_unreachable`; `chain_mismatch` when it is another chain, or does not have the block yet by
                which that is told. It rests from then on.
        """
        node = self._node
        if node is None:
            try:
                self._require_ours(self._connect(min(self._seconds, SECONDS_TO_SAY_WHO)))
                node = self._connect(self._seconds)
            except Fault as fault:
                self.failed(fault)
                raise
            with self._lock:
                self._node = node
        return node

    def is_behind(self, node: object) -> bool:
        """Whether `node` is the connection of this endpoint."""
        return self._node is node

    def answered(self) -> None:
        """It did what it was asked."""
        if self.trouble is not None:
            with self._lock:
                self._rests_until, self.trouble = 0.0, None

    def failed(self, fault: Fault) -> None:
        """It did not: it rests, a second at first, twice as long each time, until it was well for a while.

        One that answers some questions and fails at others rests longer and longer too.
        """
        now = self._monotonic()
        with self._lock:
            self.trouble = fault
            if "problem" not in fault.facts:  # it did not even say why: who knows who answers next
                self._node = None
            if now < self._rests_until:
                return
            if now - self._failed_at > 2 * _LONGEST_REST:
                self._failures = 0
            rest = min(_SHORTEST_REST * 2**self._failures, _LONGEST_REST)
            self._failures = min(self._failures + 1, 10)
            self._failed_at = now + rest
            self._rests_until = now + rest

    def require(self, anchor: Anchor) -> None:
        """From now on it counts only when it has this block. Raises as `node`, when it is connected."""
        self.anchor = anchor
        if self._node is not None:
            try:
                self._require_ours(self._node)
            except Fault as fault:
                self.failed(fault)
                raise

    def _connect(self, seconds: float) -> RemoteNode:
        return connect(self._url, expected_chain_id=self.expected_chain_id, seconds=seconds)

    def _require_ours(self, node: RemoteNode) -> None:
        if (anchor := self.anchor) is None:
            return
        try:
            found = node.header(anchor.number).stamp.hash
        except BlockUnknown:
            found = NO_SUCH_BLOCK
        if found != anchor.hash:
            raise Fault(
                Reason.CHAIN_MISMATCH,
                url=self.name,
                actual=f"{node.chain_id} (block {anchor.number}: {found[:18]})",
                expected=f"{node.chain_id} ({anchor.hash[:18]})",
            )


def named(urls: tuple[str, ...]) -> list[str]:
    """A name for each address, without secrets; two at one host are told apart by a number."""
    names: list[str] = []
    for url in urls:
        name = without_secrets(url)
        same = sum(each.partition(" #")[0] == name for each in names)
        names.append(f"{name} #{same + 1}" if same else name)
    return names
