"""`genbo`: where a command begins and ends.

Exit codes: 0 done; 1 refused by a rule, or an invariant does not hold; 2 the surroundings or the input are not as
they must be (nothing was changed); 130 interrupted.
"""

import sys
from collections.abc import Sequence

from genbo.bootstrap.interrupts import deafen, interruptible

INTERRUPTED = 130


def app() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """One command with its arguments; the exit code."""
    with interruptible():
        try:
            from genbo.cli.commands import perform  # loading takes a moment, in which Ctrl-C counts

            return perform(arguments)
        except KeyboardInterrupt:
            deafen()
            sys.stderr.write("Interrupted; nothing is left half done.\n")
            return INTERRUPTED


def __getattr__(name: str) -> object:
    """`commands`, the tree of commands: loaded when somebody asks for it."""
    if name == "commands":
        from genbo.cli.commands import commands

        return commands
    raise AttributeError(name)
