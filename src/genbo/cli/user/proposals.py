"""`genbo user grant`, `revoke`, `remove-device`, `bind`, `unbind`, `approve`, `withdraw`: what takes two persons."""

from typing import Annotated, Any

import typer

from genbo.cli.answers import Answers, AnswersFile
from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.cli.staff import As, Evidence, Key
from genbo.compliance.reasons import Language

UserArgument = Annotated[str, typer.Argument(metavar="USER", help="User id (ユーザID).")]
PermissionArgument = Annotated[
    str, typer.Argument(metavar="PERMISSION", help="A work at a level, such as issue:make.")
]
ProposalArgument = Annotated[
    str, typer.Argument(metavar="PROPOSAL", help="Id of the proposal (起案ID), AP-...")
]
DigestOption = Annotated[
    str, typer.Option("--digest", help="Digest of what you approve, as `proposals` shows it.")
]


def grant(
    user: UserArgument,
    permission: PermissionArgument,
    name: As,
    evidence: Evidence,
    key: Key = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose that a user may do something (権限の付与)."""
    _propose_permission("grant", user, permission, name, evidence, key, answers, as_json, lang)


def revoke(
    user: UserArgument,
    permission: PermissionArgument,
    name: As,
    evidence: Evidence,
    key: Key = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose that a user may do something no more (権限の剥奪). In a hurry: disable the user."""
    _propose_permission("revoke", user, permission, name, evidence, key, answers, as_json, lang)


def remove_device(
    user: UserArgument,
    name: As,
    evidence: Evidence,
    key: Key = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose that a user who lost the device enrols another one."""
    _propose_means("remove_second_factor", user, name, evidence, key, answers, as_json, lang)


def bind(
    user: UserArgument,
    name: As,
    evidence: Evidence,
    key: Key = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose that a user signs in through the identity provider. Asked: password, code, the subject (`sub`) there."""
    _propose_means("bind_identity", user, name, evidence, key, answers, as_json, lang)


def unbind(
    user: UserArgument,
    name: As,
    evidence: Evidence,
    key: Key = None,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose that a user signs in by password and code again."""
    _propose_means("unbind_identity", user, name, evidence, key, answers, as_json, lang)


def approve(
    proposal: ProposalArgument,
    digest: DigestOption,
    name: As,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Approve a proposal about users or credentials, as somebody other than its maker. It is done at once."""
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import signed_in
    from genbo.kernel import Digest
    from genbo.storage.access_proposals import ProposalId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        at = wall_clock()
        who = signed_in(working, name, Answers(answers), at=at)
        done = _second(working).approve(ProposalId(proposal), digest=Digest(digest), by=who, at=at)
    output.say(f"{done.proposal.id}: {done.proposal.says} is approved")
    document = say_proposal(done.proposal)
    if done.credential is not None:
        document |= {"credential": done.credential}
        if done.secret is None:
            output.say(f"credential {done.credential}; its system signs with the key of its own")
    if done.secret is not None:
        output.say(f"credential {done.credential}; its secret is shown this once and kept nowhere")
        if not as_json:  # else it would go to standard error as well, which logs keep
            output.say(done.secret)
        document |= {"secret": done.secret}
    output.answer(document)


def withdraw(
    proposal: ProposalArgument,
    name: As,
    answers: AnswersFile = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Take a proposal back, or turn it down."""
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import signed_in
    from genbo.storage.access_proposals import ProposalId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        at = wall_clock()
        who = signed_in(working, name, Answers(answers), at=at)
        stored = _second(working).withdraw(ProposalId(proposal), by=who, at=at)
    output.say(f"{stored.id}: {stored.says} is withdrawn")
    output.answer(say_proposal(stored))


def say_proposal(stored: Any) -> dict[str, Any]:
    """A proposal for machines."""
    return {
        "proposal": stored.id,
        "says": stored.says,
        "state": stored.state,
        "user": stored.user,
        "institution": stored.institution,
        "digest": stored.digest,
    }


def say_proposed(output: Output, stored: Any) -> None:
    """What a proposal is, and how somebody else approves it."""
    output.say(f"{stored.id}: {stored.says}, {stored.state}")
    output.say(f"next        genbo user approve {stored.id} --digest {stored.digest} --as USER")
    output.answer(say_proposal(stored))


def _second(working: Any) -> Any:
    from genbo.bootstrap.second_person import SecondPerson

    return SecondPerson(working.house.database, working.house.vault)


def _propose_permission(
    act: str,
    user: str,
    permission: str,
    name: str,
    evidence: str,
    key: str | None,
    answers: Any,
    as_json: bool,
    lang: Language,
) -> None:
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import digest_of, key_of, signed_in
    from genbo.governance.users import GrantAct, UserId, permission_named

    output, named = Output(as_json=as_json, language=lang), permission_named(permission)
    document = digest_of(evidence)
    with office(read=False) as working:
        at = wall_clock()
        who = signed_in(working, name, Answers(answers), at=at)
        stored = _second(working).propose_permission(
            GrantAct(act),
            named,
            user=UserId(user),
            by=who,
            evidence=document,
            key=key_of(key),
            at=at,
        )
    say_proposed(output, stored)


def _propose_means(
    act: str,
    user: str,
    name: str,
    evidence: str,
    key: str | None,
    answers: Any,
    as_json: bool,
    lang: Language,
) -> None:
    from genbo.bootstrap.second_person import Subject
    from genbo.cli.session import office, wall_clock
    from genbo.cli.staff import digest_of, key_of, signed_in
    from genbo.config import read_settings
    from genbo.governance.users import MeansAct, UserId
    from genbo.kernel import Fault, Reason

    output, told = Output(as_json=as_json, language=lang), Answers(answers)
    document, issuer = digest_of(evidence), read_settings().oidc_issuer
    binds = MeansAct(act) is MeansAct.BIND_IDENTITY
    if binds and issuer is None:
        raise Fault(
            Reason.SETTING_INVALID, setting="GENBO_OIDC_ISSUER", problem="is needed to bind a user"
        )
    with office(read=False) as working:
        at = wall_clock()
        who = signed_in(working, name, told, at=at)
        subject = (
            Subject(issuer=issuer or "", name=told.ask("Subject (sub) at the provider"))
            if binds
            else None
        )
        stored = _second(working).propose_means(
            MeansAct(act),
            user=UserId(user),
            subject=subject,
            by=who,
            evidence=document,
            key=key_of(key),
            at=at,
        )
    say_proposed(output, stored)


COMMANDS = {
    "grant": grant,
    "revoke": revoke,
    "remove-device": remove_device,
    "bind": bind,
    "unbind": unbind,
    "approve": approve,
    "withdraw": withdraw,
}
EXAMPLES = {
    "grant": examples("genbo user grant U1 issue:make --evidence decision.pdf --as ADMIN-1"),
    "revoke": examples("genbo user revoke U1 issue:make --evidence decision.pdf --as ADMIN-1"),
    "remove-device": examples("genbo user remove-device U1 --evidence ticket.txt --as ADMIN-1"),
    "bind": examples("genbo user bind U1 --evidence decision.pdf --as ADMIN-1"),
    "unbind": examples("genbo user unbind U1 --evidence decision.pdf --as ADMIN-1"),
    "approve": examples("genbo user approve AP-0123456789abcdef01234 --digest 0x... --as ADMIN-2"),
    "withdraw": examples("genbo user withdraw AP-0123456789abcdef01234 --as ADMIN-1"),
}
