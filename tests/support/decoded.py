"""What the blocks of a simulated chain say, decoded."""

from tests.support.simulated import PRODUCT, TOKEN, SimulatedChain

from genbo.chain.decode import Decoder
from genbo.register.model import LedgerEvent


def events_of(chain: SimulatedChain) -> list[LedgerEvent]:
    """The events of every block, in ledger order."""
    logs = [log for block in chain.blocks for log in block.logs]
    stamps = {block.header.stamp.number: block.header.stamp for block in chain.blocks}
    return Decoder({TOKEN: PRODUCT}).decode(logs, stamps)
