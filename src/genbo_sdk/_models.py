"""What the registry answers, and what it is given. Written by tools/make_sdk.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from genbo_sdk._words import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as it stands (T3)."""

    product: str
    """受益権ID (T3.1)"""
    name: str
    """受益権名称 (T3.2)"""
    symbol: str
    """Short name on the ledger. シンボル"""
    status: ProductStatus
    """Where it stands. 状態"""
    legal_form: str
    """法的形式"""
    legal_category: str
    """金商法上の区分"""
    right_kind: str
    """受益権種類 (T3.4)"""
    isin: str | None
    """ISINコード (T3.5)"""
    trust_contract: str
    """信託契約ID (T3.6)"""
    initial_beneficiary: str
    """当初受益者ID (T3.7)"""
    set_quantity: int
    """Whole units. 設定数量 (T3.9)"""
    unit_price_yen: int
    """Issue price of a unit, yen. 発行価格"""
    application_minimum: int
    """Units. 最低申込数量"""
    application_step: int
    """Units. 申込単位"""
    authorised_cap: int
    """Units outstanding at most. 発行上限"""
    set_date: date
    """設定日 (T3.10)"""
    redemption_date: date
    """償還日 (T3.12)"""
    record_dates: tuple[str, ...]
    """Month and day of each year. 権利確定日 (T3.13, T3.14)"""
    transfer_control: str
    """移転実行可否制御ID (T3.3)"""
    terms_digest: str
    """Digest that the token carries. 条件ハッシュ"""
    chain_id: int | None
    """Chain of its token. チェーンID"""
    token: str | None
    """Address of its token. トークンアドレス"""
    etag: str | None = field(default=None, compare=False)
    """Its version: `if_match` of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """ProductPage."""

    items: tuple[Product, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


class ProductStatus(Word):
    """The closed list of statuses."""

    DRAFT = "draft"
    SET = "set"
    OFFERING = "offering"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REDEEMING = "redeeming"
    REDEEMED = "redeemed"
