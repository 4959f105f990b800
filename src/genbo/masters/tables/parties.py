"""Parties (T8 to T13): brokers, custodians, agents, settlors, trustees, asset managers."""

from genbo.masters.fields import Draft, MasterTable, column, table
from genbo.masters.rule import ID, LINE
from genbo.masters.tables.blocks import CONTACT, STAMPS, account

__all__ = ["ASSET_MANAGER", "BENEFICIARY_AGENT", "BROKER", "CUSTODIAN", "SETTLOR", "TRUSTEE"]

_ACCOUNT = account("settlement_", "決済口座", number_ja="決済口座口座番号", personal=False)


def _party(id_ja: str, prefix: str, name_ja: str, who: str, who_ja: str) -> tuple[Draft, ...]:
    """Id, name and address: what every party begins with."""
    return (
        column(
            id_ja,
            f"{prefix}_id",
            f"Id of the {who}.",
            f"{who_ja}のID。",
            rule=ID,
            required=True,
        ),
        column(
            name_ja,
            f"{prefix}_name",
            f"Trade name of the {who}.",
            f"{who_ja}の商号。",
            rule=LINE,
            required=True,
        ),
        column(
            "登記住所",
            "registered_address",
            f"Registered address of the {who}.",
            f"{who_ja}の登記上の住所。",
            rule=LINE,
            required=True,
        ),
    )


BROKER: MasterTable = table(
    8,
    "保護預り先情報",
    "safekeeping firm (broker)",
    *_party("保護預り先ID", "safekeeping", "保護預り先名称", "broker", "保護預り先"),
    column(
        "自己口ID",
        "own_account_investor_id",
        "Under which investor id the broker holds for itself: never mixed with what it holds for customers.",
        "自己分を保有する投資家ID。顧客分と混ぜない。",
        rule=ID,
    ),
    column(
        "カストディアンID",
        "custodian_id",
        "The custodian it delegates to; empty when it keeps the keys itself.",
        "委託先のカストディアン。自ら鍵を管理する場合は空欄。",
        rule=ID,
    ),
    *CONTACT,
    *_ACCOUNT,
    *STAMPS,
)

CUSTODIAN: MasterTable = table(
    9,
    "カストディアン情報",
    "custodian",
    *_party("カストディアンID", "custodian", "カストディアン名称", "custodian", "カストディアン"),
    *CONTACT,
    *_ACCOUNT,
    *STAMPS,
)

BENEFICIARY_AGENT: MasterTable = table(
    10,
    "受益者代理人情報",
    "beneficiary agent",
    *_party(
        "受益者代理人ID",
        "beneficiary_agent",
        "受益者代理人名称",
        "beneficiaries' agent",
        "受益者代理人",
    ),
    *CONTACT,
    *_ACCOUNT,
    *STAMPS,
)

SETTLOR: MasterTable = table(
    11,
    "委託者情報",
    "settlor",
    *_party("委託者ID", "settlor", "委託者名称", "settlor", "委託者"),
    *CONTACT,
    *_ACCOUNT,
    *STAMPS,
)

TRUSTEE: MasterTable = table(
    12,
    "受託者情報",
    "trustee",
    *_party("受託者ID", "trustee", "受託者名称", "trustee", "受託者"),
    *_ACCOUNT,
    *STAMPS,
)

ASSET_MANAGER: MasterTable = table(
    13,
    "AM情報",
    "asset manager",
    *_party("AMID", "asset_manager", "AM名称", "asset manager", "運用者"),
    *CONTACT,
    *_ACCOUNT,
    *STAMPS,
)
