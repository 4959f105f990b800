"""Node: one chain as everything else sees it, whether it runs inside the process or behind a URL.

The surface is small on purpose: block-pinned reads, raw transactions, receipts, logs. Every answer about the
chain's state comes with the block it was read at (`Pinned`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from genbo.kernel import Address, BlockStamp, Finality
from genbo.kernel.record import record

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

At: TypeAlias = BlockStamp | int | None
"""The block to read at: a stamp already known (no further question to the node), a number, or None for the
latest."""

Topics: TypeAlias = Sequence[Sequence[bytes] | None]
"""By position: the 32-byte words any of which must stand there; None accepts every word."""


@dataclass(frozen=True, slots=True)
class Pinned(Generic[T_co]):
    """An answer and the block it was read at."""

    value: T_co
    stamp: BlockStamp


@dataclass(frozen=True, slots=True)
class Header:
    """What the register needs to know of a block."""

    stamp: BlockStamp
    parent_hash: str
    """0x and 64 lower-case hexadecimal digits."""
    gas_limit: int
    base_fee: int | None
    """Wei per gas of the block; None on networks that stopped before London."""


@record(frozen=True, slots=True)
class RawLog:
    """One log as the ledger keeps it. Storage keeps exactly this; what it means is `decode`'s business."""

    block: int
    block_hash: str
    log_index: int
    """Its number within the block."""
    tx: str
    address: Address
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A transaction that is in a block, without its logs: what a sender asks for by the hundred."""

    tx: str
    block: int
    succeeded: bool
    gas_used: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction that is in a block: only this says whether it succeeded."""

    tx: str
    block: int
    block_hash: str
    succeeded: bool
    gas_used: int
    created: Address | None
    logs: tuple[RawLog, ...]


class Reverted(Exception):
    """The contract refused. `data` is what it said: a typed error, `refusals` reads it."""

    def __init__(self, data: bytes) -> None:
        super().__init__("0x" + data[:4].hex())
        self.data = data


class BlockUnknown(LookupError):
    """The node has no such block: not yet made, or removed by a reorganisation."""


class Node(Protocol):
    """One chain.

    Every method raises `Fault(NODE_UNREACHABLE)` when the chain does not answer.
    """

    @property
    def chain_id(self) -> int: ...

    @property
    def finality(self) -> Finality:
        """What whoever opened the node relies on at this chain."""

    def header(self, number: int | None = None) -> Header:
        """The block of that number, or the latest. Raises BlockUnknown."""

    def headers(self, numbers: Sequence[int]) -> list[Header]:
        """Several blocks in one question, in the order asked. Raises BlockUnknown."""

    def stamp(self, at: At = None) -> BlockStamp:
        """The stamp of that block; a stamp is handed back as it is."""

    def call(
        self, *, to: Address, data: bytes, at: At = None, sender: Address | None = None
    ) -> Pinned[bytes]:
        """What a read of the contract answers after that block. Raises Reverted."""

    def calls(
        self, questions: Sequence[tuple[Address, bytes]], at: At = None
    ) -> Pinned[list[bytes]]:
        """Many reads at one block, in the order asked. Raises Reverted at the first that reverts."""

    def rehearse(self, *, sender: Address, to: Address | None, data: bytes) -> int:
        """The gas to allow for this transaction, found by running it as the next block would.

        `to` None creates a contract. Raises Reverted; nothing is changed either way.
        """

    def send_raw(self, raw: bytes) -> str:
        """Hands in a signed transaction; its hash. Raises Fault(TRANSACTION_FAILED) when not taken."""

    def hand_in(self, raws: Sequence[bytes]) -> list[str | None]:
        """Hands in signed transactions, in order: None for each that the node has now, taken or known before; otherwise
        why it was not taken. Handing in the same bytes again is harmless."""

    def inclusions(self, txs: Sequence[str]) -> list[Inclusion | None]:
        """Where these transactions stand, in the order asked; None for each that is in no block."""

    def block_transactions(self, number: int) -> list[tuple[str, Address, int]]:
        """The transactions of a block: hash, sender and number of each. Raises BlockUnknown."""

    def receipt(self, tx: str) -> Receipt | None:
        """None while the transaction is in no block."""

    def logs(
        self, *, addresses: Sequence[Address], topics: Topics = (), first: int, last: int
    ) -> list[RawLog]:
        """The logs of these contracts in the blocks `first` to `last`, both included, in ledger order."""

    def nonce(self, address: Address) -> int:
        """How many transactions the address has sent, those waiting included."""

    def used(self, address: Address, at: At = None) -> Pinned[int]:
        """How many transactions of the address stand in blocks up to that one."""

    def balance(self, address: Address, at: At = None) -> Pinned[int]:
        """Coins of the chain itself, in wei; nothing in Genbo depends on them."""

    def code(self, address: Address, at: At = None) -> Pinned[bytes]:
        """The byte code that runs at the address; empty for a key's own account."""

    def storage(self, address: Address, slot: int, at: At = None) -> Pinned[int]:
        """One storage word."""
