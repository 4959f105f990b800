"""Which chains are for development only: well-known keys may sign there and nowhere else, and a block is final at
once."""

from typing import Final

from genbo.kernel import REORGANISATION_DEPTH, Finality

EMBEDDED_CHAIN_ID: Final = 131277322940537
"""eth-tester's number, kept by the embedded chain so that both are recognised as the same kind."""

DEVELOPMENT_CHAIN_IDS: Final = frozenset({1337, 31337, EMBEDDED_CHAIN_ID})
"""1337: geth --dev, ape's and ganache's test networks; 31337: anvil and hardhat."""


def is_development(chain_id: int) -> bool:
    return chain_id in DEVELOPMENT_CHAIN_IDS


CONFIRMATIONS: Final = 12
"""Elsewhere, unless the operator knows better: half the sealers of a Clique network of two dozen. A network that
seals for good (IBFT, QBFT) needs 0."""


def finality_on(
    chain_id: int,
    *,
    confirmations: int | None = None,
    reorganisation_depth: int = REORGANISATION_DEPTH,
) -> Finality:
    """What is relied on at that chain; `confirmations` None takes what is usual there."""
    if confirmations is None:
        confirmations = 0 if is_development(chain_id) else CONFIRMATIONS
    return Finality(confirmations=confirmations, reorganisation_depth=reorganisation_depth)
