"""Firms (関係者): who a broker, custodian, agent, settlor, trustee or asset manager is (R-PROGMAT-T8 to T13)."""

from dataclasses import dataclass, field
from enum import StrEnum

from genbo.kernel import InvestorId


class FirmKind(StrEnum):
    """Which of the six tables describes it."""

    SAFEKEEPING_FIRM = "safekeeping_firm"
    """保護預り先 (T8): a broker."""
    CUSTODIAN = "custodian"
    """カストディアン (T9)."""
    BENEFICIARY_AGENT = "beneficiary_agent"
    """受益者代理人 (T10): acts for holders and has no access."""
    SETTLOR = "settlor"
    """委託者 (T11)."""
    TRUSTEE = "trustee"
    """受託者 (T12): registrar of its products."""
    ASSET_MANAGER = "asset_manager"
    """運用者 (T13)."""

    @property
    def prefix(self) -> str:
        """What its id and name columns begin with."""
        return "safekeeping" if self is FirmKind.SAFEKEEPING_FIRM else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """連絡先: a person at the firm. Personal data, sealed where it is stored; empty texts are nothing."""

    addressee: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    """NNN-NNNN."""
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """決済口座: where the firm is paid."""

    bank_code: str
    """Four digits."""
    bank_name_kana: str
    """Half-width, at most 15 bytes."""
    branch_code: str
    """Three digits."""
    branch_name_kana: str
    account_kind: str
    """1 ordinary, 2 current, 4 savings, 9 other."""
    account_number: str = field(repr=False)
    """Seven digits."""
    account_holder_kana: str = field(repr=False)
    """Half-width, at most 30 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """One row of T8 to T13."""

    kind: FirmKind
    id: str
    """Primary key; the same as the id of the institution, where the firm has access."""
    name: str
    registered_address: str
    contact: Contact | None = None
    """None for a trustee, whose table has none, and wherever nothing was opened."""
    account: BankAccount | None = None
    custodian_id: str | None = None
    """Of a broker that delegates (T8.5)."""
    own_account_investor_id: InvestorId | None = None
    """自己口 of a broker (T8.4)."""
