"""The invented firms of the tests, in a database: those of tests.support.people, their contracts, one bank."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection
from tests.support.people import INSTITUTIONS

from genbo.governance.institutions import BROKERS, InstitutionId, InstitutionRole
from genbo.masters import BankBranch, Firm, FirmKind, TrustContract
from genbo.storage.banks import Banks
from genbo.storage.firms import Firms
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.parties import Parties
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Vault

AT = datetime(2021, 4, 1, tzinfo=UTC)
BY = "registrar-1"
BRANCH = BankBranch(
    bank_code="9990",
    bank_name="架空銀行",
    bank_name_kana="ｶｸｳ",
    branch_code="001",
    branch_name="本店営業部",
    branch_name_kana="ﾎﾝﾃﾝ",
)
CONTRACTS = {
    "TC-1": ("R1", "A1"),
    "TC-2": ("R2", "A2"),
    "TC-3": ("R3", "A2"),
}
"""Trust contract to its trustee and its asset manager; all have the settlor S1."""
_KINDS = {
    InstitutionRole.REGISTRAR: FirmKind.TRUSTEE,
    InstitutionRole.CUSTODIAN: FirmKind.CUSTODIAN,
    InstitutionRole.ISSUER: FirmKind.ASSET_MANAGER,
    **dict.fromkeys(BROKERS, FirmKind.SAFEKEEPING_FIRM),
}


def record_firms(connection: Connection) -> None:
    """Every firm with its access, the settlor S1, the agent BA-1, and the contracts."""
    parties = Parties(connection)
    firms = Firms(
        connection, Vault(KeyEncryptionKey(bytes(32)))
    )  # without contacts nothing is sealed
    for each in INSTITUTIONS:
        parties.admit(each, at=AT, by=BY)
        if each.role in _KINDS:
            kind = _KINDS[each.role]
            firms.register(a_firm(kind, each.id, custodian=each.custodian), at=AT, by=BY)
    firms.register(a_firm(FirmKind.SETTLOR, "S1"), at=AT, by=BY)
    firms.register(a_firm(FirmKind.BENEFICIARY_AGENT, "BA-1"), at=AT, by=BY)
    Banks(connection).load([BRANCH], at=AT, by=BY, source="0x00")
    for name, (trustee, manager) in CONTRACTS.items():
        TrustContracts(connection).register(a_contract(name, trustee, manager), at=AT, by=BY)


def a_firm(kind: FirmKind, id: str, *, custodian: str | None = None) -> Firm:
    return Firm(
        kind=kind,
        id=id,
        name=f"架空{id}株式会社",
        registered_address=f"東京都架空区{id}町1番1号",
        custodian_id=custodian,
    )


def a_contract(name: str, trustee: str = "R1", manager: str | None = "A1") -> TrustContract:
    return TrustContract(
        id=name,
        number=f"2021-{name}",
        name=f"架空信託契約 {name}",
        settlor=InstitutionId("S1"),
        trustee=InstitutionId(trustee),
        asset_manager=None if manager is None else InstitutionId(manager),
    )
