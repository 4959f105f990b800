"""`genbo register show`: who holds what, by law, as of any instant, on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genbo.cli.options import AsJson, AsOf, AsOfBlock, Lang, ProductKey, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language
from genbo.kernel import ProductId, parse_as_of

if TYPE_CHECKING:
    from genbo.bootstrap.settled import Settled
    from genbo.reporting import RegisterDocument, RegisterLine

SHOW = examples(
    "genbo register show --product SHIBUYA-JINNAN",
    "genbo register show --product SHIBUYA-JINNAN --as-of 2022-01-31",
    "genbo register show --product SHIBUYA-JINNAN --as-of 2022-01-31T15:00:00Z --json",
    "genbo register show --product SHIBUYA-JINNAN --as-of-block 120",
    "genbo register show --product SHIBUYA-JINNAN --names --csv register.csv",
)


def show(
    product: ProductKey,
    as_of: AsOf = None,
    as_of_block: AsOfBlock = None,
    names: Annotated[
        bool, typer.Option("--names", help="Open names and addresses; every opening is recorded.")
    ] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the register as CSV to this file.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show the register as of an instant or a block: per holder and day acquired, the units and restrictions.

    Half-open: "as of 2022-01-31" is everything before 2022-02-01 00:00 JST. A block is asked for with everything up to
    and including it. The same question has the same answer, byte for byte, and its digest, whatever happens later. An
    answer is marked as not final (未確定) while its instant lies ahead, or while the chain below it may still be
    reorganised (GENBO_CONFIRMATIONS).
    """
    from genbo.bootstrap.printing import print_register
    from genbo.bootstrap.settled import settled
    from genbo.cli.files.written import write_file
    from genbo.cli.session import actor, office, wall_clock

    output = Output(as_json=as_json, language=lang)
    if as_of and as_of_block is not None:
        raise typer.BadParameter("give --as-of or --as-of-block, not both")
    at = parse_as_of(as_of) if as_of else None
    with office() as working:
        document = print_register(
            working,
            ProductId(product),
            as_of=as_of_block if at is None else at,
            actor=actor(),
            names=names,
            now=wall_clock(),
        )
        standing = settled(
            working.house, document.stamp, as_of=at, block=as_of_block, now=wall_clock()
        )
    if csv_file is not None:
        write_file(csv_file, document.as_csv(), personal=names)
    say_register(output, document, names=names)
    _say_final(output, standing, ahead=at is not None and at > wall_clock())
    output.answer({**document.document(), "digest": document.digest(), **standing.document()})


def _say_final(output: Output, standing: Settled, *, ahead: bool) -> None:
    from genbo.cli.session import final_line

    if ahead:
        output.say("not final: the instant lies ahead, and what happens until then belongs to it")
    elif not standing.final:
        output.say(f"not final: the chain below may still be reorganised; {final_line(standing)}")


def say_register(output: Output, document: RegisterDocument, *, names: bool) -> None:
    """The register as a table."""
    from genbo.cli.session import block_line, jst

    output.heading(f"{document.product_name} ({document.product})")
    output.say(f"as of {jst(document.as_of)}; {block_line(document.stamp)}")
    columns = ["investor", "account", "units", "acquired", "restrictions"]
    if names:
        columns[1:1] = ["name", "address"]
    rows = [_row(line, names=names) for line in document.sorted_lines()]
    if rows:
        output.table(columns, rows)
    output.say(f"{document.holders:,} holders, total issued {int(document.total):,} units")
    output.say(f"digest {document.digest()}")


def _row(line: RegisterLine, *, names: bool) -> list[object]:
    who: list[object] = [line.holder or "UNKNOWN"]
    if names:
        who += [line.name or "-", line.registered_address or "-"]
    return [*who, line.account, int(line.units), line.acquired.isoformat(), line.restrictions]


COMMANDS = {"show": show}
EXAMPLES = {"show": SHOW}
