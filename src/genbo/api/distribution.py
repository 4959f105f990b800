"""Distributions (分配): declared by one person and approved by another, whose keys are outside; never edited.

a distribution is declared or approved
├── `dry_run`: allowed, or the problem for which it would be refused; nothing is stored
├── `prepare`: the order with its sums and the root of its payee lines, as typed data to be signed; nothing is stored
└── `submit`, with the signature
    ├── to declare one to many payees: 202 with the job that declares it (`later`)
    ├── that is not over exactly this order, also because who is paid what changed since: `signature_invalid`
    ├── of somebody who does not own the duty's Safe: `duty_missing`; of its maker, to approve: `same_person`
    └── otherwise: 201 with the distribution; approved, its lines can be paid
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self, TypeAlias

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.acting import Acting, Acts, Order, Signer, ToBeSigned
from genbo.api.asking import Asks
from genbo.api.ids import ID, AnId, Cursor, Limit, ProductPath
from genbo.api.job import Job
from genbo.api.judged import Judged
from genbo.api.later import LATER, Prefer, accepted_again, is_later
from genbo.api.mode import Mode
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.papers import Evidence
from genbo.api.record_date import in_range
from genbo.api.register_document import Words
from genbo.api.request import answered, as_response, request_key
from genbo.api.roles import BY_PRODUCT, HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.bootstrap import distributions_outside as outside
from genbo.bootstrap.distributions import Wanted, turned_down
from genbo.bootstrap.document_jobs import ask_for_distribution
from genbo.bootstrap.once import once
from genbo.entitlements import (
    Hold,
    Payment,
    PaymentState,
    PaymentWay,
    Run,
    RunState,
    TaxCategory,
    YenToken,
    per_unit,
)
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import Digest, ProductId, Reason, Refusal
from genbo.storage.record_dates import RecordDates
from genbo.storage.requests import Answered

router = a_router("distributions")

RunPath: TypeAlias = Annotated[str, Path(pattern=ID, description="Id of the distribution. 分配ID")]
PerUnitText: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,10})?$")]


class Sums(BaseModel):
    """What a distribution comes to (合計). Money is whole yen."""

    payees: Annotated[int, Field(description="支払先数", examples=[503])]
    units: Annotated[int, Field(description="数量", examples=[1453])]
    gross: Annotated[int, Field(description="Before tax. 総額")]
    income: Annotated[int, Field(description="Of it, income. 分配金・利子")]
    capital: Annotated[int, Field(description="Of it, capital returned. 元本の払戻し")]
    income_tax: Annotated[int, Field(description="所得税・復興特別所得税")]
    local_tax: Annotated[int, Field(description="地方税")]
    net: Annotated[int, Field(description="After tax. 税引後")]
    points: Annotated[int, Field(description="ポイント")]
    to_pay: Annotated[int, Field(description="支払額")]
    to_reclaim: Annotated[int, Field(description="By a correction. 返還請求額")]
    remainder: Annotated[
        str, Field(description="Yen that cutting to the yen leaves over, decimal. 端数")
    ]

    @classmethod
    def of(cls, run: Run) -> Self:
        sums = run.totals
        return cls(
            payees=sums.payees,
            units=sums.units,
            gross=sums.gross,
            income=sums.income,
            capital=sums.capital,
            income_tax=sums.income_tax,
            local_tax=sums.local_tax,
            net=sums.net,
            points=sums.points,
            to_pay=sums.to_pay,
            to_reclaim=sums.to_reclaim,
            remainder=f"{sums.remainder.normalize():f}",
        )


class YenTokenTerms(BaseModel):
    """The yen token (電子決済手段) that is paid in, and who pays."""

    chain_id: Annotated[int, Field(description="チェーンID")]
    cash: Annotated[str, Field(description="Address of the token. 円建トークン")]
    decimals: Annotated[int, Field(description="小数桁数")]
    payer: Annotated[str, Field(description="Address that holds the yen. 支払人")]

    @classmethod
    def of(cls, token: YenToken | None) -> Self | None:
        if token is None:
            return None
        return cls(
            chain_id=token.chain_id,
            cash=token.cash,
            decimals=token.decimals,
            payer=token.payer,
        )


class Distribution(BaseModel):
    """A distribution (分配) as it stands."""

    distribution: Annotated[str, Field(description="分配ID", examples=["D-2022-01"])]
    state: Annotated[RunState, Field(description="状態")]
    product: Annotated[str, Field(description="受益権ID")]
    record_day: Annotated[date, Field(description="権利確定日")]
    payment_day: Annotated[date, Field(description="支払日")]
    corrects: Annotated[str | None, Field(description="The one that it corrects. 訂正元")]
    income_per_unit: Annotated[str, Field(description="Yen, decimal. 1口当たり分配金・利子")]
    capital_per_unit: Annotated[str, Field(description="Yen, decimal. 1口当たり元本の払戻し")]
    points_per_unit: Annotated[str, Field(description="Decimal. 1口当たりポイント")]
    sums: Annotated[Sums, Field(description="合計")]
    digest: Annotated[str, Field(description="SHA-256 over its payee lines. ハッシュ")]
    root: Annotated[str, Field(description="Of the tree of its payee lines. マークルルート")]
    why: Annotated[str, Field(description="The decision it rests on. 根拠")]
    command: Annotated[str, Field(description="The order that is signed. 指図ID")]
    maker: Annotated[str, Field(description="As the key store names it, or the account. 起案者")]
    made_at: Annotated[datetime, Field(description="起案日時")]
    decided_by: Annotated[str | None, Field(description="Approved or rejected by. 決定者")]
    decided_at: Annotated[datetime | None, Field(description="決定日時")]
    yen_token: Annotated[
        YenTokenTerms | None, Field(description="None: by bank transfer. 円建トークン")
    ] = None

    @classmethod
    def of(cls, run: Run) -> Self:
        return cls(
            distribution=run.id,
            state=run.state,
            product=run.product,
            record_day=run.record_day,
            payment_day=run.payment_day,
            corrects=run.corrects,
            income_per_unit=_plain(run.amounts.income),
            capital_per_unit=_plain(run.amounts.capital),
            points_per_unit=_plain(run.amounts.points),
            sums=Sums.of(run),
            digest=run.digest,
            root=run.root,
            why=run.why,
            command=run.command,
            maker=run.maker,
            made_at=run.made_at,
            decided_by=run.decided_by,
            decided_at=run.decided_at,
            yen_token=YenTokenTerms.of(run.token),
        )


class Distributions(BaseModel):
    """The distributions of a product."""

    items: Annotated[list[Distribution], Field(description="As they were made. 分配")]


class Payee(BaseModel):
    """A payee line (支払明細): what one holder is owed, in yen, and how far its payment is."""

    line: Annotated[int, Field(description="明細番号")]
    holder: Annotated[
        str, Field(description="投資家ID; an address where nobody is registered behind it")
    ]
    units: Annotated[int, Field(description="数量")]
    category: Annotated[TaxCategory, Field(description="税区分")]
    income: Annotated[int, Field(description="分配金・利子")]
    capital: Annotated[int, Field(description="元本の払戻し")]
    income_tax: Annotated[int, Field(description="所得税・復興特別所得税")]
    local_tax: Annotated[int, Field(description="地方税")]
    points: Annotated[int, Field(description="ポイント")]
    due: Annotated[int, Field(description="To be paid; below zero: to be reclaimed. 支払額")]
    state: Annotated[PaymentState, Field(description="明細の状態")]
    hold: Annotated[Hold | None, Field(description="Why it is put aside. 留保の理由")]
    file: Annotated[int | None, Field(description="Last payment file. 振込ファイル番号")]
    settled_on: Annotated[date | None, Field(description="The day it was paid, or came back. 日")]
    way: Annotated[PaymentWay, Field(description="By the bank, or in a yen token. 支払方法")] = (
        PaymentWay.BANK
    )
    batch: Annotated[
        int | None, Field(description="Last batch of a yen token. 円建トークン支払の番号")
    ] = None

    @classmethod
    def of(cls, each: Payment) -> Self:
        line = each.line
        return cls(
            line=line.number,
            holder=line.holder,
            units=line.units,
            category=line.category,
            income=line.income,
            capital=line.capital,
            income_tax=line.income_tax,
            local_tax=line.local_tax,
            points=line.points,
            due=line.due,
            state=each.state,
            hold=line.hold,
            file=each.file,
            settled_on=each.settled_on,
            way=each.way,
            batch=each.batch,
        )


class DistributionOrder(Order):
    """A distribution or coupon to declare (分配の起案)."""

    model_config = ConfigDict(extra="forbid")

    distribution: Annotated[
        AnId, Field(description="Its id, used once. 分配ID", examples=["D-2022-01"])
    ]
    record_day: Annotated[date, Field(description="A record date that was fixed. 権利確定日")]
    income: Annotated[
        PerUnitText, Field(description="Yen per unit before tax. 1口当たり分配金・利子")
    ] = "0"
    capital: Annotated[
        PerUnitText, Field(description="Yen per unit, untaxed. 1口当たり元本の払戻し")
    ] = "0"
    points: Annotated[PerUnitText, Field(description="Beside cash. 1口当たりポイント")] = "0"
    payment_day: Annotated[
        date | None, Field(description="By default the day that the terms set. 支払日")
    ] = None
    corrects: Annotated[
        AnId | None,
        Field(description="The one that was wrong: it pays the differences. 訂正元"),
    ] = None
    why: Annotated[Words, Field(description="Decision it rests on, no personal data. 根拠")]
    evidence: Annotated[Evidence | None, Field(description="根拠書類")] = None

    def wanted(self, product: str) -> Wanted:
        """Raises Refusal: `field_invalid`, `time_malformed`."""
        in_range(self.record_day)
        in_range(self.payment_day)
        return Wanted(
            id=self.distribution,
            product=ProductId(product),
            record_day=self.record_day,
            amounts=per_unit(
                income=Decimal(self.income),
                capital=Decimal(self.capital),
                points=Decimal(self.points),
            ),
            why=self.why,
            payment_day=self.payment_day,
            corrects=self.corrects,
        )

    @property
    def digest(self) -> Digest | None:
        return None if self.evidence is None else Digest(self.evidence.sha256)


Declared: TypeAlias = Judged | ToBeSigned | Distribution
"""What a declaration or an approval answers, by its mode."""

DECLARED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`dry_run`: the judgement; `prepare`: what is to be signed. 判定・署名準備"
    },
    201: {"model": Distribution, "description": "`submit`: the distribution. 分配"},
}


@router.get("/products/{product}/distributions")
def list_distributions(product: ProductPath, ask: Asks) -> Distributions:
    """The distributions and coupons of a product, drafts and rejected ones among them. 分配一覧"""
    found = ask.sight.payees.runs(ProductId(product))
    return Distributions(items=[Distribution.of(each) for each in found])


@router.get("/products/{product}/distributions/{distribution}")
def read_distribution(product: ProductPath, distribution: RunPath, ask: Asks) -> Distribution:
    """One distribution with its sums and its state. 分配"""
    return Distribution.of(ask.sight.payees.run(ProductId(product), distribution))


@router.get("/products/{product}/distributions/{distribution}/lines")
def list_lines(
    product: ProductPath,
    distribution: RunPath,
    ask: Asks,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[Payee]:
    """What each holder is owed and how far its payment is, as far as it is seen: a registrar and an issuer see every
    line by id; others those of their own customers, once it was approved. 支払明細一覧"""
    question = {"of": ask.institution.id, "lines": product, "run": distribution}
    begin = after_as(question, cursor, int)
    rows = ask.sight.payees.lines(
        ProductId(product),
        distribution,
        after=None if begin is None else begin[0],
        most=limit + 1,
    )
    return Page(
        items=[Payee.of(each) for each in rows[:limit]],
        next=next_of(question, [(each.line.number,) for each in rows], limit=limit),
    )


@router.post(
    "/products/{product}/distributions", response_model=Declared, responses=DECLARED | LATER
)
def declare_distribution(
    product: ProductPath, body: DistributionOrder, act: Acts, prefer: Prefer = None
) -> object:
    """Drafts a distribution or coupon: every payee's amount and taxes to the yen. Its maker signs the sums and the root
    of the lines; nothing is paid before somebody else approves it. One to many payees is declared by a job (202).
    分配の起案・訂正"""
    office = act.ask.office
    act.ask.sight.product(ProductId(product))
    if act.mode is Mode.DRY_RUN:
        return act.judged_by(lambda: outside.judge(office, body.wanted(product)))
    wanted = body.wanted(product)
    if body.maker is None:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body.maker", problem="missing")
    if act.mode is Mode.PREPARE:
        prepared = outside.prepare(office, wanted, maker=body.maker.address, evidence=body.digest)
        return ToBeSigned.of(prepared)
    handed = body.maker.handed("maker.")

    def declared(connection: Connection) -> Answered:
        fixed = RecordDates(connection).get(wanted.product, wanted.record_day)
        if is_later(act.ask, fixed.holders, prefer):
            job = ask_for_distribution(
                connection,
                office,
                wanted,
                handed,
                evidence=body.digest,
                payees=fixed.holders,
                institution=act.ask.institution.id,
                by=act.ask.by,
                at=office.house.now(),
            )
            return answered(202, Job.of_document(job, act.ask, act.request))
        run = outside.declare(
            connection, office, wanted, handed, evidence=body.digest, by=act.ask.by
        )
        return answered(201, Distribution.of(run))

    route = "POST /v1/products/{product}/distributions"
    kept = _kept(act, route, body, declared, product=product)
    return accepted_again(kept, prefer) if kept.status == 202 else as_response(kept)


@router.post(
    "/products/{product}/distributions/{distribution}/approvals",
    response_model=Declared,
    responses=DECLARED,
)
def approve_distribution(
    product: ProductPath, distribution: RunPath, body: Signer, act: Acts
) -> object:
    """Approves a draft by the signature of somebody other than its maker, over the same order: its lines can be paid
    then. Its payee list goes to the ledger by whoever keeps the anchoring key. 分配の承認"""
    office = act.ask.office
    run = act.ask.sight.payees.run(ProductId(product), distribution)
    if act.mode is Mode.DRY_RUN:
        return act.judged_by(lambda: _ignored(outside.prepare_approval(office, run, body.address)))
    if act.mode is Mode.PREPARE:
        return ToBeSigned.of(outside.prepare_approval(office, run, body.address))
    handed = body.handed()

    def approved(connection: Connection) -> Answered:
        found = outside.approve(
            connection, office, run.id, handed, at=office.house.now(), by=act.ask.by
        )
        return answered(201, Distribution.of(found))

    route = "POST /v1/products/{product}/distributions/{distribution}/approvals"
    return _once(act, route, body, approved, product=product, distribution=distribution)


@router.post(
    "/products/{product}/distributions/{distribution}/rejection",
    status_code=201,
    response_model=Distribution,
)
def reject_distribution(product: ProductPath, distribution: RunPath, ask: Asks) -> object:
    """Turns a draft down, or takes it back; its id is not used again. That moves no money, so no signature is asked
    for. 分配の却下・取下"""
    run = ask.sight.payees.run(ProductId(product), distribution)

    def rejected(connection: Connection) -> Answered:
        found = turned_down(connection, ask.office, run.id, by=ask.by)
        return answered(201, Distribution.of(found))

    route = "POST /v1/products/{product}/distributions/{distribution}/rejection"
    key = request_key(ask, route, None, product=product, distribution=distribution)
    return as_response(once(ask.office.house, key, rejected))


# Inside ----------------------------------------------------------------------------------------------


def _once(act: Acting, route: str, body: BaseModel, does: Any, **named: str) -> object:
    return as_response(_kept(act, route, body, does, **named))


def _kept(act: Acting, route: str, body: BaseModel, does: Any, **named: str) -> Answered:
    return once(act.ask.office.house, request_key(act.ask, route, body, **named), does)


def _ignored(_: object) -> None:
    """What was asked was whether it is refused."""


def _plain(amount: Decimal) -> str:
    """Without zeros behind it."""
    return f"{amount.normalize():f}"


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/distributions"): reads(BY_PRODUCT),
    ("GET", "/v1/products/{product}/distributions/{distribution}"): reads(BY_PRODUCT),
    ("GET", "/v1/products/{product}/distributions/{distribution}/lines"): reads(HOLDING_ROLES),
    ("POST", "/v1/products/{product}/distributions"): updates(_REGISTRAR),
    ("POST", "/v1/products/{product}/distributions/{distribution}/approvals"): updates(_REGISTRAR),
    ("POST", "/v1/products/{product}/distributions/{distribution}/rejection"): updates(_REGISTRAR),
}
