"""Firms (T8 to T13), trust contracts (T5) and the bank master by file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace

from sqlalchemy import Connection

from genbo.bootstrap.files.taking import Taking
from genbo.kernel import Reason, Refusal
from genbo.masters import BankAccount, BankBranch, Contact, Firm, FirmKind, TrustContract
from genbo.masters.file_table import FILE_TABLES
from genbo.masters.import_file import ImportTarget, ProcessingKind
from genbo.masters.sheet_check import FileRow
from genbo.storage.banks import Banks
from genbo.storage.firms import Firms
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Reading, Vault

_ACCOUNT = "settlement_"
_CONTACT = "contact_"
_OPTIONAL = ("custodian_id", "own_account_investor_id")


class FirmMaster:
    """The firms of one kind."""

    def __init__(self, kind: FirmKind) -> None:
        self._kind = kind
        self._known: set[str] | None = None

    def take(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        firms, unchanged = Firms(taking.connection, taking.vault), 0
        if self._known is None:
            self._known = {each.id for each in firms.all(self._kind)}
        for row in rows:
            new, known = row.record, row.key[0] in self._known
            if taking.kind is ProcessingKind.NEW:
                if known:
                    taking.reject_key(row, Reason.IMPORT_ROW_EXISTS)
                elif _done(taking, row, firms.register, new):
                    self._known.add(row.key[0])
            elif not known:
                taking.reject_key(row, Reason.IMPORT_ROW_UNKNOWN)
            else:
                there = firms.with_contact(self._kind, row.key[0], reading=taking.reading)
                wanted = _corrected(there, new, taking.check.columns)
                if wanted == there:
                    unchanged += 1
                else:
                    _done(taking, row, firms.change, wanted)
        return unchanged

    def give(
        self, connection: Connection, vault: Vault, *, reading: Reading
    ) -> Iterator[Sequence[str]]:
        firms = Firms(connection, vault)
        columns = [each.column for each in FILE_TABLES[ImportTarget(self._kind.value)].fields]
        for each in firms.all(self._kind):
            texts = _firm_texts(firms.with_contact(self._kind, each.id, reading=reading))
            yield [texts.get(column) or "" for column in columns]


class TrustContractMaster:
    """The trust contracts."""

    def take(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        contracts, unchanged = TrustContracts(taking.connection), 0
        known = {each.id: each for each in contracts.all()}
        for row in rows:
            new, there = row.record, known.get(row.key[0])
            if taking.kind is ProcessingKind.NEW:
                if there is not None:
                    taking.reject_key(row, Reason.IMPORT_ROW_EXISTS)
                else:
                    _done(taking, row, contracts.register, new)
            elif there is None:
                taking.reject_key(row, Reason.IMPORT_ROW_UNKNOWN)
            else:
                wanted = _corrected_contract(there, new, taking.check.columns)
                if wanted == there:
                    unchanged += 1
                else:
                    _done(taking, row, contracts.change, wanted)
        return unchanged

    def give(
        self, connection: Connection, vault: Vault, *, reading: Reading
    ) -> Iterator[Sequence[str]]:
        for each in TrustContracts(connection).all():
            texts = {
                "trust_contract_id": each.id,
                "trust_contract_number": each.number,
                "trust_contract_name": each.name,
                "fund_admin_number": each.fund_admin_number,
                "settlor_id": each.settlor,
                "trustee_id": each.trustee,
                "asset_manager_id": each.asset_manager,
            }
            columns = FILE_TABLES[ImportTarget.TRUST_CONTRACT].fields
            yield [texts.get(column.column) or "" for column in columns]


class BankBranches:
    """The bank master. A correction also brings rows that are not there: whoever publishes it publishes all of it."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[tuple[str, str], int]] = {}
        """Names of each bank of the rows before, and their line."""

    def take(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        banks, unchanged = Banks(taking.connection), 0
        known = banks.find([(row.key[0], row.key[1]) for row in rows])
        wanted: list[BankBranch] = []
        for row in rows:
            new: BankBranch = row.record
            names, line = self._names.setdefault(
                new.bank_code, ((new.bank_name, new.bank_name_kana), row.line)
            )
            there = known.get((new.bank_code, new.branch_code))
            if names != (new.bank_name, new.bank_name_kana):
                problem = f"the bank has another name on line {line}"
                taking.reject_cell(row, "bank_name", problem, "one name for each bank")
            elif there == new:
                unchanged += 1
            elif there is not None and taking.kind is ProcessingKind.NEW:
                taking.reject_key(row, Reason.IMPORT_ROW_EXISTS)
            else:
                wanted.append(new)
        if wanted:
            banks.load(wanted, at=taking.at, by=taking.by, source=taking.source)
        return unchanged

    def give(
        self, connection: Connection, vault: Vault, *, reading: Reading
    ) -> Iterator[Sequence[str]]:
        columns = [each.column for each in FILE_TABLES[ImportTarget.BANK].fields]
        for each in Banks(connection).all():
            yield [getattr(each, column) for column in columns]


def _done(taking: Taking, row: FileRow, act: Callable[..., None], what: object) -> bool:
    """Whether `what` was registered or changed; a row that is refused leaves nothing behind."""
    try:
        with taking.connection.begin_nested():
            act(what, at=taking.at, by=taking.by)
    except Refusal as refusal:
        taking.reject(row, refusal)
        return False
    return True


def _corrected(there: Firm, new: Firm, columns: frozenset[str]) -> Firm:
    """The firm as the file has it; what the file has no column for stays."""
    kept = {name: getattr(there, name) for name in _OPTIONAL if name not in columns}
    account = new.account if any(each.startswith(_ACCOUNT) for each in columns) else there.account
    contact = there.contact or Contact()
    stated = new.contact or Contact()
    given = {
        each.name: getattr(stated, each.name)
        for each in fields(Contact)
        if _CONTACT + each.name in columns
    }
    contact = replace(contact, **given)
    no_contact = there.kind is FirmKind.TRUSTEE or (there.contact is None and contact == Contact())
    return replace(new, account=account, contact=None if no_contact else contact, **kept)


def _corrected_contract(
    there: TrustContract, new: TrustContract, columns: frozenset[str]
) -> TrustContract:
    manager = new.asset_manager if "asset_manager_id" in columns else there.asset_manager
    number = new.fund_admin_number if "fund_admin_number" in columns else there.fund_admin_number
    return replace(new, asset_manager=manager, fund_admin_number=number)


def _firm_texts(firm: Firm) -> dict[str, str | None]:
    """The firm as a row of the file has it."""
    contact, account = firm.contact or Contact(), firm.account
    texts: dict[str, str | None] = {
        f"{firm.kind.prefix}_id": firm.id,
        f"{firm.kind.prefix}_name": firm.name,
        "registered_address": firm.registered_address,
    }
    texts |= {_CONTACT + each.name: getattr(contact, each.name) for each in fields(Contact)}
    if account is not None:
        texts |= {_ACCOUNT + each.name: getattr(account, each.name) for each in fields(BankAccount)}
    if firm.kind is FirmKind.SAFEKEEPING_FIRM:
        texts |= {name: getattr(firm, name) for name in _OPTIONAL}
    return texts
