"""A long search for a file that is applied by halves, or that ends in a traceback; and files of 100 MB.

.venv/bin/python -m pytest tests/bootstrap/fuzz_files.py --fuzz-examples 3000 --fuzz-seconds 600
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.support.file_search import take
from tests.support.master_files import MAKER, Room, as_csv, people
from tests.support.spoiled_files import files

from genbo.masters.import_file import ImportStatus, ImportTarget, ProcessingKind
from genbo.storage.engine import Database
from genbo.storage.vault import Vault

HUNDRED_MEGABYTES = 100 * 1_000_000
TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def room(database: Database, vault: Vault, tmp_path: Path) -> Room:
    return Room(database, vault, tmp_path)


def test_files__any_bytes__are_applied_whole_or_not_at_all(
    room: Room, request: pytest.FixtureRequest
) -> None:
    option = request.config.getoption
    ends: Counter[str] = Counter()
    until = time.monotonic() + option("--fuzz-seconds")

    @seed(option("--fuzz-seed"))
    @settings(
        max_examples=option("--fuzz-examples"),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(files())
    def search(content: bytes) -> None:
        if time.monotonic() < until:
            take(room, content, ends)

    search()
    sys.stderr.write(json.dumps({"ends": dict(ends), "seed": option("--fuzz-seed")}) + "\n")


def _rows() -> bytes:
    """A hundred megabytes of rows that are right one by one, under ten thousand ids: all but those are repetitions."""
    some = as_csv(people(10_000))
    heading, rows = some.split(b"\r\n", 1)
    return heading + b"\r\n" + rows * (HUNDRED_MEGABYTES // len(rows) + 1)


HUGE = {
    "rows": _rows,
    "one line": lambda: b"x," * (HUNDRED_MEGABYTES // 2),
    "one cell": lambda: as_csv(people(1)) + b'"' + b"x" * HUNDRED_MEGABYTES,
    "open quote": lambda: as_csv(people(1)) + b'"' + b"x,\n" * (HUNDRED_MEGABYTES // 3),
    "commas": lambda: as_csv(people(1)) + (b"," * 60_000 + b"\n") * 1_700,
    "blank lines": lambda: as_csv(people(1)) + b"\n" * HUNDRED_MEGABYTES,
    "noise": lambda: random.Random(5).randbytes(HUNDRED_MEGABYTES),
    "text noise": lambda: (
        as_csv(people(1)) + bytes(random.Random(6).choices(b'abc",\n\r\0', k=HUNDRED_MEGABYTES))
    ),
}


@pytest.mark.parametrize("kind", HUGE)
def test_check__hundred_megabytes__fails_in_bounded_time_and_memory(room: Room, kind: str) -> None:
    path = room.folder / "file.csv"
    size, digest = _written(path, kind)
    began, before = time.monotonic(), room.rows()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file_id = room.desk.announce(
        target=ImportTarget.INVESTOR,
        kind=ProcessingKind.NEW,
        size=size,
        timestamp=room.at,
        sha256=digest,
        by=MAKER,
    ).file_id
    room.desk.receive(file_id, path, by=MAKER)
    file = room.desk.check(file_id, path, by=MAKER)
    seconds = time.monotonic() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    sys.stderr.write(
        json.dumps({"kind": kind, "seconds": round(seconds, 1), "grown_kib": grown}) + "\n"
    )
    assert room.rows() == before
    assert file.status is ImportStatus.FAILED
    assert seconds < 300
    assert grown < 512 * 1024


def _written(path: Path, kind: str) -> tuple[int, str]:
    """Writes the file in a process of its own, so that its memory is not counted here."""
    code = (
        "import hashlib, sys, types\n"
        f"tests = types.ModuleType('tests'); tests.__path__ = [{str(TESTS)!r}]\n"
        "sys.modules['tests'] = tests\n"
        "from tests.bootstrap.fuzz_files import HUGE\n"
        "content = HUGE[sys.argv[2]]()\n"
        "open(sys.argv[1], 'wb').write(content)\n"
        "print(len(content), hashlib.sha256(content).hexdigest())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, path, kind],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    size, digest = ran.stdout.split()
    return int(size), digest
