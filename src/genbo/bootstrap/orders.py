"""Orders: an act becomes a command with the signatures of those who make it, ready to be stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.house import House
from genbo.chain.call import Call
from genbo.chain.command_message import digest_of, sign_command
from genbo.chain.deployments import Deployment
from genbo.chain.desk import Desk, Hands, Keys
from genbo.chain.keys import Signer
from genbo.governance import (
    Command,
    CommandState,
    Duty,
    Outcome,
    Signed,
    Stored,
    needs_two_persons,
)
from genbo.kernel import ZERO_ADDRESS, Address, Digest, Fault, ProductId, Reason, Reference
from genbo.storage.commands import Commands

RELAY_GAS = 300_000
"""Gas to allow for an authorised transfer: above the dearest, so that none is rehearsed and many go at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command that nobody has stored yet."""

    command: Command
    digest: Digest
    signed: tuple[Signed, ...]
    """The maker's first; none for a change of the registry alone."""
    at: datetime
    state: CommandState
    outcome: Outcome

    def store(
        self, connection: Connection, *, by: str | None = None, document: str | None = None
    ) -> tuple[Stored, bool]:
        """Keeps it in this transaction, with whatever else the transaction does; whether it is new.

        Args:
            by, document: as for `Commands.submit`.

        Raises:
            Refusal: `command_key_reused`.
        """
        return Commands(connection, self.command.chain_id).submit(
            self.command,
            digest=self.digest,
            state=self.state,
            approvals=self.signed,
            at=self.at,
            outcome=self.outcome,
            by=by,
            document=document,
        )


class Orders:
    """Makes the orders of one deployment, by the people whose keys can be reached."""

    def __init__(self, house: House, deployment: Deployment, keys: Keys) -> None:
        self._house = house
        self._deployment = deployment
        self._desk = Desk(deployment, keys)
        self._keys = keys

    def under_duty(
        self,
        call: Call,
        duty: Duty,
        *,
        key: str,
        by: Sequence[str] = (),
        product: ProductId | None = None,
        ref: Reference | None = None,
        gas: int | None = None,
        alone: bool = False,
    ) -> Order:
        """An act under a duty. With too few signatures at hand it is a refused one.

        Args:
            key: idempotency key.
            by: names of the people who act; by default the first who can.
            gas: gas to allow; by default a rehearsal finds it just before it is sent.
            alone: the maker signs for now, and the order waits for approvals.

        Raises:
            Fault: `key_missing`, `development_key_refused`.
        """
        hands = self._desk.hands_of(duty, by=by)
        order = self._order(call, duty, hands, key, product, ref, gas)
        return replace(order, state=CommandState.CHECKED, outcome=Outcome()) if alone else order

    def of_holder(
        self,
        call: Call,
        *,
        name: str,
        signer: Signer,
        key: str,
        product: ProductId,
        ref: Reference | None = None,
        gas: int | None = None,
    ) -> Order:
        """A holder's own act; `name` is the pseudonym that is kept."""
        hands = Hands(account=signer.address, people=((name, signer),), needed=1)
        return self._order(call, None, hands, key, product, ref, gas)

    def of_relay(
        self, call: Call, *, relay: Address, key: str, product: ProductId, ref: Reference
    ) -> Order:
        """What a holder authorised, sent by the relay account; the holder's own signature stands in the call.

        Raises:
            Fault: `key_missing` when the relay's key is not here.
        """
        if relay not in self._keys:
            raise Fault(Reason.KEY_MISSING, needed=1, reachable=0)
        hands = Hands(account=relay, people=(self._keys[relay],), needed=1)
        return self._order(call, None, hands, key, product, ref, RELAY_GAS)

    def of_registry(self, what: str, *, data: bytes, by: str, key: str) -> Order:
        """A change of the registry alone: it is done with the transaction that stores it.

        Args:
            data: 32 bytes that commit to what is changed, without telling it.
            by: who orders it, for the records.
        """
        command = Command(
            key=key,
            chain_id=self._deployment.chain_id,
            what=what,
            maker=by,
            maker_account=ZERO_ADDRESS,
            account=ZERO_ADDRESS,
            duty=None,
            to=None,
            data=data,
        )
        return Order(
            command=command,
            digest=digest_of(command, self._deployment.platform),
            signed=(),
            at=self._house.now(),
            state=CommandState.FINAL,
            outcome=Outcome(),
        )

    def hands_of(self, duty: Duty, by: Sequence[str]) -> Hands:
        """Who makes an act under the duty. Raises as `under_duty`."""
        return self._desk.hands_of(duty, by=by)

    def _order(
        self,
        call: Call,
        duty: Duty | None,
        hands: Hands,
        key: str,
        product: ProductId | None,
        ref: Reference | None,
        gas: int | None,
    ) -> Order:
        maker, maker_key = hands.people[0]
        command = Command(
            key=key,
            chain_id=self._deployment.chain_id,
            what=call.what,
            maker=maker,
            maker_account=maker_key.address,
            account=hands.account,
            duty=duty,
            to=call.to,
            data=call.data,
            product=product,
            ref=ref,
            evidence=call.evidence,
            gas=gas,
        )
        platform = self._deployment.platform
        at = self._house.now()
        signed = tuple(
            sign_command(command, platform, name=name, signer=signer, at=at)
            for name, signer in hands.people
        )
        enough = len(signed) >= max(hands.needed, 2 if needs_two_persons(duty) else 1)
        outcome = Outcome()
        if not enough:
            facts = {"given": len(signed), "needed": hands.needed}
            outcome = Outcome(reason=Reason.APPROVALS_TOO_FEW, facts=facts)
        return Order(
            command=command,
            digest=digest_of(command, platform),
            signed=signed,
            at=at,
            state=CommandState.QUEUED if enough else CommandState.REFUSED,
            outcome=outcome,
        )
