"""What every node promises: one suite for the embedded chain, anvil by URL, and eth-tester behind web3.

given a node
├── it should know its chain id, and give headers that link to their parents
├── when a block does not exist: it should be unknown, also inside a question
├── when a contract is created: its code, storage and receipt should be there from that block on
├── when a contract refuses: the data of its error should arrive, in a call and in a rehearsal
├── when a transaction fails in a block: its receipt should say so
├── when nothing has happened to a transaction: it should have no receipt
├── when many questions are asked at once: they should be answered at one block, in order
├── when logs are asked for: they should come in ledger order, by address, topic and range
├── when numbers of an account are asked for: nonce and balance
└── when a transaction is malformed: it should not be taken
given a URL
├── when nobody answers there: it should be a fault in one line, within seconds, without the URL's secrets
├── when another chain answers: it should be a fault
├── when something that is no node answers: it should be a fault
└── when it is no URL: it should be a fault
"""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from tests.support.chain import anvil
from web3 import EthereumTesterProvider, Web3

from genbo.chain.call import Call
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner, development_key
from genbo.chain.node import BlockUnknown, Node, Reverted
from genbo.chain.remote import RemoteNode, connect
from genbo.chain.sender import Sender, Sent
from genbo.kernel import Address, Fault, Reason

NOBODY = Address("0x000000000000000000000000000000000000dEaD")

# A contract made by hand. Called with no data: it answers its storage slot 0. Called with one byte of 0: it refuses
# with the four bytes deadbeef. Called with any other data: it adds one to slot 0 and logs the new number twice, once
# with topic 1 and once with topic 2.


def _assemble() -> bytes:
    """The contract above with its jump targets worked out."""
    answer = bytes.fromhex("5b60005460005260206000f3")
    refuse = bytes.fromhex("5b63deadbeef6000526004601cfd")
    log = bytes.fromhex(
        "5b600160005401806000556000526001602060" + "00a1" + "60026020600" + "0a1" + "00"
    )
    # CALLDATASIZE ISZERO PUSH answer JUMPI | first byte ISZERO PUSH refuse JUMPI | fall through to log
    head_length = 2 + 2 + 1 + 3 + 2 + 1 + 1 + 2 + 1
    at_log = head_length
    at_answer = at_log + len(log)
    at_refuse = at_answer + len(answer)
    head = (
        bytes.fromhex("3615")
        + bytes([0x60, at_answer, 0x57])
        + bytes.fromhex("600035" + "6000" + "1a" + "15")
        + bytes([0x60, at_refuse, 0x57])
    )
    assert len(head) == head_length
    return head + log + answer + refuse


def _creation() -> bytes:
    running = _assemble()
    length = len(running)
    return bytes([0x60, length, 0x60, 0x0C, 0x60, 0, 0x39, 0x60, length, 0x60, 0, 0xF3]) + running


@dataclass(frozen=True)
class Place:
    node: Node
    sender: Sender
    signer: KeySigner

    def create(self) -> Sent:
        return self.sender.send(Call(None, _creation(), "create"), by=self.signer)

    def count(self, contract: Address) -> Sent:
        return self.sender.send(Call(contract, b"\x01", "count"), by=self.signer)


@pytest.fixture(
    scope="module",
    params=["embedded", pytest.param("anvil", marks=pytest.mark.anvil), "eth-tester"],
)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "anvil":
        with anvil() as (_, node):
            yield Place(node, Sender(node), development_key(0))
    elif request.param == "embedded":
        embedded = EmbeddedNode(genesis_at=datetime(2021, 8, 10, tzinfo=UTC))
        yield Place(embedded, Sender(embedded), development_key(0))
    else:
        remote = RemoteNode(Web3(EthereumTesterProvider()), name="eth-tester")
        rich = KeySigner((1).to_bytes(32, "big"))  # eth-tester's first account
        yield Place(remote, Sender(remote), rich)


def test_headers__link_to_their_parents(place: Place) -> None:
    place.create()
    last = place.node.header()
    before = place.node.header(last.stamp.number - 1)
    assert last.parent_hash == before.stamp.hash
    assert last.stamp.chain_id == place.node.chain_id
    assert last.stamp.at >= before.stamp.at  # anvil makes several blocks a second
    assert last.gas_limit >= 30_000_000
    assert place.node.headers([last.stamp.number, before.stamp.number]) == [last, before]
    assert place.node.stamp(before.stamp.number) == before.stamp
    assert place.node.stamp(before.stamp) is before.stamp


def test_block_that_is_not_there__is_unknown(place: Place) -> None:
    beyond = place.node.header().stamp.number + 1_000
    for question in (
        lambda: place.node.header(beyond),
        lambda: place.node.headers([0, beyond]),
        lambda: place.node.call(to=NOBODY, data=b"", at=beyond),
        lambda: place.node.code(NOBODY, beyond),
    ):
        with pytest.raises(BlockUnknown):
            question()


def test_create__code_and_receipt_stand_from_that_block_on(place: Place) -> None:
    sent = place.create()
    assert sent.created is not None
    assert place.node.code(sent.created).value == _assemble()
    assert place.node.code(sent.created, sent.stamp.number - 1).value == b""
    receipt = place.node.receipt(sent.tx)
    assert receipt is not None
    assert (receipt.tx, receipt.succeeded, receipt.created) == (sent.tx, True, sent.created)
    assert (receipt.block, receipt.block_hash) == (sent.stamp.number, sent.stamp.hash)
    assert receipt.gas_used == sent.gas_used > 53_000


def test_call__answers_as_of_the_block_asked(place: Place) -> None:
    contract = place.create().created
    assert contract is not None
    stamps = [place.count(contract).stamp for _ in range(3)]
    for number, stamp in enumerate(stamps, 1):
        answer = place.node.call(to=contract, data=b"", at=stamp.number)
        assert int.from_bytes(answer.value, "big") == number
        assert answer.stamp == stamp
        assert place.node.storage(contract, 0, stamp).value == number
    assert int.from_bytes(place.node.call(to=contract, data=b"").value, "big") == 3


def test_refusal__brings_the_data_of_the_error(place: Place) -> None:
    contract = place.create().created
    assert contract is not None
    with pytest.raises(Reverted) as call:
        place.node.call(to=contract, data=b"\0")
    with pytest.raises(Reverted) as rehearsal:
        place.node.rehearse(sender=place.signer.address, to=contract, data=b"\0")
    assert call.value.data == rehearsal.value.data == bytes.fromhex("deadbeef")


def test_failed_transaction__has_a_receipt_that_says_so(place: Place) -> None:
    contract = place.create().created
    assert contract is not None
    tx = place.sender.submit(Call(contract, b"\0", "refused"), by=place.signer, gas=100_000)
    with pytest.raises(Fault) as failed:
        place.sender.settle(tx, call=Call(contract, b"\0", "refused"), sender=place.signer.address)
    assert failed.value.reason is Reason.TRANSACTION_FAILED
    assert failed.value.facts["tx"] == tx
    receipt = place.node.receipt(tx)
    assert receipt is not None
    assert not receipt.succeeded
    assert receipt.logs == ()


def test_receipt__of_a_transaction_in_no_block__is_none(place: Place) -> None:
    assert place.node.receipt("0x" + "ab" * 32) is None


def test_calls__are_answered_at_one_block_in_order(place: Place) -> None:
    first, second = place.create().created, place.create().created
    assert first is not None
    assert second is not None
    place.count(first)
    at = place.count(first).stamp
    place.count(second)
    questions = [(first, b""), (second, b"")] * 300
    answer = place.node.calls(questions, at.number)
    assert [int.from_bytes(each, "big") for each in answer.value] == [2, 0] * 300
    assert answer.stamp == at
    with pytest.raises(Reverted):
        place.node.calls([(first, b""), (first, b"\0")])


def test_logs__in_ledger_order__by_address_topic_and_range(place: Place) -> None:
    first, second = place.create().created, place.create().created
    assert first is not None
    assert second is not None
    sent = [place.count(first), place.count(second), place.count(first)]
    low, high = sent[0].stamp.number, sent[-1].stamp.number
    one, two = (1).to_bytes(32, "big"), (2).to_bytes(32, "big")

    def found(**how: object) -> list[tuple[str, bytes]]:
        asked = {"addresses": [first, second], "first": low, "last": high, **how}
        logs = place.node.logs(**asked)  # type: ignore[arg-type]
        return [(log.tx, log.topics[0]) for log in logs]

    everything = [(each.tx, topic) for each in sent for topic in (one, two)]
    assert found() == everything
    assert found(addresses=[second]) == everything[2:4]
    assert found(topics=[[two]]) == everything[1::2]
    assert found(topics=[[one, two]]) == everything
    assert found(topics=[None]) == everything
    assert found(topics=[[one], [one]]) == []
    assert found(last=low) == everything[:2]
    assert found(first=high + 1) == []
    assert found(addresses=[]) == []
    log = place.node.logs(addresses=[second], first=low, last=high)[0]
    assert log == sent[1].logs[0]
    assert (log.block, log.block_hash) == (sent[1].stamp.number, sent[1].stamp.hash)
    assert (log.address, int.from_bytes(log.data, "big")) == (second, 1)


def test_account_numbers(place: Place) -> None:
    before = place.node.nonce(place.signer.address)
    place.create()
    assert place.node.nonce(place.signer.address) == before + 1
    assert place.node.nonce(NOBODY) == 0
    assert place.node.balance(NOBODY).value == 0


def test_malformed_transaction__is_not_taken(place: Place) -> None:
    before = place.node.header().stamp.number
    with pytest.raises(Fault) as refused:
        place.node.send_raw(b"\x01\x02\x03")
    assert refused.value.reason is Reason.TRANSACTION_FAILED
    assert place.node.header().stamp.number == before


# By URL -------------------------------------------------------------------------------------------


def test_connect__nobody_there__is_one_line_within_seconds() -> None:
    began = time.monotonic()
    with pytest.raises(Fault) as fault:
        connect("http://someone:password@127.0.0.1:1/v3/key?token=secret")
    assert time.monotonic() - began < 5
    assert fault.value.reason is Reason.NODE_UNREACHABLE
    assert str(fault.value) == "node_unreachable(url=http://127.0.0.1:1)"


@pytest.mark.anvil
def test_connect__another_chain__is_a_fault() -> None:
    with anvil("--chain-id", "1234") as (url, node):
        assert node.chain_id == 1234
        with pytest.raises(Fault) as fault:
            connect(url, expected_chain_id=5678)
    assert fault.value.reason is Reason.CHAIN_MISMATCH
    assert (fault.value.facts["expected"], fault.value.facts["actual"]) == (5678, 1234)
    with pytest.raises(Fault) as gone:
        node.header()
    assert gone.value.reason is Reason.NODE_UNREACHABLE


def test_connect__no_node_answers__is_a_fault() -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(Fault) as fault:
                connect(f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()
    assert fault.value.reason is Reason.NODE_UNREACHABLE


def test_connect__no_url__is_a_fault() -> None:
    with pytest.raises(Fault) as fault:
        connect("localhost:8545")
    assert fault.value.reason is Reason.SETTING_INVALID
