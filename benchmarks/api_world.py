"""A served office for load: a local node, a durable database, customers of one broker who hold units, and its tokens.

The interface and the service's roles run in this process, as one `genbo up` has them; node, database and client are
processes of their own.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.local import Place, local_office, verify
from genbo.api.rate import RateLimit
from genbo.api.server import serve_api
from genbo.api.v1 import make_v1
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.role import Role
from genbo.bootstrap.sandbox_credentials import issue_credentials
from genbo.bootstrap.service import Service
from genbo.bootstrap.tokens import tokens_of
from genbo.chain.accounts import account_of
from genbo.cli.logs import write_logs
from genbo.governance import Duty
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import Scope
from genbo.kernel import Digest, InvestorId, Reference, Units
from genbo.storage.credentials import Credentials
from genbo.storage.investors import Investor, NewInvestor
from genbo.storage.parties import Parties
from genbo.storage.verdicts import Verdict
from genbo.token import Act

BROKER = InstitutionId("B1")
_EVERYTHING = RateLimit(burst=10**7, per_second=10**7)
_READ_SECONDS = 0.05


@dataclass(frozen=True)
class ServedOffice:
    """What the load program needs."""

    place: Place
    url: str
    tokens: dict[Scope, str]
    """The broker's."""
    investors: Sequence[InvestorId]

    def load(
        self, requests: Sequence[dict[str, Any]], scope: Scope, *, connections: int, **more: Any
    ) -> dict[str, Any]:
        """What the client found (`benchmarks.api_client`)."""
        order = {
            "base": self.url,
            "headers": {"Authorization": f"Bearer {self.tokens[scope]}"},
            "connections": connections,
            "requests": list(requests),
            **more,
        }
        ran = subprocess.run(
            [sys.executable, "-m", "benchmarks.api_client"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(ran.stdout)
        return found


@contextmanager
def served_office(folder: Path, *, investors: int, units: int) -> Iterator[ServedOffice]:
    """An office whose broker has so many customers with so many units each, served until the block ends."""
    write_logs(logging.WARNING)
    with local_office(folder, cap=10 * investors * units) as place:
        office = place.office
        names = _customers(place, investors)
        _hold(place, names, units)
        now = datetime.now(UTC)
        authority = tokens_of(office, life=timedelta(hours=2))
        tokens = {}
        for each in issue_credentials(office, [BROKER], founders=InstitutionId("PF"), at=now):
            with office.house.database.read() as connection:
                known = Credentials(connection).find(each.id)
            assert known is not None
            tokens[each.scope] = authority.make(known, at=now).token
        app = make_v1(office, authority, now=lambda: datetime.now(UTC), limit=_EVERYTHING)
        service = Service(office, (Role.SENDER, Role.JOBS), tell=lambda role, refusal: None)
        with serve_api(app, 0) as url, service.running(), _reading(place):
            yield ServedOffice(place, url, tokens, names)


@contextmanager
def _reading(place: Place) -> Iterator[None]:
    """The indexer, as `genbo up` runs it."""
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(_READ_SECONDS):
            place.office.read()

    thread = threading.Thread(target=read, name="indexer")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _customers(place: Place, count: int) -> list[InvestorId]:
    """Registers the broker's customers, verified, each with an address."""
    office = place.office
    at = datetime.now(UTC)
    names = [InvestorId(f"IV-{number:06}") for number in range(count)]
    accounts = {
        each: account_of(each, place.product, chain_id=office.house.node.chain_id).address
        for each in names
    }
    new = [
        NewInvestor(
            investor=Investor(
                investor_id=each,
                kind="individual",
                safekeeping_kind="direct",
                safekeeping_id=BROKER,
                investor_class=1,
            ),
            name=f"見本 {each}",
            registered_address=f"東京都架空区 {each}",
            effective=at.date(),
        )
        for each in names
    ]
    verdicts = [
        Verdict(
            investor_id=each,
            checked_at=at,
            expires_at=datetime(2040, 1, 1, tzinfo=UTC),
            investor_class=1,
            aml_class="clear",
            evidence_ref=f"KYC-{each}",
        )
        for each in names
    ]
    register_investors(office, new, verdicts, by="registration-1")
    with office.house.database.begin() as connection:
        Parties(connection).handle(place.product, BROKER, at=at, by="registrar-1")
    open_accounts(office, place.product, accounts, by="registration-1")
    verify(office, place.product, list(accounts.values()), key="customers")
    return names


def _hold(place: Place, names: Sequence[InvestorId], units: int) -> None:
    office, product = place.office, place.product
    act = Act(ref=Reference("ISSUE-1"), evidence=Digest("0x" + 64 * "e"))
    call = office.token(product).issue([place.beneficiary], [units * len(names)], act)
    office.act(call, Duty.ISSUER, product=product, ref=act.ref)
    chain_id = office.house.node.chain_id
    allotted = [
        (account_of(each, product, chain_id=chain_id).address, Units(units)) for each in names
    ]
    for _ in office.distribute(product, allotted, ref=Reference("ALLOT-1")):
        pass
    office.read()


def wait_until(done: Any, seconds: float) -> float:
    """Seconds until `done()`; stops after `seconds`."""
    began = time.perf_counter()
    while not done():
        if time.perf_counter() - began > seconds:
            raise SystemExit(f"not done after {seconds:.0f} seconds")
        time.sleep(0.02)
    return time.perf_counter() - began
