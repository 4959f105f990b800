"""Trust contracts (信託契約情報, R-PROGMAT-T5)."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from genbo.storage.tables.columns import made_and_changed, metadata, never_before_made, text
from genbo.storage.tables.former import a_master

trust_contract = Table(
    "trust_contract",
    metadata,
    text("trust_contract_id", "信託契約ID (T5.1)"),
    text("trust_contract_number", "信託契約番号: unique per trustee (T5.2)"),
    text("trust_contract_name", "信託契約名称: printed on the register (T5.3)"),
    text("fund_admin_number", "MTBJファンドNo: key of outside books (T5.4)", null=True),
    text("settlor_id", "委託者ID (T5.5)"),
    text("trustee_id", "受託者ID: the registrar of its products (T5.6)"),
    text("asset_manager_id", "運用者 AMID: reads its products (T5.7)", null=True),
    *made_and_changed(),
    PrimaryKeyConstraint("trust_contract_id"),
    ForeignKeyConstraint(["settlor_id"], ["settlor.settlor_id"]),
    ForeignKeyConstraint(["trustee_id"], ["trustee.trustee_id"]),
    ForeignKeyConstraint(["asset_manager_id"], ["asset_manager.asset_manager_id"]),
    Index("trust_contract_number_uq", "trustee_id", "trust_contract_number", unique=True),
    Index(None, "settlor_id"),
    Index(None, "asset_manager_id"),
    CheckConstraint("trust_contract_number <> ''", name="trust_contract_number"),
    CheckConstraint("trust_contract_name <> ''", name="trust_contract_name"),
    never_before_made(),
    comment="信託契約情報: trust contracts (R-PROGMAT-T5)",
)
a_master(trust_contract)
