"""The conformance kit: the standard conversation with a registry, and a table of what came of it.

    python -m genbo_sdk.conformance --file parties.json     with the registry that the file names
    python -m genbo_sdk.conformance --sandbox               with a sandbox that is started for it

The file has the form that `genbo sandbox --file` writes. The conversation registers a customer, allots two units, moves
one and takes an order back: it is for a registry that may be written to. `--json` prints the outcomes for machines. The
exit code is 1 when a step failed, 0 otherwise. Needs `genbo[signing]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from genbo_sdk._conversation import Conversation, Outcome, Parties

__all__ = ["run"]


def run(document: dict[str, Any], *, as_json: bool = False) -> int:
    """Holds the conversation with the parties of `document`, and prints it.

    Returns:
        The exit code.
    """
    names = {each.name for each in fields(Parties)}
    parties = Parties(**{name: value for name, value in document.items() if name in names})

    def tell(outcome: Outcome) -> None:
        if not as_json:
            shown = f"{outcome.step:<36} {outcome.result:<8} {outcome.milliseconds:>7} ms  {outcome.told}"
            sys.stdout.write(f"{shown}\n")
            sys.stdout.flush()

    outcomes = Conversation(parties).run(tell)
    if as_json:
        sys.stdout.write(json.dumps([asdict(each) for each in outcomes], ensure_ascii=False) + "\n")
    counted = {
        result: sum(each.result == result for each in outcomes)
        for result in ("passed", "failed", "skipped")
    }
    if not as_json:
        sys.stdout.write(
            ", ".join(f"{number} {result}" for result, number in counted.items()) + "\n"
        )
    return 1 if counted["failed"] else 0


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m genbo_sdk.conformance", description="The standard conversation."
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--file", type=Path, help="who speaks, as `genbo sandbox --file` writes it")
    where.add_argument("--sandbox", action="store_true", help="start a sandbox for it")
    parser.add_argument("--json", action="store_true", help="outcomes as JSON")
    given = parser.parse_args(arguments)
    if given.file is not None:
        return run(json.loads(given.file.read_bytes()), as_json=given.json)
    from genbo_sdk.sandbox import Sandbox

    with Sandbox.start() as sandbox:
        document = {each.name: getattr(sandbox, each.name) for each in fields(sandbox)}
        return run(document, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
