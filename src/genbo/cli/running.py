"""Running: the door of a system that keeps running, its first deployment, and the reading of what happens."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from genbo.bootstrap.door import keep_door
from genbo.bootstrap.follower import PASSING, POLL_SECONDS, Follower
from genbo.bootstrap.founding import found_office, open_office
from genbo.bootstrap.health import disagreement
from genbo.bootstrap.house import House
from genbo.bootstrap.interrupts import shielded
from genbo.bootstrap.office import Office
from genbo.bootstrap.role import Role
from genbo.chain.views import Views
from genbo.cli.output import Output
from genbo.compliance.reasons import explain
from genbo.kernel import BlockStamp, Fault, Reason, Refusal


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


def first_reading(office: Office, output: Output, *, waiting: bool) -> BlockStamp | None:
    """Reads to the latest block; the last block read. None when something is away that may come back and `waiting`."""
    try:
        return office.read()
    except Fault as fault:
        if not waiting or fault.reason not in PASSING:
            raise
        _tell(fault, output)
        return None


def a_follower(office: Office) -> Follower:
    """Reads the ledger as it grows, products created by other commands included."""

    def read() -> None:
        office.reload()
        office.read(patience=0)

    return Follower(read)


def follow(follower: Follower, house: House, output: Output) -> None:
    """Lets it read until it is interrupted, and tells what it waits for, each trouble once.

    Raises:
        Fault: what does not pass by itself, such as `wiring_mismatch`.
    """
    differing: set[tuple[str, str]] = set()
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(follower.pause)
            news = follower.step()
            if news is not None and news.trouble is None:
                output.say("Reading goes on.")
            elif news is not None and news.trouble is not None:
                _tell(news.trouble, output)
            differing = tell_dissents(house, output, told=differing)


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


def tell_dissents(
    house: House, output: Output, *, told: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Tells of nodes that contradict each other since the last time; those that do now."""
    dissents = house.node.dissents if isinstance(house.node, Views) else []
    pairs = {(each.one, each.other) for each in dissents}
    for each in dissents:
        if (each.one, each.other) not in told:
            _tell(disagreement(each), output)
    if told and not pairs:
        output.say("The nodes agree again.")
    return pairs


def _tell(trouble: Fault, output: Output) -> None:
    output.say(f"{trouble.reason.value}: {explain(trouble, output.language)}", style="yellow")
