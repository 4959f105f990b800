"""A file of firms (関係者) and trust contracts: sections of rows, with the column names of tables T5 and T8 to T13."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from genbo.bootstrap.firms import FirmsFile
from genbo.cli.files.problems import FileProblems
from genbo.cli.files.terms import rows_of_sections
from genbo.cli.files.text import read_text
from genbo.governance.institutions import Institution, InstitutionId, InstitutionRole, institution
from genbo.kernel import InvestorId, Reason, Refusal, to_bytes32
from genbo.masters import BankAccount, BankBranch, Contact, Firm, FirmKind, TrustContract

T = TypeVar("T")
Row = Mapping[str, str]

_CONTACT = ("addressee", "postal_code", "address", "phone", "email")
_ACCOUNT = (
    "bank_code",
    "bank_name_kana",
    "branch_code",
    "branch_name_kana",
    "account_kind",
    "account_number",
    "account_holder_kana",
)
_CONTACT_COLUMNS = tuple(f"contact_{name}" for name in _CONTACT)
_ACCOUNT_COLUMNS = tuple(f"settlement_{name}" for name in _ACCOUNT)


@dataclass(frozen=True, slots=True)
class _Section:
    """Columns of the rows under one heading."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


def _firms(kind: FirmKind) -> _Section:
    contact = () if kind is FirmKind.TRUSTEE else _CONTACT_COLUMNS
    broker = (
        ("custodian_id", "own_account_investor_id") if kind is FirmKind.SAFEKEEPING_FIRM else ()
    )
    return _Section(
        (f"{kind.prefix}_id", f"{kind.prefix}_name", "registered_address"),
        (*broker, *contact, *_ACCOUNT_COLUMNS),
    )


_BRANCH = (
    "bank_code",
    "bank_name",
    "bank_name_kana",
    "branch_code",
    "branch_name",
    "branch_name_kana",
)
_FIRM_SECTIONS = {
    "custodians": FirmKind.CUSTODIAN,  # before the brokers that delegate to them
    "safekeeping_firms": FirmKind.SAFEKEEPING_FIRM,
    "beneficiary_agents": FirmKind.BENEFICIARY_AGENT,
    "settlors": FirmKind.SETTLOR,
    "trustees": FirmKind.TRUSTEE,
    "asset_managers": FirmKind.ASSET_MANAGER,
}
_SECTIONS = {
    "institutions": _Section(
        ("institution_id", "role"), ("custodian_id", "own_account_investor_id")
    ),
    "bank_branches": _Section(_BRANCH),
    **{name: _firms(kind) for name, kind in _FIRM_SECTIONS.items()},
    "trust_contracts": _Section(
        (
            "trust_contract_id",
            "trust_contract_number",
            "trust_contract_name",
            "settlor_id",
            "trustee_id",
        ),
        ("fund_admin_number", "asset_manager_id"),
    ),
}


def read_firms(path: Path) -> FirmsFile:
    """The firms in a YAML file.

    Raises:
        FileProblems: everything that is wrong, with its line.
        Fault: `file_unreadable`.
    """
    text = read_text(path)
    problems: list[Refusal] = []
    rows: dict[str, list[tuple[int, Row]]] = {name: [] for name in _SECTIONS}
    for heading, line, row in rows_of_sections(path, text):
        if heading not in _SECTIONS:
            problems.append(Refusal(Reason.FIELD_UNKNOWN, field=heading, line=line))
        elif wrong := _wrong(_SECTIONS[heading], line, row):
            problems += wrong
        else:
            given = {name: str(value) for name, value in row.items() if value not in (None, "")}
            rows[heading].append((line, given))

    def made(heading: str, make: Callable[[Row], T]) -> list[T]:
        done = []
        for line, row in rows[heading]:
            try:
                done.append(make(row))
            except Refusal as refusal:
                problems.append(Refusal(refusal.reason, **{"line": line, **refusal.facts}))
        return done

    read = FirmsFile(
        digest="0x" + hashlib.sha256(text.encode()).hexdigest(),
        institutions=_institutions(made),
        branches=made("bank_branches", lambda row: BankBranch(**row)),
        firms=[
            firm
            for heading, kind in _FIRM_SECTIONS.items()
            for firm in made(heading, lambda row, kind=kind: _firm(kind, row))  # type: ignore[misc]
        ],
        contracts=made("trust_contracts", _contract),
    )
    if problems:
        raise FileProblems(path, problems)
    return read


def _wrong(section: _Section, line: int, row: Mapping[str, Any]) -> list[Refusal]:
    missing = [name for name in section.required if row.get(name) in (None, "")]
    unknown = [name for name in row if name not in (*section.required, *section.optional)]
    return [
        *(Refusal(Reason.FIELD_MISSING, field=name, line=line) for name in missing),
        *(Refusal(Reason.FIELD_UNKNOWN, field=name, line=line) for name in unknown),
    ]


def _institutions(
    made: Callable[[str, Callable[[Row], Institution]], list[Institution]],
) -> list[Institution]:
    """Custodians before those that delegate to them, wherever they stand in the file."""
    custodians: dict[str, Institution] = {}

    def make(row: Row) -> Institution:
        try:
            role = InstitutionRole(row["role"])
        except ValueError:
            allowed = ", ".join(InstitutionRole)
            raise Refusal(
                Reason.FIELD_INVALID, field="role", value=row["role"][:32], allowed=allowed
            ) from None
        named = row.get("custodian_id")
        if named is not None and named not in custodians:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="custodian_id",
                value=named[:32],
                allowed="a custodian named above",
            )
        own = row.get("own_account_investor_id")
        one = institution(
            id=InstitutionId(row["institution_id"]),
            role=role,
            custodian=None if named is None else custodians[named],
            own_account=None if own is None else InvestorId(own),
        )
        if role is InstitutionRole.CUSTODIAN:
            custodians[one.id] = one
        return one

    return made("institutions", make)


def _firm(kind: FirmKind, row: Row) -> Firm:
    to_bytes32(row[f"{kind.prefix}_id"])
    contact = {name: row[f"contact_{name}"] for name in _CONTACT if f"contact_{name}" in row}
    account = {name: row[f"settlement_{name}"] for name in _ACCOUNT if f"settlement_{name}" in row}
    if account and len(account) < len(_ACCOUNT):
        missing = next(name for name in _ACCOUNT if name not in account)
        raise Refusal(Reason.FIELD_MISSING, field=f"settlement_{missing}")
    own = row.get("own_account_investor_id")
    return Firm(
        kind=kind,
        id=row[f"{kind.prefix}_id"],
        name=row[f"{kind.prefix}_name"],
        registered_address=row["registered_address"],
        contact=Contact(**contact) if contact else None,
        account=BankAccount(**account) if account else None,
        custodian_id=row.get("custodian_id") if kind is FirmKind.SAFEKEEPING_FIRM else None,
        own_account_investor_id=None if own is None else InvestorId(own),
    )


def _contract(row: Row) -> TrustContract:
    to_bytes32(row["trust_contract_id"])
    manager = row.get("asset_manager_id")
    return TrustContract(
        id=row["trust_contract_id"],
        number=row["trust_contract_number"],
        name=row["trust_contract_name"],
        settlor=InstitutionId(row["settlor_id"]),
        trustee=InstitutionId(row["trustee_id"]),
        asset_manager=None if manager is None else InstitutionId(manager),
        fund_admin_number=row.get("fund_admin_number"),
    )
