"""Parameters of the questions: JSON in, the words of the chain out. Everything else is `invalid params`.

Numbers are hexadecimal text; plain integers are taken too, as development tools send them for times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from genbo.chain.hexes import address_of, bytes_of
from genbo.chain.rpc.errors import invalid_params
from genbo.kernel import Address

MAX_TOPICS = 4

_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
_BYTES = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


class Tag(Enum):
    """A block by its place at the end of the chain."""

    LATEST = "latest"
    PENDING = "pending"


BlockChoice: TypeAlias = Tag | int | bytes
"""A place, a number or a hash."""

_TAGS: dict[str, BlockChoice] = {
    "earliest": 0,
    "latest": Tag.LATEST,
    "safe": Tag.LATEST,  # what is made here is never taken back
    "finalized": Tag.LATEST,
    "pending": Tag.PENDING,
}


@dataclass(frozen=True, slots=True)
class CallFields:
    """What a call or an estimate would run. Gas and its price do not matter here; the other fields are not read."""

    sender: Address | None
    to: Address | None
    """None creates a contract."""
    data: bytes
    value: int


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which logs are wanted."""

    addresses: frozenset[Address]
    """Empty: of every contract."""
    topics: tuple[frozenset[bytes] | None, ...]
    """By position: the words any of which must stand there; None accepts every word."""
    first: BlockChoice
    last: BlockChoice
    block_hash: bytes | None
    """Only this block, when given; `first` and `last` then say nothing."""


def quantity(value: Any, what: str = "quantity", *, most: int = 2**256 - 1) -> int:
    if isinstance(value, str) and _QUANTITY.fullmatch(value):
        number = int(value, 16)
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    else:
        raise invalid_params(f"{what}: 0x and hexadecimal digits are needed")
    if not 0 <= number <= most:
        raise invalid_params(f"{what}: must be between 0 and {most}")
    return number


def data(value: Any, what: str = "data") -> bytes:
    if not isinstance(value, str) or not _BYTES.fullmatch(value):
        raise invalid_params(f"{what}: 0x and an even number of hexadecimal digits are needed")
    return bytes_of(value)


def word(value: Any, what: str = "hash") -> bytes:
    """32 bytes."""
    found = data(value, what)
    if len(found) != 32:
        raise invalid_params(f"{what}: must be 32 bytes")
    return found


def address(value: Any, what: str = "address") -> Address:
    found = data(value, what)
    if len(found) != 20:
        raise invalid_params(f"{what}: must be 20 bytes")
    return address_of(found)


def flag(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise invalid_params(f"{what}: must be true or false")
    return value


def block(value: Any) -> BlockChoice:
    """A tag, a number, or the object form `{"blockNumber": ...}` or `{"blockHash": ...}` (EIP-1898)."""
    if isinstance(value, dict):
        if isinstance(value.get("blockHash"), str) and "blockNumber" not in value:
            return word(value["blockHash"], "blockHash")
        if "blockNumber" in value and "blockHash" not in value:
            return quantity(value["blockNumber"], "blockNumber")
        raise invalid_params("block: blockNumber or blockHash is needed, one of them")
    if isinstance(value, str) and value in _TAGS:
        return _TAGS[value]
    if isinstance(value, str) and len(value) == 66:
        return word(value, "block")
    return quantity(value, "block")


def call(value: Any) -> CallFields:
    fields = _object(value, "call")
    inputs = {
        data(fields[name], name) for name in ("data", "input") if fields.get(name) is not None
    }
    if len(inputs) > 1:
        raise invalid_params("call: data and input differ")
    return CallFields(
        sender=_optional(address, fields, "from"),
        to=_optional(address, fields, "to"),
        data=next(iter(inputs), b""),
        value=_optional(quantity, fields, "value") or 0,
    )


def log_filter(value: Any) -> LogFilter:
    fields = _object(value, "filter")
    limits = [name for name in ("fromBlock", "toBlock") if fields.get(name) is not None]
    block_hash = _optional(word, fields, "blockHash")
    if block_hash is not None and limits:
        raise invalid_params("filter: blockHash stands alone, without fromBlock and toBlock")
    first, last = (
        Tag.LATEST if fields.get(name) is None else block(fields[name])
        for name in ("fromBlock", "toBlock")
    )
    if isinstance(first, int) and isinstance(last, int) and first > last:
        raise invalid_params("filter: invalid block range, fromBlock is after toBlock")
    listed = fields.get("address")
    listed = [] if listed is None else listed if isinstance(listed, list) else [listed]
    return LogFilter(
        addresses=frozenset(address(each) for each in listed),
        topics=_topics(fields.get("topics")),
        first=first,
        last=last,
        block_hash=block_hash,
    )


def _topics(value: Any) -> tuple[frozenset[bytes] | None, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_TOPICS:
        raise invalid_params(f"topics: must be a list of at most {MAX_TOPICS}")
    return tuple(_accepted(each) for each in value)


def _accepted(value: Any) -> frozenset[bytes] | None:
    words = value if isinstance(value, list) else [value]
    if not words or None in words:
        return None
    return frozenset(word(each, "topic") for each in words)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid_params(f"{what}: must be an object")
    return value


def _optional(read: Any, fields: dict[str, Any], name: str) -> Any:
    return None if fields.get(name) is None else read(fields[name], name)
