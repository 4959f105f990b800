"""Holdings of an investor in all products together, as the register was last read."""

from sqlalchemy import Connection, func, select

from genbo.kernel import InvestorId
from genbo.storage.tables import position, wallet


def units_held(connection: Connection, investor: InvestorId) -> int:
    """Units that the investor's addresses hold now, present and replaced ones, of every product."""
    return int(
        connection.scalar(
            select(func.coalesce(func.sum(position.c.units), 0))
            .join(
                wallet,
                (wallet.c.product_id == position.c.product_id)
                & (wallet.c.address == position.c.address),
            )
            .where(wallet.c.investor_id == investor, position.c.until_block.is_(None))
        )
        or 0
    )
