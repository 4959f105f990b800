"""Authorisation (移転承認, ERC-3009): the giver's own signature over one transfer, which somebody else sends for him.

Its nonce is the trade's reference (取引ID): the ledger takes it once, and the movement carries the trade. So an order
whose holder keeps the key elsewhere is signed when it is placed, and executed when its time has come.
"""

from dataclasses import dataclass, field

from genbo.governance.market.delivery import DeliveryWindow
from genbo.kernel import Reason, Refusal

LATEST = 2**48
"""UTC seconds that every reader of JSON and every column holds; later than anybody means."""
SIGNATURE_BYTES = 65
MARGIN = 60
"""Seconds for which an authorisation has to be valid when it is sent at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """A signed transfer, as far as the order does not say it already."""

    after: int
    """It may be sent after this UTC second."""
    before: int
    """It may be sent before this UTC second."""
    signature: bytes = field(repr=False)
    """r, s, v."""


def validity_refusal(
    authorisation: Authorisation, window: DeliveryWindow, *, now: int, at_once: bool
) -> Refusal | None:
    """Why the authorisation cannot be sent in the window: over, or not valid all the time that it may take.

    Args:
        at_once: whether it can be sent now; then it has to be valid now and for a while, and not until the window's
            end.
    """
    first = now if at_once else int(window.opens.timestamp())
    last = now + MARGIN if at_once else int(window.closes.timestamp())
    if authorisation.before <= now:
        return Refusal(Reason.AUTHORISATION_EXPIRED, until=authorisation.before)
    if authorisation.after >= first or authorisation.before < last:
        return Refusal(
            Reason.AUTHORISATION_TOO_SHORT,
            after=authorisation.after,
            before=authorisation.before,
            first=first,
            last=last,
        )
    return None
