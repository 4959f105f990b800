"""A certificate of entries (記載事項証明書) as pages: what the register says of one holder, for that holder.

The law asks for a signature or seal of who keeps the register (Trust Act 187, Companies Act 122 and 682). The paper
leaves the place; the day of issue is written by hand, because the same request has to give the same bytes.
"""

from genbo.compliance.reasons import Language
from genbo.reporting.line_words import remarks
from genbo.reporting.paper import Paper, PaperColumn
from genbo.reporting.register_kind import RegisterKind
from genbo.reporting.register_paper import PROOF, attachment
from genbo.reporting.statutory_register import StatutoryRegister
from genbo.reporting.words import Both, as_of_words, block_words, digest_words, firm_words


def certificate_paper(register: StatutoryRegister, language: Language) -> Paper:
    """The certificate as pages."""
    lines = register.sorted_lines
    first = lines[0]
    law = register.law(language)
    return Paper(
        title=register.title(language),
        heads=[
            f"{register.facts.name}（{register.product}）　{law}"
            if language is Language.JA
            else f"{register.facts.name} ({register.product}); {law}",
            as_of_words(register.as_of, language),
        ],
        facts=[
            (Both("氏名又は名称", "Name")(language), first.name or "-"),
            (Both("住所", "Address")(language), first.registered_address or "-"),
            (Both("投資家ID", "Investor")(language), register.holder or "-"),
            *((each.label(language), each.text(language)) for each in register.items),
        ],
        statement=_STATEMENTS[register.kind](language),
        columns=_columns(register.kind, language),
        rows=[
            (
                f"{number:,}",
                line.account,
                f"{int(line.units):,}",
                line.acquired.isoformat(),
                str(line.lot),
                remarks(line, language),
            )
            for number, line in enumerate(lines, 1)
        ],
        figures=[int(line.units) for line in lines],
        total=Both("合計", "Total")(language),
        closing=[
            *_seal(register, language),
            (Both("内容のハッシュ", "Content SHA-256")(language), register.digest),
            (Both("検証", "Proof")(language), PROOF(language)),
        ],
        feet=[digest_words(register.digest, language), block_words(register.stamp, language)],
        language=language,
        file=attachment(register),
        orientation="portrait",
    )


def _seal(register: StatutoryRegister, language: Language) -> list[tuple[str, str]]:
    trustee = register.facts.trustee
    keeper = "-" if trustee is None else firm_words(trustee.name, trustee.registered_address)
    return [
        (
            Both("発行日", "Issued on")(language),
            Both("　　　　年　　月　　日", "____ - __ - __")(language),
        ),
        (Both("原簿管理者", "Keeper of the register")(language), keeper),
        (
            Both("代表者\n（署名又は記名押印）", "Representative\n(signature or seal)")(language),
            Both(
                "　　　　　　　　　　　　　　　　　　　　　　㊞", "______________________________"
            )(language),
        ),
    ]


def _columns(kind: RegisterKind, language: Language) -> list[PaperColumn]:
    columns = (
        (Both("番号", "No."), 11, False),
        (Both("口座（アドレス）", "Account"), 72, False),
        (kind.units, 25, True),
        (Both("取得日", "Acquired"), 20, False),
        (Both("ロット", "Lot"), 18, False),
        (Both("処分の制限・備考", "Restrictions, notes"), 40, False),
    )
    return [
        PaperColumn(heading=heading(language), width=width, right=right, summed=right)
        for heading, width, right in columns
    ]


def _statement(ja: str, en: str) -> Both:
    return Both(
        f"上記の者について、{ja}に次のとおり記録されていることを証明する。",
        f"It is certified that the {en} has the following entries of the holder named above.",
    )


_STATEMENTS = {
    RegisterKind.BENEFICIARY: _statement("受益権原簿", "beneficiary register"),
    RegisterKind.BOND: _statement("社債原簿", "bond register"),
    RegisterKind.SHAREHOLDER: _statement("株主名簿", "shareholder register"),
    RegisterKind.RIGHTS: _statement("権利者名簿", "record of holders"),
}
