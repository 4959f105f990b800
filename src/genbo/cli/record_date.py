"""`genbo record-date`: the days whose holders are owed what is distributed."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, ProductKey, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.record_dates import Expected
    from genbo.bootstrap.roots import Anchored
    from genbo.storage.record_dates import FixedRecordDate

LINES = (
    "genbo record-date list --product SHIBUYA-JINNAN --year 2022",
    "genbo record-date fix 2022-01-31 --product SHIBUYA-JINNAN",
    "genbo record-date fix 2022-06-30 --product SHIBUYA-JINNAN --noticed 2022-06-13",
    "genbo record-date show 2022-01-31 --product SHIBUYA-JINNAN --verify",
    "genbo record-date show 2022-01-31 --product SHIBUYA-JINNAN --csv holders.csv",
    "genbo record-date late 2022-01-31 --product SHIBUYA-JINNAN",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Record dates (権利確定日) of a product.", epilog=EXAMPLES)

Day = Annotated[str, typer.Argument(metavar="DAY", help="The record date, YYYY-MM-DD.")]


@commands.callback()
def record_date() -> None:
    """Record dates (権利確定日): who holds at the end of one is owed what is distributed for it."""


@commands.command("list", epilog=examples_of("record-date list", LINES))
def list_dates(
    product: ProductKey,
    year: Annotated[int, typer.Option("--year", min=1970, max=2105, help="The year.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List the record dates of a year: as the terms set them and as bank holidays move them, and what follows."""
    from genbo.bootstrap.record_dates import expected
    from genbo.cli.session import office
    from genbo.kernel import ProductId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        found = expected(working, ProductId(product), year)
    output.table(
        ("record date", "nominal", "kind", "payable", "exercise by", "holders", "units"),
        [
            (
                each.record.day.isoformat(),
                each.record.nominal.isoformat(),
                each.record.kind.value,
                each.payable.isoformat(),
                each.deadlines.exercise_by.isoformat(),
                "not fixed" if each.fixed is None else f"{each.fixed.holders:,}",
                "-" if each.fixed is None else f"{int(each.fixed.units):,}",
            )
            for each in found
        ],
    )
    output.answer({"product": product, "record_dates": [_expected(each) for each in found]})


@commands.command("fix", epilog=examples_of("record-date fix", LINES))
def fix(
    day: Day,
    product: ProductKey,
    noticed: Annotated[
        str | None,
        typer.Option(
            "--noticed", help="Day of the public notice, for a date that the deed does not set."
        ),
    ] = None,
    anchor: Annotated[
        bool, typer.Option("--anchor/--no-anchor", help="Whether its root goes to the ledger.")
    ] = True,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Fix who held at 24:00 JST of a record date, for good, and anchor it. Done again, it changes nothing."""
    from genbo.bootstrap.record_dates import anchor_record_date, fix_record_date
    from genbo.cli.session import actor, office
    from genbo.kernel import ProductId

    output = Output(as_json=as_json, language=lang)
    on, notice = _day(day, "day"), _day(noticed, "noticed") if noticed else None
    with office() as working:
        fixed, new = fix_record_date(working, ProductId(product), on, by=actor(), noticed_on=notice)
        anchored = anchor_record_date(working, ProductId(product), on) if anchor else None
    output.say(f"{'fixed' if new else 'was fixed before'}: {product}, {on}")
    _say(output, fixed, anchored)


@commands.command("show", epilog=examples_of("record-date show", LINES))
def show(
    day: Day,
    product: ProductKey,
    verify: Annotated[
        bool, typer.Option("--verify", help="Recompute digest and root from the rows.")
    ] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write holders and units as CSV to this file.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show a record date that was fixed: holders and units, its block, its digest and its deadlines."""
    from genbo.bootstrap.record_dates import verify_record_date
    from genbo.cli.files.written import write_file
    from genbo.cli.session import office
    from genbo.kernel import ProductId
    from genbo.storage.record_dates import RecordDates

    output = Output(as_json=as_json, language=lang)
    on, of = _day(day, "day"), ProductId(product)
    with office(read=False) as working:
        if verify:
            verify_record_date(working, of, on)
            output.say("the rows are those that were fixed", style="green")
        with working.house.database.read() as connection:
            dates = RecordDates(connection)
            fixed = dates.get(of, on)
            rows = dates.entitlements(of, on) if csv_file else []
    if csv_file is not None:
        text = io.StringIO()
        written = csv.writer(text, lineterminator="\r\n")
        written.writerow(("holder", "units", "known"))
        written.writerows((each.holder, int(each.units), int(each.known)) for each in rows)
        write_file(csv_file, text.getvalue().encode())
    _say(output, fixed, None)


@commands.command("late", epilog=examples_of("record-date late", LINES))
def late(day: Day, product: ProductKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List trades up to a record date that were undone after it: the holders stay fixed, the parties settle in cash."""
    from genbo.bootstrap.statements import late_reversals
    from genbo.cli.session import office
    from genbo.kernel import ProductId

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        found = late_reversals(working, ProductId(product), _day(day, "day"))
    rows = [
        (each.trade, each.by or "-", int(each.units), each.owing, each.owed, f"{each.gross:f}")
        for each in found
    ]
    output.table(("trade", "undone by", "units", "was paid", "is owed", "gross yen"), rows)
    output.answer(
        {
            "product": product,
            "record_day": day,
            "late": [
                {
                    "trade": each.trade,
                    "by": each.by,
                    "units": int(each.units),
                    "owing": each.owing,
                    "owed": each.owed,
                    "gross": f"{each.gross:f}",
                }
                for each in found
            ],
        }
    )


# Inside ----------------------------------------------------------------------------------------------


def _say(output: Output, fixed: FixedRecordDate, anchored: Anchored | None) -> None:
    from genbo.cli.session import block_line, jst

    record, deadlines = fixed.record, fixed.record.deadlines
    rows = [
        ("record date", f"{record.day} ({record.kind.value}, nominal {record.nominal})"),
        ("holders", f"{fixed.holders:,}"),
        ("units", f"{int(fixed.units):,}"),
        ("up to", block_line(fixed.stamp)),
        ("digest", fixed.digest),
        ("root", fixed.root),
        ("rights exercised by", str(deadlines.exercise_by)),
        ("calendar", fixed.calendar),
        ("fixed", f"{jst(fixed.fixed_at)} by {fixed.fixed_by}"),
    ]
    if anchored is not None:
        rows.append(("anchored", f"{block_line(anchored.stamp)}"))
    output.table(("", ""), rows)
    if record.notice_missed:
        output.say(
            f"notice period missed (公告期間不足): its notice was due by {deadlines.notice_by}, "
            f"given on {record.noticed_on}",
            style="yellow",
        )
    output.answer(
        _fixed(fixed)
        | ({} if anchored is None else {"anchored": anchored.stamp, "root": anchored.root})
    )


def _fixed(fixed: FixedRecordDate) -> dict[str, Any]:
    record = fixed.record
    return {
        "product": record.product,
        "record_day": record.day,
        "nominal": record.nominal,
        "kind": record.kind.value,
        "noticed_on": record.noticed_on,
        "notice_by": record.deadlines.notice_by,
        "notice_missed": record.notice_missed,
        "exercise_by": record.deadlines.exercise_by,
        "holders": fixed.holders,
        "units": int(fixed.units),
        "stamp": fixed.stamp,
        "digest": fixed.digest,
        "root": fixed.root,
        "calendar": fixed.calendar,
        "fixed_at": fixed.fixed_at,
        "fixed_by": fixed.fixed_by,
    }


def _expected(each: Expected) -> dict[str, Any]:
    record = each.record
    return {
        "record_day": record.day,
        "nominal": record.nominal,
        "kind": record.kind.value,
        "payable": each.payable,
        "exercise_by": each.deadlines.exercise_by,
        "notice_by": each.deadlines.notice_by,
        "fixed": None if each.fixed is None else _fixed(each.fixed),
    }


def _day(text: str, field: str) -> Any:
    from genbo.cli.days import day_option

    return day_option(text, field)
