"""Desk: carries acts to the ledger, each by whoever holds its duty.

A duty of one person is that person's transaction. A duty of two persons is a Safe transaction: the desk asks as many
owners as the Safe wants, and the chain counts the signatures itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genbo.chain.call import Call
from genbo.chain.deployments import Deployment
from genbo.chain.keys import Signer
from genbo.chain.safe import send_by_safe
from genbo.chain.sender import Sender, Sent
from genbo.governance import Duty, Holder, power_of
from genbo.kernel import Address, Fault, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An act that stands in a block."""

    what: str
    duty: Duty | None
    """None for a holder's own act."""
    by: tuple[str, ...]
    """Who acted, or who approved: names of the key store, never of persons."""
    sent: Sent


class Desk:
    """The acts of one deployment."""

    def __init__(
        self,
        sender: Sender,
        deployment: Deployment,
        *,
        keys: Mapping[Address, tuple[str, Signer]],
        carrier: Signer,
    ) -> None:
        """`keys`: the names and keys this desk can reach. `carrier` sends what Safe owners have signed."""
        self.sender = sender
        self._deployment = deployment
        self._keys = keys
        self._carrier = carrier

    def act(self, call: Call, duty: Duty, *, by: Sequence[str] = ()) -> Done:
        """Makes the call under its duty.

        Args:
            by: names of the people who act; by default the first who can.

        Raises:
            Refusal: the contract's own reason; nothing was changed.
            Fault: `key_missing` when the desk cannot reach a key that the duty needs.
        """
        if power_of(duty).held_by is Holder.PERSON and duty is not Duty.RELEASER:
            (name, signer), *_ = self._reach(self._deployment.operators[duty], by, 1)
            return Done(
                what=call.what, duty=duty, by=(name,), sent=self.sender.send(call, by=signer)
            )
        safe = self._deployment.safe_of(duty)
        people = self._reach(safe.owners, by, safe.threshold)
        sent = send_by_safe(
            self.sender,
            safe.address,
            call,
            owners=[signer for _, signer in people],
            by=self._carrier,
        )
        return Done(what=call.what, duty=duty, by=tuple(name for name, _ in people), sent=sent)

    def act_as_holder(self, call: Call, *, name: str, by: Signer) -> Done:
        """Makes a holder's own call; `name` is the pseudonym that is printed."""
        return Done(what=call.what, duty=None, by=(name,), sent=self.sender.send(call, by=by))

    def _reach(
        self, accounts: Sequence[Address], by: Sequence[str], count: int
    ) -> list[tuple[str, Signer]]:
        reachable = [self._keys[account] for account in accounts if account in self._keys]
        if by:
            wanted = set(by)
            return [each for each in reachable if each[0] in wanted]
        if len(reachable) < count:
            raise Fault(Reason.KEY_MISSING, needed=count, reachable=len(reachable))
        return reachable[:count]
