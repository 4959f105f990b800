"""`genbo kyc`: checks of people (本人確認), what they came to, and what runs out."""

from __future__ import annotations

from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

EXAMPLES = examples(
    "genbo kyc start IV-0001",
    "genbo kyc show IV-0001",
    "genbo kyc revoke IV-0001 --ground KYC-2026-0017",
    "genbo kyc due --days 60",
)
commands = typer.Typer(help="Checks of people (本人確認).", epilog=EXAMPLES)

InvestorKey = Annotated[
    str, typer.Argument(metavar="INVESTOR", help="Id of the investor (投資家ID).")
]


@commands.callback()
def kyc() -> None:
    """Checks of people (本人確認): sessions at a provider, verdicts, and what runs out."""


@commands.command("start", epilog=EXAMPLES)
def start(
    investor: InvestorKey,
    method: Annotated[
        str | None, typer.Option(help="Method to ask for, as the provider calls it.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Ask the provider of GENBO_KYC_FILE to check an investor; prints where the investor goes.

    Nothing about the investor is sent there. The answer comes to `genbo up --kyc-port`.
    """
    from genbo.bootstrap.kyc import start_session
    from genbo.cli.session import actor, kyc_provider, office
    from genbo.config import read_settings
    from genbo.kernel import InvestorId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, kyc_provider(read_settings()) as provider:
        session, started = start_session(
            working, provider, InvestorId(investor), by=actor(), method=method
        )
    output.say(f"session   {session.id}")
    output.say(f"go to     {started.url}")
    output.answer({"session": session.id, "provider": session.provider, "url": started.url})


@commands.command("show", epilog=EXAMPLES)
def show(investor: InvestorKey, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show what was found about an investor: results of providers, the verdict that counts, what the ledger says."""
    from genbo.cli.session import jst, office
    from genbo.kernel import InvestorId
    from genbo.storage.investors import Investors
    from genbo.storage.kyc import KycSessions
    from genbo.storage.verdicts import Verdicts
    from genbo.storage.words import Words

    output = Output(as_json=as_json, language=lang)
    key = InvestorId(investor)
    with office() as working, working.house.database.read() as connection:
        about = Investors(connection, working.house.vault).get(key)
        results = KycSessions(connection).results(key)
        verdict = Verdicts(connection).last([key]).get(key)
        spoken = Words(connection, working.deployment.chain_id).of_investors([key])
    output.say(f"{key}  status {about.status}, AML class {about.aml_class}")
    if verdict is not None:
        until = "taken back" if verdict.until is None else f"until {jst(verdict.until)}"
        output.say(f"verdict   {until}, checked {jst(verdict.checked_at)}")
    output.table(
        ("issued", "result", "outcome", "method", "rules"),
        [(jst(e.issued_at), e.id, e.outcome.value, e.method, e.rule_version) for e in results],
    )
    output.table(
        ("product", "address", "ledger says"),
        [
            (
                each.product,
                each.address,
                "blocked"
                if each.word.blocked
                else "nothing"
                if each.word.until is None
                else f"until {jst(each.word.until)}",
            )
            for each in spoken
        ],
    )
    output.answer(
        {
            "investor": key,
            "status": about.status,
            "aml_class": about.aml_class,
            "verdict": None
            if verdict is None
            else {
                "checked_at": verdict.checked_at,
                "until": verdict.until,
                "revoked": verdict.revokes is not None,
                "method": verdict.method,
                "rule_version": verdict.rule_version,
                "result": verdict.result_id,
                "evidence_ref": verdict.evidence_ref,
            },
            "results": [
                {
                    "id": each.id,
                    "provider": each.provider,
                    "outcome": each.outcome.value,
                    "method": each.method,
                    "rule_version": each.rule_version,
                    "checked_at": each.checked_at,
                    "expires_at": each.expires_at,
                    "name_matches": each.name_matches,
                    "address_matches": each.address_matches,
                }
                for each in results
            ],
            "ledger": [
                {
                    "product": each.product,
                    "address": each.address,
                    "until": each.word.until,
                    "blocked": each.word.blocked,
                }
                for each in spoken
            ],
        }
    )


@commands.command("revoke", epilog=EXAMPLES)
def revoke(
    investor: InvestorKey,
    ground: Annotated[
        str, typer.Option(help="Reference of why, such as a file number; never its content.")
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Take back the verdict of an investor: every address is closed on the ledger, in every product, at once."""
    from genbo.bootstrap.people import revoke_verdict
    from genbo.cli.session import actor, office
    from genbo.governance.job import JobState
    from genbo.kernel import InvestorId

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        jobs = revoke_verdict(working, InvestorId(investor), ground=ground, by=actor())
        ended = [working.bulk.run(job) for job in jobs]
        working.read()
    closed = sum(each.done for each in ended)
    output.say(f"{investor}: taken back; {closed:,} addresses closed on the ledger")
    output.answer(
        {
            "investor": investor,
            "jobs": jobs,
            "closed": closed,
            "refused": sum(each.refused for each in ended),
            "done": all(each.state is JobState.DONE for each in ended),
        }
    )


@commands.command("due", epilog=EXAMPLES)
def due(
    days: Annotated[int, typer.Option(min=0, max=36_500, help="How many days ahead to look.")] = 30,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List verdicts that run out soon, the first to end first. The ledger closes by itself when they do."""
    from datetime import timedelta

    from genbo.cli.session import jst, office
    from genbo.storage.verdicts import Verdicts

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        now = working.house.now()
        found = list(Verdicts(connection).ending(since=now, before=now + timedelta(days=days)))
    output.table(
        ("runs out", "investor", "checked"),
        [(jst(each.expires_at), each.investor_id, jst(each.checked_at)) for each in found],
    )
    output.say(f"{len(found):,} verdicts run out within {days} days")
    output.answer(
        {
            "at": now,
            "days": days,
            "due": [
                {
                    "investor": each.investor_id,
                    "checked_at": each.checked_at,
                    "expires_at": each.expires_at,
                }
                for each in found
            ],
        }
    )
