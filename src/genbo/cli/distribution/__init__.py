"""`genbo distribution`: what holders of a record date are paid, from the declaration to the yearly statement."""

import typer

from genbo.cli.distribution import declaring, in_token, paying, proving, telling
from genbo.cli.options import examples

EXAMPLES = examples(
    *declaring.LINES, *paying.LINES, *in_token.LINES, *telling.LINES, *proving.LINES
)
commands = typer.Typer(help="Distributions (分配): declared, approved, paid.", epilog=EXAMPLES)


@commands.callback()
def distribution() -> None:
    """Distributions (分配) and coupons: declared by one, approved by another, paid by bank or in a yen token."""


for each in (declaring, paying, in_token, telling, proving):
    each.add_to(commands)
