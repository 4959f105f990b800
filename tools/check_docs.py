"""Bring generated pages up to date and check that every link in the documentation leads somewhere.

A page that can be read off the code is generated, so that it cannot lag behind: PAGES names it.

    python tools/check_docs.py            write pages, check links (`make docs`)
    python tools/check_docs.py --check    write nothing; a page that would change is a failure
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SKIP = {".venv", "node_modules", ".ape", ".build", ".git", ".cache", ".pytest_cache"}

sys.path.insert(0, str(ROOT / "docs" / "_generate"))
from doc_pages import PAGES  # noqa: E402  a folder of scripts, found by path

WRITERS: dict[str, Callable[[], str]] = {str(path): write for path, write in PAGES.items()}
"""Path below the repository to the function that writes the page."""

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2[ ]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)


def documents() -> list[Path]:
    """Every Markdown file of the repository, by path."""
    found = ROOT.rglob("*.md")
    return sorted(p for p in found if not SKIP & set(p.relative_to(ROOT).parts))


def anchors(page: Path) -> set[str]:
    """What `#...` may name in a page: its headings, spelled the way code hosts spell them."""
    text = re.sub(r"^(`{3,}|~{3,}).*?^\1", "", page.read_text("utf-8"), flags=re.M | re.S)
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(text))
    return {title.strip().replace(" ", "-") for title in plain}


def broken_links() -> Iterator[str]:
    """`page: link` for each link inside the repository that leads nowhere."""
    for page in documents():
        for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
            if re.match(r"[a-z][a-z0-9+.-]*:", link):
                continue  # Elsewhere: the network is not asked.
            path, _, anchor = link.partition("#")
            target = (page.parent / path) if path else page
            known = target.exists()
            if known and anchor and target.suffix == ".md":
                known = anchor in anchors(target)
            if not known:
                yield f"{page.relative_to(ROOT)}: {link}"


def stale_pages() -> Iterator[tuple[Path, str]]:
    """Each generated page that differs from what would be written, with what would be."""
    for name, write in WRITERS.items():
        page, text = ROOT / name, write()
        if not page.exists() or page.read_text("utf-8") != text:
            yield page, text


def main() -> int:
    parser = argparse.ArgumentParser(description="Generated pages and links.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check

    problems = []
    for page, text in stale_pages():
        if check:
            problems.append(f"{page.relative_to(ROOT)}: out of date, run `make docs`")
        else:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, "utf-8")
    problems += [f"{link}: leads nowhere" for link in broken_links()]
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
