"""`genbo command`: commands (指図), their approvals, and what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language, explain

if TYPE_CHECKING:
    from genbo.governance import Stored

EXAMPLES = examples(
    "genbo command list --product SHIBUYA-JINNAN",
    "genbo command show 6f1c0e5f2a3b4c5d6e7f8091a2b3c4d5",
    "genbo command approve 6f1c0e5f2a3b4c5d6e7f8091a2b3c4d5 --as repair-2",
    "genbo command export 6f1c0e5f2a3b4c5d6e7f8091a2b3c4d5 evidence.json",
    "genbo command verify evidence.json",
)
commands = typer.Typer(help="Commands (指図) and their approvals.", epilog=EXAMPLES)

CommandKey = Annotated[str, typer.Argument(metavar="ID", help="Id of the command (指図ID).")]
Name = Annotated[str, typer.Option("--as", help="Name of the key that signs, e.g. repair-2.")]


@commands.callback()
def command() -> None:
    """Commands (指図): every act with its exact bytes, who approved it, and what became of it."""


@commands.command("list", epilog=EXAMPLES)
def list_commands(
    product: Annotated[str | None, typer.Option(help="Only those of this product.")] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only those that have not ended.")
    ] = False,
    last: Annotated[
        int, typer.Option("--last", min=1, max=1_000_000, help="At most so many, the newest.")
    ] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List commands, the newest last."""
    from genbo.cli.session import jst, office
    from genbo.governance import CommandState
    from genbo.governance.command import ENDED
    from genbo.kernel import ProductId
    from genbo.storage.commands import Commands

    output = Output(as_json=as_json, language=lang)
    states = [state for state in CommandState if state not in ENDED] if waiting else []
    with office(read=False) as working, working.house.database.read() as connection:
        found = Commands(connection, working.deployment.chain_id).all(
            product=ProductId(product) if product else None, states=states, most=last
        )
    output.table(
        ("made", "command", "state", "act", "by"),
        [
            (
                jst(each.made_at),
                each.id,
                each.state.value,
                each.command.what,
                " + ".join((each.command.maker, *each.approvers)),
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} commands")
    output.answer({"commands": [_document(each) for each in found]})


@commands.command("show", epilog=EXAMPLES)
def show(command_id: CommandKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show one command: who made and approved it, its state, and where it stands on the chain."""
    from genbo.cli.session import office
    from genbo.governance import CommandId
    from genbo.storage.commands import Commands

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        stored = Commands(connection, working.deployment.chain_id).get(CommandId(command_id))
    _say(output, stored)


@commands.command("approve", epilog=EXAMPLES)
def approve(
    command_id: CommandKey, name: Name, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Approve a command: sign its exact bytes as somebody other than its maker. With enough signatures it is sent."""
    from genbo.cli.session import office
    from genbo.governance import CommandId, CommandState

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        stored = working.approvals.approve(CommandId(command_id), name=name)
        if stored.state is CommandState.QUEUED:
            stored = working.courier.deliver(stored.id)
            working.read()
    _say(output, stored)


@commands.command("withdraw", epilog=EXAMPLES)
def withdraw(
    command_id: CommandKey, name: Name, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Take a command back before it is queued; only its maker can."""
    from genbo.cli.session import office
    from genbo.governance import CommandId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        stored = working.approvals.withdraw(CommandId(command_id), name=name)
    _say(output, stored)


@commands.command("export", epilog=EXAMPLES)
def export(
    command_id: CommandKey,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the evidence.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Write the evidence of a command: what was signed, by whom, and where it stands. No database is needed to verify
    it."""
    import json

    from genbo.chain.command_evidence import evidence_of
    from genbo.cli.files.written import write_file
    from genbo.cli.session import office
    from genbo.governance import CommandId
    from genbo.storage.commands import Commands
    from genbo.storage.outbox import StoredOutbox

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        chain_id = working.deployment.chain_id
        stored = Commands(connection, chain_id).get(CommandId(command_id))
        raw = StoredOutbox(connection, chain_id).raw(stored.outcome.tx)
        document = evidence_of(stored, working.deployment.platform, raw=raw)
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    write_file(file, text.encode())
    output.say(f"evidence of {stored.id} is in {file}")
    output.answer({"command": stored.id, "file": str(file), "digest": stored.digest})


@commands.command("verify", epilog=EXAMPLES)
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `export` wrote.")],
    node: Annotated[
        str | None,
        typer.Option("--node", help="Address of a node: the chain is asked as well."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Verify the evidence of a command: the hash, every signature, two different people.

    With a node also that the transaction stands and carries those bytes. Needs no database and no data folder.

    Exit code 1: something does not hold; it is named.
    """
    from genbo.chain.command_evidence import read_evidence, verify_evidence
    from genbo.chain.remote import connect
    from genbo.cli.files.text import read_text

    output = Output(as_json=as_json, language=lang)
    document = read_evidence(read_text(file), file=str(file))
    found = verify_evidence(document, node=connect(node) if node else None)
    for each in found:
        mark, style = ("holds", "green") if each.holds else ("BROKEN", "bold red")
        output.say(f"{mark:>7}  {each.what}: {each.found}", style)
    holds = all(each.holds for each in found)
    output.answer(
        {
            "command": document["command"],
            "holds": holds,
            "checked": [
                {"what": each.what, "holds": each.holds, "found": each.found} for each in found
            ],
        }
    )
    if not holds:
        raise typer.Exit(1)


def _say(output: Output, stored: Stored) -> None:
    from genbo.cli.session import jst

    output.heading(stored.command.what)
    rows = [
        ("command", stored.id),
        ("state", stored.state.value),
        ("made", f"{jst(stored.made_at)} by {stored.command.maker}"),
        ("approved by", ", ".join(stored.approvers) or "-"),
        ("acts", stored.command.account),
        ("product", stored.command.product or "-"),
        ("reference", stored.command.ref or "-"),
        ("evidence", stored.command.evidence or "-"),
        ("transaction", stored.outcome.tx or "-"),
        ("block", "-" if stored.outcome.block is None else f"{stored.outcome.block:,}"),
    ]
    output.table(("", ""), rows)
    if (refusal := stored.outcome.refusal()) is not None:
        output.say(str(explain(refusal, output.language)), style="yellow")
    output.answer(_document(stored))


def _document(stored: Stored) -> dict[str, Any]:
    command, outcome = stored.command, stored.outcome
    return {
        "command": stored.id,
        "key": command.key,
        "state": stored.state.value,
        "what": command.what,
        "maker": command.maker,
        "approvers": list(stored.approvers),
        "account": command.account,
        "duty": None if command.duty is None else command.duty.name,
        "product": command.product,
        "ref": command.ref,
        "evidence": command.evidence,
        "digest": stored.digest,
        "made_at": stored.made_at,
        "changed_at": stored.changed_at,
        "reason": outcome.reason,
        "facts": dict(outcome.facts),
        "tx": outcome.tx,
        "block": outcome.block,
        "gas_used": outcome.gas_used,
    }
