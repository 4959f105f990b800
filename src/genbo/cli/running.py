"""Running: the door of a system that keeps running, its first deployment, and the reading of what happens."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from genbo.bootstrap.door import keep_door
from genbo.bootstrap.founding import found_office, open_office
from genbo.bootstrap.house import House
from genbo.bootstrap.interrupts import shielded
from genbo.bootstrap.office import Office
from genbo.bootstrap.role import Role
from genbo.cli.output import Output
from genbo.compliance.reasons import explain
from genbo.kernel import Fault, Reason, Refusal

POLL_SECONDS = 1.0
"""How often a new block is looked for."""

_PATIENCE = 3
"""Readings that may fail before anything is said: a product is created in the moment between two."""

_PASSING = (Reason.NODE_UNREACHABLE, Reason.PRODUCT_UNRECORDED)
"""Troubles that end without us: the node comes back, the terms are recorded."""


@contextmanager
def open_door(house: House, port: int) -> Iterator[str | None]:
    """Lets other commands in until the block ends; the address of the chain where it is embedded.

    Raises:
        Fault: `setting_invalid` when the port cannot be had.
    """
    stack = ExitStack()
    try:
        url = _serve(house, port, stack)
        stack.enter_context(keep_door(house.folder, url))
        yield url
    finally:
        with shielded():
            stack.close()


def _serve(house: House, port: int, stack: ExitStack) -> str | None:
    from genbo.chain.embedded import EmbeddedNode
    from genbo.chain.rpc import serve

    if not isinstance(house.node, EmbeddedNode):
        return None
    try:
        return stack.enter_context(serve(house.node, port=port))
    except Fault as fault:
        problem = fault.facts.get("problem") or "there is no such port"
        raise Fault(
            Reason.SETTING_INVALID,
            setting="--port",
            problem=f"{port}: {str(problem).lower()}",
            allowed="a free port up to 65535, or 0, which picks one",
        ) from None


def found_or_open(house: House, output: Output) -> Office:
    """The office of the deployment that is there, or of a new one where development may found it."""
    try:
        return open_office(house)
    except Fault as fault:
        if fault.reason is not Reason.DEPLOYMENT_MISSING:
            raise
    output.heading("Deploying a platform of the development cast")
    return found_office(house, echo=output.say)


def follow(office: Office, output: Output) -> None:
    """Reads the ledger as it grows, products created by other commands included, until it is interrupted.

    Raises:
        Fault: what does not pass by itself, such as `database_unreachable` or `chain_mismatch`.
    """
    trouble: Reason | None = None
    failed = 0
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(POLL_SECONDS)
            try:
                office.reload()
                office.read(patience=0)
            except Fault as fault:
                if fault.reason not in _PASSING:
                    raise
                failed += 1
                if failed >= _PATIENCE and trouble is not fault.reason:
                    trouble = fault.reason
                    output.say(
                        f"{fault.reason.value}: {explain(fault, output.language)}", style="yellow"
                    )
                continue
            if trouble is not None:
                output.say("Reading goes on.")
            trouble, failed = None, 0


def wait() -> None:
    """Waits until it is interrupted: the work is done in other threads."""
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(POLL_SECONDS)


def trouble_teller(output: Output) -> Callable[[Role, Refusal | None], None]:
    """Prints a role's trouble once, and once that it has passed."""
    troubled: set[Role] = set()

    def tell(role: Role, refusal: Refusal | None) -> None:
        if refusal is not None:
            troubled.add(role)
            told = explain(refusal, output.language)
            output.say(f"{role}: {refusal.reason.value}: {told}", style="yellow")
        elif role in troubled:
            troubled.discard(role)
            output.say(f"{role}: goes on.")

    return tell
