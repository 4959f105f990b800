"""A file of firms (関係者) and trust contracts: sections of rows, with the column names of tables T5 and T8 to T13."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from genbo.bootstrap.firms import FirmsFile
from genbo.cli.files.problems import FileProblems
from genbo.cli.files.terms import rows_of_sections
from genbo.cli.files.text import read_text
from genbo.governance.institutions import Institution, InstitutionId, InstitutionRole, institution
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import Checked, FirmKind, check_bank_branch, check_contract, check_firm

Row = Mapping[str, str]

_INSTITUTIONS = "institutions"
_REQUIRED = ("institution_id", "role")
_OPTIONAL = ("custodian_id", "own_account_investor_id")
_BRANCHES, _CONTRACTS = "bank_branches", "trust_contracts"
_FIRMS = {
    "custodians": FirmKind.CUSTODIAN,  # before the brokers that delegate to them
    "safekeeping_firms": FirmKind.SAFEKEEPING_FIRM,
    "beneficiary_agents": FirmKind.BENEFICIARY_AGENT,
    "settlors": FirmKind.SETTLOR,
    "trustees": FirmKind.TRUSTEE,
    "asset_managers": FirmKind.ASSET_MANAGER,
}
_READ: Mapping[str, Callable[[Row], Checked[Any]]] = {
    _BRANCHES: check_bank_branch,
    **{heading: partial(check_firm, kind) for heading, kind in _FIRMS.items()},
    _CONTRACTS: check_contract,
}
"""What reads the rows under a heading."""


def read_firms(path: Path) -> FirmsFile:
    """The firms in a YAML file.

    Raises:
        FileProblems: everything that is wrong, with its line.
        Fault: `file_unreadable`.
    """
    text = read_text(path)
    problems: list[Refusal] = []
    institutions: list[tuple[int, Row]] = []
    records: dict[str, list[Any]] = {heading: [] for heading in _READ}
    for heading, line, row in rows_of_sections(path, text):
        given = {name: str(value) for name, value in row.items() if value not in (None, "")}
        if heading in _READ:
            read = _READ[heading](given)
            problems += (_on(line, each) for each in read.problems)
            records[heading].append(read.record)
        elif heading != _INSTITUTIONS:
            problems.append(Refusal(Reason.FIELD_UNKNOWN, field=heading, line=line))
        elif wrong := _wrong(line, given):
            problems += wrong
        else:
            institutions.append((line, given))
    admitted = _institutions(institutions, problems)
    if problems:
        raise FileProblems(path, problems)
    return FirmsFile(
        digest="0x" + hashlib.sha256(text.encode()).hexdigest(),
        institutions=admitted,
        branches=records[_BRANCHES],
        firms=[firm for heading in _FIRMS for firm in records[heading]],
        contracts=records[_CONTRACTS],
    )


def _on(line: int, problem: Refusal) -> Refusal:
    return Refusal(problem.reason, **{"line": line, **problem.facts})


def _wrong(line: int, row: Row) -> list[Refusal]:
    missing = [name for name in _REQUIRED if name not in row]
    unknown = [name for name in row if name not in (*_REQUIRED, *_OPTIONAL)]
    return [
        *(Refusal(Reason.FIELD_MISSING, field=name, line=line) for name in missing),
        *(Refusal(Reason.FIELD_UNKNOWN, field=name, line=line) for name in unknown),
    ]


def _institutions(rows: list[tuple[int, Row]], problems: list[Refusal]) -> list[Institution]:
    """The institutions that the rows make; what is wrong is added to `problems`."""
    custodians: dict[str, Institution] = {}
    made = []
    for line, row in rows:
        try:
            one = _institution(row, custodians)
        except Refusal as refusal:
            problems.append(_on(line, refusal))
            continue
        if one.role is InstitutionRole.CUSTODIAN:
            custodians[one.id] = one
        made.append(one)
    return made


def _institution(row: Row, custodians: Mapping[str, Institution]) -> Institution:
    try:
        role = InstitutionRole(row["role"])
    except ValueError:
        raise Refusal(
            Reason.FIELD_INVALID,
            field="role",
            value=row["role"][:32],
            allowed=", ".join(InstitutionRole),
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
    return institution(
        id=InstitutionId(row["institution_id"]),
        role=role,
        custodian=None if named is None else custodians[named],
        own_account=None if own is None else InvestorId(own),
    )
