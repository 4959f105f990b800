"""`genbo up`: a system that keeps running in its data folder until it is interrupted."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from genbo.bootstrap.role import Role
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language
from genbo.kernel import Fault, Reason

if TYPE_CHECKING:
    from genbo.bootstrap.office import Office

EXAMPLES = examples(
    "genbo up",
    "GENBO_DATA=/srv/genbo genbo up --port 0",
    "GENBO_NODE_URL=http://127.0.0.1:8545 genbo up",
    "genbo up --health-port 8080",
    "genbo up --api-port 8081",
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
    health_port: Annotated[
        int,
        typer.Option(
            help="Port of `GET /health` on 127.0.0.1: 200 when all is well, else 503; 0 is none."
        ),
    ] = 0,
    api_port: Annotated[
        int,
        typer.Option(help="Port of the API (`/v1`) on 127.0.0.1, for the role api; 0 is none."),
    ] = 0,
    kyc_port: Annotated[
        int,
        typer.Option(
            help="Port of `POST /kyc/callbacks` on 127.0.0.1 for the provider of GENBO_KYC_FILE; 0 is none."
        ),
    ] = 0,
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

    While a node or the database is away it waits and says so once, and goes on when they are back.

    With a node of yours the chain must be one for development, because the keys of the cast are known to everybody;
    elsewhere deploy with the scripts, then `genbo up` follows.

    One process does everything: it reads the chain (indexer), sends (sender), goes on with bulk acts (jobs) and, where
    --api-port says so, answers the systems of institutions (api). With
    --role several processes share the work; however many there are, each signer has one sender, and when that one
    ends another takes over.
    """
    from contextlib import ExitStack

    from genbo.bootstrap.founding import open_office
    from genbo.bootstrap.health import examine
    from genbo.bootstrap.health_server import serve_health
    from genbo.bootstrap.house import open_house
    from genbo.bootstrap.kyc import receive
    from genbo.bootstrap.kyc_server import serve_callbacks
    from genbo.bootstrap.service import Service
    from genbo.bootstrap.settled import settled
    from genbo.cli.interface import serve_interface
    from genbo.cli.running import (
        a_follower,
        first_reading,
        follow,
        found_or_open,
        open_door,
        trouble_teller,
        wait,
    )
    from genbo.cli.session import block_line, final_line, kyc_provider, wall_clock
    from genbo.config import read_settings

    output = Output(as_json=as_json, language=lang)
    settings = read_settings()
    roles = role or list(Role)
    if not once:
        _require_interface(role, api_port)
    with (
        open_house(
            settings, genesis_at=wall_clock(), clock=wall_clock, begin=not role, migrating=migrate
        ) as house,
        open_door(house, port) if not role else nullcontext() as url,
        ExitStack() as stack,
    ):
        office = found_or_open(house, output) if not role else open_office(house)
        follower = a_follower(office)
        health_url = None
        if health_port and not once:
            health_url = stack.enter_context(
                serve_health(health_port, lambda: examine(house, waiting_for=follower.trouble))
            )
        api_url = None
        if api_port and Role.API in roles and not once:
            api_url = stack.enter_context(serve_interface(office, api_port, settings))
        kyc_url = None
        if kyc_port and not once:
            provider = stack.enter_context(kyc_provider(settings))
            kyc_url = stack.enter_context(
                serve_callbacks(kyc_port, lambda token: receive(office, provider, token))
            )
        stamp = first_reading(office, output, waiting=not once)
        standing = None if stamp is None else settled(house, stamp)
        _say_up(
            output,
            office,
            url,
            embedded_database=settings.embedded_database,
            node_named=settings.node_url is not None,
        )
        if api_url is not None:
            output.say(f"api       {api_url}/v1")
        if health_url is not None:
            output.say(f"health    {health_url}")
        if kyc_url is not None:
            output.say(f"kyc       {kyc_url}")
        if stamp is not None and standing is not None:
            output.say(f"register  {block_line(stamp)}")
            output.say(f"final     {final_line(standing)}")
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
                **({} if standing is None else standing.document()),
                "api_url": api_url,
                "health_url": health_url,
                "kyc_url": kyc_url,
                "roles": [each.value for each in roles],
            }
        )
        if once:
            return
        output.say("Ctrl-C ends it.")
        service = Service(office, roles, tell=trouble_teller(output))
        with service.running():
            if Role.INDEXER in roles:
                follow(follower, house, output)
            else:
                wait()
    output.say("Ended; the data folder starts again from here.")


def _require_interface(asked: list[Role], api_port: int) -> None:
    """Nothing where the roles that were named and the port of the interface go together: a process that seems to serve
    it and does not is worse than none. Raises Fault(command_invalid)."""
    if not asked or (Role.API in asked) == bool(api_port):
        return
    raise Fault(
        Reason.COMMAND_INVALID,
        problem="--role api needs --api-port"
        if Role.API in asked
        else "--api-port needs --role api",
        help="genbo up --help",
    )


def _say_up(
    output: Output, office: Office, url: str | None, *, embedded_database: bool, node_named: bool
) -> None:
    house = office.house
    database = (
        "PostgreSQL in the data folder" if embedded_database else "that of GENBO_DATABASE_URL"
    )
    output.heading("Genbo is up")
    chain = url or (
        "that of GENBO_NODE_URL" if node_named else "that of the `genbo up` that began it"
    )
    output.say(f"chain     {chain} (id {house.node.chain_id})")
    output.say(f"database  {database}")
    output.say(f"data      {house.folder}")
    output.say(f"platform  {office.deployment.platform}")
    products = ", ".join(sorted(office.deployment.tokens))
    output.say(
        f"products  {products or 'none yet: genbo firm register FILE, then genbo product create FILE'}"
    )
