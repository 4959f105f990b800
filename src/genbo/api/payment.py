"""Payments (支払): the bank transfer file of what is payable, what the bank said of it, and what is still owed.

a payment file is asked for
├── of many payees: 202 with the job that makes it (`later`); what follows is told by the job
├── lines that cannot be written: every one of them is named, and there is no file; or they are put aside, if wanted
├── nothing payable: `payment_nothing_due`; a day on which banks are closed: `payment_day_closed`
└── otherwise: its bytes, which are kept nowhere; accounts were opened for it, which is recorded with the purpose
    `payment`; its lines count as sent. Asked again under the same key, or for its number, it is made again
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Self, TypeAlias, TypeVar

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.asking import Asking, Asks
from genbo.api.distribution import Payee, RunPath
from genbo.api.document import BANK_FILE, bank_file_headers
from genbo.api.ids import Cursor, Limit, ProductPath
from genbo.api.job import Job
from genbo.api.later import LATER, Prefer, accepted_again, is_later
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.record_date import in_range
from genbo.api.request import answered, as_response, request_key
from genbo.api.roles import BY_PRODUCT
from genbo.api.router import router as a_router
from genbo.bootstrap import payments
from genbo.bootstrap.document_jobs import ask_for_payment_file
from genbo.bootstrap.once import once
from genbo.bootstrap.payments import Form, MadeFile, Unwritable
from genbo.entitlements import Hold, Outcome, PaymentWay, Result
from genbo.entitlements.zengin import Ending, Remitter, Unused
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import ProductId, Refusals
from genbo.storage.payments import Payments, StoredFile, require_approved
from genbo.storage.requests import Answered

router = a_router("payments")

T = TypeVar("T")

FilePath: TypeAlias = Annotated[
    int, Path(ge=1, le=10**6, description="Number of the payment file. 振込ファイル番号")
]
_MOST_LINES = 1_000
_DIGITS = r"^[0-9]{1,10}$"
_KANA = r"^[^\x00-\x1f\x7f]+$"


class RemitterIn(BaseModel):
    """The account that pays (振込依頼人)."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=_DIGITS, description="振込依頼人コード")]
    name: Annotated[str, Field(max_length=80, pattern=_KANA, description="Kana. 振込依頼人名")]
    bank_code: Annotated[str, Field(pattern=r"^[0-9]{4}$", description="仕向銀行番号")]
    bank_name: Annotated[str, Field(max_length=30, pattern=_KANA, description="Kana. 仕向銀行名")]
    branch_code: Annotated[str, Field(pattern=r"^[0-9]{3}$", description="仕向支店番号")]
    branch_name: Annotated[str, Field(max_length=30, pattern=_KANA, description="Kana. 仕向支店名")]
    account_kind: Annotated[
        str, Field(pattern=r"^[129]$", description="1 ordinary, 2 current, 9 other. 預金種目")
    ]
    account_number: Annotated[str, Field(pattern=r"^[0-9]{1,7}$", description="口座番号")]


class FileForm(BaseModel):
    """How the bank wants the file (ファイルの形式)."""

    model_config = ConfigDict(extra="forbid")

    remitter: Annotated[RemitterIn, Field(description="振込依頼人")]
    crlf: Annotated[bool, Field(description="A line break behind each record. 改行")] = False
    zeros: Annotated[
        bool, Field(description="Zeros in the unused clearing house number. 手形交換所番号")
    ] = False

    @property
    def form(self) -> Form:
        return Form(
            remitter=Remitter(**self.remitter.model_dump()),
            ending=Ending.CRLF if self.crlf else Ending.NONE,
            clearing=Unused.ZEROS if self.zeros else Unused.SPACES,
        )


class FileOrder(FileForm):
    """A payment file of everything payable (総合振込)."""

    transfer_day: Annotated[
        date | None, Field(description="By default the payment day. 振込指定日")
    ] = None
    put_aside: Annotated[
        bool, Field(description="Put lines aside that cannot be written. 留保")
    ] = False


class PaymentFile(BaseModel):
    """A payment file that was made (振込ファイル). Its bytes are kept nowhere."""

    number: Annotated[int, Field(description="振込ファイル番号")]
    transfer_day: Annotated[date, Field(description="振込指定日")]
    records: Annotated[int, Field(description="Payments in it. 件数")]
    total: Annotated[int, Field(description="Yen. 合計金額")]
    digest: Annotated[str, Field(description="SHA-256 of its bytes. ハッシュ")]
    made_at: Annotated[datetime, Field(description="作成日時")]
    made_by: Annotated[str, Field(description="Never a name. 作成者")]

    @classmethod
    def of(cls, file: StoredFile) -> Self:
        return cls(
            number=file.number,
            transfer_day=file.transfer_day,
            records=file.records,
            total=file.total,
            digest=file.digest,
            made_at=file.made_at,
            made_by=file.made_by,
        )


class PaymentFiles(BaseModel):
    """The payment files of a distribution."""

    items: Annotated[list[PaymentFile], Field(description="By number. 振込ファイル")]


class BankResult(BaseModel):
    """What the bank said of one payment (結果)."""

    model_config = ConfigDict(extra="forbid")

    line: Annotated[
        int, Field(ge=1, le=10**9, strict=True, description="First customer code. 明細番号")
    ]
    amount: Annotated[int, Field(ge=0, le=10**15, strict=True, description="Yen. 金額")]
    outcome: Annotated[
        Outcome, Field(description="`paid`, `recalled` (組戻) or `impossible` (振込不能). 結果")
    ]
    on: Annotated[date, Field(description="結果の日")]


class BankResults(BaseModel):
    """What the bank said of a payment file (結果の取込)."""

    model_config = ConfigDict(extra="forbid")

    results: Annotated[list[BankResult], Field(max_length=_MOST_LINES, description="結果")]
    others_paid_on: Annotated[
        date | None,
        Field(description="Every other payment of the file was paid on that day. 入金日"),
    ] = None


class Taken(BaseModel):
    """What was taken over (取込結果)."""

    settled: Annotated[int, Field(description="Payments that are settled by it. 件数")]


class LinesNamed(BaseModel):
    """Lines of a distribution (明細)."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[
        list[Annotated[int, Field(ge=1, le=10**9, strict=True)]],
        Field(min_length=1, max_length=_MOST_LINES, description="明細番号"),
    ]


class LinesReleased(LinesNamed):
    """Lines that may be paid again (留保の解除)."""

    way: Annotated[
        PaymentWay | None,
        Field(description="How they are paid from now on; by default as before. 支払方法"),
    ] = None


class Unpaid(BaseModel):
    """What is owed and not paid (未払)."""

    distribution: Annotated[str, Field(description="分配ID")]
    payee: Annotated[Payee, Field(description="支払明細")]


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, in the encoding of banks (JIS X 0201). 総合振込ファイル",
        "headers": {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in (
                ("ETag", "SHA-256 of the bytes, in quotes. 版"),
                ("X-Content-SHA256", "SHA-256 of the bytes. ファイルのハッシュ"),
                ("X-Payment-File", "Number of the file. 振込ファイル番号"),
            )
        },
        "content": {BANK_FILE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_RUN = "/products/{product}/distributions/{distribution}"


@router.get(f"{_RUN}/payment-files")
def list_payment_files(product: ProductPath, distribution: RunPath, ask: Asks) -> PaymentFiles:
    """The payment files that were made of a distribution. 振込ファイル一覧"""
    run = ask.sight.payees.run(ProductId(product), distribution)
    with ask.office.house.database.read() as connection:
        found = Payments(connection).files(run.id)
    return PaymentFiles(items=[PaymentFile.of(each) for each in found])


@router.post(f"{_RUN}/payment-files", response_class=Response, responses=_FILE | LATER)
def make_payment_file(
    product: ProductPath,
    distribution: RunPath,
    body: FileOrder,
    ask: Asks,
    request: Request,
    prefer: Prefer = None,
) -> Response:
    """Makes the bank transfer file (総合振込) of everything payable; its lines count as sent from then on. Personal
    data: accounts are opened for it, which is recorded with the purpose `payment`. The same request once more gives
    the same file. A long one is made by a job (202), which the same request names again. 振込ファイルの作成"""
    run = ask.sight.payees.run(ProductId(product), distribution)
    in_range(body.transfer_day)
    made: list[MadeFile] = []

    def act(connection: Connection) -> Answered:
        if is_later(ask, run.totals.payees, prefer):
            require_approved(run)
            job = ask_for_payment_file(
                connection,
                ask.office,
                run,
                body.form,
                transfer_day=body.transfer_day,
                put_aside=body.put_aside,
                institution=ask.institution.id,
                by=ask.by,
                at=ask.office.house.now(),
            )
            return answered(202, Job.of_document(job, ask, request))
        made.append(
            _whole(
                lambda: payments.make_file(
                    ask.office,
                    run.id,
                    body.form,
                    by=ask.by,
                    transfer_day=body.transfer_day,
                    put_aside=body.put_aside,
                )
            )
        )
        return answered(200, PaymentFile.of(made[0].file))

    kept = _once(ask, "payment-files", body, act, product=product, distribution=distribution)
    if kept.status == 202:
        return accepted_again(kept, prefer)
    if not made:
        number = int(str(kept.answer["number"]))
        made.append(payments.make_again(ask.office, run.id, number, body.form, by=ask.by))
    return _as_file(made[0])


@router.post(f"{_RUN}/payment-files/{{file}}/copies", response_class=Response, responses=_FILE)
def copy_payment_file(
    product: ProductPath, distribution: RunPath, file: FilePath, body: FileForm, ask: Asks
) -> Response:
    """The bytes of a file that was made before, for one that was lost: the same, or none. A reading of personal data as
    the first; it changes nothing, and needs no Idempotency-Key. 振込ファイルの再作成"""
    run = ask.sight.payees.run(ProductId(product), distribution)
    return _as_file(payments.make_again(ask.office, run.id, file, body.form, by=ask.by))


@router.post(f"{_RUN}/payment-files/{{file}}/results", status_code=201, response_model=Taken)
def take_results(
    product: ProductPath, distribution: RunPath, file: FilePath, body: BankResults, ask: Asks
) -> object:
    """Takes over what the bank said of a payment file, whole or not at all. What came back is owed and put aside.
    結果の取込"""
    run = ask.sight.payees.run(ProductId(product), distribution)
    in_range(body.others_paid_on)
    found: list[Result] = []
    for each in body.results:
        in_range(each.on)
        found.append(
            Result(
                line=len(found) + 1,
                number=each.line,
                amount=each.amount,
                outcome=each.outcome,
                on=each.on,
            )
        )

    def act(_: Connection) -> Answered:
        settled = _whole(
            lambda: payments.import_results(
                ask.office, run.id, file, found, by=ask.by, others_paid_on=body.others_paid_on
            )
        )
        return answered(201, Taken(settled=settled))

    named = {"product": product, "distribution": distribution, "file": str(file)}
    return as_response(_once(ask, "payment-files/{file}/results", body, act, **named))


@router.post(f"{_RUN}/holds", status_code=201, response_model=LinesNamed)
def hold_lines(product: ProductPath, distribution: RunPath, body: LinesNamed, ask: Asks) -> object:
    """Puts payable lines aside, for an order or a decision. They are owed and wait. 留保"""
    run = ask.sight.payees.run(ProductId(product), distribution)

    def act(_: Connection) -> Answered:
        payments.put_aside(ask.office, run.id, body.lines, by=ask.by, hold=Hold.ORDER)
        return answered(201, body)

    return as_response(_once(ask, "holds", body, act, product=product, distribution=distribution))


@router.post(f"{_RUN}/releases", status_code=201, response_model=LinesNamed)
def release_lines(
    product: ProductPath, distribution: RunPath, body: LinesReleased, ask: Asks
) -> object:
    """Lets lines that were put aside be paid with the next file or batch; what a yen token cannot pay may go to the
    bank. Who is still blocked stays. 留保の解除"""
    run = ask.sight.payees.run(ProductId(product), distribution)

    def act(_: Connection) -> Answered:
        payments.release(ask.office, run.id, body.lines, by=ask.by, way=body.way)
        return answered(201, LinesNamed(lines=body.lines))

    return as_response(
        _once(ask, "releases", body, act, product=product, distribution=distribution)
    )


@router.get("/products/{product}/unpaid")
def list_unpaid(
    product: ProductPath, ask: Asks, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[Unpaid]:
    """What is owed and not paid: payable, put aside, or sent without an answer. 未払一覧"""
    question = {"of": ask.institution.id, "unpaid": product}
    begin = after_as(question, cursor, str, int)
    rows = ask.sight.payees.unpaid(
        ProductId(product), after=None if begin is None else (begin[0], begin[1]), most=limit + 1
    )
    return Page(
        items=[Unpaid(distribution=run, payee=Payee.of(each)) for run, each in rows[:limit]],
        next=next_of(question, [(run, each.line.number) for run, each in rows], limit=limit),
    )


# Inside ----------------------------------------------------------------------------------------------


def _once(
    ask: Asking,
    route: str,
    body: BaseModel,
    act: Callable[[Connection], Answered],
    **named: str,
) -> Answered:
    key = request_key(ask, f"POST /v1{_RUN}/{route}", body, **named)
    return once(ask.office.house, key, act)


def _whole(does: Callable[[], T]) -> T:
    """What it gives; every line that stands against it, as one answer. Raises Refusals."""
    try:
        return does()
    except Unwritable as wrong:
        raise Refusals(wrong.problems) from None


def _as_file(made: MadeFile) -> Response:
    headers = bank_file_headers(made.file.digest, made.file.number)
    return Response(made.content, media_type=BANK_FILE, headers=headers)


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})
_AT = f"/v1{_RUN}"

ACCESS: AccessTable = {
    ("GET", f"{_AT}/payment-files"): reads(BY_PRODUCT),
    ("POST", f"{_AT}/payment-files"): updates(_REGISTRAR),
    ("POST", f"{_AT}/payment-files/{{file}}/copies"): reads(_REGISTRAR),
    ("POST", f"{_AT}/payment-files/{{file}}/results"): updates(_REGISTRAR),
    ("POST", f"{_AT}/holds"): updates(_REGISTRAR),
    ("POST", f"{_AT}/releases"): updates(_REGISTRAR),
    ("GET", "/v1/products/{product}/unpaid"): reads(BY_PRODUCT),
}
