"""Two signatures (2人の署名): a change of the registry alone that somebody orders and somebody else approves.

The order is a command whose data is the change itself, as JSON. Its maker signs it, and whoever approves signs the same
bytes; both own the Safe that holds the duty. With the last signature the change is done, in the same transaction.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.signed_outside import Prepared, ToSign
from genbo.chain.command_message import CommandMessage, digest_of, domain_of, sign_command
from genbo.chain.hexes import bytes_of
from genbo.chain.keys import refuse_development_key
from genbo.chain.signing import signer_of
from genbo.governance import Command, CommandId, CommandState, Duty, Signed, Stored
from genbo.kernel import Address, Digest, ProductId, Reason, Refusal
from genbo.storage.commands import Commands


class TwoSignatures:
    """The orders of one duty."""

    def __init__(self, office: Office, duty: Duty) -> None:
        self._office = office
        self._duty = duty

    def order(
        self,
        connection: Connection,
        *,
        key: str,
        what: str,
        body: Mapping[str, object],
        maker: str | None,
        product: ProductId | None,
        evidence: Digest | None,
        at: datetime,
    ) -> Stored:
        """Stores the order with its maker's signature. The same once more gives what is stored.

        Args:
            what: the change in a few words, without personal data.
            body: the change, in words that JSON has, without personal data.
            maker: name of a key that owns the duty's Safe; None: the first that can be reached.

        Raises:
            Refusal: `command_key_reused`.
            Fault: `key_missing`, `development_key_refused`.
        """
        office = self._office
        name, signer = office.orders.hands_of(self._duty, (maker,) if maker else ()).people[0]
        command = self.command(
            key=key,
            what=what,
            body=body,
            name=name,
            maker=signer.address,
            product=product,
            evidence=evidence,
        )
        signed = sign_command(command, office.deployment.platform, name=name, signer=signer, at=at)
        return self.take(connection, command, signed, at=at)

    def command(
        self,
        *,
        key: str,
        what: str,
        body: Mapping[str, object],
        name: str,
        maker: Address,
        product: ProductId | None,
        evidence: Digest | None,
    ) -> Command:
        """The order as its maker signs it.

        Args:
            name: how the records name the maker; the others as for `order`.
        """
        return Command(
            key=key,
            chain_id=self._office.deployment.chain_id,
            what=what,
            maker=name,
            maker_account=maker,
            account=self._office.deployment.safe_of(self._duty).address,
            duty=self._duty,
            to=None,
            data=json.dumps(body, sort_keys=True, separators=(",", ":")).encode(),
            product=product,
            evidence=evidence,
        )

    def take(
        self,
        connection: Connection,
        command: Command,
        signed: Signed,
        *,
        at: datetime,
        by: str | None = None,
        document: str | None = None,
    ) -> Stored:
        """Stores an order with its maker's signature, wherever that was made.

        Args:
            by: the credential that handed it in, where it came from outside.
            document: reference of the document that its evidence is the digest of.

        Raises:
            Refusal: `command_key_reused`.
        """
        stored, _ = Commands(connection, command.chain_id).submit(
            command,
            digest=digest_of(command, self._office.deployment.platform),
            state=CommandState.CHECKED,
            approvals=[signed],
            at=at,
            by=by,
            document=document,
        )
        return stored

    def sign(
        self, connection: Connection, command: CommandId, *, name: str, at: datetime
    ) -> tuple[Stored, bool]:
        """Adds the signature of somebody else, as `add`.

        Raises:
            Refusal: `command_unknown`; as `add`.
            Fault: `key_missing` when the key is not here or does not own the duty's Safe.
        """
        office = self._office
        approver, signer = office.orders.hands_of(self._duty, (name,)).people[0]
        stored = Commands(connection, office.deployment.chain_id).get(command)
        signed = sign_command(
            stored.command, office.deployment.platform, name=approver, signer=signer, at=at
        )
        return self.add(connection, command, signed, at=at)

    def add(
        self,
        connection: Connection,
        command: CommandId,
        signed: Signed,
        *,
        at: datetime,
        by: str | None = None,
    ) -> tuple[Stored, bool]:
        """Adds a signature of somebody else; the order, and whether it is enough by now: then the caller carries the
        change out in this transaction, and the order is final.

        Args:
            by: as for `take`.

        Raises:
            Refusal: `command_unknown`, `command_not_open`; `same_person` for the maker.
        """
        commands = Commands(connection, self._office.deployment.chain_id)
        stored = commands.approve(command, signed, by=by)
        if not self._enough(stored):
            return stored, False
        commands.move(command, CommandState.APPROVED, at=at)
        commands.move(command, CommandState.FINAL, at=at)
        return commands.get(command), True

    def require_owner(self, account: Address) -> None:
        """Nothing for somebody who owns the Safe of the duty.

        Raises:
            Refusal: `duty_missing`.
            Fault: `development_key_refused`.
        """
        deployment = self._office.deployment
        refuse_development_key(account, deployment.chain_id)
        if account not in deployment.safe_of(self._duty).owners:
            raise Refusal(Reason.DUTY_MISSING, caller=account, duty=self._duty.name)

    def prepared(self, command: Command) -> Prepared:
        """What is to be signed, by whom; nothing is stored."""
        platform = self._office.deployment.platform
        safe = self._office.deployment.safe_of(self._duty)
        domain = domain_of(platform, chain_id=command.chain_id)
        return Prepared(
            command=command,
            to_sign=ToSign(
                typed_data=CommandMessage(command).typed_data(domain),
                digest=digest_of(command, platform),
            ),
            needed=max(2, safe.threshold),
            entitled=safe.owners,
            safe=None,
        )

    def withdraw(self, connection: Connection, command: CommandId, *, at: datetime) -> None:
        """Ends an order that nobody carries out any more. Raises Refusal(command_unknown)."""
        commands = Commands(connection, self._office.deployment.chain_id)
        if commands.get(command, to_change=True).state is CommandState.CHECKED:
            commands.move(command, CommandState.SUPERSEDED, at=at)

    def _enough(self, stored: Stored) -> bool:
        safe = self._office.deployment.safe_of(self._duty)
        signers = {each.account for each in stored.approvals if _valid(each, stored)}
        return len(signers & set(safe.owners)) >= max(2, safe.threshold)


def _valid(signed: Signed, stored: Stored) -> bool:
    return signer_of(bytes_of(stored.digest), signed.signature) == signed.account
