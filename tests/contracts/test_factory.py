"""Creation of products: approved code only, registered at once, with the bits of the moment. Outcomes: factory.tree."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils import keccak
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import Handle, error, event
from tests.contracts.stage import CAP, DUE, TERMS_HASH, Stage, ref

from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.contracts.encoding import terms_struct
from genbo.chain.contracts.token_factory import TokenFactory
from genbo.kernel import ZERO_ADDRESS, Address

CODE = artifacts.load("SecurityToken").creation_code
CODE_HASH = keccak(CODE)
SALT = ref("salt")
CLOSE, DISABLE = 2, 4


def creating(
    stage: Stage, product: str = "P2", *, code: bytes = CODE, salt: bytes = SALT, **changed: Any
) -> Call:
    return stage.factory("create", code, terms_struct(stage.terms(product, **changed)), salt)


def address_of(stage: Stage, bits: int, product: str = "P2", **changed: Any) -> Address:
    """CREATE2: known before the token exists."""
    return TokenFactory(stage.node, stage.factory.address).token_address(
        artifacts.load("SecurityToken"),
        stage.terms(product, **changed),
        SALT,
        acts=stage.deployment.acts,
        platform=stage.platform.address,
        control_bits=bits,
    )


def test_create__approved_code__stands_registered(stage: Stage, issuer: TwoPersons) -> None:
    expected = address_of(stage, 0)
    token = stage.at("SecurityToken", expected)
    assert issuer.does(creating(stage)) == [
        event("TermsSet", 101, TERMS_HASH, stage.beneficiary.address, CAP, DUE),
        event("PermittedClassesSet", 0, 2),
        event("Created", ref("P2"), expected, CODE_HASH),
        event("ProductRegistered", ref("P2"), expected, ref("G1")),
    ]
    assert stage.platform.ask("tokenOf", ref("P2")) == expected
    assert stage.platform.ask("groupOf", expected) == ref("G1")
    assert token.ask("supply") == (0, CAP, DUE, 101, False)
    assert token.ask("productId") == ref("P2")
    assert (token.ask("authority"), token.ask("platform"), token.ask("acts")) == (
        stage.manager.address,
        stage.platform.address,
        stage.deployment.acts,
    )
    artifact = artifacts.load("SecurityToken")
    code = stage.node.code(expected).value
    assert keccak(artifact.masked(code)) == keccak(artifact.masked(artifact.running_code))


@pytest.mark.parametrize("market", ["open", "closed"])
@pytest.mark.parametrize("enabled", [True, False])
def test_create__market_and_group__are_in_the_first_word(
    stage: Stage, issuer: TwoPersons, repairer: TwoPersons, market: str, enabled: bool
) -> None:
    """A product born while the market is closed must not trade until it opens."""
    if market == "closed":
        stage.market_operator.does(stage.platform("closeMarket"))
    repairer.does(stage.platform("setTransferEnabled", ref("G1"), enabled))
    expected = (CLOSE if market == "closed" else 0) | (0 if enabled else DISABLE)
    token = stage.at("SecurityToken", address_of(stage, expected))
    issuer.does(creating(stage))
    assert token.ask("controlWord") == expected << 160 | 2 << 224
    stage.market_operator.does(stage.platform("openMarket"))
    repairer.does(stage.platform("setTransferEnabled", ref("G1"), True))
    assert token.ask("controlWord") == 2 << 224


def test_create__code_not_approved__refused_with_its_hash(stage: Stage, issuer: TwoPersons) -> None:
    for code in (b"", CODE[:-1], CODE + b"\0", artifacts.load("PlainToken").creation_code):
        assert issuer.refused(creating(stage, code=code)) == error(
            "FactoryCodeNotApproved", keccak(code)
        )


def test_create__approval_withdrawn__refused_and_old_products_go_on(
    stage: Stage, issuer: TwoPersons
) -> None:
    for acts in (ZERO_ADDRESS, stage.deployment.acts):
        assert issuer.does(stage.factory("approveCode", CODE_HASH, acts)) == [
            event("CodeApproved", CODE_HASH, acts)
        ]
        assert stage.factory.ask("actsOf", CODE_HASH) == acts
        if acts == ZERO_ADDRESS:
            assert issuer.refused(creating(stage)) == error("FactoryCodeNotApproved", CODE_HASH)
            assert stage.bob.may(stage.token("transfer", stage.corp.address, 1))
    assert issuer.may(creating(stage))


def test_approve__acts_of_another_access_manager__refused_with_them(
    stage: Stage, issuer: TwoPersons
) -> None:
    """Whoever holds duties there would act on our tokens."""
    foreign = stage.create("DutyManager", stage.stranger.address)
    acts = stage.create("TokenActs", foreign, stage.deployment.services)
    call = stage.factory("approveCode", CODE_HASH, acts)
    assert issuer.refused(call) == error("FactoryActsForeign", acts)
    assert stage.factory.ask("actsOf", CODE_HASH) == stage.deployment.acts


@pytest.mark.parametrize("what", ["nobody", "a token's services"])
def test_approve__acts_that_are_none__refused(stage: Stage, issuer: TwoPersons, what: str) -> None:
    acts = stage.stranger.address if what == "nobody" else stage.deployment.services
    assert issuer.refused(stage.factory("approveCode", CODE_HASH, acts)) == error("")


def test_create__other_acts_approved__new_products_run_them_and_old_ones_do_not(
    stage: Stage, issuer: TwoPersons
) -> None:
    newer = stage.create("TokenActs", stage.manager.address, stage.deployment.services)
    issuer.does(stage.factory("approveCode", CODE_HASH, newer))
    issuer.does(creating(stage))
    token = stage.at("SecurityToken", stage.platform.ask("tokenOf", ref("P2")))
    assert token.ask("acts") == newer
    assert stage.token.ask("acts") == stage.deployment.acts


def test_create__same_product_again__refused(stage: Stage, issuer: TwoPersons) -> None:
    stage.at("SecurityToken", address_of(stage, 0))
    issuer.does(creating(stage))
    count = stage.platform.ask("tokenCount")
    assert issuer.refused(creating(stage)) == error("FactoryCreationFailed", ref("P2"))
    for again in (
        creating(stage, salt=ref("other")),
        creating(stage, name="Another name"),
        creating(stage, "P1"),
    ):
        taken = ref("P1") if again.data == creating(stage, "P1").data else ref("P2")
        assert issuer.refused(again) == error("PlatformProductExists", taken)
    assert stage.platform.ask("tokenCount") == count


def test_create__code_that_cannot_be_created__refused(stage: Stage, issuer: TwoPersons) -> None:
    code = b"\xfe"
    issuer.does(stage.factory("approveCode", keccak(code), stage.deployment.acts))
    assert issuer.refused(creating(stage, code=code)) == error("FactoryCreationFailed", ref("P2"))


def test_create__group_unknown__refused_and_nothing_left(stage: Stage, issuer: TwoPersons) -> None:
    call = creating(stage, transfer_control_id="NONE")
    assert issuer.refused(call) == error("PlatformGroupUnknown", ref("NONE"))
    place = address_of(stage, 0, transfer_control_id="NONE")
    assert stage.node.code(place).value == b""
    assert stage.platform.ask("tokenOf", ref("P2")) == ZERO_ADDRESS


def test_create__full_stop__refused_with_who_stopped(
    stage: Stage, issuer: TwoPersons, stopper: Person
) -> None:
    stopper.does(stage.platform("stop"))
    assert issuer.refused(creating(stage)) == error("PlatformAlreadyStopped", stopper.address)


def test_register__by_hand__refused_for_everybody(stage: Stage, platform: Handle) -> None:
    call = platform("register", ref("P9"), stage.spare.address, ref("G1"))
    for actor in stage.everybody():
        if actor.address != stage.factory.address:
            assert actor.refused(call) == error(
                "PlatformDutyMissing", actor.address, platform.selector("register")
            )


def test_token__created_without_wiring__belongs_to_admin_until_its_duties_are_wired(
    stage: Stage, issuer: TwoPersons, admin: TwoPersons
) -> None:
    """An unwired function belongs to ADMIN in the access manager: so deployment wires before it creates."""
    token = stage.at("SecurityToken", address_of(stage, 0))
    issuer.does(creating(stage))
    call = token("mint", stage.ann.address, 1)
    assert issuer.refused(call) == error("TokenDutyMissing", issuer.address, token.selector("mint"))
    assert admin.refused(call) == error("TokenUnverified", stage.ann.address)
    assert admin.refused(stage.token("mint", stage.ann.address, 1)) == error(
        "TokenDutyMissing", admin.address, token.selector("mint")
    )
