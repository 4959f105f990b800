"""Addresses that can be known before the contract exists."""

from eth_utils.crypto import keccak

from genbo.chain.hexes import address_bytes, address_of
from genbo.kernel import Address


def contract_address(creator: Address, nonce: int) -> Address:
    """Where the contract stands that `creator` creates with its transaction number `nonce`.

    keccak of the RLP list of the two, written out: neither of them can make a long form necessary.
    """
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if nonce == 0 or nonce >= 0x80:
        number = bytes([0x80 + len(number)]) + number
    items = bytes([0x80 + 20]) + address_bytes(creator) + number
    return address_of(keccak(bytes([0xC0 + len(items)]) + items)[12:])
