"""Investors (投資家, T7) by file: new ones with their verdicts, corrections, and cancellations, which close them.

given a row of a new investor
├── the id is registered, a broker or custodian is not, a customer number is taken, or the verdict is of tomorrow
│   └── it is rejected
└── otherwise
    └── it is registered, with its verdict when it brings one
given a row of a correction
├── the id is not registered, erased, or its use restricted
│   └── it is rejected
├── every column that the file has says what is there
│   └── nothing is changed
└── otherwise
    └── what differs is changed: name and address as a further version, status and class as a judgement
given a row of a cancellation
└── the investor is closed, when it may be
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from genbo.bootstrap.files.taking import Taking
from genbo.compliance.privacy import WHILE_RESTRICTED
from genbo.kernel import InvestorId, Reason, Refusal, business_date, end_of_day, start_of_day
from genbo.masters import FIRST_STATUSES, FirmKind, InvestorRecord, version_on
from genbo.masters.file_table import FILE_TABLES, FileVerdict, InvestorRow
from genbo.masters.import_file import ImportTarget, ProcessingKind
from genbo.masters.sheet_check import FileRow
from genbo.storage.customer_numbers import numbers_taken
from genbo.storage.firms import Firms
from genbo.storage.investor_corrections import CORRECTABLE, InvestorCorrections
from genbo.storage.investors import PERSONAL_FIELDS, Identity, Investor, Investors, NewInvestor
from genbo.storage.retention import Retention
from genbo.storage.vault import Erased, Reading, Vault
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.token import InvestorClass

NOTHING_OLDER = date(2000, 1, 1)
"""The day from which name and address hold where the file names none."""

_OPEN = {"investor_type": "kind", "investor_status": "status"} | {
    name: name for name in (*CORRECTABLE[1:], "aml_class")
}
"""Column of the file to column of the table, for what is not sealed; the class is a word there and a number here."""
_FIRMS = {"safekeeping_id": FirmKind.SAFEKEEPING_FIRM, "custodian_id": FirmKind.CUSTODIAN}
_READINGS = ("name_kana", "name_romaji")
"""A version of the name has them too; T7 has no column for them."""
_GIVEN_OUT_AT_ONCE = 2_000

Personal = Mapping[str, str | Erased | None]


class InvestorMaster:
    """See the module."""

    def __init__(self) -> None:
        self._firms: dict[str, set[str]] = {}
        self._numbers: dict[tuple[str, str], InvestorId] = {}
        """Broker and customer number of the rows before."""

    def take(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        if taking.kind is ProcessingKind.NEW:
            self._register(taking, rows)
            return 0
        if taking.kind is ProcessingKind.CORRECTION:
            return self._correct(taking, rows)
        return self._close(taking, rows)

    def give(
        self, connection: Connection, vault: Vault, *, reading: Reading
    ) -> Iterator[Sequence[str]]:
        """Every investor that was not erased, and may be opened for the purpose."""
        columns = [each.column for each in FILE_TABLES[ImportTarget.INVESTOR].fields]
        investors = Investors(connection, vault)
        known = [each for each in investors.all() if each.status != "erased"]
        if reading.purpose not in WHILE_RESTRICTED:
            restricted = Retention(connection).restricted_among(
                [each.investor_id for each in known]
            )
            known = [each for each in known if each.investor_id not in restricted]
        on = business_date(reading.at)
        for start in range(0, len(known), _GIVEN_OUT_AT_ONCE):
            some = known[start : start + _GIVEN_OUT_AT_ONCE]
            ids = [each.investor_id for each in some]
            personal = investors.personal(ids, fields=PERSONAL_FIELDS, reading=reading)
            names = investors.names(ids, reading=reading)
            for each in some:
                named = version_on(names[each.investor_id], on)
                texts = texts_of(each, personal[each.investor_id], named)
                yield [texts.get(column) or "" for column in columns]

    # New ---------------------------------------------------------------------------------------------

    def _register(self, taking: Taking, rows: Sequence[FileRow]) -> None:
        investors = Investors(taking.connection, taking.vault)
        known = investors.known([InvestorId(row.key[0]) for row in rows])
        numbers = self._taken(taking, (row.record.record for row in rows))
        new: list[NewInvestor] = []
        verdicts: list[Verdict] = []
        for row in rows:
            if row.key[0] in known:
                where = {"investor": row.key[0], "column": "investor_id"}
                taking.reject(row, Refusal(Reason.INVESTOR_EXISTS, **where))
            elif self._may_stand(taking, row, numbers) and _may_begin(taking, row):
                new.append(new_investor(row.record))
                if (verdict := verdict_of(row.record)) is not None:
                    verdicts.append(verdict)
        if new:
            investors.register(new, at=taking.at, by=taking.by)
        if verdicts:
            Verdicts(taking.connection).record(verdicts, at=taking.at, by=taking.by)

    def _taken(
        self, taking: Taking, records: Iterable[InvestorRecord]
    ) -> Mapping[tuple[str, str], InvestorId]:
        """Whose the customer numbers are that the rows bring, of those that are somebody's."""
        numbers = {number for record in records if (number := _number(record)) is not None}
        return numbers_taken(taking.connection, numbers)

    def _may_stand(
        self, taking: Taking, row: FileRow, taken: Mapping[tuple[str, str], InvestorId]
    ) -> bool:
        """Whether what the row refers to is there, and what it claims is free."""
        record: InvestorRecord = row.record.record
        if taking.only is not None and not _is_of_broker(taking, row):
            return False
        for column, kind in _FIRMS.items():
            firm = getattr(record, column)
            if firm is not None and firm not in self._known_firms(taking, kind):
                allowed = f"the id of a registered {kind.value.replace('_', ' ')}"
                taking.reject_cell(row, column, "no such firm is registered", allowed)
                return False
        if (number := _number(record)) is not None:
            before = self._numbers.setdefault(number, record.investor_id)
            owner = taken.get(number, before)
            if {before, owner} != {record.investor_id}:
                problem = "another customer of the broker has it"
                allowed = "a number that the broker has not used"
                taking.reject_cell(row, "broker_customer_id", problem, allowed)
                return False
        if row.record.verdict is not None and row.record.verdict.verified_at > taking.today:
            taking.reject_cell(
                row, "verified_at", "it has not come yet", f"a day up to {taking.today}"
            )
            return False
        return True

    def _known_firms(self, taking: Taking, kind: FirmKind) -> set[str]:
        if kind.value not in self._firms:
            firms = Firms(taking.connection, taking.vault)
            self._firms[kind.value] = {each.id for each in firms.all(kind)}
        return self._firms[kind.value]

    # Corrections -------------------------------------------------------------------------------------

    def _correct(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        corrections = InvestorCorrections(taking.connection, taking.vault)
        known = corrections.some([InvestorId(row.key[0]) for row in rows])
        restricted = Retention(taking.connection).restricted_among(known)
        standing = []
        for row in rows:
            found = known.get(InvestorId(row.key[0]))
            if found is None or found.status == "erased" or _is_foreign(taking, found):
                taking.reject_key(row, Reason.IMPORT_ROW_UNKNOWN)
            elif found.investor_id in restricted:
                _reject_restricted(taking, row, found.investor_id)
            else:
                standing.append(row)
        if not standing:
            return 0
        ids = [InvestorId(row.key[0]) for row in standing]
        investors = Investors(taking.connection, taking.vault)
        personal = investors.personal(ids, fields=PERSONAL_FIELDS, reading=taking.reading)
        names = investors.names(ids, reading=taking.reading)
        numbers = self._taken(taking, (row.record.record for row in standing))
        unchanged = 0
        for row, investor in zip(standing, ids, strict=True):
            if not self._may_stand(taking, row, numbers):
                continue
            named = version_on(names[investor], taking.today)
            there = texts_of(known[investor], personal[investor], named)
            unchanged += not _change(taking, row, there)
        return unchanged

    def _close(self, taking: Taking, rows: Sequence[FileRow]) -> int:
        corrections = InvestorCorrections(taking.connection, taking.vault)
        known = corrections.some([InvestorId(row.key[0]) for row in rows])
        investors, unchanged = Investors(taking.connection, taking.vault), 0
        for row in rows:
            investor = InvestorId(row.key[0])
            if investor not in known or _is_foreign(taking, known[investor]):
                taking.reject_key(row, Reason.IMPORT_ROW_UNKNOWN)
            elif known[investor].status == "closed":
                unchanged += 1
            else:
                try:
                    investors.judge(investor, status="closed", at=taking.at, by=taking.by)
                except Refusal as refusal:
                    taking.reject(row, refusal)
        return unchanged


def new_investor(row: InvestorRow) -> NewInvestor:
    """What the row registers."""
    record = row.record
    assert record.investor_class is not None  # the table requires it
    effective = row.effective or (row.verdict.verified_at if row.verdict else NOTHING_OLDER)
    return NewInvestor(
        investor=Investor(
            investor_id=record.investor_id,
            kind=record.investor_type,
            safekeeping_kind=record.safekeeping_kind,
            safekeeping_id=record.safekeeping_id,
            broker_customer_id=record.broker_customer_id,
            custodian_id=record.custodian_id,
            status=record.investor_status or "active",
            aml_class=record.aml_class or "clear",
            investor_class=int(record.investor_class),
        ),
        name=record.investor_name,
        registered_address=record.registered_address,
        effective=effective,
        personal=record.personal(),
        name_kana=row.name_kana,
        name_romaji=row.name_romaji,
    )


def verdict_of(row: InvestorRow) -> Verdict | None:
    """The verdict that the row brings."""
    said: FileVerdict | None = row.verdict
    if said is None:
        return None
    assert row.record.investor_class is not None
    return Verdict(
        investor_id=row.record.investor_id,
        checked_at=start_of_day(said.verified_at),
        expires_at=end_of_day(said.verified_until),
        investor_class=int(row.record.investor_class),
        aml_class=row.record.aml_class or "clear",
        evidence_ref=said.evidence,
    )


def _reject_restricted(taking: Taking, row: FileRow, investor: InvestorId) -> None:
    since = Retention(taking.connection).restricted_since(investor)
    said = {
        "investor": investor,
        "purpose": taking.reading.purpose.value,
        "since": business_date(since).isoformat() if since else "",
        "column": "investor_id",
    }
    taking.reject(row, Refusal(Reason.USE_RESTRICTED, **said))


def _is_foreign(taking: Taking, known: Investor) -> bool:
    """Whether it is not a customer of the broker whose file it is."""
    return taking.only is not None and known.safekeeping_id != taking.only


def _is_of_broker(taking: Taking, row: FileRow) -> bool:
    """Whether the row makes a customer of the broker whose file it is, and judges nobody."""
    record: InvestorRecord = row.record.record
    if record.safekeeping_id != taking.only:
        taking.reject_cell(
            row, "safekeeping_id", "it is another firm's", f"{taking.only}, whose file it is"
        )
        return False
    judged = {"investor_status": record.investor_status, "aml_class": record.aml_class}
    judged["verified_at"] = row.record.verdict
    for column, given in judged.items():
        if given is not None:
            taking.reject_cell(row, column, "it is not a broker's to set", "nothing")
            return False
    return True


def _may_begin(taking: Taking, row: FileRow) -> bool:
    status = row.record.record.investor_status
    if status is not None and status not in FIRST_STATUSES:
        allowed = ", ".join(FIRST_STATUSES)
        taking.reject_cell(row, "investor_status", "a new investor does not begin there", allowed)
        return False
    return True


def _number(record: InvestorRecord) -> tuple[str, str] | None:
    if record.safekeeping_id is None or record.broker_customer_id is None:
        return None
    return record.safekeeping_id, record.broker_customer_id


def texts_of(
    investor: Investor, personal: Personal, identity: Identity | None
) -> dict[str, str | None]:
    """The investor as a row of the file has it."""
    assert identity is not None  # nobody is registered without a name
    try:
        investor_class: str | None = InvestorClass(investor.investor_class).key
    except ValueError:
        investor_class = None  # a number that has no word
    open_columns = {column: getattr(investor, name) for column, name in _OPEN.items()}
    sealed = {name: None if value is None else str(value) for name, value in personal.items()}
    return {
        "investor_id": investor.investor_id,
        "investor_class": investor_class,
        "investor_name": str(identity.name),
        "registered_address": str(identity.registered_address),
        "name_kana": _text(identity.name_kana),
        "name_romaji": _text(identity.name_romaji),
        **open_columns,
        **sealed,
    }


def _change(taking: Taking, row: FileRow, there: Mapping[str, str | None]) -> bool:
    """Changes what differs; whether anything does. What the row leaves open of status and class stays."""
    record, investor = row.record.record, InvestorId(row.key[0])
    given = {
        column: _text(getattr(row.record if column in _READINGS else record, column))
        for column in there
    }
    differs = {
        column
        for column in taking.check.columns & given.keys()
        if given[column] != there[column]
        and not (given[column] is None and column in ("investor_status", "aml_class"))
    }
    at, by = taking.at, taking.by
    investors = Investors(taking.connection, taking.vault)
    try:
        if differs & {"investor_name", "registered_address", *_READINGS}:
            readings = {
                name: (given if name in taking.check.columns else there)[name] for name in _READINGS
            }
            investors.rename(
                investor,
                name=record.investor_name,
                registered_address=record.registered_address,
                **readings,
                effective=row.record.effective or taking.today,
                at=at,
                by=by,
            )
        plain = {
            _OPEN.get(column, column): given[column]
            for column in differs
            if column in PERSONAL_FIELDS or _OPEN.get(column) in CORRECTABLE
        }
        if plain:
            corrections = InvestorCorrections(taking.connection, taking.vault)
            sealed = {
                name: value
                for name in PERSONAL_FIELDS
                if (value := (given if name in taking.check.columns else there)[name])
            }
            corrections.correct(investor, plain, found_by=sealed, at=at, by=by)
        judged: dict[str, Any] = {
            _OPEN[column]: given[column] for column in differs & {"investor_status", "aml_class"}
        }
        if "investor_class" in differs:
            judged["investor_class"] = int(record.investor_class)
        if judged:
            # A file has a maker and an approver: what it lifts, two persons have lifted.
            investors.judge(investor, at=at, by=by, released=True, **judged)
    except Refusal as refusal:
        taking.reject(row, refusal)
        return True
    added = 0
    if (verdict := verdict_of(row.record)) is not None:
        added = Verdicts(taking.connection).record([verdict], at=at, by=by)
    return bool(differs) or added > 0


def _text(value: object) -> str | None:
    if isinstance(value, InvestorClass):
        return value.key
    return None if value is None else str(value)
