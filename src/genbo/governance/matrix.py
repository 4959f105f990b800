"""Roles and levels (権限配分), the matrix of requirement A.1.6, as data: who may do what on the ledger.

Rows are the parties of a security token, columns are groups of acts. A cell says which duties of the column the party
may hold, and whether it acts with a holder's key. What the matrix grants off the ledger only (a request, an order
that is passed on) is a note: on the ledger such a cell is empty. Personal data and printouts of the register, two more
columns of the requirement, are no functions of a ledger and belong to the service.

R-JSTOA-FIG3.1: a test plays every role on a live ledger, and each empty cell fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from genbo.governance.duties import POWERS, Contract, Duty
from genbo.governance.open_functions import OPEN_FUNCTIONS, OpenFunction


class Role(StrEnum):
    """The parties, in the order of the requirement."""

    PLATFORM_OPERATOR = "platform operator"
    REGISTRAR = "registrar, maker and approver"
    ISSUER = "issuer, asset manager"
    PAYMENT_OPERATOR = "custodian, payment operator (受払担当者)"
    RECONCILIATION_OFFICER = "custodian, reconciliation officer (照合担当者)"
    BROKER = "direct broker, maker and approver"
    DELEGATING_BROKER = "delegating broker"
    INTERMEDIARY = "intermediary"
    COMPLIANCE = "compliance"
    AUDITOR = "auditor"


class Column(StrEnum):
    """Groups of acts."""

    ISSUE = "issue, add, split, redeem"
    DISTRIBUTE = "distribute"
    TRANSFER = "transfer, hold"
    RESTRICT = "restrict, lock"
    REPAIR = "forced, reverse, redistribute"
    STOP = "stop"
    PERMISSIONS = "users and permissions"
    RECORDS = "yen tokens, documents, anchors"
    """Not in the requirement: what came to the ledger later."""


DUTIES_OF: Mapping[Column, frozenset[Duty]] = MappingProxyType(
    {
        Column.ISSUE: frozenset({Duty.ISSUER, Duty.PRODUCT_CREATOR}),
        Column.DISTRIBUTE: frozenset({Duty.DISTRIBUTOR}),
        Column.TRANSFER: frozenset(),
        Column.RESTRICT: frozenset(
            {Duty.RESTRICTOR, Duty.RELEASER, Duty.MARKET_OPERATOR, Duty.TRANSFER_CONTROLLER}
        ),
        Column.REPAIR: frozenset({Duty.REPAIRER}),
        Column.STOP: frozenset({Duty.STOPPER, Duty.RESUMER}),
        Column.PERMISSIONS: frozenset({Duty.ADMIN}),
        Column.RECORDS: frozenset({Duty.CASH_ADMIN, Duty.DOCUMENT_KEEPER, Duty.ANCHORER}),
    }
)
"""Column to the duties whose functions stand in it. FACTORY is a contract's and stands in none."""

_BY_KEY = (
    "transfer",
    "batchTransfer",
    "receiveWithAuthorization",
    "createHold",
    "settle",
    "instruct",
)
"""What moves a holder's units, or promises them. Allowing and cancelling moves nothing and is left out."""


def holder_functions(column: Column) -> tuple[OpenFunction, ...]:
    """Functions of the column that need a holder's key and no duty."""
    if column is not Column.TRANSFER:
        return ()
    return tuple(each for each in OPEN_FUNCTIONS if each.signature.startswith(_BY_KEY))


def bound_functions_of(column: Column) -> tuple[tuple[Contract, str, Duty], ...]:
    """Functions of the column with the duty that each is bound to."""
    return tuple(
        (contract, signature, power.duty)
        for power in POWERS
        if power.duty in DUTIES_OF[column]
        for contract, signature in power.functions
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may do in a column."""

    duties: frozenset[Duty] = frozenset()
    """Duties that the role's accounts may hold."""
    holders_key: bool = False
    """Whether the role acts with the key of a holder: its own or a customer's."""
    note: str = ""
    """What the requirement grants in words; off the ledger where there is neither duty nor key."""

    @property
    def is_empty(self) -> bool:
        """Nothing of the column on the ledger, whatever the note says."""
        return not self.duties and not self.holders_key


def _cell(*duties: Duty, key: bool = False, note: str = "") -> Cell:
    return Cell(frozenset(duties), key, note)


_REQUEST = "request to the registrar"

MATRIX: Mapping[Role, Mapping[Column, Cell]] = MappingProxyType(
    {
        Role.PLATFORM_OPERATOR: {
            Column.RESTRICT: _cell(Duty.MARKET_OPERATOR, note="market open and close"),
            Column.STOP: _cell(Duty.STOPPER, Duty.RESUMER, note="resume by two"),
            Column.PERMISSIONS: _cell(note="users of the service, no duty on the ledger"),
        },
        Role.REGISTRAR: {
            Column.ISSUE: _cell(Duty.ISSUER, Duty.PRODUCT_CREATOR, note="by two"),
            Column.DISTRIBUTE: _cell(Duty.DISTRIBUTOR),
            Column.RESTRICT: _cell(
                Duty.RESTRICTOR,
                Duty.RELEASER,
                Duty.TRANSFER_CONTROLLER,
                note="lifting by two",
            ),
            Column.REPAIR: _cell(Duty.REPAIRER, note="by two"),
            Column.PERMISSIONS: _cell(Duty.ADMIN, note="duties on the ledger, by two"),
            Column.RECORDS: _cell(Duty.CASH_ADMIN, Duty.DOCUMENT_KEEPER, Duty.ANCHORER),
        },
        Role.ISSUER: {
            Column.ISSUE: _cell(note=_REQUEST),
            Column.DISTRIBUTE: _cell(note=f"{_REQUEST}: allotment"),
            Column.RESTRICT: _cell(note=_REQUEST),
            Column.REPAIR: _cell(note=_REQUEST),
        },
        Role.PAYMENT_OPERATOR: {
            Column.TRANSFER: _cell(key=True, note="creates, signs a part"),
        },
        Role.RECONCILIATION_OFFICER: {},
        Role.BROKER: {
            Column.DISTRIBUTE: _cell(note="allotment of own customers, to the registrar"),
            Column.TRANSFER: _cell(key=True),
            Column.RESTRICT: _cell(note="own customers' hold, by the holder's key: see transfer"),
            Column.REPAIR: _cell(note=_REQUEST),
        },
        Role.DELEGATING_BROKER: {
            Column.DISTRIBUTE: _cell(note="allotment of own customers, to the registrar"),
            Column.TRANSFER: _cell(note="instructs the custodian"),
            Column.REPAIR: _cell(note=_REQUEST),
        },
        Role.INTERMEDIARY: {
            Column.TRANSFER: _cell(note="passes the order on"),
        },
        Role.COMPLIANCE: {
            Column.TRANSFER: _cell(note="stops one by a freeze (restrict)"),
            Column.RESTRICT: _cell(Duty.RESTRICTOR, Duty.RELEASER, note="blocks an investor"),
            Column.REPAIR: _cell(note="approves, off the ledger"),
        },
        Role.AUDITOR: {},
    }
)
"""Role to its cells; a column that is not named is an empty cell."""


def cell(role: Role, column: Column) -> Cell:
    """What the role may do in the column."""
    return MATRIX[role].get(column, Cell())


def duties_of(role: Role) -> frozenset[Duty]:
    """Every duty that an account of the role may hold."""
    return frozenset().union(*(each.duties for each in MATRIX[role].values()))
