"""`genbo file`: files for masters (取込ファイル), from their announcement to their end (R-PROGMAT-T15)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language
from genbo.masters.import_file import ImportStatus, ImportTarget, ProcessingKind

if TYPE_CHECKING:
    from genbo.bootstrap.files.desk import FileDesk
    from genbo.bootstrap.office import Office
    from genbo.masters.import_file import ImportFile
    from genbo.providers.files.delivered import Encoding

EXAMPLES = examples(
    "genbo file announce investor --of investors.csv --as issue-1",
    "genbo file receive F0123456789abcdef investors.csv --as issue-1",
    "genbo file check F0123456789abcdef investors.csv --as issue-1",
    "genbo file approve F0123456789abcdef --as issue-2",
    "genbo file apply F0123456789abcdef investors.csv --as issue-2",
    "genbo file list --target investor",
    "genbo file export bank banks.xlsx --purpose register",
)
commands = typer.Typer(
    help="Files for masters (取込ファイル): in by two persons, out for a purpose.", epilog=EXAMPLES
)

FileKey = Annotated[str, typer.Argument(metavar="ID", help="Id of the file (取込ファイルID).")]
GivenFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file itself: CSV or Excel (.xlsx).")
]
Target = Annotated[
    ImportTarget, typer.Argument(metavar="TARGET", help=f"Which master: {', '.join(ImportTarget)}.")
]
Name = Annotated[
    str | None,
    typer.Option("--as", help="Name of the key of whoever acts; by default the account that runs the command."),
]  # fmt: skip
TextEncoding = Annotated[
    str | None,
    typer.Option("--encoding", help="utf-8 or shift_jis; by default it is found out."),
]


@commands.callback()
def file() -> None:
    """Files for masters (取込ファイル): announced, received, checked, approved by another, applied whole or not at all.

    A file is not kept here: check and apply are given it again, and its hash says that it is the same. Columns have the
    names of the tables, English or Japanese; `genbo file export` writes them.
    """


@commands.command("announce", epilog=EXAMPLES)
def announce(
    target: Target,
    of: Annotated[
        Path | None,
        typer.Option("--of", help="Take size, time and hash from this file, where it is at hand."),
    ] = None,
    size: Annotated[int | None, typer.Option("--size", help="Bytes.")] = None,
    timestamp: Annotated[
        str | None,
        typer.Option("--timestamp", help="When it was made, like 2026-06-01T09:00:00+09:00."),
    ] = None,
    sha256: Annotated[
        str | None, typer.Option("--sha256", help="SHA-256, 64 hexadecimal digits.")
    ] = None,
    kind: Annotated[
        ProcessingKind,
        typer.Option("--kind", help="new: rows to add; correction: rows to put right; cancel: rows to end."),
    ] = ProcessingKind.NEW,
    name: Name = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:  # fmt: skip
    """Announce a file that will come. The same target, time, size and hash never count twice."""
    output = Output(as_json=as_json, language=lang)
    said: tuple[int, datetime, str]
    if of is not None:
        from genbo.providers.files.delivered import delivered, made_at

        with delivered(of) as found:
            said = (found.size, made_at(of), found.sha256)
    elif size is None or timestamp is None or sha256 is None:
        raise typer.BadParameter("give --of, or --size, --timestamp and --sha256")
    else:
        said = (size, _instant(timestamp), sha256)
    with _desk(name) as (desk, by):
        announced = desk.announce(
            target=target, kind=kind, size=said[0], timestamp=said[1], sha256=said[2], by=by
        )
    _say(output, announced)


@commands.command("receive", epilog=EXAMPLES)
def receive(
    file_id: FileKey,
    path: GivenFile,
    name: Name = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Take note that the file came: its size and hash must be those that were announced."""
    from genbo.masters.import_file import ImportFileId

    output = Output(as_json=as_json, language=lang)
    with _desk(name) as (desk, by):
        received = desk.receive(ImportFileId(file_id), path, by=by)
    _say(output, received)


@commands.command("check", epilog=EXAMPLES)
def check(
    file_id: FileKey,
    path: GivenFile,
    encoding: TextEncoding = None,
    name: Name = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Ask of every row whether it could be applied. Nothing is; one wrong row and the file has failed."""
    from genbo.masters.import_file import ImportFileId

    output = Output(as_json=as_json, language=lang)
    told = _encoding(encoding)
    with _desk(name) as (desk, by), output.progress("check rows", None) as bar:
        checked = desk.check(ImportFileId(file_id), path, by=by, encoding=told, progress=bar.done)
    _say(output, checked, path)


@commands.command("approve", epilog=EXAMPLES)
def approve(
    file_id: FileKey, name: Name = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Approve a file that was checked, as somebody other than who announced it."""
    from genbo.masters.import_file import ImportFileId

    output = Output(as_json=as_json, language=lang)
    with _desk(name) as (desk, by):
        approved = desk.approve(ImportFileId(file_id), by=by)
    _say(output, approved)


@commands.command("apply", epilog=EXAMPLES)
def apply(
    file_id: FileKey,
    path: GivenFile,
    encoding: TextEncoding = None,
    name: Name = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Apply every row of an approved file in one transaction, or none. What was interrupted is applied again."""
    from genbo.masters.import_file import ImportFileId

    output = Output(as_json=as_json, language=lang)
    told = _encoding(encoding)
    with _desk(name) as (desk, by), output.progress("apply rows", None) as bar:
        applied = desk.apply(ImportFileId(file_id), path, by=by, encoding=told, progress=bar.done)
    _say(output, applied, path)


@commands.command("list", epilog=EXAMPLES)
def list_files(
    target: Annotated[
        ImportTarget | None, typer.Option("--target", help="Only those for this master.")
    ] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only those that have not ended.")
    ] = False,
    last: Annotated[
        int, typer.Option("--last", min=1, max=1_000_000, help="At most so many, the newest.")
    ] = 50,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List the files, the newest last."""
    from genbo.cli.session import jst, office
    from genbo.masters.import_file import TRANSITIONS
    from genbo.storage.import_files import ImportFiles

    output = Output(as_json=as_json, language=lang)
    open_statuses = [status for status in ImportStatus if TRANSITIONS[status]] if waiting else []
    with office(read=False) as working, working.house.database.read() as connection:
        found = ImportFiles(connection).all(target=target, statuses=open_statuses, most=last)
    output.table(
        ("announced", "file", "target", "kind", "bytes", "status", "by", "approved by"),
        [
            (
                jst(each.registered_at),
                each.file_id,
                each.announced.target.value,
                each.announced.kind.value,
                each.announced.size,
                each.status.value,
                each.registered_by,
                each.approved_by or "-",
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} files")
    output.answer({"files": [_document(each) for each in found]})


@commands.command("show", epilog=EXAMPLES)
def show(file_id: FileKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show one file: what was announced, how far it is, and why each rejected row was rejected."""
    from genbo.cli.session import office
    from genbo.masters.import_file import ImportFileId
    from genbo.storage.import_files import ImportFiles

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        found = ImportFiles(connection).get(ImportFileId(file_id))
    _say(output, found)
    _say_rejections(output, found, found.file_id)


@commands.command("export", epilog=EXAMPLES)
def export(
    target: Target,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to: .xlsx writes Excel, all else CSV.")
    ],
    purpose: Annotated[
        str,
        typer.Option("--purpose", help="Why sealed data is opened: register, payment, notice, order and so on."),
    ],
    mark: Annotated[
        bool, typer.Option("--mark", help="CSV with a byte order mark, by which Excel knows UTF-8.")
    ] = False,
    japanese: Annotated[
        bool, typer.Option("--japanese", help="Japanese names of the columns (項目名).")
    ] = False,
    name: Name = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:  # fmt: skip
    """Write every row of a master to a file that can be imported as a correction. Who, why and whose is recorded."""
    from genbo.bootstrap.files.giving import export_master
    from genbo.cli.files.written import whole_file
    from genbo.cli.session import office, wall_clock
    from genbo.kernel import Reason, Refusal
    from genbo.providers.files.writer import write_csv, write_workbook
    from genbo.storage.vault import Purpose

    output = Output(as_json=as_json, language=lang)
    if purpose not in list(Purpose):
        raise Refusal(
            Reason.FIELD_INVALID, field="purpose", value=purpose[:40], allowed=", ".join(Purpose)
        )
    excel = path.suffix.lower() == ".xlsx"
    with office(read=False) as working, whole_file(path, personal=True) as file:
        count = export_master(
            working.house.database,
            working.house.vault,
            lambda rows: (
                write_workbook(file, rows, title=target.value)
                if excel
                else write_csv(file, rows, mark=mark)
            ),
            target=target,
            purpose=Purpose(purpose),
            at=wall_clock(),
            by=_who(working, name),
            japanese=japanese,
        )
    output.say(f"{count:,} rows of {target.value} in {path.name}, for {purpose}")
    output.answer({"target": target, "rows": count, "purpose": purpose, "file": path.name})


# Inside ----------------------------------------------------------------------------------------------


@contextmanager
def _desk(name: str | None) -> Iterator[tuple[FileDesk, str]]:
    """The desk of the deployment, and who works at it."""
    from genbo.bootstrap.files.desk import FileDesk
    from genbo.cli.session import office, wall_clock

    with office(read=False) as working:
        house = working.house
        yield FileDesk(house.database, house.vault, wall_clock), _who(working, name)


def _who(working: Office, name: str | None) -> str:
    """Who acts: the name of a key that can be reached here, or the account that runs the command."""
    from genbo.cli.session import actor
    from genbo.kernel import Fault, Reason

    if name is None:
        return actor()
    if name not in working.names:
        raise Fault(Reason.KEY_MISSING, needed=1, reachable=0, name=name)
    return name


def _encoding(text: str | None) -> Encoding | None:
    from genbo.kernel import Reason, Refusal
    from genbo.providers.files.delivered import Encoding

    if text is not None and text not in list(Encoding):
        allowed = ", ".join(Encoding)
        raise Refusal(Reason.FIELD_INVALID, field="encoding", value=text[:40], allowed=allowed)
    return None if text is None else Encoding(text)


def _instant(text: str) -> datetime:
    from genbo.kernel import JST, UTC, Reason, Refusal

    try:
        found = datetime.fromisoformat(text)
        # What no clock here can show is refused before it is stored.
        found = (found if found.tzinfo else found.replace(tzinfo=JST)).astimezone(JST)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(Reason.TIME_MALFORMED, text=text[:40]) from None


def _say(output: Output, file: ImportFile, path: Path | None = None) -> None:
    """The file as it stands; a failed one as its problems, where somebody has just worked on it."""
    if path is not None and file.status is ImportStatus.FAILED and file.result is not None:
        from genbo.cli.files.problems import FileProblems

        problems = [each.refusal() for each in file.result.rejections]
        raise FileProblems(path, problems, count=file.result.problems)
    said = file.announced
    output.say(
        f"file      {file.file_id}: {said.target.value}, {said.kind.value}, {said.size:,} bytes"
    )
    approved = f", approved by {file.approved_by}" if file.approved_by else ""
    output.say(f"status    {file.status.value}, announced by {file.registered_by}{approved}")
    if file.result is not None:
        found = file.result
        output.say(
            f"rows      {found.read:,} read, {found.applied:,} applied, {found.unchanged:,} of them unchanged, "
            f"{found.rejected:,} rejected"
        )
    if file.status in _NEXT:
        output.say(f"next      {_NEXT[file.status].format(file.file_id)}")
    output.answer(_document(file))


_NEXT = {
    ImportStatus.ANNOUNCED: "genbo file receive {} FILE",
    ImportStatus.RECEIVED: "genbo file check {} FILE",
    ImportStatus.CHECKING: "genbo file check {} FILE",
    ImportStatus.CHECKED: "genbo file approve {}, by somebody else",
    ImportStatus.APPROVED: "genbo file apply {} FILE",
    ImportStatus.APPLYING: "genbo file apply {} FILE",
}


def _say_rejections(output: Output, file: ImportFile, name: str) -> None:
    from genbo.compliance.reasons import explain
    from genbo.kernel import Refusal

    for each in file.result.rejections if file.result else ():
        refusal = each.refusal()
        named = Refusal(refusal.reason, **{"file": name, **refusal.facts})
        output.say(f"{each.reason.value}: {explain(named, output.language)}")


def _document(file: ImportFile) -> dict[str, Any]:
    said = file.announced
    return {
        "file_id": file.file_id,
        "import_target": said.target.value,
        "file_size": said.size,
        "file_timestamp": said.timestamp,
        "processing_kind": said.kind.value,
        "processing_status": file.status.value,
        "processing_result": file.result.document() if file.result else None,
        "registered_at": file.registered_at,
        "registered_by": file.registered_by,
        "file_hash": said.sha256,
        "approved_at": file.approved_at,
        "approved_by": file.approved_by,
    }
