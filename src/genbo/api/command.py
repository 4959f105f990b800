"""Commands (指図) and their approvals: what an institution ordered, who signed it, and what became of it."""

from typing import Annotated, Any, TypeAlias

from fastapi import Path, Query, Request
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads, updates
from genbo.api.acting import (
    ORDERED,
    Acts,
    AnAccount,
    ASafeNonce,
    ASafeSignature,
    Command,
    Ordered,
    Signer,
    ToBeSigned,
)
from genbo.api.asking import Asking, Asks
from genbo.api.ids import ID, Cursor, Limit
from genbo.api.mode import Mode
from genbo.api.page import USUAL, Page, after
from genbo.api.page import cursor as a_cursor
from genbo.api.router import router as a_router
from genbo.bootstrap.ordered import command_of, commands_of, is_ordered_by
from genbo.bootstrap.signed_outside import Handed
from genbo.chain.command_evidence import evidence_of
from genbo.chain.contracts.base import as_address
from genbo.governance import CommandId, CommandState, Stored
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage.outbox import StoredOutbox

router = a_router("commands")

CommandPath: TypeAlias = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", description="Id of the command. 指図ID")
]


Product: TypeAlias = Annotated[
    str | None, Query(pattern=ID, description="Only those about the product. 受益権ID")
]
State: TypeAlias = Annotated[
    CommandState | None, Query(description="Only those in the state. 状態")
]


class SafeSigner(BaseModel):
    """A signature over the Safe's transaction of that number (二名承認口座への署名)."""

    account: Annotated[AnAccount, Field(description="署名者のアドレス")]
    safe_signature: Annotated[
        ASafeSignature | None, Field(description="Wanted by `submit`. 二名承認口座への署名")
    ] = None
    safe_nonce: Annotated[
        ASafeNonce | None, Field(description="Number that it is over. 口座の番号")
    ] = None


@router.get("/commands")
def list_commands(
    ask: Asks,
    request: Request,
    product: Product = None,
    state: State = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[Command]:
    """The commands that the institution may see, the newest first. 指図一覧"""
    question = {"of": ask.institution.id, "product": product, "state": state}
    begin = after(question, cursor)
    if product is not None:
        ask.sight.product(ProductId(product))
    found = commands_of(
        ask.office,
        institution=ask.institution,
        at=ask.at,
        product=None if product is None else ProductId(product),
        states=[] if state is None else [state],
        after=None if begin is None else _number(begin[0]),
        most=limit + 1,
    )
    shown = [Command.of(each, ask, request) for _, each in found[:limit]]
    more = len(found) > limit
    return Page(items=shown, next=a_cursor(question, [found[limit - 1][0]]) if more else None)


@router.get("/commands/{command}")
def read_command(command: CommandPath, ask: Asks, request: Request) -> Command:
    """One command as it stands. 指図"""
    return Command.of(_seen(ask, command), ask, request)


@router.get("/commands/{command}/evidence")
def read_evidence(command: CommandPath, ask: Asks) -> dict[str, Any]:
    """What was signed, by whom, and where it stands: anybody can verify it without asking us. 指図の証跡"""
    stored = _seen(ask, command)
    deployment = ask.office.deployment
    with ask.office.house.database.read() as connection:
        raw = StoredOutbox(connection, deployment.chain_id).raw(stored.outcome.tx)
    return evidence_of(stored, deployment.platform, raw=raw)


@router.post("/commands/{command}/approvals", responses=ORDERED)
def approve_command(command: CommandPath, body: Signer, act: Acts) -> Ordered:
    """Adds the signature of somebody other than the maker; with enough of them the command is queued. 承認"""
    stored = _seen(act.ask, command)
    if act.mode is Mode.DRY_RUN:
        return act.judged_by(lambda: act.outside.require_open(stored, body.address))
    if act.mode is Mode.PREPARE:
        act.outside.require_open(stored, body.address)
        return ToBeSigned.of(act.outside.prepare(stored.command))
    approved = act.outside.approve(stored.id, body.handed(), by=act.ask.by)
    return act.answered(approved)


@router.post("/commands/{command}/safe-signatures", responses=ORDERED)
def sign_for_safe(command: CommandPath, body: SafeSigner, act: Acts) -> Ordered:
    """Takes the signature, over the Safe's number of now, of somebody who has signed the command: wanted when another
    act of the Safe came first and the sender cannot reach the key. 二名承認口座への署名"""
    stored = _seen(act.ask, command)
    address = as_address(body.account.lower())
    if act.mode is Mode.DRY_RUN:
        return act.judged_by(lambda: act.outside.require_signed(stored, address))
    if act.mode is Mode.PREPARE:
        act.outside.require_signed(stored, address)
        return ToBeSigned.of(act.outside.prepare(stored.command))
    if body.safe_signature is None or body.safe_nonce is None:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body.safe_signature", problem="missing")
    handed = Handed(
        account=address,
        signature=b"",
        safe_signature=bytes.fromhex(body.safe_signature[2:]),
        safe_nonce=body.safe_nonce,
    )
    return act.answered(act.outside.sign_for_safe(stored.id, handed, by=act.ask.by))


@router.post("/commands/{command}/withdrawal", status_code=201)
def withdraw_command(command: CommandPath, ask: Asks, request: Request) -> Command:
    """Takes a command back before it is queued, by a machine of the institution that ordered it: taking back moves
    and lifts nothing, so no signature is asked for. 取下"""
    stored = _seen(ask, command)
    if not is_ordered_by(stored, ask.institution):
        duty = stored.command.duty
        raise Refusal(Reason.DUTY_MISSING, caller=ask.by, duty=duty.name if duty else None)
    withdrawn = ask.office.signed_outside.withdraw(stored.id, by=ask.by)
    return Command.of(withdrawn, ask, request)


def _number(key: str | int) -> int:
    """The number in a cursor. Raises Refusal(cursor_invalid) for one that was made up."""
    if not isinstance(key, int) or abs(key) > 2**62:
        raise Refusal(Reason.CURSOR_INVALID)
    return key


def _seen(ask: Asking, command: str) -> Stored:
    return command_of(
        ask.office, CommandId(command), institution=ask.institution, by=ask.by, at=ask.at
    )


_ROLES = frozenset({InstitutionRole.REGISTRAR, InstitutionRole.PLATFORM_MANAGER})

ACCESS: AccessTable = {
    ("GET", "/v1/commands"): reads(_ROLES),
    ("GET", "/v1/commands/{command}"): reads(_ROLES),
    ("GET", "/v1/commands/{command}/evidence"): reads(_ROLES),
    ("POST", "/v1/commands/{command}/approvals"): updates(_ROLES),
    ("POST", "/v1/commands/{command}/safe-signatures"): updates(_ROLES),
    ("POST", "/v1/commands/{command}/withdrawal"): updates(_ROLES),
}
