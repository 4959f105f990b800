"""Step: what one transaction keeps of the reading of a chain.

Made ready while the database is busy with the step before, so that the transaction has nothing to do but to write.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from genbo.kernel import BlockStamp
from genbo.storage.entries import Entries
from genbo.storage.events import RawEvent


@dataclass(slots=True, kw_only=True)
class Step:
    """Whole blocks from `first` on."""

    first: int
    """The block where the cursor has to stand."""
    after: str | None = None
    """Hash of the block before it, on which the cursor has to stand; None: whichever it is."""
    upto: BlockStamp
    """The last block."""
    raw: list[RawEvent] = field(default_factory=list)
    """The raw events, those without a meaning for the register too."""
    entries: Entries = field(default_factory=Entries)
    """What the fold made of them."""
    headers: list[BlockStamp] = field(default_factory=list)
    """Headers of the blocks, to notice a later reorganisation by."""

    def extend(
        self, upto: BlockStamp, raw: Sequence[RawEvent], headers: Sequence[BlockStamp]
    ) -> None:
        """The step goes on up to the block `upto`."""
        self.upto = upto
        self.raw += raw
        self.headers += headers
