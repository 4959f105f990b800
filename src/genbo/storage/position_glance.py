"""One position at a glance (残高の単票照会): what stands now at an address, or at those of an investor in a product.

The block and the rows are found by one statement, so the answer is of exactly the block that it names.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from genbo.governance.institutions import InstitutionId
from genbo.kernel import Address, BlockStamp, InvestorId, ProductId, Units
from genbo.register import LogPosition, Position
from genbo.storage.cursor import Cursor
from genbo.storage.engine import Database
from genbo.storage.register_pages import Holding

_COLUMNS: LiteralString = (
    "c.next_block, c.block_hash, c.block_at, c.final_block, c.final_hash, c.final_at,"
    " w.address, w.investor_id, p.address, p.units, p.frozen, p.address_frozen, p.locked_until,"
    " p.verified_until, p.blocked, p.retired,"
    " p.from_block, p.from_log_index, p.from_at, p.from_hash, p.from_tx"
)
_OF_ADDRESS: LiteralString = (
    "SELECT " + _COLUMNS + " FROM cursor c"
    " LEFT JOIN wallet w ON w.product_id = %(product)s AND w.address = %(address)s"
    " LEFT JOIN position p ON p.product_id = %(product)s AND p.address = %(address)s"
    " AND p.until_block IS NULL"
    " WHERE c.chain_id = %(chain_id)s"
)
_OF_INVESTOR: LiteralString = (
    "SELECT " + _COLUMNS + " FROM cursor c"
    " LEFT JOIN wallet w ON w.investor_id = %(investor)s AND w.product_id = %(product)s"
    " LEFT JOIN position p ON p.product_id = w.product_id AND p.address = w.address"
    " AND p.until_block IS NULL"
    " WHERE c.chain_id = %(chain_id)s ORDER BY w.address"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What was found, and how far the chain had been read."""

    cursor: Cursor
    holdings: list[Holding]
    """None of them where nothing is seen."""


class PositionGlance:
    """What one institution sees at a glance at the instant `at`, of the products on one chain."""

    def __init__(
        self, database: Database, chain_id: int, institution: InstitutionId, *, at: datetime
    ) -> None:
        self._database = database
        self._chain_id = chain_id
        self._institution = institution
        self._at = at

    def of_address(self, product: ProductId, address: Address) -> Glance | None:
        """What stands at one address; None before the first block was read."""
        return self._ask(_OF_ADDRESS, product, {"address": address})

    def of_investor(self, product: ProductId, investor: InvestorId) -> Glance | None:
        """What stands at the addresses of one investor, by address; None before the first block was read."""
        return self._ask(_OF_INVESTOR, product, {"investor": investor})

    def _ask(
        self, question: LiteralString, product: ProductId, values: dict[str, Any]
    ) -> Glance | None:
        rows = self._database.glance(
            self._institution,
            question,
            {"chain_id": self._chain_id, "product": product, **values},
            at=self._at,
        )
        if not rows or rows[0][1] is None:
            return None
        return Glance(
            cursor=self._cursor(rows[0]),
            holdings=[
                self._holding(product, row)
                for row in rows
                if row[6] is not None or row[8] is not None
            ],
        )

    def _cursor(self, row: tuple[Any, ...]) -> Cursor:
        next_block, last_hash, last_at, final, final_hash, final_at, *_ = row
        return Cursor(
            next_block=next_block,
            last=BlockStamp(self._chain_id, next_block - 1, _hex(last_hash), last_at),
            final=None
            if final is None
            else BlockStamp(self._chain_id, final, _hex(final_hash), final_at),
        )

    def _holding(self, product: ProductId, row: tuple[Any, ...]) -> Holding:
        registered, investor, address, *stands, block, log_index, at, block_hash, tx = row[6:]
        position = None
        if address is not None:
            units, frozen, address_frozen, locked_until, verified_until, blocked, retired = stands
            position = Position(
                product=product,
                address=Address(address),
                units=Units(int(units)),
                frozen=Units(int(frozen)),
                address_frozen=address_frozen,
                locked_until=locked_until,
                verified_until=verified_until,
                blocked=blocked,
                retired=retired,
                position=LogPosition(
                    stamp=BlockStamp(self._chain_id, block, _hex(block_hash), at),
                    log_index=log_index,
                    tx=_hex(tx),
                ),
            )
        return Holding(
            product=product,
            address=Address(address or registered),
            investor=None if investor is None else InvestorId(investor),
            position=position,
        )


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()
