"""`genbo demo`: the life of one offering, from its published terms to redemption, on a chain and a database of its
own."""

from pathlib import Path
from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

EXAMPLES = examples(
    "genbo demo",
    "genbo demo --out /tmp/demo --json | jq .registers",
    "genbo demo --data demo-data, then: GENBO_DATA=demo-data genbo up",
)


def demo(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the registers and the summary.")
    ] = Path("out"),
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Keep chain and database in this folder instead of removing them."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Run the whole life of the first public real-estate token of Japan, 2021 to 2024.

    Deploys a platform, creates the product from its published terms, registers 503 investors, issues, distributes,
    trades, restricts, repairs, splits, stops and redeems; every act prints who approved it, its transaction, block
    and gas, and every refusal its reason. Ends with the invariants, a summary and files in the out folder.

    Nothing is needed beforehand: chain and database run inside this command and are gone afterwards. The holders are
    invented; their registers are written to the out folder, readable for you alone.
    """
    from genbo.cli.life.story import tell

    output = Output(as_json=as_json, language=lang)
    summary = tell(output, out=out, data=data)
    output.answer(summary)
    if not summary["invariants"]["holds"]:
        raise typer.Exit(1)
