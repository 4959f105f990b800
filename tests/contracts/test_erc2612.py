"""ERC-2612, clause by clause. Outcomes: erc2612.tree; every kind of bad signature: signatures.tree."""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_utils import keccak
from tests.contracts.actors import Person
from tests.contracts.handle import Handle, error, event
from tests.contracts.stage import Stage
from tests.contracts.typed import Words, sign, split, token_domain

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS

UNLIMITED = 2**256 - 1
LATER = 3_600
DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


@pytest.fixture
def permit(stage: Stage, bob: Person, ann: Person) -> Words:
    """Bob allows ann seven units; within an hour."""
    return Words("Permit", (bob.address, ann.address, 7, 0, stage.now + LATER))


def sent(stage: Stage, words: Words, signer: Person) -> Call:
    """The permit with that person's signature; the number is signed and not sent."""
    owner, spender, value, _, deadline = words.values
    signature = split(sign(signer, token_domain(stage), words))
    return stage.token("permit", owner, spender, value, deadline, *signature)


def allowed(stage: Stage, owner: Person, spender: Person) -> tuple[int, int]:
    """The allowance, and the owner's next number."""
    allowance = stage.token.ask("allowance", owner.address, spender.address)
    return int(allowance), int(stage.token.ask("nonces", owner.address))


# The domain -----------------------------------------------------------------------------------------


def separator(stage: Stage, token: Handle) -> bytes:
    """The domain separator by the formula of EIP-712."""
    name, chain_id = token.ask("name"), stage.node.chain_id
    values = [
        keccak(text=DOMAIN_TYPE),
        keccak(text=name),
        keccak(text="1"),
        chain_id,
        token.address,
    ]
    return keccak(encode(["bytes32", "bytes32", "bytes32", "uint256", "address"], values))


def test_domain__is_name_version_chain_and_token(stage: Stage) -> None:
    assert stage.token.ask("DOMAIN_SEPARATOR") == separator(stage, stage.token)


def test_domain__tells_its_fields(stage: Stage) -> None:
    """ERC-5267, so that a wallet need not know this token: name, version, chain and contract, no salt."""
    assert stage.token.ask("eip712Domain") == (
        b"\x0f",
        "First residence",
        "1",
        stage.node.chain_id,
        stage.token.address,
        bytes(32),
        (),
    )


# permit ---------------------------------------------------------------------------------------------


def test_permit__sets_counts_and_fires(
    stage: Stage, permit: Words, bob: Person, ann: Person, stranger: Person
) -> None:
    """Whoever sends it: nothing in the standard asks who that is."""
    assert stranger.does(sent(stage, permit, bob)) == [
        event("Approval", bob.address, ann.address, 7)
    ]
    assert allowed(stage, bob, ann) == (7, 1)
    ann.does(stage.token("transferFrom", bob.address, stage.corp.address, 7))
    assert stage.balance(bob) == 44


def test_permit__again_with_the_next_number__overwrites(
    stage: Stage, permit: Words, bob: Person, ann: Person
) -> None:
    for number, value in enumerate((10, UNLIMITED, 3, 0)):
        ann.does(sent(stage, permit.with_(value=value, nonce=number), bob))
        assert allowed(stage, bob, ann) == (value, number + 1)


def test_permit__at_the_deadline__is_taken_and_later_refused(
    stage: Stage, permit: Words, bob: Person, ann: Person
) -> None:
    """The block's time must be less than or equal to it."""
    deadline = permit.values[-1]
    call = sent(stage, permit, bob)
    stage.advance_to(deadline)  # the next act happens a second later
    assert ann.refused(call) == error("ERC2612ExpiredSignature", deadline)
    fresh = sent(stage, permit.with_(deadline=deadline + 60), bob)
    stage.next_block_at(deadline + 60)
    ann.does(fresh)
    assert stage.now == deadline + 60
    assert allowed(stage, bob, ann) == (7, 1)


def test_permit__without_a_deadline__is_taken(
    stage: Stage, permit: Words, bob: Person, ann: Person
) -> None:
    ann.does(sent(stage, permit.with_(deadline=UNLIMITED), bob))
    assert allowed(stage, bob, ann) == (7, 1)


@pytest.mark.parametrize("number", [1, 2, UNLIMITED])
def test_permit__of_another_number__is_refused(
    stage: Stage, permit: Words, bob: Person, ann: Person, number: int
) -> None:
    call = sent(stage, permit.with_(nonce=number), bob)
    assert ann.refused(call) == error("SignatureInvalid", bob.address)
    assert allowed(stage, bob, ann) == (0, 0)


def test_permit__a_second_time__is_refused(
    stage: Stage, permit: Words, bob: Person, ann: Person
) -> None:
    call = sent(stage, permit, bob)
    ann.does(call)
    bob.does(stage.token("approve", ann.address, 0))
    assert ann.refused(call) == error("SignatureInvalid", bob.address)
    assert allowed(stage, bob, ann) == (0, 1)


def test_permit__for_the_zero_address__is_refused(
    stage: Stage, permit: Words, bob: Person, ann: Person
) -> None:
    """MUST: a malformed signature recovers to the zero address, which must never count as its owner."""
    refused = error("SignatureInvalid", ZERO_ADDRESS)
    assert ann.refused(sent(stage, permit.with_(owner=ZERO_ADDRESS), bob)) == refused
    deadline = permit.values[-1]
    for v in (0, 27, 28, 255):
        call = stage.token(
            "permit", ZERO_ADDRESS, ann.address, 7, deadline, v, bytes(32), bytes(32)
        )
        assert ann.refused(call) == refused


@pytest.mark.parametrize("member", ["owner", "spender", "value", "deadline"])
def test_permit__of_other_words_than_were_signed__is_refused(
    stage: Stage, permit: Words, bob: Person, ann: Person, corp: Person, member: str
) -> None:
    changed = {
        "owner": corp.address,
        "spender": corp.address,
        "value": 8,
        "deadline": permit.values[-1] + 1,
    }
    words = permit.with_(**{member: changed[member]})
    owner, spender, value, _, deadline = words.values
    signature = split(sign(bob, token_domain(stage), permit))
    call = stage.token("permit", owner, spender, value, deadline, *signature)
    assert ann.refused(call) == error("SignatureInvalid", owner)


def test_permit__to_the_zero_address__is_refused(stage: Stage, permit: Words, bob: Person) -> None:
    call = sent(stage, permit.with_(spender=ZERO_ADDRESS), bob)
    assert bob.refused(call) == error("ERC20InvalidSpender", ZERO_ADDRESS)


def test_permit__while_the_market_is_closed__is_taken(
    stage: Stage, permit: Words, bob: Person, ann: Person
) -> None:
    """It moves nothing; the transfer it allows is refused like any other."""
    stage.market_operator.does(stage.platform("closeMarket"))
    ann.does(sent(stage, permit, bob))
    assert allowed(stage, bob, ann) == (7, 1)
    call = stage.token("transferFrom", bob.address, stage.corp.address, 7)
    assert ann.refused(call) == error("TokenMarketClosed")


def test_permit__for_another_product__is_worth_nothing_here(
    stage: Stage, permit: Words, bob: Person, ann: Person
) -> None:
    """The domain carries the token's address, so equal names do not help."""
    elsewhere = token_domain(stage).but(contract=stage.platform.address)
    owner, spender, value, _, deadline = permit.values
    call = stage.token(
        "permit", owner, spender, value, deadline, *split(sign(bob, elsewhere, permit))
    )
    assert ann.refused(call) == error("SignatureInvalid", bob.address)
