"""BlockStamp: the block an answer about the chain was read at. Every such answer carries one."""

from dataclasses import dataclass
from datetime import date, datetime

from genbo.kernel.time import business_date


@dataclass(frozen=True, slots=True, order=True)
class BlockStamp:
    """One block of one chain."""

    chain_id: int
    number: int
    hash: str
    """0x and 64 lower-case hexadecimal digits."""
    at: datetime
    """Block time, UTC, whole seconds."""

    @property
    def business_date(self) -> date:
        """The day in Japan on which this block was made."""
        return business_date(self.at)
