"""Corporate actions (コーポレートアクション): redemptions, splits and additional issues, from the decision to its end.

an action is decided, or approved
├── `dry_run`: allowed, or the problem for which it would be refused; nothing is stored
├── `prepare`: everything that the decision says, as typed data to be signed; nothing is stored
└── `submit`, with the signature
    ├── that is not over exactly this order, also because another split came first: `signature_invalid`
    ├── of somebody who does not own the duty's Safe: `duty_missing`; of its maker, to approve: `same_person`
    └── otherwise: 201 with the action; approved, it may be carried out from its day on
its execution is ordered, by the signature of one of them
├── when it is not approved, its day has not come, or it was overtaken: refused, and nothing has happened
└── otherwise: 202; the service carries it out with the keys of those who decided. How far it is, and why it was
    refused, is told with the action; refused, it may be ordered again
"""

from datetime import date, datetime
from typing import Annotated, Any, Self, TypeAlias

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.acting import Acting, Acts, Signer, ToBeSigned, problem_of
from genbo.api.asking import Asking, Asks
from genbo.api.decision import ActionOrder, Added, Divided, Redeemed
from genbo.api.document import as_file, described
from genbo.api.ids import ID, ProductPath
from genbo.api.judged import Judged
from genbo.api.mode import Mode
from genbo.api.problem import Problem
from genbo.api.request import answered, as_response, request_key
from genbo.api.roles import BY_PRODUCT
from genbo.api.router import router as a_router
from genbo.bootstrap import corporate_actions_outside as outside
from genbo.bootstrap import executions
from genbo.bootstrap.corporate_actions import document, issue_document, turned_down
from genbo.bootstrap.executions import Execution, execution_of
from genbo.bootstrap.once import once
from genbo.bootstrap.settled import settled
from genbo.compliance.reasons import Language
from genbo.entitlements import (
    ActionKind,
    ActionState,
    IssueTerms,
    RedemptionTerms,
    RegisterMark,
    SplitTerms,
)
from genbo.entitlements import CorporateAction as Action
from genbo.governance import CommandState
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import ProductId, Reason, Refusal
from genbo.reporting import Form
from genbo.storage.requests import Answered

router = a_router("corporate-actions")

ActionPath: TypeAlias = Annotated[str, Path(pattern=ID, description="Id of the decision. 決定ID")]


class Mark(BaseModel):
    """A register as it stood (原簿の記録)."""

    block: Annotated[int, Field(description="The last block that is in it. ブロック番号")]
    digest: Annotated[str, Field(description="Of its content without names. ハッシュ")]

    @classmethod
    def of(cls, mark: RegisterMark | None) -> Self | None:
        return None if mark is None else cls(block=mark.block, digest=mark.digest)


class Carried(BaseModel):
    """The last order to carry it out (実行の指図)."""

    command: Annotated[str, Field(description="指図ID")]
    state: Annotated[
        CommandState,
        Field(description="`checked` while it is under way, `final`, or `refused`. 状態"),
    ]
    ordered_at: Annotated[datetime, Field(description="指図日時")]
    ordered_by: Annotated[str, Field(description="As the key store names it. 指図者")]
    refusal: Annotated[Problem | None, Field(description="Why it was refused. 拒否理由")]
    jobs: Annotated[
        list[str], Field(description="Bulk acts of a redemption, with their progress. 一括処理ID")
    ]

    @classmethod
    def of(cls, found: Execution, ask: Asking, request: Request) -> Self:
        order = found.order
        refusal = order.outcome.refusal()
        return cls(
            command=order.id,
            state=order.state,
            ordered_at=order.made_at,
            ordered_by=order.command.maker,
            refusal=None if refusal is None else problem_of(refusal, ask, request),
            jobs=list(found.jobs),
        )


class CorporateAction(BaseModel):
    """A redemption, a split or an additional issue as it stands (コーポレートアクション)."""

    action: Annotated[str, Field(description="決定ID", examples=["SP-2022-04"])]
    kind: Annotated[ActionKind, Field(description="種別")]
    state: Annotated[ActionState, Field(description="状態")]
    product: Annotated[str, Field(description="受益権ID")]
    day: Annotated[date, Field(description="From 00:00 JST of this day on. 効力発生日")]
    redemption: Annotated[Redeemed | None, Field(description="償還")] = None
    split: Annotated[Divided | None, Field(description="分割")] = None
    additional_issue: Annotated[Added | None, Field(description="追加発行")] = None
    resolution: Annotated[str, Field(description="Its reference. 決議")]
    evidence: Annotated[str, Field(description="SHA-256 of the resolution. 決議書のダイジェスト")]
    command: Annotated[str, Field(description="The order that is signed. 指図ID")]
    maker: Annotated[str, Field(description="As the key store names it, or the account. 起案者")]
    made_at: Annotated[datetime, Field(description="起案日時")]
    decided_by: Annotated[str | None, Field(description="Approved or rejected by. 決定者")]
    decided_at: Annotated[datetime | None, Field(description="決定日時")]
    before: Annotated[Mark | None, Field(description="実行前の原簿")]
    after: Annotated[Mark | None, Field(description="実行後の原簿")]
    done_at: Annotated[datetime | None, Field(description="実行日時")]
    execution: Annotated[
        Carried | None, Field(description="None where none was ordered here. 実行の指図")
    ] = None

    @classmethod
    def of(cls, action: Action, execution: Carried | None = None) -> Self:
        terms = action.terms
        return cls(
            action=action.id,
            kind=action.kind,
            state=action.state,
            product=action.product,
            day=action.day,
            redemption=Redeemed.of(terms) if isinstance(terms, RedemptionTerms) else None,
            split=Divided(factor=terms.factor, epoch=terms.epoch)
            if isinstance(terms, SplitTerms)
            else None,
            additional_issue=Added(units=int(terms.units), to=terms.to)
            if isinstance(terms, IssueTerms)
            else None,
            resolution=action.resolution,
            evidence=action.evidence,
            command=action.command,
            maker=action.maker,
            made_at=action.made_at,
            decided_by=action.decided_by,
            decided_at=action.decided_at,
            before=Mark.of(action.before),
            after=Mark.of(action.after),
            done_at=action.done_at,
            execution=execution,
        )


class CorporateActions(BaseModel):
    """What was decided about the units of a product."""

    items: Annotated[list[CorporateAction], Field(description="As drafted. コーポレートアクション")]


class ActionDocumentAsked(BaseModel):
    """The register before or after an action, as a file without names (実行前後の原簿)."""

    model_config = ConfigDict(extra="forbid")

    before: Annotated[
        bool, Field(description="The register before it; otherwise after it. 実行前")
    ] = False
    form: Annotated[Form, Field(description="The file. 形式")] = Form.PDF
    language: Annotated[Language, Field(description="Of the document. 帳票の言語")] = Language.JA


Decided: TypeAlias = Judged | ToBeSigned | CorporateAction
"""What a decision, an approval or an execution answers, by its mode."""

_TO_SIGN: dict[str, Any] = {
    "description": "`dry_run`: the judgement; `prepare`: what is to be signed. 判定・署名準備"
}
DECIDED: dict[int | str, dict[str, Any]] = {
    200: _TO_SIGN,
    201: {"model": CorporateAction, "description": "`submit`: the action. 決定"},
}
ORDERED: dict[int | str, dict[str, Any]] = {
    200: _TO_SIGN,
    202: {"model": CorporateAction, "description": "`submit`: it is carried out. 実行の受付"},
}

_ACTIONS = "/products/{product}/corporate-actions"
_ACTION = f"{_ACTIONS}/{{action}}"


@router.get(_ACTIONS)
def list_actions(product: ProductPath, ask: Asks, request: Request) -> CorporateActions:
    """Redemptions, splits and additional issues of a product, drafts and rejected ones among them.
    コーポレートアクション一覧"""
    found = ask.sight.payees.actions(ProductId(product))
    return CorporateActions(items=[_told(each, ask, request) for each in found])


@router.get(_ACTION)
def read_action(
    product: ProductPath, action: ActionPath, ask: Asks, request: Request
) -> CorporateAction:
    """One of them: who signed it, how far it is, and the registers before and after it. コーポレートアクション"""
    return _told(ask.sight.payees.action(ProductId(product), action), ask, request)


@router.post(_ACTIONS, response_model=Decided, responses=DECIDED)
def decide_action(product: ProductPath, body: ActionOrder, act: Acts) -> object:
    """Drafts a redemption in part or in full, a split or an additional issue, on a resolution. Its maker signs all that
    it says; nothing happens before somebody else approves it and its day has come. コーポレートアクションの起案"""
    office = act.ask.office
    act.ask.sight.product(ProductId(product))
    office.has_token(ProductId(product))
    if act.mode is Mode.DRY_RUN:
        return act.judged_by(lambda: outside.judge(office, body.decision(product), body.terms))
    decision, terms = body.decision(product), body.terms
    if body.maker is None:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body.maker", problem="missing")
    if act.mode is Mode.PREPARE:
        maker = body.maker.address
        return ToBeSigned.of(outside.prepare(office, decision, terms, maker=maker))
    handed = body.maker.handed("maker.")

    def decided(connection: Connection) -> Answered:
        found = outside.decide(
            connection,
            office,
            decision,
            terms,
            handed,
            document=body.evidence.document,
            by=act.ask.by,
        )
        return answered(201, CorporateAction.of(found))

    return _once(act, f"POST /v1{_ACTIONS}", body, decided, product=product)


@router.post(f"{_ACTION}/approvals", response_model=Decided, responses=DECIDED)
def approve_action(product: ProductPath, action: ActionPath, body: Signer, act: Acts) -> object:
    """Approves a draft by the signature of somebody other than its maker, over the same order: it may be carried out
    from its day on. コーポレートアクションの承認"""
    office = act.ask.office
    found = act.ask.sight.payees.action(ProductId(product), action)
    if act.mode is Mode.DRY_RUN:
        return act.judged_by(lambda: _asked(outside.prepare_approval(office, found, body.address)))
    if act.mode is Mode.PREPARE:
        return ToBeSigned.of(outside.prepare_approval(office, found, body.address))
    handed = body.handed()

    def approved(connection: Connection) -> Answered:
        now = outside.approve(connection, office, found.id, handed, by=act.ask.by)
        return answered(201, CorporateAction.of(now))

    route = f"POST /v1{_ACTION}/approvals"
    return _once(act, route, body, approved, product=product, action=action)


@router.post(f"{_ACTION}/rejection", status_code=201, response_model=CorporateAction)
def reject_action(product: ProductPath, action: ActionPath, ask: Asks) -> object:
    """Turns a draft down, or takes it back; its id is not used again. That moves nothing, so no signature is asked for.
    コーポレートアクションの却下・取下"""
    found = ask.sight.payees.action(ProductId(product), action)

    def rejected(connection: Connection) -> Answered:
        now = turned_down(connection, ask.office, found.id, by=ask.by)
        return answered(201, CorporateAction.of(now))

    key = request_key(ask, f"POST /v1{_ACTION}/rejection", None, product=product, action=action)
    return as_response(once(ask.office.house, key, rejected))


@router.post(f"{_ACTION}/execution", response_model=Decided, responses=ORDERED)
def execute_action(product: ProductPath, action: ActionPath, body: Signer, act: Acts) -> object:
    """Orders that an approved action is carried out, from its day on, by the signature of somebody who may decide. The
    service makes its acts on the ledger with the keys of those who decided, goes on where it was interrupted, and
    drafts the payment of a redemption. コーポレートアクションの実行"""
    office, ask = act.ask.office, act.ask
    found = ask.sight.payees.action(ProductId(product), action)
    office.has_token(found.product)
    if act.mode is Mode.DRY_RUN:
        return act.judged_by(lambda: executions.require_ready(office, found))
    if act.mode is Mode.PREPARE:
        return ToBeSigned.of(executions.prepare(office, found, maker=body.address))
    handed = body.handed()

    def ordered(connection: Connection) -> Answered:
        executions.order(connection, office, found, handed, by=ask.by)
        execution = execution_of(connection, office, found)
        assert execution is not None
        told = CorporateAction.of(found, Carried.of(execution, ask, act.request))
        return answered(202, told)

    route = f"POST /v1{_ACTION}/execution"
    return _once(act, route, body, ordered, product=product, action=action)


@router.post(
    f"{_ACTION}/documents",
    response_class=Response,
    responses=described(
        Form.JSON,
        Form.CSV,
        Form.XLSX,
        Form.PDF,
        X_Inspection="Id in the inspection log. 閲覧記録ID",
    ),
)
def make_action_document(
    product: ProductPath, action: ActionPath, asked: ActionDocumentAsked, ask: Asks
) -> Response:
    """The register before or after an action that was carried out, as a file without names: the one that was kept, or
    none. Giving it out is recorded; it changes nothing and needs no Idempotency-Key. 実行前後の原簿の出力"""
    office, after = ask.office, not asked.before
    found = ask.sight.payees.action(ProductId(product), action)
    document(office, found, after=after, by=ask.by)
    issued = issue_document(
        office, found, after=after, form=asked.form, language=asked.language, by=ask.by
    )
    register = issued.register
    return as_file(
        issued.content,
        asked.form,
        name="register",
        facts=register.facts_digest,
        as_of=register.as_of,
        stamp=register.stamp,
        final=settled(office.house, register.stamp, block=register.stamp.number).final,
        X_Inspection=issued.inspection.id,
    )


# Inside ----------------------------------------------------------------------------------------------


def _told(action: Action, ask: Asking, request: Request) -> CorporateAction:
    with ask.office.house.database.read() as connection:
        execution = execution_of(connection, ask.office, action)
    told = None if execution is None else Carried.of(execution, ask, request)
    return CorporateAction.of(action, told)


def _once(act: Acting, route: str, body: BaseModel, does: Any, **named: str) -> object:
    key = request_key(act.ask, route, body, **named)
    return as_response(once(act.ask.office.house, key, does))


def _asked(_: object) -> None:
    """What was asked was whether it is refused."""


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("GET", f"/v1{_ACTIONS}"): reads(BY_PRODUCT),
    ("GET", f"/v1{_ACTION}"): reads(BY_PRODUCT),
    ("POST", f"/v1{_ACTIONS}"): updates(_REGISTRAR),
    ("POST", f"/v1{_ACTION}/approvals"): updates(_REGISTRAR),
    ("POST", f"/v1{_ACTION}/rejection"): updates(_REGISTRAR),
    ("POST", f"/v1{_ACTION}/execution"): updates(_REGISTRAR),
    ("POST", f"/v1{_ACTION}/documents"): reads(BY_PRODUCT),
}
