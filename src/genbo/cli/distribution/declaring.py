"""`genbo distribution declare`, `correct`, `show`, `approve`, `reject`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genbo.cli.distribution.saying import line_document, run_document, say_run, say_runs
from genbo.cli.options import AsJson, Lang, ProductKey, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from genbo.kernel import Digest

LINES = (
    "genbo distribution declare D-2022-01 --product SHIBUYA-JINNAN --record-date 2022-01-31 "
    '--income 16767 --why "resolution of 2022-02-10" --as issue-1',
    "genbo distribution declare SBI-ST-1-C1 --product SBI-ST-1 --record-date 2021-10-26 "
    '--coupon --why "terms of the bond" --as issue-1',
    "genbo distribution show --product SHIBUYA-JINNAN",
    "genbo distribution show D-2022-01 --verify",
    "genbo distribution approve D-2022-01 --as issue-2",
    "genbo distribution reject D-2022-01 --as issue-2",
    'genbo distribution correct D-2022-01-K1 --of D-2022-01 --income 16800 --why "wrong amount" '
    "--as issue-1",
)

RunId = Annotated[str, typer.Argument(metavar="ID", help="Id of the distribution (分配ID).")]
Signer = Annotated[str, typer.Option("--as", help="Name of the key that signs, e.g. issue-2.")]
Maker = Annotated[
    str | None,
    typer.Option("--as", help="Name of the key that signs, e.g. issue-1. Default: the first."),
]
Income = Annotated[
    str,
    typer.Option(
        "--income", help="Yen per unit before tax (1口当たり分配金・利子), decimals allowed."
    ),
]
Capital = Annotated[
    str, typer.Option("--capital", help="Yen per unit of capital returned (元本払戻し), untaxed.")
]
Points = Annotated[str, typer.Option("--points", help="Points per unit beside cash (ポイント).")]
Why = Annotated[str, typer.Option("--why", help="The decision it rests on, for the records.")]
Payable = Annotated[
    str | None,
    typer.Option(
        "--payable",
        help="Payment day, YYYY-MM-DD. Default: by the terms, a month after the record date or with the coupon.",
    ),
]
Evidence = Annotated[
    Path | None, typer.Option("--evidence", help="The document; its SHA-256 is signed.")
]


def declare(
    run: RunId,
    product: ProductKey,
    record_date: Annotated[
        str, typer.Option("--record-date", help="Day of a record date that is fixed, YYYY-MM-DD.")
    ],
    why: Why,
    income: Income = "0",
    capital: Capital = "0",
    points: Points = "0",
    coupon: Annotated[
        bool,
        typer.Option("--coupon", help="Of a bond: interest and points that its terms promise."),
    ] = False,
    payable: Payable = None,
    evidence: Evidence = None,
    name: Maker = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Draft a distribution or coupon: every payee's amount and taxes, to the yen. Nothing is paid before somebody else
    approves it."""
    from genbo.cli.days import day_option

    _declare(
        Output(as_json=as_json, language=lang),
        run,
        product=product,
        record_day=day_option(record_date, "record-date"),
        amounts=(income, capital, points),
        coupon=coupon,
        payable=payable,
        why=why,
        evidence=evidence,
        name=name,
        corrects=None,
    )


def correct(
    run: RunId,
    of: Annotated[str, typer.Option("--of", help="Id of the distribution that was wrong.")],
    why: Why,
    income: Income = "0",
    capital: Capital = "0",
    points: Points = "0",
    payable: Payable = None,
    evidence: Evidence = None,
    name: Maker = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Draft a run that corrects another (訂正): what is right in full; it pays the differences and lists what is to be
    reclaimed. Needs somebody else's approval as any other."""
    from genbo.cli.session import office
    from genbo.storage.distributions import Distributions

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        former = Distributions(connection).get(of)
    _declare(
        output,
        run,
        product=former.product,
        record_day=former.record_day,
        amounts=(income, capital, points),
        payable=payable,
        why=why,
        evidence=evidence,
        name=name,
        corrects=of,
    )


def show(
    run: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Id of one. Default: a list of all.")
    ] = None,
    product: Annotated[
        str | None, typer.Option("--product", help="Only those of this product.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Recompute the root from the lines.")
    ] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Show every payee's line.")] = False,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show one distribution with its sums and how far its payments are, or list them."""
    from genbo.bootstrap.distributions import verify_distribution
    from genbo.cli.session import office
    from genbo.kernel import ProductId
    from genbo.storage.distributions import Distributions
    from genbo.storage.payments import Payments

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        if run is None:
            with working.house.database.read() as connection:
                found = Distributions(connection).all(ProductId(product) if product else None)
            say_runs(output, found)
            return
        if verify:
            verify_distribution(working, run)
            output.say("the lines are those that were declared", style="green")
        with working.house.database.read() as connection:
            one = Distributions(connection).get(run)
            payments = Payments(connection).payments(run)
            files = Payments(connection).files(run)
    say_run(output, one)
    if lines:
        output.table(
            ("line", "holder", "units", "gross", "income tax", "local tax", "due", "state", "why"),
            [
                (
                    each.line.number,
                    each.line.holder,
                    int(each.line.units),
                    each.line.gross,
                    each.line.income_tax,
                    each.line.local_tax,
                    each.line.due,
                    each.state.value,
                    each.line.hold or "",
                )
                for each in payments
            ],
        )
    states: dict[str, int] = {}
    for each in payments:
        states[each.state.value] = states.get(each.state.value, 0) + 1
    output.table(("state", "lines"), sorted(states.items()))
    output.table(
        ("file", "day", "records", "yen", "sha-256"),
        [
            (each.number, each.transfer_day.isoformat(), each.records, each.total, each.digest)
            for each in files
        ],
    )
    output.answer(
        run_document(one)
        | {
            "states": states,
            "files": [
                {
                    "number": each.number,
                    "transfer_day": each.transfer_day,
                    "records": each.records,
                    "total": each.total,
                    "digest": each.digest,
                }
                for each in files
            ],
        }
        | ({"lines": [line_document(each) for each in payments]} if lines else {})
    )


def approve(
    run: RunId,
    name: Signer,
    anchor: Annotated[
        bool, typer.Option("--anchor/--no-anchor", help="Whether its root goes to the ledger.")
    ] = True,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Approve a distribution as somebody other than its maker: its lines can be paid; its payee list is anchored."""
    from genbo.bootstrap.distributions import anchor_distribution
    from genbo.bootstrap.distributions import approve as sign
    from genbo.cli.session import office
    from genbo.entitlements import RunState

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        found = sign(working, run, name=name)
        anchored = None
        if anchor and found.state is RunState.APPROVED:
            anchored = anchor_distribution(working, run)
    say_run(output, found, anchored)
    output.answer(run_document(found) | ({"anchored": anchored.stamp} if anchored else {}))


def reject(run: RunId, name: Signer, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Turn a draft down, or take it back (却下・取下). Its id is not used again."""
    from genbo.bootstrap.distributions import reject as turn_down
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        found = turn_down(working, run, name=name)
    say_run(output, found)
    output.answer(run_document(found))


def add_to(commands: typer.Typer) -> None:
    """Adds these commands."""
    for function in (declare, show, approve, reject, correct):
        word = function.__name__
        commands.command(word, epilog=examples_of(f"distribution {word}", LINES))(function)


# Inside ----------------------------------------------------------------------------------------------


def _declare(
    output: Output,
    run: str,
    *,
    product: str,
    record_day: date,
    amounts: tuple[str, str, str],
    payable: str | None,
    why: str,
    evidence: Path | None,
    name: str | None,
    corrects: str | None,
    coupon: bool = False,
) -> None:
    from genbo.bootstrap.coupons import wanted_coupon
    from genbo.bootstrap.distributions import Wanted
    from genbo.bootstrap.distributions import declare as draft
    from genbo.cli.days import day_option
    from genbo.cli.session import office
    from genbo.entitlements import per_unit
    from genbo.kernel import Fault, ProductId, Reason

    income, capital, points = (
        amount_of(text, field)
        for text, field in zip(amounts, ("income", "capital", "points"), strict=True)
    )
    paid_on = day_option(payable, "payable") if payable else None
    if coupon and (income or capital or points):
        raise Fault(
            Reason.FIELD_INVALID,
            field="coupon",
            value="--coupon",
            allowed="without --income, --capital and --points",
        )
    wanted = None
    if not coupon:
        wanted = Wanted(
            id=run,
            product=ProductId(product),
            record_day=record_day,
            amounts=per_unit(income=income, capital=capital, points=points),
            why=why,
            payment_day=paid_on,
            corrects=corrects,
        )
    digest = None if evidence is None else _digest_of(evidence)
    with office() as working:
        if wanted is None:
            wanted = wanted_coupon(
                working, ProductId(product), record_day, id=run, why=why, payment_day=paid_on
            )
        found = draft(
            working,
            wanted,
            maker=name,
            evidence=digest,
            say=lambda words: output.say(f"{words} ...", "dim"),
        )
    say_run(output, found)
    output.say(f"waits for `genbo distribution approve {found.id} --as <somebody else>`")
    output.answer(run_document(found))


def amount_of(text: str, field: str) -> Decimal:
    """The number that was typed. Raises Fault(field_invalid)."""
    from decimal import Decimal, InvalidOperation

    from genbo.kernel import Fault, Reason

    try:
        return Decimal(text)
    except InvalidOperation:
        raise Fault(
            Reason.FIELD_INVALID,
            field=field,
            value=text[:32],
            allowed="a number such as 16767 or 0.35",
        ) from None


def _digest_of(path: Path) -> Digest:
    from genbo.kernel import Digest, Fault, Reason

    try:
        return Digest("0x" + hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem=problem) from None
