"""`genbo user found`, `sign-in`, `password`, `enrol`: what people do for themselves."""

from typing import Annotated

import typer

from genbo.cli.answers import Answers, AnswersFile
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

UserArgument = Annotated[str, typer.Argument(metavar="USER", help="Your user id (ユーザID).")]


def found(
    institution: Annotated[
        str,
        typer.Option("--institution", help="Whose people look after users, such as a registrar."),
    ],
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Register the first two administrators, each typing a password of their own. Only while there are no users.

    Asked for each of the two: user id, branch code, branch name, group, name, employee code, password. The first
    proposes, the second approves; both enrol a device before they do anything else.
    """
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import door
    from genbo.governance.institutions import InstitutionId

    output = Output(as_json=as_json, language=lang)
    told = Answers(answers)
    with office(read=False) as working:
        access = door(working)
        two = access.found(
            _founder(told, "first"),
            _founder(told, "second"),
            institution=InstitutionId(institution),
            at=wall_clock(),
        )
    output.say(f"{two[0].id} proposes, {two[1].id} approves")
    output.say("next        genbo user enrol USER, by each of the two")
    output.answer(
        {
            "administrators": [
                {"user": each.id, "permissions": [str(one) for one in each.permissions]}
                for each in two
            ]
        }
    )


def sign_in(
    user: UserArgument,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Try a sign-in: says how far you are admitted. It counts like any other."""
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import attempt, door
    from genbo.governance.users import UserId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        access = door(working)
        outcome = access.sign_in(UserId(user), attempt(Answers(answers), user), at=wall_clock())
    admission = outcome.require_admission().value
    output.say(f"admitted: {admission}")
    output.answer({"user": user, "admission": admission})


def password(
    user: UserArgument,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Change your password. Asked: the present one, a code, the new one."""
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import attempt, door
    from genbo.governance.users import UserId

    output, told = Output(as_json=as_json, language=lang), Answers(answers)
    with office(read=False) as working:
        typed = attempt(told, user)
        new = told.choose_secret("New password")
        access = door(working)
        access.change_password(UserId(user), typed, password=new, at=wall_clock())
    output.say(f"the password of {user} is changed")
    output.answer({"user": user, "changed": "password"})


def enrol(
    user: UserArgument,
    secret_file: Annotated[
        str | None,
        typer.Option(
            "--secret-file",
            help="File with the device's secret in base32, for a device that is set up already.",
        ),
    ] = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Enrol a device that shows codes (二要素認証). Asked: password, code of the present device, of the new one."""
    from pathlib import Path

    from genbo.cli.files.text import read_text
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import attempt, door
    from genbo.governance.users import UserId, new_secret, provisioning_uri
    from genbo.kernel import Fault, Reason

    output, told = Output(as_json=as_json, language=lang), Answers(answers)
    if as_json and secret_file is None:
        # A machine keeps what it is told; the secret of a new device is for the eyes of its owner.
        raise Fault(Reason.FIELD_MISSING, field="--secret-file", allowed="with --json always")
    with office(read=False) as working:
        typed = attempt(told, user)
        if secret_file is None:
            secret = new_secret()
            typer.echo(provisioning_uri(secret, user=user, issuer="Genbo"), err=True)
        else:
            secret = read_text(Path(secret_file)).strip()
        code = told.ask_secret("Code that the new device shows")
        access = door(working)
        access.enrol(UserId(user), typed, secret=secret, code=code, at=wall_clock())
    output.say(f"{user} has a second factor; the code just typed is used up")
    output.answer({"user": user, "changed": "second_factor"})


def _founder(told: Answers, which: str):  # type: ignore[no-untyped-def]
    from genbo.governance.users import Founder, UserId

    return Founder(
        id=UserId(told.ask(f"User id of the {which}")),
        branch_code=told.ask("Branch code (所属部支店コード)"),
        branch_name=told.ask("Branch name (所属部店名)"),
        section_group=told.ask("Section or group (課・グループ)"),
        name=told.ask("Name (ユーザ名)"),
        employee_code=told.ask("Employee code (社員番号)"),
        password=told.choose_secret("Password"),
    )


COMMANDS = {"found": found, "sign-in": sign_in, "password": password, "enrol": enrol}
EXAMPLES = {
    "found": examples("genbo user found --institution R1"),
    "sign-in": examples("genbo user sign-in U1"),
    "password": examples("genbo user password U1"),
    "enrol": examples("genbo user enrol U1"),
}
