"""Tampering is found (invariant 6): by somebody who may do everything in the database, triggers and constraints aside.

given a database in which every kind of change was made through the storage functions
├── it should fit
├── when any column of any row that an entry vouches for is changed
│   └── it should name the entry that speaks of the row, what it says and what is found
├── when such a row is removed, or one is added without an entry
│   └── it should name the row
├── when any column of any entry is changed, or an entry is removed, inserted or swapped
│   └── it should name the first entry that does not fit
└── when the end of the chain is cut off, or all of it
    └── it should name the rows that no entry speaks of any more, or the day on the ledger that lacks them
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    Connection,
    Date,
    LargeBinary,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from tests.storage import access_builders as access
from tests.storage import decided, entitled, reconciled, room
from tests.storage import notice_builders as notices
from tests.storage.builders import (
    CHAIN,
    P1,
    START,
    Ledger,
    a_command,
    a_file,
    a_job,
    account,
    an_attempt,
    an_entry,
    an_inspection,
    checked,
    deploy,
    new_investor,
    raw,
    signed,
    stamp,
    word,
)
from tests.storage.compliance_builders import live_compliance
from tests.storage.test_audit_everywhere import a_disclosure
from tests.support.firms import a_contract, a_firm

from genbo.bootstrap.auditing import Verification, day_root, verify_seen
from genbo.chain.anchors import FoundAnchor
from genbo.governance import AuditAction, AuditEntry, CommandState, EntryState, Misfit, Seen
from genbo.governance.audit_walk import anchor_subject
from genbo.governance.institutions import InstitutionId
from genbo.governance.job import JobRow, JobState
from genbo.governance.ports import Settled
from genbo.kernel import Digest, InvestorId, Reason, Refusal, Units
from genbo.masters import Contact, FirmKind
from genbo.masters.import_file import ImportStatus
from genbo.storage.audit import AuditLog
from genbo.storage.blind_index import BlindIndex
from genbo.storage.commands import Commands
from genbo.storage.disclosures import Disclosures
from genbo.storage.engine import Database
from genbo.storage.firms import Firms
from genbo.storage.inspections import Inspections
from genbo.storage.investor_corrections import InvestorCorrections
from genbo.storage.investors import Investors
from genbo.storage.jobs import Jobs
from genbo.storage.journal import RegisterJournal
from genbo.storage.key_backup import export_keys, restore_keys
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.outbox import StoredOutbox
from genbo.storage.parties import Parties
from genbo.storage.products import Products
from genbo.storage.retention import Retention
from genbo.storage.rotation import Rotation
from genbo.storage.server import EmbeddedServer
from genbo.storage.tables import audit
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Purpose, Reading, Vault
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.storage.viewing import answer_not_found
from genbo.storage.wallets import Wallet, Wallets
from genbo.storage.witness import WITNESSED
from genbo.token import ProductStatus

NOT_LIVED = {
    AuditAction.COMMAND_CHECKED,  # the command here was checked when it was submitted
    AuditAction.COMMAND_REFUSED,
    AuditAction.ROWS_TAKEN_OVER,
    AuditAction.AUDIT_DAY_CLOSED,
    AuditAction.AUDIT_DAY_ANCHORED,
    AuditAction.REGISTER_ANCHORED,
    AuditAction.AUDIT_EXPORTED,
    AuditAction.MASTER_EXPORTED,
}
ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")
LATER = START + timedelta(days=1)


def live(connection: Connection) -> None:
    """Every kind of change and of reading, each through the function that the service uses."""
    deploy(connection)
    vault = Vault(KeyEncryptionKey(bytes(32)))
    products = Products(connection)
    products.move_on(P1, ProductStatus.SET, at=START, by="issue-1")
    products.split(P1, factor=10, at=LATER, by="issue-1")
    products.comment(P1, first="備考", second=None, at=START, by="issue-1")
    products.rename(P1, name="新名称", effective=date(2023, 1, 1), at=LATER, by="issue-1")
    firms = Firms(connection, vault)
    contact = Contact(addressee="架空 担当")
    firms.change(replace(a_firm(FirmKind.SETTLOR, "S1"), contact=contact), at=LATER, by="issue-1")
    TrustContracts(connection).change(a_contract("TC-2", "R2"), at=LATER, by="issue-1")
    parties = Parties(connection)
    parties.handle(P1, InstitutionId("B1"), at=START, by="issue-1")
    investors = Investors(connection, vault)
    investors.register(
        [new_investor("IV-1", contact_email="someone@example.invalid"), new_investor("IV-2")],
        at=START,
        by="registration-1",
    )
    parties.introduce(ONE, InstitutionId("F1"), consents_to_sight=True, at=START, by="broker-1")
    disclosures = Disclosures(connection)
    disclosures.propose(a_disclosure())
    disclosures.approve(a_disclosure().id, at=START, by="registrar-2")
    answer_not_found(
        connection,
        Refusal(Reason.NOT_FOUND, subject="product", asked="P9"),
        institution=InstitutionId("R2"),
        at=LATER,
        by="registrar-9",
    )
    investors.judge(ONE, at=START, by="compliance-1", status="suspended")
    investors.rename(
        ONE,
        name="別の氏名",
        registered_address="東京都架空区 9",
        effective=date(2022, 3, 1),
        at=LATER,
        by="registration-1",
    )
    InvestorCorrections(connection, vault).correct(
        ONE, {"contact_phone": "03-1234-5678"}, found_by={}, at=LATER, by="registration-1"
    )
    verdict = Verdict(
        investor_id=ONE,
        checked_at=START,
        expires_at=LATER,
        investor_class=1,
        aml_class="clear",
        evidence_ref="KYC-1",
    )
    Verdicts(connection).record([verdict], at=START, by="compliance-1")
    Verdicts(connection).revoke(ONE, evidence_ref="KYC-2", at=LATER, by="compliance-1")
    live_compliance(connection)
    wallets = Wallets(connection)
    first = Wallet(product_id=P1, address=account(1), investor_id=ONE, valid_from=START)
    wallets.assign([first], at=START, by="custody-1")
    wallets.replace(P1, ONE, new=account(2), at=LATER, by="custody-1")
    disclosures.use(InstitutionId("A1"), [ONE], at=START, by="user-1")
    disclosures.end(a_disclosure().id, at=LATER, by="registrar-3")
    reading = Reading(purpose=Purpose.REGISTER, actor="cli:registrar", at=LATER)
    investors.identities([ONE, TWO], on=date(2022, 1, 1), reading=reading)
    investors.personal([ONE], fields=["contact_email"], reading=reading)
    investors.erase(TWO, at=LATER, by="registration-1", ground="ORDER-1")
    Inspections(connection).add(an_inspection())
    Inspections(connection).add(an_inspection("INS-2", of="IV-1"))
    room.lived_documents(connection, vault)
    room.live(connection, vault)
    notices.live(connection, vault)
    keep(connection, vault)
    commands = Commands(connection, CHAIN)
    command = a_command()
    commands.submit(
        command, digest=Digest(word(77)), state=CommandState.CHECKED, approvals=[signed()], at=START
    )
    commands.approve(command.id, signed("issue-2", 12))
    commands.sign_for_safe(command.id, signed("issue-2", 12), nonce=4)
    for state in (CommandState.APPROVED, CommandState.QUEUED):
        commands.move(command.id, state, at=LATER)
    withdrawn = a_command("k-2")
    commands.submit(withdrawn, digest=Digest(word(78)), state=CommandState.DRAFT, at=START)
    commands.move(withdrawn.id, CommandState.SUPERSEDED, at=LATER)
    outbox = StoredOutbox(connection, CHAIN)
    lead = outbox.take_lead(account(11), by="sender", at=START)
    outbox.add(lead, [an_entry(command)])
    outbox.bump(lead, an_entry(command), an_attempt(9), at=LATER)
    seen = Seen(tx=Digest(word(500)), block=7, gas_used=40_000, succeeded=True)
    entry = replace(an_entry(command), state=EntryState.SENT)
    outbox.settle(lead, [Settled(entry=entry, state=EntryState.MINED, seen=seen)], at=LATER)
    entry = replace(entry, state=EntryState.MINED)
    outbox.settle(lead, [Settled(entry=entry, state=EntryState.DONE, seen=seen)], at=LATER)
    access.live(connection)
    entitled.live(connection)
    decided.live(connection)
    reconciled.live(connection)
    files = checked(connection)
    files.approve(a_file().file_id, at=LATER, by="registration-2")
    for status in (ImportStatus.APPLYING, ImportStatus.DONE):
        files.move(a_file().file_id, status, at=LATER, by="registration-2")
    room.begun_upload(connection, vault).end(a_file().file_id, at=LATER, by="genbo")
    bad = checked(connection, a_file(size=99), ImportStatus.FAILED)
    assert bad.get(a_file(size=99).file_id).result is not None
    jobs = Jobs(connection, CHAIN)
    jobs.order(a_job(), [JobRow(address=account(1), units=Units(2))], at=START)
    jobs.end(a_job().id, JobState.DONE, at=LATER)
    ledger = Ledger()
    ledger.issue(10)
    events, changes = ledger.hush()
    journal = RegisterJournal(connection, CHAIN)
    journal.cursors.start(1)
    journal.keep(events=events, changes=changes, raw=raw(events), upto=stamp(1))
    journal.rollback_to(0)


def keep(connection: Connection, vault: Vault) -> None:
    """A rotation, a key ring file, a new index, and what is kept for how long."""
    old = KeyEncryptionKey(bytes(32))
    renewed = Vault(KeyEncryptionKey(bytes([1] * 32)), old)
    rotation = Rotation(connection, renewed)
    while rotation.step(at=LATER, by="cli:registrar"):
        pass
    kept = export_keys(connection, renewed.ring)
    restore_keys(connection, renewed.ring, kept, file="x", at=LATER, by="cli:registrar")
    BlindIndex(connection, renewed).remake({ONE: [{"name": "x"}]}, at=LATER, by="cli:registrar")
    retention = Retention(connection)
    retention.end_relation(
        ONE, ended_on=date(2022, 3, 31), evidence_ref="END-1", at=LATER, by="cli:registrar"
    )
    retention.place_hold(
        ONE, reference="SUIT-1", until=date(2030, 1, 1), at=LATER, by="cli:registrar"
    )
    retention.lift_hold(ONE, reference="SUIT-1", ground="SETTLED-1", at=LATER, by="cli:other")
    retention.place_hold(ONE, reference="SUIT-2", until=None, at=LATER, by="cli:registrar")


@pytest.fixture(scope="module")
def lived(server: EmbeddedServer) -> Iterator[Database]:
    server.create_database("lived", template="genbo_template")
    database = Database(server.url("lived"))
    with database.begin() as connection:
        live(connection)
    yield database
    database.close()
    server.drop_database("lived")


@contextmanager
def tampering(database: Database, *tables: Table) -> Iterator[Connection]:
    """A transaction that is not kept, by somebody whom no trigger and no constraint stops."""
    with database.engine.connect() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in tables:
            rows = connection.execute(
                text(
                    "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:name AS regclass)"
                    " AND contype = 'c'"
                ),
                {"name": table.name},
            )
            for (name,) in rows.all():
                connection.execute(text(f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{name}"'))
            for column in table.columns:
                if column.identity is not None:
                    connection.execute(
                        text(f'ALTER TABLE "{table.name}" ALTER "{column.name}" DROP IDENTITY')
                    )
        yield connection


def found(connection: Connection) -> Verification:
    return verify_seen(connection, None, origin=None)


def first(connection: Connection) -> Misfit:
    verified = found(connection)
    assert not verified.holds
    return verified.misfits[0]


def entries_of(connection: Connection) -> int:
    return int(connection.scalar(text("SELECT max(number) FROM audit")) or 0)


def test_verify__nothing_was_touched__fits(lived: Database) -> None:
    with lived.read() as connection:
        verified = found(connection)
        assert verified.holds, verified.misfits
        assert verified.entries == entries_of(connection) > 20
        actions = {each.members["action"] for each in AuditLog(connection).entries()}
        rows = {
            name: connection.scalar(text(f"SELECT count(*) FROM {name}"))
            for name in (table.name for table in WITNESSED)
        }
    assert all(rows.values()), rows
    assert actions >= {each.value for each in AuditAction if each not in NOT_LIVED}


# Rows that entries vouch for -------------------------------------------------------------------------


def other(table: Table, name: str) -> str:
    """SQL for another value of that column than the one it has."""
    kind = table.c[name].type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, ARRAY):
        return f"array_append(\"{name}\", 'x')"
    if isinstance(kind, Text):
        return f"coalesce(\"{name}\", '') || 'x'"
    if isinstance(kind, Boolean):
        return f'NOT "{name}"'
    if isinstance(kind, TIMESTAMP):
        return f"coalesce(\"{name}\", now()) + interval '1 microsecond'"
    if isinstance(kind, LargeBinary):
        return f"coalesce(\"{name}\", '') || '\\x00'::bytea"
    if isinstance(kind, JSONB):
        return f'"{name}" || \'{{"forged": 1}}\''
    if isinstance(kind, Date):
        return f"coalesce(\"{name}\", DATE '2000-01-01') + 1"
    return f'coalesce("{name}", 0) + 1000'


@pytest.mark.parametrize(
    ("table", "name"),
    [(table, column.name) for table in WITNESSED for column in table.columns],
    ids=lambda value: str(getattr(value, "name", value)),
)
def test_verify__column_of_a_row_was_changed__names_the_entry(
    lived: Database, table: Table, name: str
) -> None:
    keys = ", ".join(key.name for key in table.primary_key)
    with tampering(lived, table) as connection:
        changed = connection.execute(
            text(
                f'UPDATE "{table.name}" SET "{name}" = {other(table, name)} WHERE ({keys}) ='
                f' (SELECT {keys} FROM "{table.name}" ORDER BY {keys} LIMIT 1)'
            )
        )
        assert changed.rowcount == 1
        misfit = first(connection)
        assert misfit.what == "row"
        assert misfit.number is not None
        assert misfit.expected.startswith(f"{table.name}/")
        entry = AuditLog(connection).entry(misfit.number)
        assert entry is not None
        row, digest = misfit.expected.split()
        assert entry.members["rows"][row] == digest


@pytest.mark.parametrize("table", WITNESSED, ids=lambda table: table.name)
def test_verify__row_was_removed__names_it(lived: Database, table: Table) -> None:
    keys = ", ".join(key.name for key in table.primary_key)
    with tampering(lived, table) as connection:
        connection.execute(
            text(
                f'DELETE FROM "{table.name}" WHERE ({keys}) ='
                f' (SELECT {keys} FROM "{table.name}" ORDER BY {keys} LIMIT 1)'
            )
        )
        misfit = first(connection)
        assert (misfit.what, misfit.found.split()[1]) == ("row", "gone")
        assert misfit.found.startswith(f"{table.name}/")


@pytest.mark.parametrize("table", WITNESSED, ids=lambda table: table.name)
def test_verify__row_was_added_past_the_chain__names_it(lived: Database, table: Table) -> None:
    key = list(table.primary_key)[-1].name
    with tampering(lived, table) as connection:
        for index, constraint in connection.execute(
            text(
                "SELECT i.indexrelid::regclass::text, c.conname FROM pg_index AS i LEFT JOIN pg_constraint AS c"
                " ON c.conindid = i.indexrelid AND c.contype = 'u'"
                " WHERE i.indrelid = CAST(:name AS regclass) AND i.indisunique AND NOT i.indisprimary"
            ),
            {"name": table.name},
        ).all():
            drop = f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{constraint}"'
            connection.execute(text(drop if constraint else f"DROP INDEX {index}"))
        connection.execute(
            text(
                f'INSERT INTO "{table.name}" SELECT (jsonb_populate_record(t, jsonb_build_object'
                f"('{key}', {other(table, key)}))).* FROM \"{table.name}\" AS t"
                f' ORDER BY "{key}" DESC LIMIT 1'
            )
        )
        misfit = first(connection)
        assert (misfit.what, misfit.number) == ("row", None)
        assert misfit.found.startswith(f"{table.name}/")


# Entries ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [column.name for column in audit.columns])
@pytest.mark.parametrize("which", ["first", "middle", "last"])
def test_verify__column_of_an_entry_was_changed__names_the_first_that_does_not_fit(
    lived: Database, name: str, which: str
) -> None:
    with tampering(lived, audit) as connection:
        last = entries_of(connection)
        number = {"first": 1, "middle": last // 2, "last": last}[which]
        value = other(audit, name)
        connection.execute(
            text(f'UPDATE audit SET "{name}" = {value} WHERE number = :number'),
            {"number": number},
        )
        misfit = first(connection)
        assert misfit.number == number
        assert misfit.what != "row"


def test_verify__entry_was_removed__names_its_number(lived: Database) -> None:
    with tampering(lived, audit) as connection:
        connection.execute(text("DELETE FROM audit WHERE number = 9"))
        misfit = first(connection)
        assert (misfit.number, misfit.what) == (9, "number")


def test_verify__removed_and_renumbered__names_it_too(lived: Database) -> None:
    with tampering(lived, audit) as connection:
        connection.execute(text("DELETE FROM audit WHERE number = 9"))
        connection.execute(text("UPDATE audit SET number = -number WHERE number > 9"))
        connection.execute(text("UPDATE audit SET number = -number - 1 WHERE number < 0"))
        misfit = first(connection)
        assert (misfit.number, misfit.what) == (9, "previous")


def test_verify__entry_was_inserted__names_the_one_that_was_pushed_on(lived: Database) -> None:
    with tampering(lived, audit) as connection:
        connection.execute(text("UPDATE audit SET number = -number - 1 WHERE number >= 9"))
        connection.execute(text("UPDATE audit SET number = -number WHERE number < 0"))
        forged = AuditEntry(at=START, action=AuditAction.COMMAND_APPROVED, actor="nobody")
        before = AuditLog(connection).entry(8)
        assert before is not None
        insert_forged(connection, forged, after=8, previous=before.hash)
        misfit = first(connection)
        assert (misfit.number, misfit.what) == (10, "previous")


def insert_forged(
    connection: Connection, entry: AuditEntry, *, after: int, previous: bytes
) -> None:
    """An entry with a right hash, where it does not belong."""
    from genbo.governance.audit import chain

    (made,) = chain([entry], after=after, previous=previous)
    connection.execute(
        text(
            "INSERT INTO audit (number, at, action, actor, facts, row_digests, previous, hash)"
            " VALUES (:number, :at, :action, :actor, '{}', '{}', :previous, :hash)"
        ),
        {
            "number": made.number,
            "at": entry.at,
            "action": entry.action.value,
            "actor": entry.actor,
            "previous": made.previous,
            "hash": made.hash,
        },
    )


def test_verify__two_entries_were_swapped__names_the_first(lived: Database) -> None:
    with tampering(lived, audit) as connection:
        connection.execute(
            text(
                "UPDATE audit SET number = CASE number WHEN 8 THEN -9 ELSE -8 END WHERE number IN (8, 9)"
            )
        )
        connection.execute(text("UPDATE audit SET number = -number WHERE number < 0"))
        misfit = first(connection)
        assert (misfit.number, misfit.what) == (8, "previous")


def test_verify__end_was_cut_off__names_what_no_entry_speaks_of(lived: Database) -> None:
    """Without any anchor: the rows are still there, or are not what the entries that are left say."""
    with tampering(lived, audit) as connection:
        speaks = [each.number for each in AuditLog(connection).entries() if each.members["rows"]]
        for cut in range(max(speaks) - 1, 0, -1):  # entries after it write no row of their own
            connection.execute(text("DELETE FROM audit WHERE number > :cut"), {"cut": cut})
            assert first(connection).what == "row"


def test_verify__chain_is_gone__names_the_rows(lived: Database) -> None:
    with tampering(lived, audit) as connection:
        connection.execute(text("TRUNCATE audit"))
        verified = found(connection)
        assert (verified.entries, verified.head) == (0, None)
        assert verified.misfits[0].what == "row"


# The ledger ------------------------------------------------------------------------------------------


def anchored(connection: Connection, day: date, **more: object) -> FoundAnchor:
    """The day as it would stand on the ledger."""
    log = AuditLog(connection)
    beginning = log.entry(1)
    assert beginning is not None
    last = log.last_of(day)
    root = day_root(log.entries(first=log.last_of(day - timedelta(days=1)) + 1, last=last))
    assert root is not None
    values = {
        "subject": anchor_subject(beginning),
        "day": day,
        "root": root.root,
        "leaves": root.leaves,
        "block": 9,
        "tx": word(9),
    }
    return FoundAnchor(**(values | more))  # type: ignore[arg-type]


def test_verify__day_on_the_ledger__is_found_right_and_others_are_passed_over(
    lived: Database,
) -> None:
    with lived.read() as connection:
        here = anchored(connection, date(2021, 8, 11))
        other_chain = anchored(connection, date(2021, 8, 12), subject="audit/other", leaves=1)
        verified = verify_seen(connection, [here, other_chain], origin=None)
        assert verified.holds, verified.misfits
        assert verified.days == (date(2021, 8, 11),)
        assert 0 < verified.anchored_through < verified.entries


def test_verify__whole_chain_was_written_anew__differs_from_the_ledger(lived: Database) -> None:
    """Whoever recomputes every hash after a change is caught by the anchor alone."""
    from genbo.governance.audit import FIRST_PREVIOUS, entry_hash

    with tampering(lived, audit) as connection:
        anchors = [anchored(connection, day) for day in (date(2021, 8, 11), date(2021, 8, 12))]
        previous = FIRST_PREVIOUS
        for each in list(AuditLog(connection).entries()):
            actor = "somebody-else" if each.number == 2 else each.members["actor"]
            hashed = entry_hash(previous, {**each.members, "actor": actor})
            connection.execute(
                text(
                    "UPDATE audit SET actor = :actor, previous = :previous, hash = :hash"
                    " WHERE number = :number"
                ),
                {"actor": actor, "previous": previous, "hash": hashed, "number": each.number},
            )
            previous = hashed
        assert found(connection).holds
        verified = verify_seen(connection, anchors, origin=None)
        assert verified.days == ()
        assert verified.misfits[0].what == "anchor"
        assert anchors[0].root in verified.misfits[0].expected


def test_verify__end_of_an_anchored_day_was_cut_off__differs_from_the_ledger(
    lived: Database,
) -> None:
    with tampering(lived, audit) as connection:
        anchors = [anchored(connection, day) for day in (date(2021, 8, 11), date(2021, 8, 12))]
        connection.execute(
            text("DELETE FROM audit WHERE number > :last"),
            {"last": AuditLog(connection).last_of(date(2021, 8, 11))},
        )
        wrong = [
            each
            for each in verify_seen(connection, anchors, origin=None).misfits
            if each.what == "anchor"
        ]
        assert [(each.number, each.found) for each in wrong] == [(None, "2021-08-12: no entries")]
