"""Entitlements (権利・分配): record dates and who held then, runs of distributions, what each payee is owed, payments.

The rows of holders and payees stand under no audit entry of their own, which would be a hundred thousand digests: the
digest of a snapshot and the root of a payee list stand in rows that have one, and on the ledger.
"""

from decimal import Decimal

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy import text as sql

from genbo.entitlements import (
    Hold,
    Outcome,
    PaymentState,
    PaymentWay,
    RecordDateKind,
    RunState,
    TaxCategory,
)
from genbo.storage.tables.columns import (
    an_address,
    day,
    flag,
    hash32,
    height,
    instant,
    metadata,
    number,
    one_of,
    text,
    units,
)

ALL_OR_NONE = (
    "(cash IS NULL) = (payer IS NULL) AND (cash IS NULL) = ({chain} IS NULL)"
    " AND (cash IS NULL) = ({decimals} IS NULL) AND {decimals} BETWEEN 0 AND 18"
)
"""A yen token is named with its chain, its decimals and its payer, or not at all."""


def _per_unit(name: str, comment: str) -> Column[Decimal]:
    return Column(name, Numeric(22, 10), nullable=False, comment=comment)


def _yen(name: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, comment=comment)


record_date = Table(
    "record_date",
    metadata,
    text("product_id", "受益権ID"),
    day("record_day", "権利確定日: after its adjustment; holders at 24:00 JST"),
    day("nominal_day", "調整前の権利確定日"),
    text("kind", "種別: which record date of the deed, or one by notice"),
    day("noticed_on", "公告日: of a date that the deed does not set", null=True),
    day("notice_by", "公告期限: two full weeks before"),
    day("exercise_by", "権利行使期限: three months later"),
    flag("notice_missed", "公告期間不足: a warning"),
    text("calendar", "営業日カレンダーの版"),
    height("chain_id", "チェーンID"),
    height("block", "ブロック番号: the last that belongs to it"),
    hash32("block_hash", "ブロックハッシュ"),
    instant("block_at", "ブロック日時"),
    number("holders", "権利者数"),
    units("units", "総口数"),
    hash32("digest", "権利者一覧のダイジェスト: SHA-256 over every row"),
    hash32("root", "権利者一覧のルート: anchored on the ledger"),
    instant("fixed_at", "確定日時"),
    text("fixed_by", "確定者"),
    PrimaryKeyConstraint("product_id", "record_day"),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    one_of("kind", *(each.value for each in RecordDateKind)),
    CheckConstraint("holders > 0 AND units > 0", name="holders"),
    CheckConstraint("(noticed_on IS NOT NULL) = (kind = 'notice')", name="noticed_on"),
    comment="権利確定: record dates whose holders are fixed; never written again (R-PROGMAT-CTL-5)",
)

entitlement = Table(
    "entitlement",
    metadata,
    text("product_id", "受益権ID"),
    day("record_day", "権利確定日"),
    text("holder", "権利者: investor id; the address where nobody is known behind it"),
    units("units", "口数"),
    flag("known", "投資家が判明しているか"),
    PrimaryKeyConstraint("product_id", "record_day", "holder"),
    ForeignKeyConstraint(
        ["product_id", "record_day"], ["record_date.product_id", "record_date.record_day"]
    ),
    CheckConstraint("units > 0", name="units"),
    comment="権利者一覧: who held how much at a record date",
)

tax_category = Table(
    "tax_category",
    metadata,
    Column("number", Integer, Identity(always=True), nullable=False, comment="番号: of recording"),
    text("investor_id", "投資家ID"),
    text("category", "税区分"),
    day("effective", "適用開始日: payments from that day on"),
    text("evidence_ref", "証跡参照: reference of the proof, never its content"),
    instant("recorded_at", "登録日時"),
    text("recorded_by", "登録者"),
    PrimaryKeyConstraint("number"),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    Index(None, "investor_id"),
    one_of("category", *(each.value for each in TaxCategory)),
    CheckConstraint("evidence_ref <> ''", name="evidence_ref"),
    comment="税区分の履歴: other than what follows from individual or corporation; the last one of a day counts",
)

distribution = Table(
    "distribution",
    metadata,
    text("distribution_id", "分配ID"),
    text("product_id", "受益権ID"),
    day("record_day", "権利確定日: whose holders are paid"),
    day("payment_day", "支払日: decides the rates of tax"),
    text("corrects", "訂正対象の分配ID", null=True),
    text("why", "摘要: the decision it rests on; no personal data"),
    text("state", "状態"),
    _per_unit("income", "1口当たり分配金・利子: yen before tax"),
    _per_unit("capital", "1口当たり元本払戻し: yen, untaxed"),
    _per_unit("points", "1口当たりポイント"),
    number("payees", "支払先数"),
    units("units", "総口数"),
    _yen("income_sum", "分配金・利子の合計"),
    _yen("capital_sum", "元本払戻しの合計"),
    _yen("income_tax_sum", "所得税・復興特別所得税の合計"),
    _yen("local_tax_sum", "地方税の合計"),
    _yen("points_sum", "ポイントの合計"),
    _yen("to_pay", "支払額の合計"),
    _yen("to_reclaim", "返還請求額の合計: of a correction"),
    _per_unit("remainder", "端数: what the cuts to whole yen leave over"),
    hash32("digest", "支払明細のダイジェスト: SHA-256 over every line"),
    hash32("root", "支払先一覧のルート: anchored on the ledger"),
    text("command_id", "指図ID: whose signatures approve it"),
    instant("made_at", "起案日時"),
    text("maker", "起案者"),
    instant("decided_at", "承認・却下日時", null=True),
    text("decided_by", "承認者・却下者: an approver is somebody else than the maker", null=True),
    text("cash", "円建トークン: that it is paid in; empty: by bank transfer", null=True),
    height("cash_chain_id", "円建トークンのチェーンID", null=True),
    number("cash_decimals", "円建トークンの小数桁数", null=True),
    text("payer", "支払人のアドレス: whose yen it is", null=True),
    PrimaryKeyConstraint("distribution_id"),
    ForeignKeyConstraint(
        ["product_id", "record_day"], ["record_date.product_id", "record_date.record_day"]
    ),
    ForeignKeyConstraint(["corrects"], ["distribution.distribution_id"]),
    one_of("state", *(each.value for each in RunState)),
    CheckConstraint("income >= 0 AND capital >= 0 AND points >= 0", name="income"),
    CheckConstraint("remainder >= 0", name="remainder"),
    CheckConstraint("why ~ '[^[:space:]]'", name="why"),
    CheckConstraint(
        "(state = 'draft') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
        name="decided_at",
    ),
    CheckConstraint("state <> 'approved' OR decided_by <> maker", name="decided_by"),
    CheckConstraint("corrects <> distribution_id", name="corrects"),
    an_address("cash"),
    an_address("payer"),
    CheckConstraint(
        ALL_OR_NONE.format(chain="cash_chain_id", decimals="cash_decimals"), name="way"
    ),
    Index(
        "distribution_corrects_ix",
        "corrects",
        unique=True,
        postgresql_where=sql("state <> 'rejected'"),
    ),
    comment="分配: runs by which holders of a record date are paid; a correction is a run of its own",
)

payee_line = Table(
    "payee_line",
    metadata,
    text("distribution_id", "分配ID"),
    number("number", "明細番号: the customer code of the payment file"),
    text("holder", "支払先: investor id; the address where nobody is known behind it"),
    units("units", "口数"),
    text("category", "税区分"),
    _yen("income", "分配金・利子"),
    _yen("capital", "元本払戻し"),
    _yen("income_tax", "所得税・復興特別所得税: cut to the yen"),
    _yen("local_tax", "地方税: cut to the yen"),
    _yen("points", "ポイント"),
    _yen("due", "支払額: negative what is to be reclaimed"),
    text("state", "状態"),
    text("hold", "留保の理由", null=True),
    number("file_number", "振込ファイル番号: the last it stands in", null=True),
    day("settled_on", "入金日・返却日", null=True),
    Column(
        "way",
        Text,
        nullable=False,
        server_default=PaymentWay.BANK.value,
        comment="支払方法: by the bank, or in a yen token",
    ),
    number("batch_number", "円建トークン支払の番号: the last batch it stands in", null=True),
    PrimaryKeyConstraint("distribution_id", "number"),
    UniqueConstraint("distribution_id", "holder"),
    ForeignKeyConstraint(["distribution_id"], ["distribution.distribution_id"]),
    Index(
        "payee_line_unpaid_ix",
        "distribution_id",
        postgresql_where=sql("state IN ('payable', 'held', 'sent')"),
    ),
    one_of("category", *(each.value for each in TaxCategory)),
    one_of("state", *(each.value for each in PaymentState)),
    one_of("hold", *(each.value for each in Hold)),
    one_of("way", *(each.value for each in PaymentWay)),
    CheckConstraint("income_tax + local_tax <= income", name="income_tax"),
    CheckConstraint(
        "units >= 0 AND income >= 0 AND capital >= 0 AND income_tax >= 0 AND local_tax >= 0",
        name="units",
    ),
    CheckConstraint("state <> 'held' OR hold IS NOT NULL", name="held"),
    CheckConstraint(
        "state <> 'sent' OR CASE way WHEN 'bank' THEN file_number ELSE batch_number END IS NOT NULL",
        name="file_number",
    ),
    comment="支払明細: what each payee of a run is owed, and how far its payment is",
)

payment_file = Table(
    "payment_file",
    metadata,
    text("distribution_id", "分配ID"),
    number("number", "振込ファイル番号: from 1"),
    day("transfer_day", "振込指定日"),
    number("records", "件数: of its data records"),
    Column("total", BigInteger, nullable=False, comment="合計金額"),
    hash32("digest", "ファイルのダイジェスト: SHA-256 of its bytes, which are kept nowhere"),
    instant("made_at", "作成日時"),
    text("made_by", "作成者"),
    PrimaryKeyConstraint("distribution_id", "number"),
    ForeignKeyConstraint(["distribution_id"], ["distribution.distribution_id"]),
    CheckConstraint("number > 0 AND records > 0 AND total > 0", name="records"),
    comment="振込ファイル: payment files that were made (総合振込)",
)

payment = Table(
    "payment",
    metadata,
    text("distribution_id", "分配ID"),
    number("number", "明細番号"),
    number("file_number", "振込ファイル番号"),
    text("outcome", "結果: empty while the bank said nothing", null=True),
    day("outcome_on", "結果の日", null=True),
    PrimaryKeyConstraint("distribution_id", "number", "file_number"),
    ForeignKeyConstraint(
        ["distribution_id", "number"], ["payee_line.distribution_id", "payee_line.number"]
    ),
    ForeignKeyConstraint(
        ["distribution_id", "file_number"], ["payment_file.distribution_id", "payment_file.number"]
    ),
    one_of("outcome", *(each.value for each in Outcome)),
    CheckConstraint("(outcome IS NULL) = (outcome_on IS NULL)", name="outcome_on"),
    comment="振込: each payment in each file, and what the bank said of it",
)

_FOR_GOOD = """
CREATE FUNCTION fixed_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is fixed for good', TG_TABLE_NAME;
END $$;
CREATE TRIGGER record_date_fixed BEFORE UPDATE OR DELETE ON record_date
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();
"""
_HOLDERS_FOR_GOOD = """
CREATE TRIGGER entitlement_fixed BEFORE UPDATE OR DELETE ON entitlement
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();
"""
_AMOUNTS_FOR_GOOD = """
CREATE TRIGGER payee_line_kept BEFORE DELETE ON payee_line
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();
CREATE TRIGGER payee_line_fixed BEFORE UPDATE OF distribution_id, number, holder, units, category, income, capital,
    income_tax, local_tax, points, due ON payee_line
    FOR EACH ROW EXECUTE FUNCTION fixed_for_good();
"""
TRIGGERS = {
    record_date: _FOR_GOOD,
    entitlement: _HOLDERS_FOR_GOOD,
    payee_line: _AMOUNTS_FOR_GOOD,
}
"""Table to what keeps the database itself from changing what was fixed: only how far a payment is goes on."""

for _table, _statements in TRIGGERS.items():
    event.listen(_table, "after_create", DDL(_statements.replace("%", "%%")))  # type: ignore[no-untyped-call]
