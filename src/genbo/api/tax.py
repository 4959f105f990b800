"""Tax (源泉徴収): the rates by category and day, and the categories that were recorded of investors."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.asking import Asks
from genbo.api.ids import InvestorPath
from genbo.api.papers import DOCUMENT
from genbo.api.record_date import in_range
from genbo.api.request import answered, as_response, request_key
from genbo.api.router import router as a_router
from genbo.bootstrap.once import once
from genbo.entitlements import RATES, TaxCategory, TaxRate
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import InvestorId
from genbo.storage.requests import Answered
from genbo.storage.tax_categories import RecordedCategory, TaxCategories

router = a_router("tax")


class Rate(BaseModel):
    """What is withheld of a category (税率). Each tax is cut to the yen for each payee and payment."""

    category: Annotated[TaxCategory, Field(description="税区分")]
    first: Annotated[date, Field(description="For payments from that day on. 適用開始日")]
    last: Annotated[date, Field(description="To that day. 適用終了日")]
    income_tax: Annotated[
        str,
        Field(
            description="Per cent, with the surtax for reconstruction. 所得税", examples=["15.315"]
        ),
    ]
    local_tax: Annotated[str, Field(description="Per cent. 地方税", examples=["5"])]

    @classmethod
    def of(cls, each: TaxRate) -> Self:
        return cls(
            category=each.category,
            first=each.first,
            last=each.last,
            income_tax=_per_cent(each.income),
            local_tax=_per_cent(each.local),
        )


class Rates(BaseModel):
    """The rates of interest and of distributions of profit."""

    items: Annotated[list[Rate], Field(description="By category and day. 税率")]


class Category(BaseModel):
    """How an investor is taxed, as it was recorded (税区分)."""

    category: Annotated[TaxCategory, Field(description="税区分")]
    effective: Annotated[date, Field(description="For payments from that day on. 適用開始日")]
    evidence_ref: Annotated[str, Field(description="Reference of the proof. 証跡参照")]
    recorded_at: Annotated[datetime, Field(description="登録日時")]
    recorded_by: Annotated[str, Field(description="Never a name. 登録者")]

    @classmethod
    def of(cls, each: RecordedCategory) -> Self:
        return cls(
            category=each.category,
            effective=each.effective,
            evidence_ref=each.evidence_ref,
            recorded_at=each.recorded_at,
            recorded_by=each.recorded_by,
        )


class Categories(BaseModel):
    """What was recorded of an investor."""

    items: Annotated[
        list[Category],
        Field(description="As recorded: of several for a day the last counts. 税区分の履歴"),
    ]


class CategoryOrder(BaseModel):
    """How an investor is taxed, where that is other than individual or corporation says (税区分の登録)."""

    model_config = ConfigDict(extra="forbid")

    category: Annotated[TaxCategory, Field(description="税区分")]
    effective: Annotated[date, Field(description="For payments from that day on. 適用開始日")]
    evidence_ref: Annotated[
        str,
        Field(pattern=DOCUMENT, description="Id of the proof that was seen. 証跡参照"),
    ]


@router.get("/tax-rates")
def list_tax_rates(ask: Asks) -> Rates:
    """What is withheld of income by category and day of payment. A return of capital is not taxed. 税率表"""
    return Rates(items=[Rate.of(each) for each in RATES])


@router.get("/investors/{investor}/tax-categories")
def list_tax_categories(investor: InvestorPath, ask: Asks) -> Categories:
    """What was recorded of how an investor is taxed; without any, as the individual or corporation it is. 税区分"""
    ask.sight.people.investor(InvestorId(investor))
    return Categories(items=_recorded(ask, investor))


@router.post("/investors/{investor}/tax-categories", status_code=201, response_model=Categories)
def record_tax_category(investor: InvestorPath, body: CategoryOrder, ask: Asks) -> object:
    """Records how an investor is taxed, from a day on, with the reference of the proof that was seen. Runs that were
    declared before stay as they are. 税区分の登録"""
    ask.sight.people.investor(InvestorId(investor))
    in_range(body.effective)

    def recorded(connection: Connection) -> Answered:
        categories = TaxCategories(connection)
        categories.record(
            InvestorId(investor),
            body.category,
            effective=body.effective,
            evidence_ref=body.evidence_ref,
            at=ask.office.house.now(),
            by=ask.by,
        )
        found = categories.recorded(InvestorId(investor))
        return answered(201, Categories(items=[Category.of(each) for each in found]))

    route = "POST /v1/investors/{investor}/tax-categories"
    key = request_key(ask, route, body, investor=investor)
    return as_response(once(ask.office.house, key, recorded))


# Inside ----------------------------------------------------------------------------------------------


def _recorded(ask: Asks, investor: str) -> list[Category]:
    with ask.office.house.database.read() as connection:
        found = TaxCategories(connection).recorded(InvestorId(investor))
    return [Category.of(each) for each in found]


def _per_cent(parts: int) -> str:
    """A rate in parts of 100,000."""
    whole, rest = divmod(parts, 1_000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")


_REGISTRAR = frozenset({InstitutionRole.REGISTRAR})

ACCESS: AccessTable = {
    ("GET", "/v1/tax-rates"): reads(ALL_ROLES),
    ("GET", "/v1/investors/{investor}/tax-categories"): reads(_REGISTRAR),
    ("POST", "/v1/investors/{investor}/tax-categories"): updates(_REGISTRAR),
}
