"""The calls of the client that does not wait. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genbo_sdk._async_client import AsyncClientBase
from genbo_sdk._async_core import AsyncCore
from genbo_sdk._async_pages import AsyncPages

if TYPE_CHECKING:
    from genbo_sdk import _models as m


class AsyncProducts:
    """Products (銘柄): their terms and where they stand."""

    def __init__(self, core: AsyncCore) -> None:
        self._core = core

    def list(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> AsyncPages[m.Product, m.ProductPage]:
        """Every product that the institution takes part in, by id. 銘柄一覧

        Args:
            limit: Rows of a page, 100 by default. 件数
        """
        return AsyncPages(
            self._core, "products.list", path={}, query={"limit": limit, "cursor": cursor}
        )

    async def get(self, product: str) -> m.Product:
        """One product, with its version as ETag. 銘柄

        Args:
            product: Id of the product. 受益権ID (T3.1)
        """
        answer: m.Product = await self._core.call("products.get", path={"product": product})
        return answer


class AsyncClient(AsyncClientBase):
    """Talks to one registry, for one institution."""

    def _open(self) -> None:
        self.products = AsyncProducts(self._core)
