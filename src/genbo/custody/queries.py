"""Questions about keys."""

from datetime import datetime

from genbo.custody.model import Key, KeyState
from genbo.custody.ports import Keys
from genbo.kernel import InvestorId, ProductId


def active_key(keys: Keys, product: ProductId, investor: InvestorId) -> Key | None:
    """The key that speaks for the investor in the product now."""
    return _first(keys, product, investor, KeyState.ACTIVE)


def waiting_key(keys: Keys, product: ProductId, investor: InvestorId) -> Key | None:
    """The key that will, once a verdict or a re-keying lets it."""
    return _first(keys, product, investor, KeyState.WAITING)


def key_of(keys: Keys, product: ProductId, investor: InvestorId, *, at: datetime) -> Key | None:
    """The key whose signature bound the investor at that instant, replaced since or not (R-PROGMAT-T6.2)."""
    return next((key for key in keys.of_investor(product, investor) if key.speaks_at(at)), None)


def _first(keys: Keys, product: ProductId, investor: InvestorId, state: KeyState) -> Key | None:
    return next((key for key in keys.of_investor(product, investor) if key.state is state), None)
