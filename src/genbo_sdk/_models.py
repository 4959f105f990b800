"""What the registry answers, and what it is given. Written by tools/make_sdk.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from genbo_sdk._words import Word


class AccountKind(Word):
    """アカウント区分 (R-PROGMAT-T14.5): a user has exactly one, so no person has two that conflict."""

    OPERATOR = "operator"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A firm with access, under one role."""

    institution: str
    """関係機関ID"""
    role: InstitutionRole
    """役割"""
    custodian: str | None
    """Keeps the keys of a delegating broker. カストディアンID (T8.5)"""
    own_account: str | None
    """Its own units, told to itself alone. 自己口投資家ID (T8.4)"""
    etag: str | None = field(default=None, compare=False)
    """Its version: `if_match` of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionPage:
    """InstitutionPage."""

    items: tuple[Institution, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


class InstitutionRole(Word):
    """What an institution is to the platform (R-PROGMAT-ROLE-A to F)."""

    ISSUER = "issuer"
    REGISTRAR = "registrar"
    PLATFORM_MANAGER = "platform_manager"
    CUSTODIAN = "custodian"
    DIRECT_BROKER = "direct_broker"
    DELEGATING_BROKER = "delegating_broker"
    INTERMEDIARY = "intermediary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Investor:
    """An investor (T7), without anything that names it."""

    investor: str
    """投資家ID (T7.1)"""
    kind: str
    """個人・法人の別"""
    status: str
    """投資家ステータス (T7.21)"""
    safekeeping_kind: str
    """保護預り区分 (T7.5)"""
    broker: str | None
    """保護預り先ID (T7.6)"""
    broker_customer_id: str | None
    """保護預り先内管理ID (T7.7)"""
    custodian: str | None
    """カストディアンID (T7.8)"""
    investor_class: int
    """Class that products permit. 投資家区分"""
    aml_class: str
    """AML区分 (T7.22)"""
    verdict: Verdict | None
    """The last check; none before the first. 確認結果"""
    etag: str | None = field(default=None, compare=False)
    """Its version: `if_match` of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorPage:
    """InvestorPage."""

    items: tuple[Investor, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorWallets:
    """The addresses of an investor."""

    items: tuple[Wallet, ...]
    """By product, first to last. アドレス"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Units of one address, acquired on one day (T1)."""

    lot: str
    """ロットID (T1.1)"""
    product: str
    """受益権ID"""
    address: str
    """アドレス"""
    investor: str | None
    """投資家ID (T1.3), where it is seen"""
    units: int
    """数量 (T1.2)"""
    acquired: date
    """Survives split and re-keying. 取得日"""
    kind: str
    """How the lot came about. 移転区分"""
    ref: str | None
    """The trade it was acquired by. 取引ID (T2.2)"""
    parent: str | None
    """The lot it came out of. 元ロットID"""
    since: Place
    """Where in the ledger it came about. 異動"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPage:
    """LotPage."""

    items: tuple[Lot, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""
    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who is asking: the institution, and what its credential is for."""

    institution: str
    """関係機関ID"""
    role: InstitutionRole
    """役割 (A.2.1)"""
    credential: str
    """認証情報ID"""
    scope: Scope
    """参照系・更新系の別"""
    valid_until: datetime | None
    """First instant the credential is good for nothing. 認証情報の有効期限"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Name and statutory address of an investor. Erased personal data stays erased."""

    investor: str
    """投資家ID"""
    erased: bool
    """消去済み"""
    name: str | None = field(repr=False)
    """投資家名称 (T7.3)"""
    registered_address: str | None = field(repr=False)
    """登記住所 (T7.4)"""
    effective: date
    """The day they hold from. 効力発生日"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names, of all that were asked for."""

    items: tuple[Name, ...]
    """By id. 氏名・住所"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the ledger: the log by which something came about."""

    block: int
    """ブロック番号"""
    log_index: int
    """ログ番号"""
    tx: str
    """Hash of the transaction. 取引ハッシュ"""
    at: datetime
    """Time of the block, UTC. ブロック時刻"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What stands at one address of a product."""

    product: str
    """受益権ID (T3.1)"""
    address: str
    """アドレス"""
    investor: str | None
    """Whose the address is; none where nobody is registered. 投資家ID (T1.3)"""
    units: int
    """数量"""
    frozen: int
    """Units under a freeze or a hold; may exceed what is held. 凍結数量"""
    free: int
    """Units that no freeze and no lock keeps now. 移転可能数量"""
    address_frozen: bool
    """アドレス凍結"""
    locked_until: datetime | None
    """First instant it may send again. ロックアップ期限"""
    verified_until: datetime | None
    """First instant the verdict no longer holds. 確認有効期限"""
    blocked: bool
    """Neither sends nor receives. 取引停止"""
    retired: bool
    """Replaced by another address. 失効"""
    since: Place | None
    """Since when it is so; none where nothing had happened yet. 異動"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionAt:
    """A position, and the state of the register it was read from."""

    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""
    position: Position
    """残高"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionPage:
    """PositionPage."""

    items: tuple[Position, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""
    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionsAt:
    """Everything that one investor holds, where it is seen."""

    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""
    items: tuple[Position, ...]
    """By product and address. 残高"""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenanceAt:
    """Where the units of a lot came from."""

    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""
    lots: tuple[Lot, ...]
    """The lot first, then each it came out of, as far as seen. 由来"""


class Purpose(Word):
    """Why sealed data is opened. A closed list: what is not here is no purpose."""

    REGISTER = "register"
    CERTIFICATE = "certificate"
    PAYMENT = "payment"
    NOTICE = "notice"
    VERIFICATION = "verification"
    ORDER = "order"
    ADDRESSES = "addresses"
    ADMINISTRATION = "administration"
    MAINTENANCE = "maintenance"


class Scope(Word):
    """What a credential is for."""

    REFERENCE = "reference"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A side of a trade."""

    address: str | None
    """The pseudonym. アドレス"""
    investor: str | None
    """Who it is, where that is the reader's to see. 投資家ID"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A block of the ledger."""

    chain_id: int
    """チェーンID"""
    number: int
    """Number of the block. ブロック番号"""
    hash: str
    """Its hash. ブロックハッシュ"""
    at: datetime
    """Its time, UTC. ブロック時刻"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsAt:
    """What a product comes to."""

    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""
    product: str
    """受益権ID"""
    total_issued: int
    """Whoever holds it. 総発行数量"""
    holders: int
    """Investors with units, among those whose holdings are seen. 保有者数"""
    whole: bool
    """Whether the holdings of everybody are seen. 全保有者の閲覧"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A movement (T2)."""

    product: str
    """受益権ID"""
    ref: str
    """取引ID (T2.2)"""
    kind: str
    """移転区分 (T2.10)"""
    units: int
    """数量 (T2.8)"""
    at: datetime
    """Time of its block, UTC. 異動日時"""
    sender: Side | None
    """None where there is none, or it is not to be seen. 異動元 (T2.6)"""
    recipient: Side | None
    """As the sender. 異動先 (T2.7)"""
    reverses: str | None
    """The trade it undoes. 取消対象 (T2.11)"""
    block: int
    """ブロック番号"""
    log_index: int
    """ログ番号"""
    tx: str | None
    """Hash of the transaction. 取引ハッシュ"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePage:
    """TradePage."""

    items: tuple[Trade, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""
    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user of an institution, without a name (T14). Of others' users the platform manager is told id and
    status.
    """

    user: str
    """ユーザID (T14.1)"""
    institution: str
    """関係機関ID"""
    status: UserStatus
    """ユーザステータス (T14.13)"""
    kind: AccountKind | None
    """アカウント区分 (T14.5)"""
    permissions: tuple[str, ...] | None
    """権限"""
    suspended: bool | None
    """Whether the permissions rest, since a reset. 権限停止中"""
    second_factor: bool | None
    """二要素認証の有無"""
    last_logon_at: datetime | None
    """最終ログオン日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPage:
    """UserPage."""

    items: tuple[User, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


class UserStatus(Word):
    """ユーザステータス (R-PROGMAT-T14.13)."""

    ACTIVE = "active"
    LOCKED = "locked"
    DISABLED = "disabled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of the last check of a person (KYC, AML)."""

    checked_at: datetime
    """確認日時"""
    holds_until: datetime | None
    """First instant it no longer holds; none: it was taken back. 有効期限"""
    investor_class: int
    """投資家区分"""
    aml_class: str
    """AML区分"""
    blocked: bool
    """Neither sends nor receives. 取引停止"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """An address of an investor in a product (T6)."""

    product: str
    """受益権ID"""
    address: str
    """アドレス"""
    state: str
    """`waiting` for a verdict, `active`, or `replaced`. 状態"""
    valid_from: datetime | None
    """有効開始"""
    valid_until: datetime | None
    """有効終了"""
