"""Books (帳簿): a firm's own record of what its customers hold, compared with the register at one block.

A delegating broker reads the register over the interface and never from a node of its own, and must check what it
reads with due care all the same (R-PROGMAT-ISS-I); a custodian and a direct broker check theirs (R-JVCEA-15).

given a book and the register at a block
├── when the book says a holder twice, or an investor both as a whole and by address: it is refused
├── when a line of the book says something else than the register: a difference, with both numbers
├── when the register has units that the book does not speak of: a difference, the book's number being 0
└── otherwise: they agree
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genbo.kernel import Address, Digest, InvestorId, Reason, Refusal, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """What the book says of one holder: of an investor over all of its addresses, or of one address."""

    holder: InvestorId | Address
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """What the register says of one address."""

    investor: InvestorId
    address: Address
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A holder of whom book and register say different numbers."""

    holder: InvestorId | Address
    """As the book names it; an investor whom it does not name."""
    investor: InvestorId
    register: Units
    book: Units


def compare(book: Sequence[BookLine], register: Sequence[RegisterLine]) -> list[Apart]:
    """Where the two differ, by holder.

    Args:
        book: the whole book: who is not in it holds nothing by it. Holders are investors, or addresses of `register`.
        register: every address of the firm's customers in the product, with what stands there.

    Raises:
        Refusal: `field_invalid` for a holder that the book names twice.
    """
    said = {each.holder: each.units for each in book}
    for holder, times in Counter(each.holder for each in book).items():
        if times > 1:
            raise _twice(holder)
    found: dict[InvestorId | Address, int] = {}
    whose: dict[InvestorId | Address, InvestorId] = {}
    for each in register:
        holder = each.address if each.address in said else each.investor
        if each.address in said and each.investor in said:
            raise _twice(each.investor)
        found[holder] = found.get(holder, 0) + each.units
        whose[holder] = each.investor
    return [
        Apart(
            holder=holder,
            # Of a holder without an address in the product the register says nothing: it is an investor.
            investor=whose.get(holder, InvestorId(holder)),
            register=Units(found.get(holder, 0)),
            book=said.get(holder, Units(0)),
        )
        for holder in sorted(said.keys() | found.keys())
        if found.get(holder, 0) != said.get(holder, 0)
    ]


def digest_of(book: Iterable[BookLine]) -> Digest:
    """SHA-256 over the lines by holder, as JSON: the same book has the same digest in whatever order it comes."""
    lines = sorted([each.holder, str(each.units)] for each in book)
    text = json.dumps(lines, separators=(",", ":"))
    return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())


def _twice(holder: str) -> Refusal:
    return Refusal(
        Reason.FIELD_INVALID,
        field="lines",
        value=holder,
        allowed="each holder once: an investor as a whole, or its addresses",
    )
