"""`genbo replay`: the register made anew from the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.differences import difference_document, say_difference
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.from_chain import Replay
    from genbo.kernel import ProductId

EXAMPLES = examples(
    "genbo replay --from-chain",
    "genbo replay --from-chain --block 120 --product SHIBUYA-JINNAN --json",
    "genbo replay --from-chain --compare",
)


def replay(
    from_chain: Annotated[
        bool,
        typer.Option(
            "--from-chain", help="Read the logs from the node afresh, not from what is stored."
        ),
    ] = False,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Compare raw events and derived rows with the database."),
    ] = False,
    product: Annotated[
        str | None, typer.Option("--product", help="Only this product (受益権ID).")
    ] = None,
    block: Annotated[
        int | None,
        typer.Option(
            "--block", min=0, help="Up to and including this block. Default: the latest block."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Fold the whole history of the chain once more, and say the digest of the register it comes to.

    Without --compare no database is needed: the node and the deployment file in the data folder suffice, and whoever
    has them comes to the same digest. Comparing means every raw event and every derived row of the database, to the
    byte, as of the block to which it was read.

    Exit code 0: done, and nothing differs. 1: something differs; the first difference is named with holder, address,
    product, block, and what was expected and found.
    """
    from genbo.kernel import ProductId

    output = Output(as_json=as_json, language=lang)
    if not from_chain:
        raise typer.BadParameter("say where from: --from-chain")
    if compare and block is not None:
        raise typer.BadParameter("--compare goes up to the block that was read; leave out --block")
    wanted = ProductId(product) if product else None
    replayed = _compare(output, wanted) if compare else _alone(output, wanted, block)
    say_replay(output, replayed)
    output.answer(replay_document(replayed))
    if replayed.difference is not None:
        raise typer.Exit(1)


def say_replay(output: Output, replayed: Replay) -> None:
    """A replay, for people."""
    from genbo.cli.session import block_line

    output.say(block_line(replayed.stamp))
    rows = [
        (each.product, int(each.total), each.holders, each.lots, each.events, each.digest)
        for each in replayed.products
    ]
    if rows:
        output.table(["product", "total", "holders", "lots", "events", "digest"], rows)
    output.say(f"{replayed.logs:,} logs read from the chain")
    if replayed.difference is not None:
        say_difference(output, replayed.difference)
    elif replayed.compared:
        output.say("identical to the database: every raw event and every derived row", "green")


def replay_document(replayed: Replay) -> dict[str, Any]:
    """A replay, for machines."""
    return {
        "block": replayed.stamp,
        "logs": replayed.logs,
        "products": [
            {
                "product": each.product,
                "digest": each.digest,
                "total_issued": int(each.total),
                "holders": each.holders,
                "lots": each.lots,
                "events": each.events,
            }
            for each in replayed.products
        ],
        "compared": replayed.compared,
        "identical": replayed.difference is None if replayed.compared else None,
        "first_difference": difference_document(replayed.difference),
    }


def _alone(output: Output, product: ProductId | None, block: int | None) -> Replay:
    from genbo.bootstrap.from_chain import replay
    from genbo.bootstrap.house import open_chain
    from genbo.cli.session import wall_clock
    from genbo.config import read_settings

    with open_chain(read_settings(), genesis_at=wall_clock(), clock=wall_clock) as (node, standing):
        last = node.stamp().number if block is None else block
        with output.progress("read blocks", max(0, last - standing.first_block + 1)) as bar:
            return replay(node, standing, block=block, product=product, progress=bar.done)


def _compare(output: Output, product: ProductId | None) -> Replay:
    from genbo.bootstrap.from_chain import replay_and_compare
    from genbo.cli.session import office

    with office() as working:
        node, standing = working.house.node, working.deployment
        blocks = node.stamp().number - standing.first_block + 1
        with output.progress("read blocks", blocks) as bar:
            return replay_and_compare(
                node, standing, working.house.database, product=product, progress=bar.done
            )
