"""Held (保有): what stands at an address, and whose it is, as pages of the register have it."""

from datetime import date
from typing import TypeAlias

from genbo.kernel import Address, InvestorId, ProductId, Units
from genbo.kernel.record import record
from genbo.register import Lot, Position

Key: TypeAlias = tuple[str | int, ...]
LotKey: TypeAlias = tuple[str | int | date, ...]


@record(frozen=True, slots=True, kw_only=True)
class Holding:
    """What stands at an address of a product."""

    product: ProductId
    address: Address
    investor: InvestorId | None
    """Whose the address is; None where nobody is registered for it."""
    position: Position | None
    """None where nothing had happened to it yet."""

    @property
    def units(self) -> Units:
        """Units held."""
        return Units(0) if self.position is None else self.position.units


@record(frozen=True, slots=True, kw_only=True)
class HeldLot:
    """A lot and whose it is."""

    lot: Lot
    investor: InvestorId | None
