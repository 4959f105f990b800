"""Ids: short ASCII keys that look the same in the database, in a file and on the chain.

On the ledger an id or a reference is the 32 bytes of its text, padded with zeros, so an auditor reads it without
a lookup table. It must never be derived from personal data (R-PROGMAT-T7.1).
"""

import re
from typing import NewType

from genbo.kernel.reason import Reason
from genbo.kernel.refusal import Refusal

ProductId = NewType("ProductId", str)
"""受益権ID: one product (銘柄)."""

InvestorId = NewType("InvestorId", str)
"""投資家ID: one investor, random, never reused."""

Reference = NewType("Reference", str)
"""取引ID and other business references of an act: used once per product."""

Address = NewType("Address", str)
"""An account address with its EIP-55 checksum. A key that speaks for a holder; never the holder."""

ZERO_ADDRESS = Address("0x" + 40 * "0")
"""The address that stands for nobody: units created come from it, units extinguished go to it."""

Digest = NewType("Digest", str)
"""A 32-byte commitment as 0x and 64 lower-case hexadecimal digits."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}")


def to_bytes32(key: str) -> bytes:
    """The ledger form of an id or reference: its ASCII bytes, zero-padded to 32.

    Raises:
        Refusal: `key_malformed` when it is empty, longer than 32 or has other characters than `A-Za-z0-9._:/-`.
    """
    if not _KEY.fullmatch(key):
        raise Refusal(Reason.KEY_MALFORMED, key=key[:64], most=32)
    return key.encode("ascii").ljust(32, b"\0")


def from_bytes32(word: bytes) -> str:
    """The key that `to_bytes32` wrote; hexadecimal when the 32 bytes are not such a key (a foreign reference)."""
    text = word.rstrip(b"\0")
    try:
        key = text.decode("ascii")
    except UnicodeDecodeError:
        return "0x" + word.hex()
    return key if not key or _KEY.fullmatch(key) else "0x" + word.hex()
