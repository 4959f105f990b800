"""Documents that take longer, through the interface (issue 6: 202, a job with progress, cancel, result).

given a register that is asked for
├── when whoever asks would rather not wait, or it has more rows than are made at once: 202 with a job
│   └── nothing is recorded as given out before it is made
├── when it was made: the result is the bytes and the headers of the direct answer, with one inspection
│   └── each time it is fetched is recorded, and that personal data is read
├── when another institution asks for the job, its result or its end: nothing is there
├── when it is not done, or was cancelled: it has no result, and nothing was made
├── when it was cancelled, or its process died, while it was made: no inspection, and begun anew the same bytes
├── when it cannot be made: it is refused as the direct answer would be
├── when its time is over, or somebody was erased since: the result is gone, and its key
├── when names were disclosed to an issuer, and no longer are: it does not fetch them
├── the same asked for again while it runs is the same job; too many are refused
└── in the database nobody's name can be read
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import text
from tests.api.conftest import World, refused
from tests.storage.builders import new_investor

from genbo.api.job import JobKind, JobState
from genbo.bootstrap import document_jobs
from genbo.bootstrap.document_jobs import MakeDocuments
from genbo.bootstrap.people import register_investors
from genbo.governance import JobKind as OrderedKind
from genbo.governance import JobState as OrderedState
from genbo.governance.document_job import (
    MOST_ATTEMPTS,
    MOST_RUNNING,
    DocumentJob,
    DocumentKind,
    DocumentState,
)
from genbo.governance.institutions import (
    DecidedDisclosure,
    Disclosure,
    DisclosureId,
    InstitutionId,
)
from genbo.kernel import Digest, InvestorId, ProductId
from genbo.reporting import Form
from genbo.storage.disclosures import Disclosures
from genbo.storage.document_jobs import PART_SIZE, DocumentJobs

REGISTER = "/products/P1/register-documents"
WHY = {"requester": "T-1", "reason": "record date"}
ASYNC = {"Prefer": "respond-async, wait=10"}


def ask(world: World, who: str, body: Any, path: str = REGISTER, **headers: str) -> Response:
    return world.client.post(
        f"/v1{path}",
        json={**WHY, **body},
        headers={"Authorization": f"Bearer {who}:reference", **headers},
    )


def asked(world: World, who: str = "R1", **body: Any) -> str:
    """A job that runs."""
    answer = ask(world, who, body, **ASYNC)
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert answer.headers["Location"] == f"/v1/jobs/{told['job']}"
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert (told["state"], told["result"]) == ("running", None)
    return str(told["job"])


def made(world: World, who: str = "R1", **body: Any) -> str:
    job = asked(world, who, **body)
    assert maker(world).step()
    return job


def maker(world: World) -> MakeDocuments:
    return MakeDocuments(world.firm.office)


def job_of(world: World, job: str, who: str = "R1") -> Any:
    return world.ask(who, f"/jobs/{job}").json()


def result(world: World, job: str, who: str = "R1") -> Response:
    return world.ask(who, f"/jobs/{job}/result")


def rows(world: World, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with world.firm.office.house.database.read() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def inspections(world: World) -> int:
    return int(rows(world, "SELECT count(*) FROM inspection")[0][0])


def entries(world: World, job: str) -> list[str]:
    """What the audit chain says of a job."""
    found = rows(world, "SELECT action FROM audit WHERE subject = :job ORDER BY number", job=job)
    return [str(action).rsplit(":", 1)[1] for (action,) in found]


@pytest.fixture(autouse=True)
def nothing_left(world: World) -> Iterator[None]:
    """No test leaves a job that runs."""
    yield
    house = world.firm.office.house
    with house.database.begin() as connection:
        jobs = DocumentJobs(connection, house.vault)
        for job in jobs.running():
            jobs.cancel(job, at=house.now(), by="tests")


@pytest.mark.parametrize("form", list(Form))
def test_register__made_by_a_job__is_what_the_direct_answer_is(world: World, form: Form) -> None:
    block = world.ask("R1", "/products/P1/totals").json()["block"]["number"]
    body = {"form": form.value, "as_of": f"block:{block}"}
    direct, before = ask(world, "R1", body), inspections(world)
    job = asked(world, **body)
    assert inspections(world) == before, "nothing was given out yet"
    assert refused(result(world, job)) == "job_not_done"
    assert maker(world).step()
    told = job_of(world, job)
    assert (told["state"], told["kind"], told["done"]) == ("done", "register", told["rows"])
    assert told["done"] > 0
    answer = result(world, job)
    assert answer.content == direct.content
    assert told["result"]["size"] == len(answer.content)
    assert "0x" + direct.headers["ETag"].strip('"') == told["result"]["sha256"]
    assert inspections(world) == before + 1
    for name, value in direct.headers.items():
        if name.lower() not in ("x-inspection", "x-request-id"):
            assert answer.headers[name] == value, name
    stored = rows(world, "SELECT requester, by FROM inspection WHERE inspection_id = :i",
                  i=answer.headers["X-Inspection"])  # fmt: skip
    assert stored == [("T-1", "machine:K-R1-reference")]


def test_register__of_more_rows_than_are_made_at_once__is_made_by_a_job(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = world.firm.office.house
    monkeypatch.setattr(world.firm.office, "house", replace(house, direct_rows=3))
    answer = ask(world, "A1", {"form": "csv"})
    assert answer.status_code == 202, answer.text
    assert "Preference-Applied" not in answer.headers
    monkeypatch.setattr(world.firm.office, "house", replace(house, direct_rows=4))
    assert ask(world, "A1", {"form": "csv"}).status_code == 200


def test_refusal__that_needs_no_making__comes_at_once(world: World) -> None:
    assert refused(ask(world, "B1", {"extent": "full"}, **ASYNC)) == "extent_not_open"
    assert refused(ask(world, "R2", {}, **ASYNC)) == "not_found"
    assert refused(ask(world, "R1", {"as_of": "block:999999"}, **ASYNC)) == "block_unknown"


def test_result__fetched__is_recorded_each_time_with_its_reading(world: World) -> None:
    job = made(world, "B1", form="json", purpose="order")
    before = rows(world, "SELECT count(*) FROM reading WHERE purpose = 'order'")[0][0]
    for _ in range(2):
        assert result(world, job, "B1").status_code == 200
    assert entries(world, job) == ["asked", "ended", "fetched", "fetched"]
    after = rows(world, "SELECT count(*) FROM reading WHERE purpose = 'order'")[0][0]
    assert after == before + 2
    reduced = made(world, "A1", form="json")
    readings = rows(world, "SELECT count(*) FROM reading")
    assert result(world, reduced, "A1").status_code == 200
    assert rows(world, "SELECT count(*) FROM reading") == readings, "nobody is named in it"


def test_job__of_another_institution__is_not_there(world: World) -> None:
    job = made(world, "B1", form="json")
    for who in ("R1", "B2", "C1", "A1"):
        assert refused(world.ask(who, f"/jobs/{job}")) == "not_found"
        assert refused(result(world, job, who)) == "not_found"
        assert refused(world.order(who, f"/jobs/{job}/cancellation")) == "not_found"
        assert job not in {each["job"] for each in world.ask(who, "/jobs").json()["items"]}
    listed = world.ask("B1", "/jobs").json()["items"]
    assert job in {each["job"] for each in listed}
    assert refused(result(world, "0" * 32)) == "not_found"


def test_list__of_jobs__has_documents_and_bulk_acts_page_by_page(world: World) -> None:
    mine = [made(world, form="json", reason=f"{number}") for number in range(2)]
    found, cursor = [], None
    while True:
        query = {"limit": 1} | ({} if cursor is None else {"cursor": cursor})
        page = world.ask("R1", "/jobs", params=query).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert set(mine) <= {each["job"] for each in found}
    assert len({each["job"] for each in found}) == len(found)
    assert {"distribute", "register"} <= {each["kind"] for each in found}


def test_job__cancelled_before_it_is_made__is_never_made(world: World) -> None:
    before = inspections(world)
    job = asked(world)
    answer = world.order("R1", f"/jobs/{job}/cancellation")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert not maker(world).step()
    assert refused(result(world, job)) == "job_not_done"
    assert inspections(world) == before
    assert entries(world, job) == ["asked", "ended", "removed"]
    assert rows(world, "SELECT request FROM document_job WHERE job_id = :job", job=job) == [(None,)]


def test_job__cancelled_while_it_is_made__leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = inspections(world)
    job = asked(world, form="csv")
    monkeypatch.setattr(document_jobs, "_NOTED_EVERY", 0.0)
    original, ticks = document_jobs.MakeDocuments._tick, []

    def cancelling(self: MakeDocuments, one: DocumentJob) -> Any:
        tick = original(self, one)

        def told(done: int) -> None:
            ticks.append(done)
            if len(ticks) == 2:
                world.order("R1", f"/jobs/{job}/cancellation")
            tick(done)

        return told

    monkeypatch.setattr(document_jobs.MakeDocuments, "_tick", cancelling)
    assert maker(world).step()
    assert len(ticks) == 2, "it ended there"
    assert job_of(world, job)["state"] == "cancelled"
    assert inspections(world) == before


class Died(BaseException):
    """As if the process had been killed."""


def test_job__whose_process_died__is_begun_anew_with_the_same_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = inspections(world)
    job = asked(world, form="json")
    finish = DocumentJobs.finish

    def dies(*arguments: Any, **named: Any) -> bool:
        finish(*arguments, **named)
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(DocumentJobs, "finish", dies)
        with pytest.raises(Died):
            maker(world).step()
    assert job_of(world, job)["state"] == "running"
    assert inspections(world) == before, "the inspection is kept with the result"
    assert maker(world).step()
    block = result(world, job).headers["X-Block"]
    direct = ask(world, "R1", {"form": "json", "as_of": f"block:{block}"})
    assert result(world, job).content == direct.content
    assert rows(world, "SELECT attempts FROM document_job WHERE job_id = :job", job=job) == [(2,)]
    assert inspections(world) == before + 2, "one of the job, one of the direct answer"


def test_job__that_ended_its_process_too_often__is_refused(world: World) -> None:
    job = asked(world)
    house = world.firm.office.house
    for _ in range(MOST_ATTEMPTS):
        with house.database.begin() as connection:
            assert DocumentJobs(connection, house.vault).begin(job, at=house.now()) is not None  # type: ignore[arg-type]
    assert maker(world).step()
    told = job_of(world, job)
    assert (told["state"], told["problem"]["reason"]) == ("refused", "internal_error")


def test_job__that_another_process_makes__is_left_to_it(world: World) -> None:
    job = asked(world)
    with world.firm.office.house.database.begin() as connection:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
            {"name": f"genbo document job {job}"},
        )
        assert not maker(world).step()
    assert maker(world).step()


def test_certificate__that_cannot_be_made__is_refused_as_the_direct_answer(world: World) -> None:
    house = world.firm.office.house
    job = DocumentJob(
        id="c" * 32,  # type: ignore[arg-type]
        institution="R1",  # type: ignore[arg-type]
        kind=DocumentKind.CERTIFICATE,
        product=ProductId("P1"),
        purpose="certificate",
        of=1,
        asked_at=house.now(),
        asked_by="machine:K-R1-reference",
        changed_at=house.now(),
    )
    block = world.ask("R1", "/products/P1/totals").json()["block"]["number"]
    request = {
        **WHY, "as_of": block, "extent": "full", "form": "pdf", "language": "ja",
        "purpose": "certificate", "holder": "IV-4",
    }  # fmt: skip
    with house.database.begin() as connection:
        DocumentJobs(connection, house.vault).ask(job, request)
    assert maker(world).step()
    told = job_of(world, job.id)
    assert (told["state"], told["problem"]["reason"]) == ("refused", "holding_unknown")
    assert refused(result(world, job.id)) == "holding_unknown"
    assert world.ask("R1", f"/jobs/{job.id}/refused-rows").json()["items"] == []


def test_result__past_its_time__is_gone_with_its_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = made(world, form="json")
    office = world.firm.office
    later = office.house.now() + timedelta(hours=office.house.result_hours)
    with monkeypatch.context() as past:
        past.setattr(office, "house", replace(office.house, clock=lambda: later))
        assert refused(result(world, job)) == "result_gone"
        maker(world).step()
    assert result(world, job).status_code == 410
    assert job_of(world, job)["result"]["removed"] is True
    assert entries(world, job)[-1] == "removed"
    assert rows(world, "SELECT 1 FROM document_job_part WHERE job_id = :job", job=job) == []
    keys = rows(world, "SELECT wrapped_key FROM owner_key WHERE owner = :o", o=f"document:{job}")
    assert keys == [(None,)]


def test_result__when_somebody_was_erased_since__is_gone(world: World) -> None:
    office = world.firm.office
    named, nobody = made(world, form="json"), made(world, "A1", form="json")
    register_investors(office, [new_investor("IV-900")], [], by="registration-1")
    house = office.house
    with house.database.begin() as connection:
        house.vault.destroy(
            connection, InvestorId("IV-900"), at=house.now(), by="privacy-1", ground="over"
        )
    assert refused(result(world, named)) == "result_gone"
    assert result(world, nobody, "A1").status_code == 200
    maker(world).step()
    assert job_of(world, named)["result"]["removed"] is True
    assert job_of(world, nobody, "A1")["result"]["removed"] is False


def test_result__of_names_disclosed_to_an_issuer__ends_with_the_disclosure(world: World) -> None:
    house = world.firm.office.house
    at = house.now()
    told = Disclosure(
        product=ProductId("P1"),
        by=InstitutionId("R1"),
        to=InstitutionId("A1"),
        purpose="notice of a meeting",
        basis=Digest("0x" + 64 * "1"),
    )
    proposed = DecidedDisclosure(
        id=DisclosureId("D-1"),
        disclosure=told,
        valid_from=at,
        valid_until=at + timedelta(days=1),
        maker="registrar-1",
        made_at=at,
    )
    with house.database.begin() as connection:
        Disclosures(connection).propose(proposed)
        Disclosures(connection).approve(proposed.id, at=at, by="registrar-2")
    job = made(world, "A1", form="json", extent="full")
    assert "氏名".encode() in result(world, job, "A1").content
    with house.database.begin() as connection:
        Disclosures(connection).end(proposed.id, at=at, by="registrar-1")
    assert refused(result(world, job, "A1")) == "result_gone"


def test_job__asked_again_while_it_runs__is_the_same_and_too_many_are_refused(world: World) -> None:
    first = asked(world, form="csv")
    assert asked(world, form="csv") == first
    others = {asked(world, form="csv", reason=f"{number}") for number in range(MOST_RUNNING - 1)}
    assert len(others | {first}) == MOST_RUNNING
    answer = ask(world, "R1", {"form": "csv", "reason": "one more"}, **ASYNC)
    assert (answer.status_code, refused(answer)) == (429, "jobs_exceeded")
    assert asked(world, "B1", form="csv") != first, "another institution has its own"


def test_database__of_jobs__names_nobody(world: World) -> None:
    job = made(world, form="json", reason="a court asked for it")
    assert "氏名".encode() in result(world, job).content
    told = rows(world, "SELECT to_jsonb(document_job)::text FROM document_job")
    parts = rows(world, "SELECT content FROM document_job_part WHERE job_id = :job", job=job)
    everything = "".join(row for (row,) in told).encode() + b"".join(bytes(row) for (row,) in parts)
    for word in ("氏名", "a court asked"):
        assert word.encode() not in everything
        assert word.encode().hex() not in everything.decode("latin-1")


def test_result__of_several_parts__is_put_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genbo.storage.document_jobs.PART_SIZE", 100)
    job = made(world, form="json")
    monkeypatch.undo()
    assert PART_SIZE > 100
    answer = result(world, job)
    assert len(answer.content) == int(answer.headers["Content-Length"])
    assert answer.headers["X-Content-SHA256"] == job_of(world, job)["result"]["sha256"]


def test_words__of_the_interface__are_those_of_both_kinds_of_jobs() -> None:
    assert {each.value for each in JobKind} == {
        *(each.value for each in OrderedKind),
        *(each.value for each in DocumentKind),
    }
    assert {each.value for each in JobState} == {
        *(each.value for each in OrderedState),
        *(each.value for each in DocumentState),
    }


def test_progress__of_a_job__is_told_by_rows_a_second() -> None:
    begun = datetime.fromisoformat("2026-04-01T00:00:00+00:00")
    job = DocumentJob(
        id="1" * 32,  # type: ignore[arg-type]
        institution="R1",  # type: ignore[arg-type]
        kind=DocumentKind.REGISTER,
        product=ProductId("P1"),
        purpose=None,
        of=1_000,
        done=250,
        asked_at=begun,
        asked_by="machine:K",
        begun_at=begun,
        changed_at=begun,
    )
    at = begun + timedelta(seconds=10)
    assert job.rate(at=at) == 25
    assert job.expected_end(at=at) == at + timedelta(seconds=30)
    assert replace(job, begun_at=None).expected_end(at=at) is None
