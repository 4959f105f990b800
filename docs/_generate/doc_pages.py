"""The pages that are read off the code, so that they cannot lag behind it.

    python docs/_generate/doc_pages.py            write them
    python docs/_generate/doc_pages.py --check    write nothing; fail when one would change

`PAGES` is what other tools use: the path of a page below the repository, and the function that writes its text.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from api_page import api_page
from contracts_page import contracts_page
from powers_page import powers_page
from reasons_page import reasons_page
from sdk_page import sdk_page
from tables_page import tables_page

ROOT = Path(__file__).resolve().parent.parent.parent

PAGES: dict[str, Callable[[], str]] = {
    "contracts/README.md": contracts_page,
    "docs/api.md": api_page,
    "docs/powers.md": powers_page,
    "docs/reasons.md": reasons_page,
    "docs/sdk-calls.md": sdk_page,
    "docs/tables.md": tables_page,
}


def stale_pages() -> list[tuple[Path, str]]:
    """Each generated page that differs from what the code says, with what it says."""
    wanted = [(ROOT / name, write()) for name, write in PAGES.items()]
    return [
        (page, text)
        for page, text in wanted
        if not page.exists() or page.read_text("utf-8") != text
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Pages that are read off the code.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    stale = stale_pages()
    for page, text in stale:
        if check:
            sys.stdout.write(f"{page.relative_to(ROOT)}: out of date\n")
        else:
            page.write_text(text, "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
