"""Users through the database: in by the door, looked after by others, never named in a record (T14, D.10.5).

given an installation without users
├── it should take two persons to found it, once, however many try at once
given somebody at the door
├── when refused: it should keep the failure and its cause, and say the same to everybody
├── when two sign in at once with one code: it should admit one
├── when five failures: it should lock, until another administrator unlocks
└── when a new password is one of the last three: it should refuse, and take the one before
given a user whom an administrator of another institution asks about: it should be not found
given a user who is deleted and erased: name and employee code should be gone, id and what was done stay
given whatever happened: no name, employee code, password or secret should stand in rows, entries or errors
"""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import pairwise

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from tests.support.access import APPROVER, INITIAL, MAKER, Installation, code_of, installed, name_of
from tests.support.people import AT, B1, PASSWORD, PLATFORM, R1, R2, RULES

from genbo.bootstrap.access import rules_of
from genbo.config import read_settings
from genbo.governance.users import (
    AccountKind,
    Admission,
    Attempt,
    UserId,
    UserStatus,
)
from genbo.kernel import Reason, Refusal
from genbo.masters.catalogue import TABLES
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.tables import app_user
from genbo.storage.user_list import UserList
from genbo.storage.vault import Vault


@pytest.fixture
def here(database: Database, vault: Vault) -> Installation:
    return installed(database, vault)


def entries(here: Installation, prefix: str = "registry:user:") -> list[tuple[str, str, str, dict]]:  # type: ignore[type-arg]
    with here.database.read() as connection:
        return [
            (
                each.members["action"].removeprefix(prefix),
                each.members["actor"],
                each.members["subject"],
                each.members["facts"],
            )
            for each in AuditLog(connection).entries()
            if each.members["action"].startswith(prefix)
        ]


def reason(caught: pytest.ExceptionInfo[Refusal]) -> Reason:
    return caught.value.reason


# ── Founding


def test_found__two_persons__may_act_once_they_have_a_device(here: Installation) -> None:
    assert here.sign_in(MAKER).admission is Admission.FULL
    first, second = here.user(MAKER), here.user(APPROVER)
    assert {str(each) for each in first.permissions} == {"users:make"}
    assert {str(each) for each in second.permissions} == {"users:approve"}
    assert (first.name, first.employee_code) == (name_of(MAKER), code_of(MAKER))
    assert first.created_by == "founding"


def test_found__again__is_refused(here: Installation) -> None:
    with pytest.raises(Refusal) as caught:
        here.access.found(
            here.founder("PF-8"), here.founder("PF-9"), institution=PLATFORM.id, at=here.later()
        )
    assert reason(caught) is Reason.ACCESS_FOUNDED


def test_found__several_at_once__founds_one_pair(database: Database, vault: Vault) -> None:
    here = Installation(database, vault)
    here.admit_institutions()
    refused: list[Reason] = []

    def attempt(number: int) -> None:
        pair = (here.founder(f"X{number}-1"), here.founder(f"X{number}-2"))
        try:
            here.access.found(*pair, institution=PLATFORM.id, at=AT)
        except Refusal as refusal:
            refused.append(refusal.reason)

    together(*(lambda number=number: attempt(number) for number in range(4)))  # type: ignore[misc]
    assert refused == 3 * [Reason.ACCESS_FOUNDED]
    with database.read() as connection:
        assert len(UserList(connection).all()) == 2


def together(*acts) -> None:  # type: ignore[no-untyped-def]
    """The acts, each in a thread, begun at one moment."""
    ready = threading.Barrier(len(acts))

    def run(act) -> None:  # type: ignore[no-untyped-def]
        ready.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


# ── The door


def test_d_10_5__five_failures__lock_until_another_administrator_unlocks(
    here: Installation,
) -> None:
    """D.10.5: the right password is refused; another person unlocks; three passwords are remembered."""
    user = here.settle_in("U1", R1)
    for failures in range(1, 6):
        with pytest.raises(Refusal) as caught:
            here.sign_in(user, "not the password")
        assert caught.value.args == (Reason.SIGN_IN_REFUSED.value, {})
        assert here.user(user).failed_password_count == failures
    assert here.user(user).status is UserStatus.LOCKED
    with pytest.raises(Refusal) as caught:
        here.sign_in(user)
    assert reason(caught) is Reason.SIGN_IN_REFUSED
    with pytest.raises(Refusal) as caught:
        here.access.unlock(user, by=user, at=here.later())
    assert reason(caught) is Reason.SAME_PERSON
    here.access.unlock(user, by=APPROVER, at=here.later())
    assert here.sign_in(user).admission is Admission.FULL
    chosen = [PASSWORD, "Second-Lantern-2", "Third-Lantern-33", "Fourth-Lantern-4"]
    for _, following in pairwise(chosen):
        here.choose(user, following)
    for reused in chosen[:0:-1]:  # the present one, the previous one, the one before
        with pytest.raises(Refusal) as caught:
            here.choose(user, reused)
        assert reason(caught) is Reason.PASSWORD_REUSED
    here.choose(user, chosen[0])
    assert here.sign_in(user).admission is Admission.FULL
    told = [(action, actor) for action, actor, subject, _ in entries(here) if subject == user]
    assert [each for each in told if each[0] in ("locked", "unlocked")] == [
        ("locked", "sign_in"),
        ("unlocked", APPROVER),
    ]
    causes = [facts["cause"] for action, *_, facts in entries(here) if action == "sign_in_refused"]
    assert causes == [*5 * ["wrong_password"], "locked"]


def test_sign_in__nobody_of_that_id__keeps_the_cause_and_not_what_was_typed(
    here: Installation,
) -> None:
    with pytest.raises(Refusal) as caught:
        here.access.sign_in(UserId("My-Pass-Word-12"), Attempt(password="U1"), at=here.later())
    assert caught.value.args == (Reason.SIGN_IN_REFUSED.value, {})
    action, actor, subject, facts = entries(here)[-1]
    assert (action, actor, subject) == ("sign_in_refused", "sign_in", None)
    assert facts == {"cause": "unknown"}


@pytest.mark.parametrize("people", [2, 5])
def test_sign_in__at_once_with_one_code__admits_one(here: Installation, people: int) -> None:
    user = here.settle_in("U1", R1)
    attempt, admitted, refused = here.attempt(user), [], []

    def enter() -> None:
        try:
            admitted.append(here.access.sign_in(user, attempt, at=here.now).admission)
        except Refusal as refusal:
            refused.append(refusal.reason)

    together(*people * [enter])
    assert admitted == [Admission.FULL]
    assert refused == (people - 1) * [Reason.SIGN_IN_REFUSED]
    causes = [facts["cause"] for action, *_, facts in entries(here) if action == "sign_in_refused"]
    assert causes == (people - 1) * ["code_used"]


def test_failures__at_once__are_all_counted(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    wrong = Attempt(password="wrong", code="000000")
    now = here.later()

    def fail() -> None:
        with pytest.raises(Refusal):
            here.access.sign_in(user, wrong, at=now)

    together(*4 * [fail])
    assert here.user(user).failed_password_count == 4


def test_sign_in__initial_password__lets_change_it_and_nothing_else(here: Installation) -> None:
    user = here.register("U1", R1)
    assert here.sign_in(user).admission is Admission.CHANGE_PASSWORD
    with pytest.raises(Refusal):
        here.enrol(user)
    here.choose(user, PASSWORD)
    assert here.sign_in(user).admission is Admission.ENROL


def test_change_password__too_weak__uses_up_the_code_all_the_same(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    attempt = here.attempt(user)
    with pytest.raises(Refusal) as caught:
        here.access.change_password(user, attempt, password="short", at=here.now)
    assert reason(caught) is Reason.PASSWORD_WEAK
    with pytest.raises(Refusal) as caught:
        here.access.change_password(user, attempt, password="Another-Good-1", at=here.now)
    assert reason(caught) is Reason.SIGN_IN_REFUSED


def test_change_password__own_name_in_it__is_refused(here: Installation) -> None:
    """The sealed name is opened to judge by, and shown to nobody: no reading."""
    user = here.settle_in("U1", R1)
    with pytest.raises(Refusal) as caught:
        here.choose(user, f"{code_of('U1')}-Aa1")
    assert reason(caught) is Reason.PASSWORD_WEAK
    assert entries(here, "registry:personal_data:") == []


def test_sign_in__unused_for_too_long__is_disabled_until_another_enables(
    here: Installation,
) -> None:
    user = here.settle_in("U1", R1)
    here.now += RULES.longest_disuse + timedelta(days=1)
    with pytest.raises(Refusal):
        here.sign_in(user)
    assert here.user(user).status is UserStatus.DISABLED
    here.access.enable(user, by=MAKER, at=here.later())
    assert here.sign_in(user).admission is Admission.CHANGE_PASSWORD


# ── Looked after


def test_register__id_or_employee_code_is_taken__is_refused(here: Installation) -> None:
    here.register("U1", R1)
    for user, columns, taken in (
        ("U1", {"employee_code": "E-9"}, "user_id"),
        ("U2", {"employee_code": f" {code_of('U1').lower()}"}, "employee_code"),
    ):
        with pytest.raises(Refusal) as caught:
            here.register(user, R1, **columns)
        assert caught.value.facts == {"user": user, "field": taken}
    here.register("U2", R2, employee_code=code_of("U1"))  # another institution's code


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"name": " "}, Reason.FIELD_MISSING),
        ({"branch_name": ""}, Reason.FIELD_MISSING),
        ({"employee_code": "社員 7"}, Reason.FIELD_INVALID),
        ({"name": "二行の\n氏名"}, Reason.FIELD_INVALID),
        ({"branch_code": "x" * 33}, Reason.FIELD_INVALID),
        ({"initial_password": "short"}, Reason.PASSWORD_WEAK),
    ],
)
def test_register__column_breaks_its_rule__is_refused_without_its_value(
    here: Installation, columns: dict[str, str], expected: Reason
) -> None:
    with pytest.raises(Refusal) as caught:
        here.register("U1", R1, **columns)
    assert reason(caught) is expected
    assert not any(value in str(caught.value) for value in columns.values() if value.strip())


def test_register__of_a_deleted_user__the_code_is_free_and_the_id_is_not(
    here: Installation,
) -> None:
    here.register("U1", R1)
    here.access.delete(UserId("U1"), by=MAKER, at=here.later())
    here.register("U2", R1, employee_code=code_of("U1"))
    with pytest.raises(Refusal) as caught:
        here.register("U1", R1)
    assert reason(caught) is Reason.USER_TWICE


def test_register__one_id_at_once__is_one_user(here: Installation) -> None:
    done: list[str] = []

    def register(of) -> None:  # type: ignore[no-untyped-def]
        try:
            here.register("U1", of)
            done.append("registered")
        except Refusal as refusal:
            done.append(refusal.reason.value)

    together(*(lambda of=of: register(of) for of in (R1, R2, B1)))  # type: ignore[misc]
    assert sorted(done) == ["registered", "user_twice", "user_twice"]


def test_administrator__of_another_institution__finds_nobody(here: Installation) -> None:
    here.settle_in("R2-ADMIN", R2, AccountKind.ADMINISTRATOR)
    here.grant("R2-ADMIN", "users:make")
    here.register("U1", R1)
    for act in (here.access.disable, here.access.delete, here.access.unlock):
        with pytest.raises(Refusal) as caught:
            act(UserId("U1"), by=UserId("R2-ADMIN"), at=here.later())
        assert reason(caught) is Reason.NOT_FOUND
        with pytest.raises(Refusal) as nobody:
            act(UserId("U0"), by=UserId("R2-ADMIN"), at=here.later())
        assert nobody.value.facts == {"subject": "user", "asked": "U0"}
    with pytest.raises(Refusal) as caught:
        here.access.names([UserId("U1")], by=UserId("R2-ADMIN"), at=here.later())
    assert reason(caught) is Reason.NOT_FOUND


def test_act__by_an_administrator_who_was_disabled__is_refused(here: Installation) -> None:
    here.register("U1", R1)
    here.access.disable(MAKER, by=APPROVER, at=here.later())
    with pytest.raises(Refusal) as caught:
        here.access.disable(UserId("U1"), by=MAKER, at=here.later())
    assert reason(caught) is Reason.USER_NOT_ACTIVE


def test_reset__of_somebody_who_acts__leaves_nothing_to_act_with_until_confirmed(
    here: Installation,
) -> None:
    """One administrator who resets could otherwise become the user."""
    here.settle_in("R1-ADMIN", R1, AccountKind.ADMINISTRATOR)
    here.grant("R1-ADMIN", "users:make")
    here.register("U1", R1, by=UserId("R1-ADMIN"))
    here.access.reset_password(
        UserId("R1-ADMIN"), initial_password="Reset-To-You-88", by=MAKER, at=here.later()
    )
    here.passwords["R1-ADMIN"] = "Reset-To-You-88"
    with pytest.raises(Refusal) as caught:
        here.register("U2", R1, by=UserId("R1-ADMIN"))
    assert reason(caught) is Reason.POWERS_SUSPENDED
    for by, expected in ((APPROVER, Reason.PASSWORD_NOT_CHOSEN), (MAKER, Reason.SAME_PERSON)):
        with pytest.raises(Refusal) as caught:
            here.access.confirm(UserId("R1-ADMIN"), by=by, at=here.later())
        assert reason(caught) is expected
    here.choose("R1-ADMIN", "Chosen-By-Me-12")
    here.access.confirm(UserId("R1-ADMIN"), by=APPROVER, at=here.later())
    here.register("U2", R1, by=UserId("R1-ADMIN"))
    assert entries(here)[-2][:3] == ("powers_confirmed", APPROVER, "R1-ADMIN")


# ── Personal data of staff


def test_names__read_by_an_administrator__leave_a_reading(here: Installation) -> None:
    here.register("U1", R1)
    names = here.access.names([UserId("U1"), MAKER], by=APPROVER, at=here.later())
    assert names[UserId("U1")].name == name_of("U1")
    assert names[MAKER].employee_code == code_of(MAKER)
    read = entries(here, "registry:personal_data:")
    assert {(actor, subject) for _, actor, subject, _ in read} == {
        (APPROVER, "user:U1"),
        (APPROVER, f"user:{MAKER}"),
    }
    with pytest.raises(Refusal) as caught:
        here.access.names([UserId("U1")], by=UserId("U1"), at=here.later())
    assert reason(caught) is Reason.PERMISSION_MISSING


def test_erase__deleted_user__leaves_the_id_and_no_name(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    with pytest.raises(Refusal) as caught:
        here.access.erase(user, by=MAKER, at=here.later())
    assert reason(caught) is Reason.USER_STATUS_UNREACHABLE
    here.access.delete(user, by=MAKER, at=here.later())
    here.access.erase(user, by=MAKER, at=here.later())
    here.access.erase(user, by=MAKER, at=here.later())  # once more changes nothing
    names = here.access.names([user], by=APPROVER, at=here.later())
    assert "消去済" in names[user].name
    assert name_of("U1") not in names[user].name
    assert [action for action, *_ in entries(here)].count("erased") == 1
    with pytest.raises(Refusal):
        here.sign_in(user)
    assert here.user(user).status is UserStatus.DELETED


def test_rows__of_a_user__are_made_once(here: Installation) -> None:
    for column in ("created_by = 'x'", "created_at = created_at - interval '1 day'"):
        with (
            pytest.raises(DatabaseError, match="set once"),
            here.database.begin() as connection,
        ):
            connection.execute(text(f"UPDATE app_user SET {column}"))


def test_everything__that_happened__names_nobody_and_holds_no_secret(
    here: Installation,
    server,
    capsys: pytest.CaptureFixture[str],  # type: ignore[no-untyped-def]
) -> None:
    """A canary: names, employee codes, passwords and device secrets, searched for in every row and every error."""
    user = here.settle_in("U1", R1)
    here.grant(user, "issue:make")
    errors: list[str] = []
    for act in (
        lambda: here.sign_in(user, "Wrong-Canary-77"),
        lambda: here.register("U2", R1, employee_code=code_of("U1")),
        lambda: here.choose(user, f"{name_of('U1')}-Aa1-Canary"),
        lambda: here.propose(user, "issue:make"),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        errors += [str(caught.value), repr(caught.value), repr(caught.value.args)]
    here.access.reset_password(user, initial_password="Reset-Canary-123", by=MAKER, at=here.later())
    shown = repr((here.user(user), here.attempt(user), here.founder("PF-9")))
    secrets = [
        *(name_of(each) for each in ("U1", MAKER, APPROVER)),
        *(code_of(each) for each in ("U1", MAKER, APPROVER)),
        *here.devices.values(),
        *("Wrong-Canary-77", "Reset-Canary-123", PASSWORD, INITIAL),
    ]
    with here.database.read() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        rows = "\n".join(
            str(row)
            for table in tables
            for row in connection.scalars(text(f'SELECT to_jsonb(t)::text FROM "{table}" AS t'))
        )
    assert "PF-1" in rows
    captured = capsys.readouterr()
    everything = "\n".join((rows, shown, *errors, captured.out, captured.err))
    for secret in secrets:
        for form in (secret, secret.casefold(), secret.encode().hex()):
            assert form not in everything, secret


def test_list__without_opening_anything__shows_what_a_user_may_do(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    here.grant(user, "issue:make")
    with here.database.read() as connection:
        (line,) = UserList(connection).all(R1.id)
        everybody = [each.id for each in UserList(connection).all()]
    assert everybody == ["PF-1", "PF-2", "U1"]
    assert [str(each) for each in line.permissions] == ["issue:make"]
    assert (line.second_factor, line.identity, line.suspended) == (True, False, False)


def test_device__code_of_another_time__is_refused(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    old = pyotp.TOTP(here.devices[user]).at(here.now - timedelta(minutes=5))
    with pytest.raises(Refusal):
        here.access.sign_in(user, Attempt(password=PASSWORD, code=old), at=here.later())


def test_table_t14__every_column__is_there_under_its_name() -> None:
    """R-PROGMAT-T14.1 to T14.18, in their order."""
    fields = [field.column for field in TABLES[14].fields]
    columns = [column.name for column in app_user.columns]
    assert len(fields) == 18
    assert columns[:18] == fields


def test_rules__of_the_environment__are_those_of_the_door(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-JSTOA-6.2.3b: the security policy is a matter of settings."""
    for name, value in (
        ("SIGN_IN_FAILURES", 2),
        ("DISUSE_DAYS", 30),
        ("PASSWORD_DAYS", 10),
        ("PASSWORD_LENGTH", 20),
    ):
        monkeypatch.setenv(f"GENBO_{name}", str(value))
    rules = rules_of(read_settings())
    assert (rules.most_failures, rules.passwords.shortest) == (2, 20)
    assert (rules.longest_disuse.days, rules.password_age.days) == (30, 10)
    user = here.settle_in("U1", R1)
    here.access.rules = rules
    for _ in range(2):
        with pytest.raises(Refusal):
            here.sign_in(user, "wrong")
    assert here.user(user).status is UserStatus.LOCKED
