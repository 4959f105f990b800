"""Every figure of gas, measured in one life of a product.

The order matters: what an account has been through decides which of its slots are in use. Holders "existing" and
"first-time" tell whether the recipient held units before; both carry a verdict, as everybody must who receives.
"""

from __future__ import annotations

from datetime import date

from benchmarks.bench import EVIDENCE, FOREVER, TOMORROW, Bench, terms
from genbo.chain import artifacts
from genbo.chain.contracts.disbursement import Disbursement, PaymentOrder, TokenPayment
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.chain.contracts.settlement import Net, NetBatch, Settlement, Trade
from genbo.chain.contracts.test_yen import TestYen
from genbo.chain.contracts.token_factory import TokenFactory, salt_of
from genbo.chain.deploy import wiring
from genbo.chain.keys import KeySigner, development_key
from genbo.chain.signing import (
    BatchMessage,
    Domain,
    Message,
    Permit,
    TradeMessage,
    TransferAuthorisation,
    sign,
)
from genbo.governance import Contract, Duty
from genbo.kernel import Address, ProductId

ROWS = 200
"""Rows of a batch that is measured per row."""
PARTIES = 10
"""Participants of a netted batch."""
UNLIMITED = 2**256 - 1

SETTLOR, ANN, BOB, LOST, NEW = range(5)
"""Investors by number: the initial beneficiary, two holders, one who loses a key, one who never held before."""
FIRST_PARTY = 10
"""From here on: the participants of the netted batch; the first two also trade with each other."""
FIRST_ISSUED = 1_000
"""From here on: investors who are issued to directly."""


def measure() -> Bench:
    """A bench with all figures in its notebook."""
    bench = Bench()
    _offering(bench)
    _transfers(bench)
    _signed(bench)
    _holds(bench)
    _settlement(bench)
    _restrictions(bench)
    _repair(bench)
    _split(bench)
    _redemption(bench)
    _records(bench)
    _switches(bench)
    return bench


def _offering(bench: Bench) -> None:
    token, settlor = bench.token, bench.holder(SETTLOR).address
    everybody = bench.holders(SETTLOR, ROWS)
    verdicts = token.batch_set_verdict(everybody, until=FOREVER)
    bench.cost("onboarding, per investor of 200", verdicts, rows=ROWS)
    bench.cost("renewing a verdict, per investor of 200", verdicts, rows=ROWS)
    bench.verify(bench.holders(SETTLOR + ROWS, 1))
    bench.verify(bench.holders(FIRST_ISSUED, ROWS))
    bench.cost("issue", token.issue([settlor], [10**6], bench.act()))
    bench.cost_by_desk(
        "issue, by a Safe of two", token.issue([settlor], [100], bench.act()), Duty.ISSUER
    )
    issue = token.issue(bench.holders(FIRST_ISSUED, ROWS), [100] * ROWS, bench.act())
    bench.cost("issue, per investor of 200", issue, rows=ROWS)
    investors = bench.holders(ANN, ROWS)
    distribute = token.distribute(investors, [100] * ROWS, bench.ref("DIST"))
    bench.cost("distribution, per investor of 200", distribute, rows=ROWS)


def _transfers(bench: Bench) -> None:
    token, ann, bob = bench.token, bench.holder(ANN), bench.holder(BOB)
    first, second, third = bench.holders(FIRST_ISSUED + ROWS, 3)
    bench.verify([first, second, third])
    bench.cost("transfer, first-time holder", token.transfer(first, 1), by=ann)
    bench.cost("transfer, existing holder", token.transfer(bob.address, 1), by=ann)
    bench.cost(
        "transfer with reference, first-time holder",
        token.transfer(second, 1, bench.ref("TRADE")),
        by=ann,
    )
    bench.cost(
        "transfer with reference, existing holder",
        token.transfer(bob.address, 1, bench.ref("TRADE")),
        by=ann,
    )
    bench.does(token.approve(bob.address, UNLIMITED), by=ann)
    bench.cost(
        "transferFrom, unlimited allowance",
        token.transfer_from(ann.address, third, 1),
        by=bob,
    )
    targets = bench.holders(FIRST_ISSUED, 50)
    bench.cost("batch transfer, per recipient of 50", token.batch_transfer(targets, [1] * 50),
               by=ann, rows=50)  # fmt: skip


def _signed(bench: Bench) -> None:
    services, ann, bob = bench.services, bench.holder(ANN), bench.holder(BOB)
    domain = Domain.of_token("Bench", services.address, chain_id=bench.node.chain_id)
    ref, before = bench.ref("TRADE"), int(FOREVER.timestamp())
    transfer = TransferAuthorisation(
        source=ann.address, target=bob.address, units=1, after=0, before=before, ref=ref
    )
    bench.cost(
        "transfer by signature (ERC-3009)",
        services.transfer_authorised(
            ann.address, bob.address, 1, after=0, before=before, ref=ref,
            signature=sign(transfer, domain, ann),
        ),
    )  # fmt: skip
    permit = Permit(
        owner=ann.address, spender=bench.direct.address, value=10, nonce=0, deadline=before
    )
    bench.cost(
        "permit (ERC-2612)",
        services.permit(ann.address, permit.spender, 10, before, sign(permit, domain, ann)),
    )


def _holds(bench: Bench) -> None:
    services, ann, bob = bench.services, bench.holder(ANN), bench.holder(BOB)
    notary = bench.direct
    for name in ("hold, the holder's first", "hold"):
        ref = bench.ref("HOLD")
        create = services.create_hold(ref, bob.address, 1, expiry=TOMORROW, notary=notary.address)
        bench.cost(name, create, by=ann)
    bench.cost("deliver a hold", services.execute_hold(ref))
    ref = bench.ref("HOLD")
    bench.does(
        services.create_hold(ref, bob.address, 1, expiry=TOMORROW, notary=notary.address), by=ann
    )
    bench.cost("release a hold", services.release_hold(ref))


def _settlement(bench: Bench) -> None:
    settlement = Settlement(bench.node, bench.deployment.settlement)
    made = bench.sender.send(TestYen.create(), by=bench.direct).created
    assert made is not None
    yen = TestYen(bench.node, made)
    bench.does(settlement.allow_cash(yen.address, allowed=True))
    parties = [bench.holder(number) for number in range(FIRST_PARTY, FIRST_PARTY + PARTIES)]
    for party in parties:
        bench.does(yen.mint(party.address, 10**9))
        bench.does(yen.approve(settlement.address, UNLIMITED), by=party)
        bench.does(bench.token.approve(settlement.address, UNLIMITED), by=party)
    domain = Domain.of_settlement(settlement.address, chain_id=bench.node.chain_id)
    seller, buyer, *_ = parties

    def signatures(message: Message, *who: KeySigner) -> dict[Address, bytes]:
        return {each.address: sign(message, domain, each) for each in who}

    def trade(nonce: int, *, cash: Address | None, agent: Address | None = None) -> Trade:
        return Trade(
            trade_id=bench.ref("TRADE"), token=bench.token.address, seller=seller.address,
            buyer=buyer.address, units=10, cash=cash, amount=1_000_000, agent=agent, nonce=nonce,
            deadline=TOMORROW,
        )  # fmt: skip

    for nonce, name in (
        (0, "delivery versus payment, first of a seller's 256 nonces"),
        (1, "delivery versus payment"),
    ):
        agreed = trade(nonce, cash=yen.address)
        signed = signatures(TradeMessage(agreed), seller, buyer)
        bench.cost(
            name,
            settlement.settle(agreed, seller=signed[seller.address], buyer=signed[buyer.address]),
        )

    nets = {
        party.address: Net(
            units=-10 if number < PARTIES // 2 else 10,
            amount=1_000_000 if number < PARTIES // 2 else -1_000_000,
        )
        for number, party in enumerate(parties)
    }
    batch = NetBatch(
        batch_id=bench.ref("NET"), token=bench.token.address, cash=yen.address, parties=nets,
        nonce=2, deadline=TOMORROW,
    )  # fmt: skip
    signed = signatures(BatchMessage(batch), *parties)
    bench.cost("net settlement, per participant of 10", settlement.settle_net(batch, signed),
               rows=PARTIES)  # fmt: skip

    for nonce in (3, 4):
        agreed = trade(nonce, cash=None, agent=bench.direct.address)
        signed = signatures(TradeMessage(agreed), seller, buyer)
        bench.cost(
            "bank money: instruct",
            settlement.instruct(agreed, seller=signed[seller.address], buyer=signed[buyer.address]),
        )
        token = bench.token.address
        if nonce == 3:
            confirm = settlement.confirm_payment(token, agreed.trade_id, bench.ref("PAY"))
            bench.cost("bank money: confirm and deliver", confirm)
        else:
            bench.cost("bank money: abort", settlement.abort(token, agreed.trade_id))


def _restrictions(bench: Bench) -> None:
    token, bob, lost = bench.token, bench.holder(BOB).address, bench.holder(LOST).address
    bench.cost("freeze", token.freeze(bob, 10))
    bench.cost("unfreeze", token.unfreeze(bob, 10))
    bench.cost("freeze an address", token.set_address_frozen(lost, frozen=True))
    bench.cost("set a lock-up", token.set_lock_up(lost, until=FOREVER))


def _repair(bench: Bench) -> None:
    token, ann, bob = bench.token, bench.holder(ANN), bench.holder(BOB).address
    trade = bench.ref("TRADE")
    bench.does(token.transfer(bob, 1, trade), by=ann)
    giver, taker, lost = bob, ann.address, bench.holder(LOST).address
    bench.cost("forced transfer (ERC-7943 form)", token.forced_transfer(giver, taker, 1))
    bench.cost_by_desk(
        "forced transfer (ERC-7943 form), by a Safe of two",
        token.forced_transfer(giver, taker, 1),
        Duty.REPAIRER,
    )
    papers = "forced transfer with papers"
    bench.cost(papers, token.forced_transfer(giver, taker, 1, bench.act()))
    bench.cost_by_desk(
        f"{papers}, by a Safe of two",
        token.forced_transfer(giver, taker, 1, bench.act()),
        Duty.REPAIRER,
    )
    bench.cost("reverse transfer", token.reverse_transfer(trade, giver, taker, 1, bench.act()))
    bench.cost(
        "redistribute",
        token.redistribute(giver, taker, 1, incident=bench.ref("INC"), evidence=EVIDENCE),
    )
    bench.cost("re-key", token.rekey(lost, development_key(60).address, bench.act()))


def _split(bench: Bench) -> None:
    token, ann = bench.token, bench.holder(ANN)
    bench.cost("split, any number of holders", token.split(10, bench.act(), epoch=0))
    bench.cost(
        "transfer, first of both after a split",
        token.transfer(bench.holder(NEW).address, 1),
        by=ann,
    )
    accounts = bench.holders(FIRST_ISSUED, ROWS)
    bench.cost("write a pending split, per account of 200", token.sync(accounts), rows=ROWS)


def _redemption(bench: Bench) -> None:
    token = bench.token
    bench.cost("redeem", token.redeem([bench.holder(BOB).address], [1], bench.act()))
    redeem = token.redeem_all(bench.holders(FIRST_ISSUED, ROWS), bench.act())
    bench.cost("redeem all, per holder of 200", redeem, rows=ROWS)


def _records(bench: Bench) -> None:
    anchors = RegisterAnchor(bench.node, bench.deployment.anchor)
    anchor = anchors.anchor(
        AnchorKind.REGISTER, "BENCH", date(2024, 3, 31), root=EVIDENCE, leaves=10_000
    )
    bench.cost("anchor a root", anchor)
    _payments(bench)


def _payments(bench: Bench) -> None:
    """Yen to payees who never had any, and to the same ones again."""
    assert bench.deployment.disbursement is not None
    contract = Disbursement(bench.node, bench.deployment.disbursement)
    made = bench.sender.send(TestYen.create(), by=bench.direct).created
    assert made is not None
    yen = TestYen(bench.node, made)
    settlement = Settlement(bench.node, bench.deployment.settlement)
    bench.does(settlement.allow_cash(yen.address, allowed=True))
    payer = bench.holder(ANN)
    bench.does(yen.mint(payer.address, 10**12))
    bench.does(yen.approve(contract.address, 10**12), by=payer)
    anchors, day = RegisterAnchor(bench.node, bench.deployment.anchor), date(2024, 3, 31)
    list_ = anchors.anchor(AnchorKind.PAYEE_LIST, "RUN", day, root=EVIDENCE, leaves=10_000)
    bench.does(list_)
    order = PaymentOrder(
        run="RUN", record_day=day, root=EVIDENCE, cash=yen.address, payer=payer.address
    )
    payees = bench.holders(FIRST_ISSUED, ROWS)
    for name, first in (("first payment", 1), ("further payment", 1 + 2 * ROWS)):
        lines = [
            TokenPayment(line=line, payee=payee, yen=16_767)
            for line, payee in enumerate(payees, start=first)
        ]
        bench.cost(f"payment in a yen token, {name}, per line of 200", contract.pay(order, lines),
                   rows=ROWS)  # fmt: skip


def _creation(bench: Bench) -> None:
    factory = TokenFactory(bench.node, bench.deployment.factory)
    product, artifact = ProductId("BENCH-2"), artifacts.load("SecurityToken")
    bench.cost("create a product", factory.create(artifact, terms(product), salt_of(product)))
    created = bench.platform.token_of(product).value
    assert created is not None
    wires = wiring(bench.manager, Contract.TOKEN, created)
    wire = bench.manager.together("wire the product to the duties", wires)
    bench.cost_by_desk("wire a product to the duties, by a Safe of two", wire, Duty.ADMIN)


def _switches(bench: Bench) -> None:
    """The whole platform at once. The cost is a line (`many_products` measures it): one product, and each one more."""
    platform = bench.platform
    switches = (
        ("close the market", platform.close_market(), Duty.MARKET_OPERATOR),
        ("stop", platform.stop(), Duty.STOPPER),
    )

    def used() -> list[int]:
        gas = []
        for _, call, duty in switches:
            bench.under_duty(platform.open_market(), Duty.MARKET_OPERATOR)
            gas.append(bench.under_duty(call, duty))
        bench.cost_by_desk(
            "resume, two products, by a Safe of two", platform.resume(), Duty.RESUMER
        )
        return gas

    one = used()
    _creation(bench)
    two = used()
    for (name, _, _), before, after in zip(switches, one, two, strict=True):
        more = after - before
        bench.gas[f"{name}, one product"] = before
        bench.gas[f"{name}, each product more"] = more
        bench.gas[f"{name}, 1,000 products"] = before + 999 * more
