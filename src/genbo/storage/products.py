"""Products (銘柄): their terms, their status, and where their token is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import Address, ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.tables import product as table
from genbo.storage.witness import vouch
from genbo.token import ProductStatus, ProductTerms, move_on, parse_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product as it stands."""

    terms: ProductTerms
    status: ProductStatus
    chain_id: int | None
    """The chain its token is on; None before it is created."""
    address: Address | None
    """The token; None before it is created."""

    @property
    def product_id(self) -> ProductId:
        return self.terms.product_id


class Products:
    """The products, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, terms: ProductTerms, *, at: datetime, by: str) -> Product:
        """Adds a product in draft.

        Raises:
            Refusal: `product_exists`; `field_invalid` when another product has its ISIN.
        """
        fields = terms.as_fields()
        taken = terms.isin and self._connection.scalar(
            select(table.c.product_id).where(table.c.isin == terms.isin)
        )
        if taken and taken != terms.product_id:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="isin",
                value=terms.isin,
                allowed=f"another number than that of {taken}",
            )
        added = self._connection.execute(
            insert(table)
            .values(
                **{
                    name: getattr(terms, name) if name in _DATES else fields[name]
                    for name in fields
                    if name in table.c
                },
                terms=fields,
                terms_digest=terms.digest(),
                status=ProductStatus.DRAFT.value,
                created_at=at,
                created_by=by,
                updated_at=at,
                updated_by=by,
            )
            .on_conflict_do_nothing(index_elements=[table.c.product_id])
            .returning(table.c.product_id)
        ).one_or_none()
        if added is None:
            raise Refusal(Reason.PRODUCT_EXISTS, product=terms.product_id)
        self._audit(
            terms.product_id,
            AuditAction.PRODUCT_RECORDED,
            {"terms_digest": terms.digest()},
            at=at,
            by=by,
        )
        return self.get(terms.product_id)

    def get(self, product: ProductId) -> Product:
        """The product with that id.

        Raises:
            Refusal: `product_unknown`.
        """
        row = self._connection.execute(
            select(table).where(table.c.product_id == product)
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
        return _product(row)

    def all(self) -> list[Product]:
        """Every product, by id."""
        return [
            _product(row)
            for row in self._connection.execute(select(table).order_by(table.c.product_id))
        ]

    def tokens(self, chain_id: int) -> dict[Address, ProductId]:
        """The tokens on a chain and whose they are."""
        rows = self._connection.execute(
            select(table.c.address, table.c.product_id).where(table.c.chain_id == chain_id)
        )
        return {Address(row.address): ProductId(row.product_id) for row in rows}

    def deployed(
        self, product: ProductId, *, chain_id: int, address: Address, at: datetime, by: str
    ) -> None:
        """Keeps where the token is. The same once more changes nothing.

        Raises:
            Refusal: `product_unknown`; `product_exists` when its token is already elsewhere: a token never moves.
        """
        stored = self.get(product)
        if (stored.chain_id, stored.address) == (chain_id, address):
            return
        if stored.address is not None:
            raise Refusal(Reason.PRODUCT_EXISTS, product=product)
        self._change(
            product,
            {"chain_id": chain_id, "address": address},
            AuditAction.PRODUCT_DEPLOYED,
            {"chain_id": chain_id, "token": address},
            at=at,
            by=by,
        )

    def move_on(self, product: ProductId, wanted: ProductStatus, *, at: datetime, by: str) -> None:
        """Changes the status.

        Raises:
            Refusal: `product_unknown`; `status_unreachable` as `genbo.token.move_on`.
        """
        status = self._connection.scalar(
            select(table.c.status).where(table.c.product_id == product).with_for_update()
        )
        if status is None:
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
        reached = move_on(ProductStatus(status), wanted)
        self._change(
            product,
            {"status": reached.value},
            AuditAction.PRODUCT_MOVED_ON,
            {"from": status, "to": reached.value},
            at=at,
            by=by,
        )

    def split(self, product: ProductId, *, factor: int, at: datetime, by: str) -> ProductTerms:
        """Writes a split that the ledger has carried out into the terms; the terms as they are from now on.

        Raises:
            Refusal: `product_unknown`; as `ProductTerms.after_split`.
        """
        terms = self.get(product).terms.after_split(factor)
        self._change(
            product,
            {
                "terms": terms.as_fields(),
                "unit_price_yen": terms.unit_price_yen,
                "authorised_cap": terms.authorised_cap,
            },
            AuditAction.PRODUCT_SPLIT,
            {"factor": factor},
            at=at,
            by=by,
        )
        return terms

    def _change(
        self,
        product: ProductId,
        values: dict[str, Any],
        action: AuditAction,
        facts: Mapping[str, AuditFact],
        *,
        at: datetime,
        by: str,
    ) -> None:
        self._connection.execute(
            update(table)
            .where(table.c.product_id == product)
            .values(**values, updated_at=at, updated_by=by)
        )
        self._audit(product, action, facts, at=at, by=by)

    def _audit(
        self,
        product: ProductId,
        action: AuditAction,
        facts: Mapping[str, AuditFact],
        *,
        at: datetime,
        by: str,
    ) -> None:
        rows = vouch(self._connection, table, table.c.product_id == product)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=product,
                    product=product,
                    facts=facts,
                    rows=rows[(product,)],
                )
            ]
        )


_DATES = ("set_date", "redemption_date")


def _product(row: Row[Any]) -> Product:
    return Product(
        terms=parse_terms(row.terms),
        status=ProductStatus(row.status),
        chain_id=row.chain_id,
        address=row.address,
    )
