"""A local node (anvil) with the platform of the development cast on it, and the hand that takes its blocks back."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import requests
from tests.support.chain import CARRIER, EVERYBODY, PRODUCT, investor, terms
from tests.support.recorded import digest, raw_rows, unread

from genbo.bootstrap.indexer import Indexer
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import (
    collect_from,
    deploy_platform,
    deploy_product,
    plan_platform,
    plan_product,
)
from genbo.chain.deployments import Deployment
from genbo.chain.development import development_parameters, person
from genbo.chain.node import Node
from genbo.chain.safe import send_by_safe
from genbo.chain.sender import Sender
from genbo.governance import Duty
from genbo.kernel import Reference
from genbo.storage.engine import Database
from genbo.storage.register import Register
from genbo.token import Act

HOLDERS = range(3)
MOST_DEEP = 4
"""Blocks that a reorganisation takes back."""


def rpc(url: str, method: str, *parameters: Any) -> Any:
    """What the node answers to a method that only nodes for development have."""
    answer = requests.post(
        url, json={"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}, timeout=30
    ).json()
    assert "error" not in answer, answer
    return answer["result"]


class LocalPlatform:
    """A platform with one product on a local node: the market is open, three investors hold units."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.sender = Sender(node)
        plan = plan_platform(node, development_parameters(), deployer=CARRIER.address)
        deployment = deploy_platform(plan, self.sender, deployer=CARRIER)
        product = plan_product(node, deployment, terms())
        self.deployment: Deployment = deploy_product(
            product, self.sender, collect=collect_from(EVERYBODY), by=CARRIER
        )
        self.token = SecurityToken(node, self.deployment.tokens[PRODUCT].address)
        holders = [investor(number).address for number in HOLDERS]
        until = datetime(2100, 1, 1, tzinfo=UTC)
        self.sender.send(
            self.token.batch_set_verdict(holders, until=until, investor_class=1),
            by=person("compliance-1"),
        )
        platform = Platform(node, self.deployment.platform)
        self.sender.send(platform.open_market(), by=person("market-1"))
        owners = [
            signer
            for signer in EVERYBODY
            if signer.address in self.deployment.safe_of(Duty.ISSUER).owners
        ]
        send_by_safe(
            self.sender,
            self.deployment.safe_of(Duty.ISSUER).address,
            self.token.issue([holders[0]], [1_000], Act(ref=Reference("I-1"))),
            owners=owners[:2],
            by=CARRIER,
        )
        for number in HOLDERS[1:]:
            self.transfer(0, number, 300)

    @property
    def stands(self) -> bool:
        """Whether the node still has the token's state: anvil 1.7.1 loses all state when it reorganises after two
        snapshots were reverted one below the other, while its blocks and logs are right."""
        return bool(self.node.code(self.token.address).value)

    def transfer(self, source: int, target: int, units: int) -> None:
        """One transaction, one block."""
        self.sender.send(
            self.token.transfer(investor(target).address, units), by=investor(source), gas=200_000
        )


def live_and_reorganise(
    url: str, platform: LocalPlatform, database: Database, *, seed: int, turns: int
) -> None:
    """Transfers, snapshots and reverts, reorganisations, empty blocks; read at any moment, begun anew now and then."""
    chance = random.Random(seed)
    snapshots: list[str] = []
    reader = Indexer(platform.node, database, platform.deployment, span=chance.randint(1, 50))
    rpc(url, "anvil_mine", hex(MOST_DEEP))  # what the platform needs is never taken back
    for _ in range(turns):
        match chance.choice(
            ["live", "live", "live", "read", "mine", "keep", "revert", "fork", "new"]
        ):
            case "live":
                source, target = chance.sample(list(HOLDERS), 2)
                platform.transfer(source, target, chance.randint(0, 3))
            case "mine":
                rpc(url, "anvil_mine", hex(chance.randint(1, 4)))
            case "keep":
                snapshots.append(rpc(url, "evm_snapshot"))
            case "revert" if snapshots:
                at = chance.randrange(len(snapshots))
                assert rpc(url, "evm_revert", snapshots[at])
                del snapshots[at:]
                platform.sender.forget()
            case "fork":
                rpc(url, "anvil_reorg", chance.randint(1, MOST_DEEP), [])
                snapshots.clear()
                platform.sender.forget()
            case "new":
                reader = Indexer(
                    platform.node, database, platform.deployment, span=chance.randint(1, 50)
                )
            case _:
                reader.catch_up()
    reader.catch_up()


def require_same_as_straight(platform: LocalPlatform, database: Database) -> None:
    """The rows are those of one straight reading, and hold what the token holds, where the node still knows it."""
    on_the_way = digest(database, PRODUCT), raw_rows(database)
    unread(database)
    stamp = Indexer(platform.node, database, platform.deployment).catch_up()
    assert (digest(database, PRODUCT), raw_rows(database)) == on_the_way
    if not platform.stands:
        return
    with database.read() as connection:
        register = Register(connection, platform.deployment.chain_id)
        for number in HOLDERS:
            address = investor(number).address
            found = register.position(PRODUCT, address)
            assert found is not None
            assert int(found.units) == platform.token.account(address, at=stamp).value.balance
