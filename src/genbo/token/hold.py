"""Hold (留保): units promised to a buyer, kept in the seller's own account."""

from dataclasses import dataclass
from enum import IntEnum

from genbo.kernel import Address


class HoldState(IntEnum):
    """What became of a hold. The numbers are those of `contracts/interfaces/IHolds.sol`."""

    NONE = 0
    STANDING = 1
    EXECUTED = 2
    RELEASED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One hold, with every split and re-keying since its creation applied."""

    holder: Address
    """The account the units are in."""
    recipient: Address
    """Who receives at delivery."""
    notary: Address
    """Who delivers before the expiry, or releases at any time."""
    units: int
    """Whole units."""
    expiry: int
    """First UTC second at which the hold no longer binds."""
    state: HoldState = HoldState.STANDING


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUnits:
    """What standing holds promise of one account, and how much of it is still covered."""

    claims: int = 0
    """Units that standing holds promise."""
    cover: int = 0
    """Units of the frozen figure that stand for them. A seizure takes cover before it takes what is
    frozen by order, so `frozen - cover` is what is frozen by order."""
