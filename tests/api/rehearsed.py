"""Each mutation of the tests, asked about before it is done: `dry_run` changes no row, and says what `submit` does."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import text
from starlette.routing import Match

from genbo.storage.engine import Database
from genbo.storage.tables.columns import metadata

OFTEN = 3
"""Times that each route is asked about with the same status: a digest of every table takes a while."""


def digest(database: Database) -> dict[str, tuple[int, int]]:
    """Rows, and a sum over what they say, of every table."""
    each = (
        f"SELECT '{table.name}', count(*), coalesce(sum(hashtextextended(row::text, 0)), 0)"
        f' FROM "{table.name}" AS row'
        for table in metadata.sorted_tables
    )
    with database.read() as connection:
        found = connection.execute(text(" UNION ALL ".join(each)))
        return {name: (int(rows), int(content)) for name, rows, content in found}


class Rehearsals:
    """What was asked about, of one world."""

    def __init__(self, client: TestClient, database: Database) -> None:
        self._client, self._database = client, database
        self.done: Counter[tuple[str, str, int]] = Counter()
        """Method, path and status of what was submitted after it was asked about."""

    def around(self, method: str, path: str, **request: Any) -> Response:
        """Asks about the request where its route is one that is rehearsed, and does it; what only asks, changes
        nothing. Races are left alone."""
        route = self._route(method, path)
        mode = request.get("params", {}).get("mode")
        asks = mode in ("dry_run", "prepare") or getattr(route, "rehearses", False)
        alone = threading.current_thread() is threading.main_thread()
        if route is None or not asks or not alone or self._often(method, route.path):
            return self._client.request(method, path, **request)
        before = digest(self._database)
        if mode is not None:
            answer = self._client.request(method, path, **request)
            self.done[method, route.path, answer.status_code] += 1
            require_same(before, digest(self._database), told=answer.text)
            return answer
        modes = {
            mode: self._client.request(
                method, path, **{**request, "params": {**request.get("params", {}), "mode": mode}}
            )
            for mode in ("dry_run", "prepare")
        }
        require_same(before, digest(self._database), told=modes["dry_run"].text)
        answer = self._client.request(method, path, **request)
        self.done[method, route.path, answer.status_code] += 1
        agree(modes["dry_run"], modes["prepare"], answer)
        return answer

    def _often(self, method: str, path: str) -> bool:
        times = [count for (*key, _), count in self.done.items() if key == [method, path]]
        return sum(times) >= OFTEN * max(1, len(times))

    def _route(self, method: str, path: str) -> APIRoute | None:
        scope = {"type": "http", "method": method, "path": path.partition("?")[0]}
        for route in self._client.app.routes:  # type: ignore[attr-defined]
            if isinstance(route, APIRoute) and route.matches(scope)[0] is Match.FULL:
                return route
        return None


def require_same(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]], *, told: str
) -> None:
    """Nothing, where no row changed but what was learned of the ledger, and that somebody was told `not_found`."""
    changed = {name for name in after if after[name] != before[name]}
    if (
        "market_status" in changed
    ):  # the ledger's switch was noted, as whoever looks next would have done
        changed -= {"market_status", "former_row", "audit"}
    if "not_found" in told:
        changed.discard("audit")
    assert not changed, sorted(changed)


def agree(asked: Response, prepared: Response, done: Response) -> None:
    """Nothing, where what was asked about is what was done."""
    told = f"{asked.text[:300]} | {prepared.text[:300]} | {done.text[:300]}"
    if done.status_code < 300:
        assert (asked.status_code, asked.json()) == (200, {"allowed": True, "refusal": None}), told
        assert (prepared.status_code, prepared.json()) == (200, {"needed": 0, "sign": None}), told
        return
    assert prepared.status_code == done.status_code, told
    if asked.status_code != 200:
        assert asked.status_code == done.status_code, told
        return
    refusal = asked.json()["refusal"]
    assert not asked.json()["allowed"], told
    assert (refusal["reason"], refusal["status"]) == (done.json()["reason"], done.status_code), told
