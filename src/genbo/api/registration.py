"""Registration (投資家登録): a broker registers its own customers, changes them, and gives them addresses."""

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from fastapi import Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, updates
from genbo.api.asking import Asks
from genbo.api.ids import ADDRESS, AnId, InvestorPath
from genbo.api.investor import Investor
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.api.version import etag, require_version
from genbo.bootstrap.customer_wallets import challenge_for, derive, prove
from genbo.bootstrap.customers import (
    CustomerChange,
    NewCustomer,
    change_customer,
    register_customer,
)
from genbo.bootstrap.once import once
from genbo.chain.hexes import address_of
from genbo.chain.possession import PossessionMessage, domain_of, personal_message
from genbo.custody import Challenge as StoredChallenge
from genbo.custody import Key, ProofForm
from genbo.governance.institutions import BROKERS, InstitutionRole
from genbo.kernel import Digest, InvestorId, ProductId, Reason, Refusal, business_date
from genbo.storage.investor_pages import InvestorPages, JudgedInvestor
from genbo.storage.requests import Answered
from genbo.token import InvestorClass

router = a_router("investors")

_KEEPING = frozenset({*BROKERS, InstitutionRole.CUSTODIAN})
_SIGNATURE = r"^0x[0-9a-fA-F]{130}$"
_WORD = r"^0x[0-9a-fA-F]{64}$"


class _Class(StrEnum):
    UNCLASSIFIED = "unclassified"
    INDIVIDUAL = "individual"
    CORPORATION = "corporation"
    PROFESSIONAL = "professional"
    QUALIFIED_INSTITUTION = "qualified_institution"


def _text(description: str, most: int = 200, **more: Any) -> Any:
    return Field(description=description, max_length=most, repr=False, **more)


class _Cells(BaseModel):
    """Personal data that has no versions. What is not written stays, what is null is emptied."""

    model_config = ConfigDict(extra="forbid")

    corporate_number: Annotated[
        str | None, _text("With its check digit; none for an individual. 法人番号 (T7.2)", 20)
    ] = None
    contact_addressee: Annotated[str | None, _text("宛名 (T7.9)")] = None
    contact_postal_code: Annotated[str | None, _text("郵便番号", 20)] = None
    contact_address: Annotated[str | None, _text("連絡先住所")] = None
    contact_phone: Annotated[str | None, _text("電話番号", 40)] = None
    contact_email: Annotated[str | None, _text("メールアドレス", 254)] = None
    payee_bank_code: Annotated[str | None, _text("金融機関コード", 10)] = None
    payee_bank_name_kana: Annotated[str | None, _text("金融機関名カナ", 60)] = None
    payee_branch_code: Annotated[str | None, _text("支店コード", 10)] = None
    payee_branch_name_kana: Annotated[str | None, _text("支店名カナ", 60)] = None
    payee_account_kind: Annotated[str | None, _text("預金種目", 20)] = None
    payee_account_number: Annotated[str | None, _text("口座番号", 20)] = None
    payee_account_holder_kana: Annotated[str | None, _text("口座名義カナ", 100)] = None


class NewInvestor(_Cells):
    """A customer to register. 投資家の登録"""

    investor: Annotated[
        AnId | None,
        Field(description="The id it is to have; by default one is given. 投資家ID (T7.1)"),
    ] = None
    kind: Annotated[Literal["individual", "corporation"], Field(description="個人・法人の別")]
    investor_class: Annotated[
        _Class, Field(description="Class that products permit. 投資家区分")
    ] = _Class.UNCLASSIFIED
    broker_customer_id: Annotated[
        str | None,
        Field(description="The broker's own number. 保護預り先内管理ID (T7.7)", max_length=32),
    ] = None
    name: Annotated[str, _text("投資家名称 (T7.3)", min_length=1)]
    name_kana: Annotated[str | None, _text("How its bearer reads the name. 氏名カナ")] = None
    name_romaji: Annotated[str | None, _text("Name in Latin letters. 氏名ローマ字")] = None
    registered_address: Annotated[str, _text("登記住所 (T7.4)", min_length=1)]
    effective: Annotated[
        date | None,
        Field(description="The day name and address hold from; by default today. 効力発生日"),
    ] = None


class InvestorChange(_Cells):
    """What changed of a customer; what is not written stays. 投資家情報の変更"""

    broker_customer_id: Annotated[
        str | None, Field(description="保護預り先内管理ID (T7.7)", max_length=32)
    ] = None
    name: Annotated[str | None, _text("投資家名称 (T7.3)", min_length=1)] = None
    name_kana: Annotated[str | None, _text("氏名カナ")] = None
    name_romaji: Annotated[str | None, _text("氏名ローマ字")] = None
    registered_address: Annotated[str | None, _text("登記住所 (T7.4)", min_length=1)] = None
    effective: Annotated[
        date | None,
        Field(description="The day a new name or address holds from; by default today. 効力発生日"),
    ] = None


class NewWallet(BaseModel):
    """An address for a customer in a product. アドレスの登録"""

    model_config = ConfigDict(extra="forbid")

    product: Annotated[AnId, Field(description="受益権ID")]
    address: Annotated[
        str | None,
        Field(
            pattern=ADDRESS,
            description="One that its holder proves; by default one below the keeper's tree. アドレス",
        ),
    ] = None


class Challenge(BaseModel):
    """What the holder of an address signs, once, before it expires. 保有証明のチャレンジ"""

    challenge: Annotated[str, Field(description="32 random bytes. チャレンジ")]
    expires: Annotated[datetime, Field(description="有効期限")]
    text: Annotated[str, Field(description="For `eip191` (personal_sign). 署名する文")]
    typed_data: Annotated[
        dict[str, Any], Field(description="For `eip712` (eth_signTypedData_v4). 型付きデータ")
    ]

    @classmethod
    def of(cls, asked: StoredChallenge) -> Self:
        return cls(
            challenge=asked.nonce,
            expires=asked.expires,
            text=personal_message(asked),
            typed_data=PossessionMessage(asked).typed_data(domain_of(asked.deployment)),
        )


class NewWalletAnswer(BaseModel):
    """A waiting address, or what proves one. アドレスの登録結果"""

    product: Annotated[str, Field(description="受益権ID")]
    investor: Annotated[str, Field(description="投資家ID")]
    address: Annotated[str, Field(description="アドレス")]
    state: Annotated[
        Literal["asked", "waiting", "active", "replaced"],
        Field(
            description="`asked`: a proof is missing; `waiting`: speaks once a verdict lets it. 状態"
        ),
    ]
    challenge: Annotated[
        Challenge | None, Field(description="What is to be signed. チャレンジ")
    ] = None

    @classmethod
    def of(cls, key: Key) -> Self:
        return cls(
            product=key.product, investor=key.investor, address=key.address, state=key.state.value
        )


class WalletProof(BaseModel):
    """The signature over a challenge. 保有証明"""

    model_config = ConfigDict(extra="forbid")

    challenge: Annotated[str, Field(pattern=_WORD, description="チャレンジ")]
    form: Annotated[ProofForm, Field(description="How it was signed. 署名の方式")]
    signature: Annotated[str, Field(pattern=_SIGNATURE, description="65 bytes r, s, v. 署名")]


@router.post("/investors", status_code=201, response_model=Investor)
def register_investor(body: NewInvestor, ask: Asks) -> JSONResponse:
    """Registers a customer of the broker that asks, by the rules of the investor table. Whether it may hold is decided
    by verification and screening afterwards. 投資家登録"""
    request = request_key(ask, "POST /v1/investors", None)
    given = (
        "IV-" + hashlib.sha256(f"{request.institution}\n{request.key}".encode()).hexdigest()[:16]
    )
    new = NewCustomer(
        investor=InvestorId(body.investor or given),
        kind=body.kind,
        investor_class=int(_CLASSES[body.investor_class.value]),
        broker_customer_id=body.broker_customer_id,
        effective=body.effective or business_date(ask.at),
        cells={name: value for name, value in _cells(body).items() if value},
    )

    def act(connection: Connection) -> Answered:
        register_customer(ask.office, connection, ask.institution, new, by=ask.by, key=ask.key)
        found = InvestorPages(connection).investor(new.investor)
        return answered(201, Investor.of(found))

    return _with_version(once(ask.office.house, request, act, sealed=_sealed(body)))


@router.patch("/investors/{investor}", response_model=Investor)
def change_investor(
    investor: InvestorPath,
    body: InvestorChange,
    ask: Asks,
    if_match: Annotated[str | None, Header(description="ETag of what was read. 版")] = None,
) -> JSONResponse:
    """Changes what is known of a customer. Name and statutory address become a further version from a day on; nothing
    is edited. 投資家情報の変更"""
    ask.sight.investor(InvestorId(investor))
    cells = _cells(body)
    change = CustomerChange(
        effective=body.effective,
        cells={
            name: cells[name] for name in cells if _FIELD.get(name, name) in body.model_fields_set
        }
        | (
            {"broker_customer_id": body.broker_customer_id}
            if "broker_customer_id" in body.model_fields_set
            else {}
        ),
    )
    for name in ("investor_name", "registered_address"):
        if name in change.cells and not change.cells[name]:
            raise Refusal(Reason.FIELD_MISSING, field=_FIELD.get(name, name))

    def act(connection: Connection) -> Answered:
        def require(found: JudgedInvestor) -> None:
            require_version(Investor.of(found), if_match)

        found = change_customer(
            ask.office, connection, InvestorId(investor), change, require=require, by=ask.by
        )
        return answered(200, Investor.of(found))

    route = "PATCH /v1/investors/{investor}"
    request = request_key(ask, route, None)
    sealed = _sealed(body, investor, if_match or "")
    return _with_version(once(ask.office.house, request, act, sealed=sealed))


@router.post("/investors/{investor}/wallets", status_code=201, response_model=NewWalletAnswer)
def add_wallet(investor: InvestorPath, body: NewWallet, ask: Asks) -> JSONResponse:
    """Gives a customer an address in a product: a fresh one below the tree of whoever keeps its keys, or one whose
    holder proves it by a signature over the challenge that is answered. It speaks once the customer is verified.
    アドレスの登録"""
    ask.sight.investor(InvestorId(investor))
    product = ask.sight.product(ProductId(body.product)).terms.product_id
    who = InvestorId(investor)

    def act(connection: Connection) -> Answered:
        if body.address is None:
            key = derive(ask.office, connection, product, who, by=ask.by)
            return answered(201, NewWalletAnswer.of(key))
        address = address_of(bytes.fromhex(body.address[2:]))
        asked = challenge_for(ask.office, connection, product, who, address, by=ask.by)
        answer = NewWalletAnswer(
            product=product,
            investor=who,
            address=asked.address,
            state="asked",
            challenge=Challenge.of(asked),
        )
        return answered(201, answer)

    route = "POST /v1/investors/{investor}/wallets"
    request = request_key(ask, route, body, investor=investor)
    return as_response(once(ask.office.house, request, act))


@router.post(
    "/investors/{investor}/wallets/proofs", status_code=201, response_model=NewWalletAnswer
)
def prove_wallet(investor: InvestorPath, body: WalletProof, ask: Asks) -> JSONResponse:
    """Proves that the key of an address is at hand. 保有証明の提出"""
    ask.sight.investor(InvestorId(investor))

    def act(connection: Connection) -> Answered:
        key = prove(
            ask.office,
            connection,
            InvestorId(investor),
            Digest(body.challenge.lower()),
            form=body.form,
            signature=bytes.fromhex(body.signature[2:]),
            by=ask.by,
        )
        return answered(201, NewWalletAnswer.of(key))

    route = "POST /v1/investors/{investor}/wallets/proofs"
    request = request_key(ask, route, body, investor=investor)
    return as_response(once(ask.office.house, request, act))


ACCESS: AccessTable = {
    ("POST", "/v1/investors"): updates(BROKERS),
    ("PATCH", "/v1/investors/{investor}"): updates(BROKERS),
    ("POST", "/v1/investors/{investor}/wallets"): updates(_KEEPING),
    ("POST", "/v1/investors/{investor}/wallets/proofs"): updates(_KEEPING),
}


# Inside ----------------------------------------------------------------------------------------------

_CLASSES = {each.key: each for each in InvestorClass}
_FIELD = {"investor_name": "name"}
"""Column of the table to field of the request, where they differ."""
_PERSONAL = (*_Cells.model_fields, "name_kana", "name_romaji", "registered_address")


def _cells(body: NewInvestor | InvestorChange) -> dict[str, str | None]:
    """Personal cells by column."""
    return {"investor_name": body.name} | {name: getattr(body, name) for name in _PERSONAL}


def _sealed(body: BaseModel, *named: str) -> bytes:
    """Everything that a request says, for the vault's keyed digest."""
    asked = [body.model_dump(mode="json", exclude_unset=True), *named]
    return json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()


def _with_version(kept: Answered) -> JSONResponse:
    """The answer, with the version that it shows."""
    response = as_response(kept)
    response.headers["ETag"] = etag(Investor.model_validate(dict(kept.answer)))
    return response
