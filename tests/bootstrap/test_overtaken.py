"""A sender that is overtaken, or whose node has trouble of its own, refuses nothing: only a rule says no.

given a sender that found, before it was overtaken, that a command would be refused
└── when another has sent the command since: it should keep nothing, and the command be done
given a node that says no to a rehearsal for a reason of its own
└── the command should wait, and go when the node has come round
given a node that no longer has the state a transaction failed on
└── the command should be refused without the contract's reason, and all others go on
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.bootstrap.sending import SOMEBODY, Sending

from genbo.chain.hexes import address_of
from genbo.chain.node import Reverted
from genbo.chain.remote import RemoteNode
from genbo.governance import CommandState
from genbo.governance.ports import LeadLost
from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database

pytestmark = pytest.mark.anvil


@pytest.fixture
def sending(local_node: RemoteNode, database: Database) -> Iterator[Sending]:
    made = Sending(local_node, database, at_once=True)
    yield made
    made.rpc("anvil_dropAllTransactions")


class Troubled:
    """A real node whose answer to one kind of question is in the test's hand."""

    def __init__(self, inner: RemoteNode, **answers: Any) -> None:
        self._inner = inner
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        return self._answers.get(name) or getattr(self._inner, name)


def test_sender__overtaken_after_it_judged__refuses_nothing(sending: Sending) -> None:
    command = sending.order("k")

    def overtaken(**_: Any) -> int:
        """While this one looks, another takes over, sends, and the act is done; then it would be refused."""
        sending.lead = sending.take_lead()
        sending.turn()
        raise Reverted(b"")

    late = sending.new_dispatcher(Troubled(sending.node, rehearse=overtaken))
    with pytest.raises(LeadLost):
        late.turn(sending.lead)
    assert sending.state(command) is CommandState.FINAL
    assert len(sending.rows()) == 1


def test_command__node_has_a_reason_of_its_own__waits_and_goes_later(sending: Sending) -> None:
    command = sending.order("k")

    def busy(**_: Any) -> int:
        raise Fault(Reason.TRANSACTION_FAILED, problem="header not found")

    turn = sending.new_dispatcher(Troubled(sending.node, rehearse=busy)).turn(sending.lead)
    assert (turn.waiting, turn.sent, sending.rows()) == (1, 0, [])
    assert "header not found" in turn.problems[0]
    assert sending.state(command) is CommandState.QUEUED
    sending.turn()
    assert sending.state(command) is CommandState.FINAL


def test_command__failed_and_the_state_is_gone__is_refused_and_others_go_on(
    sending: Sending,
) -> None:
    code = "0x60006000fd"  # refuses every call
    refusing = address_of(bytes(18) + b"\x0f\x0f")
    sending.rpc("anvil_setCode", refusing, code)
    failing = sending.order("k1", to=refusing, gas=60_000)
    fine = sending.order("k2", to=SOMEBODY, gas=60_000)

    def pruned(**_: Any) -> Any:
        raise Fault(Reason.TRANSACTION_FAILED, problem="missing trie node")

    sending.dispatcher = sending.new_dispatcher(Troubled(sending.node, call=pruned))
    sending.turn()
    assert sending.state(fine) is CommandState.FINAL
    outcome = sending.stored(failing).outcome
    assert outcome.reason is Reason.TRANSACTION_FAILED
    assert outcome.tx is not None
