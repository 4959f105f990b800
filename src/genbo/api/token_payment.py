"""Payments in a yen token (電子決済手段による支払): a product's terms, and the batches that pay a distribution.

a batch is ordered
├── of a distribution that was declared as a bank transfer: `payment_way_other`
├── nothing payable: `payment_nothing_due`; the payer has too little: `payment_funds_too_low`, and no batch was made
├── a payee who is blocked or has no address: that line is put aside, owed as before, and may be released to the bank
└── otherwise: its maker's signature is kept with it, somebody else approves the command, and it goes out. Its lines are
    sent until the ledger has said what became of each; asked again under the same key, it is the same batch
"""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.acting import ORDERED, Acts, Order, Ordered
from genbo.api.asking import Asks
from genbo.api.distribution import RunPath, YenTokenTerms
from genbo.api.ids import ADDRESS, ProductPath
from genbo.api.mode import Mode
from genbo.api.request import answered, as_response, request_key
from genbo.api.roles import BY_PRODUCT
from genbo.api.router import router as a_router
from genbo.bootstrap.acts.desk import ActDesk
from genbo.bootstrap.acts.paying import make_ready, pay_in_token
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.once import once
from genbo.bootstrap.token_payments import record_terms
from genbo.bootstrap.token_payments_settled import reconcile_token
from genbo.chain.contracts.base import as_address
from genbo.entitlements import BatchState, TokenSums, YenToken
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import Address, ProductId
from genbo.storage.payment_terms import PaymentTerms as StoredTerms
from genbo.storage.requests import Answered
from genbo.storage.token_payments import StoredBatch, TokenPayments

router = a_router("payments")

AnAddress = Annotated[str, StringConstraints(pattern=ADDRESS)]


class PaymentTerms(BaseModel):
    """How the distributions of a product are paid that are declared from now on (支払方法)."""

    yen_token: Annotated[
        YenTokenTerms | None,
        Field(description="The yen token; none: by bank transfer. 円建トークン"),
    ]
    payment_contract: Annotated[
        str | None, Field(description="Whom the payer allows the yen to. 支払用コントラクト")
    ]


class PaymentTermsOrder(BaseModel):
    """Other payment terms (支払方法の変更)."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[
        AnAddress | None,
        Field(description="Of the list of yen tokens; none: by bank transfer. 円建トークン"),
    ] = None
    payer: Annotated[
        AnAddress | None,
        Field(description="Holds the yen and allows it, run by run. 支払人のアドレス"),
    ] = None
    evidence_ref: Annotated[
        str,
        StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$"),
        Field(description="Reference of the decision, no personal data. 証跡参照"),
    ]


class TokenBatch(BaseModel):
    """A batch of payments in a yen token (円建トークン支払)."""

    number: Annotated[int, Field(description="番号")]
    state: Annotated[BatchState, Field(description="状態")]
    records: Annotated[int, Field(description="Lines in it. 件数")]
    total: Annotated[int, Field(description="Yen of them. 合計金額")]
    command: Annotated[str, Field(description="The order that pays it. 指図ID")]
    tx: Annotated[str | None, Field(description="Once it is final. 取引ハッシュ")]
    block: Annotated[int | None, Field(description="ブロック番号")]
    made_at: Annotated[datetime, Field(description="作成日時")]
    settled_at: Annotated[datetime | None, Field(description="確定日時")]

    @classmethod
    def of(cls, each: StoredBatch) -> Self:
        return cls(
            number=each.number,
            state=each.state,
            records=each.records,
            total=each.total,
            command=each.command,
            tx=each.tx,
            block=each.block,
            made_at=each.made_at,
            settled_at=each.settled_at,
        )


class PaidSums(BaseModel):
    """Register and ledger side by side (照合)."""

    agree: Annotated[bool, Field(description="Whether they say the same of every line. 一致")]
    register_lines: Annotated[int, Field(description="Marked as paid. 原簿側の件数")]
    register_yen: Annotated[int, Field(description="原簿側の金額")]
    ledger_lines: Annotated[int, Field(description="Paid by the contract. 台帳側の件数")]
    ledger_yen: Annotated[int, Field(description="台帳側の金額")]
    apart: Annotated[list[int], Field(description="Lines that differ. 不一致の明細番号")]

    @classmethod
    def of(cls, sums: TokenSums) -> Self:
        return cls(
            agree=sums.agree,
            register_lines=sums.lines,
            register_yen=sums.yen,
            ledger_lines=sums.ledger_lines,
            ledger_yen=sums.ledger_yen,
            apart=list(sums.apart),
        )


class TokenBatches(BaseModel):
    """What was paid of a distribution in its yen token."""

    items: Annotated[list[TokenBatch], Field(description="By number. 円建トークン支払")]
    sums: Annotated[PaidSums, Field(description="照合結果")]


_RUN = "/products/{product}/distributions/{distribution}"


@router.get("/products/{product}/payment-terms")
def read_payment_terms(product: ProductPath, ask: Asks) -> PaymentTerms:
    """How distributions of the product are paid that are declared from now on. 支払方法"""
    found = ask.sight.product(ProductId(product))
    with ask.office.house.database.read() as connection:
        token = StoredTerms(connection).of(found.product_id)
    return _terms(ask.office.paying().disbursement, token)


@router.post("/products/{product}/payment-terms", status_code=201, response_model=PaymentTerms)
def set_payment_terms(product: ProductPath, body: PaymentTermsOrder, ask: Asks) -> object:
    """Records how distributions are paid that are declared from now on: in a yen token of the list, or by bank
    transfer. That pays nothing: maker and approver of each distribution sign its terms. 支払方法の登録"""
    found = ask.sight.product(ProductId(product))

    def act(_: Connection) -> Answered:
        token = record_terms(
            ask.office,
            found.product_id,
            cash=_address(body.token),
            payer=_address(body.payer),
            evidence_ref=body.evidence_ref,
            by=ask.by,
        )
        return answered(201, _terms(ask.office.paying().disbursement, token))

    key = request_key(ask, "POST /v1/products/{product}/payment-terms", body, product=product)
    return as_response(once(ask.office.house, key, act))


@router.get(f"{_RUN}/token-payments")
def list_token_payments(product: ProductPath, distribution: RunPath, ask: Asks) -> TokenBatches:
    """The batches that were ordered of a distribution, and whether register and ledger say the same of its lines.
    円建トークン支払一覧・照合"""
    run = ask.sight.payees.run(ProductId(product), distribution)
    with ask.office.house.database.read() as connection:
        found = TokenPayments(connection).batches(run.id)
    sums = reconcile_token(ask.office, run.id)
    return TokenBatches(items=[TokenBatch.of(each) for each in found], sums=PaidSums.of(sums))


@router.post(f"{_RUN}/token-payments", responses=ORDERED)
def order_token_payments(
    product: ProductPath, distribution: RunPath, body: Order, act: Acts
) -> Ordered:
    """Orders the next batch of payments in the yen token, up to two hundred lines: its maker signs every line and
    address; somebody else approves the command. Ordered until nothing is due. 円建トークン支払の指図"""
    run = act.ask.sight.payees.run(ProductId(product), distribution)

    def plan(desk: ActDesk) -> Planned:
        if act.mode is Mode.SUBMIT:
            make_ready(desk, run, by=act.ask.by)
        return pay_in_token(desk, run, key=act.ask.key)

    return act.of_product(product, body, plan)


# Inside ----------------------------------------------------------------------------------------------


def _address(text: str | None) -> Address | None:
    return None if text is None else as_address(text.lower())


def _terms(contract: Address | None, token: YenToken | None) -> PaymentTerms:
    return PaymentTerms(yen_token=YenTokenTerms.of(token), payment_contract=contract)


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/payment-terms"): reads(BY_PRODUCT),
    ("POST", "/v1/products/{product}/payment-terms"): updates(_REGISTRAR),
    ("GET", f"/v1{_RUN}/token-payments"): reads(BY_PRODUCT),
    ("POST", f"/v1{_RUN}/token-payments"): updates(_REGISTRAR),
}
