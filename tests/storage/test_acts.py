"""Acts: kept in order, as they were; two persons are two."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from tests.storage.builders import CHAIN, P1, deploy, word

from genbo.kernel import Digest, Reason, Reference
from genbo.storage.acts import Act, Acts

DONE = Act(
    at=datetime(2021, 8, 11, tzinfo=UTC),
    command="distribute",
    maker="registrar-1",
    approvers=("registrar-2",),
    product_id=P1,
    ref=Reference("D-1"),
    chain_id=CHAIN,
    tx=Digest(word(5)),
    block=5,
    gas=4_000_000,
    facts={"recipients": 503, "units": 1453},
)
REFUSED = Act(
    at=datetime(2021, 8, 12, tzinfo=UTC),
    command="market open",
    maker="operator-1",
    reason=Reason.PLATFORM_STOPPED,
)


def test_add__done_and_refused__come_back_in_order(connection: Connection) -> None:
    deploy(connection)
    acts = Acts(connection)
    first, second = acts.add(DONE), acts.add(REFUSED)
    assert second > first
    assert acts.all() == [DONE, REFUSED]
    assert acts.all(P1) == [DONE]


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (replace(DONE, approvers=("registrar-2", "registrar-1")), "act_approvers_ck"),
        (replace(DONE, gas=0), "act_gas_ck"),
    ],
)
def test_add__impossible__is_refused_by_the_database(
    connection: Connection, wrong: Act, constraint: str
) -> None:
    deploy(connection)
    with pytest.raises(IntegrityError, match=constraint):
        Acts(connection).add(wrong)
