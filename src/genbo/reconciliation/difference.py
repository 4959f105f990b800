"""The first difference (最初の相違): where in the ledger's history two accounts of one register part.

Rows that are derived from the ledger are compared one by one, in the order of their keys; of all that differ, the one
that differs earliest in the ledger counts, because whatever comes after it may only follow from it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from genbo.kernel import Address, InvestorId, ProductId
from genbo.register.derived import COLUMNS, KEYS, Row

_NAMED: Final[Mapping[str, str]] = {
    "lot": "lot {from_block}.{from_log_index}.{ordinal}",
    "position": "position from {from_block}.{from_log_index}",
    "total_issued": "total issued from {from_block}.{from_log_index}",
    "trade": "trade {ref} at {from_block}.{from_log_index}",
    "trade_piece": "piece {ordinal} of the trade at {from_block}.{from_log_index}",
}
"""How a row of each table is named."""

_NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two accounts part."""

    product: ProductId | None
    """None when it is about no product, such as a block."""
    block: int
    """Where in the ledger it lies; with `exact` False, it lies there or before."""
    log_index: int | None
    what: str
    """What differs: a row, a figure of an address, a raw event, a block."""
    expected: str
    """What the ledger says."""
    found: str
    """What the register has."""
    address: Address | None = None
    investor: InvestorId | None = None
    """Whose address it is, where the registry knows."""
    exact: bool = True
    note: str | None = None
    """Why it is not exact."""

    def whose(self, owners: Mapping[Address, InvestorId]) -> "Difference":
        """The same, with the investor whose address it is."""
        investor = owners.get(self.address) if self.address else None
        return replace(self, investor=investor)


def earliest(differences: Iterable[Difference | None]) -> Difference | None:
    """The one that lies first in the ledger."""
    found = [each for each in differences if each is not None]
    # Of one block, what is known to the log says more than what is known of the block as a whole.
    return min(
        found,
        key=lambda each: (each.block, each.log_index is None, each.log_index or 0),
        default=None,
    )


def first_row_apart(
    product: ProductId, table: str, *, expected: Iterator[Row], found: Iterator[Row]
) -> Difference | None:
    """The earliest difference between the rows of one table, both in the order of its key; None when all are equal."""
    return earliest(
        _difference(product, table, there, here)
        for there, here in _paired(table, expected, found)
        if there != here
    )


def _paired(
    table: str, expected: Iterator[Row], found: Iterator[Row]
) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of both sides by key; None where one side has none."""
    there, here = next(expected, None), next(found, None)
    while there is not None or here is not None:
        if here is None or (there is not None and _key(table, there) < _key(table, here)):
            yield there, None
            there = next(expected, None)
        elif there is None or _key(table, here) < _key(table, there):
            yield None, here
            here = next(found, None)
        else:
            yield there, here
            there, here = next(expected, None), next(found, None)


def _key(table: str, row: Row) -> tuple[str | int, ...]:
    cells = dict(zip(COLUMNS[table], row, strict=True))
    numbers = ("from_block", "from_log_index", "ordinal")
    return tuple(
        int(cells[name] or 0) if name in numbers else str(cells[name]) for name in KEYS[table]
    )


def _difference(
    product: ProductId, table: str, expected: Row | None, found: Row | None
) -> Difference:
    there = dict(zip(COLUMNS[table], expected, strict=True)) if expected else {}
    here = dict(zip(COLUMNS[table], found, strict=True)) if found else {}
    either = there or here
    address = either.get("address") or either.get("target") or either.get("source")
    if there and here:
        apart = [name for name in there if there[name] != here[name]]
        said, stored = (
            ", ".join(f"{name} {side[name] or _NOTHING}" for name in apart)
            for side in (there, here)
        )
    else:
        apart = []
        said, stored = (_summary(side) if side else _NOTHING for side in (there, here))
    block, log_index = _where(there, here, apart)
    return Difference(
        product=product,
        block=block,
        log_index=log_index,
        what=_NAMED[table].format_map(either),
        expected=said,
        found=stored,
        address=Address(address) if address else None,
    )


def _where(
    there: Mapping[str, str | None], here: Mapping[str, str | None], apart: list[str]
) -> tuple[int, int]:
    """The log at which the rows part: the one that began them, or when only their ends differ, the first end."""
    if apart and all(name.startswith("until_") for name in apart):
        return min(
            (int(side["until_block"] or 0), int(side["until_log_index"] or 0))
            for side in (there, here)
            if side["until_block"] is not None
        )
    either = there or here
    return int(either["from_block"] or 0), int(either["from_log_index"] or 0)


def _summary(row: Mapping[str, str | None]) -> str:
    named = ("address", "units", "acquired", "source", "target", "until_block")
    return ", ".join(f"{name} {row[name]}" for name in named if row.get(name) is not None)
