"""Screening (照合) of the customer base: whoever is due is compared, page by page, and what follows is ordered at once.

Who is due is a question to the tables: whoever was not compared with a list in force under the names and thresholds in
force. So onboarding, a new name, a new list and new thresholds need no trigger that somebody might forget; a run that
was interrupted is run again; and a new version of a list costs what changed in it. Names are opened from the vault for
the comparison, which leaves a reading; memory holds one list and one page.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.words import GENBO, order_words
from genbo.compliance.screening import (
    AmlClass,
    Delta,
    Ground,
    Kind,
    ListVersion,
    NameIndex,
    Outcome,
    Release,
    SanctionsList,
    StatedName,
    Subject,
    Thresholds,
    aml_class,
    approve_release,
    carry,
    propose_release,
    screen,
)
from genbo.governance import Duty
from genbo.kernel import Digest, InvestorId, Reason, Refusal
from genbo.storage.investors import Identity, Investors
from genbo.storage.sanctions import SanctionsLists
from genbo.storage.screenings import (
    DueScreening,
    Screenings,
    StoredProposal,
    StoredScreening,
)
from genbo.storage.vault import Erased, Purpose, Reading
from genbo.storage.words import Words

PAGE = 1_000
"""Customers in memory at once."""

_UNSETTLED = frozenset({Reason.SCREENING_MISSING, Reason.SCREENING_STALE})
"""Says that somebody is still to be compared, and nothing about the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one page of a run came to."""

    list_name: str
    screened: int
    outcomes: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class _Page:
    """Customers who are due for one version of a list."""

    name: str
    number: int
    version: ListVersion
    thresholds: Thresholds
    due: Sequence[DueScreening]

    def since(self, before: int) -> tuple[str, int, int, str]:
        """The key of what changed since the version `before`."""
        return (self.name, before, self.number, self.thresholds.version)


def load_list(office: Office, new: SanctionsList, *, by: str) -> int:
    """Brings a version of a list into force; its number. Raises as `SanctionsLists.load`."""
    with office.house.database.begin() as connection:
        return SanctionsLists(connection).load(new, at=office.house.now(), by=by)


class Screeners:
    """Compares whoever is due. Keeps the index of a list as long as it is in force, and nothing of a customer."""

    def __init__(self, office: Office, *, page: int = PAGE) -> None:
        self._office = office
        self._page = page
        self._whole: dict[tuple[str, int, str], NameIndex] = {}
        self._deltas: dict[tuple[str, int, int, str], tuple[Delta, NameIndex]] = {}

    def due(self) -> int:
        """How many comparisons are due, over all lists."""
        with self._office.house.database.read() as connection:
            lists, screenings = SanctionsLists(connection), Screenings(connection)
            thresholds = lists.thresholds()
            return sum(
                screenings.count_due(name, number, thresholds.version)
                for name, (number, _) in lists.in_force().items()
            )

    def step(self, *, by: str = GENBO, among: Collection[InvestorId] | None = None) -> Found | None:
        """Compares the next page of whoever is due, and orders what follows; None when nobody is.

        Args:
            by: who runs it, for the records.
            among: only these.
        """
        office = self._office
        if office.gate.required is False:
            return None
        with office.house.database.read() as connection:
            page = self._next_page(connection, among)
        if page is None:
            return None
        found = self._compare(page, by=by)
        self._keep(found, by=by)
        outcomes = {
            outcome: sum(each.screening.outcome is outcome for each in found) for outcome in Outcome
        }
        return Found(list_name=page.name, screened=len(found), outcomes=outcomes)

    def run(
        self,
        *,
        by: str,
        among: Collection[InvestorId] | None = None,
        progress: Callable[[Found], None] = lambda _: None,
    ) -> dict[Outcome, int]:
        """Compares everybody who is due; how many came to what."""
        total = dict.fromkeys(Outcome, 0)
        while (found := self.step(by=by, among=among)) is not None:
            for outcome, count in found.outcomes.items():
                total[outcome] += count
            progress(found)
        return total

    # Inside --------------------------------------------------------------------------------------

    def _next_page(
        self, connection: Connection, among: Collection[InvestorId] | None
    ) -> "_Page | None":
        """The first customers who are due for the first list that any are due for, with the indexes they need."""
        lists = SanctionsLists(connection)
        thresholds = lists.thresholds()
        for name, (number, version) in lists.in_force().items():
            due = Screenings(connection).due(
                name, number, thresholds.version, most=self._page, among=among
            )
            if due:
                page = _Page(name, number, version, thresholds, due)
                self._prepare(lists, page)
                return page
        return None

    def _prepare(self, lists: SanctionsLists, page: "_Page") -> None:
        """The indexes that the page needs; those of versions no longer in force go."""
        here = (page.name, page.number, page.thresholds.version)
        self._whole = {
            key: each for key, each in self._whole.items() if key[0] != page.name or key == here
        }
        self._deltas = {
            key: each
            for key, each in self._deltas.items()
            if key[0] != page.name or (key[2], key[3]) == here[1:]
        }
        at_least = page.thresholds.possible
        if any(each.before is None for each in page.due) and here not in self._whole:
            entries = lists.entries(page.name, page.number)
            self._whole[here] = NameIndex(entries, at_least=at_least)
        for before in {each.before for each in page.due if each.before is not None}:
            key = page.since(before)
            if key not in self._deltas:
                change = lists.delta(page.name, before, page.number)
                self._deltas[key] = (change, NameIndex(change.fresh, at_least=at_least))

    def _compare(self, page: "_Page", *, by: str) -> list[StoredScreening]:
        due, thresholds = page.due, page.thresholds
        office = self._office
        at = office.house.now()
        reading = Reading(purpose=Purpose.VERIFICATION, actor=by, at=at)
        with (
            office.house.database.begin() as connection
        ):  # a reading is kept before anything is done with it
            subjects = _subjects(connection, office, [each.investor for each in due], reading)
            previous = {
                (each.list_number, each.screening.investor): each.screening
                for before in {each.before for each in due if each.before is not None}
                for each in Screenings(connection).on(
                    page.name, before, thresholds.version, [each.investor for each in due]
                )
                if each.screening.subject_version == subjects[each.screening.investor].version
            }
        whole = self._whole.get((page.name, page.number, thresholds.version))
        found = []
        for each in due:
            subject = subjects[each.investor]
            change = None
            if each.before is not None and (each.before, each.investor) in previous:
                change, index = self._deltas[page.since(each.before)]
            elif whole is not None:
                index = whole
            else:
                continue  # the name changed a moment ago: it is due again
            screening = screen(
                subject,
                index=index,
                version=page.version,
                thresholds=thresholds,
                trigger=each.trigger,
                by=by,
                at=at,
            )
            if change is not None and each.before is not None:
                screening = carry(previous[each.before, each.investor], screening, change)
            found.append(StoredScreening(screening=screening, list_number=page.number))
        return found

    def _keep(self, found: Sequence[StoredScreening], *, by: str) -> None:
        """Keeps a page with all that follows from it: classes, and the orders that close or open."""
        office = self._office
        at = office.house.now()
        investors = [each.screening.investor for each in found]
        with office.house.database.begin() as connection:
            screenings = Screenings(connection)
            doubted = screenings.doubted(investors)
            if not screenings.keep(found, at=at, by=by):
                return  # another process was faster, and ordered what follows
            judged = _judge(connection, office, investors, doubted, by=by, at=at)
            # Who has just become clear may open; who is in doubt closes; the others stay as they are.
            order_words(
                connection,
                office,
                judged,
                key=f"screening-{secrets.token_hex(8)}",
                by=by,
                at=at,
            )


def _judge(
    connection: Connection,
    office: Office,
    investors: Sequence[InvestorId],
    doubted: Collection[InvestorId],
    *,
    by: str,
    at: datetime,
) -> list[InvestorId]:
    """Sets the AML class that follows; whose words may be others than before.

    a hit                             blocked, at once
    possible, or cannot be compared   review, unless blocked
    clear, and in doubt before        clear, unless blocked: that is taken back by a release alone
    still to be compared              as it is
    """
    refusals = office.gate.screened(connection).refusals(investors)
    people = Investors(connection, office.house.vault)
    known = Words(connection, office.deployment.chain_id).known(investors)
    changed = []
    for investor in investors:
        refusal = refusals.get(investor)
        if refusal is not None and refusal.reason in _UNSETTLED:
            continue
        now, then = aml_class(refusal), known[investor].aml_class
        changed.append(investor)
        if then == AmlClass.BLOCKED or then == now:
            continue
        if now is not AmlClass.CLEAR or investor in doubted:
            if people.get(investor, to_change=True).aml_class == AmlClass.BLOCKED:
                continue  # by somebody else, a moment ago
            people.judge(investor, at=at, by=by, aml_class=now.value)
    return changed


def _subjects(
    connection: Connection, office: Office, investors: Sequence[InvestorId], reading: Reading
) -> dict[InvestorId, Subject]:
    people = Investors(connection, office.house.vault)
    kinds = people.kinds(investors)
    names = people.names(investors, reading=reading)
    unread = [each for each in investors if not _plain(names[each][-1].name_kana)]
    payees = people.personal(unread, fields=[_PAYEE], reading=reading) if unread else {}
    return {
        investor: Subject(
            investor=investor,
            version=names[investor][-1].version,
            kind=_KINDS[kinds[investor]],
            names=_stated(names[investor], _plain(payees.get(investor, {}).get(_PAYEE))),
        )
        for investor in investors
    }


_PAYEE = "payee_account_holder_kana"
"""支払先口座名義: how the bank reads the present name, for whoever gave no kana."""
_KINDS = {"individual": Kind.PERSON, "corporation": Kind.ORGANISATION}


def _stated(versions: Sequence[Identity], payee: str | None) -> tuple[StatedName, ...]:
    """Every name there ever was; one that was merely recorded anew is one name."""
    stated: dict[str, StatedName] = {}
    for each in versions:
        written = _plain(each.name) or ""
        known = stated.get(written)
        kana = _plain(each.name_kana) or (payee if each is versions[-1] else None)
        stated[written] = StatedName(
            written=written,
            kana=kana or (known.kana if known else None),
            romaji=_plain(each.name_romaji) or (known.romaji if known else None),
        )
    return tuple(stated.values())


def _plain(value: str | Erased | None) -> str | None:
    return value if isinstance(value, str) and value else None


# Releases --------------------------------------------------------------------------------------------


def propose(
    office: Office,
    investor: InvestorId,
    list_name: str,
    *,
    ground: Ground,
    evidence: Digest,
    by: str,
) -> StoredProposal:
    """The maker's half of a release: that what was found last does not stand in the way.

    Args:
        by: name of an owner of the account that holds the duty RELEASER.

    Raises:
        Refusal: `screening_unknown`; `duty_missing`; as `propose_release`.
    """
    require_releaser(office, by)
    at = office.house.now()
    with office.house.database.begin() as connection:
        screenings = Screenings(connection)
        about = screenings.last_open(investor, list_name)
        made = propose_release(about.screening, ground=ground, maker=by, evidence=evidence, at=at)
        id = f"REL-{secrets.token_hex(8)}"
        screenings.propose(id, made, about.list_number)
    return StoredProposal(id=id, proposal=made, list_number=about.list_number, release=None)


def approve(office: Office, proposal: str, *, by: str) -> Release:
    """The second half. What was blocked is restored on the ledger by an act that both sign, ordered with the release;
    where another list still stands against the investor, nothing opens.

    Raises:
        Refusal: `release_unknown`; `duty_missing`; `screening_same_person`.
    """
    require_releaser(office, by)
    at = office.house.now()
    with office.house.database.begin() as connection:
        screenings = Screenings(connection)
        waiting = screenings.proposal(proposal)
        release = approve_release(waiting.proposal, approver=by, at=at)
        screenings.release(proposal, release)
        investor = release.investor
        people = Investors(connection, office.house.vault)
        known = people.get(investor, to_change=True)  # who blocks meanwhile, blocks after this
        refusal = office.gate.screened(connection).refusals([investor]).get(investor)
        settled = refusal is None or refusal.reason in _UNSETTLED
        if settled and known.aml_class != AmlClass.CLEAR:
            people.judge(investor, at=at, by=by, aml_class=AmlClass.CLEAR.value, released=True)
        order_words(
            connection,
            office,
            [investor],
            key=f"release-{proposal}",
            by=release.proposal.maker,
            at=at,
            lifted_by=(release.proposal.maker, by),
        )
    return release


def require_releaser(office: Office, name: str) -> None:
    """Nothing where the name is an owner of the account that lifts restrictions. Raises Refusal(duty_missing)."""
    safe = office.deployment.safe_of(Duty.RELEASER)
    account = office.account_named(name)
    if account is None or account not in safe.owners:
        raise Refusal(Reason.DUTY_MISSING, caller=account or name, duty=Duty.RELEASER.name)


class Rescreening:
    """The routine: whoever is due, a page at a time."""

    def __init__(self, office: Office) -> None:
        self._screeners = Screeners(office)

    def step(self) -> bool:
        """Whether anybody was due."""
        return self._screeners.step() is not None
