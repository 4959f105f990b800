"""A root commits to records; a proof shows one of them, here and on the ledger alike.

given 1, 2, 3 or 503 records and their anchored root
├── each record's proof should be accepted here and by the contract
├── another record, another secret, another's proof and a changed proof should not
└── the order in which records are given should not matter
given two leaves whose parent is a node
└── the node should not pass for a record, which with a single hash it would
given no records, one twice or a secret of another length
└── no tree should be made
"""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st
from tests.support.chain import PRODUCT, Stage

from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.chain.hexes import bytes_of
from genbo.chain.merkle import MerkleTree, Record, verify, verify_record

DAY = date(2021, 8, 31)


def record(number: int, secret: bytes | None = None) -> Record:
    """A line of a register, with a secret that a test can know."""
    return Record(
        content=f"holder {number}, {10 * number} units".encode(),
        secret=secret or hashlib.sha256(b"secret %d" % number).digest(),
    )


@pytest.mark.parametrize("count", [1, 2, 3, 503])
def test_proof__is_accepted_here_and_by_the_contract(stage: Stage, count: int) -> None:
    records = [record(number) for number in range(count)]
    tree = MerkleTree.of(records)
    assert len(tree) == count
    anchors = RegisterAnchor(stage.node, stage.deployment.anchor)
    call = anchors.anchor(AnchorKind.REGISTER, PRODUCT, DAY, root=tree.root, leaves=len(tree))
    stage.alone(call, "anchor-1")

    def contract(record: Record, proof: list[bytes]) -> bool:
        return anchors.proves(AnchorKind.REGISTER, PRODUCT, DAY, record=record, proof=proof).value

    longest = (count - 1).bit_length()
    for number in sorted({*range(0, count, max(1, count // 24)), count - 1}):
        leaf = records[number].leaf()
        proof = tree.proof(leaf)
        assert len(proof) <= longest
        assert verify(tree.root, leaf, proof)
        assert verify_record(tree.root, records[number], proof)
        assert contract(records[number], proof)
        for false in (record(count), record(number, b"\x01" * 32)):
            assert not verify_record(tree.root, false, proof)
            assert not contract(false, proof)
        for wrong in ([*proof, bytes(32)], proof[1:] if proof else [leaf]):
            assert not verify(tree.root, leaf, wrong)
            assert not contract(records[number], wrong)
    # Nothing was anchored for the day after, nor for another kind.
    assert not anchors.proves(AnchorKind.AUDIT_DAY, PRODUCT, DAY, record=records[0], proof=[]).value


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=40, unique=True), st.randoms())
def test_any_records__each_is_proved_in_any_order(contents: list[bytes], order: object) -> None:
    records = [Record(content=each, secret=hashlib.sha256(each).digest()) for each in contents]
    tree = MerkleTree.of(records)
    shuffled = list(records)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert MerkleTree.of(shuffled).root == tree.root
    for each in records:
        assert verify_record(tree.root, each, tree.proof(each.leaf()))


def test_node__does_not_pass_for_a_record() -> None:
    """The forger takes two leaves as secret and content: hashed once they are their parent, which is in the tree."""
    leaves = sorted(record(number).leaf() for number in range(4))
    tree = MerkleTree(leaves)
    node, proof = keccak(leaves[0] + leaves[1]), [keccak(leaves[2] + leaves[3])]
    forged = Record(secret=leaves[0], content=leaves[1])
    assert keccak(forged.secret + forged.content) == node
    assert verify(tree.root, node, proof)  # what a tree of leaves hashed once would be shown
    assert not verify_record(tree.root, forged, proof)

    two = MerkleTree(leaves[:2])
    assert bytes_of(two.root) == node
    assert not verify_record(two.root, forged, [])


def test_tree__of_nothing_or_of_one_leaf_twice__is_not_made() -> None:
    with pytest.raises(ValueError, match="without leaves"):
        MerkleTree([])
    with pytest.raises(ValueError, match="twice"):
        MerkleTree([bytes(32), bytes(32)])
    with pytest.raises(ValueError, match="32 bytes"):
        Record(content=b"x", secret=b"short")
    with pytest.raises(KeyError):
        MerkleTree.of([record(1)]).proof(record(2).leaf())
