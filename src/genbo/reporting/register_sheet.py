"""A register as a table, for CSV and Excel: one line to a lot, each fact in a column of its own."""

from collections.abc import Iterator, Sequence

from genbo.compliance.reasons import Language
from genbo.reporting.line_words import note_words, restriction_words
from genbo.reporting.sheet import Cell, Sheet, SheetColumn
from genbo.reporting.statutory_register import FORMAT, StatutoryRegister
from genbo.reporting.words import Both, as_of_words


def register_sheet(register: StatutoryRegister, language: Language) -> Sheet:
    """The register as a table: one line to a lot, each fact in a column of its own."""
    stamp = register.stamp
    facts = [
        ("format", Both("形式", "Format"), FORMAT),
        ("language", Both("言語", "Language"), language.value),
        ("title", Both("表題", "Title"), register.title(language)),
        ("law", Both("根拠", "Law"), register.law(language)),
        ("product", Both("銘柄ID", "Product id"), register.product),
        ("product_name", Both("銘柄名称", "Name"), register.facts.name),
        ("extent", Both("範囲", "Extent"), register.extent.value),
        ("institution", Both("対象機関", "Institution"), register.institution or ""),
        ("holder", Both("名義人", "Holder"), register.holder or ""),
        ("as_of", Both("基準時点（UTC）", "As of (UTC)"), register.as_of.isoformat()),
        (
            "as_of_jst",
            Both("基準時点", "As of"),
            as_of_words(register.as_of, language),
        ),
        ("chain_id", Both("チェーンID", "Chain id"), str(stamp.chain_id)),
        ("block", Both("ブロック", "Block"), str(stamp.number)),
        ("block_hash", Both("ブロックハッシュ", "Block hash"), stamp.hash),
        ("block_at", Both("ブロック時刻（UTC）", "Block time (UTC)"), stamp.at.isoformat()),
        *((each.key, each.label, each.text(language)) for each in register.items),
        ("total_issued", Both("総発行数量", "Total issued"), str(int(register.total_issued))),
        ("units", Both("記載数量の合計", "Sum of the lines"), str(register.units)),
        ("holders", Both("名義人数", "Holders"), str(register.holders)),
        ("lots", Both("行数", "Lines"), str(len(register.lines))),
        ("digest", Both("内容のハッシュ", "Content SHA-256"), register.digest),
        ("facts_digest", Both("事実のハッシュ", "SHA-256 without names"), register.facts_digest),
    ]
    return Sheet(
        title=register.title(language),
        facts=[(key, label(language), text) for key, label, text in facts],
        columns=[
            SheetColumn(heading=heading(language), width=width)
            for _, heading, width in _columns(register)
        ],
        rows=_rows(register, language),
    )


def _columns(register: StatutoryRegister) -> list[tuple[str, Both, int]]:
    return [
        (key, label, width)
        for key, label, width in (
            ("no", Both("番号", "No."), 8),
            ("investor_id", Both("投資家ID", "Investor"), 16),
            ("name", Both("氏名又は名称", "Name"), 30),
            ("registered_address", Both("住所", "Address"), 50),
            ("account", Both("口座（アドレス）", "Account"), 44),
            ("lot", Both("ロット", "Lot"), 12),
            ("units", register.kind.units, 14),
            ("acquired", Both("取得日", "Acquired"), 12),
            ("reference", Both("取得取引", "Acquired by"), 18),
            ("restrictions", Both("処分の制限", "Restrictions"), 30),
            ("notes", Both("備考", "Notes"), 20),
            ("agent", Both("取扱証券会社", "Broker"), 30),
            ("account_keeper", Both("口座管理機関", "Custodian"), 30),
        )
        if register.extent.named or key not in _PERSONAL
    ]


_PERSONAL = ("name", "registered_address", "agent", "account_keeper")


def _rows(register: StatutoryRegister, language: Language) -> Iterator[Sequence[Cell]]:
    named = register.extent.named
    for number, line in enumerate(register.sorted_lines, 1):
        who: tuple[Cell, ...] = (number, line.holder or "")
        if named:
            who += (line.name or "", line.registered_address or "")
        what: tuple[Cell, ...] = (
            line.account,
            str(line.lot),
            int(line.units),
            line.acquired,
            line.ref or "",
            restriction_words(line, language),
            note_words(line, language),
        )
        yield (*who, *what, line.agent or "", line.account_keeper or "") if named else (*who, *what)
