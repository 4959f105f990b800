"""Digest of the derived rows: one number that two registers share exactly when every row is the same.

Rows are read in key order with their values as PostgreSQL writes them, so the digest does not depend on where or
when the rows were made, nor on how the database sorts text. `genbo.register.derived` says what is digested, and comes
to the same digest without a database.
"""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Boolean, Connection, Table, Text, text

from genbo.kernel import ProductId
from genbo.register.derived import COLUMNS, Row
from genbo.storage.tables import lot, position, total_issued, trade, trade_piece

DERIVED: tuple[Table, ...] = (lot, position, total_issued, trade, trade_piece)
"""The tables whose rows follow from the events."""


def derived_digest(connection: Connection, product: ProductId) -> str:
    """SHA-256 over all derived rows of a product, past and present, as hexadecimal digits."""
    digest = hashlib.sha256()
    for table in DERIVED:
        columns = ", ".join(f'"{column}"' for column in COLUMNS[table.name])
        rows = connection.execute(
            text(f"SELECT ROW({columns})::text {_of_product(table)}"), {"product": product}
        )
        for (row,) in rows:
            digest.update(row.encode() + b"\n")
    return digest.hexdigest()


def derived_rows(connection: Connection, product: ProductId, table: Table) -> Iterator[Row]:
    """The stored rows of a product, as `DerivedRows.rows` has them."""
    columns = ", ".join(
        # Alone, PostgreSQL writes a truth value in full; within a row by its first letter.
        f'left("{column}"::text, 1)'
        if isinstance(table.c[column].type, Boolean)
        else f'"{column}"::text'
        for column in COLUMNS[table.name]
    )
    rows = connection.execute(
        text(f"SELECT {columns} {_of_product(table)}"),
        {"product": product},
        execution_options={"yield_per": 5_000},
    )
    for row in rows:
        yield list(row)


def _of_product(table: Table) -> str:
    """The rows of `:product`, by key; text in the order of its code points, whatever the database prefers."""
    # Named with their table: by itself a name would mean the selected column, which is text.
    keys = ", ".join(
        f'"{table.name}"."{key.name}"' + (' COLLATE "C"' if isinstance(key.type, Text) else "")
        for key in table.primary_key
    )
    return f'FROM "{table.name}" WHERE product_id = :product ORDER BY {keys}'
