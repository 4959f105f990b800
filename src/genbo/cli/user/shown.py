"""`genbo user list`, `show`, `proposals`: what may be known, and names for who may read them."""

from typing import Annotated, Any

import typer

from genbo.cli.answers import AnswersFile
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

Institution = Annotated[
    str | None, typer.Option("--institution", help="Only those of this institution.")
]


def list_users(
    institution: Institution = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """List users with their state and permissions. No name is opened."""
    from genbo.cli.session import jst, office
    from genbo.governance.institutions import InstitutionId
    from genbo.storage.user_list import UserList

    output = Output(as_json=as_json, language=lang)
    of = None if institution is None else InstitutionId(institution)
    with office(read=False) as working, working.house.database.read() as connection:
        found = UserList(connection).all(of)
    output.table(
        ("user", "institution", "kind", "status", "last sign-in", "may"),
        [
            (
                each.id,
                each.institution,
                each.kind.value,
                each.status.value,
                "-" if each.last_logon_at is None else jst(each.last_logon_at),
                ("(resting) " if each.suspended else "")
                + (", ".join(map(str, each.permissions)) or "-"),
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} users")
    output.answer({"users": [_document(each) for each in found]})


def show(
    user: Annotated[str, typer.Argument(metavar="USER", help="User id (ユーザID).")],
    name: Annotated[
        str | None,
        typer.Option(
            "--as", help="Administrator who reads name and employee code; it leaves a record."
        ),
    ] = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show one user: state, what was granted and revoked when; with --as also name and employee code."""
    from genbo.cli.answers import Answers
    from genbo.cli.session import jst, office, wall_clock
    from genbo.cli.staff import door, signed_in
    from genbo.governance.users import UserId
    from genbo.kernel import Reason, Refusal
    from genbo.storage.permissions import Permissions
    from genbo.storage.user_list import UserList

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        house, at, id = working.house, wall_clock(), UserId(user)
        with house.database.read() as connection:
            one = next((each for each in UserList(connection).all() if each.id == id), None)
            history = Permissions(connection).history(id)
        if one is None:
            raise Refusal(Reason.NOT_FOUND, subject="user", asked=user[:64])
        names = {}
        if name is not None:
            who = signed_in(working, name, Answers(answers), at=at)
            names = door(working).names([id], by=who, at=at)
    document = _document(one)
    if id in names:
        document |= {"name": names[id].name, "employee_code": names[id].employee_code}
    document["history"] = [
        {
            "permission": str(each.permission),
            "granted_at": each.granted_at,
            "proposal": each.proposal,
            "revoked_at": each.revoked_at,
            "revocation": each.revocation,
        }
        for each in history
    ]
    # With --json this goes to standard error, which logs keep: names are in the answer alone.
    hidden = {"history", *(("name", "employee_code") if as_json else ())}
    output.table(("", ""), [(k, v) for k, v in document.items() if k not in hidden])
    for each in history:
        ended = "" if each.revoked_at is None else f" until {jst(each.revoked_at)}"
        output.say(f"{each.permission} since {jst(each.granted_at)}{ended}")
    output.answer(document)


def proposals(
    institution: Institution = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """List what waits for a second person, with the digest to approve."""
    from genbo.cli.session import jst, office
    from genbo.governance.institutions import InstitutionId
    from genbo.storage.access_proposals import AccessProposals

    output = Output(as_json=as_json, language=lang)
    of = None if institution is None else InstitutionId(institution)
    with office(read=False) as working, working.house.database.read() as connection:
        found = AccessProposals(connection).open(of)
    for each in found:
        output.say(f"{each.id}  {each.institution}  {each.user or '-'}  {each.says}")
        output.say(f"    by {each.maker} at {jst(each.made_at)}, evidence {each.proposal.evidence}")
        output.say(f"    digest {each.digest}")
    output.say(f"{len(found):,} proposals wait")
    output.answer(
        {
            "proposals": [
                {
                    "proposal": each.id,
                    "institution": each.institution,
                    "user": each.user,
                    "says": each.says,
                    "maker": each.maker,
                    "evidence": each.proposal.evidence,
                    "made_at": each.made_at,
                    "digest": each.digest,
                }
                for each in found
            ]
        }
    )


def _document(line: Any) -> dict[str, Any]:
    return {
        "user": line.id,
        "institution": line.institution,
        "branch_code": line.branch_code,
        "kind": line.kind.value,
        "status": line.status.value,
        "last_logon_at": line.last_logon_at,
        "permissions": [str(each) for each in line.permissions],
        "resting": line.suspended,
        "second_factor": line.second_factor,
        "identity_provider": line.identity,
    }


COMMANDS = {"list": list_users, "show": show, "proposals": proposals}
EXAMPLES = {
    "list": examples("genbo user list", "genbo user list --institution R1 --json"),
    "show": examples("genbo user show U1", "genbo user show U1 --as ADMIN-1"),
    "proposals": examples("genbo user proposals", "genbo user proposals --json"),
}
