"""Hexadecimal at the edge of the chain: addresses with checksum, hashes as lower-case text."""

from functools import lru_cache

from eth_utils.address import to_checksum_address

from genbo.kernel import ZERO_ADDRESS, Address

__all__ = ["ZERO_ADDRESS", "address_bytes", "address_of", "bytes_of", "hex_of"]


@lru_cache(maxsize=1 << 18)
def address_of(raw: bytes) -> Address:
    """The checksummed form of 20 bytes. Remembered: a register sees the same addresses again and again."""
    return Address(to_checksum_address(raw))


def address_bytes(address: Address) -> bytes:
    """The 20 bytes of an address."""
    return bytes.fromhex(address[2:])


def hex_of(raw: bytes) -> str:
    """0x and lower-case hexadecimal digits."""
    return "0x" + raw.hex()


def bytes_of(text: str) -> bytes:
    """The bytes of `0x...`."""
    return bytes.fromhex(text[2:])
