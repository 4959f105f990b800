"""`genbo up`: a system that keeps running in its data folder until it is interrupted."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from genbo.bootstrap.role import Role
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.office import Office

EXAMPLES = examples(
    "genbo up",
    "GENBO_DATA=/srv/genbo genbo up --port 0",
    "GENBO_NODE_URL=http://127.0.0.1:8545 genbo up",
    "genbo up --once --json",
    "genbo up --role sender --role jobs",
)


def up(
    port: Annotated[
        int,
        typer.Option(
            help="Port of the embedded chain's JSON-RPC on 127.0.0.1; 0 picks a free one."
        ),
    ] = 8545,
    once: Annotated[
        bool, typer.Option("--once", help="Set everything up, read to the latest block, and end.")
    ] = False,
    migrate: Annotated[
        bool,
        typer.Option(
            "--migrate",
            help="Bring the database of GENBO_DATABASE_URL to the schema of this version first.",
        ),
    ] = False,
    role: Annotated[
        list[Role],
        typer.Option(
            "--role",
            help="Only this part of the work, in a deployment that exists; may be given several times.",
        ),
    ] = [],  # noqa: B006 (typer copies it)
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Keep a system running: chain, database and register, in the data folder or at the URLs of the settings.

    The first start deploys a platform of the development cast; later starts go on where the last one ended. Other
    commands work while it runs, from another terminal. End it with Ctrl-C; nothing stays behind.

    With a node of yours the chain must be one for development, because the keys of the cast are known to everybody;
    elsewhere deploy with the scripts, then `genbo up` follows.

    One process does everything: it reads the chain (indexer), sends (sender) and goes on with bulk acts (jobs). With
    --role several processes share the work; however many there are, each signer has one sender, and when that one
    ends another takes over.
    """
    from genbo.bootstrap.founding import open_office
    from genbo.bootstrap.house import open_house
    from genbo.bootstrap.service import Service
    from genbo.cli.running import follow, found_or_open, open_door, trouble_teller, wait
    from genbo.cli.session import block_line, wall_clock
    from genbo.config import read_settings

    output = Output(as_json=as_json, language=lang)
    settings = read_settings()
    roles = role or list(Role)
    with (
        open_house(
            settings, genesis_at=wall_clock(), clock=wall_clock, begin=not role, migrating=migrate
        ) as house,
        open_door(house, port) if not role else nullcontext() as url,
    ):
        office = found_or_open(house, output) if not role else open_office(house)
        stamp = office.read()
        _say_up(output, office, url, embedded_database=settings.embedded_database)
        if stamp is not None:
            output.say(f"register  {block_line(stamp)}")
        output.answer(
            {
                "chain_id": house.node.chain_id,
                "node_url": url,
                "data": str(house.folder),
                "platform": office.deployment.platform,
                "products": {
                    product: token.address for product, token in office.deployment.tokens.items()
                },
                "block": stamp,
                "roles": [each.value for each in roles],
            }
        )
        if once:
            return
        output.say("Ctrl-C ends it.")
        service = Service(office, roles, tell=trouble_teller(output))
        with service.running():
            if Role.INDEXER in roles:
                follow(office, output)
            else:
                wait()
    output.say("Ended; the data folder starts again from here.")


def _say_up(output: Output, office: Office, url: str | None, *, embedded_database: bool) -> None:
    house = office.house
    database = (
        "PostgreSQL in the data folder" if embedded_database else "that of GENBO_DATABASE_URL"
    )
    output.heading("Genbo is up")
    output.say(f"chain     {url or 'that of GENBO_NODE_URL'} (id {house.node.chain_id})")
    output.say(f"database  {database}")
    output.say(f"data      {house.folder}")
    output.say(f"platform  {office.deployment.platform}")
    products = ", ".join(sorted(office.deployment.tokens))
    output.say(f"products  {products or 'none yet: genbo product create FILE'}")
