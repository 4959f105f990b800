"""Invariants 3 and 5: each fault is found, and nothing else.

given acts that are final
├── when each has its one transaction where the ledger has it: exactly once holds
├── when one has two, or none, or another: it should be named
├── when the ledger has it elsewhere, or nowhere: it should be named, with both blocks
├── when a number is done here and unused there: it should be named
├── when a line that is paid in a yen token is another on the ledger: it should be named
└── when somebody else used a number: it should be counted, and break nothing
given acts of two persons
├── when maker and another owner have signed the bytes: two persons holds
└── when the bytes were changed, the maker is missing, or nobody else signed: it should be named
"""

from dataclasses import replace

import pytest

from genbo.kernel import Address, Digest
from genbo.reconciliation.sending import (
    PaidLines,
    SentAct,
    SignerNumbers,
    TwoPersonAct,
    exactly_once,
    two_persons,
)

T1, T2 = Digest("0x" + 64 * "1"), Digest("0x" + 64 * "2")
A, B, C = (Address("0x" + 40 * each) for each in "abc")
ACT = SentAct(command="c1", carried_by=[T1], tx=T1, block=7, on_ledger=7)
SIGNER = SignerNumbers(signer=A, used=3, unknown_to_us=[], standing=[])
TWO = TwoPersonAct(command="c1", digest_is_its_own=True, maker=A, signers={A, B}, owners={A, B, C})


def test_exactly_once__each_has_one_where_the_ledger_has_it__holds() -> None:
    finding = exactly_once([ACT, replace(ACT, command="c2", carried_by=[T2], tx=T2)], [SIGNER])
    assert (finding.holds, finding.invariant, finding.evidence) == (True, 3, ())
    assert finding.sentence == "Exactly once: 2 acts, each by one transaction of 1 signers"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(ACT, carried_by=[T1, T2]), "c1: 2 transactions are done"),
        (replace(ACT, carried_by=[]), "c1: 0 transactions are done"),
        (replace(ACT, carried_by=[T2]), "the command names 0x111"),
        (replace(ACT, on_ledger=None), "is in block 7 here, on the ledger nowhere"),
        (replace(ACT, on_ledger=8), "on the ledger in block 8"),
    ],
)
def test_exactly_once__act_is_not__is_named(wrong: SentAct, words: str) -> None:
    finding = exactly_once([ACT, wrong], [SIGNER])
    assert not finding.holds
    assert words in finding.evidence[0]


def test_exactly_once__number_done_here_and_unused_there__is_named() -> None:
    finding = exactly_once([ACT], [replace(SIGNER, standing=[4])])
    assert finding.evidence == (f"{A}: number 4 is done here, the ledger has used 3",)


def test_exactly_once__number_used_by_others__is_counted_and_breaks_nothing() -> None:
    finding = exactly_once([ACT], [replace(SIGNER, unknown_to_us=[0, 1])])
    assert finding.holds
    assert finding.sentence.endswith("; 2 numbers of theirs were used outside the service")


def test_exactly_once__many_are_wrong__names_some_and_their_number() -> None:
    finding = exactly_once([replace(ACT, on_ledger=None)] * 9, [])
    assert len(finding.evidence) == 6
    assert finding.evidence[-1] == "and 4 more"


def test_exactly_once__lines_paid_in_a_yen_token__are_counted_and_named_where_they_differ() -> None:
    paid = PaidLines(run="D-1", paid=3, apart=[])
    finding = exactly_once([ACT], [SIGNER], [paid])
    assert finding.holds
    assert finding.sentence.endswith("; 3 lines paid in a yen token")
    finding = exactly_once([ACT], [SIGNER], [paid, replace(paid, apart=[7])])
    assert finding.evidence == ("D-1: the ledger does not say of line 7 what the register says",)


def test_two_persons__maker_and_another_owner__holds() -> None:
    assert two_persons([TWO]).holds


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(TWO, digest_is_its_own=False), "not that of its bytes"),
        (replace(TWO, signers={B, C}), "has not signed"),
        (replace(TWO, owners={B, C}), "does not own the account"),
        (replace(TWO, signers={A}), "nobody other than its maker"),
        (replace(TWO, signers={A, Address("0x" + 40 * "d")}), "nobody other than its maker"),
    ],
)
def test_two_persons__one_is_missing__is_named(wrong: TwoPersonAct, words: str) -> None:
    finding = two_persons([TWO, wrong])
    assert (finding.holds, finding.invariant) == (False, 5)
    assert words in finding.evidence[0]
