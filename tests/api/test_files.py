"""Files for masters over the interface, in parts (D.10.6, R-PROGMAT-T15).

given a file that a broker announced
├── when its parts come with an interruption and one of them twice: the missing ones are told, and it is complete
├── when a byte is missing, or the bytes are others: refused, and the right ones may come
├── when the same file is announced again: refused
├── when one row of many is wrong: none is applied, the row is told with its reason
├── when who announced it approves it: refused; another does, and every row is applied, and the bytes are gone
└── when a row is another broker's customer, or judges somebody: rejected
given another firm
└── the file is not there
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from tests.api.conftest import World, refused
from tests.support.master_files import as_csv, people

from genbo.bootstrap.uploads import PART_SIZE, CheckAndApply

_minutes: Iterator[int] = itertools.count()


def rows_of(count: int, prefix: str, broker: str = "B1") -> list[dict[str, str]]:
    """Customers of a direct broker, without what is not a broker's to say."""
    delegated = broker == "B2"
    made = []
    for number, row in enumerate(people(count), start=1):
        made.append(
            row
            | {
                "investor_id": f"{prefix}-{number}",
                "safekeeping_kind": "delegated" if delegated else "direct",
                "safekeeping_id": broker,
                "broker_customer_id": f"{prefix}-{number}",
                "custodian_id": "C1" if delegated else "",
                "investor_status": "",
                "aml_class": "",
                "verified_at": "",
                "verified_until": "",
                "kyc_evidence": "",
            }
        )
    return made


def announced(world: World, content: bytes, who: str = "B1", **more: Any) -> Any:
    return world.order(
        who,
        "/files",
        {
            "target": "investor",
            "kind": "new",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "timestamp": f"2026-03-01T09:{next(_minutes) % 60:02}:00+09:00",
            **more,
        },
    )


def send(world: World, file: str, part: int, content: bytes, who: str = "B1") -> Any:
    return world.submitted(
        "PUT",
        f"/files/{file}/parts/{part}",
        content=content,
        headers={
            "Authorization": f"Bearer {who}:update",
            "Idempotency-Key": f"{file}-{part}",
            "X-Part-SHA256": hashlib.sha256(content).hexdigest(),
            "Content-Type": "application/octet-stream",
        },
    )


def uploaded(world: World, content: bytes, who: str = "B1", **more: Any) -> str:
    """The id of a file that was sent whole and checked."""
    answer = announced(world, content, who, **more)
    assert answer.status_code == 201, answer.text
    file = str(answer.json()["file"])
    for part in range(answer.json()["part_count"]):
        piece = content[part * PART_SIZE : (part + 1) * PART_SIZE]
        assert send(world, file, part + 1, piece, who).status_code == 200
    done = world.order(who, f"/files/{file}/completion")
    assert done.status_code == 202, done.text
    work(world)
    return file


def work(world: World) -> None:
    routine = CheckAndApply(world.firm.office)
    while routine.step():
        pass


def told(world: World, file: str, who: str = "B1") -> dict[str, Any]:
    return dict(world.ask(who, f"/files/{file}/parts").json())


def kept_parts(world: World, file: str) -> int:
    with world.firm.office.house.database.read() as connection:
        found = connection.execute(
            text("SELECT count(*) FROM upload_part WHERE file_id = :file"), {"file": file}
        )
        return int(found.scalar_one())


def test_file__applied_after_another_approved__registers_every_row(world: World) -> None:
    file = uploaded(world, as_csv(rows_of(3, "UP-A")))
    checked = told(world, file)
    assert (checked["status"], checked["result"]["read"], checked["result"]["applied"]) == (
        "checked",
        3,
        0,
    )
    assert refused(world.order("B1", f"/files/{file}/approval")) == "same_person"
    approved = world.order("R1", f"/files/{file}/approval")
    assert approved.status_code == 202, approved.text
    work(world)
    done = told(world, file)
    assert (done["status"], done["result"]["applied"]) == ("done", 3)
    assert world.ask("B1", "/investors/UP-A-3").json()["broker"] == "B1"
    assert kept_parts(world, file) == 0
    with world.firm.office.house.database.read() as connection:
        wrapped = connection.execute(
            text("SELECT wrapped_key FROM owner_key WHERE owner = :owner"),
            {"owner": f"upload:{file}"},
        )
        assert wrapped.scalar_one() is None


def test_file__interrupted__goes_on_with_what_is_missing(world: World) -> None:
    content = as_csv(rows_of(3_200, "UP-B"))
    assert PART_SIZE < len(content) < 2 * PART_SIZE
    made = announced(world, content).json()
    file = made["file"]
    assert (made["part_count"], made["parts"]) == (2, [])
    assert send(world, file, 2, content[PART_SIZE:]).status_code == 200
    assert [each["part"] for each in told(world, file)["parts"]] == [2]
    assert refused(world.order("B1", f"/files/{file}/completion")) == "import_file_size_differs"
    for _ in range(2):
        assert send(world, file, 1, content[:PART_SIZE]).status_code == 200
    assert world.order("B1", f"/files/{file}/completion").status_code == 202
    work(world)
    assert told(world, file)["status"] == "checked"


def test_d_10_6__a_byte_less_than_announced_and_the_same_file_again(world: World) -> None:
    content = as_csv(rows_of(2, "UP-C")).ljust(10_240, b"\n")
    made = announced(world, content, timestamp="2026-03-02T09:00:00+09:00")
    file = made.json()["file"]
    assert made.json()["size"] == 10_240
    short = send(world, file, 1, content[:10_239])
    assert refused(short) == "import_file_size_differs"
    assert (short.json()["facts"]["announced"], short.json()["facts"]["received"]) == (
        10_240,
        10_239,
    )
    again = announced(world, content, timestamp="2026-03-02T09:00:00+09:00")
    assert refused(again) == "import_file_twice"
    before = announced(world, content, timestamp="0001-01-01T00:00:00+14:00")
    assert refused(before) == "time_malformed"


def test_file__other_bytes_of_the_same_size__are_refused_and_may_come_right(world: World) -> None:
    content = as_csv(rows_of(1, "UP-D"))
    file = announced(world, content).json()["file"]
    assert send(world, file, 1, b"x" * len(content)).status_code == 200
    assert refused(world.order("B1", f"/files/{file}/completion")) == "import_file_hash_differs"
    assert told(world, file)["parts"] == []
    assert send(world, file, 1, content).status_code == 200
    assert world.order("B1", f"/files/{file}/completion").status_code == 202


def test_part__of_another_hash__is_refused(world: World) -> None:
    content = as_csv(rows_of(1, "UP-E"))
    file = announced(world, content).json()["file"]
    answer = world.client.put(
        f"/v1/files/{file}/parts/1",
        content=content,
        headers={
            "Authorization": "Bearer B1:update",
            "Idempotency-Key": "wrong-hash",
            "X-Part-SHA256": "0" * 64,
            "Content-Type": "application/octet-stream",
        },
    )
    assert refused(answer) == "import_file_hash_differs"


def test_d_10_6__one_bad_row_of_a_thousand__applies_none_and_tells_the_row(world: World) -> None:
    rows = rows_of(1_000, "UP-F")
    rows[499]["payee_bank_code"] = "0000"
    file = uploaded(world, as_csv(rows))
    failed = told(world, file)
    assert failed["status"] == "failed"
    assert failed["result"]["applied"] == 0
    assert {each["line"] for each in failed["result"]["rejections"]} == {501}
    assert all(each["problem"]["reason"] for each in failed["result"]["rejections"])
    assert refused(world.ask("B1", "/investors/UP-F-1")) == "not_found"
    assert kept_parts(world, file) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"safekeeping_id": "B3"}, {"aml_class": "clear"}, {"investor_status": "active"}],
)
def test_file__says_what_is_not_the_broker_s__is_rejected(
    world: World, wrong: dict[str, str]
) -> None:
    rows = rows_of(1, f"UP-G{next(_minutes)}")
    rows[0] |= wrong
    assert told(world, uploaded(world, as_csv(rows)))["status"] == "failed"


def test_file__of_another_target__is_not_a_broker_s(world: World) -> None:
    assert refused(announced(world, b"x", target="bank")) == "field_invalid"


def test_file__of_another_firm__is_not_there(world: World) -> None:
    file = announced(world, as_csv(rows_of(1, "UP-H"))).json()["file"]
    assert refused(world.ask("B2", f"/files/{file}/parts")) == "import_file_unknown"
    assert refused(world.order("B2", f"/files/{file}/approval")) == "import_file_unknown"
    assert refused(world.ask("C1", f"/files/{file}/parts")) == "route_unknown"
    assert refused(world.ask("R2", f"/files/{file}/parts")) == "import_file_unknown"
    assert world.ask("R1", f"/files/{file}/parts").status_code == 200
