"""Step: one call that went through, with what was so before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.contracts.anybody.facts import Facts

from genbo.governance import Duty
from genbo.kernel import Address


@dataclass(frozen=True)
class Standing:
    """A hold, as the token answered before the step."""

    holder: Address
    to: Address
    notary: Address
    units: int
    expiry: int
    state: int


@dataclass(frozen=True)
class Step:
    """Who called what."""

    function: str
    """Name without arguments; a function of the platform is `Platform.…`."""
    caller: Address
    duties: frozenset[Duty]
    """The caller's."""
    arguments: dict[str, Any]
    before: Facts
    after: Facts
    hold: Standing | None = None
    """The hold that was named."""
    allowance: int = 0
    """What the giver named allowed the caller."""
    agreed: frozenset[Address] = frozenset()
    """Whose signatures the call carried, over what it does."""

    @property
    def is_repair(self) -> bool:
        """Two persons act without the holder."""
        return Duty.REPAIRER in self.duties and self.function in REPAIR

    @property
    def is_redemption(self) -> bool:
        return Duty.ISSUER in self.duties and self.function in REDEEM

    @property
    def is_release(self) -> bool:
        return Duty.RELEASER in self.duties and self.function in RESTRICT


ISSUE = frozenset({"issue", "mint", "batchMint"})
REDEEM = frozenset({"redeem", "burn", "batchBurn", "redeemAll"})
REKEY = "recoveryAddress"
REPAIR = frozenset(
    {
        *("forcedTransfer", "batchForcedTransfer", "redistribute", "redistributeBurned"),
        *("reverseTransfer", REKEY),
    }
)
RESTRICT = frozenset(
    {
        *("setVerdict", "batchSetVerdict", "setAddressFrozen", "batchSetAddressFrozen"),
        *("setFrozenTokens", "freezePartialTokens", "batchFreezePartialTokens"),
        *("unfreezePartialTokens", "batchUnfreezePartialTokens", "setLockUp", "setOwnAccount"),
        *("setProductLockUp", "setPermittedClasses", "setRule", "enableHolderCount"),
    }
)
TRANSFER = frozenset({"transfer", "transferWithReference", "batchTransfer"})
BY_SPENDER = frozenset({"transferFrom", "transferFromWithReference"})
HOLD = frozenset({"createHold", "createHoldFrom", "Settlement.instruct"})
DELIVER = frozenset({"executeHold", "Settlement.confirmPayment"})
LET_GO = frozenset({"releaseHold", "Settlement.abort"})
BY_SIGNATURE = frozenset({"transferWithAuthorization", "receiveWithAuthorization"})
