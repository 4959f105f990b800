"""Viewing (閲覧): a transaction that sees what one institution sees, because the database lets it see no more.

The transaction takes a role that owns nothing; `storage.tables.visibility` says which rows that role reads. Our own
questions need no filter by institution, and one that forgets it leaks nothing. It is no wall against somebody who
can send statements of his own through our connection: whoever can take a role can give it back.
"""

import contextlib
import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import LiteralString

import psycopg
from sqlalchemy import Connection, select, text

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Fault, InvestorId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.rehearsal import keep
from genbo.storage.tables import investor_key, metadata, wallet
from genbo.storage.tables.visibility import FUNCTIONS, POLICIES, VIEWER, VIEWS

LOOK: LiteralString = (
    "SELECT set_config('genbo.institution', %s, true), set_config('genbo.at', %s, true),"
    " set_config('row_security', 'on', true), set_config('role', 'genbo_viewer', true)"
)
"""Looks as an institution at an instant, until the transaction ends."""
_STOP: LiteralString = (
    "SELECT set_config('role', 'none', true), set_config('genbo.institution', '', true),"
    " set_config('genbo.at', '', true), set_config('row_security', 'off', true)"
)


def look_as(connection: Connection, institution: InstitutionId, at: datetime) -> None:
    """From here to its end, the transaction sees what the institution sees at the instant `at`.

    Raises:
        Fault: `database_rights_missing` when the user of the database may not take the role.
    """
    _say(connection, LOOK, institution, at.isoformat())


@contextlib.contextmanager
def seen_by(connection: Connection, institution: InstitutionId, *, at: datetime) -> Iterator[None]:
    """Within the block the transaction sees what the institution sees; after it, everything again. When the block
    raises, the transaction stays as it is and is of no further use. Raises as `look_as`."""
    look_as(connection, institution, at)
    yield
    _say(connection, _STOP)


def _say(connection: Connection, statement: LiteralString, *values: str) -> None:
    # The driver is asked: this also runs while SQLAlchemy is about to begin the transaction.
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        driver.execute(statement, values)
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.UndefinedObject) as error:
        raise Fault(
            Reason.DATABASE_RIGHTS_MISSING, problem=error.diag.message_primary or VIEWER
        ) from None


def named(connection: Connection, investors: Collection[InvestorId]) -> set[InvestorId]:
    """Those of `investors` whose name the transaction may open: it finds their data keys."""
    key = investor_key.c.investor_id
    found = connection.scalars(select(key).where(bulk.among(key, investors)))
    return {InvestorId(each) for each in found}


def known_by_id(connection: Connection, investors: Collection[InvestorId]) -> set[InvestorId]:
    """Those of `investors` that stand, as ids, on a register that the transaction sees."""
    holder = wallet.c.investor_id
    found = connection.scalars(select(holder).where(bulk.among(holder, investors)).distinct())
    return {InvestorId(each) for each in found}


def answer_not_found(
    connection: Connection, refusal: Refusal, *, institution: InstitutionId, at: datetime, by: str
) -> None:
    """Notes that somebody of the institution was told `not_found` (R-PROGMAT-VIS-1): what was asked for as far as it
    is an id, never whether it exists. A rehearsal tells it as well, so that it is noted then too."""
    asked = refusal.facts.get("asked")
    entry = AuditEntry(
        at=at,
        action=AuditAction.NOT_FOUND_ANSWERED,
        actor=by,
        subject=None if asked is None else str(asked),
        facts={"institution": institution, "subject": str(refusal.facts["subject"])},
    )
    keep(connection, lambda noting: AuditLog(noting).append([entry]))


# Is it in force? -------------------------------------------------------------------------------------


def holes(connection: Connection) -> list[str]:
    """Where the database lets an institution see other than `storage.tables.visibility` says; nothing when nowhere."""
    role = connection.execute(
        text(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcanlogin"
            " OR EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = :viewer"
        ),
        {"viewer": VIEWER},
    ).scalar_one_or_none()
    if role is None:
        return [f"there is no role {VIEWER}"]
    found = [f"the role {VIEWER} may do more than look"] if role else []
    found += [
        f"{table} has no row-level security"
        for table in connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relname = ANY (:ours) AND NOT relrowsecurity ORDER BY relname"
            ),
            # Tables of somebody else, such as a copy, count when a viewer may read them: see the rights.
            {"ours": list(metadata.tables)},
        )
    ]
    found += _compared("policies", _policies(connection), _expected_policies())
    found += _compared("rights", _rights(connection), _expected_rights())
    return found


def _compared(what: str, actual: set[str], expected: set[str]) -> list[str]:
    return [f"{what} that nobody decided on: {each}" for each in sorted(actual - expected)] + [
        f"{what} that are missing: {each}" for each in sorted(expected - actual)
    ]


def _policies(connection: Connection) -> set[str]:
    """What the database shows to whom: policies, views and the functions they ask."""
    rows = connection.execute(
        text(
            "SELECT format('%s: %s %s to %s where %s', tablename, permissive, cmd, roles, qual)"
            " FROM pg_policies WHERE schemaname = 'public' UNION ALL"
            " SELECT format('%s: %s %s', relname, reloptions, pg_get_viewdef(oid)) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relname = ANY (:views) UNION ALL"
            " SELECT format('%s: %s %s %s', proname, prosecdef, provolatile, prosrc) FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND proname = ANY (:functions)"
        ),
        {"functions": [_name(each) for each in FUNCTIONS], "views": list(VIEWS)},
    )
    return {_plain(each) for (each,) in rows}


def _expected_policies() -> set[str]:
    return {
        _plain(each)
        for each in (
            *(
                f"{table}: PERMISSIVE SELECT to {{{VIEWER}}} where {sees}"
                for table, sees in POLICIES.items()
            ),
            *(f"{view}: {{security_barrier=true}} {shows}" for view, shows in VIEWS.items()),
            *(f"{_name(each)}: t s {body.split('$$')[1]}" for each, body in FUNCTIONS.items()),
        )
    }


def _rights(connection: Connection) -> set[str]:
    """What the viewer, or everybody, may do with our tables, views and functions."""
    rows = connection.execute(
        text(
            "SELECT relname || ' ' || privilege_type FROM pg_class, aclexplode(relacl)"
            " WHERE relnamespace = 'public'::regnamespace"
            " AND grantee IN (0, to_regrole(:viewer)) UNION ALL"
            " SELECT relname || '.' || attname || ' ' || privilege_type"
            " FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)"
            " WHERE relnamespace = 'public'::regnamespace"
            " AND grantee IN (0, to_regrole(:viewer)) UNION ALL"
            " SELECT proname || ' ' || privilege_type FROM pg_proc, aclexplode(proacl)"
            " WHERE pronamespace = 'public'::regnamespace AND proname = ANY (:functions)"
            " AND grantee IN (0, to_regrole(:viewer))"
        ),
        {"viewer": VIEWER, "functions": [_name(each) for each in FUNCTIONS]},
    )
    return {each for (each,) in rows}


def _expected_rights() -> set[str]:
    return {f"{each} SELECT" for each in (*POLICIES, *VIEWS)} | {
        f"{_name(each)} EXECUTE" for each in FUNCTIONS
    }


def _name(signature: str) -> str:
    return signature.partition("(")[0]


def _plain(definition: str) -> str:
    """A definition without what the server writes in its own way: casts, brackets, quotes, spaces."""
    bare = re.sub(
        r"::(?:text|name)|VARIADIC ARRAY|\bAS (?:viewer_as|\w+_seen|\w+_kept)\b", "", definition
    )
    return re.sub(r'[\s()\[\]";]+', "", bare)
