"""`Disbursement`: each line of an anchored payee list once, in whole yen. Outcomes: disbursement.tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from eth_utils import to_checksum_address
from tests.contracts.actors import Person
from tests.contracts.handle import Handle, error, error_of, event
from tests.contracts.stage import NONE32, PAYEE_LIST, RECORD_DAY, ROOT, Stage, ref
from tests.contracts.test_settlement import FAULTS

from genbo.chain.call import Call
from genbo.kernel import ZERO_ADDRESS, Address

RUN, OTHER_RUN = ref("RUN-1"), ref("RUN-2")
LEAVES = 601
"""600 lines, and the leaf that says what the list is of."""
FUNDS = 10**9
Lines = Sequence[tuple[int, Address, int]]


class Desk:
    """A payer, whose yen is allowed, and two anchored lists."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.contract = stage.at("Disbursement", stage.disbursement.address)
        self.payer = stage.person(40)
        self.yen = self.cash("TestYen")
        for run in (RUN, OTHER_RUN):
            stage.anchorer.does(stage.anchor("anchor", PAYEE_LIST, run, RECORD_DAY, ROOT, LEAVES))

    def cash(self, artifact: str, *arguments: Any, funds: int = FUNDS) -> Handle:
        """A yen token on the list, of which the payer has and has allowed some."""
        cash = self.stage.at(artifact, self.stage.create(artifact, *arguments))
        self.stage.issuer.does(self.stage.settlement("allowCash", cash.address, True))
        self.payer.does(cash("mint", self.payer.address, funds))
        self.payer.does(cash("approve", self.contract.address, funds))
        return cash

    def call(
        self,
        lines: Lines,
        *,
        run: bytes = RUN,
        day: int = RECORD_DAY,
        root: bytes = ROOT,
        cash: Address | None = None,
        payer: Address | None = None,
    ) -> Call:
        order = (run, day, root, cash or self.yen.address, payer or self.payer.address)
        return self.contract("pay", order, list(lines))

    def pay(self, lines: Lines, **changed: Any) -> Any:
        return self.stage.issuer.does(self.call(lines, **changed))

    def refused(self, lines: Lines, **changed: Any) -> Any:
        return self.stage.issuer.refused(self.call(lines, **changed))

    def has(self, who: Address, cash: Handle | None = None) -> int:
        return int((cash or self.yen).ask("balanceOf", who))

    def is_paid(self, line: int, run: bytes = RUN) -> bool:
        return bool(self.contract.ask("isPaid", run, line))


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def somebody(number: int) -> Address:
    return Address("0x" + f"{number:040x}")


ANN, BOB, CORP = map(somebody, (0xA11, 0xB0B, 0xC09))


def paid(line: int, payee: Address, yen: int, run: bytes = RUN) -> Any:
    return event("LinePaid", run, line, checksum(payee), yen)


def aside(line: int, payee: Address, yen: int) -> Any:
    return event("LinePutAside", RUN, line, checksum(payee), yen)


def checksum(address: Address) -> Address:
    return Address(to_checksum_address(address))


def ours(events: Sequence[Any]) -> list[Any]:
    """Without what the yen token says."""
    return [each for each in events if each.name not in ("Transfer", "Approval")]


# A batch --------------------------------------------------------------------------------------------


def test_pay__lines_of_the_list__are_paid_and_told(desk: Desk) -> None:
    told = ours(desk.pay([(1, ANN, 30), (3, BOB, 70), (600, BOB, 5)]))
    assert told == [
        paid(1, ANN, 30),
        paid(3, BOB, 70),
        paid(600, BOB, 5),
        event("BatchPaid", RUN, desk.yen.address, desk.payer.address, ROOT, 3, 105),
    ]
    assert (desk.has(ANN), desk.has(BOB)) == (30, 75)
    assert desk.has(desk.payer.address) == FUNDS - 105
    assert desk.has(desk.contract.address) == 0
    assert [desk.is_paid(line) for line in (1, 2, 3, 600)] == [True, False, True, True]


def test_pay__lines_over_several_words__are_paid_once_each(desk: Desk) -> None:
    for first in (1, 201, 401):
        desk.pay([(line, somebody(5_000 + line), line) for line in range(first, first + 200)])
    assert desk.has(desk.payer.address) == FUNDS - 600 * 601 // 2
    assert all(desk.has(somebody(5_000 + line)) == line for line in (1, 255, 256, 257, 512, 600))
    for line in (1, 255, 256, 512, 600):
        assert desk.refused([(line, ANN, 1)]) == error("DisbursementLineAlreadyPaid", RUN, line)


def test_pay__again__is_refused_and_nothing_moves(desk: Desk) -> None:
    lines = [(1, ANN, 30), (2, BOB, 70)]
    desk.pay(lines)
    before = desk.has(desk.payer.address)
    assert desk.refused(lines) == error("DisbursementLineAlreadyPaid", RUN, 1)
    assert desk.refused([(2, CORP, 1), (3, CORP, 1)]) == error(
        "DisbursementLineAlreadyPaid", RUN, 2
    )
    assert desk.has(desk.payer.address) == before
    assert desk.has(CORP) == 0
    assert ours(desk.pay([(1, ANN, 30)], run=OTHER_RUN))[0] == paid(1, ANN, 30, OTHER_RUN)


# The list -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"run": ref("RUN-9")},
        {"day": RECORD_DAY + 1},
        {"root": b"\xac" * 32},
        {"root": NONE32},
        {"run": ref("RUN-9"), "root": NONE32},
    ],
    ids=["run", "day", "root", "no root", "neither"],
)
def test_pay__list_not_anchored_so__is_refused(desk: Desk, changed: dict[str, Any]) -> None:
    given = {"run": RUN, "day": RECORD_DAY, "root": ROOT, **changed}
    assert desk.refused([(1, ANN, 1)], **changed) == error(
        "DisbursementListNotAnchored", given["run"], given["day"], given["root"]
    )


def test_pay__anchored_as_another_kind__is_refused(desk: Desk) -> None:
    desk.stage.anchorer.does(desk.stage.anchor("anchor", 0, ref("RUN-3"), RECORD_DAY, ROOT, LEAVES))
    found = desk.refused([(1, ANN, 1)], run=ref("RUN-3"))
    assert found.name == "DisbursementListNotAnchored"


def test_pay__line_not_in_order__is_refused_with_it(desk: Desk) -> None:
    payer, yen, contract = desk.payer.address, desk.yen.address, desk.contract.address
    wrong = [
        [(0, ANN, 1)],
        [(601, ANN, 1)],
        [(2, ANN, 1), (2, BOB, 1)],
        [(2, ANN, 1), (1, BOB, 1)],
        [(1, ANN, 0)],
        [(1, ZERO_ADDRESS, 1)],
        [(1, payer, 1)],
        [(1, yen, 1)],
        [(1, contract, 1)],
    ]
    for lines in wrong:
        line, payee, amount = lines[-1]
        assert desk.refused(lines) == error(
            "DisbursementLineInvalid", line, checksum(payee), amount
        )
    assert desk.refused([]) == error("DisbursementLineInvalid", 0, ZERO_ADDRESS, 0)


# The yen token --------------------------------------------------------------------------------------


def test_pay__token_not_on_the_list__is_refused(desk: Desk) -> None:
    off = desk.cash("TestYen")
    desk.stage.issuer.does(desk.stage.settlement("allowCash", off.address, False))
    nobody = checksum(somebody(0xDEAD))
    desk.stage.issuer.does(desk.stage.settlement("allowCash", nobody, True))
    for cash in (off.address, desk.stage.token.address, nobody):
        assert desk.refused([(1, ANN, 1)], cash=cash) == error("DisbursementCashNotAllowed", cash)


@pytest.mark.parametrize("decimals", [0, 6, 18])
def test_pay__token_with_decimals__whole_yen_arrive(desk: Desk, decimals: int) -> None:
    cash = desk.cash("PickyYen", decimals, funds=100 * 10**decimals)
    told = ours(desk.pay([(1, ANN, 100)], cash=cash.address))
    assert told[0] == paid(1, ANN, 100)
    assert desk.has(ANN, cash) == 100 * 10**decimals


def test_pay__token_with_too_many_decimals__is_refused(desk: Desk) -> None:
    cash = desk.cash("PickyYen", 19, funds=10**21)
    assert desk.refused([(1, ANN, 1)], cash=cash.address) == error(
        "DisbursementCashUnfit", cash.address, 19
    )


def test_pay__token_that_says_nothing__pays(desk: Desk) -> None:
    cash = hostile(desk, "AnswersNothing")
    assert ours(desk.pay([(1, ANN, 5)], cash=cash.address))[0] == paid(1, ANN, 5)


@pytest.mark.parametrize("quietly", [False, True], ids=["error", "says no"])
def test_pay__payee_the_token_refuses__is_left_aside_and_payable_later(
    desk: Desk, quietly: bool
) -> None:
    cash = desk.cash("PickyYen", 0)
    desk.payer.does(cash("bar", BOB, True, quietly))
    told = ours(desk.pay([(1, ANN, 1), (2, BOB, 2), (3, CORP, 3)], cash=cash.address))
    assert told == [
        paid(1, ANN, 1),
        aside(2, BOB, 2),
        paid(3, CORP, 3),
        event("BatchPaid", RUN, cash.address, desk.payer.address, ROOT, 2, 4),
    ]
    assert [desk.is_paid(line) for line in (1, 2, 3)] == [True, False, True]
    assert desk.has(desk.payer.address, cash) == FUNDS - 4
    desk.payer.does(cash("bar", BOB, False, quietly))
    assert ours(desk.pay([(2, BOB, 2)], cash=cash.address))[0] == paid(2, BOB, 2)


@pytest.mark.parametrize(
    ("fault", "expected", "received"),
    [("TakesAFee", 5, 4), ("PaysTooMuch", 5, 6), ("PaysNothing", 5, 0), ("PaysAndAnswersFalse", 0, 5),
     ("AnswersTwo", 0, 5)],
)  # fmt: skip
def test_pay__another_amount_arrives__nothing_is_paid(
    desk: Desk, fault: str, expected: int, received: int
) -> None:
    cash = hostile(desk, fault)
    assert desk.refused([(1, ANN, 5), (2, BOB, 7)], cash=cash.address) == error(
        "DisbursementPaymentIncomplete", checksum(ANN), expected, received
    )
    assert not desk.is_paid(1)


def test_pay__token_takes_more_from_the_payer__nothing_is_paid(desk: Desk) -> None:
    cash = desk.cash("PickyYen", 0)
    desk.payer.does(cash("charge", 1))
    found = desk.refused([(1, ANN, 5)], cash=cash.address)
    assert found == error("DisbursementPaymentIncomplete", desk.payer.address, FUNDS - 5, FUNDS - 6)


@pytest.mark.parametrize("fault", ["Reverts", "AnswersFalse"])
def test_pay__token_refuses_everybody__nobody_is_paid(desk: Desk, fault: str) -> None:
    cash = hostile(desk, fault)
    told = ours(desk.pay([(1, ANN, 5), (2, BOB, 7)], cash=cash.address))
    assert told == [
        aside(1, ANN, 5),
        aside(2, BOB, 7),
        event("BatchPaid", RUN, cash.address, desk.payer.address, ROOT, 0, 0),
    ]


def test_pay__token_uses_up_all_gas__leaves_nobody_aside(desk: Desk) -> None:
    cash = hostile(desk, "BurnsAllGas")
    assert desk.refused([(1, ANN, 5)], cash=cash.address) == error("DisbursementGasTooLow", 1)


def test_pay__token_calls_back__finds_the_line_paid(desk: Desk) -> None:
    """Even one that was given the duty itself."""
    cash = hostile(desk, "ReEnters")
    desk.stage.admin.does(desk.stage.manager("grantRole", 1, cash.address, 0))
    again = desk.call([(1, BOB, 5)], cash=cash.address)
    desk.payer.does(cash("aim", desk.contract.address, again.data))
    assert ours(desk.pay([(1, ANN, 5)], cash=cash.address))[0] == paid(1, ANN, 5)
    assert (cash.ask("reEntries"), cash.ask("succeeded")) == (1, False)
    assert error_of(cash.ask("answer")) == error("DisbursementLineAlreadyPaid", RUN, 1)
    assert desk.has(BOB, cash) == 0


def hostile(desk: Desk, fault: str) -> Handle:
    return desk.cash("HostileCash", int(FAULTS[fault]))


# The payer and the duty -----------------------------------------------------------------------------


def test_pay__payer_without_funds__is_refused_with_what_is_needed(desk: Desk) -> None:
    payer = desk.payer.address
    assert desk.refused([(1, ANN, FUNDS), (2, BOB, 1)]) == error(
        "DisbursementFundsTooLow", payer, FUNDS + 1, FUNDS, FUNDS
    )
    desk.payer.does(desk.yen("approve", desk.contract.address, 9))
    assert desk.refused([(1, ANN, 10)]) == error("DisbursementFundsTooLow", payer, 10, 9, FUNDS)
    assert desk.refused([(1, ANN, 10)], payer=CORP) == error(
        "DisbursementFundsTooLow", checksum(CORP), 10, 0, 0
    )


def test_pay__without_the_duty__is_refused(desk: Desk) -> None:
    call = desk.call([(1, ANN, 1)])
    people: list[Person] = [desk.payer, desk.stage.distributor, desk.stage.operator("issue-1")]
    for who in people:
        assert who.refused(call) == error(
            "DisbursementDutyMissing", who.address, desk.contract.selector("pay")
        )
