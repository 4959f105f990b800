"""Findings: what the invariants came to, for people and for machines."""

from collections.abc import Sequence
from typing import Any

from genbo.cli.differences import difference_document
from genbo.cli.output import Output
from genbo.cli.session import block_line
from genbo.kernel import BlockStamp
from genbo.reconciliation.difference import Difference
from genbo.reconciliation.invariants import Finding


def say_findings(output: Output, findings: Sequence[Finding], stamp: BlockStamp) -> None:
    """The findings one by one."""
    output.say(block_line(stamp))
    if not findings:
        output.say("no product yet: nothing to compare")
    for finding in findings:
        mark, style = ("holds", "green") if finding.holds else ("BROKEN", "bold red")
        output.say(
            f"{mark:>7}  {finding.product or 'system'}  {finding.invariant:>2}. {finding.sentence}",
            style,
        )
        for line in finding.evidence:
            output.say(f"             {line}")


def findings_document(
    findings: Sequence[Finding], stamp: BlockStamp, first: Difference | None = None
) -> dict[str, Any]:
    """The findings as one document, with where accounts of one truth first part."""
    return {
        "block": stamp,
        "holds": all_hold(findings),
        "first_difference": difference_document(first),
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
