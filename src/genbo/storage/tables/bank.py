"""The bank master (金融機関マスター): banks and branches by their codes, as the operator loads them."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from genbo.storage.tables.columns import instant, metadata, text

bank = Table(
    "bank",
    metadata,
    text("bank_code", "金融機関コード: four digits"),
    text("bank_name", "金融機関名"),
    text("bank_name_kana", "金融機関名（カナ）: half-width, as in a transfer file"),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    PrimaryKeyConstraint("bank_code"),
    CheckConstraint("bank_code ~ '^[0-9]{4}$'", name="bank_code"),
    comment="金融機関: banks; one that merged away stays listed for what refers to it",
)

bank_branch = Table(
    "bank_branch",
    metadata,
    text("bank_code", "金融機関コード"),
    text("branch_code", "本支店コード: three digits"),
    text("branch_name", "本支店名"),
    text("branch_name_kana", "本支店名（カナ）: half-width, as in a transfer file"),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    PrimaryKeyConstraint("bank_code", "branch_code"),
    ForeignKeyConstraint(["bank_code"], ["bank.bank_code"]),
    CheckConstraint("branch_code ~ '^[0-9]{3}$'", name="branch_code"),
    comment="本支店: branches of banks",
)
