"""The account (OS user) that an embedded server runs under.

PostgreSQL refuses to run as root. An ordinary user runs it under the own account; root, as in a container, hands it
to an account without rights. That account owns the cluster, but need not be able to reach it: a checkout often lies
below a folder that only root may enter. So the server is started inside its folder and told that it is where it is.
Only its programs must be reachable; for them root adds the right to enter the folders above (never to list them).
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from genbo.kernel import Fault, Reason

_HERE = Path("/proc/self/cwd")
"""Whoever asks finds the folder it runs in, without passing through those above (Linux)."""

_ENTER = 0o001
_READ_AND_ENTER = 0o005


@dataclass(frozen=True, slots=True)
class Account:
    """A user and its group."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()


def server_account() -> Account:
    """The account the server runs under: the own one, or for root the one of PostgreSQL or of nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Fault(
        Reason.DATABASE_UNREACHABLE, problem="root needs an account named postgres or nobody"
    )


def own_path(folder: Path, account: Account) -> str:
    """How a program of `account` that was started in `folder` names that folder."""
    if not account.is_ours and _HERE.exists():
        return str(_HERE)
    return str(folder)


def let_enter(folder: Path, account: Account) -> None:
    """Lets `account` pass through every folder above `folder`."""
    if account.is_ours:
        return
    for above in folder.parents:
        state = above.stat()
        if not state.st_mode & _ENTER and state.st_uid != account.uid:
            above.chmod(state.st_mode | _ENTER)


def let_read(programs: Path, account: Account) -> None:
    """Lets `account` read and run what is under `programs`, where a strict umask installed it for root alone."""
    if account.is_ours or programs.stat().st_mode & _READ_AND_ENTER == _READ_AND_ENTER:
        return
    for path in (programs, *programs.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        runs = path.is_dir() or mode & 0o100
        path.chmod(mode | (_READ_AND_ENTER if runs else 0o004))
