"""What the three decisions have in common: their options, and the commands that approve, reject, show and document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language
from genbo.entitlements import ActionKind
from genbo.reporting.extent import Form

if TYPE_CHECKING:
    from genbo.bootstrap.corporate_actions import Decision
    from genbo.entitlements import CorporateAction, RegisterMark

ActionId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="Id of the decision (決定ID); its reference on the ledger too."
    ),
]
SomeAction = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="Id of one. Default: a list of all.")
]
OfProduct = Annotated[str | None, typer.Option("--product", help="Only those of this product.")]
Resolution = Annotated[
    str, typer.Option("--resolution", help="Reference of the resolution (決議), for the records.")
]
Evidence = Annotated[
    Path, typer.Option("--evidence", help="The resolution itself; its SHA-256 is signed.")
]
Day = Annotated[
    str,
    typer.Option("--day", help="Day it takes effect (効力発生日), from 00:00 JST, YYYY-MM-DD."),
]
Maker = Annotated[
    str | None, typer.Option("--as", help="Who decides. Default: the first whose key is here.")
]
Signer = Annotated[str, typer.Option("--as", help="Who signs: somebody else than the maker.")]
Signers = Annotated[
    list[str] | None,
    typer.Option("--as", help="Who signs the acts, twice. Default: who decided and who approved."),
]
Before = Annotated[
    bool, typer.Option("--before", help="The register before it. Default: the one after it.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write it to this file, readable by its owner alone.")
]
FormOption = Annotated[Form, typer.Option("--format", help="The file: json, csv, xlsx or pdf.")]
Anchor = Annotated[bool, typer.Option("--anchor", help="Anchor both registers on the ledger.")]
DocumentLang = Annotated[
    Language, typer.Option("--lang", help="Language of the document and of refusals: ja or en.")
]


def decision_of(id: str, product: str, day: str, resolution: str, evidence: Path) -> Decision:
    """The decision that was typed. Raises Fault(file_unreadable, time_malformed)."""
    from genbo.bootstrap.corporate_actions import Decision
    from genbo.cli.days import day_option
    from genbo.kernel import Digest, Fault, ProductId, Reason

    try:
        digest = Digest("0x" + hashlib.sha256(evidence.read_bytes()).hexdigest())
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Reason.FILE_UNREADABLE, file=str(evidence), problem=problem) from None
    return Decision(
        id=id,
        product=ProductId(product),
        day=day_option(day, "day"),
        resolution=resolution,
        evidence=digest,
    )


def add_to(
    commands: typer.Typer, kind: ActionKind, lines: Sequence[str], decide: Callable[..., None]
) -> None:
    """Adds `decide`, and the commands that every kind of decision has."""
    word = kind.value.replace("_", "-")

    def approve(
        id: ActionId, name: Signer, as_json: AsJson = False, lang: Lang = Language.EN
    ) -> None:
        """Approve a decision as somebody other than its maker: it may be carried out on its day."""
        from genbo.bootstrap.corporate_actions import approve as sign
        from genbo.cli.session import office

        output = Output(as_json=as_json, language=lang)
        with office(read=False) as working:
            found = sign(working, id, name=name, kind=kind)
        say_action(output, found)

    def reject(
        id: ActionId, name: Signer, as_json: AsJson = False, lang: Lang = Language.EN
    ) -> None:
        """Turn a draft down, or take it back (却下・取下). Its id is not used again."""
        from genbo.bootstrap.corporate_actions import reject as turn_down
        from genbo.cli.session import office

        output = Output(as_json=as_json, language=lang)
        with office(read=False) as working:
            found = turn_down(working, id, name=name, kind=kind)
        say_action(output, found)

    def show(
        id: SomeAction = None,
        product: OfProduct = None,
        as_json: AsJson = False,
        lang: Lang = Language.EN,
    ) -> None:
        """Show one decision and what became of it, or list them."""
        from genbo.cli.session import office
        from genbo.kernel import ProductId
        from genbo.storage.corporate_actions import CorporateActions

        output = Output(as_json=as_json, language=lang)
        with office(read=False) as working, working.house.database.read() as connection:
            held = CorporateActions(connection)
            if id is not None:
                say_action(output, held.get(id, kind=kind))
                return
            found = held.all(kind=kind, product=ProductId(product) if product else None)
        output.table(
            (word, "product", "day", "what", "state", "resolution"),
            [
                (
                    each.id,
                    each.product,
                    each.day.isoformat(),
                    _what(each),
                    each.state.value,
                    each.resolution,
                )
                for each in found
            ],
        )
        output.answer({"decisions": [action_document(each) for each in found]})

    def document(
        id: ActionId,
        before: Before = False,
        out: Out = None,
        form: FormOption = Form.PDF,
        anchor: Anchor = False,
        as_json: AsJson = False,
        lang: DocumentLang = Language.JA,
    ) -> None:
        """Issue the register before or after it again, without names, and see that it is the one that was kept."""
        _document(
            Output(as_json=as_json, language=lang),
            id,
            kind,
            after=not before,
            out=out,
            form=form,
            anchor=anchor,
        )

    for function in (decide, approve, reject, show, document):
        name = function.__name__
        commands.command(name, epilog=examples_of(f"{word} {name}", lines))(function)


def say_action(output: Output, action: CorporateAction) -> None:
    """One decision as a table for people and a document for machines."""
    from genbo.cli.session import jst

    rows = [
        ("decision", action.id),
        ("state", action.state.value),
        ("product", action.product),
        ("what", _what(action)),
        ("takes effect", f"{action.day} 00:00 JST"),
        ("resolution", f"{action.resolution} ({action.evidence})"),
        ("made", f"{jst(action.made_at)} by {action.maker}"),
    ]
    if action.decided_at is not None:
        rows.append(("decided", f"{jst(action.decided_at)} by {action.decided_by}"))
    for name, mark in (("register before", action.before), ("register after", action.after)):
        if mark is not None:
            rows.append((name, f"block {mark.block:,}, {mark.digest}"))
    if action.done_at is not None:
        rows.append(("done", jst(action.done_at)))
    output.table(("", ""), rows)
    output.answer(action_document(action))


def action_document(action: CorporateAction) -> dict[str, Any]:
    """One decision for machines."""
    return {
        "decision": action.id,
        "kind": action.kind.value,
        "state": action.state.value,
        "product": action.product,
        "day": action.day,
        **action.terms.fields(),
        "resolution": action.resolution,
        "evidence": action.evidence,
        "maker": action.maker,
        "made_at": action.made_at,
        "decided_by": action.decided_by,
        "decided_at": action.decided_at,
        "command": action.command,
        "before": _mark(action.before),
        "after": _mark(action.after),
        "done_at": action.done_at,
    }


def _what(action: CorporateAction) -> str:
    from genbo.entitlements import IssueTerms, RedemptionTerms

    terms = action.terms
    if isinstance(terms, RedemptionTerms):
        units = "all units" if terms.units is None else f"{int(terms.units):,} units"
        early = ", early" if terms.early else ""
        return (
            f"{units} of {terms.record_day}{early}: {terms.amounts.capital.normalize():f} yen capital and "
            f"{terms.amounts.income.normalize():f} yen profit a unit"
        )
    if isinstance(terms, IssueTerms):
        return f"{int(terms.units):,} units to {terms.to or 'the initial beneficiary'}"
    return f"1:{terms.factor}"


def _mark(mark: RegisterMark | None) -> dict[str, Any] | None:
    return None if mark is None else {"block": mark.block, "digest": mark.digest}


def _document(
    output: Output,
    id: str,
    kind: ActionKind,
    *,
    after: bool,
    out: Path | None,
    form: Form,
    anchor: bool,
) -> None:
    from genbo.bootstrap.corporate_actions import anchor_documents, document, issue_document
    from genbo.cli.files.written import write_file
    from genbo.cli.session import actor, block_line, office
    from genbo.storage.corporate_actions import CorporateActions

    with office() as working:
        with working.house.database.read() as connection:
            action = CorporateActions(connection).get(id, kind=kind)
        register = document(working, action, after=after, by=actor())
        if out is not None:
            issued = issue_document(
                working, action, after=after, form=form, language=output.language, by=actor()
            )
            write_file(out, issued.content, personal=True)
        anchored = anchor_documents(working, action, by=actor()) if anchor else None
    side = "after" if after else "before"
    output.say(f"the register {side} {id} is the one that was kept", style="green")
    rows = [
        ("block", block_line(register.stamp)),
        ("holders, units", f"{register.holders:,}, {int(register.total_issued):,}"),
        ("digest", register.facts_digest),
    ]
    if out is not None:
        rows.append(("written", str(out)))
    for name, each in zip(("before", "after"), anchored or (), strict=False):
        rows.append((f"anchored, {name}", block_line(each.stamp)))
    output.table(("", ""), rows)
    output.answer(
        {
            "decision": id,
            "side": side,
            "stamp": register.stamp,
            "holders": register.holders,
            "total_issued": int(register.total_issued),
            "digest": register.facts_digest,
            "file": None if out is None else str(out),
            "anchored": [each.root.root for each in anchored or ()],
        }
    )
