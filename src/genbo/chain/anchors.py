"""The anchors that stand on the ledger: which roots were anchored, found by their events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from eth_utils.crypto import keccak

from genbo.chain.contracts.register_anchor import AnchorKind
from genbo.chain.cursor import logs_between
from genbo.chain.hexes import hex_of
from genbo.chain.node import Node
from genbo.kernel import Address, Digest, from_bytes32

ANCHORED: Final = keccak(text="Anchored(uint8,bytes32,uint32,bytes32,uint256)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAnchor:
    """A root on the ledger."""

    subject: str
    day: date
    """In Japan."""
    root: Digest
    leaves: int
    block: int
    tx: str


def anchors_between(
    node: Node, contract: Address, kind: AnchorKind, *, first: int, last: int
) -> list[FoundAnchor]:
    """The roots of that kind that were anchored in the blocks `first` to `last` (both included), in their order.

    Raises:
        Fault: `node_unreachable`.
    """
    found = []
    for log in logs_between(node, [contract], first, last):
        day = _day(int.from_bytes(log.topics[3])) if log.topics[0] == ANCHORED else None
        if day is None or int.from_bytes(log.topics[1]) != kind:
            continue
        found.append(
            FoundAnchor(
                subject=from_bytes32(log.topics[2]),
                day=day,
                root=Digest(hex_of(log.data[:32])),
                leaves=int.from_bytes(log.data[32:64]),
                block=log.block,
                tx=log.tx,
            )
        )
    return found


def _day(number: int) -> date | None:
    """The day that YYYYMMDD names; None when there is no such day, which the contract does not ask."""
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None
