"""KYC (本人確認): a provider is asked about an investor; its answer becomes a verdict, which acts on the ledger.

    passed    a verdict, and every address of the investor is ordered open, once screening lets it; nothing, when
              another session has failed since
    review    kept: the provider is not sure, or name or address differ from the vault; nothing opens
    failed    whatever stood is taken back, and every address is ordered closed
    revoked   the same

All of it in one transaction with the result. What the provider saw of the person is compared in memory and not kept.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.words import order_words
from genbo.compliance.kyc import (
    Claims,
    KycOutcome,
    KycProvider,
    KycResult,
    KycSession,
    SessionId,
    Started,
    agrees,
    holds_until,
    judge_callback,
)
from genbo.compliance.screening import AmlClass
from genbo.governance import JobId
from genbo.kernel import InvestorId, business_date
from genbo.storage.investors import Identity, Investors
from genbo.storage.kyc import KycSessions
from genbo.storage.vault import Erased, Purpose, Reading
from genbo.storage.verdicts import Verdict, Verdicts

_NOT_RESULTS = frozenset({KycOutcome.FAILED, KycOutcome.REVOKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a callback came to."""

    result: KycResult
    new: bool
    """False when it had been delivered before: then nothing happened."""
    ordered: tuple[JobId, ...] = ()


def start_session(
    office: Office,
    provider: KycProvider,
    investor: InvestorId,
    *,
    by: str,
    method: str | None = None,
) -> tuple[KycSession, Started]:
    """Asks the provider to check an investor. Ours is kept first, so that no answer comes to nothing.

    Raises:
        Refusal: `investor_unknown`.
        Fault: `kyc_provider_unreachable`: the session is kept and may be started again.
    """
    session = a_session(office, provider, investor, by=by, named=secrets.token_hex(16))
    with office.house.database.begin() as connection:
        keep_session(connection, office, session)
    return session, ask_provider(office, provider, session, method)


def a_session(
    office: Office, provider: KycProvider, investor: InvestorId, *, by: str, named: str
) -> KycSession:
    """A session that begins now, under a name that is its own."""
    return KycSession(
        id=SessionId(named),
        investor=investor,
        provider=provider.name,
        provider_ref=None,
        started_at=office.house.now(),
        started_by=by,
    )


def keep_session(connection: Connection, office: Office, session: KycSession) -> None:
    """Keeps ours, in the caller's transaction, so that no answer comes to nothing. Raises Refusal(investor_unknown)."""
    Investors(connection, office.house.vault).get(session.investor)
    KycSessions(connection).start(session)


def ask_provider(
    office: Office, provider: KycProvider, session: KycSession, method: str | None
) -> Started:
    """Has the provider take a session that is kept. Asked again, it is the same session there.

    Raises:
        Fault: `kyc_provider_unreachable`.
    """
    started = provider.start(session.id, method=method)
    with office.house.database.begin() as connection:
        sessions = KycSessions(connection)
        if sessions.get(session.id, provider=provider.name).provider_ref != started.ref:
            at = office.house.now()
            sessions.taken(session.id, ref=started.ref, at=at, by=session.started_by)
    return started


def receive(office: Office, provider: KycProvider, token: str) -> Received:
    """Takes a callback in. Delivered twice it counts once.

    Raises:
        Refusal: as `KycProvider.read`; `kyc_session_unknown`; `kyc_callback_replayed`, `kyc_callback_out_of_order`,
            `kyc_callback_malformed`: then nothing was kept.
        Fault: `kyc_provider_unreachable`, `database_unreachable`: delivered again it is taken in.
    """
    at = office.house.now()
    callback = provider.read(token, at=at)
    with office.house.database.begin() as connection:
        digest = "0x" + office.house.vault.fingerprint(connection, callback.content).hex()
        sessions = KycSessions(connection)
        session = sessions.get(callback.session, provider=provider.name, to_change=True)
        known = sessions.result(provider.name, callback.id)
        if known is not None and (known.digest, known.session) == (digest, session.id):
            return Received(result=known, new=False)
        name, address = (None, None)
        if callback.outcome is KycOutcome.PASSED:
            name, address = _compared(connection, office, session.investor, callback.claims)
        last = None if known is not None else sessions.last_issued_at(session.id)
        outcome = judge_callback(callback, last_issued_at=last, names_agree=(name, address))
        result = KycResult(
            id=callback.id,
            provider=provider.name,
            session=session.id,
            investor=session.investor,
            outcome=outcome,
            method=callback.method,
            rule_version=callback.rule_version,
            evidence_ref=callback.evidence_ref,
            digest=digest,
            name_matches=name,
            address_matches=address,
            checked_at=callback.checked_at,
            expires_at=holds_until(callback),
            issued_at=callback.issued_at,
        )
        sessions.keep(result, at=at, by=provider.name)
        if not _judged(connection, office, result, by=provider.name):
            return Received(result=result, new=True)
        ordered = order_words(
            connection,
            office,
            [session.investor],
            key=f"kyc-{digest[2:34]}",
            by=provider.name,
            at=at,
        )
    return Received(result=result, new=True, ordered=tuple(ordered))


def _judged(connection: Connection, office: Office, result: KycResult, *, by: str) -> bool:
    """Records the verdict that follows from a result; whether there is one."""
    at = office.house.now()
    verdicts = Verdicts(connection)
    if result.outcome in _NOT_RESULTS:
        if result.investor not in verdicts.last([result.investor]):
            return False
        ref = result.evidence_ref
        return verdicts.revoke(result.investor, evidence_ref=ref, at=at, by=by) is not None
    if result.outcome is not KycOutcome.PASSED or result.expires_at is None:
        return False
    # Another session may have failed after this one was decided, and have been faster on its way.
    known = KycSessions(connection).results(result.investor)
    if any(e.outcome in _NOT_RESULTS and e.issued_at >= result.issued_at for e in known):
        return False
    investor = Investors(connection, office.house.vault).get(result.investor)
    verdict = Verdict(
        investor_id=result.investor,
        checked_at=result.checked_at,
        expires_at=result.expires_at,
        investor_class=investor.investor_class,
        # That somebody is who he says lifts nothing: what screening blocks is blocked by the investor's own class.
        aml_class=AmlClass.CLEAR.value,
        evidence_ref=result.evidence_ref,
        method=result.method,
        rule_version=result.rule_version,
        result_id=result.id,
    )
    return bool(verdicts.record([verdict], at=at, by=by))


def _compared(
    connection: Connection, office: Office, investor: InvestorId, claims: Claims
) -> tuple[bool | None, bool | None]:
    """Whether name and address are those of the vault; opening them leaves a reading."""
    if claims == Claims():
        return None, None
    at = office.house.now()
    reading = Reading(purpose=Purpose.VERIFICATION, actor="kyc", at=at)
    found = Investors(connection, office.house.vault).identities(
        [investor], on=business_date(at), reading=reading
    )
    ours: Identity = found[investor]
    return (
        agrees(claims.name, _plain(ours.name)),
        agrees(claims.address, _plain(ours.registered_address)),
    )


def _plain(value: str | Erased) -> str:
    """Nothing agrees with what is erased."""
    return value if isinstance(value, str) else ""
