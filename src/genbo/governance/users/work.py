"""Permissions (権限): what a person may do in the service, a work at a level.

What the matrix A.1.6 grants on the ledger is read off `governance.matrix`, so the two cannot differ; what it grants off
the ledger (requests, orders that are passed on, personal data, printouts, users) is the table here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from genbo.governance.duties import Duty
from genbo.governance.institutions import ROLES, InstitutionRole
from genbo.governance.matrix import Role, duties_of
from genbo.kernel import Reason, Refusal


class Work(StrEnum):
    """A kind of act that is assigned as a whole."""

    ISSUE = "issue"
    """発行・償還・分割."""
    PRODUCT = "product"
    """銘柄の作成."""
    DISTRIBUTE = "distribute"
    """配布."""
    TRANSFER = "transfer"
    """移転の指図: with a customer's order."""
    PAYMENT = "payment"
    """受払: creating and signing with the keys of customers."""
    RECONCILIATION = "reconciliation"
    """照合."""
    RESTRICT = "restrict"
    """移転制限の設定."""
    RELEASE = "release"
    """移転制限の解除."""
    TRANSFER_CONTROL = "transfer_control"
    """移転実行可否制御."""
    REPAIR = "repair"
    """強制移転・再配布・逆移転・鍵の更新."""
    MARKET = "market"
    """開局・閉局."""
    STOP = "stop"
    """停止."""
    RESUME = "resume"
    """停止の解除."""
    RECORDS = "records"
    """決済通貨・書類・アンカリング."""
    DUTIES = "duties"
    """台帳上の職務の付与・剥奪."""
    USERS = "users"
    """利用者と権限."""
    PERSONAL_DATA = "personal_data"
    """個人情報の閲覧."""
    REGISTER = "register"
    """原簿の出力."""
    AUDIT = "audit"
    """監査記録の閲覧."""


class Level(StrEnum):
    """How far a permission goes."""

    READ = "read"
    """参照."""
    REQUEST = "request"
    """依頼: asks another institution to do it."""
    MAKE = "make"
    """起案."""
    APPROVE = "approve"
    """承認."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One work at one level. As text `issue:make`."""

    work: Work
    level: Level

    def __str__(self) -> str:
        return f"{self.work}:{self.level}"


def permission_named(text: str) -> Permission:
    """The permission that `text` writes, such as `issue:make`.

    Raises:
        Refusal: `field_invalid` when there is none of that name.
    """
    work, _, level = text.partition(":")
    if work not in set(Work) or level not in set(Level):
        raise Refusal(
            Reason.FIELD_INVALID,
            field="permission",
            value=text[:64],
            allowed=f"WORK:LEVEL, with {', '.join(Work)} and {', '.join(Level)}",
        )
    return Permission(Work(work), Level(level))


DUTIES_OF_WORK: Final[Mapping[Work, frozenset[Duty]]] = MappingProxyType(
    {
        Work.ISSUE: frozenset({Duty.ISSUER}),
        Work.PRODUCT: frozenset({Duty.PRODUCT_CREATOR}),
        Work.DISTRIBUTE: frozenset({Duty.DISTRIBUTOR}),
        Work.RESTRICT: frozenset({Duty.RESTRICTOR}),
        # The Safe that releases holds RESTRICTOR as well, and its owners count as its persons.
        Work.RELEASE: frozenset({Duty.RELEASER, Duty.RESTRICTOR}),
        Work.TRANSFER_CONTROL: frozenset({Duty.TRANSFER_CONTROLLER}),
        Work.REPAIR: frozenset({Duty.REPAIRER}),
        Work.MARKET: frozenset({Duty.MARKET_OPERATOR}),
        Work.STOP: frozenset({Duty.STOPPER}),
        Work.RESUME: frozenset({Duty.RESUMER}),
        Work.RECORDS: frozenset({Duty.CASH_ADMIN, Duty.DOCUMENT_KEEPER, Duty.ANCHORER}),
        Work.DUTIES: frozenset({Duty.ADMIN}),
    }
)
"""Work to the duties on the ledger that it takes. Works that are not named take none."""

ADMINISTRATION: Final = frozenset({Work.USERS, Work.DUTIES})
"""What administrators do, and nobody else (no business rights for them, and none of theirs for others)."""

_READ = frozenset({Level.READ})
_REQUEST = frozenset({Level.REQUEST})
_ACT = frozenset({Level.MAKE, Level.APPROVE})

OFF_LEDGER: Final[Mapping[Role, Mapping[Work, frozenset[Level]]]] = MappingProxyType(
    {
        Role.PLATFORM_OPERATOR: {Work.USERS: _ACT},
        Role.REGISTRAR: {Work.PERSONAL_DATA: _READ, Work.REGISTER: _READ, Work.USERS: _ACT},
        Role.ISSUER: {
            Work.ISSUE: _REQUEST,
            Work.DISTRIBUTE: _REQUEST,
            Work.RESTRICT: _REQUEST,
            Work.REPAIR: _REQUEST,
            Work.PERSONAL_DATA: _READ,
            Work.REGISTER: _READ,
            Work.USERS: _ACT,
        },
        Role.PAYMENT_OPERATOR: {Work.PAYMENT: _ACT, Work.PERSONAL_DATA: _READ},
        Role.RECONCILIATION_OFFICER: {
            Work.RECONCILIATION: _ACT,
            Work.PERSONAL_DATA: _READ,
            Work.REGISTER: _READ,
        },
        Role.BROKER: {
            Work.DISTRIBUTE: _REQUEST,
            Work.TRANSFER: _ACT,
            Work.REPAIR: _REQUEST,
            Work.PERSONAL_DATA: _READ,
            Work.REGISTER: _READ,
            Work.USERS: _ACT,
        },
        Role.DELEGATING_BROKER: {
            Work.DISTRIBUTE: _REQUEST,
            Work.TRANSFER: _REQUEST,
            Work.REPAIR: _REQUEST,
            Work.PERSONAL_DATA: _READ,
            Work.REGISTER: _READ,
            Work.USERS: _ACT,
        },
        Role.INTERMEDIARY: {Work.TRANSFER: _REQUEST, Work.PERSONAL_DATA: _READ},
        Role.COMPLIANCE: {
            Work.REPAIR: frozenset({Level.APPROVE}),
            Work.PERSONAL_DATA: _READ,
            Work.REGISTER: _READ,
        },
        Role.AUDITOR: {Work.PERSONAL_DATA: _READ, Work.REGISTER: _READ, Work.AUDIT: _READ},
    }
)
"""Post to what it may do off the ledger. A permission never widens what the institution sees: `institutions.sight`."""


def permitted_to_post(post: Role) -> frozenset[Permission]:
    """Everything that somebody in that row of the matrix may hold, on the ledger and off it."""
    held = duties_of(post)
    on_ledger = {
        Permission(work, level)
        for work, duties in DUTIES_OF_WORK.items()
        if duties <= held
        for level in _ACT
    }
    off_ledger = {
        Permission(work, level) for work, levels in OFF_LEDGER[post].items() for level in levels
    }
    return frozenset(on_ledger | off_ledger)


def permitted(role: InstitutionRole) -> frozenset[Permission]:
    """Everything that people of an institution with that role may hold."""
    return frozenset().union(*(permitted_to_post(post) for post in ROLES[role].posts))
