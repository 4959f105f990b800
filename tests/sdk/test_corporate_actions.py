"""Corporate actions by the library, from the decision to the payment, by two people with a credential each.

given a register that is served, with the sender and the routines at work, and two people whose keys are outside
├── a split that one of them decides, and the other approves
│   ├── should be refused before its day, to its maker as an approver, and to somebody without the duty
│   └── should be carried out from its day on when one of them orders it; once, with the registers before and after
├── an additional issue should be within the cap, and have lots of its own date; what the ledger refuses is told, and
│   may be ordered again
├── a redemption in part, before the date of the terms
│   ├── should be refused unless it is an early one; and end units as a bulk act, its payment drafted under its id
│   ├── of which no payee is proved until two people approved it and its list is anchored; then to anybody
│   └── should be refused to go on when holders no longer hold what they did, with the reason told; and go on later
├── a draft that is taken back should stay so
└── each act should stand in the records with the credential that handed it in
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.api.conftest import OPEN, server
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import Register, a_register

from genbo.api.server import serve_api
from genbo.api.v1 import make_v1
from genbo.bootstrap.role import Role
from genbo.bootstrap.sandbox_credentials import issue_credentials
from genbo.bootstrap.second_person import SecondPerson
from genbo.bootstrap.service import Service
from genbo.bootstrap.sign_in import SignIn
from genbo.bootstrap.tokens import tokens_of
from genbo.chain.development import person
from genbo.governance import Duty
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import Scope, UserId
from genbo.kernel import Digest, InvestorId
from genbo.storage.engine import Database
from genbo.storage.verdicts import Verdict, Verdicts
from genbo_sdk import Client, ClientSecret, LocalSigner, Reason, Refused, models, sign_command

__all__ = ["server"]

HELD = {1: 2, 2: 51, 3: 400, 4: 1_000}
RESOLUTION = models.Evidence(document="RES-1", sha256="0x" + 64 * "e")
PATIENCE = 60.0
BY = "compliance-1"


@dataclass
class Person:
    """Somebody who signs with a key of its own, and the credential of the system that hands it in."""

    name: str
    client: Client
    chain_id: int
    platform: str

    @property
    def signer(self) -> LocalSigner:
        return LocalSigner.from_key(bytes(person(self.name)._account.key))

    @property
    def account(self) -> str:
        return self.signer.address

    def signed(self, prepared: models.ToBeSigned) -> str:
        return sign_command(
            self.signer,
            prepared.sign.typed_data,
            chain_id=self.chain_id,
            platform=self.platform,
            command_id=prepared.command,
            expected={"what": prepared.what},
        )

    def decide(self, action: str, day: date, **terms: Any) -> models.CorporateAction:
        said = {
            "action": action, "day": day, "resolution": "resolution 2022", "evidence": RESOLUTION, **terms,
        }  # fmt: skip
        calls, maker = self.client.corporate_actions, models.Signer(account=self.account)
        prepared = calls.decide_prepare(PRODUCT, maker=maker, **said)
        maker = models.Signer(account=self.account, signature=self.signed(prepared))
        return calls.decide(PRODUCT, maker=maker, **said)

    def approve(self, action: str) -> models.CorporateAction:
        calls = self.client.corporate_actions
        prepared = calls.approve_prepare(PRODUCT, action, account=self.account)
        return calls.approve(PRODUCT, action, account=self.account, signature=self.signed(prepared))

    def execute(self, action: str) -> models.CorporateAction:
        """Orders it, and waits for what comes of it."""
        calls = self.client.corporate_actions
        prepared = calls.execute_prepare(PRODUCT, action, account=self.account)
        assert (prepared.needed, prepared.duty) == (1, None)
        ordered = calls.execute(
            PRODUCT, action, account=self.account, signature=self.signed(prepared)
        )
        assert ordered.execution is not None
        assert ordered.execution.command == prepared.command
        until = time.monotonic() + PATIENCE
        while True:
            now = calls.get(PRODUCT, action)
            assert now.execution is not None
            if now.execution.state in ("final", "refused"):
                return now
            assert time.monotonic() < until, now
            time.sleep(0.1)


@dataclass
class Story:
    register: Register
    maker: Person
    approver: Person

    @property
    def client(self) -> Client:
        return self.maker.client

    def held(self) -> dict[int, int]:
        rows = self.client.positions.list(PRODUCT, holding=True)
        return {int((each.investor or "").removeprefix("IV-")): each.units for each in rows}

    def signed_by(self, name: str, prepared: models.ToBeSigned) -> models.Signer:
        one = Person(name, self.client, self.maker.chain_id, self.maker.platform)
        return models.Signer(account=one.account, signature=one.signed(prepared))


@pytest.fixture(scope="module")
def story(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    server.create_database("sdk_actions", template=TEMPLATE)
    database = Database(server.url("sdk_actions"))
    register = a_register(database, tmp_path_factory.mktemp("actions"), HELD, others=[5], cap=2_000)
    office = register.office
    register.clock.set("2022-03-10 10:00:00")
    at = office.house.now()
    secrets = {
        each.scope: ClientSecret(each.id, each.secret)
        for each in issue_credentials(
            office, [InstitutionId("R1")], founders=InstitutionId("PF"), at=at
        )
    }
    second = _second_credential(register, at)
    with database.begin() as connection:
        Verdicts(connection).record([_verdict(number, at) for number in (0, *HELD)], at=at, by=BY)
    app = make_v1(office, SignIn(tokens_of(office)), now=office.house.now, limit=OPEN)
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.05):
            office.read()

    reader = threading.Thread(target=read)
    service = Service(office, (Role.SENDER, Role.JOBS), tell=lambda *_: None)
    with serve_api(app, 0) as url, service.running():
        reader.start()
        reference = secrets[Scope.REFERENCE]
        with (
            Client(url, reference=reference, update=secrets[Scope.UPDATE]) as one,
            Client(url, reference=reference, update=second) as two,
        ):
            ledger = (office.deployment.chain_id, office.deployment.platform)
            try:
                yield Story(
                    register, Person("issue-1", one, *ledger), Person("issue-2", two, *ledger)
                )
            finally:
                stop.set()
                reader.join()
    database.close()
    server.drop_database("sdk_actions")


def _verdict(number: int, at: datetime) -> Verdict:
    """What the routines keep the ledger to."""
    return Verdict(
        investor_id=InvestorId(f"IV-{number}"),
        checked_at=at,
        expires_at=datetime(2040, 1, 1, tzinfo=UTC),
        investor_class=1,
        aml_class="clear",
        evidence_ref=f"KYC-{number}",
    )


def _second_credential(register: Register, at: datetime) -> ClientSecret:
    two = SecondPerson(register.office.house.database, register.office.house.vault)
    proposed = two.propose_credential(
        institution=InstitutionId("R1"),
        scope=Scope.UPDATE,
        valid_from=at,
        valid_until=at + timedelta(days=365),
        by=UserId("ADMIN-1"),
        evidence=Digest("0x" + 64 * "5"),
        key="second",
        at=at,
    )
    approved = two.approve(
        proposed.id, digest=proposed.proposal.digest(), by=UserId("ADMIN-2"), at=at
    )
    assert approved.credential is not None
    assert approved.secret is not None
    return ClientSecret(approved.credential, approved.secret)


@pytest.fixture(scope="module")
def split(story: Story) -> models.CorporateAction:
    """Decided, approved and carried out; what was refused on the way is seen on the way."""
    maker, approver = story.maker, story.approver
    calls, day = maker.client.corporate_actions, date(2022, 4, 1)
    said: dict[str, Any] = {"day": day, "resolution": "resolution 2022", "evidence": RESOLUTION}
    one = models.SplitDecided(factor=1)
    asked = calls.decide_dry_run(PRODUCT, action="SP-0", split=one, **said)
    assert asked.refusal is not None
    assert asked.refusal.reason == "split_factor_invalid"
    ten = models.SplitDecided(factor=10)
    both = {"split": ten, "additional_issue": models.IssueDecided(units=1)}
    assert _refused(calls.decide_dry_run, PRODUCT, action="SP-0", **both, **said) == (
        Reason.REQUEST_MALFORMED
    )
    stranger = models.Signer(
        account=LocalSigner.from_key(bytes(person("anchor-1")._account.key)).address
    )
    assert _refused(
        calls.decide_prepare, PRODUCT, action="SP-0", split=ten, maker=stranger, **said
    ) == (Reason.DUTY_MISSING)
    draft = maker.decide("SP-1", day, split=ten)
    assert (draft.state, draft.maker, draft.kind) == ("draft", "issue-1", "split")
    assert draft.split == models.Divided(factor=10, epoch=0)
    assert _refused(maker.approve, "SP-1") is Reason.SAME_PERSON
    assert _refused(maker.execute, "SP-1") is Reason.ACTION_NOT_OPEN
    assert _refused(maker.decide, "SP-1", date(2022, 4, 2), split=ten) is Reason.ACTION_EXISTS
    approved = approver.approve("SP-1")
    assert (approved.state, approved.decided_by) == ("approved", "issue-2")
    assert _refused(approver.approve, "SP-1") is Reason.ACTION_NOT_OPEN
    assert _refused(approver.execute, "SP-1") is Reason.ACTION_NOT_DUE
    assert _refused(calls.document, PRODUCT, "SP-1") is Reason.ACTION_NOT_OPEN
    assert story.held() == HELD
    story.register.clock.set("2022-04-01 00:00:00")
    return approver.execute("SP-1")


def _refused(act: Any, *arguments: Any, **named: Any) -> Reason | str:
    with pytest.raises(Refused) as told:
        act(*arguments, **named)
    return told.value.reason


def test_split__by_two_people__is_carried_out_once(
    story: Story, split: models.CorporateAction
) -> None:
    assert split.execution is not None
    assert (split.state, split.execution.state, split.execution.refusal) == ("done", "final", None)
    assert split.execution.ordered_by == "issue-2"
    assert story.held() == {number: 10 * units for number, units in HELD.items()}
    assert story.client.products.get(PRODUCT).unit_price_yen == 100_000
    assert _refused(story.maker.execute, "SP-1") is Reason.ACTION_NOT_OPEN
    assert split.before is not None
    assert split.after is not None
    for before, mark, total in ((True, split.before, 1_453), (False, split.after, 14_530)):
        file = story.client.corporate_actions.document(
            PRODUCT, "SP-1", before=before, form=models.Form.JSON
        )
        told = story.client.documents.verify(content=file)
        assert (told.verdict, told.facts_digest) == ("proven", mark.digest)
        assert told.block.number == mark.block
        assert f"{total}" in file.decode()
    logged = story.client.inspections.list(PRODUCT).all()
    assert [each.requester for each in logged] == ["SP-1", "SP-1"]
    assert len(story.client.inspections.list(PRODUCT, limit=1).all()) == 2
    assert {each.extent for each in logged} == {"reduced"}


def test_additional_issue__within_the_cap__has_its_own_date(
    story: Story, split: models.CorporateAction
) -> None:
    day = date(2022, 6, 1)
    over = models.IssueDecided(units=5_471)
    assert _refused(story.maker.decide, "AI-1", day, additional_issue=over) is Reason.CAP_EXCEEDED
    story.maker.decide("AI-1", day, additional_issue=models.IssueDecided(units=470, to="IV-1"))
    story.approver.approve("AI-1")
    story.register.clock.set("2022-06-01 09:00:00")
    done = story.maker.execute("AI-1")
    assert done.state == "done", done.execution
    assert (done.state, done.additional_issue) == ("done", models.Added(units=470, to="IV-1"))
    lots = [
        (each.units, each.acquired) for each in story.client.lots.list(PRODUCT, investor="IV-1")
    ]
    assert sorted(lots) == [(20, date(2021, 8, 11)), (470, day)]


def test_execution__that_the_ledger_refuses__says_why_and_is_ordered_again(
    story: Story, split: models.CorporateAction
) -> None:
    office, firm = story.register.office, story.register.firm
    token, address = office.token(PRODUCT), firm.address(5)
    office.act(token.set_verdict(address, until=None, investor_class=0), Duty.RESTRICTOR)
    day = date(2022, 6, 1)
    story.maker.decide("AI-2", day, additional_issue=models.IssueDecided(units=5, to="IV-5"))
    story.approver.approve("AI-2")
    if office.house.now() < datetime(2022, 6, 1, tzinfo=UTC):
        story.register.clock.set("2022-06-01 09:00:00")
    first = story.maker.execute("AI-2")
    assert first.execution is not None
    assert first.execution.refusal is not None
    assert (first.state, first.execution.state) == ("approved", "refused")
    assert first.execution.refusal.reason == "recipient_unverified"
    told = story.client.commands.get(first.execution.command)
    assert told.refusal is not None
    with office.house.database.begin() as connection:
        at = office.house.now()
        Verdicts(connection).record([_verdict(5, at)], at=at, by=BY)
    until = datetime(2040, 1, 1, tzinfo=UTC)
    office.act(token.set_verdict(address, until=until, investor_class=1), Duty.RESTRICTOR)
    again = story.maker.execute("AI-2")
    assert again.execution is not None
    assert (again.state, again.execution.state) == ("done", "final"), again.execution
    assert again.execution.command != first.execution.command
    assert story.held()[5] == 5


def test_rejected__draft__stays_so(story: Story, split: models.CorporateAction) -> None:
    ten = models.SplitDecided(factor=10)
    story.maker.decide("SP-9", date(2023, 4, 1), split=ten)
    taken_back = story.client.corporate_actions.reject(PRODUCT, "SP-9")
    assert taken_back.state == "rejected"
    assert _refused(story.approver.approve, "SP-9") is Reason.ACTION_NOT_OPEN
    states = {
        each.action: each.state for each in story.client.corporate_actions.list(PRODUCT).items
    }
    assert (states["SP-1"], states["SP-9"]) == ("done", "rejected")
    assert _refused(story.client.corporate_actions.get, PRODUCT, "SP-77") is Reason.ACTION_UNKNOWN


@pytest.fixture(scope="module")
def redemption(story: Story, split: models.CorporateAction) -> models.CorporateAction:
    """Overtaken at first; carried out when the units are back."""
    client, clock = story.client, story.register.clock
    clock.set("2022-08-02 09:00:00")
    client.record_dates.fix(PRODUCT, date(2022, 8, 1))
    story.held_then = story.held()  # type: ignore[attr-defined]
    day = date(2022, 8, 15)
    terms = {"record_day": date(2022, 8, 1), "units": 453, "income": "12.5", "capital": "100000"}
    late = models.RedemptionDecided(**terms)  # type: ignore[arg-type]
    assert _refused(story.maker.decide, "RD-1", day, redemption=late) is Reason.REDEMPTION_NOT_DUE
    early = models.RedemptionDecided(**terms, early=True)  # type: ignore[arg-type]
    story.maker.decide("RD-1", day, redemption=early)
    story.approver.approve("RD-1")
    clock.set("2022-08-15 10:00:00")
    story.register.transfer(2, 3, 510, ref="AWAY")
    assert _refused(story.maker.execute, "RD-1") is Reason.ACTION_OVERTAKEN
    story.register.transfer(3, 2, 510, ref="BACK")
    return story.maker.execute("RD-1")


def test_redemption__in_part__ends_units_and_drafts_its_payment(
    story: Story, redemption: models.CorporateAction
) -> None:
    assert redemption.execution is not None
    assert (redemption.state, redemption.execution.state) == ("done", "final"), redemption
    (job,) = redemption.execution.jobs
    assert (story.client.jobs.get(job).state, story.client.jobs.get(job).kind) == ("done", "redeem")
    before = story.held_then  # type: ignore[attr-defined]
    ended = {number: before[number] - units for number, units in story.held().items()}
    assert sum(ended.values()) == 453
    total = sum(before.values())
    assert all(abs(ended[each] - 453 * before[each] / total) < 1 for each in before)
    run = story.client.distributions.get(PRODUCT, "RD-1")
    assert (run.state, run.sums.units, run.sums.capital) == ("draft", 453, 45_300_000)
    lines = story.client.distributions.lines(PRODUCT, "RD-1", limit=1).all()
    assert sum(each.units for each in lines) == 453
    assert sum(each.income for each in lines) <= 453 * 12.5


def test_payment_of_it__approved_and_anchored__is_proved_to_anybody(
    story: Story, redemption: models.CorporateAction
) -> None:
    client, runs = story.client, story.client.distributions
    unproved = _refused(runs.prove, PRODUCT, "RD-1", "IV-3")
    assert unproved is Reason.DISTRIBUTION_NOT_OPEN
    approver = story.approver
    prepared = runs.approve_prepare(PRODUCT, "RD-1", account=approver.account)
    signature = approver.signed(prepared)
    approver.client.distributions.approve(
        PRODUCT, "RD-1", account=approver.account, signature=signature
    )
    proof = runs.prove(PRODUCT, "RD-1", "IV-3")
    shown = {
        "distribution": "RD-1", "record_day": proof.record_day, "content": proof.content,
        "secret": proof.secret, "proof": proof.proof,
    }  # fmt: skip
    before = runs.verify_proof(**shown)
    assert (before.proven, before.anchor) == (False, None)
    who = models.Signer(
        account=LocalSigner.from_key(bytes(person("anchor-1")._account.key)).address
    )
    key = "anchor-rd-1"
    to_sign = client.anchors.payees_prepare(PRODUCT, "RD-1", maker=who, idempotency_key=key)
    command = client.anchors.payees(
        PRODUCT, "RD-1", maker=story.signed_by("anchor-1", to_sign), idempotency_key=key
    )
    assert client.wait_final(command, timeout=PATIENCE).state == "final"
    found = runs.verify_proof(**shown)
    assert found.anchor is not None
    assert (found.proven, found.anchor.root) == (True, proof.root)
    assert json.loads(proof.content)["holder"] == "IV-3"
    forged = {**shown, "content": proof.content.replace('"capital":', '"capital":1')}
    assert runs.verify_proof(**forged).proven is False
    anchor = client.anchors.get(kind="payee_list", subject="RD-1", day=proof.record_day).anchor
    assert anchor == found.anchor
    again = client.anchors.payees_dry_run(PRODUCT, "RD-1", maker=who)
    assert again.refusal is not None
    assert again.refusal.reason == "anchor_exists"
    assert _refused(runs.prove, PRODUCT, "RD-1", "IV-77") is Reason.PAYMENT_LINE_UNKNOWN


def test_records__of_each_act__name_the_credential(
    story: Story, redemption: models.CorporateAction
) -> None:
    entries = {
        action: [each.actor for each in story.client.audit.entries(subject=command)]
        for action in ("SP-1", "RD-1")
        for command in [story.client.corporate_actions.get(PRODUCT, action).command]
    }
    for actors in entries.values():
        machines = [each for each in actors if each.startswith("machine:")]
        assert len(set(machines)) == 2, actors
