"""Runs as tables for people and documents for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbo.cli.output import Output

if TYPE_CHECKING:
    from genbo.bootstrap.roots import Anchored
    from genbo.entitlements import Payment, Run, YenToken


def say_run(output: Output, run: Run, anchored: Anchored | None = None) -> None:
    """One run as a table."""
    from genbo.cli.session import block_line, jst

    sums = run.totals
    rows: list[tuple[str, str]] = [
        ("distribution", run.id),
        ("state", run.state.value),
        ("product", run.product),
        ("record date", str(run.record_day)),
        ("payable", str(run.payment_day)),
        ("per unit", _per_unit(run)),
        ("payees, units", f"{sums.payees:,}, {int(sums.units):,}"),
        ("gross", f"{sums.gross:,} (capital {sums.capital:,})"),
        ("income tax", f"{sums.income_tax:,}"),
        ("local tax", f"{sums.local_tax:,}"),
        ("net", f"{sums.net:,}"),
        ("to pay", f"{sums.to_pay:,}"),
        ("remainder", f"{sums.remainder.normalize():f}"),
        ("root", run.root),
        ("made", f"{jst(run.made_at)} by {run.maker}: {run.why}"),
    ]
    if run.token is not None:
        rows.append(("paid in", f"{run.token.cash} by {run.token.payer}"))
    if run.corrects is not None:
        rows.append(("corrects", f"{run.corrects}, to reclaim {sums.to_reclaim:,}"))
    if run.decided_at is not None:
        rows.append((run.state.value, f"{jst(run.decided_at)} by {run.decided_by}"))
    if anchored is not None:
        rows.append(("anchored", block_line(anchored.stamp)))
    output.table(("", ""), rows)


def run_document(run: Run) -> dict[str, Any]:
    """One run for machines; amounts with decimals are text."""
    sums = run.totals
    return {
        "distribution": run.id,
        "state": run.state.value,
        "product": run.product,
        "record_day": run.record_day,
        "payment_day": run.payment_day,
        "corrects": run.corrects,
        "income_per_unit": f"{run.amounts.income:f}",
        "capital_per_unit": f"{run.amounts.capital:f}",
        "points_per_unit": f"{run.amounts.points:f}",
        "payees": sums.payees,
        "units": int(sums.units),
        "gross": sums.gross,
        "income": sums.income,
        "capital": sums.capital,
        "income_tax": sums.income_tax,
        "local_tax": sums.local_tax,
        "net": sums.net,
        "points": sums.points,
        "to_pay": sums.to_pay,
        "to_reclaim": sums.to_reclaim,
        "remainder": f"{sums.remainder.normalize():f}",
        "digest": run.digest,
        "root": run.root,
        "why": run.why,
        "maker": run.maker,
        "made_at": run.made_at,
        "decided_by": run.decided_by,
        "decided_at": run.decided_at,
        "command": run.command,
        "yen_token": token_document(run.token),
    }


def say_runs(output: Output, runs: list[Run]) -> None:
    """Runs as a list."""
    output.table(
        (
            "distribution",
            "product",
            "record date",
            "payable",
            "state",
            "payees",
            "to pay",
            "corrects",
        ),
        [
            (
                each.id,
                each.product,
                each.record_day.isoformat(),
                each.payment_day.isoformat(),
                each.state.value,
                each.totals.payees,
                each.totals.to_pay,
                each.corrects or "-",
            )
            for each in runs
        ],
    )
    output.answer({"distributions": [run_document(each) for each in runs]})


def token_document(token: YenToken | None) -> dict[str, Any] | None:
    """A yen token for machines."""
    if token is None:
        return None
    return {
        "chain_id": token.chain_id,
        "cash": token.cash,
        "decimals": token.decimals,
        "payer": token.payer,
    }


def line_document(each: Payment) -> dict[str, Any]:
    """One payee line for machines."""
    line = each.line
    return {
        "line": line.number,
        "holder": line.holder,
        "units": int(line.units),
        "category": line.category.value,
        "income": line.income,
        "capital": line.capital,
        "income_tax": line.income_tax,
        "local_tax": line.local_tax,
        "points": line.points,
        "due": line.due,
        "state": each.state.value,
        "hold": line.hold,
        "way": each.way.value,
    }


def _per_unit(run: Run) -> str:
    words = [f"{run.amounts.income.normalize():f} yen"]
    if run.amounts.capital:
        words.append(f"capital {run.amounts.capital.normalize():f} yen")
    if run.amounts.points:
        words.append(f"{run.amounts.points.normalize():f} points")
    return ", ".join(words)
