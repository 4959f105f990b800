"""Words (確認結果の記帳): brings what the ledger says of investors' addresses to what the registry knows of them.

Ordered in the transaction that stores the reason, for all addresses of the investor in all products, one bulk act per
product and word; carried out by whoever works on bulk acts. `Keeping` compares ever after, so that nobody has to
remember: what closes by itself is closed, what may open is opened, and "blocked" is taken back by two persons alone.
"""

import hashlib
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.compliance.word import Known, Word, whole, word_for
from genbo.governance import Job, JobId, JobKind, JobRow
from genbo.kernel import Address, InvestorId, ProductId
from genbo.storage.jobs import Jobs
from genbo.storage.words import Spoken, Words

GENBO = "genbo"
"""Who acts where nobody asked: the system, by its rules."""


def words_of(
    connection: Connection, office: Office, investors: Collection[InvestorId], *, at: datetime
) -> tuple[dict[InvestorId, Known], dict[InvestorId, Word]]:
    """What is known of `investors`, and what the ledger should say of each."""
    known = Words(connection, office.deployment.chain_id).known(investors)
    plain = {investor: word_for(each) for investor, each in known.items()}
    opening = [investor for investor, word in plain.items() if word.opens(at=at)]
    refusals = office.gate.screened(connection).refusals(opening)
    return known, plain | {
        investor: word_for(known[investor], screening=refusal)
        for investor, refusal in refusals.items()
    }


def order_words(
    connection: Connection,
    office: Office,
    investors: Collection[InvestorId],
    *,
    key: str,
    by: str,
    at: datetime,
    lifted_by: Sequence[str] = (),
) -> list[JobId]:
    """Orders for every active address of `investors` what the ledger should say, where it does not say so already.

    Args:
        key: idempotency key of the reason; each bulk act gets one made from it.
        lifted_by: the two persons who release, where "blocked" is taken back; their keys sign.
    """
    words = Words(connection, office.deployment.chain_id)
    spoken = words.of_investors(investors)
    known, wanted = words_of(connection, office, investors, at=at)
    # What is on its way may end otherwise than the ledger says now, so it counts as a difference.
    busy = _busy(words, spoken)
    apart = [
        each
        for each in spoken
        if (not _same(each.word, wanted[each.investor]) or (each.product, each.address) in busy)
        and (lifted_by or not _lifts(each, wanted))
    ]
    return _order(
        connection, office, apart, known, wanted, key=key, by=by, at=at, lifted_by=lifted_by
    )


class Keeping:
    """The routine: compares every active address, page by page, and orders what differs; each difference once."""

    def __init__(
        self,
        office: Office,
        *,
        every: timedelta = timedelta(seconds=30),
        page: int = 5_000,
    ) -> None:
        self._office = office
        self._every = every.total_seconds()
        self._page = page
        self._after: tuple[ProductId, Address] | None = None
        self._next = 0.0

    def step(self) -> bool:
        """One page, when it is time; whether anything was ordered or more pages wait."""
        if self._after is None and time.monotonic() < self._next:
            return False
        office = self._office
        with office.house.database.read() as connection:
            spoken = Words(connection, office.deployment.chain_id).page(
                self._after, most=self._page
            )
        ordered = bool(spoken) and bool(self.compare(spoken))
        more = len(spoken) == self._page
        self._after = (spoken[-1].product, spoken[-1].address) if more else None
        self._next = time.monotonic() + self._every
        return ordered or more

    def compare(self, spoken: Sequence[Spoken]) -> list[JobId]:
        """Orders what differs among these addresses.

        What is under way is left alone; what the ledger refused is ordered again after an hour, not at once.
        """
        office = self._office
        at = office.house.now()
        with office.house.database.read() as connection:
            apart, _, _ = self._apart(connection, spoken, at=at)
        if not apart:
            return []
        with office.house.database.begin() as connection:
            apart, known, wanted = self._apart(connection, apart, at=at)
            return _order(
                connection,
                office,
                apart,
                known,
                wanted,
                key=f"words-{at:%Y%m%d%H}-{_digest(apart, wanted)}",
                by=GENBO,
                at=at,
            )

    def _apart(
        self, connection: Connection, spoken: Sequence[Spoken], *, at: datetime
    ) -> tuple[list[Spoken], Mapping[InvestorId, Known], Mapping[InvestorId, Word]]:
        words = Words(connection, self._office.deployment.chain_id)
        investors = {each.investor for each in spoken}
        known, wanted = words_of(connection, self._office, investors, at=at)
        apart = [
            each
            for each in spoken
            if not _same(each.word, wanted[each.investor])
            and not _lifts(each, wanted)
            and not _both_closed(each.word, wanted[each.investor], at)
        ]
        busy = _busy(words, apart)
        apart = [each for each in apart if (each.product, each.address) not in busy]
        return apart, known, wanted


def _order(
    connection: Connection,
    office: Office,
    apart: Iterable[Spoken],
    known: Mapping[InvestorId, Known],
    wanted: Mapping[InvestorId, Word],
    *,
    key: str,
    by: str,
    at: datetime,
    lifted_by: Sequence[str] = (),
) -> list[JobId]:
    """One bulk act per product, word and class."""
    groups: dict[tuple[ProductId, int, int, int], list[Address]] = {}
    for each in apart:
        word = wanted[each.investor]
        until = 0 if word.until is None else int(word.until.timestamp())
        common = (each.product, until, known[each.investor].investor_class, int(word.blocked))
        groups.setdefault(common, []).append(each.address)
    jobs = []
    for (product, until, investor_class, blocked), addresses in sorted(groups.items()):
        arguments = {"until": until, "investor_class": investor_class, "blocked": blocked}
        if lifted_by:
            arguments["lift"] = 1
        job = Job(
            key=f"{key}/{product}/{'-'.join(map(str, arguments.values()))}",
            chain_id=office.deployment.chain_id,
            kind=JobKind.VERDICT,
            product=product,
            ref=None,
            arguments=arguments,
            maker=by,
            people=tuple(lifted_by),
        )
        rows = [JobRow(address=address) for address in sorted(addresses)]
        if Jobs(connection, office.deployment.chain_id).order(job, rows, at=at):
            jobs.append(job.id)
    return jobs


def _busy(words: Words, spoken: Iterable[Spoken]) -> set[tuple[ProductId, Address]]:
    """Those about which an order is under way."""
    by_product: dict[ProductId, list[Address]] = {}
    for each in spoken:
        by_product.setdefault(each.product, []).append(each.address)
    return {
        (product, address)
        for product, addresses in by_product.items()
        for address in words.ordered(product, addresses)
    }


def _lifts(spoken: Spoken, wanted: Mapping[InvestorId, Word]) -> bool:
    """Whether the correction would take back "blocked", which two persons do or nobody."""
    return spoken.word.blocked and not wanted[spoken.investor].blocked


def _same(one: Word, other: Word) -> bool:
    def told(word: Word) -> tuple[datetime | None, bool]:
        # A blocked address may neither send nor receive, whatever else it says.
        return (None if word.blocked or word.until is None else whole(word.until), word.blocked)

    return told(one) == told(other)


def _both_closed(one: Word, other: Word, at: datetime) -> bool:
    """Whether neither holds any more: then there is nothing to correct."""
    return one.blocked == other.blocked and not one.opens(at=at) and not other.opens(at=at)


def _digest(apart: Sequence[Spoken], wanted: Mapping[InvestorId, Word]) -> str:
    told = [(each.product, each.address, each.word, wanted[each.investor]) for each in apart]
    return hashlib.sha256(repr(sorted(told, key=lambda each: each[:2])).encode()).hexdigest()[:32]
