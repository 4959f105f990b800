"""Logs become events of the register.

given every kind of act, made on a real chain
└── the decoder with fixed slices should say what the ABI decoder says
given logs made by hand
├── a movement's transfers should carry its kind, reference, evidence and day; others be ordinary
├── a trade's reference should go to the next transfer of its token, and to no other
├── other logs between them should not disturb
├── the announcement should end with its count, and not touch another token's transfers
├── the day should be the ledger's, or that of the block in Japan when it is zero or no day
├── units that are created or extinguished should have no source or no target
├── a reversal should name what it reverses, a split carry its act's reference and day
├── a verdict should name all its addresses
├── references that are no text of ours should be shown as hexadecimal
└── logs of other contracts, and of events that mean nothing to the register, should be passed over
given a movement or a reference without its transfers, or a movement of an unknown kind
└── it should be a fault: the register must not go on
given the same logs in one piece or cut at any block
└── the events should be the same
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from eth_abi.abi import decode as abi_decode
from eth_abi.abi import encode as abi_encode
from hypothesis import given
from hypothesis import strategies as st
from tests.support.chain import PRODUCT, Stage, investor

from genbo.chain import artifacts
from genbo.chain.decode import Decoder
from genbo.chain.hexes import address_of
from genbo.chain.node import RawLog
from genbo.governance import Duty
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    Fault,
    ProductId,
    Reason,
    Reference,
    business_date,
    from_bytes32,
    to_bytes32,
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
from genbo.token import Act, MovementKind

TOKEN = Address("0x00000000000000000000000000000000000000AA")
OTHER = Address("0x00000000000000000000000000000000000000bb")
PRODUCTS = {TOKEN: ProductId("P1"), OTHER: ProductId("P2")}
NOBODY = Address("0x" + 40 * "0")
X, Y, Z = (address_of(bytes([0] * 19 + [number])) for number in (1, 2, 3))
INTERFACE = artifacts.load("SecurityToken").interface
MIDNIGHT = datetime(2022, 1, 31, 15, 0, tzinfo=UTC)
"""2022-02-01 00:00 in Japan."""


# Logs made by hand ----------------------------------------------------------------------------------


class Tape:
    """Logs in ledger order; each block one second after the one before."""

    def __init__(self, first: datetime = MIDNIGHT) -> None:
        self.logs: list[RawLog] = []
        self.stamps: dict[int, BlockStamp] = {}
        self._first = first
        self._tx = 0
        self.block(0)

    def block(self, number: int) -> None:
        at = self._first + timedelta(seconds=number)
        self.stamps[number] = BlockStamp(1337, number, f"0x{number:064x}", at)
        self._block, self._index = number, 0
        self.tx()

    def tx(self) -> None:
        self._tx += 1

    def log(self, name: str, *values: Any, token: Address = TOKEN) -> None:
        entry = INTERFACE.event(name)
        pairs = list(zip(entry.inputs, entry.indexed, values, strict=True))
        topics = [abi_encode([kind], [value]) for kind, indexed, value in pairs if indexed]
        plain = [(kind, value) for kind, indexed, value in pairs if not indexed]
        self.add(
            (entry.topic, *topics),
            abi_encode([kind for kind, _ in plain], [value for _, value in plain]),
            token,
        )

    def add(self, topics: tuple[bytes, ...], data: bytes, token: Address = TOKEN) -> None:
        stamp = self.stamps[self._block]
        self.logs.append(
            RawLog(stamp.number, stamp.hash, self._index, f"0x{self._tx:064x}", token, topics, data)
        )
        self._index += 1

    def movement(
        self,
        kind: int,
        count: int,
        *,
        ref: bytes = to_bytes32("R-1"),
        day: int = 0,
        evidence: bytes = bytes(32),
        token: Address = TOKEN,
    ) -> None:
        self.log("Movement", ref, kind, count, day, evidence, token=token)

    def transfer(
        self, source: Address, target: Address, units: int, token: Address = TOKEN
    ) -> None:
        self.log("Transfer", source, target, units, token=token)

    def events(self) -> list[LedgerEvent]:
        return Decoder(PRODUCTS).decode(self.logs, self.stamps)

    def moves(self) -> list[UnitsMoved]:
        events = self.events()
        assert all(isinstance(event, UnitsMoved) for event in events)
        return events  # type: ignore[return-value]


def test_transfer__not_announced__is_ordinary_and_of_the_blocks_day() -> None:
    tape = Tape(MIDNIGHT - timedelta(seconds=1))
    tape.transfer(X, Y, 5)
    tape.block(1)
    tape.transfer(Y, X, 2**80 - 1)
    first, second = tape.moves()
    assert (first.kind, first.ref, first.evidence) == (MovementKind.TRANSFER, None, None)
    assert (first.source, first.target, first.units) == (X, Y, 5)
    assert (first.delivery_date, second.delivery_date) == (date(2022, 1, 31), date(2022, 2, 1))
    assert second.units == 2**80 - 1
    assert second.position == LogPosition(stamp=tape.stamps[1], log_index=0, tx="0x" + f"{2:064x}")


def test_movement__its_transfers_carry_its_papers() -> None:
    tape = Tape()
    tape.movement(
        MovementKind.DISTRIBUTE, 2, ref=to_bytes32("D-1"), day=20220115, evidence=b"\xee" * 32
    )
    tape.transfer(X, Y, 1)
    tape.transfer(X, Z, 2)
    tape.transfer(Y, Z, 3)
    first, second, third = tape.moves()
    for each in (first, second):
        assert (each.kind, each.ref) == (MovementKind.DISTRIBUTE, "D-1")
        assert each.evidence == Digest("0x" + "ee" * 32)
        assert each.delivery_date == date(2022, 1, 15)
        assert each.reverses is None
    assert (third.kind, third.ref) == (MovementKind.TRANSFER, None)
    assert third.delivery_date == date(2022, 2, 1)


def test_movement__other_logs_between__do_not_disturb() -> None:
    tape = Tape()
    tape.movement(MovementKind.FORCED, 1)
    tape.transfer(X, Y, 9, token=OTHER)
    tape.log("Frozen", X, 3)
    tape.log("OwnAccountSet", X, False, True)
    tape.transfer(X, Y, 4)
    tape.log("ForcedTransfer", X, Y, 4)
    other, frozen, forced = tape.events()
    assert isinstance(other, UnitsMoved)
    assert (other.product, other.kind) == ("P2", MovementKind.TRANSFER)
    assert frozen == UnitsFrozen(
        product=ProductId("P1"),
        position=frozen.position,
        address=X,
        units=3,  # type: ignore[arg-type]
    )
    assert isinstance(forced, UnitsMoved)
    assert (forced.product, forced.kind, forced.ref) == ("P1", MovementKind.FORCED, "R-1")


def test_two_tokens__announced_at_once__keep_apart() -> None:
    tape = Tape()
    tape.movement(MovementKind.ISSUE, 1, ref=to_bytes32("I-1"))
    tape.movement(MovementKind.REDEEM, 1, ref=to_bytes32("I-2"), token=OTHER)
    tape.transfer(X, NOBODY, 1, token=OTHER)
    tape.transfer(NOBODY, X, 1)
    redeemed, issued = tape.moves()
    assert (redeemed.kind, redeemed.ref) == (MovementKind.REDEEM, "I-2")
    assert (redeemed.source, redeemed.target) == (X, None)
    assert (issued.kind, issued.ref) == (MovementKind.ISSUE, "I-1")
    assert (issued.source, issued.target) == (None, X)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (0, date(2022, 2, 1)),
        (20211231, date(2021, 12, 31)),
        (20240229, date(2024, 2, 29)),
        (20230229, date(2022, 2, 1)),
        (20221301, date(2022, 2, 1)),
        (1, date(2022, 2, 1)),
        (2**32 - 1, date(2022, 2, 1)),
    ],
)
def test_delivery_date__is_the_ledgers_or_the_blocks(written: int, read: date) -> None:
    tape = Tape()
    tape.movement(MovementKind.ISSUE, 1, day=written)
    tape.transfer(NOBODY, X, 1)
    assert tape.moves()[0].delivery_date == read


@pytest.mark.parametrize("kind", [MovementKind.REVERSE, MovementKind.REDISTRIBUTE])
def test_reversed__names_what_is_undone(kind: MovementKind) -> None:
    tape = Tape()
    tape.movement(kind, 1, ref=to_bytes32("V-1"))
    tape.log("Reversed", to_bytes32("T-9"), to_bytes32("V-1"))
    tape.transfer(X, Y, 1)
    tape.transfer(X, Y, 1)
    first, second = tape.moves()
    assert (first.kind, first.ref, first.reverses) == (kind, "V-1", "T-9")
    assert second.reverses is None


def test_split__carries_the_papers_of_its_act() -> None:
    tape = Tape()
    tape.log("Split", to_bytes32("S-1"), 3, 10, 1_453, 14_530, 20220401, b"\xee" * 32)
    tape.transfer(X, Y, 1)
    split, moved = tape.events()
    assert split == UnitsSplit(
        product=ProductId("P1"),
        position=split.position,
        factor=10,
        epoch=3,
        total_before=1_453,  # type: ignore[arg-type]
        total_after=14_530,  # type: ignore[arg-type]
        delivery_date=date(2022, 4, 1),
        ref=Reference("S-1"),
    )
    assert isinstance(moved, UnitsMoved)
    assert (moved.kind, moved.ref) == (MovementKind.TRANSFER, None)


def test_split__without_a_day__counts_from_the_blocks() -> None:
    tape = Tape()
    tape.log("Split", to_bytes32("S-1"), 1, 2, 1, 2, 0, bytes(32))
    (split,) = tape.events()
    assert isinstance(split, UnitsSplit)
    assert split.delivery_date == date(2022, 2, 1)


def test_transfer_reference__names_the_trade_of_the_next_transfer_of_its_token() -> None:
    tape = Tape()
    tape.log("TransferReference", to_bytes32("T-1"))
    tape.log("Frozen", X, 3)
    tape.transfer(X, Y, 9, token=OTHER)
    tape.transfer(X, Y, 5)
    tape.transfer(X, Y, 6)
    frozen, other, first, second = tape.events()
    assert isinstance(frozen, UnitsFrozen)
    assert isinstance(other, UnitsMoved)
    assert isinstance(first, UnitsMoved)
    assert isinstance(second, UnitsMoved)
    assert (other.ref, second.ref) == (None, None)
    assert (first.kind, first.ref, first.evidence) == (MovementKind.TRANSFER, "T-1", None)
    assert (first.units, first.delivery_date) == (5, date(2022, 2, 1))


_ALL_ONES = 2**256 - 1


def _entry(account: Address, until: int, flags: int) -> int:
    """How `VerdictsSet` names an account: the address, its verdict before, its flags before."""
    return int(account, 16) | until << 160 | flags << 192


def test_restrictions() -> None:
    tape = Tape()
    until = int(MIDNIGHT.timestamp())
    tape.log("VerdictsSet", [_entry(X, 0, 0), _entry(Y, until, 3), _ALL_ONES], until, 31, True)
    tape.log("VerdictsSet", [], 0, 0, False)
    tape.log("AddressFrozen", X, True, Y)
    tape.log("AddressFrozen", X, False, Y)
    tape.log("LockUpSet", X, until, 0)
    tape.log("LockUpSet", X, 0, until)
    tape.log("Frozen", Y, 2**80 - 1)
    given_, nothing, frozen, thawed, lifted, locked, units = tape.events()
    assert given_ == VerdictGiven(
        product=ProductId("P1"),
        position=given_.position,
        addresses=(X, Y, address_of(b"\xff" * 20)),
        until=MIDNIGHT,
        investor_class=31,
        blocked=True,
    )
    assert isinstance(nothing, VerdictGiven)
    assert (nothing.addresses, nothing.until, nothing.blocked) == ((), None, False)
    assert isinstance(frozen, AddressFrozen)
    assert isinstance(thawed, AddressFrozen)
    assert (frozen.address, frozen.frozen, thawed.frozen) == (X, True, False)
    assert isinstance(lifted, LockUpSet)
    assert isinstance(locked, LockUpSet)
    assert (lifted.until, locked.until) == (None, MIDNIGHT)
    assert isinstance(units, UnitsFrozen)
    assert units.units == 2**80 - 1


def test_reference__foreign_bytes__are_shown_as_hexadecimal() -> None:
    tape = Tape()
    tape.movement(MovementKind.ISSUE, 1, ref=b"\xff" * 32)
    tape.transfer(NOBODY, X, 1)
    tape.movement(MovementKind.ISSUE, 1, ref=bytes(32))
    tape.transfer(NOBODY, X, 1)
    assert [each.ref for each in tape.moves()] == ["0x" + "ff" * 32, None]


def test_logs_that_mean_nothing__are_passed_over() -> None:
    tape = Tape()
    tape.transfer(X, Y, 1, token=Z)
    tape.add((), b"")
    tape.add((b"\x01" * 32,), b"")
    tape.log("Approval", X, Y, 5)
    tape.log("ProductLockUpSet", 0, 5)
    tape.log("Rekeyed", X, Y, to_bytes32("K-1"))
    assert tape.events() == []


@pytest.mark.parametrize("first", ["movement", "reference"])
@pytest.mark.parametrize("where", ["end", "next transaction", "next movement", "next reference"])
def test_announced__without_its_transfers__is_a_fault(where: str, first: str) -> None:
    tape = Tape()
    if first == "movement":
        tape.movement(MovementKind.ISSUE, 2)
        tape.transfer(NOBODY, X, 1)
    else:
        tape.log("TransferReference", to_bytes32("T-1"))
    if where == "next transaction":
        tape.tx()
        tape.transfer(X, Y, 1)
    elif where == "next movement":
        tape.movement(MovementKind.ISSUE, 1)
        tape.transfer(NOBODY, X, 1)
    elif where == "next reference":
        tape.log("TransferReference", to_bytes32("T-2"))
        tape.transfer(X, Y, 1)
    with pytest.raises(Fault) as broken:
        tape.events()
    assert broken.value.reason is Reason.INVARIANT_BROKEN
    assert broken.value.facts["product"] == "P1"


def test_movement__of_an_unknown_kind__is_a_fault() -> None:
    tape = Tape()
    tape.add(
        (INTERFACE.event("Movement").topic, bytes(32), (12).to_bytes(32, "big")),
        abi_encode(["uint256", "uint32", "bytes32"], [1, 0, bytes(32)]),
    )
    with pytest.raises(Fault) as broken:
        tape.events()
    assert broken.value.reason is Reason.INVARIANT_BROKEN


# Against the ABI decoder ----------------------------------------------------------------------------


def by_abi(
    logs: Sequence[RawLog], stamps: dict[int, BlockStamp], products: dict[Address, ProductId]
) -> list[LedgerEvent]:
    """The slow way: every log by its ABI, announcements matched afterwards, transaction by transaction."""
    events: list[LedgerEvent] = []
    announced: dict[tuple[str, Address], dict[str, Any]] = {}
    for log in logs:
        entry = INTERFACE.events.get(log.topics[0]) if log.topics else None
        if entry is None or log.address not in products:
            continue
        indexed = iter(log.topics[1:])
        plain = iter(
            abi_decode(
                [k for k, i in zip(entry.inputs, entry.indexed, strict=True) if not i], log.data
            )
        )
        values = {
            name: abi_decode([kind], next(indexed))[0] if is_indexed else next(plain)
            for name, kind, is_indexed in zip(entry.names, entry.inputs, entry.indexed, strict=True)
        }
        stamp = stamps[log.block]
        key = (log.tx, log.address)
        common: dict[str, Any] = {
            "product": products[log.address],
            "position": LogPosition(stamp=stamp, log_index=log.log_index, tx=log.tx),
        }
        day = business_date(stamp.at)
        if entry.name == "Movement":
            announced[key] = {
                "left": values["count"],
                "kind": MovementKind(values["kind"]),
                "ref": from_bytes32(values["ref"]) or None,
                "evidence": None
                if values["evidence"] == bytes(32)
                else "0x" + values["evidence"].hex(),
                "delivery_date": date.fromisoformat(str(values["deliveryDate"]))
                if values["deliveryDate"]
                else day,
                "reverses": None,
            }
        elif entry.name == "TransferReference":
            announced[key] = {
                "left": 1,
                "kind": MovementKind.TRANSFER,
                "ref": from_bytes32(values["ref"]) or None,
                "evidence": None,
                "delivery_date": day,
                "reverses": None,
            }
        elif entry.name == "Reversed":
            announced[key]["reverses"] = from_bytes32(values["originalRef"])
        elif entry.name == "Transfer":
            papers: dict[str, Any] = {
                "kind": MovementKind.TRANSFER,
                "ref": None,
                "evidence": None,
                "delivery_date": day,
            }
            if key in announced and announced[key]["left"]:
                announced[key]["left"] -= 1
                papers = {name: value for name, value in announced[key].items() if name != "left"}
            source, target = (_address(values[side]) for side in ("from", "to"))
            events.append(
                UnitsMoved(**common, **papers, source=source, target=target, units=values["value"])
            )
        elif entry.name == "Split":
            events.append(
                UnitsSplit(
                    **common,
                    factor=values["factor"],
                    epoch=values["epoch"],
                    total_before=values["totalBefore"],
                    total_after=values["totalAfter"],
                    delivery_date=date.fromisoformat(str(values["deliveryDate"]))
                    if values["deliveryDate"]
                    else day,
                    ref=from_bytes32(values["ref"]) or None,
                )
            )
        elif entry.name == "VerdictsSet":
            events.append(
                VerdictGiven(
                    **common,
                    addresses=tuple(
                        address_of((each & (1 << 160) - 1).to_bytes(20, "big"))
                        for each in values["accounts"]
                    ),
                    until=_time(values["until"]),
                    investor_class=values["class"],
                    blocked=values["blocked"],
                )
            )
        elif entry.name == "Frozen":
            address = _address(values["account"])
            events.append(UnitsFrozen(**common, address=address, units=values["amount"]))  # type: ignore[arg-type]
        elif entry.name == "AddressFrozen":
            address = _address(values["account"])
            events.append(AddressFrozen(**common, address=address, frozen=values["isFrozen"]))  # type: ignore[arg-type]
        elif entry.name == "LockUpSet":
            address = _address(values["account"])
            events.append(LockUpSet(**common, address=address, until=_time(values["until"])))  # type: ignore[arg-type]
    return events


def _address(value: str) -> Address | None:
    return None if value == NOBODY else address_of(bytes.fromhex(value[2:]))


def _time(value: int) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if value else None


def _every_act(stage: Stage) -> tuple[list[RawLog], dict[int, BlockStamp]]:
    """A life with every act in it, and its logs."""
    token, node = stage.token, stage.node
    everybody = [investor(number).address for number in range(6)]
    beneficiary, ann, bob, spare, lost, _ = everybody
    stage.verified(*range(6))
    papers = iter(range(1, 100))

    def act(day: date | None = None) -> Act:
        return Act(
            ref=Reference(f"A-{next(papers)}"), evidence=Digest("0x" + "ee" * 32), delivery_date=day
        )

    stage.alone(stage.platform.open_market(), "market-1")
    stage.together(token.issue([beneficiary], [1_000], act(date(2021, 8, 11))), Duty.ISSUER)
    stage.together(token.mint(beneficiary, 10), Duty.ISSUER)
    stage.alone(token.distribute([ann, bob], [300, 200], Reference("D-1")), "distribution-1")
    stage.hold(token.transfer(bob, 7), 1)
    stage.hold(token.transfer(ann, 5, Reference("T-1")), 2)
    stage.hold(token.batch_transfer([ann, beneficiary, bob], [1, 2, 0]), 2)
    stage.alone(token.freeze(ann, 250), "compliance-1")
    stage.alone(token.set_lock_up(bob, until=node.stamp().at + timedelta(days=3)), "compliance-1")
    stage.alone(token.set_address_frozen(bob, frozen=True), "compliance-1")
    stage.together(token.set_address_frozen(bob, frozen=False), Duty.RELEASER)
    stage.together(token.unfreeze(ann, 10), Duty.RELEASER)
    stage.together(token.forced_transfer(ann, bob, 90, act(date(2021, 9, 1))), Duty.REPAIRER)
    stage.together(token.forced_transfer(ann, bob, 1), Duty.REPAIRER)
    stage.together(token.reverse_transfer(Reference("T-1"), ann, bob, 5, act()), Duty.REPAIRER)
    stage.together(
        token.redistribute(
            bob, ann, 3, incident=Reference("N-1"), evidence=Digest("0x" + "aa" * 32)
        ),
        Duty.REPAIRER,
    )
    stage.together(token.rekey(ann, spare, act()), Duty.REPAIRER)
    stage.together(token.rekey(lost, investor(7).address, act()), Duty.REPAIRER)
    stage.together(token.split(10, act(), epoch=0), Duty.ISSUER)
    stage.alone(token.batch_set_verdict([bob], until=None, blocked=True), "compliance-1")
    node.advance_to(datetime(2026, 8, 11, 15, tzinfo=UTC))
    stage.together(token.redeem([bob, spare], [100, 1], Act(ref=Reference("B-1"))), Duty.ISSUER)
    stage.together(token.set_verdict(spare, until=None), Duty.RELEASER)
    stage.together(
        token.set_verdict(spare, until=datetime(2031, 1, 1, tzinfo=UTC), investor_class=1),
        Duty.RELEASER,
    )
    stage.together(
        token.redistribute_burned(
            Reference("B-1"),
            spare,
            50,
            incident=Reference("N-2"),
            evidence=Digest("0x" + "aa" * 32),
        ),
        Duty.REPAIRER,
    )
    stage.together(token.redeem_all([bob, spare, ann, beneficiary], act()), Duty.ISSUER)

    last = node.stamp().number
    logs = node.logs(addresses=[token.address], first=stage.deployment.first_block, last=last)
    return logs, {header.stamp.number: header.stamp for header in node.headers(range(last + 1))}


def test_every_act__fixed_slices_and_abi_agree(stage: Stage) -> None:
    logs, stamps = _every_act(stage)
    products = {stage.token.address: PRODUCT}
    events = Decoder(products).decode(logs, stamps)
    assert events == by_abi(logs, stamps, products)

    kinds = {event.kind for event in events if isinstance(event, UnitsMoved)}
    assert kinds == set(MovementKind) - {MovementKind.NONE, MovementKind.SPLIT, MovementKind.CANCEL}
    assert {type(event) for event in events} == {
        UnitsMoved, UnitsSplit, VerdictGiven, UnitsFrozen, AddressFrozen, LockUpSet,
    }  # fmt: skip
    burned = [
        event
        for event in events
        if isinstance(event, UnitsMoved) and event.kind is MovementKind.REDISTRIBUTE
    ]
    assert [(each.source is None, each.reverses) for each in burned] == [
        (False, None),
        (True, "B-1"),
    ]

    # The events alone give every balance: what the register rests on.
    held: dict[Address, int] = {}
    for event in events:
        if isinstance(event, UnitsSplit):
            held = {address: units * event.factor for address, units in held.items()}
        elif isinstance(event, UnitsMoved):
            if event.source is not None:
                held[event.source] = held.get(event.source, 0) - event.units
            if event.target is not None:
                held[event.target] = held.get(event.target, 0) + event.units
    assert held
    assert list(held.values()) == stage.token.balances_of(list(held)).value


_ADDRESSES = st.binary(min_size=20, max_size=20).filter(any).map(address_of)
_ENDS = st.one_of(st.just(NOBODY), _ADDRESSES)
_UNITS = st.integers(0, 2**80 - 1)
_DAYS = st.dates(date(1970, 1, 1), date(2106, 2, 6)).map(lambda day: int(day.strftime("%Y%m%d")))
_WORDS = st.one_of(st.just(bytes(32)), st.binary(min_size=32, max_size=32))
_SECONDS = st.integers(0, 2**32 - 1)


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@st.composite
def _tapes(draw: st.DrawFn) -> Tape:
    tape = Tape(draw(st.integers(1_577_836_800, 1_893_456_000).map(_utc)))
    for number in range(1, draw(st.integers(1, 6))):
        tape.block(number)
        for _ in range(draw(st.integers(0, 3))):
            tape.tx()
            token = draw(st.sampled_from([TOKEN, OTHER]))
            what = draw(st.sampled_from(["move", "split", "trade", "restrict", "plain"]))
            if what == "move":
                kind = draw(
                    st.sampled_from([k for k in MovementKind if k is not MovementKind.SPLIT])
                )
                count = draw(st.integers(1, 4))
                day = draw(st.one_of(st.just(0), _DAYS))
                tape.movement(
                    kind, count, ref=draw(_WORDS), day=day, evidence=draw(_WORDS), token=token
                )
                if kind is MovementKind.REVERSE:
                    ref = draw(st.binary(min_size=32, max_size=32).filter(any))
                    tape.log("Reversed", ref, bytes(32), token=token)
                for _ in range(count):
                    tape.log("Frozen", draw(_ADDRESSES), draw(_UNITS), token=token)
                    tape.transfer(draw(_ENDS), draw(_ENDS), draw(_UNITS), token=token)
            elif what == "split":
                tape.log(
                    "Split", draw(_WORDS), draw(st.integers(0, 2**16 - 1)), draw(_UNITS), 1, 2,
                    draw(st.one_of(st.just(0), _DAYS)), draw(_WORDS), token=token,
                )  # fmt: skip
            elif what == "trade":
                tape.log("TransferReference", draw(_WORDS), token=token)
                tape.log("Frozen", draw(_ADDRESSES), draw(_UNITS), token=token)
            elif what == "restrict":
                accounts = draw(st.lists(st.integers(0, 2**256 - 1), max_size=5))
                tape.log(
                    "VerdictsSet", accounts, draw(_SECONDS), draw(st.integers(0, 255)),
                    draw(st.booleans()), token=token,
                )  # fmt: skip
                tape.log("AddressFrozen", draw(_ADDRESSES), draw(st.booleans()), X, token=token)
                tape.log("LockUpSet", draw(_ADDRESSES), draw(_SECONDS), draw(_SECONDS), token=token)
            tape.transfer(draw(_ENDS), draw(_ENDS), draw(_UNITS), token=token)
    return tape


@given(_tapes())
def test_any_logs__fixed_slices_and_abi_agree(tape: Tape) -> None:
    assert tape.events() == by_abi(tape.logs, tape.stamps, PRODUCTS)


@given(_tapes(), st.data())
def test_any_cut__gives_the_same_events(tape: Tape, data: st.DataObject) -> None:
    cut = data.draw(st.sampled_from(sorted(tape.stamps)))
    decoder = Decoder(PRODUCTS)
    parts = decoder.decode([log for log in tape.logs if log.block <= cut], tape.stamps)
    parts += decoder.decode([log for log in tape.logs if log.block > cut], tape.stamps)
    assert parts == tape.events()
