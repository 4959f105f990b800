"""What becomes of a transaction, whatever the network does; on a real node and a real database.

given a queued command
├── when it is sent
│   ├── it should be committed with its bytes before the node hears of it
│   └── it should be final once its block is deep enough
├── when the contract would refuse it: it should be refused, and use up no number
├── when the contract refuses it in its block: it should be refused with the reason, and not be sent again
├── when a block has no room for its gas: it should be refused
└── when the node does not answer: it should stay queued, and go when the node is back
given transactions under way
├── when there are many: they should go out without waiting for each other, and settle in order
├── when the price of gas rises above the offer: it should be unknown, then be outbid under the same number
├── when the node forgets its pool: the same bytes should go out again
├── when the chain is reorganised: what stood should go back, and the same bytes should stand again
├── when somebody else's transaction takes the number
│   ├── it should not be given up before that one is final
│   └── then the command should go out under another number, once
├── when a number is left that nobody has: a filler should use it up
└── when a receipt is lost but the transaction stands: nothing should be sent again
given another sender for the same signer
└── when the first goes on: it should be refused whatever it wants to keep
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.bootstrap.sending import PATIENCE, Sending

from genbo.chain.call import Call
from genbo.chain.competitor import spender_of
from genbo.chain.node import Inclusion
from genbo.chain.remote import RemoteNode, connect
from genbo.chain.sender import Sender
from genbo.governance import CommandState, EntryState
from genbo.governance.ports import LeadLost
from genbo.kernel import Address, Fault, Finality, Reason
from genbo.storage.engine import Database

pytestmark = pytest.mark.anvil


@pytest.fixture
def sending(local_node: RemoteNode, database: Database) -> Iterator[Sending]:
    made = Sending(local_node, database, at_once=True)
    yield made
    made.rpc("evm_setAutomine", True)
    made.rpc("anvil_dropAllTransactions")
    made.mine()


@pytest.fixture
def held(sending: Sending) -> Sending:
    """Blocks are made when the test says so."""
    sending.rpc("evm_setAutomine", False)
    sending.at_once = False
    return sending


@pytest.fixture
def deep(local_url: str, database: Database) -> Iterator[Sending]:
    """A block is final under three others; blocks are made when the test says so."""
    made = Sending(connect(local_url, finality=Finality(confirmations=3)), database)
    made.rpc("evm_setAutomine", False)
    yield made
    made.rpc("evm_setAutomine", True)
    made.rpc("anvil_dropAllTransactions")
    made.mine()


@pytest.fixture(scope="session")
def refusing(local_node: RemoteNode) -> Address:
    """A contract that refuses every call with data: PlatformNotStopped()."""
    from eth_utils.crypto import keccak

    from genbo.chain.keys import development_key

    selector = keccak(text="PlatformNotStopped()")[:4].hex()
    running = bytes.fromhex("36600557005b63" + selector + "60005260046" + "01cfd")
    size = len(running)
    creation = bytes([0x60, size, 0x60, 12, 0x60, 0, 0x39, 0x60, size, 0x60, 0, 0xF3]) + running
    made = Sender(local_node).send(Call(None, creation, "create"), by=development_key(0)).created
    assert made is not None
    return made


# A queued command -----------------------------------------------------------------------------------


def test_command__sent__is_committed_before_the_node_hears_of_it(sending: Sending) -> None:
    command = sending.order("a")
    committed: list[Any] = []

    class Listening:
        def __getattr__(self, name: str) -> Any:
            return getattr(sending.node, name)

        def hand_in(self, raws: list[bytes]) -> list[str | None]:
            committed.extend(sending.rows("attempt"))
            assert sending.state(command) is CommandState.SENT
            return sending.node.hand_in(raws)

    sending.dispatcher = sending.new_dispatcher(Listening())
    turn = sending.turn()
    assert [row.nonce for row in committed] == [0]
    stored = sending.stored(command)
    assert stored.state is CommandState.FINAL
    assert stored.outcome.tx == "0x" + bytes(committed[0].tx).hex()
    assert (turn.sent, turn.open) == (1, 0)
    assert sending.used() == 1


def test_command__not_deep_enough__is_sent_until_it_is(deep: Sending) -> None:
    command = deep.order("a")
    deep.turn()
    assert deep.open()[0].state is EntryState.SENT
    deep.mine()
    deep.turn()
    assert deep.open()[0].state is EntryState.MINED
    assert deep.state(command) is CommandState.SENT
    assert deep.stored(command).outcome.block is not None
    deep.mine(2)
    deep.turn()
    assert deep.state(command) is CommandState.SENT
    deep.mine()
    deep.turn()
    assert deep.state(command) is CommandState.FINAL
    assert deep.open() == []


def test_command__contract_would_refuse__uses_up_no_number(
    sending: Sending, refusing: Address
) -> None:
    command = sending.order("a", to=refusing, data=b"\x01")
    sending.turn()
    stored = sending.stored(command)
    assert (stored.state, stored.outcome.reason) == (CommandState.REFUSED, Reason.NOT_STOPPED)
    assert sending.rows() == []
    assert sending.used() == 0


def test_command__contract_refuses_in_its_block__is_refused_and_not_sent_again(
    sending: Sending, refusing: Address
) -> None:
    command = sending.order("a", to=refusing, data=b"\x01", gas=100_000)
    sending.turn()
    stored = sending.stored(command)
    assert (stored.state, stored.outcome.reason) == (CommandState.REFUSED, Reason.NOT_STOPPED)
    assert stored.outcome.facts["tx"] == stored.outcome.tx
    assert sending.turn().idle
    assert sending.used() == 1


def test_command__block_has_no_room__is_refused(sending: Sending) -> None:
    command = sending.order("a", gas=sending.node.header().gas_limit + 1)
    sending.turn()
    assert sending.stored(command).outcome.reason is Reason.ACT_TOO_LARGE


def test_command__node_is_away__stays_queued_and_goes_later(sending: Sending) -> None:
    command = sending.order("a")

    class Away:
        chain_id = sending.node.chain_id

        def __getattr__(self, name: str) -> Any:
            def refuse(*_: Any, **__: Any) -> Any:
                raise Fault(Reason.NODE_UNREACHABLE)

            return refuse

    with pytest.raises(Fault, match="node_unreachable"):
        sending.new_dispatcher(Away()).turn(sending.lead)
    assert sending.state(command) is CommandState.QUEUED
    sending.turn()
    assert sending.state(command) is CommandState.FINAL


def test_command__node_goes_away_before_it_answers__is_not_sent_twice(sending: Sending) -> None:
    command = sending.order("a")

    class Deaf:
        def __getattr__(self, name: str) -> Any:
            return getattr(sending.node, name)

        def hand_in(self, raws: list[bytes]) -> list[str | None]:
            sending.node.hand_in(raws)
            raise Fault(Reason.NODE_UNREACHABLE)

    with pytest.raises(Fault, match="node_unreachable"):
        sending.new_dispatcher(Deaf()).turn(sending.lead)
    assert [row.state for row in sending.rows()] == ["signed"]
    sending.dispatcher = sending.new_dispatcher()
    sending.turn()
    assert sending.state(command) is CommandState.FINAL
    assert sending.used() == 1


# Under way ------------------------------------------------------------------------------------------


def test_many__under_way__do_not_wait_for_each_other(held: Sending) -> None:
    commands = [held.order(f"k{number}", gas=60_000) for number in range(20)]
    held.turn()
    assert [entry.nonce for entry in held.open()] == list(range(20))
    assert {entry.state for entry in held.open()} == {EntryState.SENT}
    held.mine()
    held.turn()
    assert {held.state(command) for command in commands} == {CommandState.FINAL}


def test_window__full__lets_the_others_wait(local_node: RemoteNode, database: Database) -> None:
    narrow = Sending(local_node, database, window=3)
    narrow.rpc("evm_setAutomine", False)
    try:
        for number in range(5):
            narrow.order(f"k{number}", gas=60_000)
        narrow.turn()
        narrow.turn()
        assert len(narrow.open()) == 3
        narrow.mine()
        narrow.turn()
        narrow.turn()
        assert [entry.nonce for entry in narrow.open()] == [3, 4]
    finally:
        narrow.rpc("evm_setAutomine", True)


def test_price__rises_above_the_offer__is_outbid_under_the_same_number(held: Sending) -> None:
    command = held.order("a")
    held.turn()
    first = held.open()[0].last
    held.rpc("anvil_setNextBlockBaseFeePerGas", hex(first.price * 3))
    held.mine()
    held.turn()
    assert held.open()[0].state is EntryState.SENT
    held.clock.pass_by(seconds=PATIENCE.total_seconds() + 1)
    held.turn()
    entry = held.open()[0]
    assert [attempt.price > first.price for attempt in entry.attempts] == [False, True]
    assert entry.nonce == 0
    held.mine()
    held.turn()
    stored = held.stored(command)
    assert (stored.state, stored.outcome.tx) == (CommandState.FINAL, entry.last.tx)
    assert held.inclusions([attempt.tx for attempt in entry.attempts]) == 1


def test_silence__however_long__is_unknown_and_no_failure(held: Sending) -> None:
    command = held.order("a")
    held.turn()
    for _ in range(30):
        held.clock.pass_by(hours=1)
        held.turn()
    assert held.state(command) is CommandState.SENT
    assert held.open()[0].state in (EntryState.UNKNOWN, EntryState.SIGNED)
    held.mine()
    held.turn()
    assert held.state(command) is CommandState.FINAL
    assert held.used() == 1


def test_pool__forgotten__gets_the_same_bytes_again(held: Sending) -> None:
    command = held.order("a")
    held.turn()
    tx = held.open()[0].last.tx
    held.rpc("anvil_dropAllTransactions")
    held.clock.pass_by(seconds=PATIENCE.total_seconds() + 1)
    held.turn()
    held.mine()
    held.turn()
    stored = held.stored(command)
    assert (stored.state, stored.outcome.tx) == (CommandState.FINAL, tx)
    assert len(held.rows("attempt")) == 1


def test_reorganisation__takes_it_back__and_the_same_bytes_stand_again(deep: Sending) -> None:
    before = deep.rpc("evm_snapshot")
    command = deep.order("a")
    deep.turn()
    tx = deep.open()[0].last.tx
    deep.mine()
    deep.turn()
    assert deep.open()[0].state is EntryState.MINED
    deep.rpc("evm_revert", before)
    deep.rpc("evm_setAutomine", False)
    deep.mine()
    deep.turn()
    entry = deep.open()[0]
    assert (entry.state, entry.block) == (EntryState.SENT, None)
    assert deep.stored(command).outcome.block is None
    deep.mine(4)
    deep.turn()
    assert deep.state(command) is CommandState.FINAL
    assert deep.stored(command).outcome.tx == tx


def test_number__taken_by_somebody_else__is_given_up_only_when_that_is_final(deep: Sending) -> None:
    command = deep.order("a")
    deep.turn()
    ours = deep.open()[0].last
    foreign = deep.send_foreign(nonce=0, price=ours.price * 3)
    deep.mine()
    deep.turn()
    assert deep.open()[0].state is EntryState.SENT  # it stands, and may still be taken back
    deep.mine(3)
    deep.turn()
    assert [row.state for row in deep.rows()] == ["lost"]
    assert deep.state(command) is CommandState.QUEUED
    spender = spender_of(deep.node, deep.signer.address, 0, last=deep.node.header().stamp.number)
    assert spender is not None
    assert spender.tx == foreign
    deep.turn()
    deep.mine(4)
    deep.turn()
    assert deep.state(command) is CommandState.FINAL
    assert [(row.nonce, row.state) for row in deep.rows()] == [(0, "lost"), (1, "done")]
    assert deep.used() == 2


def test_key__used_elsewhere_before__goes_on_after_those_numbers(sending: Sending) -> None:
    sending.send_foreign(nonce=0, price=10**11)
    command = sending.order("a")
    sending.turn()
    assert sending.state(command) is CommandState.FINAL
    assert [row.nonce for row in sending.rows()] == [1]


def test_number__nobody_has__is_filled_by_a_filler(held: Sending) -> None:
    before = held.rpc("evm_snapshot")
    held.send_foreign(nonce=0, price=10**11)
    held.mine()
    command = held.order("a")
    held.turn()  # it has number 1, because number 0 is used
    held.rpc("evm_revert", before)
    held.rpc("evm_setAutomine", False)
    held.rpc("anvil_dropAllTransactions")  # and now it is not: nothing above it could ever stand
    held.clock.pass_by(seconds=PATIENCE.total_seconds() + 1)
    held.turn()
    fillers = [entry for entry in held.open() if entry.command is None]
    assert [entry.nonce for entry in fillers] == [0]
    held.mine()
    held.turn()
    assert held.state(command) is CommandState.FINAL
    assert held.used() == 2


def test_receipt__lost__does_not_lead_to_a_second_transaction(sending: Sending) -> None:
    command = sending.order("a")

    class Forgetful:
        def __getattr__(self, name: str) -> Any:
            return getattr(sending.node, name)

        def inclusions(self, txs: list[str]) -> list[Inclusion | None]:
            return [None for _ in txs]

    forgetful = sending.new_dispatcher(Forgetful())
    forgetful.turn(sending.lead)
    for _ in range(5):
        sending.clock.pass_by(hours=1)
        forgetful.turn(sending.lead)
    assert sending.state(command) is CommandState.SENT
    assert sending.used() == 1
    assert len(sending.rows()) == 1
    sending.dispatcher = sending.new_dispatcher()
    sending.turn()
    assert sending.state(command) is CommandState.FINAL


# Another sender -------------------------------------------------------------------------------------


def test_sender__overtaken__is_refused_whatever_it_wants_to_keep(sending: Sending) -> None:
    command = sending.order("a")
    later = sending.take_lead()
    with pytest.raises(LeadLost):
        sending.dispatcher.turn(sending.lead)
    assert sending.state(command) is CommandState.QUEUED
    assert sending.rows() == []
    sending.lead = later
    sending.turn()
    assert sending.state(command) is CommandState.FINAL
