"""What screening a customer base costs in time and memory: whole, and after a new version of a list.

    python -m benchmarks.screening                100,000 customers, 20,000 entries; some minutes
    python -m benchmarks.screening --quick        a tenth of both

An embedded PostgreSQL and an embedded chain; invented names, the same in every run. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House
from genbo.bootstrap.office import Office
from genbo.bootstrap.screening import Screeners, load_list
from genbo.chain.embedded import EmbeddedNode
from genbo.compliance.screening import Kind, Listed, ListVersion, SanctionsList
from genbo.kernel import Digest, InvestorId
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.investors import Investor, Investors, NewInvestor
from genbo.storage.keyfile import development_kek
from genbo.storage.migrations import migrate
from genbo.storage.server import embedded_server
from genbo.storage.vault import Vault

BEGINNING = datetime(2026, 4, 1, tzinfo=UTC)
CHANGED = 200
_AT_ONCE = 5_000
_SYLLABLES = [first + last for first in ("", *"kstnhmyrwgzdb") for last in "aiueo"]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    part = 10 if parser.parse_args(arguments).quick else 1
    figures = measure(customers=100_000 // part, entries=20_000 // part)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(*, customers: int, entries: int) -> dict[str, object]:
    chance = random.Random(7)
    said: dict[str, object] = {"customers": customers, "entries": entries, "changed": CHANGED}

    def timed(what: str, act: Callable[[], int]) -> None:
        began = time.monotonic()
        said[what] = act()
        said[f"{what}_seconds"] = round(time.monotonic() - began, 1)
        said[f"{what}_memory_mib"] = _memory()

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        with lock_folder(data) as locked, embedded_server(locked) as server:
            database = Database(server.url())
            migrate(database)
            office = _office(database, Path(folder))
            timed("registered", lambda: _register(office, customers, chance))
            first = [_listed(number, chance) for number in range(entries)]
            timed("loaded", lambda: load_list(office, _list(first, day=1), by="x"))
            screeners = Screeners(office)
            timed("whole", lambda: sum(screeners.run(by="x").values()))
            second = [_listed(number, chance) for number in range(CHANGED)] + first[CHANGED:]
            timed("loaded_again", lambda: load_list(office, _list(second, day=2), by="x"))
            timed("delta", lambda: sum(Screeners(office).run(by="x").values()))
            office.close()
            database.close()
    return said


def _office(database: Database, folder: Path) -> Office:
    house = House(
        node=EmbeddedNode(genesis_at=BEGINNING),
        database=database,
        vault=Vault(development_kek(folder)),
        deployments=folder / "deployments",
        folder=folder,
    )
    return found_office(house, echo=lambda _: None)


def _register(office: Office, customers: int, chance: random.Random) -> int:
    for start in range(0, customers, _AT_ONCE):
        new = [
            NewInvestor(
                investor=Investor(
                    investor_id=InvestorId(f"IV-{number:07}"),
                    kind="individual",
                    safekeeping_kind="self",
                    investor_class=1,
                ),
                name=f"見本 {number}",
                name_romaji=_name(chance),
                registered_address=f"東京都架空区 {number}",
                effective=date(2026, 4, 1),
            )
            for number in range(start, min(start + _AT_ONCE, customers))
        ]
        with office.house.database.begin() as connection:
            investors = Investors(connection, office.house.vault)
            investors.register(new, at=office.house.now(), by="registration-1")
    return customers


def _listed(number: int, chance: random.Random) -> Listed:
    return Listed(id=f"E-{number:06}", kind=Kind.PERSON, names=(_name(chance), _name(chance)))


def _list(entries: Sequence[Listed], *, day: int) -> SanctionsList:
    content = "".join(each.digest for each in entries).encode()
    version = ListVersion(
        name="bench",
        source="bench",
        published=date(2026, 4, day),
        digest=Digest("0x" + hashlib.sha256(content).hexdigest()),
        entries=len(entries),
    )
    return SanctionsList(version=version, entries=tuple(entries))


def _name(chance: random.Random) -> str:
    """A family and a given name of two to four syllables each."""
    words = ("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(2))
    return " ".join(words).title()


def _memory() -> int:
    """The most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
