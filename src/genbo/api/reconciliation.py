"""Reconciliation (照合): a firm's book beside the register, and the cases of what differs (差異調査)."""

from datetime import datetime
from typing import Annotated, Self, TypeAlias

from fastapi import Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.asking import Asks
from genbo.api.ids import ADDRESS, ID, AnId, Cursor, Limit, ProductPath
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.api.stamp import Stamp, as_of_from
from genbo.bootstrap.books import CaseDesk, compare_book, keep_check
from genbo.bootstrap.once import once
from genbo.chain.contracts.base import as_address
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import Digest, InvestorId, ProductId, Reason, Refusal, Units
from genbo.reconciliation.book import BookLine
from genbo.reconciliation.case import CaseState, Cause
from genbo.reconciliation.case import DifferenceCase as StoredCase
from genbo.storage.cases import BookCheck as StoredCheck
from genbo.storage.requests import Answered

router = a_router("reconciliation")

MOST_LINES = 10_000
"""Lines of one book."""

CasePath: TypeAlias = Annotated[
    str, Path(pattern="^DC-[0-9a-f]{24}$", description="Id of the case. 差異調査ID")
]
ADigest: TypeAlias = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{64}$")]


class BookLineIn(BaseModel):
    """What the book says of one holder (帳簿の行): of an investor as a whole, or of one address."""

    model_config = ConfigDict(extra="forbid")

    investor: Annotated[
        AnId | None, Field(description="投資家ID; this, or an address", examples=["IV-1"])
    ] = None
    address: Annotated[
        str | None, Field(pattern=ADDRESS, description="アドレス; this, or an investor")
    ] = None
    units: Annotated[int, Field(ge=0, lt=2**80, strict=True, description="数量")]

    def line(self, number: int) -> BookLine:
        """As it is compared.

        Raises:
            Refusal: `request_malformed` for one about nobody, or about two.
        """
        if self.investor is not None and self.address is None:
            return BookLine(holder=InvestorId(self.investor), units=Units(self.units))
        if self.address is not None and self.investor is None:
            return BookLine(holder=as_address(self.address.lower()), units=Units(self.units))
        raise Refusal(
            Reason.REQUEST_MALFORMED,
            field=f"body.lines.{number}",
            problem="names an investor, or an address",
        )


class BookIn(BaseModel):
    """A firm's book of a product (帳簿). It is the whole book: who is not in it holds nothing by it."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[
        str | None,
        Field(
            max_length=40,
            description="As of when the book is: a day, an instant or `block:1200`; unset: the latest block that is "
            "final. 基準時点",
            examples=["2026-05-07"],
        ),
    ] = None
    lines: Annotated[list[BookLineIn], Field(max_length=MOST_LINES, description="帳簿の行")]


class BookDifference(BaseModel):
    """Where book and register say different numbers (差異)."""

    holder: Annotated[str, Field(description="As the book names it. 権利者")]
    investor: Annotated[str, Field(description="投資家ID")]
    register_units: Annotated[int, Field(description="原簿の数量")]
    book_units: Annotated[int, Field(description="帳簿の数量")]
    case: Annotated[str, Field(description="Its case, new or standing already. 差異調査ID")]


class BookCheck(BaseModel):
    """What came of a comparison (照合結果)."""

    check: Annotated[str, Field(description="照合ID")]
    institution: Annotated[str, Field(description="Whose book it is. 関係者ID")]
    product: Annotated[str, Field(description="受益権ID")]
    as_of: Annotated[datetime | None, Field(description="基準時点")]
    block: Annotated[Stamp, Field(description="The last block that counts; final. 基準ブロック")]
    agrees: Annotated[bool, Field(description="Whether every number is the same. 一致")]
    lines: Annotated[int, Field(description="Lines of the book. 行数")]
    digest: Annotated[str, Field(description="SHA-256 of the book. ダイジェスト")]
    differences: Annotated[list[BookDifference], Field(description="By holder. 差異")]
    checked_at: Annotated[datetime, Field(description="照合日時")]

    @classmethod
    def of(cls, check: StoredCheck) -> Self:
        return cls(
            check=check.id,
            institution=check.institution,
            product=check.product,
            as_of=check.as_of,
            block=Stamp.of(check.block),
            agrees=not check.differences,
            lines=check.lines,
            digest=check.digest,
            differences=[
                BookDifference(
                    holder=each.apart.holder,
                    investor=each.apart.investor,
                    register_units=each.apart.register,
                    book_units=each.apart.book,
                    case=each.case,
                )
                for each in check.differences
            ],
            checked_at=check.checked_at,
        )


class DifferenceCase(BaseModel):
    """A difference from the day it was found to its end (差異調査)."""

    case: Annotated[str, Field(description="差異調査ID")]
    check: Annotated[str, Field(description="The comparison that found it first. 照合ID")]
    institution: Annotated[str, Field(description="Whose book it is. 関係者ID")]
    custodian: Annotated[str | None, Field(description="カストディアンID")]
    registrar: Annotated[str, Field(description="原簿管理者ID")]
    product: Annotated[str, Field(description="受益権ID")]
    holder: Annotated[str, Field(description="As the book names it. 権利者")]
    investor: Annotated[str, Field(description="投資家ID")]
    register_units: Annotated[int, Field(description="What the register says. 原簿の数量")]
    book_units: Annotated[int, Field(description="What the book says. 帳簿の数量")]
    block: Annotated[Stamp, Field(description="At which block. 基準ブロック")]
    state: Annotated[
        CaseState,
        Field(
            description="`open`: for whose book it is; `escalated`: for custodian and registrar; `closed`. 状態"
        ),
    ]
    opened_at: Annotated[datetime, Field(description="開始日時")]
    due_at: Annotated[
        datetime,
        Field(description="18:00 JST of a business day; then it is escalated by itself. 期限"),
    ]
    escalated_at: Annotated[datetime | None, Field(description="上位報告日時")]
    cause: Annotated[Cause | None, Field(description="原因")]
    evidence: Annotated[
        str | None, Field(description="SHA-256 of what shows the cause. 根拠資料のダイジェスト")
    ]
    closed_at: Annotated[datetime | None, Field(description="終了日時")]

    @classmethod
    def of(cls, case: StoredCase) -> Self:
        return cls(
            case=case.id,
            check=case.check,
            institution=case.institution,
            custodian=case.custodian,
            registrar=case.registrar,
            product=case.product,
            holder=case.holder,
            investor=case.investor,
            register_units=case.register,
            book_units=case.book,
            block=Stamp.of(case.block),
            state=case.state,
            opened_at=case.opened_at,
            due_at=case.due_at,
            escalated_at=case.escalated_at,
            cause=case.cause,
            evidence=case.evidence,
            closed_at=case.closed_at,
        )


class CaseClosing(BaseModel):
    """With what a case is closed: nobody closes one without both."""

    model_config = ConfigDict(extra="forbid")

    cause: Annotated[
        Cause, Field(description="From the closed list; one that is not known is escalated. 原因")
    ]
    evidence: Annotated[
        ADigest,
        Field(
            description="SHA-256 of the document that shows the cause. 根拠資料のダイジェスト",
            examples=["0x" + 64 * "9"],
        ),
    ]


@router.post("/products/{product}/books", status_code=201, response_model=BookCheck)
def check_book(product: ProductPath, body: BookIn, ask: Asks) -> JSONResponse:
    """Compares the firm's book of a product with the register, at one block that is final (R-PROGMAT-ISS-I). Every
    difference is, or becomes, a case; the same book at the same block is one comparison, however often it comes.
    帳簿の照合"""
    compared = compare_book(
        ask.sight.looking,
        ask.institution,
        ProductId(product),
        [each.line(number) for number, each in enumerate(body.lines)],
        as_of=as_of_from(body.as_of),
    )

    def keep(connection: Connection) -> Answered:
        kept = keep_check(connection, compared, at=ask.at, by=ask.by)
        return answered(201, BookCheck.of(kept))

    key = request_key(ask, "POST /v1/products/{product}/books", body, product=product)
    return as_response(once(ask.office.house, key, keep))


@router.get("/difference-cases")
def list_cases(
    ask: Asks,
    state: Annotated[
        list[CaseState] | None, Query(max_length=3, description="Only those; all without. 状態")
    ] = None,
    product: Annotated[str | None, Query(pattern=ID, description="受益権ID")] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[DifferenceCase]:
    """Difference cases of one's own books, and of books whose keys or register one keeps, the oldest first.
    差異調査一覧"""
    states = sorted(set(state or ()))
    question = {"of": ask.institution.id, "cases": states, "product": product}
    begin = after_as(question, cursor, datetime, str)
    found = CaseDesk(ask.sight.looking).of(
        states, ProductId(product) if product else None, after=begin, most=limit + 1
    )
    return Page(
        items=[DifferenceCase.of(each) for each in found[:limit]],
        next=next_of(
            question, [(each.opened_at.isoformat(), each.id) for each in found], limit=limit
        ),
    )


@router.get("/difference-cases/{case}")
def read_case(case: CasePath, ask: Asks) -> DifferenceCase:
    """One difference case. 差異調査"""
    return DifferenceCase.of(CaseDesk(ask.sight.looking).get(case))


@router.post("/difference-cases/{case}/closing", response_model=DifferenceCase)
def close_case(case: CasePath, body: CaseClosing, ask: Asks) -> JSONResponse:
    """Closes a case with its cause and what shows it (R-JVCEA-15.2(3)): by whose book it is while it is open, by
    custodian or registrar once it is escalated. 差異調査の終了"""

    desk = CaseDesk(ask.sight.looking)
    desk.get(case)  # that it is not there is recorded while nothing is held

    def act(connection: Connection) -> Answered:
        closed = desk.close(connection, case, cause=body.cause, evidence=Digest(body.evidence))
        return answered(200, DifferenceCase.of(closed))

    key = request_key(ask, "POST /v1/difference-cases/{case}/closing", body, case=case)
    return as_response(once(ask.office.house, key, act))


@router.post("/difference-cases/{case}/escalation", response_model=DifferenceCase)
def escalate_case(case: CasePath, ask: Asks) -> JSONResponse:
    """Passes a case on to custodian and registrar, because its cause is not known (R-JVCEA-15.2(4)). At its deadline
    that happens by itself. 差異調査の上位報告"""

    desk = CaseDesk(ask.sight.looking)
    desk.get(case)  # that it is not there is recorded while nothing is held

    def act(connection: Connection) -> Answered:
        return answered(200, DifferenceCase.of(desk.escalate(connection, case)))

    key = request_key(ask, "POST /v1/difference-cases/{case}/escalation", None, case=case)
    return as_response(once(ask.office.house, key, act))


_BOOKS = frozenset(
    {
        InstitutionRole.CUSTODIAN,
        InstitutionRole.DIRECT_BROKER,
        InstitutionRole.DELEGATING_BROKER,
    }
)
_SIDES = _BOOKS | {InstitutionRole.REGISTRAR}

ACCESS: AccessTable = {
    ("POST", "/v1/products/{product}/books"): updates(_BOOKS),
    ("GET", "/v1/difference-cases"): reads(_SIDES),
    ("GET", "/v1/difference-cases/{case}"): reads(_SIDES),
    ("POST", "/v1/difference-cases/{case}/closing"): updates(_SIDES),
    ("POST", "/v1/difference-cases/{case}/escalation"): updates(_BOOKS),
}
