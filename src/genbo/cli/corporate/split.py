"""`genbo split`: each unit becomes several (分割)."""

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
    "genbo split decide SP-2022-04 --product SHIBUYA-JINNAN --factor 10 --day 2022-04-01 "
    "--resolution 2022-03-10/1 --evidence resolution.pdf --as issue-1",
    "genbo split approve SP-2022-04 --as issue-2",
    "genbo split reject SP-2022-04 --as issue-2",
    "genbo split show",
    "genbo split carry-out SP-2022-04",
    "genbo split document SP-2022-04 --out after.pdf",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Split (分割) of every unit.", epilog=EXAMPLES)


@commands.callback()
def split() -> None:
    """Split (分割): each unit becomes several, for all holders at one instant, with the acquisition dates they have."""


def decide(
    id: ActionId,
    product: ProductKey,
    factor: Annotated[int, typer.Option("--factor", help="One unit becomes so many: 2 or more.")],
    day: Day,
    resolution: Resolution,
    evidence: Evidence,
    name: Maker = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Draft a split. Nothing is split before somebody else approves it, and its day has come."""
    from genbo.bootstrap.splits import decide_split
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    decision = decision_of(id, product, day, resolution, evidence)
    with office() as working:
        found = decide_split(working, decision, factor, maker=name)
    output.say(f"waits for `genbo split approve {id} --as <somebody else>`")
    say_action(output, found)


add_to(commands, ActionKind.SPLIT, LINES, decide)


@commands.command("carry-out", epilog=examples_of("split carry-out", LINES))
def carry_out(
    id: ActionId, name: Signers = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Split on or after the day; the terms follow. Done once more, it changes nothing."""
    from genbo.bootstrap.splits import carry_out_split
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        found = carry_out_split(working, id, by=actor(), people=tuple(name or ()))
    say_action(output, found)
