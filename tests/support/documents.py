"""Registers for the tests of documents: invented holders, one of whom has a very long name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from tests.storage.builders import TERMS, account, word

from genbo.governance.institutions import InstitutionId
from genbo.kernel import BlockStamp, InvestorId, ProductId, Reference, Units, end_of_day
from genbo.register import LotId
from genbo.reporting import Extent, LotLine, Note, StatutoryRegister
from genbo.reporting.register_kind import PrintedContract, PrintedFirm, StatutoryFacts
from genbo.reporting.restriction import Restriction, RestrictionKind
from genbo.token import parse_terms

LONG_NAME = "架空不動産信託受益権準備組合" * 4 + "代表理事架空"
LONG_ADDRESS = "東京都架空区架空町一丁目二番三号架空ビルディング四十五階" * 3
STAMP = BlockStamp(1337, 38, word(38), datetime(2022, 1, 31, 14, 59, 58, tzinfo=UTC))
AS_OF = end_of_day(date(2022, 1, 31))


def a_line(number: int, *, units: int = 2, **more: object) -> LotLine:
    """The lot of holder so and so."""
    values: dict[str, object] = {
        "lot": LotId(37, number // 200, number % 200),
        "holder": InvestorId(f"IV-{number:04}"),
        "name": f"架空　花子{number}",
        "registered_address": f"東京都架空区架空町{number}番地",
        "account": account(1_000 + number),
        "units": Units(units),
        "acquired": date(2021, 8, 11),
        "ref": Reference("D-1"),
        "agent": "架空B1株式会社",
    }
    return LotLine(**(values | more))  # type: ignore[arg-type]


def odd_lines() -> list[LotLine]:
    """Lines with everything that a line may have."""
    return [
        a_line(0, units=51, notes=(Note.INITIAL_BENEFICIARY,)),
        a_line(1, name=LONG_NAME, registered_address=LONG_ADDRESS, account_keeper="架空C1信託"),
        a_line(
            2,
            name="(消去済 erased 2060-04-02)",
            registered_address="(消去済 erased 2060-04-02)",
            notes=(Note.ERASED,),
        ),
        a_line(
            3,
            restrictions=(
                Restriction(kind=RestrictionKind.ADDRESS_FROZEN),
                Restriction(kind=RestrictionKind.UNITS_FROZEN, units=1),
                Restriction(kind=RestrictionKind.LOCKED_UNTIL, until=AS_OF + timedelta(days=30)),
                Restriction(kind=RestrictionKind.BLOCKED),
            ),
        ),
        a_line(4, holder=None, name=None, registered_address=None, notes=(Note.HOLDER_UNKNOWN,)),
        a_line(5, name='=HYPERLINK("x")', acquired=date(2021, 12, 1)),
        a_line(6, name="한글 \U0001f600"),  # no Japanese font has these
    ]


def a_register(
    lines: Sequence[LotLine] | None = None,
    *,
    extent: Extent = Extent.FULL,
    holder: InvestorId | None = None,
    institution: InstitutionId | None = None,
    **terms: object,
) -> StatutoryRegister:
    """The register of 2022-01-31, of a product with those terms."""
    lines = odd_lines() if lines is None else lines
    firm = PrintedFirm(id="R1", name="架空信託銀行株式会社", registered_address="東京都架空区1")
    return StatutoryRegister(
        product=ProductId("P1"),
        facts=StatutoryFacts(
            name="試験信託受益権",
            terms=parse_terms({**TERMS, "register_note": "譲渡制限付\n注記の二行目", **terms}),
            contract=PrintedContract(id="TC-1", number="2021-0001", name="架空信託契約"),
            trustee=firm,
            settlor=firm,
            asset_manager=None,
            beneficiary_agent=None,
        ),
        extent=extent,
        institution=institution,
        holder=holder,
        as_of=AS_OF,
        stamp=STAMP,
        total_issued=Units(sum(int(line.units) for line in lines)),
        lines=lines,
    )
