"""Balance certificates (残高証明書) as they were signed, and the keys of custodians that sign them (署名者).

A key counts once two persons have recorded it, and until it is ended. What it signed before stays as it is. The tables
are closed to whoever looks as an institution: each question says itself whose rows it wants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Address, BlockStamp, Digest, ProductId, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.tables import balance_certificate, certifier, institution, position
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifier:
    """A key that certifies balances for a custodian."""

    institution: InstitutionId
    account: Address
    evidence: Digest
    """SHA-256 of the custodian's notice that the key is its own."""
    proposed_at: datetime
    proposed_by: str
    approved_at: datetime | None = None
    approved_by: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether what it signs now counts."""
        return self.approved_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCertificate:
    """A certificate with its signature. Never edited."""

    id: str
    custodian: InstitutionId
    broker: InstitutionId
    product: ProductId
    as_of: str
    document: bytes
    digest: Digest
    signer: Address
    signature: bytes = field(repr=False)
    issued_at: datetime
    issued_by: str


class Certifiers:
    """The keys, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def propose(
        self,
        custodian: InstitutionId,
        account: Address,
        *,
        evidence: Digest,
        at: datetime,
        by: str,
    ) -> Certifier:
        """Takes a key, which waits for somebody else's approval; one that is known already stays as it is.

        Raises:
            Refusal: `institution_unknown`.
        """
        known = select(institution.c.institution_id).where(
            institution.c.institution_id == custodian, institution.c.role == "custodian"
        )
        if self._connection.scalar(known) is None:
            raise Refusal(Reason.INSTITUTION_UNKNOWN, institution=custodian)
        added = self._connection.execute(
            insert(certifier)
            .values(
                institution_id=custodian,
                account=account,
                evidence=evidence,
                proposed_at=at,
                proposed_by=by,
            )
            .on_conflict_do_nothing()
            .returning(certifier.c.account)
        ).one_or_none()
        if added is not None:
            self._audit(custodian, account, AuditAction.CERTIFIER_PROPOSED, at=at, by=by)
        return self.get(custodian, account)

    def approve(
        self, custodian: InstitutionId, account: Address, *, at: datetime, by: str
    ) -> Certifier:
        """Lets what the key signs count. A second approval changes nothing.

        Raises:
            Refusal: `certifier_unknown`; `same_person` for who proposed it.
        """
        found = self.get(custodian, account, to_change=True)
        if found.approved_at is not None:
            return found
        if found.proposed_by == by:
            raise Refusal(Reason.SAME_PERSON, account=by, role="approver", other="maker")
        values = {"approved_at": at, "approved_by": by}
        return self._change(found, values, AuditAction.CERTIFIER_APPROVED, at=at, by=by)

    def end(
        self, custodian: InstitutionId, account: Address, *, at: datetime, by: str
    ) -> Certifier:
        """What the key signs counts no longer; one person suffices. Once more changes nothing.

        Raises:
            Refusal: `certifier_unknown`.
        """
        found = self.get(custodian, account, to_change=True)
        if found.ended_at is not None:
            return found
        values = {"ended_at": at, "ended_by": by}
        return self._change(found, values, AuditAction.CERTIFIER_ENDED, at=at, by=by)

    def get(
        self, custodian: InstitutionId, account: Address, *, to_change: bool = False
    ) -> Certifier:
        """The key. Raises Refusal(certifier_unknown)."""
        query = select(certifier).where(
            certifier.c.institution_id == custodian, certifier.c.account == account
        )
        row = self._connection.execute(query.with_for_update() if to_change else query)
        found = row.one_or_none()
        if found is None:
            raise Refusal(Reason.CERTIFIER_UNKNOWN, account=account, institution=custodian)
        return _certifier(found)

    def all(self) -> list[Certifier]:
        """Every key, by custodian and account."""
        rows = self._connection.execute(select(certifier).order_by(*certifier.primary_key))
        return [_certifier(row) for row in rows]

    def _change(
        self,
        found: Certifier,
        values: dict[str, Any],
        action: AuditAction,
        *,
        at: datetime,
        by: str,
    ) -> Certifier:
        self._connection.execute(
            update(certifier)
            .where(
                certifier.c.institution_id == found.institution,
                certifier.c.account == found.account,
            )
            .values(**values)
        )
        self._audit(found.institution, found.account, action, at=at, by=by)
        return self.get(found.institution, found.account)

    def _audit(
        self,
        custodian: InstitutionId,
        account: Address,
        action: AuditAction,
        *,
        at: datetime,
        by: str,
    ) -> None:
        _audit(
            self._connection,
            certifier,
            (custodian, account),
            AuditEntry(
                at=at, action=action, actor=by, subject=account, facts={"institution": custodian}
            ),
        )


class Certificates:
    """The certificates, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, signed: SignedCertificate) -> SignedCertificate:
        """Keeps a certificate; one that stands already stays as it was signed first.

        Raises:
            Refusal: `certificate_exists` when there is one for the same broker, product and instant that says something
                else.
        """
        table = balance_certificate
        added = self._connection.execute(
            insert(table)
            .values(
                certificate_id=signed.id,
                custodian_id=signed.custodian,
                broker_id=signed.broker,
                product_id=signed.product,
                as_of=signed.as_of,
                document=signed.document,
                digest=signed.digest,
                signer=signed.signer,
                signature=signed.signature,
                issued_at=signed.issued_at,
                issued_by=signed.issued_by,
            )
            .on_conflict_do_nothing()
            .returning(table.c.certificate_id)
        ).one_or_none()
        if added is None:
            return self._standing(signed)
        facts: Mapping[str, AuditFact] = {
            "custodian": signed.custodian,
            "broker": signed.broker,
            "as_of": signed.as_of,
            "digest": signed.digest,
            "signer": signed.signer,
        }
        entry = AuditEntry(
            at=signed.issued_at,
            action=AuditAction.BALANCE_CERTIFIED,
            actor=signed.issued_by,
            subject=signed.id,
            product=signed.product,
            facts=facts,
        )
        _audit(self._connection, table, (signed.id,), entry)
        return signed

    def get(self, certificate: str, *, of: InstitutionId) -> SignedCertificate | None:
        """The certificate of that id; None also where `of` is neither who certifies nor whose customers they are."""
        table = balance_certificate
        row = self._connection.execute(
            select(table).where(table.c.certificate_id == certificate, _seen_by(of))
        ).one_or_none()
        return None if row is None else _certificate(row)

    def of(
        self,
        institution: InstitutionId,
        product: ProductId,
        *,
        after: tuple[datetime, str] | None = None,
        most: int,
    ) -> list[SignedCertificate]:
        """Certificates of a product that the institution has given or was given, the oldest first.

        Args:
            after: when the row before was issued, and its id.
        """
        table = balance_certificate
        key = tuple_(table.c.issued_at, table.c.certificate_id)
        query = select(table).where(_seen_by(institution), table.c.product_id == product)
        if after is not None:
            query = query.where(key > tuple_(*after))
        rows = self._connection.execute(query.order_by(*key).limit(most))
        return [_certificate(row) for row in rows]

    def last_change(self, product: ProductId, *, upto: int, chain_id: int) -> BlockStamp | None:
        """The last block up to `upto` in which anything happened to the product: what it is does not depend on which
        empty blocks were read."""
        row = self._connection.execute(
            select(position.c.from_block, position.c.from_hash, position.c.from_at)
            .where(position.c.product_id == product, position.c.from_block <= upto)
            .order_by(position.c.from_block.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        return BlockStamp(chain_id, row.from_block, row.from_hash, row.from_at)

    def _standing(self, signed: SignedCertificate) -> SignedCertificate:
        table = balance_certificate
        row = self._connection.execute(
            select(table).where(
                table.c.custodian_id == signed.custodian,
                table.c.broker_id == signed.broker,
                table.c.product_id == signed.product,
                table.c.as_of == signed.as_of,
            )
        ).one()
        if row.digest != signed.digest:
            raise Refusal(
                Reason.CERTIFICATE_EXISTS,
                certificate=row.certificate_id,
                broker=signed.broker,
                as_of=signed.as_of,
            )
        return _certificate(row)


def _seen_by(institution: InstitutionId) -> ColumnElement[bool]:
    table = balance_certificate
    return or_(table.c.custodian_id == institution, table.c.broker_id == institution)


def _certifier(row: Row[Any]) -> Certifier:
    return Certifier(
        institution=InstitutionId(row.institution_id),
        account=Address(row.account),
        evidence=Digest(row.evidence),
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def _certificate(row: Row[Any]) -> SignedCertificate:
    return SignedCertificate(
        id=row.certificate_id,
        custodian=InstitutionId(row.custodian_id),
        broker=InstitutionId(row.broker_id),
        product=ProductId(row.product_id),
        as_of=row.as_of,
        document=bytes(row.document),
        digest=Digest(row.digest),
        signer=Address(row.signer),
        signature=bytes(row.signature),
        issued_at=row.issued_at,
        issued_by=row.issued_by,
    )


def _audit(connection: Connection, table: Table, key: tuple[str, ...], entry: AuditEntry) -> None:
    columns = list(table.primary_key.columns)
    rows = vouch(connection, table, tuple_(*columns) == key)
    AuditLog(connection).append([replace(entry, rows=rows[key])])
