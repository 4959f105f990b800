"""What processes have used, as Linux tells it: processor seconds and resident memory."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    """Memory of this process that is in the machine now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def processor_seconds_below(parent: int) -> float:
    """Processor time of the processes that the process `parent` has started and that are still there."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            if int(fields[1]) == parent:
                total += int(fields[11]) + int(fields[12])
    return total / _TICK


def processor_seconds_of(process: int) -> float:
    """Processor time of one process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
