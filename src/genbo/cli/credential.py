"""`genbo credential`: what the systems of an institution show the API (機関の認証情報)."""

from typing import Annotated

import typer

from genbo.cli.answers import Answers, AnswersFile
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.cli.staff import As, Evidence, Key
from genbo.cli.user.proposals import approve, say_proposed
from genbo.compliance.reasons import Language

EXAMPLES = examples(
    "genbo credential propose --institution B2 --scope reference --from 2026-04-01 --until 2027-04-01 "
    "--evidence decision.pdf --as ADMIN-1",
    "genbo credential propose --institution B2 --scope update --from 2026-04-01 --until 2027-04-01 "
    "--public-key key.jwk --certificate client.pem --evidence decision.pdf --as ADMIN-1",
    "genbo credential approve AP-0123456789abcdef01234 --digest 0x... --as ADMIN-2",
    "genbo credential list --json",
)
commands = typer.Typer(help="What systems show the API (機関の認証情報).", epilog=EXAMPLES)
Scope = Annotated[
    str, typer.Option("--scope", help="What it is for: reference (参照系) or update (更新系).")
]


@commands.callback()
def credential() -> None:
    """Credentials (機関の認証情報): what the systems of an institution show the API, to read or to change."""


@commands.command(
    "propose",
    epilog=examples(
        "genbo credential propose --institution B2 --scope reference --from 2026-04-01 "
        "--until 2027-04-01 --evidence decision.pdf --as ADMIN-1"
    ),
)
def propose(
    institution: Annotated[str, typer.Option("--institution", help="Whose systems show it.")],
    scope: Scope,
    begins: Annotated[str, typer.Option("--from", help="First day it is valid, in Japan.")],
    ends: Annotated[str, typer.Option("--until", help="First day it is not valid any more.")],
    name: As,
    evidence: Evidence,
    public_key: Annotated[
        str | None,
        typer.Option(
            "--public-key",
            help="File with the public key of its system (JWK or PEM), which then signs instead of showing a secret.",
        ),
    ] = None,
    certificate: Annotated[
        str | None,
        typer.Option(
            "--certificate",
            help="File with the client certificate (PEM or DER) that its system must connect with.",
        ),
    ] = None,
    key: Key = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose a credential for an institution; somebody else approves it, and then its secret is shown once.

    With a public key there is no secret: the institution keeps the private key.
    """
    from genbo.bootstrap.second_person import SecondPerson
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import digest_of, key_of, signed_in
    from genbo.governance.institutions import InstitutionId
    from genbo.governance.users import certificate_of, public_key_of

    output = Output(as_json=as_json, language=lang)
    wanted, document = _scope(scope), digest_of(evidence)
    signs_by = None if public_key is None else public_key_of(_content(public_key))
    connects_with = None if certificate is None else certificate_of(_content(certificate))
    first, last = _day(begins, "from"), _day(ends, "until")
    with office(read=False) as working:
        at = wall_clock()
        who = signed_in(working, name, Answers(answers), at=at)
        stored = SecondPerson(working.house.database, working.house.vault).propose_credential(
            institution=InstitutionId(institution),
            scope=wanted,
            valid_from=first,
            valid_until=last,
            public_key=signs_by,
            certificate=connects_with,
            by=who,
            evidence=document,
            key=key_of(key),
            at=at,
        )
    say_proposed(output, stored)


commands.command(
    "approve",
    epilog=examples(
        "genbo credential approve AP-0123456789abcdef01234 --digest 0x... --as ADMIN-2"
    ),
)(approve)


@commands.command(
    "list",
    epilog=examples("genbo credential list", "genbo credential list --institution B2 --json"),
)
def list_credentials(
    institution: Annotated[
        str | None, typer.Option("--institution", help="Only those of this institution.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List credentials, ended ones too. No secret is kept, so none is shown."""
    from genbo.cli.session import jst, office
    from genbo.governance.institutions import InstitutionId
    from genbo.storage.credentials import Credentials

    output = Output(as_json=as_json, language=lang)
    of = None if institution is None else InstitutionId(institution)
    with office(read=False) as working, working.house.database.read() as connection:
        found = Credentials(connection).all(of)
    output.table(
        ("credential", "institution", "scope", "proof", "valid from", "until", "revoked"),
        [
            (
                each.id,
                each.institution.id,
                each.scope.value,
                ("secret" if each.public_key is None else "key")
                + ("" if each.certificate is None else ", certificate"),
                jst(each.valid_from),
                jst(each.valid_until),
                "-" if each.revoked_at is None else jst(each.revoked_at),
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} credentials")
    output.answer(
        {
            "credentials": [
                {
                    "credential": each.id,
                    "institution": each.institution.id,
                    "scope": each.scope.value,
                    "valid_from": each.valid_from,
                    "valid_until": each.valid_until,
                    "public_key": each.public_key and each.public_key.thumbprint,
                    "certificate": each.certificate,
                    "maker": each.maker,
                    "approver": each.approver,
                    "revoked_at": each.revoked_at,
                }
                for each in found
            ]
        }
    )


@commands.command(
    "check", epilog=examples("genbo credential check CP-0123456789abcdef01234 --scope reference")
)
def check(
    credential_id: Annotated[str, typer.Argument(metavar="CREDENTIAL", help="Id (CP-...).")],
    scope: Scope,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show a credential as a system would: whose it is, or why not. Asked: its secret. A refusal leaves a record."""
    from genbo.bootstrap.machines import Machines
    from genbo.cli.session import office, wall_clock
    from genbo.governance.users import CredentialId

    output, wanted = Output(as_json=as_json, language=lang), _scope(scope)
    with office(read=False) as working:
        institution = Machines(working.house.database, working.house.vault).authenticate(
            CredentialId(credential_id),
            Answers(answers).ask_secret("Secret"),
            scope=wanted,
            at=wall_clock(),
        )
    output.say(f"{credential_id} is of {institution.id}")
    output.answer({"credential": credential_id, "institution": institution.id, "scope": scope})


@commands.command(
    "revoke", epilog=examples("genbo credential revoke CP-0123456789abcdef01234 --as ADMIN-1")
)
def revoke(
    credential_id: Annotated[str, typer.Argument(metavar="CREDENTIAL", help="Id (CP-...).")],
    name: As,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """End a credential at once. One administrator does it: a leak does not wait."""
    from genbo.bootstrap.machines import Machines
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import signed_in
    from genbo.governance.users import CredentialId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        at = wall_clock()
        who = signed_in(working, name, Answers(answers), at=at)
        machines = Machines(working.house.database, working.house.vault)
        machines.revoke(CredentialId(credential_id), by=who, at=at)
    output.say(f"{credential_id} is revoked")
    output.answer({"credential": credential_id, "done": "revoked", "by": name})


def _scope(text: str):  # type: ignore[no-untyped-def]
    from genbo.governance import users
    from genbo.kernel import Reason, Refusal

    if text not in set(users.Scope):
        allowed = ", ".join(users.Scope)
        raise Refusal(Reason.FIELD_INVALID, field="scope", value=text[:64], allowed=allowed)
    return users.Scope(text)


def _content(file: str) -> bytes:
    """What stands in a file.

    Raises:
        Fault: `file_unreadable`.
    """
    from pathlib import Path

    from genbo.kernel import Fault, Reason

    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Fault(
            Reason.FILE_UNREADABLE, file=file, problem=error.strerror or "it cannot be read"
        ) from None


def _day(text: str, field: str):  # type: ignore[no-untyped-def]
    """The beginning of a day in Japan."""
    from genbo.cli.days import day_of
    from genbo.kernel import Reason, Refusal, start_of_day

    try:
        return start_of_day(day_of(text))
    except ValueError:
        raise Refusal(
            Reason.FIELD_INVALID, field=field, value=text[:64], allowed="a day such as 2026-04-01"
        ) from None
