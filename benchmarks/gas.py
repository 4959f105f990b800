"""Gas of every action, and of plain OpenZeppelin ERC-20 in the same run. Prints one JSON document.

The duties of two persons are granted to a single key here, so that an action's own cost can be told from that of
the Safe around it; the Safe's figures stand beside.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

from genbo.chain import artifacts
from genbo.chain.accounts import account_of
from genbo.chain.call import Call, creation
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.platform import Platform
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import (
    collect_from,
    deploy_platform,
    deploy_product,
    plan_platform,
    plan_product,
)
from genbo.chain.desk import Desk
from genbo.chain.development import cast, development_parameters, person
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner, development_key
from genbo.chain.sender import Sender
from genbo.governance import Duty
from genbo.kernel import Digest, InvestorId, ProductId, Reference
from genbo.token import Act, LedgerTerms

PRODUCT = ProductId("BENCH")
ROWS = 200
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
EVIDENCE = Digest("0x" + "11" * 32)


class Bench:
    """A platform with one product, and what its transactions cost."""

    def __init__(self) -> None:
        self.node = EmbeddedNode(genesis_at=datetime(2024, 1, 1, tzinfo=UTC))
        self.sender = Sender(self.node)
        self.gas: dict[str, Any] = {}
        self._refs = 0
        everybody = collect_from([signer for _, signer in cast().values()])
        plan = plan_platform(
            self.node, development_parameters(), deployer=person("deployer").address
        )
        deployment = deploy_platform(plan, self.sender, deployer=person("deployer"))
        terms = LedgerTerms(
            product_id=PRODUCT,
            name="Bench",
            symbol="BENCH",
            legal_category=101,
            terms_digest=EVIDENCE,
            transfer_control_id="BENCH",
            initial_beneficiary=self.holder(0).address,
            authorised_cap=10**12,
            redemption_date=1,
            permitted_classes=0b111111,
        )
        product = plan_product(self.node, deployment, terms)
        deployment = deploy_product(product, self.sender, collect=everybody, by=person("deployer"))
        self.desk = Desk(self.sender, deployment, keys=cast(), carrier=person("deployer"))
        self.token = SecurityToken(self.node, deployment.token_of(PRODUCT).address)
        self.platform = Platform(self.node, deployment.platform)
        self.direct = development_key(50)
        manager = DutyManager(self.node, deployment.duty_manager)
        for duty in (Duty.ISSUER, Duty.DISTRIBUTOR, Duty.RESTRICTOR, Duty.RELEASER, Duty.REPAIRER):
            self.desk.act(manager.grant(duty, self.direct.address), Duty.ADMIN)
        self.desk.act(self.platform.open_market(), Duty.MARKET_OPERATOR)

    def holder(self, number: int) -> KeySigner:
        return account_of(InvestorId(f"I{number}"), PRODUCT, chain_id=self.node.chain_id)

    def holders(self, first: int, count: int = ROWS) -> list[Any]:
        return [self.holder(number).address for number in range(first, first + count)]

    def act(self) -> Act:
        self._refs += 1
        return Act(ref=Reference(f"R-{self._refs}"), evidence=EVIDENCE)

    def cost(self, name: str, call: Call, *, by: KeySigner | None = None, rows: int = 1) -> None:
        """What one transaction costs, per row of a batch."""
        used = self.sender.send(call, by=by or self.direct).gas_used
        self.gas[name] = used if rows == 1 else round(used / rows, 1)

    def cost_by_safe(self, name: str, call: Call, duty: Duty) -> None:
        self.gas[f"{name}, by a Safe of two"] = self.desk.act(call, duty).sent.gas_used


def measure() -> dict[str, Any]:
    bench = Bench()
    token = bench.token
    settlor, ann, bob, new, lost = (bench.holder(number) for number in range(5))
    bench.cost(
        "onboarding, per investor of 200",
        token.batch_set_verdict(bench.holders(0), until=FOREVER),
        rows=ROWS,
    )
    bench.sender.send(token.batch_set_verdict(bench.holders(200), until=FOREVER), by=bench.direct)
    bench.cost("issue", token.issue([settlor.address], [10**6], bench.act()))
    bench.cost_by_safe("issue", token.issue([settlor.address], [1], bench.act()), Duty.ISSUER)
    bench.cost(
        "issue, per investor of 200",
        token.issue(bench.holders(200), [5] * ROWS, bench.act()),
        rows=ROWS,
    )
    bench.cost(
        "distribution, per investor of 200",
        token.distribute(bench.holders(1), [100] * ROWS, Reference("D-1")),
        rows=ROWS,
    )
    bench.sender.send(token.set_verdict(bench.holder(900).address, until=FOREVER), by=bench.direct)
    first = bench.holder(900).address
    bench.cost("transfer, first-time holder", token.transfer(first, 1), by=ann)
    bench.cost("transfer, existing holder", token.transfer(first, 1), by=ann)
    bench.cost(
        "transfer with reference", token.transfer(first, 1, Reference("TRADE-2024-0001")), by=ann
    )
    bench.cost("freeze", token.freeze(bob.address, 10))
    bench.cost("unfreeze", token.unfreeze(bob.address, 5))
    bench.cost("freeze an address", token.set_address_frozen(lost.address, frozen=True))
    bench.cost("set a lock-up", token.set_lock_up(bob.address, until=FOREVER))
    bench.cost(
        "forced transfer (ERC-7943 form)", token.forced_transfer(bob.address, ann.address, 1)
    )
    bench.cost(
        "forced transfer with papers",
        token.forced_transfer(bob.address, ann.address, 1, bench.act()),
    )
    bench.cost_by_safe(
        "forced transfer with papers",
        token.forced_transfer(bob.address, ann.address, 1, bench.act()),
        Duty.REPAIRER,
    )
    bench.cost(
        "reverse transfer",
        token.reverse_transfer(Reference("TRADE-2024-0001"), first, ann.address, 1, bench.act()),
    )
    bench.cost(
        "redistribute",
        token.redistribute(
            bob.address, ann.address, 1, incident=Reference("INC-1"), evidence=EVIDENCE
        ),
    )
    bench.cost("re-key", token.rekey(lost.address, development_key(60).address, bench.act()))
    bench.cost("split, any number of holders", token.split(10, bench.act()))
    bench.cost("transfer, first after a split", token.transfer(new.address, 1), by=ann)
    bench.cost("redeem", token.redeem([first], [1], bench.act()))
    bench.cost(
        "redeem all, per holder of 200",
        token.redeem_all(bench.holders(200), bench.act()),
        rows=ROWS,
    )
    bench.gas["close the market, one product"] = bench.desk.act(
        bench.platform.close_market(), Duty.MARKET_OPERATOR
    ).sent.gas_used
    bench.gas["stop, one product"] = bench.desk.act(
        bench.platform.stop(), Duty.STOPPER
    ).sent.gas_used
    bench.gas["resume, by a Safe of two"] = bench.desk.act(
        bench.platform.resume(), Duty.RESUMER
    ).sent.gas_used
    return {
        "genbo": bench.gas,
        "openzeppelin_erc20": _plain(bench),
        "bytes": {
            name: len(artifacts.load(name).running_code)
            for name in ("SecurityToken", "Platform", "TokenFactory", "DutyManager")
        },
    }


def _plain(bench: Bench) -> dict[str, int]:
    """OpenZeppelin's ERC-20 with nothing added."""
    artifact = artifacts.load("PlainToken")
    interface = artifact.interface
    made = bench.sender.send(creation(artifact), by=bench.direct)
    assert made.created is not None
    ann, first = bench.holder(1), bench.holder(900).address
    gas: dict[str, int] = {}
    for name, by, function, arguments in (
        ("mint", bench.direct, "mint", (ann.address, 1000)),
        ("transfer, first-time holder", ann, "transfer", (first, 1)),
        ("transfer, existing holder", ann, "transfer", (first, 1)),
        ("burn", bench.direct, "burn", (ann.address, 1)),
    ):
        call = Call(made.created, interface.encode(function, *arguments), name)
        gas[name] = bench.sender.send(call, by=by).gas_used
    return gas


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=2)
    sys.stdout.write("\n")
