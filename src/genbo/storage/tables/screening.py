"""Screening (照合): lists in versions, thresholds, what was found of whom, who released it. No customer's name."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from genbo.compliance.screening import Ground, Kind, Outcome, Trigger
from genbo.storage.tables.columns import (
    day,
    flag,
    hash32,
    instant,
    metadata,
    number,
    one_of,
    text,
)

sanctions_list = Table(
    "sanctions_list",
    metadata,
    text("list_name", "リスト名: the same in every version"),
    number("number", "版番号: counts up from 1; the last one is in force"),
    text("source", "形式: what it was read from"),
    day("published", "発行日: as its publisher gives it"),
    hash32("digest", "ファイルのSHA-256"),
    number("entries", "件数"),
    hash32("entries_digest", "収録内容のダイジェスト: over every entry, by id"),
    instant("loaded_at", "取込日時"),
    text("loaded_by", "取込者"),
    PrimaryKeyConstraint("list_name", "number"),
    UniqueConstraint("list_name", "digest"),
    CheckConstraint("number > 0", name="number"),
    CheckConstraint("entries > 0", name="entries"),
    comment="制裁対象者リスト: versions of the lists that customers are compared with",
)

sanctions_entry = Table(
    "sanctions_entry",
    metadata,
    text("list_name", "リスト名"),
    text("entry_id", "登録ID: the list's own"),
    number("from_number", "開始版"),
    number("until_number", "終了版: the first version without it", null=True),
    text("kind", "種別"),
    Column("names", ARRAY(Text), nullable=False, comment="名称: as published"),
    Column("births", ARRAY(Text), nullable=False, comment="生年月日: as published"),
    Column("programs", ARRAY(Text), nullable=False, comment="措置: as published"),
    hash32("digest", "登録内容のSHA-256"),
    PrimaryKeyConstraint("list_name", "entry_id", "from_number"),
    ForeignKeyConstraint(
        ["list_name", "from_number"], ["sanctions_list.list_name", "sanctions_list.number"]
    ),
    one_of("kind", *Kind),
    CheckConstraint("until_number > from_number", name="until_number"),
    Index("sanctions_entry_until_ix", "list_name", "until_number"),
    Index("sanctions_entry_from_ix", "list_name", "from_number"),
    comment="制裁対象者リストの登録: published entries, each for the versions that have it",
)

screening_thresholds = Table(
    "screening_thresholds",
    metadata,
    number("number", "順番: the last one is in force"),
    text("version", "判定基準の版"),
    number("possible", "要確認の下限スコア"),
    number("hit", "該当の下限スコア"),
    number("birth_years", "生年の許容差: years"),
    instant("set_at", "設定日時"),
    text("set_by", "設定者"),
    PrimaryKeyConstraint("version"),
    UniqueConstraint("number"),
    CheckConstraint("possible BETWEEN 1 AND hit AND hit <= 100", name="possible"),
    CheckConstraint("birth_years >= 0", name="birth_years"),
    comment="照合の判定基準: versions; from which scores a match is possible, and a hit",
)

_SCREENING = ("investor_id", "list_name", "list_number", "subject_version", "thresholds")

screening = Table(
    "screening",
    metadata,
    text("investor_id", "投資家ID"),
    text("list_name", "リスト名"),
    number("list_number", "版番号"),
    number("subject_version", "氏名の版"),
    text("thresholds", "判定基準の版"),
    text("trigger", "契機"),
    text("outcome", "結果"),
    number("score", "最高スコア: 0 without a match"),
    Column("matches", JSONB, nullable=False, comment="該当候補: entry id, digest, score, ground"),
    flag("unread", "照合不能の氏名あり"),
    instant("screened_at", "照合日時"),
    text("screened_by", "照合者"),
    PrimaryKeyConstraint(*_SCREENING),
    ForeignKeyConstraint(["investor_id"], ["investor.investor_id"]),
    ForeignKeyConstraint(
        ["list_name", "list_number"], ["sanctions_list.list_name", "sanctions_list.number"]
    ),
    ForeignKeyConstraint(["thresholds"], ["screening_thresholds.version"]),
    one_of("trigger", *Trigger),
    one_of("outcome", *Outcome),
    CheckConstraint("score BETWEEN 0 AND 100", name="score"),
    Index(
        "screening_open_ix", "list_name", "investor_id", postgresql_where=sql("outcome <> 'clear'")
    ),
    comment="照合結果: one customer against one version of a list; no name",
)

release_proposal = Table(
    "release_proposal",
    metadata,
    text("proposal_id", "解除申請ID"),
    *(
        number(name, comment) if name in ("list_number", "subject_version") else text(name, comment)
        for name, comment in (
            ("investor_id", "投資家ID"),
            ("list_name", "リスト名"),
            ("list_number", "版番号"),
            ("subject_version", "氏名の版"),
            ("thresholds", "判定基準の版"),
        )
    ),
    text("ground", "解除の理由"),
    text("maker", "起案者"),
    hash32("evidence", "根拠書類のダイジェスト"),
    instant("made_at", "起案日時"),
    PrimaryKeyConstraint("proposal_id"),
    ForeignKeyConstraint(_SCREENING, [f"screening.{name}" for name in _SCREENING]),
    one_of("ground", *Ground),
    Index(None, "investor_id"),
    comment="解除申請: the maker's half of a release",
)

screening_release = Table(
    "screening_release",
    metadata,
    text("proposal_id", "解除申請ID"),
    text("approver", "承認者"),
    instant("approved_at", "承認日時"),
    PrimaryKeyConstraint("proposal_id"),
    ForeignKeyConstraint(["proposal_id"], ["release_proposal.proposal_id"]),
    comment="解除: the second person's half",
)
