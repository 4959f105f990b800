"""Witness (行のハッシュ): the digest by which an audit entry vouches for a row.

The digest is SHA-256 over the row as PostgreSQL writes it as `jsonb` with UTC as the session's time zone, empty
columns left out, so that a migration may add a column without changing the digests of the rows there are. In psql:

    SET timezone = 'UTC';
    SELECT sha256(convert_to(jsonb_strip_nulls(to_jsonb(investor))::text, 'UTF8'))
    FROM investor WHERE investor_id = '...';

Sealed columns go in as they are stored: a digest says nothing about what is sealed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
    text,
    union_all,
)

from genbo.storage import tables

WITNESSED: tuple[Table, ...] = (
    tables.deployment,
    tables.product,
    tables.investor,
    tables.investor_key,
    tables.identity,
    tables.verdict,
    tables.wallet,
    tables.address_tree,
    tables.challenge,
    tables.calendar_override,
    tables.market_hours,
    tables.book_closing,
    tables.market_decision,
    tables.transfer_order,
    tables.reading,
    tables.command,
    tables.approval,
    tables.attempt,
    tables.kyc_session,
    tables.kyc_result,
    tables.sanctions_list,
    tables.screening_thresholds,
    tables.screening,
    tables.release_proposal,
    tables.screening_release,
    tables.import_file,
    tables.upload,
    tables.vault_secret,
    tables.relation_end,
    tables.use_restriction,
    tables.legal_hold,
    tables.institution,
    tables.safekeeping_firm,
    tables.custodian,
    tables.beneficiary_agent,
    tables.settlor,
    tables.trustee,
    tables.asset_manager,
    tables.trust_contract,
    tables.transfer_control,
    tables.market_status,
    tables.product_name,
    tables.product_firm,
    tables.introduction,
    tables.owner_key,
    tables.disclosure,
    tables.inspection,
    tables.app_user,
    tables.user_permission,
    tables.access_proposal,
    tables.credential,
    tables.webhook,
    tables.record_date,
    tables.tax_category,
    tables.distribution,
    tables.payment_file,
    tables.payment_terms,
    tables.token_batch,
    tables.corporate_action,
    tables.book_check,
    tables.difference_case,
    tables.certifier,
    tables.balance_certificate,
)
"""The tables whose every row stands under an audit entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowApart:
    """A row that is not what the last entry about it says."""

    row: str
    """`table/key`."""
    number: int | None
    """That entry; None when there is none."""
    told: str | None
    """The digest in that entry."""
    found: str | None
    """The digest of the row; None when it is gone."""


def vouch(
    connection: Connection, table: Table, *where: ColumnElement[bool]
) -> dict[tuple[Any, ...], dict[str, str]]:
    """The rows that `where` picks, as they are now: primary key to what an entry says of the row, `{"table/key":
    digest}`. By primary key."""
    query = _told(table).add_columns(*table.primary_key).where(*where)
    return {
        tuple(key): {row: digest}
        for row, digest, *key in connection.execute(query.order_by(*table.primary_key))
    }


def every_row(connection: Connection) -> Iterator[tuple[str, str]]:
    """`table/key` and digest of every row that an entry must speak of."""
    for table in WITNESSED:
        rows = connection.execute(_told(table).order_by(*table.primary_key))
        yield from ((row.key, row.digest) for row in rows)


def rows_apart(
    connection: Connection, *, most: int, witnessed: Sequence[Table] = WITNESSED
) -> list[RowApart]:
    """Rows that were changed, removed or added without an entry; by entry, those that have none last."""
    stored = union_all(*map(_told, witnessed)).cte("stored")
    said = (
        text(
            "SELECT DISTINCT ON (row.key) row.key, row.value AS digest, number"
            " FROM audit, jsonb_each_text(row_digests) AS row ORDER BY row.key, number DESC"
        )
        .columns(literal_column("key"), literal_column("digest"), literal_column("number"))
        .cte("said")
    )
    query = (
        select(
            func.coalesce(said.c.key, stored.c.key).label("key"),
            said.c.number,
            said.c.digest.label("told"),
            stored.c.digest.label("found"),
        )
        .select_from(said.join(stored, said.c.key == stored.c.key, full=True))
        .where(said.c.digest.is_distinct_from(stored.c.digest))
        .order_by(said.c.number.nulls_last(), literal_column("1"))
        .limit(most)
    )
    return [
        RowApart(row=row.key, number=row.number, told=row.told, found=row.found)
        for row in connection.execute(query)
    ]


def _told(table: Table) -> Select[Any]:
    row: ColumnElement[str] = literal_column(f'"{table.name}"')
    plain = cast(func.jsonb_strip_nulls(func.to_jsonb(row)), Text)
    digest = func.encode(func.sha256(func.convert_to(plain, "UTF8")), "hex")
    return select(_key(table).label("key"), digest.label("digest")).select_from(table)


def _key(table: Table) -> ColumnElement[str]:
    parts = [
        func.to_jsonb(column).op("#>>")(literal_column("'{}'"))
        if isinstance(column.type, TIMESTAMP)
        else cast(column, Text)
        for column in table.primary_key
    ]
    return func.concat_ws("/", literal(table.name, Text), *parts)
