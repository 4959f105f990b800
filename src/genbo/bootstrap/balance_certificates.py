"""Balance certificates (残高証明): a custodian certifies to a broker what it keeps for the broker's customers.

given a custodian, a broker, a product and an instant
├── when the custodian keeps nothing of the broker's, or does not see the product: `not_found`; recorded
├── when what counts by then may still change: `as_of_not_final`
├── `prepare`: the document and what a key of the custodian signs; nothing is stored
└── `submit`, with a signature
    ├── that is not over exactly this document: `signature_invalid`
    ├── of a key that two persons did not record for the custodian: `certifier_unknown`
    ├── when there is a certificate of that instant that says something else: `certificate_exists`
    └── otherwise it is kept with its signature, and the broker gets the same bytes whenever it asks

Nobody signs here. Whose customers the investors were is asked of the masters as they were at the instant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.books import final_block
from genbo.bootstrap.office import Office
from genbo.bootstrap.sight.looking import Looking, is_seen
from genbo.bootstrap.signed_outside import Handed, ToSign
from genbo.chain.certificate_message import CertificateMessage, domain_of
from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.keys import refuse_development_key
from genbo.chain.signing import signer_of
from genbo.governance.institutions import BROKERS, InstitutionId, Subject
from genbo.kernel import Address, Digest, InvestorId, ProductId, Reason, Refusal
from genbo.reporting.balance_certificate import (
    BalanceCertificate,
    CertifiedLine,
    digest_of,
    id_of,
    instant,
)
from genbo.storage import tables
from genbo.storage.certificates import Certificates, Certifier, Certifiers, SignedCertificate
from genbo.storage.former_rows import as_it_was
from genbo.storage.parties import Parties
from genbo.storage.register import AsOf
from genbo.storage.register_pages import Holding, RegisterPages

_PAGE = 10_000
_CERTIFICATE = "certificate"
_INSTITUTION = "institution"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCertificate:
    """A document as a key of the custodian is asked to sign it."""

    certificate: BalanceCertificate
    to_sign: ToSign

    @property
    def document(self) -> bytes:
        """Its very bytes."""
        return self.certificate.content()

    @property
    def digest(self) -> Digest:
        """SHA-256 of the document."""
        return digest_of(self.document)

    @property
    def id(self) -> str:
        """残高証明書ID: that it will have."""
        return id_of(self.digest)


class CertificateDesk:
    """The certificates that one institution gives or is given."""

    def __init__(self, office: Office, looking: Looking) -> None:
        self._office = office
        self._looking = looking

    def prepare(
        self, broker: InstitutionId, product: ProductId, *, as_of: AsOf
    ) -> PreparedCertificate:
        """What a key of the custodian, which is who asks, would certify. Nothing is stored.

        Raises:
            Refusal: `not_found`, `as_of_not_final`.
        """
        looking = self._looking
        self._require_seen(product)
        with looking.database.read() as connection:
            certificate = self._certificate(connection, broker, product, as_of)
        if certificate is None:
            raise looking.not_found(_INSTITUTION, broker)
        message = CertificateMessage(certificate)
        domain = domain_of(certificate.platform, chain_id=looking.chain_id)
        digest = Digest(hex_of(message.digest(domain)))
        return PreparedCertificate(
            certificate=certificate,
            to_sign=ToSign(typed_data=message.typed_data(domain), digest=digest),
        )

    def signed(self, prepared: PreparedCertificate, handed: Handed) -> SignedCertificate:
        """The certificate with its signature, checked. Nothing is stored.

        Raises:
            Refusal: `signature_invalid`.
            Fault: `development_key_refused`.
        """
        said, account = prepared.certificate, handed.account
        refuse_development_key(account, self._looking.chain_id)
        if signer_of(bytes_of(prepared.to_sign.digest), handed.signature) != account:
            raise Refusal(Reason.SIGNATURE_INVALID, account=account)
        return SignedCertificate(
            id=prepared.id,
            custodian=said.custodian,
            broker=said.broker,
            product=said.product,
            as_of=said.as_of,
            document=prepared.document,
            digest=prepared.digest,
            signer=account,
            signature=handed.signature,
            issued_at=self._looking.at,
            issued_by=self._looking.by,
        )

    def keep(self, connection: Connection, signed: SignedCertificate) -> SignedCertificate:
        """Keeps it; the same once more is the one that stands.

        Raises:
            Refusal: `certifier_unknown`, `certificate_exists`.
        """
        if not Certifiers(connection).get(signed.custodian, signed.signer).counts:
            raise Refusal(
                Reason.CERTIFIER_UNKNOWN, account=signed.signer, institution=signed.custodian
            )
        return Certificates(connection).keep(signed)

    def get(self, certificate: str) -> SignedCertificate:
        """A certificate. Raises Refusal(not_found)."""
        looking = self._looking
        with looking.database.read() as connection:
            found = Certificates(connection).get(certificate, of=looking.institution)
        if found is None:
            raise looking.not_found(_CERTIFICATE, certificate)
        return found

    def of(
        self, product: ProductId, *, after: tuple[datetime, str] | None, most: int
    ) -> list[SignedCertificate]:
        """Certificates of a product, the oldest first. Raises Refusal(not_found)."""
        looking = self._looking
        self._require_seen(product)
        with looking.database.read() as connection:
            return Certificates(connection).of(looking.institution, product, after=after, most=most)

    # Inside --------------------------------------------------------------------------------------

    def _require_seen(self, product: ProductId) -> None:
        with self._looking.viewing() as connection:
            seen = is_seen(connection, product)
        if not seen:
            raise self._looking.not_found(Subject.PRODUCT, product)

    def _certificate(
        self, connection: Connection, broker: InstitutionId, product: ProductId, as_of: AsOf
    ) -> BalanceCertificate | None:
        """None where the custodian keeps nothing of the broker's."""
        looking, deployment = self._looking, self._office.deployment
        upto = final_block(connection, looking.chain_id, as_of, now=looking.at)
        changed = Certificates(connection).last_change(
            product, upto=upto.number, chain_id=looking.chain_id
        )
        at = as_of if isinstance(as_of, datetime) else upto.at
        held = list(_held(connection, looking.chain_id, product, upto.number))
        lines = [
            CertifiedLine(investor=investor, address=each.address, units=each.position.units)
            for investor, each in _kept(connection, held, looking.institution, broker, at)
            if each.position is not None
        ]
        if not lines and not self._delegates(connection, broker):
            return None
        return BalanceCertificate(
            custodian=looking.institution,
            broker=broker,
            product=product,
            token=self._office.token(product).address,
            platform=deployment.platform,
            as_of=instant(as_of) if isinstance(as_of, datetime) else f"block:{as_of}",
            block=changed or upto,
            lines=lines,
        )

    def _delegates(self, connection: Connection, broker: InstitutionId) -> bool:
        """Whether the custodian keeps the keys of the broker's customers, though none of them holds anything."""
        try:
            found = Parties(connection).institution(broker)
        except Refusal as refusal:
            if refusal.reason is not Reason.INSTITUTION_UNKNOWN:
                raise
            return False
        return found.role in BROKERS and found.custodian == self._looking.institution


def take_certifier(
    office: Office, custodian: InstitutionId, account: Address, *, evidence: Digest, by: str
) -> Certifier:
    """Takes a key of a custodian that will certify balances; somebody else approves it.

    Raises:
        Refusal: `institution_unknown`, also for one that is no custodian.
        Fault: `development_key_refused`.
    """
    refuse_development_key(account, office.deployment.chain_id)
    with office.house.database.begin() as connection:
        return Certifiers(connection).propose(
            custodian, account, evidence=evidence, at=office.house.now(), by=by
        )


def approve_certifier(
    office: Office, custodian: InstitutionId, account: Address, *, by: str
) -> Certifier:
    """Lets what the key signs count. Raises as `Certifiers.approve`."""
    with office.house.database.begin() as connection:
        return Certifiers(connection).approve(custodian, account, at=office.house.now(), by=by)


def end_certifier(
    office: Office, custodian: InstitutionId, account: Address, *, by: str
) -> Certifier:
    """What the key signs counts no longer. Raises as `Certifiers.end`."""
    with office.house.database.begin() as connection:
        return Certifiers(connection).end(custodian, account, at=office.house.now(), by=by)


def _held(
    connection: Connection, chain_id: int, product: ProductId, upto: int
) -> Iterator[Holding]:
    """Every holding of the product, whoever's."""
    pages = RegisterPages(connection, chain_id)
    after = None
    while True:
        found = pages.positions(product, upto=upto, after=after, most=_PAGE, holding=True)
        yield from found
        if len(found) < _PAGE:
            return
        after = pages.key_of(found[-1])


def _kept(
    connection: Connection,
    held: list[Holding],
    custodian: InstitutionId,
    broker: InstitutionId,
    at: datetime,
) -> Iterator[tuple[InvestorId, Holding]]:
    """The holdings of the broker's customers whose keys the custodian kept at the instant `at`."""
    investors = sorted({each.investor for each in held if each.investor is not None})
    firms = as_it_was(
        connection, tables.investor, investors, ("safekeeping_id", "custodian_id"), at=at
    )
    for each in held:
        firm = firms.get(each.investor or "")
        if firm is not None and (firm["safekeeping_id"], firm["custodian_id"]) == (
            broker,
            custodian,
        ):
            assert each.investor is not None
            yield each.investor, each
