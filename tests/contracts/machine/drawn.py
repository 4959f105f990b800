"""What a history is drawn from: accounts, quantities, references, moments. Small choices, so that they meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from tests.contracts.stage import CORPORATE, RETAIL, TERMS_HASH

from genbo.kernel import MAX_UNITS, Digest

DIGEST = Digest("0x" + TERMS_HASH.hex())
EVIDENCE = Digest("0x" + "e7" * 32)
FOREVER = 2**32 - 1
LIMIT = 50
"""Most units per movement that the working extra rule lets through."""

PEOPLE = range(9)
"""Places of the accounts: 0 beneficiary, 1 ann, 2 bob, 3 corp, 4 to 7 begin unverified, 8 is the zero address."""
KEYS = range(8)

Row = tuple[int, Any]

account = st.sampled_from([*PEOPLE, 1, 2, 3, 1, 2, 3])
holder = st.sampled_from([*KEYS, 1, 2, 3, 1, 2, 3])
taker = account
small = st.integers(1, 40)
quantity = st.one_of(
    small,
    st.sampled_from(["half", "half", "all", "all but one", "free", "free and one", "all and one"]),
    st.sampled_from(["half", "all", 0, MAX_UNITS, MAX_UNITS + 1, 2**256 - 1]),
)
"""So many, or as many as the giver makes them."""
part = st.one_of(small, st.sampled_from(["half", "half", "free", "all"]))
"""Quantities that usually can be had."""
reference = st.sampled_from([*["new"] * 8, "R1", "R2", None])
evidence = st.sampled_from([*[EVIDENCE] * 8, None])
moment = st.sampled_from([0, -1, 1, 2, 20, 1_000, 10**6, "never", "forever"])
"""Seconds from the block of the act, or the two ends of what a word can hold."""
investor_class = st.sampled_from([RETAIL, CORPORATE, RETAIL, CORPORATE, 2, 31, 32, 255])
delay = st.sampled_from([1, 1, 1, 2, 15, 500])
trade = st.sampled_from(["T1", "T2", "T3", "T4", "T5", "T6", None])
factor = st.sampled_from([2, 2, 3, 7, 10, 1_000, 999_983, 1_000_000])
wrong_factor = st.sampled_from([0, 1, 1_000_001, 2**80, 2**256 - 1])

rows = st.lists(st.tuples(account, quantity), max_size=4)
good_rows = st.lists(st.tuples(st.sampled_from([1, 2, 3]), small), min_size=1, max_size=4)
any_rows = st.one_of(good_rows, good_rows, rows)
