"""Digest of the derived rows: one number that two registers share exactly when every row is the same.

Rows are read in key order with their values as PostgreSQL writes them, so the digest does not depend on where or
when the rows were made.
"""

import hashlib

from sqlalchemy import Connection, Table, text

from genbo.kernel import ProductId
from genbo.storage.tables import lot, position, total_issued, trade, trade_piece

DERIVED: tuple[Table, ...] = (lot, position, total_issued, trade, trade_piece)
"""The tables whose rows follow from the events."""


def derived_digest(connection: Connection, product: ProductId) -> str:
    """SHA-256 over all derived rows of a product, past and present, as hexadecimal digits."""
    digest = hashlib.sha256()
    for table in DERIVED:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
        rows = connection.execute(
            text(
                f'SELECT ROW({columns})::text FROM "{table.name}" '
                f"WHERE product_id = :product ORDER BY {keys}"
            ),
            {"product": product},
        )
        for (row,) in rows:
            digest.update(row.encode() + b"\n")
    return digest.hexdigest()
