"""Customer numbers (保護預り先内管理ID): one customer's within its broker (R-PROGMAT-T7.7)."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from genbo.kernel import InvestorId
from genbo.storage import bulk
from genbo.storage.tables import investor as table

_COLUMNS = ("safekeeping_id", "broker_customer_id")


def numbers_taken(
    connection: Connection, numbers: Collection[tuple[str, str]]
) -> dict[tuple[str, str], InvestorId]:
    """Whose each of `numbers` is, of those that are somebody's: broker and customer number."""
    if not numbers:
        return {}
    asked = [dict(zip(_COLUMNS, number, strict=True)) for number in sorted(set(numbers))]
    with bulk.given(connection, table, _COLUMNS, asked) as these:
        found = connection.execute(
            # One after the other by the index: a broker may have as many customers as there are investors.
            select(*(table.c[name] for name in _COLUMNS), table.c.investor_id).join(
                these.new,
                (table.c.safekeeping_id == these.new.c.safekeeping_id)
                & (table.c.broker_customer_id == these.new.c.broker_customer_id),
            ),
            these.parameters,
        ).all()
    return {
        (row.safekeeping_id, row.broker_customer_id): InvestorId(row.investor_id) for row in found
    }
