"""`genbo register print`, `certificate`, `verify`, `anchor`: the register as a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genbo.cli.options import AsJson, AsOf, AsOfBlock, Lang, ProductKey, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language
from genbo.reporting.extent import Extent, Form

if TYPE_CHECKING:
    from genbo.bootstrap.office import Office
    from genbo.bootstrap.register_anchor import AnchoredRegister
    from genbo.bootstrap.register_output import Issued
    from genbo.bootstrap.settled import Settled
    from genbo.storage.register import AsOf as Instant

DocumentLang = Annotated[
    Language, typer.Option("--lang", help="Language of the document and of refusals: ja or en.")
]
FormOption = Annotated[Form, typer.Option("--format", help="The file: json, csv, xlsx or pdf.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write; readable by its owner alone.")]
Requester = Annotated[
    str,
    typer.Option(
        "--requester",
        help="Who asked for it (請求者): id of an institution, an investor or a document; no name.",
    ),
]
Reason = Annotated[
    str,
    typer.Option("--reason", help="Why (閲覧の理由), for the inspection log; no personal data."),
]
AsInstitution = Annotated[
    str | None,
    typer.Option("--for", help="As this institution sees it. Default: the registrar's office."),
]
_PRINT = examples(
    "genbo register print --product SHIBUYA-JINNAN --as-of 2022-01-31 --format pdf --out register.pdf"
    ' --requester T-1 --reason "record date"',
    "genbo register print --product SHIBUYA-JINNAN --format xlsx --extent reduced --for AM-KIP"
    ' --out issuer.xlsx --requester AM-KIP --reason "monthly report" --lang en',
    "genbo register print --product SHIBUYA-JINNAN --format csv --extent own_customers --for B1"
    ' --out b1.csv --requester B1 --reason "reconciliation"',
)
_CERTIFICATE = examples(
    "genbo register certificate IV-0001 --product SHIBUYA-JINNAN --as-of 2022-01-31 --out IV-0001.pdf"
    ' --requester IV-0001 --reason "request of the holder"',
)
_VERIFY = examples(
    "genbo register verify register.pdf", "genbo register verify register.csv --json"
)
_ANCHOR = examples("genbo register anchor --product SHIBUYA-JINNAN --as-of 2022-01-31")


def print_document(
    product: ProductKey,
    out: Out,
    requester: Requester,
    reason: Reason,
    as_of: AsOf = None,
    as_of_block: AsOfBlock = None,
    form: FormOption = Form.PDF,
    extent: Annotated[
        Extent,
        typer.Option(
            "--extent",
            help="How much: full with names, reduced to ids, or own_customers of the institution in --for.",
        ),
    ] = Extent.FULL,
    institution: AsInstitution = None,
    as_json: AsJson = False,
    lang: DocumentLang = Language.JA,
) -> None:
    """Print the statutory register (受益権原簿、社債原簿、株主名簿) as of an instant, lot by lot.

    The same request gives the same bytes. Names are as they were on that day. That it was printed, for whom and why, is
    kept in the inspection log (閲覧記録); where names are opened, the vault keeps the reading too.
    """
    from genbo.bootstrap.register_output import Asker, issue_register, sized
    from genbo.cli.session import actor, office, wall_clock
    from genbo.governance.inspection import inspection_request
    from genbo.governance.institutions import InstitutionId
    from genbo.kernel import ProductId

    output = Output(as_json=as_json, language=lang)
    request = inspection_request(requester=requester, reason=reason)
    instant = _instant(as_of, as_of_block)
    asker = Asker(
        by=actor(),
        at=wall_clock(),
        institution=None if institution is None else InstitutionId(institution),
    )
    with office() as working:
        _, lots = sized(working, ProductId(product), as_of=instant, extent=extent, asker=asker)
        with output.waiting("lines", lots) as tick:
            issued = issue_register(
                working,
                ProductId(product),
                as_of=instant,
                extent=extent,
                form=form,
                language=lang,
                request=request,
                asker=asker,
                tick=tick,
            )
        standing = _standing(working, issued, instant)
    _written(output, issued, out, standing)


def certificate(
    investor: Annotated[str, typer.Argument(metavar="INVESTOR", help="Investor id (投資家ID).")],
    product: ProductKey,
    out: Out,
    requester: Requester,
    reason: Reason,
    as_of: AsOf = None,
    as_of_block: AsOfBlock = None,
    form: FormOption = Form.PDF,
    as_json: AsJson = False,
    lang: DocumentLang = Language.JA,
) -> None:
    """Print a certificate of one holder's entries (記載事項証明書): Trust Act 187, Companies Act 122 and 682."""
    from genbo.bootstrap.register_output import Asker, issue_register
    from genbo.cli.session import actor, office, wall_clock
    from genbo.compliance.privacy import Purpose
    from genbo.governance.inspection import inspection_request
    from genbo.kernel import InvestorId, ProductId

    output = Output(as_json=as_json, language=lang)
    request = inspection_request(requester=requester, reason=reason)
    instant = _instant(as_of, as_of_block)
    with office() as working:
        issued = issue_register(
            working,
            ProductId(product),
            as_of=instant,
            extent=Extent.FULL,
            form=form,
            language=lang,
            request=request,
            asker=Asker(by=actor(), at=wall_clock(), purpose=Purpose.CERTIFICATE),
            holder=InvestorId(investor),
        )
        standing = _standing(working, issued, instant)
    _written(output, issued, out, standing)


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A printed register or certificate.")
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Prove a printout: compare it with the register as of its own instant, and look for its anchor on the ledger.

    Exit code 0: it is, byte for byte, what the register gives. 1: it is not; every place where it differs is said.
    """
    from genbo.bootstrap.register_output import Asker
    from genbo.bootstrap.register_proof import Genuineness, prove
    from genbo.cli.session import actor, office, wall_clock
    from genbo.kernel import Fault
    from genbo.kernel import Reason as Why

    output = Output(as_json=as_json, language=lang)
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Why.FILE_UNREADABLE, file=str(file), problem=problem) from None
    with office() as working:
        proof = prove(working, content, name=file.name, asker=Asker(by=actor(), at=wall_clock()))
    register = proof.register
    output.heading(f"{register.title.en} of {register.product}")
    output.say(f"verdict     {proof.verdict.value}: {_VERDICTS[proof.verdict.value]}")
    output.say(f"digest      {register.digest}")
    if proof.anchor is None:
        output.say("anchor      none: the register of this instant was never anchored")
    else:
        output.say(_anchor_line(proof.anchor))
    if proof.differences:
        output.table(
            ("line", "lot", "field", "the file says", "the register says"),
            [
                (each.line or "-", each.lot or "-", each.what, each.said or "-", each.true or "-")
                for each in proof.differences
            ],
        )
    output.answer(
        {
            "verdict": proof.verdict.value,
            "product": register.product,
            "as_of": register.as_of,
            "block": register.stamp,
            "digest": register.digest,
            "facts_digest": register.facts_digest,
            "anchor": None if proof.anchor is None else _anchor_fields(proof.anchor),
            "differences": [
                {
                    "line": each.line,
                    "lot": each.lot,
                    "field": each.what,
                    "said": each.said,
                    "true": each.true,
                }
                for each in proof.differences
            ],
        }
    )
    if proof.verdict is not Genuineness.PROVEN:
        raise typer.Exit(1)


def anchor(
    product: ProductKey,
    as_of: AsOf = None,
    as_of_block: AsOfBlock = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Commit to the register as of an instant on the ledger (アンカリング), without a name in what is hashed.

    What is printed afterwards, or was printed before, is proved against it by `genbo register verify`.
    """
    from genbo.bootstrap.register_anchor import anchor_register
    from genbo.bootstrap.register_output import Asker, make_register
    from genbo.cli.session import actor, office, wall_clock
    from genbo.kernel import ProductId

    output = Output(as_json=as_json, language=lang)
    instant = _instant(as_of, as_of_block)
    asker = Asker(by=actor(), at=wall_clock())
    with office() as working:
        register = make_register(
            working, ProductId(product), as_of=instant, extent=Extent.REDUCED, asker=asker
        )
        anchored = anchor_register(working, register, now=asker.at, by=asker.by)
    output.say(_anchor_line(anchored) + (" (it stood there before)" if anchored.already else ""))
    output.answer(_anchor_fields(anchored) | {"facts_digest": register.facts_digest})


def _instant(as_of: str | None, as_of_block: int | None) -> Instant | None:
    from genbo.kernel import parse_as_of

    if as_of and as_of_block is not None:
        raise typer.BadParameter("give --as-of or --as-of-block, not both")
    return parse_as_of(as_of) if as_of else as_of_block


def _standing(working: Office, issued: Issued, instant: Instant | None) -> Settled:
    from genbo.bootstrap.settled import settled
    from genbo.cli.session import wall_clock

    at_block = instant if isinstance(instant, int) else None
    return settled(
        working.house,
        issued.register.stamp,
        as_of=None if isinstance(instant, int) else instant,
        block=at_block,
        now=wall_clock(),
    )


def _written(output: Output, issued: Issued, out: Path, standing: Settled) -> None:
    from genbo.cli.files.written import write_file
    from genbo.cli.session import block_line, final_line, jst

    register = issued.register
    write_file(out, issued.content, personal=True)
    output.heading(f"{register.title.en} of {register.product}: {out}")
    output.say(f"as of       {jst(register.as_of)}; {block_line(register.stamp)}")
    output.say(
        f"lines       {len(register.lines):,} lots of {register.holders:,} holders, {register.units:,} units"
    )
    output.say(f"digest      {register.digest}")
    output.say(f"inspection  {issued.inspection.id}")
    if not standing.final:
        output.say(
            f"not final   the register of this instant may still change; {final_line(standing)}"
        )
    output.answer(
        {
            "file": str(out),
            "product": register.product,
            "extent": register.extent.value,
            "as_of": register.as_of,
            "block": register.stamp,
            "lots": len(register.lines),
            "holders": register.holders,
            "units": register.units,
            "total_issued": int(register.total_issued),
            "digest": register.digest,
            "facts_digest": register.facts_digest,
            "inspection": issued.inspection.id,
            **standing.document(),
        }
    )


def _anchor_line(anchored: AnchoredRegister) -> str:
    return f"anchor      {anchored.root.root} under {anchored.root.subject}, {anchored.root.day}"


def _anchor_fields(anchored: AnchoredRegister) -> dict[str, object]:
    return {
        "subject": anchored.root.subject,
        "day": anchored.root.day,
        "root": anchored.root.root,
        "secret": anchored.root.record.secret,
        "anchored_at": anchored.anchor.anchored,
    }


_VERDICTS = {
    "proven": "byte for byte what the register gives",
    "rewritten": "its content is true, but it is not the file as this version writes it: print it again and compare",
    "falsified": "it is not what the register gives",
}
COMMANDS = {
    "print": print_document,
    "certificate": certificate,
    "verify": verify,
    "anchor": anchor,
}
EXAMPLES = {"print": _PRINT, "certificate": _CERTIFICATE, "verify": _VERIFY, "anchor": _ANCHOR}
