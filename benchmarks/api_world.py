"""A served office for load: a local node, a durable database, the processes of a running system, and its tokens.

The interface and the rest of the service are processes of `genbo up`, each with its roles, as an operator starts them;
node, database and client are processes of their own. All of it is on loopback and ends with the block.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.local import Place, local_office, verify
from benchmarks.processes import processor_seconds_of
from genbo.bootstrap.door import keep_door
from genbo.bootstrap.market import override_day, set_hours
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.sandbox_credentials import issue_credentials
from genbo.chain.accounts import account_of
from genbo.governance import Duty
from genbo.governance.institutions import InstitutionId
from genbo.governance.market import MarketHours, Override, Session
from genbo.governance.users import Scope
from genbo.kernel import Digest, InvestorId, Reference, Units, business_date
from genbo.storage.investors import Investor, NewInvestor
from genbo.storage.parties import Parties
from genbo.storage.verdicts import Verdict
from genbo.token import Act

DIRECT, DELEGATING = InstitutionId("B1"), InstitutionId("B2")
"""The broker whose customers sign themselves, and the one whose keys the custodian keeps."""
GIVER = InvestorId("IV-GIVER")
"""The delegating broker's customer who gives to many."""
LONG = {"redemption_date": "2040-08-01"}
"""The product of the example is redeemed by now."""
SECONDS_TO_BEGIN = 60.0


@dataclass(frozen=True)
class ServedOffice:
    """What the load program needs."""

    place: Place
    urls: Sequence[str]
    """One for each process of the interface."""
    tokens: dict[tuple[InstitutionId, Scope], str]
    investors: Sequence[InvestorId]
    """Customers of the direct broker."""
    processes: dict[str, int]
    """Name to id."""

    def load(
        self,
        requests: Sequence[dict[str, Any]],
        scope: Scope,
        *,
        connections: int,
        by: InstitutionId = DIRECT,
        **more: Any,
    ) -> dict[str, Any]:
        """What the client found (`benchmarks.api_client`), and the processor time of each process meanwhile."""
        order = {
            "bases": list(self.urls),
            "headers": {"Authorization": f"Bearer {self.tokens[by, scope]}"},
            "connections": connections,
            "requests": list(requests),
            **more,
        }
        before = {name: processor_seconds_of(each) for name, each in self.processes.items()}
        ran = subprocess.run(
            [sys.executable, "-m", "benchmarks.api_client"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(ran.stdout)
        found["processor_milliseconds_each"] = {
            name: round(
                1000 * (processor_seconds_of(each) - before[name]) / max(found["requests"], 1), 2
            )
            for name, each in self.processes.items()
        }
        return found


@contextmanager
def served_office(
    folder: Path, *, investors: int, units: int, interfaces: int
) -> Iterator[ServedOffice]:
    """An office whose direct broker has so many customers with so many units each, served until the block ends.

    Args:
        interfaces: how many processes serve the interface.
    """
    cap = 10 * investors * units
    with ExitStack() as stack:
        place = stack.enter_context(local_office(folder, cap=cap, terms_apart=LONG))
        names = _customers(place, investors)
        _hold(place, names, units)
        _open_all_day(place)
        secrets = _credentials(place)
        place.office.close()  # its signers are for the processes that are started now
        node = str(place.office.house.node._web3.provider.endpoint_uri)  # type: ignore[attr-defined]
        stack.enter_context(keep_door(folder, node))
        work = ("--role", "indexer", "--role", "sender", "--role", "jobs")
        processes = {"service": stack.enter_context(_genbo_up(folder, *work))[0]}
        urls = []
        for number in range(interfaces):
            port = _free_port()
            process, _ = stack.enter_context(
                _genbo_up(folder, "--role", "api", "--api-port", str(port))
            )
            processes[f"interface {number + 1}"] = process
            urls.append(f"http://127.0.0.1:{port}")
        tokens = {each: _token(urls[0], *secret) for each, secret in secrets.items()}
        yield ServedOffice(place, urls, tokens, names, processes)


@contextmanager
def _genbo_up(folder: Path, *arguments: str) -> Iterator[tuple[int, Path]]:
    """A process of a running system, once it is up."""
    said = folder / f"said-{time.monotonic_ns()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GENBO_")}
    kept |= {
        "GENBO_DATA": str(folder),
        "GENBO_TOKEN_SECONDS": "3600",
        "GENBO_API_RATE": "1000000",
        "GENBO_API_BURST": "1000000",
    }
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "genbo", "up", *arguments],
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=kept,
        )
    try:
        deadline = time.monotonic() + SECONDS_TO_BEGIN
        while b"Ctrl-C" not in said.read_bytes():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(said.read_text("utf-8", "replace"))
            time.sleep(0.05)
        yield process.pid, said
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _token(url: str, credential: str, secret: str) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": credential,
        "client_secret": secret,
    }
    with urllib.request.urlopen(
        f"{url}/v1/oauth/token", urllib.parse.urlencode(form).encode()
    ) as answer:
        return str(json.load(answer)["access_token"])


def _credentials(place: Place) -> dict[tuple[InstitutionId, Scope], tuple[str, str]]:
    issued = issue_credentials(
        place.office,
        [DIRECT, DELEGATING],
        founders=InstitutionId("PF"),
        at=datetime.now(UTC),
    )
    return {(each.institution, each.scope): (each.id, each.secret) for each in issued}


def _customers(place: Place, count: int) -> list[InvestorId]:
    """Registers the customers, verified, each with an address."""
    office = place.office
    at = datetime.now(UTC)
    names = [InvestorId(f"IV-{number:06}") for number in range(count)]
    accounts = {
        each: account_of(each, place.product, chain_id=office.house.node.chain_id).address
        for each in (*names, GIVER)
    }
    new = [
        NewInvestor(
            investor=Investor(
                investor_id=each,
                kind="individual",
                safekeeping_kind="delegated" if each == GIVER else "direct",
                safekeeping_id=DELEGATING if each == GIVER else DIRECT,
                custodian_id="C1" if each == GIVER else None,
                investor_class=1,
            ),
            name=f"見本 {each}",
            registered_address=f"東京都架空区 {each}",
            effective=date(2021, 1, 1),
        )
        for each in accounts
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
        for each in accounts
    ]
    register_investors(office, new, verdicts, by="registration-1")
    with office.house.database.begin() as connection:
        for broker in (DIRECT, DELEGATING, InstitutionId("C1")):
            Parties(connection).handle(place.product, broker, at=at, by="registrar-1")
    open_accounts(office, place.product, accounts, by="registration-1")
    verify(office, place.product, list(accounts.values()), key="customers")
    return names


def _hold(place: Place, names: Sequence[InvestorId], units: int) -> None:
    """The customers hold so many units each, the giver as many as all of them."""
    office, product = place.office, place.product
    act = Act(ref=Reference("ISSUE-1"), evidence=Digest("0x" + 64 * "e"))
    call = office.token(product).issue([place.beneficiary], [2 * units * len(names)], act)
    office.act(call, Duty.ISSUER, product=product, ref=act.ref)
    chain_id = office.house.node.chain_id
    allotted = [
        (account_of(each, product, chain_id=chain_id).address, Units(units)) for each in names
    ]
    giver = account_of(GIVER, product, chain_id=chain_id).address
    allotted.append((giver, Units(units * len(names))))
    for _ in office.distribute(product, allotted, ref=Reference("ALLOT-1")):
        pass
    office.read()


def _open_all_day(place: Place) -> None:
    """Today is a day of business, and the market is open all day: a figure is wanted on any day."""
    office = place.office
    now, today = office.house.now(), business_date(office.house.now())
    why = "a figure is wanted on any day"
    override_day(
        office, Override(day=today, is_business_day=True, by="operator-1", at=now, why=why)
    )
    all_day = Session(datetime.min.time(), datetime.max.time().replace(microsecond=0))
    set_hours(
        office,
        MarketHours(effective=today, sessions=(all_day,), by="operator-1", at=now, why=why),
    )
    office.read()


def wait_until(done: Callable[[], bool], seconds: float) -> float:
    """Seconds until `done()`; stops after `seconds`."""
    began = time.perf_counter()
    while not done():
        if time.perf_counter() - began > seconds:
            raise SystemExit(f"not done after {seconds:.0f} seconds")
        time.sleep(0.02)
    return time.perf_counter() - began
