"""A product's move to a new token contract: read, copied, proved equal, closed, and on record by whom."""

from genbo.chain.successor.copy import Copy
from genbo.chain.successor.record import Record, Role, Stage, Statement
from genbo.chain.successor.rehearsal import Rehearsal, rehearse
from genbo.chain.successor.state import Difference, ProductState, differences, read_state
from genbo.chain.successor.succession import (
    Hands,
    Next,
    Phase,
    Proof,
    Succession,
    successor_of,
)

__all__ = [
    "Copy",
    "Difference",
    "Hands",
    "Next",
    "Phase",
    "ProductState",
    "Proof",
    "Record",
    "Rehearsal",
    "Role",
    "Stage",
    "Statement",
    "Succession",
    "differences",
    "read_state",
    "rehearse",
    "successor_of",
]
