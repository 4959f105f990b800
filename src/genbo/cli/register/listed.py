"""`genbo register holdings`, `changes`, `provenance`, `inspections`: tables about a register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, AsOf, AsOfBlock, Lang, ProductKey, examples
from genbo.cli.output import Output
from genbo.cli.register.issued import AsInstitution, DocumentLang, FormOption, _instant
from genbo.compliance.reasons import Language
from genbo.reporting.extent import Form

if TYPE_CHECKING:
    from genbo.bootstrap.register_output import Asker
    from genbo.governance.inspection import Inspection
    from genbo.reporting.listing import Listing

_HOLDINGS = examples(
    "genbo register holdings --product SHIBUYA-JINNAN --as-of 2022-01-31",
    "genbo register holdings --product SHIBUYA-JINNAN --format xlsx --out holdings.xlsx",
)
_CHANGES = examples(
    "genbo register changes --product SHIBUYA-JINNAN --since 2022-01-31 --as-of 2022-03-31",
    "genbo register changes --product SHIBUYA-JINNAN --since 2022-01-31 --format pdf --out changes.pdf",
)
_PROVENANCE = examples(
    "genbo register provenance --product SHIBUYA-JINNAN --investor IV-0001",
    "genbo register provenance --product SHIBUYA-JINNAN --lot 120.3.0 --json",
    "genbo register provenance --product SHIBUYA-JINNAN --out provenance.csv",
)
_INSPECTIONS = examples(
    "genbo register inspections --product SHIBUYA-JINNAN",
    "genbo register inspections --investor IV-0001 --json",
)
ListingOut = Annotated[
    Path | None, typer.Option("--out", help="The file to write. Default: on the screen.")
]
Investor = Annotated[
    str | None, typer.Option("--investor", help="Only of this investor (投資家ID).")
]


def holdings(
    product: ProductKey,
    as_of: AsOf = None,
    as_of_block: AsOfBlock = None,
    investor: Investor = None,
    institution: AsInstitution = None,
    form: FormOption = Form.CSV,
    out: ListingOut = None,
    as_json: AsJson = False,
    lang: DocumentLang = Language.EN,
) -> None:
    """Holdings per investor and total issued as of an instant (投資家別残高). Nobody is named."""
    from genbo.bootstrap.listings import holdings_listing
    from genbo.cli.session import office
    from genbo.kernel import InvestorId, ProductId

    output = Output(as_json=as_json, language=lang)
    instant = _instant(as_of, as_of_block)
    with office() as working:
        listing = holdings_listing(
            working,
            ProductId(product),
            as_of=instant,
            asker=_asker(institution),
            investor=None if investor is None else InvestorId(investor),
        )
    _tell(output, listing, form, out)


def changes(
    product: ProductKey,
    since: Annotated[
        str,
        typer.Option(
            "--since", help="What happened after this instant: 2022-01-31 is the end of that day."
        ),
    ],
    as_of: AsOf = None,
    institution: AsInstitution = None,
    form: FormOption = Form.CSV,
    out: ListingOut = None,
    as_json: AsJson = False,
    lang: DocumentLang = Language.EN,
) -> None:
    """What changed between two instants (異動一覧): every entry, with both sides before and after it."""
    from genbo.bootstrap.listings import changes_listing
    from genbo.cli.session import office
    from genbo.kernel import ProductId, parse_as_of

    output = Output(as_json=as_json, language=lang)
    until = _instant(as_of, None)
    with office() as working:
        listing = changes_listing(
            working,
            ProductId(product),
            since=parse_as_of(since),
            until=until,
            asker=_asker(institution),
        )
    _tell(output, listing, form, out)


def provenance(
    product: ProductKey,
    as_of: AsOf = None,
    as_of_block: AsOfBlock = None,
    lot: Annotated[
        str | None,
        typer.Option("--lot", help="Only this lot, as the register prints it: 120.3.0."),
    ] = None,
    investor: Investor = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write: .csv, otherwise JSON.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """How units came to where they are, step by step from the issue (所有者の来歴). Nobody is named."""
    from genbo.bootstrap.printing import print_provenance
    from genbo.cli.files.written import write_file
    from genbo.cli.session import office
    from genbo.kernel import InvestorId, ProductId, Refusal
    from genbo.kernel import Reason as Why
    from genbo.register import LotId

    output = Output(as_json=as_json, language=lang)
    instant = _instant(as_of, as_of_block)
    only = None
    if lot is not None:
        parts = lot.split(".")
        if len(parts) != 3 or not all(each.isdecimal() and len(each) < 16 for each in parts):
            raise Refusal(Why.LOT_UNKNOWN, lot=lot[:40], product=product)
        only = LotId(*map(int, parts))
    with office() as working:
        document = print_provenance(
            working,
            ProductId(product),
            as_of=instant,
            lot=only,
            holder=None if investor is None else InvestorId(investor),
        )
    if out is not None:
        write_file(out, document.as_csv() if out.suffix == ".csv" else document.as_json())
    for each in document.lots:
        output.heading(
            f"{int(each.lot.units):,} units, lot {each.lot.id}, acquired {each.lot.acquired}"
        )
        output.table(
            ("kind", "units", "from", "to", "reference", "block"),
            [
                (
                    step.kind.name.lower(),
                    int(step.units),
                    "-" if step.came_from is None else document.investors.get(step.came_from, "-"),
                    document.investors.get(step.address, "-"),
                    step.lot.ref or "-",
                    step.lot.opened.stamp.number,
                )
                for step in each.steps
            ],
        )
    output.say(f"digest {document.digest()}")
    output.answer({**document.document(), "digest": document.digest()})


def inspections(
    product: Annotated[
        str | None, typer.Option("--product", help="Only of this product (受益権ID).")
    ] = None,
    investor: Annotated[
        str | None, typer.Option("--investor", help="Only certificates of this investor.")
    ] = None,
    most: Annotated[int, typer.Option("--last", min=1, help="How many at most.")] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Who was shown which register, and why (閲覧記録), the latest first."""
    from genbo.cli.session import jst, office
    from genbo.kernel import InvestorId, ProductId
    from genbo.storage.inspections import Inspections

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        found = Inspections(connection).all(
            product=None if product is None else ProductId(product),
            investor=None if investor is None else InvestorId(investor),
            most=most,
        )
    output.table(
        ("inspection", "at", "what", "product", "extent", "as of", "requester", "reason", "by"),
        [
            (
                each.id,
                jst(each.at),
                each.kind if each.investor is None else f"{each.kind} {each.investor}",
                each.product,
                each.extent,
                jst(each.as_of),
                each.request.requester,
                each.request.reason,
                each.by,
            )
            for each in found
        ],
    )
    output.answer({"inspections": [_fields(each) for each in found]})


def _asker(institution: str | None) -> Asker:
    from genbo.bootstrap.register_output import Asker
    from genbo.cli.session import actor, wall_clock
    from genbo.governance.institutions import InstitutionId

    return Asker(
        by=actor(),
        at=wall_clock(),
        institution=None if institution is None else InstitutionId(institution),
    )


def _tell(output: Output, listing: Listing, form: Form, out: Path | None) -> None:
    from genbo.cli.files.written import write_file
    from genbo.cli.session import block_line, jst

    if out is not None:
        write_file(out, listing.rendered(form, output.language))
    output.heading(f"{listing.title(output.language)}: {listing.product_name} ({listing.product})")
    output.say(f"as of {jst(listing.as_of)}; {block_line(listing.stamp)}")
    if out is None:
        shown = [place for place, column in enumerate(listing.columns) if column.width]
        output.table(
            [listing.columns[place].key for place in shown],
            [
                ["" if told[place] is None else told[place] for place in shown]
                for told in (listing.told(row, output.language) for row in listing.rows)
            ],
        )
    for key, value in listing.facts.items():
        output.say(f"{listing.fact_words[key](output.language)}: {value}")
    output.say(f"digest {listing.digest}")
    output.answer(
        {
            "format": listing.format,
            "product": listing.product,
            "since": listing.since,
            "as_of": listing.as_of,
            "block": listing.stamp,
            **listing.facts,
            "lines": list(listing.lines()),
            "digest": listing.digest,
        }
    )


def _fields(made: Inspection) -> dict[str, Any]:
    return {
        "inspection": made.id,
        "kind": made.kind,
        "product": made.product,
        "investor": made.investor,
        "extent": made.extent,
        "institution": made.institution,
        "as_of": made.as_of,
        "block": made.block,
        "facts_digest": made.facts_digest,
        "lots": made.lots,
        "form": made.form,
        "language": made.language,
        "requester": made.request.requester,
        "reason": made.request.reason,
        "purpose": made.purpose,
        "at": made.at,
        "by": made.by,
    }


COMMANDS = {
    "holdings": holdings,
    "changes": changes,
    "provenance": provenance,
    "inspections": inspections,
}
EXAMPLES = {
    "holdings": _HOLDINGS,
    "changes": _CHANGES,
    "provenance": _PROVENANCE,
    "inspections": _INSPECTIONS,
}
