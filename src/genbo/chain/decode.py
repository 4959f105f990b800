"""What the logs of tokens mean: raw logs in ledger order become events of the register.

A `Movement` announces the next `count` `Transfer` logs of its token, which belong to it; a `TransferReference` names
the trade of the next one. A `Transfer` that was not announced is an ordinary transfer without a reference, delivered
on the business day of its block. Announcement and transfers stand in one transaction, so nothing is carried from one
transaction to the next.

Known events are read by fixed slices of their bytes, without a general decoder: a register replays millions of
them. A test compares the result with the ABI decoder's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from eth_utils.crypto import keccak

from genbo.chain.contracts.encoding import instant
from genbo.chain.hexes import address_of, hex_of
from genbo.chain.node import RawLog
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    Fault,
    ProductId,
    Reason,
    Reference,
    Units,
    business_date,
    from_bytes32,
)
from genbo.register.model import (
    AddressFrozen,
    LedgerEvent,
    LockUpSet,
    LogPosition,
    UnitsFrozen,
    UnitsMoved,
    UnitsSplit,
    VerdictGiven,
)
from genbo.token.movement import MovementKind


def _topic(signature: str) -> bytes:
    return keccak(text=signature)


MOVEMENT: Final = _topic("Movement(bytes32,uint8,uint256,uint32,bytes32)")
TRANSFER: Final = _topic("Transfer(address,address,uint256)")
REVERSED: Final = _topic("Reversed(bytes32,bytes32)")
TRANSFER_REFERENCE: Final = _topic("TransferReference(bytes32)")
SPLIT: Final = _topic("Split(bytes32,uint16,uint256,uint256,uint256,uint32,bytes32)")
VERDICTS_SET: Final = _topic("VerdictsSet(uint256[],uint32,uint8,bool)")
FROZEN: Final = _topic("Frozen(address,uint256)")
ADDRESS_FROZEN: Final = _topic("AddressFrozen(address,bool,address)")
LOCK_UP_SET: Final = _topic("LockUpSet(address,uint32,uint32)")
PRODUCT_REGISTERED: Final = _topic("ProductRegistered(bytes32,address,bytes32)")
"""The platform's; it makes a token known."""

_NOBODY: Final = bytes(32)
_KINDS: Final = tuple(MovementKind)


@dataclass(slots=True)
class _Announcement:
    """A `Movement` that still waits for some of its transfers."""

    kind: MovementKind
    left: int
    delivery_date: date
    ref: Reference | None
    evidence: Digest | None
    reverses: Reference | None = None


class Decoder:
    """Reads logs in ledger order. One instance may go on from batch to batch, cut at any block."""

    def __init__(self, products: Mapping[Address, ProductId]) -> None:
        """`products`: the tokens to read, and their products; logs of others are passed over. May grow."""
        self._products = products
        self._announced: dict[Address, _Announcement] = {}
        self._tx = ""
        self._block = -1
        self._stamp: BlockStamp
        self._day: date
        self._readers: dict[
            bytes, Callable[[RawLog, ProductId, LogPosition], LedgerEvent | None]
        ] = {
            MOVEMENT: self._movement,
            TRANSFER: self._transfer,
            TRANSFER_REFERENCE: self._transfer_reference,
            REVERSED: self._reversed,
            SPLIT: self._split,
            VERDICTS_SET: _verdicts_set,
            FROZEN: _frozen,
            ADDRESS_FROZEN: _address_frozen,
            LOCK_UP_SET: _lock_up_set,
        }

    def decode(self, logs: Iterable[RawLog], stamps: Mapping[int, BlockStamp]) -> list[LedgerEvent]:
        """The events that these logs mean, in their order.

        Args:
            logs: in ledger order, whole transactions.
            stamps: block number to stamp, for every block that has a log.

        Raises:
            Fault: `invariant_broken` when a movement lacks the transfers it announced, or has a kind that this
                version does not know: the register must not go on without it.
        """
        events: list[LedgerEvent] = []
        readers = self._readers
        products = self._products
        for log in logs:
            if log.tx != self._tx:
                self._end_transaction()
                self._tx = log.tx
            product = products.get(log.address)
            if product is None or not log.topics:
                continue
            reader = readers.get(log.topics[0])
            if reader is None:
                continue
            if log.block != self._block:
                self._block = log.block
                self._stamp = stamps[log.block]
                self._day = business_date(self._stamp.at)
            position = LogPosition(stamp=self._stamp, log_index=log.log_index, tx=log.tx)
            event = reader(log, product, position)
            if event is not None:
                events.append(event)
        self._end_transaction()
        return events

    def _end_transaction(self) -> None:
        if self._announced:
            for token, announced in self._announced.items():
                if announced.left:
                    raise Fault(
                        Reason.INVARIANT_BROKEN,
                        product=self._products[token],
                        problem=f"{announced.left} announced transfers are missing",
                        tx=self._tx,
                    )
            self._announced.clear()

    def _movement(self, log: RawLog, product: ProductId, position: LogPosition) -> None:
        kind = int.from_bytes(log.topics[2], "big")
        if kind >= len(_KINDS):
            raise Fault(
                Reason.INVARIANT_BROKEN,
                product=product,
                problem=f"movement kind {kind} is unknown",
                tx=log.tx,
            )
        waiting = self._announced.get(log.address)
        if waiting is not None and waiting.left:
            self._end_transaction()  # raises: its transfers never came
        data = log.data
        evidence = data[64:96]
        self._announced[log.address] = _Announcement(
            kind=_KINDS[kind],
            left=int.from_bytes(data[:32], "big"),
            delivery_date=_day(int.from_bytes(data[32:64], "big")) or self._day,
            ref=_reference(log.topics[1]),
            evidence=None if evidence == _NOBODY else Digest(hex_of(evidence)),
        )

    def _transfer_reference(self, log: RawLog, product: ProductId, position: LogPosition) -> None:
        """The next transfer is an ordinary one and belongs to this trade."""
        waiting = self._announced.get(log.address)
        if waiting is not None and waiting.left:
            self._end_transaction()  # raises: its transfers never came
        self._announced[log.address] = _Announcement(
            kind=MovementKind.TRANSFER,
            left=1,
            delivery_date=self._day,
            ref=_reference(log.topics[1]),
            evidence=None,
        )

    def _reversed(self, log: RawLog, product: ProductId, position: LogPosition) -> None:
        announced = self._announced.get(log.address)
        if announced is not None:
            announced.reverses = _reference(log.topics[1])

    def _transfer(self, log: RawLog, product: ProductId, position: LogPosition) -> UnitsMoved:
        topics = log.topics
        source, target = topics[1], topics[2]
        announced = self._announced.get(log.address)
        if announced is not None and announced.left:
            announced.left -= 1
            return UnitsMoved(
                product=product,
                position=position,
                kind=announced.kind,
                source=None if source == _NOBODY else address_of(source[12:]),
                target=None if target == _NOBODY else address_of(target[12:]),
                units=Units(int.from_bytes(log.data, "big")),
                delivery_date=announced.delivery_date,
                ref=announced.ref,
                evidence=announced.evidence,
                reverses=announced.reverses,
            )
        return UnitsMoved(
            product=product,
            position=position,
            kind=MovementKind.TRANSFER,
            source=None if source == _NOBODY else address_of(source[12:]),
            target=None if target == _NOBODY else address_of(target[12:]),
            units=Units(int.from_bytes(log.data, "big")),
            delivery_date=self._day,
            ref=None,
            evidence=None,
        )

    def _split(self, log: RawLog, product: ProductId, position: LogPosition) -> UnitsSplit:
        data = log.data
        return UnitsSplit(
            product=product,
            position=position,
            epoch=int.from_bytes(data[:32], "big"),
            factor=int.from_bytes(data[32:64], "big"),
            total_before=Units(int.from_bytes(data[64:96], "big")),
            total_after=Units(int.from_bytes(data[96:128], "big")),
            delivery_date=_day(int.from_bytes(data[128:160], "big")) or self._day,
            ref=_reference(log.topics[1]),
        )


def _verdicts_set(log: RawLog, product: ProductId, position: LogPosition) -> VerdictGiven:
    data = log.data
    at = int.from_bytes(data[:32], "big")
    count = int.from_bytes(data[at : at + 32], "big")
    first = at + 32 + 12
    return VerdictGiven(
        product=product,
        position=position,
        addresses=tuple(
            address_of(data[place : place + 20]) for place in range(first, first + 32 * count, 32)
        ),
        until=instant(int.from_bytes(data[32:64], "big")),
        investor_class=int.from_bytes(data[64:96], "big"),
        blocked=data[127] == 1,
    )


def _frozen(log: RawLog, product: ProductId, position: LogPosition) -> UnitsFrozen:
    return UnitsFrozen(
        product=product,
        position=position,
        address=address_of(log.topics[1][12:]),
        units=Units(int.from_bytes(log.data, "big")),
    )


def _address_frozen(log: RawLog, product: ProductId, position: LogPosition) -> AddressFrozen:
    return AddressFrozen(
        product=product,
        position=position,
        address=address_of(log.topics[1][12:]),
        frozen=log.topics[2][31] == 1,
    )


def _lock_up_set(log: RawLog, product: ProductId, position: LogPosition) -> LockUpSet:
    return LockUpSet(
        product=product,
        position=position,
        address=address_of(log.topics[1][12:]),
        until=instant(int.from_bytes(log.data[32:64], "big")),
    )


def _reference(word: bytes) -> Reference | None:
    return None if word == _NOBODY else Reference(from_bytes32(word))


def _day(number: int) -> date | None:
    """The day that the ledger writes as YYYYMMDD; None for 0, and for a number that is no day.

    The contract does not know calendars. A day that does not exist must not stop the register for good, so such a
    movement counts from the business day of its block, as one without a day does.
    """
    if number == 0:
        return None
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None
