"""Firms (関係者): brokers, custodians, agents, settlors, trustees, managers (R-PROGMAT-T8 to T13), and who has access.

The columns have the names they have in A.3. Contacts are people, so they are sealed by the key of their firm.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy.schema import SchemaItem

from genbo.governance.institutions import InstitutionRole
from genbo.storage.tables.columns import (
    flag,
    instant,
    made_and_changed,
    metadata,
    never_before_made,
    octets,
    one_of,
    sealed,
    text,
)
from genbo.storage.tables.former import a_master

institution = Table(
    "institution",
    metadata,
    text("institution_id", "関係機関ID: the key of its row in T8 to T13, where it has one"),
    text("role", "役割: what it is to the platform (A.2.1)"),
    text("custodian_id", "カストディアンID: of a delegating broker (T8.5)", null=True),
    text("own_account_investor_id", "自己口ID: of a broker (T8.4)", null=True),
    *made_and_changed(),
    PrimaryKeyConstraint("institution_id"),
    ForeignKeyConstraint(["custodian_id"], ["institution.institution_id"]),
    one_of("role", *InstitutionRole),
    CheckConstraint(
        "(role = 'delegating_broker') = (custodian_id IS NOT NULL)", name="custodian_id"
    ),
    CheckConstraint(
        "own_account_investor_id IS NULL OR role IN ('direct_broker', 'delegating_broker')",
        name="own_account_investor_id",
    ),
    never_before_made(),
    comment="関係機関: firms that have access, one role each",
)


def _contact(number: int) -> tuple[Column[bytes], ...]:
    """The contact block from column `number` of the table on."""
    return (
        sealed("contact_addressee", f"連絡先宛名 (.{number}), sealed"),
        sealed("contact_postal_code", f"連絡先郵便番号 (.{number + 1}), sealed"),
        sealed("contact_address", f"連絡先住所 (.{number + 2}), sealed"),
        sealed("contact_phone", f"連絡先電話番号 (.{number + 3}), sealed"),
        sealed("contact_email", f"連絡先メールアドレス (.{number + 4}), sealed"),
    )


def _account(number: int) -> tuple[SchemaItem, ...]:
    """The settlement account from column `number` of the table on: all of it, or none."""
    columns = (
        text("settlement_bank_code", f"決済口座金融機関コード (.{number})", null=True),
        text("settlement_bank_name_kana", f"決済口座金融機関名（カナ） (.{number + 1})", null=True),
        text("settlement_branch_code", f"決済口座本支店コード (.{number + 2})", null=True),
        text("settlement_branch_name_kana", f"決済口座本支店名（カナ） (.{number + 3})", null=True),
        text("settlement_account_kind", f"決済口座預金種目 (.{number + 4})", null=True),
        text("settlement_account_number", f"決済口座口座番号 (.{number + 5})", null=True),
        text(
            "settlement_account_holder_kana", f"決済口座口座名義（カナ） (.{number + 6})", null=True
        ),
    )
    names = ", ".join(column.name for column in columns)
    return (
        *columns,
        ForeignKeyConstraint(
            ["settlement_bank_code", "settlement_branch_code"],
            ["bank_branch.bank_code", "bank_branch.branch_code"],
        ),
        CheckConstraint(f"num_nulls({names}) IN (0, {len(columns)})", name="settlement_account"),
        one_of("settlement_account_kind", "1", "2", "4", "9"),
        CheckConstraint(
            "settlement_account_number ~ '^[0-9]{7}$'", name="settlement_account_number"
        ),
    )


def _named(prefix: str, what: str) -> tuple[SchemaItem, ...]:
    """Name and registered address, columns .2 and .3 of every such table."""
    return (
        text(f"{prefix}_name", f"{what}名称: trade name (.2)"),
        text("registered_address", "登記住所 (.3)"),
        PrimaryKeyConstraint(f"{prefix}_id"),
        CheckConstraint(f"{prefix}_name <> ''", name=f"{prefix}_name"),
        CheckConstraint("registered_address <> ''", name="registered_address"),
        never_before_made(),
    )


safekeeping_firm = Table(
    "safekeeping_firm",
    metadata,
    text("safekeeping_id", "保護預り先ID: ties an API credential to one broker (T8.1)"),
    *_named("safekeeping", "保護預り先"),
    text("own_account_investor_id", "自己口ID (T8.4)", null=True),
    text("custodian_id", "カストディアンID: empty when it keeps keys itself (T8.5)", null=True),
    *_contact(6),
    *_account(11),
    *made_and_changed(),
    ForeignKeyConstraint(["safekeeping_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["custodian_id"], ["custodian.custodian_id"]),
    comment="保護預り先情報: brokers (R-PROGMAT-T8)",
)

custodian = Table(
    "custodian",
    metadata,
    text("custodian_id", "カストディアンID (T9.1)"),
    *_named("custodian", "カストディアン"),
    *_contact(4),
    *_account(9),
    *made_and_changed(),
    ForeignKeyConstraint(["custodian_id"], ["institution.institution_id"]),
    comment="カストディアン情報: custodians (R-PROGMAT-T9)",
)

beneficiary_agent = Table(
    "beneficiary_agent",
    metadata,
    text("beneficiary_agent_id", "受益者代理人ID (T10.1)"),
    *_named("beneficiary_agent", "受益者代理人"),
    *_contact(4),
    *_account(9),
    *made_and_changed(),
    comment="受益者代理人情報: agents of the beneficiaries; they have no access (R-PROGMAT-T10)",
)

settlor = Table(
    "settlor",
    metadata,
    text("settlor_id", "委託者ID (T11.1)"),
    *_named("settlor", "委託者"),
    *_contact(4),
    *_account(9),
    *made_and_changed(),
    comment="委託者情報: settlors (R-PROGMAT-T11)",
)

trustee = Table(
    "trustee",
    metadata,
    text("trustee_id", "受託者ID (T12.1)"),
    *_named("trustee", "受託者"),
    *_account(4),
    *made_and_changed(),
    ForeignKeyConstraint(["trustee_id"], ["institution.institution_id"]),
    comment="受託者情報: trustees, who are registrars of their products (R-PROGMAT-T12)",
)

asset_manager = Table(
    "asset_manager",
    metadata,
    text("asset_manager_id", "運用者 AMID (T13.1)"),
    *_named("asset_manager", "運用者"),
    *_contact(4),
    *_account(9),
    *made_and_changed(),
    comment="AM情報: asset managers (R-PROGMAT-T13)",
)

product_firm = Table(
    "product_firm",
    metadata,
    text("product_id", "受益権ID"),
    text("institution_id", "関係機関ID: broker, custodian or intermediary"),
    instant("since", "取扱開始日時"),
    text("recorded_by", "登録者"),
    PrimaryKeyConstraint("product_id", "institution_id"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    Index(None, "institution_id"),
    comment="取扱機関: which firms handle a product",
)

introduction = Table(
    "introduction",
    metadata,
    text("investor_id", "投資家ID"),
    text("institution_id", "仲介業者ID: who introduced the investor"),
    flag("consents_to_sight", "同意: the intermediary may see what its client holds"),
    *made_and_changed(),
    PrimaryKeyConstraint("investor_id"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    Index(None, "institution_id"),
    never_before_made(),
    comment="媒介: whose client an investor is through an intermediary (R-PROGMAT-ROLE-F)",
)

owner_key = Table(
    "owner_key",
    metadata,
    text("owner", "所有者: such as custodian:C1; what it owns is sealed with this key"),
    text("kek_id", "鍵暗号化鍵のID: which key wraps this one"),
    octets("wrapped_key", "包まれたデータ鍵: empty once destroyed", null=True),
    instant("created_at", "作成日時"),
    instant("destroyed_at", "破棄日時: the sealed data is unreadable from here on", null=True),
    text("destroyed_by", "破棄者", null=True),
    text("destroyed_for", "破棄の根拠", null=True),
    PrimaryKeyConstraint("owner"),
    CheckConstraint(
        "(wrapped_key IS NULL) = (destroyed_at IS NOT NULL)"
        " AND (destroyed_at IS NULL) = (destroyed_by IS NULL)"
        " AND (destroyed_at IS NULL) = (destroyed_for IS NULL)",
        name="destroyed",
    ),
    comment="所有者別データ鍵: data keys of whoever is no investor: firms, their people, their trees",
)

for _each in (
    institution,
    safekeeping_firm,
    custodian,
    beneficiary_agent,
    settlor,
    trustee,
    asset_manager,
    introduction,
):
    a_master(_each)
