"""`genbo disclosure`: disclosures (投資家情報の開示) of a product's holders to its issuer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, ProductKey, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from datetime import datetime

    from genbo.governance.institutions import DecidedDisclosure

_PROPOSE = (
    "genbo disclosure propose --product SHIBUYA-JINNAN --to AM-KIP --until 2027-03-31"
    ' --purpose "notice of a meeting" --basis request.pdf'
)
_APPROVE = "genbo disclosure approve D-6f1c0e5f2a3b4c5d"
_END = "genbo disclosure end D-6f1c0e5f2a3b4c5d"
_LIST = "genbo disclosure list --json"
commands = typer.Typer(
    help="Disclosures (投資家情報の開示) to issuers.",
    epilog=examples(_PROPOSE, _APPROVE, _END, _LIST),
)

DisclosureKey = Annotated[str, typer.Argument(metavar="ID", help="Id of the disclosure (開示ID).")]


@commands.callback()
def disclosure() -> None:
    """Disclosures (投資家情報の開示): who holds a product, for its issuer, decided by two persons of the registrar."""


@commands.command("propose", epilog=examples(_PROPOSE))
def propose(
    product: ProductKey,
    to: Annotated[
        str, typer.Option("--to", help="Id of the issuer: fund raiser or asset manager.")
    ],
    purpose: Annotated[
        str, typer.Option("--purpose", help="What the names are for; nothing personal.")
    ],
    basis: Annotated[
        Path,
        typer.Option("--basis", help="The document that allows it; its SHA-256 is recorded."),
    ],
    until: Annotated[
        str, typer.Option("--until", help="When it ends: 2027-03-31 is the end of that day (JST).")
    ],
    since: Annotated[
        str | None, typer.Option("--from", help="The instant it begins. Default: now.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose a disclosure. Nothing is disclosed until somebody else approves it."""
    import hashlib

    from genbo.bootstrap import disclosing
    from genbo.cli.session import actor, office, wall_clock
    from genbo.governance.institutions import InstitutionId
    from genbo.kernel import Digest, Fault, ProductId, Reason, parse_as_of

    output = Output(as_json=as_json, language=lang)
    try:
        content = basis.read_bytes()
    except OSError as error:
        problem = error.strerror or "cannot be read"
        raise Fault(Reason.FILE_UNREADABLE, file=str(basis), problem=problem) from None
    now = wall_clock()
    with office(read=False) as working:
        proposed = disclosing.propose(
            working.house,
            ProductId(product),
            to=InstitutionId(to),
            purpose=purpose,
            basis=Digest("0x" + hashlib.sha256(content).hexdigest()),
            valid_from=parse_as_of(since) if since else now,
            valid_until=parse_as_of(until),
            at=now,
            by=actor(),
        )
    _say(output, proposed, now)
    output.say(f"next        somebody else: genbo disclosure approve {proposed.id}")


@commands.command("approve", epilog=examples(_APPROVE))
def approve(
    disclosure_id: DisclosureKey, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Approve a disclosure that somebody else proposed: the issuer may read the names until it ends."""
    from genbo.cli.session import actor, office, wall_clock
    from genbo.governance.institutions import DisclosureId
    from genbo.storage.disclosures import Disclosures

    output = Output(as_json=as_json, language=lang)
    now = wall_clock()
    with office(read=False) as working, working.house.database.begin() as connection:
        decided = Disclosures(connection).approve(DisclosureId(disclosure_id), at=now, by=actor())
    _say(output, decided, now)


@commands.command("end", epilog=examples(_END))
def end(disclosure_id: DisclosureKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """End a disclosure before its time, or withdraw a proposed one. One person is enough."""
    from genbo.cli.session import actor, office, wall_clock
    from genbo.governance.institutions import DisclosureId
    from genbo.storage.disclosures import Disclosures

    output = Output(as_json=as_json, language=lang)
    now = wall_clock()
    with office(read=False) as working, working.house.database.begin() as connection:
        decided = Disclosures(connection).end(DisclosureId(disclosure_id), at=now, by=actor())
    _say(output, decided, now)


@commands.command("list", epilog=examples(_LIST))
def list_disclosures(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List the disclosures with their state, the newest last."""
    from genbo.cli.session import jst, office, wall_clock
    from genbo.storage.disclosures import Disclosures

    output = Output(as_json=as_json, language=lang)
    now = wall_clock()
    with office(read=False) as working, working.house.database.read() as connection:
        decided = Disclosures(connection).all()
    output.table(
        ("disclosure", "product", "to", "state", "until", "purpose"),
        [
            (
                each.id,
                each.disclosure.product,
                each.disclosure.to,
                each.state(now),
                jst(each.valid_until),
                each.disclosure.purpose,
            )
            for each in decided
        ],
    )
    output.say(f"{len(decided):,} disclosures")
    output.answer({"disclosures": [_document(each, now) for each in decided]})


def _say(output: Output, decided: DecidedDisclosure, now: datetime) -> None:
    from genbo.cli.session import jst

    told = decided.disclosure
    output.heading(f"disclosure {decided.id}")
    rows = [
        ("product", told.product),
        ("by", told.by),
        ("to", told.to),
        ("purpose", told.purpose),
        ("basis", told.basis),
        ("from", jst(decided.valid_from)),
        ("until", jst(decided.valid_until)),
        ("proposed by", decided.maker),
        ("approved by", decided.approver or "-"),
        ("state", decided.state(now)),
    ]
    output.table(("", ""), rows)
    output.answer(_document(decided, now))


def _document(decided: DecidedDisclosure, now: datetime) -> dict[str, Any]:
    told = decided.disclosure
    return {
        "disclosure": decided.id,
        "product": told.product,
        "by": told.by,
        "to": told.to,
        "purpose": told.purpose,
        "basis": told.basis,
        "valid_from": decided.valid_from,
        "valid_until": decided.valid_until,
        "maker": decided.maker,
        "made_at": decided.made_at,
        "approver": decided.approver,
        "approved_at": decided.approved_at,
        "ended_by": decided.ended_by,
        "ended_at": decided.ended_at,
        "state": decided.state(now),
    }
