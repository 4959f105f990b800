"""What the tests of keys, of the market and of orders store: a tree, waiting keys, a challenge, decisions, an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import Connection
from tests.storage.builders import CHAIN, P1, START, a_file, account, new_investor
from tests.support.keys import TREE

from genbo.custody import Challenge, Deployment, Key, PublicKey
from genbo.governance import JobId
from genbo.governance.document_job import DocumentJob, DocumentKind
from genbo.governance.institutions import InstitutionId
from genbo.governance.market import (
    BookClosingRule,
    ClosingCause,
    Decision,
    DecisionKind,
    MarketHours,
    OrderState,
    Override,
    Session,
    StoredOrder,
    TransferOrder,
)
from genbo.kernel import Digest, Fact, InvestorId, ProductId, Reason, Reference, Refusal, Units
from genbo.storage.address_trees import AddressTrees
from genbo.storage.challenges import StoredChallenges
from genbo.storage.document_jobs import DocumentJobs
from genbo.storage.investors import Investors
from genbo.storage.keys import StoredKeys
from genbo.storage.market import Announced, MarketRecords
from genbo.storage.transfer_orders import TransferOrders
from genbo.storage.uploads import Uploads
from genbo.storage.vault import Vault

LATER = START + timedelta(days=1)
ENDED = START + timedelta(days=99)
"""After everything else that tests let happen."""
GIVER, TAKER = InvestorId("IV-91"), InvestorId("IV-92")
DEPLOYMENT = Deployment(CHAIN, account(902))
ANNOUNCED = Announced(is_holiday=lambda day: day.weekday() >= 5, version="weekends")


def two_investors(connection: Connection, vault: Vault) -> None:
    new = [new_investor(GIVER), new_investor(TAKER)]
    Investors(connection, vault).register(new, at=START, by="registration-1")


def propose_tree(connection: Connection, vault: Vault) -> AddressTrees:
    trees = AddressTrees(connection, vault)
    trees.propose(
        TREE.fingerprint, TREE.serialised(), owner="C1", gap_limit=20, at=START, by="custody-1"
    )
    return trees


def approve_tree(connection: Connection, vault: Vault) -> AddressTrees:
    trees = propose_tree(connection, vault)
    trees.approve(TREE.fingerprint, at=LATER, by="custody-2")
    return trees


def a_key(index: int = 0, investor: InvestorId = GIVER) -> Key:
    """The waiting key of that index."""
    public = TREE.at(index)
    assert public is not None
    return Key(
        investor=investor,
        product=P1,
        custodian="C1",
        public=public,
        tree=TREE.fingerprint,
        index=index,
        created=START,
    )


def a_proved_key(number: int = 7, investor: InvestorId = TAKER) -> Key:
    return Key(
        investor=investor,
        product=P1,
        custodian="B1",
        public=PublicKey(address=account(number), key=b"\x02" + bytes([number]) * 32),
        created=START,
    )


def a_challenge() -> Challenge:
    return Challenge(
        nonce=Digest("0x" + "5a" * 32),
        deployment=DEPLOYMENT,
        product=P1,
        investor=TAKER,
        address=account(7),
        expires=LATER,
    )


def challenges(connection: Connection) -> StoredChallenges:
    return StoredChallenges(connection, DEPLOYMENT, by="custody-1")


def market(connection: Connection) -> MarketRecords:
    return MarketRecords(connection, ANNOUNCED)


def an_override() -> Override:
    return Override(
        day=date(2021, 8, 20), is_business_day=False, by="operator-1", at=START, why="a typhoon"
    )


def the_hours() -> MarketHours:
    return MarketHours(
        effective=date(2021, 8, 12),
        sessions=(Session(time(9), time(11, 30)), Session(time(12, 30), time(18))),
        by="operator-1",
        at=START,
        why="the hours agreed on",
    )


def a_closing_rule() -> BookClosingRule:
    return BookClosingRule(
        product=P1,
        cause=ClosingCause.RECORD_DATE,
        days=(-1, 0),
        by="registrar-1",
        at=START,
        why="the trust contract",
    )


def a_decision(kind: DecisionKind = DecisionKind.CLOSED) -> Decision:
    return Decision(kind=kind, by="operator-1", at=START, why="an incident")


def a_group_decision() -> Decision:
    return Decision(
        kind=DecisionKind.GROUP_OFF,
        by="registrar-1",
        approved_by="registrar-2",
        at=START,
        why="a file is late",
        group="TC-KDX",
    )


def an_order(trade: str = "T-1") -> TransferOrder:
    return TransferOrder(
        trade=Reference(trade),
        product=P1,
        source=GIVER,
        target=TAKER,
        units=Units(3),
        delivery_date=date(2021, 8, 13),
        accepted_at=START,
        accepted_by="broker-1",
    )


def refuse_order(connection: Connection) -> StoredOrder:
    orders = TransferOrders(connection)
    stored, _ = orders.accept(an_order())
    refusal = Refusal(Reason.INSUFFICIENT_BALANCE, balance=1, needed=3)
    return orders.move(stored, OrderState.REFUSED, at=LATER, by="genbo", refusal=refusal)


def live(connection: Connection, vault: Vault) -> None:
    """Every kind of change once."""
    two_investors(connection, vault)
    approve_tree(connection, vault).open(TREE.fingerprint, at=LATER, by="custody-1")
    keys = StoredKeys(connection, at=LATER, by="custody-1")
    keys.keep(a_key())
    keys.keep(replace(a_key(), valid_from=LATER))
    issued = challenges(connection)
    issued.issue(a_challenge(), custodian="B1", at=START)
    issued.spend(a_challenge(), at=START)
    keys.keep(a_proved_key())
    records = market(connection)
    records.override(an_override())
    records.set_hours(the_hours())
    records.close_book(a_closing_rule())
    records.decide(a_decision())
    records.decide(a_group_decision())
    records.note_status(CHAIN, is_open=True, at=START, by="genbo")
    refuse_order(connection)


def a_document_job(key: str = "1") -> DocumentJob:
    """A register that was asked for."""
    return DocumentJob(
        id=JobId(key.rjust(32, "0")),
        institution=InstitutionId("B1"),
        kind=DocumentKind.REGISTER,
        product=ProductId("P1"),
        purpose="register",
        of=3,
        asked_at=START,
        asked_by="machine:K1",
        changed_at=START,
    )


def asked_documents(connection: Connection, vault: Vault) -> DocumentJobs:
    """The document job that was asked for and begun."""
    jobs = DocumentJobs(connection, vault)
    jobs.ask(a_document_job(), {"form": "csv"})
    assert jobs.begin(a_document_job().id, at=ENDED) is not None
    return jobs


def made_documents(connection: Connection, vault: Vault) -> DocumentJobs:
    """As `asked_documents`, made."""
    jobs = asked_documents(connection, vault)
    until = ENDED + timedelta(days=1)
    facts: dict[str, Fact] = {"name": "register"}
    assert jobs.finish(
        a_document_job().id, b"abcd", rows=3, facts=facts, at=ENDED, expires_at=until
    )
    return jobs


def lived_documents(connection: Connection, vault: Vault) -> None:
    """The document job, made, fetched and removed."""
    jobs, job = made_documents(connection, vault), a_document_job().id
    jobs.fetch(job, at=ENDED, by="machine:K1")
    jobs.remove(job, at=ENDED)


def begun_upload(connection: Connection, vault: Vault) -> Uploads:
    """The upload of the file that was announced, with one part."""
    uploads = Uploads(connection, vault)
    firm = InstitutionId("B1")
    uploads.begin(a_file().file_id, firm, part_size=4, at=START, by="x")
    uploads.put(a_file().file_id, 1, b"abcd", at=START, by="x")
    return uploads
