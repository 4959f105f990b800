"""Actors: whoever can act on the ledger. Persons with one key, Safes of two persons, and contracts.

Every actor has an address and three verbs: `does` carries an act to the chain and answers with its events; `refused`
answers with the typed error of an act the chain refuses; `may` says whether the chain would let the act through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.contracts.handle import Error, Event, error_of, events_of

from genbo.chain.call import Call
from genbo.chain.contracts.safe import Approval
from genbo.chain.keys import KeySigner
from genbo.chain.node import Reverted
from genbo.chain.safe import approve, propose, send_by_safe
from genbo.chain.sender import Sender, Sent
from genbo.kernel import Address


@dataclass(frozen=True)
class Ledger:
    """What actors act on."""

    sender: Sender
    names: dict[Address, str]
    """Our contracts: address to artifact. Their events are the ones tests look at."""
    carrier: KeySigner
    """Carries what Safes signed; holds no duty."""


class Actor(Protocol):
    @property
    def address(self) -> Address: ...

    def sends(self, call: Call) -> Sent: ...

    def does(self, call: Call) -> list[Event]: ...

    def refused(self, call: Call) -> Error: ...

    def may(self, call: Call) -> bool: ...


class _Rehearsing:
    """Asking the chain without changing it, in the name of an address."""

    ledger: Ledger
    address: Address

    def refusal_data(self, call: Call) -> bytes | None:
        """What the contract would say; None when it would let the act through."""
        try:
            self.ledger.sender.node.rehearse(sender=self.address, to=call.to, data=call.data)
        except Reverted as refusal:
            return refusal.data
        return None

    def refused(self, call: Call) -> Error:
        data = self.refusal_data(call)
        assert data is not None, f"{call.what} was not refused"
        return error_of(data)

    def may(self, call: Call) -> bool:
        return self.refusal_data(call) is None


class Person(_Rehearsing):
    """One person with one key."""

    def __init__(self, ledger: Ledger, signer: KeySigner) -> None:
        self.ledger = ledger
        self.signer = signer
        self.address = signer.address

    def __repr__(self) -> str:
        return f"Person({self.address})"

    def sends(self, call: Call, *, gas: int | None = None) -> Sent:
        return self.ledger.sender.send(call, by=self.signer, gas=gas)

    def does(self, call: Call) -> list[Event]:
        return events_of(self.sends(call).logs, self.ledger.names)


class TwoPersons(_Rehearsing):
    """A Safe, with the owners who sign for it here."""

    def __init__(self, ledger: Ledger, address: Address, owners: Sequence[KeySigner]) -> None:
        self.ledger = ledger
        self.address = address
        self.owners = tuple(owners)

    def __repr__(self) -> str:
        return f"TwoPersons({self.address})"

    @property
    def persons(self) -> list[Person]:
        """Each owner alone."""
        return [Person(self.ledger, owner) for owner in self.owners]

    def sends(self, call: Call, *, signed_by: Sequence[KeySigner] | None = None) -> Sent:
        owners = self.owners[:2] if signed_by is None else signed_by
        return send_by_safe(
            self.ledger.sender, self.address, call, owners=owners, by=self.ledger.carrier
        )

    def does(self, call: Call) -> list[Event]:
        return events_of(self.sends(call).logs, self.ledger.names)

    def signed(
        self,
        call: Call,
        signers: Sequence[KeySigner],
        *,
        more: Sequence[tuple[Address, bytes]] = (),
    ) -> tuple[Call, list[Approval]]:
        """The transaction that carries these signatures, right or wrong, and the signatures."""
        proposal = propose(self.ledger.sender.node, self.address, call)
        approvals = [approve(proposal, signer) for signer in signers]
        approvals += [Approval(owner, signature) for owner, signature in more]
        return proposal.safe.execute(call, approvals), approvals


class Machine(_Rehearsing):
    """A contract of ours, which acts by its code alone: it can be asked what it may do, never made to do it."""

    def __init__(self, ledger: Ledger, address: Address) -> None:
        self.ledger = ledger
        self.address = address

    def sends(self, call: Call) -> Sent:
        raise TypeError("a contract has no key")

    def does(self, call: Call) -> list[Event]:
        raise TypeError("a contract has no key")
