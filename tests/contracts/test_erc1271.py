"""ERC-1271 signers: contract accounts, and a Safe of two persons as it runs everywhere. Outcomes: erc1271.tree.

Contracts that fail to sign: signatures.tree.
"""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_utils import keccak
from tests.contracts.actors import Actor, Person, TwoPersons
from tests.contracts.handle import Handle, error, event
from tests.contracts.market import INSTRUCT, PRICE, SETTLE, UNLIMITED, YEN, Market
from tests.contracts.stage import RETAIL, VERIFIED_UNTIL, Stage, ref
from tests.contracts.typed import Words, digest, sign, split, token_domain

from genbo.chain.call import Call

MAGIC = bytes.fromhex("1626ba7e")
TRADE = ref("TRADE-1")
TRANSFER = "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"


@pytest.fixture
def market(stage: Stage) -> Market:
    return Market.on(stage)


@pytest.fixture
def owner(stage: Stage) -> Person:
    """Whose key speaks for the contract account."""
    return stage.person(40)


def endow(market: Market, account: str) -> None:
    """A verdict, 20 units and a hundred million yen."""
    stage = market.stage
    stage.restrictor.does(market.token("setVerdict", account, VERIFIED_UNTIL, RETAIL, False))
    market.buyer.does(market.token("transfer", account, 20))
    market.anybody.does(market.yen("mint", account, YEN))


@pytest.fixture
def wallet(market: Market, owner: Person) -> Handle:
    """A contract account that holds 20 units and allows the settlement contract everything."""
    stage = market.stage
    wallet = stage.at("ContractWallet", stage.create("ContractWallet", owner.address))
    endow(market, wallet.address)
    for asset in (market.token, market.yen):
        allowed = asset("approve", market.settlement.address, UNLIMITED)
        owner.does(wallet("perform", asset.address, allowed.data))
    return wallet


def authorised(market: Market, holder: str) -> Words:
    """The holder gives the buyer three units."""
    values = (holder, market.buyer.address, 3, 0, VERIFIED_UNTIL, TRADE)
    return Words("TransferWithAuthorization", values)


# A contract account ---------------------------------------------------------------------------------


def test_wallet__answers_as_the_standard_says(
    market: Market, wallet: Handle, owner: Person
) -> None:
    """So that the tests below stand on a wallet that conforms: the magic value, or something else."""
    words = authorised(market, wallet.address)
    domain = token_domain(market.stage)
    hashed = digest(domain, words)
    assert wallet.ask("isValidSignature", hashed, sign(owner, domain, words)) == MAGIC
    assert wallet.ask("isValidSignature", hashed, sign(market.seller, domain, words)) != MAGIC
    assert wallet.selector("isValidSignature") == MAGIC


def test_permit__by_a_contract__is_taken(
    market: Market, wallet: Handle, owner: Person, ann: Person
) -> None:
    words = Words("Permit", (wallet.address, ann.address, 4, 0, VERIFIED_UNTIL))
    signature = split(sign(owner, token_domain(market.stage), words))
    call = market.token("permit", wallet.address, ann.address, 4, VERIFIED_UNTIL, *signature)
    assert ann.does(call) == [event("Approval", wallet.address, ann.address, 4)]


def test_authorisation__by_a_contract__is_taken(
    market: Market, wallet: Handle, owner: Person
) -> None:
    words = authorised(market, wallet.address)
    signature = sign(owner, token_domain(market.stage), words)
    assert market.sends(market.token(TRANSFER, *words.values, signature)) == [
        event("AuthorizationUsed", wallet.address, TRADE),
        event("TransferReference", TRADE),
        event("Transfer", wallet.address, market.buyer.address, 3),
    ]


def test_authorisation__received_and_cancelled_by_a_contract__is_taken(
    market: Market, wallet: Handle, owner: Person
) -> None:
    """The recipient that may send its own authorisation can be a contract, too."""
    domain, seller = token_domain(market.stage), market.seller
    words = Words(
        "ReceiveWithAuthorization",
        (seller.address, wallet.address, 3, 0, VERIFIED_UNTIL, TRADE),
    )
    types = "address,address,uint256,uint256,uint256,bytes32,bytes"
    call = market.token(
        f"receiveWithAuthorization({types})", *words.values, sign(seller, domain, words)
    )
    owner.does(wallet("perform", market.token.address, call.data))
    assert market.stage.balance(wallet.address) == 23

    void = Words("CancelAuthorization", (wallet.address, TRADE))
    call = market.token(
        "cancelAuthorization(address,bytes32,bytes)", *void.values, sign(owner, domain, void)
    )
    assert market.sends(call) == [event("AuthorizationCanceled", wallet.address, TRADE)]


@pytest.mark.parametrize("side", ["seller", "buyer"])
@pytest.mark.parametrize("function", [SETTLE, INSTRUCT])
def test_trade__by_a_contract__settles(
    market: Market, wallet: Handle, owner: Person, function: str, side: str
) -> None:
    trade = market.trade() if function == SETTLE else market.bank_trade()
    trade = trade.with_(**{side: wallet.address})
    market.sends(market.signed(trade, function, **{side: owner}))
    units = 20 - 5 if side == "seller" else 20 + 5
    if function == INSTRUCT:
        market.agent.does(
            market.settlement("confirmPayment", market.token.address, TRADE, ref("PAY-1"))
        )
    else:
        yen = 5 * PRICE if side == "seller" else -5 * PRICE
        assert market.yen_of(wallet.address) == YEN + yen
    assert market.stage.balance(wallet.address) == units


def test_batch__with_a_contract__settles(market: Market, wallet: Handle, owner: Person) -> None:
    batch = market.batch({wallet.address: (-5, 5 * PRICE), market.third.address: (5, -5 * PRICE)})
    keys = {wallet.address: owner, market.third.address: market.third}
    order = batch.values[batch.members.index("participants")]
    signatures = [sign(keys[address], market.domain, batch) for address in order]
    market.sends(market.settlement("settleNet", batch.values, signatures))
    assert market.stage.balance(wallet.address) == 15


def test_signature__of_another_key__is_refused(market: Market, wallet: Handle) -> None:
    words = authorised(market, wallet.address)
    for other in (market.seller, market.anybody):
        signature = sign(other, token_domain(market.stage), words)
        call = market.token(TRANSFER, *words.values, signature)
        assert market.anybody.refused(call) == error("SignatureInvalid", wallet.address)


def test_signature__of_an_owner_who_handed_over__is_worth_nothing(
    market: Market, wallet: Handle, owner: Person
) -> None:
    """A contract's word counts as it is given now, not as it was when somebody signed."""
    words = authorised(market, wallet.address)
    call = market.token(TRANSFER, *words.values, sign(owner, token_domain(market.stage), words))
    trade = market.trade(seller=wallet.address)
    settle = market.signed(trade, seller=owner)
    assert market.anybody.may(call)
    assert market.anybody.may(settle)
    owner.does(wallet("handOver", market.seller.address))
    assert market.anybody.refused(call) == error("SignatureInvalid", wallet.address)
    assert market.anybody.refused(settle) == error("SettlementSignatureInvalid", wallet.address)
    market.sends(market.signed(trade))  # the new owner is the seller himself


# A Safe of two persons as a holder -----------------------------------------------------------------

_SAFE_DOMAIN = keccak(text="EIP712Domain(uint256 chainId,address verifyingContract)")
_SAFE_MESSAGE = keccak(text="SafeMessage(bytes message)")


def safe_digest(safe: Actor, chain_id: int, hashed: bytes) -> bytes:
    """What owners of a Safe sign so that the Safe signs `hashed`: its own typed data around it."""
    domain = keccak(
        encode(["bytes32", "uint256", "address"], [_SAFE_DOMAIN, chain_id, safe.address])
    )
    message = keccak(encode(["bytes32"], [hashed]))  # the message is the 32 bytes
    inner = keccak(encode(["bytes32", "bytes32"], [_SAFE_MESSAGE, message]))
    return keccak(b"\x19\x01" + domain + inner)


def signed_by(safe: TwoPersons, signed: bytes, owners: int = 2) -> bytes:
    """The signatures of the first so many owners, in the order the Safe wants."""
    ordered = sorted(safe.owners[:owners], key=lambda owner: int(owner.address, 16))
    return b"".join(owner.sign_digest(signed) for owner in ordered)


@pytest.fixture
def safe(market: Market) -> TwoPersons:
    """A company whose account is a Safe of two out of three: 20 units, a hundred million yen."""
    safe = market.stage.safe("governance")
    endow(market, safe.address)
    for asset in (market.token, market.yen):
        safe.does(asset("approve", market.settlement.address, UNLIMITED))
    return safe


def by_safe(market: Market, safe: TwoPersons, words: Words, *, owners: int = 2) -> Call:
    """The Safe's authorisation, by so many of its owners."""
    hashed = digest(token_domain(market.stage), words)
    signature = signed_by(safe, safe_digest(safe, market.stage.node.chain_id, hashed), owners)
    return market.token(TRANSFER, *words.values, signature)


def test_safe__two_owners__move_its_units(market: Market, safe: TwoPersons) -> None:
    words = authorised(market, safe.address)
    market.sends(by_safe(market, safe, words))
    assert market.stage.balance(safe) == 17


def test_safe__two_owners__settle_its_trade(market: Market, safe: TwoPersons) -> None:
    trade = market.trade(buyer=safe.address)
    chain_id = market.stage.node.chain_id
    signature = signed_by(safe, safe_digest(safe, chain_id, market.digest(trade)))
    seller = sign(market.seller, market.domain, trade)
    market.sends(market.settlement(SETTLE, trade.values, seller, signature))
    assert (market.stage.balance(safe), market.yen_of(safe)) == (25, YEN - 5 * PRICE)


def test_safe__one_owner_or_the_bare_message__is_refused(market: Market, safe: TwoPersons) -> None:
    words = authorised(market, safe.address)
    refused = error("SignatureInvalid", safe.address)
    assert market.anybody.refused(by_safe(market, safe, words, owners=1)) == refused
    bare = signed_by(safe, digest(token_domain(market.stage), words))
    assert market.anybody.refused(market.token(TRANSFER, *words.values, bare)) == refused
    assert market.stage.balance(safe) == 20
