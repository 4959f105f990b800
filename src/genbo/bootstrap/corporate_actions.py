"""Corporate actions (コーポレートアクション): decided by one, approved by another, and carried out on their day.

    decide ──► approve (somebody else) ──► carried out (`redemptions`, `splits`, `additional_issues`)
       └─────► reject

Maker and approver own the Safe of the duty ISSUER, and what they sign is everything the decision says. Carried out, an
action keeps the register before and after it: block and digest, so that the same document can be issued again for
ever, and be anchored.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.register_anchor import AnchoredRegister, anchor_register
from genbo.bootstrap.register_output import Asker, Issued, issue_register, make_register
from genbo.bootstrap.two_signatures import TwoSignatures
from genbo.chain.call import Call
from genbo.chain.desk import Done
from genbo.compliance.reasons import Language
from genbo.entitlements import (
    ActionKind,
    ActionState,
    ActionTerms,
    CorporateAction,
    RegisterMark,
)
from genbo.governance import CommandId, CommandState, Duty, Stored
from genbo.governance.inspection import inspection_request
from genbo.kernel import (
    Address,
    Digest,
    Fault,
    ProductId,
    Reason,
    Reference,
    Refusal,
    start_of_day,
    to_bytes32,
)
from genbo.reporting import Extent, Form, StatutoryRegister
from genbo.storage.commands import Commands
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.products import Products
from genbo.token import Act, ProductStatus

DUTY = Duty.ISSUER
"""Whose people decide, and carry out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an issuer decided, on which resolution."""

    id: str
    product: ProductId
    day: date
    """効力発生日: from 00:00 JST of this day on it is carried out."""
    resolution: str
    """Its reference, without personal data."""
    evidence: Digest
    """SHA-256 of the resolution."""


def decide(
    office: Office, decision: Decision, terms: ActionTerms, *, maker: str | None
) -> CorporateAction:
    """Drafts an action and signs its order. The same once more changes nothing.

    Args:
        maker: name of a key that owns the Safe of the duty; None: the first that can be reached.

    Raises:
        Refusal: as `drafted`; `command_key_reused`.
        Fault: `key_missing`.
    """
    at = office.house.now()
    with office.house.database.begin() as connection:
        action = drafted(connection, decision, terms, at=at)
        if action.command:
            return action
        order = TwoSignatures(office, DUTY).order(
            connection,
            key=order_key(action),
            what=words_of(action),
            body=action.body(),
            maker=maker,
            product=action.product,
            evidence=action.evidence,
            at=at,
        )
        return CorporateActions(connection).decide(
            replace(action, maker=order.command.maker, command=str(order.id))
        )


def drafted(
    connection: Connection, decision: Decision, terms: ActionTerms, *, at: datetime
) -> CorporateAction:
    """The action as it would be drafted now, without its maker and its order; the one that is stored, where it is the
    same. Nothing is stored.

    Raises:
        Refusal: `key_malformed` for the id; `field_missing` without a resolution; `product_unknown`, `product_ended`;
            `action_exists`.
    """
    to_bytes32(decision.id)  # it is a reference on the ledger
    if not decision.resolution.strip():
        raise Refusal(Reason.FIELD_MISSING, field="resolution")
    action = CorporateAction(
        id=decision.id,
        product=decision.product,
        day=decision.day,
        terms=terms,
        resolution=decision.resolution.strip(),
        evidence=decision.evidence,
        maker="",
        made_at=at,
    )
    if Products(connection).get(action.product).status is ProductStatus.REDEEMED:
        raise Refusal(Reason.PRODUCT_ENDED)
    stored = CorporateActions(connection).find(action.id)
    if stored is not None and stored.body() != action.body():
        raise Refusal(Reason.ACTION_EXISTS, action=action.id)
    return stored or action


def order_key(action: CorporateAction) -> str:
    """Idempotency key of its order."""
    return f"action/{action.id}"


def words_of(action: CorporateAction) -> str:
    """The order in a few words."""
    return f"{action.kind.value} {action.id} of {action.product}"


def approve(
    office: Office, action: str, *, name: str, kind: ActionKind | None = None
) -> CorporateAction:
    """Signs an action as somebody else than its maker; with enough signatures it may be carried out on its day.

    Raises:
        Refusal: `action_unknown`, `action_not_open`; `same_person`; as `TwoSignatures.sign`.
        Fault: `key_missing`; `invariant_broken` when the action is not what was signed.
    """
    at = office.house.now()
    signatures = TwoSignatures(office, DUTY)
    with office.house.database.begin() as connection:
        CorporateActions(connection).get(action, kind=kind)
        return decided(
            connection,
            action,
            lambda order: signatures.sign(connection, order, name=name, at=at),
            at=at,
            by=name,
        )


def decided(
    connection: Connection,
    action: str,
    sign: Callable[[CommandId], tuple[Stored, bool]],
    *,
    at: datetime,
    by: str,
) -> CorporateAction:
    """The action after `sign` added a signature to its order; approved, when that was enough. Raises as `approve`."""
    held = CorporateActions(connection)
    draft = held.require(action, ActionState.DRAFT)
    stored, enough = sign(CommandId(draft.command))
    if json.loads(stored.command.data) != draft.body():
        raise Fault(
            Reason.INVARIANT_BROKEN, number=5, problem=f"{action} is not what its order says"
        )
    return held.approve(action, at=at, by=by) if enough else held.get(action)


def reject(
    office: Office, action: str, *, name: str, kind: ActionKind | None = None
) -> CorporateAction:
    """Takes a draft back, as its maker, or turns it down, as somebody who could approve it.

    Raises:
        Refusal: `action_unknown`, `action_not_open`.
        Fault: `key_missing`.
    """
    office.orders.hands_of(DUTY, (name,))
    with office.house.database.begin() as connection:
        CorporateActions(connection).get(action, kind=kind)
        return turned_down(connection, office, action, by=name)


def turned_down(connection: Connection, office: Office, action: str, *, by: str) -> CorporateAction:
    """The action after it was rejected; whether `by` may is asked before. Raises Refusal as `reject`."""
    at = office.house.now()
    rejected = CorporateActions(connection).reject(action, at=at, by=by)
    TwoSignatures(office, DUTY).withdraw(connection, CommandId(rejected.command), at=at)
    return rejected


# Carrying out ----------------------------------------------------------------------------------------


def to_carry_out(office: Office, action: str, kind: ActionKind) -> CorporateAction:
    """The action, when its day has come or it is done already.

    Raises:
        Refusal: `action_unknown`, `action_not_open`, `action_not_due`.
    """
    with office.house.database.read() as connection:
        found = CorporateActions(connection).get(action, kind=kind)
    if found.state is ActionState.DONE:
        return found
    if found.state is not ActionState.APPROVED:
        raise Refusal(Reason.ACTION_NOT_OPEN, action=action, state=found.state.value)
    if office.house.now() < start_of_day(found.day):
        raise Refusal(Reason.ACTION_NOT_DUE, action=action, day=found.day.isoformat())
    return found


def begin(office: Office, action: CorporateAction, *, by: str) -> CorporateAction:
    """Keeps the register before the action; once it is kept, it stays."""
    if action.before is not None:
        return action
    mark = _mark(office, action.product, by=by)
    with office.house.database.begin() as connection:
        return CorporateActions(connection).begin(action.id, mark, at=office.house.now(), by=by)


def finish(office: Office, action: CorporateAction, *, by: str) -> CorporateAction:
    """Keeps the register after the action, which is done with it; the first one counts."""
    mark = _mark(office, action.product, by=by)
    with office.house.database.begin() as connection:
        held = CorporateActions(connection)
        now = held.get(action.id, to_change=True)
        if now.state is ActionState.DONE:
            return now
        return held.finish(action.id, mark, at=office.house.now(), by=by)


def act_of(action: CorporateAction) -> Act:
    """The papers of its act on the ledger."""
    return Act(ref=Reference(action.id), evidence=action.evidence, delivery_date=action.day)


def people_of(office: Office, action: CorporateAction) -> tuple[str, ...]:
    """Who carries it out unless others are named: those who decided it, as the key store here names them."""
    decided_by = (action.maker, *((action.decided_by,) if action.decided_by else ()))
    return tuple(office.signed_outside.name_of(Address(each)) for each in decided_by)


def act_once(
    office: Office,
    action: CorporateAction,
    call: Call,
    what: str,
    *,
    people: Sequence[str],
    again: bool = False,
) -> Done:
    """Makes a call of the action, once however often it is asked. One that was refused is tried again, as a command of
    its own: what stood against it may be gone.

    Args:
        what: which call of the action it is.
        people: names of those who sign; nobody: those who decided.
        again: also once more after it was done for good, since somebody undid it.

    Raises:
        Refusal, Fault: as `Office.act`.
    """
    attempt = 1
    over = {CommandState.REFUSED, CommandState.FINAL} if again else {CommandState.REFUSED}
    with office.house.database.read() as connection:
        commands = Commands(connection, office.deployment.chain_id)
        while (
            known := commands.find(_key(action, what, attempt))
        ) is not None and known.state in over:
            attempt += 1
    if known is not None:
        return office.outcome_of(known.id)  # as it was signed, by whomever
    return office.act(
        call,
        DUTY,
        product=action.product,
        ref=Reference(action.id),
        by=tuple(people) or people_of(office, action),
        key=_key(action, what, attempt),
    )


def is_known(commands: Commands, action: CorporateAction, what: str) -> bool:
    """Whether a call of the action was ordered."""
    return commands.find(_key(action, what, 1)) is not None


def _key(action: CorporateAction, what: str, attempt: int) -> str:
    return f"action/{action.id}/{what}/{attempt}"


# Documents -------------------------------------------------------------------------------------------


def document(office: Office, action: CorporateAction, *, after: bool, by: str) -> StatutoryRegister:
    """The register before or after the action, without names, when it still has the digest that was kept.

    Raises:
        Refusal: `action_not_open` where it did not come so far.
        Fault: `invariant_broken`.
    """
    mark = action.after if after else action.before
    if mark is None:
        raise Refusal(Reason.ACTION_NOT_OPEN, action=action.id, state=action.state.value)
    asker = Asker(by=by, at=office.house.now())
    register = make_register(
        office, action.product, as_of=mark.block, extent=Extent.REDUCED, asker=asker
    )
    if register.facts_digest != mark.digest:
        raise Fault(
            Reason.INVARIANT_BROKEN,
            number=2,
            problem=f"the register of block {mark.block} is not the one that {action.id} kept",
        )
    return register


def issue_document(
    office: Office, action: CorporateAction, *, after: bool, form: Form, language: Language, by: str
) -> Issued:
    """The same as a file, with the record of its inspection. Raises as `document`, and as `issue_register`."""
    mark = action.after if after else action.before
    if mark is None:
        raise Refusal(Reason.ACTION_NOT_OPEN, action=action.id, state=action.state.value)
    return issue_register(
        office,
        action.product,
        as_of=mark.block,
        extent=Extent.REDUCED,
        form=form,
        language=language,
        request=inspection_request(requester=action.id, reason=action.resolution),
        asker=Asker(by=by, at=office.house.now()),
    )


def anchor_documents(
    office: Office, action: CorporateAction, *, by: str
) -> tuple[AnchoredRegister, AnchoredRegister]:
    """Anchors the registers before and after an action that is done. Again, it changes nothing. Raises as `document`,
    and as `anchor_register`."""
    before, after = (document(office, action, after=side, by=by) for side in (False, True))
    now = office.house.now()
    return (
        anchor_register(office, before, now=now, by=by),
        anchor_register(office, after, now=now, by=by),
    )


def _mark(office: Office, product: ProductId, *, by: str) -> RegisterMark:
    office.read()
    asker = Asker(by=by, at=office.house.now())
    register = make_register(office, product, as_of=None, extent=Extent.REDUCED, asker=asker)
    return RegisterMark(register.stamp.number, Digest(register.facts_digest))
