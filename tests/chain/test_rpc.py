"""The embedded chain answers by URL as a node does.

given the door of an embedded chain
├── when web3.py deploys and uses a contract
│   ├── it should take transactions of type 0 and of type 2, at no price
│   ├── it should give blocks, transactions, receipts and logs that web3.py can read
│   └── it should say why a contract refused, with the data of the typed error
├── when our RemoteNode asks the same as the node inside the process
│   └── it should answer the same
├── when a question names a block, by tag, number, hash or object
│   └── it should answer for that block, and `header not found` when there is none
├── when logs are filtered
│   └── it should keep to addresses, topics and range
├── when a question is malformed
│   └── it should answer with the error code of JSON-RPC, and to each part of a batch on its own
├── when a transaction cannot stand in a block
│   └── it should say so in the words of other nodes
├── when the clock is moved
│   └── it should go forward only
├── when a request is too large, or comes from a page in a browser
│   └── it should not be read
├── when several threads and processes ask, ape among them
│   └── it should answer each
└── when it closes
    ├── it should leave no thread and no open port, also with a connection still open
    └── it should finish the answer that is being made
given a host that others can reach, or a port that is taken
└── it should refuse to open
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from eth_abi.abi import encode as abi_encode
from web3 import HTTPProvider, Web3
from web3.contract import Contract
from web3.exceptions import ContractCustomError, ContractLogicError, TransactionNotFound
from web3.types import TxReceipt

from genbo.chain import artifacts
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import development_key
from genbo.chain.node import BlockUnknown, Reverted
from genbo.chain.remote import RemoteNode, connect
from genbo.chain.rpc import MAX_REQUEST_BYTES, serve
from genbo.chain.rpc.envelope import MAX_BATCH
from genbo.kernel import UTC, Address, Fault, Reason

GENESIS = datetime(2021, 8, 1, tzinfo=UTC)
ISSUER: Any
INVESTOR: Any
STRANGER: Any  # signers; web3.py has an address type of its own
ISSUER, INVESTOR, STRANGER = (development_key(number) for number in range(3))
PLAIN = artifacts.load("PlainToken")
PLAIN_ABI = json.loads(files(artifacts).joinpath("PlainToken.json").read_text("utf-8"))["abi"]
ZERO_HASH = "0x" + "00" * 32

Json = dict[str, Any]


@pytest.fixture
def node() -> EmbeddedNode:
    return EmbeddedNode(genesis_at=GENESIS)


@pytest.fixture
def url(node: EmbeddedNode) -> Iterator[str]:
    with serve(node) as opened:
        yield opened


@pytest.fixture
def web3(url: str) -> Web3:
    return Web3(HTTPProvider(url, exception_retry_configuration=None))


@pytest.fixture
def remote(url: str) -> RemoteNode:
    return connect(url)


def transact(web3: Web3, fields: Any, by: Any = ISSUER, *, kind: int = 2) -> TxReceipt:
    """Signed, sent and found in a block; the gas is estimated when it is not given."""
    price = (
        {"gasPrice": web3.eth.gas_price}
        if kind == 0
        else {
            "maxFeePerGas": web3.eth.get_block("latest")["baseFeePerGas"],
            "maxPriorityFeePerGas": web3.eth.max_priority_fee,
        }
    )
    whole = {
        "chainId": web3.eth.chain_id,
        "nonce": web3.eth.get_transaction_count(by.address, "pending"),
        "value": 0,
        **price,
        **{name: fields[name] for name in ("to", "data", "gas") if fields.get(name)},
    }
    if "gas" not in whole:
        asked: Any = {"from": by.address, **fields}
        whole["gas"] = web3.eth.estimate_gas(asked)
    sent = web3.eth.send_raw_transaction(by.sign_transaction(whole))
    return web3.eth.wait_for_transaction_receipt(sent, timeout=1, poll_latency=0.01)


def deploy(web3: Web3, *, kind: int = 2) -> Contract:
    receipt = transact(web3, {"data": PLAIN.creation_code}, kind=kind)
    token: Any = web3.eth.contract(address=receipt["contractAddress"], abi=PLAIN_ABI)
    return token  # type: ignore[no-any-return]


def act(token: Contract, name: str, *arguments: Any) -> Json:
    """What a transaction calling this function carries."""
    return {"to": token.address, "data": token.encode_abi(name, list(arguments))}


def post(
    url: str, body: bytes, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One plain HTTP request: status, headers, body."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    try:
        connection.request(
            "POST", "/", body, headers={"Content-Type": "application/json"} | (headers or {})
        )
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def ask(url: str, method: str, *params: Any) -> Any:
    """The response to one question, as it came."""
    body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)}
    status, _, answer = post(url, json.dumps(body).encode())
    assert status == 200
    return json.loads(answer)


def result(url: str, method: str, *params: Any) -> Any:
    answer = ask(url, method, *params)
    assert "error" not in answer, answer
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 7)
    return answer["result"]


def error(url: str, method: str, *params: Any) -> Json:
    answer = ask(url, method, *params)
    assert "result" not in answer
    found: Json = answer["error"]
    return found


# A contract's life through web3.py ---------------------------------------------------------------


def test_web3__asks_who_is_there__gets_the_chain(web3: Web3, node: EmbeddedNode) -> None:
    assert web3.is_connected(show_traceback=True)
    assert web3.client_version.startswith("Genbo/")
    assert web3.eth.chain_id == node.chain_id == int(web3.net.version)
    assert web3.eth.syncing is False
    assert list(web3.eth.accounts) == []
    assert web3.eth.block_number == 0


@pytest.mark.parametrize("kind", [0, 2])
def test_contract__deployed_and_used__works_with_transactions_of_both_types(
    web3: Web3, kind: int
) -> None:
    token = deploy(web3, kind=kind)
    transact(web3, act(token, "mint", INVESTOR.address, 1453), kind=kind)
    receipt = transact(web3, act(token, "transfer", STRANGER.address, 53), INVESTOR, kind=kind)

    assert token.functions.balanceOf(INVESTOR.address).call() == 1400
    assert token.functions.balanceOf(STRANGER.address).call() == 53
    assert token.functions.totalSupply().call() == 1453
    assert (receipt["status"], receipt["type"]) == (1, kind)
    assert receipt["from"] == INVESTOR.address
    assert receipt["to"] == token.address
    assert receipt["contractAddress"] is None
    assert receipt["effectiveGasPrice"] == 0
    assert receipt["cumulativeGasUsed"] == receipt["gasUsed"] > 21_000

    sent = web3.eth.get_transaction(receipt["transactionHash"])
    assert (sent["type"], sent["nonce"], sent["value"], sent["gasPrice"]) == (kind, 0, 0, 0)
    assert sent["from"] == INVESTOR.address
    assert sent["to"] == token.address
    assert sent["chainId"] == web3.eth.chain_id
    assert sent["input"].hex() == token.encode_abi("transfer", [STRANGER.address, 53])[2:]
    assert (sent["blockNumber"], sent["transactionIndex"]) == (3, 0)
    assert ("maxFeePerGas" in sent) == (kind == 2)


def test_transaction__with_an_access_list__is_told_with_it(web3: Web3) -> None:
    slots = [{"address": STRANGER.address, "storageKeys": ["0x" + "00" * 31 + "05"]}]
    raw = ISSUER.sign_transaction(
        {
            "type": 1,
            "chainId": web3.eth.chain_id,
            "nonce": 0,
            "gas": 60_000,
            "gasPrice": 0,
            "to": INVESTOR.address,
            "value": 0,
            "data": b"",
            "accessList": slots,
        }
    )
    sent = web3.eth.get_transaction(web3.eth.send_raw_transaction(raw))
    assert (sent["type"], sent["yParity"]) == (1, sent["v"])
    assert sent["accessList"][0]["address"] == STRANGER.address
    assert sent["accessList"][0]["storageKeys"][0].endswith("05")


def test_contract__created__stands_where_its_receipt_says(web3: Web3) -> None:
    receipt = transact(web3, {"data": PLAIN.creation_code})
    created = receipt["contractAddress"]
    assert receipt["to"] is None
    assert created is not None
    assert bytes(web3.eth.get_code(created)) == PLAIN.running_code
    assert web3.eth.get_transaction(receipt["transactionHash"]).get("to") is None


def test_receipt__of_the_second_in_a_block__counts_from_the_first(
    node: EmbeddedNode, web3: Web3
) -> None:
    token = deploy(web3)
    mints = [
        ISSUER.sign_transaction(
            {
                "chainId": node.chain_id,
                "nonce": nonce,
                "gas": 100_000,
                "gasPrice": 0,
                "value": 0,
                **act(token, "mint", INVESTOR.address, 1),
            }
        )
        for nonce in (1, 2)
    ]
    first, second = (web3.eth.get_transaction_receipt(tx) for tx in node.mine(mints))  # type: ignore[arg-type]
    assert (first["transactionIndex"], second["transactionIndex"]) == (0, 1)
    assert second["cumulativeGasUsed"] == first["gasUsed"] + second["gasUsed"]
    assert second["logs"][0]["logIndex"] == 1
    block = web3.eth.get_block(first["blockNumber"], full_transactions=True)
    assert block["gasUsed"] == second["cumulativeGasUsed"]
    bodies: Any = block["transactions"]
    assert [each["nonce"] for each in bodies] == [1, 2]
    assert block["logsBloom"] == second["logsBloom"]


def test_block__in_full_and_in_short__is_the_same(web3: Web3, node: EmbeddedNode) -> None:
    receipt = transact(web3, {"data": PLAIN.creation_code})
    by_number = web3.eth.get_block(1)
    full = web3.eth.get_block(receipt["blockHash"], full_transactions=True)

    assert by_number["hash"] == full["hash"] == receipt["blockHash"]
    assert by_number["transactions"] == [receipt["transactionHash"]]
    assert full["transactions"] == [web3.eth.get_transaction(receipt["transactionHash"])]
    assert by_number["parentHash"] == web3.eth.get_block("earliest")["hash"]
    assert by_number["timestamp"] == int(node.header(1).stamp.at.timestamp())
    assert (by_number["baseFeePerGas"], by_number["gasLimit"]) == (0, 30_000_000)
    assert by_number["size"] > len(PLAIN.creation_code)
    assert by_number["miner"] == "0x" + "00" * 20
    assert len(by_number["nonce"]) == 8
    assert len(by_number["logsBloom"]) == 256


def test_block__that_does_not_exist__is_null(url: str) -> None:
    assert result(url, "eth_getBlockByNumber", "0x64", False) is None
    assert result(url, "eth_getBlockByHash", ZERO_HASH, True) is None
    assert result(url, "eth_getTransactionByHash", ZERO_HASH) is None
    assert result(url, "eth_getTransactionReceipt", ZERO_HASH) is None


def test_block__taken_back__is_not_known_any_more(node: EmbeddedNode, web3: Web3, url: str) -> None:
    before = node.snapshot()
    receipt = transact(web3, {"data": PLAIN.creation_code})
    taken_back = receipt["blockHash"].to_0x_hex()
    node.revert(before)
    assert result(url, "eth_getBlockByHash", taken_back, False) is None
    assert error(url, "eth_getLogs", {"blockHash": taken_back})["message"] == "header not found"
    with pytest.raises(TransactionNotFound):
        web3.eth.get_transaction(receipt["transactionHash"])
    with pytest.raises(TransactionNotFound):
        web3.eth.get_transaction_receipt(receipt["transactionHash"])


def test_pending_block__is_the_one_that_would_be_made_now(node: EmbeddedNode, web3: Web3) -> None:
    node.next_block_at(GENESIS + timedelta(days=3))
    pending: Any = web3.eth.get_block("pending")
    assert (pending["number"], pending["hash"], pending["transactions"]) == (1, None, [])
    assert pending["timestamp"] == int((GENESIS + timedelta(days=3)).timestamp())
    node.mine([])
    assert web3.eth.get_block("latest")["timestamp"] == pending["timestamp"]


def test_state__at_an_earlier_block__is_that_of_then(web3: Web3) -> None:
    token = deploy(web3)
    for _ in range(2):
        transact(web3, act(token, "mint", INVESTOR.address, 10))
    supply = token.functions.totalSupply()
    then = web3.eth.get_block(2)["hash"]
    assert [supply.call(block_identifier=number) for number in (1, 2, 3)] == [0, 10, 20]
    assert supply.call(block_identifier=then) == 10
    assert web3.eth.get_transaction_count(ISSUER.address, 2) == 2
    assert web3.eth.get_transaction_count(ISSUER.address) == 3
    assert web3.eth.get_code(token.address, 0) == b""
    assert web3.eth.get_balance(ISSUER.address, 1) == 0
    assert int.from_bytes(web3.eth.get_storage_at(token.address, 2, 1), "big") == 0
    total = web3.eth.get_storage_at(token.address, 2)
    assert (len(total), int.from_bytes(total, "big")) == (32, 20)


def test_fees__asked_for__are_zero(web3: Web3) -> None:
    deploy(web3)
    history = web3.eth.fee_history(5, "latest", [25.0, 75.0])
    assert web3.eth.gas_price == web3.eth.max_priority_fee == 0
    assert history["oldestBlock"] == 0
    assert history["baseFeePerGas"] == [0, 0, 0]
    assert history["reward"] == [[0, 0], [0, 0]]
    assert history["gasUsedRatio"][0] == 0 < history["gasUsedRatio"][1] < 1
    assert web3.eth.fee_history(1, "pending")["oldestBlock"] == 1


# A contract refuses ------------------------------------------------------------------------------


def test_revert__typed_error__comes_with_its_data(web3: Web3, url: str) -> None:
    token = deploy(web3)
    expected = (
        PLAIN.interface.errors[bytes.fromhex("e450d38c")].selector
        + abi_encode(["address", "uint256", "uint256"], [STRANGER.address, 0, 5])
    ).hex()
    transfer = token.functions.transfer(INVESTOR.address, 5)
    with pytest.raises(ContractCustomError) as called:
        transfer.call({"from": STRANGER.address})
    assert called.value.data == "0x" + expected
    with pytest.raises(ContractCustomError) as estimated:
        transfer.estimate_gas({"from": STRANGER.address})
    assert estimated.value.data == "0x" + expected

    fields = act(token, "transfer", INVESTOR.address, 5) | {"from": STRANGER.address}
    for method in ("eth_call", "eth_estimateGas"):
        told = error(url, method, fields, "latest")
        assert (told["code"], told["data"]) == (3, "0x" + expected)
        assert told["message"].startswith("execution reverted")


def test_revert__with_a_sentence__says_it(web3: Web3, url: str) -> None:
    sentence = "GS013"
    data = bytes.fromhex("08c379a0") + abi_encode(["string"], [sentence])
    # Copy what follows these 12 bytes to memory and revert with it.
    code = bytes.fromhex(f"60{len(data):02x}600c60003960{len(data):02x}6000fd") + data
    told = error(url, "eth_call", {"data": "0x" + code.hex()})
    assert told == {
        "code": 3,
        "message": "execution reverted: GS013",
        "data": "0x" + data.hex(),
    }
    with pytest.raises(ContractLogicError, match="execution reverted: GS013"):
        web3.eth.call({"data": code})


def test_revert__without_data__is_still_one(web3: Web3, url: str) -> None:
    nothing = {"data": "0x60006000fd"}
    assert error(url, "eth_call", nothing) == {
        "code": 3,
        "message": "execution reverted",
        "data": "0x",
    }
    with pytest.raises(ContractLogicError):
        web3.eth.estimate_gas(nothing)  # type: ignore[arg-type]


def test_creation__called__gives_the_code_it_would_leave(url: str) -> None:
    creation = {"data": "0x" + PLAIN.creation_code.hex(), "from": ISSUER.address}
    assert result(url, "eth_call", creation) == "0x" + PLAIN.running_code.hex()
    assert result(url, "eth_blockNumber") == "0x0"


def test_transaction__that_fails__stands_in_a_block(web3: Web3) -> None:
    token = deploy(web3)
    receipt = transact(
        web3, act(token, "transfer", INVESTOR.address, 5) | {"gas": 100_000}, STRANGER
    )
    assert (receipt["status"], receipt["blockNumber"], receipt["logs"]) == (0, 2, [])


# The same answers as inside the process ----------------------------------------------------------


def test_remote_node__asks_everything__hears_what_the_node_itself_says(
    node: EmbeddedNode, remote: RemoteNode, web3: Web3
) -> None:
    token = deploy(web3)
    transact(web3, act(token, "mint", INVESTOR.address, 1453))
    moved = transact(web3, act(token, "transfer", STRANGER.address, 53), INVESTOR)
    tx, place = moved["transactionHash"].to_0x_hex(), Address(token.address)
    encode = PLAIN.interface.encode
    questions = [(place, encode("balanceOf", who.address)) for who in (INVESTOR, STRANGER)]
    transfers = [[PLAIN.interface.event("Transfer").topic]]
    stranger = Address(STRANGER.address)

    assert remote.chain_id == node.chain_id
    assert remote.header() == node.header()
    assert remote.headers([0, 3, 1]) == node.headers([0, 3, 1])
    assert remote.stamp(2) == node.stamp(2)
    for at in (None, 2, node.stamp(1)):
        assert remote.calls(questions, at) == node.calls(questions, at)
        assert remote.code(place, at) == node.code(place, at)
        assert remote.storage(place, 2, at) == node.storage(place, 2, at)
        assert remote.balance(place, at) == node.balance(place, at)
    asked = {"to": place, "data": encode("transfer", INVESTOR.address, 3), "sender": stranger}
    assert remote.call(**asked) == node.call(**asked)  # type: ignore[arg-type]
    assert remote.receipt(tx) == node.receipt(tx)
    assert remote.receipt(ZERO_HASH) is None
    assert remote.nonce(ISSUER.address) == node.nonce(ISSUER.address) == 2
    found = remote.logs(addresses=[place], topics=transfers, first=0, last=3)
    assert found == node.logs(addresses=[place], topics=transfers, first=0, last=3)
    assert len(found) == 2

    estimated = node.rehearse(**asked)  # type: ignore[arg-type]
    assert remote.rehearse(**asked) >= estimated  # type: ignore[arg-type]


def test_remote_node__refused_or_beyond_the_end__raises_as_the_node_does(
    remote: RemoteNode, node: EmbeddedNode, web3: Web3
) -> None:
    place = Address(deploy(web3).address)
    too_much: Any = {
        "to": place,
        "data": PLAIN.interface.encode("transfer", INVESTOR.address, 1),
        "sender": STRANGER.address,
    }
    with pytest.raises(Reverted) as inside:
        node.call(**too_much)
    for refused in (remote.call, remote.rehearse):
        with pytest.raises(Reverted) as outside:
            refused(**too_much)
        assert outside.value.data == inside.value.data
    with pytest.raises(BlockUnknown):
        remote.header(99)
    with pytest.raises(BlockUnknown):
        remote.call(to=place, data=b"", at=99)
    with pytest.raises(Fault) as not_taken:
        remote.send_raw(b"\x02nonsense")
    assert not_taken.value.reason is Reason.TRANSACTION_FAILED


def test_remote_node__sends__changes_the_chain_of_the_process(
    remote: RemoteNode, node: EmbeddedNode
) -> None:
    gas = remote.rehearse(sender=ISSUER.address, to=None, data=PLAIN.creation_code)
    raw = ISSUER.sign_transaction(
        {
            "chainId": remote.chain_id,
            "nonce": remote.nonce(ISSUER.address),
            "gas": gas,
            "gasPrice": 0,
            "value": 0,
            "data": PLAIN.creation_code,
        }
    )
    receipt = node.receipt(remote.send_raw(raw))
    assert receipt is not None
    assert receipt.created is not None
    assert node.code(receipt.created).value == PLAIN.running_code


# Blocks by every name ----------------------------------------------------------------------------


def test_block_parameter__every_form__names_its_block(
    node: EmbeddedNode, url: str, web3: Web3
) -> None:
    token = deploy(web3)
    for _ in range(2):
        transact(web3, act(token, "mint", INVESTOR.address, 10))
    supply = act(token, "totalSupply")
    second = node.stamp(2).hash
    expected: list[tuple[Any, int]] = [
        ("latest", 20),
        ("pending", 20),
        ("safe", 20),
        ("finalized", 20),
        ("0x2", 10),
        (2, 10),
        (second, 10),
        ({"blockHash": second}, 10),
        ({"blockHash": second, "requireCanonical": True}, 10),
        ({"blockNumber": "0x2"}, 10),
    ]
    for name, units in expected:
        assert int(result(url, "eth_call", supply, name), 16) == units, name
    assert result(url, "eth_call", supply, "earliest") == "0x"
    for unknown in ("0x63", ZERO_HASH, {"blockHash": ZERO_HASH}):
        told = error(url, "eth_call", supply, unknown)
        assert (told["code"], told["message"]) == (-32000, "header not found")


def test_estimate__of_a_past_block__is_refused(url: str, web3: Web3) -> None:
    token = deploy(web3)
    mint = act(token, "mint", INVESTOR.address, 10) | {"from": ISSUER.address}
    for block in ("latest", "pending", "0x1", None):
        assert int(result(url, "eth_estimateGas", mint, block), 16) > 21_000
    assert error(url, "eth_estimateGas", mint, "0x0")["code"] == -32000


# Logs --------------------------------------------------------------------------------------------


def test_logs__filtered__are_those_wanted(node: EmbeddedNode, url: str, web3: Web3) -> None:
    tokens = [deploy(web3), deploy(web3)]  # blocks 1 and 2, an OwnershipTransferred each
    for token in tokens:
        transact(web3, act(token, "mint", INVESTOR.address, 10))  # 3 and 4
    transact(web3, act(tokens[0], "transfer", STRANGER.address, 4), INVESTOR)  # 5
    first, second = (token.address for token in tokens)
    transfer = "0x" + PLAIN.interface.event("Transfer").topic.hex()
    owner = "0x" + PLAIN.interface.event("OwnershipTransferred").topic.hex()
    to_investor = "0x" + "00" * 12 + INVESTOR.address[2:].lower()
    to_stranger = "0x" + "00" * 12 + STRANGER.address[2:].lower()

    def blocks(**wanted: Any) -> list[int]:
        found = result(url, "eth_getLogs", wanted)
        assert all(log["removed"] is False and log["transactionIndex"] == "0x0" for log in found)
        return [int(log["blockNumber"], 16) for log in found]

    every = {"fromBlock": "earliest", "toBlock": "latest"}
    assert blocks(**every) == [1, 2, 3, 4, 5]
    assert blocks(**every, address=first) == [1, 3, 5]
    assert blocks(**every, address=[]) == [1, 2, 3, 4, 5]
    assert blocks(**every, address=[first, second.lower()]) == [1, 2, 3, 4, 5]
    assert blocks(**every, topics=[transfer]) == [3, 4, 5]
    assert blocks(**every, topics=[[transfer, owner]]) == [1, 2, 3, 4, 5]
    assert blocks(**every, topics=[transfer, None, to_investor]) == [3, 4]
    assert blocks(**every, topics=[None, None, [to_investor, to_stranger]]) == [3, 4, 5]
    assert blocks(**every, topics=[[], to_investor]) == [5]
    assert blocks(**every, topics=[None, None, None, None]) == []
    assert blocks(**every, topics=[transfer], address=second) == [4]
    assert blocks() == [5]
    assert blocks(fromBlock="0x0", toBlock="0x2") == [1, 2]
    assert blocks(fromBlock=0) == [1, 2, 3, 4, 5]
    assert blocks(fromBlock="0x4", toBlock="0xffff") == [4, 5]
    assert blocks(fromBlock="0x6", toBlock="latest") == []
    assert blocks(blockHash=node.stamp(3).hash) == [3]
    assert error(url, "eth_getLogs", {"blockHash": ZERO_HASH})["code"] == -32000
    read = tokens[0].events.Transfer().get_logs(from_block=0)
    assert [(log["blockNumber"], log["args"]["value"]) for log in read] == [(3, 10), (5, 4)]


# What is malformed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getBalance", []),
        ("eth_getBalance", ["0x12", "latest"]),
        ("eth_getBalance", [ISSUER.address, "newest"]),
        ("eth_getBalance", [ISSUER.address, {"blockHash": ZERO_HASH, "blockNumber": "0x0"}]),
        ("eth_getBalance", [ISSUER.address, {}]),
        ("eth_getBalance", [ISSUER.address, "latest", 3]),
        ("eth_getBalance", [ISSUER.address, -1]),
        ("eth_getBalance", [ISSUER.address, True]),
        ("eth_chainId", ["0x1"]),
        ("eth_getStorageAt", [ISSUER.address, "five", "latest"]),
        ("eth_getBlockByNumber", ["latest", "yes"]),
        ("eth_getBlockByHash", ["0x01", False]),
        ("eth_getTransactionByHash", [None]),
        ("eth_call", ["0x"]),
        ("eth_call", [{"to": ISSUER.address, "data": "0x123"}]),
        ("eth_call", [{"to": ISSUER.address, "data": "0x12", "input": "0x13"}]),
        ("eth_call", [{"to": ISSUER.address}, "latest", {}]),
        ("eth_getLogs", [{"fromBlock": "0x2", "toBlock": "0x1"}]),
        ("eth_getLogs", [{"blockHash": ZERO_HASH, "fromBlock": "0x1"}]),
        ("eth_getLogs", [{"topics": [None] * 5}]),
        ("eth_getLogs", [{"topics": "0x"}]),
        ("eth_getLogs", [{"address": "everyone"}]),
        ("eth_feeHistory", ["0x1", "latest", [50, 20]]),
        ("eth_feeHistory", ["0x1", "latest", [101]]),
        ("eth_feeHistory", ["0x1", ZERO_HASH]),
        ("eth_sendRawTransaction", ["0x"]),
        ("eth_sendRawTransaction", ["0x02c0"]),
        ("eth_sendRawTransaction", ["0x05c0"]),
        ("eth_sendRawTransaction", [7]),
        ("evm_increaseTime", [-5]),
        ("evm_increaseTime", ["soon"]),
        ("evm_increaseTime", [2**32 - 1]),
        ("evm_mine", [{"count": 3}]),
        ("evm_mine", [{"blocks": 1001}]),
    ],
)
def test_parameters__malformed__are_invalid(url: str, method: str, params: list[Any]) -> None:
    assert error(url, method, *params)["code"] == -32602
    assert result(url, "eth_blockNumber") == "0x0"


def test_method__unknown__is_not_found(url: str, web3: Web3) -> None:
    for method in ("eth_sendTransaction", "debug_traceTransaction", "__class__", ""):
        assert error(url, method, "0x")["code"] == -32601


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b"7", -32600),
        (b'"eth_chainId"', -32600),
        (b'{"jsonrpc":"2.0","id":1}', -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}', -32600),
        (b'{"jsonrpc":"2.0","id":[1],"method":"eth_chainId"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":5}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}', -32602),
    ],
)
def test_request__malformed__gets_its_code(url: str, body: bytes, code: int) -> None:
    status, headers, answer = post(url, body)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(answer)["error"]["code"] == code


def test_batch__of_many_kinds__answers_each_in_order(url: str) -> None:
    batch = [
        {"jsonrpc": "2.0", "id": "a", "method": "eth_blockNumber"},
        {"jsonrpc": "2.0", "method": "evm_mine"},  # a notification: done, not answered
        {"jsonrpc": "2.0", "id": 2, "method": "eth_blockNumber", "params": []},
        {"jsonrpc": "2.0", "id": 3, "method": "eth_nothing"},
        5,
        {"jsonrpc": "2.0", "id": None, "method": "eth_chainId", "params": [1]},
    ]
    _, _, answer = post(url, json.dumps(batch).encode())
    told = [
        (each["id"], each.get("result", each.get("error", {}).get("code")))
        for each in json.loads(answer)
    ]
    assert told == [("a", "0x0"), (2, "0x1"), (3, -32601), (None, -32600), (None, -32602)]


def test_notification__alone__gets_an_empty_answer(url: str, node: EmbeddedNode) -> None:
    status, _, answer = post(url, b'{"jsonrpc":"2.0","method":"evm_mine","params":[]}')
    assert (status, answer) == (204, b"")
    assert node.header().stamp.number == 1


def test_batch__too_long__is_refused_whole(url: str, node: EmbeddedNode) -> None:
    batch = [{"jsonrpc": "2.0", "id": 1, "method": "evm_mine"}] * (MAX_BATCH + 1)
    _, _, answer = post(url, json.dumps(batch).encode())
    assert json.loads(answer)["error"]["code"] == -32600
    assert node.header().stamp.number == 0


def test_bug__in_a_method__is_an_internal_error_and_the_door_stays_open(
    node: EmbeddedNode, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(node, "header", None)
        told = error(url, "eth_blockNumber")
    assert told == {"code": -32603, "message": "internal error"}
    assert "eth_blockNumber failed" in caplog.text
    assert result(url, "eth_blockNumber") == "0x0"


# What cannot stand in a block --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"nonce": 0}, "nonce too low"),
        ({"nonce": 9}, "nonce too high"),
        ({"chainId": 1}, "invalid chain id"),
        ({"gasPrice": 1}, "insufficient funds"),
        ({"value": 1}, "insufficient funds"),
        ({"gas": 20_000}, "intrinsic gas too low"),
        ({"gas": 30_000_001}, "exceeds block gas limit"),
    ],
)
def test_transaction__that_no_block_takes__is_told_why(
    node: EmbeddedNode, url: str, web3: Web3, wrong: Json, words: str
) -> None:
    fields: Json = {"chainId": node.chain_id, "nonce": 1, "gas": 50_000, "gasPrice": 0, "value": 0}
    fields |= {"to": INVESTOR.address, "data": b""}
    transact(web3, {"to": INVESTOR.address})
    raw = ISSUER.sign_transaction(fields | wrong)
    told = error(url, "eth_sendRawTransaction", "0x" + raw.hex())
    assert (told["code"], told["message"][: len(words)]) == (-32000, words)
    assert node.header().stamp.number == 1
    good = ISSUER.sign_transaction(fields)
    assert result(url, "eth_sendRawTransaction", "0x" + good.hex())


def test_call__with_value__is_refused_as_nobody_has_coins(url: str) -> None:
    told = error(url, "eth_call", {"to": INVESTOR.address, "value": "0x1"})
    assert told["message"].startswith("insufficient funds")


# The clock ---------------------------------------------------------------------------------------


def test_clock__moved__sets_the_next_block_only(node: EmbeddedNode, url: str) -> None:
    def seconds() -> int:
        return int((node.header().stamp.at - GENESIS).total_seconds())

    assert result(url, "evm_increaseTime", 86_400) == 86_400
    result(url, "evm_increaseTime", "0x3c")
    assert result(url, "evm_mine") == "0x0"
    assert seconds() == 1 + 86_400 + 60
    result(url, "evm_mine")
    assert seconds() == 2 + 86_400 + 60
    at = int(GENESIS.timestamp()) + 200_000
    assert result(url, "evm_setNextBlockTimestamp", at) is None
    assert node.header().stamp.number == 2
    result(url, "evm_mine")
    assert seconds() == 200_000
    result(url, "evm_mine", at + 100)
    assert seconds() == 200_100
    result(url, "evm_mine", {"blocks": 3, "timestamp": at + 1000})
    assert (seconds(), node.header().stamp.number) == (201_002, 7)


def test_clock__turned_back__is_refused(node: EmbeddedNode, url: str) -> None:
    now = int(GENESIS.timestamp())
    for method in ("evm_setNextBlockTimestamp", "evm_mine"):
        assert error(url, method, now)["code"] == -32602
        assert error(url, method, 2**40)["code"] == -32602
    assert node.header().stamp.number == 0


# Who may ask, and how much -----------------------------------------------------------------------


def test_request__too_large__is_not_read_as_a_question(url: str, node: EmbeddedNode) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"method":"evm_mine"}'.ljust(MAX_REQUEST_BYTES + 1)
    status, headers, answer = post(url, body)
    assert (status, headers["Connection"]) == (413, "close")
    assert json.loads(answer)["error"]["code"] == -32600
    assert post(url, body[:-1])[0] == 200
    assert node.header().stamp.number == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),  # what a page may send without asking first
        ({"Host": "evil.example:8545"}, 403),  # a name that was made to point here
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:1"}, 200),
        ({"Content-Length": "many"}, 411),
    ],
)
def test_request__as_a_page_would_send_it__is_not_answered(
    url: str, node: EmbeddedNode, headers: dict[str, str], status: int
) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"method":"evm_mine"}'
    assert post(url, body, headers)[0] == status
    assert node.header().stamp.number == (1 if status == 200 else 0)


def test_get__is_not_answered(url: str) -> None:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 501
    connection.close()


# Many at once ------------------------------------------------------------------------------------


def test_threads__sending_and_reading__do_not_disturb_each_other(
    web3: Web3, url: str, node: EmbeddedNode
) -> None:
    token = deploy(web3)
    transact(web3, act(token, "mint", INVESTOR.address, 100))
    transact(web3, act(token, "mint", STRANGER.address, 100))

    def trade(giver: Any, taker: Any) -> list[int]:
        own = Web3(HTTPProvider(url))
        seen = []
        for _ in range(5):
            transact(own, act(token, "transfer", taker.address, 3), giver)
            seen.append(token.functions.totalSupply().call())
        return seen

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(trade, INVESTOR, STRANGER), pool.submit(trade, STRANGER, INVESTOR)]
        assert [task.result() for task in running] == [[200] * 5, [200] * 5]
    assert node.header().stamp.number == 13
    assert token.functions.balanceOf(INVESTOR.address).call() == 100


def test_other_process__asks__gets_the_chain_of_this_one(url: str, node: EmbeddedNode) -> None:
    program = (
        "import sys, urllib.request\n"
        'body = b\'{"jsonrpc":"2.0","id":1,"method":"evm_mine"}\'\n'
        'head = {"Content-Type": "application/json"}\n'
        "sys.stdout.buffer.write("
        "urllib.request.urlopen(urllib.request.Request(sys.argv[1], body, head)).read())"
    )
    told = subprocess.run(
        [sys.executable, "-I", "-c", program, url], capture_output=True, timeout=30, check=True
    )
    assert json.loads(told.stdout)["result"] == "0x0"
    assert node.header().stamp.number == 1


APE_SCRIPT = """
import json, sys
from ape import accounts, networks
from ape.contracts import ContractContainer
from ape.exceptions import ContractLogicError
from ethpm_types import ContractType

def main():
    raw = json.load(open("PlainToken.json"))
    plain = ContractType.model_validate({
        "contractName": "PlainToken",
        "abi": raw["abi"],
        "deploymentBytecode": {"bytecode": raw["bytecode"]},
    })
    issuer, investor = accounts.test_accounts[0], accounts.test_accounts[1]
    told = []
    for kind in (0, 2):
        token = issuer.deploy(ContractContainer(contract_type=plain), type=kind)
        token.mint(investor, 100, sender=issuer, type=kind)
        told.append([token.address, [log.value for log in token.Transfer]])
        for refused in (token.transfer, token.transfer.call):
            try:
                refused(issuer, 101, sender=investor)
            except ContractLogicError as error:
                told.append(type(error).__name__)
    json.dump(told, open("told.json", "w"))
"""


@pytest.mark.slow
def test_ape__runs_a_script_on_the_url__uses_this_chain(
    url: str, node: EmbeddedNode, tmp_path: Path
) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "life.py").write_text(APE_SCRIPT)
    artifact = files(artifacts).joinpath("PlainToken.json").read_text("utf-8")
    (tmp_path / "PlainToken.json").write_text(artifact)
    ran = subprocess.run(
        [Path(sys.executable).with_name("ape"), "run", "life", "--network", url],
        cwd=tmp_path,
        env=os.environ | {"APE_DATA_FOLDER": str(tmp_path / "ape")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = json.loads((tmp_path / "told.json").read_text())
    refused = ["ERC20InsufficientBalance"] * 2
    assert [each for each in told if isinstance(each, str)] == refused * 2
    deployed = [each for each in told if isinstance(each, list)]
    assert [moved for _, moved in deployed] == [[100], [100]]
    for place, _ in deployed:
        asked = PLAIN.interface.encode("balanceOf", INVESTOR.address)
        assert int.from_bytes(node.call(to=place, data=asked).value, "big") == 100


# Opening and closing -----------------------------------------------------------------------------


def doors() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("genbo-rpc")]


def test_close__with_a_connection_open__leaves_no_thread_and_no_port(node: EmbeddedNode) -> None:
    before = threading.active_count()
    with serve(node) as url:
        where = urlsplit(url)
        kept = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        kept.request(
            "POST",
            "/",
            b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}',
            {"Content-Type": "application/json"},
        )
        kept.getresponse().read()
        half_sent = socket.create_connection((where.hostname, where.port), timeout=10)
        half_sent.sendall(b"POST / HTTP/1.1\r\nContent-Le")
        deadline = time.monotonic() + 5
        while len(doors()) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(doors()) == 3  # the door and two connections
    assert doors() == []
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((where.hostname, where.port), timeout=1)
    half_sent.settimeout(1)
    while half_sent.recv(1000):  # a complaint about half a request, then the end
        pass
    half_sent.close()
    kept.close()
    with serve(node, port=where.port or 0) as again:  # at once, at the same place
        assert again == url
        assert result(again, "eth_blockNumber") == "0x0"


def test_close__after_an_error_inside__leaves_nothing_either(node: EmbeddedNode) -> None:
    with pytest.raises(KeyboardInterrupt), serve(node):
        raise KeyboardInterrupt
    assert doors() == []


def test_close__while_an_answer_is_made__waits_for_it(
    node: EmbeddedNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, mine = threading.Event(), threading.Event(), node.mine

    def slowly(raws: list[bytes]) -> list[str]:
        begun.set()
        assert may_end.wait(5)
        return mine(raws)

    monkeypatch.setattr(node, "mine", slowly)
    door = serve(node)
    url = door.__enter__()
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(result, url, "evm_mine")
        assert begun.wait(5)
        closing = pool.submit(door.__exit__, None, None, None)
        time.sleep(0.3)
        assert not closing.done()
        may_end.set()
        assert asked.result(timeout=5) == "0x0"
        closing.result(timeout=5)
    assert node.header().stamp.number == 1
    assert doors() == []


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "192.168.1.5", "example.com", "localhost.example.com", "127.1"]
)
def test_serve__on_an_address_others_reach__is_refused(node: EmbeddedNode, host: str) -> None:
    with pytest.raises(Fault) as refused, serve(node, host=host):
        pass
    assert refused.value.reason is Reason.SETTING_INVALID
    assert refused.value.facts["setting"] == "host"
    assert doors() == []


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        pytest.param("::1", marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")),
    ],
)
def test_serve__on_this_machine__is_reached_by_its_url(node: EmbeddedNode, host: str) -> None:
    with serve(node, host=host) as url:
        assert connect(url).chain_id == node.chain_id


def test_serve__on_a_port_that_is_taken__is_refused(node: EmbeddedNode, url: str) -> None:
    for port in (urlsplit(url).port or 0, 70_000, -1):
        with pytest.raises(Fault) as refused, serve(node, port=port):
            pass
        assert refused.value.facts["setting"] == "port"
    assert len(doors()) == 1
