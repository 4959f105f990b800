"""Trust contracts (信託契約情報, R-PROGMAT-T5)."""

from dataclasses import dataclass

from genbo.governance.institutions import InstitutionId


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustContract:
    """One trust contract: what a product's units are rights in, and whose product it is."""

    id: str
    number: str
    """The trustee's own number, unique per trustee."""
    name: str
    """Printed on the register."""
    settlor: InstitutionId
    trustee: InstitutionId
    """The registrar of its products."""
    asset_manager: InstitutionId | None = None
    """Reads its products."""
    fund_admin_number: str | None = None
    """Key of outside books, such as a fund administrator's."""
