"""TokenFactory: creates one immutable token per product and registers it in the same transaction."""

from typing import ClassVar

from eth_abi.abi import encode as abi_encode
from eth_utils.crypto import keccak

from genbo.chain.artifacts import Artifact
from genbo.chain.call import Call
from genbo.chain.contracts.base import Contract, as_address, as_address_or_none
from genbo.chain.contracts.encoding import terms_struct
from genbo.chain.hexes import address_bytes, address_of, bytes_of, hex_of
from genbo.chain.node import At, Pinned
from genbo.kernel import ZERO_ADDRESS, Address, Digest
from genbo.token import LedgerTerms


class TokenFactory(Contract):
    """The factory of one deployment."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "TokenFactory"

    def acts_of(self, code_hash: Digest, at: At = None) -> Pinned[Address | None]:
        """The `TokenActs` that tokens of this code run; None when the code is not approved."""
        read = self._read("actsOf", bytes_of(code_hash), at=at)
        return Pinned(as_address_or_none(read.value[0]), read.stamp)

    def approved(self, first: int, at: At = None) -> Pinned[dict[Digest, Address]]:
        """Every approved code with its acts, from the events since block `first`; withdrawn ones are left out."""
        stamp = self.node.stamp(at)
        topic = self.interface().event("CodeApproved").topic
        found: dict[Digest, Address] = {}
        for log in self.node.logs(
            addresses=[self.address], topics=[[topic]], first=first, last=stamp.number
        ):
            code_hash, acts = Digest(hex_of(log.topics[1])), address_of(log.topics[2][12:])
            if acts == ZERO_ADDRESS:
                found.pop(code_hash, None)
            else:
                found[code_hash] = acts
        return Pinned(found, stamp)

    def authority(self, at: At = None) -> Pinned[Address]:
        read = self._read("authority", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def platform(self, at: At = None) -> Pinned[Address]:
        read = self._read("platform", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def approve_code(self, code_hash: Digest, acts: Address | None) -> Call:
        """Two persons decide which token code products may be created from, and which acts it runs; None withdraws."""
        verb = "approve" if acts else "withdraw"
        return self._write(
            f"{verb} token code {code_hash}",
            "approveCode",
            bytes_of(code_hash),
            acts or ZERO_ADDRESS,
        )

    def create(self, token: Artifact, terms: LedgerTerms, salt: bytes) -> Call:
        return self._write(
            f"create the token of {terms.product_id}",
            "create",
            token.creation_code,
            terms_struct(terms),
            salt,
        )

    def token_address(
        self,
        token: Artifact,
        terms: LedgerTerms,
        salt: bytes,
        *,
        acts: Address,
        platform: Address,
        control_bits: int,
    ) -> Address:
        """Where `create` will put the token (CREATE2). It depends on the market bits of that moment."""
        arguments = abi_encode(
            token.interface.constructor, (terms_struct(terms), acts, platform, control_bits)
        )
        init_code = keccak(token.creation_code + arguments)
        return address_of(keccak(b"\xff" + address_bytes(self.address) + salt + init_code)[12:])


def salt_of(product: str) -> bytes:
    """The salt of a product's first token: its id, so that a second one of that id collides."""
    return keccak(text=product)
