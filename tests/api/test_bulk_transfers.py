"""Many transfers in one request, and one holder's transfers to many as a job.

given many orders
├── when some are refused: each is told by its number, and the others are accepted
├── when they go together and one is refused: none is accepted
├── when the request is sent again: what was accepted stays so, nothing happens twice
├── when it is only asked about: each is told as it would be, and none is accepted
├── when it is prepared: each giver's signature is prepared, and refused rows are told
└── when a trade is among them twice: the request is refused
given one holder's transfers to many
├── when rows are refused: told by number, the others are one job that is followed to its end
├── when they go together and one is refused: no job
├── when the giver's key is kept outside: refused, for each transfer has its own signature
└── when the job is another firm's: it is not there
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx import Response
from tests.api.conftest import World, refused
from tests.api.rehearsed import digest
from tests.api.test_transfers import order_of, settle, signed, transfer

from genbo.governance import JobId


@pytest.fixture(scope="module")
def world(trading: World) -> World:
    return trading


_refs: Iterator[int] = itertools.count(1)


def to_many(*takers: tuple[str, int], source: str = "IV-3", **more: Any) -> dict[str, Any]:
    return {
        "product": "P1",
        "reference": f"BULK-{next(_refs)}",
        "from": source,
        "rows": [{"to": taker, "units": units} for taker, units in takers],
        **more,
    }


# Many orders -----------------------------------------------------------------------------------------


def test_orders__some_refused__are_told_by_number_and_the_others_accepted(world: World) -> None:
    before = world.firm.balances([1, 2])
    good = signed(world, transfer(units=1))
    unsigned = transfer(units=1)
    strange = transfer(source="IV-3")
    last = signed(world, transfer(source="IV-2", target="IV-1", units=2), by=2)
    answer = world.order("B1", "/transfers/orders", {"rows": [good, unsigned, strange, last]})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["accepted"], said["refused"]) == (2, 2)
    assert [each["state"] for each in said["rows"]] == [
        "ordered",
        "not_accepted",
        "not_accepted",
        "ordered",
    ]
    reasons = [each["problem"] and each["problem"]["reason"] for each in said["rows"]]
    assert reasons == [None, "authorisation_missing", "not_found", None]
    settle(world)
    assert world.firm.balances([1, 2]) == [before[0] + 1, before[1] - 1]


def test_orders__together_and_one_refused__none_is_accepted(world: World) -> None:
    good, bad = signed(world, transfer(units=1)), transfer(units=1)
    answer = world.order("B1", "/transfers/orders", {"rows": [good, bad], "atomic": True})
    assert answer.json()["accepted"] == 0
    assert [each["state"] for each in answer.json()["rows"]] == ["not_accepted"] * 2
    assert refused(world.ask("B1", f"/transfers/P1/{good['trade']}")) == "not_found"


def test_orders__sent_again_by_many__happen_once(world: World) -> None:
    rows = [transfer("IV-3", "IV-4", 1) for _ in range(5)]
    before = world.firm.balances([3, 4])
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda _: world.order("B2", "/transfers/orders", {"rows": rows}, key="five"),
                range(20),
            )
        )
    assert {each.status_code for each in answers} == {200}
    assert {each.json()["accepted"] for each in answers} == {5}
    settle(world)
    assert world.firm.balances([3, 4]) == [before[0] - 5, before[1] + 5]
    other = world.order("B2", "/transfers/orders", {"rows": rows[:4]}, key="five").json()
    assert {each["problem"]["reason"] for each in other["rows"]} == {"command_key_reused"}
    assert order_of(world, rows[0], "B2")["state"] == "delivered"


def test_orders__a_trade_twice__is_refused(world: World) -> None:
    row = transfer("IV-3", "IV-4", 1)
    assert refused(world.order("B2", "/transfers/orders", {"rows": [row, row]})) == (
        "request_malformed"
    )


def test_orders__asked_about__are_told_and_none_is_kept(world: World) -> None:
    rows = [signed(world, transfer(units=1)), transfer(units=1)]
    before = digest(world.firm.office.house.database)
    asked = world.order("B1", "/transfers/orders", {"rows": rows}, key="asked", mode="dry_run")
    assert digest(world.firm.office.house.database) == before
    done = world.order("B1", "/transfers/orders", {"rows": rows}, key="asked")

    def told(answer: Response) -> list[object]:
        rows = answer.json()["rows"]
        return [(each["state"], each["problem"] and each["problem"]["reason"]) for each in rows]

    assert (
        told(asked) == told(done) == [("ordered", None), ("not_accepted", "authorisation_missing")]
    )


def test_orders__prepared__say_what_each_giver_signs(world: World) -> None:
    good, strange = transfer(units=1), transfer(source="IV-3")
    answer = world.order("B1", "/transfers/orders", {"rows": [good, strange]}, mode="prepare")
    first, second = answer.json()["rows"]
    assert first["problem"] is None
    assert first["sign"]["typed_data"]["message"]["value"] in (1, "1")
    assert (second["sign"], second["problem"]["reason"]) == (None, "not_found")


# One holder's ----------------------------------------------------------------------------------------


def test_bulk__rows_refused__are_told_and_the_others_are_a_job(world: World) -> None:
    before = world.firm.balances([3, 4])
    body = to_many(("IV-4", 3), ("IV-99", 1), ("IV-3", 1), ("IV-4", 2))
    answer = world.order("C1", "/transfers/bulk", body)
    assert answer.status_code == 202, answer.text
    said = answer.json()
    assert said["accepted"] == 2
    assert [(each["row"], each["problem"]["reason"]) for each in said["refused"]] == [
        (2, "not_found"),
        (3, "same_address"),
    ]
    world.firm.office.bulk.run(JobId(said["job"]))
    job = world.ask("C1", f"/jobs/{said['job']}").json()
    assert (job["state"], job["rows"], job["done"], job["refused"]) == ("done", 2, 2, 0)
    assert world.firm.balances([3, 4]) == [before[0] - 5, before[1] + 5]
    assert refused(world.ask("B1", f"/jobs/{said['job']}")) == "not_found"


def test_bulk__the_ledger_refuses_a_row__it_is_listed_by_its_number(world: World) -> None:
    before = world.firm.balances([3, 4])
    body = to_many(("IV-99", 1), ("IV-4", before[0]), ("IV-4", 1))
    job = world.order("B2", "/transfers/bulk", body).json()["job"]
    world.firm.office.bulk.run(JobId(job))
    listed = world.ask("B2", f"/jobs/{job}/refused-rows").json()
    assert [(each["row"], each["reason"]) for each in listed["items"]] == [
        (3, "insufficient_balance")
    ]
    assert world.firm.balances([3]) == [0]
    back = to_many(("IV-3", before[0]), source="IV-4")
    world.firm.office.bulk.run(JobId(world.order("B2", "/transfers/bulk", back).json()["job"]))


def test_bulk__together_and_one_refused__is_no_job(world: World) -> None:
    body = to_many(("IV-4", 1), ("IV-99", 1), atomic=True)
    said = world.order("B2", "/transfers/bulk", body).json()
    assert (said["job"], said["accepted"]) == (None, 0)
    assert [each["row"] for each in said["refused"]] == [2]


def test_bulk__asked_about__keeps_nothing(world: World) -> None:
    body = to_many(("IV-4", 1))
    said = world.order("B2", "/transfers/bulk", body, mode="dry_run").json()
    assert (said["job"], said["accepted"], said["refused"]) == (None, 1, [])


def test_bulk__keys_outside__is_refused(world: World) -> None:
    body = to_many(("IV-2", 1), source="IV-1")
    world.firm.office.ring._signers.pop(world.firm.address(1), None)
    said = world.order("B1", "/transfers/bulk", body)
    assert said.status_code == 422, said.text
    assert refused(said) == "authorisation_missing"
    assert refused(world.order("B2", "/transfers/bulk", body)) == "not_found"


def test_job__cancelled__goes_no_further(world: World) -> None:
    before = world.firm.balances([4])
    job = world.order("B2", "/transfers/bulk", to_many(("IV-4", 1))).json()["job"]
    assert refused(world.order("B1", f"/jobs/{job}/cancellation")) == "not_found"
    ended = world.order("B2", f"/jobs/{job}/cancellation")
    assert ended.json()["state"] == "cancelled"
    world.firm.office.bulk.step(JobId(job))
    assert world.firm.balances([4]) == before
