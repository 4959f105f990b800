"""Approvals (承認): a command is proposed by its maker, checked against the contracts, and approved by others, each
with a signature over its exact bytes. With enough of them it is queued by itself.

    propose ──► refused    the contract would refuse it as it stands
       └──────► checked ──► approve (somebody else) ──► ... ──► queued, once enough have signed
                   └──────► withdraw (the maker) ─────────────► superseded
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from genbo.bootstrap.house import House
from genbo.bootstrap.orders import Orders
from genbo.chain.call import Call
from genbo.chain.command_message import sign_command
from genbo.chain.contracts.safe import Safe
from genbo.chain.deployments import Deployment, SafeRecord
from genbo.chain.desk import Keys
from genbo.chain.hexes import bytes_of
from genbo.chain.keys import Signer
from genbo.chain.node import Reverted
from genbo.chain.refusals import refusal_of
from genbo.chain.signing import signer_of
from genbo.governance import CommandId, CommandState, Duty, Outcome, Signed, Stored
from genbo.governance.command import ENDED
from genbo.kernel import Address, Fault, ProductId, Reason, Reference, Refusal
from genbo.storage.commands import Commands


class Approvals:
    """The commands of one deployment that wait for people."""

    def __init__(self, house: House, deployment: Deployment, orders: Orders, keys: Keys) -> None:
        self._house = house
        self._deployment = deployment
        self._orders = orders
        self._keys = keys

    def propose(
        self,
        call: Call,
        duty: Duty,
        *,
        maker: str,
        key: str,
        product: ProductId | None = None,
        ref: Reference | None = None,
    ) -> Stored:
        """Stores an act with its maker's signature; the contract is asked at once whether it would do it.

        Raises:
            Refusal: `command_key_reused`; the contract's reason, which is recorded as well.
            Fault: `key_missing`, `node_unreachable`.
        """
        order = self._orders.under_duty(
            call, duty, key=key, by=(maker,), product=product, ref=ref, alone=True
        )
        refusal = self.asked(call, order.command.account)
        if refusal is not None:
            order = replace(
                order,
                state=CommandState.REFUSED,
                outcome=Outcome(reason=refusal.reason, facts=refusal.facts),
            )
        with self._house.database.begin() as connection:
            stored, _ = order.store(connection)
            stored = self.queue_if_enough(connection, stored.id)
        if (kept := stored.outcome.refusal()) is not None:
            raise kept
        return stored

    def approve(self, command: CommandId, *, name: str) -> Stored:
        """Adds the signature of somebody else, and queues the command when that makes enough, in one transaction: what
        enough have approved waits for nobody. The same person once more changes nothing.

        Raises:
            Refusal: `command_unknown`; `command_not_open`, also for a change of the registry alone, which has a way of
                its own (`bootstrap.erasure`); `same_person` for the maker; `duty_missing` for somebody
                who does not own the account that acts.
            Fault: `key_missing` when the key of that name is not here.
        """
        signer = self._key_of(name)
        stored = self._get(command)
        self.require_on_ledger(stored)
        safe = self.safe_of(stored)
        if safe is None or signer.address not in safe.owners:
            raise Refusal(Reason.DUTY_MISSING, caller=signer.address, duty=_duty_name(stored))
        signed = sign_command(
            stored.command,
            self._deployment.platform,
            name=name,
            signer=signer,
            at=self._house.now(),
        )
        for_safe, nonce = self._for_safe(stored, safe, signer, signed)
        with self._house.database.begin() as connection:
            commands = Commands(connection, self._deployment.chain_id)
            if commands.approve(command, signed).state not in ENDED:
                commands.sign_for_safe(command, for_safe, nonce=nonce)
            return self.queue_if_enough(connection, command)

    def withdraw(self, command: CommandId, *, name: str) -> Stored:
        """Takes a command back before it is queued; only its maker does.

        Raises:
            Refusal: `command_unknown`; `command_not_open` once it is queued; `duty_missing` for somebody else.
        """
        with self._house.database.begin() as connection:
            commands = Commands(connection, self._deployment.chain_id)
            stored = commands.get(command, to_change=True)
            if stored.command.maker != name:
                raise Refusal(Reason.DUTY_MISSING, caller=name, duty=_duty_name(stored))
            if stored.state not in (
                CommandState.DRAFT,
                CommandState.CHECKED,
                CommandState.APPROVED,
            ):
                raise Refusal(Reason.COMMAND_NOT_OPEN, command=command, state=stored.state)
            commands.move(command, CommandState.SUPERSEDED, at=self._house.now())
            return commands.get(command)

    # Also for signatures that were made elsewhere (`signed_outside`) ---------------------------------

    def require_on_ledger(self, stored: Stored) -> None:
        """Nothing for an act on the chain. A change of the registry alone is approved with what it changes.

        Raises:
            Refusal: `command_not_open`.
        """
        if not stored.command.on_ledger:
            raise Refusal(Reason.COMMAND_NOT_OPEN, command=stored.id, state=stored.state)

    def asked(self, call: Call, account: Address) -> Refusal | None:
        """The contract's reason, when it would refuse the act as things stand."""
        try:
            self._house.node.rehearse(sender=account, to=call.to, data=call.data)
        except Reverted as refused:
            return refusal_of(refused.data, call=call, sender=account)
        return None

    def queue_if_enough(self, connection: Connection, command: CommandId) -> Stored:
        """Queues a command that enough different people have signed, each over exactly its bytes."""
        commands = Commands(connection, self._deployment.chain_id)
        stored = commands.get(command, to_change=True)
        if stored.state is not CommandState.CHECKED or not self._enough(stored):
            return stored
        at = self._house.now()
        commands.move(command, CommandState.APPROVED, at=at)
        commands.move(command, CommandState.QUEUED, at=at)
        return commands.get(command)

    def safe_of(self, stored: Stored) -> SafeRecord | None:
        """The Safe whose act it is; None for an act of a person's own account."""
        return next(
            (
                each
                for each in self._deployment.safes.values()
                if each.address == stored.command.account
            ),
            None,
        )

    # Inside --------------------------------------------------------------------------------------

    def _enough(self, stored: Stored) -> bool:
        safe = self.safe_of(stored)
        if safe is None:
            return bool(self._valid(stored.approvals, stored))
        valid = {each.account for each in self._valid(stored.approvals, stored)}
        return len(valid & set(safe.owners)) >= max(2, safe.threshold)

    def _valid(self, approvals: Sequence[Signed], stored: Stored) -> list[Signed]:
        """Those that are signatures of their account over this command."""
        return [
            each
            for each in approvals
            if signer_of(bytes_of(stored.digest), each.signature) == each.account
        ]

    def _for_safe(
        self, stored: Stored, safe: SafeRecord, signer: Signer, signed: Signed
    ) -> tuple[Signed, int]:
        """The approver's signature over the Safe's next number, for a sender that cannot reach the key."""
        account = Safe(self._house.node, safe.address)
        call = Call(stored.command.to, stored.command.data, stored.command.what)
        nonce = account.nonce().value
        return replace(signed, signature=signer.sign_digest(account.digest(call, nonce))), nonce

    def _key_of(self, name: str) -> Signer:
        for known, signer in self._keys.values():
            if known == name:
                return signer
        raise Fault(Reason.KEY_MISSING, needed=1, reachable=0, name=name)

    def _get(self, command: CommandId) -> Stored:
        with self._house.database.read() as connection:
            return Commands(connection, self._deployment.chain_id).get(command)


def _duty_name(stored: Stored) -> str:
    return "" if stored.command.duty is None else stored.command.duty.name
