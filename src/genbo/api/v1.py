"""The interface as it is served: every domain word's routes, under one table of access."""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType

from fastapi import FastAPI

from genbo.api import (
    allotment,
    audit,
    bulk_transfer,
    command,
    distribution,
    events,
    file,
    health,
    institution,
    investor,
    issue,
    job,
    lot,
    market_control,
    order,
    payment,
    position,
    product,
    reason,
    record_date,
    redemption,
    register,
    register_document,
    registration,
    repair,
    restriction,
    split,
    statement,
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
    audit,
    distribution,
    events,
    file,
    health,
    job,
    market_control,
    payment,
    token_payment,
    reason,
    record_date,
    redemption,
    register_document,
    registration,
    repair,
    restriction,
    split,
    statement,
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
) -> FastAPI:
    """The interface of an office.

    Args:
        now: the time of what is asked.
        limit: how often a credential may ask.
        proxies: who may say from where, and with which certificate, a request came; None: nobody.
    """
    return make_app(
        ROUTERS, ACCESS, authority, now=now, limit=limit, proxies=proxies, office=office
    )
