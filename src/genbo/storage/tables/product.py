"""Products (受益権情報, R-PROGMAT-T3)."""

from enum import Enum

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from genbo.storage.tables.columns import (
    an_address,
    day,
    hash32,
    height,
    made_and_changed,
    metadata,
    never_before_made,
    one_of,
    text,
    units,
)
from genbo.storage.tables.former import a_master
from genbo.token import (
    HolidayAdjustment,
    LegalCategory,
    LegalForm,
    PerfectionMethod,
    ProductStatus,
    RightKind,
)


def _codes(column: str, codes: type[Enum]) -> CheckConstraint:
    return one_of(column, *(str(code.value) for code in codes))


_MONTH_AND_DAY = "'^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'"

product = Table(
    "product",
    metadata,
    text("product_id", "受益権ID: key on the ledger too, never changed (T3.1)"),
    text("name", "受益権名称: printed on the register (T3.2)"),
    text("symbol", "略号: short name on the ledger"),
    text("legal_form", "法形式: the law that creates the right"),
    text("legal_category", "金商法上の区分 (R-JSTOA-1.1)"),
    text("perfection_method", "対抗要件"),
    text("right_kind", "受益権種類 (T3.4)"),
    text("isin", "国際証券コード: ISIN (T3.5)", null=True),
    text("trust_contract_id", "信託契約ID (T3.6)"),
    # No foreign key: a product is drafted before the settlor is registered as an investor.
    text("initial_beneficiary_id", "当初受益者ID: receives the whole issue (T3.7)"),
    text("beneficiary_agent_id", "受益者代理人ID (T3.8)", null=True),
    units("set_quantity", "設定数量: units set at issue (T3.9)"),
    units("unit_price_yen", "発行価格: yen per unit"),
    units("application_minimum", "最低申込数量: fewest units of one application"),
    units("application_step", "申込単位: units an application grows by"),
    units("authorised_cap", "授権上限: units that may be outstanding at most"),
    day("set_date", "設定日 (T3.10)"),
    day("redemption_date", "償還日 (T3.12)"),
    text("record_date_1", "権利確定日1: MM-DD (T3.13)"),
    text("record_date_2", "権利確定日2: MM-DD (T3.14)", null=True),
    text("holiday_adjustment", "休日調整区分 (T3.15)"),
    text("register_note", "受益権原簿にかかる注記: printed verbatim (T3.16)"),
    text("transfer_control_id", "移転実行可否制御ID: transfer-enable group (T3.3)"),
    Column(
        "terms", JSONB, nullable=False, comment="発行条件: all terms as the product file has them"
    ),
    hash32("terms_digest", "発行条件のハッシュ: the digest that the token carries"),
    text("status", "受益権ステータス (T3.11)"),
    height("chain_id", "チェーンID: where the token is", null=True),
    text("address", "トークンのアドレス", null=True),
    *made_and_changed(),
    text(
        "free_comment_1",
        "フリーコメント1: never interpreted, never on the ledger (T3.17)",
        null=True,
    ),
    text("free_comment_2", "フリーコメント2: as the first (T3.18)", null=True),
    PrimaryKeyConstraint("product_id"),
    UniqueConstraint("isin"),
    UniqueConstraint("chain_id", "address"),
    ForeignKeyConstraint(["chain_id"], ["deployment.chain_id"]),
    ForeignKeyConstraint(["trust_contract_id"], ["trust_contract.trust_contract_id"]),
    ForeignKeyConstraint(["beneficiary_agent_id"], ["beneficiary_agent.beneficiary_agent_id"]),
    ForeignKeyConstraint(["transfer_control_id"], ["transfer_control.transfer_control_id"]),
    Index(None, "trust_contract_id"),
    CheckConstraint("name <> ''", name="name"),
    _codes("legal_form", LegalForm),
    _codes("legal_category", LegalCategory),
    _codes("perfection_method", PerfectionMethod),
    _codes("right_kind", RightKind),
    CheckConstraint("isin ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$'", name="isin"),
    CheckConstraint("set_quantity > 0", name="set_quantity"),
    CheckConstraint("unit_price_yen > 0", name="unit_price_yen"),
    CheckConstraint("application_minimum > 0", name="application_minimum"),
    CheckConstraint("application_step > 0", name="application_step"),
    CheckConstraint("authorised_cap >= set_quantity", name="authorised_cap"),
    CheckConstraint("redemption_date > set_date", name="redemption_date"),
    CheckConstraint(f"record_date_1 ~ {_MONTH_AND_DAY}", name="record_date_1"),
    CheckConstraint(f"record_date_2 ~ {_MONTH_AND_DAY}", name="record_date_2"),
    _codes("holiday_adjustment", HolidayAdjustment),
    _codes("status", ProductStatus),
    CheckConstraint("(chain_id IS NULL) = (address IS NULL)", name="chain_id"),
    an_address("address"),
    never_before_made(),
    comment="受益権情報: products (R-PROGMAT-T3)",
)
a_master(product)
