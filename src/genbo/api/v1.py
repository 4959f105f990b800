"""The interface as it is served: every domain word's routes, under one table of access."""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType

from fastapi import FastAPI

from genbo.api import (
    bulk_transfer,
    file,
    institution,
    investor,
    job,
    lot,
    position,
    product,
    registration,
    trade,
    transfer,
)
from genbo.api.access import AccessTable, merged
from genbo.api.app import make_app
from genbo.api.caller import Authority
from genbo.api.rate import RateLimit
from genbo.bootstrap.office import Office

_WORDS = (
    institution,
    investor,
    registration,
    product,
    position,
    lot,
    trade,
    transfer,
    bulk_transfer,
    job,
    file,
)
"""One module a word, in the order of the description."""

ACCESS: AccessTable = MappingProxyType(merged(word.ACCESS for word in _WORDS))
"""Which route is for whom: the whole table."""


def make_v1(
    office: Office,
    authority: Authority,
    *,
    now: Callable[[], datetime],
    limit: RateLimit | None = None,
) -> FastAPI:
    """The interface of an office.

    Args:
        now: the time of what is asked.
        limit: how often a credential may ask.
    """
    routers = [word.router for word in _WORDS]
    return make_app(routers, ACCESS, authority, now=now, limit=limit, office=office)
