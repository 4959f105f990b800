"""What somebody hostile, or careless, sends (R-PROGMAT-API-1 to 4).

given a body
├── when it is nested deeper than anything of ours: refused before it is parsed, for the parser would end the process
├── when a number is something else that could pass for one: refused, and no units move on a guess
given many at once
├── when they change different things: each is answered; none waits for a connection that another one, waiting, holds
└── when every connection to the database is in use: 503 with the reason, not a defect
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import TimeoutError as PoolTimeout
from tests.api.conftest import World, refused
from tests.api.test_transfers import transfer

from genbo.api.nesting import DEEPEST, require_shallow
from genbo.kernel import Reason, Refusal


@pytest.fixture(scope="module")
def world(trading: World) -> World:
    return trading


def sent(world: World, who: str, path: str, content: bytes, key: str) -> Any:
    """Bytes as they are."""
    return world.client.post(
        f"/v1{path}",
        content=content,
        headers={
            "Authorization": f"Bearer {who}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        },
    )


# Bodies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["B1:update", "nobody"])
@pytest.mark.parametrize("bracket", [b"[", b'{"a":', b'[{"a":'])
def test_body__nested_without_end__is_refused_and_the_service_lives(
    world: World, who: str, bracket: bytes
) -> None:
    answer = sent(world, who, "/transfers", bracket * (900_000 // len(bracket)), "deep-1")
    assert refused(answer) == "request_malformed"
    assert world.ask("B1", "/products").status_code == 200


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(each) for each in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(each) for each in value), default=0)
    return 0


@given(value=_JSON, around=st.integers(0, DEEPEST + 2))
def test_nesting__any_json__is_refused_from_one_depth_on(value: Any, around: int) -> None:
    for _ in range(around):
        value = ["[[[" * 20, value]
    body = json.dumps(value).encode()
    if _depth(value) <= DEEPEST:
        require_shallow(body)
        return
    with pytest.raises(Refusal) as no:
        require_shallow(body)
    assert no.value.reason is Reason.REQUEST_MALFORMED


@pytest.mark.parametrize("units", [True, "1", "1_0", 1.0, 1e1, 2**80, -1, None, [1]])
def test_units__not_a_whole_number__are_refused(world: World, units: object) -> None:
    body = {**transfer(), "units": units}
    assert refused(world.order("B1", "/transfers", body, mode="dry_run")) == "request_malformed"
    many = {
        "product": "P1",
        "reference": "N-1",
        "from": "IV-3",
        "rows": [{"to": "IV-4", "units": units}],
    }
    assert (
        refused(world.order("B2", "/transfers/bulk", many, mode="dry_run")) == "request_malformed"
    )


# At once ---------------------------------------------------------------------------------------------


def test_webhooks__registered_by_many_at_once__each_is_answered_at_once(world: World) -> None:
    def one(number: int) -> int:
        address = {"url": f"http://127.0.0.1:9/{number}"}
        return world.order("B1", "/webhooks", address, key=f"many-{number}").status_code

    began = monotonic()
    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(one, range(40)))
    assert monotonic() - began < 10
    assert sorted(answers) == [201] * 10 + [409] * 30


def test_database__every_connection_is_in_use__is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = world.firm.office.house.database.engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.05)
    with ExitStack() as held:
        with pytest.raises(PoolTimeout):  # noqa: PT012
            while True:
                held.enter_context(engine.connect())
        answer = world.ask("B1", "/jobs")
    assert (answer.status_code, refused(answer)) == (503, "database_unreachable")
    assert world.ask("B1", "/jobs").status_code == 200
