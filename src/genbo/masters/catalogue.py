"""The catalogue: the sixteen tables with their 219 columns, for whoever reads files, describes an interface or prints.

TABLES[7].fields             every column of the investor table, in order
TABLES[7]["contact_email"]   one of them by its column name
field("T7.2")                one of them by its number
"""

from collections.abc import Mapping
from types import MappingProxyType

from genbo.masters.fields import Field, MasterTable
from genbo.masters.tables import investors, ledger, operation, parties, products

__all__ = ["TABLES", "field"]

TABLES: Mapping[int, MasterTable] = MappingProxyType(
    {
        each.number: each
        for each in (
            ledger.TOKEN,
            ledger.TRANSFER,
            products.PRODUCT,
            products.TRANSFER_CONTROL,
            products.TRUST_CONTRACT,
            ledger.KEY,
            investors.INVESTOR,
            parties.BROKER,
            parties.CUSTODIAN,
            parties.BENEFICIARY_AGENT,
            parties.SETTLOR,
            parties.TRUSTEE,
            parties.ASSET_MANAGER,
            operation.USER,
            operation.IMPORT_FILE,
            ledger.MARKET,
        )
    }
)
"""The tables by number, 1 to 16."""

_FIELDS = {each.id: each for table in TABLES.values() for each in table.fields}


def field(number: str) -> Field:
    """The field with that number, such as `T7.2` or `R-PROGMAT-T7.2`.

    Raises:
        KeyError: there is none.
    """
    return _FIELDS[number.removeprefix("R-PROGMAT-")]
