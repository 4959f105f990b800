"""Screenings (照合結果) and releases (解除): what was found of whom against which list, and who let it pass. No name.

One customer, one version of a list, one version of the names, one version of the thresholds: one screening. The same
once more gives the same, so a run that was interrupted is simply run again, and who is due is a question to the tables.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert as insert_or

from genbo.compliance.screening import (
    Agreement,
    Basis,
    Ground,
    Match,
    Outcome,
    Proposal,
    Release,
    Screening,
    Thresholds,
    Trigger,
)
from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import Digest, InvestorId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.sanctions import USUAL, SanctionsLists
from genbo.storage.tables import (
    identity,
    investor,
    release_proposal,
    screening_release,
    use_restriction,
)
from genbo.storage.tables import screening as table
from genbo.storage.witness import vouch

_KEY = ("investor_id", "list_name", "list_number", "subject_version", "thresholds")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueScreening:
    """An investor whom a version of a list was not compared with under the names and thresholds in force."""

    investor: InvestorId
    subject_version: int
    before: int | None
    """The last version that was, under the same names and thresholds; None when there is none."""
    trigger: Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScreening:
    """A screening with the number of its list's version."""

    screening: Screening
    list_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProposal:
    """A release that somebody proposed."""

    id: str
    proposal: Proposal
    list_number: int
    release: Release | None
    """None while it waits for the second person."""


class Screenings:
    """Screenings and releases, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Who is due ----------------------------------------------------------------------------------

    def due(
        self,
        list_name: str,
        number: int,
        thresholds: str,
        *,
        after: InvestorId | None = None,
        most: int = 1_000,
        among: Collection[InvestorId] | None = None,
    ) -> list[DueScreening]:
        """Who must be compared with that version, by id from after `after` on. Never who is erased, nor
        whose data may no longer be used: nothing opens for them."""
        query = self._due(list_name, number, thresholds, among).order_by(investor.c.investor_id)
        if after is not None:
            query = query.where(investor.c.investor_id > after)
        rows = self._connection.execute(query.limit(most)).all()
        before = self._before(list_name, thresholds, rows)
        return [
            DueScreening(
                investor=InvestorId(row.investor_id),
                subject_version=row.subject_version,
                before=before.get(InvestorId(row.investor_id), (None, None))[0],
                trigger=before.get(InvestorId(row.investor_id), (None, Trigger.ONBOARDING))[1]
                or Trigger.ONBOARDING,
            )
            for row in rows
        ]

    def count_due(self, list_name: str, number: int, thresholds: str) -> int:
        """How many are due."""
        due = self._due(list_name, number, thresholds, None).subquery()
        return int(self._connection.scalar(select(func.count()).select_from(due)) or 0)

    def _due(
        self, list_name: str, number: int, thresholds: str, among: Collection[InvestorId] | None
    ) -> Select[Any]:
        version = _subject_version()
        query = select(investor.c.investor_id, version.label("subject_version")).where(
            investor.c.status != "erased",
            ~exists().where(use_restriction.c.investor_id == investor.c.investor_id),
            ~exists().where(
                table.c.investor_id == investor.c.investor_id,
                table.c.list_name == list_name,
                table.c.list_number == number,
                table.c.subject_version == version,
                table.c.thresholds == thresholds,
            ),
        )
        return query if among is None else query.where(bulk.among(investor.c.investor_id, among))

    def _before(
        self, list_name: str, thresholds: str, due: Sequence[Row[Any]]
    ) -> dict[InvestorId, tuple[int | None, Trigger]]:
        """For each that was ever compared with the list: the version to go on from, and why it does not hold."""
        versions = {row.investor_id: row.subject_version for row in due}
        rows = self._connection.execute(
            select(
                table.c.investor_id,
                table.c.list_number,
                table.c.subject_version,
                table.c.thresholds,
            )
            .where(bulk.among(table.c.investor_id, versions), table.c.list_name == list_name)
            .order_by(table.c.list_number, table.c.subject_version, table.c.screened_at)
        )
        found: dict[InvestorId, tuple[int | None, Trigger]] = {}
        for row in rows:
            if row.subject_version != versions[row.investor_id]:
                found[row.investor_id] = (None, Trigger.NAME_CHANGE)
            elif row.thresholds != thresholds:
                found[row.investor_id] = (None, Trigger.POLICY_CHANGE)
            else:
                found[row.investor_id] = (int(row.list_number), Trigger.LIST_CHANGE)
        return found

    # Writing -------------------------------------------------------------------------------------

    def keep(self, new: Sequence[StoredScreening], *, at: datetime, by: str) -> int:
        """Keeps screenings; how many were new. One audit entry vouches for all of them."""
        if not new:
            return 0
        ours = and_(
            bulk.among(table.c.investor_id, {each.screening.investor for each in new}),
            bulk.among(table.c.list_name, {each.screening.list.name for each in new}),
            bulk.among(table.c.list_number, {each.list_number for each in new}),
        )
        before = {
            tuple(row) for row in self._connection.execute(select(*table.primary_key).where(ours))
        }
        # Not by `bulk`, which has no way for JSON.
        self._connection.execute(
            insert_or(table).on_conflict_do_nothing(index_elements=[*table.primary_key]),
            [_row(each) for each in new],
        )
        told = vouch(self._connection, table, ours)
        added = len(told.keys() - before)
        if added:
            rows = {
                row: digest
                for key, vouched in told.items()
                if key not in before
                for row, digest in vouched.items()
            }
            facts: dict[str, AuditFact] = {
                "lists": sorted({each.screening.list.name for each in new}),
                "screened": added,
                "triggers": sorted({each.screening.trigger.value for each in new}),
                "not_clear": sum(each.screening.outcome is not Outcome.CLEAR for each in new),
            }
            one = next(iter({each.screening.investor for each in new})) if added == 1 else None
            self._append(AuditAction.INVESTORS_SCREENED, one, rows, facts, at=at, by=by)
        return added

    def propose(self, id: str, proposal: Proposal, list_number: int) -> None:
        """Keeps the maker's half of a release."""
        about = proposal.screening
        self._connection.execute(
            insert(release_proposal).values(
                proposal_id=id,
                investor_id=about.investor,
                list_name=about.list.name,
                list_number=list_number,
                subject_version=about.subject_version,
                thresholds=about.thresholds.version,
                ground=proposal.ground.value,
                maker=proposal.maker,
                evidence=proposal.evidence,
                made_at=proposal.at,
            )
        )
        rows = vouch(self._connection, release_proposal, release_proposal.c.proposal_id == id)
        self._append(
            AuditAction.RELEASE_PROPOSED,
            about.investor,
            rows[(id,)],
            {"proposal": id, "ground": proposal.ground.value, "evidence": proposal.evidence},
            at=proposal.at,
            by=proposal.maker,
        )

    def release(self, id: str, release: Release) -> None:
        """Keeps the second person's half."""
        self._connection.execute(
            insert(screening_release).values(
                proposal_id=id, approver=release.approver, approved_at=release.at
            )
        )
        rows = vouch(self._connection, screening_release, screening_release.c.proposal_id == id)
        self._append(
            AuditAction.RELEASE_APPROVED,
            release.investor,
            rows[(id,)],
            {"proposal": id},
            at=release.at,
            by=release.approver,
        )

    # Questions -----------------------------------------------------------------------------------

    def subject_versions(self, investors: Collection[InvestorId]) -> dict[InvestorId, int]:
        """The version of the names of each."""
        rows = self._connection.execute(
            select(identity.c.investor_id, func.max(identity.c.version).label("version"))
            .where(bulk.among(identity.c.investor_id, investors))
            .group_by(identity.c.investor_id)
        )
        return {InvestorId(row.investor_id): int(row.version) for row in rows}

    def last(self, investors: Collection[InvestorId]) -> list[StoredScreening]:
        """The last screening of each of `investors` against each list, on the latest version it was compared with."""
        later = table.alias("later")
        query = select(table).where(
            bulk.among(table.c.investor_id, investors), ~exists().where(_supersedes(later))
        )
        return list(self._stored(query))

    def on(
        self, list_name: str, number: int, thresholds: str, investors: Collection[InvestorId]
    ) -> list[StoredScreening]:
        """The screenings of `investors` against that very version, whatever the version of their names."""
        query = select(table).where(
            bulk.among(table.c.investor_id, investors),
            table.c.list_name == list_name,
            table.c.list_number == number,
            table.c.thresholds == thresholds,
        )
        return list(self._stored(query))

    def doubted(self, investors: Collection[InvestorId]) -> set[InvestorId]:
        """Those of `investors` in whose way anything was ever found."""
        found = self._connection.scalars(
            select(table.c.investor_id)
            .distinct()
            .where(
                bulk.among(table.c.investor_id, investors), table.c.outcome != Outcome.CLEAR.value
            )
        )
        return {InvestorId(each) for each in found}

    def last_open(self, investor: InvestorId, list_name: str) -> StoredScreening:
        """The last screening of the investor against the list that was not clear: what a release is about, also when
        a later version of the list no longer has the entry.

        Raises:
            Refusal: `screening_unknown` when nothing was ever found.
        """
        query = (
            select(table)
            .where(
                table.c.investor_id == investor,
                table.c.list_name == list_name,
                table.c.outcome != Outcome.CLEAR.value,
            )
            .order_by(_order(table).desc())
            .limit(1)
        )
        for each in self._stored(query):
            return each
        raise Refusal(Reason.SCREENING_UNKNOWN, investor=investor, list=list_name)

    def open(self, *, most: int = 1_000) -> list[StoredScreening]:
        """The last screenings that are not clear, the worst first; released ones too."""
        later = table.alias("later")
        query = (
            select(table)
            .where(table.c.outcome != Outcome.CLEAR.value, ~exists().where(_supersedes(later)))
            .order_by(table.c.score.desc(), table.c.investor_id, table.c.list_name)
            .limit(most)
        )
        return list(self._stored(query))

    def releases(self, investors: Collection[InvestorId]) -> list[Release]:
        """The releases about `investors`."""
        found = self._proposals(bulk.among(release_proposal.c.investor_id, investors))
        return [each.release for each in found if each.release is not None]

    def proposals(self, *, waiting: bool = True) -> list[StoredProposal]:
        """Proposals in the order they were made; only those that wait when asked so."""
        found = self._proposals()
        return [each for each in found if each.release is None or not waiting]

    def proposal(self, id: str) -> StoredProposal:
        """A proposal that waits; nobody else approves it until the transaction ends.

        Raises:
            Refusal: `release_unknown`.
        """
        self._connection.execute(
            select(release_proposal.c.proposal_id)
            .where(release_proposal.c.proposal_id == id)
            .with_for_update()
        )
        for each in self._proposals(release_proposal.c.proposal_id == id):
            if each.release is None:
                return each
        raise Refusal(Reason.RELEASE_UNKNOWN, proposal=id)

    def _proposals(self, *where: ColumnElement[bool]) -> list[StoredProposal]:
        query = (
            select(
                release_proposal,
                screening_release.c.approver,
                screening_release.c.approved_at,
            )
            .join_from(
                release_proposal,
                screening_release,
                screening_release.c.proposal_id == release_proposal.c.proposal_id,
                isouter=True,
            )
            .where(*where)
            .order_by(release_proposal.c.made_at, release_proposal.c.proposal_id)
        )
        rows = self._connection.execute(query).all()
        if not rows:
            return []
        about = {
            _key_of(each): each.screening
            for each in self._stored(
                select(table).where(
                    bulk.among(table.c.investor_id, {row.investor_id for row in rows})
                )
            )
        }
        found = []
        for row in rows:
            proposal = Proposal(
                screening=about[tuple(row._mapping[name] for name in _KEY)],
                ground=Ground(row.ground),
                maker=row.maker,
                evidence=Digest(row.evidence),
                at=row.made_at,
            )
            release = None
            if row.approver is not None:
                release = Release(proposal=proposal, approver=row.approver, at=row.approved_at)
            found.append(
                StoredProposal(
                    id=row.proposal_id,
                    proposal=proposal,
                    list_number=row.list_number,
                    release=release,
                )
            )
        return found

    def _stored(self, query: Select[Any]) -> Iterator[StoredScreening]:
        rows = self._connection.execute(query).all()
        lists = SanctionsLists(self._connection)
        versions = {
            key: lists.version(*key) for key in {(row.list_name, row.list_number) for row in rows}
        }
        thresholds: Mapping[str, Thresholds] = {USUAL.version: USUAL} | lists.all_thresholds()
        for row in rows:
            yield StoredScreening(
                screening=Screening(
                    investor=InvestorId(row.investor_id),
                    subject_version=row.subject_version,
                    list=versions[row.list_name, row.list_number],
                    thresholds=thresholds[row.thresholds],
                    trigger=Trigger(row.trigger),
                    outcome=Outcome(row.outcome),
                    matches=tuple(map(_match, row.matches)),
                    unread=row.unread,
                    by=row.screened_by,
                    at=row.screened_at,
                ),
                list_number=int(row.list_number),
            )

    def _append(
        self,
        action: AuditAction,
        subject: InvestorId | None,
        rows: dict[str, str],
        facts: Mapping[str, AuditFact],
        *,
        at: datetime,
        by: str,
    ) -> None:
        AuditLog(self._connection).append(
            [AuditEntry(at=at, action=action, actor=by, subject=subject, facts=facts, rows=rows)]
        )


def _subject_version() -> Any:
    return (
        select(func.max(identity.c.version))
        .where(identity.c.investor_id == investor.c.investor_id)
        .correlate(investor)
        .scalar_subquery()
    )


def _supersedes(later: Any) -> ColumnElement[bool]:
    """`later` is a screening of the same investor against the same list that came after."""
    return and_(
        later.c.investor_id == table.c.investor_id,
        later.c.list_name == table.c.list_name,
        _order(later) > _order(table),
    )


def _order(of: Any) -> Any:
    return tuple_(of.c.list_number, of.c.subject_version, of.c.screened_at, of.c.thresholds)


def _row(stored: StoredScreening) -> dict[str, Any]:
    each = stored.screening
    return {
        "investor_id": each.investor,
        "list_name": each.list.name,
        "list_number": stored.list_number,
        "subject_version": each.subject_version,
        "thresholds": each.thresholds.version,
        "trigger": each.trigger.value,
        "outcome": each.outcome.value,
        "score": each.score,
        "matches": [_told(match) for match in each.matches],
        "unread": each.unread,
        "screened_at": each.at,
        "screened_by": each.by,
    }


def _told(match: Match) -> dict[str, object]:
    return {
        "entry": match.entry,
        "digest": match.entry_digest,
        "score": match.score,
        "basis": match.basis.value,
        "birth": match.birth.value,
        "kind": match.kind.value,
    }


def _match(told: Mapping[str, Any]) -> Match:
    return Match(
        entry=told["entry"],
        entry_digest=Digest(told["digest"]),
        score=told["score"],
        basis=Basis(told["basis"]),
        birth=Agreement(told["birth"]),
        kind=Agreement(told["kind"]),
    )


def _key_of(stored: StoredScreening) -> tuple[Any, ...]:
    each = stored.screening
    return (
        each.investor,
        each.list.name,
        stored.list_number,
        each.subject_version,
        each.thresholds.version,
    )


def screenings_of(stored: Iterable[StoredScreening]) -> list[Screening]:
    """Without the numbers."""
    return [each.screening for each in stored]
