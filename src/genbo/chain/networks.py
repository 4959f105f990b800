"""Which chains are for development only: well-known keys may sign there and nowhere else."""

from typing import Final

EMBEDDED_CHAIN_ID: Final = 131277322940537
"""eth-tester's number, kept by the embedded chain so that both are recognised as the same kind."""

DEVELOPMENT_CHAIN_IDS: Final = frozenset({1337, 31337, EMBEDDED_CHAIN_ID})
"""1337: geth --dev, ape's and ganache's test networks; 31337: anvil and hardhat."""


def is_development(chain_id: int) -> bool:
    return chain_id in DEVELOPMENT_CHAIN_IDS
