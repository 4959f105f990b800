"""The conformance kit: the standard conversation with a registry, and a table of what came of it.

    python -m genbo_sdk.conformance --base-url https://registry.example --credentials parties.json
    python -m genbo_sdk.conformance --sandbox               with a sandbox that is started for it

The file has the form that `genbo sandbox --file` writes. The least that it holds:

    {"base_url": "https://registry.example", "product": "SHIBUYA-JINNAN",
     "institutions": {"B1": {"role": "direct_broker",
                             "reference": {"credential": "CP-1", "secret": "..."},
                             "update": {"credential": "CP-2", "secret": "..."}}}}

With `chain_id`, `token`, `platform` and `holder_keys` (customer to key) transfers are signed and made; with a
`delegating_broker`, orders without a signature; with a `registrar` and `duty_keys`, an allotment. What cannot be tried
is skipped and says why. The conversation registers a customer, moves units and moves them back: it is for a registry
that may be written to, and for customers with whom nobody else deals meanwhile.

`--json` prints the outcomes for machines. The exit code is 1 when a step failed, 0 otherwise. Needs `genbo[signing]`.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from genbo_sdk._conversation import SECONDS, Conversation
from genbo_sdk._parties import Outcome, Parties

__all__ = ["run"]

_WIDTHS = (27, 44, 40)
_SIGNS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}


def run(document: Mapping[str, Any], *, as_json: bool = False, seconds: float = SECONDS) -> int:
    """Holds the conversation with the parties of `document`, and prints it.

    Args:
        seconds: after which no further step is begun.

    Returns:
        The exit code.

    Raises:
        ValueError, TypeError: the document is none of that form.
    """
    parties = Parties.of(document)
    if not as_json:
        _print("step", "expected", "got", "ms", "")
    outcomes = Conversation(parties, seconds=seconds).run(_silent if as_json else _tell)
    counted = {
        result: sum(each.result == result for each in outcomes)
        for result in ("passed", "failed", "skipped")
    }
    if as_json:
        told = {**counted, "steps": [asdict(each) for each in outcomes]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(", ".join(f"{many} {result}" for result, many in counted.items()) + "\n")
    return 1 if counted["failed"] else 0


def _silent(outcome: Outcome) -> None:
    """Machines are told at the end."""


def _tell(outcome: Outcome) -> None:
    _print(
        outcome.step,
        outcome.expected,
        outcome.got,
        str(outcome.milliseconds),
        _SIGNS[outcome.result],
    )


def _print(step: str, expected: str, got: str, milliseconds: str, sign: str) -> None:
    cells = [_wide(text, width) for text, width in zip((step, expected, got), _WIDTHS, strict=True)]
    sys.stdout.write(f"{cells[0]} {cells[1]} {cells[2]} {milliseconds:>6} {sign}".rstrip() + "\n")
    sys.stdout.flush()


def _wide(text: str, width: int) -> str:
    """Padded to so many columns; a character of Japanese takes two."""
    taken = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    return text + " " * max(0, width - taken)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m genbo_sdk.conformance",
        description="The standard conversation with a registry, and a table of what came of it.",
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--credentials",
        "--file",
        type=Path,
        metavar="FILE",
        help="who speaks, as `genbo sandbox --file` writes it",
    )
    where.add_argument("--sandbox", action="store_true", help="start a sandbox for it")
    parser.add_argument("--base-url", metavar="URL", help="where, if not where the file says")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="no step is begun later")
    parser.add_argument("--json", action="store_true", help="outcomes as JSON")
    given = parser.parse_args(arguments)
    there = {} if given.base_url is None else {"base_url": given.base_url}
    if given.credentials is not None:
        try:
            document = json.loads(given.credentials.read_bytes())
            return run({**document, **there}, as_json=given.json, seconds=given.seconds)
        except (OSError, ValueError, TypeError) as problem:
            parser.error(f"{given.credentials}: {problem}")
    from genbo_sdk.sandbox import Sandbox

    with Sandbox.start() as sandbox:
        return run(sandbox.document, as_json=given.json, seconds=given.seconds)


if __name__ == "__main__":
    sys.exit(main())
