"""How long a search is: a few fixed histories in every run of the tests, thousands of new ones on request."""

from __future__ import annotations

import os
from collections.abc import Sequence

import hypothesis
from hypothesis import HealthCheck, Phase

LONG = os.environ.get("FUZZ_PROFILE", "") == "long"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
"""Histories of a long search."""


SEARCH = 10
"""Histories of one search within a long one."""


def settings(*, steps: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=SEARCH if LONG else 2,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, *([Phase.shrink] if LONG else [])],  # shrinking takes minutes
        print_blob=True,
    )


def seeds(count: int) -> Sequence[int | None]:
    """One search finds mostly variations of a few histories; so many short ones find as many different histories.

    None stands for a seed that nobody knows before.
    """
    return [None] * (EXAMPLES // SEARCH) if LONG else list(range(count))
