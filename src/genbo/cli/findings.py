"""Findings: what the invariants came to, for people and for machines."""

from collections.abc import Sequence
from typing import Any

from genbo.cli.output import Output
from genbo.cli.session import block_line
from genbo.kernel import BlockStamp
from genbo.reconciliation.invariants import Finding


def say_findings(output: Output, findings: Sequence[Finding], stamp: BlockStamp) -> None:
    """The findings one by one."""
    output.say(block_line(stamp))
    if not findings:
        output.say("no product yet: nothing to compare")
    for finding in findings:
        mark, style = ("holds", "green") if finding.holds else ("BROKEN", "bold red")
        output.say(
            f"{mark:>7}  {finding.product}  {finding.invariant:>2}. {finding.sentence}", style
        )
        for line in finding.evidence:
            output.say(f"             {line}")


def findings_document(findings: Sequence[Finding], stamp: BlockStamp) -> dict[str, Any]:
    """The findings as one document."""
    return {
        "block": stamp,
        "holds": all_hold(findings),
        "findings": [
            {
                "product": finding.product,
                "invariant": finding.invariant,
                "sentence": finding.sentence,
                "holds": finding.holds,
                "evidence": list(finding.evidence),
            }
            for finding in findings
        ],
    }


def all_hold(findings: Sequence[Finding]) -> bool:
    """Whether nothing was found broken."""
    return all(finding.holds for finding in findings)
