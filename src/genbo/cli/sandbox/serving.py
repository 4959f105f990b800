"""Serving: a sandbox from its first block until it is interrupted."""

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from genbo.bootstrap.house import open_house
from genbo.bootstrap.role import Role
from genbo.bootstrap.service import Service
from genbo.cli.examples import example_folder
from genbo.cli.files.written import write_file
from genbo.cli.interface import serve_interface
from genbo.cli.output import Output
from genbo.cli.running import a_follower, follow, trouble_teller
from genbo.cli.sandbox.world import SandboxWorld, seed
from genbo.cli.session import wall_clock
from genbo.config import settings_of_its_own
from genbo.governance.users import Scope

_EXAMPLE = "sandbox"


def serve_sandbox(output: Output, *, port: int, file: Path | None) -> None:
    """Seeds a world in a folder of its own, and serves it until it is interrupted; then the folder is removed.

    Raises:
        Fault: `setting_invalid` for a port that cannot be had; `file_unwritable`; as `open_house`, `seed`.
    """
    output.heading("Setting up a sandbox")
    with tempfile.TemporaryDirectory(prefix="genbo-sandbox-") as folder:
        settings = settings_of_its_own(Path(folder))
        with open_house(
            settings, genesis_at=wall_clock(), clock=wall_clock, durable=False, begin=True
        ) as house:
            world = seed(house, output, example_folder(_EXAMPLE))
            world.office.read()
            service = Service(world.office, (Role.SENDER, Role.JOBS), tell=trouble_teller(output))
            with (
                serve_interface(world.office, port, settings, level=logging.WARNING) as url,
                service.running(),
            ):
                document = document_of(world, url)
                if file is not None:
                    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
                    write_file(file, text.encode(), personal=True)
                _say(output, world, url, file)
                output.answer(document)
                follow(a_follower(world.office), house, output)
    output.say("Ended; nothing is left of it.")


def document_of(world: SandboxWorld, url: str) -> dict[str, Any]:
    """For machines: everything that a system needs."""
    deployment = world.office.deployment
    return {
        "base_url": url,
        "chain_id": deployment.chain_id,
        "platform": deployment.platform,
        "product": world.product,
        "token": deployment.token_of(world.product).address,
        "institutions": {
            institution: {
                "role": role.value,
                **{
                    scope.value: next(
                        {"credential": each.id, "secret": each.secret}
                        for each in world.credentials
                        if (each.institution, each.scope) == (institution, scope)
                    )
                    for scope in Scope
                },
            }
            for institution, role in world.institutions.items()
        },
        "holder_keys": dict(world.holder_keys),
        "duty_keys": dict(world.duty_keys),
    }


def _say(output: Output, world: SandboxWorld, url: str, file: Path | None) -> None:
    output.heading("The sandbox is up")
    output.say(f"api       {url}/v1 (description: {url}/v1/openapi.json)")
    output.say(f"product   {world.product}")
    if file is not None:
        output.say(f"written   {file}")
    elif not output.as_json:
        output.table(
            ("institution", "role", "scope", "credential", "secret"),
            [
                (
                    each.institution,
                    world.institutions[each.institution].value,
                    each.scope.value,
                    each.id,
                    each.secret,
                )
                for each in world.credentials
            ],
        )
    output.say("Ctrl-C ends it.")
