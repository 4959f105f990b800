"""Action 11 and the switches T4 and T16. Outcomes: platform.tree."""

from __future__ import annotations

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import Handle, error, event
from tests.contracts.stage import VERIFIED_UNTIL, Stage, act, ref
from tests.support import chain

from genbo.chain.call import Call
from genbo.chain.contracts.encoding import terms_struct
from genbo.chain.contracts.safe import SafeProxyFactory, initializer
from genbo.chain.node import Reverted
from genbo.governance import Duty
from genbo.kernel import ZERO_ADDRESS, Address, ProductId, Reason, Refusal

OPEN, CLOSED, STOPPED = 0, 1, 2
STOP, CLOSE, DISABLE, END = 1, 2, 4, 8


def bits(token: Handle) -> int:
    return int(token.ask("controlWord")) >> 160 & 0xFFFF


@pytest.fixture
def second(stage: Stage) -> Handle:
    """Another product, of a group of its own."""
    return create(stage, "P2", "G2")


def create(stage: Stage, product: str, group: str) -> Handle:
    plan = chain.plan_product(
        stage.node, stage.deployment, stage.terms(product, transfer_control_id=group)
    )
    chain.deploy_product(
        plan, stage.sender, collect=chain.collect_from(chain.EVERYBODY), by=chain.CARRIER
    )
    return stage.at("SecurityToken", plan.token)


# Stop and resume ----------------------------------------------------------------------------------


def test_platform__new__is_closed() -> None:
    built = chain.build()
    platform = Handle(built.node, "Platform", built.deployment.platform)
    assert platform.ask("status") == CLOSED
    assert platform.ask("stoppedBy") == ZERO_ADDRESS
    assert bits(Handle(built.node, "SecurityToken", built.token.address)) == CLOSE


@pytest.mark.parametrize("market", ["openMarket", "closeMarket"])
def test_stop__by_one_operator__stops_every_product(
    stage: Stage, platform: Handle, second: Handle, stopper: Person, market_operator: Person,
    resumer: TwoPersons, market: str,
) -> None:  # fmt: skip
    market_operator.does(platform(market))
    assert stopper.does(platform("stop")) == [event("Stopped", stopper.address)]
    assert (platform.ask("status"), platform.ask("stoppedBy")) == (STOPPED, stopper.address)
    assert bits(stage.token) == bits(second) == STOP | CLOSE
    assert resumer.does(platform("resume")) == [event("Resumed", resumer.address)]
    assert (platform.ask("status"), platform.ask("stoppedBy")) == (CLOSED, ZERO_ADDRESS)
    assert bits(stage.token) == bits(second) == CLOSE


def test_market__opened_and_closed__for_every_product(
    stage: Stage, platform: Handle, second: Handle, market_operator: Person
) -> None:
    who = market_operator.address
    assert market_operator.does(platform("closeMarket")) == [event("MarketClosed", who)]
    assert (platform.ask("status"), bits(stage.token), bits(second)) == (CLOSED, CLOSE, CLOSE)
    assert market_operator.does(platform("openMarket")) == [event("MarketOpened", who)]
    assert (platform.ask("status"), bits(stage.token), bits(second)) == (OPEN, 0, 0)


def test_resume__not_stopped__refused(stage: Stage, resumer: TwoPersons) -> None:
    assert resumer.refused(stage.platform("resume")) == error("PlatformNotStopped")


def test_stop__again_by_another_operator__refused_with_who_stopped(
    stage: Stage, platform: Handle, stopper: Person
) -> None:
    stopper.does(platform("stop"))
    refused = error("PlatformAlreadyStopped", stopper.address)
    assert stage.operator("operator-2").refused(platform("stop")) == refused
    for function in ("openMarket", "closeMarket"):
        assert stage.market_operator.refused(platform(function)) == refused
    for call in (
        platform("setTransferEnabled", ref("G1"), False),
        platform("assignGroup", stage.token.address, ref("G1")),
    ):
        assert stage.repairer.refused(call) == refused


def test_resume__on_one_signature__refused(stage: Stage, resumer: TwoPersons) -> None:
    stage.stopper.does(stage.platform("stop"))
    for owner in resumer.owners:
        with pytest.raises(Refusal) as refused:
            resumer.sends(stage.platform("resume"), signed_by=[owner])
        assert refused.value.reason is Reason.APPROVALS_TOO_FEW
    assert stage.platform.ask("status") == STOPPED


def test_resume__with_the_stoppers_signature__refused_by_the_safe(
    stage: Stage, resumer: TwoPersons, stopper: Person
) -> None:
    stopper.does(stage.platform("stop"))
    signers = [stopper.signer, resumer.owners[0]]
    execution, _ = resumer.signed(stage.platform("resume"), signers)
    assert stage.stranger.refused(execution) == error("Error", "GS026")


# Where the duty to resume was granted to whom it must not be: the platform itself still refuses.


def safe_of(stage: Stage, owners: list[Person], threshold: int) -> Address:
    deployment = stage.deployment
    setup = initializer([o.address for o in owners], threshold, deployment.safe_handler)
    factory = SafeProxyFactory(stage.node, deployment.safe_factory)
    stage.stranger.sends(factory.create(deployment.safe_singleton, setup, 7, "a Safe"))
    return factory.proxy_address(deployment.safe_singleton, setup, 7)


def grant_resumer(stage: Stage, holder: Address) -> None:
    stage.admin.does(stage.manager("grantRole", int(Duty.RESUMER), holder, 0))


def resuming(stage: Stage, address: Address) -> TwoPersons:
    """Whatever stands at the address, trying to resume."""
    return TwoPersons(stage.ledger, address, ())


@pytest.mark.parametrize(
    ("threshold", "with_stopper"), [(2, True), (1, False), (1, True), (3, True)]
)
def test_resume__safe_with_the_stopper_or_of_one__refused(
    stage: Stage, stopper: Person, threshold: int, with_stopper: bool
) -> None:
    owners = [stage.person(20), stage.person(21), stopper if with_stopper else stage.person(22)]
    safe = safe_of(stage, owners, threshold)
    grant_resumer(stage, safe)
    stopper.does(stage.platform("stop"))
    assert resuming(stage, safe).refused(stage.platform("resume")) == error(
        "PlatformResumeNeedsOthers", stopper.address
    )


def test_resume__another_safe_of_two_others__resumes(stage: Stage, stopper: Person) -> None:
    safe = safe_of(stage, [stage.person(20), stage.person(21), stage.person(22)], 2)
    grant_resumer(stage, safe)
    stopper.does(stage.platform("stop"))
    assert resuming(stage, safe).may(stage.platform("resume"))


def test_resume__a_persons_own_account__refused(stage: Stage, stopper: Person) -> None:
    for person in (stage.person(20), stopper):
        grant_resumer(stage, person.address)
    stopper.does(stage.platform("stop"))
    for person in (stage.person(20), stopper):
        assert person.refused(stage.platform("resume")) == error(
            "PlatformResumeNeedsOthers", stopper.address
        )


def test_resume__a_contract_that_is_no_safe__refused(stage: Stage, stopper: Person) -> None:
    rule = stage.create("LimitRule", 5)
    grant_resumer(stage, rule)
    stopper.does(stage.platform("stop"))
    with pytest.raises(Reverted):
        stage.node.rehearse(
            sender=rule, to=stage.platform.address, data=stage.platform("resume").data
        )


def test_stop__through_the_managers_relay__refused_so_the_stopper_stays_known(
    stage: Stage, stopper: Person
) -> None:
    """The caller would be the manager, and the stopper could then count among those who resume."""
    relay = stage.manager("execute", stage.platform.address, stage.platform("stop").data)
    assert stopper.refused(relay) == error(
        "PlatformDutyMissing", stage.manager.address, stage.platform.selector("stop")
    )


# Groups -------------------------------------------------------------------------------------------


def switch(platform: Handle, group: str, enabled: bool) -> Call:
    return platform("setTransferEnabled", ref(group), enabled)


def test_group__switched__switches_its_products_and_no_others(
    stage: Stage, platform: Handle, second: Handle, repairer: TwoPersons
) -> None:
    assert repairer.does(switch(platform, "G1", False)) == [
        event("TransferEnabledSet", ref("G1"), False)
    ]
    assert (bits(stage.token), bits(second)) == (DISABLE, 0)
    assert platform.ask("isTransferEnabled", ref("G1")) is False
    assert platform.ask("controlBits", ref("G1")) == DISABLE
    assert stage.reason(stage.bob, stage.corp, 1) == 3
    assert repairer.does(switch(platform, "G1", True)) == [
        event("TransferEnabledSet", ref("G1"), True)
    ]
    assert (bits(stage.token), bits(second)) == (0, 0)
    assert platform.ask("isTransferEnabled", ref("G1")) is True


def test_group__created__says_so_once(stage: Stage, platform: Handle, repairer: TwoPersons) -> None:
    for group, enabled in (("G8", True), ("G9", False)):
        call = platform("createGroup", ref(group), enabled)
        assert repairer.does(call) == [event("GroupCreated", ref(group), enabled)]
        assert platform.ask("isTransferEnabled", ref(group)) is enabled
        for again in (True, False):
            assert repairer.refused(platform("createGroup", ref(group), again)) == error(
                "PlatformGroupExists", ref(group)
            )


def test_group__unknown_or_zero__refused_with_it(
    stage: Stage, platform: Handle, repairer: TwoPersons
) -> None:
    zero = bytes(32)
    for group in (ref("NONE"), zero):
        unknown = error("PlatformGroupUnknown", group)
        assert repairer.refused(platform("setTransferEnabled", group, True)) == unknown
        assert repairer.refused(platform("assignGroup", stage.token.address, group)) == unknown
        register = platform("register", ref("P9"), stage.spare.address, group)
        assert stage.machine(stage.factory).refused(register) == unknown
        assert platform.ask("isTransferEnabled", group) is False
    assert repairer.refused(platform("createGroup", zero, True)) == error(
        "PlatformGroupUnknown", zero
    )


def test_group__assigned__takes_on_its_state_and_follows_it(
    stage: Stage, platform: Handle, second: Handle, repairer: TwoPersons
) -> None:
    token = stage.token.address
    repairer.does(switch(platform, "G2", False))
    assert repairer.does(platform("assignGroup", token, ref("G2"))) == [
        event("GroupAssigned", token, ref("G1"), ref("G2"))
    ]
    assert platform.ask("groupOf", token) == ref("G2")
    assert (bits(stage.token), bits(second)) == (DISABLE, DISABLE)
    repairer.does(switch(platform, "G1", False))
    repairer.does(switch(platform, "G1", True))
    assert (bits(stage.token), bits(second)) == (DISABLE, DISABLE)
    repairer.does(switch(platform, "G2", True))
    assert (bits(stage.token), bits(second)) == (0, 0)
    repairer.does(switch(platform, "G2", False))
    repairer.does(platform("assignGroup", token, ref("G1")))
    assert (bits(stage.token), bits(second)) == (0, DISABLE)


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_group__first_middle_or_last_member_leaves__the_others_stay(
    stage: Stage, platform: Handle, repairer: TwoPersons, moved: int
) -> None:
    tokens = [stage.token, create(stage, "P2", "G1"), create(stage, "P3", "G1")]
    repairer.does(platform("createGroup", ref("G2"), True))
    repairer.does(platform("assignGroup", tokens[moved].address, ref("G2")))
    repairer.does(switch(platform, "G1", False))
    expected = [0 if at == moved else DISABLE for at in range(3)]
    assert [bits(token) for token in tokens] == expected
    repairer.does(platform("assignGroup", tokens[moved].address, ref("G1")))
    assert [bits(token) for token in tokens] == [DISABLE] * 3
    repairer.does(platform("assignGroup", tokens[moved].address, ref("G1")))  # to where it is
    repairer.does(switch(platform, "G1", True))
    assert [bits(token) for token in tokens] == [0] * 3


def test_group__assigned_to_no_product__refused_with_it(
    stage: Stage, platform: Handle, repairer: TwoPersons
) -> None:
    for address in (stage.spare.address, platform.address, ZERO_ADDRESS):
        assert repairer.refused(platform("assignGroup", address, ref("G1"))) == error(
            "PlatformProductUnknown", address
        )


def test_switches__of_market_and_group__leave_each_other_alone(
    stage: Stage, platform: Handle, repairer: TwoPersons, market_operator: Person
) -> None:
    repairer.does(switch(platform, "G1", False))
    market_operator.does(platform("closeMarket"))
    assert bits(stage.token) == CLOSE | DISABLE
    stage.stopper.does(platform("stop"))
    assert bits(stage.token) == STOP | CLOSE | DISABLE == platform.ask("controlBits", ref("G1"))
    stage.resumer.does(platform("resume"))
    assert bits(stage.token) == CLOSE | DISABLE == platform.ask("controlBits", ref("G1"))
    repairer.does(switch(platform, "G1", True))
    assert bits(stage.token) == CLOSE
    market_operator.does(platform("openMarket"))
    assert bits(stage.token) == 0 == platform.ask("controlBits", ref("G1"))


def test_control_bits__written__leave_the_rest_of_the_word(
    stage: Stage, platform: Handle, restrictor: Person, issuer: TwoPersons
) -> None:
    stage.restrictor.does(stage.token("setProductLockUp", VERIFIED_UNTIL))
    issuer.does(stage.token("split", 2, 0, act("SPLIT-1")))
    rule = stage.create("LimitRule", 5)
    restrictor.does(stage.token("setRule", rule))
    rest = stage.token.ask("controlWord")
    assert rest >> 160 & 0xFFFF == 0
    stage.stopper.does(platform("stop"))
    assert stage.token.ask("controlWord") == rest | (STOP | CLOSE) << 160


@pytest.fixture
def own_token(stage: Stage) -> Handle:
    """A token that takes a person of the stage for its platform, so that its bits can be written by hand."""
    terms = terms_struct(stage.terms("P5", redemption_date=stage.now))
    address = stage.create(
        "SecurityToken", terms, stage.deployment.acts, stage.stranger.address, 0xFFFF
    )
    return stage.at("SecurityToken", address)


def test_token__created_with_any_bits__has_the_platforms_three(own_token: Handle) -> None:
    assert bits(own_token) == STOP | CLOSE | DISABLE


@pytest.mark.parametrize("mask", [END, 0xFFFF, 0xFFF8])
def test_platform_bits__end_of_the_product__out_of_reach(
    stage: Stage, own_token: Handle, issuer: TwoPersons, stranger: Person, mask: int
) -> None:
    stranger.does(own_token("setControlBits", 7, 0))
    stranger.does(own_token("setControlBits", mask, mask))
    assert bits(own_token) == mask & 7
    stranger.does(own_token("setControlBits", 7, 0))

    selectors = [own_token.selector("redeemAll")]
    stage.admin.does(
        stage.manager("setTargetFunctionRole", own_token.address, selectors, int(Duty.ISSUER))
    )
    issuer.does(own_token("redeemAll", [], act("END")))
    assert bits(own_token) == END
    stranger.does(own_token("setControlBits", mask, 0))
    assert bits(own_token) == END
    stranger.does(own_token("setControlBits", 2, 0xFFFF))
    assert bits(own_token) == END | CLOSE


# The list -----------------------------------------------------------------------------------------


def test_products__in_pages__each_once(stage: Stage, platform: Handle, second: Handle) -> None:
    third = create(stage, "P3", "G1")
    everything = (stage.token.address, second.address, third.address)
    assert platform.ask("tokenCount") == 3
    assert platform.ask("tokens", 0, 100) == everything
    assert platform.ask("tokens", 0, 2**256 - 1) == everything
    assert platform.ask("tokens", 0, 2) + platform.ask("tokens", 2, 2) == everything
    for first, count in ((3, 1), (2**256 - 1, 1), (0, 0)):
        assert platform.ask("tokens", first, count) == ()
    for product, token in zip(("P1", "P2", "P3"), everything, strict=True):
        assert platform.ask("tokenOf", ref(product)) == token
    assert platform.ask("tokenOf", ref("P4")) == ZERO_ADDRESS
    assert ProductId("P1") == chain.PRODUCT
