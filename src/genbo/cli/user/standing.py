"""`genbo user register`, `reset`, `unlock`, `disable`, `enable`, `confirm`, `delete`, `erase`: one person acts."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from genbo.cli.answers import Answers, AnswersFile
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.cli.staff import As
from genbo.compliance.reasons import Language

UserArgument = Annotated[str, typer.Argument(metavar="USER", help="User id (ユーザID).")]


def register(
    user: UserArgument,
    name: As,
    institution: Annotated[str, typer.Option("--institution", help="Whom the user works for.")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="Account kind (アカウント区分): operator, approver, administrator or auditor.",
        ),
    ],
    branch_code: Annotated[
        str, typer.Option("--branch-code", help="Code of the branch (所属部支店コード).")
    ],
    branch_name: Annotated[
        str, typer.Option("--branch-name", help="Name of the branch (所属部店名).")
    ],
    group: Annotated[str, typer.Option("--group", help="Section or group (課・グループ).")] = "",
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Register a user without any permission. Asked: your password and code; name, employee code, initial password."""
    from genbo.governance.institutions import InstitutionId
    from genbo.governance.users import AccountKind, UserId
    from genbo.kernel import Reason, Refusal

    if kind not in set(AccountKind):
        raise Refusal(
            Reason.FIELD_INVALID, field="kind", value=kind[:64], allowed=", ".join(AccountKind)
        )

    def act(access: Any, who: Any, at: Any, told: Answers) -> None:
        access.register(
            id=UserId(user),
            institution=InstitutionId(institution),
            branch_code=branch_code,
            branch_name=branch_name,
            section_group=group,
            kind=AccountKind(kind),
            name=told.ask("Name (ユーザ名)"),
            employee_code=told.ask("Employee code (社員番号)"),
            initial_password=told.choose_secret("Initial password"),
            by=who,
            at=at,
        )

    _perform(user, name, answers, "registered", act, as_json, lang)


def reset(
    user: UserArgument,
    name: As,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Set another initial password. What the user may do rests until somebody else confirms."""
    from genbo.governance.users import UserId

    def act(access: Any, who: Any, at: Any, told: Answers) -> None:
        initial = told.choose_secret("Initial password")
        access.reset_password(UserId(user), initial_password=initial, by=who, at=at)

    _perform(user, name, answers, "password reset", act, as_json, lang)


def _standing(method: str, done: str, says: str) -> Callable[..., None]:
    def command(
        user: UserArgument,
        name: As,
        answers: AnswersFile = None,
        as_json: AsJson = False,
        lang: Lang = Language.EN,
    ) -> None:
        from genbo.governance.users import UserId

        def act(access: Any, who: Any, at: Any, told: Answers) -> None:
            getattr(access, method)(UserId(user), by=who, at=at)

        _perform(user, name, answers, done, act, as_json, lang)

    command.__doc__ = says
    return command


def _perform(
    user: str,
    name: str,
    answers: Any,
    done: str,
    act: Callable[[Any, Any, Any, Answers], None],
    as_json: bool,
    lang: Language,
) -> None:
    """Signs the administrator in and acts."""
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import door, signed_in

    output, told = Output(as_json=as_json, language=lang), Answers(answers)
    with office(read=False) as working:
        at = wall_clock()
        who = signed_in(working, name, told, at=at)
        act(door(working), who, at, told)
    output.say(f"{user}: {done}")
    output.answer({"user": user, "done": done, "by": name})


COMMANDS = {
    "register": register,
    "reset": reset,
    "unlock": _standing("unlock", "unlocked", "Let a locked user in again (ロック解除)."),
    "disable": _standing("disable", "disabled", "Keep a user out until somebody enables it."),
    "enable": _standing("enable", "enabled", "Let a disabled user in again."),
    "confirm": _standing(
        "confirm",
        "confirmed",
        "After a reset, let what the user may do count again. Speak to the person first.",
    ),
    "delete": _standing("delete", "deleted", "Delete a user for good; the id stays taken."),
    "erase": _standing(
        "erase", "erased", "Destroy name and employee code of a deleted user, for good."
    ),
}
EXAMPLES = {
    "register": examples(
        "genbo user register U1 --institution R1 --kind operator --branch-code 001 --branch-name 本店 --as ADMIN-1"
    ),
    **{
        name: examples(f"genbo user {name} U1 --as ADMIN-1")
        for name in COMMANDS
        if name != "register"
    },
}
