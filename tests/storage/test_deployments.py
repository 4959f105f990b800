"""Deployments: one per chain, and never another chain of the same id."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection
from tests.storage.builders import CHAIN, START, account, deploy, word

from genbo.kernel import Fault, Reason
from genbo.storage.deployments import Deployments


def test_record__again__changes_nothing(connection: Connection) -> None:
    deploy(connection)
    deployments = Deployments(connection)
    stored = deployments.get(CHAIN)
    assert stored.safes == {"issuer": account(904)}
    deployments.record(stored, at=START, by="genbo")
    assert deployments.all() == [stored]


def test_get__no_deployment__is_refused(connection: Connection) -> None:
    with pytest.raises(Fault) as caught:
        Deployments(connection).get(7)
    assert caught.value.reason is Reason.DEPLOYMENT_MISSING
    assert caught.value.facts == {"chain_id": 7}


def test_record__another_chain_of_the_same_id__is_refused(connection: Connection) -> None:
    deploy(connection)
    deployments = Deployments(connection)
    with pytest.raises(Fault) as caught:
        deployments.record(
            replace(deployments.get(CHAIN), first_block_hash=word(9)), at=START, by="genbo"
        )
    assert caught.value.reason is Reason.CHAIN_MISMATCH


@pytest.mark.parametrize("contract", ["duty_manager", "platform", "factory"])
def test_record__another_contract__is_refused(connection: Connection, contract: str) -> None:
    deploy(connection)
    deployments = Deployments(connection)
    with pytest.raises(Fault) as caught:
        deployments.record(
            replace(deployments.get(CHAIN), **{contract: account(5)}), at=START, by="genbo"
        )
    assert caught.value.reason is Reason.WIRING_MISMATCH
    assert caught.value.facts["what"] == contract
