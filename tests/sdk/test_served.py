"""The library against a served instance: real sign-in, a real ledger, the sender and the routines at work.

given a broker that keeps its customers' keys itself
├── it should read what is its own, as of any instant, and be told that others' is not there, in its language
├── it should hear why a transfer would be refused, every reason, and what to do, and never by an error
├── when its customer signs what it wants: delivered once, waited for, and told by the stream
└── when what was prepared is changed on its way: nothing is signed
given a broker whose customers' keys a custodian keeps (D.5)
├── when it registers a customer with a wrong check digit: refused, the place named and the number not repeated
└── when it orders: delivered, without a signature of its own
given a credential for the other scope: refused, whichever way it is shown
given an act that two persons sign: ordered by one, who signs what the registry prepared
given a webhook's message as the registry signs it: verified
given a file
├── when it is broken off: only what is missing is sent, whoever sends it
└── when another credential approves it: applied
given a client that does not wait: the same, awaited
given the conformance kit: every step passes that this world lets it try
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import OPEN, World, server, trading
from tests.support.master_files import as_csv, people

from genbo.api.server import serve_api
from genbo.api.v1 import make_v1
from genbo.bootstrap.role import Role
from genbo.bootstrap.sandbox_credentials import issue_credentials
from genbo.bootstrap.service import Service
from genbo.bootstrap.sign_in import SignIn
from genbo.bootstrap.tokens import tokens_of
from genbo.chain.development import person
from genbo.governance.notices.signature import signed_headers
from genbo.kernel import Reason, Refusal
from genbo_sdk import (
    EMPTY,
    AsyncClient,
    Client,
    ClientSecret,
    Conflict,
    CredentialMissing,
    Invalid,
    LocalSigner,
    NotAllowed,
    NotFound,
    Refused,
    SigningRefused,
    TimedOut,
    TransferIntent,
    VersionDiffers,
    WebhookVerifier,
    models,
    sign_authorisation,
    sign_command,
    sign_transfer,
)
from genbo_sdk._conversation import Conversation, Parties
from genbo_sdk._json import plain

__all__ = ["server", "trading"]

MADE = datetime(2022, 3, 1, tzinfo=UTC)
"""When a file was made: the world is in April 2022."""


def rows_of(count: int, prefix: str, broker: str = "B1") -> list[dict[str, str]]:
    """Customers of a broker, without what is not a broker's to say."""
    delegated = broker == "B2"
    judged = ("investor_status", "aml_class", "verified_at", "verified_until", "kyc_evidence")
    own = {
        "safekeeping_kind": "delegated" if delegated else "direct",
        "safekeeping_id": broker,
        "custodian_id": "C1" if delegated else "",
        **dict.fromkeys(judged, ""),
    }
    return [
        row
        | own
        | {"investor_id": f"{prefix}-{number}", "broker_customer_id": f"{prefix}-{number}"}
        for number, row in enumerate(people(count), start=1)
    ]


@dataclass
class Served:
    """Where it is served, and everybody's credentials."""

    world: World
    base_url: str
    secrets: dict[tuple[str, str], ClientSecret]

    def client(self, who: str, **options: Any) -> Client:
        options = {scope: self.secrets[who, scope] for scope in ("reference", "update")} | options
        return Client(self.base_url, **options)

    def signer(self, number: int) -> LocalSigner:
        return LocalSigner.from_key(bytes(self.world.firm.key(number)._account.key))

    def person(self, name: str) -> LocalSigner:
        return LocalSigner.from_key(bytes(person(name)._account.key))

    @property
    def chain_id(self) -> int:
        return self.world.firm.office.deployment.chain_id


@pytest.fixture(scope="module")
def served(trading: World) -> Iterator[Served]:
    office = trading.firm.office
    now = office.house.now
    named = ["PF", "R1", "B1", "B2", "C1"]
    secrets = {
        (each.institution, each.scope.value): ClientSecret(each.id, each.secret)
        for each in issue_credentials(office, named, founders="PF", at=now())  # type: ignore[arg-type, list-item]
    }
    app = make_v1(office, SignIn(tokens_of(office)), now=now, limit=OPEN)
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.05):
            office.read()

    reader = threading.Thread(target=read)
    service = Service(office, (Role.SENDER, Role.JOBS), tell=lambda *_: None)
    with serve_api(app, 0) as url, service.running():
        reader.start()
        try:
            yield Served(trading, url, secrets)
        finally:
            stop.set()
            reader.join()


@pytest.fixture
def b1(served: Served) -> Iterator[Client]:
    with served.client("B1", language="ja") as client:
        yield client


# Reading ------------------------------------------------------------------------------------------


def test_broker__reads__sees_its_own_as_of_any_instant(b1: Client, served: Served) -> None:
    me = b1.institutions.me()
    assert (me.institution, me.role) == ("B1", models.InstitutionRole.DIRECT_BROKER)
    assert [each.product for each in b1.products.list()] == ["P1"]
    held = {each.investor: each.units for each in b1.positions.list("P1", holding=True, limit=1)}
    assert held.keys() == {"IV-1", "IV-2"}
    page = next(b1.positions.list("P1", limit=1).pages())
    assert page.block.chain_id == served.chain_id
    before = served.world.firm.office.deployment.first_block
    assert b1.positions.list("P1", as_of=before, holding=True).all() == []
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for as_of in (date(2020, 1, 1), "2020-01-01", datetime(2020, 1, 1, tzinfo=UTC)):
        assert b1.positions.totals("P1", as_of=as_of).total_issued == 0
    assert b1.positions.totals("P1", as_of=tomorrow).total_issued == 1_000
    assert b1.investors.get("IV-1").etag


def test_broker__asks_for_what_is_anothers__is_told_it_is_not_there(b1: Client) -> None:
    with pytest.raises(NotFound) as told:
        b1.investors.get("IV-3")
    assert told.value.reason == Reason.NOT_FOUND
    assert told.value.sentence.endswith("。")
    english = told.value.words_in("en")
    assert english is not None
    assert "IV-3" in english.sentence


def test_both_clients__asked_at_once__answer_alike(served: Served, b1: Client) -> None:
    async def read() -> tuple[Any, ...]:
        secret = served.secrets["B1", "reference"]
        async with AsyncClient(served.base_url, reference=secret) as client:
            rows = [each async for each in client.investors.list(limit=1)]
            several = await asyncio.gather(*(client.products.get("P1") for _ in range(20)))
            return rows, several

    rows, several = asyncio.run(read())
    assert rows == b1.investors.list().all()
    assert set(several) == {b1.products.get("P1")}


def test_credential__for_the_other_scope__is_refused(served: Served) -> None:
    reads = served.secrets["B1", "reference"]
    with Client(served.base_url, reference=reads) as client:
        assert client.institutions.me().scope == "reference"
        with pytest.raises(CredentialMissing):
            client.transfers.withdraw("P1", "T-x")
    with Client(served.base_url, update=reads) as client, pytest.raises(NotAllowed) as told:
        client.transfers.withdraw("P1", "T-x")
    assert told.value.reason == Reason.SCOPE_MISSING
    with Client(served.base_url, update=served.secrets["B1", "update"]) as client:
        assert client.institutions.me().scope == "update"


# Transfers ----------------------------------------------------------------------------------------


def test_explain__a_transfer__tells_every_reason_and_what_to_do(b1: Client, served: Served) -> None:
    good = b1.explain_transfer(product="P1", from_="IV-1", to="IV-2", units=1)
    assert (good.allowed, good.accepted, good.needs_signature, good.reasons) == (
        True,
        True,
        True,
        (),
    )
    assert str(good) == "この移転を妨げるものはありません。"
    asked_about = b1.explain_transfer(
        product="P1", from_="IV-1", to="IV-2", units=1, trade="T-SDK-0"
    )
    assert asked_about == good
    with pytest.raises(NotFound):
        b1.transfers.get("P1", "T-SDK-0")  # nothing was ordered
    bad = b1.explain_transfer(
        product="P1", from_="IV-1", to="IV-1", units=10_000, delivery_date=date(2026, 1, 1)
    )
    reasons = {each.reason for each in bad.reasons}
    assert reasons >= {Reason.SAME_ADDRESS, Reason.INSUFFICIENT_BALANCE}
    assert not bad.allowed
    assert all(each.sentence.endswith("。") and each.remedy.endswith("。") for each in bad.reasons)
    for nobody in ({"to": "IV-77"}, {"from_": "IV-3"}, {"product": "P-77"}, {"to": "見"}):
        asked: dict[str, Any] = {
            "product": "P1",
            "from_": "IV-1",
            "to": "IV-2",
            "units": 1,
            **nobody,
        }
        told = b1.explain_transfer(**asked)
        assert not told.allowed
        assert told.reasons
    with served.client("B1", update=ClientSecret("x", "y")) as stranger:  # noqa: SIM117  one may raise
        with pytest.raises(NotAllowed):
            stranger.explain_transfer(product="P1", from_="IV-1", to="IV-2", units=1)


def test_transfer__signed_by_its_holder__is_delivered_once_and_told(
    b1: Client, served: Served
) -> None:
    signer, trade = served.signer(1), "T-SDK-1"
    asked: dict[str, Any] = {
        "product": "P1",
        "trade": trade,
        "from_": "IV-1",
        "to": "IV-2",
        "units": 3,
    }
    before = {each.investor: each.units for each in b1.positions.list("P1")}
    last = [each.id for each in b1.events.list()][-1:] or ["B1:0"]

    prepared = b1.transfers.order_prepare(**asked)
    assert prepared.needs_signature
    product = b1.products.get("P1")
    assert product.token is not None
    intent = TransferIntent(
        chain_id=served.chain_id,
        token=product.token,
        sender=signer.address,
        recipient=served.signer(2).address,
        units=3,
        ref=trade,
    )
    signed = sign_authorisation(
        signer,
        intent,
        token_name=product.name,
        valid_after=prepared.typed_data["message"]["validAfter"],
        valid_before=prepared.typed_data["message"]["validBefore"],
        prepared=prepared.typed_data,
    )
    order = b1.transfers.order(**asked, authorisation=signed.given(), idempotency_key="K-1")
    again = b1.transfers.order(**asked, authorisation=signed.given(), idempotency_key="K-1")
    assert order == again
    delivered = b1.wait_final(order, timeout=30)
    assert (delivered.state, delivered.units, delivered.from_) == ("delivered", 3, "IV-1")
    assert delivered.tx is not None
    assert b1.wait_final(delivered, timeout=0) == delivered
    b1.wait_read("P1", delivered.block)
    b1.wait_read("P1", None)
    with pytest.raises(TimedOut) as told:
        b1.wait_read("P1", 10**9, timeout=0)
    assert told.value.last.number >= (delivered.block or 0)

    after = {each.investor: each.units for each in b1.positions.list("P1")}
    assert (before["IV-1"] - after["IV-1"], after["IV-2"] - before["IV-2"]) == (3, 3)
    (moved,) = b1.trades.list("P1", ref=trade)
    assert (moved.units, moved.kind) == (3, "transfer")
    for event in b1.events.stream(after=last[0]):
        if event.type == "order.delivered":
            break
    assert event.product == "P1"

    other = TransferIntent(
        **{**{name: getattr(intent, name) for name in intent.__slots__}, "units": 30}
    )
    with pytest.raises(SigningRefused, match=r"message\.value"):
        sign_authorisation(
            signer,
            other,
            token_name=product.name,
            valid_after=prepared.typed_data["message"]["validAfter"],
            valid_before=prepared.typed_data["message"]["validBefore"],
            prepared=prepared.typed_data,
        )


def test_transfer__as_a_whole_transaction__is_signed_as_prepared(
    b1: Client, served: Served
) -> None:
    signer, trade = served.signer(2), "T-SDK-2"
    asked: dict[str, Any] = {
        "product": "P1",
        "trade": trade,
        "from_": "IV-2",
        "to": "IV-1",
        "units": 1,
    }
    prepared = b1.transfers.order_prepare(**asked)
    intent = TransferIntent(
        chain_id=served.chain_id,
        token=b1.products.get("P1").token or "",
        sender=signer.address,
        recipient=served.signer(1).address,
        units=1,
        ref=trade,
    )
    raw = sign_transfer(prepared.transaction, signer, intent, highest_fee=10**16)
    assert raw.startswith("0x")
    (fee,) = {"gasPrice", "maxFeePerGas"} & prepared.transaction.keys()
    with pytest.raises(SigningRefused, match="cost"):
        sign_transfer({**prepared.transaction, fee: 10**18}, signer, intent, highest_fee=10**16)


def test_transfer__that_cannot_be__is_refused_by_its_kind(b1: Client) -> None:
    asked: dict[str, Any] = {"product": "P1", "from_": "IV-1", "to": "IV-2", "units": 1}
    with pytest.raises(Invalid) as told:
        b1.transfers.order(**asked, trade="T-SDK-3", idempotency_key="K-3")
    assert told.value.reason == Reason.AUTHORISATION_MISSING
    assert told.value.idempotency_key == "K-3"
    with pytest.raises(Invalid) as told:
        b1.transfers.order(**{**asked, "units": 0}, trade="T-SDK-4")
    assert told.value.facts["field"] == "body.units"


def test_transfer__of_keys_that_a_custodian_keeps__is_delivered(served: Served) -> None:
    with served.client("B2") as b2:
        order = b2.transfers.order(product="P1", trade="T-SDK-5", from_="IV-3", to="IV-4", units=50)
        with pytest.raises(TimedOut) as told:
            b2.wait_final(order, timeout=0)
        assert told.value.last == b2.transfers.get("P1", "T-SDK-5") or told.value.last.state
        delivered = b2.wait_final(order, timeout=30)
        assert delivered.state == "delivered"
        b2.wait_read("P1", delivered.block)
        (position,) = b2.positions.of_investor("IV-4").items
        assert position.units == 50
        later = b2.transfers.order(
            product="P1", trade="T-SDK-6", from_="IV-3", to="IV-4", units=1, lag=5
        )
        assert later.state == "waiting"
        assert b2.transfers.withdraw("P1", "T-SDK-6").state == "withdrawn"
        assert b2.wait_final(later, timeout=1).state == "withdrawn"


def test_investor__with_a_wrong_check_digit__is_refused_without_its_number(served: Served) -> None:
    known: dict[str, Any] = {
        "kind": "corporation", "name": "見本商事株式会社", "registered_address": "東京都架空区一丁目1番1号",
    }  # fmt: skip
    with served.client("B2") as b2:
        made = b2.investors.register(**known, corporate_number="7000012050002")
        assert b2.investors.get(made.investor).kind == "corporation"
        with pytest.raises(Invalid) as told:
            b2.investors.register(**known, corporate_number="8000012050002")
        with_phone = b2.investors.change(
            made.investor,
            if_match=b2.investors.get(made.investor).etag,
            contact_phone="03-0000-0000",
        )
        with pytest.raises(VersionDiffers):
            b2.investors.change(made.investor, if_match=made.etag or '"old"', contact_phone=EMPTY)
        emptied = b2.investors.change(made.investor, if_match=with_phone.etag, contact_phone=EMPTY)
        assert emptied.investor == made.investor
    assert "8000012050002" not in str(told.value) + json.dumps(dict(told.value.facts))


# Files --------------------------------------------------------------------------------------------


def test_upload__broken_off__sends_only_what_is_missing(
    b1: Client, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "investors.csv"
    file.write_bytes(as_csv(rows_of(3_200, "SDK-UP")))
    heard: list[tuple[int, int]] = []

    def break_off(sent: int, size: int) -> None:
        heard.append((sent, size))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        b1.upload(file, target="investor", kind="new", timestamp=MADE, progress=break_off)
    (before,) = heard
    assert before[0] < before[1] == file.stat().st_size
    heard.clear()
    with served.client("B1") as again:
        checked = again.upload(
            file,
            target="investor",
            kind="new",
            timestamp=MADE,
            progress=lambda *told: heard.append(told),
        )
        assert checked.status == "checked"
        assert len(heard) == checked.part_count - 1
        assert heard[-1] == (before[1], before[1])
        heard.clear()
        assert (
            again.upload(file, target="investor", kind="new", timestamp=MADE).file == checked.file
        )
        assert heard == []


def test_upload__approved_by_another__is_applied(b1: Client, served: Served) -> None:
    content = as_csv(rows_of(2, "SDK-B"))
    checked = b1.upload(content, target="investor", kind="new", timestamp=MADE)
    assert checked.status == "checked"
    with pytest.raises(Refused) as told:
        b1.files.approve(checked.file)
    assert told.value.reason == Reason.SAME_PERSON
    with served.client("R1") as registrar:
        registrar.files.approve(checked.file)
    ends = time.monotonic() + 60
    while b1.files.parts(checked.file).status != "done" and time.monotonic() < ends:
        time.sleep(0.1)
    assert b1.investors.get("SDK-B-2").broker == "B1"


def test_document__that_a_job_makes__is_what_the_direct_answer_is(
    b1: Client, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = served.world.firm.office
    block = b1.positions.totals("P1").block.number
    asked: dict[str, Any] = {"form": "json", "requester": "T-1", "reason": "audit", "as_of": block}
    direct = b1.documents.register("P1", **asked)
    monkeypatch.setattr(office, "house", replace(office.house, direct_rows=0))
    seen: list[models.Job] = []
    assert b1.documents.register("P1", **asked, progress=seen.append) == direct
    assert (seen[0].state, seen[-1].state) == ("running", "done")
    assert b1.jobs.result(seen[-1].job) == direct
    assert b1.wait_final(b1.jobs.get(seen[-1].job)).result is not None

    async def awaited() -> bytes:
        secrets = {scope: served.secrets["B1", scope] for scope in ("reference", "update")}
        async with AsyncClient(served.base_url, **secrets) as client:  # type: ignore[arg-type]
            return await client.documents.register("P1", **asked)

    assert asyncio.run(awaited()) == direct
    with served.client("B1", patience=0.0) as hurried, pytest.raises(TimedOut) as waiting:
        hurried.documents.register("P1", **asked)
    assert b1.wait_final(waiting.value.last).state == "done"
    with pytest.raises(Refused) as no:
        b1.documents.register("P1", **asked, extent="full")
    assert no.value.reason == "extent_not_open"


def test_document__refused_or_cancelled_while_a_job_makes_it__raises_that(
    b1: Client, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = served.world.firm.office
    monkeypatch.setattr(office, "house", replace(office.house, direct_rows=0))

    def refuses(*_: Any, **__: Any) -> None:
        raise Refusal(Reason.HOLDING_UNKNOWN, product="P1", begins="later")

    asked: dict[str, Any] = {"form": "json", "requester": "T-1", "reason": "audit"}
    with monkeypatch.context() as refusing:
        refusing.setattr("genbo.bootstrap.document_jobs.issue_register", refuses)
        with pytest.raises(NotFound) as no:
            b1.documents.register("P1", **asked)
    assert no.value.reason == "holding_unknown"

    def cancels(job: models.Job) -> None:
        if job.state == "running":
            b1.jobs.cancel(job.job)

    monkeypatch.setattr("genbo.bootstrap.document_jobs.MakeDocuments.step", lambda _: False)
    with pytest.raises(Conflict) as gone:
        b1.documents.register("P1", **asked, progress=cancels)
    assert gone.value.reason == "job_not_done"


def test_upload__without_a_time__is_not_sent(b1: Client) -> None:
    with pytest.raises(ValueError, match="zone"):
        b1.upload(b"x", target="investor", kind="new")
    with pytest.raises(ValueError, match="zone"):
        b1.upload(b"x", target="investor", kind="new", timestamp=datetime(2026, 1, 1))  # noqa: DTZ001


# The other client, and the kit ----------------------------------------------------------------------


def test_other_client__the_same_conversation__is_awaited(served: Served, b1: Client) -> None:
    last = [each.id for each in b1.events.list()][-1]

    async def converse() -> None:
        credentials = {scope: served.secrets["B2", scope] for scope in ("reference", "update")}
        async with AsyncClient(served.base_url, **credentials) as client:
            asked: dict[str, Any] = {"product": "P1", "from_": "IV-3", "to": "IV-4", "units": 1}
            assert (await client.explain_transfer(**asked)).allowed
            order = await client.transfers.order(**asked, trade="T-SDK-9")
            looked: list[str] = []
            delivered = await client.wait_final(
                order, timeout=30, progress=lambda each: looked.append(each.state)
            )
            assert delivered.state == looked[-1] == "delivered"
            with pytest.raises(NotFound):
                await client.products.get("P-77")
            content = as_csv(rows_of(1, "SDK-A", "B2"))
            checked = await client.upload(content, target="investor", kind="new", timestamp=MADE)
            assert checked.status in ("checked", "failed")
            async for event in client.events.stream(after=f"B2:{last.partition(':')[2]}"):
                assert event.institution == "B2"
                break

    asyncio.run(asyncio.wait_for(converse(), 60))


def test_kit__against_a_market_that_is_open__passes_every_step(served: Served) -> None:
    office = served.world.firm.office
    roles = {"R1": "registrar", "B1": "direct_broker", "B2": "delegating_broker"}
    parties = Parties(
        base_url=served.base_url,
        product="P1",
        chain_id=served.chain_id,
        token=office.deployment.token_of("P1").address,  # type: ignore[arg-type]
        platform=office.deployment.platform,
        institutions={
            who: {
                "role": role,
                **{
                    scope: {
                        "credential": served.secrets[who, scope].client_id,
                        "secret": served.secrets[who, scope].secret,
                    }
                    for scope in ("reference", "update")
                },
            }
            for who, role in roles.items()
        },
        holder_keys={
            f"IV-{number}": served.world.firm.key(number)._account.key.hex() for number in (1, 2)
        },
        duty_keys={"distribution-1": person("distribution-1")._account.key.hex()},
    )
    outcomes = Conversation(parties).run(lambda _: None)
    left = {each.step: (each.result, each.got) for each in outcomes if each.result != "passed"}
    # This world's verdicts are of 2026, so its registry lets nobody have an allotment in 2022.
    assert left == {
        "allot, signed by a duty": ("skipped", "recipient_unverified"),
        "refuse who is not verified": ("skipped", "every customer with an address is verified"),
        "verdict": ("skipped", "not verified yet: KYC is the registry's"),
    }


# Acts and webhooks --------------------------------------------------------------------------------


def test_command__prepared_for_somebody__is_signed_as_expected_only(served: Served) -> None:
    signer = served.person("market-1")
    with served.client("PF") as manager:
        key, maker = "OPEN-1", models.Signer(account=signer.address)
        prepared = manager.market.open_prepare(why="a trial", maker=maker, idempotency_key=key)
        known: dict[str, Any] = {
            "chain_id": served.chain_id,
            "platform": served.world.firm.office.deployment.platform,
            "command_id": prepared.command,
        }
        with pytest.raises(SigningRefused, match=r"message\.what"):
            sign_command(signer, prepared.sign.typed_data, **known, expected={"what": "stop"})
        signature = sign_command(
            signer, prepared.sign.typed_data, **known, expected={"what": "open the market"}
        )
        signed = models.Signer(account=signer.address, signature=signature)
        command = manager.market.open(why="a trial", maker=signed, idempotency_key=key)
        assert command.command == prepared.command
        assert manager.wait_final(command, timeout=30).state == "final"
        assert signature not in repr(signed)


def test_webhook__as_the_registry_signs_it__is_verified(served: Served) -> None:
    with served.client("B1") as client:
        made = client.webhooks.register(url="https://broker.example/genbo", types=["order"])
        assert made.secret is not None
        assert made.secret not in repr(made)
        shown = client.webhooks.get(made.webhook.webhook)
        paused = client.webhooks.change(shown.webhook, state="paused", if_match=shown.etag)
        assert paused.state == "paused"
        assert paused.etag != shown.etag
        client.webhooks.delete(shown.webhook)
        assert client.webhooks.list() == ()
    told = event_of(served)
    body = json.dumps(asdict(told), default=plain).encode()
    now = datetime.now(UTC).replace(microsecond=0)
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    headers = signed_headers("B1:1", body, secrets=[bytes(32), key], at=now)
    message = WebhookVerifier(made.secret).verify(headers, body, at=now)
    assert (message.id, message.event) == ("B1:1", told)


def event_of(served: Served) -> models.Event:
    """Something that B1 was told."""
    with served.client("B1") as client:
        return next(iter(client.events.list()))
