"""`genbo market`: when ordinary transfers run."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, ProductKey, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.bootstrap.market import MarketView
    from genbo.governance.market import Market

LINES = (
    "genbo market show",
    "genbo market show --as-of 2022-01-31T12:00",
    'genbo market hours 09:00-11:30 12:30-18:00 --from 2022-04-01 --why "new hours"',
    'genbo market override 2022-08-15 --holiday --why "the bank closes"',
    'genbo market close --why "an incident"',
    'genbo market open --why "repaired"',
    'genbo market group TC-DEMO --off --why "a file is late" --as repair-1 --as repair-2',
    'genbo market book --product SHIBUYA-JINNAN --cause record_date --days -1 0 --why "the contract"',
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="The market (市場): its hours, and who closed it.", epilog=EXAMPLES)

Why = Annotated[str, typer.Option("--why", help="The reason, for the records.")]
Operator = Annotated[
    str | None,
    typer.Option("--as", help="Name of the operator's key, e.g. market-1. Default: the first."),
]


@commands.callback()
def market() -> None:
    """The market (市場): hours, bank days, decisions and groups; transfers wait while it is closed."""


@commands.command("show", epilog=examples_of("market show", LINES))
def show(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="As it was known at that instant, e.g. 2022-01-31T12:00."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Show whether the market is open, since when and why, and when it opens next."""
    from genbo.bootstrap.market import market_known_at, market_now
    from genbo.cli.session import office
    from genbo.kernel import parse_as_of

    output = Output(as_json=as_json, language=lang)
    at = parse_as_of(as_of) if as_of else None
    with office() as working:
        if at is not None:
            known = market_known_at(working, at)
            _say_market(output, known, at, status=None)
        else:
            _say_view(output, market_now(working))


@commands.command("hours", epilog=examples_of("market hours", LINES))
def hours(
    sessions: Annotated[
        list[str],
        typer.Argument(metavar="HH:MM-HH:MM...", help="Hours of business days; none: closed."),
    ] = [],  # noqa: B006 (typer copies it)
    start: Annotated[
        str | None, typer.Option("--from", help="The first day, YYYY-MM-DD. Default: today.")
    ] = None,
    why: Why = "",
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Set the hours of business days from a day on. The versions before stay on record.

    `genbo up` then opens and closes the market on the ledger by itself.
    """
    from genbo.bootstrap.market import market_now, set_hours
    from genbo.cli.session import actor, office
    from genbo.governance.market import MarketHours
    from genbo.kernel import business_date

    output = Output(as_json=as_json, language=lang)
    _require_why(why)
    given = tuple(_session(each) for each in sessions)
    with office() as working:
        at = working.house.now()
        set_hours(
            working,
            MarketHours(
                effective=_day(start, "from") if start else business_date(at),
                sessions=given,
                by=actor(),
                at=at,
                why=why,
            ),
        )
        _say_view(output, market_now(working))


@commands.command("override", epilog=examples_of("market override", LINES))
def override(
    day: Annotated[str, typer.Argument(metavar="DAY", help="The day, YYYY-MM-DD.")],
    holiday: Annotated[
        bool, typer.Option("--holiday/--business-day", help="What the day is to be.")
    ] = True,
    why: Why = "",
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Make a day a bank holiday, or a business day, other than announced."""
    from genbo.bootstrap.market import market_now, override_day
    from genbo.cli.session import actor, office
    from genbo.governance.market import Override

    output = Output(as_json=as_json, language=lang)
    _require_why(why)
    on = _day(day, "day")
    with office() as working:
        override_day(
            working,
            Override(
                day=on, is_business_day=not holiday, by=actor(), at=working.house.now(), why=why
            ),
        )
        _say_view(output, market_now(working))


@commands.command("open", epilog=examples_of("market open", LINES))
def open_(
    why: Why, name: Operator = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Open the market (開局): at once within the hours, or where there are none; else when they begin.

    After a stop two others resume the platform first.
    """
    from genbo.bootstrap.market import open_market
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    _require_why(why)
    with office() as working:
        _say_view(output, open_market(working, why=why, by=name))


@commands.command("close", epilog=examples_of("market close", LINES))
def close(
    why: Why, name: Operator = None, as_json: AsJson = False, lang: Lang = Language.EN
) -> None:
    """Close the market (閉局), by one operator; the hours do not open it again before `genbo market open`."""
    from genbo.bootstrap.market import close_market
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    _require_why(why)
    with office() as working:
        _say_view(output, close_market(working, why=why, by=name))


@commands.command("group", epilog=examples_of("market group", LINES))
def group(
    name: Annotated[
        str,
        typer.Argument(metavar="GROUP", help="Id of the group (移転実行可否制御ID), e.g. TC-DEMO."),
    ],
    enabled: Annotated[
        bool, typer.Option("--on/--off", help="Whether its products may be transferred.")
    ],
    why: Why,
    people: Annotated[
        list[str],
        typer.Option("--as", help="Names of the two keys that sign. Default: the first two."),
    ] = [],  # noqa: B006 (typer copies it)
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Switch a transfer-enable group (移転実行可否制御) on or off; it takes two persons."""
    from genbo.bootstrap.market import market_now, switch_group
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    _require_why(why)
    with office() as working:
        switch_group(working, name, enabled=enabled, why=why, by=people)
        _say_view(output, market_now(working))


@commands.command("book", epilog=examples_of("market book", LINES))
def book(
    product: ProductKey,
    cause: Annotated[
        str, typer.Option(help="What for: record_date (権利確定日) or redemption (償還日).")
    ],
    why: Why,
    days: Annotated[
        tuple[int, int] | None,
        typer.Option(
            help="First and last business day, counted from the day itself: -1 0 is the day and the one before. "
            "Left out: the book is not closed."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Close the book of a product around its record dates or its redemption (名義書換停止期間)."""
    from genbo.bootstrap.market import set_book_closing
    from genbo.cli.session import actor, office
    from genbo.governance.market import BookClosingRule, ClosingCause
    from genbo.kernel import Fault, ProductId, Reason

    output = Output(as_json=as_json, language=lang)
    _require_why(why)
    if cause not in tuple(ClosingCause):
        allowed = ", ".join(ClosingCause)
        raise Fault(Reason.FIELD_INVALID, field="cause", value=cause[:32], allowed=allowed)
    with office() as working:
        rule = BookClosingRule(
            product=ProductId(product),
            cause=ClosingCause(cause),
            days=days,
            by=actor(),
            at=working.house.now(),
            why=why,
        )
        set_book_closing(working, rule)
    output.say(f"{product}: the book {'is not closed' if days is None else f'is closed {days}'}")
    output.answer({"product": product, "cause": cause, "days": days})


# Inside ----------------------------------------------------------------------------------------------


def _say_view(output: Output, view: MarketView) -> None:
    _say_market(output, view.market, view.at, status=view.status.name.lower())


def _say_market(output: Output, market: Market, at: datetime, *, status: str | None) -> None:
    from genbo.cli.session import jst
    from genbo.kernel import business_date

    next_opening, closes = market.next_opening(at), market.closing_after(at)
    windows = market.schedule.windows(business_date(at), market.calendar)
    rows: list[tuple[str, str]] = [("as of", jst(at))]
    if status is not None:
        rows.append(("on the ledger", status))
    rows += [
        ("closed by decision", "yes" if market.is_closed else "no"),
        (
            "today",
            ", ".join(f"{jst(w.opens)[11:16]}-{jst(w.closes)[11:16]}" for w in windows) or "-",
        ),
        ("open until", jst(closes) if closes else "-"),
        ("next opening", jst(next_opening) if next_opening else "-"),
        ("calendar", market.calendar.version),
    ]
    rows += [
        (
            f"group {each.group}",
            f"{'on' if each.is_enabled else 'OFF'}, by {each.by} + {each.approved_by}",
        )
        for _, each in sorted(market.groups.items())
    ]
    output.table(("", ""), rows)
    answer: dict[str, Any] = {
        "at": at,
        "status": status,
        "should_be_open": market.should_be_open(at),
        "closed_by_decision": market.is_closed,
        "stopped": market.is_stopped,
        "open_until": closes,
        "next_opening": next_opening,
        "calendar": market.calendar.version,
        "groups": {name: each.is_enabled for name, each in sorted(market.groups.items())},
    }
    output.answer(answer)


def _session(text: str) -> Any:
    from genbo.kernel import Fault, Reason
    from genbo.storage.market import session

    try:
        return session(text)
    except ValueError:
        raise Fault(
            Reason.FIELD_INVALID, field="hours", value=text[:32], allowed="HH:MM-HH:MM"
        ) from None


def _day(text: str, field: str) -> date:
    from genbo.cli.days import day_of
    from genbo.kernel import Fault, Reason

    try:
        return day_of(text)
    except ValueError:
        raise Fault(
            Reason.FIELD_INVALID, field=field, value=text[:32], allowed="YYYY-MM-DD"
        ) from None


def _require_why(why: str) -> None:
    from genbo.kernel import Fault, Reason

    if not why.strip():
        raise Fault(Reason.FIELD_MISSING, field="why")
