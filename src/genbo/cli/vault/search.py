"""`genbo vault find`, `reindex`: finding investors by a value without opening anybody."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.privacy import Purpose
from genbo.compliance.reasons import Language

_FIND = examples(
    "genbo vault find --field name --purpose order",
    "genbo vault find --field payee_account --purpose payment < account.txt",
)
_REINDEX = examples("genbo vault reindex")


def find(
    field: Annotated[
        str,
        typer.Option(
            help="What to compare: corporate_number, name, name_folded or payee_account (0001-001-1-1234567)."
        ),
    ],
    purpose: Annotated[Purpose, typer.Option(help="Why (利用目的); it is recorded.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Find the investors who have exactly a value; nobody's data is opened. That it was asked is recorded.

    The value is read from standard input, never from the command line, which every user of a machine can see.
    """
    from genbo.cli.session import actor, office
    from genbo.storage.blind_index import BlindIndex
    from genbo.storage.vault import Reading

    output = Output(as_json=as_json, language=lang)
    if sys.stdin.isatty():
        value = str(typer.prompt("Value", hide_input=True, err=True))
    else:
        value = sys.stdin.buffer.read().decode("utf-8-sig", "replace").strip("\r\n")
    with office(read=False) as working:
        house = working.house
        with house.database.begin() as connection:
            reading = Reading(purpose=purpose, actor=actor(), at=house.now())
            found = BlindIndex(connection, house.vault).find(field, value, reading=reading)
    for each in found:
        output.say(each)
    output.say(f"{len(found):,} investors")
    output.answer({"investors": found})


def reindex(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Make the blind index (ブラインドインデックス) anew under a new key.

    Needed once for a database from before there was an index, and after a restored backup. After erasures it takes the
    last use from the digests in backups taken before.
    """
    from genbo.cli.session import actor, office
    from genbo.storage.reindex import reindex as remake

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        house = working.house
        with house.database.begin() as connection:
            rows = remake(connection, house.vault, at=house.now(), by=actor())
    output.say(f"the blind index has {rows:,} rows")
    output.answer({"rows": rows})


def add_to(commands: typer.Typer) -> None:
    """Joins these commands to `genbo vault`."""
    commands.command("find", epilog=_FIND)(find)
    commands.command("reindex", epilog=_REINDEX)(reindex)
