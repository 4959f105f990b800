"""The keyring: keys that this process can reach, by account."""

from collections.abc import Iterable
from typing import Protocol

from genbo.chain.keys import Signer
from genbo.kernel import Address


class Keyring(Protocol):
    """The keys that this process can reach."""

    def signer_of(self, account: Address) -> Signer | None:
        """The key of that account; None when it is not here."""


class HeldKeys:
    """A `Keyring` of keys at hand. Others may be added while it is used."""

    def __init__(self, signers: Iterable[Signer] = ()) -> None:
        self._signers: dict[Address, Signer] = {}
        self.add(*signers)

    def add(self, *signers: Signer) -> None:
        """Takes keys in."""
        self._signers.update({signer.address: signer for signer in signers})

    def signer_of(self, account: Address) -> Signer | None:
        """The key of that account; None when it is not here."""
        return self._signers.get(account)

    @property
    def accounts(self) -> list[Address]:
        """Whose keys are here."""
        return list(self._signers)
