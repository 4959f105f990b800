"""The four forms of a register: JSON, CSV, Excel, PDF."""

from collections.abc import Iterator, Sequence

from genbo.compliance.reasons import Language
from genbo.reporting.csv_form import as_csv
from genbo.reporting.excel_form import as_xlsx
from genbo.reporting.extent import Form
from genbo.reporting.paper import Paper, PaperColumn, PaperFile, as_pdf
from genbo.reporting.register_kind import RegisterKind
from genbo.reporting.sheet import Cell, Sheet, SheetColumn
from genbo.reporting.statutory_register import FORMAT, LotLine, Note, StatutoryRegister
from genbo.reporting.words import (
    EXTENTS,
    Both,
    as_of_words,
    block_words,
    digest_words,
    listed,
)

_NOTES = {
    Note.INITIAL_BENEFICIARY: Both("当初受益者", "initial beneficiary"),
    Note.ERASED: Both("個人情報消去済", "personal data erased"),
    Note.HOLDER_UNKNOWN: Both("名義人不明", "holder unknown"),
}


def rendered(register: StatutoryRegister, form: Form, language: Language) -> bytes:
    """The register as a file. The same register, form and language are the same bytes.

    Raises:
        Fault: `file_unreadable` when the fonts of the pages are missing.
    """
    match form:
        case Form.JSON:
            return register.as_json
        case Form.CSV:
            return as_csv(register_sheet(register, language))
        case Form.XLSX:
            return as_xlsx(register_sheet(register, language), made=register.stamp.at)
        case Form.PDF:
            return as_pdf(register_paper(register, language), made=register.stamp.at)


# As a table ----------------------------------------------------------------------------------------


def register_sheet(register: StatutoryRegister, language: Language) -> Sheet:
    """The register as a table: one line to a lot, each fact in a column of its own."""
    stamp = register.stamp
    facts = [
        ("format", Both("形式", "Format"), FORMAT),
        ("language", Both("言語", "Language"), language.value),
        ("title", Both("表題", "Title"), register.kind.title(language)),
        ("law", Both("根拠", "Law"), register.kind.law(language)),
        ("product", Both("銘柄ID", "Product id"), register.product),
        ("product_name", Both("銘柄名称", "Name"), register.facts.name),
        ("extent", Both("範囲", "Extent"), register.extent.value),
        ("institution", Both("対象機関", "Institution"), register.institution or ""),
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
        title=register.kind.title(language),
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


def restriction_words(line: LotLine, language: Language) -> str:
    """The restrictions of a line in one cell."""
    return listed((each.words(language) for each in line.restrictions), language)


def note_words(line: LotLine, language: Language) -> str:
    """The remarks of a line in one cell."""
    return listed((_NOTES[each](language) for each in line.notes), language)


# As pages ------------------------------------------------------------------------------------------


def register_paper(register: StatutoryRegister, language: Language) -> Paper:
    """The register as pages, with its JSON inside."""
    kind = register.kind
    whole = register.units == int(register.total_issued)
    return Paper(
        title=f"{kind.title(language)}" + Both("（写）", " (extract)")(language),
        heads=heads(register, language),
        facts=[(each.label(language), each.text(language)) for each in register.items],
        columns=paper_columns(kind, language, named=register.extent.named),
        rows=[
            paper_row(number, line, language, named=register.extent.named)
            for number, line in enumerate(register.sorted_lines, 1)
        ],
        figures=[int(line.units) for line in register.sorted_lines],
        total=Both("合計", "Total")(language),
        closing=[
            (Both("名義人", "Holders")(language), f"{register.holders:,}"),
            (
                Both("総発行数量", "Total issued")(language),
                f"{int(register.total_issued):,}"
                + ("" if whole else Both("（一部の写し）", " (this is a part)")(language)),
            ),
            (Both("内容のハッシュ", "Content SHA-256")(language), register.digest),
            (
                Both("事実のハッシュ（氏名等を除く）", "SHA-256 without names")(language),
                register.facts_digest,
            ),
            (Both("検証", "Proof")(language), _PROOF(language)),
        ],
        feet=[digest_words(register.digest, language), block_words(register.stamp, language)],
        language=language,
        file=PaperFile(
            name="register.json",
            content=register.as_json,
            description=f"{kind.title.en} of {register.product}, for machines",
        ),
    )


_PROOF = Both(
    "この写しは、添付の register.json と台帳に基づき、genbo register verify で検証できる。",
    "Proved against the ledger with `genbo register verify`; the same register is attached as register.json.",
)


def heads(register: StatutoryRegister, language: Language) -> list[str]:
    """What stands below the title of every page."""
    whose = f"　{register.institution}" if register.institution else ""
    return [
        f"{register.facts.name}（{register.product}）　{register.kind.law(language)}"
        if language is Language.JA
        else f"{register.facts.name} ({register.product}); {register.kind.law(language)}",
        as_of_words(register.as_of, language),
        Both("範囲：", "Extent: ")(language) + EXTENTS[register.extent](language) + whose,
    ]


def paper_columns(kind: RegisterKind, language: Language, *, named: bool) -> list[PaperColumn]:
    """The columns of a page, 273 mm wide."""
    if named:
        columns = (
            (Both("番号", "No."), 13, False),
            (Both("投資家ID\n口座", "Investor\nAccount"), 30, False),
            (Both("氏名又は名称", "Name"), 50, False),
            (Both("住所", "Address"), 66, False),
            (kind.units, 25, True),
            (Both("取得日\nロット", "Acquired\nLot"), 22, False),
            (Both("処分の制限・備考", "Restrictions, notes"), 35, False),
            (Both("取扱証券会社\n口座管理機関", "Broker\nCustodian"), 32, False),
        )
    else:
        columns = (
            (Both("番号", "No."), 14, False),
            (Both("投資家ID", "Investor"), 40, False),
            (Both("口座（アドレス）", "Account"), 78, False),
            (kind.units, 32, True),
            (Both("取得日", "Acquired"), 22, False),
            (Both("ロット", "Lot"), 27, False),
            (Both("処分の制限・備考", "Restrictions, notes"), 60, False),
        )
    return [
        PaperColumn(heading=heading(language), width=width, right=right, summed=right)
        for heading, width, right in columns
    ]


def paper_row(number: int, line: LotLine, language: Language, *, named: bool) -> Sequence[str]:
    """A line on a page."""
    remarks = [
        *(each.words(language) for each in line.restrictions),
        *(_NOTES[each](language) for each in line.notes),
    ]
    if not named:
        return (
            f"{number:,}",
            line.holder or "-",
            line.account,
            f"{int(line.units):,}",
            line.acquired.isoformat(),
            str(line.lot),
            "\n".join(remarks),
        )
    return (
        f"{number:,}",
        f"{line.holder or '-'}\n{line.account[:8]}…{line.account[-6:]}",
        line.name or "-",
        line.registered_address or "-",
        f"{int(line.units):,}",
        f"{line.acquired.isoformat()}\n{line.lot}",
        "\n".join(remarks),
        "\n".join(each for each in (line.agent, line.account_keeper) if each),
    )
