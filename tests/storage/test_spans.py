"""Spans: a block finds the rows that cover it, and no others, by some numbers alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from genbo.storage.spans import LEVELS, span_of, spans_over

BLOCKS = st.integers(0, 2_000) | st.integers(0, 2**LEVELS - 1)


@settings(max_examples=500)
@given(BLOCKS, BLOCKS, BLOCKS)
def test_spans_over__any_row_and_block__finds_it_exactly_when_it_covers_the_block(
    began: int, ended: int, block: int
) -> None:
    began, ended = sorted((began, ended))
    span = span_of(began, ended)
    upto, above = spans_over(block)
    found = span is not None and (
        (span in upto and ended >= block) or (span in above and began < block)
    )
    assert found == (began < block <= ended)
    assert len(upto) + len(above) == LEVELS


@settings(max_examples=200)
@given(BLOCKS, BLOCKS)
def test_span_of__any_row__lies_in_what_it_covers(began: int, ended: int) -> None:
    span = span_of(began, ended)
    assert (span is None) == (ended <= began)
    assert span is None or began < span <= ended
