"""TokenServices: what holders sign and hold, on the token of a product (ERC-2612, ERC-3009, holds in place)."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.base import Contract, as_address
from genbo.chain.contracts.encoding import seconds, word_of
from genbo.chain.node import At, Pinned
from genbo.kernel import UTC, Address, Reference, Units, to_bytes32


class HoldState(IntEnum):
    """What became of a hold; the numbers are those of `IHolds.sol`."""

    NONE = 0
    STANDING = 1
    EXECUTED = 2
    RELEASED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Units promised to a buyer, in the seller's own account."""

    holder: Address
    target: Address
    notary: Address
    units: Units
    expiry: datetime
    state: HoldState


class TokenServices(Contract):
    """The services of one token; the address is the token's."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "SecurityToken"

    # Holds -----------------------------------------------------------------------------------------

    def hold(self, ref: Reference, at: At = None) -> Pinned[Hold]:
        """The hold of that trade, splits and re-keyings since applied."""
        read = self._read("holdOf", word_of(ref), at=at)
        holder, target, notary, units, expiry, state = read.value[0]
        found = Hold(
            holder=as_address(holder),
            target=as_address(target),
            notary=as_address(notary),
            units=Units(units),
            expiry=datetime.fromtimestamp(expiry, UTC),
            state=HoldState(state),
        )
        return Pinned(found, read.stamp)

    def held_units(self, account: Address, at: At = None) -> Pinned[Units]:
        """Units of the account under standing holds; part of its frozen units."""
        read = self._read("heldUnits", account, at=at)
        return Pinned(Units(read.value[0]), read.stamp)

    def create_hold(
        self, ref: Reference, target: Address, units: int, *, expiry: datetime, notary: Address
    ) -> Call:
        return self._write(
            f"hold {units:,} ({ref})",
            "createHold",
            to_bytes32(ref),
            target,
            units,
            seconds(expiry),
            notary,
        )

    def create_hold_from(
        self,
        holder: Address,
        ref: Reference,
        target: Address,
        units: int,
        *,
        expiry: datetime,
        notary: Address,
    ) -> Call:
        return self._write(
            f"hold {units:,} by allowance ({ref})",
            "createHoldFrom",
            holder,
            to_bytes32(ref),
            target,
            units,
            seconds(expiry),
            notary,
        )

    def execute_hold(self, ref: Reference) -> Call:
        """Delivers: the notary only, before the expiry."""
        return self._write(f"deliver the hold {ref}", "executeHold", word_of(ref))

    def release_hold(self, ref: Reference) -> Call:
        """Frees the units: the notary at any time, anybody from the expiry on."""
        return self._write(f"release the hold {ref}", "releaseHold", word_of(ref))

    # Signatures ------------------------------------------------------------------------------------

    def permit_nonce(self, owner: Address, at: At = None) -> Pinned[int]:
        """The number that the owner's next permit must carry (ERC-2612)."""
        read = self._read("nonces", owner, at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def is_authorisation_used(self, holder: Address, ref: Reference, at: At = None) -> Pinned[bool]:
        """Whether the authorisation of that trade was used or cancelled (ERC-3009)."""
        read = self._read("authorizationState", holder, to_bytes32(ref), at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def permit(
        self, owner: Address, spender: Address, value: int, deadline: int, signature: bytes
    ) -> Call:
        """Sends the owner's signed allowance (ERC-2612); the signature is r, s, v."""
        r, s, v = _parts(signature)
        return self._write(f"permit {value:,}", "permit", owner, spender, value, deadline, v, r, s)

    def transfer_authorised(
        self,
        source: Address,
        target: Address,
        units: int,
        *,
        after: int,
        before: int,
        ref: Reference,
        signature: bytes,
    ) -> Call:
        """Sends a transfer that the holder signed (ERC-3009); keys and contract accounts alike."""
        return self._write(
            f"transfer {units:,} as authorised ({ref})",
            "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
            source,
            target,
            units,
            after,
            before,
            to_bytes32(ref),
            signature,
        )

    def receive_authorised(
        self,
        source: Address,
        target: Address,
        units: int,
        *,
        after: int,
        before: int,
        ref: Reference,
        signature: bytes,
    ) -> Call:
        """As `transfer_authorised`, sent by the recipient only."""
        return self._write(
            f"receive {units:,} as authorised ({ref})",
            "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
            source,
            target,
            units,
            after,
            before,
            to_bytes32(ref),
            signature,
        )

    def cancel_authorisation(self, holder: Address, ref: Reference, signature: bytes) -> Call:
        """Sends the holder's signed cancellation of an authorisation that was not used yet."""
        return self._write(
            f"cancel the authorisation {ref}",
            "cancelAuthorization(address,bytes32,bytes)",
            holder,
            to_bytes32(ref),
            signature,
        )


def _parts(signature: bytes) -> tuple[bytes, bytes, int]:
    """r, s and v of a 65-byte signature."""
    return signature[:32], signature[32:64], signature[64]
