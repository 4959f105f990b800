"""Extended public keys (拡張公開鍵, BIP-32): fresh addresses without the key that signs for them.

A custodian or broker hands over one extended public key; the registry derives an address per investor and product from
it and never sees a private key (R-PROGMAT-KEY-2, R-PROGMAT-T6.2). Two warnings from BIP-32 itself:

- whoever has an extended public key can join all its addresses, so it is as confidential as a list of customers;
- whoever has it and one private key below it has every private key below it, so a custodian never hands one out.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from coincurve import PublicKey as Point
from Crypto.Hash import RIPEMD160
from eth_utils.crypto import keccak

from genbo.chain.base58 import decode_checked, encode_checked
from genbo.chain.hexes import address_of
from genbo.chain.keys import refuse_development_key
from genbo.custody import PublicKey
from genbo.kernel import Reason, Refusal

HARDENED = 1 << 31
"""Indexes from here on need the private key."""

_PUBLIC = {"xpub": bytes.fromhex("0488b21e"), "tpub": bytes.fromhex("043587cf")}
_PRIVATE_PREFIXES = ("xprv", "tprv", "yprv", "zprv", "uprv", "vprv")
"""How extended private keys of this length begin, whatever they hold: base58 keeps the version in front."""
_LENGTH = 78
_RAW_KEY_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedKey:
    """One public key with its chain code. Neither is ever shown: they join a custodian's addresses."""

    version: bytes = field(repr=False)
    depth: int
    parent: bytes = field(repr=False)
    """First four bytes of the parent key's identifier; zeros for a master key."""
    number: int
    """Its own index below its parent; from 2**31 on it was derived from the private key (hardened)."""
    chain_code: bytes = field(repr=False)
    point: bytes = field(repr=False)
    """The public key, compressed, 33 bytes."""

    @classmethod
    def parse(cls, text: str, *, fingerprint: str | None = None) -> ExtendedKey:
        """The key that `text` (`xpub...`, `tpub...`) writes.

        Args:
            fingerprint: the eight hexadecimal digits its owner told by another way; compared where given.

        Raises:
            Refusal: `private_key_refused` for whatever looks like a private key; `extended_key_invalid`;
                `fingerprint_mismatch`. None of them repeats a character of the text.
        """
        text = text.strip()
        if text.startswith(_PRIVATE_PREFIXES) or _is_raw_private_key(text):
            raise Refusal(Reason.PRIVATE_KEY_REFUSED)
        try:
            raw = decode_checked(text)
        except ValueError as problem:
            raise _invalid(str(problem)) from None
        key = cls._of_bytes(raw)
        if fingerprint is not None and key.fingerprint != fingerprint.strip().lower():
            raise Refusal(Reason.FINGERPRINT_MISMATCH, found=key.fingerprint)
        return key

    @classmethod
    def _of_bytes(cls, raw: bytes) -> ExtendedKey:
        if len(raw) != _LENGTH:
            raise _invalid(f"it has {len(raw)} bytes instead of {_LENGTH}")
        if raw[:4] not in _PUBLIC.values():
            raise _invalid("its version is not that of an extended public key")
        key = cls(
            version=raw[:4],
            depth=raw[4],
            parent=raw[5:9],
            number=int.from_bytes(raw[9:13], "big"),
            chain_code=raw[13:45],
            point=raw[45:],
        )
        if key.depth == 0 and any(key.parent):
            raise _invalid("a master key names a parent")
        if key.depth == 0 and key.number:
            raise _invalid("a master key has an index")
        if key.point[0] not in (2, 3):
            raise _invalid("its key is not a compressed public key")
        try:
            Point(key.point)
        except ValueError:
            raise _invalid("its key is not a point of the curve") from None
        return key

    def __str__(self) -> str:
        """Its fingerprint: enough to name it, useless for deriving."""
        return self.fingerprint

    @property
    def identifier(self) -> bytes:
        """20 bytes that stand for the public key, as BIP-32 counts them."""
        return RIPEMD160.new(hashlib.sha256(self.point).digest()).digest()

    @property
    def fingerprint(self) -> str:
        """The first four bytes of the identifier, as eight hexadecimal digits."""
        return self.identifier[:4].hex()

    def serialised(self) -> str:
        """The text that `parse` reads; for the vault only."""
        return encode_checked(
            self.version
            + bytes([self.depth])
            + self.parent
            + self.number.to_bytes(4, "big")
            + self.chain_code
            + self.point
        )

    def child(self, index: int) -> ExtendedKey | None:
        """The extended public key of an index; None for one of the indexes BIP-32 leaves out (one in 2**127).

        Raises:
            Refusal: `extended_key_invalid` for an index that needs the private key, or below the 255th level.
        """
        if self.depth == 255:
            raise _invalid("no level is left below it")
        derived = self._derive(index)
        if derived is None:
            return None
        point, chain_code = derived
        return ExtendedKey(
            version=self.version,
            depth=self.depth + 1,
            parent=self.identifier[:4],
            number=index,
            chain_code=chain_code,
            point=point.format(),
        )

    def at(self, index: int) -> PublicKey | None:
        """The public key of an index and its address; None where BIP-32 leaves the index out.

        Raises:
            Refusal: `extended_key_invalid` for an index that needs the private key.
        """
        derived = self._derive(index)
        return None if derived is None else public_key_of(derived[0])

    def _derive(self, index: int) -> tuple[Point, bytes] | None:
        if not 0 <= index < HARDENED:
            raise _invalid(f"index {index} cannot be derived from a public key")
        message = self.point + index.to_bytes(4, "big")
        digest = hmac.new(self.chain_code, message, hashlib.sha512).digest()
        try:
            return Point(self.point).add(digest[:32]), digest[32:]
        except ValueError:
            return None


def public_key_of(point: Point) -> PublicKey:
    """A point of the curve as the register keeps it: compressed, with its address."""
    return PublicKey(
        address=address_of(keccak(point.format(compressed=False)[1:])[12:]), key=point.format()
    )


def refuse_development_tree(key: ExtendedKey, chain_id: int) -> None:
    """Refuses the tree of the mnemonic that every development tool uses: everybody has its private keys.

    Found by its first address, of this key or of its external chain (BIP-44), whichever level was handed over.

    Raises:
        Fault: `development_key_refused` on a chain that is not for development.
    """
    for level in (key, key.child(0)):
        first = None if level is None else level.at(0)
        if first is not None:
            refuse_development_key(first.address, chain_id)


def _is_raw_private_key(text: str) -> bool:
    digits = text.removeprefix("0x")
    return len(digits) == _RAW_KEY_DIGITS and all(
        each in "0123456789abcdefABCDEF" for each in digits
    )


def _invalid(problem: str) -> Refusal:
    return Refusal(Reason.EXTENDED_KEY_INVALID, problem=problem)
