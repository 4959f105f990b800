"""Participation (参加): which firms have access, which of them handle a product, and who introduced a customer.

Names, addresses and contacts of firms come as files for masters (`POST /v1/files`).
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, updates
from genbo.api.asking import Asks
from genbo.api.ids import AnId, InvestorPath, ProductPath
from genbo.api.institution import Institution
from genbo.api.request import answered, done_once
from genbo.api.router import router as a_router
from genbo.governance.institutions import BROKERS, InstitutionId, InstitutionRole, institution
from genbo.kernel import InvestorId, ProductId
from genbo.storage.parties import Parties
from genbo.storage.requests import Answered

router = a_router("institutions")


class NewInstitution(BaseModel):
    """A firm that gets access, under one role. 関係機関の登録"""

    model_config = ConfigDict(extra="forbid")

    institution: Annotated[AnId, Field(description="関係機関ID", examples=["B9"])]
    role: Annotated[
        InstitutionRole,
        Field(description="It never changes: another role is another institution. 役割"),
    ]
    custodian: Annotated[
        AnId | None,
        Field(description="Keeps the keys of a delegating broker. カストディアンID (T8.5)"),
    ] = None
    own_account: Annotated[AnId | None, Field(description="自己口投資家ID (T8.4)")] = None


class Handling(BaseModel):
    """A firm that handles a product. 取扱"""

    model_config = ConfigDict(extra="forbid")

    institution: Annotated[
        AnId, Field(description="A broker, custodian or intermediary. 関係機関ID")
    ]


class Handled(BaseModel):
    """A firm that handles a product from now on, or did before. 取扱"""

    product: Annotated[str, Field(description="受益権ID")]
    institution: Annotated[str, Field(description="関係機関ID")]
    new: Annotated[bool, Field(description="Whether it did not before. 新規")]


class NewIntroduction(BaseModel):
    """Which intermediary introduced a customer. 媒介"""

    model_config = ConfigDict(extra="forbid")

    institution: Annotated[AnId, Field(description="The intermediary. 媒介者")]
    consent: Annotated[
        bool,
        Field(
            description="Whether the customer lets it see what it holds. 保有情報の閲覧への同意",
            strict=True,
        ),
    ]


class Introduction(BaseModel):
    """Who introduced a customer. 媒介"""

    investor: Annotated[str, Field(description="投資家ID")]
    institution: Annotated[str, Field(description="媒介者")]
    consent: Annotated[bool, Field(description="保有情報の閲覧への同意")]


@router.post("/institutions", status_code=201, response_model=Institution)
def admit_institution(body: NewInstitution, ask: Asks) -> object:
    """Gives a firm access under its role. Its systems get credentials from two administrators. 関係機関の登録"""

    def act(connection: Connection) -> Answered:
        parties, keeper = Parties(connection), body.custodian
        admitted = institution(
            id=InstitutionId(body.institution),
            role=body.role,
            custodian=None if keeper is None else parties.institution(InstitutionId(keeper)),
            own_account=None if body.own_account is None else InvestorId(body.own_account),
        )
        parties.admit(admitted, at=ask.at, by=ask.by)
        return answered(201, Institution.of(admitted, admitted))

    return done_once(ask, "POST /v1/institutions", body, act)


@router.post("/products/{product}/firms", status_code=201, response_model=Handled)
def let_handle(product: ProductPath, body: Handling, ask: Asks) -> object:
    """Lets a broker, custodian or intermediary handle a product: it sees terms and totals from then on. 取扱の登録"""

    def act(connection: Connection) -> Answered:
        firm = InstitutionId(body.institution)
        new = Parties(connection).handle(ProductId(product), firm, at=ask.at, by=ask.by)
        return answered(201, Handled(product=product, institution=firm, new=new))

    return done_once(ask, "POST /v1/products/{product}/firms", body, act, product=product)


@router.post("/investors/{investor}/introduction", status_code=201, response_model=Introduction)
def introduce_investor(investor: InvestorPath, body: NewIntroduction, ask: Asks) -> object:
    """Records which intermediary introduced a customer, and whether it may see what its client holds; in place of what
    was recorded before. 媒介の登録"""
    ask.sight.investor(InvestorId(investor))

    def act(connection: Connection) -> Answered:
        Parties(connection).introduce(
            InvestorId(investor),
            InstitutionId(body.institution),
            consents_to_sight=body.consent,
            at=ask.at,
            by=ask.by,
        )
        told = Introduction(investor=investor, institution=body.institution, consent=body.consent)
        return answered(201, told)

    route = "POST /v1/investors/{investor}/introduction"
    return done_once(ask, route, body, act, investor=investor)


_OPERATOR = updates({InstitutionRole.PLATFORM_MANAGER})

ACCESS: AccessTable = {
    ("POST", "/v1/institutions"): _OPERATOR,
    ("POST", "/v1/products/{product}/firms"): _OPERATOR,
    ("POST", "/v1/investors/{investor}/introduction"): updates(BROKERS),
}
