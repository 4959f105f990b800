"""The market's logs are those of the real contracts.

given what the market says
    it should be what the ABI encoder writes for the compiled contracts' events
    it should be read by the decoder without a complaint, and folded to what the market holds
given the same seed
    it should be the same, to the byte
"""

import json
from typing import Any

import pytest
from benchmarks import said
from benchmarks.market import PLATFORM, PRODUCT, TOKEN, TOKEN_ADDRESS, Market
from eth_abi.abi import encode as abi_encode

from genbo.chain import artifacts
from genbo.chain.decode import Decoder
from genbo.chain.raw_logs import logs_of
from genbo.kernel import ProductId, to_bytes32
from genbo.register import RegisterFold, UnitsMoved
from genbo.token import MovementKind

A, B = "aa" * 20, "bb" * 20
ACCOUNTS = [int(A, 16), int(B, 16)]
REF, OTHER = to_bytes32("R-1"), to_bytes32("R-2")
EVIDENCE = b"\xe7" * 32
NOBODY = "0x" + said.NOBODY


@pytest.mark.parametrize(
    ("contract", "event", "values", "middle"),
    [
        (
            "Platform",
            "ProductRegistered",
            (to_bytes32(PRODUCT), "0x" + TOKEN, to_bytes32("G")),
            said.product_registered(PRODUCT, TOKEN, "G"),
        ),
        (
            "SecurityToken",
            "Movement",
            (REF, int(MovementKind.DISTRIBUTE), 200, 20240131, EVIDENCE),
            said.movement("R-1", MovementKind.DISTRIBUTE, 200, 20240131),
        ),
        ("SecurityToken", "Transfer", ("0x" + A, "0x" + B, 7), said.transfer(A, B, 7)),
        ("SecurityToken", "Transfer", (NOBODY, "0x" + B, 7), said.transfer(said.NOBODY, B, 7)),
        ("SecurityToken", "TransferReference", (REF,), said.transfer_reference("R-1")),
        ("SecurityToken", "Reversed", (REF, OTHER), said.reversed_("R-1", "R-2")),
        (
            "SecurityToken",
            "Split",
            (REF, 3, 2, 10, 20, 0, EVIDENCE),
            said.split("R-1", 3, 2, 10, 20),
        ),
        (
            "SecurityToken",
            "VerdictsSet",
            (ACCOUNTS, 2**32 - 1, 1, False),
            said.verdicts_set([A, B], 2**32 - 1, 1, False),
        ),
        ("SecurityToken", "Frozen", ("0x" + A, 5), said.frozen(A, 5)),
        (
            "SecurityToken",
            "AddressFrozen",
            ("0x" + A, True, "0x" + B),
            said.address_frozen(A, True, B),
        ),
        ("SecurityToken", "LockUpSet", ("0x" + A, 0, 99), said.lock_up_set(A, 0, 99)),
    ],
)
def test_said__each_event__is_what_the_abi_encoder_writes(
    contract: str, event: str, values: tuple[Any, ...], middle: str
) -> None:
    entry = artifacts.load(contract).interface.event(event)
    pairs = list(zip(entry.inputs, entry.indexed, values, strict=True))
    plain = [(kind, value) for kind, indexed, value in pairs if not indexed]
    text = said.log(middle, address=A, block=16, block_hash="0b" * 32, index=10, tx="07" * 32)
    (log,) = logs_of(b'{"result":[' + text.encode() + b"]}")
    assert log.topics == (
        entry.topic,
        *(abi_encode([kind], [value]) for kind, indexed, value in pairs if indexed),
    )
    assert log.data == abi_encode([kind for kind, _ in plain], [value for _, value in plain])
    assert (log.block, log.log_index, log.address.lower()) == (16, 10, "0x" + A)
    assert (log.block_hash, log.tx) == ("0x" + "0b" * 32, "0x" + "07" * 32)


def test_market__its_first_life__is_a_ledger_that_the_register_follows() -> None:
    fold, kinds, said_events, seen = RegisterFold(), set(), 0, 0
    market = Market(holders=30)
    decoder = Decoder({TOKEN_ADDRESS: ProductId(PRODUCT)})
    for _, block in zip(range(600), market.blocks(), strict=False):
        answer = json.dumps({"result": [json.loads(log) for log in block.logs]}).encode()
        events = decoder.decode(logs_of(answer), {block.stamp.number: block.stamp})
        said_events += block.events
        seen += len(events)
        for event in events:
            fold.apply(event)
            kinds.add(event.kind if isinstance(event, UnitsMoved) else type(event).__name__)
    assert said_events == seen
    held = {each.address.lower(): int(each.units) for each in fold.positions(ProductId(PRODUCT))}
    assert {who: units for who, units in held.items() if units} == market.holdings()
    movements = {kind for kind in kinds if isinstance(kind, MovementKind)}
    assert movements >= {
        MovementKind.ISSUE,
        MovementKind.DISTRIBUTE,
        MovementKind.TRANSFER,
        MovementKind.REDEEM,
        MovementKind.REVERSE,
        MovementKind.REKEY,
    }
    assert {"VerdictGiven", "UnitsFrozen", "AddressFrozen", "LockUpSet"} <= kinds
    assert PLATFORM != TOKEN


def test_market__the_same_seed__is_the_same_to_the_byte() -> None:
    first, second = Market(holders=20).blocks(), Market(holders=20).blocks()
    for _ in range(100):
        assert next(first).logs == next(second).logs
