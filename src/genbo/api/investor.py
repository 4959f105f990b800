"""Investors (投資家): who they are to the firm that asks, whether they may hold, and, with a purpose, their names."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import Header, Query, Response
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import ID, AnId, Cursor, InvestorPath, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.roles import NAME_ROLES, PERSON_ROLES
from genbo.api.router import router as a_router
from genbo.api.version import UNCHANGED, answer_version
from genbo.compliance.privacy import Purpose
from genbo.kernel import InvestorId, ProductId, business_date
from genbo.storage.investor_pages import JudgedInvestor
from genbo.storage.investors import Identity
from genbo.storage.vault import Erased
from genbo.storage.verdicts import Verdict as StoredVerdict
from genbo.storage.wallets import Wallet as StoredWallet

router = a_router("investors")

MOST_NAMES = 1_000
"""Names that one reading opens."""


class Verdict(BaseModel):
    """The outcome of the last check of a person (KYC, AML)."""

    checked_at: Annotated[datetime, Field(description="確認日時")]
    holds_until: Annotated[
        datetime | None,
        Field(description="First instant it no longer holds; none: it was taken back. 有効期限"),
    ]
    investor_class: Annotated[int, Field(description="投資家区分")]
    aml_class: Annotated[str, Field(description="AML区分", examples=["clear"])]
    blocked: Annotated[bool, Field(description="Neither sends nor receives. 取引停止")]

    @classmethod
    def of(cls, verdict: StoredVerdict) -> Self:
        return cls(
            checked_at=verdict.checked_at,
            holds_until=verdict.until,
            investor_class=verdict.investor_class,
            aml_class=verdict.aml_class,
            blocked=verdict.blocked,
        )


class Investor(BaseModel):
    """An investor (T7), without anything that names it."""

    investor: Annotated[str, Field(description="投資家ID (T7.1)", examples=["IV-7"])]
    kind: Annotated[str, Field(description="個人・法人の別", examples=["individual"])]
    status: Annotated[str, Field(description="投資家ステータス (T7.21)", examples=["active"])]
    safekeeping_kind: Annotated[str, Field(description="保護預り区分 (T7.5)")]
    broker: Annotated[str | None, Field(description="保護預り先ID (T7.6)")]
    broker_customer_id: Annotated[str | None, Field(description="保護預り先内管理ID (T7.7)")]
    custodian: Annotated[str | None, Field(description="カストディアンID (T7.8)")]
    investor_class: Annotated[int, Field(description="Class that products permit. 投資家区分")]
    aml_class: Annotated[str, Field(description="AML区分 (T7.22)", examples=["clear"])]
    changed_at: Annotated[
        datetime, Field(description="When anything of it last changed. 最終更新日時")
    ]
    verdict: Annotated[
        Verdict | None, Field(description="The last check; none before the first. 確認結果")
    ]

    @classmethod
    def of(cls, found: JudgedInvestor) -> Self:
        one = found.investor
        return cls(
            investor=one.investor_id,
            kind=one.kind,
            status=one.status,
            safekeeping_kind=one.safekeeping_kind,
            broker=one.safekeeping_id,
            broker_customer_id=one.broker_customer_id,
            custodian=one.custodian_id,
            investor_class=one.investor_class,
            aml_class=one.aml_class,
            changed_at=found.changed_at,
            verdict=None if found.verdict is None else Verdict.of(found.verdict),
        )


class Wallet(BaseModel):
    """An address of an investor in a product (T6)."""

    product: Annotated[str, Field(description="受益権ID")]
    address: Annotated[str, Field(description="アドレス")]
    state: Annotated[
        str,
        Field(
            description="`waiting` for a verdict, `active`, or `replaced`. 状態",
            examples=["active"],
        ),
    ]
    valid_from: Annotated[datetime | None, Field(description="有効開始")]
    valid_until: Annotated[datetime | None, Field(description="有効終了")]

    @classmethod
    def of(cls, wallet: StoredWallet) -> Self:
        state = "active" if wallet.valid_until is None else "replaced"
        return cls(
            product=wallet.product_id,
            address=wallet.address,
            state="waiting" if wallet.valid_from is None else state,
            valid_from=wallet.valid_from,
            valid_until=wallet.valid_until,
        )


class InvestorWallets(BaseModel):
    """The addresses of an investor."""

    items: Annotated[list[Wallet], Field(description="By product, first to last. アドレス")]


class NamesAsked(BaseModel):
    """A reading of names: of whom, as of which day, and what for. It is recorded (R-PROGMAT-VIS-4)."""

    investors: Annotated[
        list[AnId],
        Field(min_length=1, max_length=MOST_NAMES, description="投資家ID", examples=[["IV-7"]]),
    ]
    purpose: Annotated[Purpose, Field(description="閲覧目的", examples=["register"])]
    on: Annotated[
        date | None,
        Field(description="The day on which the names held; by default today in Japan. 基準日"),
    ] = None


class Name(BaseModel):
    """Name and statutory address of an investor. Erased personal data stays erased."""

    investor: Annotated[str, Field(description="投資家ID")]
    erased: Annotated[bool, Field(description="消去済み")]
    name: Annotated[str | None, Field(description="投資家名称 (T7.3)")]
    registered_address: Annotated[str | None, Field(description="登記住所 (T7.4)")]
    effective: Annotated[date, Field(description="The day they hold from. 効力発生日")]

    @classmethod
    def of(cls, identity: Identity) -> Self:
        erased = isinstance(identity.name, Erased)
        return cls(
            investor=identity.investor_id,
            erased=erased,
            name=None if isinstance(identity.name, Erased) else identity.name,
            registered_address=None
            if isinstance(identity.registered_address, Erased)
            else identity.registered_address,
            effective=identity.effective,
        )


class Names(BaseModel):
    """Names, of all that were asked for."""

    items: Annotated[list[Name], Field(description="By id. 氏名・住所")]


@router.get("/investors")
def list_investors(ask: Asks, limit: Limit = USUAL, cursor: Cursor = None) -> Page[Investor]:
    """The firm's customers, and for a registrar the holders of its products, by id. 投資家一覧"""
    question = {"of": ask.institution.id, "list": "investors"}
    begin = after_as(question, cursor, str)
    found = ask.sight.people.investors(
        after=None if begin is None else InvestorId(begin[0]), most=limit + 1
    )
    keys = [(each.investor.investor_id,) for each in found]
    return Page(
        items=[Investor.of(each) for each in found[:limit]],
        next=next_of(question, keys, limit=limit),
    )


@router.get("/investors/{investor}", responses=UNCHANGED)
def read_investor(
    investor: InvestorPath,
    ask: Asks,
    response: Response,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Investor:
    """One investor, with its version as ETag. 投資家"""
    found = Investor.of(ask.sight.people.investor(InvestorId(investor)))
    return answer_version(found, response, if_none_match)


@router.get("/investors/{investor}/wallets")
def list_wallets(
    investor: InvestorPath,
    ask: Asks,
    product: Annotated[str | None, Query(pattern=ID, description="受益権ID")] = None,
) -> InvestorWallets:
    """The addresses of an investor in every product, or in one, as far as they are seen. アドレス一覧"""
    found = ask.sight.people.wallets(
        InvestorId(investor), product=None if product is None else ProductId(product)
    )
    return InvestorWallets(items=[Wallet.of(each) for each in found])


@router.post("/investors/names")
def read_names(asked: NamesAsked, ask: Asks) -> Names:
    """Names and statutory addresses, of all of these investors or of none. A reading of personal data: who asks, what
    for and of whom is recorded; an issuer needs a disclosure that holds. It is a POST so that no id of a person stands
    in an address, it changes nothing, and it needs no Idempotency-Key: every reading is one. 氏名・住所の閲覧"""
    found = ask.sight.names(
        [InvestorId(each) for each in dict.fromkeys(asked.investors)],
        on=asked.on or business_date(ask.at),
        purpose=asked.purpose,
    )
    return Names(items=[Name.of(found[each]) for each in sorted(found)])


ACCESS: AccessTable = {
    ("GET", "/v1/investors"): reads(PERSON_ROLES),
    ("GET", "/v1/investors/{investor}"): reads(PERSON_ROLES),
    ("GET", "/v1/investors/{investor}/wallets"): reads(PERSON_ROLES),
    ("POST", "/v1/investors/names"): reads(NAME_ROLES),
}
