"""The kinds of columns: what the domain calls units, an instant or a hash, and how a row keeps it.

Every column carries a comment, Japanese and English, so that the schema explains itself in any database tool.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    TypeDecorator,
    func,
    literal,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    }
)


class WholeType(TypeDecorator[int]):
    """A whole number of any size."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Numeric
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return value

    def process_result_value(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)


class UnitsType(WholeType):
    """Units: whole, up to 2**80 - 1, which is 25 digits and more than a bigint holds."""

    impl = Numeric(25, 0)
    cache_ok = True


class HashType(TypeDecorator[str]):
    """A hash: 32 bytes in the row, 0x and 64 hexadecimal digits everywhere else."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes.fromhex(value[2:])

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else "0x" + value.hex()


def text(name: str, comment: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null, comment=comment)


def number(name: str, comment: str, *, null: bool = False) -> Column[int]:
    """A small whole number, such as a log index."""
    return Column(name, Integer, nullable=null, comment=comment)


def height(name: str, comment: str, *, null: bool = False) -> Column[int]:
    """A block number or a chain id."""
    return Column(name, BigInteger, nullable=null, comment=comment, autoincrement=False)


def units(name: str, comment: str, *, null: bool = False) -> Column[int]:
    return Column(name, UnitsType, nullable=null, comment=comment)


def factor(name: str, comment: str) -> Column[int]:
    """A product of split factors."""
    return Column(name, WholeType, nullable=False, comment=comment)


def flag(name: str, comment: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, comment=comment)


def day(name: str, comment: str, *, null: bool = False) -> Column[date]:
    """A day of Japan."""
    return Column(name, Date, nullable=null, comment=comment)


def instant(name: str, comment: str, *, null: bool = False) -> Column[datetime]:
    """A moment, in UTC."""
    return Column(name, TIMESTAMP(timezone=True), nullable=null, comment=comment)


def hash32(name: str, comment: str, *, null: bool = False) -> Column[str]:
    return Column(name, HashType, nullable=null, comment=comment)


def octets(name: str, comment: str, *, null: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=null, comment=comment)


def sealed(name: str, comment: str, *, null: bool = True) -> Column[bytes]:
    """Personal data as the vault seals it; see `genbo.storage.vault`."""
    return Column(name, LargeBinary, nullable=null, comment=comment, info={"sealed": True})


def one_of(column: str, *values: str) -> CheckConstraint:
    """A closed code list."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def an_address(column: str) -> CheckConstraint:
    """An account address: 0x and 40 hexadecimal digits."""
    return CheckConstraint(f"{column} ~ '^0x[0-9A-Fa-f]{{40}}$'", name=column)


def an_address_in_bulk(column: str) -> CheckConstraint:
    """As `an_address`, for rows that a reading adds by the hundred thousand: the pattern costs more than the row."""
    return CheckConstraint(f"octet_length({column}) = 42", name=column)


def made_and_changed() -> tuple[Column[datetime], Column[str], Column[datetime], Column[str]]:
    """The four columns that the tables of requirements A.3 end with."""
    return (
        instant("created_at", "作成日時: when the row was made"),
        text("created_by", "作成者: who made it"),
        instant("updated_at", "最終更新日時: when it last changed"),
        text("updated_by", "最終更新者: who last changed it"),
    )


def changed_now(table: Table, *, at: datetime, by: str) -> dict[str, Any]:
    """What an update of a row sets beside its values: when it last changed, and by whom.

    Blocks of a development chain may be ahead of the clock of a machine, so a change may seem to be older than the row.
    It is then as old as the row (R-PROGMAT-T3.21).
    """
    return {"updated_at": func.greatest(literal(at), table.c.created_at), "updated_by": by}


def never_before_made() -> CheckConstraint:
    return CheckConstraint("updated_at >= created_at", name="updated_at")
