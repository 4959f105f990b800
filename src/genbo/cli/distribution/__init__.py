"""`genbo distribution`: what holders of a record date are paid, from the declaration to the yearly statement."""

import typer

from genbo.cli.distribution import declaring, paying, proving, telling
from genbo.cli.options import examples

EXAMPLES = examples(*declaring.LINES, *paying.LINES, *telling.LINES, *proving.LINES)
commands = typer.Typer(help="Distributions (分配): declared, approved, paid.", epilog=EXAMPLES)


@commands.callback()
def distribution() -> None:
    """Distributions (分配) and coupons: declared by one, approved by another, paid by bank transfer."""


for each in (declaring, paying, telling, proving):
    each.add_to(commands)
