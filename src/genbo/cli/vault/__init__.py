"""`genbo vault`: the keys of personal data, how long it is kept, and how it is found and erased."""

import typer

from genbo.cli.options import examples
from genbo.cli.vault import keeping, keys, search

EXAMPLES = examples(
    "genbo vault show",
    "genbo vault rotate",
    "genbo vault retention IV-0001",
    "genbo vault erase IV-0001 --ground RET-2033-1 --evidence decision.pdf --as repair-1",
)
commands = typer.Typer(
    help="The vault (個人情報保管庫): keys, retention, erasure.", epilog=EXAMPLES
)


@commands.callback()
def vault() -> None:
    """The vault (個人情報保管庫): the keys of personal data, how long it is kept, how it is found and erased."""


for each in (keys, search, keeping):
    each.add_to(commands)
