"""A KYC provider's answer becomes a verdict and acts on the chain: a real office, a provider that really calls back.

given an investor with an account, and a session at a provider on this machine
├── when the person passed
│   ├── it should be a verdict with method, rules and reference, and open every address of the investor
│   └── and the same callback comes again: it should count once
├── when name or address differ from the vault: it should be kept for review, and nothing open
├── when the check is revoked, or fails the next time: it should close at once
├── when a callback comes out of order, under a number used before, or for no session of ours: refused, nothing kept
└── it should keep nothing of what the provider saw of the person
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.chain import GENESIS
from tests.support.compliance import admit, finish_jobs, now, opened, person
from tests.support.kept import Kept, kept_firm
from tests.support.office import Firm

from genbo.bootstrap.kyc import receive, start_session
from genbo.bootstrap.kyc_server import serve_callbacks
from genbo.chain.embedded import EmbeddedNode
from genbo.compliance.kyc import KycOutcome, SessionId
from genbo.kernel import Reason, Refusal
from genbo.providers.kyc import WebhookKyc
from genbo.providers.kyc.twin import KycTwin, serving
from genbo.storage.kyc import KycSessions
from genbo.storage.server import EmbeddedServer
from genbo.storage.verdicts import Verdicts

CANARY = "架空区カナリア町"


class Desk:
    """An office with a provider that calls back over loopback."""

    def __init__(self, firm: Firm, twin: KycTwin, provider: WebhookKyc) -> None:
        self.firm, self.twin, self.provider = firm, twin, provider
        self.session, _ = start_session(firm.office, provider, person(1), by="compliance-1")

    def token(self, *, event: str = "verified", **more: Any) -> str:
        claims = more.pop(
            "claims", {"name": "氏名 IV-1", "address": {"formatted": "東京都架空区 IV-1"}}
        )
        return self.signed(event=event, at=self.tick(), claims=claims, **more)

    def signed(self, **more: Any) -> str:
        return self.twin.sign(self.twin.payload(self.session.id, **more))

    def tick(self) -> datetime:
        """The provider's time: a second after whatever it said before."""
        node = self.firm.office.house.node
        assert isinstance(node, EmbeddedNode)
        node.mine([])
        return now(self.firm)

    def post(self, token: str) -> int:
        return self.twin.call_back(token, self.session.id)

    def results(self) -> list[KycOutcome]:
        with self.firm.office.house.database.read() as connection:
            return [each.outcome for each in KycSessions(connection).results(person(1))]

    def refused(self, token: str) -> Reason:
        with pytest.raises(Refusal) as caught:
            receive(self.firm.office, self.provider, token)
        return caught.value.reason


@pytest.fixture(scope="module")
def kept(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    def prepare(firm: Firm) -> None:
        admit(firm, [1], verified=False)

    node = EmbeddedNode(genesis_at=GENESIS)
    with kept_firm(server, tmp_path_factory.mktemp("firm"), node, prepare) as firm:
        yield firm


@pytest.fixture
def firm(kept: Kept) -> Iterator[Firm]:
    with kept.copy() as copied:
        yield copied


@pytest.fixture
def desk(firm: Firm) -> Iterator[Desk]:
    with serving() as twin:
        take: list[Any] = []
        with serve_callbacks(0, lambda token: take[0](token)) as url:
            provider = WebhookKyc(twin.parameters(url))
            take.append(lambda token: receive(firm.office, provider, token))
            yield Desk(firm, twin, provider)
            provider.close()


def test_callback__passed__opens_and_counts_once(desk: Desk) -> None:
    assert opened(desk.firm, [1]) == [False]
    token = desk.token(jti="R-1")
    assert desk.post(token) == 204
    assert desk.post(token) == 204
    assert desk.results() == [KycOutcome.PASSED]
    assert len(desk.firm.office.bulk.running()) == 1
    finish_jobs(desk.firm)
    assert opened(desk.firm, [1]) == [True]
    with desk.firm.office.house.database.read() as connection:
        verdict = Verdicts(connection).last([person(1)])[person(1)]
    assert (verdict.method, verdict.rule_version) == ("document:vcrypt", "jp_aml/ho")
    assert verdict.result_id == "R-1"
    assert verdict.evidence_ref.startswith("EV-")


@pytest.mark.parametrize(
    "claims", [{"name": "別人"}, {"address": {"formatted": CANARY}, "name": "氏名 IV-1"}]
)
def test_callback__differs_from_the_vault__is_for_a_person_to_look_at(
    desk: Desk, claims: dict[str, Any]
) -> None:
    assert desk.post(desk.token(claims=claims)) == 204
    assert desk.results() == [KycOutcome.REVIEW]
    assert desk.firm.office.bulk.running() == []
    kept = ["kyc_session", "kyc_result", "verdict", "audit", "command", "job", "reading"]
    with desk.firm.office.house.database.read() as connection:
        rows = [
            str(row)
            for table in kept
            for (row,) in connection.execute(text(f"SELECT to_jsonb({table})::text FROM {table}"))
        ]
    assert rows
    assert not [row for row in rows if CANARY in row or "別人" in row]


@pytest.mark.parametrize("claims", [{}, {"address": {"formatted": "東京都架空区 IV-1"}}])
def test_callback__passed_and_names_nobody__opens_nothing(
    desk: Desk, claims: dict[str, Any]
) -> None:
    assert desk.post(desk.token(claims=claims)) == 204
    assert desk.results() == [KycOutcome.REVIEW]
    assert desk.firm.office.bulk.running() == []


@pytest.mark.parametrize("event", ["revoked", "failed"])
def test_callback__revoked_or_failed__closes_at_once(desk: Desk, event: str) -> None:
    desk.post(desk.token())
    finish_jobs(desk.firm)
    assert desk.post(desk.token(event=event)) == 204
    assert len(desk.firm.office.bulk.running()) == 1
    finish_jobs(desk.firm)
    assert opened(desk.firm, [1]) == [False]
    assert desk.post(desk.token()) == 204  # checked anew, later
    finish_jobs(desk.firm)
    assert opened(desk.firm, [1]) == [True]


def test_callback__passed_before_another_session_failed__opens_nothing(desk: Desk) -> None:
    other, _ = start_session(desk.firm.office, desk.provider, person(1), by="compliance-1")
    passed = desk.token()
    assert desk.post(desk.token(event="failed", sub=other.id)) == 204  # decided later, and faster
    assert desk.post(passed) == 204
    finish_jobs(desk.firm)
    assert opened(desk.firm, [1]) == [False]
    assert desk.post(desk.token()) == 204  # checked anew, later
    finish_jobs(desk.firm)
    assert opened(desk.firm, [1]) == [True]


def test_callback__not_as_it_must_be__is_refused_and_not_kept(desk: Desk) -> None:
    early = desk.token()
    late = desk.token(event="revoked", jti="R-2")
    assert desk.post(late) == 204
    assert desk.post(early) == 409
    assert desk.refused(early) is Reason.KYC_CALLBACK_OUT_OF_ORDER
    assert desk.refused(desk.token(jti="R-2")) is Reason.KYC_CALLBACK_REPLAYED
    assert desk.post(desk.token(sub=SessionId("not-ours"))) == 404
    assert desk.post("no token at all") == 401
    assert desk.refused(desk.signed(at=now(desk.firm) - timedelta(hours=1))) is (
        Reason.KYC_CALLBACK_STALE
    )
    assert desk.results() == [KycOutcome.REVOKED]


def test_callback__under_the_number_of_another_session__is_a_replay(desk: Desk) -> None:
    assert desk.post(desk.token(jti="R-1")) == 204
    other, _ = start_session(desk.firm.office, desk.provider, person(1), by="compliance-1")
    moved = desk.token(jti="R-1", sub=other.id)
    assert desk.refused(moved) is Reason.KYC_CALLBACK_REPLAYED


def test_door__absurd_length_or_caller_gone__is_no_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with serve_callbacks(0, lambda _: None) as url:
        port = int(url.rpartition(":")[2].partition("/")[0])

        def said(length: str) -> socket.socket:
            caller = socket.create_connection(("127.0.0.1", port), 5)
            head = f"POST /kyc/callbacks HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nx"
            caller.sendall(head.encode())
            return caller

        with said("9" * 5_000) as caller:
            assert b" 413 " in caller.recv(100)
        gone = said("100")
        # It hangs up in the middle, so that the door is told so by an error.
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()
        time.sleep(0.3)
    assert capfd.readouterr().err == ""
