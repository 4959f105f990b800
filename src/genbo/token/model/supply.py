"""Supply: the product's own figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The product's own figures."""

    total: int = 0
    """Total issued (総発行数量)."""
    cap: int
    """Units that may be outstanding at most."""
    redemption_date: int
    """First UTC second at which units may be redeemed; 0 when not set."""
    legal_category: int
    """0 when not decided."""
    ever_issued: bool = False
