"""The embedded chain: a whole EVM inside the process (py-evm, the engine of eth-tester).

One transaction makes one block, at once. Gas costs nothing, as on the consortium networks Genbo is made for, and
the rules are those of the Paris fork, the last one such networks have in common. The clock is in the caller's
hand, so that the life of a product from 2021 to 2024 runs in seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from eth.chains.base import MiningChain
from eth.consensus.applier import ConsensusApplier
from eth.consensus.noproof import NoProofConsensus
from eth.constants import (
    BLANK_ROOT_HASH,
    CREATE_CONTRACT_ADDRESS,
    GENESIS_PARENT_HASH,
    POST_MERGE_DIFFICULTY,
    POST_MERGE_MIX_HASH,
    POST_MERGE_NONCE,
    ZERO_ADDRESS,
)
from eth.db.atomic import AtomicDB
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth.exceptions import Revert as EvmRevert
from eth.validation import validate_gas_limit
from eth.vm.forks.paris import ParisVM
from eth.vm.forks.paris.headers import create_paris_header_from_parent
from eth.vm.message import Message
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

from genbo.chain.addresses import contract_address
from genbo.chain.block_store import BlockStore
from genbo.chain.hexes import address_bytes, address_of, bytes_of, hex_of
from genbo.chain.networks import EMBEDDED_CHAIN_ID
from genbo.chain.node import (
    At,
    BlockUnknown,
    Header,
    Inclusion,
    Pinned,
    RawLog,
    Receipt,
    Reverted,
    Topics,
)
from genbo.kernel import UTC, Address, BlockStamp, Fault, Finality, Reason

GAS_LIMIT = 30_000_000
"""A block's gas on the usual networks: what does not fit here does not fit there."""

_CALL_GAS = 1_000_000_000
"""Reads are not bounded by a block."""


def _free_header(parent: Any, **params: Any) -> Any:
    header = create_paris_header_from_parent(parent, **params)
    return header if parent is None else header.copy(base_fee_per_gas=0)


class _FreeGasVM(ParisVM):  # type: ignore[misc, unused-ignore]
    """Paris without a base fee: an account without coins can act."""

    create_header_from_parent = staticmethod(_free_header)

    @classmethod
    def validate_gas(cls, header: Any, parent_header: Any) -> None:
        validate_gas_limit(header.gas_limit, parent_header.gas_limit)
        if header.base_fee_per_gas != 0:
            raise ValidationError("gas is free on this chain")


def _chain_class(chain_id: int) -> Any:  # py-evm types its interfaces, not what it does
    class EmbeddedChain(MiningChain):  # type: ignore[misc, unused-ignore]
        vm_configuration = ConsensusApplier(NoProofConsensus).amend_vm_configuration(
            ((0, _FreeGasVM),)
        )

        def create_header_from_parent(self, parent_header: Any, **params: Any) -> Any:
            params["gas_limit"] = parent_header.gas_limit
            return super().create_header_from_parent(parent_header, **params)

    EmbeddedChain.chain_id = chain_id
    return EmbeddedChain


class EmbeddedNode:
    """A `Node` inside the process. Safe to use from several threads; they take turns."""

    def __init__(
        self,
        *,
        genesis_at: datetime,
        chain_id: int = EMBEDDED_CHAIN_ID,
        gas_limit: int = GAS_LIMIT,
        clock: Callable[[], datetime] | None = None,
        path: Path | None = None,
        finality: Finality | None = None,
    ) -> None:
        """Starts a chain, or goes on with the one kept at `path`.

        Args:
            genesis_at: time of block 0; ignored when the file already has one.
            clock: asked for the time of each new block; without it each block is one second after the one before.
            path: the file that keeps the chain; None keeps it in memory only.
            finality: None where a block is final at once, as on any chain of one process.

        Raises:
            Fault: as `BlockStore`.
        """
        self._finality = finality or Finality()
        self._lock = threading.RLock()
        self._clock = clock
        self._next_at: int | None = None
        self._receipts: dict[bytes, tuple[Receipt, ...]] = {}
        """Block hash to its receipts, read from the store when first asked for."""
        self._store = BlockStore(path, chain_id=chain_id)
        chain_class = _chain_class(chain_id)
        database = AtomicDB(self._store)
        self._chain: Any
        if self._store.is_new:
            self._chain = chain_class.from_genesis(
                database, _genesis(_seconds(genesis_at), gas_limit), {}
            )
            self._store.commit()
        else:
            self._chain = chain_class(database)

    # The node's answers --------------------------------------------------------------------------

    @property
    def chain_id(self) -> int:
        return int(self._chain.chain_id)

    @property
    def finality(self) -> Finality:
        return self._finality

    def header(self, number: int | None = None) -> Header:
        with self._lock:
            return self._as_header(self._evm_header(number))

    def headers(self, numbers: Sequence[int]) -> list[Header]:
        with self._lock:
            return [self._as_header(self._evm_header(number)) for number in numbers]

    def stamp(self, at: At = None) -> BlockStamp:
        return at if isinstance(at, BlockStamp) else self.header(at).stamp

    def call(
        self, *, to: Address, data: bytes, at: At = None, sender: Address | None = None
    ) -> Pinned[bytes]:
        with self._state(at) as (vm, stamp):
            origin = ZERO_ADDRESS if sender is None else address_bytes(sender)
            return Pinned(_run(vm, address_bytes(to), data, origin).output, stamp)

    def calls(
        self, questions: Sequence[tuple[Address, bytes]], at: At = None
    ) -> Pinned[list[bytes]]:
        with self._state(at) as (vm, stamp):
            return Pinned(
                [_run(vm, address_bytes(to), data, ZERO_ADDRESS).output for to, data in questions],
                stamp,
            )

    def rehearse(self, *, sender: Address, to: Address | None, data: bytes) -> int:
        with self._lock:
            header = self._chain.create_header_from_parent(
                self._head, timestamp=self._next_timestamp()
            )
            vm = self._chain.get_vm(header)
            origin = address_bytes(sender)
            target = CREATE_CONTRACT_ADDRESS if to is None else address_bytes(to)
            computation = _run(vm, target, data, origin)
            used = int(computation.get_gas_used()) + _intrinsic_gas(data, creates=to is None)
            # A call inside a call leaves 1/64 behind, and refunds come only after the end.
            return min(used + used // 4 + 50_000, int(header.gas_limit))

    def send_raw(self, raw: bytes) -> str:
        with self._lock:
            return self.mine([raw])[0]

    def hand_in(self, raws: Sequence[bytes]) -> list[str | None]:
        with self._lock:
            return [self._hand_in(raw) for raw in raws]

    def _hand_in(self, raw: bytes) -> str | None:
        if self.receipt(hex_of(keccak(raw))) is not None:
            return None
        try:
            self.mine([raw])
        except Fault as fault:
            return str(fault.facts["problem"])
        return None

    def inclusions(self, txs: Sequence[str]) -> list[Inclusion | None]:
        with self._lock:
            found = [self.receipt(tx) for tx in txs]
        return [
            None
            if each is None
            else Inclusion(
                tx=each.tx, block=each.block, succeeded=each.succeeded, gas_used=each.gas_used
            )
            for each in found
        ]

    def block_transactions(self, number: int) -> list[tuple[str, Address, int]]:
        with self._lock:
            block = self._chain.get_block_by_header(self._evm_header(number))
            return [
                (hex_of(each.hash), address_of(each.sender), int(each.nonce))
                for each in block.transactions
            ]

    def receipt(self, tx: str) -> Receipt | None:
        with self._lock:
            try:
                number, index = self._chain.chaindb.get_transaction_index(bytes_of(tx))
            except TransactionNotFound:
                return None
            if number > self._head.block_number:  # of a block that was taken back
                return None
            receipts = self._receipts_of(number)
            found = receipts[index] if index < len(receipts) else None
            return found if found is not None and found.tx == tx else None

    def logs(
        self, *, addresses: Sequence[Address], topics: Topics = (), first: int, last: int
    ) -> list[RawLog]:
        wanted = set(addresses)
        words = [None if words is None else set(words) for words in topics]
        with self._lock:
            return [
                log
                for number in range(first, min(last, self._head.block_number) + 1)
                for receipt in self._receipts_of(number)
                for log in receipt.logs
                if log.address in wanted and _matches(log.topics, words)
            ]

    def nonce(self, address: Address) -> int:
        with self._state(None) as (vm, _):
            return int(vm.state.get_nonce(address_bytes(address)))

    def used(self, address: Address, at: At = None) -> Pinned[int]:
        with self._state(at) as (vm, stamp):
            return Pinned(int(vm.state.get_nonce(address_bytes(address))), stamp)

    def balance(self, address: Address, at: At = None) -> Pinned[int]:
        with self._state(at) as (vm, stamp):
            return Pinned(int(vm.state.get_balance(address_bytes(address))), stamp)

    def code(self, address: Address, at: At = None) -> Pinned[bytes]:
        with self._state(at) as (vm, stamp):
            return Pinned(bytes(vm.state.get_code(address_bytes(address))), stamp)

    def storage(self, address: Address, slot: int, at: At = None) -> Pinned[int]:
        with self._state(at) as (vm, stamp):
            return Pinned(int(vm.state.get_storage(address_bytes(address), slot)), stamp)

    # The hand on the clock -----------------------------------------------------------------------

    def advance_to(self, at: datetime) -> BlockStamp:
        """Makes an empty block at `at`: from here on it is that time on the chain.

        Raises ValueError when `at` is not after the latest block: time does not run backwards.
        """
        with self._lock:
            self.next_block_at(at)
            self.mine([])
            return self.stamp()

    def next_block_at(self, at: datetime) -> None:
        """The next block, and only that one, is made at exactly `at`. Raises ValueError as `advance_to`."""
        with self._lock:
            if _seconds(at) <= self._head.timestamp:
                raise ValueError(f"{at} is not after the latest block")
            self._next_at = _seconds(at)

    def mine(self, raws: Sequence[bytes]) -> list[str]:
        """Makes one block of these transactions, all or none; their hashes.

        Raises:
            Fault: `transaction_failed` when one of them cannot stand in a block (nonce, signature, gas limit).
        """
        with self._lock:
            builder = self._chain.get_vm().get_transaction_builder()
            try:
                transactions = [builder.decode(raw) for raw in raws]
            except Exception as error:  # whatever the bytes made the decoder stumble over
                problem = f"not a transaction: {error}"[:160]
                raise Fault(Reason.TRANSACTION_FAILED, problem=problem) from None
            parent = self._chain.header
            self._chain.header = parent.copy(timestamp=self._next_timestamp())
            try:
                self._chain.mine_all(transactions)
            except ValidationError as error:
                raise Fault(Reason.TRANSACTION_FAILED, problem=str(error)[:160]) from None
            finally:
                if self._chain.get_canonical_head().hash == parent.parent_hash:
                    self._chain.header = parent  # no block was made
            self._next_at = None
            self._store.commit()
            return [hex_of(transaction.hash) for transaction in transactions]

    # For tests -----------------------------------------------------------------------------------

    def snapshot(self) -> str:
        """A name for the present state, to `revert` to. Costs nothing."""
        return self.stamp().hash

    def revert(self, snapshot: str) -> None:
        """Takes back every block after `snapshot`."""
        with self._lock:
            header = self._chain.get_block_header_by_hash(bytes_of(snapshot))
            chaindb = self._chain.chaindb
            chaindb._set_as_canonical_chain_head(chaindb.db, header, GENESIS_PARENT_HASH)
            self._chain.header = self._chain.create_header_from_parent(header)
            self._next_at = None
            self._store.commit()

    def close(self) -> None:
        """Gives up the file. The chain must not be used afterwards."""
        with self._lock:
            self._store.close()

    # Inside --------------------------------------------------------------------------------------

    @property
    def _head(self) -> Any:
        return self._chain.get_canonical_head()

    def _next_timestamp(self) -> int:
        if self._next_at is not None:
            return self._next_at
        earliest = int(self._head.timestamp) + 1
        return earliest if self._clock is None else max(earliest, _seconds(self._clock()))

    def _evm_header(self, number: int | None) -> Any:
        head = self._head
        if number is None or number == head.block_number:
            return head
        try:
            if not 0 <= number < head.block_number:
                raise HeaderNotFound
            return self._chain.get_canonical_block_header_by_number(number)
        except HeaderNotFound:
            raise BlockUnknown(number) from None

    def _as_header(self, header: Any) -> Header:
        return Header(
            stamp=BlockStamp(
                chain_id=self.chain_id,
                number=int(header.block_number),
                hash=hex_of(header.hash),
                at=datetime.fromtimestamp(header.timestamp, UTC),
            ),
            parent_hash=hex_of(header.parent_hash),
            gas_limit=int(header.gas_limit),
            base_fee=int(header.base_fee_per_gas),
        )

    @contextmanager
    def _state(self, at: At) -> Iterator[tuple[Any, BlockStamp]]:
        """The machine as it stands after a block, with that block's number and time."""
        with self._lock:
            if isinstance(at, BlockStamp):
                try:
                    header = self._chain.get_block_header_by_hash(bytes_of(at.hash))
                except HeaderNotFound:
                    raise BlockUnknown(at.number) from None
                yield self._chain.get_vm(header), at
            else:
                header = self._evm_header(at)
                yield self._chain.get_vm(header), self._as_header(header).stamp

    def _receipts_of(self, number: int) -> tuple[Receipt, ...]:
        header = self._evm_header(number)
        known = self._receipts.get(header.hash)
        if known is None:
            known = self._receipts[header.hash] = self._read_receipts(header)
        return known

    def _read_receipts(self, header: Any) -> tuple[Receipt, ...]:
        if header.transaction_root == BLANK_ROOT_HASH:
            return ()
        block = self._chain.get_block_by_header(header)
        block_hash = hex_of(header.hash)
        receipts: list[Receipt] = []
        before = 0
        first_log = 0
        for transaction, receipt in zip(
            block.transactions, block.get_receipts(self._chain.chaindb), strict=True
        ):
            tx = hex_of(transaction.hash)
            created = None
            if transaction.to == CREATE_CONTRACT_ADDRESS and receipt.state_root != b"":
                created = contract_address(address_of(transaction.sender), transaction.nonce)
            logs = tuple(
                RawLog(
                    block=int(header.block_number),
                    block_hash=block_hash,
                    log_index=first_log + index,
                    tx=tx,
                    address=address_of(log.address),
                    topics=tuple(topic.to_bytes(32, "big") for topic in log.topics),
                    data=bytes(log.data),
                )
                for index, log in enumerate(receipt.logs)
            )
            receipts.append(
                Receipt(
                    tx=tx,
                    block=int(header.block_number),
                    block_hash=block_hash,
                    succeeded=receipt.state_root != b"",  # status 0 is the empty integer
                    gas_used=int(receipt.gas_used) - before,
                    created=created,
                    logs=logs,
                )
            )
            before = int(receipt.gas_used)
            first_log += len(logs)
        return tuple(receipts)


def _genesis(timestamp: int, gas_limit: int) -> dict[str, Any]:
    return {
        "coinbase": ZERO_ADDRESS,
        "difficulty": POST_MERGE_DIFFICULTY,
        "extra_data": b"",
        "gas_limit": gas_limit,
        "mix_hash": POST_MERGE_MIX_HASH,
        "nonce": POST_MERGE_NONCE,
        "receipt_root": BLANK_ROOT_HASH,
        "timestamp": timestamp,
        "transaction_root": BLANK_ROOT_HASH,
        "base_fee_per_gas": 0,
    }


def _run(vm: Any, to: bytes, data: bytes, origin: bytes) -> Any:
    """Runs a message on the state of `vm` and takes its effects back. Raises Reverted."""
    state = vm.state
    creates = to == CREATE_CONTRACT_ADDRESS
    snapshot = state.snapshot()
    make_message: Any = Message
    message = make_message(
        gas=_CALL_GAS,
        to=to,
        sender=origin,
        value=0,
        data=b"" if creates else data,
        code=data if creates else state.get_code(to),
        create_address=keccak(origin + data)[12:] if creates else None,
    )
    context = state.get_transaction_context_class()(gas_price=0, origin=origin)
    try:
        apply = (
            state.computation_class.apply_create_message
            if creates
            else state.computation_class.apply_message
        )
        computation = apply(state, message, context)
    finally:
        state.revert(snapshot)
    if computation.is_error:
        error = computation.error
        raise Reverted(bytes(error.args[0]) if isinstance(error, EvmRevert) and error.args else b"")
    return computation


def _intrinsic_gas(data: bytes, *, creates: bool) -> int:
    """What a transaction costs before it does anything (EIP-2028, EIP-2)."""
    zeros = data.count(0)
    return 21_000 + 4 * zeros + 16 * (len(data) - zeros) + (32_000 if creates else 0)


def _matches(topics: tuple[bytes, ...], words: Sequence[set[bytes] | None]) -> bool:
    return len(topics) >= len(words) and all(
        accepted is None or topic in accepted
        for topic, accepted in zip(topics, words, strict=False)
    )


def _seconds(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return int(at.timestamp())
