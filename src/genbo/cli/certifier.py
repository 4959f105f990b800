"""`genbo certifier`: whose signature makes a balance certificate of a custodian."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.kernel import Address
    from genbo.storage.certificates import Certifier

LINES = (
    "genbo certifier take C1 0x52...4c --evidence notice.pdf --as repair-1",
    "genbo certifier approve C1 0x52...4c --as repair-2",
    "genbo certifier end C1 0x52...4c --as repair-1",
    "genbo certifier list",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Who signs balance certificates (残高証明の署名者).", epilog=EXAMPLES)

Custodian = Annotated[str, typer.Argument(metavar="CUSTODIAN", help="Id of the custodian.")]
Account = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Address of the key, as the custodian told it.")
]
Name = Annotated[str, typer.Option("--as", help="Name of the key of who does it, e.g. repair-1.")]


@commands.callback()
def certifier() -> None:
    """Certifiers (残高証明の署名者): keys of custodians, which are nowhere here; one takes one, another approves."""


@commands.command("take", epilog=examples_of("certifier take", LINES))
def take(
    custodian: Custodian,
    account: Account,
    evidence: Annotated[
        str,
        typer.Option(
            help="The custodian's notice that the key is its own: a file, or its SHA-256 (0x...)."
        ),
    ],
    name: Name,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Take a key that will certify balances for a custodian; somebody else approves it."""
    from genbo.bootstrap.balance_certificates import take_certifier
    from genbo.cli.session import office
    from genbo.cli.staff import digest_of
    from genbo.governance.institutions import InstitutionId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        found = take_certifier(
            working,
            InstitutionId(custodian),
            _address(account),
            evidence=digest_of(evidence),
            by=working.require_person(name),
        )
    _say(output, found)


@commands.command("approve", epilog=examples_of("certifier approve", LINES))
def approve(
    custodian: Custodian,
    account: Account,
    name: Name,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Approve a key, as somebody other than who took it."""
    from genbo.bootstrap.balance_certificates import approve_certifier
    from genbo.cli.session import office
    from genbo.governance.institutions import InstitutionId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        by = working.require_person(name)
        found = approve_certifier(working, InstitutionId(custodian), _address(account), by=by)
    _say(output, found)


@commands.command("end", epilog=examples_of("certifier end", LINES))
def end(
    custodian: Custodian,
    account: Account,
    name: Name,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """End a key: it certifies nothing more. What it signed stays as it is."""
    from genbo.bootstrap.balance_certificates import end_certifier
    from genbo.cli.session import office
    from genbo.governance.institutions import InstitutionId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        by = working.require_person(name)
        found = end_certifier(working, InstitutionId(custodian), _address(account), by=by)
    _say(output, found)


@commands.command("list", epilog=examples_of("certifier list", LINES))
def list_certifiers(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List the keys."""
    from genbo.cli.session import office
    from genbo.storage.certificates import Certifiers

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        found = Certifiers(connection).all()
    output.table(
        ("custodian", "account", "state", "taken by", "approved by"),
        [
            (
                each.institution,
                each.account,
                _state(each),
                each.proposed_by,
                each.approved_by or "-",
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} keys")
    output.answer({"certifiers": [_document(each) for each in found]})


def _address(text: str) -> Address:
    import re

    from genbo.chain.contracts.base import as_address
    from genbo.kernel import Reason, Refusal

    if not re.fullmatch(r"0x[0-9a-fA-F]{40}", text):
        raise Refusal(
            Reason.FIELD_INVALID,
            field="account",
            value=text[:64],
            allowed="0x and 40 hexadecimal digits",
        )
    return as_address(text.lower())


def _say(output: Output, found: Certifier) -> None:
    output.say(f"{found.account} of {found.institution}: {_state(found)}")
    output.answer(_document(found))


def _state(found: Certifier) -> str:
    if found.ended_at is not None:
        return "ended"
    return "waits for approval" if found.approved_at is None else "counts"


def _document(found: Certifier) -> dict[str, Any]:
    return {
        "custodian": found.institution,
        "account": found.account,
        "counts": found.counts,
        "evidence": found.evidence,
        "proposed_by": found.proposed_by,
        "approved_by": found.approved_by,
        "ended_by": found.ended_by,
    }
