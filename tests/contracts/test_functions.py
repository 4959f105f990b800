"""Every function of every contract: who may call it, and in which states it runs. Outcomes: functions.tree."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from tests.contracts.actors import TwoPersons
from tests.contracts.functions import FUNCTIONS, Action, Function
from tests.contracts.handle import error
from tests.contracts.stage import DUE, Stage, act, ref

from genbo.chain import artifacts
from genbo.governance import Contract, Duty, Holder, bound_functions, power_of
from genbo.kernel import Reason, Refusal

DUTIES = {
    (contract, signature): duty
    for contract in Contract
    for signature, duty in bound_functions(contract)
}
ROWS = [pytest.param(row, id=row.id) for row in FUNCTIONS.values()]
BOUND = [
    pytest.param(row, DUTIES[key], id=row.id) for key, row in FUNCTIONS.items() if key in DUTIES
]
DUTY_MISSING = {
    Contract.TOKEN: "TokenDutyMissing",
    Contract.PLATFORM: "PlatformDutyMissing",
    Contract.FACTORY: "FactoryDutyMissing",
    Contract.SETTLEMENT: "SettlementDutyMissing",
    Contract.ANCHOR: "AnchorDutyMissing",
    Contract.DISBURSEMENT: "DisbursementDutyMissing",
    Contract.DOCUMENTS: "DocumentDutyMissing",
}

TRADE = "(bytes32,address,address,address,uint256,address,uint256,address,uint256,uint256)"
BATCH = "settleNet((bytes32,address,address,address[],int256[],int256[],uint256,uint256),bytes[])"


# The table is whole -------------------------------------------------------------------------------


def writing_functions(contract: Contract) -> set[str]:
    return {
        entry.signature for entry in artifacts.load(contract).interface.functions if entry.writes
    }


@pytest.mark.parametrize("contract", list(Contract))
def test_table__each_writing_function__has_a_row(contract: Contract) -> None:
    rows = {signature for on, signature in FUNCTIONS if on is contract}
    assert rows == writing_functions(contract)


@pytest.mark.parametrize("contract", list(Contract))
def test_table__method_identifiers__are_those_of_the_abi(contract: Contract) -> None:
    text = files("genbo.chain.artifacts").joinpath(f"{contract}.json").read_text("utf-8")
    interface = artifacts.load(contract).interface
    found = {entry.signature: entry.selector.hex() for entry in interface.functions}
    assert found == json.loads(text)["methodIdentifiers"]


@pytest.mark.parametrize("contract", list(Contract))
def test_table__each_bound_function__exists(contract: Contract) -> None:
    bound = [signature for signature, _ in bound_functions(contract)]
    assert len(bound) == len(set(bound))
    assert set(bound) <= writing_functions(contract)


def test_table__functions_without_a_duty__are_the_holders_and_the_platforms() -> None:
    free = {row.signature.partition("(")[0]: row.by for row in FUNCTIONS.values()
            if (row.contract, row.signature) not in DUTIES}  # fmt: skip
    assert free == {
        "transfer": "bob",
        "transferWithReference": "bob",
        "batchTransfer": "bob",
        "approve": "bob",
        "createHold": "bob",
        # whom the holder allowed
        "transferFrom": "ann",
        "transferFromWithReference": "ann",
        "createHoldFrom": "ann",
        # what the holders signed
        "permit": "stranger",
        "transferWithAuthorization": "stranger",
        "receiveWithAuthorization": "corp",
        "cancelAuthorization": "stranger",
        "settle": "stranger",
        "settleNet": "stranger",
        "instruct": "stranger",
        # whom they named notary or agent
        "executeHold": "ann",
        "releaseHold": "ann",
        "confirmPayment": "ann",
        "abort": "ann",
        # a party of a trade
        "cancelNonce": "bob",
        "cancelTrade": "bob",
        # anybody; the platform
        "sync": "stranger",
        "setControlBits": "platform",
    }


def test_table__all_eleven_actions__have_a_function() -> None:
    assert {row.action for row in FUNCTIONS.values()} | {Action.ISSUE} == set(Action)


# Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS)
def test_call__by_whoever_may__runs(ready: Stage, row: Function) -> None:
    if row.signature == "resume()":
        ready.stopper.does(ready.platform("stop"))
    assert row.actor(ready).may(row.call(ready))


@pytest.mark.parametrize(("row", "duty"), BOUND)
def test_call__duty_missing__refused_with_caller_and_selector(
    ready: Stage, row: Function, duty: Duty
) -> None:
    if row.signature == "resume()":
        ready.stopper.does(ready.platform("stop"))
    call = row.call(ready)
    others = [actor for actor in ready.everybody() if duty not in ready.duties_of(actor)]
    assert len(others) >= 25
    for actor in others:
        assert actor.refused(call) == error(
            DUTY_MISSING[row.contract], actor.address, row.selector(ready)
        )


@pytest.mark.parametrize(("row", "duty"), BOUND)
def test_wiring__each_bound_function__needs_its_duty_and_no_other(
    ready: Stage, row: Function, duty: Duty
) -> None:
    target = row.handle(ready).address
    assert ready.manager.ask("getTargetFunctionRole", target, row.selector(ready)) == duty
    assert ready.manager.ask("isTargetClosed", target) is False


def test_wiring__each_duty__is_held_by_whom_the_table_says(ready: Stage) -> None:
    for actor in ready.everybody():
        for duty in Duty:
            holds, delay = ready.manager.ask("hasRole", int(duty), actor.address)
            assert (holds, delay) == (duty in ready.duties_of(actor), 0), (actor, duty)
            kind = power_of(duty).held_by
            if holds:
                assert isinstance(actor, TwoPersons) or kind is not Holder.TWO_PERSONS


def test_platform_bits__set_by_anybody_else__refused(ready: Stage) -> None:
    call = FUNCTIONS[Contract.TOKEN, "setControlBits(uint16,uint16)"].call(ready)
    for actor in ready.everybody():
        if actor.address != ready.platform.address:
            assert actor.refused(call) == error("TokenNotPlatform", actor.address)


@pytest.mark.parametrize(("row", "duty"), BOUND)
def test_call__through_the_managers_relay__refused(ready: Stage, row: Function, duty: Duty) -> None:
    if row.signature == "resume()":
        ready.stopper.does(ready.platform("stop"))
    relay = ready.manager("execute", row.handle(ready).address, row.call(ready).data)
    assert ready.holder_of(duty).refused(relay) == error(
        DUTY_MISSING[row.contract], ready.manager.address, row.selector(ready)
    )


# One person is not two ----------------------------------------------------------------------------

TWO_PERSON_CALLS = [
    pytest.param(row, duty, id=row.id)
    for row, duty in ((FUNCTIONS[key], duty) for key, duty in DUTIES.items())
    if power_of(duty).held_by is Holder.TWO_PERSONS
]


@pytest.mark.parametrize(("row", "duty"), TWO_PERSON_CALLS)
def test_two_person_power__any_owner_alone__refused(
    ready: Stage, row: Function, duty: Duty
) -> None:
    """Issue, force, reverse, redistribute, re-key, split, redeem, resume, and what creates and switches products."""
    if row.signature == "resume()":
        ready.stopper.does(ready.platform("stop"))
    call = row.call(ready)
    safe = ready.holder_of(duty)
    assert isinstance(safe, TwoPersons)
    assert len(safe.persons) == 3
    for person in safe.persons:
        assert person.refused(call) == error(
            DUTY_MISSING[row.contract], person.address, row.selector(ready)
        )


def test_two_person_power__one_signature__refused_by_the_safe(ready: Stage) -> None:
    before = ready.everything()
    split = ready.token("split", 2, 0, act("SPLIT-1"))
    with pytest.raises(Refusal) as refused:
        ready.issuer.sends(split, signed_by=ready.issuer.owners[:1])
    assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert refused.value.facts == {"given": 1, "needed": 2}
    assert ready.everything() == before


def test_two_person_power__the_same_person_twice__refused_by_the_safe(ready: Stage) -> None:
    first = ready.issuer.owners[0]
    execution, approvals = ready.issuer.signed(
        ready.token("split", 2, 0, act("SPLIT-1")), [first, first]
    )
    assert len(approvals) == 2
    assert ready.stranger.refused(execution) == error("Error", "GS026")


def test_two_person_power__one_person_by_signature_and_by_sending__refused_by_the_safe(
    ready: Stage,
) -> None:
    """A Safe also takes "whoever sends this approves it" for a signature (v = 1)."""
    first = ready.issuer.owners[0]
    as_sender = bytes(12) + bytes.fromhex(first.address[2:]) + bytes(32) + b"\x01"
    execution, _ = ready.issuer.signed(
        ready.token("split", 2, 0, act("SPLIT-1")), [first], more=[(first.address, as_sender)]
    )
    assert ready.issuer.persons[0].refused(execution) == error("Error", "GS026")


def test_two_person_power__an_outsider_as_second__refused_by_the_safe(ready: Stage) -> None:
    call = ready.token("split", 2, 0, act("SPLIT-1"))
    for outsider in (ready.stranger.signer, ready.repairer.owners[0]):
        execution, _ = ready.issuer.signed(call, [ready.issuer.owners[0], outsider])
        assert ready.stranger.refused(execution) == error("Error", "GS026")


def test_two_person_power__signatures_used_twice__refused_by_the_safe(ready: Stage) -> None:
    execution, _ = ready.issuer.signed(
        ready.token("mint", ready.beneficiary.address, 1), ready.issuer.owners[:2]
    )
    ready.stranger.does(execution)
    assert ready.balance(ready.beneficiary) == 1_001
    assert ready.stranger.refused(execution) == error("Error", "GS026")


def test_two_person_power__signatures_for_another_safe__refused_by_the_safe(ready: Stage) -> None:
    call = ready.token("mint", ready.beneficiary.address, 1)
    execution, _ = ready.issuer.signed(call, ready.issuer.owners[:2])
    elsewhere = execution.__class__(ready.repairer.address, execution.data, execution.what)
    assert ready.stranger.refused(elsewhere) == error("Error", "GS026")


def test_two_person_power__any_two_owners__suffice(ready: Stage) -> None:
    first, second, third = ready.issuer.owners
    for pair in ((first, second), (second, third), (third, first)):
        ready.issuer.sends(ready.token("mint", ready.beneficiary.address, 1), signed_by=pair)
    assert ready.balance(ready.beneficiary) == 1_003


# In which states ----------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS)
def test_call__market_closed__refuses_transfers_alone(ready: Stage, row: Function) -> None:
    if row.signature == "resume()":
        ready.stopper.does(ready.platform("stop"))  # which closes as well
    else:
        ready.market_operator.does(ready.platform("closeMarket"))
    if row.when_closed:
        assert row.actor(ready).may(row.call(ready))
    else:
        assert row.actor(ready).refused(row.call(ready)) == error("TokenMarketClosed")


@pytest.mark.parametrize("row", ROWS)
def test_call__transfers_disabled__refuses_transfers_alone(ready: Stage, row: Function) -> None:
    ready.repairer.does(ready.platform("setTransferEnabled", ref("G1"), False))
    if row.signature == "resume()":
        ready.stopper.does(ready.platform("stop"))
    if row.when_closed:
        assert row.actor(ready).may(row.call(ready))
    else:
        assert row.actor(ready).refused(row.call(ready)) == error("TokenTransferDisabled")


def test_effect_table__closed_or_disabled__stops_action_three_and_no_other() -> None:
    waits = {row.signature for row in FUNCTIONS.values() if not row.when_closed}
    assert waits == {row.signature for row in FUNCTIONS.values() if row.action is Action.TRANSFER}


@pytest.mark.parametrize("row", ROWS)
def test_call__full_stop__refused_but_for_resume(ready: Stage, row: Function) -> None:
    call = row.call(ready)
    ready.stopper.does(ready.platform("stop"))
    actor = row.actor(ready)
    if row.when_stopped:
        assert actor.may(call)
    elif row.contract in (Contract.TOKEN, Contract.SETTLEMENT):
        assert actor.refused(call) == error("TokenStopped")
        if row.contract is Contract.TOKEN and row.action is not Action.TRANSFER:
            assert ready.stranger.refused(call) == error("TokenStopped")
    else:
        assert actor.refused(call) == error("PlatformAlreadyStopped", ready.stopper.address)


def test_effect_table__full_stop__leaves_resume_and_what_touches_no_product() -> None:
    runs = {row.signature.partition("(")[0] for row in FUNCTIONS.values() if row.when_stopped}
    assert runs == {
        *("resume", "setControlBits", "sync"),
        *("approve", "permit", "cancelAuthorization", "cancelNonce", "cancelTrade"),
        *("createGroup", "approveCode", "allowCash"),
        *("anchor", "setDocument", "removeDocument", "pay"),
    }


def test_failing_transaction__full_stop__changes_nothing(ready: Stage) -> None:
    """Not only the rehearsal: the transactions themselves stand in blocks, failed."""
    ready.stopper.does(ready.platform("stop"))
    before = ready.everything()
    calls = [
        (ready.bob, ready.token("transfer", ready.ann.address, 1)),
        (ready.distributor, ready.token("distribute", [ready.ann.address], [1], ref("DIST-2"))),
        (ready.restrictor, ready.token("setAddressFrozen", ready.ann.address, True)),
    ]
    for actor, call in calls:
        number = ready.node.stamp().number
        with pytest.raises(Refusal) as refused:
            actor.sends(call, gas=500_000)
        assert refused.value.reason is Reason.PLATFORM_STOPPED
        assert ready.node.stamp().number == number + 1
        receipt = ready.node.receipt(str(refused.value.facts["tx"]))
        assert receipt is not None
        assert (receipt.succeeded, receipt.logs) == (False, ())
    assert ready.everything() == before


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.id) for row in FUNCTIONS.values() if row.contract is Contract.TOKEN],
)
def test_call__product_ended__runs_when_it_restricts(ready: Stage, row: Function) -> None:
    ready.bob.does(ready.token("approve", ready.ann.address, 5))
    holders = [who.address for who in (ready.beneficiary, ready.ann, ready.bob, ready.corp)]
    ready.issuer.does(ready.token("redeemAll", holders, act("END-1")))
    assert ready.total == 0
    if row.when_ended:
        assert row.actor(ready).may(row.call(ready))
    else:
        assert row.actor(ready).refused(row.call(ready)) == error("TokenProductEnded")


def test_view__full_stop__answers(ready: Stage) -> None:
    ready.stopper.does(ready.platform("stop"))
    trade, *_ = ready.signed(ready.trade("TRADE-2", ready.bob, ready.corp, 1))
    batch, _ = FUNCTIONS[Contract.SETTLEMENT, BATCH].arguments(ready)
    samples = {
        "address": ready.bob.address,
        "bytes32": ref("P1"),
        "bytes32[]": [ref("P1")],
        "bytes4": bytes(4),
        "uint256": 1,
        "uint32": 1,
        "uint8": 1,
        TRADE: trade,
        BATCH.removeprefix("settleNet(").removesuffix(",bytes[])"): batch,
    }
    asked = 0
    contracts = (ready.token, ready.platform, ready.factory)
    others = (ready.settlement, ready.anchor, ready.disbursement, ready.documents)
    for contract in (*contracts, *others):
        for entry in contract.interface.functions:
            if not entry.writes:
                contract.ask(entry.signature, *(samples[kind] for kind in entry.inputs))
                asked += 1
    assert asked >= 60
    assert ready.now > DUE
