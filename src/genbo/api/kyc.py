"""KYC (本人確認): a broker has a provider check its customer; the answer comes by an entrance of its own."""

import hashlib
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, updates
from genbo.api.asking import Asks
from genbo.api.ids import InvestorPath
from genbo.api.request import answered, request_key
from genbo.api.router import router as a_router
from genbo.bootstrap.kyc import a_session, ask_provider, keep_session
from genbo.bootstrap.once import once
from genbo.compliance.kyc import KycProvider
from genbo.governance.institutions import BROKERS
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage.rehearsal import is_rehearsing
from genbo.storage.requests import Answered

router = a_router("investors")


class NewKycSession(BaseModel):
    """A check to ask for. 本人確認の依頼"""

    model_config = ConfigDict(extra="forbid")

    method: Annotated[
        str | None,
        Field(
            pattern=r"^[\x21-\x7e]{1,64}$", description="As the provider calls it. 本人確認の方法"
        ),
    ] = None


class KycSessionStarted(BaseModel):
    """A check that the provider has taken. 本人確認の受付"""

    session: Annotated[str, Field(description="セッションID")]
    provider: Annotated[str, Field(description="本人確認事業者")]
    url: Annotated[
        str,
        Field(
            description="Where the customer goes: whoever has it is taken for the customer. 遷移先",
            repr=False,
        ),
    ]


class _Kept(BaseModel):
    """What is kept of the answer: where the customer goes is asked again."""

    session: str
    provider: str


@router.post(
    "/investors/{investor}/kyc-sessions", status_code=201, response_model=KycSessionStarted
)
def start_kyc(
    investor: InvestorPath, body: NewKycSession, ask: Asks, request: Request
) -> KycSessionStarted:
    """Has the KYC provider check a customer: the customer goes to the answered address, and nothing about the customer
    is sent there. What it finds is told by an event. The same request once more is the same check. 本人確認の開始"""
    ask.sight.investor(InvestorId(investor))
    provider: KycProvider | None = request.app.state.kyc
    if provider is None:
        raise Refusal(Reason.NOT_FOUND, subject="provider of checks", asked="kyc")
    route = "POST /v1/investors/{investor}/kyc-sessions"
    key = request_key(ask, route, body, investor=investor)
    named = hashlib.sha256(f"{key.institution}\n{key.key}".encode()).hexdigest()[:32]
    session = a_session(ask.office, provider, InvestorId(investor), by=ask.by, named=named)

    def act(connection: Connection) -> Answered:
        keep_session(connection, ask.office, session)
        return answered(201, _Kept(session=session.id, provider=session.provider))

    once(ask.office.house, key, act)
    # A rehearsal troubles nobody outside.
    url = "" if is_rehearsing() else ask_provider(ask.office, provider, session, body.method).url
    return KycSessionStarted(session=session.id, provider=session.provider, url=url)


ACCESS: AccessTable = {("POST", "/v1/investors/{investor}/kyc-sessions"): updates(BROKERS)}
