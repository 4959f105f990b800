"""Institution (関係機関): a firm that has access, under one role.

Names, addresses and bank details of a firm are columns of the tables T8 to T13; here stands what rules ask.
"""

from dataclasses import dataclass
from typing import NewType

from genbo.governance.institutions.role import ROLES, InstitutionRole, RoleFacts
from genbo.kernel import InvestorId, Reason, Refusal, to_bytes32

InstitutionId = NewType("InstitutionId", str)
"""関係機関ID: the primary key of T8 to T13, never reused."""

BROKERS = frozenset({InstitutionRole.DIRECT_BROKER, InstitutionRole.DELEGATING_BROKER})
"""保護預り先: the roles of table T8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A firm with access. Made by `institution`, which checks it."""

    id: InstitutionId
    role: InstitutionRole
    custodian: InstitutionId | None = None
    """Custodian that keeps the keys of a delegating broker (R-PROGMAT-T8.5)."""
    own_account: InvestorId | None = None
    """自己口: the investor id of a broker's own units (R-PROGMAT-T8.4)."""

    @property
    def facts(self) -> RoleFacts:
        """What its role means."""
        return ROLES[self.role]


def institution(
    *,
    id: InstitutionId,
    role: InstitutionRole,
    custodian: Institution | None = None,
    own_account: InvestorId | None = None,
) -> Institution:
    """A firm whose columns agree with its role.

    Raises:
        Refusal: `key_malformed` for the id; `field_missing` when a delegating broker names no custodian;
            `field_invalid` when another names one, when what it names is no custodian, or when a firm that is no
            broker has an own account (R-PROGMAT-T8.4, T8.5); for an id with a slash.
    """
    to_bytes32(id)
    if (
        "/" in id
    ):  # what `B1/2` orders would count as ordered by `B1`: keys name their institution before a slash
        raise _invalid("institution_id", id, "an id without a slash")
    if role is InstitutionRole.DELEGATING_BROKER:
        if custodian is None:
            raise Refusal(Reason.FIELD_MISSING, field="custodian_id")
        if custodian.role is not InstitutionRole.CUSTODIAN:
            raise _invalid("custodian_id", custodian.id, "an institution that is a custodian")
    elif custodian is not None:
        raise _invalid("custodian_id", custodian.id, "empty, unless the role is delegating_broker")
    if own_account is not None and role not in BROKERS:
        raise _invalid("own_account_investor_id", own_account, "empty, unless a broker")
    return Institution(
        id=id,
        role=role,
        custodian=None if custodian is None else custodian.id,
        own_account=own_account,
    )


def _invalid(field: str, value: str, allowed: str) -> Refusal:
    return Refusal(Reason.FIELD_INVALID, field=field, value=value, allowed=allowed)
