"""Transfer-enable groups (移転実行可否制御, R-PROGMAT-T4), as they stand."""

from sqlalchemy import Connection, select

from genbo.storage.tables import transfer_control as table


def transfer_groups(connection: Connection) -> dict[str, bool]:
    """Every group by its id, and whether its products may be transferred."""
    rows = connection.execute(
        select(table.c.transfer_control_id, table.c.transfer_enabled).order_by(
            table.c.transfer_control_id
        )
    )
    return {row.transfer_control_id: row.transfer_enabled for row in rows}
