"""AsyncPages: a list in parts, asked for as they are read.

Made from the waiting form by tools/make_sdk.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Generic, TypeVar

from genbo_sdk._async_core import AsyncCore

Row = TypeVar("Row")
Part = TypeVar("Part")


class AsyncPages(Generic[Row, Part]):
    """The rows of a list. A page is asked for when its first row is read.

    async for investor in client.investors.list(): ...
    async for page in client.investors.list().pages(): ...    page.items, page.next
    """

    def __init__(
        self,
        core: AsyncCore,
        name: str,
        *,
        path: Mapping[str, object],
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> None:
        """The cursor stands where the other arguments do: in the query, or in the body."""
        self._core = core
        self._name = name
        self._path = path
        self._place = "query" if body is None else "body"
        self._arguments = (query if body is None else body) or {}

    async def pages(self) -> AsyncIterator[Part]:
        """Page after page; `next` of a page is the `cursor` with which to go on after it."""
        arguments = dict(self._arguments)
        while True:
            page: Any = await self._core.call(
                self._name, path=self._path, **{self._place: arguments}
            )
            yield page
            if page.next is None:
                return
            arguments["cursor"] = page.next

    async def __aiter__(self) -> AsyncIterator[Row]:
        async for page in self.pages():
            rows: Any = page
            for row in rows.items:
                yield row

    async def all(self) -> list[Row]:
        """Every row at once."""
        return [row async for row in self]
