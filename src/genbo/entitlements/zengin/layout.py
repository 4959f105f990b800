"""Layout of the general bank transfer (総合振込, 全銀フォーマット): four kinds of records of 120 bytes, as a table.

Kinds are N, digits in place with zeros in front, and C, signs from the left with spaces behind. A byte is one sign of
JIS X 0201, half-width katakana included; a voiced mark is a byte of its own (requirements B.6).
"""

from typing import NamedTuple

RECORD_BYTES = 120


class Field(NamedTuple):
    """One field of a record."""

    name: str
    length: int
    kind: str
    """N or C."""


HEADER: tuple[Field, ...] = (
    Field("record type", 1, "N"),
    Field("kind", 2, "N"),
    Field("code division", 1, "N"),
    Field("remitter code", 10, "N"),
    Field("remitter name", 40, "C"),
    Field("transfer date", 4, "N"),
    Field("paying bank code", 4, "N"),
    Field("paying bank name", 15, "C"),
    Field("paying branch code", 3, "N"),
    Field("paying branch name", 15, "C"),
    Field("account kind", 1, "N"),
    Field("account number", 7, "N"),
    Field("filler", 17, "C"),
)
DATA: tuple[Field, ...] = (
    Field("record type", 1, "N"),
    Field("payee bank code", 4, "N"),
    Field("payee bank name", 15, "C"),
    Field("payee branch code", 3, "N"),
    Field("payee branch name", 15, "C"),
    Field("clearing house number", 4, "N"),
    Field("account kind", 1, "N"),
    Field("account number", 7, "N"),
    Field("payee name", 30, "C"),
    Field("amount", 10, "N"),
    Field("new code", 1, "N"),
    Field("customer code 1", 10, "N"),
    Field("customer code 2", 10, "N"),
    Field("transfer designation", 1, "N"),
    Field("identification", 1, "C"),
    Field("filler", 7, "C"),
)
TRAILER: tuple[Field, ...] = (
    Field("record type", 1, "N"),
    Field("count of data records", 6, "N"),
    Field("sum of amounts", 12, "N"),
    Field("filler", 101, "C"),
)
END: tuple[Field, ...] = (Field("record type", 1, "N"), Field("filler", 119, "C"))

RECORDS: dict[str, tuple[Field, ...]] = {"1": HEADER, "2": DATA, "8": TRAILER, "9": END}
"""Record type to its fields, in the order of a file."""

GENERAL_TRANSFER = "21"
"""種別コード: 総合振込."""
MOST_AMOUNT = 10**10 - 1
MOST_RECORDS = 10**6 - 1
MOST_TOTAL = 10**12 - 1


def length_of(fields: tuple[Field, ...], name: str) -> int:
    """Bytes of the field with that name."""
    return next(each.length for each in fields if each.name == name)
