"""Running `genbo` as people do: as a process of its own, or as the same function inside this one, which saves the
seconds it takes to load."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genbo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "shibuya-jinnan"
GENBO = Path(sys.executable).with_name("genbo")
SECONDS = 120.0


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What it printed with `--json`. Fails unless that is exactly one document."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return self.document["error"]

    @property
    def line(self) -> str:
        """What it said on standard error. Fails unless that is exactly one line."""
        (line,) = self.err.splitlines()
        return line


def settings(**values: object) -> dict[str, str]:
    """The environment of this process with these settings of ours, and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GENBO_")}
    return kept | {f"GENBO_{name.upper()}": str(value) for name, value in values.items()}


def genbo(*arguments: object, cwd: Path | None = None, **values: object) -> Ran:
    """The command as a process; `values` are the settings, such as `data`."""
    ended = subprocess.run(
        [GENBO, *map(str, arguments)],
        env=settings(**values),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    return _ran(ended.returncode, ended.stdout, ended.stderr)


def inside(*arguments: object, **values: object) -> Ran:
    """The command inside this process: the very function that the console script calls."""
    streams = io.BytesIO(), io.BytesIO()
    before = sys.stdout, sys.stderr, dict(os.environ)
    sys.stdout, sys.stderr = (io.TextIOWrapper(each, "utf-8") for each in streams)
    try:
        os.environ.clear()
        os.environ.update(settings(**values))
        code = run([str(each) for each in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
        return _ran(code, *(each.getvalue() for each in streams))
    finally:
        sys.stdout, sys.stderr, environment = before
        os.environ.clear()
        os.environ.update(environment)


def _ran(code: int, out: bytes, err: bytes) -> Ran:
    ran = Ran(code, out.decode(), err.decode())
    assert "Traceback" not in ran.out + ran.err, ran.err
    return ran


class Running:
    """A command that goes on."""

    def __init__(self, process: subprocess.Popen[bytes], out: Path, err: Path) -> None:
        self.process = process
        self._out, self._err = out, err

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def await_line(self, words: str) -> None:
        """Waits until it has said that, on either stream."""
        self._await(lambda: words in self.out + self.err, words)

    def await_handlers(self) -> None:
        """Waits until it hears signals itself: from its first moments on, long before everything is loaded."""

        def hears() -> bool:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
            return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)

        self._await(hears, "handler")

    def await_document(self) -> Any:
        """Waits for the document of `--json`."""
        self._await(lambda: self.out.rstrip().endswith("\n}"), "a document")
        return self.document

    def end(self, number: signal.Signals = signal.SIGTERM) -> Ran:
        """Sends the signal and waits for the end."""
        self.process.send_signal(number)
        code = self.process.wait(SECONDS)
        if number is signal.SIGKILL:
            return Ran(code, self.out, self.err)
        return _ran(code, self.out.encode(), self.err.encode())

    def _await(self, happened: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not happened():
            ended = self.process.poll() is not None
            if (ended and not happened()) or time.monotonic() > deadline:
                raise AssertionError(f"no {what}; it said:\n{self.out}\n{self.err}")
            time.sleep(0.01)


@contextmanager
def running(*arguments: object, tmp: Path | None = None, **values: object) -> Iterator[Running]:
    """The command as a process that goes on; killed, should it still be there when the block ends.

    `tmp` is where it puts what is temporary.
    """
    environment: Mapping[str, str] = settings(**values) | ({"TMPDIR": str(tmp)} if tmp else {})
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [GENBO, *map(str, arguments)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        try:
            yield Running(process, out, err)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def processes_of(folder: Path) -> dict[int, str]:
    """Every process that works in the folder or whose command line names it: its server, the warden of that."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            works_in = (entry / "cwd").readlink()
        except OSError:
            continue
        ours = os.fsencode(folder) in words or works_in.is_relative_to(folder)
        if ours and int(entry.name) != os.getpid():
            found[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace")
    return found


def await_none_of(folder: Path, seconds: float = 30) -> None:
    """Waits until the folder has no process; a server whose owner was killed takes a moment to end."""
    deadline = time.monotonic() + seconds
    while found := processes_of(folder):
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def personal_data(*names: str) -> set[str]:
    """Every name and statutory address in the example's files of investors."""
    import csv

    found = set()
    for name in names or ("investors.csv", "other-investors.csv"):
        with (EXAMPLE / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found |= {row["investor_name"], row["registered_address"]}
    assert len(found) > 100
    return found
