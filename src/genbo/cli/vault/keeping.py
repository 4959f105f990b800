"""`genbo vault retention`, `end`, `restrict`, `hold`, `lift`, `erase`, `approve`: how long somebody is kept, and
erasure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.erasure import Erasures
    from genbo.compliance.privacy import RetentionRules
    from genbo.governance import Stored
    from genbo.storage.retention import Retention

Investor = Annotated[str, typer.Argument(metavar="INVESTOR", help="Investor id (投資家ID).")]
Ground = Annotated[str, typer.Option(help="Reference of the decision or request.")]
Name = Annotated[str, typer.Option("--as", help="Name of the key that signs, e.g. repair-1.")]
Day = Annotated[str, typer.Option(metavar="DAY", help="A day, such as 2029-03-31.")]

_RETENTION = examples("genbo vault retention IV-0001", "genbo vault retention IV-0001 --json")
_END = examples("genbo vault end IV-0001 --on 2029-03-31 --evidence-ref END-77")
_RESTRICT = examples("genbo vault restrict IV-0001 --ground REQUEST-12")
_HOLD = examples("genbo vault hold IV-0001 --reference SUIT-3 --until 2031-12-31")
_LIFT = examples("genbo vault lift IV-0001 --reference SUIT-3 --ground SETTLED-4")
_ERASE = examples(
    "genbo vault erase IV-0001 --ground RET-2039-1 --evidence decision.pdf --as repair-1"
)
_APPROVE = examples("genbo vault approve 6f1c0e5f2a3b4c5d6e7f8091a2b3c4d5 --as repair-2")


def retention(who: Investor, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show every ground to keep an investor's personal data (保存の根拠), and the first day it may be erased."""
    from genbo.cli.session import office
    from genbo.compliance.privacy import earliest_erasure, kept_for
    from genbo.kernel import InvestorId
    from genbo.storage.retention import Retention

    output = Output(as_json=as_json, language=lang)
    with office() as working, working.house.database.begin() as connection:
        facts = Retention(connection).kept(InvestorId(who))
        since = Retention(connection).restricted_since(InvestorId(who))
    rules = _rules()
    grounds = kept_for(facts, rules)
    earliest = earliest_erasure(facts, rules)
    output.table(
        ("ground", "reference", "kept until"),
        [(each.ground.value, each.reference or "-", str(each.until or "open")) for each in grounds],
    )
    output.say(
        f"may be erased: {f'from {earliest} on' if earliest else 'not yet, a ground is open'}"
    )
    output.say(f"use restricted: {'no' if since is None else f'since {since:%Y-%m-%d}'}")
    output.answer(
        {
            "investor": who,
            "grounds": [
                {"ground": each.ground, "reference": each.reference, "until": each.until}
                for each in grounds
            ],
            "earliest_erasure": earliest,
            "restricted_since": since,
        }
    )


def end(
    who: Investor,
    on: Day,
    evidence_ref: Annotated[str, typer.Option(help="Reference of the document.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Record that the contract with an investor ended (契約終了); use of the data is restricted from now on."""
    from genbo.cli.session import actor
    from genbo.kernel import InvestorId

    output = Output(as_json=as_json, language=lang)
    with _retention() as (kept, at):
        kept.end_relation(
            InvestorId(who),
            ended_on=_day("on", on),
            evidence_ref=evidence_ref,
            at=at,
            by=actor(),
        )
    output.say(f"the contract with {who} ended on {on}; use is restricted")
    output.answer({"investor": who, "ended_on": on})


def restrict(
    who: Investor, ground: Ground, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Restrict the use of an investor's personal data (利用制限) to what the law demands."""
    from genbo.cli.session import actor
    from genbo.kernel import InvestorId

    output = Output(as_json=as_json, language=lang)
    with _retention() as (kept, at):
        kept.restrict(InvestorId(who), ground=ground, at=at, by=actor())
    output.say(f"use of the personal data of {who} is restricted")
    output.answer({"investor": who, "ground": ground})


def hold(
    who: Investor,
    reference: Annotated[str, typer.Option(help="Reference of the dispute or order.")],
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Its last day, where it is known.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Place a legal hold (法的保全): the data is not erased while it stands."""
    from genbo.cli.session import actor
    from genbo.kernel import InvestorId

    output = Output(as_json=as_json, language=lang)
    with _retention() as (kept, at):
        kept.place_hold(
            InvestorId(who),
            reference=reference,
            until=None if until is None else _day("until", until),
            at=at,
            by=actor(),
        )
    output.say(f"the hold {reference} stands for {who}")
    output.answer({"investor": who, "reference": reference, "until": until})


def lift(
    who: Investor,
    reference: Annotated[str, typer.Option(help="Reference of the hold.")],
    ground: Ground,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Lift a legal hold; somebody else than who placed it."""
    from genbo.cli.session import actor
    from genbo.kernel import InvestorId

    output = Output(as_json=as_json, language=lang)
    with _retention() as (kept, at):
        kept.lift_hold(InvestorId(who), reference=reference, ground=ground, at=at, by=actor())
    output.say(f"the hold {reference} for {who} is lifted")
    output.answer({"investor": who, "reference": reference})


def erase(
    who: Investor,
    ground: Ground,
    evidence: Annotated[
        Path, typer.Option(help="The document of the decision; its digest is kept.")
    ],
    name: Name,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Order the erasure (消去) of an investor's personal data; somebody else approves it with `genbo vault approve`."""
    from genbo.kernel import Digest, Fault, InvestorId, Reason

    output = Output(as_json=as_json, language=lang)
    try:
        digest = Digest("0x" + hashlib.sha256(evidence.read_bytes()).hexdigest())
    except OSError as error:
        problem = error.strerror or "it cannot be read"
        raise Fault(Reason.FILE_UNREADABLE, file=str(evidence), problem=problem) from None
    with _erasures() as erasures:
        stored = erasures.propose(InvestorId(who), ground=ground, evidence=digest, maker=name)
    _say(output, stored)


def approve(
    command: Annotated[str, typer.Argument(metavar="ID", help="Id of the command (指図ID).")],
    name: Name,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Approve an erasure as somebody other than its maker: the data key is destroyed, for good."""
    from genbo.governance import CommandId

    output = Output(as_json=as_json, language=lang)
    with _erasures() as erasures:
        stored = erasures.approve(CommandId(command), name=name)
    _say(output, stored)


def add_to(commands: typer.Typer) -> None:
    """Joins these commands to `genbo vault`."""
    commands.command("retention", epilog=_RETENTION)(retention)
    commands.command("end", epilog=_END)(end)
    commands.command("restrict", epilog=_RESTRICT)(restrict)
    commands.command("hold", epilog=_HOLD)(hold)
    commands.command("lift", epilog=_LIFT)(lift)
    commands.command("erase", epilog=_ERASE)(erase)
    commands.command("approve", epilog=_APPROVE)(approve)


def _say(output: Output, stored: Stored) -> None:
    output.say(f"{stored.command.what}: {stored.state.value}, command {stored.id}")
    output.answer(
        {
            "command": stored.id,
            "state": stored.state,
            "what": stored.command.what,
            "maker": stored.command.maker,
            "approvers": list(stored.approvers),
        }
    )


def _rules() -> RetentionRules:
    from genbo.compliance.privacy import RetentionRules
    from genbo.config import read_settings

    return RetentionRules(book_years=read_settings().book_years)


@contextmanager
def _erasures() -> Iterator[Erasures]:
    from genbo.bootstrap.erasure import Erasures
    from genbo.cli.session import office

    with office() as working:
        yield Erasures(working, _rules())


@contextmanager
def _retention() -> Iterator[tuple[Retention, datetime]]:
    from genbo.cli.session import office
    from genbo.storage.retention import Retention

    with office(read=False) as working, working.house.database.begin() as connection:
        yield Retention(connection), working.house.now()


def _day(field: str, text: str) -> date:
    from genbo.cli.days import day_of
    from genbo.kernel import Reason, Refusal

    try:
        return day_of(text)
    except ValueError:
        raise Refusal(
            Reason.FIELD_INVALID, field=field, value=text[:40], allowed="a day such as 2029-03-31"
        ) from None
