"""Products (銘柄): their terms, their status, and where their token is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import Address, ProductId, Reason, Refusal
from genbo.masters import TABLES
from genbo.storage.audit import AuditLog
from genbo.storage.tables import (
    audit,
    beneficiary_agent,
    product_name,
    transfer_control,
    trust_contract,
)
from genbo.storage.tables import product as table
from genbo.storage.tables.columns import changed_now
from genbo.storage.witness import vouch
from genbo.token import LegalForm, ProductStatus, ProductTerms, move_on, parse_terms
from genbo.token.bond_terms import BOND_FIELDS


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
        """Adds a product in draft. A bond without its interest is refused (`field_missing`, R-JSTOA-6.1.1.1b).

        Raises:
            Refusal: `product_exists`; `field_invalid` when another product has its ISIN; `contract_unknown` and
                `firm_unknown` for a trust contract and an agent of the beneficiaries that are not registered.
        """
        self._require_registrable(terms)
        self._add_group(terms, at=at, by=by)
        added = self._connection.execute(
            insert(table)
            .values(
                **_columns(terms),
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
        self._recorded(terms, at=at, by=by)
        return self.get(terms.product_id)

    def draft(
        self, terms: ProductTerms, *, at: datetime, by: str, of: Collection[str] | None = None
    ) -> Product:
        """As `add`; while there is no token, other terms take the place of those that were drafted before, and their
        name on every day that of those.

        Args:
            of: trust contracts of whose drafts they may take the place; None: of all.
        """
        held = select(table).where(table.c.product_id == terms.product_id).with_for_update()
        row = self._connection.execute(held).one_or_none()
        if row is None:
            return self.add(terms, at=at, by=by)
        foreign = of is not None and row.trust_contract_id not in of
        if foreign or row.status != ProductStatus.DRAFT.value or row.address is not None:
            raise Refusal(Reason.PRODUCT_EXISTS, product=terms.product_id)
        if row.terms_digest != terms.digest():
            self._require_registrable(terms)
            self._add_group(terms, at=at, by=by)
            self._connection.execute(
                update(table)
                .where(table.c.product_id == terms.product_id)
                .values(**_columns(terms), **changed_now(table, at=at, by=by))
            )
            self._recorded(terms, at=at, by=by, instead_of=str(row.terms["name"]))
        return self.get(terms.product_id)

    def rename(
        self, product: ProductId, *, name: str, effective: date, at: datetime, by: str
    ) -> None:
        """Records a further version of the name; a version with the same effective day corrects the earlier one. The
        terms that the token carries stay as they were issued (R-PROGMAT-T3.2).

        Raises:
            Refusal: `product_unknown`; `field_missing` for an empty name; `field_invalid` for one that is no line.
        """
        if not name.strip():
            raise Refusal(Reason.FIELD_MISSING, field="name")
        name = TABLES[3]["name"].canonical(name)
        locked = self._connection.scalar(
            select(table.c.product_id).where(table.c.product_id == product).with_for_update()
        )
        if locked is None:
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
        rows = self._add_name(product, name, effective, at=at, by=by)
        self._audit(
            product,
            AuditAction.PRODUCT_RENAMED,
            {"effective": effective.isoformat()},
            at=at,
            by=by,
            rows=rows,
        )

    def comment(
        self, product: ProductId, *, first: str | None, second: str | None, at: datetime, by: str
    ) -> None:
        """Sets the two free comments, which nothing interprets (R-PROGMAT-T3.17, T3.18).

        Raises:
            Refusal: `product_unknown`; `field_invalid`.
        """
        self.get(product)
        comments = {
            column: TABLES[3][column].canonical(text) or None if text else None
            for column, text in (("free_comment_1", first), ("free_comment_2", second))
        }
        self._change(
            product,
            comments,
            AuditAction.PRODUCT_COMMENTED,
            {},
            at=at,
            by=by,
        )

    def name_on(self, product: ProductId, day: date) -> str:
        """The name that holds on that day; before the first version takes effect, the first one.

        Raises:
            Refusal: `product_unknown`.
        """
        versions = self._connection.execute(
            select(product_name)
            .where(product_name.c.product_id == product)
            .order_by(product_name.c.effective, product_name.c.version)
        ).all()
        if not versions:
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
        held = [each for each in versions if each.effective <= day]
        first = [each for each in versions if each.effective == versions[0].effective]
        return str((held or first)[-1].name)

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

    def splits_written(self, product: ProductId) -> int:
        """How many splits the terms have gone through. Nobody else changes the product until the transaction ends."""
        held = select(table.c.product_id).where(table.c.product_id == product).with_for_update()
        self._connection.execute(held)
        written = select(func.count()).where(
            audit.c.product_id == product, audit.c.action == AuditAction.PRODUCT_SPLIT.value
        )
        return int(self._connection.scalar(written) or 0)

    def _add_group(self, terms: ProductTerms, *, at: datetime, by: str) -> None:
        self._connection.execute(
            insert(transfer_control)
            .values(
                transfer_control_id=terms.transfer_control_id,
                transfer_enabled=True,
                created_at=at,
                created_by=by,
                updated_at=at,
                updated_by=by,
            )
            .on_conflict_do_nothing()
        )

    def _recorded(
        self, terms: ProductTerms, *, at: datetime, by: str, instead_of: str | None = None
    ) -> None:
        days = {terms.set_date}
        if instead_of is not None and instead_of != terms.name:
            days |= self._days_named(terms.product_id, instead_of)
        names: dict[str, str] = {}
        for day in sorted(days):
            names |= self._add_name(terms.product_id, terms.name, day, at=at, by=by)
        group = transfer_control.c.transfer_control_id == terms.transfer_control_id
        vouched = vouch(self._connection, transfer_control, group)
        self._audit(
            terms.product_id,
            AuditAction.PRODUCT_RECORDED,
            {"terms_digest": terms.digest()},
            at=at,
            by=by,
            rows={**names, **vouched[(terms.transfer_control_id,)]},
        )

    def _days_named(self, product: ProductId, name: str) -> set[date]:
        """From which days on the name holds."""
        rows = self._connection.execute(
            select(product_name.c.effective, product_name.c.name)
            .where(product_name.c.product_id == product)
            .order_by(product_name.c.version)
        )
        held = {row.effective: row.name for row in rows}  # a later version corrects an earlier one
        return {day for day, each in held.items() if each == name}

    def _require_registrable(self, terms: ProductTerms) -> None:
        """What is asked of terms before they become those of a product. Raises as `add`."""
        if terms.legal_form is LegalForm.CORPORATE_BOND and terms.bond is None:
            raise Refusal(Reason.FIELD_MISSING, field="bond", allowed=f"a list of {_OF_BOND}")
        self._require_parties(terms)

    def _require_parties(self, terms: ProductTerms) -> None:
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
        contract, agent = trust_contract.c.trust_contract_id, beneficiary_agent.c
        known = select(contract).where(contract == terms.trust_contract_id)
        if self._connection.scalar(known) is None:
            raise Refusal(Reason.CONTRACT_UNKNOWN, contract=terms.trust_contract_id)
        asked = terms.beneficiary_agent_id
        named = select(agent.beneficiary_agent_id).where(agent.beneficiary_agent_id == asked)
        if asked is not None and self._connection.scalar(named) is None:
            raise Refusal(Reason.FIRM_UNKNOWN, kind="beneficiary_agent", firm=asked)
        if terms.legal_form is LegalForm.CORPORATE_BOND and terms.bond is None:
            raise Refusal(Reason.FIELD_MISSING, field="bond", allowed=f"a list of {_OF_BOND}")

    def _add_name(
        self, product: ProductId, name: str, effective: date, *, at: datetime, by: str
    ) -> dict[str, str]:
        """Adds the next version of the name; the row that it is, for the audit chain."""
        of_product = product_name.c.product_id == product
        last = self._connection.scalar(select(func.max(product_name.c.version)).where(of_product))
        version = (last or 0) + 1
        row = {
            "product_id": product,
            "version": version,
            "effective": effective,
            "name": name,
            "recorded_at": at,
            "recorded_by": by,
        }
        self._connection.execute(insert(product_name).values(row))
        vouched = vouch(
            self._connection, product_name, of_product, product_name.c.version == version
        )
        return vouched[product, version]

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
            .values(**values, **changed_now(table, at=at, by=by))
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
        rows: Mapping[str, str] | None = None,
    ) -> None:
        """An entry about the product's row as it is now, and `rows` beside it."""
        own = vouch(self._connection, table, table.c.product_id == product)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=product,
                    product=product,
                    facts=facts,
                    rows={**own[(product,)], **(rows or {})},
                )
            ]
        )


_DATES = ("set_date", "redemption_date")
_OF_BOND = ", ".join(BOND_FIELDS)


def _columns(terms: ProductTerms) -> dict[str, Any]:
    """What the terms say, by column."""
    fields = terms.as_fields()
    said = {
        name: getattr(terms, name) if name in _DATES else value
        for name, value in fields.items()
        if name in table.c
    }
    return {**said, "terms": fields, "terms_digest": terms.digest()}


def _product(row: Row[Any]) -> Product:
    return Product(
        terms=parse_terms(row.terms),
        status=ProductStatus(row.status),
        chain_id=row.chain_id,
        address=row.address,
    )
