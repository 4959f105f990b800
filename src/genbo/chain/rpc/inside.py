"""What the door must know of the chain and `Node` does not say: bodies of blocks and transactions.

The only place outside `embedded` that looks behind an `EmbeddedNode`. Reads only, each under the node's own lock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rlp  # comes with py-evm, without types
from eth.constants import CREATE_CONTRACT_ADDRESS, ZERO_ADDRESS
from eth.exceptions import HeaderNotFound, TransactionNotFound

from genbo.chain.embedded import EmbeddedNode, _run
from genbo.chain.hexes import address_bytes
from genbo.chain.node import BlockUnknown, RawLog, Receipt
from genbo.chain.rpc.params import LogFilter
from genbo.kernel import Address, BlockStamp


@dataclass(frozen=True, slots=True)
class Block:
    """A block as the engine keeps it."""

    header: Any
    transactions: tuple[Any, ...]
    size: int
    """Bytes in the chain's own encoding."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A transaction and where it stands."""

    transaction: Any
    header: Any
    index: int
    """Its number within the block, from 0."""


def lock(node: EmbeddedNode) -> threading.RLock:
    """Held while several questions must be about the same chain. The node's own methods may be used meanwhile."""
    return node._lock


def block(node: EmbeddedNode, number: int | None) -> Block:
    """The block of that number, or the latest. Raises BlockUnknown."""
    with node._lock:
        found = node._chain.get_block_by_header(node._evm_header(number))
        return Block(found.header, tuple(found.transactions), len(rlp.encode(found)))


def next_block(node: EmbeddedNode) -> Block:
    """The empty block that would be made now."""
    with node._lock:
        header = node._chain.create_header_from_parent(node._head, timestamp=node._next_timestamp())
        return Block(header, (), len(rlp.encode([header, [], []])))


def header(node: EmbeddedNode, number: int) -> Any:
    """Raises BlockUnknown."""
    with node._lock:
        return node._evm_header(number)


def next_timestamp(node: EmbeddedNode) -> int:
    """The time, in seconds since 1970, of the block that would be made now."""
    with node._lock:
        return int(node._next_timestamp())


def number_of(node: EmbeddedNode, block_hash: bytes) -> int:
    """The number of the block with that hash. Raises BlockUnknown, also for a block that was taken back."""
    with node._lock:
        try:
            number = int(node._chain.get_block_header_by_hash(block_hash).block_number)
        except HeaderNotFound:
            raise BlockUnknown("0x" + block_hash.hex()) from None
        if node._evm_header(number).hash != block_hash:
            raise BlockUnknown("0x" + block_hash.hex())
        return number


def transaction(node: EmbeddedNode, tx_hash: bytes) -> Placed | None:
    """None when it is in no block."""
    with node._lock:
        try:
            number, index = node._chain.chaindb.get_transaction_index(tx_hash)
            found = node._evm_header(number)
            placed = Placed(
                node._chain.get_canonical_transaction_by_index(number, index), found, int(index)
            )
        except (TransactionNotFound, BlockUnknown):
            return None
        return placed if placed.transaction.hash == tx_hash else None


def receipts(node: EmbeddedNode, number: int) -> tuple[Receipt, ...]:
    """The receipts of a block, in its order. Raises BlockUnknown."""
    with node._lock:
        return node._receipts_of(number)


def logs(
    node: EmbeddedNode, wanted: LogFilter, first: int, last: int
) -> Iterator[tuple[int, RawLog]]:
    """The wanted logs of the blocks `first` to `last`, both included, each with its transaction's index.

    The lock is taken block by block, so that a long search lets others in.
    """
    for number in range(first, min(last, node.header().stamp.number) + 1):
        for index, receipt in enumerate(receipts(node, number)):
            for log in receipt.logs:
                if (not wanted.addresses or log.address in wanted.addresses) and _matches(
                    log.topics, wanted.topics
                ):
                    yield index, log


def nonce(node: EmbeddedNode, address: Address, at: BlockStamp) -> int:
    """How many transactions the address had sent after that block. Raises BlockUnknown."""
    with node._state(at) as (vm, _):
        return int(vm.state.get_nonce(address_bytes(address)))


def create(node: EmbeddedNode, data: bytes, sender: Address | None, at: BlockStamp) -> bytes:
    """The code that this creation would leave, run after that block. Raises Reverted, BlockUnknown."""
    with node._state(at) as (vm, _):
        origin = ZERO_ADDRESS if sender is None else address_bytes(sender)
        return bytes(_run(vm, CREATE_CONTRACT_ADDRESS, data, origin).output)


def decode(node: EmbeddedNode, raw: bytes) -> Any:
    """The transaction in these bytes. Raises an exception of the engine's when there is none."""
    with node._lock:
        return node._chain.get_vm().get_transaction_builder().decode(raw)


def _matches(topics: tuple[bytes, ...], wanted: tuple[frozenset[bytes] | None, ...]) -> bool:
    return len(topics) >= len(wanted) and all(
        accepted is None or topic in accepted
        for topic, accepted in zip(topics, wanted, strict=False)
    )
