"""Whose doing it was (実行者の所属): the institution of the users and credentials that the records name."""

from sqlalchemy import ColumnElement, func, literal, select, union_all

from genbo.governance.institutions import Institution
from genbo.storage.tables import app_user, credential

MACHINE = "machine:"
"""Before the id of a credential, where the records name it."""
ORDERED = "api/"
"""Before the id of the institution, in the idempotency keys of what its systems ordered."""


def is_of(actor: ColumnElement[str], institution: Institution) -> ColumnElement[bool]:
    """The column names a user or a credential of the institution."""
    return actor.in_(
        union_all(
            select(app_user.c.user_id).where(app_user.c.institution_id == institution.id),
            select(literal(MACHINE) + credential.c.credential_id).where(
                credential.c.institution_id == institution.id
            ),
        )
    )


def is_credential_of(id: ColumnElement[str], institution: Institution) -> ColumnElement[bool]:
    """The column names a credential of the institution."""
    return id.in_(
        select(credential.c.credential_id).where(credential.c.institution_id == institution.id)
    )


def is_ordered_by(key: ColumnElement[str], institution: Institution) -> ColumnElement[bool]:
    """The column is the idempotency key of something that the institution's systems ordered."""
    return func.starts_with(key, f"{ORDERED}{institution.id}/")
