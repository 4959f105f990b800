"""Actions 1 and 5: issue and additional issue, and the terms they need. Outcomes: issue.tree."""

from __future__ import annotations

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import error, event
from tests.contracts.stage import (
    CAP,
    CORPORATE,
    DUE,
    EVIDENCE,
    ISSUED,
    NONE32,
    REKEY_ACT,
    TERMS_HASH,
    Stage,
    act,
    ref,
)

from genbo.kernel import ZERO_ADDRESS

ISSUE, ADDITIONAL_ISSUE = 1, 2


def test_issue__never_issued__creates_the_units(unissued: Stage, issuer: TwoPersons) -> None:
    """R-JSTOA-6.1.1.1a: total issued becomes exactly what was issued."""
    token, beneficiary = unissued.token, unissued.beneficiary.address
    papers = act("ISSUE-1", delivery=20210811)
    assert issuer.does(token("issue", [beneficiary], [ISSUED], papers)) == [
        event("Movement", ref("ISSUE-1"), ISSUE, 1, 20210811, EVIDENCE),
        event("Transfer", ZERO_ADDRESS, beneficiary, ISSUED),
    ]
    assert (unissued.balance(beneficiary), unissued.total) == (ISSUED, ISSUED)
    assert token.ask("supply") == (ISSUED, CAP, DUE, 101, True)


def test_issue__issued_before__is_an_additional_issue(stage: Stage, issuer: TwoPersons) -> None:
    token, ann, bob = stage.token, stage.ann.address, stage.bob.address
    assert issuer.does(token("issue", [ann, bob, ann], [3, 4, 5], act("ISSUE-2"))) == [
        event("Movement", ref("ISSUE-2"), ADDITIONAL_ISSUE, 3, 0, EVIDENCE),
        event("Transfer", ZERO_ADDRESS, ann, 3),
        event("Transfer", ZERO_ADDRESS, bob, 4),
        event("Transfer", ZERO_ADDRESS, ann, 5),
    ]
    assert (stage.balance(ann), stage.balance(bob)) == (2 + 3 + 5, 51 + 4)
    assert stage.total == ISSUED + 12


def test_mint__without_papers__is_announced_without_a_reference(
    unissued: Stage, issuer: TwoPersons
) -> None:
    token, ann, bob = unissued.token, unissued.ann.address, unissued.bob.address
    assert issuer.does(token("mint", ann, 3)) == [
        event("Movement", NONE32, ISSUE, 1, 0, NONE32),
        event("Transfer", ZERO_ADDRESS, ann, 3),
    ]
    assert issuer.does(token("batchMint", [ann, bob], [1, 2])) == [
        event("Movement", NONE32, ADDITIONAL_ISSUE, 2, 0, NONE32),
        event("Transfer", ZERO_ADDRESS, ann, 1),
        event("Transfer", ZERO_ADDRESS, bob, 2),
    ]
    assert (unissued.balance(ann), unissued.balance(bob), unissued.total) == (4, 2, 6)


@pytest.mark.parametrize(
    ("missing", "at", "nothing"),
    [
        ("legalCategory", 0, 0),
        ("termsHash", 1, NONE32),
        ("initialBeneficiary", 2, ZERO_ADDRESS),
        ("authorisedCap", 3, 0),
    ],
)
def test_issue__a_term_missing__refused_with_its_name(
    unissued: Stage, issuer: TwoPersons, missing: str, at: int, nothing: object
) -> None:
    """R-JSTOA-6.1.1.1b: no unit exists while a term that the law asks for is missing."""
    token, ann = unissued.token, unissued.ann.address
    terms: list[object] = [101, TERMS_HASH, unissued.beneficiary.address, CAP, DUE]
    complete = tuple(terms)
    terms[at] = nothing
    issuer.does(token("setTerms", *terms))
    expected = error("TokenProductIncomplete", missing.encode().ljust(32, b"\0"))
    assert issuer.refused(token("issue", [ann], [1], act("ISSUE-1"))) == expected
    assert issuer.refused(token("mint", ann, 1)) == expected
    assert issuer.refused(token("batchMint", [ann], [1])) == expected
    issuer.does(token("setTerms", *complete))
    assert issuer.may(token("issue", [ann], [1], act("ISSUE-1")))


def test_issue__up_to_the_cap__issues(stage: Stage, issuer: TwoPersons) -> None:
    token, ann, bob = stage.token, stage.ann.address, stage.bob.address
    left = CAP - ISSUED
    issuer.does(token("issue", [ann, bob], [left - 1, 1], act("ISSUE-2")))
    assert stage.total == CAP
    assert issuer.refused(token("mint", ann, 1)) == error("TokenCapExceeded", CAP, CAP + 1)


def test_issue__one_above_the_cap__refused_with_what_it_would_be(
    stage: Stage, issuer: TwoPersons
) -> None:
    token, ann, bob = stage.token, stage.ann.address, stage.bob.address
    left = CAP - ISSUED
    expected = error("TokenCapExceeded", CAP, CAP + 1)
    one = token("issue", [ann], [left + 1], act("ISSUE-2"))
    several = token("issue", [ann, bob, bob], [left - 1, 1, 1], act("ISSUE-2"))
    before = stage.everything()
    assert issuer.refused(one) == expected
    assert issuer.refused(several) == expected
    assert stage.everything() == before


def test_issue__one_bad_row__changes_nothing(stage: Stage, issuer: TwoPersons) -> None:
    token = stage.token
    good, bad = [stage.ann.address, stage.bob.address], stage.stranger.address
    before = stage.everything()
    for row in range(3):
        rows = [*good[:row], bad, *good[row:]]
        call = token("issue", rows, [1, 1, 1], act("ISSUE-2"))
        assert issuer.refused(call) == error("TokenUnverified", bad)
    assert stage.everything() == before
    assert issuer.does(token("issue", good, [1, 1], act("ISSUE-2")))  # the reference is still free


def test_issue__after_redemption__goes_up_to_the_cap_again(ready: Stage) -> None:
    token = ready.token
    ready.issuer.does(token("burn", ready.beneficiary.address, 1_000))
    assert ready.total == 452
    ready.issuer.does(token("mint", ready.beneficiary.address, CAP - 452))
    assert ready.total == CAP


def test_issue__empty_batch__is_no_issue(unissued: Stage, issuer: TwoPersons) -> None:
    token, beneficiary = unissued.token, unissued.beneficiary.address
    issuer.does(token("issue", [], [], act("EMPTY")))
    issuer.does(token("batchMint", [], []))
    assert token.ask("supply") == (0, CAP, DUE, 101, False)
    announced, _ = issuer.does(token("issue", [beneficiary], [ISSUED], act("ISSUE-1")))
    assert announced == event("Movement", ref("ISSUE-1"), ISSUE, 1, 0, EVIDENCE)


# The terms ----------------------------------------------------------------------------------------


def test_terms__as_created__are_on_the_ledger(unissued: Stage) -> None:
    token = unissued.token
    assert token.ask("supply") == (0, CAP, DUE, 101, False)
    assert token.ask("termsHash") == TERMS_HASH
    assert token.ask("initialBeneficiary") == unissued.beneficiary.address
    created = unissued.logs_of(token)
    assert created[:2] == [
        event("TermsSet", 101, TERMS_HASH, unissued.beneficiary.address, CAP, DUE),
        event("PermittedClassesSet", 0, 1 << CORPORATE),
    ]


def test_terms__changed__say_all_of_them(stage: Stage, issuer: TwoPersons) -> None:
    token, beneficiary = stage.token, stage.beneficiary.address
    digest = bytes.fromhex("b2" * 32)
    assert issuer.does(token("setTerms", 102, digest, beneficiary, ISSUED, DUE + 1)) == [
        event("TermsSet", 102, digest, beneficiary, ISSUED, DUE + 1)
    ]
    assert token.ask("supply") == (ISSUED, ISSUED, DUE + 1, 102, True)
    assert token.ask("termsHash") == digest


def test_terms__cap_below_the_total__refused(stage: Stage, issuer: TwoPersons) -> None:
    call = stage.token("setTerms", 101, TERMS_HASH, stage.beneficiary.address, ISSUED - 1, DUE)
    assert issuer.refused(call) == error("TokenCapExceeded", ISSUED - 1, ISSUED)


def test_terms__beneficiary_changed_before_the_issue__distribution_follows(
    unissued: Stage, issuer: TwoPersons, distributor: Person
) -> None:
    token, bob, ann = unissued.token, unissued.bob.address, unissued.ann.address
    issuer.does(token("setTerms", 101, TERMS_HASH, bob, CAP, DUE))
    issuer.does(token("issue", [bob], [10], act("ISSUE-1")))
    assert distributor.does(token("distribute", [ann], [4], ref("DIST-1")))[1] == event(
        "Transfer", bob, ann, 4
    )


def test_terms__another_beneficiary_after_the_issue__refused_with_the_one_there_is(
    stage: Stage, issuer: TwoPersons, repairer: TwoPersons
) -> None:
    """ISSUER "cannot move a holder's units", DISTRIBUTOR "cannot touch investors' units" (docs: powers)."""
    token, first = stage.token, stage.beneficiary.address
    for other in (stage.bob.address, stage.spare.address, ZERO_ADDRESS):
        named = token("setTerms", 101, TERMS_HASH, other, CAP, DUE)
        assert issuer.refused(named) == error("TokenBeneficiaryFixed", first)
    repairer.does(token(REKEY_ACT, first, stage.spare.address, act("KEY-1")))
    issuer.does(token("setTerms", 101, TERMS_HASH, stage.spare.address, CAP, DUE))
    named = token("setTerms", 101, TERMS_HASH, first, CAP, DUE)
    assert issuer.refused(named) == error("TokenBeneficiaryFixed", stage.spare.address)
