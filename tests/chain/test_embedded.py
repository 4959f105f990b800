"""The embedded chain: a whole EVM inside the process, its clock in the caller's hand.

given a new chain
├── it should begin at the genesis time, and make each block one second after the one before
├── when the next block's time is set: it should be exactly that time, once
├── when time is moved: it should make an empty block of that time
├── when time would run backwards: it should refuse
├── when a clock is given: it should ask the clock, and never stand still
├── when a block is filled: gas should still be free afterwards
├── when a transaction needs more gas than a block has: it should not be taken
├── when a transaction cannot stand in a block: it should say why and change nothing
└── when several transactions are mined together: they should share a block, all or none
given a question pinned to an old block
├── it should be answered as it was then, time included
└── when that block was taken back: it should be unknown
given a chain kept in a file
├── when it is opened again: it should be the same, byte for byte, and go on
├── when the process died in the middle of a block: it should be without that block
├── when another process has it: it should be refused
├── when it belongs to another chain id, or is no chain: it should be refused
└── when the process died while the file was begun: it should begin again
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import development_key
from genbo.chain.node import BlockUnknown
from genbo.kernel import Address, Fault, Reason

GENESIS = datetime(2021, 8, 10, 15, 0, tzinfo=UTC)
SOMEBODY = Address("0x000000000000000000000000000000000000dEaD")


def _new(path: Path | None = None, **options: object) -> EmbeddedNode:
    return EmbeddedNode(genesis_at=GENESIS, path=path, **options)  # type: ignore[arg-type]


def _raw(
    node: EmbeddedNode, number: int, *, data: bytes = b"", gas: int = 100_000, key: int = 0
) -> bytes:
    return development_key(key).sign_transaction(
        {
            "chainId": node.chain_id,
            "nonce": number,
            "gas": gas,
            "gasPrice": 0,
            "value": 0,
            "to": SOMEBODY,
            "data": data,
        }
    )


def _time_teller(node: EmbeddedNode) -> Address:
    """A contract that answers with the time and the number of the block."""
    code = bytes.fromhex(
        "4260005243602052604060" + "00f3"
    )  # TIMESTAMP, NUMBER to memory; return 64 bytes
    creation = bytes(
        [0x60, len(code), 0x60, 0x0C, 0x60, 0x00, 0x39, 0x60, len(code), 0x60, 0, 0xF3]
    )
    raw = development_key(9).sign_transaction(
        {
            "chainId": node.chain_id,
            "nonce": node.nonce(development_key(9).address),
            "gas": 200_000,
            "gasPrice": 0,
            "value": 0,
            "data": creation + code,
        }
    )
    receipt = node.receipt(node.send_raw(raw))
    assert receipt is not None
    assert receipt.succeeded
    assert receipt.created is not None
    return receipt.created


def _told(node: EmbeddedNode, teller: Address, at: int | None = None) -> tuple[int, int]:
    answer = node.call(to=teller, data=b"", at=at).value
    return int.from_bytes(answer[:32], "big"), int.from_bytes(answer[32:], "big")


# Time ---------------------------------------------------------------------------------------------


def test_new_chain__begins_at_genesis__one_second_per_block() -> None:
    node = _new()
    assert node.stamp().number == 0
    assert node.stamp().at == GENESIS
    for number in range(3):
        node.send_raw(_raw(node, number))
    assert node.stamp().number == 3
    assert node.stamp().at == GENESIS + timedelta(seconds=3)
    assert node.header(3).parent_hash == node.header(2).stamp.hash


def test_next_block_at__sets_that_block_only() -> None:
    node = _new()
    later = GENESIS + timedelta(days=300)
    node.next_block_at(later)
    assert node.stamp().number == 0
    node.send_raw(_raw(node, 0))
    assert node.stamp().at == later
    node.send_raw(_raw(node, 1))
    assert node.stamp().at == later + timedelta(seconds=1)


def test_advance_to__makes_an_empty_block_then() -> None:
    node = _new()
    later = GENESIS + timedelta(hours=9)
    assert node.advance_to(later).at == later
    assert node.stamp().number == 1


@pytest.mark.parametrize("seconds", [0, -1])
def test_advance_to__not_after_the_latest_block__refuses(seconds: int) -> None:
    node = _new()
    with pytest.raises(ValueError, match="not after"):
        node.advance_to(GENESIS + timedelta(seconds=seconds))
    assert node.stamp().number == 0


def test_clock__is_asked_for_each_block__and_never_stands_still() -> None:
    now = [GENESIS + timedelta(days=1)]
    clock: Callable[[], datetime] = lambda: now[0]  # noqa: E731
    node = _new(clock=clock)
    node.send_raw(_raw(node, 0))
    assert node.stamp().at == now[0]
    node.send_raw(_raw(node, 1))
    assert node.stamp().at == now[0] + timedelta(seconds=1)
    now[0] += timedelta(hours=1)
    node.send_raw(_raw(node, 2))
    assert node.stamp().at == now[0]


def test_call__pinned_to_an_old_block__sees_its_time() -> None:
    node = _new()
    teller = _time_teller(node)
    old = node.stamp()
    node.advance_to(GENESIS + timedelta(days=30))
    assert _told(node, teller, old.number) == (int(old.at.timestamp()), old.number)
    assert _told(node, teller) == (int(node.stamp().at.timestamp()), old.number + 1)
    assert node.call(to=teller, data=b"", at=old).stamp == old


def test_call__block_not_there__is_unknown() -> None:
    node = _new()
    with pytest.raises(BlockUnknown):
        node.call(to=SOMEBODY, data=b"", at=7)
    with pytest.raises(BlockUnknown):
        node.header(-1)


# Gas ----------------------------------------------------------------------------------------------


def test_gas__stays_free_after_full_blocks() -> None:
    node = _new(gas_limit=1_000_000)
    for number in range(4):
        node.send_raw(_raw(node, number, data=b"\xff" * 58_000, gas=1_000_000))
        receipt = node.receipt(node.mine([_raw(node, 0, key=number + 1)])[0])
        assert receipt is not None
        assert receipt.succeeded
        assert node.header().base_fee == 0


def test_send__more_gas_than_a_block__is_not_taken() -> None:
    node = _new(gas_limit=1_000_000)
    with pytest.raises(Fault) as refused:
        node.send_raw(_raw(node, 0, gas=1_000_001))
    assert refused.value.reason is Reason.TRANSACTION_FAILED
    assert node.stamp().number == 0


@pytest.mark.parametrize("raw", [b"", b"\x01\x02", b"\xf8" * 40])
def test_send__not_a_transaction__is_not_taken(raw: bytes) -> None:
    node = _new()
    with pytest.raises(Fault) as refused:
        node.send_raw(raw)
    assert refused.value.reason is Reason.TRANSACTION_FAILED
    node.send_raw(_raw(node, 0))
    assert node.stamp().number == 1


def test_send__wrong_number__is_not_taken_and_changes_nothing() -> None:
    node = _new()
    before = node.stamp()
    with pytest.raises(Fault) as refused:
        node.send_raw(_raw(node, 5))
    assert refused.value.reason is Reason.TRANSACTION_FAILED
    assert "nonce" in str(refused.value.facts["problem"])
    assert node.stamp() == before


def test_mine__several__share_a_block() -> None:
    node = _new()
    hashes = node.mine([_raw(node, 0), _raw(node, 1), _raw(node, 0, key=1)])
    assert node.stamp().number == 1
    receipts = [node.receipt(tx) for tx in hashes]
    assert [receipt and receipt.gas_used for receipt in receipts] == [21_000] * 3


def test_mine__one_is_bad__none_is_taken() -> None:
    node = _new()
    with pytest.raises(Fault):
        node.mine([_raw(node, 0), _raw(node, 9)])
    assert node.stamp().number == 0
    assert node.nonce(development_key(0).address) == 0


# Taking back --------------------------------------------------------------------------------------


def test_revert__forgets_blocks_receipts_and_state() -> None:
    node = _new()
    node.send_raw(_raw(node, 0))
    kept = node.snapshot()
    tx = node.send_raw(_raw(node, 1))
    lost = node.stamp()
    node.revert(kept)
    assert node.stamp().hash == kept
    assert node.receipt(tx) is None
    assert node.nonce(development_key(0).address) == 1
    other = node.send_raw(_raw(node, 1, data=b"other"))
    assert node.stamp().number == lost.number
    assert node.stamp().hash != lost.hash
    assert node.receipt(tx) is None
    assert node.receipt(other) is not None


# Kept in a file -----------------------------------------------------------------------------------


def test_file__opened_again__is_the_same_chain_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "chain.bin"
    node = _new(path)
    teller = _time_teller(node)
    hashes = [node.send_raw(_raw(node, number)) for number in range(3)]
    headers = node.headers(range(5))
    receipts = [node.receipt(tx) for tx in hashes]
    node.close()

    again = _new(path)
    assert again.headers(range(5)) == headers
    assert [again.receipt(tx) for tx in hashes] == receipts
    assert _told(again, teller, 2)[1] == 2
    again.send_raw(_raw(again, 3))
    assert again.header().parent_hash == headers[-1].stamp.hash
    again.close()


def test_file__torn_in_the_middle_of_a_block__is_without_that_block(tmp_path: Path) -> None:
    path = tmp_path / "chain.bin"
    node = _new(path)
    sizes, stamps = [], []
    for number in range(3):
        node.send_raw(_raw(node, number))
        sizes.append(path.stat().st_size)
        stamps.append(node.stamp())
    node.close()
    whole = path.read_bytes()
    for size in (sizes[2] - 1, sizes[1] + 1, sizes[1] + 9, sizes[1]):
        path.write_bytes(whole[:size])
        again = _new(path)
        assert again.stamp() == stamps[1]
        again.send_raw(_raw(again, 2))
        assert again.stamp() == stamps[2]
        again.close()
        assert path.read_bytes() == whole


def test_file__a_byte_changed__stops_before_it(tmp_path: Path) -> None:
    path = tmp_path / "chain.bin"
    node = _new(path)
    node.send_raw(_raw(node, 0))
    size, kept = path.stat().st_size, node.stamp()
    node.send_raw(_raw(node, 1))
    node.close()
    content = bytearray(path.read_bytes())
    content[size + 40] ^= 1
    path.write_bytes(content)
    again = _new(path)
    assert again.stamp() == kept
    again.close()


def test_file__in_use__refuses(tmp_path: Path) -> None:
    path = tmp_path / "chain.bin"
    node = _new(path)
    with pytest.raises(Fault) as refused:
        _new(path)
    assert refused.value.reason is Reason.DATA_FOLDER_IN_USE
    node.close()
    _new(path).close()


def test_file__of_another_chain__refuses(tmp_path: Path) -> None:
    path = tmp_path / "chain.bin"
    _new(path).close()
    with pytest.raises(Fault) as refused:
        _new(path, chain_id=1337)
    assert refused.value.reason is Reason.CHAIN_MISMATCH
    assert refused.value.facts["expected"] == 1337


def test_file__no_chain__refuses_and_leaves_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "chain.bin"
    path.write_text("my holiday photographs")
    with pytest.raises(Fault) as refused:
        _new(path)
    assert refused.value.reason is Reason.FILE_UNREADABLE
    assert path.read_text() == "my holiday photographs"


@pytest.mark.parametrize("length", [0, 5, 30])
def test_file__died_while_it_was_begun__begins_again(tmp_path: Path, length: int) -> None:
    path = tmp_path / "chain.bin"
    _new(path).close()
    begun = path.read_bytes()[:length]
    path.write_bytes(begun)
    node = _new(path)
    node.send_raw(_raw(node, 0))
    node.close()
    again = _new(path)
    assert again.stamp().number == 1
    again.close()
