"""`genbo case`: differences between firms' books and the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.reconciliation.case import DifferenceCase

LINES = (
    "genbo case list --institution R1",
    "genbo case list --institution R1 --state escalated",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Difference cases (差異調査).", epilog=EXAMPLES)

_MOST = 10_000


@commands.callback()
def case() -> None:
    """Difference cases (差異調査): where a firm's book and the register differ, until the cause is known."""


@commands.command("list", epilog=examples_of("case list", LINES))
def list_cases(
    institution: Annotated[
        str,
        typer.Option(
            help="Whose cases: of its own books, or of books whose keys or register it keeps."
        ),
    ],
    state: Annotated[
        str | None, typer.Option(help="Only those: open, escalated or closed.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List the cases that an institution sees, the oldest first, with both numbers and the block."""
    from genbo.cli.session import jst, office
    from genbo.governance.institutions import InstitutionId
    from genbo.kernel import Reason, Refusal
    from genbo.reconciliation.case import CaseState
    from genbo.storage.cases import DifferenceCases

    output = Output(as_json=as_json, language=lang)
    if state is not None and state not in set(CaseState):
        raise Refusal(
            Reason.FIELD_INVALID, field="state", value=state[:64], allowed=", ".join(CaseState)
        )
    with office(read=False) as working, working.house.database.read() as connection:
        found = DifferenceCases(connection).of(
            InstitutionId(institution),
            states=[] if state is None else [CaseState(state)],
            most=_MOST,
        )
    output.table(
        ("case", "state", "due", "product", "holder", "register", "book", "block"),
        [
            (
                each.id,
                each.state.value,
                jst(each.due_at),
                each.product,
                each.holder,
                f"{each.register:,}",
                f"{each.book:,}",
                each.block.number,
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} cases")
    output.answer({"cases": [_document(each) for each in found]})


def _document(found: DifferenceCase) -> dict[str, Any]:
    return {
        "case": found.id,
        "institution": found.institution,
        "product": found.product,
        "holder": found.holder,
        "register": int(found.register),
        "book": int(found.book),
        "block": found.block,
        "state": found.state.value,
        "due_at": found.due_at,
        "cause": found.cause,
    }
