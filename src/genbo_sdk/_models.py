"""What the registry answers, and what it is given. Written by tools/make_sdk.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from genbo_sdk._errors import Words
from genbo_sdk._json import ALIASED
from genbo_sdk._reason import Reason
from genbo_sdk._words import Word


class AccountKind(Word):
    """アカウント区分 (R-PROGMAT-T14.5): a user has exactly one, so no person has two that conflict."""

    OPERATOR = "operator"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class ActName(Word):
    """Acts under a duty, by the names that the interface and the SDK use."""

    ISSUE = "issue"
    ALLOT = "allot"
    REDEEM = "redeem"
    SPLIT = "split"
    PAY_IN_TOKEN = "pay_in_token"
    FREEZE_UNITS = "freeze_units"
    FREEZE_ADDRESS = "freeze_address"
    LOCK_UP = "lock_up"
    LOCK_UP_PRODUCT = "lock_up_product"
    PERMIT_CLASSES = "permit_classes"
    RECORD_VERDICT = "record_verdict"
    UNFREEZE_UNITS = "unfreeze_units"
    UNFREEZE_ADDRESS = "unfreeze_address"
    RELEASE_LOCK_UP = "release_lock_up"
    RELEASE_PRODUCT = "release_product"
    RELEASE_CLASSES = "release_classes"
    FORCE_TRANSFER = "force_transfer"
    REVERSE_TRANSFER = "reverse_transfer"
    REDISTRIBUTE = "redistribute"
    RECREATE = "recreate"
    REKEY = "rekey"
    STOP = "stop"
    RESUME = "resume"
    OPEN_MARKET = "open_market"
    CLOSE_MARKET = "close_market"
    SWITCH_GROUP = "switch_group"
    ANCHOR = "anchor"


class ActionKind(Word):
    """種別."""

    REDEMPTION = "redemption"
    SPLIT = "split"
    ADDITIONAL_ISSUE = "additional_issue"


class ActionState(Word):
    """状態."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What an additional issue adds (追加発行の条件)."""

    units: int
    """口数"""
    to: str | None
    """None: the initial beneficiary. 投資家ID"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFreeze:
    """The whole address of a holder (アドレスの凍結)."""

    maker: Signer | None = None
    """Who orders it; `prepare` needs the account, `submit` the signature. 起案者"""
    evidence: Evidence | None = None
    """Kept with the records; not on the ledger. 根拠書類"""
    kind: Literal["address"]
    """種類"""
    holder: PartyBody
    """保有者"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllotmentRow:
    """An investor and its units (配分明細)."""

    investor: str
    """投資家ID (T1.1)"""
    units: int
    """Whole units. 口数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Yen of a payment, or of a year (金額)."""

    income: int
    """分配金・利子"""
    capital: int
    """元本の払戻し"""
    income_tax: int
    """所得税・復興特別所得税"""
    local_tax: int
    """地方税"""
    net: int
    """税引後"""
    points: int
    """ポイント"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorFound:
    """What stands on the ledger under a subject and a day."""

    kind: Anchored
    """種別"""
    subject: str
    """対象"""
    day: date
    """日付, in Japan"""
    contract: str
    """アンカーコントラクト"""
    anchor: AnchoredRoot | None
    """None where nothing stands. アンカー"""
    block: Stamp
    """The block that was asked. ブロック"""


class Anchored(Word):
    """What a root commits to."""

    REGISTER = "register"
    PAYEE_LIST = "payee_list"
    AUDIT_DAY = "audit_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredDay:
    """A day of the audit chain whose root stands on the ledger."""

    day: date
    """日付, in Japan"""
    root: str
    """Merkle root over its entries. マークルルート"""
    leaves: int
    """Entries of the day. 記録数"""
    last: int
    """Number of its last entry. 最終記録番号"""
    head: str
    """Hash of that entry. 最終記録のハッシュ"""
    contract: str
    """Where it stands. アンカーコントラクト"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredRoot:
    """A root on the ledger, for good (アンカー)."""

    root: str
    """マークルルート"""
    leaves: int
    """Records that it covers. 件数"""
    anchored_at: datetime
    """アンカー日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An entry of the audit chain (invariant 6)."""

    number: int
    """記録番号"""
    at: datetime
    """日時, UTC"""
    action: str
    """種別"""
    actor: str
    """Never a name. 実行者"""
    subject: str | None
    """対象ID"""
    product: str | None
    """受益権ID"""
    command: str | None
    """指図ID"""
    facts: Mapping[str, Any]
    """Ids, counts, digests. 事実"""
    hash: str
    """この記録のハッシュ"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntryPage:
    """AuditEntryPage."""

    items: tuple[AuditEntry, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationIn:
    """The giver's signature over the transfer (ERC-3009). 移転承認"""

    valid_after: int
    """Valid after this UTC second. 有効開始"""
    valid_before: int
    """Valid before this UTC second. 有効終了"""
    nonce: str | None = None
    """The trade id as 32 bytes, if given. ノンス: always that of `prepare`"""
    signature: str = field(repr=False)
    """r, s, v: 65 bytes. 署名"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCertificate:
    """A certificate with its signature (残高証明書). The document is the same whenever it is asked for."""

    certificate: str
    """残高証明書ID"""
    custodian: str
    """Who certifies. カストディアンID"""
    broker: str
    """Whose customers they are. 保護預り先ID"""
    product: str
    """受益権ID"""
    as_of: str
    """As the document writes it: an instant, or a block. 基準時点"""
    document: str
    """The document, JSON in its one form. 本文"""
    document_digest: str
    """SHA-256 of the document as UTF-8. 本文のダイジェスト"""
    signer: str
    """Key of the custodian. 署名者のアドレス"""
    signature: str = field(repr=False)
    """65 bytes r, s, v (EIP-712). 署名"""
    issued_at: datetime
    """発行日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCertificatePage:
    """BalanceCertificatePage."""

    items: tuple[BalanceCertificate, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankResult:
    """What the bank said of one payment (結果)."""

    line: int
    """First customer code. 明細番号"""
    amount: int
    """Yen. 金額"""
    outcome: Outcome
    """`paid`, `recalled` (組戻) or `impossible` (振込不能). 結果"""
    on: date
    """結果の日"""


class BatchState(Word):
    """What became of a batch."""

    SENT = "sent"
    SETTLED = "settled"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class BondCoupon:
    """A coupon (利払い) that the terms of a bond promise."""

    due: date
    """Last day that counts. 利息計算期間の末日"""
    payable: date
    """As bank holidays move it. 支払日"""
    after: date
    """The day after which it counts. 利息計算期間の前日"""
    days: int
    """日数"""
    is_broken: bool
    """No whole period. 端数期間"""
    income_per_unit: str
    """Yen before tax, decimal. 1口当たり利子"""
    points_per_unit: str
    """Decimal. 1口当たりポイント"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BondCoupons:
    """The coupons of a product."""

    items: tuple[BondCoupon, ...]
    """None of what is no bond. 利払い"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BondInterest:
    """The interest of a bond, by its terms (社債の条件)."""

    rate: str
    """Per cent a year before tax, in cash. 利率"""
    points_rate: str
    """Per cent a year in points beside it, decimal. ポイント"""
    coupons_a_year: int
    """1, 2, 4 or 12. 年間利払回数"""
    interest_from: date
    """First day that counts. 利息起算日"""
    first_coupon: date | None
    """None: counted back from redemption. 初回利払日"""
    end_of_month: bool
    """Due on the last days of months. 月末利払"""
    day_count: DayCount
    """日数計算"""
    planned_quantity: int | None
    """Units planned; more than were set: a cut-off issue. 発行予定口数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCheck:
    """What came of a comparison (照合結果)."""

    check: str
    """照合ID"""
    institution: str
    """Whose book it is. 関係者ID"""
    product: str
    """受益権ID"""
    as_of: datetime | None
    """基準時点"""
    block: Stamp
    """The last block that counts; final. 基準ブロック"""
    agrees: bool
    """Whether every number is the same. 一致"""
    lines: int
    """Lines of the book. 行数"""
    digest: str
    """SHA-256 of the book. ダイジェスト"""
    differences: tuple[BookDifference, ...]
    """By holder. 差異"""
    checked_at: datetime
    """照合日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookClosing:
    """A rule of a product's book. 名義書換停止期間"""

    product: str
    """受益権ID"""
    cause: ClosingCause
    """事由"""
    days: tuple[int, int] | None
    """停止期間"""
    recorded_at: datetime
    """記録日時"""
    recorded_by: str
    """記録者"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDifference:
    """Where book and register say different numbers (差異)."""

    holder: str
    """As the book names it. 権利者"""
    investor: str
    """投資家ID"""
    register_units: int
    """原簿の数量"""
    book_units: int
    """帳簿の数量"""
    case: str
    """Its case, new or standing already. 差異調査ID"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLineIn:
    """What the book says of one holder (帳簿の行): of an investor as a whole, or of one address."""

    investor: str | None = None
    """投資家ID; this, or an address"""
    address: str | None = field(default=None, repr=False)
    """アドレス; this, or an investor"""
    units: int
    """数量"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days of one version of the calendar."""

    version: str
    """Announcement and number of overrides. カレンダーの版"""
    days: tuple[CalendarDay, ...]
    """Day by day. 日付"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day in Japan."""

    day: date
    """日付"""
    business_day: bool
    """Whether banks are open. 銀行営業日"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The last order to carry it out (実行の指図)."""

    command: str
    """指図ID"""
    state: CommandState
    """`checked` while it is under way, `final`, or `refused`. 状態"""
    ordered_at: datetime
    """指図日時"""
    ordered_by: str
    """As the key store names it. 指図者"""
    refusal: Problem | None
    """Why it was refused. 拒否理由"""
    jobs: tuple[str, ...]
    """Bulk acts of a redemption, with their progress. 一括処理ID"""


class CaseState(Word):
    """状態."""

    OPEN = "open"
    ESCALATED = "escalated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """What was recorded of an investor."""

    items: tuple[Category, ...]
    """As recorded: of several for a day the last counts. 税区分の履歴"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """How an investor is taxed, as it was recorded (税区分)."""

    category: TaxCategory
    """税区分"""
    effective: date
    """For payments from that day on. 適用開始日"""
    evidence_ref: str
    """Reference of the proof. 証跡参照"""
    recorded_at: datetime
    """登録日時"""
    recorded_by: str
    """Never a name. 登録者"""


class Cause(Word):
    """原因: the closed list. An unknown cause is none: such a case is escalated (R-JVCEA-15.2(4))."""

    BOOK_ENTRY_MISSING = "book_entry_missing"
    BOOK_ENTRY_WRONG = "book_entry_wrong"
    BOOK_ENTRY_TWICE = "book_entry_twice"
    BOOKED_ON_ANOTHER_DAY = "booked_on_another_day"
    ORDER_NOT_CARRIED_OUT = "order_not_carried_out"
    MOVED_WITHOUT_ORDER = "moved_without_order"
    CUSTOMER_TRANSFERRED = "customer_transferred"
    REGISTER_CORRECTED = "register_corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateToSign:
    """A certificate as a key of the custodian is asked to sign it (署名準備)."""

    certificate: str
    """Id that it will have. 残高証明書ID"""
    document: str
    """The document, JSON in its one form. 本文"""
    document_digest: str
    """SHA-256 of the document as UTF-8. 本文のダイジェスト"""
    sign: TypedData
    """What is signed. 署名対象"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifierIn:
    """Who signs for the custodian (署名者): a key that two persons recorded, and that is not here."""

    account: str
    """Account of the signer. 署名者のアドレス"""
    signature: str = field(repr=False)
    """65 bytes r, s, v over the EIP-712 hash. 署名"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the holder of an address signs, once, before it expires. 保有証明のチャレンジ"""

    challenge: str
    """32 random bytes. チャレンジ"""
    expires: datetime
    """有効期限"""
    text: str
    """For `eip191` (personal_sign). 署名する文"""
    typed_data: Mapping[str, Any]
    """For `eip712` (eth_signTypedData_v4). 型付きデータ"""


class Class(Word):
    """Class."""

    UNCLASSIFIED = "unclassified"
    INDIVIDUAL = "individual"
    CORPORATION = "corporation"
    PROFESSIONAL = "professional"
    QUALIFIED_INSTITUTION = "qualified_institution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A book closing: nothing is transferred meanwhile (R-PROGMAT-CTL-5, CTL-6)."""

    cause: ClosingCause
    """事由"""
    day: date
    """The day it is around. 基準日"""
    begins: datetime
    """開始日時"""
    ends: datetime
    """The first instant after it. 終了日時"""


class ClosingCause(Word):
    """What the book is closed for."""

    RECORD_DATE = "record_date"
    REDEMPTION = "redemption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command (指図) as it stands."""

    command: str
    """指図ID"""
    state: CommandState
    """状態"""
    ended: bool
    """Whether it stays as it is. 完了"""
    what: str
    """The act in a few words. 処理"""
    product: str | None
    """受益権ID"""
    duty: str | None
    """職務"""
    account: str
    """Account that acts. 実行口座"""
    ref: str | None
    """取引ID"""
    evidence: str | None
    """Digest of the document. 根拠書類"""
    digest: str
    """EIP-712 hash that is signed. 署名対象"""
    signatures: tuple[SignedBy, ...]
    """The maker's first. 署名"""
    made_at: datetime
    """起案日時"""
    changed_at: datetime
    """状態変更日時"""
    tx: str | None
    """取引ハッシュ"""
    block: int | None
    """ブロック番号"""
    gas_used: int | None
    """ガス使用量"""
    refusal: Problem | None
    """Why it was refused. 拒否理由"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandPage:
    """CommandPage."""

    items: tuple[Command, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


class CommandState(Word):
    """What became of a command."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    QUEUED = "queued"
    SENT = "sent"
    FINAL = "final"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateAction:
    """A redemption, a split or an additional issue as it stands (コーポレートアクション)."""

    action: str
    """決定ID"""
    kind: ActionKind
    """種別"""
    state: ActionState
    """状態"""
    product: str
    """受益権ID"""
    day: date
    """From 00:00 JST of this day on. 効力発生日"""
    redemption: Redeemed | None = None
    """償還"""
    split: Divided | None = None
    """分割"""
    additional_issue: Added | None = None
    """追加発行"""
    resolution: str
    """Its reference. 決議"""
    evidence: str
    """SHA-256 of the resolution. 決議書のダイジェスト"""
    command: str
    """The order that is signed. 指図ID"""
    maker: str
    """As the key store names it, or the account. 起案者"""
    made_at: datetime
    """起案日時"""
    decided_by: str | None
    """Approved or rejected by. 決定者"""
    decided_at: datetime | None
    """決定日時"""
    before: Mark | None
    """実行前の原簿"""
    after: Mark | None
    """実行後の原簿"""
    done_at: datetime | None
    """実行日時"""
    execution: Carried | None = None
    """None where none was ordered here. 実行の指図"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateActions:
    """What was decided about the units of a product."""

    items: tuple[CorporateAction, ...]
    """As drafted. コーポレートアクション"""


class DayCount(Word):
    """日数計算."""

    PERIODS = "periods"
    ACTUAL_365 = "actual/365"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of an event that was posted. 配信"""

    event: str
    """通知ID"""
    product: str | None
    """受益権ID"""
    number: int
    """銘柄内の連番"""
    type: str
    """種別"""
    state: DeliveryState
    """`dead`: the last try failed; it can be replayed. 状態"""
    tries: int
    """試行回数"""
    status: int | None
    """Of the last answer. HTTPステータス"""
    problem: str | None
    """Why the last try failed. 問題"""
    first_at: datetime
    """最初の試行日時"""
    last_at: datetime
    """最後の試行日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """DeliveryPage."""

    items: tuple[Delivery, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


class DeliveryState(Word):
    """What became of a notice that was posted."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a file is not what the register gives (相違箇所)."""

    line: int | None
    """Line of the register, from 1; none in its head. 行"""
    lot: str | None
    """ロット"""
    field: str
    """`line` for a whole line. 項目"""
    said: str | None
    """By the file; none for personal data. ファイルの記載"""
    true: str | None
    """By the register; none for personal data. 原簿の記載"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceCase:
    """A difference from the day it was found to its end (差異調査)."""

    case: str
    """差異調査ID"""
    check: str
    """The comparison that found it first. 照合ID"""
    institution: str
    """Whose book it is. 関係者ID"""
    custodian: str | None
    """カストディアンID"""
    registrar: str
    """原簿管理者ID"""
    product: str
    """受益権ID"""
    holder: str
    """As the book names it. 権利者"""
    investor: str
    """投資家ID"""
    register_units: int
    """What the register says. 原簿の数量"""
    book_units: int
    """What the book says. 帳簿の数量"""
    block: Stamp
    """At which block. 基準ブロック"""
    state: CaseState
    """`open`: for whose book it is; `escalated`: for custodian and registrar; `closed`. 状態"""
    opened_at: datetime
    """開始日時"""
    due_at: datetime
    """18:00 JST of a business day; then it is escalated by itself. 期限"""
    escalated_at: datetime | None
    """上位報告日時"""
    cause: Cause | None
    """原因"""
    evidence: str | None
    """SHA-256 of what shows the cause. 根拠資料のダイジェスト"""
    closed_at: datetime | None
    """終了日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceCasePage:
    """DifferenceCasePage."""

    items: tuple[DifferenceCase, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A commitment to a row of the register: it says nothing readable (R-PROGMAT-VIS-3)."""

    kind: str
    """`position` or `trade`. 種別"""
    block: int
    """ブロック番号"""
    digest: str
    """SHA-256 over a secret and the row. ハッシュ"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The digests of some blocks."""

    items: tuple[Digest, ...]
    """By block. ハッシュ"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A disclosure as it stands. 開示"""

    disclosure: str
    """開示ID"""
    product: str
    """受益権ID"""
    by: str
    """The registrar. 開示元"""
    to: str
    """The issuer. 開示先"""
    purpose: str
    """目的"""
    basis: str
    """SHA-256 of the document. 根拠書類"""
    valid_from: datetime
    """開始"""
    valid_until: datetime
    """終了"""
    state: Literal["proposed", "ahead", "holds", "ended"]
    """`ahead`: approved, and not begun. 状態"""
    maker: str
    """起案者"""
    made_at: datetime
    """起案日時"""
    approver: str | None
    """Another than the maker. 承認者"""
    approved_at: datetime | None
    """承認日時"""
    ended_at: datetime | None
    """When it was ended early. 終了日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosurePage:
    """DisclosurePage."""

    items: tuple[Disclosure, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A distribution (分配) as it stands."""

    distribution: str
    """分配ID"""
    state: RunState
    """状態"""
    product: str
    """受益権ID"""
    record_day: date
    """権利確定日"""
    payment_day: date
    """支払日"""
    corrects: str | None
    """The one that it corrects. 訂正元"""
    income_per_unit: str
    """Yen, decimal. 1口当たり分配金・利子"""
    capital_per_unit: str
    """Yen, decimal. 1口当たり元本の払戻し"""
    points_per_unit: str
    """Decimal. 1口当たりポイント"""
    sums: Sums
    """合計"""
    digest: str
    """SHA-256 over its payee lines. ハッシュ"""
    root: str
    """Of the tree of its payee lines. マークルルート"""
    why: str
    """The decision it rests on. 根拠"""
    command: str
    """The order that is signed. 指図ID"""
    maker: str
    """As the key store names it, or the account. 起案者"""
    made_at: datetime
    """起案日時"""
    decided_by: str | None
    """Approved or rejected by. 決定者"""
    decided_at: datetime | None
    """決定日時"""
    yen_token: YenTokenTerms | None = None
    """None: by bank transfer. 円建トークン"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributions:
    """The distributions of a product."""

    items: tuple[Distribution, ...]
    """As they were made. 分配"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """What a split does (分割の条件)."""

    factor: int
    """One unit becomes so many. 分割比率"""
    epoch: int
    """Splits before it. これまでの分割回数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitled:
    """A holder at a record date (権利者)."""

    holder: str
    """投資家ID; an address where nobody is registered behind it"""
    known: bool
    """Whether an investor is registered. 登録有無"""
    units: int
    """数量"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitledPage:
    """EntitledPage."""

    items: tuple[Entitled, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the register: a lot, and who holds it."""

    lot: Lot
    """ロット"""
    holder: Name | None
    """Where names were asked for with a purpose. 氏名・住所 (T7.3, T7.4)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, as the institution is told of it. 通知"""

    id: str
    """Names it for ever; also `webhook-id` and the id in the stream. 通知ID"""
    type: str
    """What happened: `register.issue` units were issued (発行); `register.additional_issue` further units were
    issued (追加発行); `register.distribution` units were distributed to applicants (配布); `register.transfer`
    units were transferred by their holder (移転); `register.redemption` units were redeemed (償還);
    `register.split` every holding was multiplied (分割); `register.forced_transfer` units were moved without
    the holder (強制移転); `register.redistribution` a mistaken redemption was made good (再配布);
    `register.reversal` a transfer was reversed (逆移転); `register.cancellation` units were cancelled (取消);
    `register.rekeying` a holder goes on under another address (鍵の更新); `register.verdict` whether addresses
    may hold was decided (適格性判定); `register.freeze` units or a whole address were frozen, or no longer
    (凍結・解除); `register.lock_up` the lock-up of an address was set (ロックアップ); `command.queued` a
    command waits to be sent (指図: 送信待); `command.sent` a command is on its way to the ledger (指図:
    送信済); `command.final` a command took effect for good (指図: 確定); `command.refused` a command was
    refused; nothing changed (指図: 拒否); `command.withdrawn` a command was withdrawn (指図: 取下);
    `order.waiting` an order waits for its delivery (注文: 受付済); `order.ordered` the act of an order is on
    its way (注文: 指図済); `order.delivered` an order was delivered (注文: 受渡済); `order.refused` an order
    was refused; nothing was moved (注文: 不成立); `order.withdrawn` an order was withdrawn (注文: 取下);
    `job.ended` a bulk act ended, or was cancelled (一括処理の終了); `product.status` the status of a product
    changed (銘柄の状態変更); `reconciliation.case_opened` a book and the register say different numbers
    (差異調査: 開始); `reconciliation.case_escalated` a difference is for custodian and registrar to explain
    (差異調査: 上位報告); `reconciliation.case_closed` the cause of a difference is known (差異調査: 終了);
    `market.opened` the market opened (開局); `market.closed` the market closed (閉局); `market.stopped` the
    platform was stopped (全面停止); `market.resumed` the platform goes on after a stop (停止の解除);
    `market.group` a transfer-enable group was switched (移転実行可否の切替); `ledger.rolled_back` the chain
    took back what was final: what was told after that block counts no longer (確定後の巻き戻し). Further types
    may come. 種別
    """
    institution: str
    """Who is told. 関係機関ID"""
    product: str | None
    """Null where it is about no product. 受益権ID"""
    number: int
    """Counts over the events of this product (of none, where there is none) that the institution is told of,
    without a gap: one that is missing shows. 銘柄内の連番
    """
    occurred_at: datetime
    """When it happened, UTC. 発生日時"""
    block: Stamp | None
    """The block, where it happened on the ledger. ブロック"""
    final: bool
    """Whether it stays so. What is on the ledger is told when it is final. 確定"""
    data: Mapping[str, Any]
    """What happened, by type: ids, addresses, whole units. 内容"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """EventPage."""

    items: tuple[Event, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The document that an act rests on (根拠書類)."""

    document: str
    """Its id where it is kept. 書類番号"""
    sha256: str
    """Its SHA-256. ダイジェスト"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What would become of a transfer at this moment. 可否の判定"""

    allowed: bool
    """Whether nothing at all stands against it. 可否"""
    accepted: bool
    """Whether an order would be taken, to wait for what passes. 受付の可否"""
    refusals: tuple[Problem, ...]
    """Everything that stands against it. 拒否理由"""
    window: Window | None
    """Planned delivery. 受渡予定"""
    needs_signature: bool
    """Whether the giver's key is kept outside. 署名の要否"""


class Extent(Word):
    """How much of a register is printed (R-PROGMAT-VIS-1 to 4)."""

    FULL = "full"
    REDUCED = "reduced"
    OWN_CUSTOMERS = "own_customers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Part of a register. All its pages are of one state."""

    items: tuple[Entry, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""
    block: Stamp
    """The latest block that was read. 読取ブロック"""
    final: bool
    """Whether the answer stays as it is, whatever the chain does. 確定"""
    day: date
    """The day in Japan that it is of, and its names with it. 基準日"""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file for a master."""

    file: str
    """取込ファイルID"""
    target: ImportTarget
    """取込対象 (T15.1)"""
    kind: ProcessingKind
    """処理区分 (T15.4)"""
    status: ImportStatus
    """処理ステータス (T15.5)"""
    size: int
    """Bytes. ファイルサイズ (T15.2)"""
    sha256: str
    """ファイルハッシュ"""
    timestamp: datetime
    """When it was made. タイムスタンプ (T15.3)"""
    read: int | None
    """Rows; none before it was checked. 読込行数"""
    applied: int | None
    """反映行数"""
    unchanged: int | None
    """変更なし行数"""
    rejected: int | None
    """Rows. 却下行数"""
    problems: int | None
    """Things that are wrong. 誤り件数"""
    registered_at: datetime
    """登録日時 (T15.7)"""
    changed_at: datetime
    """状態変更日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """FilePage."""

    items: tuple[File, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """What is wrong with a row; never the cell itself."""

    line: int
    """行番号"""
    column: str | None
    """列名"""
    reason: Reason
    """理由コード"""
    facts: Mapping[str, str | int | None]
    """事実"""
    words: Mapping[str, Words]
    """日本語と英語の説明"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblemPage:
    """FileProblemPage."""

    items: tuple[FileProblem, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of the rows. 処理結果 (T15.6)"""

    read: int
    """読込行数"""
    applied: int
    """適用行数"""
    unchanged: int
    """Of those applied, rows that said what was there. 変更なし"""
    rejected: int
    """拒否行数"""
    rejections: tuple[RejectedRow, ...]
    """The first of them, by line. 拒否された行"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedSnapshot:
    """Who held, as it was fixed for good (権利者の確定)."""

    holders: int
    """保有者数"""
    units: int
    """数量"""
    block: Stamp
    """The last block that belongs to it. ブロック"""
    digest: str
    """SHA-256 over every row. ハッシュ"""
    root: str
    """As it is anchored. マークルルート"""
    calendar: str
    """Version of the bank calendar. 銀行休業日の版"""
    fixed_at: datetime
    """確定日時"""
    fixed_by: str
    """Never a name. 確定者"""


class Form(Word):
    """The file that a document becomes."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class Genuineness(Word):
    """What became of a proof."""

    PROVEN = "proven"
    REWRITTEN = "rewritten"
    FALSIFIED = "falsified"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRow:
    """A row: who takes, and how much. 移転先"""

    to: str
    """異動先投資家ID、またはアドレス"""
    units: int
    """数量"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A firm that handles a product from now on, or did before. 取扱"""

    product: str
    """受益権ID"""
    institution: str
    """関係機関ID"""
    new: bool
    """Whether it did not before. 新規"""


class Hold(Word):
    """留保の理由: why a payment is put aside. It is owed, and waits."""

    BLOCKED = "blocked"
    HOLDER_UNKNOWN = "holder_unknown"
    ERASED = "erased"
    ACCOUNT = "account"
    WALLET = "wallet"
    RETURNED = "returned"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A version of the hours. 取引時間"""

    effective: date
    """適用開始日"""
    sessions: tuple[HoursOfDay, ...]
    """取引時間"""
    recorded_at: datetime
    """記録日時"""
    recorded_by: str
    """記録者"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOfDay:
    """From when to when a day trades, in Japan. 取引時間帯"""

    opens: str
    """開始時刻"""
    closes: str
    """`00:00`: the end of the day. 終了時刻"""


class ImportStatus(Word):
    """処理ステータス (R-PROGMAT-T15.5)."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    CHECKING = "checking"
    CHECKED = "checked"
    APPROVED = "approved"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"


class ImportTarget(Word):
    """取込対象: which master a file is for (R-PROGMAT-T15.1)."""

    INVESTOR = "investor"
    SAFEKEEPING_FIRM = "safekeeping_firm"
    CUSTODIAN = "custodian"
    BENEFICIARY_AGENT = "beneficiary_agent"
    SETTLOR = "settlor"
    TRUSTEE = "trustee"
    ASSET_MANAGER = "asset_manager"
    TRUST_CONTRACT = "trust_contract"
    TRANSFER_CONTROL = "transfer_control"
    BANK = "bank"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A document that was given out (閲覧). No name is in it."""

    inspection: str
    """閲覧記録ID"""
    kind: Literal["register", "certificate"]
    """書類の種別"""
    product: str
    """受益権ID"""
    investor: str | None
    """Whose entries, of a certificate. 投資家ID"""
    extent: str
    """記載範囲"""
    institution: str | None
    """Who asked; none for the registrar's office. 関係者ID"""
    as_of: datetime
    """First instant that is not in it. 基準時点"""
    block: int
    """ブロック番号"""
    facts_digest: str
    """Of its content without names. 内容のハッシュ"""
    lots: int
    """Lines in it. 行数"""
    form: str
    """形式"""
    language: str
    """言語"""
    requester: str
    """An id, never a name. 請求者"""
    purpose: str
    """What names were opened for. 閲覧目的"""
    reason: str
    """閲覧の理由"""
    at: datetime
    """閲覧日時"""
    by: str
    """Never a name. 実行者"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionPage:
    """InspectionPage."""

    items: tuple[Inspection, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


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
class Introduction:
    """Who introduced a customer. 媒介"""

    investor: str
    """投資家ID"""
    institution: str
    """媒介者"""
    consent: bool
    """保有情報の閲覧への同意"""


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
    changed_at: datetime
    """When anything of it last changed. 最終更新日時"""
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
class IssueDecided:
    """Further units, acquired on the day of the decision (追加発行)."""

    units: int
    """Whole units. 口数"""
    to: str | None = None
    """By default the initial beneficiary. 投資家ID"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A bulk act, or a document that takes longer, and how far it is."""

    job: str
    """処理ID"""
    kind: JobKind
    """処理の種類"""
    product: str
    """受益権ID"""
    ref: str | None
    """Batches add their rows to it. 取引ID"""
    state: JobState
    """状態"""
    rows: int
    """In all. 行数"""
    done: int
    """完了行数"""
    refused: int
    """Rows that cannot succeed. 拒否行数"""
    under_way: int
    """Rows whose outcome is not known yet. 処理中行数"""
    rows_a_second: int
    """Since it began. 処理速度"""
    expected_end: datetime | None
    """If it goes on like this. 終了見込"""
    made_at: datetime
    """受付日時"""
    changed_at: datetime
    """状態変更日時"""
    problem: Problem | None = None
    """Why a document could not be made. 拒否理由"""
    result: JobResult | None = None
    """Of a document. 帳票処理の結果"""


class JobKind(Word):
    """What a job does: bulk acts, and documents. 処理の種類"""

    VERDICT = "verdict"
    ISSUE = "issue"
    DISTRIBUTE = "distribute"
    TRANSFER = "transfer"
    REDEEM = "redeem"
    REGISTER = "register"
    CERTIFICATE = "certificate"
    PAYMENT_FILE = "payment_file"
    DISTRIBUTION = "distribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrdered:
    """A bulk act that was ordered (一括処理の受付). How far it is, `GET /v1/jobs/{job}` tells."""

    job: str
    """一括処理ID"""
    rows: int
    """行数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """JobPage."""

    items: tuple[Job, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """A document that was made (結果): `GET .../result` gives its bytes."""

    size: int
    """Bytes. バイト数"""
    sha256: str
    """SHA-256 of the bytes. ファイルのハッシュ"""
    until: datetime
    """First instant at which it is gone. 保存期限"""
    removed: bool
    """Whether it is gone already. 削除済"""


class JobState(Word):
    """What became of a job. 処理の状態"""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobToBeSigned:
    """A bulk act as its maker is asked to sign it (一括処理の署名準備)."""

    job: str
    """Id that it will have. 一括処理ID"""
    rows: int
    """行数"""
    sign: TypedData
    """The act with all of its rows. 署名対象"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Whether it would be refused now (判定)."""

    allowed: bool
    """実行可否"""
    refusal: Problem | None = None
    """Why it would be refused. 拒否理由"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KycSessionStarted:
    """A check that the provider has taken. 本人確認の受付"""

    session: str
    """セッションID"""
    provider: str
    """本人確認事業者"""
    url: str
    """Where the customer goes: whoever has it is taken for the customer. 遷移先"""


class Language(Word):
    """The two languages every refusal is explained in."""

    JA = "ja"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCancellation:
    """A trade of before a record date that was undone after it (基準日後の取消): the parties settle in cash."""

    trade: str
    """The one that was undone. 取引ID"""
    by: str | None
    """What undid it. 取消の取引ID"""
    units: int
    """数量"""
    owing: str
    """Who was paid: investor or address. 受領済の者"""
    owed: str
    """Who has the units again. 受け取るべき者"""
    gross: str
    """Yen before tax by the approved runs, decimal. 税引前の額"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCancellations:
    """Those of a record date."""

    items: tuple[LateCancellation, ...]
    """In ledger order. 取消"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that does not go. 対象外の行"""

    row: int
    """From 1. 行番号"""
    problem: Problem
    """拒否理由"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesNamed:
    """Lines of a distribution (明細)."""

    lines: tuple[int, ...]
    """明細番号"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockUp:
    """Until when a holder may not give (譲渡制限期間)."""

    maker: Signer | None = None
    """Who orders it; `prepare` needs the account, `submit` the signature. 起案者"""
    evidence: Evidence | None = None
    """Kept with the records; not on the ledger. 根拠書類"""
    kind: Literal["lock_up"]
    """種類"""
    holder: PartyBody
    """保有者"""
    until: datetime | None
    """The first instant it no longer holds; none: at once. 期限"""


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
class Mark:
    """A register as it stood (原簿の記録)."""

    block: int
    """The last block that is in it. ブロック番号"""
    digest: str
    """Of its content without names. ハッシュ"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The market as it is now (開閉局)."""

    at: datetime
    """UTC. 時点"""
    status: str
    """`open`, `closed` or `stopped`. 開閉局ステータス (T16.1)"""
    block: int
    """Block at which the status was read. ブロック番号"""
    closed_by_decision: bool
    """An operator closed it. 閉局の決定"""
    open_until: datetime | None
    """閉局予定"""
    next_opening: datetime | None
    """次回開局"""
    groups: Mapping[str, bool]
    """Switches of the institution's products. 移転実行可否フラグ (T4.2)"""


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
class NewWalletAnswer:
    """A waiting address, or what proves one. アドレスの登録結果"""

    product: str
    """受益権ID"""
    investor: str
    """投資家ID"""
    address: str = field(repr=False)
    """アドレス"""
    state: Literal["asked", "waiting", "active", "replaced"]
    """`asked`: a proof is missing; `waiting`: speaks once a verdict lets it. 状態"""
    challenge: Challenge | None = None
    """What is to be signed. チャレンジ"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order to transfer as far as it is seen."""

    product: str
    """受益権ID (T2.5)"""
    trade: str
    """取引ID (T2.2)"""
    sender: str | None
    """None where it is another firm's customer. 異動元投資家ID (T2.6)"""
    recipient: str | None
    """As the sender. 異動先投資家ID (T2.7)"""
    units: int
    """数量 (T2.8)"""
    delivery_date: date
    """受渡日 (T2.9)"""
    state: OrderState
    """状態"""
    reason: Reason | None
    """Why it waits, or failed. 理由コード"""
    accepted_at: datetime
    """受付日時"""
    changed_at: datetime
    """状態変更日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLinePage:
    """OrderLinePage."""

    items: tuple[OrderLine, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


class OrderState(Word):
    """What became of an order."""

    WAITING = "waiting"
    ORDERED = "ordered"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What became of a bulk transfer. 一括移転の受付結果"""

    job: str | None
    """None where nothing goes. 一括処理ID"""
    accepted: int
    """Rows that go. 受付行数"""
    refused: tuple[LeftOut, ...]
    """Rows that do not. 対象外の行"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedRow:
    """What became of one row. 行の結果"""

    row: int
    """From 1. 行番号"""
    trade: str
    """取引ID"""
    state: OrderState | Literal["not_accepted"]
    """State of its order; `not_accepted` where there is none. 状態"""
    problem: Problem | None = None
    """Why it was refused. 拒否理由"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedRows:
    """What became of many orders. 一括依頼の結果"""

    accepted: int
    """受付件数"""
    refused: int
    """拒否件数"""
    rows: tuple[OrderedRow, ...]
    """In the order of the request. 行ごとの結果"""


class Outcome(Word):
    """What a bank says of a payment."""

    PAID = "paid"
    RECALLED = "recalled"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """A day that is other than announced. 変更された日"""

    day: date
    """日付"""
    business_day: bool
    """銀行営業日"""
    recorded_at: datetime
    """記録日時"""
    recorded_by: str
    """記録者"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidSums:
    """Register and ledger side by side (照合)."""

    agree: bool
    """Whether they say the same of every line. 一致"""
    register_lines: int
    """Marked as paid. 原簿側の件数"""
    register_yen: int
    """原簿側の金額"""
    ledger_lines: int
    """Paid by the contract. 台帳側の件数"""
    ledger_yen: int
    """台帳側の金額"""
    apart: tuple[int, ...]
    """Lines that differ. 不一致の明細番号"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartThere:
    """A part that came. 受領済の分割"""

    part: int
    """From 1. 分割番号"""
    sha256: str
    """分割ハッシュ"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyBody:
    """Somebody in the product: by id, or by address (当事者)."""

    investor: str | None = None
    """投資家ID (T1.1)"""
    address: str | None = field(default=None, repr=False)
    """アドレス"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """A payee line (支払明細): what one holder is owed, in yen, and how far its payment is."""

    line: int
    """明細番号"""
    holder: str
    """投資家ID; an address where nobody is registered behind it"""
    units: int
    """数量"""
    category: TaxCategory
    """税区分"""
    income: int
    """分配金・利子"""
    capital: int
    """元本の払戻し"""
    income_tax: int
    """所得税・復興特別所得税"""
    local_tax: int
    """地方税"""
    points: int
    """ポイント"""
    due: int
    """To be paid; below zero: to be reclaimed. 支払額"""
    state: PaymentState
    """明細の状態"""
    hold: Hold | None
    """Why it is put aside. 留保の理由"""
    file: int | None
    """Last payment file. 振込ファイル番号"""
    settled_on: date | None
    """The day it was paid, or came back. 日"""
    way: PaymentWay | None = None
    """By the bank, or in a yen token. 支払方法"""
    batch: int | None = None
    """Last batch of a yen token. 円建トークン支払の番号"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeePage:
    """PayeePage."""

    items: tuple[Payee, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFile:
    """A payment file that was made (振込ファイル). Its bytes are kept nowhere."""

    number: int
    """振込ファイル番号"""
    transfer_day: date
    """振込指定日"""
    records: int
    """Payments in it. 件数"""
    total: int
    """Yen. 合計金額"""
    digest: str
    """SHA-256 of its bytes. ハッシュ"""
    made_at: datetime
    """作成日時"""
    made_by: str
    """Never a name. 作成者"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFiles:
    """The payment files of a distribution."""

    items: tuple[PaymentFile, ...]
    """By number. 振込ファイル"""


class PaymentState(Word):
    """明細の状態."""

    WAITING = "waiting"
    PAYABLE = "payable"
    HELD = "held"
    SENT = "sent"
    PAID = "paid"
    RECLAIM = "reclaim"
    NOTHING = "nothing"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerms:
    """How the distributions of a product are paid that are declared from now on (支払方法)."""

    yen_token: YenTokenTerms | None
    """The yen token; none: by bank transfer. 円建トークン"""
    payment_contract: str | None
    """Whom the payer allows the yen to. 支払用コントラクト"""


class PaymentWay(Word):
    """支払方法: how a line is paid."""

    BANK = "bank"
    TOKEN = "token"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermittedClasses:
    """Which investor classes may hold (保有できる投資家区分)."""

    maker: Signer | None = None
    """Who orders it; `prepare` needs the account, `submit` the signature. 起案者"""
    evidence: Evidence | None = None
    """Kept with the records; not on the ledger. 根拠書類"""
    kind: Literal["permitted_classes"]
    """種類"""
    classes: Sequence[int]
    """All that may hold from then on. 投資家区分"""


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
class Points:
    """Points of a payee, beside cash (ポイント)."""

    line: int
    """明細番号"""
    holder: str
    """投資家ID"""
    units: int
    """数量"""
    points: int
    """By a correction the difference. ポイント"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPage:
    """PointsPage."""

    items: tuple[Points, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


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
class PreparedRow:
    """What the giver of one row signs. 行の署名対象"""

    row: int
    """From 1. 行番号"""
    trade: str
    """取引ID"""
    sign: ToSign | None = None
    """None where it is refused. 署名対象"""
    problem: Problem | None = None
    """Why it is refused. 拒否理由"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRows:
    """What the givers sign. 一括依頼の署名対象"""

    rows: tuple[PreparedRow, ...]
    """In the order of the request. 行ごとの署名対象"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A no. Nothing was changed by the request, or the reason says otherwise."""

    type: str
    """Names the reason; never changes. 理由の識別子"""
    title: str
    """The status in words. 状態"""
    status: int
    """HTTP status. HTTPステータス"""
    detail: str
    """Sentence and remedy in the language asked for. 説明"""
    instance: str
    """The request it answers. リクエストID"""
    reason: Reason
    """Reason code of docs/reasons.md. 理由コード"""
    facts: Mapping[str, str | int | None]
    """What was judged; no personal data. 事実"""
    words: Mapping[str, Words]
    """Both languages. 日本語と英語の説明"""
    problems: tuple[Problem, ...] | None = None
    """Each of several things that are wrong at once. 個々の誤り"""


class ProcessingKind(Word):
    """処理区分: what the rows of a file ask for (R-PROGMAT-T15.4)."""

    NEW = "new"
    CORRECTION = "correction"
    CANCEL = "cancel"


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
    bond: BondInterest | None
    """None of what is no bond. 社債の条件"""
    terms_digest: str
    """Digest that the token carries. 条件ハッシュ"""
    chain_id: int | None
    """Chain of its token. チェーンID"""
    token: str | None
    """Address of its token. トークンアドレス"""
    etag: str | None = field(default=None, compare=False)
    """Its version: `if_match` of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLockUp:
    """Until when nobody may give (銘柄の譲渡制限期間)."""

    maker: Signer | None = None
    """Who orders it; `prepare` needs the account, `submit` the signature. 起案者"""
    evidence: Evidence | None = None
    """Kept with the records; not on the ledger. 根拠書類"""
    kind: Literal["product_lock_up"]
    """種類"""
    until: datetime | None
    """The first instant it no longer holds; none: at once. 期限"""


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
class Proof:
    """What a file was found to be (検証結果)."""

    verdict: Genuineness
    """`proven`: byte for byte what the register gives; `rewritten`: what machines read in it is true, but it is
    not the file that was issued; `falsified`. 判定
    """
    product: str
    """受益権ID"""
    extent: Extent
    """記載範囲"""
    as_of: datetime
    """First instant that is not in it. 基準時点"""
    block: Stamp
    """The last block that is in it. ブロック"""
    digest: str
    """Of the true register, with names. ハッシュ"""
    facts_digest: str
    """The same without names. 内容のハッシュ"""
    anchor: RegisterAnchor | None
    """None where it was never anchored. アンカー"""
    differences: tuple[Difference, ...]
    """The first 1,000 places where it differs. 相違箇所"""


class ProofForm(Word):
    """How the challenge was signed."""

    EIP191 = "eip191"
    EIP712 = "eip712"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFound:
    """What the ledger says of a proof (検証結果)."""

    proven: bool
    """Whether the line is in the list that was anchored. 真正"""
    anchor: AnchoredRoot | None
    """None where no list was anchored. アンカー"""
    contract: str
    """Who was asked. アンカーコントラクト"""
    block: Stamp
    """The block that was asked. ブロック"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOfPayee:
    """A payee's line with what proves it (支払明細の証明)."""

    distribution: str
    """分配ID"""
    product: str
    """受益権ID"""
    record_day: date
    """権利確定日"""
    content: str
    """The line as it was anchored: JSON, byte for byte. 明細"""
    secret: str = field(repr=False)
    """32 bytes before it; who has both can show the line. 秘密の値"""
    proof: tuple[str, ...]
    """Nodes from the leaf to the root. 証明"""
    root: str
    """As it was approved. マークルルート"""
    contract: str
    """Where the root is anchored. アンカーコントラクト"""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What is withheld of a category (税率). Each tax is cut to the yen for each payee and payment."""

    category: TaxCategory
    """税区分"""
    first: date
    """For payments from that day on. 適用開始日"""
    last: date
    """To that day. 適用終了日"""
    income_tax: str
    """Per cent, with the surtax for reconstruction. 所得税"""
    local_tax: str
    """Per cent. 地方税"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates of interest and of distributions of profit."""

    items: tuple[Rate, ...]
    """By category and day. 税率"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonEntry:
    """One reason. A word in braces stands for a fact of the case."""

    reason: Reason
    """Never renamed. 理由コード"""
    status: int
    """HTTP status that says it. HTTPステータス"""
    number: int | None
    """ERC-1404 code; none where no movement is judged. ERC-1404コード"""
    errors: tuple[str, ...]
    """Contract errors that mean it. コントラクトのエラー"""
    words: Mapping[str, Words]
    """Both languages. 日本語と英語の説明"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The table."""

    items: tuple[ReasonEntry, ...]
    """By code. 理由"""


class RecordDateKind(Word):
    """Where a record date comes from."""

    RECORD_DATE_1 = "record_date_1"
    RECORD_DATE_2 = "record_date_2"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDay:
    """A record date (権利確定日) and what follows from it."""

    product: str
    """受益権ID"""
    day: date
    """Whoever holds at its end in Japan. 権利確定日"""
    nominal: date
    """Before it was moved for holidays. 調整前の日"""
    kind: RecordDateKind
    """権利確定日1・2、または公告による基準日"""
    notice_by: date
    """Last day for its public notice. 公告期限"""
    exercise_by: date
    """Last day to use its rights. 権利行使期限"""
    noticed_on: date | None
    """Of a date that the deed does not set. 公告日"""
    notice_missed: bool
    """A warning: the notice came too late. 公告期間不足"""
    payable: date | None
    """By the terms, as a list tells it. 支払予定日"""
    fixed: FixedSnapshot | None
    """None until it was fixed; for those who see everybody. 権利者の確定"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDays:
    """The record dates of a year."""

    items: tuple[RecordDay, ...]
    """By day. 権利確定日"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What a redemption ends and pays (償還の条件)."""

    record_day: date
    """A record date that was fixed: its holders give. 権利確定日"""
    units: int | None
    """How many end; none: all, and the product. 償還口数"""
    income_per_unit: str
    """Yen of profit, decimal. 1口当たり分配金"""
    capital_per_unit: str
    """Yen that are returned, decimal. 1口当たり元本の払戻し"""
    early: bool
    """Before the date of the terms. 期限前償還"""
    payment_day: date | None
    """None: the day that the terms set. 支払日"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionDecided:
    """Units that end, in part or in full (償還)."""

    record_day: date
    """A record date that was fixed. 権利確定日"""
    units: int | None = None
    """In proportion to what each held. Without it all of them. 償還口数"""
    income: str = "0"
    """Yen per unit of profit, before tax. 1口当たり分配金"""
    capital: str = "0"
    """Yen per unit returned, untaxed. 1口当たり元本の払戻し"""
    early: bool = False
    """Before the redemption date of the terms. 期限前償還"""
    payment_day: date | None = None
    """By default the day that the terms set. 支払日"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionRow:
    """A holder, and what ends of it (償還明細)."""

    holder: PartyBody
    """保有者"""
    units: int | None = None
    """Without it all of them, of every row. 口数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that cannot succeed, and why."""

    row: int
    """Its number in the request, from 1. 行番号"""
    address: str = field(repr=False)
    """アドレス"""
    reason: Reason
    """理由コード"""
    facts: Mapping[str, str | int | None]
    """事実"""
    words: Mapping[str, Words]
    """日本語と英語の説明"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRowPage:
    """RefusedRowPage."""

    items: tuple[RefusedRow, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAnchor:
    """Where the same register stands on the ledger (アンカー)."""

    contract: str
    """アンカーコントラクト"""
    subject: str
    """Names the content. 対象"""
    root: str
    """マークルルート"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """Why a row cannot be applied; never with the cell. 行の拒否理由"""

    line: int
    """Line of the file, from 1. 行番号"""
    column: str | None
    """列"""
    problem: Problem
    """拒否理由"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemitterIn:
    """The account that pays (振込依頼人)."""

    code: str
    """振込依頼人コード"""
    name: str = field(repr=False)
    """Kana. 振込依頼人名"""
    bank_code: str
    """仕向銀行番号"""
    bank_name: str
    """Kana. 仕向銀行名"""
    branch_code: str
    """仕向支店番号"""
    branch_name: str
    """Kana. 仕向支店名"""
    account_kind: str
    """1 ordinary, 2 current, 9 other. 預金種目"""
    account_number: str = field(repr=False)
    """口座番号"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is to be posted once more: one event, or all of a product from a number on."""

    event: str | None = None
    """One, by itself. 通知ID"""
    product: str | None = None
    """Of this product; left out: what is about no product. 受益権ID"""
    from_number: int | None = None
    """The first of them, in their order. 開始連番"""


class RunState(Word):
    """状態."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeData:
    """The same act as the next transaction of the Safe that makes it (二名承認口座の取引)."""

    typed_data: Mapping[str, Any]
    """As `eth_signTypedData_v4` and `eth_account.encode_typed_data` take it. 署名対象"""
    digest: str
    """The 32 bytes that are signed. ダイジェスト"""
    nonce: int
    """The Safe's next number. 口座の番号"""


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
class SignedBy:
    """A signature over exactly this command (署名)."""

    name: str
    """As the key store names it, or the account. 署名者"""
    account: str
    """アドレス"""
    at: datetime
    """署名日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody who signs with a key that is not here (署名者)."""

    account: str
    """Account of the signer. 署名者のアドレス"""
    signature: str | None = field(default=None, repr=False)
    """Over the command; wanted by `submit`. 署名"""
    safe_signature: str | None = field(default=None, repr=False)
    """Over the Safe's transaction; where the sender has no such key. 二名承認口座への署名"""
    safe_nonce: int | None = None
    """Number that it is over. 口座の番号"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitDecided:
    """Each unit becomes several (分割)."""

    factor: int
    """2 or more. 分割比率"""


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
class StatedPayment:
    """One distribution in a statement."""

    distribution: str
    """分配ID"""
    record_day: date
    """権利確定日"""
    payment_day: date
    """支払日"""
    units: int
    """数量"""
    corrects: str | None
    """訂正元"""
    amounts: Amount
    """金額"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a distribution comes to (合計). Money is whole yen."""

    payees: int
    """支払先数"""
    units: int
    """数量"""
    gross: int
    """Before tax. 総額"""
    income: int
    """Of it, income. 分配金・利子"""
    capital: int
    """Of it, capital returned. 元本の払戻し"""
    income_tax: int
    """所得税・復興特別所得税"""
    local_tax: int
    """地方税"""
    net: int
    """After tax. 税引後"""
    points: int
    """ポイント"""
    to_pay: int
    """支払額"""
    to_reclaim: int
    """By a correction. 返還請求額"""
    remainder: str
    """Yen that cutting to the yen leaves over, decimal. 端数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken over (取込結果)."""

    settled: int
    """Payments that are settled by it. 件数"""


class TaxCategory(Word):
    """税区分 of a payee."""

    INDIVIDUAL = "individual"
    CORPORATION = "corporation"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBeSigned:
    """A command as its maker or an approver is asked to sign it (署名準備)."""

    command: str
    """Id that it has or will have. 指図ID"""
    act: ActName | None
    """None for an approval. 処理名"""
    what: str
    """The act in a few words. 処理"""
    account: str
    """Account that acts: a Safe or the maker's own. 実行口座"""
    duty: str | None
    """職務"""
    maker: str
    """起案者のアドレス"""
    sign: TypedData
    """The command. 指図への署名対象"""
    needed: int
    """People who sign, the maker among them. 必要人数"""
    entitled: tuple[str, ...]
    """Whose signatures count. 署名権者"""
    safe: SafeData | None = None
    """To be signed as well where the sender cannot reach the key; void when another act of the Safe comes
    first. 二名承認口座への署名対象
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """What the giver's key signs. 署名対象"""

    needs_signature: bool
    """Whether the order has to carry a signature of the giver. 署名の要否"""
    window: Window
    """Planned delivery. 受渡予定"""
    typed_data: Mapping[str, Any]
    """EIP-712 `TransferWithAuthorization` (ERC-3009), for eth_signTypedData_v4. 型付きデータ"""
    digest: str
    """The 32 bytes that are signed. 署名ハッシュ"""
    transaction: Mapping[str, Any]
    """Instead, a whole transaction for a giver who pays for its own gas, named as in JSON-RPC: signed, it goes
    to a node, and needs no order. 取引データ
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBatch:
    """A batch of payments in a yen token (円建トークン支払)."""

    number: int
    """番号"""
    state: BatchState
    """状態"""
    records: int
    """Lines in it. 件数"""
    total: int
    """Yen of them. 合計金額"""
    command: str
    """The order that pays it. 指図ID"""
    tx: str | None
    """Once it is final. 取引ハッシュ"""
    block: int | None
    """ブロック番号"""
    made_at: datetime
    """作成日時"""
    settled_at: datetime | None
    """確定日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBatches:
    """What was paid of a distribution in its yen token."""

    items: tuple[TokenBatch, ...]
    """By number. 円建トークン支払"""
    sums: PaidSums
    """照合結果"""


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
class Trading:
    """What decides whether a product may be transferred now."""

    product: str
    """受益権ID"""
    at: datetime
    """When it was looked at, UTC. 判定日時"""
    transferable: bool
    """Whether the market lets an ordinary transfer pass now. 移転可否"""
    refusal: Problem | None
    """What stands against it. 拒否理由"""
    until: datetime | None
    """Until when that holds; none until somebody decides. 有効期限"""
    market_status: str
    """On the ledger. 開閉局ステータス (T16.1)"""
    next_opening: datetime | None
    """By the hours and bank days. 次回開局日時"""
    group: str
    """移転実行可否制御ID (T4.1)"""
    group_enabled: bool
    """移転実行可否フラグ (T4.2)"""
    set_date: date
    """設定日 (T3.10)"""
    redemption_date: date
    """償還日, after its adjustment (T3.12)"""
    ended: bool
    """Redeemed in full. 償還済"""
    locked_until: datetime | None
    """First instant it may move. ロックアップ期限"""
    closings: tuple[Closing, ...]
    """帳簿閉鎖期間"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferIn:
    """A transfer as it is asked for. 移転の依頼"""

    __pydantic_config__ = ALIASED

    product: str
    """受益権ID (T2.5)"""
    trade: str
    """取引ID (T2.2): moves units once, however often it is sent"""
    from_: str
    """The giver: a customer of the asker. 異動元投資家ID"""
    to: str
    """The taker: an investor's id, or the address that speaks for another broker's customer in this product.
    異動先投資家ID、またはアドレス
    """
    units: int
    """Whole units. 数量 (T2.8)"""
    delivery_date: date | None = None
    """Where one was agreed on. 受渡日 (T2.9)"""
    lag: int = 0
    """Otherwise business days after the trade date. 約定日からの営業日数"""
    authorisation: AuthorisationIn | None = None
    """Where the giver's key is kept outside. 移転承認"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """An order to transfer as it stands. 移転の注文"""

    __pydantic_config__ = ALIASED

    product: str
    """受益権ID"""
    trade: str
    """取引ID"""
    from_: str
    """異動元投資家ID"""
    to: str
    """The taker's id, or address where that is all one may see. 異動先"""
    units: int
    """数量"""
    delivery_date: date
    """受渡日"""
    state: OrderState
    """状態"""
    accepted_at: datetime
    """受付日時"""
    changed_at: datetime
    """状態の変更日時"""
    is_signed: bool
    """Whether it carries the giver's signature. 署名の有無"""
    command: str | None = None
    """Its last act. 指図ID"""
    tx: str | None = None
    """Transaction of that act. 取引ハッシュ"""
    block: int | None = None
    """ブロック番号"""
    window: Window | None = None
    """As planned when it was accepted. 受渡予定"""
    waits_for: tuple[Problem, ...] | None = None
    """What stood against it when it was accepted. 待機理由"""
    problem: Problem | None = None
    """Why it waits, or was refused. 理由"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedData:
    """EIP-712 typed data and its hash: what a key signs (署名対象)."""

    typed_data: Mapping[str, Any]
    """As `eth_signTypedData_v4` and `eth_account.encode_typed_data` take it. 署名対象"""
    digest: str
    """The 32 bytes that are signed. ダイジェスト"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsFreeze:
    """So many units of a holder, more or fewer (口数の凍結)."""

    maker: Signer | None = None
    """Who orders it; `prepare` needs the account, `submit` the signature. 起案者"""
    evidence: Evidence | None = None
    """Kept with the records; not on the ledger. 根拠書類"""
    kind: Literal["units"]
    """種類"""
    holder: PartyBody
    """保有者"""
    units: int
    """Whole units. 口数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaid:
    """What is owed and not paid (未払)."""

    distribution: str
    """分配ID"""
    payee: Payee
    """支払明細"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidPage:
    """UnpaidPage."""

    items: tuple[Unpaid, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file and how far it is. 取込ファイル"""

    file: str
    """取込ファイルID"""
    target: ImportTarget
    """取込対象"""
    kind: ProcessingKind
    """処理区分"""
    status: ImportStatus
    """処理ステータス (T15.5)"""
    size: int
    """ファイルサイズ"""
    sha256: str
    """ファイルハッシュ"""
    part_size: int
    """Bytes of every part but the last. 分割サイズ"""
    part_count: int
    """分割数"""
    parts: tuple[PartThere, ...]
    """Those that are there. 受領済の分割"""
    registered_by: str
    """登録者 (T15.8)"""
    approved_by: str | None
    """Another than 登録者. 承認者"""
    result: FileResult | None
    """None until it was checked. 処理結果"""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook as it stands."""

    webhook: str
    """通知先ID"""
    url: str
    """Address that events are posted to, https. 送信先アドレス"""
    types: tuple[str, ...]
    """Types or families of events; none: all. 種別"""
    products: tuple[str, ...]
    """Products; none: all, and what is about no product. 受益権ID"""
    state: WebhookState
    """`deactivated`: nothing was delivered for three days, and nothing is posted any more. 状態"""
    previous_secret_until: datetime | None
    """Until when the secret before the present one signs too. 前の署名鍵の期限"""
    created_at: datetime
    """登録日時"""
    updated_at: datetime
    """最終更新日時"""
    etag: str | None = field(default=None, compare=False)
    """Its version: `if_match` of a change."""


class WebhookState(Word):
    """Whether it is posted to."""

    ACTIVE = "active"
    PAUSED = "paused"
    DEACTIVATED = "deactivated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWithSecret:
    """A webhook, and its secret where it was just made."""

    webhook: Webhook
    """The webhook as it stands. 送信先"""
    secret: str | None = field(repr=False)
    """`whsec_` and base64 of 32 bytes: shown once. Null when the same request came before. 署名鍵"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When it is planned to be delivered. 受渡予定"""

    delivery_date: date
    """受渡日"""
    opens: datetime
    """From then on. 開始日時"""
    closes: datetime
    """Before then. 終了日時"""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyStatement:
    """A year of one payee (支払通知書), without the name."""

    holder: str
    """投資家ID"""
    year: int
    """年"""
    payments: tuple[StatedPayment, ...]
    """By payment day. 支払"""
    total: Amount
    """合計"""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyStatementPage:
    """YearlyStatementPage."""

    items: tuple[YearlyStatement, ...]
    """The rows. 行"""
    next: str | None
    """Cursor of the next page; none after the last. 次ページのカーソル"""


@dataclass(frozen=True, slots=True, kw_only=True)
class YenTokenTerms:
    """The yen token (電子決済手段) that is paid in, and who pays."""

    chain_id: int
    """チェーンID"""
    cash: str
    """Address of the token. 円建トークン"""
    decimals: int
    """小数桁数"""
    payer: str
    """Address that holds the yen. 支払人"""
