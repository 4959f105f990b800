"""Answers in the shapes of JSON-RPC: blocks, transactions, receipts and logs, every field that clients read."""

from __future__ import annotations

from typing import Any, TypeAlias

from eth.constants import CREATE_CONTRACT_ADDRESS
from eth_bloom.bloom import BloomFilter

from genbo.chain.hexes import ZERO_ADDRESS, address_bytes, address_of, hex_of
from genbo.chain.node import RawLog, Receipt
from genbo.chain.rpc.inside import Block, Placed

Json: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None

NOBODY = ZERO_ADDRESS
"""Who asks when nobody is named."""

_LEGACY, _DYNAMIC_FEE = 0, 2
"""Types of transactions whose fields differ; 1 is between them."""


def word(number: int) -> str:
    """32 bytes."""
    return hex_of(number.to_bytes(32, "big"))


def block(found: Block, *, full: bool) -> dict[str, Any]:
    """A block that is made, with its transactions or their hashes."""
    header = found.header
    transactions: list[Any] = [
        transaction(Placed(each, header, index)) if full else hex_of(each.hash)
        for index, each in enumerate(found.transactions)
    ]
    return {
        "number": hex(header.block_number),
        "hash": hex_of(header.hash),
        "parentHash": hex_of(header.parent_hash),
        "nonce": hex_of(header.nonce),
        "sha3Uncles": hex_of(header.uncles_hash),
        "logsBloom": _bloom(header.bloom),
        "transactionsRoot": hex_of(header.transaction_root),
        "stateRoot": hex_of(header.state_root),
        "receiptsRoot": hex_of(header.receipt_root),
        "miner": address_of(header.coinbase),
        "mixHash": hex_of(header.mix_hash),
        "difficulty": hex(header.difficulty),
        "totalDifficulty": hex(0),  # no work was ever done
        "extraData": hex_of(header.extra_data),
        "size": hex(found.size),
        "gasLimit": hex(header.gas_limit),
        "gasUsed": hex(header.gas_used),
        "baseFeePerGas": hex(header.base_fee_per_gas),
        "timestamp": hex(header.timestamp),
        "transactions": transactions,
        "uncles": [],
    }


def pending_block(found: Block) -> dict[str, Any]:
    """A block that is not made yet has no hash and no maker."""
    return block(found, full=False) | {"hash": None, "nonce": None, "miner": None}


def transaction(placed: Placed) -> dict[str, Any]:
    of = placed.transaction
    kind = _type(of)
    fields: dict[str, Any] = {
        "hash": hex_of(of.hash),
        "type": hex(kind),
        "blockHash": hex_of(placed.header.hash),
        "blockNumber": hex(placed.header.block_number),
        "transactionIndex": hex(placed.index),
        "nonce": hex(of.nonce),
        "from": address_of(of.sender),
        "to": None if of.to == CREATE_CONTRACT_ADDRESS else address_of(of.to),
        "value": hex(of.value),
        "gas": hex(of.gas),
        "gasPrice": hex(_price(of)),
        "input": hex_of(of.data),
        "r": hex(of.r),
        "s": hex(of.s),
    }
    if of.chain_id is not None:
        fields["chainId"] = hex(of.chain_id)
    if kind == _LEGACY:
        return fields | {"v": hex(of.v)}
    if kind == _DYNAMIC_FEE:
        fields["maxFeePerGas"] = hex(of.max_fee_per_gas)
        fields["maxPriorityFeePerGas"] = hex(of.max_priority_fee_per_gas)
    return fields | {
        "v": hex(of.y_parity),
        "yParity": hex(of.y_parity),
        "accessList": [
            {"address": address_of(account), "storageKeys": [word(slot) for slot in slots]}
            for account, slots in of.access_list
        ],
    }


def receipt(placed: Placed, found: tuple[Receipt, ...]) -> dict[str, Any]:
    """The receipt of `placed`; `found` are all receipts of its block."""
    of = found[placed.index]
    return {
        "transactionHash": of.tx,
        "transactionIndex": hex(placed.index),
        "blockHash": of.block_hash,
        "blockNumber": hex(of.block),
        "type": hex(_type(placed.transaction)),
        "from": address_of(placed.transaction.sender),
        "to": (
            None
            if placed.transaction.to == CREATE_CONTRACT_ADDRESS
            else address_of(placed.transaction.to)
        ),
        "contractAddress": of.created,
        "status": hex(of.succeeded),
        "gasUsed": hex(of.gas_used),
        "cumulativeGasUsed": hex(sum(each.gas_used for each in found[: placed.index + 1])),
        "effectiveGasPrice": hex(_price(placed.transaction)),
        "logs": [log(placed.index, each) for each in of.logs],
        "logsBloom": _bloom(_bloom_of(of.logs)),
    }


def log(index: int, of: RawLog) -> dict[str, Any]:
    """`index` is that of its transaction."""
    return {
        "address": of.address,
        "topics": [hex_of(topic) for topic in of.topics],
        "data": hex_of(of.data),
        "blockNumber": hex(of.block),
        "blockHash": of.block_hash,
        "transactionHash": of.tx,
        "transactionIndex": hex(index),
        "logIndex": hex(of.log_index),
        "removed": False,
    }


def _type(transaction: Any) -> int:
    return int(getattr(transaction, "type_id", None) or _LEGACY)


def _price(transaction: Any) -> int:
    """Wei per gas that was paid: without a base fee, the tip as far as the maximum allows it."""
    return int(min(transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas))


def _bloom(bits: int) -> str:
    return hex_of(bits.to_bytes(256, "big"))


def _bloom_of(logs: tuple[RawLog, ...]) -> int:
    bloom = BloomFilter()
    for each in logs:
        bloom.add(address_bytes(each.address))
        bloom.extend(each.topics)
    return int(bloom)
