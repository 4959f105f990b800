"""Act: the papers that go with an administrative movement."""

from dataclasses import dataclass
from datetime import date

from genbo.kernel import Digest, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """As the struct of the same name in `contracts/token/MovementKind.sol`."""

    ref: Reference | None
    """Business reference (取引ID); each may be used once per product. None is refused."""
    evidence: Digest | None = None
    """Digest of the order, decision or application the act rests on."""
    delivery_date: date | None = None
    """受渡日; None means the day in Japan on which the block is made."""
