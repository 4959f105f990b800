"""Distributions signed outside (外部署名の分配): declared and approved by people whose keys are not here.

    prepare ──► declare ──► prepare ──► approve (somebody else)
                   └──────► reject

What is to be signed is made from the run as it would be declared now. When who is paid what changed between preparing
and declaring (a payee was blocked, a tax category came in), the signature is over another root and does not hold.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.distributions import (
    DUTY,
    Said,
    Wanted,
    body_of,
    decided,
    drafted,
    order_key,
    require_draft,
    silent,
    words_of,
)
from genbo.bootstrap.office import Office
from genbo.bootstrap.signed_outside import Handed, Prepared
from genbo.bootstrap.two_signatures import TwoSignatures
from genbo.entitlements import PayeeLine, Run
from genbo.governance import Command, CommandId, Stored
from genbo.kernel import Address, Digest, Reason, Refusal
from genbo.storage.commands import Commands
from genbo.storage.distributions import Distributions


def judge(office: Office, wanted: Wanted) -> None:
    """Nothing when the run could be declared now. Raises Refusal as `distributions.declare`."""
    with office.house.database.read() as connection:
        drafted(connection, office, wanted, at=office.house.now())


def prepare(office: Office, wanted: Wanted, *, maker: Address, evidence: Digest | None) -> Prepared:
    """What `maker` is to sign; nothing is stored.

    Raises:
        Refusal: `duty_missing`; as `distributions.declare`.
        Fault: `development_key_refused`; as `Vault.fingerprint`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(maker)
    with office.house.database.read() as connection:
        run, _ = drafted(connection, office, wanted, at=office.house.now())
    return signatures.prepared(_command(office, run, maker=maker, evidence=evidence))


def declare(
    connection: Connection,
    office: Office,
    wanted: Wanted,
    handed: Handed,
    *,
    evidence: Digest | None,
    by: str,
    say: Said = silent,
) -> Run:
    """Keeps the draft with its maker's signature.

    Args:
        by: the credential that handed it in.
        say: is told what is done next.

    Raises:
        Refusal: `signature_invalid`, also when the run is no longer what was prepared; as `prepare`; as
            `Distributions.declare`; `command_key_reused`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(handed.account)
    at = office.house.now()
    run, lines = drafted(connection, office, wanted, at=at, say=say)
    command = _command(office, run, maker=handed.account, evidence=evidence)
    signed = office.signed_outside.signed(command, handed)
    order = signatures.take(connection, command, signed, at=at, by=by)
    return _declared(connection, run, lines, order)


def prepare_approval(office: Office, run: Run, account: Address) -> Prepared:
    """What `account` is to sign to approve the run.

    Raises:
        Refusal: `distribution_not_open`, `same_person`, `duty_missing`.
        Fault: `development_key_refused`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(account)
    require_draft(run)
    with office.house.database.read() as connection:
        order = Commands(connection, office.deployment.chain_id).get(CommandId(run.command))
    if account == order.command.maker_account:
        raise Refusal(Reason.SAME_PERSON, account=account, role="approver", other="maker")
    return signatures.prepared(order.command)


def approve(
    connection: Connection, office: Office, run: str, handed: Handed, *, at: datetime, by: str
) -> Run:
    """Adds the signature of somebody else than the maker; with enough of them its lines can be paid.

    Args:
        by: the credential that handed it in.

    Raises:
        Refusal: `signature_invalid`, `duty_missing`; as `distributions.approve`.
        Fault: as `distributions.approve`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(handed.account)

    def sign(order: CommandId) -> tuple[Stored, bool]:
        command = Commands(connection, office.deployment.chain_id).get(order).command
        signed = office.signed_outside.signed(command, handed)
        return signatures.add(connection, order, signed, at=at, by=by)

    name = office.signed_outside.name_of(handed.account)
    return decided(connection, run, sign, at=at, by=name)


# Inside ----------------------------------------------------------------------------------------------


def _command(office: Office, run: Run, *, maker: Address, evidence: Digest | None) -> Command:
    return TwoSignatures(office, DUTY).command(
        key=order_key(run),
        what=words_of(run),
        body=body_of(run),
        name=office.signed_outside.name_of(maker),
        maker=maker,
        product=run.product,
        evidence=evidence,
    )


def _declared(connection: Connection, run: Run, lines: list[PayeeLine], order: Stored) -> Run:
    run = replace(run, maker=order.command.maker, command=str(order.id))
    return Distributions(connection).declare(run, lines)
