"""Payment terms (支払方法) of products: by bank transfer, or in a yen token. Versions are added and never edited."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from genbo.entitlements import YenToken
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.distributions import token_of
from genbo.storage.tables import payment_terms as table
from genbo.storage.tables import product as products
from genbo.storage.witness import vouch


class PaymentTerms:
    """The terms of all products, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(
        self,
        product: ProductId,
        token: YenToken | None,
        *,
        evidence_ref: str,
        at: datetime,
        by: str,
    ) -> None:
        """Records how the distributions of a product that are declared from now on are paid.

        Args:
            token: None: by bank transfer.
            evidence_ref: reference of the decision that somebody has seen, never its content.

        Raises:
            Refusal: `product_unknown`; `field_missing` without a reference.
        """
        if not evidence_ref.strip():
            raise Refusal(Reason.FIELD_MISSING, field="evidence_ref")
        known = select(products.c.product_id).where(products.c.product_id == product)
        if self._connection.scalar(known) is None:
            raise Refusal(Reason.PRODUCT_UNKNOWN, product=product)
        number = self._connection.scalar(
            insert(table)
            .values(
                product_id=product,
                cash=None if token is None else token.cash,
                chain_id=None if token is None else token.chain_id,
                decimals=None if token is None else token.decimals,
                payer=None if token is None else token.payer,
                evidence_ref=evidence_ref.strip(),
                recorded_at=at,
                recorded_by=by,
            )
            .returning(table.c.number)
        )
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.PAYMENT_TERMS_RECORDED,
                    actor=by,
                    subject=product,
                    product=product,
                    facts={} if token is None else {"cash": token.cash, "payer": token.payer},
                    rows=vouch(self._connection, table, table.c.number == number)[(number,)],
                )
            ]
        )

    def of(self, product: ProductId) -> YenToken | None:
        """The yen token that distributions of the product are paid in now; None: by bank transfer."""
        row = self._connection.execute(
            select(table)
            .where(table.c.product_id == product)
            .order_by(table.c.number.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        return token_of(row.cash, row.chain_id, row.decimals, row.payer)
