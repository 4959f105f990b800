"""The first difference, for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbo.cli.output import Output

if TYPE_CHECKING:
    from genbo.reconciliation.difference import Difference


def say_difference(output: Output, difference: Difference) -> None:
    """Where two accounts part, for people."""
    where = f"block {difference.block:,}"
    if difference.log_index is not None:
        where += f", log {difference.log_index}"
    output.say(f"FIRST DIFFERENCE: {where}: {difference.what}", "bold red")
    for name, value in (
        ("product", difference.product),
        ("holder", difference.investor),
        ("address", difference.address),
        ("expected", difference.expected),
        ("found", difference.found),
        ("note", difference.note),
    ):
        if value is not None:
            output.say(f"    {name:<9}{value}")


def difference_document(difference: Difference | None) -> dict[str, Any] | None:
    """Where two accounts part, for machines; None when they do not."""
    if difference is None:
        return None
    return {
        "product": difference.product,
        "holder": difference.investor,
        "address": difference.address,
        "block": difference.block,
        "log_index": difference.log_index,
        "exact": difference.exact,
        "what": difference.what,
        "expected": difference.expected,
        "found": difference.found,
        "note": difference.note,
    }
