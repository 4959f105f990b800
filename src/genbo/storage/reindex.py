"""Reindex (索引の作り直し): the blind index of everybody, under a new key.

For a database from before there was an index, after a restored backup, and after erasures: digests in backups taken
before compare with nothing once the key they were made with is gone.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from genbo.compliance.privacy import Purpose
from genbo.kernel import InvestorId
from genbo.storage.blind_index import BlindIndex
from genbo.storage.sealing import Erased, Opener, Place
from genbo.storage.tables import identity, investor, investor_key
from genbo.storage.vault import Reading, Vault

_FIELDS = (
    "corporate_number",
    "payee_bank_code",
    "payee_branch_code",
    "payee_account_kind",
    "payee_account_number",
)
"""The sealed columns of `investor` that can be searched for."""


def reindex(connection: Connection, vault: Vault, *, at: datetime, by: str) -> int:
    """Makes the whole index anew; returns its rows. What is opened for it is on record, and nobody sees it.

    Raises:
        Fault: as `KeyRing.unwrap`.
    """
    # Nobody is registered or renamed meanwhile, or they would be missing.
    connection.exec_driver_sql("LOCK TABLE investor, identity IN SHARE ROW EXCLUSIVE MODE")
    living = [
        InvestorId(each)
        for each in connection.scalars(
            select(investor_key.c.investor_id)
            .where(investor_key.c.wrapped_key.is_not(None))
            .order_by(investor_key.c.investor_id)
        )
    ]
    opener = vault.opener(
        connection,
        living,
        fields=["identity.name", *(f"investor.{name}" for name in _FIELDS)],
        reading=Reading(purpose=Purpose.MAINTENANCE, actor=by, at=at),
    )
    values = _values(connection, opener, set(living))
    return BlindIndex(connection, vault).remake(values, at=at, by=by)


def _values(
    connection: Connection, opener: Opener, living: set[InvestorId]
) -> dict[InvestorId, list[dict[str, str]]]:
    """What each investor can be found by: what there is one of, then each version of the name."""
    values: dict[InvestorId, list[dict[str, str]]] = {each: [] for each in living}
    columns = [investor.c[name] for name in _FIELDS]
    for row in connection.execute(select(investor.c.investor_id, *columns)):
        if row.investor_id in living:
            values[row.investor_id].append(
                {
                    name: _opened(
                        opener, row.investor_id, Place(table="investor", column=name), sealed
                    )
                    for name, sealed in zip(_FIELDS, row[1:], strict=True)
                    if sealed is not None
                }
            )
    names = select(identity.c.investor_id, identity.c.version, identity.c.name)
    for row in connection.execute(names):
        if row.investor_id in living:
            place = Place(table="identity", column="name", row=str(row.version))
            values[row.investor_id].append(
                {"name": _opened(opener, row.investor_id, place, row.name)}
            )
    return values


def _opened(opener: Opener, who: InvestorId, place: Place, sealed: bytes) -> str:
    value = opener.open(who, place, sealed)
    assert not isinstance(value, Erased)
    return value
