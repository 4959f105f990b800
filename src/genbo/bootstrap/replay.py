"""Replay: the derived rows made anew from the stored events, in temporary tables beside the stored ones.

The same code writes both, so that equal digests mean equal rows. Temporary tables come before all others in
PostgreSQL's search path: nothing that is stored can be touched while they stand, and they end with the transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, text

from genbo.kernel import ProductId
from genbo.storage.digest import DERIVED

_MOST = 20
"""Differing rows that are looked at; a report shows fewer."""

_ROW = {
    "lot": "lot {from_block}.{from_log_index}.{ordinal} at {address}",
    "position": "position of {address} from {from_block}.{from_log_index}",
    "total_issued": "total issued from {from_block}.{from_log_index}",
    "trade": "trade {ref} at {from_block}.{from_log_index}",
    "trade_piece": "piece {ordinal} of the trade at {from_block}.{from_log_index}",
}
"""How a row of each table is named."""


@contextmanager
def beside(connection: Connection) -> Iterator[str]:
    """Puts an empty temporary table before each derived table, until the transaction ends.

    Gives the schema in which the stored ones stand.
    """
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    for table in DERIVED:
        connection.exec_driver_sql(
            f'CREATE TEMPORARY TABLE "{table.name}" '
            f'(LIKE "{schema}"."{table.name}" INCLUDING ALL) ON COMMIT DROP'
        )
    yield str(schema)
    for table in DERIVED:
        connection.exec_driver_sql(f'DROP TABLE pg_temp."{table.name}"')


def rows_apart(connection: Connection, schema: str, product: ProductId) -> tuple[str, ...]:
    """Rows of the product that are stored and rebuilt differently, each with what differs; a few of them."""
    found: list[str] = []
    for table in DERIVED:
        found += _apart(connection, schema, table, product)
    return tuple(found[:_MOST])


def _apart(connection: Connection, schema: str, table: Table, product: ProductId) -> Iterator[str]:
    keys = [column.name for column in table.primary_key]
    same = " AND ".join(f'stored."{key}" = rebuilt."{key}"' for key in keys)
    order = ", ".join(f'coalesce(stored."{key}", rebuilt."{key}")' for key in keys)
    rows = connection.execute(
        text(
            f"SELECT to_jsonb(stored) AS stored, to_jsonb(rebuilt) AS rebuilt "
            f'FROM (SELECT * FROM "{schema}"."{table.name}" WHERE product_id = :product) AS stored '
            f'FULL JOIN (SELECT * FROM pg_temp."{table.name}" WHERE product_id = :product) AS rebuilt '
            f"ON {same} WHERE to_jsonb(stored) IS DISTINCT FROM to_jsonb(rebuilt) "
            f"ORDER BY {order} LIMIT {_MOST}"
        ),
        {"product": product},
    )
    for row in rows:
        yield _told(table, row.stored, row.rebuilt)


def _told(table: Table, stored: Mapping[str, Any] | None, rebuilt: Mapping[str, Any] | None) -> str:
    named = _ROW[table.name].format_map(stored or rebuilt or {})
    if stored is None:
        return f"{named}: missing"
    if rebuilt is None:
        return f"{named}: no event says so"
    differences = ", ".join(
        f"{name} is {stored[name]}, the events say {rebuilt[name]}"
        for name in stored
        if stored[name] != rebuilt[name]
    )
    return f"{named}: {differences}"
