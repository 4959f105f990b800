"""Builders: a KYC session with its result, a list, a screening with a match, and its release."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection
from tests.storage.builders import START, word
from tests.support.screening import EVIDENCE, THRESHOLDS, listed, sanctions_list

from genbo.compliance.kyc import KycOutcome, KycResult, KycSession, SessionId
from genbo.compliance.screening import (
    Agreement,
    Basis,
    Ground,
    Match,
    Outcome,
    Proposal,
    Release,
    Screening,
    Thresholds,
    Trigger,
)
from genbo.kernel import InvestorId
from genbo.storage.kyc import KycSessions
from genbo.storage.sanctions import USUAL, SanctionsLists
from genbo.storage.screenings import Screenings, StoredScreening

LATER = START + timedelta(days=1)
LIST = sanctions_list([listed("E-1", "Akuma Warui"), listed("E-2", "Ivan Drugoy")])
NEW_THRESHOLDS = Thresholds(version="2026-05", possible=80, hit=90)
assert THRESHOLDS.version != NEW_THRESHOLDS.version


def a_session(investor: str = "IV-1") -> KycSession:
    return KycSession(
        id=SessionId("5e5510"),
        investor=InvestorId(investor),
        provider="https://kyc.invalid",
        provider_ref=None,
        started_at=START,
        started_by="x",
    )


def a_result(**more: object) -> KycResult:
    values: dict[str, object] = {
        "id": "R-1",
        "provider": "https://kyc.invalid",
        "session": SessionId("5e5510"),
        "investor": InvestorId("IV-1"),
        "outcome": KycOutcome.PASSED,
        "method": "ekyc-ho",
        "rule_version": "jp_aml",
        "evidence_ref": "EV-1",
        "digest": word(5),
        "name_matches": True,
        "address_matches": True,
        "checked_at": START,
        "expires_at": START + timedelta(days=365),
        "issued_at": START,
    }
    return KycResult(**(values | more))  # type: ignore[arg-type]


def kept_session(connection: Connection) -> KycSessions:
    sessions = KycSessions(connection)
    sessions.start(a_session())
    return sessions


def a_screening(
    investor: str = "IV-1", outcome: Outcome = Outcome.HIT, version: int = 1
) -> StoredScreening:
    match = Match(
        entry="E-1",
        entry_digest=LIST.entries[0].digest,
        score=100,
        basis=Basis.SAME,
        birth=Agreement.UNKNOWN,
        kind=Agreement.AGREES,
    )
    screening = Screening(
        investor=InvestorId(investor),
        subject_version=version,
        list=LIST.version,
        thresholds=USUAL,
        trigger=Trigger.ONBOARDING,
        outcome=outcome,
        matches=() if outcome is Outcome.CLEAR else (match,),
        unread=False,
        by="x",
        at=START,
    )
    return StoredScreening(screening=screening, list_number=1)


def screened(connection: Connection) -> Screenings:
    """A list in force, and the investor IV-1 on it."""
    SanctionsLists(connection).load(LIST, at=START, by="x")
    screenings = Screenings(connection)
    screenings.keep([a_screening()], at=LATER, by="x")
    return screenings


def a_proposal() -> Proposal:
    return Proposal(
        screening=a_screening().screening,
        ground=Ground.OTHER_PERSON,
        maker="maker",
        evidence=EVIDENCE,
        at=LATER,
    )


def proposed(connection: Connection) -> Screenings:
    screenings = screened(connection)
    screenings.propose("REL-1", a_proposal(), 1)
    return screenings


def a_release() -> Release:
    return Release(proposal=a_proposal(), approver="approver", at=LATER)


def live_compliance(connection: Connection) -> None:
    """Every kind of change of these tables, about the investor IV-1."""
    sessions = kept_session(connection)
    sessions.taken(a_session().id, ref="P-1", at=LATER, by="x")
    sessions.keep(a_result(), at=LATER, by="x")
    proposed(connection).release("REL-1", a_release())
    SanctionsLists(connection).set_thresholds(NEW_THRESHOLDS, at=LATER, by="x")
