"""A product (T3) as a row of texts. What its terms mean and which of them contradict is in `token/terms.py`."""

from collections.abc import Mapping
from types import MappingProxyType

from genbo.masters.catalogue import TABLES
from genbo.token.status import ProductStatus
from genbo.token.terms import FIELD_NAMES, ProductTerms

__all__ = ["TERM_OF_COLUMN", "product_row"]

_OTHER_NAMES = {"beneficial_right_id": "product_id"}

TERM_OF_COLUMN: Mapping[str, str] = MappingProxyType(
    {
        each.column: term
        for each in TABLES[3].fields
        if (term := _OTHER_NAMES.get(each.column, each.column)) in FIELD_NAMES
    }
)
"""Column of T3 to the field of the terms that holds it; status, comments and stamps are not terms."""


def product_row(
    terms: ProductTerms, status: ProductStatus, *, comments: tuple[str, str] = ("", "")
) -> dict[str, str]:
    """The columns of T3 that the registry does not write by itself, as texts, and the status."""
    stated = terms.as_fields()
    row = {
        column: "" if stated[term] is None else str(stated[term])
        for column, term in TERM_OF_COLUMN.items()
    }
    row["status"] = status.value
    row["free_comment_1"], row["free_comment_2"] = comments
    return {each.column: row[each.column] for each in TABLES[3].fields if each.column in row}
