"""The register of one product as of one instant, as CSV and JSON (R-JSTOA-6.2.1.2, .3).

The same request gives the same bytes: lines are sorted, times are written in one way, and nothing of the moment of
printing is in the document. Its digest can therefore be kept as a commitment. Name and address are joined by the
caller from the erasable database; this module never sees where they are kept.
"""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from genbo.kernel import JST, Address, BlockStamp, InvestorId, ProductId, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """Units of one holder, acquired on one day (Trust Act 186: name, address, quantity, day acquired)."""

    holder: InvestorId | None
    """None when the address belongs to nobody the registry knows; such a line is a finding, and it is printed."""
    name: str | None
    registered_address: str | None
    account: Address
    units: Units
    acquired: date
    """取得日"""
    restrictions: str = ""
    """Freezes and lock-ups that stand at the instant, in words."""


_COLUMNS = (
    "investor_id",
    "name",
    "registered_address",
    "account",
    "units",
    "acquired",
    "restrictions",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDocument:
    """A register printout."""

    product: ProductId
    product_name: str
    as_of: datetime
    """Everything before this instant is in (half-open), UTC."""
    stamp: BlockStamp
    """The last block that belongs to it."""
    total: Units
    lines: tuple[RegisterLine, ...]
    register_note: str = ""
    """受益権原簿にかかる注記, printed verbatim (R-PROGMAT-T3.16)."""

    @property
    def holders(self) -> int:
        """Holders with at least one unit."""
        return len({line.holder or line.account for line in self.lines})

    def sorted_lines(self) -> list[RegisterLine]:
        """By holder, then day acquired, then account."""
        return sorted(self.lines, key=lambda line: (line.holder or "", line.acquired, line.account))

    def as_csv(self) -> bytes:
        """UTF-8 with a byte order mark (spreadsheet programs in Japan need it), CRLF, one heading line."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows(_safe_cells(line) for line in self.sorted_lines())
        return b"\xef\xbb\xbf" + text.getvalue().encode()

    def as_json(self) -> bytes:
        """UTF-8, keys in order, ending with a newline."""
        return (json.dumps(self.document(), ensure_ascii=False, indent=2) + "\n").encode()

    def document(self) -> dict[str, Any]:
        """The JSON document as plain values."""
        return {
            "product": self.product,
            "product_name": self.product_name,
            "as_of": self.as_of.isoformat(),
            "as_of_jst": self.as_of.astimezone(JST).isoformat(),
            "block": {
                "chain_id": self.stamp.chain_id,
                "number": self.stamp.number,
                "hash": self.stamp.hash,
                "at": self.stamp.at.isoformat(),
            },
            "total_issued": int(self.total),
            "holders": self.holders,
            "register_note": self.register_note,
            "lines": [
                dict(zip(_COLUMNS, _cells(line), strict=True)) for line in self.sorted_lines()
            ],
        }

    def digest(self) -> str:
        """SHA-256 of the JSON bytes, 0x and 64 hexadecimal digits."""
        return "0x" + hashlib.sha256(self.as_json()).hexdigest()


def _cells(line: RegisterLine) -> tuple[object, ...]:
    return (
        line.holder or "",
        line.name or "",
        line.registered_address or "",
        line.account,
        int(line.units),
        line.acquired.isoformat(),
        line.restrictions,
    )


def _safe_cells(line: RegisterLine) -> tuple[object, ...]:
    """A name that begins like a formula must not become one when the file is opened."""
    return tuple(
        "'" + cell
        if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
        else cell
        for cell in _cells(line)
    )
