"""Products (銘柄): their terms and where they stand."""

from datetime import date
from typing import Annotated, Self

from fastapi import Header, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from genbo.api.access import ALL_ROLES, AccessTable, reads, updates
from genbo.api.asking import Asks
from genbo.api.ids import Cursor, Limit, ProductPath
from genbo.api.page import USUAL, Page, after, page
from genbo.api.request import answered, done_once
from genbo.api.router import router as a_router
from genbo.api.version import UNCHANGED, answer_version
from genbo.bootstrap import creation
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import ProductId, Refusals
from genbo.storage.products import Product as StoredProduct
from genbo.storage.requests import Answered
from genbo.token import ProductStatus, ProductTerms, parse_terms, problems_of_terms

router = a_router("products")


class Product(BaseModel):
    """A product as it stands (T3)."""

    product: Annotated[str, Field(description="受益権ID (T3.1)", examples=["SHIBUYA-JINNAN"])]
    name: Annotated[str, Field(description="受益権名称 (T3.2)")]
    symbol: Annotated[str, Field(description="Short name on the ledger. シンボル")]
    status: Annotated[ProductStatus, Field(description="Where it stands. 状態")]
    legal_form: Annotated[str, Field(description="法的形式")]
    legal_category: Annotated[str, Field(description="金商法上の区分")]
    right_kind: Annotated[str, Field(description="受益権種類 (T3.4)")]
    isin: Annotated[str | None, Field(description="ISINコード (T3.5)")]
    trust_contract: Annotated[str, Field(description="信託契約ID (T3.6)")]
    initial_beneficiary: Annotated[str, Field(description="当初受益者ID (T3.7)")]
    set_quantity: Annotated[int, Field(description="Whole units. 設定数量 (T3.9)")]
    unit_price_yen: Annotated[int, Field(description="Issue price of a unit, yen. 発行価格")]
    application_minimum: Annotated[int, Field(description="Units. 最低申込数量")]
    application_step: Annotated[int, Field(description="Units. 申込単位")]
    authorised_cap: Annotated[int, Field(description="Units outstanding at most. 発行上限")]
    set_date: Annotated[date, Field(description="設定日 (T3.10)")]
    redemption_date: Annotated[date, Field(description="償還日 (T3.12)")]
    record_dates: Annotated[
        list[str], Field(description="Month and day of each year. 権利確定日 (T3.13, T3.14)")
    ]
    transfer_control: Annotated[str, Field(description="移転実行可否制御ID (T3.3)")]
    terms_digest: Annotated[str, Field(description="Digest that the token carries. 条件ハッシュ")]
    chain_id: Annotated[int | None, Field(description="Chain of its token. チェーンID")]
    token: Annotated[str | None, Field(description="Address of its token. トークンアドレス")]

    @classmethod
    def of(cls, stored: StoredProduct) -> Self:
        terms = stored.terms
        return cls(
            product=terms.product_id,
            name=terms.name,
            symbol=terms.symbol,
            status=stored.status,
            legal_form=terms.legal_form.value,
            legal_category=terms.legal_category.value,
            right_kind=terms.right_kind.value,
            isin=terms.isin,
            trust_contract=terms.trust_contract_id,
            initial_beneficiary=terms.initial_beneficiary_id,
            set_quantity=terms.set_quantity,
            unit_price_yen=terms.unit_price_yen,
            application_minimum=terms.application_minimum,
            application_step=terms.application_step,
            authorised_cap=terms.authorised_cap,
            set_date=terms.set_date,
            redemption_date=terms.redemption_date,
            record_dates=[str(day) for day in (terms.record_date_1, terms.record_date_2) if day],
            transfer_control=terms.transfer_control_id,
            terms_digest=terms.digest(),
            chain_id=stored.chain_id,
            token=stored.address,
        )


@router.get("/products")
def list_products(ask: Asks, limit: Limit = USUAL, cursor: Cursor = None) -> Page[Product]:
    """Every product that the institution takes part in, by id. 銘柄一覧"""
    question = {"of": ask.institution.id}
    begin = after(question, cursor)
    found = sorted(ask.sight.products(), key=lambda each: each.product_id)
    rest = [each for each in found if begin is None or each.product_id > str(begin[0])]
    shown = [Product.of(each) for each in rest[: limit + 1]]
    return page(question, shown, limit=limit, key="product")


@router.get("/products/{product}", responses=UNCHANGED)
def read_product(
    product: ProductPath,
    ask: Asks,
    response: Response,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Product:
    """One product, with its version as ETag. 銘柄"""
    found = Product.of(ask.sight.product(ProductId(product)))
    return answer_version(found, response, if_none_match)


class NewProduct(BaseModel):
    """A product that is to come. 銘柄の起案"""

    model_config = ConfigDict(extra="forbid")

    terms: Annotated[
        dict[
            Annotated[str, StringConstraints(max_length=64)],
            str | int | list[Annotated[str, StringConstraints(max_length=64)]] | None,
        ],
        Field(
            max_length=64,
            description="The fields of a product file, as in examples/shibuya-jinnan/product.yaml: docs/tables.md, T3. "
            "商品条件",
            examples=[{"product_id": "SHIBUYA-JINNAN", "set_quantity": 1453}],
        ),
    ]

    def read(self) -> ProductTerms:
        """The terms. Raises Refusals: everything that is wrong, each with its field."""
        problems = problems_of_terms(self.terms)
        if problems:
            raise Refusals(problems)
        return parse_terms(self.terms)


@router.post("/products", status_code=201, response_model=Product)
def draft_product(body: NewProduct, ask: Asks) -> object:
    """Registers the terms of a product of one of the registrar's trust contracts, in draft: other terms take their
    place while there is no token. The token is created from the very same terms by the people who hold the keys of
    its duties (`genbo product create`, or the deployment scripts). 銘柄の起案"""
    terms = body.read()

    def act(connection: Connection) -> Answered:
        drafted = creation.draft_product(
            connection, terms, registrar=ask.institution.id, at=ask.office.now().at, by=ask.by
        )
        return answered(201, Product.of(drafted))

    return done_once(ask, "POST /v1/products", body, act)


ACCESS: AccessTable = {
    ("POST", "/v1/products"): updates({InstitutionRole.REGISTRAR}),
    ("GET", "/v1/products"): reads(ALL_ROLES),
    ("GET", "/v1/products/{product}"): reads(ALL_ROLES),
}
