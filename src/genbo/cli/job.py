"""`genbo job`: bulk acts (一括処理) and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language, explain

if TYPE_CHECKING:
    from genbo.governance.job import Progress, RowRefused

EXAMPLES = examples(
    "genbo job list",
    "genbo job show 6f1c0e5f2a3b4c5d6e7f8091a2b3c4d5",
    "genbo job resume 6f1c0e5f2a3b4c5d6e7f8091a2b3c4d5",
)
commands = typer.Typer(help="Bulk acts (一括処理).", epilog=EXAMPLES)

JobKey = Annotated[str, typer.Argument(metavar="ID", help="Id of the job (一括処理ID).")]


@commands.callback()
def job() -> None:
    """Bulk acts (一括処理): many rows of one act, in batches that go out whole or not at all."""


@commands.command("list", epilog=EXAMPLES)
def list_jobs(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List jobs, the newest last."""
    from genbo.cli.session import jst, office
    from genbo.storage.jobs import Jobs

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        jobs = Jobs(connection, working.deployment.chain_id)
        at = working.house.now()
        found = [(each, jobs.progress(each.job.id, at=at)) for each in jobs.all()]
    output.table(
        ("made", "job", "kind", "product", "state", "done", "of"),
        [
            (
                jst(each.made_at),
                each.job.id,
                each.job.kind.value,
                each.job.product,
                each.state.value,
                now.done,
                now.of,
            )
            for each, now in found
        ],
    )
    output.say(f"{len(found):,} jobs")
    output.answer({"jobs": [_document(now, ()) for _, now in found]})


@commands.command("show", epilog=EXAMPLES)
def show(job_id: JobKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show how far a job is: done, of how many, the rate, the expected end, and rows that were refused."""
    from genbo.cli.session import office
    from genbo.governance import JobId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        now = working.bulk.progress(JobId(job_id))
        refused = working.bulk.refused(JobId(job_id))
    _say(output, now, refused)


@commands.command("resume", epilog=EXAMPLES)
def resume(job_id: JobKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Go on with a job to its end, and wait for it. A running system does so by itself."""
    from genbo.cli.session import office
    from genbo.governance import JobId

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        begun = working.bulk.progress(JobId(job_id))
        with output.progress("rows", begun.of) as bar:
            seen = 0

            def advance(now: Progress) -> None:
                nonlocal seen
                bar.done(now.done + now.refused - seen)
                seen = now.done + now.refused

            now = working.resume_job(JobId(job_id), progress=advance)
        refused = working.bulk.refused(JobId(job_id))
    _say(output, now, refused)


@commands.command("cancel", epilog=EXAMPLES)
def cancel(job_id: JobKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Send no further batch of a job; what was sent stands."""
    from genbo.cli.session import office
    from genbo.governance import JobId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        now = working.bulk.cancel(JobId(job_id))
        refused = working.bulk.refused(JobId(job_id))
    _say(output, now, refused)


def _say(output: Output, now: Progress, refused: list[RowRefused]) -> None:
    from genbo.cli.session import jst

    output.heading(f"job {now.job}")
    left = now.of - now.done - now.refused
    expected = "-" if now.expected_end is None or not left else jst(now.expected_end)
    output.table(
        ("state", "done", "refused", "under way", "of", "rows a second", "expected end"),
        [
            (
                now.state.value,
                now.done,
                now.refused,
                now.under_way,
                now.of,
                now.rate,
                expected,
            )
        ],
    )
    for row in refused:
        output.say(str(explain(row.refusal(), output.language)), style="yellow")
    output.answer(_document(now, refused))


def _document(now: Progress, refused: list[RowRefused] | tuple[()]) -> dict[str, Any]:
    return {
        "job": now.job,
        "state": now.state.value,
        "done": now.done,
        "refused": now.refused,
        "under_way": now.under_way,
        "of": now.of,
        "rows_per_second": now.rate,
        "began": now.began,
        "expected_end": now.expected_end,
        "rows_refused": [
            {
                "row": row.ordinal + 1,
                "address": row.address,
                "reason": row.reason.value,
                "facts": dict(row.facts),
            }
            for row in refused
        ],
    }
