"""Verdicts and screening act on the chain, and nobody has to remember (a real office on an embedded chain).

given an investor who is verified and holds
├── when the verdict is revoked
│   ├── it should order every address closed in the transaction that stores it, once
│   ├── while that order is on its way, nothing should be sent that gives or receives for the investor
│   └── when the routine has run, a transfer from or to the investor should be refused, and closed on the chain
├── when the verdict runs out between the allotment file and its execution: distribution should be refused (D.1.3)
├── when the registry's word gets worse by any path: the routine should order the correction, the same one once
├── when it gets better: the routine should open, but never take back "blocked"
└── when another opening is still on its way: it should be stopped before it is sent
given lists in force
├── when somebody is admitted: nothing should open before the screening, and then whoever is clear
├── when a list names a holder
│   ├── it should block all the holder's addresses at once, and refuse what was ordered before it executes
│   └── when two others release it, it should be restored by an act that both sign, and not by one, nor by who screened
├── when somebody makes the thresholds looser: it should take two who may release
├── when the name changes: the old screening should not hold
├── when a new version comes: a delta should come to what the whole list comes to, touching no name for nothing
└── when a name cannot be compared: review, and nothing opens
given a trade paid in coins
└── it should give the Travel-Rule payload from the vault, leave a reading, and name no value in a refusal
given a chain that is not for development
└── screening should not be switched off
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from tests.support.chain import GENESIS
from tests.support.compliance import (
    EVIL,
    OTHER,
    YEAR,
    a_verdict,
    admit,
    finish_jobs,
    investor,
    load,
    now,
    opened,
    person,
)
from tests.support.kept import Kept, kept_firm
from tests.support.office import PRODUCT, Firm
from tests.support.screening import EVIDENCE, listed

from genbo.bootstrap.gate import required_on
from genbo.bootstrap.people import revoke_verdict
from genbo.bootstrap.routine import RunningJobs
from genbo.bootstrap.screening import Screeners, approve, propose
from genbo.bootstrap.thresholds import set_thresholds
from genbo.bootstrap.travel_rule import travel_rule_notice
from genbo.bootstrap.words import Keeping
from genbo.chain.contracts.settlement import Trade
from genbo.chain.embedded import EmbeddedNode
from genbo.compliance.allotment import Application, OfferingLimits, Standing, judge_allotment
from genbo.compliance.screening import Ground, Outcome, Thresholds
from genbo.compliance.travel_rule import FullName, IdentifierType, LegalPerson, NationalId
from genbo.compliance.word import Known
from genbo.governance import Duty
from genbo.kernel import Fault, InvestorId, Reason, Reference, Refusal, Units
from genbo.storage.investors import Investors
from genbo.storage.sanctions import SanctionsLists
from genbo.storage.screenings import Screenings
from genbo.storage.server import EmbeddedServer
from genbo.storage.verdicts import Verdicts
from genbo.storage.words import Words
from genbo.token import Act


class Clock:
    """The chain's time, in the test's hand."""

    def __init__(self) -> None:
        self.at = GENESIS

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


CLOCK = Clock()


@pytest.fixture(scope="module")
def founded(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    node = EmbeddedNode(genesis_at=GENESIS, clock=CLOCK)
    with kept_firm(server, tmp_path_factory.mktemp("firm"), node) as kept:
        yield kept


def prepared(firm: Firm) -> None:
    """The beneficiary (0) and two investors with ten units each; three more have none."""
    admit(firm, range(6))
    firm.issue(100)
    distribute(firm, {1: 10, 2: 10}, ref="D-1")


@pytest.fixture(scope="module")
def with_holders(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    node = EmbeddedNode(genesis_at=GENESIS, clock=CLOCK)
    with kept_firm(server, tmp_path_factory.mktemp("holders"), node, prepared) as kept:
        yield kept


@pytest.fixture
def clock() -> Clock:
    return CLOCK


@pytest.fixture
def firm(founded: Kept) -> Iterator[Firm]:
    with founded.copy() as copied:
        yield copied


@pytest.fixture
def holders(with_holders: Kept) -> Iterator[Firm]:
    with with_holders.copy() as copied:
        yield copied


def distribute(firm: Firm, units: dict[int, int], *, ref: str) -> None:
    allotment = [(firm.address(number), Units(count)) for number, count in units.items()]
    for _ in firm.office.distribute(PRODUCT, allotment, ref=Reference(ref)):
        pass


def transfer(firm: Firm, source: int, target: int, units: int = 1) -> None:
    firm.office.act_as_holder(
        firm.office.token(PRODUCT).transfer(firm.address(target), units),
        investor=person(source),
        signer=firm.key(source),
        product=PRODUCT,
    )


def reason_of(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.reason


def keep(firm: Firm) -> int:
    """One pass of the routine; how many bulk acts it ordered. Then the service carries them out."""
    firm.office.read()
    before = count(firm, "job")
    routine = Keeping(firm.office, every=timedelta(0), page=2)
    while routine.step():
        pass
    ordered = count(firm, "job") - before
    finish_jobs(firm)
    return ordered


def count(firm: Firm, table: str) -> int:
    with firm.office.house.database.read() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def judge(firm: Firm, number: int, *, released: bool = False, **more: str) -> None:
    with firm.office.house.database.begin() as connection:
        Investors(connection, firm.office.house.vault).judge(
            person(number), at=now(firm), by="compliance-1", released=released, **more
        )


# Verdicts --------------------------------------------------------------------------------------------


def test_revoke__then_the_routine__a_transfer_is_refused_on_the_chain(holders: Firm) -> None:
    transfer(holders, 1, 2)
    (job,) = revoke_verdict(holders.office, person(1), ground="KYC-REVOKED-1", by="compliance-1")
    assert holders.office.bulk.progress(job).of == 1
    assert revoke_verdict(holders.office, person(1), ground="again", by="compliance-1") == []
    finish_jobs(holders)
    assert opened(holders, [1]) == [False]
    assert reason_of(lambda: transfer(holders, 1, 2)) is Reason.VERDICT_OVERTAKEN
    assert reason_of(lambda: transfer(holders, 2, 1)) is Reason.VERDICT_OVERTAKEN
    assert keep(holders) == 0


def test_revoke__order_is_still_on_its_way__neither_gives_nor_receives(holders: Firm) -> None:
    revoke_verdict(holders.office, person(1), ground="KYC-REVOKED-1", by="compliance-1")
    judge(holders, 2, aml_class="blocked")
    assert opened(holders, [1, 2, 3]) == [True, True, True]  # the ledger has not heard of it
    for source, target in ((1, 3), (3, 1), (2, 3), (3, 2)):
        refused = reason_of(lambda: transfer(holders, source, target))  # noqa: B023
        assert refused is Reason.VERDICT_OVERTAKEN
    assert holders.balances([1, 2, 3]) == [10, 10, 0]
    refused = reason_of(lambda: distribute(holders, {1: 1, 3: 1}, ref="D-2"))
    assert refused is Reason.VERDICT_OVERTAKEN
    assert holders.balances([1, 2, 3]) == [10, 10, 1]


def test_revoke__order_was_lost__the_routine_finds_it_and_orders_it_once(holders: Firm) -> None:
    with holders.office.house.database.begin() as connection:
        Verdicts(connection).revoke(
            person(1), evidence_ref="KYC-REVOKED-1", at=now(holders), by="compliance-1"
        )
    assert keep(holders) == 1
    assert opened(holders, range(4)) == [True, False, True, True]
    assert keep(holders) == 0


def test_revoke__nobody_was_verified__is_refused(holders: Firm) -> None:
    admit(holders, [9], verified=False)
    revoke = lambda: revoke_verdict(holders.office, person(9), ground="x", by="compliance-1")  # noqa: E731
    assert reason_of(revoke) is Reason.VERDICT_MISSING


def test_d_1_3__verdict_expired_between_file_and_execution(firm: Firm, clock: Clock) -> None:
    admit(firm, [0, 1])
    admit(firm, [2], valid=timedelta(days=1))
    firm.issue(100)
    applications = [
        Application(line=line, investor=person(line), units=Units(2)) for line in (1, 2)
    ]
    limits = OfferingLimits(offering=Units(100), minimum=Units(2), step=Units(1))

    def judged() -> list[Reason]:
        with firm.office.house.database.read() as connection:
            verdicts = Verdicts(connection).latest([person(1), person(2)], at=now(firm))
        standings = {
            investor: Standing(verified_until=each.until, blocked=each.blocked)
            for investor, each in verdicts.items()
        }
        found = judge_allotment(applications, limits=limits, standings=standings, at=now(firm))
        return [each.refusal.reason for each in found]

    assert judged() == []  # the file is made while everybody is verified
    clock.at += timedelta(days=2)
    refused = reason_of(lambda: distribute(firm, {1: 2, 2: 2}, ref="ALLOT-1"))
    assert refused is Reason.RECIPIENT_VERDICT_EXPIRED
    assert firm.balances([1, 2]) == [2, 0]
    assert keep(firm) == 0  # it closed by itself: nothing to correct


@pytest.mark.parametrize("worse", [{"status": "suspended"}, {"aml_class": "review"}])
def test_routine__registry_got_worse_and_better__closes_and_opens(
    holders: Firm, worse: dict[str, str]
) -> None:
    judge(holders, 1, **worse)
    assert keep(holders) == 1
    assert opened(holders, [1, 2]) == [False, True]
    judge(holders, 1, status="active", aml_class="clear")
    assert keep(holders) == 1
    assert opened(holders, [1, 2]) == [True, True]


def test_routine__blocked__is_never_taken_back_by_it(holders: Firm) -> None:
    judge(holders, 1, aml_class="blocked")
    assert keep(holders) == 1
    assert reason_of(lambda: transfer(holders, 1, 2)) is Reason.VERDICT_OVERTAKEN
    with pytest.raises(Refusal) as alone:
        judge(holders, 1, aml_class="clear")
    assert alone.value.reason is Reason.RELEASE_NEEDS_TWO_PERSONS
    judge(holders, 1, aml_class="clear", released=True)
    assert keep(holders) == 0
    assert opened(holders, [1]) == [False]


def test_verdict__another_is_under_way_when_it_is_revoked__is_stopped(holders: Firm) -> None:
    later = a_verdict(holders, 1, valid=2 * YEAR, ago=0)
    with holders.office.house.database.begin() as connection:
        Verdicts(connection).record([later], at=now(holders), by="compliance-1")
    firm = holders
    routine = Keeping(firm.office, every=timedelta(0))
    routine.step()
    (opening,) = firm.office.bulk.running()
    revoke_verdict(firm.office, person(1), ground="KYC-REVOKED", by="compliance-1")
    closing = next(each for each in firm.office.bulk.running() if each != opening)
    firm.office.bulk.run(closing)
    firm.office.bulk.run(opening)  # the slower one comes last, and must not win
    firm.office.read()
    (row,) = firm.office.bulk.refused(opening)
    assert row.reason is Reason.VERDICT_OVERTAKEN
    assert opened(firm, [1]) == [False]


# Screening -------------------------------------------------------------------------------------------


def test_admission__lists_in_force__opens_after_the_screening_only(firm: Firm) -> None:
    load(firm, [EVIL])
    admit(firm, [1, 2], romaji={1: "Akuma Warui", 2: "Sora Midori"})
    assert opened(firm, [1, 2]) == [False, True]
    assert [investor(firm, n).aml_class for n in (1, 2)] == ["blocked", "clear"]


def test_admission__name_without_a_reading__waits_in_review(firm: Firm) -> None:
    load(firm, [EVIL])
    admit(firm, [1], romaji={1: ""})
    assert opened(firm, [1]) == [False]
    assert investor(firm, 1).aml_class == "review"
    rename(firm, 1, "Sora Midori")  # the same name, now with its reading
    Screeners(firm.office).run(by="genbo")
    finish_jobs(firm)
    assert opened(firm, [1]) == [True]


def rename(firm: Firm, number: int, romaji: str, *, name: str | None = None) -> None:
    with firm.office.house.database.begin() as connection:
        Investors(connection, firm.office.house.vault).rename(
            person(number),
            name=name or f"氏名 {person(number)}",
            registered_address="東京都架空区 1",
            effective=now(firm).date(),
            at=now(firm),
            by="registration-1",
            name_romaji=romaji,
        )


def test_hit__blocks_before_execution_and_on_the_chain(holders: Firm) -> None:
    rename(holders, 1, "Akuma Warui")
    load(holders, [EVIL])
    # The list is in force and nobody was compared with it yet: nobody gives or receives.
    assert reason_of(lambda: transfer(holders, 2, 3)) is Reason.SCREENING_MISSING
    outcomes = Screeners(holders.office).run(by="genbo")
    assert outcomes == {
        Outcome.HIT: 1,
        Outcome.CLEAR: 5,
        Outcome.POSSIBLE: 0,
        Outcome.UNMATCHABLE: 0,
    }
    # Before the chain heard of it, the act is refused here; forced to the blocked one too.
    assert reason_of(lambda: transfer(holders, 1, 3)) is Reason.SCREENING_HIT
    token = holders.office.token(PRODUCT)
    act = Act(ref=Reference("COURT-1"), evidence=EVIDENCE)
    forced = token.forced_transfer(holders.address(2), holders.address(1), 1, act)
    assert (
        reason_of(lambda: holders.office.act(forced, Duty.REPAIRER, product=PRODUCT))
        is Reason.SCREENING_HIT
    )
    finish_jobs(holders)
    word = token.account(holders.address(1)).value
    assert word.blocked_to_send
    assert word.blocked_to_receive
    transfer(holders, 2, 3)  # the others go on
    assert keep(holders) == 0


def test_hit__process_began_before_the_product__is_refused_and_blocked_by_it_too(
    holders: Firm,
) -> None:
    """A sender or a worker on its own knows the products of when it began; another process created this one since."""
    rename(holders, 1, "Akuma Warui")
    load(holders, [EVIL])
    Screeners(holders.office).run(by="genbo")
    call = holders.office.token(PRODUCT).transfer(holders.address(3), 1)
    holders.office.take_over(replace(holders.office.deployment, tokens={}))
    refused = reason_of(
        lambda: holders.office.act_as_holder(
            call, investor=person(1), signer=holders.key(1), product=PRODUCT
        )
    )
    assert refused is Reason.SCREENING_HIT
    routine = RunningJobs(holders.office)
    while routine.step():
        pass
    assert holders.office.token(PRODUCT).account(holders.address(1)).value.blocked_to_send


def test_hit__in_a_batch__stops_its_row_alone(holders: Firm) -> None:
    rename(holders, 4, "Akuma Warui")
    load(holders, [EVIL])
    Screeners(holders.office).run(by="genbo")
    refused = reason_of(lambda: distribute(holders, {3: 1, 4: 1, 5: 1}, ref="D-2"))
    assert refused is Reason.SCREENING_HIT
    assert holders.balances([3, 4, 5]) == [1, 0, 1]


def test_release__by_two_others__restores_on_the_chain_by_both(holders: Firm) -> None:
    rename(holders, 1, "Akuma Warui")
    load(holders, [EVIL])
    Screeners(holders.office).run(by="compliance-1")
    finish_jobs(holders)
    office = holders.office

    def proposed(by: str) -> str:
        return propose(
            office,
            person(1),
            "test-list",
            ground=Ground.OTHER_PERSON,
            evidence=EVIDENCE,
            by=by,
        ).id

    assert reason_of(lambda: proposed("compliance-1")) is Reason.SCREENING_SAME_PERSON
    assert reason_of(lambda: proposed("market-1")) is Reason.DUTY_MISSING
    waiting = proposed("compliance-2")
    same = reason_of(lambda: approve(office, waiting, by="compliance-2"))
    assert same is Reason.SCREENING_SAME_PERSON
    assert opened(holders, [1]) == [False]
    approve(office, waiting, by="compliance-3")
    assert reason_of(lambda: approve(office, waiting, by="compliance-3")) is Reason.RELEASE_UNKNOWN
    finish_jobs(holders)
    assert opened(holders, [1]) == [True]
    assert investor(holders, 1).aml_class == "clear"
    transfer(holders, 1, 3)
    with office.house.database.read() as connection:
        what = connection.execute(
            text(
                "SELECT name FROM approval JOIN command USING (command_id) WHERE duty = 'RELEASER'"
            )
        )
        assert {row.name for row in what} == {"compliance-2", "compliance-3"}
    assert keep(holders) == 0


def test_release__entry_changes_afterwards__blocks_again(holders: Firm) -> None:
    rename(holders, 1, "Akuma Warui")
    load(holders, [EVIL])
    Screeners(holders.office).run(by="genbo")
    one = propose(
        holders.office,
        person(1),
        "test-list",
        ground=Ground.OTHER_PERSON,
        evidence=EVIDENCE,
        by="compliance-2",
    )
    approve(holders.office, one.id, by="compliance-3")
    finish_jobs(holders)
    load(holders, [listed("E-1", "Akuma Warui", births=("1970",))], day=2)
    Screeners(holders.office).run(by="genbo")
    finish_jobs(holders)
    assert investor(holders, 1).aml_class == "blocked"
    assert opened(holders, [1]) == [False]


def test_thresholds__looser__take_two_who_may_release(holders: Firm) -> None:
    def put(version: str, possible: int, *by: str) -> None:
        new = Thresholds(version=version, possible=possible, hit=95)
        set_thresholds(holders.office, new, by=by)

    put("strict", 80, "cli:somebody")
    for by, reason in {
        ("cli:somebody",): Reason.APPROVALS_TOO_FEW,
        ("compliance-2",): Reason.APPROVALS_TOO_FEW,
        ("compliance-2", "compliance-2"): Reason.SAME_PERSON,
        ("compliance-2", "market-1"): Reason.DUTY_MISSING,
    }.items():
        assert reason_of(lambda: put("lax", 90, *by)) is reason  # noqa: B023
    put("lax", 90, "compliance-2", "compliance-3")
    with holders.office.house.database.read() as connection:
        assert SanctionsLists(connection).thresholds().version == "lax"


def test_name_change__old_screening__does_not_hold(holders: Firm) -> None:
    load(holders, [EVIL])
    Screeners(holders.office).run(by="genbo")
    transfer(holders, 1, 2)
    rename(holders, 1, "Akuma Warui", name="悪魔 わるい")
    assert reason_of(lambda: transfer(holders, 1, 2)) is Reason.SCREENING_STALE
    Screeners(holders.office).run(by="genbo")
    assert reason_of(lambda: transfer(holders, 1, 2)) is Reason.SCREENING_HIT


def test_screening__somebody_blocks_at_the_same_moment__stays_blocked(
    holders: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(holders, 1, "Ivan Drugi")
    load(holders, [OTHER])
    Screeners(holders.office).run(by="genbo")
    assert investor(holders, 1).aml_class == "review"
    rename(holders, 1, "Sora Midori")  # now clear
    known = Words.known

    def known_and_then_blocked(
        words: Words, investors: list[InvestorId]
    ) -> dict[InvestorId, Known]:
        found = known(words, investors)
        monkeypatch.undo()
        judge(holders, 1, aml_class="blocked")  # in a transaction of its own
        return found

    monkeypatch.setattr(Words, "known", known_and_then_blocked)
    Screeners(holders.office).run(by="genbo")
    assert investor(holders, 1).aml_class == "blocked"


def test_list_change__delta__comes_to_what_the_whole_list_comes_to(firm: Firm) -> None:
    names = {
        n: ("Akuma Warui", "Ivan Drugoy", "Sora Midori", "Petr Tretij")[n % 4] for n in range(8)
    }
    admit(firm, range(8), romaji=names, verified=False)
    versions = (
        [EVIL, listed("E-3", "Petr Tretij")],
        [OTHER, listed("E-1", "Akuma Warui", births=("1950",)), listed("E-4", "Nobody Else")],
        [OTHER, listed("E-3", "Petr Tretij")],
    )
    for day, entries in enumerate(versions, start=1):
        load(firm, entries, day=day)
        Screeners(firm.office, page=3).run(by="genbo")
    by_delta = found(firm)
    assert {each[1] for each in by_delta.values()} == {"list_change"}
    with firm.office.house.database.begin() as connection:
        connection.execute(text("DELETE FROM screening"))  # as if nobody was ever compared
    Screeners(firm.office).run(by="genbo")
    whole = found(firm)
    assert {each[1] for each in whole.values()} == {"onboarding"}
    assert {key: (each[0], each[2]) for key, each in by_delta.items()} == {
        key: (each[0], each[2]) for key, each in whole.items()
    }
    assert {each[0] for each in whole.values()} == {Outcome.HIT, Outcome.CLEAR}


def found(firm: Firm) -> dict[str, tuple[Outcome, str, tuple[object, ...]]]:
    with firm.office.house.database.read() as connection:
        last = Screenings(connection).last([person(n) for n in range(8)])
    return {
        each.screening.investor: (
            each.screening.outcome,
            each.screening.trigger.value,
            each.screening.matches,
        )
        for each in last
    }


def test_run__twice__opens_no_name_for_nothing(holders: Firm) -> None:
    load(holders, [EVIL])
    Screeners(holders.office).run(by="genbo")
    readings = count(holders, "reading")
    assert readings > 0
    assert sum(Screeners(holders.office).run(by="genbo").values()) == 0
    assert count(holders, "reading") == readings


def test_travel_rule__trade_paid_in_coins__is_assembled_from_the_vault(firm: Firm) -> None:
    admit(firm, [1, 2], romaji={1: "Midori Sakura", 2: ""}, verified=False)
    address = firm.address
    trade = Trade(
        trade_id=Reference("T-1"),
        token=firm.office.token(PRODUCT).address,
        seller=address(1),
        buyer=address(1),
        units=1,
        cash=address(5),
        amount=100,
        agent=None,
        nonce=1,
        deadline=now(firm) + YEAR,
    )

    def notice(**changed: object) -> str:
        return travel_rule_notice(
            firm.office,
            replace(trade, **changed),  # type: ignore[arg-type]
            originating_operator=OPERATOR,
            beneficiary_operator=OPERATOR,
            by="compliance-1",
        )

    before = count(firm, "reading")
    [person_] = json.loads(notice())["originator"]["originatorPersons"]
    told = person_["naturalPerson"]
    assert told["name"]["nameIdentifier"][0]["secondaryIdentifier"] == "Sakura"
    assert told["name"]["localNameIdentifier"][0]["primaryIdentifier"] == "氏名"
    assert told["geographicAddress"][0]["countrySubDivision"] == "東京都"
    assert told["geographicAddress"][0]["townName"] == "架空区"
    assert count(firm, "reading") == before + 2
    for changed in ({"seller": address(2)}, {"cash": None}):
        with pytest.raises(Refusal) as refused:
            notice(**changed)
        assert refused.value.reason is Reason.TRAVEL_RULE_INVALID
        assert "氏名" not in str(refused.value)
    assert reason_of(lambda: notice(buyer=address(9))) is Reason.HOLDING_UNKNOWN


OPERATOR = LegalPerson(
    name=FullName(primary="Example Custody K.K."),
    national_id=NationalId(number="529900EXAMPLE0000012", type=IdentifierType.LEI),
)


def test_setting__off__is_refused_where_it_matters() -> None:
    assert required_on(31337, "off") is False
    assert required_on(31337, None) is None
    assert required_on(2018, None) is True
    with pytest.raises(Fault) as refused:
        required_on(2018, "off")
    assert refused.value.reason is Reason.SETTING_INVALID
