"""Field and MasterTable: what a column and a table of the sixteen are called, mean and may hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from genbo.masters.rule import Rule

__all__ = ["Draft", "Field", "MasterTable", "Place", "column", "table"]


class Place(StrEnum):
    """Where the value of a column lives."""

    LEDGER = "ledger"
    """台帳."""
    DATABASE = "database"
    """消去可能なデータベース: it can be erased."""
    BOTH = "both"
    """The master is in the database; what a contract needs of it is on the ledger too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of one table."""

    table: int
    """Table number, 1 to 16."""
    number: int
    """Place in the table, from 1."""
    column: str
    """Its name in files, in the interface and in the schema, such as `corporate_number`."""
    name_ja: str
    """項目名."""
    place: Place
    is_personal: bool
    """It says something about a person: sealed, never in a log, a refusal or an index."""
    is_required: bool
    """No record is complete without it."""
    is_system: bool
    """The registry writes it; no file and no form may."""
    description: str
    description_ja: str
    rule: Rule | None = None
    """What may stand in it, where a cell can be judged by itself."""

    @property
    def id(self) -> str:
        """Such as `T7.2`."""
        return f"T{self.table}.{self.number}"

    @property
    def requirement(self) -> str:
        """Such as `R-PROGMAT-T7.2`."""
        return f"R-PROGMAT-{self.id}"

    @property
    def name(self) -> str:
        """Its English name in words, such as `corporate number`."""
        return self.column.replace("_", " ")

    def canonical(self, text: str) -> str:
        """`text` in the one form that is kept; as it is, where no rule judges the cell alone.

        Raises:
            Refusal: `field_invalid` with the column and what is allowed, or the rule's own reason.
        """
        return text if self.rule is None else self.rule(text, field=self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterTable:
    """One of the sixteen tables."""

    number: int
    name: str
    name_ja: str
    fields: tuple[Field, ...]
    _by_column: MappingProxyType[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_column = {each.column: each for each in self.fields}
        object.__setattr__(self, "_by_column", MappingProxyType(by_column))

    @property
    def requirement(self) -> str:
        """Such as `R-PROGMAT-T7`."""
        return f"R-PROGMAT-T{self.number}"

    def __getitem__(self, column: str) -> Field:
        """The field of that column.

        Raises:
            KeyError: the table has no such column.
        """
        return self._by_column[column]

    def __contains__(self, column: str) -> bool:
        return column in self._by_column

    def given(self) -> Iterator[Field]:
        """The fields that a record is made of: all but those the registry writes."""
        return (each for each in self.fields if not each.is_system)


Draft: TypeAlias = Callable[[int, int], Field]
"""A field that does not know its place yet."""


def column(
    name_ja: str,
    name: str,
    description: str,
    description_ja: str,
    *,
    rule: Rule | None = None,
    place: Place = Place.DATABASE,
    personal: bool = False,
    required: bool = False,
    system: bool = False,
) -> Draft:
    """A field, to be put into a table."""
    return lambda table, number: Field(
        table=table,
        number=number,
        column=name,
        name_ja=name_ja,
        place=place,
        is_personal=personal,
        is_required=required,
        is_system=system,
        description=description,
        description_ja=description_ja,
        rule=rule,
    )


def table(number: int, name_ja: str, name: str, *columns: Draft) -> MasterTable:
    """A table of these columns, in this order."""
    fields = tuple(draft(number, place) for place, draft in enumerate(columns, 1))
    return MasterTable(number=number, name=name, name_ja=name_ja, fields=fields)
