"""Signed outside (外部署名): commands whose maker and approvers sign wherever their keys are.

What is to be signed is made from the act and the idempotency key alone, so it is the same whenever it is asked for, and
nothing is stored before a signature over exactly those bytes is here. Nobody signs for anybody on the word of a token.

    prepare ──► submit ──► refused                    the contract would refuse it as it stands: kept as such
                  └──────► checked (two persons) ──► approve ──► ... ──► queued
                  └──────► queued  (one person, whose key the sender has)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from genbo.bootstrap.approvals import Approvals
from genbo.bootstrap.gate import Gate
from genbo.bootstrap.house import House
from genbo.bootstrap.orders import Order
from genbo.chain.call import Call
from genbo.chain.command_message import CommandMessage, digest_of, domain_of
from genbo.chain.contracts.safe import Safe
from genbo.chain.deployments import Deployment, SafeRecord
from genbo.chain.desk import Keys
from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.keys import refuse_development_key
from genbo.chain.signing import signer_of
from genbo.governance import (
    Command,
    CommandId,
    CommandState,
    Duty,
    Holder,
    Outcome,
    Signed,
    Stored,
    power_of,
)
from genbo.governance.command import ENDED
from genbo.kernel import Address, Digest, Fault, ProductId, Reason, Reference, Refusal
from genbo.storage.commands import Commands

Noting = Callable[[Connection, str], None]
"""What else is written with a command, by whom: in the transaction that stores it."""


def _nothing(_: Connection, __: str) -> None:
    """A command without further effects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A person's signatures as they came in."""

    account: Address
    signature: bytes = field(repr=False)
    """65 bytes r, s, v over the command's EIP-712 hash."""
    safe_signature: bytes | None = field(default=None, repr=False)
    """Over the Safe's transaction of the number `safe_nonce`."""
    safe_nonce: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """Typed data (EIP-712) and its hash."""

    typed_data: dict[str, Any]
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeToSign(ToSign):
    """The same act as the Safe's next transaction."""

    nonce: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A command as somebody is asked to sign it."""

    command: Command
    to_sign: ToSign
    needed: int
    """How many different people sign, the maker among them."""
    entitled: tuple[Address, ...]
    """Whose signatures count."""
    safe: SafeToSign | None
    """None for an act of a person's own account."""


class SignedOutside:
    """The commands of one deployment that are signed elsewhere."""

    def __init__(
        self,
        house: House,
        deployment: Deployment,
        approvals: Approvals,
        keys: Keys,
        gate: Gate,
    ) -> None:
        self._house = house
        self._deployment = deployment
        self._approvals = approvals
        self._keys = keys
        self._gate = gate

    # The command -----------------------------------------------------------------------------------

    def command(
        self,
        call: Call,
        duty: Duty,
        *,
        maker: Address,
        key: str,
        product: ProductId | None,
        ref: Reference | None,
    ) -> Command:
        """The command that `maker` is to sign.

        Raises:
            Refusal: `duty_missing` for an account that neither holds the duty nor owns a Safe that does.
            Fault: `development_key_refused`.
        """
        refuse_development_key(maker, self._deployment.chain_id)
        return Command(
            key=key,
            chain_id=self._deployment.chain_id,
            what=call.what,
            maker=self.name_of(maker),
            maker_account=maker,
            account=self._acting(duty, maker),
            duty=duty,
            to=call.to,
            data=call.data,
            product=product,
            ref=ref,
            evidence=call.evidence,
        )

    def first_entitled(self, duty: Duty) -> Address:
        """Somebody who may make an act under the duty: for a question that names nobody."""
        if power_of(duty).held_by is Holder.PERSON:
            return self._deployment.operators[duty][0]
        return self._deployment.safe_of(duty).owners[0]

    def find(self, key: str) -> Stored | None:
        """What was ordered under the key."""
        with self._house.database.read() as connection:
            return Commands(connection, self._deployment.chain_id).find(key)

    def get(self, command: CommandId) -> Stored:
        """A command. Raises Refusal(command_unknown)."""
        with self._house.database.read() as connection:
            return Commands(connection, self._deployment.chain_id).get(command)

    def refusal(self, command: Command) -> Refusal | None:
        """Why the contract, or compliance, would refuse the command now; None when nothing stands against it."""
        refusal = self._approvals.asked(_call_of(command), command.account)
        return refusal or self._gate.refusal(command)

    def prepare(self, command: Command) -> Prepared:
        """What is to be signed; nothing is stored."""
        domain = domain_of(self._deployment.platform, chain_id=command.chain_id)
        to_sign = ToSign(
            typed_data=CommandMessage(command).typed_data(domain),
            digest=digest_of(command, self._deployment.platform),
        )
        safe = self._safe_at(command.account)
        if safe is None:
            entitled = (command.account,)
            return Prepared(
                command=command, to_sign=to_sign, needed=1, entitled=entitled, safe=None
            )
        account, call = Safe(self._house.node, safe.address), _call_of(command)
        nonce = account.nonce().value
        return Prepared(
            command=command,
            to_sign=to_sign,
            needed=max(2, safe.threshold),
            entitled=safe.owners,
            safe=SafeToSign(
                typed_data=account.typed_data(call, nonce),
                digest=Digest(hex_of(account.digest(call, nonce))),
                nonce=nonce,
            ),
        )

    def submit(
        self,
        command: Command,
        handed: Handed,
        *,
        by: str,
        document: str | None = None,
        noting: Noting = _nothing,
    ) -> Stored:
        """Stores the command with its maker's signature; one person's act is queued at once. The same once more is the
        same command.

        Args:
            by: the credential that handed it in.
            document: reference of the document that the act rests on.

        Raises:
            Refusal: `signature_invalid`; `command_key_reused`; what the contract says, with the id under which the
                refused command is kept as the fact `command`.
            Fault: `key_missing` for a person's own act, when the sender's key store has no such key.
        """
        signed = self.signed(command, handed)
        for_safe = self._signed_for_safe(command, handed)
        known = self.find(command.key)
        if known is None and self._safe_at(command.account) is None:
            self._require_key(command.account)
        order = self._order(command, signed, fresh=known is None)
        with self._house.database.begin() as connection:
            stored, new = order.store(connection, by=by, document=document)
            if new and stored.state is not CommandState.REFUSED:
                noting(connection, command.maker)
                self._keep_for_safe(connection, stored.id, for_safe, by=by)
        if (refusal := stored.outcome.refusal()) is not None:
            refusal.facts["command"] = stored.id
            raise refusal
        return stored

    # Others ----------------------------------------------------------------------------------------

    def require_open(self, stored: Stored, account: Address) -> None:
        """Nothing when `account` may sign the command as an approver, or has.

        Raises:
            Refusal: `duty_missing`, `same_person`, `command_not_open`; as `Approvals.require_on_ledger`.
            Fault: `development_key_refused`.
        """
        self._approvals.require_on_ledger(stored)
        refuse_development_key(account, self._deployment.chain_id)
        safe = self._approvals.safe_of(stored)
        if safe is None or account not in safe.owners:
            raise _duty_missing(stored, account)
        if any(each.account == account for each in stored.approvals[1:]):
            return
        if account == stored.command.maker_account:
            raise Refusal(Reason.SAME_PERSON, account=account, role="approver", other="maker")
        if stored.state not in (CommandState.DRAFT, CommandState.CHECKED):
            raise Refusal(Reason.COMMAND_NOT_OPEN, command=stored.id, state=stored.state)

    def require_signed(self, stored: Stored, account: Address) -> None:
        """Nothing when `account` has signed the command, which was not sent yet.

        Raises:
            Refusal: `command_not_open`, `duty_missing`.
        """
        self._approvals.require_on_ledger(stored)
        if stored.state in ENDED or stored.state is CommandState.SENT:
            raise Refusal(Reason.COMMAND_NOT_OPEN, command=stored.id, state=stored.state)
        if all(each.account != account for each in stored.approvals):
            raise _duty_missing(stored, account)

    def approve(self, command: CommandId, handed: Handed, *, by: str) -> Stored:
        """Adds the signature of somebody else, and queues the command when that makes enough. The same person once
        more changes nothing.

        Raises:
            Refusal: `command_unknown`, `signature_invalid`; as `require_open`.
        """
        stored = self.get(command)
        self.require_open(stored, handed.account)
        signed = self.signed(stored.command, handed)
        for_safe = self._signed_for_safe(stored.command, handed)
        with self._house.database.begin() as connection:
            commands = Commands(connection, self._deployment.chain_id)
            if commands.approve(command, signed, by=by).state not in ENDED:
                self._keep_for_safe(connection, command, for_safe, by=by)
            return self._approvals.queue_if_enough(connection, command)

    def sign_for_safe(self, command: CommandId, handed: Handed, *, by: str) -> Stored:
        """Takes the Safe signature of somebody who has signed the command, over a later number: another act of the
        Safe came first (decision 0019).

        Raises:
            Refusal: `command_unknown`; `signature_invalid`; `command_not_open` once it has ended; `duty_missing` for
                somebody who has not signed the command.
        """
        stored = self.get(command)
        self.require_signed(stored, handed.account)
        for_safe = self._signed_for_safe(stored.command, handed)
        with self._house.database.begin() as connection:
            self._keep_for_safe(connection, command, for_safe, by=by)
            Commands(connection, self._deployment.chain_id).wake()
        return stored

    def withdraw(self, command: CommandId, *, by: str) -> Stored:
        """Takes a command back before it is queued.

        Raises:
            Refusal: `command_unknown`; `command_not_open`. Whether it is theirs to take back is asked before.
        """
        with self._house.database.begin() as connection:
            commands = Commands(connection, self._deployment.chain_id)
            stored = commands.get(command, to_change=True)
            if stored.state is CommandState.SUPERSEDED:
                return stored
            if stored.state not in (CommandState.DRAFT, CommandState.CHECKED):
                raise Refusal(Reason.COMMAND_NOT_OPEN, command=command, state=stored.state)
            commands.move(command, CommandState.SUPERSEDED, at=self._house.now(), by=by)
            return commands.get(command)

    def name_of(self, account: Address) -> str:
        """How the records name whoever signs with the account: as the key store does, where it knows it."""
        name, _ = self._keys.get(account, (account, None))
        return name

    # Inside ----------------------------------------------------------------------------------------

    def _acting(self, duty: Duty, maker: Address) -> Address:
        if power_of(duty).held_by is Holder.PERSON:
            if maker in self._deployment.operators.get(duty, ()):
                return maker
        else:
            for safe in self._deployment.safes.values():
                if duty in safe.duties and maker in safe.owners:
                    return safe.address
        raise Refusal(Reason.DUTY_MISSING, caller=maker, duty=duty.name)

    def _safe_at(self, account: Address) -> SafeRecord | None:
        return next((it for it in self._deployment.safes.values() if it.address == account), None)

    def _require_key(self, account: Address) -> None:
        if account not in self._keys:
            raise Fault(Reason.KEY_MISSING, needed=1, reachable=0, account=account)

    def _order(self, command: Command, signed: Signed, *, fresh: bool) -> Order:
        """Judged only when it is new: what is known is answered as it was judged then."""
        alone = self._safe_at(command.account) is None
        state, outcome = CommandState.QUEUED if alone else CommandState.CHECKED, Outcome()
        if fresh and (refusal := self.refusal(command)) is not None:
            outcome = Outcome(reason=refusal.reason, facts=refusal.facts)
            state = CommandState.REFUSED
        return Order(
            command=command,
            digest=digest_of(command, self._deployment.platform),
            signed=(signed,),
            at=signed.at,
            state=state,
            outcome=outcome,
        )

    def signed(self, command: Command, handed: Handed) -> Signed:
        """The signature, when it is one over exactly this command. Raises Refusal(signature_invalid)."""
        digest = digest_of(command, self._deployment.platform)
        if signer_of(bytes_of(digest), handed.signature) != handed.account:
            raise Refusal(Reason.SIGNATURE_INVALID, account=handed.account)
        return Signed(
            name=self.name_of(handed.account),
            account=handed.account,
            signature=handed.signature,
            at=self._house.now(),
        )

    def _signed_for_safe(self, command: Command, handed: Handed) -> tuple[Signed, int] | None:
        """The second signature with its number, where it was given and counts."""
        safe = self._safe_at(command.account)
        if safe is None or handed.safe_signature is None or handed.safe_nonce is None:
            return None
        account = Safe(self._house.node, safe.address)
        digest = account.digest(_call_of(command), handed.safe_nonce)
        if signer_of(digest, handed.safe_signature) != handed.account:
            raise Refusal(Reason.SIGNATURE_INVALID, account=handed.account)
        signed = Signed(
            name=self.name_of(handed.account),
            account=handed.account,
            signature=handed.safe_signature,
            at=self._house.now(),
        )
        return signed, handed.safe_nonce

    def _keep_for_safe(
        self,
        connection: Connection,
        command: CommandId,
        for_safe: tuple[Signed, int] | None,
        *,
        by: str,
    ) -> None:
        if for_safe is not None:
            signed, nonce = for_safe
            commands = Commands(connection, self._deployment.chain_id)
            commands.sign_for_safe(command, signed, nonce=nonce, by=by)


def _call_of(command: Command) -> Call:
    return Call(command.to, command.data, command.what, command.evidence)


def _duty_missing(stored: Stored, account: Address) -> Refusal:
    duty = stored.command.duty
    return Refusal(Reason.DUTY_MISSING, caller=account, duty=None if duty is None else duty.name)
