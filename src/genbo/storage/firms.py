"""Firms (関係者): the rows of T8 to T13. Names and accounts are open; contacts are people, and sealed."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import BankAccount, Contact, Firm, FirmKind, canonical_firm
from genbo.storage import tables
from genbo.storage.audit import AuditLog
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.vault import Place, Reading, Vault
from genbo.storage.witness import vouch

_CONTACT = tuple(each.name for each in fields(Contact))
_ACCOUNT = {
    "bank_code": "settlement_bank_code",
    "bank_name_kana": "settlement_bank_name_kana",
    "branch_code": "settlement_branch_code",
    "branch_name_kana": "settlement_branch_name_kana",
    "account_kind": "settlement_account_kind",
    "account_number": "settlement_account_number",
    "account_holder_kana": "settlement_account_holder_kana",
}
"""Field of a bank account to its column."""


class Firms:
    """The firms, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def register(self, firm: Firm, *, at: datetime, by: str) -> None:
        """Adds a firm.

        Raises:
            Refusal: `firm_exists`; `institution_unknown` for a broker, custodian or trustee without access;
                `firm_unknown` when it names a custodian that is none; `bank_unknown`; `field_unknown` for a part its
                table does not have; `field_missing` and `field_invalid` by the rules of its table.
        """
        firm = canonical_firm(firm)
        if self._row(firm.kind, firm.id) is not None:
            raise Refusal(Reason.FIRM_EXISTS, kind=firm.kind.value, firm=firm.id)
        table = _table(firm.kind)
        values = self._values(firm, at=at, by=by)
        made = {"created_at": at, "created_by": by, "updated_at": at, "updated_by": by}
        self._connection.execute(insert(table).values(values | made))
        self._audit(AuditAction.FIRM_RECORDED, firm, at=at, by=by)

    def change(self, firm: Firm, *, at: datetime, by: str) -> None:
        """Puts `firm` in the place of what its row says; a contact of None leaves the contact as it is.

        Raises:
            Refusal: `firm_unknown`, and as `register`.
        """
        firm = canonical_firm(firm)
        if self._row(firm.kind, firm.id) is None:
            raise Refusal(Reason.FIRM_UNKNOWN, kind=firm.kind.value, firm=firm.id)
        table = _table(firm.kind)
        values = self._values(firm, at=at, by=by)
        if firm.contact is None:
            values = {name: each for name, each in values.items() if not name.startswith("contact")}
        self._connection.execute(
            update(table)
            .where(_key(table) == firm.id)
            .values(values | {"updated_at": at, "updated_by": by})
        )
        self._audit(AuditAction.FIRM_CHANGED, firm, at=at, by=by)

    def get(self, kind: FirmKind, firm: str) -> Firm:
        """The firm, its contact closed.

        Raises:
            Refusal: `firm_unknown`.
        """
        row = self._row(kind, firm)
        if row is None:
            raise Refusal(Reason.FIRM_UNKNOWN, kind=kind.value, firm=firm)
        return _firm(kind, row)

    def all(self, kind: FirmKind) -> list[Firm]:
        """Every firm of that kind, by id; their contacts closed."""
        table = _table(kind)
        rows = self._connection.execute(select(table).order_by(_key(table)))
        return [_firm(kind, dict(row._mapping)) for row in rows]

    def with_contact(self, kind: FirmKind, firm: str, *, reading: Reading) -> Firm:
        """The firm with its contact opened.

        Raises:
            Refusal: `firm_unknown`.
        """
        found = self.get(kind, firm)
        if kind is FirmKind.TRUSTEE:
            return found
        row = self._row(kind, firm)
        assert row is not None
        owner = _owner(kind, firm)
        names = [f"{kind.value}.contact_{name}" for name in _CONTACT]
        opener = OwnerKeys(self._connection, self._vault).opener(
            owner, fields=names, reading=reading
        )
        opened = {
            name: str(opener.open(InvestorId(owner), _place(kind, name), row[f"contact_{name}"]))
            for name in _CONTACT
            if row[f"contact_{name}"] is not None
        }
        return replace(found, contact=Contact(**opened))

    # Inside --------------------------------------------------------------------------------------

    def _row(self, kind: FirmKind, firm: str) -> Mapping[str, Any] | None:
        table = _table(kind)
        row = self._connection.execute(select(table).where(_key(table) == firm)).one_or_none()
        return None if row is None else dict(row._mapping)

    def _values(self, firm: Firm, *, at: datetime, by: str) -> dict[str, Any]:
        """What its row is to say, checked against the other masters."""
        kind, prefix = firm.kind, firm.kind.prefix
        values: dict[str, Any] = {
            f"{prefix}_id": firm.id,
            f"{prefix}_name": firm.name,
            "registered_address": firm.registered_address,
        }
        if kind in _WITH_ACCESS:
            self._require(
                tables.institution, firm.id, Reason.INSTITUTION_UNKNOWN, institution=firm.id
            )
        if kind is FirmKind.SAFEKEEPING_FIRM:
            if firm.custodian_id is not None:
                self._require(
                    tables.custodian,
                    firm.custodian_id,
                    Reason.FIRM_UNKNOWN,
                    kind="custodian",
                    firm=firm.custodian_id,
                )
            values |= {
                "custodian_id": firm.custodian_id,
                "own_account_investor_id": firm.own_account_investor_id,
            }
        elif firm.custodian_id is not None or firm.own_account_investor_id is not None:
            raise Refusal(Reason.FIELD_UNKNOWN, field="custodian_id")
        values |= self._account(firm.account)
        if kind is FirmKind.TRUSTEE:
            if firm.contact is not None:
                raise Refusal(Reason.FIELD_UNKNOWN, field="contact_addressee")
            return values
        return values | self._sealed(firm, at=at, by=by)

    def _account(self, account: BankAccount | None) -> dict[str, str | None]:
        if account is None:
            return dict.fromkeys(_ACCOUNT.values())
        branch = tables.bank_branch
        known = self._connection.scalar(
            select(branch.c.branch_code).where(
                branch.c.bank_code == account.bank_code, branch.c.branch_code == account.branch_code
            )
        )
        if known is None:
            raise Refusal(Reason.BANK_UNKNOWN, bank=account.bank_code, branch=account.branch_code)
        return {column: getattr(account, name) for name, column in _ACCOUNT.items()}

    def _sealed(self, firm: Firm, *, at: datetime, by: str) -> dict[str, bytes | None]:
        keys = OwnerKeys(self._connection, self._vault)
        owner = _owner(firm.kind, firm.id)
        contact = firm.contact or Contact()
        return {
            f"contact_{name}": keys.seal(owner, _place(firm.kind, name), text, at=at, by=by)
            if (text := getattr(contact, name))
            else None
            for name in _CONTACT
        }

    def _require(self, table: Table, id: str, reason: Reason, **facts: str) -> None:
        if self._connection.scalar(select(_key(table)).where(_key(table) == id)) is None:
            raise Refusal(reason, **facts)

    def _audit(self, action: AuditAction, firm: Firm, *, at: datetime, by: str) -> None:
        table = _table(firm.kind)
        rows = vouch(self._connection, table, _key(table) == firm.id)[(firm.id,)]
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=firm.id,
                    facts={"kind": firm.kind.value},
                    rows=rows,
                )
            ]
        )


_WITH_ACCESS = frozenset({FirmKind.SAFEKEEPING_FIRM, FirmKind.CUSTODIAN, FirmKind.TRUSTEE})


def _table(kind: FirmKind) -> Table:
    return tables.metadata.tables[kind.value]


def _key(table: Table) -> Any:
    (key,) = table.primary_key.columns
    return key


def _owner(kind: FirmKind, firm: str) -> str:
    return f"{kind.value}:{firm}"


def _place(kind: FirmKind, name: str) -> Place:
    return Place(table=kind.value, column=f"contact_{name}")


def _firm(kind: FirmKind, row: Mapping[str, Any]) -> Firm:
    account = None
    if row["settlement_bank_code"] is not None:
        account = BankAccount(**{name: row[column] for name, column in _ACCOUNT.items()})
    broker = kind is FirmKind.SAFEKEEPING_FIRM
    return Firm(
        kind=kind,
        id=row[f"{kind.prefix}_id"],
        name=row[f"{kind.prefix}_name"],
        registered_address=row["registered_address"],
        account=account,
        custodian_id=row["custodian_id"] if broker else None,
        own_account_investor_id=row["own_account_investor_id"] if broker else None,
    )
