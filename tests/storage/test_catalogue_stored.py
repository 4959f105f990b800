"""What the database stores of the sixteen tables is what the catalogue says.

given a table of masters in the schema
    when its columns are compared with the catalogue
        it should have each of them, under its Japanese name
        it should seal exactly what is personal
        it should not let what is required be empty
"""

import pytest
from sqlalchemy import Column, Table

from genbo.masters import TABLES, Field
from genbo.storage import tables

STORED: dict[int, Table] = {
    3: tables.product,
    4: tables.transfer_control,
    5: tables.trust_contract,
    7: tables.investor,
    8: tables.metadata.tables["safekeeping_firm"],
    9: tables.metadata.tables["custodian"],
    10: tables.metadata.tables["beneficiary_agent"],
    11: tables.metadata.tables["settlor"],
    12: tables.metadata.tables["trustee"],
    13: tables.metadata.tables["asset_manager"],
    15: tables.import_file,
}
ELSEWHERE = {
    "T3.1": tables.product.c.product_id,
    "T7.3": tables.identity.c.name,  # versioned
    "T7.4": tables.identity.c.registered_address,
    "T7.21": tables.investor.c.status,
}
CALLED = {"T13.2": "運用者名称"}
"""Written out in the schema."""
FIELDS = [each for number in STORED for each in TABLES[number].fields]


def stored(field: Field) -> Column[object]:
    if field.id in ELSEWHERE:
        return ELSEWHERE[field.id]
    return STORED[field.table].c[field.column]


@pytest.mark.parametrize("field", FIELDS, ids=lambda each: each.id)
def test_column__of_the_catalogue__is_stored_as_it_says(field: Field) -> None:
    column = stored(field)
    assert CALLED.get(field.id, field.name_ja.partition("（")[0]) in (column.comment or "")
    assert bool(column.info.get("sealed")) == field.is_personal
    assert not (field.is_required and column.nullable)
