"""The routes behind the calls. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from genbo_sdk import _models as m
from genbo_sdk._operation import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
    "institutions.me": Operation(
        method="GET", path="/v1/me", scope="reference", either=True, result=m.Me
    ),
    "institutions.list": Operation(
        method="GET", path="/v1/institutions", scope="reference", result=m.InstitutionPage
    ),
    "institutions.get": Operation(
        method="GET", path="/v1/institutions/{institution}", scope="reference", result=m.Institution
    ),
    "users.list": Operation(method="GET", path="/v1/users", scope="reference", result=m.UserPage),
    "investors.list": Operation(
        method="GET", path="/v1/investors", scope="reference", result=m.InvestorPage
    ),
    "investors.get": Operation(
        method="GET", path="/v1/investors/{investor}", scope="reference", result=m.Investor
    ),
    "investors.wallets": Operation(
        method="GET",
        path="/v1/investors/{investor}/wallets",
        scope="reference",
        result=m.InvestorWallets,
    ),
    "investors.names": Operation(
        method="POST", path="/v1/investors/names", scope="reference", result=m.Names
    ),
    "products.list": Operation(
        method="GET", path="/v1/products", scope="reference", result=m.ProductPage
    ),
    "products.get": Operation(
        method="GET", path="/v1/products/{product}", scope="reference", result=m.Product
    ),
    "positions.list": Operation(
        method="GET",
        path="/v1/products/{product}/positions",
        scope="reference",
        result=m.PositionPage,
    ),
    "positions.get": Operation(
        method="GET",
        path="/v1/products/{product}/positions/{address}",
        scope="reference",
        result=m.PositionAt,
    ),
    "positions.of_investor": Operation(
        method="GET",
        path="/v1/investors/{investor}/positions",
        scope="reference",
        result=m.PositionsAt,
    ),
    "positions.totals": Operation(
        method="GET", path="/v1/products/{product}/totals", scope="reference", result=m.TotalsAt
    ),
    "lots.list": Operation(
        method="GET", path="/v1/products/{product}/lots", scope="reference", result=m.LotPage
    ),
    "lots.provenance": Operation(
        method="GET",
        path="/v1/products/{product}/lots/{lot}/provenance",
        scope="reference",
        result=m.ProvenanceAt,
    ),
    "trades.list": Operation(
        method="GET", path="/v1/products/{product}/trades", scope="reference", result=m.TradePage
    ),
}
