"""A Genbo to test against: a whole one, on this machine, with a small invented world, gone when it ends.

    python -m genbo_sdk.sandbox                  serves one until Ctrl-C, and shows its credentials

    with Sandbox.start() as sandbox:             serves one for a test
        sandbox.base_url
        sandbox.client("B1")
        sandbox.credential("B1", "update")
        sandbox.holder_keys["H1"]

It needs the service beside this library (`pip install "genbo[server]"`), and imports nothing of it: the service runs as
a process of its own. Its world is described in examples/sandbox of the service.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genbo_sdk import Client

__all__ = ["Sandbox", "SandboxFailed"]

SECONDS_TO_BEGIN = 120.0
"""A busy machine takes its time."""
_SECONDS_TO_END = 30.0
_PAUSE = 0.05


class SandboxFailed(Exception):
    """The sandbox did not begin; the text says what it said."""


@dataclass(frozen=True)
class Sandbox:
    """A Genbo that is being served, and what a system needs to talk to it."""

    base_url: str
    """Where it answers, without `/v1`."""
    product: str
    """Id of its product."""
    chain_id: int
    token: str
    """Address of the product's token."""
    platform: str
    """Address of the platform contract: what signatures over commands are for."""
    holder_keys: Mapping[str, str] = field(repr=False)
    """Investor to the private key of its address, for investors whose broker keeps the keys itself."""
    duty_keys: Mapping[str, str] = field(repr=False)
    """Person with a duty to that person's private key."""
    institutions: Mapping[str, Mapping[str, Any]] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    """All of it as JSON, as `--file` writes it."""

    def client(self, institution: str, **options: Any) -> Client:
        """A client of the institution with both its credentials; close it, or use it as `with`.

        Args:
            options: as `Client` has them, such as `language`.

        Raises:
            KeyError: there is no such institution.
        """
        from genbo_sdk import Client, ClientSecret

        secrets = {
            scope: ClientSecret(*self.credential(institution, scope))
            for scope in ("reference", "update")
        }
        return Client(self.base_url, **(secrets | options))

    def credential(self, institution: str, scope: str) -> tuple[str, str]:
        """Id and secret with which a system of the institution signs in.

        Args:
            scope: `reference` or `update`.

        Raises:
            KeyError: there is no such institution or scope.
        """
        found = self.institutions[institution][scope]
        return found["credential"], found["secret"]

    @classmethod
    def read(cls, file: str | Path) -> Sandbox:
        """One that is served elsewhere, from the file that `genbo sandbox --file` wrote.

        Raises:
            OSError, ValueError, KeyError: there is no such file, or it is another one.
        """
        return cls._of(json.loads(Path(file).read_bytes()))

    @classmethod
    @contextmanager
    def start(cls, *, seconds: float = SECONDS_TO_BEGIN) -> Iterator[Sandbox]:
        """Serves one until the block ends.

        Args:
            seconds: how long it may take to begin.

        Raises:
            SandboxFailed: the service is not installed, or did not begin.
        """
        _require_service()
        with tempfile.TemporaryDirectory(prefix="genbo-sandbox-") as folder:
            file, said = Path(folder, "sandbox.json"), Path(folder, "said")
            with said.open("wb") as out:
                process = subprocess.Popen(
                    [*_COMMAND, "--file", str(file)],
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    env={k: v for k, v in os.environ.items() if not k.startswith("GENBO_")},
                )
            try:
                yield cls._of(_await(file, process, said, seconds))
            finally:
                _end(process)

    @classmethod
    def _of(cls, document: Mapping[str, Any]) -> Sandbox:
        names = ("base_url", "product", "chain_id", "token", "platform")
        return cls(
            **{name: document[name] for name in names},
            holder_keys=document["holder_keys"],
            duty_keys=document["duty_keys"],
            institutions=document["institutions"],
            document=document,
        )


_COMMAND = (sys.executable, "-m", "genbo", "sandbox")


def _require_service() -> None:
    if importlib.util.find_spec("genbo") is None or importlib.util.find_spec("fastapi") is None:
        raise SandboxFailed(
            'the service is not installed here: pip install "genbo[server]" (サーバーが未導入です)'
        )


def _await(
    file: Path, process: subprocess.Popen[bytes], said: Path, seconds: float
) -> Mapping[str, Any]:
    """What it wrote when it was up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError, ValueError):
            document: Mapping[str, Any] = json.loads(file.read_bytes())
            return document
        if process.poll() is not None:
            break
        time.sleep(_PAUSE)
    _end(process)
    raise SandboxFailed(said.read_text("utf-8", "replace")[-2_000:] or "it did not begin in time")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(arguments: list[str]) -> None:
    """Serves one in this very process until it is interrupted."""
    try:
        _require_service()
    except SandboxFailed as failed:
        sys.exit(str(failed))
    sys.stdout.flush()
    os.execv(_COMMAND[0], [*_COMMAND, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
