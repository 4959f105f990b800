"""Files in every encoding, with quotes, line ends and widths of every kind, and bytes that changed on the way.

given any bytes
├── it should end as done with every row applied, or as failed with nothing changed
└── it should never end otherwise
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.support.file_search import take
from tests.support.master_files import Room
from tests.support.spoiled_files import files

from genbo.storage.engine import Database
from genbo.storage.vault import Vault


@pytest.fixture
def room(database: Database, vault: Vault, tmp_path: Path) -> Room:
    return Room(database, vault, tmp_path)


def test_files__any_bytes__are_applied_whole_or_not_at_all(room: Room) -> None:
    ends: Counter[str] = Counter()

    @settings(
        max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(files())
    def search(content: bytes) -> None:
        take(room, content, ends)

    search()
    assert min(ends["done"], ends["failed"]) > 5, ends
