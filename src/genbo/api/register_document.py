"""Register documents (原簿の帳票): the statutory register as a file, certificates, listings, provenance, proof.

somebody asks for a document about a register
├── of a product that is not theirs to see: 404, as for one that does not exist
├── of many lots: 202 with the job that makes it (`later`)
├── with more names than their role has: `extent_not_open`; an issuer in full without a disclosure: `purpose_missing`
└── otherwise: the file, made while the request waits, its digests and its block in the headers; that a register or a
    certificate was given out is in the inspection log, with requester and reason
"""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asking, Asks
from genbo.api.document import as_file, described
from genbo.api.ids import ID, AnId, ProductPath
from genbo.api.later import LATER, Prefer, accepted, is_later
from genbo.api.lot import LOT
from genbo.api.papers import Words
from genbo.api.roles import BY_PRODUCT, HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.api.stamp import AsOfText, Stamp, as_of_from
from genbo.bootstrap.document_jobs import ask_for_register
from genbo.bootstrap.listings import changes_listing, holdings_listing
from genbo.bootstrap.printing import print_provenance
from genbo.bootstrap.register_output import Asker, issue_register, sized
from genbo.bootstrap.register_proof import Genuineness, prove
from genbo.bootstrap.settled import settled
from genbo.compliance.privacy import Purpose
from genbo.compliance.reasons import Language
from genbo.governance.inspection import inspection_request
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import BlockStamp, InvestorId, ProductId, Reason, Refusal
from genbo.register import LotId
from genbo.reporting import Extent, Form
from genbo.reporting.listing import Listing
from genbo.storage.register import AsOf

router = a_router("register-documents")

_LISTED = (Form.JSON, Form.CSV, Form.XLSX, Form.PDF)
_OF_ROLE = {InstitutionRole.REGISTRAR: Extent.FULL, InstitutionRole.ISSUER: Extent.REDUCED}
"""What a role gets that does not say how much; others get their own customers."""

AForm: TypeAlias = Annotated[Form, Query(description="`json`, `csv`, `xlsx` or `pdf`. 形式")]
ALanguage: TypeAlias = Annotated[
    Language, Query(description="Of the document, `ja` by default. 帳票の言語")
]
OfInvestor: TypeAlias = Annotated[
    str | None, Query(pattern=ID, description="Only of this investor. 投資家ID")
]


class DocumentAsked(BaseModel):
    """A document, for whom, and why: what the inspection log keeps (閲覧記録)."""

    model_config = ConfigDict(extra="forbid")

    form: Annotated[Form, Field(description="The file. 形式")] = Form.PDF
    language: Annotated[Language, Field(description="Of the document. 帳票の言語")] = Language.JA
    as_of: Annotated[
        str | None,
        Field(max_length=40, description="As in a query. 基準時点", examples=["2022-01-31"]),
    ] = None
    requester: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            description="Id of an institution, an investor or a document; never a name. 請求者",
            examples=["T-1"],
        ),
    ]
    reason: Annotated[
        Words,
        Field(description="One line, without personal data. 閲覧の理由", examples=["record date"]),
    ]


class RegisterAsked(DocumentAsked):
    """The register of a product as a file (原簿)."""

    extent: Annotated[
        Extent | None,
        Field(
            description="How much; by default `full` for the registrar, `reduced` for an issuer, `own_customers` for "
            "others. 記載範囲"
        ),
    ] = None
    purpose: Annotated[
        Purpose, Field(description="What names are opened for, where they are in it. 閲覧目的")
    ] = Purpose.REGISTER


class CertificateAsked(DocumentAsked):
    """The entries of one holder as a file (記載事項証明書)."""

    investor: Annotated[AnId, Field(description="投資家ID", examples=["IV-7"])]


class Difference(BaseModel):
    """Where a file is not what the register gives (相違箇所)."""

    line: Annotated[
        int | None, Field(description="Line of the register, from 1; none in its head. 行")
    ]
    lot: Annotated[str | None, Field(description="ロット")]
    field: Annotated[str, Field(description="`line` for a whole line. 項目")]
    said: Annotated[
        str | None, Field(description="By the file; none for personal data. ファイルの記載")
    ]
    true: Annotated[
        str | None, Field(description="By the register; none for personal data. 原簿の記載")
    ]


class RegisterAnchor(BaseModel):
    """Where the same register stands on the ledger (アンカー)."""

    contract: Annotated[str, Field(description="アンカーコントラクト")]
    subject: Annotated[str, Field(description="Names the content. 対象")]
    root: Annotated[str, Field(description="マークルルート")]


class Proof(BaseModel):
    """What a file was found to be (検証結果)."""

    verdict: Annotated[
        Genuineness,
        Field(
            description="`proven`: byte for byte what the register gives; `rewritten`: what machines read in it is "
            "true, but it is not the file that was issued; `falsified`. 判定"
        ),
    ]
    product: Annotated[str, Field(description="受益権ID")]
    extent: Annotated[Extent, Field(description="記載範囲")]
    as_of: Annotated[datetime, Field(description="First instant that is not in it. 基準時点")]
    block: Annotated[Stamp, Field(description="The last block that is in it. ブロック")]
    digest: Annotated[str, Field(description="Of the true register, with names. ハッシュ")]
    facts_digest: Annotated[str, Field(description="The same without names. 内容のハッシュ")]
    anchor: Annotated[
        RegisterAnchor | None, Field(description="None where it was never anchored. アンカー")
    ]
    differences: Annotated[
        list[Difference], Field(description="The first 1,000 places where it differs. 相違箇所")
    ]


MOST_PLACES = 1_000
"""Places that an answer names."""


@router.post(
    "/products/{product}/register-documents",
    response_class=Response,
    responses=described(*_LISTED, X_Inspection="Id in the inspection log. 閲覧記録ID") | LATER,
)
def make_register_document(
    product: ProductPath,
    asked: RegisterAsked,
    ask: Asks,
    request: Request,
    prefer: Prefer = None,
) -> Response:
    """The statutory register lot by lot as a file, as of any instant: the same request gives the same bytes. Giving it
    out is recorded with requester and reason; where names are in it, their reading is recorded with its purpose. It
    changes nothing and needs no Idempotency-Key: every time is one more inspection. A long one is made by a job (202).
    原簿の出力"""
    extent = asked.extent or _OF_ROLE.get(ask.institution.role, Extent.OWN_CUSTOMERS)
    why = inspection_request(requester=asked.requester, reason=asked.reason)
    as_of, lots = sized(
        ask.office,
        ProductId(product),
        as_of=as_of_from(asked.as_of),
        extent=extent,
        asker=_asker(ask, purpose=asked.purpose),
    )
    if not is_later(ask, lots, prefer):
        return _issued(product, asked, ask, extent=extent, purpose=asked.purpose, name="register")
    job = ask_for_register(
        ask.office,
        ProductId(product),
        as_of=as_of,
        extent=extent,
        form=asked.form,
        language=asked.language,
        request=why,
        purpose=asked.purpose,
        holder=None,
        lots=lots,
        institution=ask.institution.id,
        by=ask.by,
        at=ask.office.house.now(),
    )
    return accepted(job, ask, request, prefer)


@router.post(
    "/products/{product}/certificates",
    response_class=Response,
    responses=described(*_LISTED, X_Inspection="Id in the inspection log. 閲覧記録ID"),
)
def make_certificate(product: ProductPath, asked: CertificateAsked, ask: Asks) -> Response:
    """A certificate of one holder's entries, by the registrar: nobody else's name is opened for it. Recorded as a
    register is. 記載事項証明書"""
    return _issued(
        product,
        asked,
        ask,
        extent=Extent.FULL,
        purpose=Purpose.CERTIFICATE,
        name="certificate",
        holder=InvestorId(asked.investor),
    )


@router.get(
    "/products/{product}/register-documents/holdings",
    response_class=Response,
    responses=described(*_LISTED),
)
def make_holdings_document(
    product: ProductPath,
    ask: Asks,
    form: AForm = Form.JSON,
    language: ALanguage = Language.JA,
    as_of: AsOfText = None,
    investor: OfInvestor = None,
) -> Response:
    """Units per investor and total issued, as far as they are seen, as a file that names nobody.
    投資家別残高一覧の出力"""
    at = as_of_from(as_of)
    listing = holdings_listing(
        ask.office,
        ProductId(product),
        as_of=at,
        asker=_asker(ask),
        investor=None if investor is None else InvestorId(investor),
    )
    return _listed(ask, listing, form, language, at, name="holdings")


@router.get(
    "/products/{product}/register-documents/changes",
    response_class=Response,
    responses=described(*_LISTED),
)
def make_changes_document(
    product: ProductPath,
    ask: Asks,
    since: Annotated[
        str,
        Query(
            max_length=40,
            description="What happened after this instant: `2022-01-31` is the end of that day in Japan. 始期",
            examples=["2022-01-31"],
        ),
    ],
    form: AForm = Form.JSON,
    language: ALanguage = Language.JA,
    as_of: AsOfText = None,
) -> Response:
    """What changed between two instants, both sides before and after each entry, as a file that names nobody.
    異動一覧の出力"""
    until, begin = as_of_from(as_of), as_of_from(since) or 0
    listing = changes_listing(
        ask.office, ProductId(product), since=begin, until=until, asker=_asker(ask)
    )
    return _listed(ask, listing, form, language, until, name="changes")


@router.get(
    "/products/{product}/register-documents/provenance",
    response_class=Response,
    responses=described(Form.JSON, Form.CSV),
)
def make_provenance_document(
    product: ProductPath,
    ask: Asks,
    form: Annotated[Form, Query(description="`json` or `csv`. 形式")] = Form.JSON,
    as_of: AsOfText = None,
    lot: Annotated[
        str | None, Query(pattern=LOT, description="Only this lot, as in `120.3.0`. ロット")
    ] = None,
    investor: OfInvestor = None,
) -> Response:
    """How every unit came to where it is, from the issue on, as a file for an auditor: it names nobody. 所有者の来歴の
    出力"""
    ask.sight.product(ProductId(product))
    if form not in (Form.JSON, Form.CSV):
        raise Refusal(Reason.FIELD_INVALID, field="form", value=form.value, allowed="json, csv")
    at = as_of_from(as_of)
    document = print_provenance(
        ask.office,
        ProductId(product),
        as_of=at,
        lot=None if lot is None else LotId(*map(int, lot.split("."))),
        holder=None if investor is None else InvestorId(investor),
    )
    return as_file(
        document.as_json() if form is Form.JSON else document.as_csv(),
        form,
        name="provenance",
        facts=document.digest(),
        as_of=document.as_of,
        stamp=document.stamp,
        final=_final(ask, document.stamp, at),
    )


async def _bytes(request: Request) -> bytes:
    return await request.body()


_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/register-documents/verifications", openapi_extra=_FILE)
def verify_document(content: Annotated[bytes, Depends(_bytes)], ask: Asks) -> Proof:
    """Compares a printed register or certificate, whatever its form, with the register made anew, and looks for its
    anchor on the ledger. For the registrar of the product. It changes nothing and needs no Idempotency-Key; names that
    it opens to compare are recorded, and none is in the answer. 帳票の検証"""
    proof = prove(ask.office, content, name="body", asker=_asker(ask, purpose=Purpose.VERIFICATION))
    register = proof.register
    return Proof(
        verdict=proof.verdict,
        product=register.product,
        extent=register.extent,
        as_of=register.as_of,
        block=Stamp.of(register.stamp),
        digest=register.digest,
        facts_digest=register.facts_digest,
        anchor=None
        if proof.anchor is None
        else RegisterAnchor(
            contract=ask.office.deployment.anchor,
            subject=proof.anchor.root.subject,
            root=proof.anchor.root.root,
        ),
        differences=[
            Difference(
                line=each.line, lot=each.lot, field=each.what, said=each.said, true=each.true
            )
            for each in proof.differences[:MOST_PLACES]
        ],
    )


# Inside ----------------------------------------------------------------------------------------------


def _asker(ask: Asking, *, purpose: Purpose = Purpose.REGISTER) -> Asker:
    return Asker(by=ask.by, at=ask.at, institution=ask.institution.id, purpose=purpose)


def _issued(
    product: str,
    asked: DocumentAsked,
    ask: Asking,
    *,
    extent: Extent,
    purpose: Purpose,
    name: str,
    holder: InvestorId | None = None,
) -> Response:
    at = as_of_from(asked.as_of)
    issued = issue_register(
        ask.office,
        ProductId(product),
        as_of=at,
        extent=extent,
        form=asked.form,
        language=asked.language,
        request=inspection_request(requester=asked.requester, reason=asked.reason),
        asker=_asker(ask, purpose=purpose),
        holder=holder,
    )
    register = issued.register
    return as_file(
        issued.content,
        asked.form,
        name=name,
        facts=register.facts_digest,
        as_of=register.as_of,
        stamp=register.stamp,
        final=_final(ask, register.stamp, at),
        X_Inspection=issued.inspection.id,
    )


def _listed(
    ask: Asking, listing: Listing, form: Form, language: Language, at: AsOf | None, *, name: str
) -> Response:
    return as_file(
        listing.rendered(form, language),
        form,
        name=name,
        facts=listing.digest,
        as_of=listing.as_of,
        stamp=listing.stamp,
        final=_final(ask, listing.stamp, at),
    )


def _final(ask: Asking, stamp: BlockStamp, at: AsOf | None) -> bool:
    return settled(
        ask.office.house,
        stamp,
        as_of=at if isinstance(at, datetime) else None,
        block=at if isinstance(at, int) else None,
        now=ask.at,
    ).final


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/register-documents"): reads(HOLDING_ROLES),
    ("POST", "/v1/products/{product}/certificates"): reads(_REGISTRAR),
    ("GET", "/v1/products/{product}/register-documents/holdings"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/register-documents/changes"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/register-documents/provenance"): reads(BY_PRODUCT),
    ("POST", "/v1/register-documents/verifications"): reads(_REGISTRAR),
}
