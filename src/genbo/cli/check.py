"""`genbo check`: do chain, register, replay and audit chain agree?"""

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

EXAMPLES = examples("genbo check", "genbo check --json | jq .holds", "genbo check --lang ja")


def check(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Compare chain, register and a replay of the events, verify the audit chain: invariants 1 to 3, 5, 6, 8 to 11.

    First the deployment itself is verified: bytecode, wiring of duties, owners of the Safes. Then the register is
    read up to the latest block and compared, while the system goes on working; nothing stored is changed.

    Where accounts of one truth differ, the first difference is explained: holder, address, product, block, what was
    expected and what was found.

    Exit code 0: everything holds. 1: an invariant does not hold; it is named, with the figures. 2: the deployment
    is not what its record says, or something cannot be reached.
    """
    from genbo.bootstrap.check import check_system
    from genbo.bootstrap.explanation import first_difference
    from genbo.bootstrap.founding import require_recorded
    from genbo.bootstrap.settled import settled
    from genbo.chain.verify import require
    from genbo.cli.differences import say_difference
    from genbo.cli.findings import all_hold, findings_document, say_findings
    from genbo.cli.session import final_line, office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        require_recorded(working)
        require(working.house.node, working.deployment)
        working.read()
        house, deployment = working.house, working.deployment
        checked = check_system(house, deployment)
        inspection, findings = checked.inspection, checked.findings
        first = None
        if not all_hold(findings):
            first = first_difference(house.node, house.database, deployment, inspection)
        standing = settled(house, inspection.stamp)
    say_findings(output, findings, inspection.stamp)
    if first is not None:
        say_difference(output, first)
    output.say(f"final {final_line(standing)}")
    output.answer({**findings_document(findings, inspection.stamp, first), **standing.document()})
    if not all_hold(findings):
        raise typer.Exit(1)
