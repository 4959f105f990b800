"""The routes behind the calls. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from genbo_sdk import _models as m
from genbo_sdk._operation import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
    "products.list": Operation(
        method="GET", path="/v1/products", scope="reference", result=m.ProductPage
    ),
    "products.get": Operation(
        method="GET",
        path="/v1/products/{product}",
        scope="reference",
        result=m.Product,
        versioned=True,
    ),
}
