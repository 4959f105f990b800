"""What a master said at an instant (変更前の行): its row as it was, for the documents of that day."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select

from genbo.storage import bulk
from genbo.storage.tables.former import former_row


def as_it_was(
    connection: Connection,
    table: Table,
    keys: Collection[str],
    columns: Sequence[str],
    *,
    at: datetime,
) -> dict[str, dict[str, Any]]:
    """The named columns of the rows `keys` of a master as they were at the instant `at`, by key; those that there are.

    A row that was made later is given as it was first: nothing older is known. Columns of text and of JSON only, as a
    former row keeps them.
    """
    (key,) = table.primary_key.columns
    now = select(key, *(table.c[name] for name in columns)).where(bulk.among(key, keys))
    found = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in connection.execute(now)}
    next_change = (
        select(func.min(former_row.c.number))
        .where(
            former_row.c.table_name == table.name,
            bulk.among(former_row.c.row_key, found),
            former_row.c.until_at > at,
        )
        .group_by(former_row.c.row_key)
    )
    former = select(former_row.c.row_key, *(former_row.c.row[name] for name in columns)).where(
        former_row.c.number.in_(next_change)
    )
    for row in connection.execute(former):
        found[row[0]] = dict(zip(columns, row[1:], strict=True))
    return found
