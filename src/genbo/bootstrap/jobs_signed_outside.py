"""Jobs signed outside (一括処理の外部署名): a bulk act under a duty of one person, ordered by that person's signature.

The maker signs the act with all of its rows once. Its batches go out as commands under the maker's own key, which the
sender must have; the records keep the signature with the order.
"""

from collections.abc import Sequence

from genbo.bootstrap.office import Office
from genbo.bootstrap.signed_outside import Handed, ToSign
from genbo.chain.command_message import domain_of
from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.job_message import JobMessage, job_digest_of
from genbo.chain.signing import signer_of
from genbo.governance import Duty, Job, JobId, JobKind, JobRow
from genbo.kernel import Address, Fault, ProductId, Reason, Reference, Refusal
from genbo.storage.jobs import Jobs


def allotment_job(
    office: Office, product: ProductId, *, maker: Address, key: str, ref: Reference | None
) -> Job:
    """A distribution to many, by that DISTRIBUTOR.

    Raises:
        Refusal: `duty_missing`, `reference_missing`.
    """
    if ref is None:
        raise Refusal(Reason.REFERENCE_MISSING)
    if maker not in office.deployment.operators[Duty.DISTRIBUTOR]:
        raise Refusal(Reason.DUTY_MISSING, caller=maker, duty=Duty.DISTRIBUTOR.name)
    name = office.signed_outside.name_of(maker)
    return Job(
        key=key,
        chain_id=office.deployment.chain_id,
        kind=JobKind.DISTRIBUTE,
        product=product,
        ref=ref,
        arguments={},
        maker=name,
        people=(name,),
    )


def prepare_job(office: Office, job: Job, rows: Sequence[JobRow], *, maker: Address) -> ToSign:
    """What the maker signs; nothing is stored."""
    message = _message(job, rows, maker)
    domain = domain_of(office.deployment.platform, chain_id=job.chain_id)
    return ToSign(
        typed_data=message.typed_data(domain),
        digest=job_digest_of(message, office.deployment.platform),
    )


def submit_job(
    office: Office, job: Job, rows: Sequence[JobRow], handed: Handed, *, by: str
) -> JobId:
    """Stores a bulk act with its maker's signature. The same once more is the same.

    Args:
        by: the credential that handed it in.

    Raises:
        Refusal: `signature_invalid`, `command_key_reused`, `key_malformed`.
        Fault: `key_missing` when the sender's key store has no such key.
    """
    digest = job_digest_of(_message(job, rows, handed.account), office.deployment.platform)
    if signer_of(bytes_of(digest), handed.signature) != handed.account:
        raise Refusal(Reason.SIGNATURE_INVALID, account=handed.account)
    if office.ring.signer_of(handed.account) is None:
        raise Fault(Reason.KEY_MISSING, needed=1, reachable=0, account=handed.account)
    proof = {
        "account": handed.account,
        "digest": digest,
        "signature": hex_of(handed.signature),
    }
    with office.house.database.begin() as connection:
        Jobs(connection, job.chain_id).order(
            job, list(rows), at=office.house.now(), by=by, proof=proof
        )
    return job.id


def _message(job: Job, rows: Sequence[JobRow], maker: Address) -> JobMessage:
    return JobMessage(
        job=job,
        maker=maker,
        rows=len(rows),
        units=sum(int(row.units or 0) for row in rows),
        body=job.body_digest(rows),
    )
