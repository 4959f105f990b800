"""Parties (関係者と権限の範囲): which firms have access, whose a product is, whose customer an investor is.

These are the facts that `governance.institutions.visibility` judges by.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select, union
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.institutions import (
    Institution,
    InstitutionId,
    InstitutionRole,
    ProductParties,
)
from genbo.kernel import InvestorId, ProductId, Reason, Refusal
from genbo.storage import bulk, tables
from genbo.storage.audit import AuditLog
from genbo.storage.tables.columns import changed_now
from genbo.storage.witness import vouch


class Parties:
    """The parties, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Institutions --------------------------------------------------------------------------------

    def admit(self, institution: Institution, *, at: datetime, by: str) -> None:
        """Gives a firm access under its role.

        Raises:
            Refusal: `institution_exists`: a role never changes, another role is another institution;
                `institution_unknown` for its custodian.
        """
        table = tables.institution
        if institution.custodian is not None:
            self.institution(institution.custodian)
        added = self._connection.execute(
            insert(table)
            .values(
                institution_id=institution.id,
                role=institution.role.value,
                custodian_id=institution.custodian,
                own_account_investor_id=institution.own_account,
                created_at=at,
                created_by=by,
                updated_at=at,
                updated_by=by,
            )
            .on_conflict_do_nothing(index_elements=[table.c.institution_id])
            .returning(table.c.institution_id)
        ).one_or_none()
        if added is None:
            raise Refusal(Reason.INSTITUTION_EXISTS, institution=institution.id)
        self._audit(
            AuditAction.INSTITUTION_RECORDED,
            table,
            (institution.id,),
            subject=institution.id,
            at=at,
            by=by,
        )

    def institution(self, id: InstitutionId) -> Institution:
        """The institution with that id.

        Raises:
            Refusal: `institution_unknown`.
        """
        table = tables.institution
        row = self._connection.execute(
            select(table).where(table.c.institution_id == id)
        ).one_or_none()
        if row is None:
            raise Refusal(Reason.INSTITUTION_UNKNOWN, institution=id)
        return _institution(row)

    def institutions(self) -> list[Institution]:
        """Every institution, by id."""
        table = tables.institution
        rows = self._connection.execute(select(table).order_by(table.c.institution_id))
        return [_institution(row) for row in rows]

    def seen(self) -> set[InstitutionId]:
        """The ids of those that the transaction sees: itself, who handles its products, and the parties of its trust
        contracts."""
        contract = tables.trust_contract
        ids = union(
            select(tables.institution.c.institution_id),
            select(tables.product_firm.c.institution_id),
            select(contract.c.trustee_id),
            select(contract.c.settlor_id),
            select(contract.c.asset_manager_id),
        )
        return {InstitutionId(each) for each in self._connection.scalars(ids) if each}

    # Products ------------------------------------------------------------------------------------

    def handle(
        self, product: ProductId, institution: InstitutionId, *, at: datetime, by: str
    ) -> bool:
        """Lets a broker, custodian or intermediary handle a product; whether it did not before.

        Raises:
            Refusal: `institution_unknown`; `field_invalid` for a role that handles none; `product_unknown`.
        """
        role = self.institution(institution).role
        if role not in _HANDLING:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="institution_id",
                value=institution,
                allowed="a broker, custodian or intermediary",
            )
        if not self.product_parties([product]):
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
        table = tables.product_firm
        row = {
            "product_id": product,
            "institution_id": institution,
            "since": at,
            "recorded_by": by,
        }
        if not bulk.insert_new(self._connection, table, [row]):
            return False
        self._audit(
            AuditAction.PRODUCT_HANDLED,
            table,
            (product, institution),
            subject=institution,
            product=product,
            at=at,
            by=by,
        )
        return True

    def product_parties(self, products: Collection[ProductId]) -> dict[ProductId, ProductParties]:
        """Whose each of `products` is; those that there are."""
        product, contract, firm = tables.product, tables.trust_contract, tables.product_firm
        rows = self._connection.execute(
            select(
                product.c.product_id,
                contract.c.trustee_id,
                contract.c.settlor_id,
                contract.c.asset_manager_id,
            )
            .join(contract, product.c.trust_contract_id == contract.c.trust_contract_id)
            .where(bulk.among(product.c.product_id, products))
        )
        found = {
            ProductId(row.product_id): ProductParties(
                product=ProductId(row.product_id),
                registrar=InstitutionId(row.trustee_id),
                issuers=frozenset(
                    InstitutionId(each)
                    for each in (row.settlor_id, row.asset_manager_id)
                    if each is not None
                ),
            )
            for row in rows
        }
        handling = self._connection.execute(
            select(firm.c.product_id, firm.c.institution_id).where(
                bulk.among(firm.c.product_id, found)
            )
        )
        for row in handling:
            key = ProductId(row.product_id)
            firms = found[key].firms | {InstitutionId(row.institution_id)}
            found[key] = replace(found[key], firms=firms)
        return found

    # Customers -----------------------------------------------------------------------------------

    def introduce(
        self,
        investor: InvestorId,
        institution: InstitutionId,
        *,
        consents_to_sight: bool,
        at: datetime,
        by: str,
    ) -> None:
        """Records which intermediary introduced the investor, and whether it may see what its client holds.

        Raises:
            Refusal: `institution_unknown`; `field_invalid` when it is no intermediary; `investor_unknown`.
        """
        if self.institution(institution).role is not InstitutionRole.INTERMEDIARY:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="institution_id",
                value=institution,
                allowed="an intermediary",
            )
        known = tables.investor.c.investor_id
        if self._connection.scalar(select(known).where(known == investor)) is None:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
        table = tables.introduction
        changed = {
            "institution_id": institution,
            "consents_to_sight": consents_to_sight,
        }
        self._connection.execute(
            insert(table)
            .values(
                investor_id=investor,
                created_at=at,
                created_by=by,
                updated_at=at,
                updated_by=by,
                **changed,
            )
            .on_conflict_do_update(
                index_elements=[table.c.investor_id],
                set_=changed | changed_now(table, at=at, by=by),
            )
        )
        self._audit(
            AuditAction.INTRODUCTION_RECORDED,
            table,
            (investor,),
            subject=investor,
            at=at,
            by=by,
        )

    def keeps_register_for(self, registrar: InstitutionId, firm: InstitutionId) -> bool:
        """Whether the registrar keeps the register of a product that the firm handles."""
        contract = tables.trust_contract
        product, handled = tables.product, tables.product_firm
        found = self._connection.scalar(
            select(handled.c.product_id)
            .join(product, product.c.product_id == handled.c.product_id)
            .join(contract, contract.c.trust_contract_id == product.c.trust_contract_id)
            .where(handled.c.institution_id == firm, contract.c.trustee_id == registrar)
            .limit(1)
        )
        return found is not None

    # Inside --------------------------------------------------------------------------------------

    def _audit(
        self,
        action: AuditAction,
        table: Table,
        key: tuple[str, ...],
        *,
        subject: str,
        product: ProductId | None = None,
        at: datetime,
        by: str,
    ) -> None:
        columns = zip(table.primary_key.columns, key, strict=True)
        rows = vouch(self._connection, table, *(column == value for column, value in columns))
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at, action=action, actor=by, subject=subject, product=product, rows=rows[key]
                )
            ]
        )


_HANDLING = frozenset(
    {
        InstitutionRole.CUSTODIAN,
        InstitutionRole.DIRECT_BROKER,
        InstitutionRole.DELEGATING_BROKER,
        InstitutionRole.INTERMEDIARY,
    }
)


def _institution(row: Row[Any]) -> Institution:
    return Institution(
        id=InstitutionId(row.institution_id),
        role=InstitutionRole(row.role),
        custodian=row.custodian_id and InstitutionId(row.custodian_id),
        own_account=row.own_account_investor_id and InvestorId(row.own_account_investor_id),
    )
