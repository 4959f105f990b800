"""Columns that several tables have: contact, account, and who wrote the row when."""

from genbo.masters.account import (
    ACCOUNT_HOLDER_KANA,
    ACCOUNT_KIND,
    ACCOUNT_NUMBER,
    BANK_CODE,
    BANK_NAME_KANA,
    BRANCH_CODE,
    BRANCH_NAME_KANA,
)
from genbo.masters.contact import EMAIL, PHONE, POSTAL_CODE
from genbo.masters.fields import Draft, column
from genbo.masters.rule import LINE
from genbo.masters.values import INSTANT

__all__ = ["CONTACT", "STAMPS", "account"]

CONTACT: tuple[Draft, ...] = (
    column(
        "連絡先宛名",
        "contact_addressee",
        "Whom mail is addressed to.",
        "郵送物の宛名。",
        rule=LINE,
        personal=True,
    ),
    column(
        "連絡先郵便番号",
        "contact_postal_code",
        "Postal code of the contact address; read with or without hyphen, kept as NNN-NNNN.",
        "連絡先の郵便番号。ハイフンの有無を問わず受け付け、NNN-NNNN で保存する。",
        rule=POSTAL_CODE,
        personal=True,
    ),
    column(
        "連絡先住所",
        "contact_address",
        "Where mail goes. It may differ from the registered address and never appears on the statutory register.",
        "郵送先の住所。登記住所と異なってもよく、法定の原簿には記載しない。",
        rule=LINE,
        personal=True,
    ),
    column(
        "連絡先電話番号",
        "contact_phone",
        "Telephone number: digits and hyphens, with a plus in front of a country code.",
        "電話番号。数字とハイフン、国番号の場合は先頭に +。",
        rule=PHONE,
        personal=True,
    ),
    column(
        "連絡先メールアドレス",
        "contact_email",
        "E-mail address; its syntax is checked, whether it exists is not.",
        "メールアドレス。書式のみ確認し、実在は確認しない。",
        rule=EMAIL,
        personal=True,
    ),
)
"""連絡先."""

STAMPS: tuple[Draft, ...] = (
    column(
        "作成日時",
        "created_at",
        "When the row was made; never changed afterwards.",
        "行を作成した日時。以後変更しない。",
        rule=INSTANT,
        required=True,
        system=True,
    ),
    column(
        "作成者",
        "created_by",
        "The user or service that made the row.",
        "行を作成した利用者またはサービス。",
        required=True,
        system=True,
    ),
    column(
        "最終更新日時",
        "updated_at",
        "When the row last changed; never before it was made.",
        "最後に変更した日時。作成日時より前にはならない。",
        rule=INSTANT,
        required=True,
        system=True,
    ),
    column(
        "最終更新者",
        "updated_by",
        "The user or service that changed it last; earlier values are found through the audit chain.",
        "最後に変更した利用者またはサービス。以前の値は監査記録からたどれる。",
        required=True,
        system=True,
    ),
)
"""作成・更新."""


def account(prefix: str, prefix_ja: str, *, number_ja: str, personal: bool) -> tuple[Draft, ...]:
    """The seven columns of a bank account.

    Args:
        prefix: what the column names begin with, `payee_` or `settlement_`.
        number_ja: how the table calls the account number.
        personal: whether the account is a person's and not a firm's.
    """
    return (
        column(
            f"{prefix_ja}金融機関コード",
            f"{prefix}bank_code",
            "Code of the bank: four digits, in the bank master.",
            "金融機関コード。4桁で、金融機関マスタにあるもの。",
            rule=BANK_CODE,
            personal=personal,
        ),
        column(
            f"{prefix_ja}金融機関名（カナ）",
            f"{prefix}bank_name_kana",
            "Name of the bank in transfer kana, at most 15 bytes; flagged when the bank master has another one.",
            "金融機関名。振込用カナで15バイト以内。金融機関マスタと異なる場合は注意を付ける。",
            rule=BANK_NAME_KANA,
            personal=personal,
        ),
        column(
            f"{prefix_ja}本支店コード",
            f"{prefix}branch_code",
            "Code of the branch: three digits, in the bank master under that bank.",
            "本支店コード。3桁で、金融機関マスタのその金融機関にあるもの。",
            rule=BRANCH_CODE,
            personal=personal,
        ),
        column(
            f"{prefix_ja}本支店名（カナ）",
            f"{prefix}branch_name_kana",
            "Name of the branch in transfer kana, at most 15 bytes; flagged when the bank master has another one.",
            "本支店名。振込用カナで15バイト以内。金融機関マスタと異なる場合は注意を付ける。",
            rule=BRANCH_NAME_KANA,
            personal=personal,
        ),
        column(
            f"{prefix_ja}預金種目",
            f"{prefix}account_kind",
            "Kind of the account: 1 ordinary, 2 current, 4 savings, 9 other.",
            "預金種目。1 普通、2 当座、4 貯蓄、9 その他。",
            rule=ACCOUNT_KIND,
            personal=personal,
        ),
        column(
            number_ja,
            f"{prefix}account_number",
            "Number of the account, kept as seven digits; zeros are put in front of a shorter one.",
            "口座番号。7桁で保存し、短いものは前ゼロで補う。",
            rule=ACCOUNT_NUMBER,
            personal=personal,
        ),
        column(
            f"{prefix_ja}口座名義（カナ）",
            f"{prefix}account_holder_kana",
            "Whose account it is, in transfer kana, at most 30 bytes; a longer name is cut by whoever says so, "
            "and never silently.",
            "口座名義。振込用カナで30バイト以内。長い場合は明示の指示があるときだけ切り詰める。",
            rule=ACCOUNT_HOLDER_KANA,
            personal=personal,
        ),
    )
