"""Pages: a list in parts, asked for as they are read.

The waiting form; the other one is made from this page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from genbo_sdk._core import Core

Row = TypeVar("Row")
Part = TypeVar("Part")


class Pages(Generic[Row, Part]):
    """The rows of a list. A page is asked for when its first row is read.

    for investor in client.investors.list(): ...
    for page in client.investors.list().pages(): ...    page.items, page.next
    """

    def __init__(
        self,
        core: Core,
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

    def pages(self) -> Iterator[Part]:
        """Page after page; `next` of a page is the `cursor` with which to go on after it."""
        arguments = dict(self._arguments)
        while True:
            page: Any = self._core.call(self._name, path=self._path, **{self._place: arguments})
            yield page
            if page.next is None:
                return
            arguments["cursor"] = page.next

    def __iter__(self) -> Iterator[Row]:
        for page in self.pages():
            rows: Any = page
            for row in rows.items:  # noqa: UP028  the other form cannot
                yield row

    def all(self) -> list[Row]:
        """Every row at once."""
        return [row for row in self]  # noqa: C416  the other form cannot
