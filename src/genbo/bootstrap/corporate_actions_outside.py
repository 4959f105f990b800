"""Corporate actions signed outside (外部署名): decided and approved by people whose keys are not here.

    prepare ──► decide ──► prepare_approval ──► approve (somebody else)
                   └──────► turned down

What is to be signed is everything that the decision says. Of a split that is the number of splits so far as well, so
when another one came between preparing and deciding the signature does not hold.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from genbo.bootstrap.additional_issues import require_issuable
from genbo.bootstrap.corporate_actions import (
    DUTY,
    Decision,
    decided,
    drafted,
    order_key,
    words_of,
)
from genbo.bootstrap.office import Office
from genbo.bootstrap.redemptions import require_redeemable
from genbo.bootstrap.signed_outside import Handed, Prepared
from genbo.bootstrap.splits import split_terms
from genbo.bootstrap.two_signatures import TwoSignatures
from genbo.entitlements import (
    ActionState,
    ActionTerms,
    CorporateAction,
    IssueTerms,
    RedemptionTerms,
)
from genbo.governance import Command, CommandId, Stored
from genbo.kernel import Address, Reason, Refusal
from genbo.storage.commands import Commands
from genbo.storage.corporate_actions import CorporateActions

Terms = Callable[[Office, Decision], ActionTerms]
"""The terms of a decision, when they could be decided now."""


def as_redemption(terms: RedemptionTerms) -> Terms:
    """A redemption. Raises Refusal as `decide_redemption`."""

    def checked(office: Office, decision: Decision) -> ActionTerms:
        require_redeemable(office, decision, terms)
        return terms

    return checked


def as_split(factor: int) -> Terms:
    """A split. Raises Refusal as `decide_split`."""
    return lambda office, decision: split_terms(office, decision.product, factor)


def as_issue(terms: IssueTerms) -> Terms:
    """An additional issue. Raises Refusal as `decide_additional_issue`."""

    def checked(office: Office, decision: Decision) -> ActionTerms:
        require_issuable(office, decision.product, terms)
        return terms

    return checked


def judge(office: Office, decision: Decision, terms: Terms) -> None:
    """Nothing when it could be decided now. Raises Refusal as `terms`, and as `corporate_actions.drafted`."""
    with office.house.database.read() as connection:
        drafted(connection, decision, terms(office, decision), at=office.house.now())


def prepare(office: Office, decision: Decision, terms: Terms, *, maker: Address) -> Prepared:
    """What `maker` is to sign; nothing is stored.

    Raises:
        Refusal: `duty_missing`; as `judge`.
        Fault: `development_key_refused`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(maker)
    with office.house.database.read() as connection:
        action = drafted(connection, decision, terms(office, decision), at=office.house.now())
    return signatures.prepared(_command(office, action, maker=maker))


def decide(
    connection: Connection,
    office: Office,
    decision: Decision,
    terms: Terms,
    handed: Handed,
    *,
    document: str,
    by: str,
) -> CorporateAction:
    """Keeps the draft with its maker's signature.

    Args:
        document: reference of the resolution, whose digest the decision carries.
        by: the credential that handed it in.

    Raises:
        Refusal: `signature_invalid`; `command_key_reused`; as `prepare`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(handed.account)
    at = office.house.now()
    action = drafted(connection, decision, terms(office, decision), at=at)
    command = _command(office, action, maker=handed.account)
    signed = office.signed_outside.signed(command, handed)
    order = signatures.take(connection, command, signed, at=at, by=by, document=document)
    return CorporateActions(connection).decide(
        replace(action, maker=order.command.maker, command=str(order.id))
    )


def prepare_approval(office: Office, action: CorporateAction, account: Address) -> Prepared:
    """What `account` is to sign to approve the action.

    Raises:
        Refusal: `action_not_open`, `same_person`, `duty_missing`.
        Fault: `development_key_refused`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(account)
    if action.state is not ActionState.DRAFT:
        raise Refusal(Reason.ACTION_NOT_OPEN, action=action.id, state=action.state.value)
    with office.house.database.read() as connection:
        order = Commands(connection, office.deployment.chain_id).get(CommandId(action.command))
    if account == order.command.maker_account:
        raise Refusal(Reason.SAME_PERSON, account=account, role="approver", other="maker")
    return signatures.prepared(order.command)


def approve(
    connection: Connection, office: Office, action: str, handed: Handed, *, by: str
) -> CorporateAction:
    """Adds the signature of somebody else than the maker; with enough of them it may be carried out on its day.

    Args:
        by: the credential that handed it in.

    Raises:
        Refusal: `signature_invalid`, `duty_missing`; as `corporate_actions.approve`.
        Fault: as `corporate_actions.approve`.
    """
    signatures = TwoSignatures(office, DUTY)
    signatures.require_owner(handed.account)
    at = office.house.now()

    def sign(order: CommandId) -> tuple[Stored, bool]:
        command = Commands(connection, office.deployment.chain_id).get(order).command
        signed = office.signed_outside.signed(command, handed)
        return signatures.add(connection, order, signed, at=at, by=by)

    name = office.signed_outside.name_of(handed.account)
    return decided(connection, action, sign, at=at, by=name)


# Inside ----------------------------------------------------------------------------------------------


def _command(office: Office, action: CorporateAction, *, maker: Address) -> Command:
    return TwoSignatures(office, DUTY).command(
        key=order_key(action),
        what=words_of(action),
        body=action.body(),
        name=office.signed_outside.name_of(maker),
        maker=maker,
        product=action.product,
        evidence=action.evidence,
    )
