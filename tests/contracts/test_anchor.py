"""`RegisterAnchor`: once for each kind, subject and day, and what a proof proves. Outcomes: anchor.tree.

The tree is built here, so that a mistake in the service's own cannot hide one in the contract.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from eth_utils import keccak
from tests.contracts.actors import Person
from tests.contracts.handle import Handle, error, event
from tests.contracts.stage import NONE32, Stage, ref

REGISTER, PAYEES, AUDIT = range(3)
SUBJECT, OTHER = ref("P1"), ref("P2")
DAY = 20220131
ROOT = b"\xab" * 32


@pytest.fixture
def anchors(stage: Stage) -> Handle:
    return stage.at("RegisterAnchor", stage.deployment.anchor)


@pytest.fixture
def anchorer(stage: Stage) -> Person:
    """ANCHORER."""
    return stage.operator("anchor-1")


# The tree -------------------------------------------------------------------------------------------


def digests(count: int) -> list[bytes]:
    """keccak256 of each record with its secret."""
    return [keccak(text=f"secret {number}, holder {number}") for number in range(count)]


def node(left: bytes, right: bytes) -> bytes:
    return keccak(min(left, right) + max(left, right))


def levels(records: Sequence[bytes]) -> list[list[bytes]]:
    """From the leaves, each the digest of a record's digest, up to the root; an odd last one goes up as it is."""
    level = [keccak(record) for record in records]
    found = [level]
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [node(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
        found.append(level)
    return found


def proof(tree: list[list[bytes]], place: int, start: int = 0) -> list[bytes]:
    """The siblings on the way from that place of a level up to the root."""
    path = []
    for level in tree[start:-1]:
        if place ^ 1 < len(level):
            path.append(level[place ^ 1])
        place //= 2
    return path


@pytest.fixture
def tree(anchors: Handle, anchorer: Person, request: pytest.FixtureRequest) -> list[list[bytes]]:
    """The tree of so many records, anchored."""
    count = request.param
    tree = levels(digests(count))
    anchorer.does(anchors("anchor", REGISTER, SUBJECT, DAY, tree[-1][0], count))
    return tree


BY_SIZE = pytest.mark.parametrize("tree", [1, 2, 3, 503], indirect=True)


def proves(anchors: Handle, record: bytes, path: list[bytes]) -> bool:
    return bool(anchors.ask("proves", REGISTER, SUBJECT, DAY, record, path))


def some(count: int) -> list[int]:
    """First, last and a few between."""
    return sorted({*range(0, count, max(1, count // 12)), count - 1})


@BY_SIZE
def test_proof__of_each_record__is_accepted(
    stage: Stage, anchors: Handle, tree: list[list[bytes]]
) -> None:
    count = len(tree[0])
    for place in some(count):
        assert proves(anchors, digests(count)[place], proof(tree, place))
    assert anchors.ask("rootOf", REGISTER, SUBJECT, DAY) == (tree[-1][0], count, stage.now)


@BY_SIZE
def test_proof__of_anything_else__is_not(anchors: Handle, tree: list[list[bytes]]) -> None:
    count = len(tree[0])
    records = digests(count + 1)
    for place in some(count):
        path = proof(tree, place)
        assert not proves(anchors, records[count], path)  # no record of this register
        assert not proves(anchors, records[place], [*path, bytes(32)])
        if path:
            assert not proves(anchors, records[place], path[1:])
            assert not proves(anchors, records[place], path[:-1])
            changed = [bytes([path[0][0] ^ 1]) + path[0][1:], *path[1:]]
            assert not proves(anchors, records[place], changed)
            assert not proves(anchors, records[place ^ 1 if place ^ 1 < count else 0], path)


@BY_SIZE
def test_node__does_not_pass_for_a_record(anchors: Handle, tree: list[list[bytes]]) -> None:
    """Whatever stands in the tree, leaves and root included, with the very path that leads from it to the root."""
    for start, level in enumerate(tree):
        for place in some(len(level)):
            path = proof(tree, place, start)
            assert not proves(anchors, level[place], path), (start, place)
    # Two children in a row, as whoever wants to pass a node off for a record would have them.
    if len(tree) > 1 and len(tree[0]) > 1:
        left, right = sorted(tree[0][:2])
        assert not proves(anchors, keccak(left + right), proof(tree, 0, 1))


# Anchoring ------------------------------------------------------------------------------------------


def test_anchor__fires_and_is_found(stage: Stage, anchors: Handle, anchorer: Person) -> None:
    at = stage.now + 30
    stage.next_block_at(at)
    assert anchorer.does(anchors("anchor", PAYEES, SUBJECT, DAY, ROOT, 503)) == [
        event("Anchored", PAYEES, SUBJECT, DAY, ROOT, 503)
    ]
    assert anchors.ask("rootOf", PAYEES, SUBJECT, DAY) == (ROOT, 503, at)


@pytest.mark.parametrize("kind", [REGISTER, PAYEES, AUDIT])
def test_anchor__again__is_refused_and_nothing_replaced(
    anchors: Handle, anchorer: Person, kind: int
) -> None:
    """Not by another root, not by the same one again, not with another number of records."""
    anchorer.does(anchors("anchor", kind, SUBJECT, DAY, ROOT, 503))
    before = anchors.ask("rootOf", kind, SUBJECT, DAY)
    for root, leaves in ((ROOT, 503), (b"\xcd" * 32, 503), (ROOT, 504)):
        assert anchorer.refused(anchors("anchor", kind, SUBJECT, DAY, root, leaves)) == error(
            "AnchorExists", kind, SUBJECT, DAY, ROOT
        )
    assert anchors.ask("rootOf", kind, SUBJECT, DAY) == before


def test_anchor__of_another_kind_subject_or_day__stands_beside(
    anchors: Handle, anchorer: Person
) -> None:
    """And proves nothing there: a payee is no holder, another product's register is another's."""
    record = digests(1)[0]
    root = keccak(record)
    places = [
        (kind, subject, day)
        for kind in (REGISTER, PAYEES, AUDIT)
        for subject in (SUBJECT, OTHER)
        for day in (DAY, DAY + 1)
    ]
    for number, place in enumerate(places):
        mine = root if number == 0 else keccak(root + bytes([number]))
        anchorer.does(anchors("anchor", *place, mine, number + 1))
    found = [anchors.ask("rootOf", *place)[1] for place in places]
    assert found == list(range(1, len(places) + 1))
    proved = [bool(anchors.ask("proves", *place, record, [])) for place in places]
    assert proved == [True] + [False] * (len(places) - 1)


@pytest.mark.parametrize(
    ("subject", "day", "root", "leaves"),
    [
        pytest.param(NONE32, DAY, ROOT, 1, id="no-subject"),
        pytest.param(SUBJECT, 0, ROOT, 1, id="no-day"),
        pytest.param(SUBJECT, DAY, NONE32, 1, id="no-root"),
        pytest.param(SUBJECT, DAY, ROOT, 0, id="no-record"),
    ],
)
def test_anchor__incomplete__is_refused(
    anchors: Handle, anchorer: Person, subject: bytes, day: int, root: bytes, leaves: int
) -> None:
    call = anchors("anchor", REGISTER, subject, day, root, leaves)
    assert anchorer.refused(call) == error("AnchorMalformed")


def test_anchor__of_a_kind_that_is_none__is_refused(anchors: Handle, anchorer: Person) -> None:
    assert anchorer.refused(anchors("anchor", 3, SUBJECT, DAY, ROOT, 1)) == error("")


@pytest.mark.parametrize("by", ["bob", "stranger", "admin", "issuer", "restrictor", "stopper"])
def test_anchor__without_the_duty__is_refused(stage: Stage, anchors: Handle, by: str) -> None:
    who = getattr(stage, by)
    assert who.refused(anchors("anchor", REGISTER, SUBJECT, DAY, ROOT, 1)) == error(
        "AnchorDutyMissing", who.address, anchors.selector("anchor")
    )


def test_where_nothing_was_anchored__nothing_is_proved(anchors: Handle) -> None:
    """Least of all by whoever finds a record whose leaf would be the empty root: there is none to be had."""
    assert anchors.ask("rootOf", REGISTER, SUBJECT, DAY) == (NONE32, 0, 0)
    for record in (NONE32, digests(1)[0], ROOT):
        assert not proves(anchors, record, [])
        assert not proves(anchors, record, [NONE32])
