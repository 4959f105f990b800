"""Where each contract keeps what; three contracts share one storage. Outcomes: storage_layout.tree."""

from __future__ import annotations

import json
import re

from eth_utils import keccak
from tests.contracts.stage import Stage

from genbo.kernel import Address
from storage_layout import FILE, ONE_STORAGE, layout

SLOT = {
    name: int(slot)
    for line in json.loads(FILE.read_text("utf-8"))["SecurityToken"]["storage"]
    for slot, name in [re.findall(r"^slot (\d+), byte \d+, \d+ bytes: (\w+) ", line)[0]]
}
"""Variable of the token to its slot, as the file has it."""


def kept_for(account: Address, slot: int) -> int:
    """Where a mapping at `slot` keeps the entry of an address."""
    return int.from_bytes(keccak(bytes.fromhex(account[2:]).rjust(32, b"\0") + slot.to_bytes(32)))


def test_layout__read_off_the_artifacts__is_the_one_under_version_control() -> None:
    assert layout() == FILE.read_text("utf-8"), "if the change is meant: `make layout`"


def test_layout__token_acts_and_services__are_the_same_storage() -> None:
    recorded = json.loads(FILE.read_text("utf-8"))
    token, acts, services = (recorded[name] for name in ONE_STORAGE)
    assert len(token["storage"]) >= 18
    assert token == acts == services


def test_layout__a_live_token__keeps_things_where_the_file_says(stage: Stage) -> None:
    def at(slot: int) -> int:
        return stage.node.storage(stage.token.address, slot).value

    for who in (stage.beneficiary, stage.ann, stage.bob, stage.corp, stage.stranger):
        assert at(kept_for(who.address, SLOT["_accounts"])) == stage.word(who)
    assert at(SLOT["_control"]) == stage.token.ask("controlWord")
    total, cap, due, category, issued = stage.token.ask("supply")
    packed = total | cap << 80 | due << 160 | category << 192 | issued << 208
    assert at(SLOT["_supply"]) == packed
    assert at(SLOT["_initialBeneficiary"]) == int(stage.beneficiary.address, 16)
    assert at(SLOT["_termsHash"]) == int.from_bytes(stage.token.ask("termsHash"))


def test_layout__acts_and_services__keep_nothing_of_their_own(ready: Stage) -> None:
    """`ready` is after an issue, a distribution, a freeze and a redemption: all of it stands in the token."""
    for shared in (ready.deployment.acts, ready.deployment.services):
        assert [ready.node.storage(shared, slot).value for slot in SLOT.values()] == [0] * len(SLOT)
        for who in (ready.beneficiary, ready.bob, ready.stranger):
            assert ready.node.storage(shared, kept_for(who.address, 0)).value == 0
