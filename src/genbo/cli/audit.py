"""`genbo audit`: the audit chain (監査記録)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.auditing import Verification
    from genbo.governance import ChainedEntry, Misfit

_SHOW = ("genbo audit show --last 50", "genbo audit show --subject IV-0001 --json")
_VERIFY = ("genbo audit verify", "genbo audit verify --from audit.jsonl --json")
_EXPORT = ("genbo audit export audit.jsonl",)
_ANCHOR = ("genbo audit anchor", "genbo audit anchor --day 2022-01-31")
EXAMPLES = examples(*_SHOW, *_VERIFY, *_EXPORT, *_ANCHOR)
commands = typer.Typer(
    help="The audit chain (監査記録): who changed or read what, and the proof that nothing was altered.",
    epilog=EXAMPLES,
)


@commands.callback()
def audit() -> None:
    """The audit chain (監査記録): one entry per change and per reading of personal data, chained by hashes."""


@commands.command("show", epilog=examples(*_SHOW))
def show(
    last: Annotated[
        int, typer.Option("--last", min=1, max=1_000_000, help="How many entries, the last ones.")
    ] = 20,
    number: Annotated[
        int | None,
        typer.Option("--number", min=1, max=2**63 - 1, help="The entry of that number alone."),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", help="Entries about that id only, such as an investor."),
    ] = None,
    command: Annotated[
        str | None, typer.Option("--command", help="Entries of that command only.")
    ] = None,
    action: Annotated[
        str | None,
        typer.Option(
            "--action", help="Entries of that kind only, such as registry:wallet:replaced."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show entries of the audit chain, each with what it means.

    Entries hold ids, counts and digests; no personal data is in them.
    """
    from collections import deque

    from genbo.cli.session import office
    from genbo.governance import AuditAction
    from genbo.storage.audit import AuditLog

    output = Output(as_json=as_json, language=lang)
    kind = AuditAction.named(action) if action else None
    if action and kind is None:
        raise typer.BadParameter(f"there is no action {action}")
    with office(read=False) as working, working.house.database.read() as connection:
        log = AuditLog(connection)
        head = log.head()
        first = number or 1
        if number is None and subject is None and command is None and kind is None and head:
            first = max(1, head.number - last + 1)
        found = deque(
            log.entries(first=first, last=number, subject=subject, command=command, action=kind),
            maxlen=last,
        )
    rows = [_row(entry, lang) for entry in found]
    if rows:
        output.table(["no.", "at (UTC)", "action", "by", "about", "meaning"], rows)
    output.say(f"{head.number if head else 0:,} entries; head {head.hash.hex() if head else '-'}")
    output.answer(
        {
            "entries": head.number if head else 0,
            "head": head.hash.hex() if head else None,
            "shown": [
                {**entry.members, "previous": entry.previous.hex(), "hash": entry.hash.hex()}
                for entry in found
            ],
        }
    )


@commands.command("verify", epilog=examples(*_VERIFY))
def verify(
    file: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Verify this export instead of the database; no database is needed then."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Recompute the whole chain, compare the rows it vouches for and the days anchored on the ledger.

    An export is compared with the ledger when GENBO_NODE_URL names a node. Exit code 0: everything fits. 1: something
    does not; the first entry that does not fit is named, with what was expected and what was found.
    """
    output = Output(as_json=as_json, language=lang)
    verified = _verify_stored(output) if file is None else _verify_export(output, file)
    say_verification(output, verified)
    output.answer(verification_document(verified))
    if not verified.holds:
        raise typer.Exit(1)


@commands.command("export", epilog=examples(*_EXPORT))
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, as JSON lines.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Write the chain to a file that an auditor can verify without a database. That it is written is an entry too.

    The file holds no personal data, but ids of investors; it is readable for you alone.
    """
    from genbo.bootstrap.auditing import export as lines_of
    from genbo.cli.files.written import whole_file
    from genbo.cli.session import actor, office, wall_clock
    from genbo.governance import AuditAction, AuditEntry
    from genbo.storage.audit import AuditLog

    output = Output(as_json=as_json, language=lang)
    written = -1  # the heading is no entry
    with office(read=False) as working:
        database = working.house.database
        with database.begin() as connection:
            entry = AuditEntry(at=wall_clock(), action=AuditAction.AUDIT_EXPORTED, actor=actor())
            AuditLog(connection).append([entry])
        with whole_file(file, personal=True) as stream:
            for line in lines_of(database, working.deployment):
                stream.write(line.encode() + b"\n")
                written += 1
    output.say(f"{written:,} entries written to {file}")
    output.answer({"entries": written, "file": str(file)})


@commands.command("anchor", epilog=examples(*_ANCHOR))
def anchor(
    day: Annotated[
        str | None,
        typer.Option(
            "--day", help="A day in Japan that is over, as 2022-01-31. Default: yesterday."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Commit to the entries of a day on the ledger: whoever alters one of them, or cuts the end off, is found out.

    The day is closed first, so that no later entry can join it. Done again it changes nothing.
    """
    from genbo.bootstrap.anchoring import anchor_day
    from genbo.cli.session import actor, block_line, office, wall_clock
    from genbo.kernel import business_date, end_of_day, parse_as_of

    output = Output(as_json=as_json, language=lang)
    now = wall_clock()
    wanted = business_date(now) - timedelta(days=1)
    if day is not None:
        end = parse_as_of(day)
        wanted = business_date(end - timedelta(seconds=1))
        if end != end_of_day(wanted):
            raise typer.BadParameter(f"{day} is no day")
    with office() as working:
        anchored = anchor_day(working, wanted, now=now, by=actor())
    root = anchored.root
    output.say(f"{wanted}  entries {root.first:,} to {root.last:,}, {root.leaves:,} in all")
    output.say(f"root     {root.root}" + ("  (stood there before)" if anchored.already else ""))
    output.say(f"subject  {anchored.subject}")
    output.say(block_line(anchored.stamp))
    output.answer(
        {
            "day": wanted,
            "subject": anchored.subject,
            "root": root.root,
            "leaves": root.leaves,
            "first": root.first,
            "last": root.last,
            "head": root.head,
            "already": anchored.already,
            "block": anchored.stamp,
        }
    )


def say_verification(output: Output, verified: Verification) -> None:
    """What a verification came to, for people."""
    compared = ["recomputed"]
    if verified.with_rows:
        compared.append("compared with the rows they vouch for")
    compared.append(
        f"{len(verified.days):,} days found right on the ledger, up to entry {verified.anchored_through:,}"
        if verified.on_ledger
        else "not compared with the ledger: GENBO_NODE_URL names no node"
    )
    output.say(f"{verified.entries:,} entries {'; '.join(compared)}")
    output.say(f"head     {verified.head or '-'}")
    output.say(f"subject  {verified.subject or '-'}")
    if verified.holds:
        output.say("everything fits", "green")
        return
    first, *others = verified.misfits
    where = f"entry {first.number:,}" if first.number is not None else "no entry"
    output.say(f"DOES NOT FIT: {where}, {first.what}", "bold red")
    output.say(f"    expected {first.expected}")
    output.say(f"    found    {first.found}")
    if others:
        output.say(f"    and {len(others):,} more")


def verification_document(verified: Verification) -> dict[str, Any]:
    """What a verification came to, for machines."""
    return {
        "holds": verified.holds,
        "entries": verified.entries,
        "head": verified.head,
        "subject": verified.subject,
        "days_anchored": [day.isoformat() for day in verified.days],
        "anchored_through": verified.anchored_through,
        "compared_with_ledger": verified.on_ledger,
        "compared_with_rows": verified.with_rows,
        "first": _misfit(verified.misfits[0]) if verified.misfits else None,
        "misfits": [_misfit(each) for each in verified.misfits],
    }


def _misfit(misfit: Misfit) -> dict[str, Any]:
    return {
        "number": misfit.number,
        "what": misfit.what,
        "expected": misfit.expected,
        "found": misfit.found,
    }


def _verify_stored(output: Output) -> Verification:
    from genbo.bootstrap.auditing import verify_stored
    from genbo.cli.session import office
    from genbo.storage.audit import AuditLog

    with office(read=False) as working:
        house = working.house
        with house.database.read() as connection:
            head = AuditLog(connection).head()
        with output.progress("verify entries", head.number if head else 0) as bar:
            return verify_stored(house.database, house.node, working.deployment, progress=bar.done)


def _verify_export(output: Output, file: Path) -> Verification:
    from genbo.bootstrap.auditing import verify_export
    from genbo.bootstrap.house import open_remote
    from genbo.config import read_settings
    from genbo.kernel import Fault, Reason

    try:
        with (
            open_remote(read_settings()) as node,
            file.open(encoding="utf-8") as lines,
            output.progress("verify entries", None) as bar,
        ):
            return verify_export(lines, node, progress=bar.done)
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Reason.FILE_UNREADABLE, file=str(file), problem=problem) from None
    except ValueError as error:  # UnicodeDecodeError among them, which must not repeat what it met
        problem = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise Fault(Reason.FILE_UNREADABLE, file=str(file), problem=problem) from None


def _row(entry: ChainedEntry, language: Language) -> list[object]:
    from genbo.governance import AuditAction

    members = entry.members
    about = [str(members[name]) for name in ("product", "subject") if members[name]]
    meaning = "unknown to this version"
    if action := AuditAction.named(members["action"]):
        meaning = action.japanese if language is Language.JA else action.english
    return [
        entry.number,
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        members["action"],
        members["actor"],
        " ".join(dict.fromkeys(about)),
        meaning,
    ]
