"""`genbo redemption`: units end, in part or in full (償還)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from genbo.cli.corporate.common import (
    ActionId,
    Day,
    Evidence,
    Maker,
    Resolution,
    Signers,
    add_to,
    decision_of,
    say_action,
)
from genbo.cli.options import AsJson, Lang, ProductKey, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language
from genbo.entitlements import ActionKind

if TYPE_CHECKING:
    from genbo.governance.job import Progress

LINES = (
    "genbo redemption decide RD-2024-08 --product SHIBUYA-JINNAN --record-date 2024-07-31 --day 2024-08-30 --all "
    "--capital 1000000 --profit 123456.78 --resolution 2024-08-05/1 --evidence resolution.pdf --as issue-1",
    "genbo redemption decide RD-2024-02 --product SHIBUYA-JINNAN --record-date 2024-01-31 --day 2024-02-15 "
    "--units 453 --early --capital 1000000 --resolution 2024-02-01/1 --evidence resolution.pdf",
    "genbo redemption approve RD-2024-08 --as issue-2",
    "genbo redemption reject RD-2024-02 --as issue-2",
    "genbo redemption show --product SHIBUYA-JINNAN",
    "genbo redemption show RD-2024-08 --json",
    "genbo redemption carry-out RD-2024-08",
    "genbo redemption document RD-2024-08 --before --out before.pdf",
    "genbo redemption document RD-2024-08 --anchor --lang en",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Redemption (償還) in part or in full.", epilog=EXAMPLES)


@commands.callback()
def redemption() -> None:
    """Redemption (償還): decided by one, approved by another, carried out on its day, paid in its two parts."""


def decide(
    id: ActionId,
    product: ProductKey,
    record_date: Annotated[
        str,
        typer.Option("--record-date", help="Day of a record date that is fixed, YYYY-MM-DD."),
    ],
    day: Day,
    resolution: Resolution,
    evidence: Evidence,
    units: Annotated[
        int | None,
        typer.Option("--units", help="How many end, in proportion to what each holder had."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All of them end, and the product with them.")
    ] = False,
    capital: Annotated[
        str,
        typer.Option("--capital", help="Yen of a unit that are returned (元本の払戻し), untaxed."),
    ] = "0",
    profit: Annotated[
        str,
        typer.Option("--profit", help="Yen of a unit that are profit (分配金), before tax."),
    ] = "0",
    payable: Annotated[
        str | None,
        typer.Option(
            "--payable",
            help="Payment day, YYYY-MM-DD. Default: by the terms, a month after the record date or with the coupon.",
        ),
    ] = None,
    early: Annotated[
        bool,
        typer.Option(
            "--early", help="Before the redemption date of the terms, as the resolution says."
        ),
    ] = False,
    name: Maker = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Draft a redemption: which day, which units, and what each is paid. Nothing ends before somebody else approves."""
    from genbo.bootstrap.redemptions import decide_redemption
    from genbo.cli.days import day_option
    from genbo.cli.distribution.declaring import amount_of
    from genbo.cli.session import office
    from genbo.entitlements import RedemptionTerms, per_unit
    from genbo.kernel import Fault, Reason, Units

    output = Output(as_json=as_json, language=lang)
    if (units is None) != everything:
        raise Fault(
            Reason.COMMAND_INVALID,
            problem="give either --units or --all",
            help="genbo redemption decide --help",
        )
    terms = RedemptionTerms(
        record_day=day_option(record_date, "record-date"),
        units=None if units is None else Units(units),
        amounts=per_unit(income=amount_of(profit, "profit"), capital=amount_of(capital, "capital")),
        early=early,
        payment_day=None if payable is None else day_option(payable, "payable"),
    )
    decision = decision_of(id, product, day, resolution, evidence)
    with office() as working:
        found = decide_redemption(working, decision, terms, maker=name)
    output.say(f"waits for `genbo redemption approve {id} --as <somebody else>`")
    say_action(output, found)


add_to(commands, ActionKind.REDEMPTION, LINES, decide)


@commands.command("carry-out", epilog=examples_of("redemption carry-out", LINES))
def carry_out(
    id: ActionId, name: Signers = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """End the units on or after the day, in batches, and draft the payment. Interrupted, the same command goes on."""
    from genbo.bootstrap.redemptions import carry_out_redemption
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    with office() as working, output.progress("accounts", None) as bar:
        seen = 0

        def advance(now: Progress) -> None:
            nonlocal seen
            bar.done(now.done + now.refused - seen)
            seen = now.done + now.refused

        found = carry_out_redemption(
            working, id, by=actor(), people=tuple(name or ()), progress=advance
        )
    output.say(f"its payment is drafted: `genbo distribution approve {id} --as <somebody else>`")
    say_action(output, found)
