"""A register as pages, with the same register for machines inside the file."""

from collections.abc import Sequence

from genbo.compliance.reasons import Language
from genbo.reporting.line_words import remarks
from genbo.reporting.paper import Paper, PaperColumn, PaperFile
from genbo.reporting.register_kind import RegisterKind
from genbo.reporting.statutory_register import LotLine, StatutoryRegister
from genbo.reporting.words import EXTENTS, Both, as_of_words, block_words, digest_words


def register_paper(register: StatutoryRegister, language: Language) -> Paper:
    """The register as pages."""
    kind = register.kind
    whole = register.units == int(register.total_issued)
    return Paper(
        title=f"{kind.title(language)}" + Both("（写）", " (copy)")(language),
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
            (Both("検証", "Proof")(language), PROOF(language)),
        ],
        feet=[digest_words(register.digest, language), block_words(register.stamp, language)],
        language=language,
        file=attachment(register),
    )


def attachment(register: StatutoryRegister) -> PaperFile:
    """The JSON that goes along inside the PDF."""
    return PaperFile(
        name="register.json",
        content=register.as_json,
        description=f"{register.title.en} of {register.product}, for machines",
    )


PROOF = Both(
    "この写しは、添付の register.json と台帳に基づき、genbo register verify で検証できる。",
    "Proved against the ledger by: genbo register verify. The same register is attached as register.json.",
)


def heads(register: StatutoryRegister, language: Language) -> list[str]:
    """What stands below the title of every page."""
    whose = f"　{register.institution}" if register.institution else ""
    return [
        f"{register.facts.name}（{register.product}）　{register.law(language)}"
        if language is Language.JA
        else f"{register.facts.name} ({register.product}); {register.law(language)}",
        as_of_words(register.as_of, language),
        Both("範囲：", "Extent: ")(language) + EXTENTS[register.extent](language) + whose,
    ]


def paper_columns(kind: RegisterKind, language: Language, *, named: bool) -> list[PaperColumn]:
    """The columns of a page, 273 mm wide."""
    columns: tuple[tuple[Both, int, bool], ...]
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
    if not named:
        return (
            f"{number:,}",
            line.holder or "-",
            line.account,
            f"{int(line.units):,}",
            line.acquired.isoformat(),
            str(line.lot),
            remarks(line, language),
        )
    return (
        f"{number:,}",
        f"{line.holder or '-'}\n{line.account[:8]}…{line.account[-6:]}",
        line.name or "-",
        line.registered_address or "-",
        f"{int(line.units):,}",
        f"{line.acquired.isoformat()}\n{line.lot}",
        remarks(line, language),
        "\n".join(each for each in (line.agent, line.account_keeper) if each),
    )
