"""`genbo register`: who holds what, by law, as of any instant.

`shown`: on the screen. `issued`: as a document, with its proof and its anchor. `listed`: holdings, changes, provenance,
and who was shown what.
"""

import typer

from genbo.cli.options import examples
from genbo.cli.register import issued, listed, shown

EXAMPLES = examples(
    "genbo register show --product SHIBUYA-JINNAN --as-of 2022-01-31",
    "genbo register print --product SHIBUYA-JINNAN --as-of 2022-01-31 --format pdf --out register.pdf"
    ' --requester T-1 --reason "record date"',
    "genbo register verify register.pdf",
    "genbo register changes --product SHIBUYA-JINNAN --since 2022-01-31 --as-of 2022-03-31",
    "genbo register inspections --product SHIBUYA-JINNAN",
)
commands = typer.Typer(help="The register (原簿) of a product.", epilog=EXAMPLES)


@commands.callback()
def register() -> None:
    """The register (原簿) of a product: who holds how much, acquired when."""


for _module in (shown, issued, listed):
    for _name, _command in _module.COMMANDS.items():
        commands.command(_name, epilog=_module.EXAMPLES[_name])(_command)
