"""Single transfers by the interface, each signed by its holder, from the request to final on a local node.

    python -m benchmarks.transfers_by_api [--transfers 1500] [--clients 32] [--holders 40]

The interface is served over HTTP on loopback beside the sender, the indexer and the jobs, as `genbo up` runs them; its
clients are another process. The signatures are made before the clock starts, because holders make them elsewhere.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from benchmarks.local import Place, local_office, verify
from genbo.api.caller import Caller
from genbo.api.rate import RateLimit
from genbo.api.server import serve_api
from genbo.api.v1 import make_v1
from genbo.bootstrap.market import override_day, set_hours
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.role import Role
from genbo.bootstrap.service import Service
from genbo.chain.accounts import account_of
from genbo.chain.hexes import hex_of
from genbo.chain.signing import Domain, TransferAuthorisation, sign
from genbo.governance import Duty
from genbo.governance.institutions import Institution
from genbo.governance.market import MarketHours, Override, Session
from genbo.governance.users import CredentialId, Scope
from genbo.kernel import Digest, InvestorId, Reference, Refusal, Units, business_date
from genbo.storage.investor_record import Investor, NewInvestor
from genbo.storage.parties import Parties
from genbo.storage.tables import transfer_order
from genbo.storage.verdicts import Verdict
from genbo.token import Act

LONG = {"redemption_date": "2040-08-01"}
"""The product of the example is redeemed by now."""


class _Anyone:
    """Knows one institution: what a credential costs is measured elsewhere."""

    def __init__(self, institution: Institution) -> None:
        self._institution = institution

    def caller(self, token: str, *, at: datetime, certificate: str | None = None) -> Caller:
        return Caller(CredentialId("K-1"), self._institution, Scope.UPDATE)

    def remembered(
        self, token: str, *, at: datetime, certificate: str | None = None
    ) -> Caller | None:
        return self.caller(token, at=at)

    def refused(self, caller: Caller, refusal: Refusal, route: str, *, at: datetime) -> None:
        """Nobody is refused here."""


def prepare(place: Place, holders: int) -> Institution:
    """Holders of one broker, each with units to give."""
    office, product = place.office, place.product
    now = office.house.now()
    with office.house.database.begin() as connection:
        parties = Parties(connection)
        broker = next(each for each in parties.institutions() if "broker" in each.role.value)
        parties.handle(product, broker.id, at=now, by="registrar-1")
    names = [InvestorId(f"IV-{n}") for n in range(holders)]
    delegated = broker.custodian is not None
    new = [
        NewInvestor(
            investor=Investor(
                investor_id=name,
                kind="individual",
                safekeeping_kind="delegated" if delegated else "direct",
                safekeeping_id=broker.id,
                custodian_id=broker.custodian if delegated else None,
                investor_class=1,
            ),
            name=f"見本 {name}",
            registered_address="東京都千代田区見本1-1",
            effective=date(2021, 1, 1),
        )
        for name in names
    ]
    verdicts = [
        Verdict(
            investor_id=name,
            checked_at=now,
            expires_at=datetime(2040, 1, 1, tzinfo=UTC),
            investor_class=1,
            aml_class="clear",
            evidence_ref="KYC-1",
        )
        for name in names
    ]
    register_investors(office, new, verdicts, by="registration-1")
    chain_id = office.deployment.chain_id
    accounts = {name: account_of(name, product, chain_id=chain_id).address for name in names}
    open_accounts(office, product, accounts, by="registration-1")
    verify(office, product, list(accounts.values()), key="holders")
    act = Act(ref=Reference("ISSUE-1"), evidence=Digest("0x" + 64 * "e"))
    token = office.token(product)
    office.act(
        token.issue([place.beneficiary], [10**6 * holders], act),
        Duty.ISSUER,
        product=product,
        ref=act.ref,
    )
    rows = [(address, Units(10**6)) for address in accounts.values()]
    for _ in office.distribute(product, rows, ref=Reference("D-1")):
        pass
    today = business_date(office.house.now())
    override_day(
        office,
        Override(
            day=today,
            is_business_day=True,
            by="operator-1",
            at=office.house.now(),
            why="the figure is wanted on any day",
        ),
    )
    set_hours(
        office,
        MarketHours(
            effective=today,
            sessions=(Session(datetime.min.time(), datetime.max.time().replace(microsecond=0)),),
            by="operator-1",
            at=office.house.now(),
            why="open all day",
        ),
    )
    office.read()
    return broker


def bodies(place: Place, transfers: int, holders: int) -> list[dict[str, Any]]:
    """The requests, signed."""
    office, product = place.office, place.product
    chain_id = office.deployment.chain_id
    token = office.token(product)
    domain = Domain.of_token(token.name().value, token.address, chain_id=chain_id)
    keys = [account_of(InvestorId(f"IV-{n}"), product, chain_id=chain_id) for n in range(holders)]
    now = int(time.time())
    made = []
    for n in range(transfers):
        giver, taker = n % holders, (n * 7 + 1) % holders
        if giver == taker:
            taker = (taker + 1) % holders
        ref = Reference(f"T-{n}")
        message = TransferAuthorisation(
            source=keys[giver].address,
            target=keys[taker].address,
            units=1,
            after=now - 60,
            before=now + 86_400 * 2,
            ref=ref,
        )
        made.append(
            {
                "product": product,
                "trade": ref,
                "from": f"IV-{giver}",
                "to": f"IV-{taker}",
                "units": 1,
                "authorisation": {
                    "valid_after": message.after,
                    "valid_before": message.before,
                    "signature": hex_of(sign(message, domain, keys[giver])),
                },
            }
        )
    return made


def measure(transfers: int, clients: int, holders: int, folder: Path) -> dict[str, Any]:
    """Transfers a second to final."""
    with local_office(folder, cap=10**9, terms_apart=LONG) as place:
        broker = prepare(place, holders)
        asked = bodies(place, transfers, holders)
        office = place.office
        app = make_v1(
            office,
            _Anyone(broker),
            now=office.house.now,
            limit=RateLimit(burst=10**6, per_second=10**6),
        )
        service = Service(office, [Role.SENDER, Role.JOBS], tell=lambda *_: None)
        stop = threading.Event()

        def index() -> None:
            while not stop.is_set():
                office.read()
                stop.wait(0.2)

        indexer = threading.Thread(target=index)
        with (
            ProcessPoolExecutor(1, mp_context=get_context("spawn")) as others,
            serve_api(app, 0) as url,
            service.running(),
        ):
            others.submit(int).result()  # its interpreter has started before the clock does
            indexer.start()
            try:
                began, used = time.perf_counter(), time.process_time()
                latencies = others.submit(_send, url, asked, clients).result()
                accepted = time.perf_counter() - began
                while _open(place) > 0:
                    time.sleep(0.05)
                final = time.perf_counter() - began
                used = time.process_time() - used
            finally:
                stop.set()
                indexer.join()
        latencies.sort()
        return {
            "transfers": transfers,
            "clients": clients,
            "accepted_per_second": round(transfers / accepted),
            "final_per_second": round(transfers / final),
            "service_processor_ms_each": round(1000 * used / transfers, 1),
            "p50_ms": round(1000 * latencies[len(latencies) // 2]),
            "p99_ms": round(1000 * latencies[int(len(latencies) * 0.99)]),
            "target_per_second": 150,
        }


def _send(url: str, asked: list[dict[str, Any]], clients: int) -> list[float]:
    def some(part: list[dict[str, Any]]) -> list[float]:
        taken = []
        with httpx.Client(base_url=url, headers={"Authorization": "Bearer x"}) as client:
            for body in part:
                began = time.perf_counter()
                answer = client.post(
                    "/v1/transfers", json=body, headers={"Idempotency-Key": str(body["trade"])}
                )
                if answer.status_code != 201:
                    raise SystemExit(answer.text)
                taken.append(time.perf_counter() - began)
        return taken

    parts = [asked[n::clients] for n in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        return [each for taken in pool.map(some, parts) for each in taken]


def _open(place: Place) -> int:
    with place.office.house.database.read() as connection:
        table = transfer_order
        refused = connection.scalar(sa.select(sa.func.count()).where(table.c.state == "refused"))
        if refused:
            raise SystemExit(f"{refused} were refused")
        open_ones = table.c.state.in_(["waiting", "ordered"])
        return int(connection.scalar(sa.select(sa.func.count()).where(open_ones)) or 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transfers", type=int, default=1_500)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--holders", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="genbo-") as folder:
        print(
            json.dumps(
                measure(arguments.transfers, arguments.clients, arguments.holders, Path(folder)),
                indent=2,
            )
        )


if __name__ == "__main__":
    main()
