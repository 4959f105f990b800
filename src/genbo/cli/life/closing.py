"""Chapters 14 and 16: the registers of every record date, and redemption to zero."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from genbo.bootstrap.printing import print_provenance, print_register
from genbo.bootstrap.register_output import Asker, issue_register
from genbo.cli.files.written import write_file
from genbo.cli.life.stage import Stage, papers
from genbo.compliance.reasons import Language
from genbo.governance import Duty
from genbo.governance.inspection import inspection_request
from genbo.kernel import Address, Reason, end_of_day
from genbo.providers.calendar import is_bank_holiday
from genbo.register import Step
from genbo.reporting import Extent, Form
from genbo.storage.products import Products
from genbo.storage.register import Register
from genbo.token import MovementKind, ProductStatus, ProductTerms

HOLDERS_AT_ONCE = 200
LAST_DAY = date(2024, 7, 31)
"""The day before redemption: the last record date."""


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
    """Action 4: refused before its day, then to zero, which ends the product."""
    stage.chapter("16. Redemption to zero (償還)", "2024-08-30 10:00:00")
    token = stage.token
    with stage.office.house.database.read() as connection:
        positions = Register(connection, stage.office.deployment.chain_id).positions(stage.product)
    holders = [position.address for position in positions if position.units]

    def batch_by_batch() -> Any:
        for number, first in enumerate(range(0, len(holders), HOLDERS_AT_ONCE), 1):
            chunk = holders[first : first + HOLDERS_AT_ONCE]
            act = papers(f"REDEEM-{number}", "償還通知 2024-08")
            done = stage.office.act(
                token.redeem_all(chunk, act), Duty.ISSUER, product=stage.product, ref=act.ref
            )
            yield len(chunk), done

    stage.bulk("redeem", len(holders), batch_by_batch())
    for status in (ProductStatus.REDEEMING, ProductStatus.REDEEMED):
        with stage.office.house.database.begin() as connection:
            Products(connection).move_on(
                stage.product, status, at=stage.office.now().at, by="issue-1"
            )
    stage.say(f"{len(holders)} holders redeemed; total issued {token.total_supply().value}")
    stage.refused(
        "an issue after the end",
        lambda: stage.office.act(
            token.issue([stage.account("DS1")], [1], papers("ISSUE-3", "-")),
            Duty.ISSUER,
            product=stage.product,
        ),
        Reason.PRODUCT_ENDED,
    )


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
