"""Spans: which rows of a history of any length were standing at one block, without reading the others.

A row that has ended covers the blocks after which it stood: those above `from_block`, up to `until_block`. Of the
numbers in that stretch it is filed under the roundest one in binary, which is its `span`. A block can only be covered
by rows filed under some thirty numbers, found from the block alone (a relational interval tree); so as-of questions
cost what they answer, and not what ever happened.
"""

from collections.abc import Sequence

LEVELS = 40
"""Chains with fewer than 2**40 blocks: at a block a second, thirty thousand years."""


def span_of(from_block: int, until_block: int) -> int | None:
    """The number a row is filed under; None when it began and ended in one block, and so covers none."""
    if until_block <= from_block:
        return None
    level = (from_block ^ until_block).bit_length() - 1
    return until_block >> level << level


def spans_over(block: int) -> tuple[Sequence[int], Sequence[int]]:
    """The numbers under which rows are filed that may cover `block`.

    Of those under the first, all cover it whose `until_block` is `block` or above; of those under the second, all
    whose `from_block` is below it.
    """
    upto: list[int] = []
    above: list[int] = []
    for level in range(LEVELS):
        bit = 1 << level
        span = (block & ~(2 * bit - 1)) | bit
        (upto if span <= block else above).append(span)
    return upto, above
