"""A whole office behind the interface: the product P1 of the registrar R1, on a chain in this process, with customers
of B1 (own keys) and of B2 (keys at the custodian C1) who hold units.

    investor   broker   units        investor   broker   units
    IV-1       B1       10           IV-3       B2       400
    IV-2       B1       51           IV-4       B2       0
    IV-0       the initial beneficiary
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from tests.api.rehearsed import Rehearsals
from tests.storage.builders import new_investor
from tests.storage.conftest import database, server, vault
from tests.support.office import PRODUCT, Firm, found_firm
from tests.support.people import B1, B2, C1, INSTITUTIONS

from genbo.api.caller import Caller
from genbo.api.rate import RateLimit
from genbo.api.v1 import make_v1
from genbo.bootstrap.market import set_hours
from genbo.bootstrap.office import Office
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.sign_in import SignIn
from genbo.bootstrap.tokens import tokens_of
from genbo.chain.embedded import EmbeddedNode
from genbo.governance.market import MarketHours, Session
from genbo.governance.users import CredentialId, Scope
from genbo.kernel import InvestorId, Reason, Reference, Refusal
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.verdicts import Verdict

__all__ = ["database", "server", "vault"]

GENESIS = datetime(2026, 4, 1, tzinfo=UTC)
IN_ITS_LIFE = datetime(2022, 4, 4, 1, 0, tzinfo=UTC)
"""A Monday at ten in Japan, long before the redemption of P1."""
CUSTOMERS = {"IV-1": "B1", "IV-2": "B1", "IV-3": "B2", "IV-4": "B2"}
HELD = {1: 10, 2: 51, 3: 400}
OPEN = RateLimit(burst=10**6, per_second=10**6)


class Tokens(SignIn):
    """Tokens that are their own description: `B1:update`. What was recorded as refused stands in `recorded`. Sign-in
    itself is real (`test_token.py`)."""

    def __init__(self, office: Office) -> None:
        super().__init__(tokens_of(office))
        self.recorded: list[str] = []
        self.known = {
            f"{each.id}:{scope}": Caller(CredentialId(f"K-{each.id}-{scope}"), each, scope)
            for each in INSTITUTIONS
            for scope in Scope
        }

    def caller(self, token: str, *, at: datetime, certificate: str | None = None) -> Caller:
        if token not in self.known:
            raise Refusal(Reason.CREDENTIAL_REFUSED)
        return self.known[token]

    def remembered(
        self, token: str, *, at: datetime, certificate: str | None = None
    ) -> Caller | None:
        return self.known.get(token)

    def refused(self, caller: Caller, refusal: Refusal, route: str, *, at: datetime) -> None:
        self.recorded.append(f"{caller.credential} {route}")


@dataclass
class World:
    """The office and its interface."""

    firm: Firm
    client: TestClient
    tokens: Tokens
    _keys: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.rehearsals = Rehearsals(self.client, self.firm.office.house.database)

    def ask(self, who: str, path: str, **arguments: Any) -> Response:
        """GET as the institution `who` with its reference credential."""
        return self.client.get(
            f"/v1{path}", headers={"Authorization": f"Bearer {who}:reference"}, **arguments
        )

    def order(
        self,
        who: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        method: str = "POST",
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Response:
        """A mutation as the institution `who` with its update credential; a fresh key unless one is given. What has
        no mode of its own is asked about first, a few times for each route: the question and the act agree."""
        return self.submitted(
            method,
            path,
            json=body,
            params=query,
            headers={
                "Authorization": f"Bearer {who}:update",
                "Idempotency-Key": key or f"key-{next(self._keys)}",
                **(headers or {}),
            },
        )

    def submitted(self, method: str, path: str, **request: Any) -> Response:
        """As `order`, of a request as it is sent."""
        return self.rehearsals.around(method, f"/v1{path}", **request)


def refused(response: Response) -> str:
    """The reason of an answer that says no."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    return str(response.json()["reason"])


def admit(firm: Firm, customers: Mapping[str, str]) -> None:
    """Registers the investors with their brokers, verified until 2030, and the addresses that speak for them."""
    registered = []
    for name, broker in customers.items():
        new = new_investor(name)
        one = replace(new.investor, safekeeping_id=broker)
        if broker == "B2":
            one = replace(one, safekeeping_kind="delegated", custodian_id="C1")
        registered.append(replace(new, investor=one))
    verdicts = [
        Verdict(
            investor_id=InvestorId(name),
            checked_at=GENESIS,
            expires_at=datetime(2030, 1, 1, tzinfo=UTC),
            investor_class=1,
            aml_class="clear",
            evidence_ref=f"KYC-{name}",
        )
        for name in customers
    ]
    register_investors(firm.office, registered, verdicts, by="registration-1")
    with firm.office.house.database.begin() as connection:
        for handling in (B1, B2, C1):
            Parties(connection).handle(PRODUCT, handling.id, at=GENESIS, by="registrar-1")
    open_accounts(
        firm.office,
        PRODUCT,
        {InvestorId(name): firm.address(int(name.removeprefix("IV-"))) for name in customers},
        by="registration-1",
    )


def _clock(begin: datetime) -> Callable[[], datetime]:
    """The time of the world: it begins at `begin` and passes as time does, in whole seconds."""
    began = monotonic()
    return lambda: begin + timedelta(seconds=int(monotonic() - began))


def pytest_addoption(parser: pytest.Parser) -> None:
    """For the long search of `test_described.py`."""
    group = parser.getgroup("api", "the interface asked at random")
    group.addoption("--api-examples", type=int, default=1, help="cases of each operation and kind")


@pytest.fixture(scope="module")
def world(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for the tests of a module: they leave each other's investors and trades alone."""
    with a_world(server, tmp_path_factory.mktemp("api"), GENESIS) as made:
        yield made


@pytest.fixture(scope="module")
def trading(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """As `world`, in the life of its product and with a market that is open all day."""
    with a_world(server, tmp_path_factory.mktemp("trading"), IN_ITS_LIFE) as made:
        hours = MarketHours(
            effective=date(2022, 4, 4),
            sessions=(Session(time(0), time(23, 59)),),
            by="operator-1",
            at=made.firm.office.house.now(),
            why="the hours agreed on",
        )
        set_hours(made.firm.office, hours)
        yield made


@contextmanager
def a_world(server: Any, folder: Path, genesis: datetime) -> Iterator[World]:
    """A world that begins at `genesis`, and ends with the block."""
    name = f"api_{abs(hash(folder)) % 10**9}"
    server.create_database(name, template="genbo_template")
    base = Database(server.url(name))
    node = EmbeddedNode(genesis_at=genesis, clock=_clock(genesis))
    try:
        firm = found_firm(node, base, folder)
        admit(firm, CUSTOMERS)
        firm.verify([0, 1, 2, 3, 4])
        firm.issue(1_000)
        for number, units in HELD.items():
            for _ in firm.office.distribute(
                PRODUCT, firm.allotment([number], units), ref=Reference(f"A-{number}")
            ):
                pass
        firm.office.read()
        tokens = Tokens(firm.office)
        app = make_v1(firm.office, tokens, now=firm.office.house.now, limit=OPEN)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield World(firm, client, tokens)
    finally:
        node.close()
        base.close()
        server.drop_database(name)
