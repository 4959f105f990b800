"""The database of a running system, asked directly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from genbo.storage.engine import Database
from genbo.storage.server import find_server

READING = ("notice", "notice_cursor", "notice_stream")
"""How far a running system has looked, and what it told of what was done before: they move on by themselves."""


@contextmanager
def database_of(data: Path) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A connection to the database of the process that runs in the data folder."""
    server = find_server(data)
    assert server is not None, f"no server in {data}"
    url = server.url()
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database, row_factory=dict_row
    ) as connection:
        yield connection


@contextmanager
def database_behind(data: Path) -> Iterator[Database]:
    """The same database, as the storage functions use it."""
    server = find_server(data)
    assert server is not None, f"no server in {data}"
    database = Database(server.url())
    yield database
    database.close()


def everything(data: Path) -> dict[str, list[Any]]:
    """Every row of every table: what must be the same when nothing was done."""
    with database_of(data) as connection:
        tables = connection.execute(
            "SELECT table_name AS name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        ).fetchall()
        found = {
            table["name"]: connection.execute(
                f'SELECT to_jsonb(t) AS row FROM "{table["name"]}" AS t ORDER BY 1'
            ).fetchall()
            for table in tables
            if table["name"] not in READING
        }
    assert {"investor", "product", "lot", "command", "reading", "event_raw"} <= found.keys()
    return found
