"""Write the generated half of the broker's library, so that it cannot differ from the interface.

    python tools/make_sdk.py            write (`make sdk`)
    python tools/make_sdk.py --check    write nothing; what would change is a failure

A new route needs one line in `sdk/calls.py`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from genbo.kernel import Reason
from sdk.clients import client, operations
from sdk.document import Schema, openapi, routes
from sdk.models import models
from sdk.unwait import PAGES, unwaiting

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "src" / "genbo_sdk"

_REASONS = '''"""Reason: the codes of every refusal. Written by tools/make_sdk.py from the registry's own table."""

from genbo_sdk._words import Word


class Reason(Word):
    """Why the registry says no. Codes are never renamed; docs/reasons.md tells what each means."""

'''


def reasons() -> str:
    """The registry's reasons, as the library has them."""
    return _REASONS + "".join(f'    {each.name} = "{each.value}"\n' for each in Reason)


def written(document: Schema) -> dict[str, str]:
    """Name of each generated module to its text."""
    found = list(routes(document))
    texts = {
        "_reason.py": reasons(),
        "_models.py": models(document, found),
        "_operations.py": operations(found),
        "_sync.py": client(document, found, waits=True),
        "_async.py": client(document, found, waits=False),
    }
    for page in PAGES:
        texts[f"_async_{page}.py"] = unwaiting((LIBRARY / f"_{page}.py").read_text("utf-8"))
    return {name: formatted(name, text) for name, text in texts.items()}


def formatted(name: str, text: str) -> str:
    """As the house writes Python; what is not used is left out."""
    ruff = [str(Path(sys.executable).with_name("ruff"))]
    where = ["--stdin-filename", str(LIBRARY / name)]
    fix = ["check", "--quiet", "--fix", "--fix-only", "--select", "F401,I,RUF100,C4,UP"]
    for command in ([*ruff, *fix, *where, "-"], [*ruff, "format", "--quiet", *where, "-"]):
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, check=True, cwd=ROOT
        )
        text = done.stdout.decode()
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description="The generated half of genbo_sdk.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    stale = 0
    for name, text in written(openapi()).items():
        file = LIBRARY / name
        if file.exists() and file.read_text("utf-8") == text:
            continue
        stale += 1
        if check:
            sys.stdout.write(f"src/genbo_sdk/{name}: out of date, run `make sdk`\n")
        else:
            file.write_text(text, "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
