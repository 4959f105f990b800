"""Desk: by whom an act is made, and who has to sign for it.

A duty of one person is that person's own transaction. A duty of two persons is a Safe's: as many of its owners sign as
it wants, the first of them as the maker, and the chain counts the signatures once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genbo.chain.deployments import Deployment
from genbo.chain.keys import Signer
from genbo.chain.sender import Sent
from genbo.governance import Duty, Holder, power_of
from genbo.kernel import Address, Fault, Reason

Keys = Mapping[Address, tuple[str, Signer]]
"""Names and keys that can be reached, by account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An act that stands in a block."""

    what: str
    duty: Duty | None
    """None for a holder's own act."""
    by: tuple[str, ...]
    """Who acted, or who approved: names of the key store, never of persons."""
    sent: Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who makes an act."""

    account: Address
    """The account that acts."""
    people: tuple[tuple[str, Signer], ...]
    """Who signs, the maker first."""
    needed: int
    """How many must."""


class Desk:
    """The duties of one deployment, and the keys that can be reached for them."""

    def __init__(self, deployment: Deployment, keys: Keys) -> None:
        self._deployment = deployment
        self._keys = keys

    def hands_of(self, duty: Duty, *, by: Sequence[str] = ()) -> Hands:
        """Who makes an act under the duty.

        Args:
            by: names of the people who act; by default the first who can.

        Raises:
            Fault: `key_missing` when a key that the duty needs cannot be reached.
        """
        if power_of(duty).held_by is Holder.PERSON:
            people = self._reach(self._deployment.operators[duty], by, 1)
            return Hands(account=people[0][1].address, people=people[:1], needed=1)
        safe = self._deployment.safe_of(duty)
        people = self._reach(safe.owners, by, safe.threshold)
        return Hands(account=safe.address, people=people, needed=safe.threshold)

    def _reach(
        self, accounts: Sequence[Address], by: Sequence[str], count: int
    ) -> tuple[tuple[str, Signer], ...]:
        reachable = [self._keys[account] for account in accounts if account in self._keys]
        if by:
            named = dict(reachable)
            reachable = [(name, named[name]) for name in by if name in named]
            count = 1
        if len(reachable) < count:
            raise Fault(Reason.KEY_MISSING, needed=count, reachable=len(reachable))
        return tuple(reachable if by else reachable[:count])
