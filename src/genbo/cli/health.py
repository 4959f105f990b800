"""`genbo health`: is everything there that the work needs?"""

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language, explain

EXAMPLES = examples("genbo health", "genbo health --json | jq .ok", "genbo health --lang ja")


def health(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Look at the database, at every node and at how far the ledger was read.

    Each node is asked by itself: its latest block, how far it is behind the others, how long it took to answer, and
    whether it is on the chain of the others. Nothing is changed, and what does not answer is not waited for long.

    Exit code 0: all is well. 1: something is not; its reason says what to do.
    """
    from genbo.bootstrap.examination import examine_settings
    from genbo.cli.session import wall_clock
    from genbo.config import read_settings

    output = Output(as_json=as_json, language=lang)
    found = examine_settings(read_settings(), at=wall_clock())
    for check in found.checks:
        facts = ", ".join(f"{name} {value}" for name, value in check.facts.items() if check.ok)
        mark, style = ("well", "green") if check.ok else ("NOT WELL", "bold red")
        output.say(f"{mark:>8}  {check.name}  {facts}".rstrip(), style)
        if check.trouble is not None:
            told = explain(check.trouble, lang)
            output.say(f"          {check.trouble.reason.value}: {told}")
    output.answer(found.document(lang))
    if not found.ok:
        raise typer.Exit(1)
