"""Dissent: where two nodes part ways.

Blocks are linked by their hashes, so two nodes that have the same block have the same blocks below it: the place where
they part is found by halving.
"""

from genbo.chain.node import BlockUnknown, Node
from genbo.chain.views import Dissent
from genbo.kernel import BlockStamp


def dissent_between(
    ours: tuple[str, Node], theirs: tuple[str, Node], *, upto: BlockStamp, shared: int
) -> Dissent | None:
    """Where `theirs` contradicts `ours` about `upto` or an earlier block; None when it does not.

    A node that has not come so far contradicts nothing; it is asked about the blocks it has.

    Args:
        upto: a block as `ours` has it.
        shared: a block that both are known to have in common; -1 when there is none.

    Raises:
        BlockUnknown: a node changed its mind meanwhile.
        Fault: `node_unreachable`.
    """
    (name, our), (other, their) = ours, theirs
    try:
        top, top_hash = upto.number, their.header(upto.number).stamp.hash
        same = top_hash == upto.hash
    except BlockUnknown:
        head = their.header().stamp
        top, top_hash = head.number, head.hash
        same = our.header(top).stamp.hash == top_hash
    if same:
        return None
    low, high = shared, top
    while high - low > 1:
        middle = (low + high) // 2
        if our.header(middle).stamp.hash == their.header(middle).stamp.hash:
            low = middle
        else:
            high = middle
    return Dissent(
        one=name,
        other=other,
        agreed=low,
        one_hash=our.header(high).stamp.hash,
        other_hash=their.header(high).stamp.hash,
    )
