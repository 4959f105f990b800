"""Ordered (指図の閲覧): which commands an institution may see, and so which its people may sign.

a command
├── about a product: for the registrar of the product
├── about the whole platform, under a duty of its operator: for the platform manager
├── about the whole platform otherwise: for the institution that ordered it
└── for others: `not_found`, as for one that does not exist
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.governance import CommandId, CommandState, Duty, Stored, power_of
from genbo.governance.institutions import Institution, InstitutionRole
from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage.commands import Commands
from genbo.storage.viewing import answer_not_found

OPERATORS = frozenset(duty for duty in Duty if power_of(duty).institution == "platform operator")
"""Duties of the platform operator's people."""


def key_of(institution: Institution, key: str) -> str:
    """The idempotency key of an institution: the same words of another one are another key."""
    return f"api/{institution.id}/{key}"


def is_ordered_by(stored: Stored, institution: Institution) -> bool:
    """Whether a machine of the institution ordered it."""
    return stored.command.key.startswith(key_of(institution, ""))


def command_of(
    office: Office, command: CommandId, *, institution: Institution, by: str, at: datetime
) -> Stored:
    """A command that the institution may see. Raises Refusal(not_found), which is recorded."""
    database, chain_id = office.house.database, office.deployment.chain_id
    with database.viewing(institution.id, at=at) as connection:
        found = _found(connection, chain_id, command)
    if found is not None:
        return found
    with database.begin() as connection:
        found = _found(connection, chain_id, command)
        if found is not None and _is_theirs(found, institution):
            return found
        refusal = Refusal(Reason.NOT_FOUND, subject="command", asked=command)
        answer_not_found(connection, refusal, institution=institution.id, at=at, by=by)
    raise refusal


def commands_of(
    office: Office,
    *,
    institution: Institution,
    at: datetime,
    product: ProductId | None = None,
    states: Collection[CommandState] = (),
    after: int | None = None,
    most: int,
) -> list[tuple[int, Stored]]:
    """Commands that the institution may see, the newest first, with their numbers."""
    database, chain_id = office.house.database, office.deployment.chain_id
    if institution.role is InstitutionRole.PLATFORM_MANAGER:
        with database.read() as connection:
            return Commands(connection, chain_id).page(
                duties=OPERATORS, states=states, after=after, most=most
            )
    with database.viewing(institution.id, at=at) as connection:
        return Commands(connection, chain_id).page(
            product=product, states=states, after=after, most=most
        )


def _found(connection: Connection, chain_id: int, command: CommandId) -> Stored | None:
    try:
        return Commands(connection, chain_id).get(command)
    except Refusal as refusal:
        if refusal.reason is not Reason.COMMAND_UNKNOWN:
            raise
        return None


def _is_theirs(stored: Stored, institution: Institution) -> bool:
    if stored.command.product is not None:
        return False
    if institution.role is InstitutionRole.PLATFORM_MANAGER:
        return stored.command.duty in OPERATORS
    return is_ordered_by(stored, institution)
