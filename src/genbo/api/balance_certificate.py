"""Balance certificates (残高証明書): what a custodian keeps for a broker's customers, signed by its key."""

from datetime import datetime
from typing import Annotated, Any, Self, TypeAlias

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.acting import AnAccount, ASignature, TypedData
from genbo.api.asking import Asks
from genbo.api.ids import AnId, Cursor, Limit, ProductPath
from genbo.api.judged import Judged
from genbo.api.mode import InMode, Mode
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.request import answered, request_key
from genbo.api.router import router as a_router
from genbo.api.stamp import instant_or_block
from genbo.bootstrap.balance_certificates import CertificateDesk, PreparedCertificate
from genbo.bootstrap.once import once
from genbo.bootstrap.signed_outside import Handed
from genbo.chain.contracts.base import as_address
from genbo.chain.hexes import hex_of
from genbo.governance.institutions import InstitutionId, InstitutionRole
from genbo.kernel import Fault, ProductId, Reason, Refusal
from genbo.storage.certificates import SignedCertificate
from genbo.storage.requests import Answered

router = a_router("balance-certificates")

CertificatePath: TypeAlias = Annotated[
    str, Path(pattern="^BC-[0-9a-f]{24}$", description="Id of the certificate. 残高証明書ID")
]


class CertifierIn(BaseModel):
    """Who signs for the custodian (署名者): a key that two persons recorded, and that is not here."""

    model_config = ConfigDict(extra="forbid")

    account: AnAccount
    signature: ASignature

    @property
    def handed(self) -> Handed:
        return Handed(
            account=as_address(self.account.lower()), signature=bytes.fromhex(self.signature[2:])
        )


class CertificateIn(BaseModel):
    """A certificate to be made (残高証明の依頼)."""

    model_config = ConfigDict(extra="forbid")

    broker: Annotated[AnId, Field(description="Whose customers. 保護預り先ID", examples=["B2"])]
    as_of: Annotated[
        str,
        Field(
            max_length=40,
            description="A day (its end in Japan), an instant, or `block:1200`; final. 基準時点",
            examples=["2026-05-07"],
        ),
    ]
    certifier: Annotated[
        CertifierIn | None, Field(description="Who signs; wanted by `submit`. 署名者")
    ] = None


class CertificateToSign(BaseModel):
    """A certificate as a key of the custodian is asked to sign it (署名準備)."""

    certificate: Annotated[str, Field(description="Id that it will have. 残高証明書ID")]
    document: Annotated[str, Field(description="The document, JSON in its one form. 本文")]
    document_digest: Annotated[
        str, Field(description="SHA-256 of the document as UTF-8. 本文のダイジェスト")
    ]
    sign: Annotated[TypedData, Field(description="What is signed. 署名対象")]

    @classmethod
    def of(cls, prepared: PreparedCertificate) -> Self:
        return cls(
            certificate=prepared.id,
            document=prepared.document.decode(),
            document_digest=prepared.digest,
            sign=TypedData.of(prepared.to_sign),
        )


class BalanceCertificate(BaseModel):
    """A certificate with its signature (残高証明書). The document is the same whenever it is asked for."""

    certificate: Annotated[str, Field(description="残高証明書ID")]
    custodian: Annotated[str, Field(description="Who certifies. カストディアンID")]
    broker: Annotated[str, Field(description="Whose customers they are. 保護預り先ID")]
    product: Annotated[str, Field(description="受益権ID")]
    as_of: Annotated[
        str, Field(description="As the document writes it: an instant, or a block. 基準時点")
    ]
    document: Annotated[str, Field(description="The document, JSON in its one form. 本文")]
    document_digest: Annotated[
        str, Field(description="SHA-256 of the document as UTF-8. 本文のダイジェスト")
    ]
    signer: Annotated[str, Field(description="Key of the custodian. 署名者のアドレス")]
    signature: Annotated[str, Field(description="65 bytes r, s, v (EIP-712). 署名")]
    issued_at: Annotated[datetime, Field(description="発行日時")]

    @classmethod
    def of(cls, signed: SignedCertificate) -> Self:
        return cls(
            certificate=signed.id,
            custodian=signed.custodian,
            broker=signed.broker,
            product=signed.product,
            as_of=signed.as_of,
            document=signed.document.decode(),
            document_digest=signed.digest,
            signer=signed.signer,
            signature=hex_of(signed.signature),
            issued_at=signed.issued_at,
        )


_ORDERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`dry_run`: the judgement; `prepare`: what is to be signed. 判定・署名準備"
    },
    201: {"model": BalanceCertificate, "description": "`submit`: the certificate. 残高証明書"},
}


@router.post("/products/{product}/balance-certificates", responses=_ORDERED)
def issue_certificate(
    product: ProductPath,
    body: CertificateIn,
    ask: Asks,
    request: Request,
    response: Response,
    mode: InMode = Mode.SUBMIT,
) -> Judged | CertificateToSign | BalanceCertificate:
    """Certifies to a broker what the custodian keeps for its customers (R-JVCEA-19): `prepare` gives the document and
    what a key of the custodian signs, `submit` keeps it with the signature. Nobody signs here. 残高証明書の発行"""
    desk = CertificateDesk(ask.office, ask.sight.looking)
    try:
        prepared = desk.prepare(
            InstitutionId(body.broker), ProductId(product), as_of=instant_or_block(body.as_of)
        )
    except Refusal as refusal:
        asked = mode is Mode.DRY_RUN and not isinstance(refusal, Fault)
        if not asked or refusal.reason is Reason.NOT_FOUND:
            raise
        return Judged.of(refusal, request)
    if mode is Mode.DRY_RUN:
        return Judged.of(None, request)
    if mode is Mode.PREPARE:
        return CertificateToSign.of(prepared)
    if body.certifier is None:
        raise Refusal(Reason.REQUEST_MALFORMED, field="body.certifier", problem="missing")
    signed = desk.signed(prepared, body.certifier.handed)

    def keep(connection: Connection) -> Answered:
        return answered(201, BalanceCertificate.of(desk.keep(connection, signed)))

    key = request_key(
        ask, "POST /v1/products/{product}/balance-certificates", body, product=product
    )
    kept = once(ask.office.house, key, keep)
    response.status_code = kept.status
    return BalanceCertificate.model_validate(dict(kept.answer))


@router.get("/products/{product}/balance-certificates")
def list_certificates(
    product: ProductPath, ask: Asks, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[BalanceCertificate]:
    """Certificates that the institution has given or was given, the oldest first. 残高証明書一覧"""
    question = {"of": ask.institution.id, "certificates": product}
    begin = after_as(question, cursor, datetime, str)
    found = CertificateDesk(ask.office, ask.sight.looking).of(
        ProductId(product), after=begin, most=limit + 1
    )
    return Page(
        items=[BalanceCertificate.of(each) for each in found[:limit]],
        next=next_of(
            question, [(each.issued_at.isoformat(), each.id) for each in found], limit=limit
        ),
    )


@router.get("/balance-certificates/{certificate}")
def read_certificate(certificate: CertificatePath, ask: Asks) -> BalanceCertificate:
    """One certificate, the same bytes as on the day it was signed. 残高証明書"""
    return BalanceCertificate.of(CertificateDesk(ask.office, ask.sight.looking).get(certificate))


_READERS = frozenset(
    {
        InstitutionRole.CUSTODIAN,
        InstitutionRole.DIRECT_BROKER,
        InstitutionRole.DELEGATING_BROKER,
    }
)

ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/balance-certificates"): updates({InstitutionRole.CUSTODIAN}),
    ("GET", "/v1/products/{product}/balance-certificates"): reads(_READERS),
    ("GET", "/v1/balance-certificates/{certificate}"): reads(_READERS),
}
