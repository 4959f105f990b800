"""The interface as it is served: every domain word's routes, under one table of access."""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType

from fastapi import FastAPI

from genbo.api import (
    allotment,
    anchor,
    audit,
    balance_certificate,
    bulk_transfer,
    command,
    corporate_action,
    disclosure,
    distribution,
    events,
    file,
    health,
    inspection,
    institution,
    investor,
    issue,
    job,
    job_result,
    kyc,
    lot,
    market_control,
    market_schedule,
    order,
    participation,
    payee_proof,
    payment,
    position,
    product,
    reason,
    reconciliation,
    record_date,
    redemption,
    register,
    register_document,
    registration,
    repair,
    restriction,
    split,
    statement,
    tax,
    token,
    token_payment,
    trade,
    trading,
    transfer,
    upload,
    webhooks,
)
from genbo.api.access import AccessTable, merged
from genbo.api.app import make_app
from genbo.api.caller import Authority
from genbo.api.proxies import Proxies
from genbo.api.rate import RateLimit
from genbo.bootstrap.office import Office
from genbo.compliance.kyc import KycProvider

_WORDS = (
    token,
    institution,
    investor,
    product,
    position,
    lot,
    register,
    trade,
    transfer,
    bulk_transfer,
    order,
    command,
    issue,
    allotment,
    anchor,
    audit,
    balance_certificate,
    corporate_action,
    disclosure,
    distribution,
    events,
    file,
    health,
    inspection,
    job,
    job_result,
    kyc,
    market_control,
    market_schedule,
    participation,
    payee_proof,
    payment,
    token_payment,
    reason,
    reconciliation,
    record_date,
    redemption,
    register_document,
    registration,
    repair,
    restriction,
    split,
    statement,
    tax,
    trading,
    upload,
    webhooks,
)
"""One module a word, in the order of the description."""

ROUTERS = tuple(word.router for word in _WORDS)
"""The routes, word by word."""

ACCESS: AccessTable = MappingProxyType(merged(word.ACCESS for word in _WORDS))
"""Which route is for whom: the whole table."""


def make_v1(
    office: Office,
    authority: Authority,
    *,
    now: Callable[[], datetime],
    limit: RateLimit | None = None,
    proxies: Proxies | None = None,
    kyc_provider: KycProvider | None = None,
) -> FastAPI:
    """The interface of an office.

    Args:
        now: the time of what is asked.
        limit: how often a credential may ask.
        proxies: who may say from where, and with which certificate, a request came; None: nobody.
        kyc_provider: who checks customers; None: nobody.
    """
    app = make_app(ROUTERS, ACCESS, authority, now=now, limit=limit, proxies=proxies, office=office)
    app.state.kyc = kyc_provider
    return app
