"""`genbo distribution file`, `read`, `results`, `hold`, `release`, `unpaid`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genbo.cli.distribution.declaring import RunId
from genbo.cli.options import AsJson, Lang, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

LINES = (
    "genbo distribution file D-2022-01 transfer.txt --remitter remitter.yaml",
    "genbo distribution file D-2022-01 transfer.txt --remitter remitter.yaml --put-aside --crlf",
    "genbo distribution read transfer.txt --of D-2022-01",
    "genbo distribution results D-2022-01 results.csv --file 1 --others-paid 2022-02-28",
    "genbo distribution unpaid --product SHIBUYA-JINNAN",
    "genbo distribution hold D-2022-01 17",
    "genbo distribution release D-2022-01 17",
    "genbo distribution release D-2022-01 17 --by-bank",
)

Numbers = Annotated[
    list[int], typer.Argument(metavar="LINE...", help="Numbers of lines (明細番号).")
]
FileNumber = Annotated[int, typer.Option("--file", min=1, help="Number of the payment file.")]


def file(
    run: RunId,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    remitter: Annotated[
        Path, typer.Option("--remitter", help="YAML file of the account that pays.")
    ],
    on: Annotated[
        str | None,
        typer.Option(
            "--on", help="Transfer day (振込指定日), YYYY-MM-DD. Default: the payment day."
        ),
    ] = None,
    put_aside: Annotated[
        bool,
        typer.Option("--put-aside", help="Put lines aside that cannot be written (留保)."),
    ] = False,
    crlf: Annotated[
        bool, typer.Option("--crlf", help="Write a line break behind each record.")
    ] = False,
    zeros: Annotated[
        bool, typer.Option("--zeros", help="Write zeros in the unused clearing house number.")
    ] = False,
    again: Annotated[
        int | None, typer.Option("--again", min=1, help="Write this file number once more.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Write the bank transfer file (総合振込) of everything payable; its lines count as sent from then on.

    Accounts are opened for it, which is recorded. Only its owner may read the file. A line that cannot be written stops
    the file and is named, every one of them.
    """
    from genbo.bootstrap.payments import Form, Unwritable, make_again, make_file
    from genbo.cli.days import day_option
    from genbo.cli.files.payment import read_remitter
    from genbo.cli.files.problems import FileProblems
    from genbo.cli.files.written import whole_file
    from genbo.cli.session import actor, office
    from genbo.entitlements.zengin import Ending, Unused

    output = Output(as_json=as_json, language=lang)
    form = Form(
        remitter=read_remitter(remitter),
        ending=Ending.CRLF if crlf else Ending.NONE,
        clearing=Unused.ZEROS if zeros else Unused.SPACES,
    )
    day = day_option(on, "on") if on else None
    # The file is there before anything is sent: where it cannot be written, nothing is.
    with office() as working, whole_file(target, personal=True) as written:
        try:
            if again is not None:
                made = make_again(working, run, again, form, by=actor())
            else:
                made = make_file(
                    working,
                    run,
                    form,
                    by=actor(),
                    transfer_day=day,
                    put_aside=put_aside,
                    say=lambda words: output.say(f"{words} ...", "dim"),
                )
        except Unwritable as unwritable:
            raise FileProblems(target, unwritable.problems) from None
        written.write(made.content)
    stored = made.file
    output.say(
        f"file {stored.number} of {run}: {stored.records:,} payments, {stored.total:,} yen, "
        f"{len(made.content):,} bytes, to be transferred on {stored.transfer_day}; it is in {target}"
    )
    for line, hold in made.put_aside:
        output.say(f"line {line} was put aside: {hold.value}", style="yellow")
    output.answer(
        {
            "distribution": run,
            "file": str(target),
            "number": stored.number,
            "transfer_day": stored.transfer_day,
            "records": stored.records,
            "total": stored.total,
            "bytes": len(made.content),
            "digest": stored.digest,
            "put_aside": [{"line": line, "hold": hold.value} for line, hold in made.put_aside],
        }
    )


def read(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A bank transfer file.")],
    of: Annotated[
        str | None,
        typer.Option("--of", help="Id of a distribution: whether the file is one that was made."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Check a bank transfer file: every record by its layout, count and sum; and that no byte was changed since.

    It shows no account and no name. Exit code 1: it is no file of that distribution.
    """
    import hashlib

    from genbo.cli.session import office
    from genbo.entitlements.zengin import read as read_file
    from genbo.kernel import Fault, Reason
    from genbo.storage.distributions import Distributions
    from genbo.storage.payments import Payments

    output = Output(as_json=as_json, language=lang)
    try:
        content = source.read_bytes()
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Reason.FILE_UNREADABLE, file=str(source), problem=problem) from None
    found, _, _ = read_file(content)
    digest = "0x" + hashlib.sha256(content).hexdigest()
    number = None
    if of is not None:
        with office(read=False) as working, working.house.database.read() as connection:
            Distributions(connection).get(of)
            files = Payments(connection).files(of)
        number = next((each.number for each in files if each.digest == digest), None)
    output.say(
        f"{len(found.transfers):,} payments, {found.total:,} yen, to be transferred on "
        f"{found.month:02d}-{found.day:02d}; SHA-256 {digest}"
    )
    if of is not None:
        said = f"no file of {of}" if number is None else f"file {number} of {of}, byte for byte"
        output.say(said, style="red" if number is None else "green")
    output.answer(
        {
            "file": str(source),
            "records": len(found.transfers),
            "total": found.total,
            "month": found.month,
            "day": found.day,
            "digest": digest,
            "distribution": of,
            "number": number,
        }
    )
    if of is not None and number is None:
        raise typer.Exit(1)


def results(
    run: RunId,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV or Excel: customer_code, amount, outcome, on (結果)."
        ),
    ],
    number: FileNumber,
    others_paid: Annotated[
        str | None,
        typer.Option("--others-paid", help="The others of the file were paid on that day."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Take over what the bank said of a payment file: paid, recalled (組戻) or impossible (振込不能).

    What came back is owed and put aside. The file is applied as a whole or not at all.
    """
    from genbo.bootstrap.payments import Unwritable, import_results
    from genbo.cli.days import day_option
    from genbo.cli.files.payment import read_results
    from genbo.cli.files.problems import FileProblems
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    found = read_results(source)
    day = day_option(others_paid, "others-paid") if others_paid else None
    with office(read=False) as working:
        try:
            settled = import_results(working, run, number, found, by=actor(), others_paid_on=day)
        except Unwritable as wrong:
            raise FileProblems(source, wrong.problems) from None
    output.say(f"{settled:,} payments of file {number} of {run} are settled")
    output.answer({"distribution": run, "file": number, "settled": settled})


def hold(run: RunId, numbers: Numbers, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Put payable lines aside (留保), for an order or a decision. They are owed and wait."""
    from genbo.bootstrap.payments import put_aside
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        put_aside(working, run, numbers, by=actor())
    output.say(f"{len(numbers):,} lines of {run} are put aside")
    output.answer({"distribution": run, "held": numbers})


def release(
    run: RunId,
    numbers: Numbers,
    by_bank: Annotated[
        bool | None,
        typer.Option(
            "--by-bank/--in-token",
            help="Pay them by bank transfer, or in the yen token, from now on. Default: as before.",
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Let lines that were put aside be paid with the next file or batch. Who is still blocked stays where they are."""
    from genbo.bootstrap.payments import release as let_go
    from genbo.cli.session import actor, office
    from genbo.entitlements import PaymentWay

    output = Output(as_json=as_json, language=lang)
    ways = {None: None, True: PaymentWay.BANK, False: PaymentWay.TOKEN}
    with office() as working:
        let_go(working, run, numbers, by=actor(), way=ways[by_bank])
    output.say(f"{len(numbers):,} lines of {run} can be paid")
    output.answer({"distribution": run, "released": numbers})


def unpaid(
    product: Annotated[
        str | None, typer.Option("--product", help="Only those of this product.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List what is owed and not paid (未払): payable, put aside, or sent without an answer."""
    from genbo.cli.session import office
    from genbo.kernel import ProductId
    from genbo.storage.payments import Payments

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        found = Payments(connection).unpaid(ProductId(product) if product else None)
    output.table(
        ("distribution", "line", "holder", "yen", "state", "why", "way", "file"),
        [
            (
                run,
                each.line.number,
                each.line.holder,
                each.line.due,
                each.state.value,
                each.line.hold or "",
                each.way.value,
                "" if each.file is None else str(each.file),
            )
            for run, each in found
        ],
    )
    total = sum(each.line.due for _, each in found)
    output.say(f"{len(found):,} payments, {total:,} yen are unpaid")
    output.answer(
        {
            "unpaid": [
                {
                    "distribution": run,
                    "line": each.line.number,
                    "holder": each.line.holder,
                    "yen": each.line.due,
                    "state": each.state.value,
                    "hold": each.line.hold,
                    "way": each.way.value,
                    "file": each.file,
                    "settled_on": each.settled_on,
                }
                for run, each in found
            ],
            "total": total,
        }
    )


def add_to(commands: typer.Typer) -> None:
    """Adds these commands."""
    for function in (file, read, results, hold, release, unpaid):
        word = function.__name__
        commands.command(word, epilog=examples_of(f"distribution {word}", LINES))(function)
