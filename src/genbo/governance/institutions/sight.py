"""Sight (閲覧範囲): what a role sees of what is its own, as one table (A.2.1, R-PROGMAT-VIS-1 to 4).

What is not an institution's own it does not see, and is told "not found", so that nobody learns from an answer that a
thing exists. The platform manager owns nothing; its row is what it sees of everything.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from genbo.governance.institutions.role import InstitutionRole


class Subject(StrEnum):
    """What is looked at."""

    PRODUCT = "product"
    """銘柄: its terms and totals."""
    PERSON = "person"
    """氏名・住所: who an investor is."""
    HOLDING = "holding"
    """保有残高: the quantity of one investor in one product, a row of the register."""
    TRADE = "trade"
    """取引: that a movement happened, when, and of how many units."""
    COUNTERPARTY = "counterparty"
    """相手方: a side of a trade that is not the viewer's customer."""


class Sight(StrEnum):
    """How much of it is seen."""

    ITSELF = "itself"
    """そのもの: as it is."""
    PSEUDONYM = "pseudonym"
    """仮名: its id alone."""
    DIGEST = "digest"
    """ハッシュ: a commitment that says nothing readable."""
    NOTHING = "nothing"
    """該当なし: answered as "not found"."""


def _row(
    product: Sight, person: Sight, holding: Sight, trade: Sight, counterparty: Sight
) -> Mapping[Subject, Sight]:
    return MappingProxyType(
        dict(zip(Subject, (product, person, holding, trade, counterparty), strict=True))
    )


_ALL, _ID, _HASH, _NONE = Sight.ITSELF, Sight.PSEUDONYM, Sight.DIGEST, Sight.NOTHING

SIGHT: Final[Mapping[InstitutionRole, Mapping[Subject, Sight]]] = MappingProxyType(
    {
        # role                               product person holding trade  counterparty
        InstitutionRole.ISSUER: _row(_ALL, _ID, _ALL, _ALL, _ID),
        InstitutionRole.REGISTRAR: _row(_ALL, _ALL, _ALL, _ALL, _ALL),
        InstitutionRole.PLATFORM_MANAGER: _row(_NONE, _NONE, _HASH, _HASH, _NONE),
        InstitutionRole.CUSTODIAN: _row(_ALL, _ALL, _ALL, _ALL, _ID),
        InstitutionRole.DIRECT_BROKER: _row(_ALL, _ALL, _ALL, _ALL, _ID),
        InstitutionRole.DELEGATING_BROKER: _row(_ALL, _ALL, _ALL, _ALL, _ID),
        InstitutionRole.INTERMEDIARY: _row(_ALL, _ALL, _NONE, _ALL, _NONE),
    }
)
"""Role to what it sees of its own. Two cells open further: an issuer's view of a person by a recorded disclosure
(R-PROGMAT-VIS-4), an intermediary's view of a holding by its client's consent (R-PROGMAT-ROLE-F)."""
