"""People and credentials from the command line, of a system that runs.

given a system without users
├── it should be founded by two persons, once
├── what takes two: one should propose, the other approve, and the list say what waits
├── secrets: asked for, or lines of a file; never on the command line, never in an answer that is kept
└── somebody who is refused: it should be one line, and exit code 1
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.support.command import Ran, inside
from tests.support.machine_keys import EC_KEY, OURS, registered, thumbprint

import genbo.cli.session as session

PASSWORD = "Quiet-Harbour-71"
NAME = "架空 花子"


@dataclass
class Desk:
    """Somebody who types commands, half a minute apart, so that every code is a new one."""

    data: Path
    folder: Path
    clock: Callable[[], datetime]
    devices: dict[str, str] = field(default_factory=dict)

    def run(self, *words: object, answers: list[str] | None = None) -> Ran:
        told: tuple[object, ...] = ()
        if answers is not None:
            file = self.folder / "answers"
            file.write_text("\n".join(answers) + "\n", "utf-8")
            told = ("--answers", file)
        return inside(*words, *told, "--json", data=self.data)

    def who(self, user: str, password: str = PASSWORD) -> list[str]:
        """Password and code of a user, for the command that is typed next."""
        secret = self.devices.get(user)
        return [password, "" if secret is None else pyotp.TOTP(secret).at(self.clock())]

    def acts(self, user: str, *words: object, answers: list[str] | None = None) -> Ran:
        return self.run(*words, "--as", user, answers=[*self.who(user), *(answers or [])])

    def enrol(self, user: str, password: str = PASSWORD) -> Ran:
        secret = pyotp.random_base32()
        (self.folder / "secret").write_text(secret)
        code = pyotp.TOTP(secret).at(self.clock())
        ran = self.run(
            *("user", "enrol", user, "--secret-file", self.folder / "secret"),
            answers=[*self.who(user, password), code],
        )
        self.devices[user] = secret
        return ran

    def approve(self, proposed: Ran, by: str = "ADMIN-2") -> Ran:
        assert proposed.code == 0, proposed.out
        proposal: dict[str, Any] = proposed.document
        return self.acts(
            by, "user", "approve", proposal["proposal"], "--digest", proposal["digest"]
        )


@pytest.fixture(scope="module")
def desk(system: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A system with the firms of the example and its first two administrators, each with a device."""
    start, steps = session.wall_clock(), itertools.count(1)
    now = [start]

    def wall_clock() -> datetime:
        now[0] = start + timedelta(seconds=30 * next(steps))
        return now[0]

    def upcoming() -> datetime:
        return now[0] + timedelta(seconds=30)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "wall_clock", wall_clock)
        here = Desk(system, tmp_path_factory.mktemp("desk"), upcoming)
        founded = here.run(
            *("user", "found", "--institution", _registrar(here)), answers=founders()
        )
        assert founded.code == 0, founded.out
        for user in ("ADMIN-1", "ADMIN-2"):
            assert here.enrol(user).code == 0
        yield here


def founders() -> list[str]:
    return [
        *("ADMIN-1", "001", "本店", "管理課", "架空 一郎", "E-1001", PASSWORD),
        *("ADMIN-2", "001", "本店", "管理課", "架空 二郎", "E-1002", PASSWORD),
    ]


def _registrar(desk: Desk) -> str:
    listed = desk.run("firm", "list").document
    registrars = [
        each["institution_id"] for each in listed["institutions"] if each["role"] == "registrar"
    ]
    return str(registrars[0])


def test_found__again__is_refused_with_1(desk: Desk) -> None:
    refused = desk.run("user", "found", "--institution", _registrar(desk), answers=founders())
    assert (refused.code, refused.error["reason"]) == (1, "access_founded")


def test_user__registered_granted_and_shown__as_two_persons_decided(desk: Desk) -> None:
    registrar = _registrar(desk)
    registered = desk.acts(
        *("ADMIN-1", "user", "register", "U1", "--institution", registrar),
        *("--kind", "operator", "--branch-code", "001", "--branch-name", "本店"),
        answers=[NAME, "E-2001", "Given-To-You-99"],
    )
    assert registered.code == 0, registered.out
    assert NAME not in registered.out
    first = desk.run("user", "sign-in", "U1", answers=["Given-To-You-99", ""])
    assert first.document["admission"] == "change_password"
    changed = desk.run("user", "password", "U1", answers=["Given-To-You-99", "", PASSWORD])
    assert changed.code == 0
    assert desk.enrol("U1").code == 0
    evidence = desk.folder / "decision.txt"
    evidence.write_text("決裁 1 号", "utf-8")
    proposed = desk.acts(
        *("ADMIN-1", "user", "grant", "U1", "issue:make", "--evidence", evidence, "--key", "g-1")
    )
    waiting = desk.run("user", "proposals").document["proposals"]
    assert [(each["user"], each["says"]) for each in waiting] == [("U1", "grant issue:make")]
    assert waiting[0]["digest"] == proposed.document["digest"]
    assert desk.approve(proposed).document["state"] == "approved"
    again = desk.acts(
        *("ADMIN-1", "user", "grant", "U1", "issue:make", "--evidence", evidence, "--key", "g-1")
    )
    assert again.document["state"] == "approved"
    shown = desk.run("user", "show", "U1").document
    assert shown["permissions"] == ["issue:make"]
    assert "name" not in shown
    named = desk.acts("ADMIN-2", "user", "show", "U1")
    assert (named.document["name"], named.document["employee_code"]) == (NAME, "E-2001")
    assert NAME not in named.err
    people = inside("user", "list", data=desk.data)
    assert "issue:make" in people.out
    assert NAME not in people.out


def test_user__approved_by_its_maker__is_refused(desk: Desk) -> None:
    proposed = desk.acts(
        *("ADMIN-1", "user", "grant", "U1", "register:read", "--evidence", "0x" + 64 * "e")
    )
    refused = desk.approve(proposed, by="ADMIN-1")
    assert (refused.code, refused.error["reason"]) == (1, "permission_missing")
    withdrawn = desk.acts("ADMIN-2", "user", "withdraw", proposed.document["proposal"])
    assert withdrawn.document["state"] == "withdrawn"


def test_user__reset__rests_until_somebody_else_confirms(desk: Desk) -> None:
    assert desk.acts("ADMIN-1", "user", "reset", "U1", answers=["Reset-To-You-88"]).code == 0
    assert desk.run("user", "show", "U1").document["resting"] is True
    assert desk.acts("ADMIN-1", "user", "confirm", "U1").error["reason"] == "same_person"
    typed = [*desk.who("U1", "Reset-To-You-88"), "Chosen-By-Me-12"]
    assert desk.run("user", "password", "U1", answers=typed).code == 0
    assert desk.acts("ADMIN-2", "user", "confirm", "U1").code == 0
    assert desk.run("user", "show", "U1").document["resting"] is False


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_user__wrong_password__is_one_line_that_says_nothing_else(desk: Desk, lang: str) -> None:
    file = desk.folder / "wrong"
    file.write_text("A-Wrong-Secret-1\n\n", "utf-8")
    for user in ("U1", "NOBODY"):
        refused = inside("user", "sign-in", user, "--answers", file, "--lang", lang, data=desk.data)
        assert (refused.code, refused.out) == (1, "")
        assert refused.line.startswith("sign_in_refused: ")
        assert "A-Wrong-Secret-1" not in refused.line


def test_user__device_lost__is_removed_by_two_and_locked_users_are_unlocked(desk: Desk) -> None:
    proposed = desk.acts(*("ADMIN-1", "user", "remove-device", "U1", "--evidence", "0x" + 64 * "e"))
    assert desk.approve(proposed).code == 0
    assert desk.run("user", "show", "U1").document["second_factor"] is False
    for _ in range(5):
        desk.run("user", "sign-in", "U1", answers=["wrong", ""])
    assert desk.run("user", "show", "U1").document["status"] == "locked"
    for act, status in (("unlock", "active"), ("disable", "disabled"), ("enable", "active")):
        assert desk.acts("ADMIN-2", "user", act, "U1").code == 0
        assert desk.run("user", "show", "U1").document["status"] == status


def test_credential__proposed_and_approved__is_checked_and_revoked(desk: Desk) -> None:
    registrar = _registrar(desk)
    proposed = desk.acts(
        *("ADMIN-1", "credential", "propose", "--institution", registrar, "--scope", "reference"),
        *("--from", "2020-01-01", "--until", "2099-01-01", "--evidence", "0x" + 64 * "e"),
    )
    decided = desk.approve(proposed)
    approved = decided.document
    credential, secret = approved["credential"], approved["secret"]
    assert secret not in decided.err
    assert secret not in desk.run("credential", "list").out
    checked = desk.run("credential", "check", credential, "--scope", "reference", answers=[secret])
    assert checked.document["institution"] == registrar
    refused = desk.run("credential", "check", credential, "--scope", "update", answers=[secret])
    assert refused.error["reason"] == "scope_missing"
    assert desk.acts("ADMIN-2", "credential", "revoke", credential).code == 0
    refused = desk.run("credential", "check", credential, "--scope", "reference", answers=[secret])
    assert refused.error["reason"] == "credential_refused"
    (listed,) = desk.run("credential", "list").document["credentials"]
    assert listed["revoked_at"] is not None


def test_credential__with_key_and_certificate__has_no_secret_and_is_shown(
    desk: Desk, tmp_path: Path
) -> None:
    key, certificate, private = (
        tmp_path / name for name in ("key.jwk", "client.pem", "private.pem")
    )
    key.write_text(registered(EC_KEY).jwk)
    certificate.write_bytes(OURS.public_bytes(Encoding.PEM))
    private.write_bytes(EC_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    words = (
        *("ADMIN-1", "credential", "propose", "--institution", _registrar(desk)),
        *("--scope", "update", "--from", "2020-01-01", "--until", "2099-01-01"),
        *("--evidence", "0x" + 64 * "e", "--certificate", certificate, "--public-key"),
    )
    refused = desk.acts(*words, private)
    assert refused.error["reason"] == "private_key_refused"
    assert desk.acts(*words, tmp_path / "nowhere").error["reason"] == "file_unreadable"
    proposed = desk.acts(*words, key)
    assert registered(EC_KEY).thumbprint in proposed.err + proposed.out
    approved = desk.approve(proposed).document
    assert "secret" not in approved
    listed = {each["credential"]: each for each in desk.run("credential", "list").document["credentials"]}  # fmt: skip
    shown = listed[approved["credential"]]
    assert shown["public_key"] == registered(EC_KEY).thumbprint
    assert shown["certificate"] == thumbprint(OURS)


def test_token_key__renewed__is_on_the_record(desk: Desk) -> None:
    for _ in range(2):
        assert desk.run("vault", "renew-token-key").document["done"] == "renewed"
    shown = desk.run("audit", "show", "--action", "registry:vault_secret:made").out
    assert "token_1" in shown
    assert "token_2" in shown


def test_answers__file_is_too_short_or_there_is_no_terminal__is_2(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = desk.run("user", "sign-in", "U1", answers=["only the password"])
    assert (short.code, short.error["reason"]) == (2, "field_missing")
    missing = inside("user", "sign-in", "U1", "--answers", "nowhere", "--json", data=desk.data)
    assert (missing.code, missing.error["reason"]) == (2, "file_unreadable")
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: PTH123, SIM115
    asked = inside("user", "sign-in", "U1", "--json", data=desk.data)
    assert (asked.code, asked.error["reason"]) == (2, "field_missing")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("user", "grant", "U1", "issue:do", "--evidence", "0x00"), "permission"),
        (
            (
                *("user", "register", "U9", "--institution", "R", "--kind", "boss"),
                *("--branch-code", "1", "--branch-name", "x"),
            ),
            "kind",
        ),
    ],
)
def test_words__that_are_none__are_refused_before_anybody_signs_in(
    desk: Desk, words: tuple[str, ...], field: str
) -> None:
    refused = desk.run(*words, "--as", "ADMIN-1", answers=[])
    assert (refused.code, refused.error["facts"]["field"]) == (1, field)


def test_bind__without_an_identity_provider__is_a_setting_that_is_missing(desk: Desk) -> None:
    refused = desk.run(
        *("user", "bind", "U1", "--evidence", "0x" + 64 * "e", "--as", "ADMIN-1"), answers=[]
    )
    assert (refused.code, refused.error["reason"]) == (2, "setting_invalid")
