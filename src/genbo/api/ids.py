"""Ids in paths and queries: their shape, so that what cannot be an id is refused before anything is asked."""

from typing import Annotated, TypeAlias

from fastapi import Path, Query
from pydantic import StringConstraints

from genbo.api.page import MOST, USUAL

ID = r"^[\x21-\x7e]{1,32}$"
"""One word of ASCII that fits into 32 bytes of the ledger."""
ADDRESS = r"^0x[0-9a-fA-F]{40}$"

AnId: TypeAlias = Annotated[str, StringConstraints(pattern=ID)]
AnAddress: TypeAlias = Annotated[str, StringConstraints(pattern=ADDRESS)]

ProductPath: TypeAlias = Annotated[
    str, Path(pattern=ID, description="Id of the product. 受益権ID (T3.1)")
]
InvestorPath: TypeAlias = Annotated[
    str, Path(pattern=ID, description="Id of the investor. 投資家ID (T1.1)")
]
AddressPath: TypeAlias = Annotated[
    str, Path(pattern=ADDRESS, description="Address, in any case of its letters. アドレス")
]
InstitutionPath: TypeAlias = Annotated[
    str, Path(pattern=ID, description="Id of the institution. 関係者ID")
]
Limit: TypeAlias = Annotated[
    int, Query(ge=1, le=MOST, description=f"Rows of a page, {USUAL} by default. 件数")
]
Cursor: TypeAlias = Annotated[
    str | None,
    Query(max_length=500, description="`next` of the page before. カーソル"),
]
