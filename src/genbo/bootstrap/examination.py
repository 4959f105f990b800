"""Examination: the health of what the settings name, also when so much is away that nothing can be opened."""

from contextlib import closing
from datetime import datetime

from genbo.bootstrap.health import Check, Health, examine, look_at_database, of_looks
from genbo.bootstrap.house import open_house
from genbo.config import Settings
from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database

_PART = {
    Reason.DATABASE_UNREACHABLE: "database",
    Reason.DATABASE_FULL: "database",
    Reason.DATABASE_MIGRATION: "database",
    Reason.NODE_UNREACHABLE: "node",
    Reason.CHAIN_MISMATCH: "node",
}
"""What a house was not opened for."""


def examine_settings(settings: Settings, *, at: datetime) -> Health:
    """The health of the system that the settings name. Changes nothing.

    Args:
        at: as `genesis_at` of `open_house`; no chain begins here.
    """
    try:
        with open_house(settings, genesis_at=at, clock=lambda: at) as house:
            house.deployment()  # from here on the nodes have to be of that chain
            return examine(house)
    except Fault as fault:
        return Health(tuple(_what_is_left(settings, fault)))


def _what_is_left(settings: Settings, fault: Fault) -> list[Check]:
    """A look at each part by itself, as far as it is somebody else's; and at what went wrong."""
    checks: list[Check] = []
    if settings.database_url is not None:
        with closing(Database(settings.database_url.get_secret_value())) as database:
            checks.append(look_at_database(database))
    if settings.node_urls:
        from genbo.chain.endpoints import look_at  # its library takes a second to load

        checks += of_looks(look_at(settings.node_urls, seconds=settings.node_seconds))
    told = {check.trouble.reason for check in checks if check.trouble is not None}
    if fault.reason not in told:
        part = _PART.get(fault.reason, "system")
        checks.append(Check(name=part, ok=False, facts=fault.facts, trouble=fault))
    return checks
