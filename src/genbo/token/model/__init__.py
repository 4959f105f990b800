"""TokenModel: what the contract of one product must do, in plain Python.

The reference model: the same acts, the same order of questions, the same reasons with the same
facts as `contracts/token/`; one file for each Solidity file. A state machine drives both together.
It does not judge duties (who may call is the access manager's question); `lifts_restriction` tells
which restrictions need the releaser. It does not judge signatures either: it is told whose they are.

Where the contract postpones (a split multiplies an account when it is next touched, a hold finds
its re-keyed holder when it is next read), the model does the work at once: two ways to one result.

An act either happens whole, or is refused and leaves nothing behind. Times are UTC seconds.
"""

from genbo.token.control_word import PLATFORM_BITS
from genbo.token.model.authorisations import Authorisations
from genbo.token.model.holds import Holds
from genbo.token.model.issuance import MAX_SPLIT_FACTOR, Issuance
from genbo.token.model.repair import Repair
from genbo.token.model.restrictions import Restrictions
from genbo.token.model.supply import Supply
from genbo.token.model.transfers import UNLIMITED

__all__ = ["MAX_SPLIT_FACTOR", "UNLIMITED", "Supply", "TokenModel"]


class TokenModel(Issuance, Restrictions, Repair, Holds, Authorisations):
    """One product: accounts, switches, supply, references, holds."""

    def set_control_bits(self, *, mask: int, bits: int) -> None:
        """Action 11 (停止), market open and close, transfer-enable: the platform writes its bits."""
        self.control = self.control.with_bits(mask & PLATFORM_BITS, bits)
