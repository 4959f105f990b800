"""Development keys sign on development chains and nowhere else.

given the keys of the well-known mnemonic
├── they should be the accounts that anvil and hardhat show
├── when the chain is for development: they may sign
└── when it is not: they should be refused, in a transaction and in an approval
given any other key
└── it may sign anywhere
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from genbo.chain.call import Call
from genbo.chain.contracts.safe import Safe
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import DEVELOPMENT_KEYS, KeySigner, development_key, refuse_development_key
from genbo.chain.networks import DEVELOPMENT_CHAIN_IDS
from genbo.chain.safe import Proposal, approve
from genbo.chain.sender import Sender
from genbo.kernel import Address, Fault, Reason

CONSORTIUM = 20_210_811
SOMEBODY = Address("0x000000000000000000000000000000000000dEaD")


def test_development_keys__are_the_well_known_accounts() -> None:
    assert development_key(0).address == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    assert development_key(9).address == "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"


@pytest.mark.parametrize("chain_id", sorted(DEVELOPMENT_CHAIN_IDS))
def test_development_key__on_a_development_chain__may_sign(chain_id: int) -> None:
    refuse_development_key(development_key(0).address, chain_id)


@pytest.mark.parametrize("number", [0, 19, 100, DEVELOPMENT_KEYS - 1])
@pytest.mark.parametrize("chain_id", [1, 61, 137, CONSORTIUM])
def test_development_key__elsewhere__is_refused(number: int, chain_id: int) -> None:
    with pytest.raises(Fault) as refused:
        refuse_development_key(development_key(number).address, chain_id)
    assert refused.value.reason is Reason.DEVELOPMENT_KEY_REFUSED
    assert refused.value.facts["chain_id"] == chain_id


def test_sender_and_safe__refuse_it_before_anything_is_signed() -> None:
    node = EmbeddedNode(genesis_at=datetime(2021, 8, 10, tzinfo=UTC), chain_id=CONSORTIUM)
    call = Call(SOMEBODY, b"", "nothing")
    with pytest.raises(Fault) as sending:
        Sender(node).send(call, by=development_key(3))
    with pytest.raises(Fault) as approving:
        approve(Proposal(Safe(node, SOMEBODY), call, 0), development_key(3))
    assert sending.value.reason is approving.value.reason is Reason.DEVELOPMENT_KEY_REFUSED
    assert node.stamp().number == 0
    assert Sender(node).send(call, by=KeySigner(b"\x07" * 32)).stamp.number == 1


def test_signer__does_not_show_its_key() -> None:
    signer = KeySigner(b"\x07" * 32)
    assert "07070707" not in repr(signer) + str(signer)
