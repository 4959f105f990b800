"""Wallets of a whole office, on an embedded chain and a real database.

given a custodian's extended public key
├── when its fingerprint differs, it is private, or is the one that everybody has: it should be refused
├── when somebody else has not approved it: nothing should come from it
└── when it is approved
    ├── it should give a fresh address per investor and product, and the same when asked again
    ├── two at once: no index should be used twice, and a wallet restored from the key should find every address
    └── it should be readable in no row of the database
given a waiting key
├── when a verdict is positive: it should be active, and be on the ledger, in one transaction with the order
└── when a verdict is not: it should go on waiting, and the ledger should hear nothing
given a proof of possession
└── it should make a waiting key once, and not with another's signature
given an active key
├── when two persons re-key it: freezes and days of acquisition should go along, and the table should tell the evidence
├── when one person does: it should be refused, and nothing change
└── when the process ends right after the ledger did it: the table should follow
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.storage.builders import new_investor
from tests.support.chain import GENESIS
from tests.support.keys import OTHER, SIGNER, TREE
from tests.support.office import PRODUCT, Firm, found_firm

from genbo.bootstrap.people import register_investors, verify_accounts
from genbo.bootstrap.rekeyed import Rekeyings, follow_rekeyings
from genbo.bootstrap.wallets import (
    approve_tree,
    create_keys,
    issue_challenge,
    prove_key,
    rekey,
    rekeying,
    take_tree,
)
from genbo.chain.base58 import encode_checked
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.extended_key import ExtendedKey
from genbo.chain.possession import digest_of
from genbo.custody import Key, KeyState, ProofForm
from genbo.governance import Duty
from genbo.kernel import Address, Digest, Fault, InvestorId, Reason, Reference, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.keys import all_keys, keys_of
from genbo.storage.register import Register
from genbo.storage.verdicts import Verdict
from genbo.storage.wallets import Wallets
from genbo.token import Act

ANNE, BORIS, CLARA = (InvestorId(f"IV-{number}") for number in (1, 2, 3))
NOW = GENESIS + timedelta(hours=1)
UNTIL = datetime(2040, 1, 1, tzinfo=UTC)
PAPERS = Act(ref=Reference("REKEY-1"), evidence=Digest("0x" + "ee" * 32))


def a_verdict(investor: InvestorId, aml_class: str = "clear") -> Verdict:
    return Verdict(
        investor_id=investor,
        checked_at=GENESIS,
        expires_at=UNTIL,
        investor_class=1,
        aml_class=aml_class,
        evidence_ref="KYC-1",
    )


@pytest.fixture
def firm(database: Database, tmp_path: Path) -> Iterator[Firm]:
    """An office with three investors: Anne is clear, Boris is blocked, nobody has looked at Clara."""
    made = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
    register_investors(
        made.office,
        [new_investor(each) for each in (ANNE, BORIS, CLARA)],
        [a_verdict(ANNE), a_verdict(BORIS, "blocked")],
        by="registration-1",
    )
    yield made
    made.office.close()


@pytest.fixture
def tree(firm: Firm) -> str:
    """The custodian's tree, taken and approved."""
    office = firm.office
    taken = take_tree(
        office, TREE.serialised(), fingerprint=TREE.fingerprint, owner="C1", by="custody-1"
    )
    assert not taken.is_approved
    assert approve_tree(office, taken.fingerprint, by="custody-2").is_approved
    return taken.fingerprint


def create(firm: Firm, tree: str, *investors: InvestorId) -> list[Key]:
    return create_keys(firm.office, PRODUCT, investors, tree=tree, by="custody-1")


def verify(firm: Firm, *investors: InvestorId) -> None:
    for _ in verify_accounts(firm.office, PRODUCT, investors):
        pass


def keys(firm: Firm, investor: InvestorId) -> list[Key]:
    with firm.office.house.database.read() as connection:
        return keys_of(connection, PRODUCT, [investor])


def refused(attempt: object, *arguments: object, **named: object) -> Reason:
    with pytest.raises(Refusal) as caught:
        attempt(*arguments, **named)  # type: ignore[operator]
    return caught.value.reason


# Trees ----------------------------------------------------------------------------------------------


def test_take_tree__not_what_its_owner_told__is_refused(firm: Firm) -> None:
    named = {"owner": "C1", "by": "custody-1"}
    text_, fingerprint = TREE.serialised(), TREE.fingerprint
    take = lambda key, told: refused(take_tree, firm.office, key, fingerprint=told, **named)  # noqa: E731
    assert take(text_, "00000000") is Reason.FINGERPRINT_MISMATCH
    assert take(text_[:-1] + "z", fingerprint) is Reason.EXTENDED_KEY_INVALID
    private = encode_checked(bytes.fromhex("0488ade4") + bytes(41) + b"\0" + b"\7" * 32)
    assert take(private, fingerprint) is Reason.PRIVATE_KEY_REFUSED


def test_tree__nobody_else_approved__gives_nothing(firm: Firm) -> None:
    office, fingerprint = firm.office, TREE.fingerprint
    named = {"fingerprint": fingerprint, "owner": "C1", "by": "custody-1"}
    take_tree(office, TREE.serialised(), **named)
    assert refused(create, firm, fingerprint, ANNE) is Reason.TREE_NOT_APPROVED
    assert refused(approve_tree, office, fingerprint, by="custody-1") is Reason.SAME_PERSON
    assert refused(create, firm, "0badc0de", ANNE) is Reason.TREE_UNKNOWN
    assert refused(take_tree, office, TREE.serialised(), **named) is Reason.TREE_EXISTS


def test_tree__in_the_database__is_sealed(firm: Firm, tree: str, tmp_path: Path) -> None:
    create(firm, tree, ANNE)
    with firm.office.house.database.read() as connection:
        tables = [
            str(name)
            for (name,) in connection.execute(
                text(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                    " 'public'::regnamespace"
                )
            )
        ]
        stored = "\n".join(
            str(row)
            for name in tables
            for row in connection.execute(text(f'SELECT to_jsonb("{name}")::text FROM "{name}"'))
        )
        opened = [
            (entry.members["actor"], entry.members["facts"]["fields"])
            for entry in AuditLog(connection).entries()
            if entry.members["action"] == "registry:personal_data:read"
        ]
    assert TREE.fingerprint in stored
    for secret in (TREE.serialised().encode().hex(), TREE.chain_code.hex(), TREE.point.hex()):
        assert secret not in stored
    assert TREE.serialised() not in stored
    assert opened == [("custody-1", ["address_tree.extended_key"])]


# Fresh addresses ------------------------------------------------------------------------------------


def test_create__several_investors__each_has_a_fresh_address(firm: Firm, tree: str) -> None:
    anne, boris = create(firm, tree, ANNE, BORIS)
    assert (anne.index, boris.index) == (0, 1)
    assert anne.state is KeyState.WAITING
    assert create(firm, tree, BORIS, ANNE, CLARA)[:2] == [boris, anne]
    assert len({key.address for each in (ANNE, BORIS, CLARA) for key in keys(firm, each)}) == 3
    assert refused(create, firm, tree, InvestorId("IV-9")) is Reason.INVESTOR_UNKNOWN


def test_create__two_at_once__use_no_index_twice_and_every_address_is_found(
    firm: Firm, tree: str
) -> None:
    crowd = [InvestorId(f"IV-C{number}") for number in range(48)]
    register_investors(firm.office, [new_investor(each) for each in crowd], [], by="r-1")
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda each: create(firm, tree, each)[0], crowd))
    assert sorted(key.index or 0 for key in made) == list(range(48))
    restored = ExtendedKey.parse(TREE.serialised())
    found = {restored.at(index).address for index in range(48)}  # type: ignore[union-attr]
    assert found == {key.address for key in made}


def test_create__gap_is_used_up__is_refused_until_one_is_registered(firm: Firm) -> None:
    office, fingerprint = firm.office, TREE.fingerprint
    take_tree(office, TREE.serialised(), fingerprint=fingerprint, owner="C1", by="c-1", gap_limit=1)
    approve_tree(office, fingerprint, by="c-2")
    create(firm, fingerprint, ANNE)
    assert refused(create, firm, fingerprint, CLARA) is Reason.KEY_GAP_TOO_WIDE
    verify(firm, ANNE)
    assert create(firm, fingerprint, CLARA)[0].index == 1


# Verdicts -------------------------------------------------------------------------------------------


def test_verify__verdict_is_positive__key_is_active_and_on_the_ledger(
    firm: Firm, tree: str
) -> None:
    (key,) = create(firm, tree, ANNE)
    token = firm.office.token(PRODUCT)
    assert token.account(key.address).value.verified_until == 0
    verify(firm, ANNE)
    assert token.account(key.address).value.verified_until == int(UNTIL.timestamp())
    assert [each.state for each in keys(firm, ANNE)] == [KeyState.ACTIVE]
    with firm.office.house.database.read() as connection:
        assert Wallets(connection).active(PRODUCT)[ANNE] == key.address


def test_verify__verdict_is_not_positive__ledger_hears_nothing(firm: Firm, tree: str) -> None:
    boris, clara = create(firm, tree, BORIS, CLARA)
    blocks = firm.office.now().number
    verify(firm, BORIS, CLARA)
    assert firm.office.now().number == blocks
    for key in (boris, clara):
        assert firm.office.token(PRODUCT).account(key.address).value.pack() == 0
        assert keys(firm, key.investor)[0].state is KeyState.WAITING
    with firm.office.house.database.read() as connection:
        assert BORIS not in Wallets(connection).active(PRODUCT)
        assert Wallets(connection).owners(PRODUCT)[boris.address] == BORIS


def test_verify__order_cannot_be_stored__key_goes_on_waiting(
    firm: Firm, tree: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key and the order to write it are kept together, or neither is."""
    create(firm, tree, ANNE)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("genbo.storage.jobs.Jobs.order", fail)
    with pytest.raises(RuntimeError):
        verify(firm, ANNE)
    assert [each.state for each in keys(firm, ANNE)] == [KeyState.WAITING]


# Possession -----------------------------------------------------------------------------------------


def test_prove__signed_by_the_address__waits_once(firm: Firm) -> None:
    office = firm.office
    asked = issue_challenge(office, PRODUCT, CLARA, SIGNER.address, custodian="B1", by="broker-1")
    form = ProofForm.TYPED_DATA
    digest = digest_of(asked, form)
    prove = lambda signer: prove_key(  # noqa: E731
        office, asked.nonce, form=form, signature=signer.sign_digest(digest), by="broker-1"
    )
    assert refused(prove, OTHER) is Reason.SIGNATURE_INVALID
    key = prove(SIGNER)
    assert (key.address, key.state, key.custodian) == (SIGNER.address, KeyState.WAITING, "B1")
    assert keys(firm, CLARA) == [key]
    assert refused(prove, SIGNER) is Reason.CHALLENGE_USED
    ask = {"custodian": "B1", "by": "broker-1"}
    again = refused(issue_challenge, office, PRODUCT, CLARA, SIGNER.address, **ask)
    assert again is Reason.ADDRESS_IN_USE
    unknown = Digest("0x" + "11" * 32)
    nobody = refused(prove_key, office, unknown, form=form, signature=bytes(65), by="x")
    assert nobody is Reason.CHALLENGE_UNKNOWN


# Re-keying ------------------------------------------------------------------------------------------


@pytest.fixture
def holder(firm: Firm, tree: str) -> Address:
    """Anne holds 40 units since the day of issue, 15 of them frozen, and another key of hers waits."""
    (key,) = create(firm, tree, ANNE)
    verify(firm, ANNE)
    firm.verify([0])
    firm.issue(100)
    office = firm.office
    token = office.token(PRODUCT)
    office.act(
        token.distribute([key.address], [40], Reference("D-1")), Duty.DISTRIBUTOR, product=PRODUCT
    )
    office.act(token.freeze(key.address, 15), Duty.RESTRICTOR, product=PRODUCT)
    create(firm, tree, ANNE)
    return key.address


def lots(firm: Firm, address: Address) -> list[tuple[int, object]]:
    with firm.office.house.database.read() as connection:
        found = Register(connection, firm.office.deployment.chain_id).open_state().lots
    return [(int(lot.units), lot.acquired) for lot in found if lot.address == address]


def assert_rekeyed(firm: Firm, old: Address) -> None:
    """Anne's new key has everything, and the table says how it came to that."""
    before, after = keys(firm, ANNE)
    assert (before.address, before.state) == (old, KeyState.REPLACED)
    assert after.state is KeyState.ACTIVE
    assert (before.replaced_by, before.evidence) == (after.address, PAPERS.evidence)
    assert before.valid_until == after.valid_from
    word = firm.office.token(PRODUCT).account(after.address).value
    assert (word.balance, word.frozen, word.verified_until) == (40, 15, int(UNTIL.timestamp()))
    assert firm.office.token(PRODUCT).account(old).value.retired


def test_rekey__by_two_persons__everything_goes_along(firm: Firm, holder: Address) -> None:
    acquired = lots(firm, holder)
    office = firm.office
    node = office.house.node
    assert isinstance(node, EmbeddedNode)
    node.advance_to(office.now().at + timedelta(days=30))
    done = rekey(office, PRODUCT, ANNE, PAPERS, by=("repair-1", "repair-2"))
    assert done.by == ("repair-1", "repair-2")
    assert_rekeyed(firm, holder)
    assert lots(firm, keys(firm, ANNE)[1].address) == acquired
    assert lots(firm, holder) == []


def test_rekey__by_one_person__changes_nothing(firm: Firm, holder: Address) -> None:
    by = ("repair-1",)
    assert refused(rekey, firm.office, PRODUCT, ANNE, PAPERS, by=by) is Reason.APPROVALS_TOO_FEW
    assert [key.state for key in keys(firm, ANNE)] == [KeyState.ACTIVE, KeyState.WAITING]


def test_rekey__without_evidence_or_a_waiting_key__is_refused(firm: Firm, holder: Address) -> None:
    bare = Act(ref=Reference("REKEY-1"))
    assert refused(rekey, firm.office, PRODUCT, ANNE, bare) is Reason.EVIDENCE_MISSING
    assert refused(rekey, firm.office, PRODUCT, CLARA, PAPERS) is Reason.KEY_UNKNOWN


def test_rekey__process_ends_right_after_the_ledger_did_it__table_follows(
    firm: Firm, holder: Address
) -> None:
    office = firm.office
    call = rekeying(office, PRODUCT, ANNE, PAPERS)
    office.act(call, Duty.REPAIRER, product=PRODUCT, ref=PAPERS.ref)
    assert keys(firm, ANNE)[0].state is KeyState.ACTIVE  # nobody has looked yet
    routine = Rekeyings(office)
    assert routine.step()
    assert_rekeyed(firm, holder)
    assert not routine.step()
    follow_rekeyings(office, office.deployment.first_block)  # once more, from the beginning
    assert_rekeyed(firm, holder)


def test_rekey__block_is_not_final__table_waits(
    firm: Firm, holder: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = firm.office
    first = office.now().number + 1
    monkeypatch.setattr("genbo.bootstrap.indexer.Indexer._settle", lambda *_: None)
    done = rekey(office, PRODUCT, ANNE, PAPERS)
    assert done.sent.stamp.number >= first
    assert keys(firm, ANNE)[0].state is KeyState.ACTIVE


def test_keys__all__are_listed_with_their_product(firm: Firm, tree: str) -> None:
    made = create(firm, tree, ANNE, BORIS)
    with firm.office.house.database.read() as connection:
        assert all_keys(connection, product=PRODUCT) == [
            replace(key, created=key.created) for key in made
        ]
        assert len(all_keys(connection)) == 2


def test_take_tree__everybodys__is_refused_outside_of_development(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genbo.chain.keys.is_development", lambda _: False)
    monkeypatch.setattr(
        "genbo.chain.keys._development_addresses",
        lambda: frozenset({TREE.at(0).address}),  # type: ignore[union-attr]
    )
    with pytest.raises(Fault) as caught:
        take_tree(
            firm.office, TREE.serialised(), fingerprint=TREE.fingerprint, owner="C1", by="c-1"
        )
    assert caught.value.reason is Reason.DEVELOPMENT_KEY_REFUSED
