"""Trust contracts (信託契約): whose product is whose."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Reason, Refusal
from genbo.masters import FirmKind, TrustContract, check_contract, contract_row
from genbo.storage import tables
from genbo.storage.audit import AuditLog
from genbo.storage.tables import trust_contract as table
from genbo.storage.witness import vouch

_COLUMNS = {
    "id": "trust_contract_id",
    "number": "trust_contract_number",
    "name": "trust_contract_name",
    "settlor": "settlor_id",
    "trustee": "trustee_id",
    "asset_manager": "asset_manager_id",
    "fund_admin_number": "fund_admin_number",
}
assert _COLUMNS.keys() == {each.name for each in fields(TrustContract)}


class TrustContracts:
    """The trust contracts, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, contract: TrustContract, *, at: datetime, by: str) -> None:
        """Adds a contract.

        Raises:
            Refusal: `contract_exists`, also for a number that the trustee has used; `firm_unknown` for a party;
                `field_missing` and `field_invalid` by the rules of table T5.
        """
        contract = check_contract(contract_row(contract)).or_refuse()
        if self._find(contract.id) is not None:
            raise Refusal(Reason.CONTRACT_EXISTS, contract=contract.id)
        self._require_possible(contract)
        made = {"created_at": at, "created_by": by, "updated_at": at, "updated_by": by}
        self._connection.execute(insert(table).values(_values(contract) | made))
        self._audit(AuditAction.CONTRACT_RECORDED, contract, at=at, by=by)

    def change(self, contract: TrustContract, *, at: datetime, by: str) -> None:
        """Puts `contract` in the place of what its row says.

        Raises:
            Refusal: `contract_unknown`, and as `register`.
        """
        contract = check_contract(contract_row(contract)).or_refuse()
        if self._find(contract.id) is None:
            raise Refusal(Reason.CONTRACT_UNKNOWN, contract=contract.id)
        self._require_possible(contract)
        changed = _values(contract) | {"updated_at": at, "updated_by": by}
        self._connection.execute(
            update(table).where(table.c.trust_contract_id == contract.id).values(changed)
        )
        self._audit(AuditAction.CONTRACT_CHANGED, contract, at=at, by=by)

    def get(self, contract: str) -> TrustContract:
        """The contract with that id.

        Raises:
            Refusal: `contract_unknown`.
        """
        row = self._find(contract)
        if row is None:
            raise Refusal(Reason.CONTRACT_UNKNOWN, contract=contract)
        return _contract(row)

    def all(self) -> list[TrustContract]:
        """Every contract, by id."""
        rows = self._connection.execute(select(table).order_by(table.c.trust_contract_id))
        return [_contract(row) for row in rows]

    def _find(self, contract: str) -> Row[Any] | None:
        return self._connection.execute(
            select(table).where(table.c.trust_contract_id == contract)
        ).one_or_none()

    def _require_possible(self, contract: TrustContract) -> None:
        parties = {
            FirmKind.SETTLOR: contract.settlor,
            FirmKind.TRUSTEE: contract.trustee,
            FirmKind.ASSET_MANAGER: contract.asset_manager,
        }
        for kind, firm in parties.items():
            of_kind = tables.metadata.tables[kind.value]
            (key,) = of_kind.primary_key.columns
            if firm is not None and not self._connection.scalar(select(key).where(key == firm)):
                raise Refusal(Reason.FIRM_UNKNOWN, kind=kind.value, firm=firm)
        taken = self._connection.scalar(
            select(table.c.trust_contract_id).where(
                table.c.trustee_id == contract.trustee,
                table.c.trust_contract_number == contract.number,
                table.c.trust_contract_id != contract.id,
            )
        )
        if taken is not None:
            raise Refusal(Reason.CONTRACT_EXISTS, contract=taken)

    def _audit(
        self, action: AuditAction, contract: TrustContract, *, at: datetime, by: str
    ) -> None:
        rows = vouch(self._connection, table, table.c.trust_contract_id == contract.id)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at, action=action, actor=by, subject=contract.id, rows=rows[(contract.id,)]
                )
            ]
        )


def _values(contract: TrustContract) -> dict[str, Any]:
    return {column: getattr(contract, name) for name, column in _COLUMNS.items()}


def _contract(row: Row[Any]) -> TrustContract:
    values = {name: row._mapping[column] for name, column in _COLUMNS.items()}
    for name in ("settlor", "trustee"):
        values[name] = InstitutionId(values[name])
    return TrustContract(**values)
