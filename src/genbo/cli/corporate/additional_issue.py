"""`genbo additional-issue`: further units of a product that exists (追加発行)."""

from __future__ import annotations

from typing import Annotated

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

LINES = (
    "genbo additional-issue decide AI-2022-06 --product SHIBUYA-JINNAN --units 470 --day 2022-06-01 "
    "--resolution 2022-05-20/1 --evidence resolution.pdf --as issue-1",
    "genbo additional-issue approve AI-2022-06 --as issue-2",
    "genbo additional-issue reject AI-2022-06 --as issue-2",
    "genbo additional-issue show",
    "genbo additional-issue carry-out AI-2022-06",
    "genbo additional-issue document AI-2022-06 --out after.pdf",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Additional issue (追加発行).", epilog=EXAMPLES)


@commands.callback()
def additional_issue() -> None:
    """Additional issue (追加発行): further units, whose lots are acquired on the delivery date of the decision."""


def decide(
    id: ActionId,
    product: ProductKey,
    units: Annotated[int, typer.Option("--units", help="How many come on top.")],
    day: Day,
    resolution: Resolution,
    evidence: Evidence,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Investor who gets them. Default: the initial beneficiary."),
    ] = None,
    name: Maker = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Draft an additional issue within the cap. Nothing is issued before somebody else approves it."""
    from genbo.bootstrap.additional_issues import decide_additional_issue
    from genbo.cli.session import office
    from genbo.entitlements import IssueTerms
    from genbo.kernel import InvestorId, Units

    output = Output(as_json=as_json, language=lang)
    decision = decision_of(id, product, day, resolution, evidence)
    terms = IssueTerms(units=Units(units), to=None if to is None else InvestorId(to))
    with office() as working:
        found = decide_additional_issue(working, decision, terms, maker=name)
    output.say(f"waits for `genbo additional-issue approve {id} --as <somebody else>`")
    say_action(output, found)


add_to(commands, ActionKind.ADDITIONAL_ISSUE, LINES, decide)


@commands.command("carry-out", epilog=examples_of("additional-issue carry-out", LINES))
def carry_out(
    id: ActionId, name: Signers = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Issue on or after the delivery date. Done once more, it changes nothing."""
    from genbo.bootstrap.additional_issues import carry_out_additional_issue
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        found = carry_out_additional_issue(working, id, by=actor(), people=tuple(name or ()))
    say_action(output, found)
