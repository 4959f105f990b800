"""Who acts: a user who shows password and code, for each command anew. Nothing is kept between two commands."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from genbo.bootstrap.access import Access
    from genbo.bootstrap.office import Office
    from genbo.cli.answers import Answers
    from genbo.governance.users import Attempt, UserId
    from genbo.kernel import Digest

As: TypeAlias = Annotated[
    str, typer.Option("--as", help="User id of whoever acts; password and code are asked for.")
]
Evidence: TypeAlias = Annotated[
    str,
    typer.Option(
        "--evidence",
        help="The decision it rests on: a file, whose SHA-256 is kept, or such a digest (0x...).",
    ),
]
Key: TypeAlias = Annotated[
    str | None,
    typer.Option("--key", help="Idempotency key (冪等キー): the same proposal is made once."),
]


def door(working: "Office") -> "Access":
    """The door of the system, under the rules that the environment sets."""
    from genbo.bootstrap.access import Access, rules_of
    from genbo.config import read_settings

    return Access(working.house.database, working.house.vault, rules_of(read_settings()))


def attempt(answers: "Answers", user: str) -> "Attempt":
    """What the user types at the door."""
    from genbo.governance.users import Attempt

    password = answers.ask_secret(f"Password of {user}")
    code = answers.ask_secret(f"Code of {user} (empty without a device)")
    return Attempt(password=password, code=code or None)


def signed_in(working: "Office", user: str, answers: "Answers", *, at: "datetime") -> "UserId":
    """The user who acts, admitted in full.

    Raises:
        Refusal: `sign_in_refused`; `password_not_chosen`, `second_factor_missing` while that is all the user may do.
    """
    from genbo.governance.users import Admission, UserId
    from genbo.kernel import Reason, Refusal

    who = UserId(user)
    admission = door(working).sign_in(who, attempt(answers, user), at=at).require_admission()
    if admission is Admission.CHANGE_PASSWORD:
        raise Refusal(Reason.PASSWORD_NOT_CHOSEN, user=who)
    if admission is Admission.ENROL:
        raise Refusal(Reason.SECOND_FACTOR_MISSING, user=who)
    return who


def digest_of(evidence: str) -> "Digest":
    """The digest of a document, or of the file at that path.

    Raises:
        Fault: `file_unreadable`.
    """
    import hashlib
    import re
    from pathlib import Path

    from genbo.kernel import Digest, Fault, Reason

    if re.fullmatch(r"0x[0-9a-f]{64}", evidence):
        return Digest(evidence)
    try:
        content = Path(evidence).read_bytes()
    except OSError as error:
        raise Fault(
            Reason.FILE_UNREADABLE, file=evidence, problem=error.strerror or "it cannot be read"
        ) from None
    return Digest("0x" + hashlib.sha256(content).hexdigest())


def key_of(key: str | None) -> str:
    """The idempotency key that was given, or a new one."""
    import uuid

    return key or f"cli-{uuid.uuid4().hex}"
