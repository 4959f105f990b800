"""Chapters 14 and 16: the registers of every record date, and redemption to zero."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from genbo.bootstrap.corporate_actions import Decision, approve
from genbo.bootstrap.distributions import approve as approve_run
from genbo.bootstrap.printing import print_provenance, print_register
from genbo.bootstrap.record_dates import fix_record_date
from genbo.bootstrap.redemptions import carry_out_redemption, decide_redemption
from genbo.bootstrap.register_output import Asker, issue_register
from genbo.chain.desk import Done
from genbo.cli.files.written import write_file
from genbo.cli.life.stage import Stage, evidence, papers
from genbo.compliance.reasons import Language
from genbo.entitlements import RedemptionTerms, per_unit
from genbo.governance import Duty, JobKind
from genbo.governance.inspection import inspection_request
from genbo.governance.job import Progress
from genbo.kernel import Address, Reason, end_of_day
from genbo.providers.calendar import is_bank_holiday
from genbo.register import Step
from genbo.reporting import Extent, Form
from genbo.storage.jobs import Jobs
from genbo.storage.products import Products
from genbo.token import MovementKind, ProductTerms

LAST_DAY = date(2024, 7, 31)
"""The day before redemption: the last record date."""
REDEMPTION = "REDEEM-2024-1"
LAST_INCOME = Decimal("12345.678")
"""Yen of profit on a unit after the split; invented, as what the property brought is not published."""


def registers(stage: Stage, terms: ProductTerms, out: Path) -> list[dict[str, Any]]:
    """The register as of every record date, however long ago: CSV and JSON, with names from the vault; of the first the
    statutory document as well."""
    stage.chapter("14. The register (原簿) as of every record date", "2024-08-01 10:00:00")
    days = terms.record_dates(until=LAST_DAY, is_holiday=is_bank_holiday)
    rows: list[dict[str, Any]] = []
    with stage.output.progress("registers", len(days)) as bar:
        for day in days:
            document = print_register(
                stage.office,
                stage.product,
                as_of=end_of_day(day),
                actor="registration-1",
                names=True,
                now=stage.office.now().at,
            )
            write_file(out / f"register-{day}.csv", document.as_csv(), personal=True)
            write_file(out / f"register-{day}.json", document.as_json(), personal=True)
            rows.append(
                {
                    "record_date": day.isoformat(),
                    "holders": document.holders,
                    "total_issued": int(document.total),
                    "block": document.stamp.number,
                    "digest": document.digest(),
                }
            )
            bar.done()
    stage.output.table(
        ("record date, 24:00 JST", "holders", "total issued", "block", "digest"),
        [
            (
                row["record_date"],
                row["holders"],
                row["total_issued"],
                row["block"],
                row["digest"][:18],
            )
            for row in rows
        ],
    )
    _statutory(stage, days[0], out)
    return rows


def _statutory(stage: Stage, day: date, out: Path) -> None:
    issued = issue_register(
        stage.office,
        stage.product,
        as_of=end_of_day(day),
        extent=Extent.FULL,
        form=Form.PDF,
        language=Language.JA,
        request=inspection_request(requester=f"RECORD-DATE-{day}", reason="権利確定日の原簿"),
        asker=Asker(by="registration-1", at=stage.office.now().at),
    )
    write_file(out / f"register-{day}.pdf", issued.content, personal=True)
    register = issued.register
    stage.say(
        f"{register.title.ja} ({register.title.en}) of {day}: register-{day}.pdf; who asked for it and why: "
        f"{issued.inspection.id}"
    )


def provenance(stage: Stage, out: Path) -> dict[str, Any]:
    """Where every unit comes from, step by step from the issue (R-JSTOA-6.2.1.1); for one creditor, told."""
    document = print_provenance(stage.office, stage.product, as_of=end_of_day(LAST_DAY))
    write_file(out / f"provenance-{LAST_DAY}.csv", document.as_csv())
    write_file(out / f"provenance-{LAST_DAY}.json", document.as_json())
    names = {
        address: name
        for address, investor in document.investors.items()
        for name, known in stage.people.items()
        if known == investor
    }
    stage.say(f"provenance of {len(document.lots):,} lots: provenance-{LAST_DAY}.csv and .json")
    for each in document.lots:
        if names.get(each.lot.address) == "H600":
            stage.say(
                f"  {int(each.lot.units):,} units of H600, acquired {each.lot.acquired}: "
                + " > ".join(_told(step, names) for step in each.steps)
            )
    return {
        "as_of": LAST_DAY,
        "lots": len(document.lots),
        "units": sum(int(each.lot.units) for each in document.lots),
        "digest": document.digest(),
    }


def redeem(stage: Stage) -> None:
    """Action 4, decided by one, approved by another and carried out to zero, which ends the product; its payment in two
    parts, the principal and a last distribution."""
    stage.chapter("16. Redemption to zero (償還)", "2024-08-30 10:00:00")
    office, product = stage.office, stage.product
    fixed, _ = fix_record_date(office, product, LAST_DAY, by="registration-1")
    stage.say(f"holders of {LAST_DAY} fixed: {fixed.holders:,} with {int(fixed.units):,} units")
    with office.house.database.read() as connection:
        price = Products(connection).get(product).terms.unit_price_yen
    decision = Decision(
        id=REDEMPTION,
        product=product,
        day=date(2024, 8, 30),
        resolution="償還通知 2024-08",
        evidence=evidence("償還通知 2024-08"),
    )
    amounts = per_unit(capital=Decimal(price), income=LAST_INCOME)
    terms = RedemptionTerms(record_day=LAST_DAY, amounts=amounts)
    decide_redemption(office, decision, terms, maker="issue-1")
    stage.refused(
        "its maker approves it",
        lambda: approve(office, REDEMPTION, name="issue-1"),
        Reason.SAME_PERSON,
    )
    approve(office, REDEMPTION, name="issue-2")
    with stage.output.progress("redeem", fixed.holders) as bar:
        done = 0

        def further(now: Progress) -> None:
            nonlocal done
            bar.done(now.done - done)
            done = now.done

        carry_out_redemption(office, REDEMPTION, by="registration-1", progress=further)
    for each in _batches(stage):
        stage.note(each)
    stage.say(
        f"{fixed.holders:,} holders redeemed; total issued {stage.token.total_supply().value}"
    )
    sums = approve_run(office, REDEMPTION, name="issue-2").totals
    stage.say(
        f"to be paid: {sums.capital:,} yen of principal, untaxed, and {sums.income:,} of profit, less taxes of "
        f"{sums.income_tax:,} and {sums.local_tax:,}; {sums.net:,} yen to {sums.payees:,} payees"
    )
    stage.refused(
        "an issue after the end",
        lambda: office.act(
            stage.token.issue([stage.account("DS1")], [1], papers("ISSUE-3", "-")),
            Duty.ISSUER,
            product=product,
        ),
        Reason.PRODUCT_ENDED,
    )


def _batches(stage: Stage) -> list[Done]:
    """The acts that ended the units."""
    office = stage.office
    with office.house.database.read() as connection:
        stored = Jobs(connection, office.deployment.chain_id).all()
    jobs = [each.job for each in stored if each.job.kind is JobKind.REDEEM]
    return [done for job in jobs for _, done in office.carry_out(job.id)]


def redeem_too_early(stage: Stage) -> None:
    """Redemption waits for its day (R-JSTOA-6.1.1.4c)."""
    stage.refused(
        "redemption before its date",
        lambda: stage.office.act(
            stage.token.redeem_all([stage.account("H1")], papers("REDEEM-0", "-")),
            Duty.ISSUER,
            product=stage.product,
        ),
        Reason.REDEMPTION_NOT_DUE,
    )


def _told(step: Step, names: Mapping[Address, str]) -> str:
    kind = step.kind.name.lower()
    if step.kind is MovementKind.SPLIT:
        return f"{kind} to {int(step.units):,}"
    return f"{kind} {int(step.units):,} to {names.get(step.address, step.address)}"
