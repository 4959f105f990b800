"""Fields of a row in the binary form of PostgreSQL's COPY: the length in four bytes, then the value.

The general way through the driver asks each value for its type and each column for its converter; at seven rows an
event that costs more than all the rest of a reading. These know their types, and remember what comes again and again.
A test sends values of every kind this way and by statement and compares what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import Final

from psycopg.adapt import Dumper
from psycopg.pq import Format

from genbo.kernel import UTC

NULL: Final = b"\xff\xff\xff\xff"
TRUE: Final = b"\x00\x00\x00\x01\x01"
FALSE: Final = b"\x00\x00\x00\x01\x00"

_REMEMBERED = 1 << 14
"""Values of a kind that are remembered; a megabyte or two."""
_WORDS = 1 << 17
"""Texts that are remembered: more than there are holders."""
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY: Final = date(2000, 1, 1).toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)

_length = Struct(">i").pack
_int2 = Struct(">ih").pack
_int4 = Struct(">ii").pack
_int8 = Struct(">iq").pack
_int8_int4_int4 = Struct(">iqiiii").pack
_int4_hash32 = Struct(">iii32s").pack


def heading(columns: int) -> bytes:
    """What a row of so many fields begins with."""
    return Struct(">h").pack(columns)


def int8_int4_int4(first: int, second: int, third: int) -> bytes:
    """Three fields at once: what names a lot."""
    return _int8_int4_int4(8, first, 4, second, 4, third)


def int4_hash32(first: int, second: str) -> bytes:
    """Two fields at once: what names a log and its transaction within a block."""
    return _int4_hash32(4, first, 32, bytes.fromhex(second[2:]))


@lru_cache(maxsize=_REMEMBERED)
def int2(value: int) -> bytes:
    """A smallint."""
    return _int2(2, value)


@lru_cache(maxsize=_REMEMBERED)
def int4(value: int) -> bytes:
    """An integer."""
    return _int4(4, value)


def int8(value: int) -> bytes:
    """A bigint."""
    return _int8(8, value)


def flag(value: bool) -> bytes:
    """A boolean."""
    return TRUE if value else FALSE


def octets(value: bytes | None) -> bytes:
    """A bytea."""
    return NULL if value is None else _length(len(value)) + value


def hash32(value: str) -> bytes:
    """A bytea, given as 0x and hexadecimal digits."""
    return octets(bytes.fromhex(value[2:]))


def text(value: str | None) -> bytes:
    """A text that hardly comes again, such as a reference."""
    return NULL if value is None else octets(value.encode())


@lru_cache(maxsize=_WORDS)
def word(value: str | None) -> bytes:
    """A text that comes again, such as an address or a product."""
    return text(value)


@lru_cache(maxsize=_REMEMBERED)
def whole(value: int) -> bytes:
    """A numeric without decimals."""
    digits = []
    rest = abs(value)
    while rest:
        rest, digit = divmod(rest, 10_000)
        digits.append(digit)
    weight = max(len(digits) - 1, 0)
    while digits and digits[0] == 0:
        del digits[0]
    digits.reverse()
    sign = 0x4000 if value < 0 else 0
    return octets(Struct(f">hhHh{len(digits)}h").pack(len(digits), weight, sign, 0, *digits))


@lru_cache(maxsize=_REMEMBERED)
def day(value: date | None) -> bytes:
    """A date."""
    return NULL if value is None else _int4(4, value.toordinal() - _FIRST_DAY)


@lru_cache(maxsize=_REMEMBERED)
def instant(value: datetime | None) -> bytes:
    """A timestamp with time zone."""
    return NULL if value is None else _int8(8, (value - _EPOCH) // _MICROSECOND)


# Whole columns, as parameters of a statement ----------------------------------------------------------

INT8, INT4, TEXT, TIMESTAMPTZ = 20, 23, 25, 1184
"""The numbers by which PostgreSQL knows its types."""

_array = Struct(">iiIii").pack


class Array:
    """An array of fields of one type, without NULL unless it says so."""

    __slots__ = ("raw",)

    def __init__(self, kind: int, fields: Sequence[bytes]) -> None:
        has_null = int(NULL in fields)
        self.raw = _array(1, has_null, kind, len(fields), 1) + b"".join(fields)


class ArrayDumper(Dumper):
    """Hands an `Array` to the driver as it is."""

    format = Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return obj.raw
