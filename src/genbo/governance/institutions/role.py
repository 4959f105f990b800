"""Institution roles (関係者の役割): the parties of A.2.1, what each does on the ledger, which posts its people have.

An institution has exactly one role. A firm that is registrar and custodian is two institutions here, so that what the
one sees is not what the other sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from genbo.governance.matrix import Role


class InstitutionRole(StrEnum):
    """What an institution is to the platform (R-PROGMAT-ROLE-A to F)."""

    ISSUER = "issuer"
    """運用者・資金調達者 (A): asset manager or fund raiser."""
    REGISTRAR = "registrar"
    """原簿管理者 (B)."""
    PLATFORM_MANAGER = "platform_manager"
    """PF管理者 (C)."""
    CUSTODIAN = "custodian"
    """カストディアン (D)."""
    DIRECT_BROKER = "direct_broker"
    """金商業者・直接管理型 (E1)."""
    DELEGATING_BROKER = "delegating_broker"
    """金商業者・カストディ委託型 (E2)."""
    INTERMEDIARY = "intermediary"
    """仲介業者 (F)."""


class Node(StrEnum):
    """Which node of the ledger an institution runs. Who has an asset or custodian node is connected ledger to ledger;
    all others by the API only (R-PROGMAT-ROLE-P)."""

    NOTARY = "notary node (NN)"
    ASSET = "asset node (AN)"
    CUSTODIAN = "custodian node (CN)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFacts:
    """One row of the table of A.2.1, without its two columns about seeing: those are `institutions.sight`."""

    requirement: str
    """R-PROGMAT-ROLE-... id of the row."""
    tables: tuple[str, ...]
    """The tables of A.3 that describe such an institution: T8 broker, T9 custodian, T11 settlor, T12 trustee, T13
    asset manager. A beneficiary agent (T10) acts for holders, has no access, and so no role."""
    posts: frozenset[Role]
    """Rows of the matrix A.1.6 that its people may stand in."""
    node: Node | None = None
    creates: bool = False
    """Whether it creates ledger transactions."""
    signs: bool = False
    """Whether it signs them: the platform manager for uniqueness only."""
    keeps_account_keys: bool = False
    """Whether it holds the account keys of investors (R-PROGMAT-KEY-2)."""
    registers_investors: bool = False
    instructs_transfers: bool = False
    makes_trades: bool = False
    """Whether it makes or forwards trades (約定)."""


ROLES: Mapping[InstitutionRole, RoleFacts] = MappingProxyType(
    {
        InstitutionRole.ISSUER: RoleFacts(
            requirement="R-PROGMAT-ROLE-A",
            tables=("T11", "T13"),
            posts=frozenset({Role.ISSUER, Role.AUDITOR}),
        ),
        InstitutionRole.REGISTRAR: RoleFacts(
            requirement="R-PROGMAT-ROLE-B",
            tables=("T12",),
            posts=frozenset({Role.REGISTRAR, Role.COMPLIANCE, Role.AUDITOR}),
            node=Node.ASSET,
            creates=True,
            signs=True,
        ),
        InstitutionRole.PLATFORM_MANAGER: RoleFacts(
            requirement="R-PROGMAT-ROLE-C",
            tables=(),
            posts=frozenset({Role.PLATFORM_OPERATOR}),
            node=Node.NOTARY,
            signs=True,
        ),
        InstitutionRole.CUSTODIAN: RoleFacts(
            requirement="R-PROGMAT-ROLE-D",
            tables=("T9",),
            posts=frozenset({Role.PAYMENT_OPERATOR, Role.RECONCILIATION_OFFICER, Role.AUDITOR}),
            node=Node.CUSTODIAN,
            creates=True,
            signs=True,
            keeps_account_keys=True,
            registers_investors=True,
        ),
        InstitutionRole.DIRECT_BROKER: RoleFacts(
            requirement="R-PROGMAT-ROLE-E1",
            tables=("T8",),
            posts=frozenset(
                {Role.BROKER, Role.PAYMENT_OPERATOR, Role.RECONCILIATION_OFFICER, Role.AUDITOR}
            ),
            node=Node.CUSTODIAN,
            creates=True,
            signs=True,
            keeps_account_keys=True,
            registers_investors=True,
            instructs_transfers=True,
            makes_trades=True,
        ),
        InstitutionRole.DELEGATING_BROKER: RoleFacts(
            requirement="R-PROGMAT-ROLE-E2",
            tables=("T8",),
            posts=frozenset({Role.DELEGATING_BROKER, Role.RECONCILIATION_OFFICER, Role.AUDITOR}),
            registers_investors=True,
            instructs_transfers=True,
            makes_trades=True,
        ),
        InstitutionRole.INTERMEDIARY: RoleFacts(
            requirement="R-PROGMAT-ROLE-F",
            tables=(),
            posts=frozenset({Role.INTERMEDIARY}),
            makes_trades=True,
        ),
    }
)
"""Role to its row. Compliance sits with the registrar, whose duties of restriction it uses; a delegating broker
reconciles its own books with the API every day (R-PROGMAT-ISS-I)."""
