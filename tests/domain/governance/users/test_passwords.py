"""Passwords, one-time codes, and what users do for themselves.

given a new password
├── when it breaks a rule: it should be refused with the rule, and never with the password
├── when it is the present one or one of the two before: it should be refused
└── otherwise: it should become the present one, and the two before be kept
given a reset by another: it should be changed at the next logon
given a second factor
├── the vectors of RFC 6238 should be accepted
├── it should be accepted within the drift, once, and never an earlier one after a later one
└── it should be enrolled with a right code, after the password is the user's own
"""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.people import AT, CHEAP, PASSWORD, RULES, administrator, user

from genbo.governance import AuditAction
from genbo.governance.users import (
    Admission,
    Attempt,
    CodeVerdict,
    Level,
    SecondFactor,
    change_password,
    check_code,
    enrol_second_factor,
    new_secret,
    provisioning_uri,
    reset_password,
    sign_in,
)
from genbo.governance.users.password import hash_password, is_password
from genbo.kernel import Reason, Refusal

LATER = AT + timedelta(hours=1)
ADMIN = administrator("ADMIN-1", Level.MAKE)
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_VECTORS = [
    # seconds since 1970, the last six of the eight digits of RFC 6238, appendix B
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


def proof(password: str = PASSWORD, **columns):  # type: ignore[no-untyped-def]
    return sign_in(replace(user(), **columns), Attempt(password=password), LATER, rules=RULES)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Short-1", "at least 12"),
        ("Aa1-" * 33, "at most 128"),
        ("onlysmallletters", "3 of"),
        ("small-letters-and-signs", "3 of"),
        ("xX9-U1-xX9-xX9", "without your id"),
        ("xX9-e-r1-u1-xX9", "without your id"),
        ("xX9-見本 U1-abcdef", "without your id"),
    ],
)
def test_change__password_breaks_a_rule__is_refused_without_naming_it(
    password: str, rule: str
) -> None:
    with pytest.raises(Refusal) as refused:
        change_password(proof(), password=password, rules=RULES, at=LATER)
    assert refused.value.reason is Reason.PASSWORD_WEAK
    assert rule in str(refused.value.facts["rule"])
    assert password not in str(refused.value)


def test_change__good_password__moves_the_history_on() -> None:
    before = proof().user
    assert before is not None
    changed = change_password(proof(), password="Another-Lantern-5", rules=RULES, at=LATER)
    after = changed.user
    assert changed.action is AuditAction.PASSWORD_CHANGED
    assert after.password_changed_at == LATER
    assert is_password(after.password_hash, "Another-Lantern-5")
    assert (after.password_hash_prev1, after.password_hash_prev2) == (before.password_hash, None)
    assert after.password_hash.startswith("$argon2id$")


def test_change__sign_in_was_refused__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        change_password(proof("wrong"), password="Another-Lantern-5", rules=RULES, at=LATER)
    assert refused.value.reason is Reason.SIGN_IN_REFUSED


def test_reset__by_another__has_to_be_changed_at_the_next_logon() -> None:
    changed = reset_password(
        user(), initial_password="Given-To-You-99", rules=RULES, by=ADMIN, at=LATER
    )
    assert changed.action is AuditAction.PASSWORD_RESET
    assert changed.user.updated_by == ADMIN.id
    attempt = Attempt(password="Given-To-You-99")
    outcome = sign_in(changed.user, attempt, LATER, rules=RULES)
    assert outcome.admission is Admission.CHANGE_PASSWORD
    own = change_password(outcome, password="My-Own-Choice-1", rules=RULES, at=LATER).user
    again = sign_in(own, Attempt(password="My-Own-Choice-1"), LATER, rules=RULES)
    assert again.admission is Admission.ENROL


def test_reset__to_the_present_password__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        reset_password(user(), initial_password=PASSWORD, rules=RULES, by=ADMIN, at=LATER)
    assert refused.value.reason is Reason.PASSWORD_REUSED


def test_hash__same_password_twice__is_salted() -> None:
    assert hash_password(PASSWORD, CHEAP) != hash_password(PASSWORD, CHEAP)


def test_hash__attempt_beyond_any_length__is_wrong_whatever_it_was_shortened_to() -> None:
    assert is_password(hash_password("", CHEAP), "")
    assert not is_password(hash_password("", CHEAP), "x" * 2000)


@pytest.mark.parametrize(("seconds", "code"), RFC_VECTORS)
def test_code__vectors_of_the_standard__are_accepted(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    verdict, factor = check_code(SecondFactor(secret=RFC_SECRET), code, at, drift=0)
    assert verdict is CodeVerdict.ACCEPTED
    assert factor.last_step == seconds // 30


@pytest.mark.parametrize("steps", range(-3, 4))
def test_code__clock_is_off__is_accepted_within_the_drift(steps: int) -> None:
    code = pyotp.TOTP(RFC_SECRET).at(AT + timedelta(seconds=30 * steps))
    verdict, _ = check_code(SecondFactor(secret=RFC_SECRET), code, AT, drift=1)
    assert verdict is (CodeVerdict.ACCEPTED if abs(steps) <= 1 else CodeVerdict.WRONG)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(-2, 2)), max_size=20))
def test_code__any_order_of_attempts__is_accepted_at_most_once_and_only_later_ones(
    attempts: list[tuple[int, int]],
) -> None:
    factor, accepted = SecondFactor(secret=RFC_SECRET), []
    for now, off in attempts:
        at = AT + timedelta(seconds=30 * now)
        code = pyotp.TOTP(RFC_SECRET).at(AT + timedelta(seconds=30 * (now + off)))
        verdict, factor = check_code(factor, code, at, drift=1)
        if verdict is CodeVerdict.ACCEPTED:
            accepted.append(now + off)
    assert accepted == sorted(set(accepted))


def test_enrolment__right_code__admits_in_full_from_the_next_code_on() -> None:
    secret = new_secret()
    code = pyotp.TOTP(secret).at(LATER)
    changed = enrol_second_factor(proof(), secret=secret, code=code, rules=RULES, at=LATER)
    assert changed.action is AuditAction.SECOND_FACTOR_ENROLLED
    same = sign_in(changed.user, Attempt(password=PASSWORD, code=code), LATER, rules=RULES)
    assert same.admission is None
    soon = LATER + timedelta(seconds=30)
    following = Attempt(password=PASSWORD, code=pyotp.TOTP(secret).at(soon))
    assert sign_in(changed.user, following, soon, rules=RULES).admission is Admission.FULL


def test_enrolment__wrong_code__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        enrol_second_factor(proof(), secret=RFC_SECRET, code="x", rules=RULES, at=LATER)
    assert refused.value.reason is Reason.CODE_REFUSED


def test_enrolment__password_is_not_the_users_own__is_refused() -> None:
    code = pyotp.TOTP(RFC_SECRET).at(LATER)
    with pytest.raises(Refusal) as refused:
        enrol_second_factor(
            proof(password_changed_at=None), secret=RFC_SECRET, code=code, rules=RULES, at=LATER
        )
    assert refused.value.reason is Reason.SIGN_IN_REFUSED


def test_second_factor__password_reset_by_one__still_asks_for_the_device() -> None:
    one = replace(user(), second_factor=SecondFactor(secret=RFC_SECRET))
    reset = reset_password(one, initial_password="Given-To-You-99", rules=RULES, by=ADMIN, at=LATER)
    assert (
        sign_in(reset.user, Attempt(password="Given-To-You-99"), LATER, rules=RULES).admission
        is None
    )


def test_provisioning__app__reads_the_same_secret() -> None:
    parsed = pyotp.parse_uri(provisioning_uri(RFC_SECRET, user="U1", issuer="Genbo"))
    assert isinstance(parsed, pyotp.TOTP)
    assert parsed.at(AT) == pyotp.TOTP(RFC_SECRET).at(AT)
