"""`genbo distribution statements`, `points`, `coupons`, `tax`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.distribution.declaring import RunId
from genbo.cli.options import AsJson, Lang, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.statements import NamedStatement

LINES = (
    "genbo distribution statements 2022 --product SHIBUYA-JINNAN",
    "genbo distribution statements 2022 --names --csv statements.csv",
    "genbo distribution points D-2023-10 points.csv",
    "genbo distribution coupons --product SBI-ST-1",
    "genbo distribution coupons --face 100000 --rate 0.35 --issued 2021-04-27 --matures 2022-04-27",
    "genbo distribution tax IV-0003 exempt --from 2022-01-01 --evidence-ref TAX-12",
)
_COLUMNS = ("income", "capital", "income_tax", "local_tax", "net", "points")


def statements(
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1970, max=2105, help="The year.")],
    product: Annotated[
        str | None, typer.Option("--product", help="Only those of this product.")
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Open names and addresses; every opening is recorded.")
    ] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write one line for each payee and run.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show what each payee was owed and had withheld in a calendar year (支払通知書・支払調書の内容)."""
    from genbo.bootstrap.statements import yearly_statements
    from genbo.cli.files.written import write_file
    from genbo.cli.session import actor, office
    from genbo.kernel import ProductId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        found = yearly_statements(
            working,
            year,
            product=ProductId(product) if product else None,
            by=actor(),
            names=names,
        )
    if csv_file is not None:
        write_file(csv_file, _as_csv(found), personal=names)
    output.table(
        ("payee", *(("name",) if names else ()), "runs", *_COLUMNS),
        [
            (
                each.statement.holder,
                *((str(each.identity.name) if each.identity else "-",) if names else ()),
                len(each.statement.entries),
                *(getattr(each.statement.total, column) for column in _COLUMNS),
            )
            for each in found
        ],
    )
    output.say(f"{len(found):,} payees in {year}")
    output.answer({"year": year, "statements": [_document(each) for each in found]})


def points(
    run: RunId,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the list.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Write who gets how many points, for their provider (ポイント): ids and numbers, no account and no name."""
    from genbo.bootstrap.statements import points_list
    from genbo.cli.files.written import write_file
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        content = points_list(working, run)
    write_file(target, content)
    payees = content.count(b"\r\n") - 1
    output.say(f"points of {payees:,} payees are in {target}")
    output.answer({"distribution": run, "file": str(target), "payees": payees})


def coupons(
    product: Annotated[
        str | None, typer.Option("--product", help="Bond that is registered, by its own terms.")
    ] = None,
    face: Annotated[
        int | None, typer.Option("--face", min=1, help="Yen of one unit (各社債の金額).")
    ] = None,
    rate: Annotated[str | None, typer.Option("--rate", help="Per cent a year before tax.")] = None,
    issued: Annotated[
        str | None,
        typer.Option(
            "--issued", help="Payment date (払込期日); interest counts from the next day."
        ),
    ] = None,
    matures: Annotated[
        str | None, typer.Option("--matures", help="Redemption date (償還期限).")
    ] = None,
    periods: Annotated[int, typer.Option("--periods", help="Coupons a year: 1, 2, 4 or 12.")] = 2,
    first: Annotated[str | None, typer.Option("--first", help="The first due date.")] = None,
    end_of_month: Annotated[
        bool, typer.Option("--end-of-month", help="Due on the last days of months.")
    ] = False,
    points_rate: Annotated[
        str, typer.Option("--points-rate", help="Rate of points beside cash, per cent a year.")
    ] = "0",
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Compute the coupons of a bond (利払い): days, broken periods, yen per unit, paid on the business day before. Of a
    product by its terms, or of any bond by --face, --rate, --issued and --matures."""
    from genbo.bootstrap.coupons import coupons_of
    from genbo.bootstrap.record_dates import bank_calendar
    from genbo.cli.days import day_option
    from genbo.cli.distribution.declaring import amount_of
    from genbo.cli.session import office
    from genbo.entitlements import Bond
    from genbo.entitlements import coupons as schedule
    from genbo.kernel import Fault, ProductId, Reason

    output = Output(as_json=as_json, language=lang)
    bond = None
    if product is None:
        if face is None or rate is None or issued is None or matures is None:
            allowed = "--product, or --face, --rate, --issued and --matures"
            raise Fault(Reason.FIELD_MISSING, field="product", allowed=allowed)
        bond = Bond(
            face=face,
            rate=amount_of(rate, "rate"),
            points_rate=amount_of(points_rate, "points-rate"),
            issued=day_option(issued, "issued"),
            matures=day_option(matures, "matures"),
            periods=periods,
            first=day_option(first, "first") if first else None,
            end_of_month=end_of_month,
        )
    with office(read=False) as working:
        if bond is None:
            found = coupons_of(working, ProductId(str(product)))
        else:
            with working.house.database.read() as connection:
                found = schedule(bond, is_holiday=bank_calendar(connection).is_holiday)
    rows = [
        {
            "after": each.after,
            "due": each.due,
            "payable": each.payable,
            "days": each.days,
            "broken": each.is_broken,
            "per_unit": f"{each.per_unit.normalize():f}",
            "points_per_unit": f"{each.points_per_unit.normalize():f}",
        }
        for each in found
    ]
    output.table(tuple(rows[0]), [tuple(map(str, row.values())) for row in rows])
    output.answer({"coupons": rows})


def tax(
    investor: Annotated[str, typer.Argument(metavar="INVESTOR", help="Investor id (投資家ID).")],
    category: Annotated[
        str, typer.Argument(metavar="CATEGORY", help="individual, corporation or exempt (非課税).")
    ],
    start: Annotated[str, typer.Option("--from", help="For payments from that day on.")],
    evidence_ref: Annotated[
        str, typer.Option("--evidence-ref", help="Reference of the proof that was seen.")
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Record how an investor is taxed (税区分), where that is other than individual or corporation says."""
    from genbo.cli.days import day_option
    from genbo.cli.session import actor, office
    from genbo.entitlements import TaxCategory
    from genbo.kernel import Fault, InvestorId, Reason
    from genbo.storage.tax_categories import TaxCategories

    output = Output(as_json=as_json, language=lang)
    if category not in tuple(TaxCategory):
        allowed = ", ".join(TaxCategory)
        raise Fault(Reason.FIELD_INVALID, field="category", value=category[:32], allowed=allowed)
    effective = day_option(start, "from")
    with office(read=False) as working, working.house.database.begin() as connection:
        TaxCategories(connection).record(
            InvestorId(investor),
            TaxCategory(category),
            effective=effective,
            evidence_ref=evidence_ref,
            at=working.house.now(),
            by=actor(),
        )
    output.say(f"{investor} is taxed as {category} from {effective} on")
    output.answer({"investor": investor, "category": category, "effective": effective})


def add_to(commands: typer.Typer) -> None:
    """Adds these commands."""
    for function in (statements, points, coupons, tax):
        word = function.__name__
        commands.command(word, epilog=examples_of(f"distribution {word}", LINES))(function)


# Inside ----------------------------------------------------------------------------------------------


def _as_csv(found: list[NamedStatement]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(
        (
            *("holder", "name", "address", "product_id", "distribution_id", "corrects"),
            *("record_day", "payment_day", "units", *_COLUMNS),
        )
    )
    for each in found:
        who = each.identity
        name = (str(who.name), str(who.registered_address)) if who else ("", "")
        for entry in each.statement.entries:
            rows.writerow(
                (
                    *(each.statement.holder, *map(_harmless, name), entry.product, entry.run),
                    *(entry.corrects or "", entry.record_day, entry.payment_day, entry.units),
                    *(getattr(entry.amounts, column) for column in _COLUMNS),
                )
            )
    return "\ufeff".encode() + text.getvalue().encode()


def _harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _document(each: NamedStatement) -> dict[str, Any]:
    total = each.statement.total
    return {
        "holder": each.statement.holder,
        **(
            {}
            if each.identity is None
            else {
                "name": str(each.identity.name),
                "registered_address": str(each.identity.registered_address),
            }
        ),
        "total": {column: getattr(total, column) for column in _COLUMNS},
        "payments": [
            {
                "distribution": entry.run,
                "product": entry.product,
                "corrects": entry.corrects,
                "record_day": entry.record_day,
                "payment_day": entry.payment_day,
                "units": entry.units,
                **{column: getattr(entry.amounts, column) for column in _COLUMNS},
            }
            for entry in each.statement.entries
        ],
    }
