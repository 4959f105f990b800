"""`genbo screening`: customers against sanctions lists (照合), and the release of what was found."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language
from genbo.compliance.screening import Ground

EXAMPLES = examples(
    "genbo screening load sdn.xml --format ofac --name ofac-sdn",
    "genbo screening load targets.simple.csv --format opensanctions --name mof-japan --published 2026-04-01",
    "genbo screening run",
    "genbo screening show",
    "genbo screening propose-release IV-0001 --list ofac-sdn --ground other_person --evidence 0x... --by compliance-2",
    "genbo screening approve-release REL-0011223344556677 --by compliance-3",
)
commands = typer.Typer(help="Customers against sanctions lists (照合).", epilog=EXAMPLES)


class Format(StrEnum):
    """The formats of list files."""

    OPENSANCTIONS = "opensanctions"
    FTM = "ftm"
    OFAC = "ofac"


By = Annotated[str, typer.Option("--by", help="Your name in the key store; your key signs.")]


@commands.callback()
def screening() -> None:
    """Customers against sanctions lists (照合): load lists, compare, release with four eyes."""


@commands.command("load", epilog=EXAMPLES)
def load(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file, as its publisher gives it.")
    ],
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="OpenSanctions simple CSV, FollowTheMoney JSON lines, or OFAC SDN XML."
        ),
    ],
    name: Annotated[
        str, typer.Option(help="What the list is called here, the same in every version.")
    ],
    published: Annotated[
        str | None,
        typer.Option(help="Day of publication, YYYY-MM-DD; OFAC's file says it itself."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Bring a version of a list into force. From then on nobody gives or receives who was not compared with it.

    Whole or not at all. The running system compares everybody by itself; `genbo screening run` does it now.
    """
    from genbo.bootstrap.screening import Screeners, load_list
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    new = _read(file, form, name, published)
    with office(read=False) as working:
        number = load_list(working, new, by=actor())
        due = Screeners(working).due()
    version = new.version
    output.say(
        f"{version.name}  version {number} of {version.published}, {version.entries:,} entries"
    )
    output.say(f"{due:,} comparisons are due: genbo screening run")
    output.answer(
        {
            "list": version.name,
            "number": number,
            "published": version.published,
            "digest": version.digest,
            "entries": version.entries,
            "due": due,
        }
    )


@commands.command("run", epilog=EXAMPLES)
def run(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Compare everybody who is due with every list in force; what follows is ordered for the ledger at once.

    Due is whoever is new, has a new name, or was compared with an older version of a list or other thresholds. A run
    that was interrupted is simply run again.
    """
    from genbo.bootstrap.screening import Screeners
    from genbo.cli.session import actor, office

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        screeners = Screeners(working)
        with output.progress("compare", screeners.due()) as bar:
            total = screeners.run(by=actor(), progress=lambda found: bar.done(found.screened))
        jobs = working.bulk.running()
        for job in jobs:
            working.bulk.run(job)
        working.read()
    for outcome, count in total.items():
        output.say(f"{outcome.value:<12} {count:>9,}")
    output.answer({"screened": {outcome.value: count for outcome, count in total.items()}})


@commands.command("show", epilog=EXAMPLES)
def show(
    most: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="How many findings at most.")
    ] = 100,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show the lists in force, what is due, whom something was found of, and the releases that wait. No names."""
    from genbo.bootstrap.screening import Screeners
    from genbo.cli.session import jst, office
    from genbo.storage.sanctions import SanctionsLists
    from genbo.storage.screenings import Screenings

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        due = Screeners(working).due()
        with working.house.database.read() as connection:
            lists = SanctionsLists(connection).in_force()
            thresholds = SanctionsLists(connection).thresholds()
            screenings = Screenings(connection)
            found = screenings.open(most=most)
            released = screenings.releases({each.screening.investor for each in found})
            waiting = screenings.proposals()
    output.table(
        ("list", "version", "published", "entries"),
        [
            (version.name, number, version.published, version.entries)
            for number, version in lists.values()
        ],
    )
    output.say(
        f"thresholds {thresholds.version}: possible from {thresholds.possible}, hit from {thresholds.hit}; "
        f"{due:,} comparisons are due"
    )
    rows = [
        (each.screening, any(release.covers(each.screening) for release in released))
        for each in found
    ]
    output.table(
        ("investor", "list", "outcome", "score", "entries", "compared", "released"),
        [
            (
                each.investor,
                each.list.name,
                each.outcome.value,
                each.score,
                ", ".join(match.entry for match in each.matches[:3]) or "-",
                jst(each.at),
                "yes" if over else "no",
            )
            for each, over in rows
        ],
    )
    output.table(
        ("waiting", "investor", "list", "ground", "proposed by"),
        [
            (
                each.id,
                each.proposal.screening.investor,
                each.proposal.screening.list.name,
                each.proposal.ground.value,
                each.proposal.maker,
            )
            for each in waiting
        ],
    )
    output.answer(
        {
            "lists": [
                {
                    "name": version.name,
                    "number": number,
                    "published": version.published,
                    "digest": version.digest,
                    "entries": version.entries,
                }
                for number, version in lists.values()
            ],
            "thresholds": {
                "version": thresholds.version,
                "possible": thresholds.possible,
                "hit": thresholds.hit,
                "birth_years": thresholds.birth_years,
            },
            "due": due,
            "found": [
                {
                    "investor": each.investor,
                    "list": each.list.name,
                    "published": each.list.published,
                    "outcome": each.outcome.value,
                    "score": each.score,
                    "unread": each.unread,
                    "trigger": each.trigger.value,
                    "at": each.at,
                    "by": each.by,
                    "released": over,
                    "matches": [
                        {
                            "entry": match.entry,
                            "score": match.score,
                            "basis": match.basis.value,
                            "birth": match.birth.value,
                            "kind": match.kind.value,
                        }
                        for match in each.matches
                    ],
                }
                for each, over in rows
            ],
            "waiting": [
                {
                    "proposal": each.id,
                    "investor": each.proposal.screening.investor,
                    "list": each.proposal.screening.list.name,
                    "ground": each.proposal.ground.value,
                    "maker": each.proposal.maker,
                    "at": each.proposal.at,
                }
                for each in waiting
            ],
        }
    )


@commands.command("thresholds", epilog=EXAMPLES)
def thresholds(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="A version not used before.")],
    possible: Annotated[int, typer.Option(help="Score from which a match is possible, 1 to 100.")],
    hit: Annotated[int, typer.Option(help="Score from which a match is a hit.")],
    birth_years: Annotated[
        int, typer.Option(max=100, help="Years by which two years of birth may differ.")
    ] = 1,
    people: Annotated[
        list[str],
        typer.Option("--by", help="For looser ones the names of two who may release; else yours."),
    ] = [],  # noqa: B006 (typer copies it)
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Bring other thresholds into force: everybody is due again. To make them looser takes two persons."""
    from genbo.bootstrap.thresholds import set_thresholds
    from genbo.cli.session import actor, office
    from genbo.compliance.screening import Thresholds

    output = Output(as_json=as_json, language=lang)
    new = Thresholds(version=version, possible=possible, hit=hit, birth_years=birth_years)
    with office(read=False) as working:
        set_thresholds(working, new, by=people or [actor()])
    output.say(f"thresholds {version} are in force; everybody is due again")
    output.answer({"version": version, "possible": possible, "hit": hit})


@commands.command("propose-release", epilog=EXAMPLES)
def propose_release(
    investor: Annotated[
        str, typer.Argument(metavar="INVESTOR", help="Id of the investor (投資家ID).")
    ],
    list_name: Annotated[str, typer.Option("--list", help="Which list.")],
    ground: Annotated[Ground, typer.Option(help="Why it does not stand in the way.")],
    evidence: Annotated[
        str, typer.Option(help="SHA-256 of the file in which the decision is argued, 0x...")
    ],
    by: By,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose that what was found last does not stand in the way. Somebody else approves it."""
    from genbo.bootstrap.screening import propose
    from genbo.cli.session import office
    from genbo.kernel import InvestorId

    output = Output(as_json=as_json, language=lang)
    digest = _digest(evidence)
    with office(read=False) as working:
        made = propose(
            working, InvestorId(investor), list_name, ground=ground, evidence=digest, by=by
        )
    output.say(f"{made.id} waits for somebody else: genbo screening approve-release {made.id}")
    output.answer({"proposal": made.id, "investor": investor, "list": list_name, "maker": by})


@commands.command("approve-release", epilog=EXAMPLES)
def approve_release(
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="Id of the proposal.")],
    by: By,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Approve a release that somebody else proposed; the ledger is restored by an act that both of you sign."""
    from genbo.bootstrap.screening import approve
    from genbo.cli.session import office
    from genbo.governance import JobKind
    from genbo.storage.jobs import Jobs

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        release = approve(working, proposal, by=by)
        with working.house.database.read() as connection:
            running = Jobs(connection, working.deployment.chain_id).all(running=True)
        ours = [
            each.job.id
            for each in running
            if each.job.kind is JobKind.VERDICT and each.job.key.startswith(f"release-{proposal}/")
        ]
        restored = sum(working.bulk.run(job).done for job in ours)
        working.read()
    output.say(f"{release.investor}: released; {restored:,} addresses restored on the ledger")
    answer: dict[str, Any] = {
        "proposal": proposal,
        "investor": release.investor,
        "maker": release.proposal.maker,
        "approver": release.approver,
        "restored": restored,
    }
    output.answer(answer)


def _read(file: Path, form: Format, name: str, published: str | None) -> Any:
    from datetime import date

    from genbo.kernel import Fault, Reason, Refusal
    from genbo.providers import sanctions

    if form is Format.OFAC:
        return sanctions.read_ofac_sdn(file, name=name)
    try:
        day = date.fromisoformat(published or "")
    except ValueError:
        raise Fault(
            Reason.COMMAND_INVALID,
            problem="--published is needed, as YYYY-MM-DD",
            help="genbo screening load --help",
        ) from None
    reader = (
        sanctions.read_opensanctions_csv
        if form is Format.OPENSANCTIONS
        else sanctions.read_followthemoney
    )
    if day.year < 2000:
        raise Refusal(Reason.FIELD_INVALID, field="published", value=published, allowed="a day")
    return reader(file, name=name, published=day)


def _digest(text: str) -> Any:
    import re

    from genbo.kernel import Digest, Reason, Refusal

    if not re.fullmatch("0x[0-9a-f]{64}", text):
        raise Refusal(
            Reason.FIELD_INVALID,
            field="evidence",
            value=text[:70],
            allowed="0x and 64 digits of hex",
        )
    return Digest(text)
