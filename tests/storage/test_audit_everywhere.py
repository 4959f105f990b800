"""No function of storage writes without an entry in the audit chain (invariant 6).

given every public function and method of `genbo.storage`
├── it should be listed here when it writes: as one that adds an entry, or as an exception with its reason
├── when it writes
│   └── it should add the entry in the transaction that it writes in, with the rows it wrote
└── when it changes nothing
    └── it should add no entry
given any table of the schema
└── it should stand under audit entries, or be an exception with its reason
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from tests.storage import access_builders as access
from tests.storage import decided, entitled, room
from tests.storage import notice_builders as notices
from tests.storage.builders import (
    CHAIN,
    P1,
    START,
    TERMS,
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
    received,
    signed,
    word,
)
from tests.storage.compliance_builders import (
    LIST,
    NEW_THRESHOLDS,
    a_release,
    a_result,
    a_session,
    kept_session,
    proposed,
    screened,
)
from tests.support.firms import BRANCH, a_contract, a_firm
from tests.support.keys import TREE

import genbo.storage
from genbo.entitlements import Hold
from genbo.governance import CommandState, EntryState, Outcome, Seen
from genbo.governance.institutions import (
    DecidedDisclosure,
    Disclosure,
    DisclosureId,
    InstitutionId,
    InstitutionRole,
    institution,
)
from genbo.governance.job import JobRow, JobState
from genbo.governance.market import OrderState
from genbo.governance.notices import WebhookState
from genbo.governance.ports import Lead, Settled
from genbo.kernel import Digest, InvestorId, Reason, Refusal, Units
from genbo.masters import Contact, Firm, FirmKind
from genbo.masters.import_file import ImportStatus
from genbo.storage.audit import AuditLog
from genbo.storage.banks import Banks
from genbo.storage.blind_index import BlindIndex
from genbo.storage.challenges import StoredChallenges
from genbo.storage.commands import Commands
from genbo.storage.commands_in_bulk import CommandsInBulk
from genbo.storage.deployments import Deployment, Deployments
from genbo.storage.disclosures import Disclosures
from genbo.storage.distributions import Distributions
from genbo.storage.engine import Database
from genbo.storage.firms import Firms
from genbo.storage.import_files import ImportFiles
from genbo.storage.inspections import Inspections
from genbo.storage.investor_corrections import InvestorCorrections
from genbo.storage.investors import Investors
from genbo.storage.jobs import Jobs
from genbo.storage.key_backup import export_keys, restore_keys
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.keys import KeysInBulk, StoredKeys
from genbo.storage.outbox import StoredOutbox
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.parties import Parties
from genbo.storage.payments import Payments
from genbo.storage.products import Products
from genbo.storage.reindex import reindex
from genbo.storage.retention import Retention
from genbo.storage.rotation import Rotation
from genbo.storage.sanctions import SanctionsLists
from genbo.storage.tables import metadata
from genbo.storage.transfer_orders import TransferOrders
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.uploads import Uploads
from genbo.storage.vault import Place, Purpose, Reading, Vault
from genbo.storage.vault_secrets import BLIND_INDEX
from genbo.storage.verdicts import Verdict, Verdicts
from genbo.storage.wallets import Wallet, Wallets
from genbo.storage.witness import WITNESSED
from genbo.token import ProductStatus, parse_terms

ONE = InvestorId("IV-1")
LATER = START + timedelta(days=1)
KEYS = (KeyEncryptionKey(bytes(32)),)
VAULT = Vault(*KEYS)
READING = Reading(purpose=Purpose.REGISTER, actor="cli:registrar", at=LATER)

FOLLOWS = "follows from the ledger's events, and is proved by replay (invariant 2)"
FROM_LEDGER = "says what the ledger said, in its own words; a replay from the chain compares it"

BODY_OF_JOB = "the digest of the body in the entry of its order covers it with all of its rows"

ANSWERS = (
    "repeats what somebody was answered; what was done has its own entry in the same transaction"
)
TELLS = "repeats what the ledger and the audit chain say, to whom it concerns"
POSTS = "says how far telling has come; what is told stands elsewhere"

PARTS = "the hash of the whole file stands in the entry of its announcement, and is asked for before it is checked"

EXCEPTIONS: dict[str, str] = {
    "Register.save": FOLLOWS,
    "Register.add": FOLLOWS,
    "Register.rewind": FOLLOWS,
    "Entries.write": FOLLOWS,
    "RegisterJournal.keep": FOLLOWS,
    "RegisterJournal.keep_step": FOLLOWS,
    "Events.append": FROM_LEDGER,
    "Events.orphan_from": "is a part of RegisterJournal.rollback_to, which adds the entry",
    "Cursors.start": FROM_LEDGER,
    "Cursors.move": FROM_LEDGER,
    "Cursors.settle": FROM_LEDGER,
    "Cursors.rewind": "is a part of RegisterJournal.rollback_to, which adds the entry",
    "Vault.enrol": "is a part of Investors.register, whose entry vouches for the key",
    "rotation.rewrite": "is how Rotation.step and key_backup.restore_keys write",
    "BlindIndex.add": "follows from the sealed values whose entries stand; `genbo vault reindex` makes the same",
    "Jobs.learn": "is an estimate of gas, which decides how rows are packed and nothing else",
    "Jobs.add_batch": "says under which command rows went out; the command's entries say the rest",
    "Jobs.end_batch": "repeats what the command of the batch came to, which has its entry",
    "StoredOutbox.take_lead": "says which process sends; whatever it sends has its entry",
    "Commands.wake": "tells a sender that something waits",
    "ClientAssertions.take": "says that a signature was used up; it is forgotten within minutes and changes nothing",
    "Notices.claim": TELLS,
    "Notices.tell": TELLS,
    "Notices.move": TELLS,
    "WebhookDeliveries.due": POSTS,
    "WebhookDeliveries.claim": POSTS,
    "WebhookDeliveries.note": POSTS,
    "AuditLog.append": "is the chain itself",
    "AuditLog.settle": "is the chain itself",
    "bulk.given": "writes to a temporary table only, for the functions above",
    "bulk.insert_new": "is how the functions above write",
    "Vault.note_reading": "is a part of Vault.opener and OwnerKeys.opener, and adds the entry itself",
    "OwnerKeys.destroy": "is a part of Users.erase, whose entry vouches for the key",
    "Permissions.grant": "is a part of an approval, whose entry (Users.keep) vouches for it",
    "Permissions.revoke": "is a part of an approval, whose entry (Users.keep) vouches for it",
    "AccessProposals.approved": "is a part of what was approved, whose entry vouches for it",
    "Requests.keep": ANSWERS,
    "Uploads.put": PARTS,
    "Uploads.empty": PARTS,
    "copy.copy_in": "is how the functions above write",
    "migrations.migrate": "changes the schema, which a release says and a backup shows",
}
"""What writes without an entry of its own, and why that is right."""

DERIVED_TABLES = {
    "notice": TELLS,
    "notice_cursor": TELLS,
    "notice_stream": TELLS,
    "webhook_lane": POSTS,
    "webhook_delivery": POSTS,
    "lot": FOLLOWS,
    "position": FOLLOWS,
    "total_issued": FOLLOWS,
    "trade": FOLLOWS,
    "trade_piece": FOLLOWS,
    "event_raw": FROM_LEDGER,
    "block": FROM_LEDGER,
    "cursor": FROM_LEDGER,
    "blind_index": "follows from the sealed values; a row more or less opens nothing",
    "signer": "counts numbers, which stand in the entries of the transactions",
    "outbox": "says how far a transaction is; the command's entries say what came of it",
    "sanctions_entry": "is what a public file says, whose digests the entry of its list vouches for",
    "job": BODY_OF_JOB,
    "job_row": BODY_OF_JOB,
    "job_batch": "says under which command rows went out; the command's entries say the rest",
    "client_assertion": "says which signatures were used up; a row is forgotten within minutes and changes nothing",
    "request": ANSWERS,
    "upload_part": PARTS,
    "audit": "is the chain itself",
    "entitlement": "is what its record date's digest says, whose entry vouches for it",
    "payee_line": "amounts are under the root of its run, whose entry vouches for it; each change has its own",
    "payment": "says which lines a file has and what the bank said of them, as the entries of both do",
    "digest_secret": "is a random number that is made with the schema",
    "former_row": "is written by the database; the digest of each row stands in the entry that made it",
    "bank": "is a public list; the digest of the file it comes from stands in the entry of its loading",
    "bank_branch": "is a public list; the digest of the file it comes from stands in the entry of its loading",
}
"""The tables under no audit entry, and why that is right."""


def stored(connection: Connection) -> None:
    """A deployment, a product, an investor with a verdict and a wallet: what the acts below act on."""
    deploy(connection)
    Investors(connection, VAULT).register([new_investor("IV-1")], at=START, by="x")
    wallet = Wallet(product_id=P1, address=account(1), investor_id=ONE, valid_from=START)
    Wallets(connection).assign([wallet], at=START, by="x")


def a_deployment() -> Deployment:
    return Deployment(
        chain_id=CHAIN + 1,
        first_block=1,
        first_block_hash=word(1),
        duty_manager=account(1),
        platform=account(2),
        factory=account(3),
        safes={},
        record={},
    )


def a_verdict() -> Verdict:
    return Verdict(
        investor_id=ONE,
        checked_at=START,
        expires_at=LATER,
        investor_class=1,
        aml_class="clear",
        evidence_ref="KYC-1",
    )


def a_wallet() -> Wallet:
    return Wallet(
        product_id=P1, address=account(7), investor_id=InvestorId("IV-2"), valid_from=START
    )


def _with_second(connection: Connection) -> Investors:
    investors = Investors(connection, VAULT)
    investors.register([new_investor("IV-2")], at=START, by="x")
    return investors


def _rollback(connection: Connection) -> None:
    from tests.storage.builders import stamp

    from genbo.storage.journal import RegisterJournal

    journal = RegisterJournal(connection, CHAIN)
    journal.cursors.start(1)
    journal.keep(events=[], changes=[], upto=stamp(5))
    journal.rollback_to(3)


def _submit(connection: Connection) -> Commands:
    commands = Commands(connection, CHAIN)
    commands.submit(
        a_command(),
        digest=Digest(word(77)),
        state=CommandState.CHECKED,
        approvals=[signed()],
        at=START,
    )
    return commands


def _send(connection: Connection) -> None:
    commands = _submit(connection)
    for state in (CommandState.APPROVED, CommandState.QUEUED):
        commands.move(a_command().id, state, at=LATER)
    outbox = StoredOutbox(connection, CHAIN)
    outbox.take_lead(account(11), by="x", at=LATER)
    outbox.add(LEAD, [an_entry(a_command())])


def _bump(connection: Connection) -> None:
    outbox = StoredOutbox(connection, CHAIN)
    outbox.bump(LEAD, an_entry(a_command()), an_attempt(7), at=LATER)


def _queue(connection: Connection) -> CommandsInBulk:
    commands = CommandsInBulk(connection, CHAIN)
    many = [(a_command(key), Digest(word(77)), signed()) for key in ("k-1", "k-2")]
    assert commands.queue(many, at=START)
    return commands


def _move_many(connection: Connection) -> None:
    moves = [(a_command(key).id, CommandState.SENT, Outcome()) for key in ("k-1", "k-2")]
    _queue(connection).move(moves, at=LATER)


def _deliver(connection: Connection) -> None:
    orders = TransferOrders(connection)
    stored, _ = orders.accept(room.an_order())
    _queue(connection)
    ordered = orders.move(stored, OrderState.ORDERED, at=LATER, by="genbo", command=a_command().id)
    orders.deliver_all([ordered], at=LATER, by="genbo")


def _upload(connection: Connection) -> Uploads:
    files = ImportFiles(connection)
    files.announce(a_file(), at=START, by="x")
    return room.begun_upload(connection, VAULT)


def _take(connection: Connection) -> StoredOutbox:
    outbox = StoredOutbox(connection, CHAIN)
    _submit(connection)
    outbox.take_lead(account(11), by="x", at=LATER)
    return outbox


def _refuse(connection: Connection) -> None:
    outbox = _take(connection)
    refusal = Refusal(Reason.CAP_EXCEEDED)
    outbox.refuse(LEAD, a_command().id, refusal, at=LATER)


def _sign_for_safe(connection: Connection) -> None:
    StoredOutbox(connection, CHAIN).sign_for_safe(LEAD, a_command().id, signed(), nonce=3)


def _settle(connection: Connection) -> None:
    seen = Seen(tx=Digest(word(500)), block=7, gas_used=40_000, succeeded=True)
    entry = replace(an_entry(a_command()), state=EntryState.MINED)
    settled = Settled(entry=entry, state=EntryState.DONE, seen=seen)
    StoredOutbox(connection, CHAIN).settle(LEAD, [settled], at=LATER)


def _order(connection: Connection) -> Jobs:
    jobs = Jobs(connection, CHAIN)
    jobs.order(a_job(), [JobRow(address=account(1), units=Units(2))], at=START)
    return jobs


def _tree(connection: Connection) -> None:
    room.two_investors(connection, VAULT)
    room.approve_tree(connection, VAULT)


def _keep_in_bulk(connection: Connection) -> int:
    _tree(connection)
    tree = TREE.fingerprint
    keys = KeysInBulk(connection, P1, [room.GIVER], at=LATER, by="x", tree=tree)
    keys.keep(room.a_key())
    return keys.write()


def _challenged(connection: Connection) -> StoredChallenges:
    room.two_investors(connection, VAULT)
    challenges = room.challenges(connection)
    challenges.issue(room.a_challenge(), custodian="B1", at=START)
    return challenges


def _end(connection: Connection) -> Retention:
    retention = Retention(connection)
    retention.end_relation(
        ONE, ended_on=date(2022, 3, 31), evidence_ref="END-1", at=LATER, by="cli:registrar"
    )
    return retention


def _hold(connection: Connection) -> Retention:
    retention = Retention(connection)
    retention.place_hold(ONE, reference="SUIT-1", until=None, at=LATER, by="cli:registrar")
    return retention


def _restore(connection: Connection) -> None:
    kept = export_keys(connection, VAULT.ring)
    restore_keys(connection, VAULT.ring, kept, file="keys.json", at=LATER, by="cli:registrar")


PLACE = Place(table="user", column="name")


def with_contact(settlor: str) -> Firm:
    contact = Contact(addressee="架空 担当", email="someone@example.invalid")
    return replace(a_firm(FirmKind.SETTLOR, settlor), contact=contact)


def a_disclosure() -> DecidedDisclosure:
    return DecidedDisclosure(
        id=DisclosureId("D-1"),
        disclosure=Disclosure(
            product=P1,
            by=InstitutionId("R1"),
            to=InstitutionId("A1"),
            purpose="notice of a meeting",
            basis=Digest(word(1)),
        ),
        valid_from=START,
        valid_until=LATER + timedelta(days=1),
        maker="x",
        made_at=START,
    )


def _disclose(connection: Connection) -> Disclosures:
    disclosures = Disclosures(connection)
    disclosures.propose(a_disclosure())
    return disclosures


LEAD = Lead(signer=account(11), epoch=1)


WRITERS: dict[str, tuple[str, Callable[[Connection], object]]] = {
    "Parties.admit": (
        "registry:institution:recorded",
        lambda c: Parties(c).admit(
            institution(id=InstitutionId("R9"), role=InstitutionRole.REGISTRAR), at=LATER, by="x"
        ),
    ),
    "Parties.handle": (
        "registry:product:handled",
        lambda c: Parties(c).handle(P1, InstitutionId("B1"), at=LATER, by="x"),
    ),
    "Parties.introduce": (
        "registry:introduction:recorded",
        lambda c: Parties(c).introduce(
            ONE, InstitutionId("F1"), consents_to_sight=True, at=LATER, by="x"
        ),
    ),
    "Disclosures.propose": (
        "registry:disclosure:proposed",
        lambda c: Disclosures(c).propose(a_disclosure()),
    ),
    "Disclosures.approve": (
        "registry:disclosure:approved",
        lambda c: _disclose(c).approve(a_disclosure().id, at=LATER, by="y"),
    ),
    "Disclosures.use": (
        "registry:disclosure:used",
        lambda c: (
            _disclose(c).approve(a_disclosure().id, at=START, by="y"),
            Disclosures(c).use(InstitutionId("A1"), [ONE], at=LATER, by="user-1"),
        ),
    ),
    "Disclosures.end": (
        "registry:disclosure:ended",
        lambda c: _disclose(c).end(a_disclosure().id, at=LATER, by="y"),
    ),
    "RecordDates.fix": ("registry:record_date:fixed", entitled.fix),
    "TaxCategories.record": ("registry:tax_category:recorded", entitled.record_category),
    "Distributions.declare": (
        "registry:distribution:declared",
        lambda c: (entitled.fix(c), entitled.declare(c)),
    ),
    "Distributions.approve": (
        "registry:distribution:approved",
        lambda c: Distributions(entitled.drafted(c)).approve("D-1", at=LATER, by="y"),
    ),
    "Distributions.reject": (
        "registry:distribution:rejected",
        lambda c: Distributions(entitled.drafted(c)).reject("D-1", at=LATER, by="x"),
    ),
    "CorporateActions.decide": ("registry:action:decided", decided.draft),
    "CorporateActions.approve": (
        "registry:action:approved",
        lambda c: decided.drafted(c).approve("A-1", at=LATER, by="y"),
    ),
    "CorporateActions.reject": (
        "registry:action:rejected",
        lambda c: decided.drafted(c).reject("A-1", at=LATER, by="x"),
    ),
    "CorporateActions.begin": (
        "registry:action:begun",
        lambda c: decided.approved(c).begin("A-1", decided.MARK, at=LATER, by="x"),
    ),
    "CorporateActions.finish": (
        "registry:action:done",
        lambda c: decided.begun(c).finish("A-1", decided.MARK, at=LATER, by="x"),
    ),
    "Payments.put_aside": (
        "registry:payment:held",
        lambda c: Payments(entitled.approved(c)).put_aside(
            entitled.run(c), {1: Hold.ORDER}, at=LATER, by="x"
        ),
    ),
    "Payments.release": ("registry:payment:released", entitled.release),
    "Payments.send": ("registry:payment_file:made", entitled.send),
    "Payments.settle": ("registry:payment:settled", entitled.settle),
    "Firms.register": (
        "registry:firm:recorded",
        lambda c: Firms(c, VAULT).register(with_contact("S9"), at=LATER, by="x"),
    ),
    "Firms.change": (
        "registry:firm:changed",
        lambda c: Firms(c, VAULT).change(with_contact("S1"), at=LATER, by="x"),
    ),
    "Firms.with_contact": (
        "registry:personal_data:read",
        lambda c: Firms(c, VAULT).with_contact(FirmKind.SETTLOR, "S1", reading=READING),
    ),
    "OwnerKeys.seal": (
        "registry:key:made",
        lambda c: OwnerKeys(c, VAULT).seal("user:U1", PLACE, "x", at=LATER, by="x"),
    ),
    "OwnerKeys.sealer": (
        "registry:key:made",
        lambda c: OwnerKeys(c, VAULT).sealer("user:U1", at=LATER, by="x"),
    ),
    "OwnerKeys.opener": (
        "registry:personal_data:read",
        lambda c: OwnerKeys(c, VAULT).opener("user:U1", fields=["user.name"], reading=READING),
    ),
    "TrustContracts.register": (
        "registry:contract:recorded",
        lambda c: TrustContracts(c).register(a_contract("TC-9"), at=LATER, by="x"),
    ),
    "TrustContracts.change": (
        "registry:contract:changed",
        lambda c: TrustContracts(c).change(a_contract("TC-1", "R2"), at=LATER, by="x"),
    ),
    "Banks.load": (
        "registry:bank:loaded",
        lambda c: Banks(c).load([BRANCH], at=LATER, by="x", source="0x01"),
    ),
    "Products.comment": (
        "registry:product:commented",
        lambda c: Products(c).comment(P1, first="備考", second=None, at=LATER, by="x"),
    ),
    "Products.rename": (
        "registry:product:renamed",
        lambda c: Products(c).rename(
            P1, name="新名称", effective=date(2023, 1, 1), at=LATER, by="x"
        ),
    ),
    "Deployments.record": (
        "registry:deployment:recorded",
        lambda c: Deployments(c).record(a_deployment(), at=LATER, by="x"),
    ),
    "Products.add": (
        "registry:product:recorded",
        lambda c: Products(c).add(
            parse_terms(TERMS | {"product_id": "P2", "isin": None}), at=LATER, by="x"
        ),
    ),
    "Products.draft": (
        "registry:product:recorded",
        lambda c: (
            Products(c).add(
                parse_terms(TERMS | {"product_id": "P2", "isin": None}), at=LATER, by="x"
            ),
            Products(c).draft(
                parse_terms(TERMS | {"product_id": "P2", "isin": None, "set_quantity": 7}),
                at=LATER,
                by="x",
            ),
        ),
    ),
    "Products.deployed": (
        "registry:product:deployed",
        lambda c: (
            Products(c).add(
                parse_terms(TERMS | {"product_id": "P2", "isin": None}), at=LATER, by="x"
            ),
            Products(c).deployed(P2, chain_id=CHAIN, address=account(998), at=LATER, by="x"),
        ),
    ),
    "Products.move_on": (
        "registry:product:moved_on",
        lambda c: Products(c).move_on(P1, ProductStatus.SET, at=LATER, by="x"),
    ),
    "Products.split": (
        "registry:product:split",
        lambda c: Products(c).split(P1, factor=2, at=LATER, by="x"),
    ),
    "Investors.register": (
        "registry:investor:registered",
        lambda c: Investors(c, VAULT).register([new_investor("IV-9")], at=LATER, by="x"),
    ),
    "Investors.judge": (
        "registry:investor:judged",
        lambda c: Investors(c, VAULT).judge(ONE, at=LATER, by="x", aml_class="review"),
    ),
    "Investors.rename": (
        "registry:investor:renamed",
        lambda c: Investors(c, VAULT).rename(
            ONE,
            name="n",
            registered_address="a",
            effective=date(2022, 1, 1),
            at=LATER,
            by="x",
        ),
    ),
    "Investors.identities": (
        "registry:personal_data:read",
        lambda c: Investors(c, VAULT).identities([ONE], on=date(2022, 1, 1), reading=READING),
    ),
    "Investors.personal": (
        "registry:personal_data:read",
        lambda c: Investors(c, VAULT).personal([ONE], fields=["contact_email"], reading=READING),
    ),
    "InvestorCorrections.correct": (
        "registry:investor:corrected",
        lambda c: InvestorCorrections(c, VAULT).correct(
            ONE, {"contact_phone": "03-1234-5678"}, found_by={}, at=LATER, by="x"
        ),
    ),
    "Investors.erase": (
        "registry:investor:erased",
        lambda c: Investors(c, VAULT).erase(ONE, at=LATER, by="x", ground="ORDER-1"),
    ),
    "Vault.opener": (
        "registry:personal_data:read",
        lambda c: VAULT.opener(c, [ONE], fields=["identity.name"], reading=READING),
    ),
    "Vault.destroy": (
        "registry:key:destroyed",
        lambda c: VAULT.destroy(c, ONE, at=LATER, by="x", ground="ORDER-1"),
    ),
    "VaultSecrets.renew": (
        "registry:vault_secret:made",
        lambda c: VAULT.secrets.renew(c, BLIND_INDEX, at=LATER, by="cli:registrar"),
    ),
    "VaultSecrets.make": (
        "registry:vault_secret:made",
        lambda c: VAULT.secrets.make(c, "another", at=LATER, by="cli:registrar"),
    ),
    "BlindIndex.find": (
        "registry:personal_data:read",
        lambda c: BlindIndex(c, VAULT).find("name", "氏名 IV-1", reading=READING),
    ),
    "BlindIndex.remake": (
        "registry:blind_index:remade",
        lambda c: BlindIndex(c, VAULT).remake({ONE: [{"name": "x"}]}, at=LATER, by="x"),
    ),
    "reindex.reindex": (
        "registry:blind_index:remade",
        lambda c: reindex(c, VAULT, at=LATER, by="cli:registrar"),
    ),
    "Rotation.step": (
        "registry:key:rewrapped",
        lambda c: Rotation(c, Vault(KeyEncryptionKey(bytes([1] * 32)), *KEYS)).step(
            at=LATER, by="cli:registrar"
        ),
    ),
    "key_backup.restore_keys": ("registry:key:restored", _restore),
    "Retention.end_relation": ("registry:investor:relation_ended", _end),
    "Retention.restrict": (
        "registry:investor:use_restricted",
        lambda c: Retention(c).restrict(ONE, ground="REQ-1", at=LATER, by="cli:registrar"),
    ),
    "Retention.place_hold": ("registry:legal_hold:placed", _hold),
    "Retention.lift_hold": (
        "registry:legal_hold:lifted",
        lambda c: _hold(c).lift_hold(
            ONE, reference="SUIT-1", ground="SETTLED-1", at=LATER, by="cli:other"
        ),
    ),
    "Verdicts.record": (
        "registry:verdict:recorded",
        lambda c: Verdicts(c).record([a_verdict()], at=LATER, by="x"),
    ),
    "Verdicts.revoke": (
        "registry:verdict:revoked",
        lambda c: (
            Verdicts(c).record([a_verdict()], at=LATER, by="x"),
            Verdicts(c).revoke(ONE, evidence_ref="K", at=LATER, by="x"),
        ),
    ),
    "Investors.names": (
        "registry:personal_data:read",
        lambda c: Investors(c, VAULT).names([ONE], reading=READING),
    ),
    "KycSessions.start": ("registry:kyc_session:started", kept_session),
    "KycSessions.taken": (
        "registry:kyc_session:started",
        lambda c: kept_session(c).taken(a_session().id, ref="P-1", at=LATER, by="x"),
    ),
    "KycSessions.keep": (
        "registry:kyc_result:received",
        lambda c: kept_session(c).keep(a_result(), at=LATER, by="x"),
    ),
    "SanctionsLists.load": (
        "registry:sanctions_list:loaded",
        lambda c: SanctionsLists(c).load(LIST, at=LATER, by="x"),
    ),
    "SanctionsLists.set_thresholds": (
        "registry:screening:thresholds_set",
        lambda c: SanctionsLists(c).set_thresholds(NEW_THRESHOLDS, at=LATER, by="x"),
    ),
    "Screenings.keep": ("registry:screening:done", screened),
    "Screenings.propose": ("registry:screening:release_proposed", proposed),
    "Screenings.release": (
        "registry:screening:released",
        lambda c: proposed(c).release("REL-1", a_release()),
    ),
    "Wallets.assign": (
        "registry:wallet:assigned",
        lambda c: (_with_second(c), Wallets(c).assign([a_wallet()], at=LATER, by="x")),
    ),
    "Wallets.replace": (
        "registry:wallet:replaced",
        lambda c: Wallets(c).replace(P1, ONE, new=account(9), at=LATER, by="x"),
    ),
    "StoredKeys.keep": (
        "registry:wallet:created",
        lambda c: (_tree(c), StoredKeys(c, at=LATER, by="x").keep(room.a_key())),
    ),
    "KeysInBulk.write": ("registry:wallet:created", lambda c: _keep_in_bulk(c)),
    "AddressTrees.propose": (
        "registry:address_tree:proposed",
        lambda c: room.propose_tree(c, VAULT),
    ),
    "AddressTrees.approve": (
        "registry:address_tree:approved",
        lambda c: room.approve_tree(c, VAULT),
    ),
    "MarketRecords.note_status": (
        "registry:market:status_noted",
        lambda c: room.market(c).note_status(CHAIN, is_open=True, at=LATER, by="x"),
    ),
    "AddressTrees.open": (
        "registry:personal_data:read",
        lambda c: room.approve_tree(c, VAULT).open(TREE.fingerprint, at=LATER, by="x"),
    ),
    "StoredChallenges.issue": ("registry:challenge:issued", lambda c: _challenged(c)),
    "StoredChallenges.spend": (
        "registry:challenge:met",
        lambda c: _challenged(c).spend(room.a_challenge(), at=START),
    ),
    "MarketRecords.override": (
        "registry:calendar:overridden",
        lambda c: room.market(c).override(room.an_override()),
    ),
    "MarketRecords.set_hours": (
        "registry:market:hours_set",
        lambda c: room.market(c).set_hours(room.the_hours()),
    ),
    "MarketRecords.close_book": (
        "registry:product:book_closing_set",
        lambda c: room.market(c).close_book(room.a_closing_rule()),
    ),
    "MarketRecords.decide": (
        "registry:market:decided",
        lambda c: room.market(c).decide(room.a_decision()),
    ),
    "TransferOrders.accept": (
        "registry:order:accepted",
        lambda c: (room.two_investors(c, VAULT), TransferOrders(c).accept(room.an_order())),
    ),
    "TransferOrders.move": (
        "registry:order:moved_on",
        lambda c: (room.two_investors(c, VAULT), room.refuse_order(c)),
    ),
    "TransferOrders.accept_all": (
        "registry:order:accepted",
        lambda c: (
            room.two_investors(c, VAULT),
            TransferOrders(c).accept_all(
                [(room.an_order("T-8"), None), (room.an_order("T-9"), None)], at=START
            ),
        ),
    ),
    "TransferOrders.deliver_all": (
        "registry:order:moved_on",
        lambda c: (room.two_investors(c, VAULT), _deliver(c)),
    ),
    "Users.found": ("registry:permission:granted", lambda c: access.a_user(c)),
    "Users.add": ("registry:user:registered", lambda c: access.a_user(c)),
    "Users.keep": ("registry:user:disabled", access.disabled),
    "Users.settle": ("registry:user:signed_in", access.signed_in),
    "Users.erase": ("registry:user:erased", access.erased),
    "UserList.names": ("registry:personal_data:read", access.names_read),
    "AccessProposals.add": ("registry:permission:proposed", access.grant_proposed),
    "AccessProposals.withdraw": ("registry:proposal:withdrawn", access.withdrawn),
    "Credentials.issue": ("registry:credential:issued", access.issued),
    "Credentials.revoke": ("registry:credential:revoked", access.revoked),
    "Credentials.refused": ("registry:credential:refused", access.machine_refused),
    "ImportFiles.announce": (
        "registry:import_file:announced",
        lambda c: ImportFiles(c).announce(a_file(), at=LATER, by="x"),
    ),
    "ImportFiles.receive": ("registry:import_file:received", lambda c: received(c)),
    "ImportFiles.move": (
        "registry:import_file:checking",
        lambda c: received(c).move(a_file().file_id, ImportStatus.CHECKING, at=LATER, by="x"),
    ),
    "Uploads.begin": ("registry:upload:begun", lambda c: _upload(c)),
    "Uploads.end": (
        "registry:upload:ended",
        lambda c: _upload(c).end(a_file().file_id, at=LATER, by="genbo"),
    ),
    "ImportFiles.approve": (
        "registry:import_file:approved",
        lambda c: checked(c).approve(a_file().file_id, at=LATER, by="y"),
    ),
    "Commands.submit": ("office:command:submitted", lambda c: _submit(c)),
    "Commands.approve": (
        "office:approval:given",
        lambda c: _submit(c).approve(a_command().id, signed("issue-2", 12)),
    ),
    "Commands.sign_for_safe": (
        "office:approval:signed_for_safe",
        lambda c: _submit(c).sign_for_safe(a_command().id, signed(), nonce=3),
    ),
    "Commands.move": (
        "office:command:approved",
        lambda c: _submit(c).move(a_command().id, CommandState.APPROVED, at=LATER),
    ),
    "CommandsInBulk.queue": ("office:command:submitted", lambda c: _queue(c)),
    "CommandsInBulk.move": ("office:command:sent", lambda c: _move_many(c)),
    "StoredOutbox.add": ("sender:transaction:signed", lambda c: _send(c)),
    "StoredOutbox.bump": (
        "sender:transaction:replaced",
        lambda c: (_send(c), _bump(c)),
    ),
    "StoredOutbox.settle": ("office:command:final", lambda c: (_send(c), _settle(c))),
    "StoredOutbox.refuse": ("office:command:refused", lambda c: _refuse(c)),
    "StoredOutbox.sign_for_safe": (
        "office:approval:signed_for_safe",
        lambda c: (_take(c), _sign_for_safe(c)),
    ),
    "Inspections.add": (
        "registry:register:issued",
        lambda c: Inspections(c).add(an_inspection()),
    ),
    "Jobs.order": ("office:job:ordered", lambda c: _order(c)),
    "Jobs.end": ("office:job:ended", lambda c: _order(c).end(a_job().id, JobState.DONE, at=LATER)),
    "RegisterJournal.rollback_to": ("ledger:register:rolled_back", _rollback),
    "Webhooks.register": ("registry:webhook:registered", lambda c: notices.a_webhook(c, VAULT)),
    "Webhooks.change": (
        "registry:webhook:changed",
        lambda c: notices.change_webhook(c, VAULT, WebhookState.PAUSED),
    ),
    "Webhooks.rotate": (
        "registry:webhook:secret_rotated",
        lambda c: notices.a_webhook(c, VAULT).rotate(
            notices.WEBHOOK.id, VAULT.secrets, at=LATER, by="machine:c-1"
        ),
    ),
    "Webhooks.deactivate": (
        "registry:webhook:deactivated",
        lambda c: notices.a_webhook(c, VAULT).deactivate(notices.WEBHOOK.id, at=LATER, by="genbo"),
    ),
    "WebhookDeliveries.replay_one": (
        "registry:webhook:replayed",
        lambda c: notices.delivered(c, VAULT).replay_one(
            notices.WEBHOOK, 1, at=LATER, by="machine:c-1"
        ),
    ),
    "WebhookDeliveries.replay_from": (
        "registry:webhook:replayed",
        lambda c: notices.delivered(c, VAULT).replay_from(
            notices.WEBHOOK, P1, 1, at=LATER, by="machine:c-1"
        ),
    ),
}
"""What writes with an entry: the action that the entry must have, and the act."""

P2 = parse_terms(TERMS | {"product_id": "P2", "isin": None}).product_id

BODY = "the digest of the body in its entry covers the job and all of its rows"
COUNTS = {
    **dict.fromkeys(
        ("Payments.put_aside", "Payments.release", "Payments.settle"),
        "says which lines by their number, sum and digest; what they are owed stands under the root of the run",
    ),
    "reindex.reindex": "as BlindIndex.remake",
    "BlindIndex.remake": "says how many rows the index has; each follows from sealed values",
}
NO_ROWS = {
    "Banks.load": "the digest of the file stands in the entry",
    "RegisterJournal.rollback_to": FOLLOWS,
    "Jobs.order": BODY,
    "Jobs.end": BODY,
    "Credentials.refused": "of a machine that was turned away nothing is stored but the entry",
}
"""Entries that vouch for no row, because none of their own is written."""


# What there is ---------------------------------------------------------------------------------------


def modules() -> Iterator[Any]:
    for found in pkgutil.iter_modules(genbo.storage.__path__, "genbo.storage."):
        if not found.name.endswith((".tables", ".warden", ".server", ".folder", ".keyfile")):
            yield import_module(found.name)


def public() -> dict[str, Callable[..., Any]]:
    """Every public function and method that is given a connection or holds one."""
    found: dict[str, Callable[..., Any]] = {}
    for module in modules():
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(thing):
                for method, function in vars(thing).items():
                    if inspect.isfunction(function) and not method.startswith("_"):
                        found[f"{name}.{method}"] = function
            elif inspect.isfunction(thing):
                found[f"{module.__name__.rpartition('.')[2]}.{name}"] = thing
    return found


WRITES = re.compile(
    r"(?<!digest\.)\b(?:insert|update|delete|insert_new|copy)\("
    r"|\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|COPY)\b"
)


def code_of(function: Callable[..., Any]) -> str:
    """Its lines, comments and docstrings aside."""
    return re.sub(r'"""(?:.|\n)*?"""|#.*', "", inspect.getsource(function))


def writers_of(module: Any) -> set[str]:
    """The functions of a module that make a statement that writes, or call a private one of it that does."""
    codes = {
        function.__name__: code_of(function)
        for thing in vars(module).values()
        if getattr(thing, "__module__", None) == module.__name__
        for function in (vars(thing).values() if inspect.isclass(thing) else (thing,))
        if inspect.isfunction(function) and not function.__name__.startswith("__")
    }
    writers = {name for name, code in codes.items() if WRITES.search(code)}
    while True:
        private = [name for name in writers if name.startswith("_")]
        callers = {
            name
            for name, code in codes.items()
            if any(re.search(rf"\b{called}\(", code) for called in private)
        }
        if callers <= writers:
            return writers
        writers |= callers


def test_writers__each_that_the_code_has__is_listed() -> None:
    listed = WRITERS.keys() | EXCEPTIONS.keys()
    writers = {module.__name__: writers_of(module) for module in modules()}
    assert {"judge", "_change"} <= writers[
        "genbo.storage.investors"
    ]  # it sees through private ones
    unlisted = {
        name
        for name, function in public().items()
        if function.__name__ in writers[function.__module__] and name not in listed
    }
    assert unlisted == set(), "writes without an audit entry, or is missing in this list"


def test_listed__each__exists() -> None:
    assert (WRITERS.keys() | EXCEPTIONS.keys()) - public().keys() == set()
    assert WRITERS.keys() & EXCEPTIONS.keys() == set()
    assert all(len(reason) > 15 for reason in (*EXCEPTIONS.values(), *DERIVED_TABLES.values()))


def test_tables__each__is_vouched_for_or_an_exception() -> None:
    vouched = {table.name for table in WITNESSED}
    assert vouched & DERIVED_TABLES.keys() == set()
    assert vouched | DERIVED_TABLES.keys() == metadata.tables.keys()


# What they do ----------------------------------------------------------------------------------------


@contextmanager
def written_tables(connection: Connection) -> Iterator[set[str]]:
    """The tables that statements write to while the block runs."""
    seen: set[str] = set()

    def look(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.update(
            re.findall(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?(?: SET| \(|$|\s)', statement)
        )

    event.listen(connection, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", look)


@pytest.mark.parametrize("name", WRITERS)
def test_writer__each__adds_an_entry_that_vouches_for_what_it_wrote(
    connection: Connection, name: str
) -> None:
    stored(connection)
    log = AuditLog(connection)
    log.settle()
    head = log.head()
    assert head is not None
    action, act = WRITERS[name]
    with written_tables(connection) as written:
        act(connection)
    log.settle()
    added = [each.members for each in log.entries(first=head.number + 1)]
    assert action in [each["action"] for each in added]
    ours = [each for each in added if each["action"] == action]
    assert all(each["actor"] for each in ours)
    vouched = {row.split("/")[0] for each in added for row in each["rows"]}
    if name in NO_ROWS:
        assert vouched == set()
    else:
        assert name in COUNTS or all(each["rows"] for each in ours)
        assert vouched >= {table.name for table in WITNESSED} & written


def test_writer__its_transaction_is_rolled_back__leaves_neither(database: Database) -> None:
    with database.begin() as connection:
        stored(connection)
    with database.read() as connection:
        before = AuditLog(connection).head()
    for _, act in WRITERS.values():
        with database.engine.connect() as connection:
            act(connection)
            connection.rollback()
    with database.read() as connection:
        assert AuditLog(connection).head() == before
        assert connection.scalar(text("SELECT count(*) FROM reading")) == 0


def test_writer__done_again_without_effect__adds_nothing(connection: Connection) -> None:
    stored(connection)
    log = AuditLog(connection)
    Verdicts(connection).record([a_verdict()], at=LATER, by="x")
    Deployments(connection).record(a_deployment(), at=LATER, by="x")
    VAULT.destroy(connection, ONE, at=LATER, by="x", ground="ORDER-1")
    log.settle()
    head = log.head()
    Verdicts(connection).record([a_verdict()], at=LATER, by="x")
    Deployments(connection).record(a_deployment(), at=LATER, by="x")
    VAULT.destroy(connection, ONE, at=LATER, by="y", ground="ORDER-2")
    wallet = Wallet(product_id=P1, address=account(1), investor_id=ONE, valid_from=START)
    assert Wallets(connection).assign([wallet], at=LATER, by="x") == 0
    Products(connection).deployed(P1, chain_id=CHAIN, address=account(999), at=LATER, by="x")
    log.settle()
    assert log.head() == head
