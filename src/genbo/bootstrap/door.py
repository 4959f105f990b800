"""The door: how commands reach a system that `genbo up` keeps running in a data folder.

A file in the folder says where its chain answers and which process serves it. The file of a process that was killed
stays behind, so the door counts only together with the lock on the folder: both must be of the same process.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_FILE = "door.json"


@dataclass(frozen=True, slots=True)
class Door:
    """The process that keeps a data folder, and where it serves its chain."""

    pid: int
    node_url: str | None
    """None when the chain is at the URL of the settings."""


@contextmanager
def keep_door(data: Path, node_url: str | None) -> Iterator[None]:
    """Tells other commands, until the block ends, that this process keeps the folder."""
    path = data / _FILE
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"pid": os.getpid(), "node_url": node_url}) + "\n")
    new.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_door(data: Path, *, pid: object) -> Door | None:
    """The door of the process `pid`, which holds the lock on the folder; None when it keeps none (yet)."""
    try:
        content = json.loads((data / _FILE).read_text())
        door = Door(pid=int(content["pid"]), node_url=content["node_url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return door if door.pid == pid else None
