"""Reconciliation (照合): books that were compared, and the cases of what differed; certificates and who signs them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from genbo.reconciliation.case import CaseState, Cause
from genbo.storage.tables.columns import (
    an_address,
    hash32,
    height,
    instant,
    metadata,
    number,
    octets,
    one_of,
    text,
    units,
)

book_check = Table(
    "book_check",
    metadata,
    text("check_id", "照合ID: made from firm, product, block and book, so the same book is one"),
    text("institution_id", "関係者ID: whose book it is"),
    text("product_id", "受益権ID"),
    instant("as_of", "基準時点: empty where a block was asked for", null=True),
    height("chain_id", "チェーンID"),
    height("block_number", "ブロック番号: the last block that counts; final"),
    hash32("block_hash", "ブロックハッシュ"),
    instant("block_at", "ブロック時刻"),
    number("lines", "行数: of the book"),
    hash32("digest", "帳簿のダイジェスト: SHA-256; the book itself stays with the firm"),
    Column(
        "differences",
        JSONB,
        nullable=False,
        comment="差異: holder, both numbers, and the case of each; empty when they agree",
    ),
    instant("checked_at", "照合日時"),
    text("checked_by", "照合者"),
    PrimaryKeyConstraint("check_id"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    CheckConstraint("lines >= 0", name="lines"),
    CheckConstraint("jsonb_typeof(differences) = 'array'", name="differences"),
    comment="帳簿の照合: a firm's book against the register at a block (R-PROGMAT-ISS-I)",
)

difference_case = Table(
    "difference_case",
    metadata,
    text("case_id", "差異調査ID"),
    text("check_id", "照合ID: the comparison that found it first"),
    text("institution_id", "関係者ID: whose book it is"),
    text("custodian_id", "カストディアンID: who keeps the keys for the firm", null=True),
    text("registrar_id", "原簿管理者ID"),
    text("product_id", "受益権ID"),
    text("holder", "権利者: as the book names it, an investor id or an address"),
    text("investor_id", "投資家ID"),
    units("register_units", "原簿の数量"),
    units("book_units", "帳簿の数量"),
    height("chain_id", "チェーンID"),
    height("block_number", "ブロック番号"),
    hash32("block_hash", "ブロックハッシュ"),
    instant("block_at", "ブロック時刻"),
    instant("opened_at", "開始日時"),
    instant("due_at", "期限: 18:00 JST of a business day"),
    text("state", "状態"),
    instant("escalated_at", "上位報告日時", null=True),
    text("escalated_by", "上位報告者", null=True),
    text("cause", "原因", null=True),
    hash32("evidence", "根拠資料のダイジェスト: SHA-256", null=True),
    instant("closed_at", "終了日時", null=True),
    text("closed_by", "終了者", null=True),
    PrimaryKeyConstraint("case_id"),
    ForeignKeyConstraint(["check_id"], ["book_check.check_id"]),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["custodian_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["registrar_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    one_of("state", *CaseState),
    one_of("cause", *Cause),
    CheckConstraint("register_units <> book_units", name="register_units"),
    CheckConstraint(
        "(escalated_at IS NULL) = (escalated_by IS NULL)"
        " AND (state <> 'open' OR escalated_at IS NULL)"
        " AND (state <> 'escalated' OR escalated_at IS NOT NULL)",
        name="escalated_at",
    ),
    CheckConstraint(
        "(state = 'closed') = (closed_at IS NOT NULL)"
        " AND num_nulls(cause, evidence, closed_at, closed_by) IN (0, 4)",
        name="closed_at",
    ),
    # One case as long as nobody has closed it, however often the same numbers are handed in.
    Index(
        "difference_case_standing_uq",
        "institution_id",
        "product_id",
        "holder",
        "register_units",
        "book_units",
        unique=True,
        postgresql_where=sql("closed_at IS NULL"),
    ),
    Index("difference_case_due_ix", "due_at", postgresql_where=sql("state = 'open'")),
    comment="差異調査: a difference between a book and the register, until its cause is known (R-JVCEA-15.2(3), (4))",
)

certifier = Table(
    "certifier",
    metadata,
    text("institution_id", "カストディアンID"),
    text("account", "署名者のアドレス: a key of the custodian that certifies balances"),
    hash32("evidence", "届出書のダイジェスト: SHA-256"),
    instant("proposed_at", "起案日時"),
    text("proposed_by", "起案者"),
    instant("approved_at", "承認日時: nothing it signs counts before", null=True),
    text("approved_by", "承認者: somebody else", null=True),
    instant("ended_at", "終了日時: nothing it signs counts from here on", null=True),
    text("ended_by", "終了者", null=True),
    PrimaryKeyConstraint("institution_id", "account"),
    ForeignKeyConstraint(["institution_id"], ["institution.institution_id"]),
    an_address("account"),
    CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_at"),
    CheckConstraint("approved_by <> proposed_by", name="approved_by"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at"),
    comment="残高証明の署名者: whose signature makes a balance certificate of a custodian",
)

balance_certificate = Table(
    "balance_certificate",
    metadata,
    text("certificate_id", "残高証明書ID: from the digest of the document"),
    text("custodian_id", "カストディアンID: who certifies"),
    text("broker_id", "保護預り先ID: whose customers they are"),
    text("product_id", "受益権ID"),
    text("as_of", "基準時点: an instant or a block, as the document writes it"),
    octets("document", "証明書の本文: its very bytes"),
    hash32("digest", "本文のダイジェスト: SHA-256, which is signed"),
    text("signer", "署名者のアドレス"),
    octets("signature", "署名: 65 bytes r, s, v (EIP-712)"),
    instant("issued_at", "発行日時"),
    text("issued_by", "登録者: who handed it in"),
    PrimaryKeyConstraint("certificate_id"),
    ForeignKeyConstraint(
        ["custodian_id", "signer"], ["certifier.institution_id", "certifier.account"]
    ),
    ForeignKeyConstraint(["broker_id"], ["institution.institution_id"]),
    ForeignKeyConstraint(["product_id"], ["product.product_id"]),
    CheckConstraint("length(signature) = 65", name="signature"),
    Index(
        "balance_certificate_of_uq",
        "custodian_id",
        "broker_id",
        "product_id",
        "as_of",
        unique=True,
    ),
    comment="残高証明書: what a custodian keeps for a broker's customers, signed outside (R-JVCEA-19)",
)
