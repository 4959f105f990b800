"""`genbo user`: people (利用者), what they may do, and what waits for a second person.

`own`: what users do for themselves. `standing`: what an administrator does. `proposals`: what takes two.
"""

import typer

from genbo.cli.options import examples
from genbo.cli.user import own, proposals, shown, standing

EXAMPLES = examples(
    "genbo user found --institution R1",
    "genbo user enrol ADMIN-1",
    "genbo user register U1 --institution R1 --kind operator --branch-code 001 --branch-name 本店 --as ADMIN-1",
    "genbo user grant U1 issue:make --evidence decision.pdf --as ADMIN-1",
    "genbo user proposals",
    "genbo user approve AP-0123456789abcdef01234 --digest 0x... --as ADMIN-2",
    "genbo user list --json",
)
commands = typer.Typer(
    help="People (利用者), what they may do, and what waits for a second person.", epilog=EXAMPLES
)


@commands.callback()
def user() -> None:
    """People (利用者): who signs in, what they may do, and what waits for a second person."""


for _module in (shown, own, standing, proposals):
    for _name, _command in _module.COMMANDS.items():
        commands.command(_name, epilog=_module.EXAMPLES[_name])(_command)
