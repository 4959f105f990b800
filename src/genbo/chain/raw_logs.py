"""Logs as a node writes them in JSON, and what they are here.

A register reads them by the hundred thousand, so the usual form, text, has a way of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson

from genbo.chain.hexes import address_of, hex_of
from genbo.chain.node import RawLog
from genbo.kernel import Address

_bytes_of: Final[Callable[[str], bytes]] = bytes.fromhex


def logs_of(answer: bytes) -> list[RawLog]:
    """The logs in an answer to `eth_getLogs`, in ledger order.

    Raises:
        KeyError, ValueError: the answer is no such answer.
    """
    return in_order([log_of(each) for each in orjson.loads(answer)["result"]])


def in_order(logs: list[RawLog]) -> list[RawLog]:
    """The logs in ledger order, which is the order in which nodes give them."""
    logs.sort(key=lambda log: (log.block, log.log_index))
    return logs


def log_of(said: Mapping[str, Any]) -> RawLog:
    """One log: hexadecimal text by JSON-RPC; numbers and bytes where a chain in the process answers."""
    block = said["blockNumber"]
    if type(block) is not str:
        return _log_of_values(said)
    return RawLog(
        int(block, 16),
        said["blockHash"].lower(),
        int(said["logIndex"], 16),
        said["transactionHash"].lower(),
        _address_of(said["address"]),
        tuple([_bytes_of(topic[2:]) for topic in said["topics"]]),
        _bytes_of(said["data"][2:]),
    )


def _log_of_values(said: Mapping[str, Any]) -> RawLog:
    return RawLog(
        block=_int(said["blockNumber"]),
        block_hash=_hex(said["blockHash"]),
        log_index=_int(said["logIndex"]),
        tx=_hex(said["transactionHash"]),
        address=_address_of(_hex(said["address"])),
        topics=tuple(_bytes(topic) for topic in said["topics"]),
        data=_bytes(said["data"]),
    )


@lru_cache(maxsize=1 << 14)
def _address_of(text: str) -> Address:
    return address_of(_bytes_of(text[2:]))


def _int(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)


def _bytes(value: Any) -> bytes:
    return _bytes_of(value[2:]) if isinstance(value, str) else bytes(value)


def _hex(value: Any) -> str:
    return value.lower() if isinstance(value, str) else hex_of(bytes(value))
