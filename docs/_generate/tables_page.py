"""docs/tables.md, from the catalogue `masters.TABLES`."""

from genbo.masters import TABLES, Field, MasterTable, Place

HEAD = """\
# The sixteen tables

Every table (テーブル) and column (項目) that a registry of security tokens keeps, as the Progmat working group lists
them, with what may stand in each. Files, commands and the schema take names and rules from the same catalogue,
[`masters/catalogue.py`](../src/genbo/masters/catalogue.py). What is between cells and between tables is in
[domain/masters.md](domain/masters.md). This page is generated: `make docs`.

Place: L ledger (台帳), D database (データベース), L+D the master in the database and on the ledger what contracts
need of it. Marks: **p** personal data (個人情報), sealed; **r** required (必須); **s** written by the registry.
"""

_HEADING = "| id | 項目名 | column | place | marks | meaning | 説明 | allowed |\n|---|---|---|---|---|---|---|---|"
_PLACES = {Place.LEDGER: "L", Place.DATABASE: "D", Place.BOTH: "L+D"}


def tables_page() -> str:
    index = "\n".join(
        f"| [T{number}](#t{number}) | {table.name_ja} | {table.name} | {len(table.fields)} |"
        for number, table in TABLES.items()
    )
    overview = f"| table | 日本語 | English | columns |\n|---|---|---|---|\n{index}\n"
    return "\n".join([HEAD, overview, *(_table(table) for table in TABLES.values())])


def _table(table: MasterTable) -> str:
    rows = "\n".join(_row(each) for each in table.fields)
    return f"## T{table.number}\n\n{table.name_ja}, {table.name}\n\n{_HEADING}\n{rows}\n"


def _row(field: Field) -> str:
    marks = "".join(
        mark
        for mark, is_so in (
            ("p", field.is_personal),
            ("r", field.is_required),
            ("s", field.is_system),
        )
        if is_so
    )
    allowed = "" if field.rule is None else field.rule.allowed
    cells = (
        field.id,
        field.name_ja,
        f"`{field.column}`",
        _PLACES[field.place],
        marks,
        field.description,
        field.description_ja,
        allowed,
    )
    return f"| {' | '.join(cells)} |"
