"""From the record date to the year's statement, through the interface (D.2.1 to D.2.4, B.4, B.6).

given the 503 holders of the common fixture, of whom three are customers of B2, and a transfer in the second after
├── the record dates of the year are told with their deadlines; fixing one counts 503 holders and 1,453 units
├── whoever sees everybody sees every holder page by page; a broker its own customers
├── a distribution is what its maker signs: the published sums to the yen; a draft pays nothing
│   ├── its maker cannot approve it, nor anybody without the duty, nor by the way of other commands
│   └── somebody else's signature over the same order approves it; a changed run is another order
├── the payment file is 506 records of 120 bytes for the registrar alone; its reading is recorded
│   ├── the same request gives the same file; the next one says that nothing is due
│   └── made by a job, it is sent once, with its bytes, whenever the process dies
├── what the bank says is taken over whole or not at all; what came back is owed, and paid by a further file
├── a correction pays the difference, and a draft that is rejected nothing
├── record date, payee list and register are anchored by an ANCHORER's signature, once; then whoever sees a payee
│   proves its line, and anybody asks the ledger
├── points, tax categories, late cancellations and inspections are told to whom they are for
└── the year's statement is what was withheld
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import text
from tests.api.conftest import OPEN, Tokens, World, refused
from tests.api.signing import account, done, ordered, prepared, signed
from tests.domain.entitlements.test_distribution import HOLDERS
from tests.storage.conftest import TEMPLATE
from tests.support.office import PRODUCT
from tests.support.payees import CORPORATE_NUMBER, Register, a_register, payee
from tests.support.people import B2, C1

from genbo.api.v1 import make_v1
from genbo.bootstrap.document_jobs import MakeDocuments
from genbo.entitlements.zengin import read
from genbo.governance import CommandState, Duty
from genbo.kernel import Digest, Reference
from genbo.storage.document_jobs import DocumentJobs
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.server import EmbeddedServer
from genbo.token import Act

DAY = "2022-01-31"
DAYS = "/products/P1/record-dates"
RUNS = "/products/P1/distributions"
RUN = f"{RUNS}/D-2022-01"
DECLARED = {
    "distribution": "D-2022-01",
    "record_day": DAY,
    "income": "16767",
    "why": "resolution of 2022-02-10",
}
FORM = {
    "remitter": {
        "code": "1234567890",
        "name": "カクウシンタク",
        "bank_code": "9990",
        "bank_name": "カクウ",
        "branch_code": "001",
        "branch_name": "ホンテン",
        "account_kind": "1",
        "account_number": "7654321",
    }
}
HELD = {int(row["holder"][1:]): int(row["units"]) for row in HOLDERS}
OF_B2 = (1, 2, 3)


@dataclass
class Story:
    """A world in which the record date was fixed, and a clock that is set."""

    world: World
    register: Register

    def ask(self, who: str, path: str, **query: Any) -> Any:
        answer = self.world.ask(who, path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pages(self, who: str, path: str, *, limit: int = 200, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            told = self.ask(who, path, limit=limit, **query)
            assert len(told["items"]) <= limit
            found += told["items"]
            if told["next"] is None:
                return found
            query["cursor"] = told["next"]

    def order(self, path: str, body: Any = None, **more: Any) -> Response:
        return self.world.order("R1", path, body, **more)

    def approve(self, run: str, name: str, **more: Any) -> Response:
        path = f"{RUNS}/{run}/approvals"
        told = self.order(path, {"account": account(name)}, mode="prepare")
        assert told.status_code == 200, told.text
        return self.order(path, signed(name, told.json()), **more)

    def declare(self, body: dict[str, Any], *, key: str) -> Response:
        return ordered(self.world, "R1", RUNS, body, maker="issue-1", key=key)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.register.office.house.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]


def customer(number: int, **more: str) -> Any:
    """A customer of B2, whose keys C1 keeps."""
    new = payee(number, **more)
    one = replace(
        new.investor, safekeeping_id=B2.id, safekeeping_kind="delegated", custodian_id="C1"
    )
    return replace(new, investor=one)


@pytest.fixture(scope="module")
def story(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    server.create_database("api_distribution", template=TEMPLATE)
    database = Database(server.url("api_distribution"))
    people = [
        customer(1),
        customer(2),
        customer(3, corporate_number=CORPORATE_NUMBER, payee_account_holder_kana="カクウ株式会社"),
        payee(4, payee_account_holder_kana="ジョウジ・スズキ"),
    ]
    folder = tmp_path_factory.mktemp("distribution")
    register = a_register(database, folder, HELD, people=people, others=[504])
    office = register.office
    with database.begin() as connection:
        for each in (B2, C1):
            Parties(connection).handle(PRODUCT, each.id, at=office.house.now(), by="registrar-1")
    register.clock.set("2022-01-15 10:00:00")
    register.transfer(2, 5, 1, ref="SALE-1")
    register.transfer(5, 2, 1, ref="SALE-2")  # the day ends as it began
    register.clock.set("2022-02-01 00:00:01")
    register.transfer(2, 504, 3)  # executed at 2022-01-31T15:00:01Z
    office.read()
    tokens = Tokens(office)
    app = make_v1(office, tokens, now=office.house.now, limit=OPEN)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Story(World(register.firm, client, tokens), register)
    office.close()
    database.close()
    server.drop_database("api_distribution")


@pytest.fixture(scope="module")
def fixed(story: Story) -> Any:
    """The record date, fixed twice under one key."""
    first = story.order(f"{DAYS}/{DAY}/fixing", {}, key="fix-1")
    again = story.order(f"{DAYS}/{DAY}/fixing", {}, key="fix-1")
    assert (first.status_code, first.json()) == (201, again.json()), first.text
    return first.json()


@pytest.fixture(scope="module")
def draft(story: Story, fixed: Any) -> Any:
    story.register.clock.set("2022-02-10 10:00:00")
    answer = story.declare(DECLARED, key="declare-1")
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def approved(story: Story, draft: Any) -> Any:
    answer = story.approve("D-2022-01", "issue-2", key="approve-1")
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def file(story: Story, approved: Any) -> Response:
    story.register.clock.set("2022-02-21 10:00:00")
    answer = story.order(f"{RUN}/payment-files", FORM, key="file-1")
    assert answer.status_code == 200, answer.text
    return answer


# Record dates (D.2.1) ----------------------------------------------------------------------------------


def test_record_dates__of_a_year__have_their_deadlines(story: Story, fixed: Any) -> None:
    first, second = story.ask("R1", DAYS, year=2022)["items"]
    assert (first["day"], first["payable"]) == (DAY, "2022-02-28")
    assert (second["nominal"], second["day"]) == ("2022-07-31", "2022-08-01")
    assert (second["exercise_by"], second["notice_missed"]) == ("2022-11-01", False)
    assert first["fixed"] == fixed["fixed"]
    assert story.ask("B2", DAYS, year=2022)["items"][0]["fixed"] is None, "a count of everybody"
    assert refused(story.world.ask("R2", DAYS)) == "not_found"


def test_fixing__transfer_in_the_second_after__is_not_in_it(story: Story, fixed: Any) -> None:
    assert (fixed["fixed"]["holders"], fixed["fixed"]["units"]) == (503, 1_453)
    assert story.ask("A1", f"{DAYS}/{DAY}")["fixed"] == fixed["fixed"]
    assert fixed["fixed"]["fixed_by"] == "machine:K-R1-update"
    early = story.order(f"{DAYS}/2022-08-01/fixing", {})
    assert refused(early) == "record_date_not_over"
    for day in ("0001-01-01", "9999-12-31"):
        assert refused(story.order(f"{DAYS}/{day}/fixing", {})) == "time_malformed"


def test_entitlements__by_role__are_everybody_or_ones_own(story: Story, fixed: Any) -> None:
    path = f"{DAYS}/{DAY}/entitlements"
    everybody = {f"IV-{number}": units for number, units in HELD.items()}
    for who in ("R1", "A1"):
        found = story.pages(who, path)
        assert {each["holder"]: each["units"] for each in found} == everybody
    for who in ("B2", "C1"):
        own = {each["holder"]: each["units"] for each in story.pages(who, path)}
        assert own == {f"IV-{number}": HELD[number] for number in OF_B2}
    assert refused(story.world.ask("A2", path)) == "not_found"


# The run (D.2.2) -----------------------------------------------------------------------------------------


def test_declare__asked_and_prepared__stores_nothing(story: Story, fixed: Any) -> None:
    body = {**DECLARED, "distribution": "D-ASKED"}
    asked = story.order(RUNS, body, mode="dry_run")
    assert asked.json() == {"allowed": True, "refusal": None}
    never = story.order(RUNS, {**body, "record_day": "2022-08-01"}, mode="dry_run").json()
    assert never["refusal"]["reason"] == "record_date_unknown"
    told = prepared(story.world, "R1", RUNS, body, maker="issue-1", key="asked")
    assert (told["needed"], told["duty"], told["safe"]) == (2, "ISSUER", None)
    assert account("issue-2") in told["entitled"]
    assert story.rows("SELECT 1 FROM distribution WHERE distribution_id = 'D-ASKED'") == []
    stranger = {**body, "maker": {"account": account("compliance-1")}}
    assert refused(story.order(RUNS, stranger, mode="prepare")) == "duty_missing"
    unsigned = {**body, "maker": {"account": account("issue-1")}}
    assert refused(story.order(RUNS, unsigned)) == "request_malformed"


def test_declare__signature_over_other_amounts__is_refused(story: Story, fixed: Any) -> None:
    body = {**DECLARED, "distribution": "D-OTHER"}
    told = prepared(story.world, "R1", RUNS, body, maker="issue-1", key="other")
    more = {**body, "income": "16768", "maker": signed("issue-1", told)}
    assert refused(story.order(RUNS, more)) == "signature_invalid"


def test_declared__sums__are_the_published_ones_to_the_yen(story: Story, draft: Any) -> None:
    sums = draft["sums"]
    assert (sums["gross"], sums["income_tax"], sums["local_tax"], sums["net"]) == (
        24_362_451,
        3_730_742,
        882_431,
        19_749_278,
    )
    assert (sums["payees"], sums["units"], sums["remainder"]) == (503, 1_453, "0")
    assert (draft["maker"], draft["payment_day"]) == ("issue-1", "2022-02-28")
    again = story.rows("SELECT count(*) FROM distribution WHERE distribution_id = 'D-2022-01'")
    assert again == [(1,)]


def test_approval__by_maker_or_without_the_duty__is_refused(story: Story, draft: Any) -> None:
    body = {**DECLARED, "distribution": "D-ALONE"}
    assert story.declare(body, key="alone").status_code == 201
    path = f"{RUNS}/D-ALONE/approvals"
    for name, reason in (("issue-1", "same_person"), ("compliance-1", "duty_missing")):
        asked = {"account": account(name)}
        assert refused(story.order(path, asked, mode="prepare")) == reason
        assert story.order(path, asked, mode="dry_run").json()["refusal"]["reason"] == reason
    told = story.order(path, {"account": account("issue-2")}, mode="prepare").json()
    forged = {**signed("issue-1", told), "account": account("issue-2")}
    assert refused(story.order(path, forged)) == "signature_invalid"
    own = signed("issue-1", told)
    assert refused(story.order(path, own)) == "same_person"
    run = story.ask("R1", f"{RUNS}/D-ALONE")
    assert run["state"] == "draft"
    # The way of commands on the ledger does not approve what stands in the registry alone.
    way = f"/commands/{run['command']}/approvals"
    for mode in ("prepare", "submit"):
        answer = story.order(way, signed("issue-2", told), mode=mode)
        assert refused(answer) == "command_not_open"
    assert refused(story.order(f"{RUNS}/D-ALONE/payment-files", FORM)) == "distribution_not_open"
    assert refused(story.world.ask("B2", f"{RUNS}/D-ALONE/lines")) == "distribution_unknown"
    rejected = story.order(f"{RUNS}/D-ALONE/rejection")
    assert rejected.json()["state"] == "rejected"
    assert refused(story.order(path, signed("issue-2", told))) == "distribution_not_open"


def test_approval__by_somebody_else__is_over_the_same_order(story: Story, approved: Any) -> None:
    assert (approved["state"], approved["decided_by"]) == ("approved", "issue-2")
    command = story.world.ask("R1", f"/commands/{approved['command']}").json()
    assert [each["name"] for each in command["signatures"]] == ["issue-1", "issue-2"]
    assert command["state"] == "final"
    assert refused(story.order(f"{RUN}/rejection")) == "distribution_not_open"


def test_lines__by_role__are_the_published_rows_or_ones_own(story: Story, approved: Any) -> None:
    lines = {each["holder"]: each for each in story.pages("R1", f"{RUN}/lines")}
    for row in HOLDERS:
        line = lines[f"IV-{row['holder'][1:]}"]
        assert (line["category"], line["units"]) == (row["type"], int(row["units"]))
        told = (line["income"], line["income_tax"], line["local_tax"])
        assert told == tuple(int(row[name]) for name in ("gross", "income_tax", "local_tax"))
    own = story.pages("B2", f"{RUN}/lines")
    assert {each["holder"] for each in own} == {f"IV-{number}" for number in OF_B2}
    assert len(story.pages("A1", f"{RUN}/lines")) == 503
    assert refused(story.world.ask("B1", RUNS)) == "route_unknown"
    assert refused(story.world.ask("A2", f"{RUN}/lines")) == "not_found"
    assert refused(story.world.ask("R1", f"{RUNS}/D-NONE/lines")) == "distribution_unknown"


# What a payee proves -------------------------------------------------------------------------------------


def test_anchors__by_an_anchorer__stand_on_the_ledger_once(story: Story, approved: Any) -> None:
    world = story.world
    for path, kind, subject, leaves in (
        (f"{DAYS}/{DAY}/anchors", "register", PRODUCT, 503),
        (f"{RUN}/anchors", "payee_list", "D-2022-01", 504),
    ):
        query = {"kind": kind, "subject": subject, "day": DAY}
        assert story.ask("B1", "/anchors", **query)["anchor"] is None
        stored = done(world, "R1", path, {}, people=("anchor-1",), key=f"anchor-{kind}")
        assert stored.state is CommandState.FINAL
        found = story.ask("B1", "/anchors", **query)["anchor"]
        assert found["leaves"] == leaves
        body = {"maker": {"account": account("anchor-1")}}
        asked = story.order(path, body, mode="dry_run").json()
        assert asked["refusal"]["reason"] == "anchor_exists"
    assert found["root"] == approved["root"]
    nobody = {"maker": {"account": account("issue-1")}}
    assert refused(story.order(f"{RUN}/anchors", nobody, mode="prepare")) == "duty_missing"
    unknown = story.order(f"{DAYS}/2022-08-01/anchors", body, mode="prepare")
    assert refused(unknown) == "record_date_unknown"


def test_anchor__of_a_register__proves_what_is_printed(story: Story, approved: Any) -> None:
    path = "/products/P1/register-documents"
    asked = {"form": "json", "as_of": DAY, "requester": "A-1", "reason": "anchored"}
    printed = story.world.client.post(
        f"/v1{path}", json=asked, headers={"Authorization": "Bearer R1:reference"}
    )
    anchored = done(
        story.world, "R1", f"{path}/anchors", {"as_of": DAY}, people=("anchor-1",), key="anchor-doc"
    )
    assert anchored.state is CommandState.FINAL
    told = story.world.client.post(
        "/v1/register-documents/verifications",
        content=printed.content,
        headers={"Authorization": "Bearer R1:reference"},
    ).json()
    assert (told["verdict"], told["anchor"] is None) == ("proven", False)
    query = {"kind": "register", "subject": told["anchor"]["subject"], "day": DAY}
    assert story.ask("A1", "/anchors", **query)["anchor"]["root"] == told["anchor"]["root"]
    who = {"account": account("anchor-1")}
    for as_of, reason in (
        ("block:", "time_malformed"),
        ("2022-02-28", "field_invalid"),  # it is not over
        ("2020-01-01", "holding_unknown"),
    ):
        body = {"as_of": as_of, "maker": who}
        assert refused(story.order(f"{path}/anchors", body, mode="prepare")) == reason, as_of


def test_inspections__of_a_register__are_for_the_registrar(story: Story, approved: Any) -> None:
    path = "/products/P1/inspections"
    asked = {"form": "csv", "as_of": DAY, "requester": "T-1", "reason": "twice"}
    for _ in range(2):
        story.world.client.post(
            "/v1/products/P1/register-documents",
            json=asked,
            headers={"Authorization": "Bearer R1:reference"},
        )
    found = [each for each in story.pages("R1", path, limit=1) if each["requester"] == "T-1"]
    assert [(each["form"], each["reason"], each["extent"]) for each in found] == (
        [("csv", "twice", "full")] * 2
    )
    assert len({each["inspection"] for each in found}) == 2
    assert story.pages("R1", path, investor="IV-1") == []
    assert refused(story.world.ask("A1", path)) == "route_unknown"
    assert refused(story.world.ask("R2", path)) == "not_found"


def test_proof__of_a_payee__is_for_those_who_see_it_and_checked_by_anybody(
    story: Story, approved: Any
) -> None:
    told = story.ask("B2", f"{RUN}/proofs/IV-1")
    content = json.loads(told["content"])
    assert (content["holder"], told["root"]) == ("IV-1", approved["root"])
    for who in ("B2", "C1"):
        assert refused(story.world.ask(who, f"{RUN}/proofs/IV-4")) == "payment_line_unknown"
    assert story.ask("A1", f"{RUN}/proofs/IV-4")["root"] == approved["root"]
    assert refused(story.world.ask("A2", f"{RUN}/proofs/IV-4")) == "not_found"
    shown = {name: told[name] for name in ("distribution", "content", "secret", "proof")}
    shown["record_day"] = told["record_day"]
    for change, proven in (
        ({}, True),
        ({"content": told["content"].replace("IV-1", "IV-2")}, False),
        ({"secret": "0x" + 64 * "0"}, False),
        ({"distribution": "D-OTHER"}, False),
    ):
        answer = story.world.client.post(
            "/v1/distributions/proofs/verifications",
            json=shown | change,
            headers={"Authorization": "Bearer F1:reference"},
        )
        assert answer.json()["proven"] is proven, answer.text


# The file (D.2.3) ----------------------------------------------------------------------------------------


def test_file__503_payees__is_506_records_and_recorded(story: Story, file: Response) -> None:
    content = file.content
    assert len(content) == 60_720
    assert content[-240:-221] == b"8" + b"000503" + b"000019749278"
    digest = hashlib.sha256(content).hexdigest()
    assert file.headers["X-Content-SHA256"] == "0x" + digest
    assert file.headers["ETag"] == f'"{digest}"'
    found = story.rows(
        "SELECT actor, cardinality(investors) FROM reading WHERE purpose = 'payment'"
    )
    assert ("machine:K-R1-update", 503) in found
    (told,) = story.ask("A1", f"{RUN}/payment-files")["items"]
    assert (told["records"], told["total"], told["digest"]) == (503, 19_749_278, "0x" + digest)


def test_file__the_same_request_or_its_number__is_the_same_bytes(
    story: Story, file: Response
) -> None:
    again = story.order(f"{RUN}/payment-files", FORM, key="file-1")
    assert again.content == file.content
    copy = story.world.client.post(
        f"/v1{RUN}/payment-files/1/copies",
        json=FORM,
        headers={"Authorization": "Bearer R1:reference"},
    )
    assert copy.content == file.content
    assert refused(story.order(f"{RUN}/payment-files", FORM)) == "payment_nothing_due"


def test_file__by_others__is_not_there_for_them(story: Story, file: Response) -> None:
    for who in ("A1", "B1", "C1"):
        assert refused(story.world.order(who, f"{RUN}/payment-files", FORM)) == "route_unknown"
    assert refused(story.world.order("R2", f"{RUN}/payment-files", FORM)) == "not_found"


def test_results__some_do_not_fit__are_taken_whole_or_not(story: Story, file: Response) -> None:
    story.register.clock.set("2022-03-02 10:00:00")
    path = f"{RUN}/payment-files/1/results"
    returned = {"line": 1, "amount": 26_723, "outcome": "impossible", "on": "2022-03-01"}
    wrong = {**returned, "line": 2, "amount": 1}
    refusal = story.order(path, {"results": [returned, wrong]})
    assert refused(refusal) == "payment_line_unknown"
    assert len(story.pages("R1", "/products/P1/unpaid")) == 503
    body = {"results": [returned], "others_paid_on": "2022-02-28"}
    first, again = (story.order(path, body, key="results-1") for _ in range(2))
    assert (first.status_code, first.json()) == (201, {"settled": 503}), first.text
    assert again.json() == first.json()
    (left,) = story.pages("R1", "/products/P1/unpaid")
    assert (left["payee"]["line"], left["payee"]["state"]) == (1, "held")
    assert left["payee"]["hold"] == "returned"
    assert story.order(f"{RUN}/releases", {"lines": [1]}).status_code == 201
    assert story.order(f"{RUN}/holds", {"lines": [1]}).status_code == 201
    assert story.order(f"{RUN}/releases", {"lines": [1]}).status_code == 201
    second = story.order(f"{RUN}/payment-files", {**FORM, "transfer_day": "2022-03-04"})
    assert second.headers["X-Payment-File"] == "2"
    found, *_ = read(second.content)
    assert [(each.amount, each.customer_code_1) for each in found.transfers] == [
        (26_723, "0000000001")
    ]


# Points, tax ------------------------------------------------------------------------------------


def test_points__beside_cash__are_a_list_without_names(story: Story, approved: Any) -> None:
    body = {**DECLARED, "distribution": "D-POINTS", "income": "0", "points": "2.5"}
    assert story.declare(body, key="points").status_code == 201
    found = story.pages("A1", f"{RUNS}/D-POINTS/points", limit=100)
    points = {each["holder"]: each["points"] for each in found}
    assert points == {f"IV-{n}": units * 5 // 2 for n, units in HELD.items() if units * 5 // 2}
    assert story.pages("R1", f"{RUN}/points") == []
    assert refused(story.world.ask("B2", f"{RUN}/points")) == "route_unknown"


def test_tax__of_an_investor__is_recorded_from_a_day_on(story: Story, approved: Any) -> None:
    rates = story.ask("C1", "/tax-rates")["items"]
    today = {
        each["category"]: (each["income_tax"], each["local_tax"])
        for each in rates
        if each["first"] <= "2022-02-28" <= each["last"]
    }
    assert today == {
        "individual": ("15.315", "5"),
        "corporation": ("15.315", "0"),
        "exempt": ("0", "0"),
    }
    path = "/investors/IV-9/tax-categories"
    body = {"category": "exempt", "effective": "2030-01-01", "evidence_ref": "TAX-12"}
    assert story.ask("R1", path)["items"] == []
    first, again = (story.order(path, body, key="tax-1") for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json()), first.text
    (told,) = story.ask("R1", path)["items"]
    assert (told["category"], told["recorded_by"]) == ("exempt", "machine:K-R1-update")
    audited = story.rows(
        "SELECT count(*) FROM audit WHERE action = 'registry:tax_category:recorded'"
    )
    assert audited == [(1,)]
    far = {**body, "effective": "9999-12-31"}
    assert refused(story.order(path, far)) == "time_malformed"
    assert refused(story.order("/investors/IV-99999/tax-categories", body)) == "not_found"
    assert refused(story.world.ask("B2", path)) == "route_unknown"


def test_late__trade_that_is_undone_after_the_date__is_told_with_what_it_brought(
    story: Story, approved: Any
) -> None:
    path = f"{DAYS}/{DAY}/late-cancellations"
    assert story.ask("A1", path)["items"] == []
    office, firm = story.register.office, story.register.firm
    act = Act(ref=Reference("UNDO-1"), evidence=Digest("0x" + 64 * "e"))
    undone = office.token(PRODUCT).reverse_transfer(
        Reference("SALE-2"), firm.address(2), firm.address(5), 1, act
    )
    office.act(undone, Duty.REPAIRER, product=PRODUCT, ref=act.ref)
    (told,) = story.ask("A1", path)["items"]
    assert told == {
        "trade": "SALE-2",
        "by": "UNDO-1",
        "units": 1,
        "owing": "IV-2",
        "owed": "IV-5",
        "gross": "16767",
    }
    unfixed = story.world.ask("R1", f"{DAYS}/2022-08-01/late-cancellations")
    assert refused(unfixed) == "record_date_unknown"
    assert refused(story.world.ask("R2", path)) == "not_found"
    assert refused(story.world.ask("B2", path)) == "route_unknown"


# Corrections and the year -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corrected(story: Story, file: Response) -> Any:
    """A correction that was declared."""
    story.register.clock.set("2022-03-10 10:00:00")
    body = {
        **DECLARED,
        "distribution": "D-2022-01-K1",
        "corrects": "D-2022-01",
        "income": "16867",
        "payment_day": "2022-03-31",
    }
    answer = story.declare(body, key="correct-1")
    assert answer.status_code == 201, answer.text
    assert story.approve("D-2022-01-K1", "issue-2").json()["state"] == "approved"
    return answer.json()


def test_correction__of_the_amount__pays_the_difference(story: Story, corrected: Any) -> None:
    assert corrected["corrects"] == "D-2022-01"
    assert 0 < corrected["sums"]["to_pay"] < 145_300


def test_statements__of_the_year__say_what_was_withheld(story: Story, file: Response) -> None:
    found = {
        each["holder"]: each for each in story.pages("R1", "/products/P1/statements", year=2022)
    }
    assert len(found) == 503
    entry = found["IV-2"]["payments"][0]
    assert (entry["distribution"], entry["units"]) == ("D-2022-01", HELD[2])
    amounts = entry["amounts"]
    assert (amounts["income"], amounts["income_tax"], amounts["local_tax"], amounts["net"]) == (
        855_117,
        130_961,
        42_755,
        681_401,
    )
    assert "氏名" not in str(found)
    assert refused(story.world.ask("B1", "/products/P1/statements?year=2022")) == "route_unknown"


def test_rows__of_every_run_that_was_declared__are_sums_of_their_payees(
    story: Story, file: Response
) -> None:
    """Whatever the tests above declared: what is stored is per unit times units, and each tax the payee's own floor."""
    runs = story.rows(
        """
        SELECT r.distribution_id, r.units = e.units,
            r.income * r.units + r.capital * r.units = r.income_sum + r.capital_sum + r.remainder,
            (r.income_sum, r.capital_sum, r.income_tax_sum, r.local_tax_sum, r.points_sum)
                = (l.income, l.capital, l.income_tax, l.local_tax, l.points)
        FROM distribution r
        JOIN record_date e USING (product_id, record_day)
        JOIN (
            SELECT distribution_id, sum(income) AS income, sum(capital) AS capital,
                sum(income_tax) AS income_tax, sum(local_tax) AS local_tax, sum(points) AS points
            FROM payee_line GROUP BY 1
        ) l USING (distribution_id)
        """
    )
    assert {run for run, *_ in runs} >= {"D-2022-01", "D-2022-01-K1", "D-ALONE", "D-POINTS"}
    assert [row for row in runs if row[1:] != (True, True, True)] == []
    wrong = story.rows(
        """
        SELECT distribution_id, number FROM payee_line JOIN distribution USING (distribution_id)
        WHERE payee_line.income <> trunc(distribution.income * payee_line.units)
            OR income_tax <> CASE category WHEN 'exempt' THEN 0 ELSE payee_line.income * 15315 / 100000 END
            OR local_tax <> CASE category WHEN 'individual' THEN payee_line.income * 5 / 100 ELSE 0 END
        """
    )
    assert wrong == []


# A file that takes longer -----------------------------------------------------------------------------------


def test_file__by_a_job__is_sent_once_whatever_happens(
    story: Story, corrected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.register.clock.set("2022-03-11 10:00:00")
    files = f"{RUNS}/D-2022-01-K1/payment-files"
    later = {"key": "file-k1", "headers": {"Prefer": "respond-async"}}
    first, again = (story.order(files, FORM, **later) for _ in range(2))
    assert (first.status_code, first.json()) == (202, again.json()), first.text
    job = first.json()["job"]
    assert first.headers["Location"] == f"/v1/jobs/{job}"
    maker, finish = MakeDocuments(story.register.office), DocumentJobs.finish

    def dies(*arguments: Any, **named: Any) -> bool:
        finish(*arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(DocumentJobs, "finish", dies)
        with pytest.raises(KeyboardInterrupt):
            maker.step()
    assert story.ask("R1", files)["items"] == [], "no line counts as sent without its file"
    assert maker.step()
    (told,) = story.ask("R1", files)["items"]
    result = story.world.ask("R1", f"/jobs/{job}/result")
    assert result.status_code == 200, result.text
    assert (result.headers["X-Payment-File"], result.headers["X-Content-SHA256"]) == (
        "1",
        told["digest"],
    )
    assert len(read(result.content)[0].transfers) == told["records"]
    copy = story.world.client.post(
        f"/v1{files}/1/copies", json=FORM, headers={"Authorization": "Bearer R1:reference"}
    )
    assert copy.content == result.content
    stored = story.rows("SELECT to_jsonb(document_job)::text FROM document_job")
    assert "7654321" not in str(stored), "what was asked is sealed"


def test_file__that_cannot_be_made_by_a_job__is_refused_with_every_reason(
    story: Story, file: Response
) -> None:
    files, body = f"{RUN}/payment-files", {**FORM, "transfer_day": "2022-03-31"}
    answer = story.order(files, body, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202, answer.text
    assert MakeDocuments(story.register.office).step()
    told = story.ask("R1", f"/jobs/{answer.json()['job']}")
    assert (told["state"], told["problem"]["reason"]) == ("refused", "payment_nothing_due")


def test_declaration__by_a_job__is_what_was_signed_once(
    story: Story, corrected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.register.clock.set("2022-03-12 10:00:00")
    body = {
        **DECLARED,
        "distribution": "D-2022-01-K2",
        "corrects": "D-2022-01-K1",
        "payment_day": "2022-03-31",
    }
    later = {"Prefer": "respond-async"}
    first, again = (
        ordered(story.world, "R1", RUNS, body, maker="issue-1", key="declare-k2", headers=later)
        for _ in range(2)
    )
    assert (first.status_code, first.json()) == (202, again.json()), first.text
    assert first.headers["Location"] == f"/v1/jobs/{first.json()['job']}"
    maker, finish = MakeDocuments(story.register.office), DocumentJobs.finish

    def dies(*arguments: Any, **named: Any) -> bool:
        finish(*arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(DocumentJobs, "finish", dies)
        with pytest.raises(KeyboardInterrupt):
            maker.step()
    missing = story.world.ask("R1", f"{RUNS}/D-2022-01-K2")
    assert refused(missing) == "distribution_unknown", "the draft is kept with its result"
    assert maker.step()
    job = story.ask("R1", f"/jobs/{first.json()['job']}")
    assert (job["kind"], job["state"], job["done"]) == ("distribution", "done", job["rows"])
    draft = story.ask("R1", f"/jobs/{job['job']}/result")
    assert draft == story.ask("R1", f"{RUNS}/D-2022-01-K2")
    assert (draft["state"], draft["maker"]) == ("draft", "issue-1")


def test_declaration__by_a_job_that_was_signed_otherwise__is_refused(
    story: Story, corrected: Any
) -> None:
    body = {**DECLARED, "distribution": "D-OTHER", "payment_day": "2022-04-28"}
    told = story.order(RUNS, {**body, "maker": {"account": account("issue-1")}}, mode="prepare")
    assert told.status_code == 200, told.text
    another = {**body, "income": "16768", "maker": signed("issue-1", told.json())}
    answer = story.order(RUNS, another, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202, answer.text
    assert MakeDocuments(story.register.office).step()
    job = story.ask("R1", f"/jobs/{answer.json()['job']}")
    assert (job["state"], job["problem"]["reason"]) == ("refused", "signature_invalid")
